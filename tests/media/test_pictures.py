"""What pictures say, in the containers of each format, and the four standards that all of them hold."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import pytest

from licscan.media.c2pa import c2pa_into
from licscan.media.exif import exif_into
from licscan.media.iptc import iptc_into
from licscan.media.xmp import xmp_into
from licscan.model.media import AiMark, MarkKind, Meaning, MediaField
from tests.media import making
from tests.media.reading import facts, found_by, pairs

EXIF = making.tiff({0x8298: b"Copyright 2020 Example\0", 0x13B: b"Ann\0"})
PACKET = making.rights("Example")
STORE = making.credentials({"claim_generator": "Example/1.0"})
IN_EXIF = {("copyright", "exif:Copyright", "Copyright 2020 Example"), ("author", "exif:Artist", "Ann")}
IN_XMP = {("copyright", "xmp:dc:rights", "Example")}
IN_IPTC = {("copyright", "iptc:CopyrightNotice", "Example"), ("author", "iptc:By-line", "Ann")}
IN_STORE = {("software", "c2pa:claim_generator", "Example/1.0")}
RESOURCES = making.resource(1028, making.iptc({116: b"Example", 80: b"Ann"})) + making.resource(1060, PACKET)
DOCUMENT = making.resource(1035, b"https://ann.example") + making.resource(1058, EXIF) + RESOURCES
BOXED = b"JP\0\x01\0\0\0"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", making.png((b"eXIf", EXIF)), IN_EXIF),
        ("a.png", making.png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + PACKET)), IN_XMP),
        ("a.png", making.png((b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(PACKET))), IN_XMP),
        ("a.png", making.png((b"caBX", STORE)), IN_STORE),
        (
            "a.png",
            making.png(
                (b"tEXt", "Copyright\0© Example".encode("latin-1")),
                (b"tEXt", "Author\0Änne".encode()),
                (b"tEXt", "Title\0站长素材图片".encode("gbk")),
                (b"zTXt", b"license\0\0" + zlib.compress(b"CC-BY-4.0")),
                (b"iTXt", "Source\0\0\0zh\0来源\0https://ann.example".encode()),
                (b"tEXt", b"parameters\0a face, Steps: 20"),
                (b"tEXt", b"date:create\x002020-01-01"),
            ),
            {
                ("copyright", "png:Copyright", "© Example"),
                ("author", "png:Author", "Änne"),
                ("title", "png:Title", "站长素材图片"),
                ("license", "png:license", "CC-BY-4.0"),
                ("source", "png:Source", "https://ann.example"),
                ("other", "png:parameters", "a face, Steps: 20"),
            },
        ),
        (
            "a.png",
            making.png(
                (b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(b"\niptc\n  1\n" + RESOURCES.hex().encode())),
                (b"tEXt", b"Raw profile type exif\0\nexif\n  1\n" + (b"Exif\0\0" + EXIF).hex().encode()),
            ),
            IN_EXIF | IN_IPTC | IN_XMP,
        ),
        ("a.jpg", making.jpeg((0xE1, b"Exif\0\0" + EXIF)), IN_EXIF),
        ("a.jpg", making.jpeg((0xE1, making.XMP_HEAD + PACKET)), IN_XMP),
        ("a.jpg", making.jpeg((0xED, b"Photoshop 3.0\0" + RESOURCES)), IN_IPTC | IN_XMP),
        (
            "a.jpg",
            making.jpeg(
                (0xED, b"Photoshop 3.0\0" + RESOURCES[:90]),
                (0xED, b"Photoshop 3.0\0" + RESOURCES[90:]),
            ),
            IN_IPTC | IN_XMP,
        ),
        ("a.jpg", making.jpeg((0xEB, BOXED + b"\x01" + STORE)), IN_STORE),
        (
            "a.jpg",
            making.jpeg((0xEB, BOXED + b"\x02" + STORE[:8] + STORE[50:]), (0xEB, BOXED + b"\x01" + STORE[:50])),
            IN_STORE,
        ),
        ("a.jpg", making.jpeg((0xFE, "图片 © Example".encode())), {("comment", "jpeg:COM", "图片 © Example")}),
        (
            "a.jpg",
            making.jpeg((0xEC, b"Ducky\0\3\0\x0a\0\0\0\3" + "(c)".encode("utf-16-be") + b"\0\0")),
            {("copyright", "ducky:Copyright", "(c)")},
        ),
        ("a.gif", making.gif(making.gif_comment(b"x" * 300)), {("comment", "gif:comment", "x" * 300)}),
        ("a.gif", making.gif(making.gif_xmp(PACKET)), IN_XMP),
        ("a.webp", making.webp((b"EXIF", EXIF), (b"XMP ", PACKET), (b"C2PA", STORE)), IN_EXIF | IN_XMP | IN_STORE),
        ("a.webp", making.webp((b"EXIF", b"Exif\0\0" + EXIF)), IN_EXIF),
        (
            "a.psd",
            making.psd(DOCUMENT),
            IN_EXIF | IN_IPTC | IN_XMP | {("source", "photoshop:URL", "https://ann.example")},
        ),
        ("a.avif", making.heif(EXIF, PACKET), IN_EXIF | IN_XMP),
        ("a.heic", making.heif(b"Exif\0\0" + EXIF, b"", b"heic"), IN_EXIF),
        (
            "a.avif",
            making.heif(
                tail=making.box(
                    b"uuid",
                    bytes.fromhex("d8fec3d61b0e483c92975828877ec481"),
                    b"\0\0\0\0manifest\0" + b"\0" * 8 + STORE,
                )
            ),
            IN_STORE,
        ),
    ],
)
def test_a_picture_says_what_its_container_holds(name: str, data: bytes, said: set[tuple[str, str, str]]) -> None:
    read = facts(data, name)
    assert pairs(read) == said
    assert (read.width, read.height, read.faults) == (3, 2, ())
    marked = read.marks and read.marks[0]
    assert bool(marked) == (said >= IN_STORE)
    if marked:
        assert (marked.kind, marked.tool, marked.verified) == (MarkKind.C2PA, "Example/1.0", False)


@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_holds_the_other_standards_in_tags(big: bool) -> None:
    tags = {
        0x8298: b"Copyright 2020 Example\0",
        0x13B: b"Ann\0",
        0x2BC: PACKET,
        0x83BB: making.iptc({116: b"Example", 80: b"Ann"}),
        0xCD41: STORE,
    }
    read = facts(making.tiff(tags, big), "a.tif")
    assert pairs(read) == IN_EXIF | IN_XMP | IN_IPTC | IN_STORE
    assert read.faults == ()


def test_a_jpeg_xl_holds_boxes_that_may_be_packed() -> None:
    head = b"\0\0\0\x0cJXL \r\n\x87\n"
    packed = making.box(b"brob", b"xml ", brotli.compress(PACKET))
    data = head + making.box(b"Exif", b"\0\0\0\0", EXIF) + packed + STORE
    read = facts(data, "a.jxl")
    assert pairs(read) == IN_EXIF | IN_XMP | IN_STORE
    assert facts(b"\xff\x0a" + b"\0" * 40, "a.jxl").faults == ()


def test_extended_xmp_is_put_together_by_place() -> None:
    part = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + len(PACKET).to_bytes(4, "big")
    first, second = ((0xE1, part + at.to_bytes(4, "big") + PACKET[at : at + 200]) for at in (0, 200))
    rest = (0xE1, part + (400).to_bytes(4, "big") + PACKET[400:])
    assert pairs(facts(making.jpeg(rest, first, second), "a.jpg")) == IN_XMP


@pytest.mark.parametrize("name", ["a.bmp", "a.ico", "a.icns"])
def test_bitmaps_and_icons_have_a_size_alone(name: str) -> None:
    read = facts(making.SAMPLES[name], name)
    assert (read.width, read.height) == {"a.bmp": (3, 2), "a.ico": (16, 16), "a.icns": (128, 128)}[name]
    assert read.fields == ()


def _field(meaning: Meaning, name: str, text: str) -> MediaField:
    return MediaField(meaning, name, text)


@pytest.mark.parametrize(
    ("inside", "attributes", "expected"),
    [
        (
            "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>",
            "",
            [_field(Meaning.AUTHOR, "xmp:dc:creator", "Ann"), _field(Meaning.AUTHOR, "xmp:dc:creator", "Bob")],
        ),
        (
            "",
            "xmpRights:WebStatement='https://terms.example' xmpRights:Marked='True'",
            [
                _field(Meaning.LICENSE_URL, "xmp:xmpRights:WebStatement", "https://terms.example"),
                _field(Meaning.OTHER, "xmp:xmpRights:Marked", "True"),
            ],
        ),
        (
            "<cc:license rdf:resource='https://terms.example/by/4.0/'/>",
            "",
            [_field(Meaning.LICENSE_URL, "xmp:cc:license", "https://terms.example/by/4.0/")],
        ),
        (
            "<Iptc4xmpExt:DigitalSourceType>http://cv.example/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>",
            "",
            [
                _field(
                    Meaning.DIGITAL_SOURCE,
                    "xmp:Iptc4xmpExt:DigitalSourceType",
                    "http://cv.example/trainedAlgorithmicMedia",
                )
            ],
        ),
        (
            "<m:Ingredients xmlns:m='http://ns.adobe.com/xap/1.0/mm/'><dc:rights>Another</dc:rights></m:Ingredients>",
            "",
            [],
        ),
        (
            "<q:rights xmlns:q='http://purl.org/dc/elements/1.1/'>By another prefix</q:rights>",
            "",
            [_field(Meaning.COPYRIGHT, "xmp:dc:rights", "By another prefix")],
        ),
        (
            '<t:AIGC xmlns:t=\'https://labels.example/\'>{"Label":"1"}</t:AIGC>',
            "",
            [_field(Meaning.OTHER, "xmp:t:AIGC", '{"Label":"1"}')],
        ),
        (
            "<exif:Copyright xmlns:exif='http://ns.adobe.com/exif/1.0/'>In the wrong place</exif:Copyright>",
            "",
            [_field(Meaning.COPYRIGHT, "xmp:exif:Copyright", "In the wrong place")],
        ),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-be"])
def test_xmp(inside: str, attributes: str, expected: list[MediaField], codec: str) -> None:
    assert list(found_by(xmp_into, making.xmp(inside, attributes).decode().encode(codec)).fields) == expected


def test_xmp_that_is_cut_keeps_what_came_before() -> None:
    packet = making.xmp("<dc:rights>Example</dc:rights><dc:title>Never")
    cut = packet[: packet.index(b"Never")]
    assert list(found_by(xmp_into, cut).fields) == [_field(Meaning.COPYRIGHT, "xmp:dc:rights", "Example")]


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(
    ("tags", "inner", "expected"),
    [
        ({0x8298: b"Ann\0Editor\0"}, {}, ("copyright", "exif:Copyright", "Ann Editor")),
        ({0x9C9D: "作者\0".encode("utf-16-le")}, {}, ("author", "exif:XPAuthor", "作者")),
        ({0x010F: b"Cam\0"}, {}, ("other", "exif:Make", "Cam")),
        ({}, {0x9286: b"ASCII\0\0\0words"}, ("comment", "exif:UserComment", "words")),
        ({}, {0x9286: b"UNICODE\0" + "words".encode("utf-16-le")}, ("comment", "exif:UserComment", "words")),
        ({}, {0x9286: b"UNICODE\0" + "words".encode("utf-16-be")}, ("comment", "exif:UserComment", "words")),
        ({}, {0xA437: b"Ann\0"}, ("author", "exif:Photographer", "Ann")),
    ],
)
def test_exif(big: bool, tags: dict[int, bytes], inner: dict[int, bytes], expected: tuple[str, str, str]) -> None:
    (one,) = found_by(exif_into, making.tiff(tags, big, inner)).fields
    assert (one.meaning.value, one.field, one.text) == expected


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (making.iptc({116: "© Änne".encode()}), "© Änne"),
        (making.iptc({116: "© Änne".encode("latin-1")}, utf8=False), "© Änne"),
        (making.iptc({116: "版权所有".encode("gbk")}, utf8=False), "版权所有"),
        (b"\x1c\x02\x74\x80\x04\0\0\0\x03abc", "abc"),
    ],
)
def test_iptc(data: bytes, text: str) -> None:
    assert list(found_by(iptc_into, data).fields) == [_field(Meaning.COPYRIGHT, "iptc:CopyrightNotice", text)]


AI = "http://cv.example/digitalsourcetype/trainedAlgorithmicMedia"


@pytest.mark.parametrize(
    ("claim", "actions", "tool", "detail", "fields"),
    [
        ({"claim_generator": "Maker/1 lib/2"}, [], "Maker/1 lib/2", "", {"Maker/1 lib/2"}),
        ({"claim_generator_info": [{"name": "Maker", "version": "2"}]}, [], "Maker 2", "", {"Maker 2"}),
        ({"claim_generator_info": {"name": "Maker"}}, [], "Maker", "", {"Maker"}),
        (
            {"claim_generator": "Maker"},
            [{"action": "c2pa.created", "digitalSourceType": AI, "softwareAgent": {"name": "Painter"}}],
            "Maker",
            "trainedAlgorithmicMedia",
            {"Maker", AI, "Painter"},
        ),
        ({}, [], "", "", set()),
    ],
)
def test_content_credentials(
    claim: dict[str, object], actions: list[object], tool: str, detail: str, fields: set[str]
) -> None:
    store = making.credentials(claim, actions)
    found = found_by(c2pa_into, store, "png:caBX")
    assert list(found.marks) == [AiMark(MarkKind.C2PA, "png:caBX", tool=tool, detail=detail, verified=False)]
    assert {one.text for one in found.fields} == fields


def test_credentials_that_are_broken_are_there_all_the_same() -> None:
    assert list(found_by(c2pa_into, STORE[:70], "x").marks) == [AiMark(MarkKind.C2PA, "x")]
    assert not found_by(c2pa_into, making.superbox("other", b"json"), "x").marks


@pytest.mark.parametrize("cut", [lambda data: data[:-30], lambda data: data + b"\0" * 3], ids=["shorter", "longer"])
def test_a_broken_part_leaves_the_others(cut: Callable[[bytes], bytes]) -> None:
    data = making.png((b"tEXt", b"Copyright\0Example"), (b"eXIf", b"XX"), (b"zTXt", b"Comment\0\0no"))
    read = facts(cut(data), "a.png")
    assert pairs(read) == {("copyright", "png:Copyright", "Example")}
    assert read.faults == ("is damaged: not all of it could be read",)
