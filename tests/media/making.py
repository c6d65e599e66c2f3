"""Small files of fonts, pictures and documents with fields of one's choice, and samples for tests and scripts."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Mapping, Sequence

import brotli

XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_PREFIXES = (
    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/' "
    "xmlns:xmpRights='http://ns.adobe.com/xap/1.0/rights/' xmlns:cc='http://creativecommons.org/ns#' "
    "xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
)


def xmp(inside: str, attributes: str = "") -> bytes:
    """An XMP packet with these elements and attributes in its one description."""
    return (
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        f"<rdf:RDF {_PREFIXES}><rdf:Description rdf:about='' {attributes}>{inside}</rdf:Description></rdf:RDF>"
        "</x:xmpmeta>" + " " * 100 + "<?xpacket end='w'?>"
    ).encode()


def rights(text: str) -> bytes:
    """An XMP packet that says whose a work is."""
    return xmp(f"<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>{text}</rdf:li></rdf:Alt></dc:rights>")


def tiff(tags: Mapping[int, bytes], big: bool = False, inner: Mapping[int, bytes] | None = None) -> bytes:
    """A TIFF (or a block of Exif) with these tags as bytes of text, and others in the Exif directory."""
    order = ">" if big else "<"
    rows: list[tuple[int, int, bytes]] = [(number, 2, value) for number, value in tags.items()]
    head = (b"MM\0*" if big else b"II*\0") + struct.pack(order + "I", 8)
    first = _directory(order, 8, [*rows, (0x8769, 4, b"\0\0\0\0")] if inner else rows)
    if inner:
        start = 8 + len(first)
        first = _directory(order, 8, [*rows, (0x8769, 4, struct.pack(order + "I", start))])
        return head + first + _directory(order, start, [(number, 7, value) for number, value in inner.items()])
    return head + first


def _directory(order: str, start: int, rows: Sequence[tuple[int, int, bytes]]) -> bytes:
    place = start + 2 + 12 * len(rows) + 4
    entries, values = b"", b""
    for number, kind, value in sorted(rows):
        count = len(value) // 4 if kind == 4 else len(value)
        held = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack(order + "I", place + len(values))
        values += b"" if len(value) <= 4 else value
        entries += struct.pack(order + "HHI", number, kind, count) + held
    return struct.pack(order + "H", len(rows)) + entries + b"\0\0\0\0" + values


def iptc(fields: Mapping[int, bytes], utf8: bool = True) -> bytes:
    """A run of IPTC data sets of record 2."""
    made = b"\x1c\x01\x5a\0\x03\x1b%G" if utf8 else b""
    return made + b"".join(b"\x1c\x02" + bytes([one]) + struct.pack(">H", len(v)) + v for one, v in fields.items())


def resource(number: int, value: bytes) -> bytes:
    """An image resource of Photoshop."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(value)) + value + b"\0" * (len(value) % 2)


def cbor(value: object) -> bytes:
    """CBOR of tables, lists and text."""
    if isinstance(value, str):
        return _cbor_head(3, len(value.encode())) + value.encode()
    if isinstance(value, Mapping):
        return _cbor_head(5, len(value)) + b"".join(cbor(key) + cbor(one) for key, one in value.items())
    assert isinstance(value, Sequence)
    return _cbor_head(4, len(value)) + b"".join(map(cbor, value))


def _cbor_head(major: int, count: int) -> bytes:
    return bytes([major << 5 | count]) if count < 24 else bytes([major << 5 | 25]) + struct.pack(">H", count)


def box(kind: bytes, *inside: bytes) -> bytes:
    """A box of JUMBF or of ISO base media."""
    data = b"".join(inside)
    return struct.pack(">I", len(data) + 8) + kind + data


def superbox(label: str, kind: bytes, *inside: bytes) -> bytes:
    """A box of JUMBF with a label."""
    described = kind + b"\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71" + b"\x03" + label.encode() + b"\0"
    return box(b"jumb", box(b"jumd", described), *inside)


