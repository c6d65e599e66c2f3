"""What sounds and videos say of themselves, format by format."""

from __future__ import annotations

import json

import pytest

from licscan.model.media import MarkKind, Meaning
from tests.media import making
from tests.media.reading import facts as facts_of
from tests.media.reading import said

MP3 = making.FRAME * 2


@pytest.mark.parametrize(
    ("frames", "version", "expected"),
    [
        (making.latin("TCOP", b"2024 Ann"), 3, ("copyright", "id3:TCOP", "2024 Ann")),
        (making.latin("TCR", b"2024 Ann", 2), 2, ("copyright", "id3:TCR", "2024 Ann")),
        (making.frame("TCOP", b"\1" + "© 安".encode("utf-16"), 3), 3, ("copyright", "id3:TCOP", "© 安")),
        (making.frame("TCOP", b"\2" + "© 安".encode("utf-16-be"), 4), 4, ("copyright", "id3:TCOP", "© 安")),
        (making.frame("TPE1", b"\3Ann\0Zoe", 4), 4, ("author", "id3:TPE1", "Ann / Zoe")),
        (making.frame("TXXX", b"\0LICENSE\0https://l.example/by"), 3,
         ("license-url", "id3:TXXX:LICENSE", "https://l.example/by")),
        (making.frame("TXXX", b"\0where\0https://s.example/door"), 3,
         ("source", "id3:TXXX:where", "https://s.example/door")),
        (making.frame("TXXX", b"\1" + "许可".encode("utf-16") + b"\0\0" + "甲".encode("utf-16")), 3,
         ("other", "id3:TXXX:许可", "甲")),
        (making.frame("WXXX", b"\0copyright\0https://l.example/by"), 3,
         ("copyright", "id3:WXXX:copyright", "https://l.example/by")),
        (making.frame("WXX", b"\0\0https://s.example/", 2), 2, ("source", "id3:WXX", "https://s.example/")),
        (making.frame("WCOP", b"https://l.example/by"), 3, ("license-url", "id3:WCOP", "https://l.example/by")),
        (making.frame("WOAS", b"https://s.example/"), 3, ("source", "id3:WOAS", "https://s.example/")),
        (making.frame("WPUB", b"https://s.example/"), 3, ("source", "id3:WPUB", "https://s.example/")),
        (making.frame("COMM", b"\0eng\0free to use"), 3, ("comment", "id3:COMM", "free to use")),
        (making.frame("USER", b"\0engno resale"), 3, ("usage", "id3:USER", "no resale")),
        (making.latin("TENC", b"maker"), 3, ("software", "id3:TENC", "maker")),
        (making.frame("TCOP", b"\0\0\0\x08\0Ann" + b"", 4, 1), 4, ("copyright", "id3:TCOP", "Ann")),
        (making.frame("TCOP", b"\1\xff\x00\xfe\xe9\0", 4, 2), 4, ("copyright", "id3:TCOP", "é")),
    ],
)  # fmt: skip
def test_id3(frames: bytes, version: int, expected: tuple[str, str, str]) -> None:
    assert expected in said(making.id3(frames, version) + MP3, "a.mp3")


def test_id3_without_synchronisation() -> None:
    held = making.frame("TCOP", b"\1\xff\xfe\xe9\0")
    tag = making.id3(held.replace(b"\xff", b"\xff\0"), 3, 0x80)
    assert ("copyright", "id3:TCOP", "é") in said(tag + MP3, "a.mp3")


def test_sizes_of_version_4_that_are_plain_numbers() -> None:
    long = b"\0" + b"x" * 200
    wrong = b"TIT2" + len(long).to_bytes(4, "big") + b"\0\0" + long
    assert ("copyright", "id3:TCOP", "Ann") in said(
        making.id3(wrong + making.latin("TCOP", b"Ann", 4), 4) + MP3, "a.mp3"
    )


def test_packed_frame_and_other_tags() -> None:
    assert ("copyright", "id3:TCOP", "Ann") in said(making.SAMPLES["packed.mp3"], "a.mp3")
    found = said(making.SAMPLES["a.mp3"], "a.mp3")
    assert {("author", "ape:Artist", "Zoe"), ("title", "id3v1:title", "A door")} <= found


