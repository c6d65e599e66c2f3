"""What fonts say: names in all languages, embedding, reserved names, in every wrapping."""

from __future__ import annotations

import struct

import pytest

from licscan.media.font_tables import reserved_in
from licscan.model.media import MediaKind
from tests.media import making
from tests.media.making import CHINESE, ENGLISH, NAME_ROWS
from tests.media.reading import facts, pairs

RESTRICTED: NAME_ROWS = (
    (3, 1, ENGLISH, 0, "© 2019 Foundry Example. All rights reserved."),
    (3, 1, ENGLISH, 1, "Strict Sans"),
    (3, 1, CHINESE, 1, "严格黑体"),
    (3, 1, ENGLISH, 5, "Version 2.001"),
    (3, 1, ENGLISH, 7, "Strict is a trademark of Foundry Example."),
    (3, 1, ENGLISH, 8, "Foundry Example"),
    (3, 1, ENGLISH, 9, "Ann Example"),
    (3, 1, ENGLISH, 10, "For print alone."),
    (3, 1, ENGLISH, 11, "https://foundry.example"),
    (3, 1, ENGLISH, 12, "https://ann.example"),
    (1, 0, 0, 13, "Licensed for desktop use • no embedding"),
    (3, 1, ENGLISH, 14, "https://foundry.example/eula"),
    (3, 1, ENGLISH, 17, "Regular"),
)
SAID = {
    ("copyright", "name:0", "© 2019 Foundry Example. All rights reserved."),
    ("name", "name:1", "Strict Sans"),
    ("name", "name:1", "严格黑体"),
    ("version", "name:5", "Version 2.001"),
    ("trademark", "name:7", "Strict is a trademark of Foundry Example."),
    ("holder", "name:8", "Foundry Example"),
    ("author", "name:9", "Ann Example"),
    ("description", "name:10", "For print alone."),
    ("source", "name:11", "https://foundry.example"),
    ("source", "name:12", "https://ann.example"),
    ("license", "name:13", "Licensed for desktop use • no embedding"),
    ("license-url", "name:14", "https://foundry.example/eula"),
}


@pytest.mark.parametrize("embedding", [None, 0, 2, 4, 8, 12, 0x104, 0x200])
@pytest.mark.parametrize(
    ("name", "wrap"),
    [
        ("a.ttf", making.sfnt),
        ("a.otf", lambda tables: making.sfnt(tables, flavor=b"OTTO")),
        ("a.ttc", making.ttc),
        ("a.woff", making.woff),
        ("a.woff2", making.woff2),
    ],
)
def test_a_font_says_the_same_in_every_wrapping(name: str, wrap, embedding: int | None) -> None:  # type: ignore[no-untyped-def]
    read = facts(wrap(making.font_tables(RESTRICTED, embedding)), name)
    assert (read.kind, read.embedding, read.reserved, read.faults) == (MediaKind.FONT, embedding, (), ())
    assert pairs(read) == SAID


@pytest.mark.parametrize("flags", [0, 0x1000_0000])
def test_an_embedded_opentype_file_has_names_of_its_own_and_those_of_its_font(flags: int) -> None:
    read = facts(making.eot(making.sfnt(making.font_tables(RESTRICTED, 2)), 2, flags, "https://shop.example"), "a.eot")
    assert (read.embedding, read.faults) == (2, ())
    assert pairs(read) == SAID | {
        ("name", "eot:FamilyName", "Example"),
        ("name", "eot:FullName", "Example Regular"),
        ("version", "eot:VersionName", "Version 1"),
        ("usage", "eot:RootString", "https://shop.example"),
    }


def test_an_embedded_opentype_file_that_is_compressed_keeps_its_head() -> None:
    read = facts(making.eot(b"packed", 4, 0x4), "a.eot")
    assert read.embedding == 4
    assert ("name", "eot:FamilyName", "Example") in pairs(read)
    assert read.faults == ("uses an unsupported compression",)


@pytest.mark.parametrize(("fonts", "embedding"), [((0, 8), 8), ((8, 4), 4), ((4, 2), 2), ((0, 0), 0), ((0x100, 8), 8)])
def test_the_embedding_of_a_collection_is_the_strictest(fonts: tuple[int, ...], embedding: int) -> None:
    collection = making.ttc(*(making.font_tables(RESTRICTED, one) for one in fonts))
    assert facts(collection, "a.ttc").embedding == embedding


