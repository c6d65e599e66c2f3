"""What an SBOM lacks for a profile, field by field; the profiles are a table, `sbom_profiles.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from licscan.base.messages import N_
from licscan.base.tables import load_toml
from licscan.sbom.fields import COMPONENT, DOCUMENT
from licscan.sbom.model import Bom, BomComponent

_CLOSES_CONTENT = N_("what is known about fonts, pictures, sounds and models goes into [[content]] in licscan.toml")


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that is missing: of the document where `components` is None, else of these, in their order.

    `required` is whether the profile makes it a must; `closes` is what would close it. `title` and `closes` are
    sentences in English that `messages._` translates. `of_content` is whether the components are fonts, pictures,
    sounds, models: the profiles speak of software, so of these nothing is a must, and what they lack is told apart.
    `malformed` are the first values that stand there and are none of their kind, each after its component.
    """

    field: str
    title: str
    required: bool
    closes: str
    components: tuple[str, ...] | None = None
    of_content: bool = False
    malformed: tuple[str, ...] = ()


MAX_MALFORMED = 5


def profile(name: str) -> dict[str, Any]:
    """The row of a profile: its title, source, date and fields."""
    row: dict[str, Any] = load_toml("sbom_profiles.toml")[name]
    return row


Lacking = dict[str, list[BomComponent]]
"""The components that lack each field."""


def missing(bom: Bom, name: str) -> tuple[Gap, ...]:
    """Every field of the profile that the document, or a component of it, lacks: musts first, in the table's order."""
    return _missing(bom, name, {})


def missing_of_all(bom: Bom, names: Iterable[str]) -> dict[str, tuple[Gap, ...]]:
    """The same of several profiles; what they ask alike is looked at once."""
    known: Lacking = {}
    return {name: _missing(bom, name, known) for name in names}


def _missing(bom: Bom, name: str, known: Lacking) -> tuple[Gap, ...]:
    row = profile(name)
    found = [gap for kind in ("required", "asked") for gap in _gaps(bom, row, kind, known)]
    return tuple(sorted(found, key=lambda gap: not gap.required))


def _gaps(bom: Bom, row: dict[str, Any], kind: str, known: Lacking) -> Iterator[Gap]:
    required = kind == "required"
    for field in row.get("document", {}).get(kind, ()):
        asked = DOCUMENT[field]
        if not asked.holds(bom):
            yield Gap(field, asked.title, required, asked.closes, malformed=asked.bad(bom)[:MAX_MALFORMED])
    for field in row.get("component", {}).get(kind, ()):
        wanted = COMPONENT[field]
        if field not in known:
            software = (one for one in bom.components if one.kind != "service")
            known[field] = [one for one in software if not wanted.holds(bom, one)]
        lacking = known[field]
        for of_content in (False, True):
            these = [one for one in lacking if one.is_content is of_content]
            if these:
                names = tuple(_label(one.name, one.version) for one in these)
                bad = (f"{_label(one.name, one.version)}: {value}" for one in these for value in wanted.bad(bom, one))
                closes = _CLOSES_CONTENT if of_content else wanted.closes
                malformed = tuple(islice(bad, MAX_MALFORMED))
                yield Gap(field, wanted.title, required and not of_content, closes, names, of_content, malformed)


def _label(name: str, version: str) -> str:
    return f"{name}@{version}" if version else name
