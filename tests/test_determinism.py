"""Same input, same bytes: whatever the hash seed, the order of folders, the jobs, the current folder, or the store."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from licscan.base.errors import RegistryError
from licscan.clients import NpmConfig, PipConfig
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.export import EXPORTERS
from licscan.model import Claim, Component, EvidenceKind, Location, Origin, PackageFiles, Record, Scan
from licscan.registry import Registry
from licscan.store import load, stored
from tests.homes import move_in

pytestmark = pytest.mark.slow

CASES = Path(__file__).parent / "cases" / "resolve"
PARTS = {
    "npm": "package-lock.json/v3",
    "pnpm": "pnpm-lock.yaml/v9-pnpm-10",
    "yarn": "yarn.lock/berry-8-stale-and-odd",
    "poetry": "poetry.lock/groups-extras-and-forks-2.1",
    "uv": "uv.lock/workspace-forks-git-and-paths",
    "pip": "requirements.txt/every_form",
}
FORMATS = sorted(EXPORTERS)


@pytest.fixture(autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> None:
    """No caches and no settings of whoever runs the tests."""
    move_in(monkeypatch, tmp_path_factory.mktemp("home"), shared_index)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Six formats in one tree, an npm tree beside its lock, and a virtual environment."""
    root = tmp_path / "project"
    for folder, case in PARTS.items():
        shutil.copytree(CASES / case / "input", root / folder)
    lock = json.loads((root / "npm" / "package-lock.json").read_text())
    for place, entry in lock["packages"].items():
        if place.startswith("node_modules/") and not entry.get("link"):
            install_npm(root / "npm" / place, place.rpartition("node_modules/")[2], entry)
    site = root / "poetry" / ".venv" / "lib" / "python3.12" / "site-packages"
    (site.parents[2]).mkdir(parents=True)
    (site.parents[2] / "pyvenv.cfg").write_text("version = 3.12.1\n")
    for name, version, said in (
        ("anyio", "4.16.0", "License: MIT"),
        ("certifi", "2026.10.18", "License-Expression: MPL-2.0"),
        ("h11", "0.16.0", "Classifier: License :: OSI Approved :: MIT License"),
        ("stranger", "7", "License: BSD"),
    ):
        install_python(site, name, version, said)
    return root


def install_npm(folder: Path, name: str, entry: dict[str, Any]) -> None:
    """A package as npm unpacks it; some of their statements do not agree with the lock."""
    folder.mkdir(parents=True)
    manifest = {"name": entry.get("name", name), "version": entry.get("version"), "license": "BSD-3-Clause"}
    (folder / "package.json").write_text(json.dumps(manifest))
    for file in ("LICENSE", "LICENSE.md", "NOTICE", "src/COPYING"):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(f"{file} of {name}\n")


def install_python(site: Path, name: str, version: str, said: str) -> None:
    """A distribution as pip installs it."""
    folder = site / f"{name}-{version}.dist-info"
    (folder / "licenses").mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{said}\n")
    for file in ("LICENSE", "AUTHORS", "NOTICE.txt"):
        (folder / "licenses" / file).write_text(f"{file} of {name}\n")


def printed(result: Scan) -> dict[str, str | bytes]:
    return {name: EXPORTERS[name](result) for name in FORMATS}


def run(*arguments: str, cwd: Path, seed: str = "random") -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "licscan", "scan", "--offline", *arguments],
        capture_output=True,
        cwd=cwd,
        # the number and the moment of a scan are of its database and of the clock
        env={
            **os.environ,
            "SOURCE_DATE_EPOCH": "1800000000",
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
        check=False,
    )
    assert done.returncode in (1, 2), done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done.stdout


def test_the_project_is_worth_the_test(project: Path) -> None:
    result = scan(Options(paths=(project,), offline=True, archives=False))
    assert {i.format for i in result.inputs} >= {
        "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "poetry.lock", "uv.lock", "requirements.txt",
        "node_modules", "site-packages",
    }  # fmt: skip
    assert len(result.graph.components) > 80
    assert sum(bool(c.installed_at) for c in result.graph.components) > 15
    assert any(conclusion.disagreements for conclusion in result.conclusions)
    assert len({finding.code for finding in result.findings}) >= 5
    assert any("stranger@7" in problem.message for problem in result.problems)


