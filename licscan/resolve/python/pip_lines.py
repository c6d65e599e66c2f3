"""Requirements files as pip reads them, up to the logical line: encoding, continuations, comments, options.

Facts: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import codecs
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from licscan.base.tree import Tree, decode

_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_CODECS = re.compile(r"(?i)utf-8|utf-16.*|ascii|iso8859-\d+|cp\d+|gb\w+|big5\w*|shift_jis\w*|euc_\w+|koi8-\w|mac-\w+")
_OPTION = re.compile(r"(?:^|\s)-{1,2}[A-Za-z]")
_HASH = re.compile(r"--hash[=\s]\s*[\"']?([A-Za-z0-9_]+):([0-9A-Fa-f]+)")
_VALUE_OPTION = re.compile(r"(--?[A-Za-z][A-Za-z-]*)(?:\s*=\s*|\s+)?(.*)", re.DOTALL)
_SHORT = {"-r": "--requirement", "-c": "--constraint", "-e": "--editable", "-i": "--index-url", "-f": "--find-links"}


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: `number` is that of its first line; `option` is long (`--requirement`), `text` its value.

    Without an option `text` is the requirement, or empty on a line that is all comment.
    """

    number: int
    text: str
    option: str | None = None
    hashes: tuple[str, ...] = ()
    comment: str | None = None


def read(tree: Tree, path: str) -> str:
    """The file's text by BOM, else by the coding that one of its first two lines names, else as any other file."""
    data = tree.read_bytes(path)
    for line in data.split(b"\n", 2)[:2]:
        found = _CODING.match(line)
        if found and not data.startswith(codecs.BOM_UTF8):
            try:
                name = codecs.lookup(found[1].decode("ascii", "replace")).name
                # codecs that compress or are slower than linear stay out
                if _CODECS.fullmatch(name):
                    return data.decode(name)
            except (LookupError, ValueError):
                break
    return decode(data, path)


def lines(text: str) -> Iterator[Line]:
    """The logical lines, comments among them (pip-compile says in those what needs a package)."""
    for number, joined in _joined(text):
        start = _comment_start(joined)
        said = None if start is None else joined[start + 1 :].rstrip()
        yield _line(number, joined[:start].strip(), said)


def _comment_start(line: str) -> int | None:
    """Where the comment begins: a `#` at the start or behind white space, so that fragments of URLs survive."""
    start = line.find("#")
    while start > 0 and not line[start - 1].isspace():
        start = line.find("#", start + 1)
    return None if start < 0 else start


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Lines with continuations put together; a comment line ends a continuation, as in pip."""
    parts: list[str] = []
    first = 1
    for number, line in enumerate(text.splitlines(), 1):
        comment = line.lstrip().startswith("#")
        if not parts:
            first = number
        if line.endswith("\\") and not comment:
            parts.append(line.rstrip("\\"))
            continue
        parts.append(f" {line}" if comment and parts else line)
        yield first, "".join(parts)
        parts = []
    if parts:
        yield first, "".join(parts)


def _line(number: int, code: str, comment: str | None) -> Line:
    if code.startswith("-"):
        option, value = _option(code)
        return Line(number, value, option, hashes=_hashes(value), comment=comment)
    text, rest = code, ""
    if "-" in code and (found := _OPTION.search(code)):
        text, rest = code[: found.start()].rstrip(), code[found.start() :]
    return Line(number, text, hashes=_hashes(rest), comment=comment)


def _hashes(text: str) -> tuple[str, ...]:
    if "--hash" not in text:
        return ()
    return tuple(sorted({f"{name.lower()}:{value.lower()}" for name, value in _HASH.findall(text)}))


def _option(code: str) -> tuple[str, str]:
    """The long name of a line's option, and its value without quotes."""
    if code[:2] in _SHORT and code[1:2] != "-":
        return _SHORT[code[:2]], _unquoted(code[2:].lstrip().removeprefix("=").strip())
    found = _VALUE_OPTION.fullmatch(code)
    if found is None:
        return code[:40], ""
    return found[1], _unquoted(found[2].strip())


def _unquoted(value: str) -> str:
    if value[:1] not in "\"'" or not value:
        return value
    try:
        return " ".join(shlex.split(value))
    except ValueError:
        return value.strip("\"'")
