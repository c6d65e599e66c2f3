"""Whole files: whose they are, in which version, and that nothing is said of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from licscan.copies import Copy, recognise
from licscan.copies.index import CodeIndex, load, save
from licscan.copies.segments import Segment, dump
from licscan.copies.segments import load as load_segment
from tests.copies.made import indexed, library, minified, module, segment

JS = library(1)
PY = module(2)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CodeIndex:
    folder = tmp_path_factory.mktemp("index")
    return indexed(
        folder,
        segment("alpha", "1.0.0", {"index.js": library(1, changed=12)}, license_="ISC"),
        segment("alpha", "1.1.0", {"index.js": library(1, changed=4)}),
        segment("alpha", "2.0.0", {"index.js": JS, "tests/index.js": library(9)}),
        segment("bravo", "3.0.0", {"lib/bravo.js": library(3)}),
        segment("charlie", "0.1.0", {"charlie.js": library(4)}),
        segment("delta", "5.0.0", {"dist/delta.js": JS + library(3) + library(5, functions=120)}),
        segment("echo", "1.0", {"echo/core.py": PY}, kind="pypi"),
    )


def one(text: str, path: str, index: CodeIndex) -> Copy:
    found = recognise(text.encode(), path, index)
    assert len(found) == 1, found
    return found[0]


def test_the_same_bytes(index: CodeIndex) -> None:
    copy = one(JS, "static/js/vendor.js", index)
    assert (copy.package, copy.version, copy.by, copy.license) == ("pkg:npm/alpha", "2.0.0", "digest", "MIT")
    assert copy.lines == ((1, JS.count("\n")),)


def test_an_older_version_and_its_license(index: CodeIndex) -> None:
    copy = one(library(1, changed=12), "x.js", index)
    assert (copy.version, copy.license) == ("1.0.0", "ISC")


def test_minified(index: CodeIndex) -> None:
    copy = one(minified(JS), "x.min.js", index)
    assert (copy.package, copy.version, copy.file) == ("pkg:npm/alpha", "2.0.0", "index.js")
    assert copy.by in ("anchors", "tokens")
    assert copy.share > 0.9
    assert copy.contained > 0.9


def test_renamed_and_reformatted(index: CodeIndex) -> None:
    text = JS.replace("local", "mine").replace("first", "uno").replace("  ", "\t").replace(";\n", "\n")
    assert one(text, "x.ts", index).package == "pkg:npm/alpha"


def test_a_version_that_is_not_indexed_is_not_said(index: CodeIndex) -> None:
    copy = one(library(1, changed=20), "x.js", index)
    assert copy.package == "pkg:npm/alpha"
    assert copy.version is None


def test_a_banner_says_the_version(index: CodeIndex) -> None:
    assert one("/*! alpha v9.8.7 */\n" + library(1, changed=20), "x.js", index).version == "9.8.7"


def test_python(index: CodeIndex) -> None:
    copy = one(PY.replace("first", "uno").replace('"', "'"), "mine/util.py", index)
    assert (copy.package, copy.file) == ("pkg:pypi/echo", "echo/core.py")


def test_in_the_middle_of_other_code(index: CodeIndex) -> None:
    copy = one(library(31) + library(4) + library(32), "x.js", index)
    assert copy.package == "pkg:npm/charlie"
    assert copy.share < 0.5
    assert copy.contained > 0.9
    start = library(31).count("\n")
    assert all(start - 40 < first and last < 2 * start + 40 for first, last in copy.lines)


def test_a_bundle_of_several(index: CodeIndex) -> None:
    found = recognise(minified(library(4) + library(21) + JS).encode(), "bundle.js", index)
    assert {copy.package for copy in found} == {"pkg:npm/alpha", "pkg:npm/charlie"}


def test_who_bundles_others_is_derived_and_named_second(index: CodeIndex) -> None:
    found = recognise((JS + library(3)).encode(), "x.js", index)
    assert {copy.package for copy in found} == {"pkg:npm/alpha", "pkg:npm/bravo"}
    whole = recognise(minified(JS + library(3) + library(5, functions=120)).encode(), "x.js", index)
    assert any(copy.package == "pkg:npm/delta" and copy.derived for copy in whole)


def test_own_code_is_nobodys(index: CodeIndex) -> None:
    assert recognise(library(77).encode(), "x.js", index) == ()
    assert recognise(module(78).encode(), "x.py", index) == ()


def test_tests_are_not_indexed(index: CodeIndex) -> None:
    assert recognise(minified(library(9)).encode(), "x.js", index) == ()


def test_two_names_of_one_work(tmp_path: Path) -> None:
    index = indexed(tmp_path, segment("one", "1", {"a.js": JS}), segment("two", "1", {"b.js": JS}))
    for text in (JS, minified(JS)):
        copy = one(text, "x.js", index)
        assert (copy.package, copy.also) == ("pkg:npm/one", ("pkg:npm/two",))


def test_what_everybody_has_says_nothing(tmp_path: Path) -> None:
    many = [segment(f"p{at}", "1", {"a.js": JS + library(100 + at)}) for at in range(12)]
    index = indexed(tmp_path, *many)
    assert recognise((JS + "x.alpha.bravo()").encode(), "x.js", index) == ()
    assert one(minified(JS + library(105)), "x.js", index).name == "p5"


def test_nothing_indexed(tmp_path: Path) -> None:
    assert recognise(JS.encode(), "x.js", indexed(tmp_path)) == ()


def test_the_same_segments_make_the_same_bytes(tmp_path: Path) -> None:
    made = [segment("b", "1", {"a.js": JS}), segment("a", "2", {"a.js": library(3)}), segment("a", "1", {"a.js": JS})]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    indexed(tmp_path / "one", *made)
    indexed(tmp_path / "two", *reversed(made))
    assert (tmp_path / "one/code.index").read_bytes() == (tmp_path / "two/code.index").read_bytes()


def test_a_package_keeps_within_its_bound(tmp_path: Path) -> None:
    files = {f"lib/m{at}.js": library(200 + at) for at in range(150)}
    index = indexed(tmp_path, *(segment("large", f"1.{at}", files) for at in range(4)))
    assert index.size < 60_000
    assert one(minified(library(260)), "x.js", index).file == "lib/m60.js"


@pytest.mark.parametrize("place", [0, 20, 40, 90, 400, -1])
def test_a_damaged_index_is_none(tmp_path: Path, index: CodeIndex, place: int) -> None:
    path = tmp_path / "code.index"
    save(dict(index.arrays), index.packages, path)
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)
    assert load(path) is None
    path.write_bytes(data[: len(data) // 2])
    assert load(path) is None


def test_segments_come_back() -> None:
    made = segment("alpha", "1.0", {"a.js": JS, "b.py": PY})
    again = load_segment(dump(made))
    assert dump(again) == dump(made)
    assert isinstance(again, Segment)


@pytest.mark.parametrize(
    "data", [b"", b"\x05\0\0\0[1,2]", b"\xff\xff\xff\xff", b"\x02\0\0\0{}", dump(segment("a", "1", {"a.js": JS}))[:-9]]
)
def test_foreign_segments_are_checked(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        load_segment(data)
