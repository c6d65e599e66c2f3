"""The attribution of fonts, pictures, sounds and models: title, creator, source, license, reserved names, changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from licscan.artsets import art_sets
from licscan.attribution.duties import link_of
from licscan.attribution.records import Credit, Metadata
from licscan.law.vocabulary import DutyName
from licscan.licenses.spdx import licenses_of
from licscan.model import NOASSERTION, NONE, Component, Scan
from licscan.model.content import ContentFile
from licscan.model.surface import Obligation

MAX_RESERVED = 20


def files_by_component(scan: Scan) -> dict[str, tuple[ContentFile, ...]]:
    """The files of each component of content, by its PackageURL."""
    found: dict[str, list[ContentFile]] = {}
    for file in scan.content.files if scan.content else ():
        if file.component:
            found.setdefault(file.component, []).append(file)
    return {purl: tuple(files) for purl, files in found.items()}


def credits_of_works(
    component: Component,
    files: Sequence[ContentFile],
    settled: Iterable[str],
    duties: Iterable[Obligation],
    creators: Sequence[str],
    metadata: Metadata,
) -> tuple[Credit, ...]:
    """One credit for each license that asks for attribution, else for each that is settled.

    Nobody compares these files with what their owner published, so that whether they were changed is not known, which
    is said (CC BY 4.0 3(a)(1)(B) asks for it).
    """
    owed = {duty.license for duty in duties if duty.name == DutyName.ATTRIBUTION.value}
    named = {name for one in settled if one not in ("", NOASSERTION, NONE) for name in licenses_of(one)}
    source = metadata.home or next((one.facts.source for one in files if one.facts.source), "")
    return tuple(
        Credit(
            _title(component, files),
            tuple(creators),
            source,
            license_id,
            link_of(license_id),
            None,
            reserved_in(files),
            _owners_words(files),
        )
        for license_id in sorted(owed or named)
    )


def reserved_in(files: Iterable[ContentFile]) -> tuple[str, ...]:
    """The Reserved Font Names of fonts (OFL 1.1, 3), each once."""
    return tuple(sorted({name for one in files for name in one.facts.reserved}))[:MAX_RESERVED]


def _title(component: Component, files: Sequence[ContentFile]) -> str:
    """What the only file calls itself, with its path; else the name of the group."""
    told = files[0].facts.title if len(files) == 1 else ""
    if not told or told in component.name:
        return component.name
    return f"{told} ({component.name})"


def _owners_words(files: Iterable[ContentFile]) -> str:
    """The credit that the owner of a known set asks for, where all files are of that set."""
    sets = {one.art_set for one in files}
    name = next(iter(sets), "") if len(sets) == 1 else ""
    return next((one.attribution for one in art_sets().values() if one.name == name), "") if name else ""
