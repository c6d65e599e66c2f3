"""What sounds and videos say of themselves, format by format."""

from __future__ import annotations

import json

import pytest

from licscan.media import read_media
from licscan.media.blob import Held
from licscan.model.media import MarkKind, Meaning, MediaFacts
from tests.media import making_sounds as make


def facts_of(data: bytes, name: str) -> MediaFacts:
    facts = read_media(Held(data), name)
    assert facts is not None
    return facts


def said(data: bytes, name: str) -> set[tuple[str, str, str]]:
    return {(one.meaning.value, one.field, one.text) for one in facts_of(data, name).fields}


MP3 = make.FRAME * 2


@pytest.mark.parametrize(
    ("frames", "version", "expected"),
    [
        (make.latin("TCOP", b"2024 Ann"), 3, ("copyright", "id3:TCOP", "2024 Ann")),
        (make.latin("TCR", b"2024 Ann", 2), 2, ("copyright", "id3:TCR", "2024 Ann")),
        (make.frame("TCOP", b"\1" + "© 安".encode("utf-16"), 3), 3, ("copyright", "id3:TCOP", "© 安")),
        (make.frame("TCOP", b"\2" + "© 安".encode("utf-16-be"), 4), 4, ("copyright", "id3:TCOP", "© 安")),
        (make.frame("TPE1", b"\3Ann\0Zoe", 4), 4, ("author", "id3:TPE1", "Ann / Zoe")),
        (make.frame("TXXX", b"\0LICENSE\0https://l.example/by"), 3,
         ("license-url", "id3:TXXX:LICENSE", "https://l.example/by")),
        (make.frame("TXXX", b"\0where\0https://s.example/door"), 3,
         ("source", "id3:TXXX:where", "https://s.example/door")),
        (make.frame("TXXX", b"\1" + "许可".encode("utf-16") + b"\0\0" + "甲".encode("utf-16")), 3,
         ("other", "id3:TXXX:许可", "甲")),
        (make.frame("WXXX", b"\0copyright\0https://l.example/by"), 3,
         ("copyright", "id3:WXXX:copyright", "https://l.example/by")),
        (make.frame("WXX", b"\0\0https://s.example/", 2), 2, ("source", "id3:WXX", "https://s.example/")),
        (make.frame("WCOP", b"https://l.example/by"), 3, ("license-url", "id3:WCOP", "https://l.example/by")),
        (make.frame("WOAS", b"https://s.example/"), 3, ("source", "id3:WOAS", "https://s.example/")),
        (make.frame("WPUB", b"https://s.example/"), 3, ("source", "id3:WPUB", "https://s.example/")),
        (make.frame("COMM", b"\0eng\0free to use"), 3, ("comment", "id3:COMM", "free to use")),
        (make.frame("USER", b"\0engno resale"), 3, ("usage", "id3:USER", "no resale")),
        (make.latin("TENC", b"maker"), 3, ("software", "id3:TENC", "maker")),
        (make.frame("TCOP", b"\0\0\0\x08\0Ann" + b"", 4, 1), 4, ("copyright", "id3:TCOP", "Ann")),
        (make.frame("TCOP", b"\1\xff\x00\xfe\xe9\0", 4, 2), 4, ("copyright", "id3:TCOP", "é")),
    ],
)  # fmt: skip
def test_id3(frames: bytes, version: int, expected: tuple[str, str, str]) -> None:
    assert expected in said(make.id3(frames, version) + MP3, "a.mp3")


def test_id3_without_synchronisation() -> None:
    held = make.frame("TCOP", b"\1\xff\xfe\xe9\0")
    tag = make.id3(held.replace(b"\xff", b"\xff\0"), 3, 0x80)
    assert ("copyright", "id3:TCOP", "é") in said(tag + MP3, "a.mp3")


