"""Files that are the code of a package which no manifest names, recognised by the index of code on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.conclude.agree import whole
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, SourceGroupKind
from licscan.source.covers import Covers
from licscan.source.header import Header
from licscan.source.names import is_test
from licscan.source.placing import Cover, Own, Placed, is_own

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
    found = {
        path: list(_copies(root, path, _Said(header, known.get(path), covers.of(path)), index, own))
        for path, header in headers.items()
    }
    others = [one for one in placed if not found.get(one.path)]
    return [*others, *(copy for path in sorted(found) for copy in found[path])], len(index)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a file says of itself, how it was placed by that, and the text beside it."""

    header: Header
    placed: Placed | None
    cover: Cover | None


def _copies(root: Path, path: str, said: _Said, index: CodeIndex, own: Own) -> Iterator[Placed]:
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
    for copy in recognise(data, path, index):
        if not own.is_called(copy.name):
            yield _placed(path, copy, said)


def _placed(path: str, copy: Copy, said: _Said) -> Placed:
    """A copy, with what the file or a text beside it says of its license.

    Where that is another license than the package's, and the package's own file does not say it, both stand; else what
    the file says counts, since files of a package may be under licenses of their own.
    """
    placed, cover = said.placed, said.cover
    stated, lines = _stated(said)
    as_published = bool(said.header.said) and copy.remark == "kept"
    other = bool(stated and _is_known(copy.license)) and not as_published
    other = other and not is_own(stated, licenses_of(copy.license))
    expression = copy.license if other else stated or copy.license
    lines_copied = copy.lines[0] if copy.lines and copy.share < WHOLE else None
    told = Placed(
        path,
        SourceGroupKind.COPIED,
        expression or NOASSERTION,
        name=copy.name,
        version=copy.version,
        license_file=cover.path or None if cover else None,
        in_tests=is_test(path),
        lines=lines_copied,
        package=copy.package,
        share=round(100 * copy.share),
        also=copy.also,
        declared=copy.license,
        stated=stated if other else "",
        stated_lines=lines if other else None,
        unmarked=copy.file if copy.remark == "lost" else "",
    )
    return replace(told, holders=placed.holders, rules=placed.rules) if placed else told


def _stated(said: _Said) -> tuple[str, tuple[int, int] | None]:
    """The license that the file names, and where; else that of the text beside it."""
    header = said.header.said
    if header:
        return whole(one.expression for one in header), (header[0].start, header[0].end)
    if said.placed and _is_known(said.placed.expression):
        return said.placed.expression, None
    return (said.cover.expression, None) if said.cover and _is_known(said.cover.expression) else ("", None)


def _is_known(expression: str) -> bool:
    return expression not in (NONE, NOASSERTION, "")
