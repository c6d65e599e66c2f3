"""Small sounds and videos, made byte by byte."""

from __future__ import annotations

import json
import struct

from tests.media.making.standards import LABEL, box, chunk

FRAME = b"\xff\xfb\x90\x44" + b"\0" * 413


def syncsafe(size: int) -> bytes:
    return bytes(size >> 7 * place & 0x7F for place in (3, 2, 1, 0))


def frame(name: str, held: bytes, version: int = 3, flags: int = 0) -> bytes:
    raw = name.encode()
    if version == 2:
        return raw + len(held).to_bytes(3, "big") + held
    size = syncsafe(len(held)) if version == 4 else len(held).to_bytes(4, "big")
    return raw + size + flags.to_bytes(2, "big") + held


def id3(frames: bytes, version: int = 3, flags: int = 0) -> bytes:
    return b"ID3" + bytes((version, 0, flags)) + syncsafe(len(frames)) + frames


def latin(name: str, text: bytes, version: int = 3) -> bytes:
    return frame(name, b"\0" + text, version)


def id3v1(title: bytes = b"", artist: bytes = b"", comment: bytes = b"") -> bytes:
    return b"TAG" + title.ljust(30, b"\0") + artist.ljust(30, b"\0") + b"\0" * 34 + comment.ljust(30, b"\0") + b"\0"


def ape(items: dict[str, str]) -> bytes:
    held = b"".join(
        len(text.encode()).to_bytes(4, "little") + b"\0" * 4 + key.encode() + b"\0" + text.encode()
        for key, text in items.items()
    )
    tail = (2000).to_bytes(4, "little") + (len(held) + 32).to_bytes(4, "little") + len(items).to_bytes(4, "little")
    return held + b"APETAGEX" + tail + b"\0" * 12


def comments(items: dict[str, str], vendor: str = "made") -> bytes:
    parts = [f"{key}={text}".encode() for key, text in items.items()]
    listed = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
    name = vendor.encode()
    return len(name).to_bytes(4, "little") + name + len(parts).to_bytes(4, "little") + listed


