"""CONTRIBUTING.md says what is true: its commands, its names and its hooks exist."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
HOOKS = ROOT / ".pre-commit-config.yaml"
PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent))
TOOLS = {"python", "pip", "pre-commit"}


def commands() -> list[list[str]]:
    """Every command of the shell blocks, split at `&&`."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [shlex.split(part) for block in blocks for line in block.splitlines() for part in line.split("&&")]


def test_the_commands_exist() -> None:
    assert len(commands()) >= 9
    for program, *words in commands():
        assert program == "python3" or program.removeprefix(".venv/bin/") in TOOLS, program
        scripts = [word for word in words if word.startswith(("scripts/", "tests/"))]
        assert all((ROOT / script).is_file() for script in scripts), scripts
        if "-m" in words and words[words.index("-m") + 1] != "not slow":
            assert find_spec(words[words.index("-m") + 1]), words


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`python -m ([\w.]+)[^`]*`", PAGE))))
def test_the_modules_that_are_run_exist(line: str) -> None:
    assert find_spec(line)


def test_the_names_in_the_code_exist() -> None:
    for name, file in (
        ("assert_linear", "tests/growth.py"),
        ("RULES", "licscan/judge/rules.py"),
        ("FORMATS", "licscan/sbom/read/__init__.py"),
        ("_READERS", "licscan/verify/inside/__init__.py"),
        ("HOSTILE", "tests/verify/test_inside.py"),
        ("Builder", "licscan/resolve/builder.py"),
        ("Case", "licscan/judge/case.py"),
    ):
        assert name in PAGE
        text = (ROOT / file).read_text()
        assert re.search(rf"^(?:def |class )?{name}\b", text, re.MULTILINE), f"{file} has no {name}"


def test_the_extras_and_the_marker_exist() -> None:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    asked = re.search(r"'\.\[([\w,]+)\]'", PAGE)
    assert asked is not None
    assert set(asked[1].split(",")) <= set(parser["options.extras_require"])
    assert "pytest-xdist" in parser["options.extras_require"]["test"]
    markers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["markers"]
    assert [marker.partition(":")[0] for marker in markers] == ["slow"]


def test_the_hooks_come_from_the_virtual_environment_alone() -> None:
    text = HOOKS.read_text()
    assert "://" not in text
    assert set(re.findall(r"repo: (.*)", text)) == {"local"}
    assert set(re.findall(r"language: (.*)", text)) == {"system"}
    entries = re.findall(r"entry: (\S+) ?(.*)", text)
    assert {program for program, _words in entries} == {f".venv/bin/{name}" for name in ("ruff", "mypy", "licscan")}
    assert ("hook" in dict(entries)[".venv/bin/licscan"]) is True


@pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")
def test_the_hooks_are_ones_that_pre_commit_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path))
    done = subprocess.run([str(PRE_COMMIT), "validate-config", str(HOOKS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
