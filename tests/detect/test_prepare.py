"""What matching reads of a file, and the way back to its lines."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.detect import pdf
from licscan.detect.prepare import LONG_LINE, MAX_TEXT, Prepared, prepare
from tests.growth import assert_linear

CHINESE = "本软件按木兰宽松许可证发布，您可以使用、复制、修改和分发本软件。请参阅许可证文件。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_latin_text_in_every_encoding(encoding: str) -> None:
    text = "Licence accordée à l'utilisateur.\nPermission is hereby granted, free of charge\n" * 5
    assert prepare(text.encode(encoding)) == Prepared(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "gb2312"])
def test_simplified_chinese_in_every_encoding(encoding: str) -> None:
    text = f"Copyright 2020\n{CHINESE}\n"
    assert prepare(text.encode(encoding)).text == text


def test_traditional_chinese_in_big5() -> None:
    text = "本軟體依照下列授權條款發布，您可以使用、複製、修改及散布本軟體。請參閱授權檔案。\n"
    assert prepare(text.encode("big5")).text == text


def test_utf8_with_a_foreign_byte_keeps_both() -> None:
    assert prepare("© 2020 Müller, ".encode() + "Frédéric".encode("cp1252")).text == "© 2020 Müller, Frédéric"


def test_every_line_end_is_one() -> None:
    assert prepare(b"a\r\nb\rc\nd").text == "a\nb\nc\nd"


def test_a_stray_nul_is_no_binary() -> None:
    prepared = prepare(b"MIT License\0 and so on\n" + b"words and words\n" * 100)
    assert prepared.kind == "text"
    assert prepared.text.startswith("MIT License  and so on\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"&quot;AS IS&quot; &copy; &#169; &#xA9;", '"AS IS" © © ©'),
        (b"AT&T; &nosuchentity; R&D", "AT&T; &nosuchentity; R&D"),
        (b'"granted,\\nfree"', '"granted,  free"'),
        (b"a&#10;b", "a b"),
    ],
)
def test_what_touches_words_is_taken_away(written: bytes, read: str) -> None:
    assert prepare(written).text == read


def test_a_manual_page_without_macros_and_fonts() -> None:
    page = b'.\\" Copyright \\(co 2001\n.TH LS 1\n.B GNU\n\\fBGeneral\\fP Public\\-License\n'
    prepared = prepare(page)
    assert prepared.kind == "troff"
    assert prepared.text.split() == ["Copyright", "(c)", "2001", "LS", "1", "GNU", "General", "Public-License"]
    assert prepared.text.count("\n") == 4


def test_rich_text() -> None:
    document = (
        rb"{\rtf1\ansi{\fonttbl\f0 Helvetica;}" + b"\n" + rb"\f0\b MIT\b0  Licen\'73e\par" + b"\nline \\u8220?two}"
    )
    prepared = prepare(document)
    assert prepared.kind == "rtf"
    assert prepared.text.split("\n")[0].split() == ["MIT", "License"]
    assert prepared.lines == (2, 3)
    assert prepared.text.endswith("line “two")


def test_a_source_map_gives_its_sources() -> None:
    sources = ["// SPDX-License-Identifier: MIT\nlet a;", None, "second &amp; last"]
    written = json.dumps({"version": 3, "sourcesContent": sources, "mappings": "AAAA,CAAC" * 9}, indent=1)
    prepared = prepare(written.encode(), "a.js.map")
    assert prepared.kind == "source-map"
    assert prepared.text == "// SPDX-License-Identifier: MIT\nlet a;\nsecond & last"
    assert prepared.lines == (4, 4, 6)


def test_a_damaged_source_map_gives_what_is_whole() -> None:
    assert prepare(b'{"sourcesContent":["one","tw', "x.map").text == "one"
    assert prepare(b'{"sourcesContent":', "x.map").kind == "text"


def test_long_lines_are_cut_and_keep_their_number() -> None:
    words = " ".join(f"word{n}" for n in range(500))
    prepared = prepare(f"first\n{words}\nlast".encode())
    assert prepared.kind == "minified"
    assert prepared.text.replace("\n", "") == f"first{words}last"
    assert prepared.lines == (1, *[2] * 20, 3)
    assert prepared.line_in_file(22) == 3


def test_long_lines_of_ideographs_are_cut_too() -> None:
    prepared = prepare(("许可证" * 500).encode())
    assert prepared.text.split("\n") == [("许可证" * 9)[n % 3 : n % 3 + 25] for n in range(60)]


def test_a_binary_gives_its_strings_in_order() -> None:
    data = b"\x7fELF\1\2\0\0GNU Lesser\0\0" + "MIT License".encode("utf-16-le") + b"\0\0\1\1tail string\0abc\0"
    assert prepare(data) == Prepared("GNU Lesser\nMIT License\ntail string", kind="binary")


def test_a_pdf_gives_its_lines() -> None:
    page = b"BT /F1 12 Tf 72 700 Td (MIT License) Tj 0 -14 Td [(Permiss) 20 (ion) -300 (is \\(here\\051by)] TJ ET"
    plain = b"%PDF-1.4\n1 0 obj <</Length 9>> stream\n" + page + b"\nendstream endobj"
    packed = b"%PDF-1.4\n1 0 obj <</Filter/FlateDecode>> stream\r\n" + zlib.compress(page) + b"\nendstream endobj"
    for document in (plain, packed):
        prepared = prepare(document)
        assert prepared.kind == "pdf"
        assert [line.strip() for line in prepared.text.split("\n") if line.strip()] == [
            "MIT License",
            "Permission is (here)by",
        ]


PAGE = b"BT /F1 12 Tf 72 700 Td (MIT License) Tj 0 -14 Td (shown) Tj ET"


def _pdf(
    contents: bytes, *, keys: bytes = b"", resources: bytes = b"", kids: bytes = b"3 0 R", more: bytes = b""
) -> bytes:
    """A PDF of one page; its directory is left to be found, as readers do."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Resources<<" + resources + b">>/Contents 4 0 R>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(contents), keys, contents),
    )
    body = b"".join(b"%d 0 obj%sendobj\n" % numbered for numbered in enumerate(objects, 1))
    return b"%PDF-1.5\n" + body + more + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def _font(*codes: str) -> bytes:
    """A font whose codes from A on stand for other signs."""
    names = "".join(f"/{code}" for code in codes)
    return f"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/X/Encoding<</Differences[65{names}]>>>>>>".encode()


