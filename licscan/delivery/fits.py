"""Whether the documents of a delivery say the same: SBOMs, notices, duties and offers of source, each against all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from licscan.base.messages import LANGUAGES, speaking
from licscan.delivery.documents import (
    ABOUT,
    DUTIES,
    NOTICES,
    NOTICES_TEXT,
    OFFERS,
    POINTS,
    SOURCE_DUTIES,
    Documents,
    license_in,
    name_in,
)
from licscan.delivery.expressions import meaning
from licscan.delivery.records import Check, said
from licscan.sbom.model import Bom
from licscan.verify.words import Needles, needle


def fits(told: Documents) -> list[Check]:
    """What does not fit; one word where all does."""
    found = [*_products(told), *_sboms(told), *_notices(told), *_notices_text(told), *_offers(told)]
    if not found and told.sboms:
        found.append(said("fit-ok", count=len(_components(next(iter(told.sboms.values()))))))
    return found


def points(told: Documents, known: Iterable[Check]) -> list[Check]:
    """The open points that the supplier states, without what this check itself has found."""
    rows = list(told.rows(POINTS, "points"))
    own: set[str] = set()
    known = tuple(known)
    for language in LANGUAGES if rows else ():
        with speaking(language):
            own.update(one.sentence for one in known)
    found = [
        said("open-point-violation" if one.get("verdict") == "violation" else "open-point", what=_sentence(one))
        for one in rows
        if one.get("sentence") not in own
    ]
    return found if rows else [said("open-points-none")]


def _sentence(point: Mapping[str, Any]) -> str:
    parts = [point.get("component"), point.get("sentence")]
    return ": ".join(str(part) for part in parts if isinstance(part, str) and part)


def own_of(told: Documents) -> frozenset[str]:
    """The components that are the supplier's own, as the delivery says: nothing is owed for them."""
    own = set(told.texts(ABOUT, "own"))
    for bom in told.sboms.values():
        subject = bom.by_ref.get(bom.subject)
        own.update({name_in(subject)} if subject else ())
    return frozenset(own)


def silent_of(told: Documents) -> frozenset[str]:
    """The components of which the delivery says that nothing is owed for them, or that they are not there at all."""
    return frozenset((*told.texts(ABOUT, "silent"), *told.texts(ABOUT, "not_seen")))


def _products(told: Documents) -> Iterator[Check]:
    """Every document is of one product and version."""
    name, version = told.text(ABOUT, "product", "name"), told.text(ABOUT, "product", "version")
    expected = f"{name} {version}".strip()
    for path, bom in told.sboms.items():
        subject = bom.by_ref.get(bom.subject)
        found = f"{subject.name} {subject.version}".strip() if subject else bom.name
        if ABOUT in told.tables and found != expected:
            yield said("product-differs", path=path, found=found or "-", expected=expected or "-")
    project = told.text(NOTICES, "project")
    if NOTICES in told.tables and ABOUT in told.tables and project != told.text(ABOUT, "project"):
        yield said("product-differs", path=NOTICES, found=project or "-", expected=told.text(ABOUT, "project") or "-")


def _components(bom: Bom) -> dict[str, str]:
    """Every component but the subject, with its license."""
    return {name_in(one): license_in(one) for one in bom.others()}


def _sboms(told: Documents) -> Iterator[Check]:
    """Every SBOM says what the first one says."""
    if not told.sboms:
        return
    (_first, bom), *others = told.sboms.items()
    ours = _components(bom)
    for path, other in others:
        theirs = _components(other)
        for name in sorted(ours.keys() | theirs.keys()):
            mine, yours = ours.get(name), theirs.get(name)
            if mine is None or yours is None or meaning(mine) != meaning(yours):
                yield said("sboms-differ", path=path, name=name, found=_shown(yours), expected=_shown(mine))


def _shown(license_: str | None) -> str:
    return {None: "-", "": "NOASSERTION"}.get(license_, license_ or "")


def _notices(told: Documents) -> Iterator[Check]:
    """Every component of the SBOM is in the notices, or is told to ask for nothing; and the other way round."""
    if not told.sboms or NOTICES not in told.tables:
        return
    ours = _components(next(iter(told.sboms.values())))
    own = own_of(told)
    named = {str(one.get("purl", "")).partition("?")[0]: one for one in told.rows(NOTICES, "components")}
    silent = silent_of(told)
    for name in sorted(named.keys() - ours.keys()):
        yield said("notices-beyond-sbom", name=name)
    for name in sorted(ours.keys() - named.keys() - own - silent):
        yield said("sbom-beyond-notices", name=name, license=_shown(ours[name]))
    for name in sorted(ours.keys() & named.keys()):
        licenses = {meaning(str(named[name].get(key) or "")) for key in ("license", "offered")}
        if ours[name] and meaning(ours[name]) not in licenses:
            found = str(named[name].get("license") or "-")
            yield said("license-differs", name=name, found=found, expected=ours[name])


def _notices_text(told: Documents) -> Iterator[Check]:
    """What the notices for programs have is in the notices for people, word for word."""
    if NOTICES not in told.tables or not told.notices_text:
        return
    texts = {str(one.get("id")): needle(str(one.get("text") or "")) for one in told.rows(NOTICES, "texts")}
    wanted: list[tuple[str, str, str]] = []
    for one in told.rows(NOTICES, "components"):
        name = f"{one.get('name') or ''} {one.get('version') or ''}".strip()
        wanted.append((name, name, needle(name)))
        holders = one.get("holders")
        wanted += [(name, line, needle(line)) for line in holders or () if isinstance(line, str)]
        given = one.get("texts")
        for text in given if isinstance(given, list) else ():
            if isinstance(text, dict):
                what = " ".join(map(str, text.get("licenses") or ())) or str(text.get("path") or "-")
                wanted.append((name, what, texts.get(str(text.get("text")), "")))
    there = Needles(words for _name, _what, words in wanted).found_in(told.notices_text)
    for name, what, words in wanted:
        if words and words not in there:
            yield said("notices-lack", path=NOTICES_TEXT, name=name, what=what)


def _offers(told: Documents) -> Iterator[Check]:
    """Every source code that is owed is offered."""
    if DUTIES not in told.tables or OFFERS not in told.tables:
        return
    offered = {(str(one.get("purl")), str(one.get("duty"))) for one in told.rows(OFFERS, "offers")}
    own = own_of(told)
    for duty in told.rows(DUTIES, "duties"):
        name = str(duty.get("name"))
        purls = duty.get("components")
        for purl in purls if isinstance(purls, list) and name in SOURCE_DUTIES else ():
            if str(purl).partition("?")[0] not in own and (str(purl), name) not in offered:
                yield said("offers-lack", name=purl, duty=name)
