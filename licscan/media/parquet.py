"""Apache Parquet: what wrote a file, and the keys and values of its footer (parquet.thrift, compact protocol)."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.found import MAX_DEPTH, Found
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.numbers import little
from licscan.model.media import Meaning, MediaFacts

_FOOTER = 4 << 20
_STEPS = 150_000
"""Values stepped over: the schema and the row groups stand before the keys."""
_TEXT = 65_536
_KEY_VALUES, _CREATED_BY = 5, 6
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 11, 12


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a Parquet file."""
    found = Found()
    tail = blob.at(blob.size - 8, 8) if blob.size > 16 else b""
    size = little(tail[:4])
    if tail[4:] != b"PAR1" or size + 12 > blob.size:
        found.broken()
    elif size > _FOOTER:
        found.crowded()
    else:
        walk = _Compact(blob.at(blob.size - 8 - size, size))
        try:
            _keep(found, walk)
        except (ValueError, IndexError):
            found.broken()
    return found.facts(made)


def _keep(found: Found, walk: _Compact) -> None:
    number = 0
    while (head := walk.field(number))[1] != _STOP:
        number, kind = head
        if number == _CREATED_BY and kind == _BINARY:
            found.add(Meaning.SOFTWARE, "parquet:created_by", walk.text())
        elif number == _KEY_VALUES and kind == _LIST:
            count, _kind = walk.items()
            for _count in range(count):
                key, text = _pair(walk)
                if key != "ARROW:schema":
                    found.add(meaning_of(key, text), f"parquet:{key}", text)
        else:
            walk.skip(kind, 0)


def _pair(walk: _Compact) -> tuple[str, str]:
    held: dict[int, str] = {}
    number = 0
    while (head := walk.field(number))[1] != _STOP:
        number, kind = head
        if kind == _BINARY:
            held[number] = walk.text()
        else:
            walk.skip(kind, 0)
    return held.get(1, ""), held.get(2, "")


class _Compact:
    """A walk over the compact protocol of Thrift; a ValueError or IndexError where it is broken or too long."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.steps = 0

    def varint(self) -> int:
        """A number of seven bits a byte, least first."""
        value = shift = 0
        while True:
            byte = self.data[self.place]
            self.place += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 70:
                raise ValueError("number too long")

    def field(self, before: int) -> tuple[int, int]:
        """The number and the kind of the next field of a struct."""
        self.steps += 1
        if self.steps > _STEPS:
            raise ValueError("too many values")
        head = self.data[self.place]
        self.place += 1
        if not head & 0x0F:
            return 0, _STOP
        if head >> 4:
            return before + (head >> 4), head & 0x0F
        number = self.varint()
        return number >> 1 ^ -(number & 1), head & 0x0F

    def items(self) -> tuple[int, int]:
        """How many values a list has, and their kind."""
        head = self.data[self.place]
        self.place += 1
        return (self.varint() if head >> 4 == 15 else head >> 4), head & 0x0F

    def text(self) -> str:
        """Bytes as text."""
        size = self.varint()
        start = self.place
        self.place += size
        if self.place > len(self.data):
            raise ValueError("text too long")
        return self.data[start : start + min(size, _TEXT)].decode("utf-8", "replace")

    def skip(self, kind: int, depth: int) -> None:
        """Step over one value."""
        self.steps += 1
        if depth > MAX_DEPTH or self.steps > _STEPS:
            raise ValueError("too many values")
        if kind in (_TRUE, _FALSE):
            return
        if kind == _BYTE:
            self.place += 1
        elif kind == _DOUBLE:
            self.place += 8
        elif kind == _BINARY:
            self.text()
        elif kind in (_LIST, _SET):
            count, inner = self.items()
            for _count in range(count):
                self._item(inner, depth)
        elif kind == _MAP:
            self._skip_map(depth)
        elif kind == _STRUCT:
            number = 0
            while (head := self.field(number))[1] != _STOP:
                number = head[0]
                self.skip(head[1], depth + 1)
        else:
            self.varint()

    def _item(self, kind: int, depth: int) -> None:
        """Step over one value of a list, where a truth takes a byte."""
        if kind in (_TRUE, _FALSE):
            self.steps += 1
            self.place += 1
            if self.place > len(self.data):
                raise ValueError("list too long")
        else:
            self.skip(kind, depth + 1)

    def _skip_map(self, depth: int) -> None:
        count = self.varint()
        if not count:
            return
        kinds = self.data[self.place]
        self.place += 1
        for _count in range(count):
            self._item(kinds >> 4, depth)
            self._item(kinds & 0x0F, depth)
