"""Content Credentials: that a manifest is there and what it says of itself; no signature is checked.

Sources: C2PA Technical Specification 2.2, JUMBF (ISO/IEC 19566-5), CBOR (RFC 8949).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from licscan.media.parts import MAX_PARTS, Found, folded, u32, u64
from licscan.media.readers import BROKEN
from licscan.model.media import AiMark, MarkKind, Meaning, MediaField

_MAX_DEPTH = 16
_MAX_STORES = 4
"""Stores of one file whose marks are kept."""
_MAX_NAME = 200
_CLAIMS = ("c2pa.claim", "c2pa.claim.v2")
_ACTIONS = ("c2pa.actions", "c2pa.actions.v2")


def c2pa_mark(jumbf: bytes, field: str) -> AiMark | None:
    """The mark of a JUMBF store; None where it holds no Content Credentials.

    `tool` is the claim generator of the active (last) manifest, `detail` the last word of each digital source type.
    """
    if b"c2pa" not in jumbf:
        return None
    tool, sources, _agents = _told(jumbf)
    detail = ", ".join(sorted({one.rstrip("/").rpartition("/")[2][:_MAX_NAME] for one in sources})[:8])
    return AiMark(MarkKind.C2PA, field, tool=tool, detail=detail)


def c2pa_into(found: Found, jumbf: bytes, field: str) -> None:
    """Add the mark of a store, and what its manifests say of the source and of the software."""
    mark = c2pa_mark(jumbf, field) if len(found.marks) < _MAX_STORES else None
    if mark is None:
        return
    found.marks.append(mark)
    for one in c2pa_fields(jumbf):
        found.add(one.meaning, one.field, one.text)


def c2pa_fields(jumbf: bytes) -> tuple[MediaField, ...]:
    """The digital source types and the software that the actions in a store name."""
    tool, sources, agents = _told(jumbf)
    found = Found()
    for one in sources:
        found.add(Meaning.DIGITAL_SOURCE, "c2pa:digitalSourceType", one)
    for one in agents:
        found.add(Meaning.SOFTWARE, "c2pa:softwareAgent", one)
    found.add(Meaning.SOFTWARE, "c2pa:claim_generator", tool)
    return tuple(found.fields)


def _told(jumbf: bytes) -> tuple[str, list[str], list[str]]:
    """The claim generator, the digital source types, the software agents."""
    tool, sources, agents = "", list[str](), list[str]()
    for label, value in _contents(jumbf):
        if label in _CLAIMS and isinstance(value, dict):
            tool = _generator(value) or tool
        elif label.partition("__")[0] in _ACTIONS and isinstance(value, dict):
            actions = value.get("actions")
            for action in actions[:MAX_PARTS] if isinstance(actions, list) else ():
                if isinstance(action, dict):
                    sources.extend(filter(None, [_text(action.get("digitalSourceType"))]))
                    agents.extend(filter(None, [_named(action.get("softwareAgent"))]))
    return tool, list(dict.fromkeys(sources)), list(dict.fromkeys(agents))


def _generator(claim: dict[str, Any]) -> str:
    info = claim.get("claim_generator_info")
    named = _named(info[0] if isinstance(info, list) and info else info)
    return named or _text(claim.get("claim_generator"))[:_MAX_NAME]


def _named(value: object) -> str:
    """A generator as text, or as a table of name and version."""
    if isinstance(value, dict):
        return folded(f"{_text(value.get('name'))} {_text(value.get('version'))}")[:_MAX_NAME]
    return _text(value)[:_MAX_NAME]


def _text(value: object) -> str:
    return folded(value) if isinstance(value, str) else ""


def _contents(jumbf: bytes) -> Iterator[tuple[str, Any]]:
    """The label and the content of each box that holds CBOR or JSON, in order; what is broken ends it."""
    left = [MAX_PARTS]
    try:
        yield from _boxes(jumbf, 0, len(jumbf), "", 0, left)
    except BROKEN:
        return


def _boxes(data: bytes, place: int, end: int, label: str, depth: int, left: list[int]) -> Iterator[tuple[str, Any]]:
    while place + 8 <= end and depth < _MAX_DEPTH:
        left[0] -= 1
        if left[0] < 0:
            return
        size, kind, start = u32(data, place), data[place + 4 : place + 8], place + 8
        if size == 1:
            size, start = u64(data, place + 8), place + 16
        last = min(end, place + size) if size else end
        if last < start:
            return
        if kind == b"jumb":
            yield from _boxes(data, start, last, "", depth + 1, left)
        elif kind == b"jumd":
            label = _label(data[start:last])
        elif kind in (b"cbor", b"json") and (label in _CLAIMS or label.partition("__")[0] in _ACTIONS):
            value = _content(kind, data[start:last], left)
            if value is not None:
                yield label, value
        place = last


def _label(description: bytes) -> str:
    """The label in a description box: 16 bytes of type, one of switches, then text that ends with a zero."""
    if len(description) < 18 or not description[16] & 2:
        return ""
    return description[17 : 17 + _MAX_NAME].partition(b"\0")[0].decode("utf-8", "replace")


def _content(kind: bytes, data: bytes, left: list[int]) -> Any:
    try:
        return json.loads(data[: 1 << 20]) if kind == b"json" else Cbor(data, left).item(0)
    except BROKEN:
        return None


class Cbor:
    """One item of CBOR, as Python's own values; EOFError or ValueError where it is broken or too much.

    `left` is how many items may yet be read, in this and in others.
    """

    def __init__(self, data: bytes, left: list[int]):
        self._data = data
        self._place = 0
        self._left = left

    def item(self, depth: int) -> Any:
        """The item at the place that was reached; tags are left out, indefinite lengths are read."""
        self._left[0] -= 1
        if depth > _MAX_DEPTH or self._left[0] < 0:
            raise ValueError
        first = self._take(1)[0]
        major, info = first >> 5, first & 31
        if major == 7:
            return self._simple(info)
        count = self._count(info)
        if major < 2:
            return count if major == 0 else -1 - (count or 0)
        if major == 6:
            return self.item(depth + 1)
        if major < 4:
            return self._string(major, count, depth)
        return self._many(major, count, depth)

    def _simple(self, info: int) -> Any:
        if info == 31:
            return _BREAK
        if 24 <= info <= 27:
            self._take(1 << (info - 24))
        return {20: False, 21: True}.get(info)

    def _count(self, info: int) -> int | None:
        if info < 24:
            return info
        if info < 28:
            return int.from_bytes(self._take(1 << (info - 24)), "big")
        if info == 31:
            return None
        raise ValueError

    def _string(self, major: int, count: int | None, depth: int) -> Any:
        if count is None:
            pieces = []
            while (piece := self.item(depth + 1)) is not _BREAK:
                pieces.append(piece if isinstance(piece, str) else "")
            return "".join(pieces)
        data = self._take(count)
        return data.decode("utf-8", "replace") if major == 3 else b""

    def _many(self, major: int, count: int | None, depth: int) -> Any:
        items: list[Any] = []
        wanted = None if count is None else count * (major - 3)
        while wanted is None or len(items) < wanted:
            item = self.item(depth + 1)
            if item is _BREAK:
                break
            items.append(item)
        if major == 4:
            return items
        return {key: value for key, value in zip(items[::2], items[1::2], strict=False) if isinstance(key, str)}

    def _take(self, count: int) -> bytes:
        piece = self._data[self._place : self._place + count]
        if len(piece) < count:
            raise EOFError
        self._place += count
        return piece


_BREAK = object()
