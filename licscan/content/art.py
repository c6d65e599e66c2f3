"""Files of content held against the known sets: fonts by family, pictures by votes of folders, sounds each alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from licscan.artsets import ArtFile, LookCache, SetVote, art_sets, font_set_of, recognise
from licscan.content.families import known_family
from licscan.content.known import KnownSet
from licscan.content.reading import ReadFile, read_below
from licscan.model import NOASSERTION
from licscan.model.media import Meaning, MediaKind

_PICTURES = (MediaKind.IMAGE, MediaKind.SVG)
_KINDS = (*_PICTURES, MediaKind.LOTTIE, MediaKind.AUDIO)
MAX_PICTURE = 64 * 1024 * 1024
WHOLE = 0.4
"""From this share of a folder's pictures on, what was not accepted there is taken for the same set."""


def known_art(root: Path, files: Iterable[ReadFile], cache: LookCache | None = None) -> dict[str, KnownSet]:
    """The set of each file that is of one, by its path."""
    listed = list(files)
    found = dict(_fonts(listed))
    pictures = [one for one in listed if one.facts.kind in _KINDS]
    if pictures:
        top, inside = os.path.realpath(root), dict[str, bool]()
        asked = [
            ArtFile(one.path, one.sha256, one.facts.format, one.size, partial(_read, top, one.path, inside))
            for one in pictures
        ]
        for vote in recognise(asked, cache).votes:
            found.update(_voted(vote, pictures))
    return found


def _fonts(files: Iterable[ReadFile]) -> Iterator[tuple[str, KnownSet]]:
    """Fonts whose family is that of a set; those of one name in another format beside them are told as twins are."""
    for one in files:
        if one.facts.kind is MediaKind.FONT:
            if told := font_set_of(one.facts.texts(Meaning.NAME)):
                yield one.path, _known(told, "font")
            elif family := known_family(one.facts.texts(Meaning.NAME), one.facts.texts(Meaning.VERSION)):
                yield one.path, KnownSet("", family.name, family.owner, family.expression, "family")


def _voted(vote: SetVote, pictures: Iterable[ReadFile]) -> Iterator[tuple[str, KnownSet]]:
    known = _known(vote.set_id, vote.how.value, vote.rivals)
    for path in vote.files:
        yield path, known
    if vote.accepted >= WHOLE * vote.considered:
        accepted = frozenset(vote.files)
        # a sound or an animation is told alone, which says nothing of those beside it
        formats = {one.facts.format for one in pictures if one.path in accepted and one.facts.kind in _PICTURES}
        for one in pictures:
            if one.path.rpartition("/")[0] == vote.folder and one.facts.format in formats:
                yield one.path, known


def _known(set_id: str, how: str, rivals: tuple[str, ...] = ()) -> KnownSet:
    """The set as placing takes it; where it cannot be told from others, under the terms of all of them alone."""
    row = art_sets()[set_id]
    others = [art_sets()[one] for one in rivals]
    expressions = {row.expression, *(one.expression for one in others)}
    expression = row.expression if len(expressions) == 1 else NOASSERTION
    name = " / ".join((row.name, *(one.name for one in others))[:3])
    return KnownSet(row.id, name, row.owner, expression, how, row.attribution, row.trademarks)


def _read(top: str, path: str, inside: dict[str, bool]) -> bytes:
    data = read_below(top, path, MAX_PICTURE, inside)
    if data is None:
        raise OSError(errno.EIO, path)
    return data
