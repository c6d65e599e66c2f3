"""`licscan deliver` and `licscan accept`, from the command line."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import jsonschema_rs
import pytest

from licscan.base.messages import use_language
from licscan.base.tables import load_json
from licscan.cli import run
from licscan.compose.accept import _POLICY
from licscan.delivery.records import Acceptance, Facts, said
from licscan.model import Verdict
from tests.delivery.making import Case, files_of, key_pair, zip_of
from tests.verify.making import Made, project, usual


@pytest.fixture
def supplier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with its artifact beside it, in the folder that commands run in."""
    root = tmp_path / "project"
    root.mkdir()
    project(root, (*usual(3), Made("tool", "9.0.0", "MIT", "Copyright 2020 Tools", dev=True)))
    (root / "licscan.toml").write_text('[[surface]]\nname = "server"\ndeployment = "on-premise"\n')
    shipped = {
        f"node_modules/{path}": data
        for path, data in files_of(root / "node_modules").items()
        if not path.startswith("tool/")
    }
    zip_of(tmp_path / "chat.zip", shipped)
    zip_of(tmp_path / "more.zip", {**shipped, "node_modules/stray/package.json": '{"name":"stray","version":"1.0.0"}'})
    whole = {f"node_modules/{path}": data for path, data in files_of(root / "node_modules").items()}
    zip_of(tmp_path / "whole.zip", whole)
    monkeypatch.chdir(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1777777777")
    return tmp_path


def deliver(place: Path, artifact: str, name: str, *more: str) -> int:
    words = [str(place / artifact), "--surface", "server", "--output", str(place / name), "--offline", *more]
    return run(["deliver", *words])


@pytest.fixture
def buyer(tmp_path: Path) -> Path:
    folder = tmp_path / "buyer"
    folder.mkdir()
    (folder / "licscan.toml").write_text('[[surface]]\nname = "portal"\ndeployment = "on-premise"\n')
    return folder


def test_what_is_delivered_is_accepted(
    supplier: Path, buyer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = key_pair(supplier, 5)
    assert deliver(supplier, "chat.zip", "annex", "--key", str(private), "--creator", "Acme Ltd") == 0
    monkeypatch.chdir(buyer)
    capsys.readouterr()
    words = ["--artifact", str(supplier / "chat.zip"), "--key", str(public)]
    assert run(["accept", str(supplier / "annex.tar.gz"), *words]) == 0
    told = capsys.readouterr().out
    assert "accepted, no objections" in told
    assert "Acme Ltd" in told
    assert run(["accept", str(supplier / "annex"), *words, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema_rs.validate(load_json("acceptance.schema.json"), document)
    assert document["verdict"] == "ok"
    codes = {one["code"] for one in document["checks"]}
    assert {"signature-ok", "files-ok", "artifact-ok", "fit-ok", "inside-ok", "policy-ok", "changes-first"} == (
        codes - {"open-points-none"}
    )
    for one in document["checks"]:
        assert one["sentence"]["en"] != one["sentence"]["zh"]


def test_the_same_input_gives_the_same_bytes_but_for_the_signature(supplier: Path) -> None:
    private, _public = key_pair(supplier, 5)
    assert deliver(supplier, "chat.zip", "one") == 0
    assert deliver(supplier, "chat.zip", "two", "--key", str(private)) == 0
    (supplier / "again").mkdir()
    shutil.copytree(supplier / "one", supplier / "again" / "one")
    first, second = files_of(supplier / "one"), files_of(supplier / "two")
    assert first.keys() == second.keys()
    assert {path for path in first if first[path] != second[path]} == {"delivery.dsse.json"}
    one, two = (json.loads(files["delivery.dsse.json"]) for files in (first, second))
    assert one["payload"] == two["payload"]
    assert (one["signatures"], len(two["signatures"])) == ([], 1)


def test_without_a_key_it_says_so_and_is_never_ok(
    supplier: Path, buyer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    private, _public = key_pair(supplier, 5)
    assert deliver(supplier, "chat.zip", "plain") == 0
    assert "it is not signed" in capsys.readouterr().err
    assert deliver(supplier, "chat.zip", "signed", "--key", str(private)) == 0
    monkeypatch.chdir(buyer)
    capsys.readouterr()
    for name, word in (("plain", "The delivery is not signed"), ("signed", "was not verified")):
        assert run(["accept", str(supplier / name), "--artifact", str(supplier / "chat.zip")]) == 2
        assert word in capsys.readouterr().out


@pytest.mark.parametrize(("artifact", "named"), [("more.zip", "stray 1.0.0"), ("whole.zip", "tool 9.0.0")])
def test_what_the_sbom_lacks_is_refused_or_stated(
    supplier: Path, artifact: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deliver(supplier, artifact, "annex") == 2
    assert named in capsys.readouterr().err
    assert not (supplier / "annex").exists()
    assert not (supplier / "annex.tar.gz").exists()
    assert not [path for path in supplier.iterdir() if path.name.startswith(".")]
    assert deliver(supplier, artifact, "annex", "--anyway") == 1
    assert "of them is a violation" in capsys.readouterr().err
    points = json.loads((supplier / "annex" / "open-points.json").read_text())["points"]
    assert any(named in point["sentence"] and point["verdict"] == "violation" for point in points)


def test_an_old_scan_is_refused_or_stated(supplier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deliver(supplier, "chat.zip", "one") == 0
    lock = supplier / "project" / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    capsys.readouterr()
    assert deliver(supplier, "chat.zip", "two", "--scan", "1") == 2
    assert "the project has changed since it was scanned" in capsys.readouterr().err
    assert deliver(supplier, "chat.zip", "two", "--scan", "1", "--anyway") == 1
    assert "scan-stale" in (supplier / "two" / "open-points.json").read_text()
    # without a number it is scanned anew
    assert deliver(supplier, "chat.zip", "three") == 0


def test_a_place_that_is_taken_is_left_alone(supplier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (supplier / "annex.tar.gz").write_text("mine")
    assert deliver(supplier, "chat.zip", "annex") == 2
    assert "already exists" in capsys.readouterr().err
    assert (supplier / "annex.tar.gz").read_text() == "mine"
    assert not (supplier / "annex").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--surface", "phone"], "is not a surface of this scan"),
        (["--key", "nowhere.pem"], "cannot be read"),
        (["--product-version", "2.0", "--output", "no/such/folder/annex"], "cannot be written"),
    ],
)
def test_bad_words_end_in_one_line(
    supplier: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deliver(supplier, "chat.zip", "annex", *words) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert said in told[-1]


def test_the_page_for_the_contract_file_is_in_both_languages(
    clean: Case, buyer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(buyer)
    words = ["accept", str(clean.archive), "--artifact", str(clean.artifact), "--key", str(clean.public)]
    for format_, name in (("text", "page.txt"), ("html", "page.html")):
        assert run([*words, "--format", format_, "--output", name]) == 0
        page = (buyer / name).read_text(encoding="utf-8")
        assert "accepted, no objections" in page
        assert "可以接受，未发现不利情形" in page
    use_language("en")


def test_the_second_delivery_tells_what_changed(
    supplier: Path, buyer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deliver(supplier, "chat.zip", "one") == 0
    root = supplier / "project"
    for name in ("package.json", "package-lock.json", "node_modules/pack-1/package.json"):
        path = root / name
        path.write_text(path.read_text().replace("1.1.0", "1.1.1").replace('"ISC"', '"GPL-3.0-only"'))
    (root / "node_modules/pack-1/LICENSE").unlink()
    deliver(supplier, "chat.zip", "two", "--anyway")
    monkeypatch.chdir(buyer)
    for name in ("one", "two"):
        capsys.readouterr()
        run(["accept", str(supplier / name)])
    told = " ".join(capsys.readouterr().out.split())
    assert "pack-1 1.1.1: its license was ISC" in told


def test_a_spoiled_delivery_is_not_stored(
    clean: Case, buyer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = clean.copy(tmp_path)
    (case.folder / "NOTICES.txt").write_text("nothing")
    monkeypatch.chdir(buyer)
    assert run(["accept", str(case.folder), "--artifact", str(case.artifact), "--key", str(case.public)]) == 1
    assert not (buyer / ".licscan" / "licscan.db").exists()


def test_the_buyers_policy_counts(
    clean: Case, buyer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (buyer / "licscan.toml").write_text(
        '[[surface]]\nname = "portal"\ndeployment = "on-premise"\n[policy]\ndeny = ["Apache-2.0"]\n'
    )
    monkeypatch.chdir(buyer)
    assert run(["accept", str(clean.folder), "--artifact", str(clean.artifact), "--key", str(clean.public)]) == 1
    assert "pack-3" in capsys.readouterr().out


def test_another_tool_for_dsse_and_in_toto_reads_it(clean: Case) -> None:
    """The envelope is one that securesystemslib verifies by itself, and the statement has in-toto's fields."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    found = Envelope.from_dict(json.loads((clean.folder / "delivery.dsse.json").read_text()))
    key = SSlibKey.from_crypto(load_pem_public_key(clean.public.read_bytes()))
    assert found.verify([key], 1)
    statement = json.loads(found.payload)
    assert (found.payload_type, statement["_type"]) == (
        "application/vnd.in-toto+json",
        "https://in-toto.io/Statement/v1",
    )
    assert statement["subject"] == [
        {"name": clean.artifact.name, "digest": {"sha256": hashlib.sha256(clean.artifact.read_bytes()).hexdigest()}}
    ]
    named = {one["name"]: one["digest"]["sha256"] for one in statement["predicate"]["references"]}
    files = {path: data for path, data in files_of(clean.folder).items() if path != "delivery.dsse.json"}
    assert named == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    assert all(one["mediaType"] and one["downloadLocation"] for one in statement["predicate"]["references"])


def test_a_folder_and_a_file_are_artifacts_of_one_delivery(
    supplier: Path, buyer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = key_pair(supplier, 5)
    folder = supplier / "image"
    shutil.copytree(supplier / "project" / "node_modules", folder / "node_modules")
    shutil.rmtree(folder / "node_modules" / "tool")
    assert deliver(supplier, "chat.zip", "annex", str(folder), "--key", str(private)) == 0
    lines = sorted(f"{hashlib.sha256(data).hexdigest()}  {path}\n".encode() for path, data in files_of(folder).items())
    listed = b"".join(sorted(lines, key=lambda line: line[66:]))
    statement = (supplier / "annex" / "delivery.json").read_text()
    assert hashlib.sha256(listed).hexdigest() in statement
    monkeypatch.chdir(buyer)
    words = ["accept", str(supplier / "annex"), "--key", str(public), "--artifact", str(supplier / "chat.zip")]
    assert run(words) == 2
    assert "image was not checked" in capsys.readouterr().out
    assert run([*words, "--artifact", str(folder)]) == 0
    (folder / "node_modules" / "extra.txt").write_text("x")
    capsys.readouterr()
    assert run([*words, "--artifact", str(folder)]) == 1
    assert "image is not the artifact of the delivery" in capsys.readouterr().out


def test_decisions_that_cover_findings_are_in_it(supplier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = supplier / "project"
    for name in ("package-lock.json", "node_modules/pack-1/package.json"):
        path = root / name
        path.write_text(path.read_text().replace('"ISC"', '"LicenseRef-house"'))
    (root / "node_modules/pack-1/LICENSE").write_text("House terms: ask us before you use this.\n")
    assert deliver(supplier, "chat.zip", "before") != 0
    open_before = json.loads((supplier / "before" / "open-points.json").read_text())["points"]
    found = {point["code"] for point in open_before if point["source"] == "scan" and "pack-1" in point["component"]}
    assert found
    rows = [
        {"finding": code, "package": "pkg:npm/pack-1", "decision": "accept", "why": "contract 7"}
        for code in sorted(found)
    ]
    (supplier / "decisions.json").write_text(json.dumps(rows))
    assert run(["review", "--from", str(supplier / "decisions.json"), "--by", "Ada"]) == 0
    assert run(["scan", "--offline"]) in (0, 1, 2)
    deliver(supplier, "chat.zip", "after", "--anyway")
    told = json.loads((supplier / "after" / "decisions.json").read_text())
    assert told["head"] == told["decisions"][-1]["digest"]
    assert {one["code"] for one in told["decisions"]} == found
    assert {one["who"] for one in told["decisions"]} == {"Ada"}
    points = json.loads((supplier / "after" / "open-points.json").read_text())["points"]
    assert not [
        one for one in points if one["source"] == "scan" and one["code"] in found and "pack-1" in one["component"]
    ]


def test_source_that_is_owed_is_offered(supplier: Path) -> None:
    root = supplier / "project"
    for name in ("package-lock.json", "node_modules/pack-1/package.json"):
        path = root / name
        path.write_text(path.read_text().replace('"ISC"', '"MPL-2.0"'))
    (root / "node_modules/pack-1/LICENSE").unlink()
    deliver(supplier, "chat.zip", "annex", "--contact", "legal@acme.example", "--anyway")
    offers = json.loads((supplier / "annex" / "source-offers.json").read_text())
    assert offers["contact"] == "legal@acme.example"
    assert {(one["name"], one["duty"]) for one in offers["offers"]} == {("pack-1", "source-file")}
    duties = json.loads((supplier / "annex" / "duties.json").read_text())["duties"]
    assert {one["name"]: one["state"] for one in duties}["source-file"] == "met"
    assert {one["state"] for one in duties} <= {"met", "open", "person"}


def test_open_points_of_the_supplier_are_told_in_the_language_of_the_buyer(
    supplier: Path, buyer: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(supplier, "chat.zip", "annex", "--creator", "Acme Ltd")
    place = supplier / "annex" / "open-points.json"
    document = json.loads(place.read_text())
    sentence = "left is required, but its version is unknown."
    row = {"component": "pkg:npm/left", "verdict": "cannot-tell", "code": "x", "source": "scan", "sentence": sentence}
    document["points"] = [row, {**row, "component": "pkg:npm/other", "sentence": "Written by hand."}]
    place.write_text(json.dumps(document))
    monkeypatch.chdir(buyer)
    capsys.readouterr()
    run(["accept", str(supplier / "annex"), "--format", "json"])
    told = [one["sentence"] for one in json.loads(capsys.readouterr().out)["checks"] if one["area"] == "open-points"]
    assert {"en": f"pkg:npm/left: {sentence}", "zh": "pkg:npm/left: left 是所需的依赖，但其版本未知。"} in told
    assert {"en": "pkg:npm/other: Written by hand.", "zh": "pkg:npm/other: Written by hand."} in told


def test_the_threshold_counts_what_is_allowed_as_in_a_scan() -> None:
    """A finding that stands in nobody's way by itself stops where the buyer's threshold makes it count."""
    allowed = said(_POLICY[Verdict.OK], what="left is allowed.")
    assert Acceptance("d", Facts(), (allowed,)).verdict is Verdict.VIOLATION
    assert said(_POLICY[Verdict.CANNOT_TELL], what="x").kind.verdict is Verdict.CANNOT_TELL
