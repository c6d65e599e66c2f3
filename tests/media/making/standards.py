"""What files of several formats hold: XMP, Exif, IPTC, Content Credentials; boxes, chunks, zips."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

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


LABEL = {
    "Label": "1", "ContentProducer": "00119100example", "ProduceID": "p-1", "ReservedCode1": "",
    "ContentPropagator": "", "PropagateID": "", "ReservedCode2": "",
}  # fmt: skip


def chunk(name: bytes, held: bytes, order: str = "little") -> bytes:
    sized = len(held).to_bytes(4, "big" if order == "big" else "little")
    return name + sized + held + b"\0" * (len(held) % 2)


def zipped(entries: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return held.getvalue()
