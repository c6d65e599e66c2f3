"""The license texts that SBOMs of parts carry, for the notices: read again from the files, as those of packages are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from licscan.attribution.records import Holdings, Role
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.model import Component, InputFile, Scan
from licscan.sbom.facts import texts_of
from licscan.sbom.supplied import supplied

Texts = Mapping[str, tuple[tuple[str, str], ...]]


def with_texts_of_parts(
    holdings: Mapping[str, Holdings], scan: Scan, root: Path, components: Sequence[Component]
) -> dict[str, Holdings]:
    """What is known of each component, with the texts of its SBOM where its own files are not at hand."""
    found = dict(holdings)
    sboms = {one.path: one for one in scan.inputs if one.is_sbom}
    read: dict[str, tuple[Texts, str]] = {}
    for component in components:
        told = [place.path for place in component.found_in if place.path in sboms]
        held = found.get(component.purl, Holdings())
        if not told or held.texts:
            continue
        for path in dict.fromkeys(told):
            if path not in read:
                read[path] = _read(root, sboms[path])
        found[component.purl] = _held(held, component, {path: read[path] for path in told})
    return found


def _read(root: Path, file: InputFile) -> tuple[Texts, str]:
    """The texts of a file by PackageURL, or why there are none."""
    try:
        given = supplied(root / file.path, file.path)
    except InputError as error:
        return {}, f"{file.path}: {error.message}"
    if given.input.sha256 != file.sha256:
        return {}, _("{path} has changed since the scan; scan again").format(path=file.path)
    return texts_of(given.bom, given.names), ""


def _held(held: Holdings, component: Component, read: Mapping[str, tuple[Texts, str]]) -> Holdings:
    texts = tuple(
        (Role.LICENSE, f"{path}#{license_id}", text.encode("utf-8", "replace"))
        for path, (told, _unread) in read.items()
        for license_id, text in told.get(component.purl, ())
    )
    if texts:
        return replace(held, texts=texts, unread=())
    reasons = [unread for _told, unread in read.values() if unread]
    silent = _("{path} contains no license text for it").format(path=_(", ").join(read))
    return replace(held, unread=tuple(reasons) or (silent,))
