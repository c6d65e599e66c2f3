"""Groups of content as people meet them: what binds their answers, waivers by files, `show`, and two scans compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.compare.differences import compare, state_of
from licscan.compare.digest import evidence_digest
from licscan.export.differences import summary, to_json, to_markdown, to_text
from licscan.export.show import to_text as show
from licscan.model import Scan
from tests.content.making import mp3, png
from tests.content.test_questions import Files, scanned

SOUNDS: Files = {"sounds/a.mp3": mp3(), "sounds/b.mp3": mp3(TIT2="b")}
CREDIT = "- a.mp3: https://freesound.example/1 by Ann Bell\n"


def group_of(scan: Scan) -> str:
    assert scan.content is not None
    (purl,) = {file.component for file in scan.content.files if file.component}
    return purl


def digest_of(scan: Scan) -> str:
    return evidence_digest(scan.by_purl[group_of(scan)])


@pytest.mark.parametrize(
    ("changed", "lapses"),
    [
        ({}, False),
        ({"README.md": "# Talk\n"}, False),
        ({"sounds/b.mp3": mp3(TIT2="another")}, True),
        ({"sounds/c.mp3": mp3(TIT2="c")}, True),
        (
            {"sounds/CREDITS.md": "- a.mp3: Copyright Ann Bell, all rights reserved\n- b.mp3: Copyright Ann Bell\n"},
            True,
        ),
    ],
)
def test_an_answer_is_bound_to_the_bytes_and_to_what_is_said(tmp_path: Path, changed: Files, lapses: bool) -> None:
    before = scanned(tmp_path / "a", SOUNDS)
    after = scanned(tmp_path / "b", {**SOUNDS, **changed})
    found = {evidence_digest(after.by_purl[one.purl]) for one in after.graph.components if one.content}
    assert (digest_of(before) not in found) is lapses


def test_groups_of_which_nothing_is_said_have_digests_of_their_own(tmp_path: Path) -> None:
    scan = scanned(tmp_path, {"a/x.mp3": mp3(), "b/y.mp3": mp3(TIT2="y")})
    digests = {evidence_digest(scan.by_purl[one.purl]) for one in scan.graph.components if one.content}
    assert len(digests) == 2


@pytest.mark.parametrize(("glob", "waived"), [("sounds/*", True), ("sounds/a*", False), ("other/*", False)])
def test_a_waiver_by_files_covers_findings_about_them(tmp_path: Path, glob: str, waived: bool) -> None:
    waiver = f'[[waiver]]\nfinding = "content-no-statement"\nfiles = ["{glob}"]\nreason = "license-bought"\n'
    waiver += 'owner = "Ann"\nexpires = 2099-01-01\n'
    scan = scanned(tmp_path, {**SOUNDS, "licscan.toml": waiver})
    (finding,) = [one for one in scan.findings if one.code == "content-no-statement"]
    assert bool(finding.waiver) is waived


def test_show_lists_the_files_with_what_is_open_and_who_says_what(tmp_path: Path) -> None:
    scan = scanned(tmp_path, {**SOUNDS, "sounds/b.mp3": mp3(TCOP="2020 Ann Bell")})
    told = "\n".join(show(scan, one.purl) for one in scan.graph.components if one.content)
    for words in ("sounds/a.mp3 (mp3, ", "The owner of the content is not stated", "embedded sounds/b.mp3: Ann Bell"):
        assert words in told
    assert "digest, score" not in told


def test_two_scans_tell_which_content_came_went_and_changed(tmp_path: Path) -> None:
    faces: Files = {"emoji/a.png": png(9), "emoji/b.png": png(8)}
    before = scanned(tmp_path / "a", {**SOUNDS, **faces})
    after = scanned(tmp_path / "b", {**faces, "emoji/b.png": png(7), "fonts/x.mp3": mp3(TIT2="x")})
    found = compare(state_of(before, "old"), state_of(after, "new"))
    assert ([one.name for one in found.added], [one.name for one in found.removed]) == (["fonts/x.mp3"], ["sounds"])
    assert [new.name for _old, new in found.refiled] == ["emoji"]
    assert "different files: 1" in summary(found)
    assert "Different files (1)" in to_text(found)
    assert "**Different files** (1)" in to_markdown(found)
    assert json.loads(to_json(found))["refiled"][0]["new"]["name"] == "emoji"
    assert not compare(state_of(before, "a"), state_of(before, "b")).refiled
