"""What drawings and PDFs say."""

from __future__ import annotations

import gzip
from base64 import b64encode
from hashlib import sha256
from urllib.parse import quote

import pytest

from licscan.media.postscript import hexadecimal_at, string_at
from licscan.model.media import InnerMedia, MarkKind, MediaKind
from tests.media import making
from tests.media.reading import facts, pairs

RDF = (
    "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:cc='http://web.resource.org/cc/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/'"
)
COMMENT = "Example Icons 1.0 License - https://terms.example (CC BY 4.0) Copyright 2024 Example"
IN_SVG = {
    ("copyright", "svg:comment", COMMENT),
    ("license", "svg:comment", COMMENT),
    ("title", "svg:title", "A face"),
    ("description", "svg:desc", "Made by hand"),
    ("title", "svg:dc:title", "Face"),
    ("license-url", "svg:cc:license", "https://terms.example/by-sa/4.0/"),
    ("author", "svg:dc:creator", "Ann Example"),
    ("holder", "svg:dc:rights", "Example Ltd"),
    ("source", "svg:dc:source", "https://faces.example"),
}


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.svg", str.encode),
        ("a.svgz", lambda text: gzip.compress(text.encode())),
        ("a.svg", lambda text: text.encode("utf-16")),
        ("a.svg", lambda text: b"\xef\xbb\xbf" + text.encode()),
    ],
)
def test_a_drawing_says_it_in_metadata_title_and_comments(name: str, pack) -> None:  # type: ignore[no-untyped-def]
    read = facts(pack(making.SVG % ""), name)
    assert pairs(read) == IN_SVG
    assert (read.kind, read.width, read.height, read.faults) == (MediaKind.SVG, 24, 16, ())


def svg(inside: str, attributes: str = "") -> bytes:
    return f"<svg xmlns='http://www.w3.org/2000/svg' {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (svg("<!-- Generator: Maker 3 -->"), {("software", "svg:comment", "Generator: Maker 3")}),
        (svg("<!-- Uploaded to: icons.example -->"), {("source", "svg:comment", "Uploaded to: icons.example")}),
        (svg("<!-- the left eye -->"), set()),
        (svg("<!--! Licensed to you -->"), {("license", "svg:comment", "Licensed to you")}),
        (svg("", "inkscape:version='1.2'"), {("software", "svg:inkscape:version", "Inkscape 1.2")}),
        (svg("<metadata>Copyright (C) Ann</metadata>"), {("copyright", "svg:metadata", "Copyright (C) Ann")}),
        (
            svg("<metadata>Created by iconmaker</metadata><font id='icons'><font-face font-family='Icons'/></font>"),
            {
                ("software", "svg:metadata", "Created by iconmaker"),
                ("name", "svg:font", "icons"),
                ("name", "svg:font-face", "Icons"),
            },
        ),
        (
            # the namespace of Creative Commons as that without a prefix, and RDF outside the metadata
            svg(
                f"<defs><rdf:RDF {RDF} xmlns='http://web.resource.org/cc/'><Work><license rdf:resource='https://t.example'/>"
                "<dc:publisher><Agent><dc:title>Clips</dc:title></Agent></dc:publisher></Work></rdf:RDF></defs>"
                "<title>No, this is of the drawing</title>"
            ),
            {
                ("license-url", "svg:cc:license", "https://t.example"),
                ("source", "svg:dc:publisher", "Clips"),
                ("title", "svg:title", "No, this is of the drawing"),
            },
        ),
        (svg("<title>Caf\xe9</title>").decode().encode("latin-1"), {("title", "svg:title", "Café")}),
        (svg("<title>表情图标</title>").decode().encode("gbk"), {("title", "svg:title", "表情图标")}),
        # a prefix that is declared nowhere
        (svg("<metadata><rdf:RDF><cc:license rdf:resource='https://t.example'/></rdf:RDF></metadata>"),
         {("license-url", "svg:cc:license", "https://t.example")}),
    ],
)  # fmt: skip
def test_words_in_a_drawing(data: bytes, said: set[tuple[str, str, str]]) -> None:
    read = facts(data, "a.svg")
    assert pairs(read) == said
    assert read.faults == ()


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width='24' height='16px'", (24, 16)),
        ("width='24.5' height='1e3'", (24, 0)),
        ("viewBox='0 0 512 256'", (512, 256)),
        ("width='100%' height='100%' viewBox='0,0,32,32.5'", (32, 32)),
        ("width='2cm' height='2cm'", (0, 0)),
    ],
)
def test_the_size_of_a_drawing(attributes: str, size: tuple[int, int]) -> None:
    read = facts(svg("", attributes), "a.svg")
    assert (read.width, read.height) == size


