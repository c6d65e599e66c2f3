"""Small files of content for tests: each with the fields that it is asked to carry, and nothing else in it."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 16, height: int = 16, **texts: str) -> bytes:
    """A gray picture with text chunks."""
    rows = zlib.compress(b"\0" * ((width + 1) * height))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    chunks += [(b"tEXt", f"{key}\0{text}".encode("latin-1")) for key, text in texts.items()]
    chunks += [(b"IDAT", rows), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg(width: int = 800, height: int = 600) -> bytes:
    """The head of a photograph: a start, its size, an end."""
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def mp3(**frames: str) -> bytes:
    """An ID3v2.3 tag with text frames in UTF-16, and one frame of MPEG audio."""
    body = b""
    for name, text in frames.items():
        data = b"\x01" + text.encode("utf-16")
        body += name.encode() + struct.pack(">IH", len(data), 0) + data
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body + b"\xff\xfb\x90\x44" + b"\0" * 413


def ogg() -> bytes:
    """An Ogg page with a Vorbis head and no comments."""
    return b"OggS\0\x02" + b"\0" * 20 + b"\x01\x1e\x01vorbis" + b"\0" * 23


def font(names: dict[int, str], fstype: int = 0) -> bytes:
    """A font with a name table (Windows, English) and an OS/2 table; no glyphs."""
    strings, records = b"", b""
    for number, text in sorted(names.items()):
        data = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(data), len(strings))
        strings += data
    name = struct.pack(">HHH", 0, len(names), 6 + 12 * len(names)) + records + strings
    os2 = struct.pack(">HhHHH", 4, 500, 400, 5, fstype) + b"\0" * 86
    tables = {b"OS/2": os2, b"name": name}
    offset, directory, body = 12 + 16 * len(tables), b"", b""
    for tag, data in sorted(tables.items()):
        directory += tag + struct.pack(">III", 0, offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return b"\0\1\0\0" + struct.pack(">HHHH", len(tables), 0, 0, 0) + directory + body


def svg(inner: str = "", before: str = "") -> bytes:
    """A drawing with one path."""
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{inner}<path d="M0 0h8v8z"/></svg>'.encode()
    )


def gguf(**keys: str) -> bytes:
    """The head of a model without tensors; keys as `general_license` for `general.license`."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    pairs = [(key.replace("_", ".", 1), value) for key, value in keys.items()]
    body = b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in pairs)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + body
