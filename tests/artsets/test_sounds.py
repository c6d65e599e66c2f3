"""Sounds that the tests make, changed as products change them, and what must not be taken for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from licscan.artsets import How, decoding, hearing, recognise, tones
from licscan.artsets.index import ArtIndex, build, read, save
from licscan.artsets.looks import Look, dump, load
from licscan.artsets.payload import payloads_of
from tests.artsets.pieces import Kept, art
from tests.artsets.tunes import RATE, Samples, beep, chunk, frames, id3, pcm, resampled, tune, vorbis, wav
from tests.media.making import mutated

COUNT = 12


@pytest.fixture
def ears() -> None:
    pytest.importorskip("miniaudio", reason="the extra sounds is not installed (pip install licscan[sounds])")


def at_16_khz(samples: Samples) -> bytes:
    return pcm(resampled(samples, decoding.RATE))


@cache
def known() -> ArtIndex:
    """Half of the tunes are of one set, half of another; their files and payloads are known, too."""
    sets = [("bells" if number % 2 else "chimes", tune(number)) for number in range(COUNT)]
    held = [(digest, name) for name, samples in sets for digest in payloads_of(wav(samples), "wav")]
    rows = [(hearing.known_in(at_16_khz(samples)), name) for name, samples in sets]
    return build({"bells": "bells", "chimes": "chimes"}, [], held, [], rows)


def noisy(samples: Samples) -> Samples:
    """As if of few bits: noise that follows the sound, 20 dB below it."""
    noise = np.random.default_rng(1).normal(0, 0.1, len(samples))
    return samples + noise * np.convolve(np.abs(samples), np.ones(800) / 800, "same")


def dull(samples: Samples) -> Samples:
    """Without what is above some 7 kHz, as codecs leave it out."""
    return np.convolve(samples, np.hanning(9) / np.hanning(9).sum(), "same")


CHANGES: dict[str, Callable[[Samples], bytes]] = {
    "other rate": lambda one: wav(resampled(one, 22_050), 22_050),
    "higher rate": lambda one: wav(resampled(one, 48_000), 48_000),
    "stereo": lambda one: wav(pcm(np.repeat(one, 2)), channels=2),
    "softer": lambda one: wav(one * 0.2),
    "louder, clipped": lambda one: wav(np.clip(one * 2.5, -1, 1)),
    "noisy": lambda one: wav(noisy(one)),
    "dull": lambda one: wav(dull(one)),
    "silence around it": lambda one: wav(np.concatenate([np.zeros(9001), one, np.zeros(22_222)])),
    "begins later": lambda one: wav(one[int(0.31 * RATE) :]),
    "ends earlier": lambda one: wav(one[: int(0.9 * RATE)]),
    "all at once": lambda one: wav(resampled(noisy(dull(one))[5000:] * 0.3, 24_000), 24_000),
}


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_sound_is_told_however_it_was_changed(change: str) -> None:
    files = [art(f"s/{number:02}.wav", CHANGES[change](tune(number)), "wav") for number in range(COUNT)]
    found = recognise(files, None, known())
    told = {match.path: match.sets for match in found.matches}
    right = [told.get(f"s/{number:02}.wav") == ("bells" if number % 2 else "chimes",) for number in range(COUNT)]
    assert sum(right) >= COUNT - 1
    assert {vote.how for vote in found.votes} == {How.SOUND}
    assert not found.faults


@pytest.mark.usefixtures("ears")
def test_other_sounds_are_not_recognised() -> None:
    files = [art(f"own/{number}.wav", wav(tune(1000 + number)), "wav") for number in range(60)]
    files += [
        art(f"noise/{number}.wav", wav(np.random.default_rng(number).normal(0, 0.2, RATE)), "wav")
        for number in range(9)
    ]
    files += [art(f"beep/{pitch}.wav", wav(beep(pitch=pitch)), "wav") for pitch in range(300, 1500, 200)]
    assert not recognise(files, None, known()).matches


@pytest.mark.usefixtures("ears")
@pytest.mark.parametrize("samples", [tune(1)[: int(0.28 * RATE)], beep(), np.zeros(RATE), np.zeros(3), np.ones(RATE)])
def test_what_says_too_little_is_not_heard(samples: Samples) -> None:
    assert hearing.known_in(at_16_khz(samples)) == hearing.heard_in(at_16_khz(samples)) == b""


def test_the_same_frames_are_told_without_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "can_hear", lambda: False)
    sounds = {"mp3": (frames(1), id3("Other") + frames(1)), "ogg": (vorbis(1), vorbis(1, "Other", 8))}
    held = [(digest, "bells") for made, (data, _copy) in sounds.items() for digest in payloads_of(data, made)]
    index = build({"bells": "bells"}, [], held, [])
    files = [art(f"s/a.{made}", copy, made) for made, (_data, copy) in sounds.items()]
    [vote] = recognise([*files, art("s/b.mp3", frames(2), "mp3")], None, index).votes
    assert (vote.set_id, vote.how, vote.files, vote.considered) == ("bells", How.FRAMES, ("s/a.mp3", "s/a.ogg"), 3)
    assert not recognise([art("s/c.wav", wav(tune(1)[9000:]), "wav")], None, known()).matches


@pytest.mark.usefixtures("ears")
def test_what_was_heard_is_kept_and_what_was_not_is_heard_later(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, opened = Kept(), list[str]()
    file = art("s/1.wav", wav(tune(1)[9000:]), "wav", opened)
    with monkeypatch.context() as deaf:
        deaf.setattr(decoding, "can_hear", lambda: False)
        assert [recognise([file], kept, known()).matches for _run in range(2)] == [(), ()]
        assert opened == ["s/1.wav"]
    found = [recognise([file], kept, known()) for _run in range(2)]
    assert found[0].matches == found[1].matches != ()
    assert (opened, found[1].decoded) == (["s/1.wav"] * 2, 0)


def test_sounds_of_two_sets_are_told_as_of_both() -> None:
    rows = hearing.known_in(at_16_khz(tune(1)))
    index = build({"a": "a", "b": "b"}, [], [], [], [(rows, "a"), (rows, "b")])
    assert index.by_sound(hearing.heard_in(at_16_khz(tune(1)))) == ("a", "b")


def test_sounds_survive_cache_and_index(tmp_path: Path) -> None:
    heard = hearing.heard_in(at_16_khz(tune(1)))
    look = Look(True, drawings=(b"abcdef",), is_heard=True, sound=heard)
    assert load(dump(look)) == look
    assert load(dump(look)[:-1]) is None
    path = tmp_path / "index.npz"
    save(known(), path)
    assert read(path, known().families).tones == known().tones
    assert read(path, known().families).by_sound(heard) == ("bells",)


def test_damaged_signs_are_like_nothing() -> None:
    heard = hearing.heard_in(at_16_khz(tune(1)))
    assert tones.Tones().like(heard) == ()
    for seed in range(100):
        known().tones.like(mutated(heard, seed))


@pytest.mark.usefixtures("ears")
def test_broken_files_end_no_scan() -> None:
    samples = [
        (wav(tune(1)), "wav"), (wav(pcm(tune(2)), channels=250), "wav"), (id3("x") + frames(1, 40), "mp3"),
        (vorbis(1), "ogg"), (b"fLaC" + b"\0" * 900, "flac"), (b"RIFF\xff\xff\xff\xffWAVE" + chunk(b"data", b""), "wav"),
    ]  # fmt: skip
    with decoding.Ears() as heard:
        for data, made in samples:
            for seed in range(50):
                hearing.heard_in(heard.hear(mutated(data, seed)) or b"")
                payloads_of(mutated(data, seed), made)
        assert heard.hear(wav(tune(1)))


@pytest.mark.usefixtures("ears")
def test_a_long_sound_is_heard_for_a_minute() -> None:
    with decoding.Ears() as heard:
        samples = heard.hear(wav(np.tile(tune(1), 50)))
    assert samples is not None
    assert len(samples) == decoding.MAX_HEARD * decoding.RATE * 2
    assert len(hearing.known_in(samples)) < 16_000


@pytest.mark.usefixtures("ears")
def test_a_decoder_that_ends_takes_one_sound_along() -> None:
    with decoding.Ears() as heard:
        assert heard.hear(wav(tune(1)))
        assert heard._process is not None
        heard._process.kill()
        assert heard.hear(wav(tune(1))) is None
        assert heard.hear(wav(tune(1)))
