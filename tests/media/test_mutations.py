"""No reader raises or hangs, whatever the bytes, and the same bytes give the same facts."""

from __future__ import annotations

import gzip
import random
import time
import zlib
from collections.abc import Callable

import pytest

from licscan.media import format_of
from licscan.media.blob import Held
from licscan.media.readers import read_as
from tests.media import making

COUNT = 60


@pytest.mark.parametrize("name", sorted(making.SOUNDS))
def test_mutated(name: str) -> None:
    made = format_of(making.SOUNDS[name][:4096], name)
    assert made is not None
    rng = random.Random(name)
    for _count in range(COUNT):
        blob = Held(making.mutated(making.SOUNDS[name], rng.randrange(1 << 32)))
        began = time.process_time()
        facts = read_as(blob, made)
        assert time.process_time() - began < 1
        assert facts == read_as(blob, made)
        assert all(one.text == " ".join(one.text.split()) and len(one.text) <= 4_000 for one in facts.fields)


BIG = 900_000
BOMB = (5 << 20).to_bytes(4, "big") + zlib.compress(b"\0" + b"A" * (5 << 20))
DEEP = b'{"v":"5","fr":1,"ip":0,"op":1,"w":1,"h":1,"nm":"x","layers":[],"x":' + b"[" * BIG
WIDE_TAG = b"ID3\3\0\0" + making.syncsafe(BIG)


def repeated(part: bytes, size: int = BIG) -> bytes:
    return part * (size // len(part))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "frames.mp3": lambda: making.id3(repeated(making.frame("TXXX", b"\0a\0b"))),
    "bombs.mp3": lambda: making.id3(repeated(making.frame("TCOP", BOMB, 3, 0x80))),
    "tags.wav": lambda: making.wav(
        repeated(making.chunk(b"id3 ", WIDE_TAG)) + repeated(making.frame("TXXX", b"\0a\0b"), 100_000)
    ),
    "tags.aiff": lambda: making.chunk(b"FORM", b"AIFF" + repeated(making.chunk(b"ID3 ", WIDE_TAG, "big")), "big"),
    "xml.wav": lambda: making.wav(making.chunk(b"iXML", repeated(b"<NOTE>" + b"x" * 3_990))),
    "info.wav": lambda: making.wav(
        making.chunk(b"LIST", b"INFO" + repeated(making.chunk(b"ICMT", b"\xc4\xe3\xba\xc3")))
    ),
    "lists.wav": lambda: making.wav(repeated(b"LIST\xff\xff\xff\x0fINFO")),
    "blocks.flac": lambda: b"fLaC" + repeated(b"\4\0\0\x14\0\0\0\0\2\0\0\0\2\0\0\0A=\2\0\0\0A="),
    "comments.ogg": lambda: making.ogg({f"A{number}": "\u4f60" for number in range(4_000)}),
    "pages.ogg": lambda: repeated(making.page(b"x" * 200)),
    "streams.ogg": lambda: b"".join(making.page(b"x", 0, number) for number in range(20_000)),
    "boxes.mp4": lambda: making.box(b"ftyp", b"isom0000") + repeated(
        making.box(b"udta", making.box(b"\xa9cpy", b"\0\1\0\0x"))
    ),
    "deep.mp4": lambda: making.box(b"ftyp", b"isom0000") + b"".join(
        (BIG - 8 * level).to_bytes(4, "big") + b"moov" for level in range(20_000)
    ),
    "deep.webm": lambda: making.SOUNDS["a.webm"][:12] + repeated(b"\x18\x53\x80\x67\x01" + b"\xff" * 7),
    "tags.webm": lambda: b"\x1aE\xdf\xa3\x80" + repeated(making.element(0x1254C367, making.element(0x7373, b""))),
    "events.mid": lambda: b"MThd\0\0\0\6\0\0\0\1\0\x60" + repeated(
        making.chunk(b"MTrk", b"\0\xff\1\0" * 30_000, "big")
    ),
    "pairs.caf": lambda: b"caff\0\1\0\0info" + BIG.to_bytes(8, "big") + b"\xff\xff\xff\xff" + repeated(b"a\0b\0"),
    "deep.json": lambda: DEEP,
    "lists.json": lambda: DEEP[:70] + b'"y":[' + b"[],[" * (BIG // 4),
    "bomb.tgs": lambda: gzip.compress(b"[" * (30 << 20)),
    "bomb.lottie": lambda: making.zipped({f"i/{number}.png": bytes(3 << 20) for number in range(60)}),
    "bomb.keras": lambda: making.zipped({"config.json": b" " * (40 << 20)}),
    "words.gguf": lambda: making.gguf({"tokenizer.x": [""] * 110_000}),
    "keys.gguf": lambda: making.gguf({f"general.{number}": "x" for number in range(30_000)}),
    "fields.onnx": lambda: b"\x08\1" + repeated(making.proto(14, making.proto(1, b"a") + making.proto(2, b"b"))),
    "nested.parquet": lambda: b"PAR1" + b"\x1c" * BIG + BIG.to_bytes(4, "little") + b"PAR1",
    "list.parquet": lambda: b"PAR1\x19\xf1\xff\xff\xff\xff\x0f" + b"\x11" * 600 + (607).to_bytes(4, "little") + b"PAR1",
    "globals.pkl": lambda: b"\x80\4" + repeated(b"ca\nb\n"),
    "texts.pkl": lambda: b"\x80\4" + repeated(b"\x8c\1a"),
}  # fmt: skip
"""What is built to take time, memory or the stack; each by who tries it."""


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile(name: str) -> None:
    data = HOSTILE[name]()
    made = format_of(data[:4096], name)
    assert made is not None
    blob = Held(data)
    began = time.process_time()
    facts = read_as(blob, made)
    assert time.process_time() - began < 1
    assert len(facts.fields) <= 2_000
