"""What is inside, what of its notices is missing, and what cannot be told: projects and bundles made by the tests."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from licscan.cli import run
from licscan.compose.notices import notices
from licscan.compose.verify import Question, verify
from licscan.model import Scan, Verdict
from licscan.verify.records import Verified, What
from tests.verify.making import MIT, Made, bundle, metafile, project, scanned, usual

DATA = Path(__file__).resolve().parents[2] / "data"
CODE = "(()=>{" + "var a=1;" * 400 + "})();\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scan]:
    """A project of usual packages, and its scan."""
    root = project(tmp_path_factory.mktemp("messenger"), usual())
    return root, scanned(root)


def lacking(told: Verified) -> dict[str, set[What]]:
    return {c.name: {demand.what for demand in c.missing} for c in told.components if c.missing}


def owed_by(one: Made) -> set[What]:
    found = {What.TEXT}
    if one.holder:
        found.add(What.HOLDER)
    if one.notice:
        found.add(What.NOTICE)
    return found


def written(scan: Scan, root: Path, format_: str) -> str:
    from licscan.cli.notices import _text

    return _text(notices(scan, root), format_, None)


def test_a_bundle_lacks_all_that_its_packages_ask_for(made: tuple[Path, Scan], tmp_path: Path) -> None:
    root, scan = made
    packages = usual()
    inside, shaken = packages[:16], packages[16:]
    dist = bundle(tmp_path / "dist", {"main.js": CODE, "meta.json": metafile(inside, shaken)})
    told = verify(Question(dist), scan, root)
    assert {component.name for component in told.components} == {one.name for one in inside}
    assert lacking(told) == {one.name: owed_by(one) for one in inside}
    assert told.unknown == ()
    assert told.problems == ()
    assert told.verdict is Verdict.VIOLATION


@pytest.mark.parametrize(("format_", "name"), [
    ("text", "NOTICES.txt"), ("markdown", "NOTICES.md"), ("html", "licenses.html"), ("json", "notices.json"),
])  # fmt: skip
def test_with_the_notices_nothing_is_missing(made: tuple[Path, Scan], tmp_path: Path, format_: str, name: str) -> None:
    root, scan = made
    files = {"main.js": CODE, "meta.json": metafile(usual())}
    text = written(scan, root, format_)
    told = verify(Question(bundle(tmp_path / "dist", {**files, name: text})), scan, root)
    assert (lacking(told), told.verdict) == ({}, Verdict.OK)
    beside = bundle(tmp_path / "beside", {name: text}) / name
    again = verify(Question(bundle(tmp_path / "bare", files), notices=(beside,)), scan, root)
    assert again.verdict is Verdict.OK


def test_an_account_beside_counts_only_where_it_speaks_of_the_artifact(made: tuple[Path, Scan], tmp_path: Path) -> None:
    root, scan = made
    dist = bundle(tmp_path / "dist", {"main.js": CODE})
    bundle(tmp_path, {"meta.json": metafile(usual()[:3])})
    assert len(verify(Question(dist), scan, root).components) == 3
    bundle(tmp_path, {"meta.json": metafile(usual()[:3], output="other.js")})
    told = verify(Question(dist), scan, root)
    assert told.components == ()
    assert [one.file for one in told.unknown] == ["main.js"]
    assert told.verdict is Verdict.CANNOT_TELL
    assert len(verify(Question(dist, stats=(tmp_path / "meta.json",)), scan, root).components) == 3


def test_what_is_ours_is_named(made: tuple[Path, Scan], tmp_path: Path) -> None:
    root, scan = made
    dist = bundle(tmp_path / "dist", {"main.js": CODE, "plain.js": "console.log(1);\n" * 100})
    assert verify(Question(dist, own=("main.js",)), scan, root).verdict is Verdict.OK


def test_a_tool_that_is_inside_owes_like_any_other(tmp_path: Path) -> None:
    one = Made("inlined", "2.0.0", "MIT", "Copyright (c) 2020 Tool Maker", dev=True)
    root = project(tmp_path / "p", [one])
    dist = bundle(tmp_path / "dist", {"main.js": CODE, "meta.json": metafile([one])})
    assert lacking(verify(Question(dist), scanned(root), root)) == {"inlined": {What.HOLDER, What.TEXT}}


def test_comments_in_code_are_places_of_notices(made: tuple[Path, Scan], tmp_path: Path) -> None:
    root, scan = made
    one = usual()[2]
    banner = "/*! " + one.holder + "\n * " + MIT.replace("\n", "\n * ") + "\n */\n"
    dist = bundle(tmp_path / "dist", {"main.js": CODE + banner, "meta.json": metafile([one])})
    assert verify(Question(dist), scan, root).verdict is Verdict.OK
    other = bundle(tmp_path / "b", {"main.js": CODE + banner.replace("merge", "mend"), "meta.json": metafile([one])})
    assert lacking(verify(Question(other), scan, root)) == {one.name: {What.TEXT}}
    cut = bundle(tmp_path / "c", {"main.js": CODE + banner.replace(one.holder, ""), "meta.json": metafile([one])})
    assert lacking(verify(Question(cut), scan, root)) == {one.name: {What.HOLDER}}


def test_what_the_scan_does_not_know_cannot_be_told(made: tuple[Path, Scan], tmp_path: Path) -> None:
    root, scan = made
    stranger = Made("stranger", "1.0.0", "MIT")
    dist = bundle(tmp_path / "dist", {"main.js": CODE, "meta.json": metafile([stranger])})
    told = verify(Question(dist), scan, root)
    assert told.verdict is Verdict.CANNOT_TELL
    assert [(one.file, "stranger" in one.reason) for one in told.unknown] == [("meta.json", True)]


def test_exit_status_and_json(made: tuple[Path, Scan], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root, _scan = made
    dist = bundle(tmp_path / "dist", {"main.js": CODE, "meta.json": metafile(usual()[:2])})
    asked = ["verify", str(dist), "--project", str(root), "--offline", "--db", str(tmp_path / "s.db")]
    assert run([*asked, "--format", "json"]) == 1
    first = capsys.readouterr().out
    document = json.loads(first)
    jsonschema_rs.validate(json.loads((DATA / "verify.schema.json").read_text()), document)
    assert document["verdict"] == "violation"
    assert {one["code"] for c in document["components"] for one in c["missing"]} == {
        "missing-copyright-holder", "missing-license-text",
    }  # fmt: skip
    assert run([*asked, "--format", "json"]) == 1
    assert capsys.readouterr().out == first
    assert run([*asked]) == 1
    assert "licscan notices" in capsys.readouterr().out
    assert run(["verify", str(tmp_path / "none"), "--project", str(root)]) == 2
    assert run([*asked, "--surface", "moon"]) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 2
