"""Fonts of the web: WOFF 1.0 and 2.0 (W3C), whose tables are packed, with metadata in XML of their own."""

from __future__ import annotations

from collections.abc import Callable

from licscan.media.blob import Blob
from licscan.media.charset import decoded
from licscan.media.font_tables import WANTED, directory, table_into
from licscan.media.found import MAX_FIELD, Found
from licscan.media.kinds import Format
from licscan.media.numbers import u16, u32
from licscan.media.rdf import parse, parser_of
from licscan.model.media import Meaning, MediaFacts

_MAX_STREAM = 64 << 20
"""Bytes of the tables of a WOFF 2.0 that are unpacked on the way to those that are read; only these are held."""
_STEP = 1 << 20
_MAX_TABLES = 1_024
_KNOWN = (
    *("cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep", "CFF "),
    *("VORG", "EBDT", "EBLC", "gasp", "hdmx", "kern", "LTSH", "PCLT", "VDMX", "vhea", "vmtx", "BASE", "GDEF", "GPOS"),
    *("GSUB", "EBSC", "JSTF", "MATH", "CBDT", "CBLC", "COLR", "CPAL", "SVG ", "sbix", "acnt", "avar", "bdat", "bloc"),
    *("bsln", "cvar", "fdsc", "feat", "fmtx", "fvar", "gvar", "hsty", "just", "lcar", "mort", "morx", "opbd", "prop"),
    *("trak", "Zapf", "Silf", "Glat", "Gloc", "Feat", "Sill"),
)
"""The tags of WOFF 2.0, section 5.2, in their order."""


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a WOFF 1.0 says of itself."""
    found = Found()
    head = blob.at(0, 44)
    count = u16(head, 12)
    rows = dict(directory(blob.at(44, 20 * count), count, 20))
    for tag in WANTED:
        if tag in rows:
            found.tries(_packed_into, blob, tag, rows[tag])
    if u32(head, 24):
        found.tries(_metadata_into, blob, u32(head, 24), u32(head, 28), found.inflated)
    return found.facts(made)


def _packed_into(found: Found, blob: Blob, tag: str, row: bytes) -> None:
    offset, packed, size = u32(row, 0), u32(row, 4), u32(row, 8)
    data = blob.at(offset, min(packed, MAX_FIELD))
    table_into(found, tag, found.inflated(data) if packed < size else data)


def read_woff2(blob: Blob, made: Format) -> MediaFacts:
    """What a WOFF 2.0 says of itself."""
    found = Found()
    head = blob.at(0, 48)
    found.tries(_stream_into, blob, head)
    if u32(head, 28):
        found.tries(_metadata_into, blob, u32(head, 28), u32(head, 32), found.unbrotlied)
    return found.facts(made)


def _stream_into(found: Found, blob: Blob, head: bytes) -> None:
    count = u16(head, 12)
    directory_ = _Directory(blob.at(48, min(count, _MAX_TABLES) * 32 + 4096))
    wanted: list[tuple[str, int, int]] = []
    place = 0
    for _number in range(min(count, _MAX_TABLES)):
        tag, size = directory_.row()
        if tag in WANTED:
            wanted.append((tag, place, min(size, MAX_FIELD)))
        place += size
    if head[4:8] == b"ttcf":
        directory_.skip_collection()
    start = 48 + directory_.place
    for (tag, _place, size), data in zip(wanted, _pieces(blob, start, u32(head, 20), wanted), strict=True):
        if len(data) < size:
            found.broken()
        found.tries(table_into, tag, data)


def _pieces(blob: Blob, start: int, packed: int, wanted: list[tuple[str, int, int]]) -> list[bytes]:
    """The bytes of these tables, unpacked; those beyond `_MAX_STREAM` or a broken place are cut."""
    import brotli

    held = [bytearray() for _one in wanted]
    last = min(max((place + size for _tag, place, size in wanted), default=0), _MAX_STREAM)
    unpacker = brotli.Decompressor()
    done, read = 0, 0
    while done < last:
        data = b""
        if unpacker.can_accept_more_data():
            data = blob.at(start + read, min(_STEP, packed - read))
            read += len(data)
        try:
            made = unpacker.process(data, output_buffer_limit=_STEP)
        except brotli.error:
            break
        if not made and not data:
            break
        for (_tag, place, size), bytes_ in zip(wanted, held, strict=True):
            bytes_ += made[max(0, place - done) : max(0, place + size - done)]
        done += len(made)
    return [bytes(one) for one in held]


class _Directory:
    """The rows of a WOFF 2.0's table of tables, whose numbers have variable lengths; EOFError where it ends early."""

    def __init__(self, data: bytes):
        self._data = data
        self.place = 0

    def row(self) -> tuple[str, int]:
        """The tag of the next table and its bytes in the stream."""
        flags = self._byte()
        if flags & 63 == 63:
            tag = self._data[self.place : self.place + 4].decode("latin-1")
            self.place += 4
        else:
            tag = _KNOWN[flags & 63]
        size = self._base128()
        version = flags >> 6
        if version != (3 if tag in ("glyf", "loca") else 0):
            size = self._base128()
        return tag, size

    def skip_collection(self) -> None:
        """Step over the table of the fonts of a collection."""
        self.place += 4
        for _font in range(min(self._short(), _MAX_TABLES)):
            tables = self._short()
            self.place += 4
            for _table in range(tables):
                self._short()

    def _byte(self) -> int:
        self.place += 1
        return self._data[self.place - 1]

    def _base128(self) -> int:
        number = 0
        for _count in range(5):
            byte = self._byte()
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                return number
        raise ValueError

    def _short(self) -> int:
        """A 255UInt16 (section 6.1.1)."""
        code = self._byte()
        if code == 253:
            self.place += 2
            return u16(self._data, self.place - 2)
        if code in (254, 255):
            return self._byte() + (506 if code == 254 else 253)
        return code


def _metadata_into(found: Found, blob: Blob, offset: int, size: int, unpack: Callable[[bytes], bytes]) -> None:
    """Add what the extended metadata says (WOFF 1.0, appendix B)."""
    data = unpack(blob.at(offset, min(size, MAX_FIELD)))
    if b"<" not in data:
        found.add(Meaning.COMMENT, "woff:metadata", decoded(data))
        return
    elements: list[str] = []
    texts: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        elements.append(name.rpartition(":")[2])
        texts.clear()
        _attributes_into(found, elements[-1], attributes)

    def end(_name: str) -> None:
        text = "".join(texts)
        texts.clear()
        for name in reversed(elements):
            if name in _TEXTS:
                found.add(_TEXTS[name], f"woff:{name}", text)
                break
        elements.pop()

    parser, data = parser_of(data)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    parse(found, parser, data)


_TEXTS = {
    "description": Meaning.DESCRIPTION,
    "license": Meaning.LICENSE,
    "copyright": Meaning.COPYRIGHT,
    "trademark": Meaning.TRADEMARK,
}
_PEOPLE = {"vendor": Meaning.HOLDER, "credit": Meaning.AUTHOR, "licensee": Meaning.USAGE}
_ADDRESSES = {"license": Meaning.LICENSE_URL, "vendor": Meaning.SOURCE, "description": Meaning.SOURCE}


def _attributes_into(found: Found, name: str, attributes: dict[str, str]) -> None:
    if name in _PEOPLE:
        found.add(_PEOPLE[name], f"woff:{name}", attributes.get("name", ""))
    if name in _ADDRESSES:
        found.add(_ADDRESSES[name], f"woff:{name}@url", attributes.get("url", ""))