def test_content_in_addresses_is_named_by_digest_and_format() -> None:
    picture, inside = making.png(), svg("<path/>")

    packed = b64encode(picture).decode()
    wrapped = "&#10;".join(packed[place : place + 20] for place in range(0, len(packed), 20))
    font = making.woff2(making.font_tables((), 0))
    data = svg(
        f"<image href='data:image/png;base64,{packed}'/><image xlink:href=\"data:image/png;base64,{wrapped}\"/>"
        f"<style>@font-face{{src:url(data:font/woff2;charset=utf-8;base64,{b64encode(font).decode()})}}</style>"
        f"<image href='data:image/svg+xml,{quote(inside)}'/><a href='data:text/plain,hello'/>"
        "<image href='data:image/png;base64,@@@'/><use href='#data:x'/>"
    )

    def inner(number: int, kind: MediaKind, format_: str, content: bytes) -> InnerMedia:
        return InnerMedia(f"data:{number}", kind, format_, sha256(content).hexdigest(), len(content))

    assert facts(data, "a.svg").inner == (
        inner(1, MediaKind.IMAGE, "png", picture),
        inner(2, MediaKind.IMAGE, "png", picture),
        inner(3, MediaKind.FONT, "woff2", font),
        inner(4, MediaKind.SVG, "svg", inside),
    )


def test_short_addresses_are_the_only_entities() -> None:
    def declared(entity: str) -> bytes:
        return f"<!DOCTYPE svg [{entity}]><svg xmlns:x='&a;'><title>&a;</title></svg>".encode()

    read = facts(declared("<!ENTITY a 'http://x.example'>"), "a.svg")
    assert pairs(read) == {("title", "svg:title", "http://x.example")}
    refused = ("declares entities, which are not read",)
    for entity in (
        "<!ENTITY a 'word'>",
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY b 'http://'><!ENTITY a 'http://&b;&b;'>",
        "<!ENTITY % a 'http://x.example'>",
        f"<!ENTITY a 'http://{'x' * 200}'>",
        "".join(f"<!ENTITY a{n} 'http://x.example'>" for n in range(40)),
    ):
        read = facts(declared(entity), "a.svg")
        assert (read.fields, read.faults) == ((), refused)


def test_a_drawing_that_is_cut_keeps_what_came_before() -> None:
    read = facts(b"<svg><title>Face</title><metadata><g>", "a.svg")
    assert pairs(read) == {("title", "svg:title", "Face")}
    assert read.faults == ("is damaged: not all of it could be read",)


def test_content_credentials_in_a_drawing() -> None:

    store = b64encode(making.credentials({"claim_generator": "Example/1.0"})).decode()
    read = facts(svg(f"<metadata><c2pa:manifest>{store}</c2pa:manifest></metadata>"), "a.svg")
    assert [(one.kind, one.tool) for one in read.marks] == [(MarkKind.C2PA, "Example/1.0")]


INFORMATION = (
    b"<</Title (A \\(small\\) title) /Author <FEFF4F5C8005> /Creator (Maker) /Copyright 5 0 R "
    b"/Trapped /False /AIGC (x)>>"
)


@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_says_it_in_its_information_and_its_packet(packed: bool) -> None:
    data = making.pdf(INFORMATION, making.rights("Example"), packed) + b"5 0 obj\n(\xa9 Ann)\nendobj\n"
    read = facts(data, "a.pdf")
    assert pairs(read) == {
        ("title", "pdf:Title", "A (small) title"),
        ("author", "pdf:Author", "作者"),
        ("software", "pdf:Creator", "Maker"),
        ("copyright", "pdf:Copyright", "© Ann"),
        ("other", "pdf:AIGC", "x"),
        ("copyright", "xmp:dc:rights", "Example"),
    }
    assert (read.kind, read.faults) == (MediaKind.DOCUMENT, ())


def test_the_last_information_of_a_pdf_counts() -> None:
    data = (
        making.pdf(b"<</Author (Old)>>")
        + b"2 0 obj\n<</Author (New)>>\nendobj\n12 0 obj\n<</Author (Other)>>\nendobj\n"
    )
    assert pairs(facts(data, "a.pdf")) == {("author", "pdf:Author", "New")}


def test_a_pdf_that_is_encrypted_says_so() -> None:
    read = facts(making.pdf(b"<</Author (\x01\x02)>>").replace(b"/Info 2 0 R", b"/Info 2 0 R /Encrypt 9 0 R"), "a.pdf")
    assert (read.fields, read.faults) == ((), ("is encrypted: its fields are not read",))


def test_content_credentials_in_a_pdf() -> None:
    store = making.credentials({"claim_generator": "Example/1.0"})
    with_store = making.pdf(b"<<>>") + b"7 0 obj\n<</AFRelationship /C2PA_Manifest>>stream\n" + store + b"\nendstream\n"
    for data, tool in ((with_store, "Example/1.0"), (making.pdf(b"<</AFRelationship /C2PA_Manifest>>"), "")):
        assert [(one.kind, one.tool) for one in facts(data, "a.pdf").marks] == [(MarkKind.C2PA, tool)]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"(a(b)c)d", b"a(b)c"),
        (b"(a\\)\\n\\101\\\nb)", b"a)\nAb"),
        (b"(open", b"open"),
        (b"()", b""),
        (b"(\\0053)", b"\x053"),
    ],
)
def test_literal_strings(data: bytes, value: bytes) -> None:
    assert string_at(data, 0)[0] == value


@pytest.mark.parametrize(("data", "value"), [(b"<4 1 4>", b"A@"), (b"<41", b""), (b"<zz>", b"")])
def test_hexadecimal_strings(data: bytes, value: bytes) -> None:
    assert hexadecimal_at(data, 0)[0] == value
