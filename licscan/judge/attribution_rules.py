"""The rules about what a notice needs and a package lacks: its text, its holder, word of what it carries or changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.queries import components_with_conclusions, display_name, listed_readings, locations_of
from licscan.judge.surfaces import is_changed
from licscan.judge.works import Outcome, readings_of
from licscan.law.terms import terms_of
from licscan.law.vocabulary import SOURCE_DUTIES, DutyName
from licscan.licenses.statements import licenses_of
from licscan.model import (
    NOASSERTION,
    NONE,
    Component,
    Conclusion,
    Coverage,
    Evidence,
    EvidenceKind,
    Finding,
    Location,
    Origin,
    Verdict,
)
from licscan.model.contents import NOTHING, Embedded

_PLACE = re.compile(r" \(([^()]{1,500})\)\Z")
_YEARS = re.compile(
    r"(?i)\A(?:(?:copyright|\(c\)|©)\s{0,4}){0,3}"
    r"(?:\d{4}(?:\s?(?:[-–—~]|to)\s?(?:\d{2,4}|present|now|today|current))?\b[,:\s]{0,3}){0,40}"
)
_EMAIL = re.compile(r"<?[^\s<>@]{1,100}@[^\s<>@]{1,100}>?")
_METADATA = ("package.json", "METADATA")
MAX_NAMED = 8
WHOLE = 0.8
"""Score from which a text in a readme is taken as whole."""
_FOR_TEXT = frozenset({DutyName.LICENSE_TEXT, DutyName.COPYRIGHT_NOTICE, DutyName.NOTICE_FILE})
_FOR_CHANGES = SOURCE_DUTIES | {DutyName.STATE_CHANGES}
_FORMS = ("MIT", "BSD-", "ISC", "Zlib", "zlib-", "X11", "HPND", "NCSA", "PostgreSQL", "Artistic-1.0-cl8", "curl", "NTP")
"""Beginnings of the licenses whose text is a form that names its holder."""
_WITHOUT_HOLDER = frozenset({"MIT-0", "BSD-Protection"})


def _owed(case: Case, component: Component, duties: frozenset[DutyName]) -> list[Outcome]:
    """The outcomes on those surfaces on which one of the duties is asked for."""
    found = case.outcomes.get(component.purl, [])
    return [one for one in found if one.member.shipped and any(duty.name in duties for duty in one.decision.duties)]


# --- texts and holders ------------------------------------------------------------------------------------------------


def missing_license_text(case: Case) -> Iterator[Finding]:
    """A package whose files are at hand and hold no text of a license that asks for it."""
    for component, conclusion in _looked_at(case):
        asking = _owed(case, component, frozenset({DutyName.LICENSE_TEXT, DutyName.COPYRIGHT_NOTICE}))
        if not asking or has_text(conclusion):
            continue
        message = _("{name} is under {license}, but none of its files contains the text.")
        holders = case.insides.get(component.purl, NOTHING).holders
        if holders:
            message = _("{name} is under {license}, but none of its files contains the text. It names: {holders}.")
        told = _license(conclusion)
        yield about_component(
            case,
            component,
            "missing-license-text",
            message.format(name=display_name(component), license=told, holders=_("; ").join(names_of(holders))),
            Verdict.OK,
            locations=(*locations_of(conclusion), *_places_of(conclusion, holders)),
        )


def names_of(holders: Iterable[str]) -> list[str]:
    """Whom statements with their places name, each once, without years: packages of one holder then say the same.

    A mere address, from a field of its own, stands only where there is no name.
    """
    bare = (_PLACE.sub("", holder) for holder in holders)
    named = list(dict.fromkeys(_YEARS.sub("", said).strip(" .,") or said for said in bare))
    people = [one for one in named if not _EMAIL.fullmatch(one)]
    return people or named


def _places_of(conclusion: Conclusion, holders: Iterable[str]) -> Iterator[Location]:
    """Where the holders are named: beside the metadata that was read, if it is known where that lies."""
    known = (one.location.path for one in conclusion.evidence)
    base = next((path[: -len(end)] for path in known for end in _METADATA if path.endswith(f"/{end}")), "")
    for holder in holders if base else ():
        if (place := _PLACE.search(holder)) is not None and place[1] not in _METADATA:
            yield Location(f"{base}{place[1]}")


def missing_copyright_holder(case: Case) -> Iterator[Finding]:
    """A license text that is a form for its holder's name, in a package that names none in its texts."""
    for component, conclusion in _looked_at(case):
        inside = case.insides.get(component.purl, NOTHING)
        if not lacks_holder(conclusion) or inside.notice or any(one.template for one in conclusion.copyrights):
            continue
        asking = [one for one in _owed(case, component, _FOR_TEXT) if _is_form(one.decision.license)]
        if not asking:
            continue
        message = _("{name} is under {license}, but no copyright line in its texts names a copyright holder.")
        if inside.holders:
            message = _(
                "{name} is under {license}, but no copyright line in its texts names a copyright "
                "holder. Elsewhere it names: {holders}."
            )
        yield about_component(
            case,
            component,
            "missing-copyright-holder",
            message.format(
                name=display_name(component), license=asking[0].decision.license, holders=_("; ").join(inside.holders)
            ),
            Verdict.OK,
            locations=(text.location for text in _own_texts(conclusion)),
        )


