"""Where a library stands that several packages carry."""

from __future__ import annotations

import pytest

from licscan.judge.attribution_rules import _places
from licscan.model import Location
from licscan.model.contents import Embedded

ONE, OTHER = "lib/one.dist-info/sboms/one.cdx.json", "lib/other.dist-info/sboms/other.cdx.json"
FOUND = (Location(ONE), Location(OTHER), Location("lib/other.libs/libz.so"))


@pytest.mark.parametrize(
    ("sbom", "paths", "expected"),
    [
        ("one.dist-info/sboms/one.cdx.json", (), [ONE]),
        ("other.dist-info/sboms/other.cdx.json", (), [OTHER]),
        ("", ("other.libs/libz.so",), ["lib/other.libs/libz.so"]),
        ("e.dist-info/sboms/one.cdx.json", (), [one.path for one in FOUND]),
    ],
)
def test_only_the_places_inside_of_this_package_are_named(
    sbom: str, paths: tuple[str, ...], expected: list[str]
) -> None:
    embedded = Embedded("pkg:cargo/z@1", "z", True, paths=paths, sbom=sbom)
    assert [place.path for place in _places(embedded, FOUND)] == expected