def test_whatever_the_hash_seed(project: Path) -> None:
    files = {name: project.parent / f"made.{name}" for name in FORMATS}
    asked = [word for name, path in files.items() for word in ("--format", f"{name}={path}")]
    made = []
    for seed in "017":
        run(*asked, "--db", str(project.parent / f"{seed}.db"), str(project), cwd=project.parent, seed=seed)
        made.append({name: path.read_bytes() for name, path in files.items()})
    assert made[0] == made[1] == made[2]
    assert {name for name, data in made[0].items() if len(data) < 5_000} == set()


def test_whatever_the_working_directory(project: Path) -> None:
    ways = [
        (project, "."),
        (project.parent, "project"),
        (project / "npm", ".."),
        (project, str(project / "npm" / "..")),
    ]
    outputs = {
        run("--format", "json", "--db", str(project.parent / f"way{number}.db"), path, cwd=cwd)
        for number, (cwd, path) in enumerate(ways)
    }
    assert len(outputs) == 1


class Shuffled:
    """`os.scandir` in another order, still to be used with `with`."""

    def __init__(self, entries: list[os.DirEntry[str]]):
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def __enter__(self) -> Shuffled:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """There is nothing left open."""


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_order_of_folders(project: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    straight = printed(scan(Options(paths=(project,), offline=True, archives=False)))
    chance = random.Random(seed)
    scandir, listdir, walk = os.scandir, os.listdir, os.walk
    asked = []

    def shuffled_scandir(path: Any = ".") -> Shuffled:
        with scandir(path) as entries:
            found = list(entries)
        chance.shuffle(found)
        asked.append(path)
        return Shuffled(found)

    def shuffled_listdir(path: Any = ".") -> list[Any]:
        found = listdir(path)
        chance.shuffle(found)
        return found

    def shuffled_walk(*arguments: Any, **named: Any) -> Iterator[tuple[Any, list[Any], list[Any]]]:
        for folder, folders, files in walk(*arguments, **named):
            chance.shuffle(files)
            yield folder, folders, files

    monkeypatch.setattr(os, "scandir", shuffled_scandir)
    monkeypatch.setattr(os, "listdir", shuffled_listdir)
    monkeypatch.setattr(os, "walk", shuffled_walk)
    assert printed(scan(Options(paths=(project,), offline=True, archives=False))) == straight
    assert len(asked) > 10


class Settings:
    """The clients' settings that the locks of the project were made with."""

    pip = PipConfig(("https://pypi.example/simple/",))
    npm = NpmConfig("https://registry.npm.example/")


class SlowRegistry:
    """Answers after a while that is never the same, for some packages with an error."""

    def __init__(self) -> None:
        self.clients = Settings()
        self.asked: list[str] = []

    def known(self, components: Iterable[Component]) -> dict[str, PackageFiles]:
        """Nothing."""
        return {}

    def files(self, component: Component) -> PackageFiles:
        """A license by the name's length, or an error."""
        time.sleep(random.SystemRandom().uniform(0, 0.01))
        self.asked.append(component.purl)
        if len(component.name) % 5 == 0:
            raise RegistryError("is tired", path=component.name)
        raw = ("MIT", "BSD", "GPL-2.0", "Apache 2")[len(component.name) % 4]
        claim = Claim(EvidenceKind.DECLARED, "license", raw, Origin.REGISTRY, Location("package.json"))
        return PackageFiles(Origin.REGISTRY, f"https://registry.example/{component.name}", (claim,))

    def save(self) -> None:
        """Nothing to save."""


def test_whatever_the_jobs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = []
    for jobs in (1, 4, 16, 16):
        registry = SlowRegistry()
        monkeypatch.setattr(Registry, "of_user", lambda *_args, made=registry, **_named: made)
        outputs.append(printed(scan(Options(paths=(project,), jobs=jobs, archives=False))))
        assert len(registry.asked) > 30
    assert all(output == outputs[0] for output in outputs)
    assert "is tired" in str(outputs[0]["json"])


@pytest.mark.parametrize("name", FORMATS)
def test_a_stored_scan_prints_what_the_fresh_one_did(project: Path, tmp_path: Path, name: str) -> None:
    fresh = scan(Options(paths=(project,), offline=True, archives=False))
    database = tmp_path / "scans.db"
    kept = stored(fresh, database, Record(0, "", "0f" * 20, "https://git.example/a", (("path", "npm"),), "a b c"))
    assert kept.record is not None
    read = load(database, kept.record.number)
    assert read.record == kept.record
    assert EXPORTERS[name](read) == EXPORTERS[name](kept)
