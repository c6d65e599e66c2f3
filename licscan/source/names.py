"""What a path says of a file: code, prose, data or media, other people's, of the tests. Names only, never contents."""

from __future__ import annotations

import re
from enum import StrEnum

from licscan.model.endings import endings
from licscan.packages.marks import is_test, name_and_version

__all__ = ["Sort", "is_library", "is_minified", "is_test", "name_and_version", "sort_of", "vendored_folder"]


class Sort(StrEnum):
    """What is done with a file: `code` is read for its header, `prose` for its tags; `binary` goes by its name."""

    CODE = "code"
    PROSE = "prose"
    BINARY = "binary"
    LEFT_OUT = "left-out"


_MEDIA = re.compile(
    # content, and beside it: drawings and documents of programs, data, keys, catalogues of messages, logs
    rf"(?i)(?:{'|'.join(map(re.escape, endings(generic=True)))}"
    r"|\.(?:ai|sketch|fig|xcf|eps|docx?|xlsx?|pptx?|od[tsp]|epub|rtf"
    r"|json[5cl]?|jsonld|geojson|webmanifest|ipynb|csv|tsv|db|sqlite3?|map|snap|lock|mo|gmo|pot?"
    r"|pem|crt|cer|der|key|p12|pfx|asc|sig|gpg|sha\d+|md5|log|dat"
    r"|patch|diff|orig|rej|bak|pyc|pyo|lo|la|d))$"
)
_BINARY = re.compile(
    r"(?i)\.(?:jar|war|aar|class|whl|egg|so(?:\.\d+)*|dll|dylib|exe|a|lib|node|wasm|o|dex|apk|msi|deb|rpm|zip"
    r"|tgz|tar|tar\.(?:gz|bz2|xz|zst)|gz|bz2|xz|zst|7z|rar|crx|xpi|swf)$"
)
_LIBRARY = re.compile(r"(?i)\.(?:jar|war|aar|whl|egg|so(?:\.\d+)*|dll|dylib|exe|node|wasm|swf)$")
_PROSE = re.compile(r"(?i)\.(?:md|mdx|markdown|rst|txt|text|adoc|asciidoc|org|textile|tex|texi|wiki|log)$")
_NAMELESS = re.compile(
    r"(?i)^(?:changes|changelog|history|news|readme|todo|install|authors|contributors|thanks|version)$"
)
_METADATA = frozenset(
    {
        "PKG-INFO", "METADATA", "SOURCES.txt", "REUSE.toml", ".gitignore", ".gitattributes", "pnpm-lock.yaml", "go.sum",
        "npm-shrinkwrap.json",
    }
)  # fmt: skip


def sort_of(path: str) -> Sort:
    """What is done with a file, by its name."""
    name = path[path.rfind("/") + 1 :]
    if name in _METADATA or _MEDIA.search(name):
        return Sort.LEFT_OUT
    if _BINARY.search(name):
        return Sort.BINARY
    return Sort.PROSE if _PROSE.search(name) or _NAMELESS.match(name) else Sort.CODE


_FOLDERS = re.compile(
    r"(?i)(?:^|/)(_?vendor(?:ed)?|_vendor|third[-_]?party(?:[-_]libs?)?|3rd[-_]?party|externals?|extern|bower_components"
    r"|jspm_packages|web_modules|(?:static|public|assets|www|wwwroot|js|javascripts?|scripts|css)/(?:[^/]+/){0,2}(?:libs?|vendors?|plugins))/"
)
_MINIFIED = re.compile(r"(?i)[.\-_]min\.(?:m?js|css)$|\.pack(?:ed)?\.js$")


def vendored_folder(path: str) -> str | None:
    """The folder of a path that is named for other people's work, with what it lies in; None without one."""
    match = _FOLDERS.search(path)
    return path[: match.end() - 1] if match else None


def is_library(path: str) -> bool:
    """Whether a file is named as a library or program that was built elsewhere."""
    return _LIBRARY.search(path) is not None


def is_minified(path: str) -> bool:
    """Whether a file is named as the output of a minifier."""
    return _MINIFIED.search(path) is not None