def test_a_font_of_a_pdf_says_what_its_codes_are() -> None:
    shown = b"BT /F1 12 Tf 72 700 Td (ABC) Tj ET"
    assert prepare(_pdf(shown, resources=_font("M", "I", "T"))).text.strip() == "MIT"


def test_a_pdf_that_is_cut_gives_what_is_there() -> None:
    whole = _pdf(zlib.compress(PAGE), keys=b"/Filter/FlateDecode", resources=_font())
    assert prepare(whole).text.split() == ["MIT", "License", "shown"]
    for end in (b"trailer", b"endstream"):
        assert prepare(whole[: whole.index(end)]).text.split() == ["MIT", "License", "shown"]


def _unpacks_to(size: int) -> bytes:
    return zlib.compress(b"BT (word) Tj ET ".ljust(size), 9)


FORM = (
    b"5 0 obj<</Type/XObject/Subtype/Form/Length %d/Resources<</XObject<</X 5 0 R>>>>>>stream\n%s\nendstream endobj\n"
)


@pytest.mark.parametrize(
    "made",
    [
        lambda: _pdf(_unpacks_to(300_000_000), keys=b"/Filter/FlateDecode"),
        lambda: _pdf(zlib.compress(_unpacks_to(300_000_000)), keys=b"/Filter[/FlateDecode/FlateDecode]"),
        _pdf(b"[" * 100_000),
        _pdf(PAGE, more=b"5 0 obj" + b"<</A" * 100_000),
        _pdf(PAGE, kids=b"2 0 R 2 0 R"),
        _pdf(b"/X Do", resources=b"/XObject<</X 5 0 R>>", more=FORM % (11, b"/X Do /X Do")),
        _pdf(PAGE, keys=b"/Filter/JBIG2Decode"),
        b"%PDF-1.4\n" + b"1 0 obj " * 10_000,
        b"%PDF-1.4\nxref\n0 999999999\n1 0 obj<<>>endobj\ntrailer<</Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
    ],
    ids=["bomb", "bomb in bomb", "deep", "deep object", "loop of pages", "loop of forms", "jbig2", "objects", "xref"],
)
def test_a_hostile_pdf_is_read_within_its_bounds(made: bytes | Callable[[], bytes]) -> None:
    data = made() if callable(made) else made
    prepared = prepare(data)
    assert prepared.kind == "pdf"
    assert len(prepared.text) <= 2 * len(data)


def test_a_pdf_that_takes_too_long_gives_no_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("print('half', flush=True)\nwhile True: pass\n")
    monkeypatch.setattr(pdf, "__file__", str(endless))
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.05)
    assert pdf.text_of(_pdf(PAGE)) == ""


def test_a_huge_file_is_cut_and_says_so() -> None:
    prepared = prepare(b"word " * (MAX_TEXT // 5 + 10))
    assert prepared.truncated
    assert len(prepared.text) <= MAX_TEXT * 1.1


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=4_000), st.sampled_from(["", "a.map", "b.html", "c.1"]))
def test_any_bytes_give_a_text_with_a_sound_line_map(data: bytes, name: str) -> None:
    _check(prepare(data, name))


PIECES = [
    *(b"word " * (LONG_LINE // 4), b"\r", b"\n", b"\0", b"\xff", b"\\n", b"&#10;", b"&lt;", "©\u2028".encode()),
    *(
        b"\\par ",
        b"{\\rtf1 ",
        b"\\u-99999?",
        b"\\u55555 ",
        b"\\'0a",
        b'.\\" ',
        b".TH ",
        b"\\fB",
        "许可".encode("gb18030"),
    ),
    *(b'{"mappings":"","sourcesContent":["', b'",null,"', b"%PDF-1.2 ", b"stream\n", b"endstream ", b"(a(b)c) Tj "),
    b"<41 4> Tj ",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_mixtures_of_formats_give_a_text_with_a_sound_line_map(data: bytes) -> None:
    _check(prepare(data, "x.map"))


def _check(prepared: Prepared) -> None:
    assert "\r" not in prepared.text
    assert "\0" not in prepared.text
    prepared.text.encode()  # no lone surrogates
    if prepared.lines:
        assert len(prepared.lines) == prepared.text.count("\n") + 1
        assert list(prepared.lines) == sorted(prepared.lines)
        assert prepared.lines[0] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("piece", [b"a", b"a ", b"(", b"\\", b"<4", b"stream\n", b"&", b"{\\*\\info", b"\0a", b'["'])
@pytest.mark.parametrize("start", [b"", b"%PDF-", b"{\\rtf", b'{"mappings","sourcesContent":["', b'.\\"'])
def test_time_grows_with_the_size_of_anything(start: bytes, piece: bytes) -> None:
    def work(size: int) -> Callable[[], object]:
        data = start + piece * (size // len(piece))
        return lambda: prepare(data)

    assert_linear(work, 1_000_000)
