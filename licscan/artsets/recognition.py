"""Files of content against the index of known art: by digest, drawing, picture, cells of sheets, motion and sound."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from licscan.artsets import alone, looks, vote
from licscan.artsets.index import ArtIndex
from licscan.artsets.looks import Look
from licscan.artsets.model import ArtFile, ArtMatch, How, Recognition, SetVote
from licscan.artsets.pictures import MAX_BYTES, RASTERS
from licscan.artsets.sets import own_index
from licscan.artsets.svg import MAX_BYTES as MAX_SVG_BYTES
from licscan.base.messages import _

if TYPE_CHECKING:
    from licscan.artsets.decoding import Ears

MAX_PIECES = 30_000
"""Pictures of one run that are looked at as single pieces."""
MAX_SHEETS = 2_000
"""Other pictures of one run that are looked at because they may be sheets."""
MAX_SHEET_BYTES = 200 * 1024 * 1024
"""Bytes of these pictures in all."""
MAX_PIXELS = 1_000_000_000
"""Pixels of one run in all; what is kept from earlier runs counts too, so that every run gives the same answer."""
MIN_SHEET_BYTES = 3_000
PIECES = vote.LEAST
"""Fewer pictures in a folder are no set."""
_KEEP = 256
"""Looks that are written to the cache at a time."""


class LookCache(Protocol):
    """What earlier runs saw in files, by SHA-256 digest; bytes of `licscan.artsets.looks.dump`."""

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, bytes]:
        """What is kept of files."""

    def put_many(self, found: Mapping[bytes, bytes]) -> None:
        """Keep what was seen."""


def recognise(files: Sequence[ArtFile], cache: LookCache | None = None, index: ArtIndex | None = None) -> Recognition:
    """Which of these files are known art, and the verdicts on their folders; in whatever order they come."""
    known = own_index() if index is None else index
    ordered = sorted(files, key=lambda one: one.path)
    matches = [ArtMatch(one.path, sets, How.DIGEST) for one in ordered if (sets := known.by_digest(one.sha256))]
    certain = {match.path for match in matches}
    drawn = [one for one in _worth(ordered) if one.path not in certain]
    single = [one for one in alone.worth(ordered) if one.path not in certain]
    seen, decoded = _looks([*drawn, *single], cache)
    faults = [
        (one.path, _("was not compared with known art: it is damaged, cannot be read, or is too large for one run"))
        for one in (*drawn, *single)
        if one.sha256 in seen and not seen[one.sha256].seen
    ]
    matches += _drawn(drawn, seen, known)
    matches += _alike(drawn, seen, known)
    matches += alone.matches_of(single, seen, known)
    sheets = _sheets(drawn, seen, known)
    told = {sheet.folder for sheet in sheets}
    matches = [match for match in matches if match.path not in told]
    looked = [one.path for one in drawn if one.sha256 in seen and seen[one.sha256].seen]
    votes = sheets + _verdicts(ordered, matches, sorted(certain.union(looked)))
    cells = [ArtMatch(one.folder, (one.set_id, *one.rivals), How.SPRITE, one.accepted) for one in sheets]
    return Recognition(tuple(sorted(matches + cells)), tuple(sorted(votes)), tuple(faults), decoded)


def _verdicts(files: Sequence[ArtFile], matches: Sequence[ArtMatch], looked: Sequence[str]) -> list[SetVote]:
    """The votes of folders of pictures, and what is told of sounds and animations, each alone."""
    single = {one.path for one in files if one.format in alone.FORMATS}
    pictures = [match for match in matches if match.path not in single]
    votes = _votes(pictures, [path for path in looked if path not in single])
    return votes + alone.votes_of([match for match in matches if match.path in single], sorted(single))


def folder_of(path: str) -> str:
    """The folder of a path; empty for the root."""
    return path.rpartition("/")[0]


def _worth(files: Sequence[ArtFile]) -> Iterator[ArtFile]:
    """The files that are worth opening: drawings, pictures among others of their folder, and what may be a sheet."""
    folders = Counter(folder_of(one.path) for one in files if one.format in RASTERS and one.size <= MAX_BYTES)
    pieces = sheets = bytes_ = 0
    for one in files:
        if one.format == "svg" and one.size <= MAX_SVG_BYTES:
            yield one
        elif one.format not in RASTERS or one.size > MAX_BYTES:
            continue
        elif folders[folder_of(one.path)] >= PIECES and _may_be_piece(one) and pieces < MAX_PIECES:
            pieces += 1
            yield one
        elif one.size >= MIN_SHEET_BYTES and _may_be_sheet(one) and sheets < MAX_SHEETS:
            bytes_ += one.size
            sheets += 1
            if bytes_ <= MAX_SHEET_BYTES:
                yield one


def _may_be_piece(one: ArtFile) -> bool:
    return max(one.width, one.height) <= looks.LARGEST and one.size <= 1024 * 1024


def _may_be_sheet(one: ArtFile) -> bool:
    return not one.width or max(one.width, one.height) >= looks.SHEET


def _looks(files: Sequence[ArtFile], cache: LookCache | None) -> tuple[dict[str, Look], int]:
    """What is seen in each file, by digest, and how many had to be opened for it."""
    kept = cache.get_many({bytes.fromhex(one.sha256) for one in files}) if cache else {}
    if not any(one.format in alone.SOUNDS for one in files):
        return _looked(files, kept, cache, None)
    from licscan.artsets.decoding import Ears, can_hear

    with Ears() as ears:
        return _looked(files, kept, cache, ears if can_hear() else None)


def _looked(
    files: Sequence[ArtFile], kept: Mapping[bytes, bytes], cache: LookCache | None, ears: Ears | None
) -> tuple[dict[str, Look], int]:
    seen: dict[str, Look] = {}
    fresh: dict[bytes, bytes] = {}
    decoded = pixels = 0
    for one in files:
        if one.sha256 in seen:
            continue
        digest = bytes.fromhex(one.sha256)
        look = looks.load(kept.get(digest, b"")) if pixels <= MAX_PIXELS else Look(seen=False)
        if look is None or (ears is not None and one.format in alone.SOUNDS and not look.is_heard):
            decoded += 1
            look = _opened(one, ears)
            if look is not None:
                fresh[digest] = looks.dump(look)
        seen[one.sha256] = look or Look(seen=False)
        pixels += seen[one.sha256].width * seen[one.sha256].height
        if cache and len(fresh) >= _KEEP:
            cache.put_many(fresh)
            fresh = {}
    if cache and fresh:
        cache.put_many(fresh)
    return seen, decoded


def _opened(one: ArtFile, ears: Ears | None) -> Look | None:
    """What is seen in a file; None where it cannot be read now, which is not kept: it may be readable tomorrow."""
    try:
        data = one.opener()
    except OSError:
        return None
    if one.format in alone.SOUNDS:
        return looks.look_at_sound(data, one.format, ears)
    if one.format in alone.MOTIONS:
        return looks.look_at_motion(data, one.format)
    return looks.look_at_drawing(data) if one.format == "svg" else looks.look_at_picture(data, one.format)


def _drawn(files: Sequence[ArtFile], seen: Mapping[str, Look], index: ArtIndex) -> Iterator[ArtMatch]:
    for one in files:
        look = seen.get(one.sha256)
        if look is not None and look.drawings and look.drawings[0] and (sets := index.by_svg(look.drawings[0])):
            yield ArtMatch(one.path, sets, How.SVG)


def _alike(files: Sequence[ArtFile], seen: Mapping[str, Look], index: ArtIndex) -> Iterator[ArtMatch]:
    """Single pieces, where a folder has enough of them."""
    pieces = [(one.path, whole) for one in files if (look := seen.get(one.sha256)) and (whole := look.whole)]
    folders = Counter(folder_of(path) for path, _whole in pieces)
    pieces = [(path, whole) for path, whole in pieces if folders[folder_of(path)] >= PIECES]
    sets = index.by_picture([whole for _path, whole in pieces])
    for (path, _whole), names in zip(pieces, sets, strict=True):
        if names:
            yield ArtMatch(path, names, How.PICTURE)


def _sheets(files: Sequence[ArtFile], seen: Mapping[str, Look], index: ArtIndex) -> list[SetVote]:
    """The verdicts on sheets; of several grids that one which has most cells in a set.

    A sheet with few cells counts beside a larger one of the same set: the preview of a set lies with the set.
    """
    found: list[SetVote] = []
    small: list[SetVote] = []
    for one in files:
        look = seen.get(one.sha256)
        if look is None:
            continue
        tries = [index.by_picture(cells.pictures) for cells in look.sheets]
        tries.append([index.by_svg(digest) for digest in look.drawings[1:]])
        votes = [made for cells in tries if (made := vote.vote_sheet(one.path, cells, vote.FEW_CELLS)) is not None]
        if votes:
            best = max(votes, key=lambda made: (made.accepted, made.considered))
            (found if best.accepted >= vote.LEAST_CELLS else small).append(best)
    large = {(folder_of(made.folder), made.set_id) for made in found}
    return found + [made for made in small if (folder_of(made.folder), made.set_id) in large]


def _votes(matches: Sequence[ArtMatch], looked: Sequence[str]) -> list[SetVote]:
    considered = Counter(folder_of(path) for path in looked)
    by_folder: dict[str, list[ArtMatch]] = defaultdict(list)
    for match in sorted(matches):
        by_folder[folder_of(match.path)].append(match)
    return [
        made
        for folder, found in sorted(by_folder.items())
        for made in vote.vote_folder(folder, found, considered[folder])
    ]
