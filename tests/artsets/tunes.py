"""Sounds and animations that the tests make themselves, the same at every run, and containers around them."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from typing import Any

import numpy as np

RATE = 44_100
Samples = np.ndarray[Any, np.dtype[Any]]


def tune(number: int, seconds: float = 1.6, rate: int = RATE) -> Samples:
    """Notes that begin and fade, with overtones and a breath of noise, as a notification has them; from -1 to 1."""
    chance = random.Random(number)
    made = np.zeros(int(seconds * rate))
    count = max(2, int(seconds * 5))
    for note in range(count):
        start = int(note * len(made) / count)
        length = min(len(made) - start, int(chance.uniform(0.2, 0.5) * rate))
        time = np.arange(length) / rate
        pitch, fade = chance.uniform(250, 1900), chance.uniform(4, 14)
        for overtone in range(1, 5):
            strength = chance.uniform(0.1, 1) / overtone
            made[start : start + length] += (
                strength * np.sin(2 * np.pi * pitch * overtone * time) * np.exp(-fade * time)
            )
    breath = np.random.default_rng(number).normal(0, 0.02, len(made))
    made += breath * np.abs(made)
    return made / np.abs(made).max() * 0.8


def beep(seconds: float = 1.0, pitch: float = 880) -> Samples:
    """A tone that never changes."""
    return 0.5 * np.sin(2 * np.pi * pitch * np.arange(int(seconds * RATE)) / RATE)


def resampled(samples: Samples, rate: int) -> Samples:
    places = np.arange(int(len(samples) * rate / RATE)) * RATE / rate
    return np.interp(places, np.arange(len(samples)), samples)


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def wav(data: Samples | bytes, rate: int = RATE, channels: int = 1, before: bytes = b"", after: bytes = b"") -> bytes:
    """A WAV file of 16 bits; what comes before and after the samples are chunks."""
    held = data if isinstance(data, bytes) else pcm(data)
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    body = b"WAVE" + chunk(b"fmt ", form) + before + chunk(b"data", held) + after
    return b"RIFF" + struct.pack("<I", len(body)) + body


def frames(number: int, count: int = 12) -> bytes:
    """Frames of MP3 of 128 kbit/s at 44.1 kHz, by their heads; what they hold is noise."""
    noise = random.Random(number)
    return b"".join(b"\xff\xfb\x90\x64" + noise.randbytes(413).replace(b"\xff", b"\xfe") for _ in range(count))


XING = b"\xff\xfb\x90\x64" + b"\0" * 32 + b"Xing" + b"\0\0\0\x01\0\0\0\x0c" + b"\0" * 369


def id3(text: str) -> bytes:
    body = b"TIT2" + struct.pack(">IH", len(text) + 1, 0) + b"\0" + text.encode("latin-1")
    return b"ID3\x03\0\0" + bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0)) + body


def ape(text: str) -> bytes:
    item = struct.pack("<II", len(text), 0) + b"Title\0" + text.encode()
    tail = struct.pack("<IIII8x", 2000, len(item) + 32, 1, 0)
    return item + b"APETAGEX" + tail


def page(packets: list[bytes], serial: int, number: int) -> bytes:
    sizes = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    head = b"OggS\0" + bytes([2 if number == 0 else 0]) + struct.pack("<QIII", 0, serial, number, 0)
    return head + bytes([len(sizes)]) + sizes + b"".join(packets)


def vorbis(number: int, title: str = "", serial: int = 7, together: bool = False) -> bytes:
    """A stream called Vorbis; packets lie on pages of their own, or together."""
    noise = random.Random(number)
    comment = b"\x03vorbis" + struct.pack("<I", 1) + b"x" + struct.pack("<I", 1)
    comment += struct.pack("<I", len(title) + 6) + b"TITLE=" + title.encode() + b"\x01"
    sounds = [noise.randbytes(300) for _ in range(8)]
    packets = [b"\x01vorbis" + b"\0" * 23, comment, b"\x05vorbis" + b"\1" * 90, *sounds]
    pages = [packets[:1], packets[1:3], sounds] if together else [[one] for one in packets]
    return b"".join(page(held, serial, at) for at, held in enumerate(pages))


def flac(data: bytes, comment: str = "", padding: int = 0, rate: int = RATE) -> bytes:
    """A FLAC file whose frames are made up, and whose head states the digest of the samples."""
    numbers = rate << 44 | 0 << 41 | 15 << 36 | len(data) // 2
    info = struct.pack(">HH3x3x", 4096, 4096) + numbers.to_bytes(8, "big")
    info += hashlib.md5(data, usedforsecurity=False).digest()
    said = struct.pack("<II", 0, 1) + struct.pack("<I", len(comment)) + comment.encode()
    blocks = [(0, info), (4, said), (1 | 0x80, b"\0" * padding)]
    body = b"".join(bytes([kind]) + len(held).to_bytes(3, "big") + held for kind, held in blocks)
    return b"fLaC" + body + b"\xff\xf8" + data[:900]


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def m4a(number: int, title: str = "", first: bool = False) -> bytes:
    """An M4A file, its samples before its head, or behind it."""
    sounds, head = box(b"mdat", random.Random(number).randbytes(700)), box(b"moov", box(b"udta", title.encode()))
    return box(b"ftyp", b"M4A \0\0\0\0") + (sounds + head if first else head + sounds)


def animation(number: int = 1) -> dict[str, Any]:
    """A Lottie animation of a drawing that moves."""
    chance = random.Random(number)
    points = [[round(chance.uniform(-90, 90), 3), round(chance.uniform(-90, 90), 3)] for _ in range(16)]
    shape = {
        "ty": "sh",
        "nm": "Path 1",
        "ind": 0,
        "ks": {"a": 0, "k": {"i": points, "o": points, "v": points, "c": True}},
    }
    layer = {
        "ddd": 0, "ind": 1, "ty": 4, "nm": "Star", "sr": 1, "ip": 0, "op": 60, "st": 0, "bm": 0,
        "ks": {"o": {"a": 0, "k": 100, "ix": 11}, "p": {"a": 0, "k": [64.5, 64, 0], "ix": 2}}, "shapes": [shape],
    }  # fmt: skip
    image = {"id": "image_0", "w": 10, "h": 10, "u": "images/", "p": "img_0.png", "e": 0}
    still = {"ddd": 0, "ind": 2, "ty": 2, "nm": "img", "refId": "image_0", "sr": 1, "ip": 0, "op": 60, "st": 0}
    return {
        "v": "5.6.5", "fr": 30, "ip": 0, "op": 60, "w": 128, "h": 128, "nm": "star", "ddd": 0, "assets": [image],
        "layers": [layer, still],
    }  # fmt: skip


def lottie(held: dict[str, Any], indent: int | None = None) -> bytes:
    return json.dumps(held, indent=indent).encode()
