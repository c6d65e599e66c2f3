"""Reads ar archives, of which Debian packages are made: a line of 60 bytes before each member. See deb(5), ar(5)."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.artifact.content import DamagedError, Window
from licscan.artifact.members import Member
from licscan.base.messages import _

MAGIC = b"!<arch>\n"


def members(window: Window) -> Iterator[Member]:
    """The members in their order; DamagedError where a header is none, or files of the package are not there."""
    offset, complete = len(MAGIC), False
    while len(head := window.at(offset, 60)) == 60:
        text = head[48:58].strip()
        if head[58:] != b"`\n" or not text.isdigit():
            raise DamagedError(_("has a damaged header at byte {offset}; the rest is not read").format(offset=offset))
        size = int(text)
        name = head[:16].decode("utf-8", "surrogateescape").strip().rstrip("/")
        if name:
            yield Member(name, window.part(offset + 60, size))
        complete = complete or name.startswith("data.tar")
        offset += 60 + size + size % 2
    if head or not complete:
        raise DamagedError(_("is truncated"))
