"""Known sets of art, recognised offline by digest, drawing and picture; a verdict is a vote over many files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licscan.base.late import late

if TYPE_CHECKING:
    from licscan.artsets.model import ArtFile, ArtMatch, How, Recognition, SetVote
    from licscan.artsets.recognition import LookCache, recognise
    from licscan.artsets.sets import ArtSet, PackageArt, art_sets, font_set_of, package_art

__all__ = [
    "ArtFile",
    "ArtMatch",
    "ArtSet",
    "How",
    "LookCache",
    "PackageArt",
    "Recognition",
    "SetVote",
    "art_sets",
    "font_set_of",
    "package_art",
    "recognise",
]
__getattr__ = late(
    __name__,
    {
        "model": ("ArtFile", "ArtMatch", "How", "Recognition", "SetVote"),
        "recognition": ("LookCache", "recognise"),
        "sets": ("ArtSet", "PackageArt", "art_sets", "font_set_of", "package_art"),
    },
)
