"""Scripts of which no map tells: the index of code says which packages are in them."""

from __future__ import annotations

from pathlib import Path

from licscan.compose.verify import Question, verify
from licscan.copies.shelf import user_shelf
from licscan.verify.records import Kind, Verified
from tests.copies.made import library, minified, segment
from tests.verify.making import Made, project, scanned

ALPHA, BRAVO = (
    Made("alpha", "1.0.0", "MIT", "Copyright (c) 2019 Ann Example"),
    Made("bravo", "2.0.0", "ISC", "Copyright Bo"),
)


def index() -> None:
    shelf = user_shelf()
    shelf.put([
        segment("alpha", "1.0.0", {"index.js": library(1)}),
        segment("bravo", "1.9.0", {"index.js": library(2)}),
        segment("copier", "1.0.0", {"index.js": library(1)}),
        segment("stranger", "3.0.0", {"index.js": library(3)}),
    ])  # fmt: skip
    shelf.rebuild()


def told(tmp_path: Path, *seeds: int) -> Verified:
    root = project(tmp_path / "project", (ALPHA, BRAVO))
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "main.js").write_text(";".join(minified(library(seed)) for seed in seeds))
    return verify(Question(dist), scanned(root), root)


def signs(found: Verified) -> dict[str, set[Kind]]:
    return {one.name: {sign.kind for sign in one.signs} for one in found.components}


def test_packages_in_a_bundle_without_a_map_are_named(tmp_path: Path) -> None:
    index()
    found = told(tmp_path, 1, 2, 9)
    assert signs(found) == {"alpha": {Kind.CODE}, "bravo": {Kind.CODE}}
    assert {one.version for one in found.components} == {"1.0.0", "2.0.0"}
    assert any(one.file == "main.js" for one in found.unknown)  # what else is in it nobody knows


def test_one_that_the_scan_does_not_know_is_said(tmp_path: Path) -> None:
    index()
    found = told(tmp_path, 3)
    assert signs(found) == {}
    assert any("contains stranger" in one.reason for one in found.unknown)


def test_without_an_index_nothing_is_said_of_code(tmp_path: Path) -> None:
    assert signs(told(tmp_path, 1, 2)) == {}
