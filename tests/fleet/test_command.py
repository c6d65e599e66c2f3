"""`licscan fleet` as people run it: ended at any moment and begun again, and equal to scans one by one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from licscan.cli import run
from licscan.fleet.space import Folder
from tests.fleet.made import project, states
from tests.homes import move_in
from tests.projects import CASES

HOW = ("--offline", "--no-texts", "--no-content")
LOCKS = ("package-lock.json/v3", "poetry.lock/groups-extras-and-forks-2.1", "uv.lock/workspace-forks-git-and-paths")


def findings(database: Path, folder: Path) -> list[Any]:
    """What is found, as JSON, without times and places."""
    out = folder / f"{database.stem}.json"
    assert run(["export", "--db", str(database), "--format", f"json={out}"]) == 0
    told = json.loads(out.read_text())
    return [told["findings"], told["components"]]


@pytest.fixture
def nobodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> None:
    """No caches and no settings of whoever runs the tests: another program may fill them meanwhile."""
    move_in(monkeypatch, tmp_path / "home", shared_index)


def alike(places: list[Path], tmp_path: Path, *how: str) -> None:
    store = str(tmp_path / "fleet")
    assert run(["fleet", "add", *map(str, places), "--store", store]) == 0
    run(["fleet", "scan", "--store", store, "--jobs", "1", "--quiet", *how])
    assert {status for status, _reason in states(Folder(Path(store))).values()} == {"current"}
    for number, place in enumerate(places):
        pulled, alone = tmp_path / f"pulled{number}.db", tmp_path / f"alone{number}.db"
        assert run(["fleet", "pull", str(place), "-o", str(pulled), "--store", store]) == 0
        run(["scan", str(place), "--db", str(alone), *how])
        assert findings(pulled, tmp_path) == findings(alone, tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("nobodys_home")
def test_the_examples_are_found_alike(tmp_path: Path) -> None:
    folder = tmp_path / "targets"
    for name in LOCKS:
        shutil.copytree(CASES / "resolve" / name / "input", folder / name.replace("/", "-"))
    shutil.copytree(CASES / "projects" / "messenger", folder / "messenger")
    alike(sorted(folder.iterdir()), tmp_path, "--offline", "--no-texts")


@pytest.mark.slow
@pytest.mark.usefixtures("nobodys_home")
def test_real_projects_are_found_alike(shared: Path, tmp_path: Path) -> None:
    places = sorted(one for one in (shared / "im" / "manifests").glob("*") if one.is_dir())
    if not places:
        pytest.skip("no real manifests here")
    # each is scanned twice: every other one of them has all kinds of manifests
    alike(places[::2], tmp_path, "--offline")


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = 40
    places = [str(project(tmp_path / "targets", f"p{number}")) for number in range(count)]
    space, store = Folder(tmp_path / "fleet"), str(tmp_path / "fleet")
    assert run(["fleet", "add", *places, "--store", store]) == 0
    command = [sys.executable, "-m", "licscan", "fleet", "scan", "--store", store, "--jobs", "1", *HOW]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)) as one:
        for _wait in range(6000):
            if one.poll() is not None or len(space.names("inbox")) >= 3:
                break
            time.sleep(0.02)
        one.send_signal(signal.SIGKILL)
    done = len(space.names("inbox"))
    assert done >= 3
    for _wait in range(6000):  # its workers end by themselves
        before, _slept = space.names("inbox"), time.sleep(0.5)
        if space.names("inbox") == before:
            break
    done = len(space.names("inbox"))
    capsys.readouterr()
    run(["fleet", "scan", "--store", store, "--jobs", "1", *HOW])
    said = capsys.readouterr().out
    assert f"{count - done} scanned, {done} unchanged, 0 failed" in said
    assert {status for status, _reason in states(space).values()} == {"current"}
    assert not space.names("inbox")
