"""What recognition of art takes and gives: files, matches of single files, and the votes of folders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """By what a piece of art is told.

    The same bytes, the same drawing in SVG, a picture alike, cells of a sheet; the same frames of a sound, the same
    animation, a sound alike.
    """

    DIGEST = "digest"
    SVG = "svg"
    PICTURE = "picture"
    SPRITE = "sprite"
    FRAMES = "frames"
    MOTION = "motion"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class ArtFile:
    """A file to be recognised.

    `path` is relative, with slashes; `sha256` in hexadecimal; `format` a key of `licscan.media.kinds.FORMATS`; `size`
    in bytes; `width` and `height` in pixels, 0 where not known. `opener` gives the bytes, and is called only where
    nothing is kept of the digest; it may raise OSError.
    """

    path: str
    sha256: str
    format: str
    size: int
    opener: Callable[[], bytes]
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, order=True)
class ArtMatch:
    """One file that is in sets of art: `sets` holds ids of the table, several where sets share the piece.

    `cells` is 1, or for a sheet how many of its cells are of the set. One match is a hint, a vote is a verdict.
    """

    path: str
    sets: tuple[str, ...]
    how: How
    cells: int = 1


@dataclass(frozen=True, slots=True, order=True)
class SetVote:
    """The verdict on a folder, or on one sheet: so many of `considered` pieces are `accepted` as those of one set.

    `rivals` are sets that cover as many: which of them it is cannot be told. `files` are the paths that are accepted.
    """

    folder: str
    set_id: str
    how: How
    accepted: int
    considered: int
    files: tuple[str, ...]
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """All that was recognised. `faults` are pairs of a path and a sentence on a file that could not be looked at."""

    matches: tuple[ArtMatch, ...] = ()
    votes: tuple[SetVote, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    decoded: int = 0
