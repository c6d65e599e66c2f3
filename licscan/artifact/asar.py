"""Reads Electron's asar archives: a JSON header, then the files one after the other.

Chromium Pickle around the header, as in the format's own description: four little-endian 32-bit numbers (4, size of
what follows, size of the payload, length of the JSON), then JSON; places of files count from the end of the header.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from typing import Any

from licscan.artifact.content import Content, DamagedError, Window
from licscan.artifact.members import Member, Say
from licscan.artifact.names import MAX_NAME
from licscan.base.messages import _

MAX_HEADER = 32 * 1024 * 1024
MAX_MARKS = 2_000_000
"""Brackets and commas of a header: some ten for each file."""
_HEAD = struct.Struct("<4L")

Unpacked = Callable[[str], Content | None]
"""Finds a file of the folder that lies beside the archive (`app.asar.unpacked`)."""


def is_asar(start: bytes) -> bool:
    """Whether bytes begin with the header of an asar."""
    if len(start) < _HEAD.size + 1:
        return False
    four, size, payload, length = _HEAD.unpack_from(start)
    return four == 4 and size == payload + 4 and length <= payload and start[16:17] == b"{"


def members(window: Window, say: Say, unpacked: Unpacked) -> Iterator[Member]:
    """The files and links, in the header's order; DamagedError where the header cannot be read."""
    _four, size, _payload, length = _HEAD.unpack(window.at(0, _HEAD.size))
    header = _header(window, length)
    stack: list[tuple[str, Iterator[tuple[str, Any]]]] = [("", iter(header["files"].items()))]
    while stack:
        start, children = stack[-1]
        name, node = next(children, (None, None))
        if name is None:
            stack.pop()
            continue
        path = start + name
        files = node.get("files") if isinstance(node, dict) else None
        if len(path) > MAX_NAME:
            say(path, _("has a name longer than {limit} characters").format(limit=MAX_NAME))
        elif isinstance(files, dict):
            yield Member(path)
            stack.append((f"{path}/", iter(files.items())))
        elif isinstance(node, dict):
            member = _member(window, 8 + size, path, node, say, unpacked)
            if member is not None:
                yield member
        else:
            say(path, _("is not a file, folder or link in the header"))


def _member(window: Window, data: int, path: str, node: dict[str, Any], say: Say, unpacked: Unpacked) -> Member | None:
    target, size, offset = node.get("link"), node.get("size"), node.get("offset")
    if isinstance(target, str):
        return Member(path, target=target, hard=True)
    if node.get("unpacked") is True:
        content = unpacked(path)
        if content is None:
            say(path, _("is not in the folder next to the archive (.unpacked)"))
        return Member(path, content) if content is not None else None
    place = (
        int(offset) if isinstance(offset, str) and offset.isascii() and offset.isdigit() and len(offset) < 20 else -1
    )
    if type(size) is not int:
        size = -1
    try:
        if place < 0 or size < 0:
            raise DamagedError(_("is not a file, folder or link in the header"))
        return Member(path, window.part(data + place, size))
    except DamagedError as error:
        say(path, str(error))
        return None


def _header(window: Window, length: int) -> Any:
    if length > MAX_HEADER:
        raise DamagedError(_("has a header longer than {limit} bytes; the rest is not read").format(limit=MAX_HEADER))
    raw = window.at(_HEAD.size, length)
    if len(raw) < length:
        raise DamagedError(_("is truncated"))
    if sum(map(raw.count, (b"{", b"[", b","))) > MAX_MARKS:
        raise DamagedError(_("has a header with too many entries to read"))
    try:
        header = json.loads(raw, object_hook=_slim)
    except (ValueError, RecursionError) as error:
        raise DamagedError(_("has a header that is not valid JSON")) from error
    if not isinstance(header, dict) or not isinstance(header.get("files"), dict):
        raise DamagedError(_("has a header without files"))
    return header


def _slim(node: dict[str, Any]) -> dict[str, Any]:
    """An entry without the digests of its blocks, which are most of a header."""
    if "size" in node and not isinstance(node["size"], dict):
        node.pop("integrity", None)
    return node
