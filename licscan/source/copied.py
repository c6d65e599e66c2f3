"""Files that are the code of a package which no manifest names, recognised by the index of code on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.conclude.agree import whole
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, SourceGroupKind
from licscan.source.covers import Covers
from licscan.source.declared import Declared
from licscan.source.header import Header, HeaderLicense
from licscan.source.names import is_test
from licscan.source.placing import Cover, Own, Placed, is_own

if TYPE_CHECKING:
    from licscan.copies.found import Copy
    from licscan.copies.index import CodeIndex

WHOLE = 0.5
"""Where so much of a file is the package's, the whole file is named and no lines."""
ABOVE = 20
"""Lines above copied ones in which their license comment stands."""


def with_copies(
    root: Path, headers: Mapping[str, Header], placed: list[Placed], covers: Covers, own: Own, declared: Declared
) -> tuple[list[Placed], int]:
    """What was placed, with the files that are copies told as such, and with how many packages they were compared.

    All is as it was, and the number 0, where this machine has no index of code.
    """
    from licscan.copies.shelf import user_index

    index = user_index()
    if index is None:
        return placed, 0
    means = _Means(index, own, declared.delivered)
    found = {path: list(_copies(root, path, header, covers.of(path), means)) for path, header in headers.items()}
    others = [one for one in placed if not found.get(one.path)]
    return [*others, *(copy for path in sorted(found) for copy in found[path])], len(index)


@dataclass(frozen=True, slots=True)
class _Means:
    index: CodeIndex
    own: Own
    delivered: bool

    def is_own(self, copy: Copy) -> bool:
        """Whether it is the project's own code; in what others deliver, code of ours is none of theirs."""
        if self.delivered and copy.package.startswith("pkg:generic/"):
            return False
        return self.own.is_called(copy.name)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a file says of itself, the text beside it, and where its first code begins."""

    header: Header
    cover: Cover | None
    before_code: int = 0

    def licenses(self, copy: Copy) -> list[HeaderLicense]:
        """The statements that speak of a copy: of a whole file those before its code, else those where it stands."""
        return [one for one in self.header.said if self._speaks(one.start, copy)]

    def holders(self, copy: Copy) -> tuple[str, ...]:
        """Whose work the copy says it is."""
        return tuple(holder for holder, line in self.header.holders if self._speaks(line, copy))

    def _speaks(self, line: int, copy: Copy) -> bool:
        if copy.share >= WHOLE:
            return line <= self.before_code
        return any(first - ABOVE <= line <= last for first, last in copy.lines)


def _copies(root: Path, path: str, header: Header, cover: Cover | None, means: _Means) -> Iterator[Placed]:
    from licscan.copies.prints import language_of
    from licscan.copies.recognise import recognise
    from licscan.copies.thresholds import LEAST_BYTES, MAX_BYTES

    if language_of(path) is None:
        return
    try:
        data = read_file(root / path, MAX_BYTES)
    except InputError:
        return
    if len(data) < LEAST_BYTES:
        return
    copies = [copy for copy in recognise(data, path, means.index) if not means.is_own(copy)]
    yield from placed_copies(path, data, copies, header, cover)


def placed_copies(
    path: str, data: bytes, copies: Sequence[Copy], header: Header, cover: Cover | None
) -> Iterator[Placed]:
    """The copies of which a file consists, with what it says of itself and the text beside it."""
    from licscan.copies.prints import language_of
    from licscan.copies.remarks import leading_lines

    language = language_of(path)
    if copies and language is not None:
        said = _Said(header, cover, leading_lines(data, language))
        yield from (_placed(path, copy, said) for copy in copies)


def _placed(path: str, copy: Copy, said: _Said) -> Placed:
    """A copy, with what the file or a text beside it says of its license.

    What names no other license than the package's says nothing new. Another one counts where the package's own file
    says so too, since files of a package may be under licenses of their own; else both stand.
    """
    statements = said.licenses(copy)
    stated, lines = _stated(statements, said.cover)
    differs = bool(stated) and not (_is_known(copy.license) and is_own(stated, licenses_of(copy.license)))
    changed = differs and _is_known(copy.license) and not (statements and copy.remark == "kept")
    return Placed(
        path,
        SourceGroupKind.COPIED,
        (stated if differs and not changed else copy.license) or NOASSERTION,
        name=copy.name,
        version=copy.version,
        license_file=said.cover.path or None if said.cover else None,
        in_tests=is_test(path),
        holders=_holders(copy, said, changed=changed),
        rules=tuple(sorted({one.rule for one in statements})),
        lines=copy.lines[0] if copy.lines and copy.share < WHOLE else None,
        package=copy.package,
        share=round(100 * copy.share),
        also=copy.also,
        declared=copy.license,
        stated=stated,
        changed=changed,
        stated_lines=lines if changed else None,
        unmarked=copy.file if copy.remark == "lost" else "",
    )


def _holders(copy: Copy, said: _Said, *, changed: bool) -> tuple[str, ...]:
    """Whom the copy or the text beside it names; where these do not count alone, the package's text too."""
    told = said.holders(copy) or (said.cover.holders if said.cover else ())
    return tuple(dict.fromkeys((*told, *copy.holders))) if changed or not told else told


def _stated(statements: list[HeaderLicense], cover: Cover | None) -> tuple[str, tuple[int, int] | None]:
    """The license that the copy names, and where; else that of the text beside it."""
    if statements:
        return whole(one.expression for one in statements), (statements[0].start, statements[0].end)
    return (cover.expression, None) if cover and _is_known(cover.expression) else ("", None)


def _is_known(expression: str) -> bool:
    return expression not in (NONE, NOASSERTION, "")
