"""docs/commands.md is what the commands say of themselves."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from licscan.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "commands.md"


def test_the_reference_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "commands", "--check"], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_every_command_is_in_the_map_and_in_the_reference() -> None:
    text = PAGE.read_text()
    assert set(re.findall(r"^## licscan (\w+)$", text, re.MULTILINE)) == set(COMMANDS)
    assert set(COMMANDS) <= set(re.findall(r"\]\(#licscan-(\w+)\)", text))


def test_no_path_of_a_machine_is_in_it() -> None:
    assert str(ROOT) not in PAGE.read_text()
    assert str(Path.home()) + "/" not in PAGE.read_text()
