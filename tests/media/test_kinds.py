"""Formats are told by bytes, whatever the file is called."""

from __future__ import annotations

import pytest

from licscan.media import format_of
from licscan.media.kinds import FORMATS
from licscan.media.readers import READERS, reader_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (PNG, "a.png", "png"),
        (PNG, "a.jpg", "png"),
        (PNG, "0_1", "png"),
        (b"version https://git-lfs.example/spec\n", "a.png", None),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a.mp3", "wav"),
        (b"XXXX\0\0\0\0WAVEfmt ", "a.wav", None),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "a", "avif"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avif", "a", "heif"),
        (b"\0\0\0\x1cftypisom\0\0\0\0", "a", "mp4"),
        (b"\0\1\0\0\0\x0f", "a.ttf", "sfnt"),
        (b"OTTO\0\x0f", "a.txt", "sfnt"),
        (b"<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg'>", "a.svg", "svg"),
        (b"<svg><defs><font id='x'><glyph/></font></defs></svg>", "a.svg", "svg-font"),
        ("<svg xmlns='x'>".encode("utf-16"), "a.svg", "svg"),
        (b"<html><svg></svg></html>", "a.html", None),
        (b'{"v":"5.5.7","fr":60,"ip":0,"op":60,"w":512,"h":512,"nm":"x","layers":[]}', "a.json", "lottie-json"),
        (b'{"name":"x","version":"1.0.0","layers":3}', "package.json", None),
        (b'{"modelTopology":{}}', "model.json", "tfjs"),
        (b"\x1f\x8b\x08\0", "sticker.tgs", "tgs"),
        (b"\x1f\x8b\x08\0", "x.tar.gz", None),
        (b"PK\x03\x04", "x.pt", "torch"),
        (b"PK\x03\x04", "x.jar", None),
        (b"PK\x03\x04", "pytorch_model-00001-of-00002.bin", "torch"),
        (b"PK\x03\x04", "x.bin", None),
        (b"\x80\x04\x95", "x.pkl", "pickle"),
        (b"\x1c\0\0\0TFL3", "x.bin", "tflite"),
        (b'\x10\0\0\0\0\0\0\0{"__me', "x.safetensors", "safetensors"),
        (b"\xff\xfb\x90\x44", "a.mp3", "mp3"),
        (b"\xff\xfb\x90\x44", "a.bin", None),
        (b"", "a.png", None),
    ],
)
def test_bytes_decide(head: bytes, name: str, expected: str | None) -> None:
    made = format_of(head, name)
    assert (made.name if made else None) == expected


def test_every_reader_is_of_a_format_and_is_there() -> None:
    assert READERS.keys() <= FORMATS.keys()
    assert all(callable(reader_of(name)) for name in READERS)
