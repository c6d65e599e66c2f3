"""XMP packets (ISO 16684-1), wherever they are found."""

from __future__ import annotations

from licscan.media.found import Found
from licscan.media.rdf import Rdf, parse, parser_of

MAX_PACKET = 4 << 20
"""Bytes of one packet that are read."""
_STARTS = ("<x:xmpmeta", "<x:xapmeta", "<rdf:RDF")
_ENCODINGS = (
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_ENDS = ("</x:xmpmeta>", "</x:xapmeta>", "</rdf:RDF>")


def xmp_into(found: Found, packet: bytes) -> None:
    """Add the fields of a packet, in UTF-8, UTF-16 or UTF-32; XML that is broken becomes a fault."""
    packet = packet[:MAX_PACKET]
    if not packet.strip(b"\0 \t\r\n") or not found.spend(2 * len(packet)):
        return
    data = _body(_as_utf8(packet))
    rdf = Rdf(found, "xmp")
    parser, data = parser_of(data)
    parser.StartElementHandler = rdf.start
    parser.EndElementHandler = lambda _name: rdf.end()
    parser.CharacterDataHandler = rdf.text
    parse(found, parser, data)


def _as_utf8(packet: bytes) -> bytes:
    """The packet in UTF-8; its first `<` tells what it was written in."""
    place = packet.find(b"<")
    around = packet[max(0, place - 3) : place + 4]
    for mark, codec in _ENCODINGS:
        if mark in around:
            start = place - mark.index(b"<")
            return packet[start:].decode(codec, "ignore").encode("utf-8", "ignore")
    return packet


def _body(packet: bytes) -> bytes:
    """The packet without the instructions and the room around its element."""
    for start, end in zip(_STARTS, _ENDS, strict=True):
        first, last = packet.find(start.encode()), packet.rfind(end.encode())
        if first >= 0:
            return packet[first : last + len(end) if last > first else len(packet)]
    place = packet.find(b"<")
    return packet[max(0, place) :].rstrip(b"\0 \t\r\n")
