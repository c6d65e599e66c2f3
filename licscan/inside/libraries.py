"""Native libraries by the names that files, lists and texts give them; `data/native_libraries.toml` is the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from licscan.base.tables import load_toml

_SHARED = re.compile(r"(?i)(?:\.so(?:\.\d+)*|\.\d+(?:\.\d+)*\.dylib|\.dylib|\.dll|\.pyd)$")
_HASH = re.compile(r"(?i)-[0-9a-f]{8}(?:[0-9a-f]{8,56})?(?=$|\.|-[0-9a-f]{8})")
_DIGITS = re.compile(r"[\d._-]+$")
_REST = re.compile(r"[^a-z0-9+]+")


@dataclass(frozen=True, slots=True)
class Library:
    """A library that is often inside wheels: its name, its license (an SPDX expression), the words of its texts."""

    name: str
    license: str
    words: tuple[str, ...] = ()
    below: tuple[tuple[str, str], ...] = ()

    def license_of(self, version: str | None) -> str:
        """The license of a version; older ones may have had another."""
        for bound, license_ in self.below:
            if version and _number(version) < _number(bound):
                return license_
        return self.license


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in re.findall(r"\d+", version)[:4])


@lru_cache(maxsize=20_000)
def stem_of(path: str) -> str:
    """The name in a shared library's file name: `png16` of `libpng16-1d1ba958.so.16.58.0`."""
    name = _SHARED.sub("", path[path.rfind("/") + 1 :])
    # auditwheel puts a hash of eight digits behind the name, sometimes twice; delocate puts nothing
    plain = _HASH.sub("", name)
    return plain[3:] if plain.lower().startswith("lib") and len(plain) > 3 else plain


@lru_cache(maxsize=20_000)
def key_of(name: str) -> str:
    """What two names of one library share: no `lib`, signs, or number at the end (`png16`, `libpng`: `png`)."""
    plain = _REST.sub("", name.lower())
    plain = plain[3:] if plain.startswith("lib") and len(plain) > 3 else plain
    short = _DIGITS.sub("", plain)
    # the number is the name of x264 and X11
    return short if len(short) > 1 else plain


def keys_of(name: str) -> tuple[str, ...]:
    """The keys of a name that may be several (`libjpeg / libjpeg-turbo`)."""
    return tuple(dict.fromkeys(key_of(part) for part in name.split("/") if _REST.sub("", part.lower())))


@cache
def libraries() -> dict[str, Library]:
    """The known libraries by each key."""
    found: dict[str, Library] = {}
    for name, row in load_toml("native_libraries.toml").items():
        if isinstance(row, dict):
            below = tuple((str(bound), str(license_)) for bound, license_ in row.get("below", ()))
            library = Library(name, row["license"], tuple(row.get("words", ())), below)
            for one in (name, *row.get("files", ())):
                found[key_of(one)] = library
    return found


def library_of(name: str) -> Library | None:
    """The known library that goes by a name of a file or of a list."""
    table = libraries()
    return next((table[key] for key in keys_of(name) if key in table), None)


def identity(name: str) -> str:
    """The one name under which files and lists are compared."""
    known = library_of(name)
    return key_of(known.name) if known else next(iter(keys_of(name)), name)


def spoken_of(names: Iterable[str], text: str) -> bool:
    """Whether a license text names the library as a word of its own: `libpng`, `PNG Reference Library`."""
    words: dict[str, None] = {}
    for name in names:
        known = library_of(name)
        words.update(dict.fromkeys((*keys_of(name), *((known.name.lower(), *known.words) if known else ()))))
    found = [re.escape(word.lower()) for word in words if len(word) > 1]
    if not found:
        return False
    return re.search(rf"(?<![a-z0-9])(?:lib)?(?:{'|'.join(found)})[\d._-]*(?![a-z0-9])", text.lower()) is not None


_FILE_OF = re.compile(
    r"(?i)(?:^|/)(?:(?:licen[cs]es?|copying|copyright|notice)[-._](?P<behind>[^/]+?)"
    r"|(?P<before>[^/]+?)[-._](?:licen[cs]e|copying|copyright|notice)"
    r"|(?P<folder>[^/]+)/(?:licen[cs]e|copying|copyright|notice))(?:\.(?:txt|md|rst|html))?$"
)


def text_named_for(name: str, paths: Iterable[str]) -> str:
    """The text whose file or folder is called after a library: `LICENSE.zlib.txt`, `zlib.LICENSE`, `zlib/LICENSE`."""
    wanted = {identity(name), *keys_of(name)}
    for path in sorted(paths):
        found = _FILE_OF.search(path)
        said = (found["behind"] or found["before"] or found["folder"] or "") if found else ""
        if said and (identity(said) in wanted or wanted & set(keys_of(said))):
            return path
    return ""
