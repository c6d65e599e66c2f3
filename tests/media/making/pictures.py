"""Small pictures, drawings and documents with fields of one's choice."""

from __future__ import annotations

import struct
import zlib

from tests.media.making.standards import box


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
