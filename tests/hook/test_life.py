"""The whole life of the hook, with git and with the real pre-commit: install, commit, a bad bump, the fix, a waiver."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hook.conftest import SHOP, Repo, lock

pytestmark = pytest.mark.slow

BAD = lock(("left", "2.1.0", "BUSL-1.1"))
GOOD = lock(("left", "2.1.0", "MIT"))
ENTRY = f"{sys.executable} -m licscan hook"
PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or shutil.which("pre-commit")


def commit(repo: Repo, *words: str) -> subprocess.CompletedProcess[str]:
    return repo.git("commit", "-m", "a commit", *words, check=False)


def live(repo: Repo) -> None:
    """Commit after commit, the hook being installed."""
    repo.stage("package.json", json.dumps(SHOP))
    repo.stage("package-lock.json", lock(("left", "2.0.0", "MIT")))
    assert commit(repo).returncode == 0
    repo.stage("main.js", "1\n")
    assert commit(repo).returncode == 0

    repo.stage("package-lock.json", BAD)
    stopped = commit(repo)
    told = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1
    assert "left 2.1.0 (before: 2.0.0): MIT -> BUSL-1.1" in told
    assert repo.git("rev-list", "--count", "HEAD").stdout.strip() == "2"

    repo.stage("package-lock.json", GOOD)
    assert commit(repo).returncode == 0

    repo.stage("package-lock.json", lock(("left", "2.2.0", "BUSL-1.1")))
    stopped = commit(repo)
    lines = re.findall(r"^ +(\[\[waiver\]\]|\w+ = .*)$", stopped.stdout + stopped.stderr, re.MULTILINE)
    repo.write("licscan.toml", "\n".join(lines) + "\n")
    repo.git("add", "licscan.toml")
    assert commit(repo).returncode == 0
    assert repo.git("status", "--porcelain", "-uno").stdout == ""


def test_with_git_alone(repo: Repo) -> None:
    status, said = repo.hook("--install")
    assert (status, "pre-commit" in said) == (0, True)
    live(repo)
    repo.write("package-lock.json", lock(("left", "2.3.0", "GPL-3.0-only")))
    repo.write("main.js", "2\n")
    assert commit(repo, "--only", "main.js").returncode == 0, "git gives the hook the index of what is committed"
    assert commit(repo, "--only", "package-lock.json").returncode == 1


@pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")
def test_with_pre_commit(repo: Repo, own_cache: Path) -> None:
    hook = {
        "id": "licscan",
        "name": "licscan",
        "entry": ENTRY,
        "language": "system",
        "always_run": True,
        "pass_filenames": False,
    }
    repo.stage(".pre-commit-config.yaml", json.dumps({"repos": [{"repo": "local", "hooks": [hook]}]}))
    subprocess.run([str(PRE_COMMIT), "install"], cwd=repo.top, check=True, capture_output=True)
    live(repo)
    repo.stage("package-lock.json", lock(("left", "2.3.0", "GPL-3.0-only")))
    repo.write("package-lock.json", GOOD)
    assert commit(repo).returncode == 1, "what is not staged does not count"
    assert (repo.top / "package-lock.json").read_text() == GOOD


@pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")
def test_the_manifest_of_hooks_is_one_that_pre_commit_takes() -> None:
    manifest = Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml"
    done = subprocess.run(
        [str(PRE_COMMIT), "validate-manifest", str(manifest)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_installing_again_says_that_it_is_installed(repo: Repo) -> None:
    hook = repo.top / ".git/hooks/pre-commit"
    assert repo.hook("--install")[0] == 0
    written = hook.read_bytes()
    status, said = repo.hook("--install")
    assert (status, "already installed" in said, hook.read_bytes()) == (0, True, written)
    hook.write_text("#!/bin/sh\nexec /gone/python -m licscan hook\n")
    assert repo.hook("--install")[0] == 0
    assert hook.read_bytes() == written, "one with an interpreter that has moved is brought up to date"
    assert hook.stat().st_mode & 0o111
    hook.write_text("#!/bin/sh\nexec /gone/python -m licscan hook\necho more\n")
    assert repo.hook("--install")[0] == 2


def test_a_hook_that_is_there_is_left_alone(repo: Repo) -> None:
    repo.write(".git/hooks/pre-commit", "#!/bin/sh\n")
    status, said = repo.hook("--install")
    assert status == 2
    assert "left unchanged" in said
    assert (repo.top / ".git/hooks/pre-commit").read_text() == "#!/bin/sh\n"


def test_a_link_in_the_place_of_a_hook_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    (repo.top / ".git/hooks").mkdir(exist_ok=True)
    (repo.top / ".git/hooks/pre-commit").symlink_to(tmp_path / "elsewhere")
    assert repo.hook("--install")[0] == 2
    assert not (tmp_path / "elsewhere").exists()


def test_the_hook_goes_where_git_looks_for_it(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", "own hooks")
    assert repo.hook("--install")[0] == 0
    assert (repo.top / "own hooks/pre-commit").stat().st_mode & 0o111


def test_where_nothing_is_staged_the_tree_is_judged(repo: Repo) -> None:
    repo.stage("package-lock.json", lock(("left", "2.0.0", "AGPL-3.0-only")))
    repo.stage("package.json", json.dumps(SHOP))
    repo.commit()
    status, said = repo.hook()
    assert status == 1, "a run by hand, such as `pre-commit run --all-files`, is about the tree"
    assert "nothing is staged; judging the whole tree" in said
    assert "license-conflict" in said


def test_a_commit_of_git_that_stages_nothing_is_passed(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("package-lock.json", lock(("left", "2.0.0", "AGPL-3.0-only")))
    repo.commit()
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.top / ".git" / "index"))
    assert repo.hook() == (0, "")


@pytest.mark.parametrize("staged", ["readme.txt", "licscan.toml"])
@pytest.mark.parametrize("way", ["pre-commit", "--all-files"])
def test_by_hand_the_tree_is_judged_beside_what_is_staged(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, way: str, staged: str
) -> None:
    repo.stage("package-lock.json", lock(("left", "2.0.0", "AGPL-3.0-only")))
    repo.stage("package.json", json.dumps(SHOP))
    repo.commit()
    repo.stage(staged, "# nothing\n")
    assert repo.hook()[0] == 0, "what is staged is harmless"
    if way == "pre-commit":
        monkeypatch.setenv("PRE_COMMIT", "1")
    status, said = repo.hook(*([way] if way.startswith("--") else []))
    assert status == 1
    assert "judging the whole tree, not only what is staged" in said
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.top / ".git" / "index"))
    assert way == "--all-files" or repo.hook()[0] == 0, "a commit is about what it brings"


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_scan_and_hook_stop_for_the_same(repo: Repo, fail_on: str, status: int) -> None:
    repo.stage("package.json", json.dumps(SHOP))
    repo.commit()
    repo.write("node_modules/left/package.json", json.dumps({"name": "left", "version": "2.0.0", "license": "MIT"}))
    repo.stage("package-lock.json", lock(("left", "2.0.0", "MIT")))
    found, said = repo.hook("--fail-on", fail_on)
    assert found == status, said
    repo.commit()
    found, said = repo.hook("--fail-on", fail_on)
    assert found == status, said
    assert ("or higher among" in said) == bool(status)


def test_where_nothing_is_staged_and_nothing_is_there_nothing_is_judged(repo: Repo) -> None:
    repo.stage("readme.txt", "hello")
    repo.commit()
    status, said = repo.hook()
    assert status == 0
    assert "nothing to judge" in said


def test_as_json_the_tree_is_in_the_same_document(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("package-lock.json", lock(("left", "2.0.0", "AGPL-3.0-only")))
    repo.stage("package.json", json.dumps(SHOP))
    repo.commit()
    status, said = repo.hook("--format", "json")
    told = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert (status, told["gate"], told["tree"]["gate"]) == (1, "ok", "violation")
    (conflict,) = (one for one in told["tree"]["findings"] if one["code"] == "license-conflict")
    assert conflict["counts"]
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.top / ".git" / "index"))
    repo.stage("package-lock.json", GOOD)
    said = repo.hook("--format", "json")[1]
    assert json.loads(said[said.index("{") :])["tree"] is None, "a commit is about what it brings"
