from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from licscan.cli import run

SHOP = {"name": "shop", "version": "1.0.0", "license": "LicenseRef-Shop", "dependencies": {"left": "^2.0.0"}}


def lock(*packages: tuple[str, str, str | None]) -> str:
    """A package-lock of a project that needs the first package, which needs the others; with version and license."""
    entries: dict[str, object] = {"": SHOP}
    below = {name: "*" for name, _version, _license in packages[1:]}
    for number, (name, version, license_id) in enumerate(packages):
        entries[f"node_modules/{name}"] = {
            "version": version,
            "resolved": f"https://registry.npm.example/{name}/-/{name}-{version}.tgz",
            **({"license": license_id} if license_id else {}),
            **({"dependencies": below} if below and not number else {}),
        }
    return json.dumps({"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": entries}, indent=1)


@dataclass
class Repo:
    """A repository in which commits are prepared, and the hook asked."""

    top: Path
    capsys: pytest.CaptureFixture[str]

    def git(self, *words: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "protocol.file.allow=always")
        done = subprocess.run(
            ["git", *who, *words], cwd=self.top, capture_output=True, text=True, errors="replace", check=False,
            env={**os.environ, **environment},
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done

    def write(self, path: str, content: str | bytes) -> None:
        place = self.top / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())

    def stage(self, path: str, content: str | bytes) -> None:
        self.write(path, content)
        self.git("add", "-f", "--", path)

    def commit(self) -> None:
        self.git("commit", "-qm", "a commit", "--no-verify")

    def hook(self, *words: str) -> tuple[int, str]:
        """The exit status, and all that is printed."""
        self.capsys.readouterr()
        status = run(["hook", *words])
        said = self.capsys.readouterr()
        return status, said.out + said.err


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repo:
    """An empty repository, which is the working folder; git reads no settings of the user."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    top = tmp_path / "shop"
    top.mkdir()
    made = Repo(top, capsys)
    made.git("init", "-q", "-b", "main")
    monkeypatch.chdir(top)
    return made


@pytest.fixture
def shop(repo: Repo) -> Repo:
    """A project with one package under MIT, committed."""
    repo.stage("package.json", json.dumps(SHOP))
    repo.stage("package-lock.json", lock(("left", "2.0.0", "MIT")))
    repo.stage("main.js", "1\n")
    repo.commit()
    return repo
