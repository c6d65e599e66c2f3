"""`licscan identify`: files in order, the same bytes whatever the jobs, one line for what cannot be read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, meta

from licscan.artsets.index import build
from licscan.artsets.payload import payloads_of
from licscan.base import tables
from licscan.cli import identify, run
from licscan.export.identify import to_json, to_table
from tests.artsets.tunes import m4a, tune, vorbis, wav
from tests.fakes import open_fake


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {
        "b/LICENSE": "license mit\ncopyright 2020 Acme\ncopyright <year> <owner>\n",
        "b/a.txt": "nothing",
        "a.py": "license gpl-3.0-plus AND mit kind notice score 80\nlicense apache-2.0 WITH commons-clause\n",
        ".git/config": "license mit",
        "node_modules/x/LICENSE": "license isc",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("licscan.read.workers.OpenDetector", lambda licenses: open_fake)
    return tmp_path


def answers(text: str) -> dict[str, object]:
    return {entry["path"]: entry["expression"] for entry in json.loads(text)}


def test_json_is_as_the_schema_says(tree: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    schema = tables.load_json("identify.schema.json")
    meta.validate(schema)
    assert run(["identify", ".", "--format", "json"]) == 0
    said = json.loads(capsysbinary.readouterr().out)
    assert list(Draft202012Validator(schema).iter_errors(said)) == []
    assert [entry["path"] for entry in said] == ["./a.py", "./b/LICENSE", "./b/a.txt", "./node_modules/x/LICENSE"]
    assert said[0]["matches"][0] == {
        "expression": "GPL-3.0-or-later AND MIT",
        "score": 80.0,
        "start_line": 1,
        "end_line": 1,
        "rule": "gpl-3.0-plus AND mit.LICENSE",
        "kind": "notice",
        "matched_text": "license gpl-3.0-plus AND mit kind notice score 80",
    }
    assert said[0]["matches"][1]["expression"] == "Apache-2.0 AND LicenseRef-scancode-commons-clause"
    assert said[1]["copyrights"] == [
        {"statement": "copyright 2020 Acme", "holder": "Acme", "years": "2020", "start_line": 2}
    ]
    assert said[2]["expression"] is None


def test_table_names_lines_and_rules(tree: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["identify", "b/LICENSE", "b/a.txt"]) == 0
    assert capsysbinary.readouterr().out.decode().splitlines() == [
        "b/LICENSE: MIT",
        "        1-1  MIT  (text, score 100, rule mit.LICENSE)",
        "        2-2  copyright 2020 Acme",
        "b/a.txt: no license found",
    ]


def test_output_goes_to_a_file(tree: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["identify", "b", "--format", "json", "--output", "out.json"]) == 0
    assert capsysbinary.readouterr().out == b""
    assert answers((tree / "out.json").read_text()) == {"b/LICENSE": "MIT", "b/a.txt": None}


def test_what_cannot_be_read_is_one_line_and_the_rest_stands(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identify, "MAX_FILE", 60)
    os.mkfifo(tree / "b" / "pipe")
    (tree / "b" / "out").symlink_to("/etc/passwd")
    assert run(["identify", "b", "a.py", "--format", "json"]) == 0
    said = capsysbinary.readouterr()
    assert answers(said.out.decode()) == {"b/LICENSE": "MIT", "b/a.txt": None}
    assert said.err.decode().splitlines() == [
        "licscan: b/pipe: is not a regular file",
        "licscan: a.py: is larger than 60 B and was not read",
    ]


@pytest.mark.parametrize("path", ["nowhere", "pipe"])
def test_nothing_that_can_be_read_is_status_2(tree: Path, capsys: pytest.CaptureFixture[str], path: str) -> None:
    os.mkfifo(tree / "pipe")
    assert run(["identify", path]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_path_that_is_not_there_does_not_stop_the_others(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """One line names it, the others are read, and the status says that something was wrong."""
    assert run(["identify", "nowhere", "b", "gone/too", "--format", "json"]) == 2
    said = capsysbinary.readouterr()
    assert answers(said.out.decode())["b/LICENSE"] == "MIT"
    assert said.err.decode().splitlines() == ["licscan: nowhere: does not exist", "licscan: gone/too: does not exist"]


def test_the_jobs_do_not_show(tree: Path) -> None:
    for number in range(60):
        (tree / f"{number}.txt").write_text(f"license mit\ncopyright {number} Acme\n")
    one, none = identify.identify(["."], open_fake, 1)
    several, neither = identify.identify(["."], open_fake, 2)
    assert none == neither == []
    assert len(one) == 64
    assert to_json(one) == to_json(several)
    assert to_table(one) == to_table(several)


def test_hostile_text_is_shown_harmless(tree: Path) -> None:
    (tree / "\x1b[31m").write_text("license mit\ncopyright 2020 \u202eemcA\n")
    found, _failed = identify.identify(["\x1b[31m"], open_fake, 1)
    for text in (to_json(found), to_table(found)):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_a_file_that_is_named_twice_is_read_once(tree: Path) -> None:
    found, _failed = identify.identify(["b", "b/LICENSE"], open_fake, 1)
    assert [path for path, _detected in found] == ["b/LICENSE", "b/a.txt"]


def test_a_statement_that_names_another_file_has_its_license(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Of a package that is installed inside only where the file is of that package too."""
    see = "license unknown-license-reference kind notice in COPYING\n"
    for name in ("b/c/d.py", "node_modules/x/index.js", "node_modules/@y/z/index.js"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(see)
    (tree / "COPYING").write_text("license apache-2.0\n")
    (tree / "node_modules/@y/z/COPYING").write_text("license isc\n")
    assert run(["identify", ".", "--format", "json"]) == 0
    said = answers(capsysbinary.readouterr().out.decode())
    assert said["./b/c/d.py"] == "Apache-2.0"
    assert said["./node_modules/@y/z/index.js"] == "ISC"
    assert said["./node_modules/x/index.js"] == "LicenseRef-scancode-unknown-license-reference"


def asked_of(path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> tuple[dict[str, Any], str]:
    """What is said of one sound: its object in JSON, and the table."""
    assert run(["identify", str(path), "--format", "json"]) == 0
    [told] = json.loads(capsysbinary.readouterr().out)
    Draft202012Validator(tables.load_json("identify.schema.json")).validate([told])
    assert run(["identify", str(path)]) == 0
    return told["media"], capsysbinary.readouterr().out.decode()


def test_the_known_set_of_a_sound_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    index = build({"yaru-sounds": "yaru-sounds"}, [], [(payloads_of(vorbis(1), "ogg")[0], "yaru-sounds")], [])
    monkeypatch.setattr("licscan.artsets.recognition.own_index", lambda: index)
    (tree / "ping.ogg").write_bytes(vorbis(1, "Another title"))
    media, table = asked_of(tree / "ping.ogg", capsysbinary)
    assert [one["id"] for one in media["sets"]] == ["yaru-sounds"]
    assert media["unheard"] == ""
    assert "of a known set: Yaru sounds, by Mads Rosendahl (CC-BY-SA-4.0)" in table


@pytest.mark.parametrize(("name", "hears", "said"), [
    ("a.wav", False, "the extra licscan[sounds] is not installed"), ("a.m4a", True, "its format is not decoded"),
])  # fmt: skip
def test_that_a_sound_was_not_heard_is_said(
    name: str, hears: bool, said: str, tree: Path, monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:  # fmt: skip
    monkeypatch.setattr("licscan.artsets.decoding.can_hear", lambda: hears)
    (tree / name).write_bytes(wav(tune(1)) if name.endswith("wav") else m4a(1))
    media, table = asked_of(tree / name, capsysbinary)
    assert (media["sets"], media["unheard"]) == ([], said)
    assert f"compared with known sounds only byte by byte: {said}" in table
