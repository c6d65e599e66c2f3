"""Reads MessagePack with the record extension of msgpackr, in which pnpm's store v11 keeps its index.

A record is `d4 72 <id>`, the array of its keys, then its values; later ones of the same shape are `<id>` and the
values, the id being one of 40 to 7f, which otherwise are small numbers.
"""

from __future__ import annotations

import struct
from typing import Any

MAX_DEPTH = 32
_RECORD = 0x72
_NUMBERS = dict(zip(range(0xCA, 0xD4), (">f", ">d", ">B", ">H", ">I", ">Q", ">b", ">h", ">i", ">q"), strict=True))
_LENGTHS = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I", 0xC4: ">B", 0xC5: ">H", 0xC6: ">I"}
_COUNTS = {0xDC: ">H", 0xDD: ">I", 0xDE: ">H", 0xDF: ">I"}
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}


def unpack(data: bytes) -> Any:
    """One value; ValueError where the bytes are none, or nest deeper than MAX_DEPTH."""
    try:
        return _Reader(data).value(0)
    except (struct.error, IndexError, UnicodeDecodeError, TypeError) as error:
        raise ValueError(str(error)) from error


class _Reader:
    """A position in the bytes, and the shapes of the records met so far."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 0
        self.shapes: dict[int, list[Any]] = {}

    def value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        head = self.data[self.at]
        self.at += 1
        if head < 0x80:
            return self._record(head, depth) if head in self.shapes else head
        if head < 0xC0:
            return self._short(head, depth)
        if head >= 0xE0:
            return head - 0x100
        if head in _CONSTANTS:
            return _CONSTANTS[head]
        if head in _NUMBERS:
            return self._number(_NUMBERS[head])
        if head in _LENGTHS:
            return self._bytes(self._number(_LENGTHS[head]), text=head >= 0xD9)
        if head in _COUNTS:
            count = self._number(_COUNTS[head])
            return self._table(count, depth) if head >= 0xDE else self._list(count, depth)
        if head == 0xD4 and self.data[self.at] == _RECORD:
            return self._new_record(depth)
        raise ValueError(f"unknown type {head:#x}")

    def _short(self, head: int, depth: int) -> Any:
        if head < 0x90:
            return self._table(head & 0x0F, depth)
        return self._list(head & 0x0F, depth) if head < 0xA0 else self._bytes(head & 0x1F, text=True)

    def _number(self, form: str) -> Any:
        (found,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return found

    def _bytes(self, length: int, *, text: bool) -> Any:
        found = self.data[self.at : self.at + length]
        if len(found) < length:
            raise ValueError("cut off")
        self.at += length
        return found.decode("utf-8") if text else found

    def _list(self, count: int, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(count)]

    def _table(self, count: int, depth: int) -> dict[Any, Any]:
        return {self.value(depth + 1): self.value(depth + 1) for _ in range(count)}

    def _new_record(self, depth: int) -> dict[Any, Any]:
        number = self.data[self.at + 1]
        self.at += 2
        keys = self.value(depth + 1)
        if not isinstance(keys, list):
            raise ValueError("a record without keys")
        self.shapes[number] = keys
        return self._record(number, depth)

    def _record(self, number: int, depth: int) -> dict[Any, Any]:
        return {key: self.value(depth + 1) for key in self.shapes[number]}
