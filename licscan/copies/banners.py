"""The version that a text states of a named work: in its first lines, in banners that minifiers keep, or as a value."""

from __future__ import annotations

import re
from functools import lru_cache

HEAD = 4_096
MOST_BANNERS = 60
BANNER = 1_500
MAX_LOOKED = 4 * 1024 * 1024
_VERSION = rb"v?(?P<version>[0-9]{1,5}\.[0-9]{1,5}(?:\.[0-9]{1,6})?(?:[-.+][0-9A-Za-z.]{1,20})?)(?![0-9A-Za-z])"
_KEPT = re.compile(rb"/\*!|@license|@preserve|@cc_on")
_ASSIGNED = re.compile(
    rb"[vV](?:ersion|ERSION)(?:__)?['\"]?\s{0,3}[:=]\s{0,3}['\"]"
    rb"(?P<version>[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,6}(?:[-.+][0-9A-Za-z.]{1,20})?)['\"]"
)


def version_in(data: bytes, name: str) -> str | None:
    """The version that a text states beside a package's name; None where there is none, or more than one."""
    word = _leaf(name)[0].lower().encode()
    parts = [part for part in banners(data) if word in part.lower()]
    found = {match["version"] for part in parts for match in name_pattern(name).finditer(part)}
    if len(found) == 1:
        return said(found.pop())
    if found:
        return None
    assigned = {match["version"] for match in _ASSIGNED.finditer(data[:MAX_LOOKED])}
    return said(assigned.pop()) if len(assigned) == 1 else None


def banners(data: bytes) -> list[bytes]:
    """The first lines of a text, and the beginnings of the comments that minifiers keep."""
    parts = [data[:HEAD]]
    for match in _KEPT.finditer(data[:MAX_LOOKED]):
        if match.start() >= HEAD:
            end = data.find(b"*/", match.start(), match.start() + BANNER)
            parts.append(data[match.start() : end if end >= 0 else match.start() + BANNER])
            if len(parts) > MOST_BANNERS:
                break
    return parts


@lru_cache(maxsize=512)
def name_pattern(name: str) -> re.Pattern[bytes]:
    """What finds a name with a version behind it."""
    words = rb"[-_. ]?".join(re.escape(part.encode()) for part in _leaf(name))
    between = rb"(?:[-. ]?js)?(?:[ \t]+(?:JavaScript|JS|Core|Library)){0,3}[ \t]{0,4}[-@,:(]?[ \t]{0,4}(?:version[ \t:]{0,3})?"
    return re.compile(rb"(?i)(?<![0-9A-Za-z])" + words + between + _VERSION)


def said(version: bytes) -> str:
    """A version as text."""
    return version.decode("ascii", "replace").rstrip(".")


def _leaf(name: str) -> list[str]:
    """The words of a package's name, without scope and `.js`."""
    leaf = re.sub(r"(?i)\.?js$", "", name.rpartition("/")[2]) or name
    return [part for part in re.split(r"[-_. ]+", leaf) if part] or [name]
