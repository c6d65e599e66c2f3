"""Which of a package's files may tell whose work they are, and by what marks inside them. Pure: paths and bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_CODE = 2 * 1024 * 1024
"""Bytes of a code file that is looked at whole."""
MAX_UNITS = 200
MAX_LOOKED = 8
"""Files of one unit whose banners are looked for."""
MAX_SOURCES = 40
"""Files of one package, those nearest to its top, in whose heads holders are looked for."""
BANNER_HEAD = 8 * 1024
STATEMENT_HEAD = 4 * 1024

STATEMENT = re.compile(
    r"(?i)(?:copyright\b\s*(?:\(c\)|©|&copy;)?|©|&copy;|(?<!\w)\(c\))[\s:,]*(?:(?:19|20)\d\d[\d\s,\-–present]*[^\s<\[{(]|by\s+\w)[^\n]{0,160}"
)
"""A copyright statement: a year or `by` behind the word, so that what licenses say of copyright does not count."""
BANNER = re.compile(rb"(?i)copyright|licen[sc]e|\(c\)|\xc2\xa9|public domain|spdx|@preserve|https?://")
"""In the head of a file: somebody says whose it is."""
KEPT = re.compile(rb"/\*!|@license|@preserve|@lic\b")
"""A comment that minifiers keep, wherever it stands."""

_NAMED = re.compile(r"(?i)(?!copyright|present|all|rights|reserved|year)\b[^\W\d_]{3,}")
_SOURCE = re.compile(r"(?i)\.(?:[cm]?jsx?|tsx?|py|pyx|c|h|cc|cpp|css|less|scss)$")
_CODE = re.compile(r"(?i)\.(?:[cm]?js|css|py|c|h|cc|cpp)$")
_UNIT = re.compile(r"(?i)^(?:.*?/)??(_?vendor(?:ed)?|third[-_]?party|3rd[-_]?party)/([^/]+)")
_MINIFIED = re.compile(r"(?i)[.\-_]min\.(?:m?js|css)$")
_INDEX = re.compile(r"(?i)^(?:index|main|__init__|mod|all)$")
_TESTS = re.compile(
    r"(?i)(?:^|/)(?:i?tests?|__tests__|testing|testdata|test[-_]data|specs?|fixtures|e2e|cypress|__mocks__)/"
)
_VERSIONED = re.compile(
    r"(?i)^(?P<name>[a-z][a-z0-9_.+]*?(?:-[a-z][a-z0-9_.+]*?)*?)[-_.@]v?(?P<version>\d+(?:\.\d+){1,3}(?:-?(?:alpha|beta|rc)[.\d]*)?)"
    r"(?=[-.](?:min|slim|umd|esm|global|prod|bundle|pack|cp\d|py\d|none|linux|win|macos|(?:m?js|css|jar|whl|tgz|zip|tar|so|dll|aar|swf)$)|$)"
)


def named_statement(text: str) -> re.Match[str] | None:
    """The first copyright statement in a license text or readme, on a line of its own, that names somebody."""
    for line in text.splitlines():
        if len(line) <= 1_000 and (match := STATEMENT.search(line)) and _NAMED.search(match[0]):
            return match
    return None


def is_source(path: str) -> bool:
    """Whether a file is source code in whose head a holder may be named."""
    return _SOURCE.search(path) is not None


def source_rank(path: str) -> tuple[int, str]:
    """The order in which sources are looked at: those nearest to the top first."""
    return path.count("/"), path


def first_sources(paths: Iterable[str]) -> list[str]:
    """The sources in whose heads holders are looked for, in order."""
    return sorted(filter(is_source, paths), key=source_rank)[:MAX_SOURCES]


def unit_of(path: str, package: str) -> tuple[str, str] | None:
    """The file or folder of others' code that a path belongs to, with its name; None for the package's own.

    A file is others' work where its folder is named for that, or where it has the name and version of another package
    (`jquery-3.4.1.min.js`). What is no code, a test, or in a bundled `node_modules` is none.
    """
    lowered = path.lower()
    if "vendor" not in lowered and "party" not in lowered and "min." not in lowered:
        return None  # nearly all
    if not _CODE.search(path) or is_test(path) or "/node_modules/" in f"/{path}":
        return None
    if match := _UNIT.match(path):
        name = re.sub(r"(?i)(?:[.\-_]min)?\.[a-z]+$", "", match[2])
        place = path[: match.end(2)]
        return None if _INDEX.match(name) or _same(name, package) else (place, name)
    told = name_and_version(path) if _MINIFIED.search(path) else None
    return None if told is None or _same(told[0], package) else (path, told[0])


def _same(name: str, package: str) -> bool:
    """Whether a name is the package's own, or made from it."""
    one, own = (re.sub(r"[^a-z0-9]", "", word.lower()) for word in (name, package.rpartition("/")[2]))
    return bool(one and own) and (one in own or own in one)


def has_banner(data: bytes) -> bool:
    """Whether the head of a file says whose it is; in what is minified a kept comment may stand anywhere.

    An empty file lacks nothing.
    """
    return not data.strip() or BANNER.search(data[:BANNER_HEAD]) is not None or KEPT.search(data) is not None


def name_and_version(path: str) -> tuple[str, str] | None:
    """`jquery-3.4.1.min.js`: name and version in a file's name."""
    match = _VERSIONED.match(path[path.rfind("/") + 1 :])
    return (match["name"], match["version"]) if match else None


def is_test(path: str) -> bool:
    """Whether a file lies in a folder that is named for tests."""
    return _TESTS.search(path) is not None
