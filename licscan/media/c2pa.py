"""Content Credentials: that a manifest is there and what it says of itself; its signature is not checked here.

Sources: C2PA Technical Specification 2.2, JUMBF (ISO/IEC 19566-5), CBOR (RFC 8949).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.media.blob import Held
from licscan.media.boxes import boxes_of
from licscan.media.found import MAX_DEPTH, MAX_FIELD, MAX_NAME, MAX_PARTS, Found, folded
from licscan.media.numbers import big
from licscan.media.readers import BROKEN
from licscan.model.media import AiMark, MarkKind, Meaning

_MAX_STORES = 4
"""Stores of one file whose marks are kept."""
_MAX_DESCRIPTION = 17 + MAX_NAME
_CLAIMS = ("c2pa.claim", "c2pa.claim.v2")
_ACTIONS = ("c2pa.actions", "c2pa.actions.v2")


@dataclass(frozen=True, slots=True)
class _Told:
    """What a store says: the claim generator of its last manifest; digital source types and software of its actions."""

    tool: str
    sources: tuple[str, ...]
    agents: tuple[str, ...]


def c2pa_into(found: Found, jumbf: bytes, field: str) -> None:
    """Add the mark of a store, and what its manifests say of the source and of the software.

    `jumbf` is the JUMBF box; without `c2pa` in it, it is no manifest store. The mark's `tool` is the claim generator
    of the active (last) manifest, its `detail` the last word of each digital source type.
    """
    if b"c2pa" not in jumbf or sum(mark.kind is MarkKind.C2PA for mark in found.marks) >= _MAX_STORES:
        return
    told = _told(jumbf)
    detail = ", ".join(sorted({one.rstrip("/").rpartition("/")[2][:MAX_NAME] for one in told.sources})[:8])
    found.marks[AiMark(MarkKind.C2PA, field, tool=told.tool, detail=detail)] = None
    for one in told.sources:
        found.add(Meaning.DIGITAL_SOURCE, "c2pa:digitalSourceType", one)
    for one in told.agents:
        found.add(Meaning.SOFTWARE, "c2pa:softwareAgent", one)
    found.add(Meaning.SOFTWARE, "c2pa:claim_generator", told.tool)


def _told(jumbf: bytes) -> _Told:
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
    return _Told(tool, tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(agents)))


def _generator(claim: dict[str, Any]) -> str:
    info = claim.get("claim_generator_info")
    named = _named(info[0] if isinstance(info, list) and info else info)
    return named or _text(claim.get("claim_generator"))[:MAX_NAME]


def _named(value: object) -> str:
    """A generator as text, or as a table of name and version."""
    if isinstance(value, dict):
        return folded(f"{_text(value.get('name'))} {_text(value.get('version'))}")[:MAX_NAME]
    return _text(value)[:MAX_NAME]


def _text(value: object) -> str:
    return folded(value) if isinstance(value, str) else ""


def _contents(jumbf: bytes) -> Iterator[tuple[str, Any]]:
    """The label and the content of each box that holds CBOR or JSON, in order; what is broken is left."""
    walk = Found(parts_left=MAX_PARTS)
    yield from _labeled(walk, Held(jumbf), 0, len(jumbf), 0)


def _labeled(walk: Found, jumbf: Held, place: int, end: int, depth: int) -> Iterator[tuple[str, Any]]:
    label = ""
    for box in boxes_of(walk, jumbf, place, end):
        if box.kind == b"jumb" and depth < MAX_DEPTH:
            yield from _labeled(walk, jumbf, box.start, box.end, depth + 1)
        elif box.kind == b"jumd":
            label = _label(box.held(jumbf, _MAX_DESCRIPTION))
        elif box.kind in (b"cbor", b"json") and (label in _CLAIMS or label.partition("__")[0] in _ACTIONS):
            value = _content(walk, box.kind, box.held(jumbf, MAX_FIELD))
            if value is not None:
                yield label, value


def _label(description: bytes) -> str:
    """The label in a description box: 16 bytes of type, one of switches, then text that ends with a zero."""
    if len(description) < 18 or not description[16] & 2:
        return ""
    return description[17:].partition(b"\0")[0].decode("utf-8", "replace")


def _content(walk: Found, kind: bytes, data: bytes) -> Any:
    try:
        return json.loads(data) if kind == b"json" else _Cbor(data, walk).item(0)
    except BROKEN:
        return None


class _Cbor:
    """One item of CBOR, as Python's own values; EOFError or ValueError where it is broken or too much.

    Its items are parts of what is walked.
    """

    def __init__(self, data: bytes, walk: Found):
        self._data = data
        self._place = 0
        self._walk = walk

    def item(self, depth: int) -> Any:
        """The item at the place that was reached; tags are left out, indefinite lengths are read."""
        if depth > MAX_DEPTH or not self._walk.spend(0):
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
            return big(self._take(1 << (info - 24)))
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