def page(packet: bytes, granule: int = 0, stream: int = 7) -> bytes:
    sizes = [255] * (len(packet) // 255) + [len(packet) % 255]
    head = b"OggS\0\0" + granule.to_bytes(8, "little") + stream.to_bytes(4, "little") + b"\0" * 8
    return head + bytes((len(sizes),)) + bytes(sizes) + packet


def ogg(items: dict[str, str]) -> bytes:
    head = b"\x01vorbis" + b"\0" * 4 + b"\x01" + (8000).to_bytes(4, "little") + b"\0" * 14
    return page(head) + page(b"\x03vorbis" + comments(items) + b"\1") + page(b"x" * 20, 16_000)


def opus(items: dict[str, str]) -> bytes:
    head = b"OpusHead\x01\x01" + b"\0" * 9
    return page(head) + page(b"OpusTags" + comments(items)) + page(b"x", 48_000)


def ogv(items: dict[str, str]) -> bytes:
    head = b"\x80theora\3\2\1" + b"\0" * 4 + (64).to_bytes(3, "big") + (48).to_bytes(3, "big") + b"\0" * 20
    return page(head) + page(b"\x81theora" + comments(items))


def flac(items: dict[str, str]) -> bytes:
    info = b"\0" * 10 + (8000 << 4).to_bytes(3, "big") + (16_000).to_bytes(5, "big") + b"\0" * 16
    held = comments(items)
    return (
        b"fLaC\0" + len(info).to_bytes(3, "big") + info
        + b"\x06\0\0\4pict" + b"\x84" + len(held).to_bytes(3, "big") + held
    )  # fmt: skip


def wav(*chunks: bytes) -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + chunk(b"fmt ", form) + b"".join(chunks) + chunk(b"data", b"\x80" * 4000)
    return chunk(b"RIFF", body)


def info(items: dict[str, bytes]) -> bytes:
    return chunk(b"LIST", b"INFO" + b"".join(chunk(key.encode(), text + b"\0") for key, text in items.items()))


def bext() -> bytes:
    return chunk(b"bext", b"A door".ljust(256, b"\0") + b"Ann Author".ljust(32, b"\0") + b"\0" * 314 + b"A=PCM,T=Tool")


def avi(items: dict[str, bytes]) -> bytes:
    main = struct.pack("<10I", 200_000, 0, 0, 0, 10, 0, 1, 0, 64, 48) + b"\0" * 16
    movie = chunk(b"LIST", b"movi" + chunk(b"00dc", b"ICOP not a field"))
    return chunk(b"RIFF", b"AVI " + chunk(b"LIST", b"hdrl" + chunk(b"avih", main)) + info(items) + movie)


def aiff() -> bytes:
    common = struct.pack(">hIh", 1, 16_000, 8) + b"\x40\x0b\xfa" + b"\0" * 7
    comment = b"\0\1" + b"\0" * 6 + b"\0\4note"
    parts = (
        (b"COMM", common), (b"NAME", b"A door"), (b"AUTH", b"Ann Author"), (b"(c) ", b"2024 Ann Author"),
        (b"ANNO", b"Remark"), (b"COMT", comment), (b"ID3 ", id3(latin("TCOP", b"2024 In ID3"))), (b"SSND", b"\0" * 32),
    )  # fmt: skip
    return chunk(b"FORM", b"AIFF" + b"".join(chunk(name, held, "big") for name, held in parts), "big")


def caf() -> bytes:
    held = (2).to_bytes(4, "big") + b"title\0A door\0copyright\x002024 Ann Author\0"
    parts = ((b"desc", struct.pack(">d", 8000.0) + b"\0" * 24), (b"info", held),
             (b"pakt", (1).to_bytes(8, "big") + (4000).to_bytes(8, "big") + b"\0" * 8))  # fmt: skip
    return b"caff\0\1\0\0" + b"".join(name + len(one).to_bytes(8, "big") + one for name, one in parts)


def midi(texts: list[tuple[int, bytes]]) -> bytes:
    events = b"".join(b"\0\xff" + bytes((kind, len(text))) + text for kind, text in texts)
    track = b"\0\x90\x40\x40\x10\x40\0\0\xc0\1\0\xf0\2\1\xf7" + events + b"\0\xff\x2f\0"
    return b"MThd\0\0\0\6\0\0\0\1\0\x60" + chunk(b"MTrk", track, "big")


def data(text: str) -> bytes:
    return box(b"data", (1).to_bytes(4, "big") + b"\0" * 4 + text.encode())


def m4a(brand: bytes = b"M4A ") -> bytes:
    free = box(b"----", box(b"mean", b"\0" * 4 + b"com.example"), box(b"name", b"\0" * 4 + b"LICENSE"), data("CC0-1.0"))
    label = box(b"----", box(b"mean", b"\0" * 4 + b"com.example"), box(b"name", b"\0" * 4 + b"AIGC"),
                data(json.dumps(LABEL)))  # fmt: skip
    listed = box(b"ilst", box(b"\xa9nam", data("标题")), box(b"cprt", data("2024 Ann Author")), box(b"covr", data("x")),
                 free, label)  # fmt: skip
    meta = box(b"meta", b"\0" * 4, box(b"hdlr", b"\0" * 25), listed)
    keys = box(b"keys", b"\0" * 4, (1).to_bytes(4, "big"), box(b"mdta", b"com.example.copyright"))
    other = box(b"meta", box(b"hdlr", b"\0" * 25), keys, box(b"ilst", box(b"\0\0\0\1", data("2023 By key"))))
    plain = box(b"\xa9cpy", b"\0\x0f\x15\xc7" + b"2022 QuickTime!")
    third = box(b"cprt", b"\0\0\0\0\x15\xc72021 3GPP\0")
    header = box(b"mvhd", b"\0" * 12 + (1000).to_bytes(4, "big") + (1500).to_bytes(4, "big") + b"\0" * 80)
    return box(b"ftyp", brand + b"\0" * 8) + box(b"moov", header, box(b"udta", meta, plain, third), other)


def element(name: int, held: bytes) -> bytes:
    raw = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return raw + (len(held) | 1 << 28).to_bytes(4, "big") + held


def matroska() -> bytes:
    simple = element(0x67C8, element(0x45A3, b"COPYRIGHT") + element(0x4487, b"2024 Ann Author"))
    other = element(0x67C8, element(0x45A3, b"LICENSE") + element(0x4487, b"https://license.example/by"))
    head = element(0x7BA9, "标题".encode()) + element(0x4D80, b"muxer") + element(0x5741, b"writer")
    length = element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + element(0x4489, struct.pack(">d", 1500.0))
    video = element(0x1654AE6B, element(0xAE, element(0xE0, element(0xB0, b"\x40") + element(0xBA, b"\x30"))))
    segment = (
        element(0x1549A966, head + length) + video + element(0x1F43B675, b"\xe7\x81\0")
        + element(0x1254C367, element(0x7373, simple + other))
    )  # fmt: skip
    return element(0x1A45DFA3, element(0x4282, b"webm")) + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + segment
