"""Files that are the code of a package which no manifest names, recognised by the index of code on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.model import NOASSERTION, NONE, SourceGroupKind
from licscan.source.covers import Covers
from licscan.source.header import Header
from licscan.source.names import is_test
from licscan.source.placing import Own, Placed

if TYPE_CHECKING:
    from licscan.copies.found import Copy
    from licscan.copies.index import CodeIndex

MAX_BYTES = 8 * 1024 * 1024
WHOLE = 0.5
"""Where so much of a file is the package's, the whole file is named and no lines."""
LEAST_BYTES = 256
"""Shorter files are anybody's."""


def with_copies(
    root: Path, headers: Mapping[str, Header], placed: list[Placed], covers: Covers, own: Own
) -> tuple[list[Placed], int]:
    """What was placed, with the files that are copies told as such, and with how many packages they were compared.

    All is as it was, and the number 0, where this machine has no index of code.
    """
    from licscan.copies.shelf import user_index

    index = user_index()
    if index is None:
        return placed, 0
    known = {one.path: one for one in placed}
    found = {path: list(_copies(root, path, known.get(path), index, covers, own)) for path in headers}
    others = [one for one in placed if not found.get(one.path)]
    return [*others, *(copy for path in sorted(found) for copy in found[path])], len(index)


def _copies(
    root: Path, path: str, placed: Placed | None, index: CodeIndex, covers: Covers, own: Own
) -> Iterator[Placed]:
    from licscan.copies.prints import language_of
    from licscan.copies.recognise import recognise

    if language_of(path) is None:
        return
    try:
        data = read_file(root / path, MAX_BYTES)
    except InputError:
        return
    if len(data) < LEAST_BYTES:
        return
    for copy in _foreign(recognise(data, path, index), own):
        yield _placed(path, copy, placed, covers)


def _foreign(copies: Iterable[Copy], own: Own) -> Iterator[Copy]:
    return (copy for copy in copies if not own.is_called(copy.name))


def _placed(path: str, copy: Copy, placed: Placed | None, covers: Covers) -> Placed:
    """A copy, with what the file or a text beside it says of its license; that counts before the index."""
    cover = covers.of(path)
    stated = placed.expression if placed and placed.expression not in (NONE, NOASSERTION) else ""
    lines = copy.lines[0] if copy.lines and copy.share < WHOLE else None
    told = Placed(
        path,
        SourceGroupKind.COPIED,
        stated or copy.license or NOASSERTION,
        name=copy.name,
        version=copy.version,
        license_file=cover.path or None if cover else None,
        in_tests=is_test(path),
        lines=lines,
        package=copy.package,
        share=round(100 * copy.share),
        also=copy.also,
    )
    return replace(told, holders=placed.holders, rules=placed.rules) if placed else told
