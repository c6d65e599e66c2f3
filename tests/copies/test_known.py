"""The table of libraries that say themselves what they are."""

from __future__ import annotations

import pytest

from licscan.copies.banners import Stated
from licscan.copies.known import known_library, libraries
from licscan.licenses.statements import read_license
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("path", "text", "package", "version"),
    [
        ("x.js", "/*! jQuery v3.7.1 | (c) OpenJS Foundation */", "pkg:npm/jquery", "3.7.1"),
        ("x.js", "/*!\n * Vue.js v2.6.14\n */", "pkg:npm/vue", "2.6.14"),
        ("x.js", "//! moment.js\n//! version : 2.29.4\n", None, None),
        ("moment-2.29.4.min.js", "x", "pkg:npm/moment", "2.29.4"),
        ("static/jquery-1.12.4.js", "", "pkg:npm/jquery", "1.12.4"),
        ("strophe-1.2.3.min.js", "", "pkg:npm/strophe.js", "1.2.3"),
        ("x.js", "/*! jQuery UI - v1.13.2 - needs jQuery v3.0.0 */", "pkg:npm/jquery-ui", "1.13.2"),
        ("x.js", "var a = 'jQuery v3.7.1';", None, None),
        ("router.js", "export {}", None, None),
        ("page-2.js", "export {}", None, None),
        ("x.js", "", None, None),
    ],
)
def test_told(path: str, text: str, package: str | None, version: str | None) -> None:
    found = known_library(path, text.encode())
    assert (found and found.package, found and found.version) == (package, version)
    assert found is None or (found.by == "banner" and found.license)


def test_the_table_is_whole() -> None:
    rows = libraries()
    assert len(rows) > 200
    assert len({row.package for row in rows}) == len(rows)
    assert all(row.package.startswith(("pkg:npm/", "pkg:generic/")) and row.names for row in rows)
    stems = [stem for row in rows for stem in row.files]
    assert len(set(stems)) == len(stems)
    assert all(stem == stem.lower() for stem in stems)
    assert not [row.license for row in rows if not read_license(row.license).expression]


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("/* alpha 1.2.3 */", "alpha", "1.2.3"),
        ("/*! @scope/alpha@1.2.3-rc.1 */", "@scope/alpha", "1.2.3-rc.1"),
        ("/* alpha 1.2.3\n * alpha 1.2.4 */", "alpha", None),
        ("// As of alpha 3.0 this is strict\n// since alpha 2.1", "alpha", None),
        ("x" * 9_000 + "/*! Alpha.js v2.0.0 */", "alpha", "2.0.0"),
        ("x" * 9_000 + " alpha 2.0.0", "alpha", None),
        ("a.VERSION = '4.17.21'", "alpha", "4.17.21"),
        ("a.VERSION = '4.17.21'; b.version='1.0.0'", "alpha", None),
        ("alphabet 1.2.3", "alpha", None),
    ],
)
def test_versions(text: str, name: str, version: str | None) -> None:
    assert Stated(text.encode()).version_of(name) == version


@pytest.mark.parametrize("piece", ["/*!", "alpha ", "version ", "alpha js ", "@license", "1.", "VERSION='"])
def test_hostile_text_is_linear(piece: str) -> None:
    def work(size: int):
        data = (piece * (size // len(piece))).encode()
        return lambda: (Stated(data).version_of("alpha"), known_library("x.js", data))

    assert_linear(work, 400_000)
