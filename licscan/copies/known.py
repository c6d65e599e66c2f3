"""Browser and messaging libraries that are told by their banner or file name, without any index.

The table is `data/browser_libraries.toml`: facts, written for licscan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from licscan.base.tables import load_toml
from licscan.copies.banners import banners, name_pattern, said
from licscan.copies.found import Copy

TABLE = "browser_libraries.toml"
_VERSION = r"[-._@]?v?(?P<version>[0-9]{1,5}(?:\.[0-9]{1,6}){1,3}(?:-[0-9A-Za-z.]{1,20}?)?)?"
_ENDS = (
    r"(?:[-._](?:min|slim|full|core|bundle|bundled|prod(?:uction)?|dev(?:elopment)?|umd|iife|esm?|cjs|module|common|global"
    r"|browser|pkgd|packed?|all|es5|debug|standalone|lib|dist|latest|esm-browser|runtime)){0,5}\.(?:m|c)?js$"
)


@dataclass(frozen=True, slots=True)
class Library:
    """One row: PackageURL, how it calls itself in banners, license, stems of its files, global names, more banners."""

    package: str
    names: tuple[str, ...]
    license: str
    files: tuple[str, ...]
    globals: tuple[str, ...]
    banners: tuple[str, ...]


@cache
def libraries() -> tuple[Library, ...]:
    """All rows of the table."""
    return tuple(
        Library(
            row["package"],
            tuple(row["names"]),
            row["license"],
            tuple(row.get("files", ())),
            tuple(row.get("globals", ())),
            tuple(row.get("banners", ())),
        )
        for row in load_toml(TABLE)["library"]
    )


@cache
def _by_file() -> dict[str, Library]:
    return {stem: one for one in libraries() for stem in one.files}


@cache
def _file_pattern() -> re.Pattern[str]:
    stems = "|".join(re.escape(stem) for stem in sorted(_by_file(), key=lambda stem: (-len(stem), stem)))
    return re.compile(f"(?i)^(?P<stem>{stems}){_VERSION}{_ENDS}")


@cache
def _banner_patterns() -> tuple[tuple[re.Pattern[bytes], Library], ...]:
    made = []
    for one in libraries():
        made += [(name_pattern(name), one) for name in one.names]
        made += [(re.compile(pattern.encode()), one) for pattern in one.banners]
    return tuple(made)


def known_library(path: str, data: bytes) -> Copy | None:
    """The library that a file says it is: by the first banner with a name and a version, else by its file name.

    A file name without a version says nothing by itself: anybody may have a `router.js`.
    """
    told = _by_banner(data)
    if told is None:
        match = _file_pattern().match(path[path.rfind("/") + 1 :])
        if match is None or not match["version"]:
            return None
        told = _by_file()[match["stem"].lower()], match["version"]
    library, version = told
    lines = max(1, data.count(b"\n") + (not data.endswith(b"\n")))
    return Copy(
        library.package, library.names[0], (), version, 0.0, 0.0, ((1, lines),), library.license, "", "banner"
    )  # fmt: skip


def _by_banner(data: bytes) -> tuple[Library, str] | None:
    best: tuple[int, int, Library, str] | None = None
    for part in banners(data)[:1]:
        for at, (pattern, library) in enumerate(_banner_patterns()):
            match = pattern.search(part)
            # what a file calls itself comes first; what it depends on, later
            if match is not None and _is_comment(part, place := match.start("version")):
                found = (place, at, library, said(match["version"]))
                best = found if best is None or found[:2] < best[:2] else best
    return best[2:] if best is not None else None


def _is_comment(part: bytes, at: int) -> bool:
    """Whether a place lies in a comment: behind `/*` that is not closed, or `//` of its line."""
    opened = part.rfind(b"/*", 0, at)
    line = part[part.rfind(b"\n", 0, at) + 1 : at]
    return (opened >= 0 and part.find(b"*/", opened + 2, at) < 0) or line.lstrip().startswith(b"//")