def test_sizes_of_version_4_that_are_plain_numbers() -> None:
    long = b"\0" + b"x" * 200
    wrong = b"TIT2" + len(long).to_bytes(4, "big") + b"\0\0" + long
    assert ("copyright", "id3:TCOP", "Ann") in said(make.id3(wrong + make.latin("TCOP", b"Ann", 4), 4) + MP3, "a.mp3")


def test_packed_frame_and_other_tags() -> None:
    assert ("copyright", "id3:TCOP", "Ann") in said(make.SAMPLES["packed.mp3"], "a.mp3")
    found = said(make.SAMPLES["a.mp3"], "a.mp3")
    assert {("author", "ape:Artist", "Zoe"), ("title", "id3v1:title", "A door")} <= found


def test_pictures_are_left_out() -> None:
    picture = make.frame("APIC", b"\0image/png\0\3\0" + b"x" * 50)
    assert {one.field for one in facts_of(make.id3(picture) + MP3, "a.mp3").fields} <= {"mpeg:encoder"}


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.mid", "old.mp3"])
def test_chinese_in_gbk_whatever_holds_it(name: str) -> None:
    text = "站长素材 sc.example"
    raw = text.encode("gbk")
    held = {
        "a.mp3": make.id3(make.latin("TIT2", raw)) + MP3,
        "a.wav": make.wav(make.info({"INAM": raw})),
        "a.mid": make.midi([(3, raw)]),
        "old.mp3": MP3 + make.id3v1(raw),
    }[name]
    assert text in facts_of(held, name).texts(Meaning.TITLE)


def test_one_field_tells_the_charset_of_its_tag() -> None:
    tag = make.id3(make.latin("TIT2", "提示音效".encode("gbk")) + make.latin("TPE1", "囧槑".encode("gbk")))
    assert facts_of(tag + MP3, "a.mp3").texts(Meaning.AUTHOR) == ("囧槑",)


@pytest.mark.parametrize(
    ("name", "expected", "duration"),
    [
        ("a.ogg", {("title", "vorbis:TITLE", "A door"), ("software", "vorbis:vendor", "made")}, 2000),
        ("a.opus", {("license", "vorbis:LICENSE", "CC0-1.0")}, 1000),
        ("a.ogv", {("author", "vorbis:ARTIST", "Ann")}, 0),
        ("a.flac", {("copyright", "vorbis:COPYRIGHT", "2024 Ann Author")}, 2000),
        ("a.wav", {("copyright", "riff:ICOP", "2024 Ann"), ("author", "bext:originator", "Ann Author"),
                   ("description", "bext:description", "A door")}, 500),
        ("a.avi", {("title", "riff:INAM", "A door")}, 2000),
        ("a.aiff", {("copyright", "aiff:(c)", "2024 Ann Author"), ("author", "aiff:AUTH", "Ann Author"),
                    ("comment", "aiff:COMT", "note"), ("copyright", "id3:TCOP", "2024 In ID3")}, 2000),
        ("a.caf", {("copyright", "caf:copyright", "2024 Ann Author"), ("title", "caf:title", "A door")}, 500),
        ("a.mid", {("copyright", "midi:copyright", "(C) 1999 Ann")}, 0),
        ("a.amr", set(), 100),
        ("a.m4a", {("title", "ilst:©nam", "标题"), ("copyright", "ilst:cprt", "2024 Ann Author"),
                   ("license", "ilst:----:LICENSE", "CC0-1.0"), ("copyright", "qt:©cpy", "2022 QuickTime!"),
                   ("copyright", "3gp:cprt", "2021 3GPP"), ("copyright", "mdta:com.example.copyright", "2023 By key")},
         1500),
        ("a.webm", {("title", "matroska:title", "标题"), ("software", "matroska:muxing-app", "muxer"),
                    ("copyright", "matroska:COPYRIGHT", "2024 Ann Author"),
                    ("license-url", "matroska:LICENSE", "https://license.example/by")}, 1500),
    ],
)  # fmt: skip
def test_formats(name: str, expected: set[tuple[str, str, str]], duration: int) -> None:
    facts = facts_of(make.SAMPLES[name], name)
    assert expected <= said(make.SAMPLES[name], name)
    assert (facts.duration, facts.faults) == (duration, ())