def unfilled_template(case: Case) -> Iterator[Finding]:
    """A notice that is still the form, where its holder's name should stand."""
    for component, conclusion in _looked_at(case):
        forms = {text.location.path for text in _own_texts(conclusion) if _is_form(text.expression or "")}
        empty = [one for one in conclusion.copyrights if one.template and one.path in forms]
        if not empty or not any(_is_form(one.decision.license) for one in _owed(case, component, _FOR_TEXT)):
            continue
        inside = case.insides.get(component.purl, NOTHING)
        said = _("; ").join(dict.fromkeys(one.statement for one in empty))
        message = _("The copyright notice of {name} is an unfilled template: {statement}.")
        if inside.holders:
            message = _(
                "The copyright notice of {name} is an unfilled template: {statement}. Elsewhere it names: {holders}."
            )
        yield about_component(
            case,
            component,
            "unfilled-template",
            message.format(name=display_name(component), statement=said, holders=_("; ").join(inside.holders)),
            Verdict.OK,
            loudness="named" if not lacks_holder(conclusion) else "",
            locations=(Location(one.path, one.line) for one in empty),
        )


def _looked_at(case: Case) -> Iterator[tuple[Component, Conclusion]]:
    """The packages of others whose texts were read, under a license that is known."""
    for component, conclusion in components_with_conclusions(case):
        told = conclusion.concluded not in (NOASSERTION, NONE) or conclusion.candidates
        if not component.is_first_party and not component.embedded and told and conclusion.coverage is Coverage.TEXTS:
            yield component, conclusion


def has_text(conclusion: Conclusion) -> bool:
    """Whether a license file of the package's own is there, or another of its texts that holds a whole license."""
    if any(_counts_as_text(evidence) or _is_text_in_field(evidence) for evidence in conclusion.evidence):
        return True
    read = {evidence.location.path for evidence in conclusion.evidence}
    # what is there and could not be read is a problem of its own, not a text that is missing
    return not all(path in read or any(one.endswith(f"/{path}") for one in read) for path in conclusion.license_files)


def _is_text_in_field(evidence: Evidence) -> bool:
    """Whether a field of the package's own metadata holds the whole text, which is then shipped with the metadata."""
    told = evidence.method == "text" and evidence.expression is not None
    return told and evidence.kind is EvidenceKind.DECLARED and evidence.origin in (Origin.INSTALLED, Origin.CACHE)


def _counts_as_text(evidence: Evidence) -> bool:
    if evidence.kind is EvidenceKind.FILE:
        return True
    whole = evidence.method.startswith("text:") and evidence.expression is not None and evidence.score >= WHOLE
    return whole and evidence.kind in (EvidenceKind.README, EvidenceKind.NOTICE)


def _own_texts(conclusion: Conclusion) -> list[Evidence]:
    return [evidence for evidence in conclusion.evidence if _counts_as_text(evidence)]


def lacks_holder(conclusion: Conclusion) -> bool:
    """Whether a text is there, and no statement in the package's texts names a holder."""
    named = any(one.holder and not one.template for one in conclusion.copyrights)
    return not named and any(_is_form(text.expression or "") for text in _own_texts(conclusion))


def wants_holder(conclusion: Conclusion) -> bool:
    """Whether it matters whom the package names elsewhere: no text of it names a holder."""
    told = conclusion.concluded not in (NOASSERTION, NONE)
    return told and conclusion.coverage is Coverage.TEXTS and (lacks_holder(conclusion) or not has_text(conclusion))


def _is_form(expression: str) -> bool:
    """Whether the license's text names its holder; of several that apply, one is enough."""
    if expression in ("", NOASSERTION, NONE):
        return False
    return any(name.startswith(_FORMS) and name not in _WITHOUT_HOLDER for name in licenses_of(expression))


def _license(conclusion: Conclusion) -> str:
    if conclusion.concluded not in (NOASSERTION, NONE):
        return conclusion.concluded
    return listed_readings(conclusion.candidates, " / ")


# --- what it carries --------------------------------------------------------------------------------------------------


