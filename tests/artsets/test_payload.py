"""Digests of what sounds play: tags, pages and the order of boxes make no difference, other frames do."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from licscan.artsets import alone, payload
from licscan.artsets.payload import payloads_of
from licscan.media.kinds import FORMATS
from tests.artsets.tunes import (
    XING,
    ape,
    box,
    chunk,
    flac,
    frames,
    id3,
    m4a,
    page,
    pcm,
    tune,
    vorbis,
    wav,
)  # fmt: skip
from tests.growth import assert_linear
from tests.media.making import mutated

PCM = pcm(tune(1, 0.4))
INFO = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"Ping\0"))
V1 = b"TAG" + b"x" * 125
SAME: dict[str, tuple[str, list[bytes]]] = {
    "MP3": ("mp3", [
        frames(1), id3("Ping") + frames(1), id3("a" * 90) + id3("b") + frames(1) + V1, frames(1) + ape("Ping"),
        id3("Ping") + XING + frames(1) + ape("Ping") + V1, XING + frames(1), frames(1) + b"\0" * 40,
        frames(1) + b"LYRICSBEGIN" + b"x" * 20 + b"000031LYRICS200" + V1,
    ]),
    "Ogg": ("ogg", [vorbis(1), vorbis(1, "Ping"), vorbis(1, serial=99), vorbis(1, "Pong", together=True)]),
    "FLAC": ("flac", [flac(PCM), flac(PCM, "Ping"), flac(PCM, padding=64), id3("Ping") + flac(PCM)]),
    "WAV": ("wav", [wav(PCM), wav(PCM, before=INFO), wav(PCM, after=INFO)]),
    "M4A": ("m4a", [m4a(1), m4a(1, "Ping"), m4a(1, "Ping", first=True)]),
}  # fmt: skip
OTHER = {
    "MP3": frames(2), "Ogg": vorbis(2), "FLAC": flac(pcm(tune(2, 0.4))), "WAV": wav(pcm(tune(2, 0.4))), "M4A": m4a(2),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(SAME))
def test_the_same_sound(case: str) -> None:
    made, held = SAME[case]
    told = {payloads_of(data, made) for data in held}
    assert len(told) == 1
    assert told != {()}


@pytest.mark.parametrize("case", sorted(SAME))
def test_another_sound(case: str) -> None:
    made, held = SAME[case]
    other = payloads_of(OTHER[case], made)
    assert other
    assert not set(other) & set(payloads_of(held[0], made))


def test_samples_are_told_packed_and_not() -> None:
    assert set(payloads_of(wav(PCM), "wav")) & set(payloads_of(flac(PCM), "flac"))
    assert not set(payloads_of(wav(PCM, rate=48_000), "wav")) & set(payloads_of(flac(PCM), "flac"))


@pytest.mark.parametrize(("made", "data"), [
    ("wav", wav(b"\0" * 9000)), ("wav", wav(b"\1\0" * 20)), ("mp3", id3("Ping")), ("mp3", frames(1, 0) + b"\0" * 900),
    ("ogg", page([b"\x80theora" + b"\0" * 40], 1, 0) + page([b"x" * 400], 1, 1)), ("m4a", box(b"moov", b"x" * 400)),
    ("midi", b"MThd" + b"x" * 900), ("amr", b""), ("png", b"x" * 900),
])  # fmt: skip
def test_what_plays_nothing_has_no_digest(made: str, data: bytes) -> None:
    assert payloads_of(data, made) == ()


def test_broken_sounds_end_in_some_answer() -> None:
    for made, held in SAME.values():
        for seed in range(150):
            for digest in payloads_of(mutated(held[-1], seed), made):
                assert len(digest) == 6


def test_many_small_pages_are_read_in_a_time_that_grows_as_they_do() -> None:
    def work(count: int) -> Callable[[], object]:
        body = b"OggS\0\0" + struct.pack("<QIII", 0, 7, 1, 0) + b"\1\xff" + b"x" * 255
        data = page([b"\x01vorbis"], 7, 0) + body * count
        return lambda: payloads_of(data, "ogg")

    assert_linear(work, 20_000)


def test_every_format_that_is_told_alone_has_a_reader() -> None:
    assert payload._READERS.keys() == alone.SOUNDS
    assert FORMATS.keys() > alone.FORMATS