def test_the_metadata_of_web_fonts_is_read() -> None:
    metadata = (
        b"<?xml version='1.0'?><metadata><vendor name='Foundry' url='https://foundry.example'/>"
        b"<credits><credit name='Ann'/></credits><description><text lang='en'>Words</text></description>"
        b"<license url='https://foundry.example/eula'><text>Web use</text></license>"
        b"<copyright><text>Copyright Foundry</text></copyright><trademark><text>TM</text></trademark>"
        b"<licensee name='Shop'/></metadata>"
    )
    said = {
        ("holder", "woff:vendor", "Foundry"),
        ("source", "woff:vendor@url", "https://foundry.example"),
        ("author", "woff:credit", "Ann"),
        ("description", "woff:description", "Words"),
        ("license", "woff:license", "Web use"),
        ("license-url", "woff:license@url", "https://foundry.example/eula"),
        ("copyright", "woff:copyright", "Copyright Foundry"),
        ("trademark", "woff:trademark", "TM"),
        ("usage", "woff:licensee", "Shop"),
    }
    for wrap, name in ((making.woff, "a.woff"), (making.woff2, "a.woff2")):
        assert pairs(facts(wrap(making.font_tables((), 0), metadata), name)) == said
        assert pairs(facts(wrap(making.font_tables((), 0), b"Made by Shop"), name)) == {
            ("comment", "woff:metadata", "Made by Shop")
        }


def test_a_type_1_font_speaks_in_its_head_and_in_its_comments() -> None:
    text = (
        b"%!PS-AdobeFont-1.0: Strict 1\n%%CreationDate: today\n% Copyright 1990 Foundry.\n% All rights reserved.\n"
        b"/version (001) readonly def /Notice (Copyright \\(c\\) Foundry \\251) def\n"
        b"/FullName (Strict Sans) def /FamilyName (Strict) def /FSType 2 def\ncurrentfile eexec\n/Notice (no) def"
    )
    for data in (text, b"\x80\x01" + struct.pack("<I", len(text)) + text):
        read = facts(data, "a.pfb")
        assert read.embedding == 2
        assert pairs(read) == {
            ("copyright", "type1:comment", "Copyright 1990 Foundry. All rights reserved."),
            ("copyright", "type1:Notice", "Copyright (c) Foundry ©"),
            ("name", "type1:FullName", "Strict Sans"),
            ("name", "type1:FamilyName", "Strict"),
            ("version", "type1:version", "001"),
        }


def test_names_of_a_code_page_are_read() -> None:
    value = "字体".encode("gb18030")
    table = struct.pack(">HHH", 0, 1, 18) + struct.pack(">HHHHHH", 3, 3, CHINESE, 1, len(value), 0) + value
    assert pairs(facts(making.sfnt({b"name": table}), "a.ttf")) == {("name", "name:1", "字体")}


def test_a_font_that_is_cut_keeps_what_was_read() -> None:
    whole = making.sfnt(making.font_tables(RESTRICTED, 2))
    read = facts(whole[:-40], "a.ttf")
    assert read.embedding == 2
    assert ("copyright", "name:0", "© 2019 Foundry Example. All rights reserved.") in pairs(read)
    assert read.faults == ("is damaged: not all of it could be read",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Copyright 2010 Example (https://x.example), with Reserved Font Name 'Source'.", ("Source",)),
        ("Copyright 2010 Example, with Reserved Font Name ‘Source’ and “Code”.", ("Source", "Code")),
        ('with Reserved Font Names "Vesper", "Vesper Libre" and "Other".', ("Vesper", "Vesper Libre", "Other")),
        ("Copyright (c) 2010 Ann with Reserved Font Name Lato. Licensed under the OFL.", ("Lato",)),
        ("with Reserved Font Arimo, Tinos and Cousine.", ("Arimo", "Tinos", "Cousine")),
        ("with Reserved Font Name: Fira Sans Condensed", ("Fira Sans Condensed",)),
        ("Copyright A with Reserved Font Name One. Copyright B with Reserved Font Name Two.", ("One", "Two")),
        ("with Reserved Font Name Lato, licensed under the terms below", ("Lato",)),
        ("with Reserved Font Name Exempla Copyright 2012 Other", ("Exempla",)),
        ("Copyright (c) <dates>, <holder>, with Reserved Font Name <Reserved Font Name>.", ()),
        ('"Reserved Font Name" refers to any names specified as such after the copyright statement(s).', ()),
        ("No Modified Version of the Font Software may use the Reserved Font Name(s) unless allowed", ()),
        ("Copyright 2020 The Example Project Authors", ()),
        ("with no Reserved Font Name", ()),
    ],
)
def test_reserved_font_names_are_those_that_are_declared(text: str, names: tuple[str, ...]) -> None:
    assert reserved_in(text) == names
    rows: NAME_ROWS = ((3, 1, ENGLISH, 0, text), (3, 1, ENGLISH, 13, text))
    assert facts(making.sfnt(making.font_tables(rows, 0)), "a.ttf").reserved == names
