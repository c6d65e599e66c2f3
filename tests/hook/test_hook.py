"""`licscan hook` in repositories: what is compared, what counts, what is said."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from licscan.config import parse_config
from tests.hook.conftest import SHOP, Repo, lock

BAD = lock(("left", "2.1.0", "BUSL-1.1"))
GOOD = lock(("left", "2.1.0", "MIT"))
WAIVER = re.compile(r"^    (\[\[waiver\]\]|\w+ = .*)$", re.MULTILINE)


def waiver_of(said: str) -> str:
    """The lines of licscan.toml that the hook proposes."""
    return "\n".join(WAIVER.findall(said)) + "\n"


def test_a_commit_without_anything_relevant_is_passed_in_silence(shop: Repo) -> None:
    shop.stage("main.js", "2\n")
    assert shop.hook() == (0, "")


def test_the_first_commit_is_held_against_nothing(repo: Repo) -> None:
    repo.stage("package.json", json.dumps(SHOP))
    repo.stage("package-lock.json", BAD)
    status, said = repo.hook()
    assert status == 1
    assert "left 2.1.0 (new): BUSL-1.1" in said


def test_a_bad_bump_says_what_comes_from_where_and_what_helps(shop: Repo) -> None:
    shop.stage("package-lock.json", BAD)
    status, said = shop.hook()
    assert status == 1
    assert "left 2.1.0 (before: 2.0.0): MIT -> BUSL-1.1" in said
    assert "[license-conflict]" in said
    assert "[license-drift] left 2.1.0 is not licensed as 2.0.0 was: The license was MIT" in said
    assert "needed by: shop" in said
    assert "remedy: " in said


def test_a_good_bump_passes(shop: Repo) -> None:
    shop.stage("package-lock.json", GOOD)
    status, said = shop.hook()
    assert (status, said.count("\n")) == (0, 1)
    assert "Licenses: MIT. OK." in said


def test_what_an_installation_would_answer_is_not_offered_for_waiving(shop: Repo) -> None:
    shop.stage("package-lock.json", lock(("left", "2.0.0", "MIT"), ("mystery", "1.0.0", None)))
    status, said = shop.hook()
    assert status == 2
    assert "mystery 1.0.0 is not installed here; offline, no registry was asked." in said
    assert "Install them first" in said
    assert "[[waiver]]" not in said
    assert "what helps" not in said, "it is said once"
    assert "OK" not in shop.hook("--unknown", "pass")[1]


def test_what_was_there_before_is_not_judged_again(shop: Repo) -> None:
    shop.stage("package-lock.json", BAD)
    shop.commit()
    shop.stage("package-lock.json", lock(("left", "2.1.0", "BUSL-1.1"), ("right", "1.0.0", "MIT")))
    status, said = shop.hook()
    assert status == 0, said
    assert "1 package is added" in said


def test_the_waiver_that_is_proposed_lets_the_commit_pass(shop: Repo) -> None:
    shop.stage("package-lock.json", BAD)
    waiver = waiver_of(shop.hook()[1])
    assert {entry["finding"] for entry in tomllib.loads(waiver)["waiver"]} == {"license-conflict", "license-drift"}
    shop.write("licscan.toml", waiver)
    assert shop.hook()[0] == 1, "a waiver that is not staged does not count"
    shop.git("add", "licscan.toml")
    assert shop.hook()[0] == 0


def test_the_index_counts_and_not_the_work_tree(shop: Repo) -> None:
    shop.stage("package-lock.json", BAD)
    shop.write("package-lock.json", GOOD)
    assert shop.hook()[0] == 1
    shop.git("add", "package-lock.json")
    shop.write("package-lock.json", BAD)
    assert shop.hook()[0] == 0


def test_a_lock_that_goes_brings_nothing(shop: Repo) -> None:
    shop.git("rm", "-q", "package-lock.json", "package.json")
    assert shop.hook()[0] == 0


def test_a_lock_that_moves_is_no_news(shop: Repo) -> None:
    (shop.top / "web").mkdir()
    shop.git("mv", "package.json", "package-lock.json", "web/")
    status, said = shop.hook()
    assert status == 0, said
    assert "0 packages are added or changed" in said


def test_what_becomes_shipped_is_looked_at(repo: Repo) -> None:
    entries = json.loads(lock(("left", "2.0.0", "GPL-3.0-only")))
    entries["packages"][""]["devDependencies"] = entries["packages"][""].pop("dependencies")
    entries["packages"]["node_modules/left"]["dev"] = True
    repo.stage("package-lock.json", json.dumps(entries))
    assert repo.hook()[0] == 0
    repo.commit()
    repo.stage("package-lock.json", lock(("left", "2.0.0", "GPL-3.0-only")))
    assert repo.hook()[0] == 1


def test_a_merge_brings_only_what_no_parent_has(shop: Repo) -> None:
    shop.git("checkout", "-qb", "other")
    shop.stage("package-lock.json", BAD)
    shop.commit()
    shop.git("checkout", "-q", "main")
    shop.stage("package-lock.json", lock(("left", "2.0.1", "MIT")))
    shop.commit()
    assert shop.git("merge", "other", check=False).returncode == 1
    shop.stage("package-lock.json", BAD)
    assert shop.hook()[0] == 0
    shop.stage("package-lock.json", lock(("left", "2.1.0", "BUSL-1.1"), ("deep", "1.0.0", "GPL-3.0-only")))
    status, said = shop.hook()
    assert status == 1
    assert "1 package is added" in said
    assert "deep 1.0.0 (new): GPL-3.0-only" in said


def test_a_worktree_has_an_index_of_its_own(shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.git("worktree", "add", "-q", "../second")
    second = Repo(shop.top.parent / "second", shop.capsys)
    second.stage("package-lock.json", BAD)
    assert shop.hook()[0] == 0
    monkeypatch.chdir(second.top)
    assert second.hook()[0] == 1


def test_another_index_is_the_one_that_counts(shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    index = str(shop.top / ".git" / "partial")
    shop.write("package-lock.json", BAD)
    shop.git("read-tree", "HEAD", GIT_INDEX_FILE=index)
    shop.git("add", "package-lock.json", GIT_INDEX_FILE=index)
    monkeypatch.setenv("GIT_INDEX_FILE", str(shop.top / ".git" / "index"))
    assert shop.hook()[0] == 0
    monkeypatch.setenv("GIT_INDEX_FILE", index)
    assert shop.hook()[0] == 1


def test_two_commits_are_compared(shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.stage("package-lock.json", BAD)
    shop.commit()
    assert "judging the whole tree" in shop.hook()[1]
    assert shop.hook("--from", "HEAD~1", "--to", "HEAD")[0] == 1
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert shop.hook()[0] == 1


def test_one_commit_is_not_two(shop: Repo) -> None:
    assert shop.hook("--from", "HEAD")[0] == 2
    assert shop.hook("--from", "--output=x", "--to", "HEAD")[0] == 2
    assert shop.hook("--from", "nowhere", "--to", "HEAD")[0] == 2


def test_files_narrow_down(shop: Repo) -> None:
    shop.stage("package-lock.json", BAD)
    shop.stage("main.js", "2\n")
    assert shop.hook("main.js") == (0, "")
    assert shop.hook("package-lock.json", "main.js")[0] == 1


def test_what_nobody_can_know_offline_blocks_or_passes(repo: Repo) -> None:
    repo.stage("requirements.txt", "nobody-has-this==1.0\n")
    status, said = repo.hook()
    assert status == 2
    assert "nothing is known about: nobody-has-this 1.0" in said
    status, said = repo.hook("--unknown", "pass")
    assert status == 0
    assert "nothing is known about: nobody-has-this 1.0. Allowed to pass" in said
    repo.stage("licscan.toml", '[hook]\nunknown = "pass"\n')
    assert repo.hook()[0] == 0
    assert repo.hook("--unknown", "block")[0] == 2


def test_what_is_installed_is_known(repo: Repo) -> None:
    repo.stage("package.json", json.dumps(SHOP))
    repo.stage("package-lock.json", lock(("left", "2.1.0", None)))
    assert repo.hook()[0] == 2
    repo.write("node_modules/left/package.json", json.dumps({"name": "left", "version": "2.1.0", "license": "MIT"}))
    repo.write("node_modules/left/LICENSE", "SPDX-License-Identifier: MIT\n")
    status, said = repo.hook()
    assert (status, said.count("\n")) == (0, 1), said
    repo.write("node_modules/left/package.json", json.dumps({"name": "left", "version": "2.0.0", "license": "MIT"}))
    assert repo.hook()[0] == 2, "another version is installed"


def test_what_is_in_an_environment_is_known(repo: Repo) -> None:
    site = f".venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    repo.write(".venv/pyvenv.cfg", f"version = {sys.version_info[0]}.{sys.version_info[1]}.0\n")
    repo.write(f"{site}/some_thing-1.0.dist-info/METADATA", "Metadata-Version: 2.4\nName: some-thing\nVersion: 1.0\n"
               "License-Expression: AGPL-3.0-only\n\n")  # fmt: skip
    repo.stage("requirements.txt", "Some.Thing==1.0\n")
    status, said = repo.hook()
    assert status == 1
    assert "AGPL-3.0-only" in said


def test_a_text_in_an_installed_package_is_read(shop: Repo) -> None:
    shop.stage("package-lock.json", GOOD)
    shop.write("node_modules/left/package.json", json.dumps({"name": "left", "version": "2.1.0", "license": "MIT"}))
    text = "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General "
    text += "Public License as published by the Free Software Foundation, version 3 of the License.\n"
    shop.write("node_modules/left/LICENSE", text)
    status, said = shop.hook()
    assert status != 0
    assert "GPL-3.0-only" in said
    assert shop.hook("--no-texts")[0] == 0


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_font_needs_a_license_beside_it(repo: Repo) -> None:
    repo.stage("static/fonts/a.woff2", b"wOF2\0")
    status, said = repo.hook()
    assert status == 2
    assert "[source-unlicensed] static/fonts/a.woff2" in said
    repo.stage("static/fonts/a.woff2.license", "SPDX-License-Identifier: OFL-1.1\n")
    assert repo.hook()[0] == 0


def test_vendored_code_is_judged_by_its_header(repo: Repo) -> None:
    repo.stage("vendor/thing.js", "// SPDX-License-Identifier: GPL-3.0-only\n1\n")
    status, said = repo.hook()
    assert status == 1
    assert "GPL-3.0-only" in said
    repo.stage("vendor/thing.js", "// SPDX-License-Identifier: MIT\n1\n")
    assert repo.hook()[0] == 0


def test_the_project_s_own_license_is_watched(repo: Repo) -> None:
    repo.stage("LICENSE", "SPDX-License-Identifier: MIT\n")
    assert repo.hook()[0] == 0
    repo.commit()
    repo.stage("LICENSE", "SPDX-License-Identifier:   MIT\n\n")
    assert repo.hook()[0] == 0
    repo.stage("LICENSE", "SPDX-License-Identifier: BUSL-1.1\n")
    status, said = repo.hook()
    assert status == 2
    assert "the license text was MIT and is now BUSL-1.1" in said
    repo.git("rm", "-qf", "LICENSE")
    assert "the license text (MIT) was removed" in repo.hook()[1]


def test_a_waiver_of_a_file_has_its_name(repo: Repo) -> None:
    repo.stage('vendor/a "quoted" one.js', "1\n")
    waiver = waiver_of(repo.hook()[1])
    assert parse_config(waiver, "x").waivers[0].files == ('vendor/a "quoted" one.js',)
    repo.stage("licscan.toml", waiver)
    assert repo.hook()[0] == 0


@pytest.mark.skipif(sys.platform == "darwin", reason="names there are Unicode")
def test_names_of_odd_bytes_are_said_and_stop_nothing(shop: Repo) -> None:
    names = [
        b"fonts/\xff\xfe.ttf",
        b"fonts/a\nb.ttf",
        b"fonts/\x1b[31m.ttf",
        b"\xff/package-lock.json",
        b"a\tb/yarn.lock",
    ]
    for name in names:
        path = os.path.join(os.fsencode(shop.top), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(os.fsdecode(path)).write_bytes(BAD.encode() if name.endswith(b".json") else b"")
    shop.git("add", "-f", ".")
    status, said = shop.hook()
    assert status in (1, 2)
    assert "\x1b" not in said
    assert said.count("[source-unlicensed]") == 3


def test_a_pointer_of_lfs_is_no_lock(shop: Repo) -> None:
    shop.stage("package-lock.json", "version https://git-lfs.example/spec/v1\noid sha256:00\nsize 3\n")
    status, said = shop.hook()
    assert status == 2
    assert "Git LFS pointer" in said


def test_a_link_in_the_place_of_a_lock_is_not_followed(shop: Repo) -> None:
    (shop.top / "package-lock.json").unlink()
    (shop.top / "package-lock.json").symlink_to("/etc/passwd")
    shop.git("add", "package-lock.json")
    status, said = shop.hook()
    assert status in (0, 2)
    assert "root:" not in said


def test_a_damaged_lock_is_said(shop: Repo) -> None:
    shop.stage("package-lock.json", "{")
    status, said = shop.hook()
    assert status == 2
    assert "[input-unreadable] package-lock.json" in said


def test_a_manifest_that_leaves_its_lock_behind(shop: Repo) -> None:
    shop.stage("package.json", json.dumps(SHOP | {"dependencies": {"left": "^2.0.0", "more": "^1.0.0"}}))
    assert "[lock-out-of-date]" in shop.hook("--fail-on", "note")[1]


def test_a_submodule_is_named(shop: Repo) -> None:
    inner = Repo(shop.top.parent / "inner", shop.capsys)
    inner.top.mkdir()
    inner.git("init", "-q")
    inner.stage("a", "1")
    inner.commit()
    shop.git("submodule", "add", "-q", str(inner.top), "libs/inner")
    status, said = shop.hook("--fail-on", "note")
    assert status == 1
    assert "libs/inner: a submodule changed" in said
    assert shop.hook()[0] == 0


def test_nothing_of_the_repository_is_run(shop: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "filter.x.smudge",
        "filter.x.clean",
    ):
        shop.git("config", name, str(trap))
    shop.write(".gitattributes", "* diff=x filter=x\n")
    shop.write("package-lock.json", BAD)
    shop.git("-c", "core.fsmonitor=false", "-c", "filter.x.clean=cat", "add", ".")
    (tmp_path / "sprung").unlink(missing_ok=True)
    assert shop.hook()[0] == 1
    assert not (tmp_path / "sprung").exists()


def test_outside_of_a_repository(tmp_path: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, said = repo.hook()
    assert status == 2
    assert "is not in a git work tree" in said


def test_a_mistake_in_the_staged_settings_is_one_line(shop: Repo) -> None:
    shop.stage("licscan.toml", "[hok]\n")
    shop.stage("package-lock.json", GOOD)
    status, said = shop.hook()
    assert (status, said.count("\n")) == (2, 1)


def test_a_mistake_in_the_settings_alone_stops_the_commit(shop: Repo) -> None:
    shop.stage("licscan.toml", "[hok]\n")
    assert shop.hook()[0] == 2
    shop.stage("licscan.toml", "[hook]\n")
    assert shop.hook() == (0, "")


def test_new_pictures_are_named_and_pass(shop: Repo) -> None:
    shop.stage("static/a.png", b"")
    status, said = shop.hook()
    assert (status, said.count("\n")) == (0, 1)
    assert "1 new picture" in said


def test_what_is_left_out_of_scans_is_left_out_here(shop: Repo) -> None:
    shop.stage("licscan.toml", '[scan]\nexclude = ["examples/**"]\n')
    shop.stage("examples/package-lock.json", BAD)
    assert shop.hook() == (0, "")


# --- the stored scan --------------------------------------------------------------------------------------------------


def test_the_stored_scan_tells_what_was_before(repo: Repo) -> None:
    from licscan.cli import run

    repo.stage("package.json", json.dumps(SHOP))
    repo.stage("package-lock.json", lock(("left", "2.0.0", None)))
    repo.commit()
    repo.write("node_modules/left/package.json", json.dumps({"name": "left", "version": "2.0.0", "license": "MIT"}))
    run(["scan", "--offline", "--quiet"])
    repo.write(
        "node_modules/left/package.json", json.dumps({"name": "left", "version": "2.1.0", "license": "BUSL-1.1"})
    )
    repo.stage("package-lock.json", lock(("left", "2.1.0", None)))
    assert "left 2.1.0 (before: 2.0.0): MIT -> BUSL-1.1" in repo.hook()[1]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 200])
def test_a_damaged_database_tells_nothing(shop: Repo, content: bytes) -> None:
    shop.write(".licscan/licscan.db", content)
    shop.stage("package-lock.json", BAD)
    assert shop.hook()[0] == 1


# --- how fast ---------------------------------------------------------------------------------------------------------


def test_little_is_imported_before_something_matters(shop: Repo) -> None:
    shop.stage("main.js", "2\n")
    asked = "import sys; from licscan.cli import run; status = run(['hook']); print(status, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=shop.top, capture_output=True, text=True, check=True)
    status, *modules = done.stdout.split()
    heavy = {
        "rich",
        "requests",
        "sqlite_utils",
        "numpy",
        "sqlite3",
        "licscan.compose.scan",
        "licscan.judge",
        "licscan.law",
    }
    assert status == "0"
    assert not heavy & set(modules)


def test_nothing_heavy_is_imported_for_a_bump(shop: Repo) -> None:
    shop.stage("package-lock.json", BAD)
    asked = "import sys; from licscan.cli import run; status = run(['hook']); print(); print(status, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=shop.top, capture_output=True, text=True, check=True)
    status, *modules = done.stdout.splitlines()[-1].split()
    assert status == "1"
    assert not {"rich", "requests", "sqlite_utils", "numpy", "licscan.compose.scan", "licscan.inside"} & set(modules)
