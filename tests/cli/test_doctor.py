"""`licscan doctor`: what slips through under a policy is named, and makes the exit status nonzero."""

from __future__ import annotations

from pathlib import Path

import pytest

from licscan.cli import run
from licscan.compose.doctor import canaries
from tests.law.test_canaries import GAPS

WAIVER = """
[[waiver]]
finding = "{code}"
packages = ["pkg:npm/{name}"]
reason = "accepted-risk"
owner = "counsel@messenger.example"
expires = 2999-12-31
"""


def lines(capsysbinary: pytest.CaptureFixture[bytes]) -> dict[str, str]:
    text = capsysbinary.readouterr().out.decode()
    return {line[:4]: line for line in text.splitlines() if line.startswith("C-")}


def test_without_a_policy_nothing_slips_through(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    status = run(["doctor", str(tmp_path)])
    said = lines(capsysbinary)
    assert set(said) == {canary["id"] for canary in canaries()}
    silent = {key for key, line in said.items() if "SILENTLY" in line}
    assert silent <= set(GAPS)
    assert status == (1 if silent else 0)


def test_a_waiver_that_silences_is_shown(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    bird = next(canary for canary in canaries() if canary["must"] == ["violation"] and canary["ecosystem"] == "npm")
    run(["doctor", str(tmp_path)])
    before = lines(capsysbinary)[bird["id"]]
    codes = before.partition(bird["name"])[2].replace(",", " ").split()
    (tmp_path / "licscan.toml").write_text("".join(WAIVER.format(code=code, name=bird["name"]) for code in codes))
    assert run(["doctor", str(tmp_path)]) == 1
    after = lines(capsysbinary)[bird["id"]]
    assert "SILENTLY" in after
    assert "waived" in after


def test_surfaces_of_the_user_are_used(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Inside the house strong copyleft asks for nothing: its package is no longer stopped."""
    copyleft = next(canary for canary in canaries() if "GPL-2.0" in canary.get("manifest", ""))
    surface = '[[surface]]\nname = "office"\ndeployment = "internal"\nroots = ["office"]\n'
    (tmp_path / "licscan.toml").write_text(surface)
    run(["doctor", str(tmp_path)])
    assert "stopped" not in lines(capsysbinary)[copyleft["id"]]
