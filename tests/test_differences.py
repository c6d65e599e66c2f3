"""What differs between two states, and the commands that say it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.cli import run
from licscan.compare.differences import Differences, Package, State, compare, state_of
from licscan.compare.fingerprint import versionless
from licscan.export import differences
from licscan.model import Severity
from licscan.store import save, scans
from tests.factories import COPYLEFT, LEFT, rich_scan, synthetic_scan

MANIFEST = {"name": "chat", "version": "1.0.0", "license": "MIT", "private": True}


def lock(**packages: tuple[str, str]) -> str:
    """A lock of npm: version and license by name."""
    entries: dict[str, Any] = {"": {**MANIFEST, "dependencies": dict.fromkeys(packages, "*")}}
    for name, (version, license_id) in packages.items():
        entries[f"node_modules/{name}"] = {"version": version, "license": license_id}
    return json.dumps({"name": "chat", "version": "1.0.0", "lockfileVersion": 3, "packages": entries}, indent=1)


def git(folder: Path, *arguments: str) -> str:
    """The answer of git."""
    names = ("-c", "user.name=n", "-c", "user.email=e@mail.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *names, *arguments], cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout.strip()


def written(folder: Path, **packages: tuple[str, str]) -> None:
    """A project with these packages."""
    folder.mkdir(exist_ok=True, parents=True)
    manifest = {**MANIFEST, "dependencies": dict.fromkeys(packages, "*")}
    (folder / "package.json").write_text(json.dumps(manifest))
    (folder / "package-lock.json").write_text(lock(**packages))


OLD = {"left": ("1.0.0", "MIT"), "gone": ("1.0.0", "ISC"), "swapped": ("1.0.0", "MIT"), "same": ("9.9.0", "MIT")}
NEW = {"left": ("1.10.0", "MIT"), "came": ("2.0.0", "Apache-2.0"), "swapped": ("1.0.1", "GPL-3.0-only"),
       "same": ("9.9.0", "MIT")}  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits of a project in a folder of a repository."""
    folder = tmp_path / "repo" / "chat"
    written(folder, **OLD)
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-qm", "one")
    written(folder, **NEW)
    git(folder.parent, "commit", "-qam", "two")
    monkeypatch.chdir(folder)
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Exit status and JSON of one command."""
    capsys.readouterr()
    status = run([*arguments, "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def names(found: dict[str, Any]) -> dict[str, list[str]]:
    """The names in each list of a difference."""
    told = {key: [one["name"] for one in found[key]] for key in ("added", "removed")}
    return told | {key: [pair["new"]["name"] for pair in found[key]] for key in ("changed", "relicensed")}


EXPECTED = {"added": ["came"], "removed": ["gone"], "changed": ["left", "swapped"], "relicensed": ["swapped"]}


def test_two_revisions(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = git(repository, "status", "--porcelain=v2", "--branch")
    status, found = said(capsys, "diff", "rev:HEAD~1", "rev:HEAD", "--offline", "--fail-on", "new")
    assert names(found) == EXPECTED
    assert [one["code"] for one in found["findings"]["new"] if one["counts"]] == ["license-conflict"]
    assert status == 1
    assert git(repository, "status", "--porcelain=v2", "--branch") == before
    assert not (repository / ".licscan").exists()


def test_a_revision_and_a_scan(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["scan", "--offline", "-q", "."])
    status, found = said(capsys, "diff", "rev:HEAD~1", "latest", "--offline")
    assert names(found) == EXPECTED
    assert status == 0
    _status, found = said(capsys, "diff", "rev:HEAD", "latest", "--offline")
    assert names(found) == {key: [] for key in EXPECTED}
    assert found["findings"] == {"new": [], "gone": []}


def test_a_revision_knows_what_a_scan_has_read(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, (version, _license) in NEW.items():
        package = repository / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"name": name, "version": version, "license": "0BSD"}))
    run(["scan", "--offline", "-q", "."])
    _status, found = said(capsys, "diff", "rev:HEAD", "latest", "--offline")
    assert found["relicensed"] == []


def test_scans_and_history(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = git(repository, "rev-parse", "HEAD")
    written(repository, **OLD)
    run(["scan", "--offline", "-q", "."])
    written(repository, **NEW)
    run(["scan", "--offline", "-q", "."])
    status, found = said(capsys, "diff", "--fail-on", "relicensed")
    assert (status, names(found)) == (1, EXPECTED)
    assert said(capsys, "diff", "1", "2")[1] == said(capsys, "diff")[1]
    _status, rows = said(capsys, "history")
    assert [(row["scan"], row["revision"]) for row in rows] == [(2, head), (1, f"{head}+")]
    assert rows[1]["changes"] is None
    assert rows[0]["changes"]["relicensed"] == 1
    assert [row["scan"] for row in said(capsys, "history", "--limit", "1")[1]] == [2]
    assert said(capsys, "history", "--limit", "1")[1][0]["changes"] is not None


def test_a_scan_runs_nothing_that_the_repository_configures(repository: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    git(repository, "config", "filter.x.clean", f"touch {ran}; cat")
    git(repository, "config", "core.fsmonitor", f"touch {ran}; false")
    (repository / ".gitattributes").write_text("* filter=x\n")
    lockfile = repository / "package-lock.json"
    lockfile.write_text(lockfile.read_text() + "\n")
    run(["scan", "--offline", "-q", "."])
    run(["diff", "rev:HEAD~1", "rev:HEAD", "--offline"])
    assert not ran.exists()
    assert scans(repository / ".licscan" / "licscan.db")[-1].revision.endswith("+")


def test_an_sbom(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["scan", "--offline", "-q", "."])
    run(["sbom", "--output", "bom.cdx.json"])
    _status, found = said(capsys, "diff", "bom.cdx.json", "latest")
    assert names(found) == {key: [] for key in EXPECTED}
    assert found["old"]["verdict"] is None
    _status, found = said(capsys, "diff", "rev:HEAD~1", "bom.cdx.json", "--offline")
    assert names(found) == EXPECTED


@pytest.mark.parametrize("asked", ["99", "previous", "nowhere.json", "rev:nothing", "rev:--all", "rev:", "rev:a\nb"])
def test_what_is_not_there_is_said_in_one_line(
    repository: Path, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    run(["scan", "--offline", "-q", "."])
    capsys.readouterr()
    assert run(["diff", asked, "latest"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("licscan: ")
    assert error.count("\n") == 1


def test_a_revision_outside_of_git(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "plain", **OLD)
    assert run(["diff", "rev:HEAD", "rev:HEAD", "--project", str(tmp_path / "plain")]) == 2
    assert "is not in a git work tree" in capsys.readouterr().err


def test_the_first_scan_has_no_previous(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, **OLD)
    save(rich_scan(), tmp_path / "s.db")
    assert run(["diff", "--project", str(tmp_path), "--db", str(tmp_path / "s.db")]) == 2
    assert "is not a stored scan" in capsys.readouterr().err


def test_the_revision_is_stored(tmp_path: Path) -> None:
    save(rich_scan(), tmp_path / "s.db", revision="abc")
    save(rich_scan(), tmp_path / "s.db")
    assert [row.revision for row in scans(tmp_path / "s.db")] == ["abc", ""]


def test_a_louder_finding_is_new() -> None:
    scan = rich_scan()
    quiet = replace(scan, findings=(replace(scan.findings[0], severity=Severity.NOTE),))
    found = compare(state_of(quiet, "a"), state_of(replace(scan, findings=scan.findings[:1]), "b"))
    assert [(one.before, one.finding.severity) for one in found.new] == [(Severity.NOTE, Severity.ERROR)]
    assert not compare(found.new_state, found.old).new


def test_a_waiver_that_ended_makes_its_finding_new() -> None:
    scan = rich_scan()
    waived = scan.findings[-1]
    assert waived.waiver
    ended = replace(scan, findings=(*scan.findings[:-1], replace(waived, waiver="")))
    found = compare(state_of(scan, "a"), state_of(ended, "b"))
    assert [one.finding.code for one in found.new] == [waived.code]


def test_an_expression_said_otherwise_is_the_same() -> None:
    old = State("a", (Package("pkg:npm/a@1", "a", "1", "MIT OR Apache-2.0"),))
    new = State("b", (Package("pkg:npm/a@1", "a", "1", "apache-2.0 OR (MIT)"),))
    assert compare(old, new).relicensed == ()


PACKAGES = st.lists(
    st.builds(
        lambda name, version, license_id: Package(f"pkg:npm/{name}@{version}", name, version, license_id),
        st.sampled_from("abc"), st.sampled_from(["1.9.0", "1.10.0", "2.0.0", ""]),
        st.sampled_from(["MIT", "ISC", "NOASSERTION", ""]),
    ), unique_by=lambda one: one.purl, max_size=8,
)  # fmt: skip


@given(PACKAGES, PACKAGES)
def test_every_package_is_accounted_for_once(old: list[Package], new: list[Package]) -> None:
    found = compare(State("a", tuple(old)), State("b", tuple(new)))
    kept = {one.purl for one in old} & {one.purl for one in new}
    assert sorted(one.purl for one in old) == sorted(
        [*kept, *(one.purl for one in found.removed), *(a.purl for a, _b in found.changed)]
    )
    assert sorted(one.purl for one in new) == sorted(
        [*kept, *(one.purl for one in found.added), *(b.purl for _a, b in found.changed)]
    )
    assert all(versionless(a.purl) == versionless(b.purl) and a != b for a, b in found.changed)
    back = compare(State("b", tuple(new)), State("a", tuple(old)))
    assert (back.added, back.removed) == (found.removed, found.added)
    assert compare(State("a", tuple(old)), State("a", tuple(old[::-1]))).changed == ()


def rich_difference() -> Differences:
    """Something in every list, with a hostile name."""
    scan = synthetic_scan(40)
    hostile = "x|`<script>\x1b[2J\n::error::"
    old = state_of(replace(scan, findings=scan.findings[2:]), "a|b")
    packages = (*old.packages[3:], Package("pkg:npm/x@1", hostile, "1", hostile))
    changed = tuple(replace(one, purl=f"{one.purl}9", license="GPL-3.0-only") for one in packages[:2])
    new = replace(state_of(scan, "new"), packages=(*changed, *packages[2:]))
    return compare(old, new)


def test_the_formats_say_the_same() -> None:
    found = rich_difference()
    lists = (found.added, found.removed, found.changed, found.relicensed, found.new)
    assert all(lists)
    document = json.loads(differences.to_json(found))
    assert len(document["added"]) == len(found.added)
    for text in (differences.to_text(found), differences.to_markdown(found)):
        assert "\x1b" not in text
        assert not any(line.startswith("::") for line in text.splitlines())
        assert f"({len(found.removed)})" in text
    assert differences.to_markdown(found).count("\n| ---") == 6 - (not found.gone)


def test_nothing_differs() -> None:
    state = state_of(rich_scan(), "a")
    assert "Nothing differs." in differences.to_text(compare(state, state))
    assert {one.purl for one in state.packages} >= {LEFT, COPYLEFT}
