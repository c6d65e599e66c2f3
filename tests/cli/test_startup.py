"""What every command line pays before its work begins, and how it fails."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from licscan import cli

HEAVY = ("requests", "requests_cache", "sqlite_utils", "rich", "licenselynx", "yaml_rs", "rtoml", "jsonschema")


def licscan(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "licscan", *arguments], capture_output=True, text=True, cwd=cwd, check=False
    )


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["scan", "--help"], ["init", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys; from licscan.cli import run; run({arguments!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "licscan.cli" in loaded
    assert not loaded & set(HEAVY)


UNASKED = (
    *("requests", "requests_cache", "urllib3", "jinja2", "numpy", "PIL", "pypdf", "sqlite_utils", "jsonschema"),
    *("http.client", "multiprocessing", "asyncio", "rich.progress", "licscan.artsets.recognition"),
    *("licscan.source.sources", "licscan.source.cache", "licscan.inside.wheels", "licscan.resolve.python.joining"),
    *("licscan.resolve.python.environments", "licscan.detect.engine", "licscan.report"),
)
"""What a scan has no use for where nothing is asked of a registry, and no text or picture is new."""


@pytest.mark.parametrize("arguments", [["scan", "--offline"], ["scan", "--offline", "-q"], ["scan"]])
def test_a_scan_imports_nothing_that_it_does_not_use(tmp_path: Path, arguments: list[str]) -> None:
    """An installed npm package with a license: the second scan, for which all is known, as one of thousands would."""
    inside = tmp_path / "node_modules" / "left"
    inside.mkdir(parents=True)
    (inside / "package.json").write_text('{"name": "left", "version": "1.0.0", "license": "MIT"}')
    (inside / "LICENSE").write_text("SPDX-License-Identifier: MIT\n")
    (tmp_path / "package.json").write_text(
        '{"name": "mine", "version": "1.0.0", "license": "MIT", "dependencies": {"left": "1.0.0"}}'
    )
    assert licscan("scan", "-q", cwd=tmp_path).returncode == 0
    code = (
        f"import sys; from licscan.cli import run; run({arguments!r}); print('MODULES', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    loaded = set(done.stderr.partition("MODULES ")[2].split())
    assert "licscan.compose.scan" in loaded
    assert sorted(loaded & set(UNASKED)) == []


def test_an_unknown_command_is_one_line_and_status_2() -> None:
    done = licscan("scam")
    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "meant"), [(["scna"], "'scan'"), (["exprot"], "'export'"), (["scan", "--ofline"], "'--offline'")]
)
def test_a_mistyped_word_is_told_what_it_may_mean(arguments: list[str], meant: str) -> None:
    assert f"Did you mean {meant}?" in licscan(*arguments).stderr


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["licscan", "ex"], ["export", "explain"]),
        (["licscan", "scan", "--off"], ["--offline"]),
        (["licscan", "scan", "--fail-on", "e"], ["error"]),
    ],
)
def test_a_shell_can_complete(monkeypatch: pytest.MonkeyPatch, words: list[str], completed: list[str]) -> None:
    monkeypatch.setenv("_LICSCAN_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert [line.partition(",")[2] for line in licscan().stdout.split()] == completed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan", "nowhere"], "nowhere: does not exist"),
        (["scan", "--jobs", "0"], "Invalid value for '--jobs'"),
        (["init", "nowhere"], "nowhere: is not a folder"),
    ],
)
def test_bad_input_is_status_2_without_a_traceback(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = licscan(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir()), "nothing is left behind"


def test_an_empty_folder_is_not_a_clean_project(tmp_path: Path) -> None:
    done = licscan("scan", str(tmp_path))
    assert done.returncode == 2
    assert "contains no manifest" in done.stderr


def test_init_writes_once_and_asks_before_replacing(tmp_path: Path) -> None:
    assert licscan("init", cwd=tmp_path).returncode == 0
    written = (tmp_path / "licscan.toml").read_text()
    (tmp_path / "licscan.toml").write_text("mine")
    again = licscan("init", cwd=tmp_path)
    assert again.returncode == 2
    assert "--force replaces it" in again.stderr
    assert (tmp_path / "licscan.toml").read_text() == "mine"
    assert licscan("init", "--force", cwd=tmp_path).returncode == 0
    assert (tmp_path / "licscan.toml").read_text() == written


def test_a_disk_without_room_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever was being written: it stands beside its place, and nothing is half there."""

    def full(*_given: object, **_named: object) -> None:
        try:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "there/it.db")
        except OSError as error:
            raise RuntimeError("not written") from error

    monkeypatch.setattr(cli.cli, "main", full)
    assert cli.run(["scan"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "there/it.db: no space left" in said
    assert "TMPDIR" in said
