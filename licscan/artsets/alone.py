"""Sounds and animations: each is told alone, for nobody makes a second of sound twice by chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from licscan.artsets.index import ArtIndex
from licscan.artsets.looks import Look
from licscan.artsets.model import ArtFile, ArtMatch, How, SetVote

SOUNDS = frozenset({"mp3", "aac", "ogg", "flac", "wav", "aiff", "m4a", "mp4", "caf", "amr"})
MOTIONS = frozenset({"lottie-json", "tgs", "dotlottie"})
FORMATS = SOUNDS | MOTIONS
"""Formats of `licscan.media.kinds` that are told alone."""
MAX_BYTES = 32 * 1024 * 1024
MAX_FILES = 5_000
"""Sounds and animations of one run that are opened."""
MAX_TOTAL = 1024 * 1024 * 1024
"""Bytes of these files in all."""


def worth(files: Sequence[ArtFile]) -> Iterator[ArtFile]:
    """The files that are opened."""
    count = total = 0
    for one in files:
        if one.format in FORMATS and one.size <= MAX_BYTES and count < MAX_FILES:
            count, total = count + 1, total + one.size
            if total <= MAX_TOTAL:
                yield one


def matches_of(files: Sequence[ArtFile], seen: Mapping[str, Look], index: ArtIndex) -> Iterator[ArtMatch]:
    """The sets that have each file: by what it plays or shows, else by what is heard of it."""
    heard: dict[bytes, tuple[str, ...]] = {}
    for one in files:
        look = seen.get(one.sha256)
        if look is None:
            continue
        told = next(filter(None, map(index.by_svg, look.drawings)), ())
        if told:
            yield ArtMatch(one.path, told, How.MOTION if one.format in MOTIONS else How.FRAMES)
        elif look.sound:
            if look.sound not in heard:
                heard[look.sound] = index.by_sound(look.sound)
            if heard[look.sound]:
                yield ArtMatch(one.path, heard[look.sound], How.SOUND)


def votes_of(matches: Sequence[ArtMatch], looked: Sequence[str]) -> list[SetVote]:
    """The verdicts: one for each folder and for the sets that its files may be of."""
    considered = Counter(path.rpartition("/")[0] for path in looked)
    grouped: dict[tuple[str, tuple[str, ...]], list[ArtMatch]] = defaultdict(list)
    for match in sorted(matches):
        grouped[match.path.rpartition("/")[0], match.sets].append(match)
    votes = []
    for (folder, sets), found in sorted(grouped.items()):
        hows = Counter(match.how for match in found)
        how = max(hows, key=lambda one: (hows[one], one))
        paths = tuple(match.path for match in found)
        votes.append(SetVote(folder, sets[0], how, len(found), considered[folder], paths, sets[1:]))
    return votes
