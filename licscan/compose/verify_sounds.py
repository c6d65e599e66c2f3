"""Sounds of an artifact that are the source's in other bytes: with other tags, re-encoded, or cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.model import Scan
from licscan.model.content import ContentFile
from licscan.model.media import MediaKind
from licscan.verify.inside.kinds import is_sound
from licscan.verify.records import ArtifactContents, File

if TYPE_CHECKING:
    from licscan.artsets.decoding import Ears
    from licscan.artsets.tones import Tones

MAX_READ = 32 * 1024 * 1024
MAX_SOUNDS = 1_000
"""Sounds of the source, and as many of the artifact, that are read."""


def with_remade(inside: ArtifactContents, scan: Scan, root: Path) -> ArtifactContents:
    """The contents, with each sound that no bytes explain told by one of the source that plays the same.

    Frames that were copied are told without a decoder; what was re-encoded or cut only where the extra `sounds` is
    installed: without it such a sound stays unexplained, as before.
    """
    shipped = [file for file in inside.unexplained if is_sound(file.path)]
    sources = [one for one in (scan.content.files if scan.content else ()) if one.kind is MediaKind.AUDIO]
    if not shipped or not sources:
        return inside
    from licscan.artsets.decoding import Ears

    with Ears() as ears:
        known = _known(sources[:MAX_SOUNDS], root, ears)
        told = {file.path: owners for file in shipped[:MAX_SOUNDS] if (owners := _owners(file, known, ears))}
    return replace(
        inside,
        unknown=tuple(one for one in inside.unknown if one.file not in told),
        remade=tuple(sorted({(purl, path) for path, owners in told.items() for purl in owners})),
    )


@dataclass(slots=True)
class _Known:
    """The components of the source's sounds, by what they play and by what is heard; empty for the project's own."""

    played: dict[bytes, set[str]] = field(default_factory=dict)
    tones: Tones | None = None
    owners: list[str] = field(default_factory=list)


def _known(sources: Sequence[ContentFile], root: Path, ears: Ears) -> _Known:
    from licscan.artsets.decoding import can_hear, may_be_heard
    from licscan.artsets.hearing import known_in
    from licscan.artsets.payload import payloads_of
    from licscan.artsets.tones import tones_of

    found, heard = _Known(), list[tuple[bytes, int]]()
    for one, data in _held(sources, root):
        for digest in payloads_of(data, one.format):
            found.played.setdefault(digest, set()).add(one.component)
        if can_hear() and may_be_heard(data, one.format) and (rows := known_in(ears.hear(data) or b"")):
            heard.append((rows, len(found.owners)))
            found.owners.append(one.component)
    found.tones = tones_of(heard) if heard else None
    return found


def _held(sources: Sequence[ContentFile], root: Path) -> Iterator[tuple[ContentFile, bytes]]:
    """The sources that are still as they were scanned."""
    from licscan.content.reading import read_below

    top, inside = os.path.realpath(root), dict[str, bool]()
    for one in sources:
        try:
            data = read_below(top, one.path, MAX_READ, inside)
        except OSError:
            continue
        if data is not None and hashlib.sha256(data).hexdigest() == one.sha256:
            yield one, data


def _owners(file: File, known: _Known, ears: Ears) -> set[str]:
    """The components whose sound this is; none where it is like none of them."""
    from licscan.artsets.decoding import may_be_heard
    from licscan.artsets.hearing import heard_in
    from licscan.artsets.payload import payloads_of
    from licscan.media import format_of
    from licscan.media.kinds import HEAD

    try:
        data = file.read(MAX_READ)
    except InputError:
        return set()  # it was said when the artifact was read
    made = format_of(data[:HEAD], file.path.rpartition("/")[2])
    if made is None:
        return set()
    for digest in payloads_of(data, made.name):
        if digest in known.played:
            return known.played[digest]
    if known.tones is None or not may_be_heard(data, made.name):
        return set()
    heard = heard_in(ears.hear(data) or b"")
    return {known.owners[number] for number in known.tones.like(heard)} if heard else set()
