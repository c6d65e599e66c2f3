"""The package of a path, as bundlers and package managers write paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

MAX_PATH = 4_000
_MARK = "node_modules/"
_NAME = re.compile(r"(@[a-z0-9~_.-][\w.~-]*/)?[a-zA-Z0-9~_-][\w.~!'()*-]*")
_STORE = re.compile(r"(?:^|/)\.(?:pnpm|bun|deno)/((?:@[^/+@]+[+/])?[^/@]+)@([^/()_]+)")
_YARN = re.compile(r"(?:^|/)((?:@[\w.~-]+-)?[\w.~-]+?)-npm-([0-9][\w.+-]*?)-[0-9a-f]{8,}(?:-[0-9a-f]+)?(?:\.zip)?/$")
_VERSION = re.compile(r"v?\d[\w.+-]*")


@dataclass(frozen=True, slots=True)
class PackagePath:
    """A package by a path: its version where the path says it, and the place from the first node_modules on."""

    name: str
    version: str = ""
    place: str = ""


@lru_cache(maxsize=200_000)
def package_of(path: str) -> PackagePath | None:
    """The npm package that a path leads into; None for what lies in none, and for what no path can be."""
    if len(path) > MAX_PATH:
        return None
    # loaders stand before the file, with `!` between; a query behind it
    plain = path.rpartition("!")[2].replace("\\", "/").replace("\0", "").partition("?")[0]
    if "%" in plain:
        plain = unquote(plain)
    at = plain.rfind(_MARK)
    if at < 0 or (at and plain[at - 1] not in "/:."):
        return None
    after = plain[at + len(_MARK) :]
    name = "/".join(after.split("/")[: 2 if after.startswith("@") else 1])
    if not _NAME.fullmatch(name):
        return None
    first = plain.find(_MARK)
    while first and plain[first - 1] not in "/:.":
        first = plain.find(_MARK, first + 1)
    return PackagePath(name, _version(plain[:at], name), plain[first : at + len(_MARK) + len(name)])


def _version(before: str, name: str) -> str:
    """The version that the store of pnpm, bun or deno, or yarn's cache, has in its folders' names."""
    flat = name.replace("/", "-").lstrip("@")
    for found in _STORE.finditer(before[-600:]):
        stored = found[1].replace("+", "/")
        if stored == name and before[-600:].find("/", found.end()) == before[-600:].rfind("/"):
            return found[2] if _VERSION.fullmatch(found[2]) else ""
    found_yarn = _YARN.search(before[-300:])
    if found_yarn and found_yarn[1].lstrip("@") == flat:
        return found_yarn[2]
    return ""