def credentials(claim: Mapping[str, object], actions: Sequence[object] = ()) -> bytes:
    """A store of Content Credentials with one manifest."""
    assertions = superbox("c2pa.actions", b"cbor", box(b"cbor", cbor({"actions": actions})))
    manifest = superbox(
        "urn:uuid:0",
        b"c2ma",
        superbox("c2pa.assertions", b"c2as", assertions),
        superbox("c2pa.claim", b"c2cl", box(b"cbor", cbor(claim))),
    )
    return superbox("c2pa", b"c2pa", manifest)


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of 3 by 2 pixels with these chunks."""
    head = (b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0))
    rows = (head, *chunks, (b"IDAT", zlib.compress(b"\0" * 20)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in rows
    )


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG of 3 by 2 pixels with these segments."""
    frame = (0xC0, struct.pack(">BHHB", 8, 2, 3, 1) + b"\x01\x11\0")
    rows = (*segments, frame, (0xDA, b"\x01\x01\0\0\x3f\0"))
    return (
        b"\xff\xd8" + b"".join(b"\xff" + bytes([m]) + struct.pack(">H", len(d) + 2) + d for m, d in rows) + b"\xff\xd9"
    )


def gif(*extensions: bytes) -> bytes:
    """A GIF of 3 by 2 pixels with a table of two colors, an image, and these extensions behind it."""
    image = b"\x2c\0\0\0\0\x03\0\x02\0\0\x02\x02\x4c\x01\0"
    return b"GIF89a\x03\0\x02\0\x80\0\0" + b"\0" * 6 + image + b"".join(extensions) + b"\x3b"


def gif_comment(text: bytes) -> bytes:
    """A comment of a GIF."""
    return (
        b"\x21\xfe"
        + b"".join(bytes([len(text[i : i + 255])]) + text[i : i + 255] for i in range(0, len(text), 255))
        + b"\0"
    )