def test_measures_of_videos() -> None:
    sizes = {name: facts_of(make.SAMPLES[name], name) for name in ("a.avi", "a.webm", "a.ogv")}
    assert {(facts.width, facts.height) for facts in sizes.values()} == {(64, 48)}


def test_pictures_in_comments_are_left_out() -> None:
    found = said(make.ogg({"METADATA_BLOCK_PICTURE": "x" * 900, "TITLE": "A"}), "a.ogg")
    assert {field for _meaning, field, _text in found} == {"vorbis:TITLE", "vorbis:vendor"}


def test_frames_of_a_video_are_no_fields() -> None:
    assert not any("not a field" in text for _meaning, _field, text in said(make.SAMPLES["a.avi"], "a.avi"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.mp3", make.SAMPLES["b.mp3"]),
        ("a.ogg", make.ogg({"AIGC": json.dumps(make.LABEL)})),
        ("a.flac", make.flac({"AIGC": json.dumps(make.LABEL)})),
        ("a.wav", make.wav(make.chunk(b"AIGC", json.dumps(make.LABEL).encode()))),
        ("a.m4a", make.SAMPLES["a.m4a"]),
    ],
)
def test_labels_of_ai_are_marks(name: str, data: bytes) -> None:
    (mark,) = facts_of(data, name).marks
    assert (mark.kind, mark.tool, mark.detail) == (MarkKind.LABEL, "00119100example", "1")


def test_a_cut_file_has_a_fault_and_what_stands_before_the_cut() -> None:
    data = make.wav(make.info({"ICOP": b"2024 Ann"}))
    facts = facts_of(data[: len(data) - 3000], "a.wav")
    assert facts.texts(Meaning.COPYRIGHT) == ("2024 Ann",)
    assert facts.faults


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.flac", "a.m4a"])
def test_chinese_that_another_program_mistook_for_latin(name: str) -> None:
    wrong = "站长素材".encode("gbk").decode("latin-1")
    item = make.box(b"meta", b"\0" * 4, make.box(b"ilst", make.box(b"\xa9nam", make.data(wrong))))
    held = {
        "a.mp3": make.id3(make.frame("TIT2", b"\1" + wrong.encode("utf-16"))) + MP3,
        "a.ogg": make.ogg({"TITLE": wrong}),
        "a.flac": make.flac({"TITLE": wrong}),
        "a.m4a": make.box(b"ftyp", b"M4A 0000") + make.box(b"moov", make.box(b"udta", item)),
    }[name]
    assert facts_of(held, name).texts(Meaning.TITLE) == ("站长素材",)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [((b"soun",), "audio"), ((b"soun", b"vide"), "video"), ((), "video"), ((b"soun", b"text"), "audio")],
)
def test_a_container_of_sound_alone_is_a_sound(kinds: tuple[bytes, ...], expected: str) -> None:
    tracks = [make.box(b"trak", make.box(b"mdia", make.box(b"hdlr", b"\0" * 8 + kind + b"\0" * 13))) for kind in kinds]
    assert facts_of(make.box(b"ftyp", b"mp42\0\0\0\0") + make.box(b"moov", *tracks), "a.mp4").kind.value == expected


@pytest.mark.parametrize(("kind", "expected"), [(b"\1", "video"), (b"\2", "audio")])
def test_matroska_of_sound_alone_is_a_sound(kind: bytes, expected: str) -> None:
    track = make.element(0x1654AE6B, make.element(0xAE, make.element(0x83, kind)))
    data = make.element(0x1A45DFA3, make.element(0x4282, b"webm")) + make.element(0x18538067, track)
    assert facts_of(data, "a.webm").kind.value == expected
