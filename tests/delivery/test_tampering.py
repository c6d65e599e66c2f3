"""Two hundred seeded changes to a delivery: each is found and named; the delivery itself passes."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from licscan.base.errors import InputError
from licscan.delivery.examine import Inquiry, examine
from licscan.model import Verdict
from tests.delivery.making import Case
from tests.delivery.tampering import ARCHIVE, FOLDER, Tampering

SEED = 20260504
EACH = 5
"""41 ways, each five times with other random numbers."""
WAYS = [(way, number) for way in (*FOLDER, *ARCHIVE) for number in range(EACH)]


def codes(case: Case, path: Path) -> tuple[set[str], Verdict]:
    try:
        told = examine(Inquiry(path, (case.artifact,), case.public))
    except InputError:
        return {"input"}, Verdict.CANNOT_TELL
    return {one.code for one in told.checks if one.kind.verdict is not Verdict.OK}, told.verdict


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_the_delivery_itself_passes(clean: Case, form: str) -> None:
    assert codes(clean, getattr(clean, form)) == (set(), Verdict.OK)


def test_there_are_two_hundred_changes() -> None:
    assert len(WAYS) >= 200


CASES = [
    pytest.param(way, number, id=f"{way.__name__}-{number}", marks=[pytest.mark.slow] if number else [])
    for way, number in WAYS
]
"""Every way once in the quick run; all in the whole one."""


@pytest.mark.parametrize(("way", "number"), CASES)
def test_every_change_is_found_and_named(clean: Case, tmp_path: Path, way: Tampering, number: int) -> None:
    case = clean.copy(tmp_path)
    named = way(case, random.Random(f"{SEED} {way.__name__} {number}"))
    found, verdict = codes(case, case.archive if way in ARCHIVE else case.folder)
    assert verdict is not Verdict.OK
    assert found & named, f"named {sorted(found)}, should be one of {sorted(named)}"


def test_the_one_file_tool_says_the_same_with_python_alone(clean: Case, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    tool = tmp_path / "licscan-accept.pyz"
    subprocess.run([sys.executable, root / "scripts" / "build_accept", tool], check=True, capture_output=True)
    spoiled = clean.copy(tmp_path)
    (spoiled.folder / "NOTICES.txt").write_text("nothing")
    for path, status in ((clean.archive, 0), (clean.folder, 0), (spoiled.folder, 1)):
        words = [path, "--artifact", clean.artifact, "--key", clean.public, "--format", "json", "--lang", "en"]
        done = subprocess.run([sys.executable, "-I", "-S", tool, *words], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (status, ""), done.stdout
