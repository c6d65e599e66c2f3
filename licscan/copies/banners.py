"""The version that a text states of a named work: in its first lines, in banners that minifiers keep, or as a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

HEAD = 4_096
MOST_BANNERS = 60
BANNER = 1_500
MAX_LOOKED = 4 * 1024 * 1024
_VERSION = rb"v?(?P<version>[0-9]{1,5}\.[0-9]{1,5}(?:\.[0-9]{1,6})?(?:[-.+][0-9A-Za-z.]{1,20})?)(?![0-9A-Za-z])"
_KEPT = (b"/*!", b"@license", b"@preserve")
_ASSIGNED = re.compile(
    rb"(?:ersion|ERSION)(?:__)?['\"]?\s{0,3}[:=]\s{0,3}['\"]"
    rb"(?P<version>[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,6}(?:[-.+][0-9A-Za-z.]{1,20})?)['\"]"
)


class Stated:
    """The versions that a text states, of whatever name it is asked for; it is looked through once."""

    def __init__(self, data: bytes):
        self._data = data

    def version_of(self, name: str) -> str | None:
        """The version beside a package's name; None where there is none, or more than one."""
        word = _leaf(name)[0].lower().encode()
        parts = [part for part, lowered in self._banners if word in lowered]
        found = {match["version"] for part in parts for match in name_pattern(name).finditer(part)}
        if len(found) == 1:
            return said(found.pop())
        return None if found else self._assigned

    @cached_property
    def _banners(self) -> list[tuple[bytes, bytes]]:
        return [(part, part.lower()) for part in banners(self._data)]

    @cached_property
    def _assigned(self) -> str | None:
        """The one version that stands as a value."""
        data = self._data[:MAX_LOOKED]
        places = (at for word in (b"ersion", b"ERSION") for at in _places(data, word))
        assigned = {match["version"] for at in places if (match := _ASSIGNED.match(data, at)) is not None}
        return said(assigned.pop()) if len(assigned) == 1 else None


def banners(data: bytes) -> list[bytes]:
    """The first lines of a text, and the beginnings of the comments that minifiers keep."""
    parts = [data[:HEAD]]
    for at in sorted(at for word in _KEPT for at in _places(data, word))[:MOST_BANNERS]:
        if at >= HEAD:
            end = data.find(b"*/", at, at + BANNER)
            parts.append(data[at : end if end >= 0 else at + BANNER])
    return parts


def _places(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word, 0, MAX_LOOKED)
    while at >= 0:
        yield at
        at = data.find(word, at + 1, MAX_LOOKED)


@lru_cache(maxsize=512)
def name_pattern(name: str) -> re.Pattern[bytes]:
    """What finds a name with a version behind it."""
    words = rb"[-_. ]?".join(re.escape(part.encode()) for part in _leaf(name))
    between = rb"(?:[-. ]?js)?(?:[ \t]+(?:JavaScript|JS|Core|Library)){0,3}[ \t]{0,4}[-@,:(]?[ \t]{0,4}"
    between += rb"(?:version[ \t:]{0,3})?"
    # a banner begins with the name; "as of jQuery 3.0" tells of another version than the text's own
    begins = rb"(?im)(?:^|/\*|//)[ \t/*!#;|=-]{0,8}(?:@[a-z]{1,12}[ \t]{1,4}){0,2}(?:@[a-z0-9._-]{1,40}/)?"
    return re.compile(begins + words + between + _VERSION)


def said(version: bytes) -> str:
    """A version as text."""
    return version.decode("ascii", "replace").rstrip(".")


def _leaf(name: str) -> list[str]:
    """The words of a package's name, without scope and `.js`."""
    leaf = re.sub(r"(?i)\.?js$", "", name.rpartition("/")[2]) or name
    return [part for part in re.split(r"[-_. ]+", leaf) if part] or [name]
