"""Small sounds, videos, animations and models, made byte by byte for the tests."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict

FRAME = b"\xff\xfb\x90\x44" + b"\0" * 413
LABEL = {
    "Label": "1", "ContentProducer": "00119100example", "ProduceID": "p-1", "ReservedCode1": "",
    "ContentPropagator": "", "PropagateID": "", "ReservedCode2": "",
}  # fmt: skip


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


def chunk(name: bytes, held: bytes, order: str = "little") -> bytes:
    sized = len(held).to_bytes(4, "big" if order == "big" else "little")
    return name + sized + held + b"\0" * (len(held) % 2)


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


def box(name: bytes, *held: bytes) -> bytes:
    body = b"".join(held)
    return (len(body) + 8).to_bytes(4, "big") + name + body


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


def lottie(**more: object) -> bytes:
    held = {
        "v": "5.7.4", "fr": 50, "ip": 0, "op": 100, "w": 512, "h": 256, "nm": "Door", "ddd": 0, "assets": [],
        "layers": [], "meta": {"a": "Ann Author", "g": "Maker 1.0", "d": "A door", "k": "door, wood"}, **more,
    }  # fmt: skip
    return json.dumps(held).encode()


def zipped(entries: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def dotlottie() -> bytes:
    manifest = json.dumps({"version": "2", "generator": "maker", "author": "Zoe Packer"}).encode()
    return zipped({"manifest.json": manifest, "a/x.json": lottie(), "i/a.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 16})


def gguf(texts: dict[str, str | list[str]]) -> bytes:
    def text(value: str) -> bytes:
        return len(value.encode()).to_bytes(8, "little") + value.encode()

    def value(one: str | list[str]) -> bytes:
        if isinstance(one, str):
            return (8).to_bytes(4, "little") + text(one)
        head = (9).to_bytes(4, "little") + (8).to_bytes(4, "little") + len(one).to_bytes(8, "little")
        return head + b"".join(map(text, one))

    words: dict[str, str | list[str]] = {"tokenizer.ggml.tokens": ["a"] * 50}
    pairs = {**words, **texts}
    number = text("general.file_type") + (4).to_bytes(4, "little") + (7).to_bytes(4, "little")
    body = b"".join(text(key) + value(one) for key, one in pairs.items()) + number
    return (
        b"GGUF" + (3).to_bytes(4, "little") + (0).to_bytes(8, "little") + (len(pairs) + 1).to_bytes(8, "little") + body
    )


def safetensors(metadata: dict[str, str]) -> bytes:
    head = json.dumps({"__metadata__": metadata}).encode()
    return len(head).to_bytes(8, "little") + head


def proto(number: int, held: bytes | int) -> bytes:
    def varint(value: int) -> bytes:
        made = b""
        while value > 127:
            made, value = made + bytes((value & 127 | 128,)), value >> 7
        return made + bytes((value,))

    if isinstance(held, int):
        return varint(number << 3) + varint(held)
    return varint(number << 3 | 2) + varint(len(held)) + held


def onnx() -> bytes:
    pair = proto(1, b"model_license") + proto(2, b"MIT")
    graph = proto(1, b"node" * 100) + proto(2, b"door")
    return (
        proto(1, 9)
        + proto(2, b"maker")
        + proto(3, b"1.0")
        + proto(4, b"door.example")
        + proto(7, graph)
        + proto(14, pair)
    )


def coreml() -> bytes:
    pair = proto(1, b"com.example.url") + proto(2, b"https://door.example/x")
    metadata = proto(1, b"Tells doors") + proto(3, b"Ann Author") + proto(4, b"Apache-2.0") + proto(100, pair)
    return proto(1, 4) + proto(2, proto(1, b"") + proto(100, metadata)) + proto(500, b"w" * 300)


def parquet() -> bytes:
    def text(value: bytes) -> bytes:
        return bytes((len(value),)) + value

    pair = b"\x18" + text(b"license") + b"\x18" + text(b"CC-BY-4.0") + b"\0"
    schema = b"\x48" + text(b"schema") + b"\x15\x02\0"
    footer = b"\x15\x02\x19\x1c" + schema + b"\x16\x02\x19\x0c\x19\x1c" + pair + b"\x18" + text(b"maker 1.0") + b"\0"
    return b"PAR1" + b"\0" * 8 + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def torch() -> bytes:
    held = pickle.dumps(OrderedDict(a=1), 2)
    return zipped({"archive/data.pkl": held, "archive/version": b"3\n", "archive/data/0": b"\0" * 64})


SAMPLES: dict[str, bytes] = {
    "a.mp3": id3(latin("TIT2", b"A door") + latin("TCOP", b"2024 Ann Author")) + FRAME * 4 + ape({"Artist": "Zoe"})
    + id3v1(b"A door", b"Ann Author"),
    "b.mp3": id3(frame("TIT2", b"\3A door", 4) + frame("TXXX", b"\3AIGC\0" + json.dumps(LABEL).encode(), 4), 4),
    "a.ogg": ogg({"TITLE": "A door"}), "a.opus": opus({"LICENSE": "CC0-1.0"}), "a.ogv": ogv({"ARTIST": "Ann"}),
    "a.flac": flac({"COPYRIGHT": "2024 Ann Author"}), "a.wav": wav(info({"ICOP": b"2024 Ann"}), bext()),
    "a.avi": avi({"INAM": b"A door"}), "a.aiff": aiff(), "a.caf": caf(), "a.mid": midi([(2, b"(C) 1999 Ann")]),
    "a.amr": b"#!AMR\n" + (b"\x3c" + b"\0" * 31) * 5, "a.m4a": m4a(), "a.mp4": m4a(b"isom"), "a.webm": matroska(),
    "a.json": lottie(), "a.tgs": gzip.compress(lottie(), mtime=0), "a.lottie": dotlottie(),
    "a.gguf": gguf({"general.license": "mit"}), "a.safetensors": safetensors({"license": "mit"}), "a.onnx": onnx(),
    "a.mlmodel": coreml(), "a.parquet": parquet(), "a.pt": torch(), "a.pkl": pickle.dumps(OrderedDict(a=1), 4),
    "a.keras": zipped({"metadata.json": b'{"keras_version": "3.0"}'}), "a.npz": zipped({"x.npy": b""}),
    "packed.mp3": id3(frame("TCOP", b"\0\0\0\x05" + zlib.compress(b"\0Ann"), 3, 0x80)) + FRAME,
}  # fmt: skip
"""One small file of each format that is read."""