def test_pictures_are_left_out() -> None:
    picture = making.frame("APIC", b"\0image/png\0\3\0" + b"x" * 50)
    assert {one.field for one in facts_of(making.id3(picture) + MP3, "a.mp3").fields} <= {"mpeg:encoder"}


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.mid", "old.mp3"])
def test_chinese_in_gbk_whatever_holds_it(name: str) -> None:
    text = "站长素材 sc.example"
    raw = text.encode("gbk")
    held = {
        "a.mp3": making.id3(making.latin("TIT2", raw)) + MP3,
        "a.wav": making.wav(making.info({"INAM": raw})),
        "a.mid": making.midi([(3, raw)]),
        "old.mp3": MP3 + making.id3v1(raw),
    }[name]
    assert text in facts_of(held, name).texts(Meaning.TITLE)


def test_one_field_tells_the_charset_of_its_tag() -> None:
    tag = making.id3(making.latin("TIT2", "提示音效".encode("gbk")) + making.latin("TPE1", "囧槑".encode("gbk")))
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
    facts = facts_of(making.SAMPLES[name], name)
    assert expected <= said(making.SAMPLES[name], name)
    assert (facts.duration, facts.faults) == (duration, ())


def test_measures_of_videos() -> None:
    sizes = {name: facts_of(making.SAMPLES[name], name) for name in ("a.avi", "a.webm", "a.ogv")}
    assert {(facts.width, facts.height) for facts in sizes.values()} == {(64, 48)}


def test_pictures_in_comments_are_left_out() -> None:
    found = said(making.ogg({"METADATA_BLOCK_PICTURE": "x" * 900, "TITLE": "A"}), "a.ogg")
    assert {field for _meaning, field, _text in found} == {"vorbis:TITLE", "vorbis:vendor"}


def test_frames_of_a_video_are_no_fields() -> None:
    assert not any("not a field" in text for _meaning, _field, text in said(making.SAMPLES["a.avi"], "a.avi"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.mp3", making.SAMPLES["b.mp3"]),
        ("a.ogg", making.ogg({"AIGC": json.dumps(making.LABEL)})),
        ("a.flac", making.flac({"AIGC": json.dumps(making.LABEL)})),
        ("a.wav", making.wav(making.chunk(b"AIGC", json.dumps(making.LABEL).encode()))),
        ("a.m4a", making.SAMPLES["a.m4a"]),
    ],
)
def test_labels_of_ai_are_marks(name: str, data: bytes) -> None:
    (mark,) = facts_of(data, name).marks
    assert (mark.kind, mark.tool, mark.detail) == (MarkKind.LABEL, "00119100example", "1")


def test_a_cut_file_has_a_fault_and_what_stands_before_the_cut() -> None:
    data = making.wav(making.info({"ICOP": b"2024 Ann"}))
    facts = facts_of(data[: len(data) - 3000], "a.wav")
    assert facts.texts(Meaning.COPYRIGHT) == ("2024 Ann",)
    assert facts.faults


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.flac", "a.m4a"])
def test_chinese_that_another_program_mistook_for_latin(name: str) -> None:
    wrong = "站长素材".encode("gbk").decode("latin-1")
    item = making.box(b"meta", b"\0" * 4, making.box(b"ilst", making.box(b"\xa9nam", making.data(wrong))))
    held = {
        "a.mp3": making.id3(making.frame("TIT2", b"\1" + wrong.encode("utf-16"))) + MP3,
        "a.ogg": making.ogg({"TITLE": wrong}),
        "a.flac": making.flac({"TITLE": wrong}),
        "a.m4a": making.box(b"ftyp", b"M4A 0000") + making.box(b"moov", making.box(b"udta", item)),
    }[name]
    assert facts_of(held, name).texts(Meaning.TITLE) == ("站长素材",)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [((b"soun",), "audio"), ((b"soun", b"vide"), "video"), ((), "video"), ((b"soun", b"text"), "audio")],
)
def test_a_container_of_sound_alone_is_a_sound(kinds: tuple[bytes, ...], expected: str) -> None:
    tracks = [
        making.box(b"trak", making.box(b"mdia", making.box(b"hdlr", b"\0" * 8 + kind + b"\0" * 13))) for kind in kinds
    ]
    assert facts_of(making.box(b"ftyp", b"mp42\0\0\0\0") + making.box(b"moov", *tracks), "a.mp4").kind.value == expected


@pytest.mark.parametrize(("kind", "expected"), [(b"\1", "video"), (b"\2", "audio")])
def test_matroska_of_sound_alone_is_a_sound(kind: bytes, expected: str) -> None:
    track = making.element(0x1654AE6B, making.element(0xAE, making.element(0x83, kind)))
    data = making.element(0x1A45DFA3, making.element(0x4282, b"webm")) + making.element(0x18538067, track)
    assert facts_of(data, "a.webm").kind.value == expected
