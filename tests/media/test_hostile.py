"""No bytes make a reader raise, hang, or hold much: mutated files, and such as ask for much work."""

from __future__ import annotations

import gzip
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.media.blob import Held
from licscan.media.charset import decoded
from licscan.media.found import MAX_FIELDS, MAX_TEXT, folded
from licscan.media.kinds import FORMATS
from licscan.media.readers import READERS, read_as
from licscan.model.media import MediaFacts
from tests.media import making

SAMPLES = making.PICTURES
OURS = [name for name in READERS if FORMATS[name].kind.value in ("font", "image", "svg", "document")]
SECONDS = 5.0
"""Processor time in which a reader that is not bounded would not end, on a slow machine too; what a file takes at most
is measured by `scripts/fuzz_media`."""


def read(data: bytes, name: str) -> MediaFacts:
    """The facts of bytes as a file of a format, whatever they are; checks what holds for all facts."""
    started = time.process_time()
    facts = read_as(Held(data), FORMATS[name])
    assert time.process_time() - started < SECONDS
    assert len(facts.fields) <= MAX_FIELDS
    assert all(one.text and len(one.text) <= MAX_TEXT and "\n" not in one.text for one in facts.fields)
    assert facts.width >= 0
    assert facts.height >= 0
    return facts


FORMAT_OF = {
    "tif": "tiff", "jpg": "jpeg", "ttf": "sfnt", "pfa": "type1",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_mutated_file_is_read(name: str) -> None:
    ending = name.partition(".")[2]
    for seed in range(60):
        read(making.mutated(SAMPLES[name], seed), FORMAT_OF.get(ending, ending))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_file_that_is_cut_anywhere_is_read(name: str) -> None:
    ending = name.partition(".")[2]
    data = SAMPLES[name]
    for end in range(0, len(data), max(1, len(data) // 60)):
        read(data[:end], FORMAT_OF.get(ending, ending))


@pytest.mark.parametrize("name", OURS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_as_any_format(name: str, data: bytes) -> None:
    read(data, name)
    for sample in SAMPLES.values():
        read(sample[:40] + data, name)
        break


SIZE = 1 << 20
_NAME = struct.pack(">6H", 3, 1, 0, 0, 65535, 0)
_SAME = b"".join(struct.pack("<HHII", 0x83BB, 7, SIZE, 1024) for _number in range(60))
_BLOCKS = b"\x1c\x02\x74\0\1x" * (SIZE // 6)
_PACKED = zlib.compress(b"<x:xmpmeta><rdf:RDF>" + b"<a/>" * 1_000_000)
_PROFILE = zlib.compress(b"\niptc\n 1\n" + (b"8BIM" + b"\0" * 8).hex().encode() * 40_000)
_CHAIN = b"II*\0" + b"".join(struct.pack("<I", 8) + b"\x50\0" for _number in range(170))
HARD: dict[str, Callable[[], bytes]] = {
    "png": lambda: making.png(*((b"tEXt", b"k%d\0v" % number) for number in range(60_000))),
    "jpeg": lambda: b"\xff\xd8" + b"\xff\xfe\0\x03x" * 200_000,
    "gif": lambda: making.gif(making.gif_comment(b"")[:2] + b"\x01x" * (SIZE // 2)),
    "webp": lambda: making.webp(*((b"XMP ", making.rights("x")) for _number in range(2_000))),
    "tiff": lambda: (b"II*\0\x08\0\0\0" + struct.pack("<H", 60) + _SAME).ljust(1024, b"\0") + _BLOCKS,
    "psd": lambda: making.psd(*(making.resource(1028, making.iptc({116: b"x"})) for _number in range(30_000))),
    "avif": lambda: making.heif(tail=making.box(b"meta", b"\0\0\0\0" + b"\0\0\0\x08free" * (SIZE // 8))),
    "heif": lambda: making.box(b"ftyp", b"heic") + making.box(b"meta", b"\0\0\0\0" + making.box(
        b"iloc", b"\x01\0\0\0\0\0\xff\xff" + (b"\0\x01\0\0\0\0\xff\xff" + b"\0" * 100) * 9_000)),
    "sfnt": lambda: making.sfnt({b"name": struct.pack(">HHH", 0, 40_000, 6) + _NAME * 40_000}),
    "ttc": lambda: b"ttcf\0\1\0\0\xff\xff\xff\xff" + b"\0\0\0\x0c" * 100_000,
    "woff2": lambda: making.woff2({b"name": b"\0" * 1000}),
    "woff": lambda: making.woff({b"name": b"\0" * 10_000_000}),
    "type1": lambda: b"%!PS-AdobeFont" + b"/Notice (" * 100_000,
    "svg": lambda: b"<svg>" + b"<g>" * (SIZE // 3),
    "svgz": lambda: gzip.compress(b"<svg>" + b" " * 50_000_000),
    "svg-font": lambda: b"<svg>" + b"<!--(c)-->" * 100_000,
    "pdf": lambda: b"%PDF-1.7\n/Info 1 0 R" + b"/ObjStm /First 1 stream\n" * 40_000 + b"1 1 0 obj" * 9_000,
    "jxl": lambda: making.box(b"JXL ") + making.box(b"brob", b"xml ", brotli.compress(b" " * 50_000_000)) * 100,
    "svgz deep": lambda: gzip.compress(b"<svg>" + b"<g/>" * 2_000_000),
    "svgz metadata": lambda: gzip.compress(b"<svg><metadata>" + b"<g/>" * 2_000_000),
    "png packed": lambda: making.png(*((b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _PACKED) for _number in range(100))),
    "png profiles": lambda: making.png(*((b"zTXt", b"Raw profile type iptc\0\0" + _PROFILE) for _number in range(100))),
    "jpeg exif": lambda: making.jpeg(*((0xE1, b"Exif\0\0" + _CHAIN) for _number in range(1_000))),
    "icns": lambda: b"icns" + b"\0" * SIZE,
}  # fmt: skip
"""Files that ask for much more work than they have bytes; each is made by who tries it."""


@pytest.mark.parametrize("name", sorted(HARD))
def test_a_file_that_asks_for_much_is_bounded(name: str) -> None:
    read(HARD[name](), name.partition(" ")[0])


def test_bombs_are_not_unpacked_whole() -> None:
    store = zlib.compress(b" " * 100_000_000)
    chunk = (b"zTXt", b"Comment\0\0" + store)
    bombs = {"png": making.png(*(chunk for _number in range(20))), "svgz": HARD["svgz"](), "jxl": HARD["jxl"]()}
    for name, data in bombs.items():
        tracemalloc.start()
        read_as(Held(data), FORMATS[name])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 64 << 20, name


def test_a_store_that_is_nested_and_xml_that_is_deep_end() -> None:
    nested = making.box(b"cbor", b"\x81" * 100_000)
    read(making.png((b"caBX", making.superbox("c2pa", b"c2pa", making.superbox("c2pa.claim", b"c2cl", nested)))), "png")
    deep = making.xmp("<dc:rights>" + "<a>" * 50_000)
    read(making.jpeg((0xE1, making.XMP_HEAD + deep[:60_000])), "jpeg")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        ("© Ä".encode(), "© Ä"),
        ("© Ä".encode("latin-1"), "© Ä"),
        ("“x” – y".encode("cp1252"), "“x” – y"),
        ("站长素材".encode("gbk"), "站长素材"),
        ("é".encode("latin-1"), "é"),
        (("字" * 40_000).encode(), None),
        (b"\x81\x8d", "\ufffd\ufffd"),
    ],
)
def test_text_of_no_declared_encoding(data: bytes, text: str | None) -> None:
    assert decoded(data) == text if text else set(decoded(data)) == {"字"}


def test_text_is_folded_and_short() -> None:
    assert folded(" a\n\tb\0 c ") == "a b c"
    assert len(folded("a " * 100_000)) == MAX_TEXT - 1