def vendored_unattributed(case: Case) -> Iterator[Finding]:
    """Other people's files in a package, of which nothing in it says whose they are."""
    for component, _conclusion in components_with_conclusions(case):
        vendored = case.insides.get(component.purl, NOTHING).vendored
        if not vendored or not _owed(case, component, _FOR_TEXT):
            continue
        message = ngettext(
            "{name} contains {count} third-party work whose owner it does not name: {names}.",
            "{name} contains {count} third-party works whose owners it does not name: {names}.",
            len(vendored),
        )
        place = next(iter(component.installed_at), "")
        prefix = place.rpartition("/")[0] if place.endswith(".dist-info") else place
        yield about_component(
            case,
            component,
            "vendored-unattributed",
            message.format(
                name=display_name(component), count=len(vendored), names=_several(one.path for one in vendored)
            ),
            Verdict.OK,
            locations=[Location(f"{prefix}/{one.path}".lstrip("/")) for one in vendored[:MAX_NAMED]],
        )


def native_library_unattributed(case: Case) -> Iterator[Finding]:
    """Libraries inside a package whose texts are not: those that only its files tell, and those that a list names."""
    for component, _conclusion in components_with_conclusions(case):
        lacking = [one for one in case.insides.get(component.purl, NOTHING).embedded if _lacks_text(case, one)]
        silent = [one for one in lacking if not one.sbom]
        if silent:
            message = ngettext(
                "{name} contains {count} third-party library that none of its texts or lists names: {names}.",
                "{name} contains {count} third-party libraries that none of its texts or lists names: {names}.",
                len(silent),
            )
            yield _of_libraries(case, component, silent, message)
        listed = [one for one in lacking if one.sbom]
        if listed:
            message = ngettext(
                "{name} contains {count} third-party library that its list names but whose license "
                "text is missing: {names}.",
                "{name} contains {count} third-party libraries that its lists name but whose license "
                "texts are missing: {names}.",
                len(listed),
            )
            yield _of_libraries(case, component, listed, message, loudness="listed")


def _lacks_text(case: Case, one: Embedded) -> bool:
    """Whether a text is owed for it and none is there; where its license is not known, it may be owed."""
    part = case.graph.by_purl.get(one.purl)
    if not one.present or one.text or part is None:
        return False
    told, _certain = readings_of(case.conclusions.get(one.purl))
    if not told:
        return any(outcome.member.shipped for outcome in case.outcomes.get(one.purl, ()))
    return bool(_owed(case, part, _FOR_TEXT))


def _of_libraries(case: Case, component: Component, found: list[Embedded], message: str, loudness: str = "") -> Finding:
    where = (place for one in found for place in _places(one, case.graph.by_purl[one.purl].found_in))
    return about_component(
        case,
        component,
        "native-library-unattributed",
        message.format(
            name=display_name(component), count=len(found), names=_several(dict.fromkeys(one.name for one in found))
        ),
        Verdict.OK if loudness else Verdict.CANNOT_TELL,
        loudness=loudness,
        variant=loudness,
        locations=list(dict.fromkeys(where))[:MAX_NAMED],
    )


def _places(one: Embedded, found_in: Sequence[Location]) -> list[Location]:
    """Where this package has the library: one that several packages carry is one component, found in all of them."""
    inside = tuple(f"/{path}" for path in (one.sbom, *one.paths) if path)
    return [place for place in found_in if f"/{place.path}".endswith(inside)] or list(found_in)


def _several(values: Iterable[str]) -> str:
    return listed(values, MAX_NAMED)


def lists_parts(case: Case, component: Component, path: str) -> bool:
    """Whether a text lists what the package carries, each part of which is a component and judged by itself."""
    told = [one for one in case.insides.get(component.purl, NOTHING).embedded if one.text and path.endswith(one.text)]
    return bool(told) and all(readings_of(case.conclusions.get(one.purl))[0] for one in told)


# --- what was changed -------------------------------------------------------------------------------------------------


def component_modified(case: Case) -> Iterator[Finding]:
    """A package that is not what was published, under a license with duties for those who change it."""
    for component, conclusion in components_with_conclusions(case):
        if component.is_first_party or not is_changed(component) or not minds_changes(conclusion):
            continue
        if not _owed(case, component, frozenset(_FOR_CHANGES)):
            continue
        names = _several((*component.changed, *component.patches))
        message = _("{name} is not what was published ({files}), and {license} sets duties for modifications.")
        yield about_component(
            case,
            component,
            "component-modified",
            message.format(name=display_name(component), files=names, license=_license(conclusion)),
            Verdict.OK,
            locations=_changed_places(component),
        )


def _changed_places(component: Component) -> list[Location]:
    place = next(iter(component.installed_at), "")
    prefix = place.rpartition("/")[0] if place.endswith(".dist-info") else place
    changed = [Location(f"{prefix}/{path}".lstrip("/")) for path in component.changed[:MAX_NAMED]]
    return changed + [Location(patch) for patch in component.patches if not patch.startswith("builtin<")]


def minds_changes(conclusion: Conclusion) -> bool:
    """Whether a license that the component may be under attaches duties to changes."""
    told, _certain = readings_of(conclusion)
    names = {name for one in told if one not in (NOASSERTION, NONE) for name in licenses_of(one)}
    return any((terms := terms_of(name)).has("SC") or terms.has("SA") or terms.source is not None for name in names)
