"""The program text that a commit adds or changes, held against the index of code on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licscan.copies.found import Copy
from licscan.copies.index import CodeIndex
from licscan.copies.prints import language_of
from licscan.copies.recognise import recognise
from licscan.copies.shelf import user_index
from licscan.copies.thresholds import LEAST_BYTES, MAX_BYTES
from licscan.vcs.git import Change

if TYPE_CHECKING:
    from licscan.model import SourceGroup
    from licscan.source.header import Header
    from licscan.source.placing import Cover

MAX_CODE = 500
"""So many files of code are looked at, and so many bytes; a commit waits for it."""
MAX_ALL = 64 * 1024 * 1024
Reading = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that holds code of packages which it did not hold before."""

    path: str
    data: bytes
    copies: tuple[Copy, ...]


def copied_among(changes: Iterable[Change], new: Reading, olds: Sequence[Reading]) -> tuple[Copied, ...]:
    """The changed files that hold code of a package that their earlier selves do not; empty without an index."""
    chosen = [change for change in changes if language_of(change.path) is not None][:MAX_CODE]
    index = user_index() if chosen else None
    if index is None:
        return ()
    found = []
    left = MAX_ALL
    for change in chosen:
        data = new(change.path)
        if data is None or not LEAST_BYTES <= len(data) <= MAX_BYTES:
            continue
        left -= len(data)
        if left < 0:
            break
        copies = recognise(data, change.path, index)
        before = _packages(change, olds, index) if copies and change.before else set()
        if more := tuple(one for one in copies if one.package not in before):
            found.append(Copied(change.path, data, more))
    return tuple(found)


def _packages(change: Change, olds: Sequence[Reading], index: CodeIndex) -> set[str]:
    """The packages whose code the file held already, in some parent of the commit."""
    held = (old(change.path) for old in olds)
    return {one.package for data in held if data is not None for one in recognise(data, change.path, index)}


def groups_of(
    copied: Iterable[Copied],
    headers: Mapping[str, Header],
    covers: Mapping[str, Cover],
    is_own: Callable[[str], bool],
) -> tuple[SourceGroup, ...]:
    """The same as a scan of the sources says; `is_own` is whether a package is called like the project."""
    # most commits copy nothing, and what reads expressions takes long to import
    from licscan.source.copied import placed_copies
    from licscan.source.groups import grouped
    from licscan.source.header import NOTHING

    placed = [
        placed
        for one in copied
        for placed in placed_copies(
            one.path,
            one.data,
            [copy for copy in one.copies if not is_own(copy.name)],
            headers.get(one.path, NOTHING),
            covers.get(one.path),
        )
    ]
    return grouped(placed)
