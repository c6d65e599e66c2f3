"""The tables of sets: complete, consistent, and joined to the index that comes with licscan."""

from __future__ import annotations

import re

from license_expression import get_spdx_licensing

from licscan.artsets import art_sets, font_builders, font_sets, package_art
from licscan.artsets.sets import own_index

SPDX = get_spdx_licensing()


def test_every_set_is_whole() -> None:
    for name, one in art_sets().items():
        assert one.kind in ("emoji", "icons", "logos", "sounds", "animations"), name
        assert one.name, name
        assert one.owner, name
        assert re.search(r"\d{4}-\d{2}-\d{2}$", one.basis), name
        if one.expression != "NONE" and "LicenseRef" not in one.expression:
            assert not SPDX.unknown_license_keys(one.expression), name
        else:
            assert one.restrictions, name
        assert one.attribution or "CC-BY" not in one.expression or " OR " in one.expression, name
        assert one.packages or one.fonts, name


def test_packages_whose_art_is_anothers() -> None:
    table = package_art()
    assert {row.set_id for row in table["pkg:npm/emoji-datasource-apple"]} == {"apple-emoji"}
    assert all(row.set_id in art_sets() for rows in table.values() for row in rows)
    assert all("@" not in purl.removeprefix("pkg:npm/") for purl in table)


def test_fonts_tell_sets_and_builders_tell_none() -> None:
    assert font_sets()["apple color emoji"] == "apple-emoji"
    assert font_sets()["font awesome 5 pro"] == "font-awesome-pro"
    assert font_builders()["icomoon"] == "icomoon"
    assert not font_sets().keys() & font_builders().keys()


def test_the_index_knows_every_set_with_packages() -> None:
    held = {name for group in own_index().groups for name in group}
    assert held == {name for name, one in art_sets().items() if one.packages}


def test_the_index_holds_no_picture() -> None:
    """Signs alone: 256 bits a picture, from which none can be drawn again."""
    found = own_index()
    assert found.signs.shape[1] * 8 == 256
    assert len(found.signs) > 10_000
    assert all(len(head) == 6 for head in found.digests)
