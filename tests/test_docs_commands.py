"""The tutorials are run: every command in order, offline, in a copy of the sample, with status and key lines."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.homes import with_index

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PIECE = re.compile(r"(?:<!-- file: (\S+) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATUS = re.compile(r"\s+# exit (\d+)$")
NOW = "1795482000"
"""A day on which the decisions of the tutorial have not ended: 2026-11-24."""


@dataclass
class Walk:
    """A shell in a folder of its own, with the output of the last block."""

    folder: Path
    environment: dict[str, str]
    said: str = ""

    def run(self, block: str) -> None:
        """Each line of a block; a status other than the one beside it fails."""
        self.said = ""
        for line in block.splitlines():
            if line.startswith("export "):
                name, _is, value = line.removeprefix("export ").partition("=")
                self.environment[name] = value
            elif line.startswith("cd "):
                self.folder /= line.removeprefix("cd ")
            else:
                self.one(line)

    def one(self, line: str) -> None:
        """One command line."""
        expected = int(found[1]) if (found := STATUS.search(line)) else 0
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == expected, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        self.said += done.stdout + done.stderr


def walk_in(folder: Path, index: Path) -> Walk:
    """A folder that looks like the repository, with `licscan` on the path and caches of its own."""
    with_index(folder / "cache", index)
    (folder / "tests").symlink_to(ROOT / "tests")
    tools = folder / "tools"
    tools.mkdir()
    script = tools / "licscan"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m licscan "$@"\n')
    script.chmod(0o755)
    told = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LICSCAN_", "npm_", "PIP_"))
    }
    home = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "LANG": "C.UTF-8", "LANGUAGE": ""}
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return Walk(folder, {**told, **home, "PATH": path, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": NOW})


def plain(text: str) -> str:
    """Text without its line breaks, which depend on the width."""
    return " ".join(text.split())


@pytest.mark.parametrize("page", ["tutorial.md", "tutorial.zh.md"])
def test_the_tutorial_does_what_it_says(page: str, tmp_path: Path, shared_index: Path) -> None:
    walk = walk_in(tmp_path, shared_index)
    checked = 0
    for name, language, block in PIECE.findall((ROOT / "docs" / page).read_text()):
        if language == "sh":
            walk.run(block)
        elif name:
            (walk.folder / name).write_text(block)
        elif language == "text":
            missing = [line for line in block.splitlines() if plain(line) not in plain(walk.said)]
            assert missing == [], walk.said
            checked += len(block.splitlines())
    assert checked >= 15


def test_both_tutorials_run_the_same_commands() -> None:
    english, chinese = (
        [piece[2] for piece in PIECE.findall((ROOT / "docs" / page).read_text()) if piece[1] != "text"]
        for page in ("tutorial.md", "tutorial.zh.md")
    )
    assert [block for block in chinese if block != "export LICSCAN_LANG=zh\n"] == english