def gif_xmp(packet: bytes) -> bytes:
    """XMP in a GIF: not cut into blocks, with what ends it."""
    return b"\x21\xff\x0bXMP DataXMP" + packet + b"\x01" + bytes(range(255, -1, -1)) + b"\0"


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of 3 by 2 pixels with these chunks."""
    rows = ((b"VP8X", b"\0" * 4 + b"\x02\0\0\x01\0\0"), *chunks)
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for k, d in rows)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def psd(*resources: bytes) -> bytes:
    """A Photoshop document of 3 by 2 pixels with these image resources."""
    body = b"".join(resources)
    return b"8BPS\0\x01" + b"\0" * 6 + struct.pack(">HIIHHI", 3, 2, 3, 8, 3, 0) + struct.pack(">I", len(body)) + body


def heif(exif: bytes = b"", packet: bytes = b"", brand: bytes = b"avif", tail: bytes = b"") -> bytes:
    """A HEIF or AVIF of 3 by 2 pixels with an Exif item in the file and an XMP item in its `idat`."""
    entries, places = [], []
    held = b"\0\0\0\0" + exif
    if exif:
        entries.append(box(b"infe", b"\x02\0\0\0\0\x01\0\0Exif\0"))
        places.append((1, 0, 0, len(held)))
    if packet:
        entries.append(box(b"infe", b"\x02\0\0\0\0\x02\0\0mime\0application/rdf+xml\0"))
        places.append((2, 1, 0, len(packet)))
    head = box(b"ftyp", brand + b"\0\0\0\0" + b"mif1")
    size = box(b"iprp", box(b"ipco", box(b"ispe", b"\0\0\0\0" + struct.pack(">II", 3, 2))))

    def meta(start: int) -> bytes:
        rows = b"".join(
            struct.pack(">HHHHII", number, method, 0, 1, start + offset if method == 0 else offset, count)
            for number, method, offset, count in places
        )
        located = box(b"iloc", b"\x01\0\0\0\x44\0" + struct.pack(">H", len(places)) + rows)
        listed = box(b"iinf", b"\0\0\0\0" + struct.pack(">H", len(entries)), *entries)
        return box(b"meta", b"\0\0\0\0", listed, located, size, box(b"idat", packet))

    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", held) + tail


NAME_ROWS = tuple[tuple[int, int, int, int, str], ...]
"""Platform, encoding, language, identifier, text."""


def names(rows: NAME_ROWS) -> bytes:
    """A `name` table."""
    records, storage = b"", b""
    for platform, encoding, language, identifier, text in rows:
        value = text.encode("utf-16-be" if platform != 1 else "mac_roman")
        records += struct.pack(">HHHHHH", platform, encoding, language, identifier, len(value), len(storage))
        storage += value
    return struct.pack(">HHH", 0, len(rows), 6 + len(records)) + records + storage


def os2(embedding: int) -> bytes:
    """The head of an `OS/2` table."""
    return struct.pack(">HhHHH", 4, 500, 400, 5, embedding) + b"\0" * 86


def font_tables(rows: NAME_ROWS, embedding: int | None) -> dict[bytes, bytes]:
    """The tables of a font that says this."""
    tables = {b"head": b"\0" * 54, b"name": names(rows)}
    return tables if embedding is None else {b"OS/2": os2(embedding), **tables}


def sfnt(tables: Mapping[bytes, bytes], start: int = 0, flavor: bytes = b"\0\1\0\0") -> bytes:
    """A font with these tables, whose places count from `start` bytes before it."""
    place = start + 12 + 16 * len(tables)
    rows, body = b"", b""
    for tag, data in tables.items():
        rows += tag + struct.pack(">III", 0, place + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return flavor + struct.pack(">HHHH", len(tables), 0, 0, 0) + rows + body


def ttc(*fonts: Mapping[bytes, bytes]) -> bytes:
    """A collection of fonts."""
    head = 12 + 4 * len(fonts)
    made, offsets = b"", []
    for tables in fonts:
        offsets.append(head + len(made))
        made += sfnt(tables, head + len(made))
    return b"ttcf\0\1\0\0" + struct.pack(">I", len(fonts)) + b"".join(struct.pack(">I", one) for one in offsets) + made


def woff(tables: Mapping[bytes, bytes], metadata: bytes = b"") -> bytes:
    """A WOFF 1.0; tables that get no smaller stay as they are."""
    place = 44 + 20 * len(tables)
    rows, body = b"", b""
    for tag, data in tables.items():
        packed = min(zlib.compress(data), data, key=len)
        rows += tag + struct.pack(">IIII", place + len(body), len(packed), len(data), 0)
        body += packed + b"\0" * (-len(packed) % 4)
    said = zlib.compress(metadata) if metadata else b""
    where = (place + len(body), len(said), len(metadata)) if metadata else (0, 0, 0)
    head = b"wOFF\0\1\0\0" + struct.pack(
        ">IHHIHHIIIII", place + len(body) + len(said), len(tables), 0, 0, 1, 0, *where, 0, 0
    )
    return head + rows + body + said


def woff2(tables: Mapping[bytes, bytes], metadata: bytes = b"") -> bytes:
    """A WOFF 2.0 with a table of unknown tag and a transformed one before those given."""
    known = {b"head": 1, b"name": 5, b"OS/2": 6}
    rows = bytes([63]) + b"test" + _base128(300) + bytes([10]) + _base128(1000) + _base128(200)
    body = b"T" * 300 + b"G" * 200
    for tag, data in tables.items():
        rows += bytes([known[tag]]) + _base128(len(data))
        body += data
    stream: bytes = brotli.compress(body)
    start = -(-(48 + len(rows) + len(stream)) // 4) * 4
    said: bytes = brotli.compress(metadata) if metadata else b""
    where = (start, len(said), len(metadata)) if metadata else (0, 0, 0)
    sizes = (start + len(said), len(tables) + 2, 0, 0, len(stream))
    head = b"wOF2\0\1\0\0" + struct.pack(">IHHIIHHIIIII", *sizes, 1, 0, *where, 0, 0)
    return (head + rows + stream).ljust(start, b"\0") + said


def _base128(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(number & 0x7F | 0x80)
    return bytes(reversed(digits))


def eot(font: bytes, embedding: int, flags: int = 0, root: str = "") -> bytes:
    """An Embedded OpenType file; with flag 0x10000000 its font is XORed."""
    strings = b""
    for text in ("Example", "Regular", "Version 1", "Example Regular", root):
        strings += struct.pack("<H", len(text) * 2) + text.encode("utf-16-le") + b"\0\0"
    font = bytes(byte ^ 0x50 for byte in font) if flags & 0x1000_0000 else font
    fixed = struct.pack("<IIII", 82 + len(strings) + len(font), len(font), 0x0002_0001, flags) + b"\0" * 16
    return fixed + struct.pack("<HH", embedding, 0x504C) + b"\0" * 46 + strings + font


def pdf(information: bytes, packet: bytes = b"", packed: bool = False) -> bytes:
    """A PDF with this dictionary as its document information; `packed` puts it into a stream of objects."""
    objects = [b"1 0 obj\n<</Type /Catalog%s>>\nendobj\n" % (b" /Metadata 3 0 R" if packet else b"")]
    if packed:
        body = b"2 0 " + information
        data = zlib.compress(body)
        objects.append(
            b"4 0 obj\n<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>stream\n%s\nendstream\nendobj\n"
            % (len(data), data)
        )
    else:
        objects.append(b"2 0 obj\n%s\nendobj\n" % information)
    if packet:
        data = zlib.compress(packet)
        objects.append(b"3 0 obj\n<</Type /Metadata /Filter /FlateDecode>>stream\n%s\nendstream\nendobj\n" % data)
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer\n<</Root 1 0 R /Info 2 0 R>>\nstartxref\n0\n%%EOF\n"


ENGLISH, CHINESE = 0x409, 0x804
OPEN: NAME_ROWS = (
    (3, 1, ENGLISH, 0, "Copyright 2020 Example, with Reserved Font Name 'Exempla'."),
    (1, 0, 0, 0, "Copyright 2020 Example, with Reserved Font Name 'Exempla'."),
    (3, 1, ENGLISH, 1, "Exempla"),
    (3, 1, CHINESE, 1, "例字体"),
    (3, 1, ENGLISH, 13, "This Font Software is licensed under the SIL Open Font License, Version 1.1."),
    (3, 1, ENGLISH, 14, "https://terms.example/ofl"),
)
SVG = """<?xml version="1.0"?>
<!-- Example Icons 1.0 License - https://terms.example (CC BY 4.0) Copyright 2024 Example -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" width="24px" height="16">
<title>A face</title><desc>Made by hand</desc>
<metadata><rdf:RDF><cc:Work rdf:about=""><dc:title>Face</dc:title>
<cc:license rdf:resource="https://terms.example/by-sa/4.0/"/>
<dc:creator><cc:Agent><dc:title>Ann Example</dc:title></cc:Agent></dc:creator>
<dc:rights><cc:Agent><dc:title>Example Ltd</dc:title></cc:Agent></dc:rights>
<dc:source>https://faces.example</dc:source></cc:Work></rdf:RDF></metadata>
<g><title>not of the whole</title></g>%s</svg>"""


def samples() -> dict[str, bytes]:
    """One file of each format by a name, with fields."""
    exif = tiff({0x8298: b"Copyright 2020 Example\0", 0x0131: b"Maker 1.0\0"}, inner={0x9286: b"ASCII\0\0\0A comment"})
    packet, store = rights("Example"), credentials({"claim_generator": "Example/1.0"})
    tables = font_tables(OPEN, 4)
    resources = resource(1028, iptc({116: b"Example", 80: b"Ann"})) + resource(1060, packet)
    return {
        "a.png": png(
            (b"tEXt", b"Copyright\0Example"), (b"zTXt", b"Comment\0\0" + zlib.compress(b"Hello")),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet), (b"eXIf", exif), (b"caBX", store),
        ),
        "a.jpg": jpeg(
            (0xE1, b"Exif\0\0" + exif), (0xE1, XMP_HEAD + packet), (0xED, b"Photoshop 3.0\0" + resources),
            (0xEB, b"JP\0\x01\0\0\0\x01" + store), (0xFE, b"A comment"),
        ),
        "a.gif": gif(gif_comment(b"A comment"), gif_xmp(packet)),
        "a.webp": webp((b"EXIF", exif), (b"XMP ", packet), (b"C2PA", store)),
        "a.tif": tiff({0x8298: b"Copyright 2020 Example\0", 0x2BC: packet, 0x83BB: iptc({116: b"Example"})}, big=True),
        "a.psd": psd(resources),
        "a.avif": heif(exif, packet),
        "a.ico": b"\0\0\1\0\1\0" + bytes([16, 16, 0, 0, 1, 0, 32, 0]) + struct.pack("<II", 4, 22) + b"\0" * 4,
        "a.bmp": b"BM" + struct.pack("<IIIIiiHH", 60, 0, 54, 40, 3, -2, 1, 24) + b"\0" * 30,
        "a.icns": b"icns" + struct.pack(">I", 24) + b"ic07" + struct.pack(">I", 16) + b"\0" * 8,
        "a.svg": (SVG % '<image href="data:image/gif;base64,R0lGODlhAQABAAAAACw="/>').encode(),
        "a.svgz": gzip.compress((SVG % "").encode(), mtime=0),
        "a.ttf": sfnt(tables),
        "a.ttc": ttc(tables, font_tables(OPEN, 8)),
        "a.woff": woff(tables, b"<metadata><copyright><text>Example</text></copyright></metadata>"),
        "a.woff2": woff2(tables, b"<metadata><license url='https://terms.example'>Terms</license></metadata>"),
        "a.eot": eot(sfnt(tables), 4, 0x1000_0000, "https://shop.example"),
        "a.pfa": b"%!PS-AdobeFont-1.0: Exempla\n/Notice (Copyright \\(c\\) Example) def\n/FSType 4 def\neexec\n",
        "a.pdf": pdf(b"<</Author (Ann) /Copyright <feff00a9> /Producer (Maker)>>", packet, packed=True),
    }  # fmt: skip
