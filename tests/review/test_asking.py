"""The walk through the findings as a person has it: who signs, preview, back, help, and what is taken back later."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from licscan.cli import run
from tests.review.test_walk import conflicts, decide, make, scan

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path, capsys: Capture) -> Path:
    folder = make(tmp_path / "shop")
    scan(folder, capsys)
    return folder


def answer(shop: Path, keys: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(keys))
    run(["review", str(shop), "--by", "Ada"])
    told = capsys.readouterr()
    return told.out + told.err


def listed(shop: Path, capsys: Capture) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["review", "list", str(shop), "--format", "json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_it_says_who_signs_of_which_scan_and_what(shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = answer(shop, "a\ncalled as a program\n\ny\nq\n", capsys, monkeypatch)
    assert "Signing as Ada (from --by)" in said
    assert "Findings of scan 1 of shop, " in said
    assert (
        said.index("You are about to sign:") < said.index("Why: called as a program") < said.index("Signed: 1 accept")
    )
    assert "1 decision signed, 5 findings left." in said
    assert [one["decision"]["why"] for one in listed(shop, capsys)] == ["called as a program"]


def test_in_chinese_values_are_words_too(shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LICSCAN_LANG", "zh")
    said = answer(shop, "e\n正在采购商业许可\n\ny\nq\n", capsys, monkeypatch)
    assert not re.search(r"\] (error|warning)|\bdeclared\b|on-premise|, proprietary", said), said
    assert "（needs-entitlement）：" in said


def test_what_is_not_confirmed_is_not_signed_and_asked_again(
    shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answer(shop, "a\nfine by me\n\nn\nq\n", capsys, monkeypatch)
    assert "Not signed." in said
    assert said.count("[1/6]") == 2
    assert "0 decisions signed, 6 findings left." in said
    assert listed(shop, capsys) == []


@pytest.mark.parametrize("typed", ["2020-01-01", "1", "??", "  ", "ok"])
def test_what_is_no_reason_is_not_taken_for_one(
    shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    said = answer(shop, f"a\n{typed}\nheld by our contract\n\ny\nq\n", capsys, monkeypatch)
    assert "others will read it" in said
    assert [one["decision"]["why"] for one in listed(shop, capsys)] == ["held by our contract"]


@pytest.mark.parametrize(
    ("typed", "verb"),
    [("accept", "accept"), ("Accept ", "accept"), ("replace", "replace"), ("needs-entitlement", "needs-entitlement")],
)
def test_answers_may_be_typed_in_full(
    shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, typed: str, verb: str
) -> None:
    said = answer(shop, f"skip\nback\n{typed}\nheld by our contract\n\ny\nquit\n", capsys, monkeypatch)
    assert said.count("[2/6]") == 2
    assert "is not one of the answers" not in said
    assert [one["decision"]["verb"] for one in listed(shop, capsys)] == [verb]


def test_what_is_no_answer_is_named(shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = answer(shop, "approve\x1b[31m\nhelp\nq\n", capsys, monkeypatch)
    assert said.count("is not one of the answers.") == 1
    assert said.count("a: accept.") == 2
    assert "\x1b" not in said


def test_a_day_is_a_day_to_come(shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = answer(shop, "w\ngoes soon\nsoon\n2001-01-01\n2999-01-31\n\ny\nq\n", capsys, monkeypatch)
    assert "write a day such as" in said
    assert "this day has passed" in said
    assert [one["decision"]["until"] for one in listed(shop, capsys)] == ["2999-01-31"]


def test_back_help_and_view_lead_back_to_the_question(
    shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "node_modules/left/LICENSE").write_text("Terms of left.\n\x1b[31mred\n")
    scan(shop, capsys)
    said = answer(shop, "?\nx\ns\nb\nv\nq\n", capsys, monkeypatch)
    assert said.count("a: accept.") == 2, "what is no key is told the keys"
    assert said.count("[1/6]") == 2
    assert said.count("[2/6]") == 1
    assert "| Terms of left." in said or "this is what the scan knows" in said
    assert "\x1b" not in said


def test_lines_break_between_words(shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    said = answer(shop, "?\nq\n", capsys, monkeypatch)
    lines = [line for line in said.splitlines() if line.startswith("  ") and len(line.split()) > 1]
    assert [line for line in lines if len(line) > 60] == []
    assert not re.search(r"\[s\]$", said, re.MULTILINE)


def test_a_decision_is_withdrawn_and_stays_in_the_ledger(shop: Path, capsys: Capture) -> None:
    decide(shop)
    assert conflicts(scan(shop, capsys))["pkg:npm/left"]["waiver"]
    assert run(["review", "withdraw", "1", str(shop), "--why", "it is linked after all", "--by", "Eve", "--yes"]) == 0
    findings = scan(shop, capsys)
    assert conflicts(findings)["pkg:npm/left"]["waiver"] == ""
    assert conflicts(findings)["pkg:npm/right"]["waiver"], "others stand"
    assert not [one for one in findings if one["code"] == "decision-lapsed"]
    states = {one["number"]: (one["decision"]["verb"], one["state"]) for one in listed(shop, capsys)}
    assert states[1] == ("accept", "withdrawn")
    assert states[4] == ("withdraw", "withdrawal")
    assert run(["review", "verify", str(shop)]) == 0


@pytest.mark.parametrize("number", ["1", "4", "99"])
def test_what_does_not_count_is_not_withdrawn(shop: Path, capsys: Capture, number: str) -> None:
    decide(shop)
    run(["review", "withdraw", "1", str(shop), "--why", "it is linked after all", "--by", "Eve", "--yes"])
    capsys.readouterr()
    assert run(["review", "withdraw", number, str(shop), "--why", "once more", "--by", "Eve", "--yes"]) == 2
    assert "licscan review list" in capsys.readouterr().err
    assert len(listed(shop, capsys)) == 4


def test_a_new_decision_counts_after_a_withdrawal(shop: Path, capsys: Capture) -> None:
    decide(shop)
    run(["review", "withdraw", "1", str(shop), "--why", "it is linked after all", "--by", "Eve", "--yes"])
    decide(shop)
    assert conflicts(scan(shop, capsys))["pkg:npm/left"]["waiver"]


def test_what_was_withdrawn_is_not_carried_elsewhere(shop: Path, tmp_path: Path, capsys: Capture) -> None:
    decide(shop)
    run(["review", "withdraw", "1", str(shop), "--why", "it is linked after all", "--by", "Eve", "--yes"])
    run(["review", "export", str(shop), "-o", str(tmp_path / "out.json")])
    other = make(tmp_path / "other")
    scan(other, capsys)
    run(["review", "import", str(tmp_path / "out.json"), str(other), "--by", "Bob"])
    assert {one["decision"]["package"] for one in listed(other, capsys)} == {"pkg:npm/mid", "pkg:npm/right"}


def test_a_list_cannot_withdraw(shop: Path, capsys: Capture) -> None:
    entries = [{"finding": "license-conflict", "package": "left", "decision": "withdraw", "why": "not so"}]
    (shop / "d.json").write_text(json.dumps(entries))
    assert run(["review", str(shop), "--from", str(shop / "d.json"), "--by", "Ada"]) == 2
    assert "licscan review withdraw" in capsys.readouterr().err


def test_one_answer_can_be_signed_for_all_packages_with_the_same_question(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(
        tmp_path / "shop", licenses={f"editor-{n}": "GPL-2.0-only" for n in range(9)} | {"other": "AGPL-3.0-only"}
    )
    for n in range(9):
        (folder / "node_modules" / f"editor-{n}" / "COPYING").write_text(
            f"Copyright (c) 20{n + 10} Ada\nAll rights, {n}.\n"
        )
    scan(folder, capsys)
    said = " ".join(answer(folder, "r\nis replaced in 2.5\n\ny\ny\nq\n", capsys, monkeypatch).split())
    assert "8 more packages have this finding under the same license: editor-1 1.0.0, " in said
    assert "and 2 more." in said
    assert all(f"editor-{n} 1.0.0" in said.partition("The same for:")[2] for n in range(1, 9))
    assert "Sign all 9? [y/N]" in said
    assert "other" not in said.partition("The same for:")[2].partition("Sign all")[0]
    signed = [one["decision"] for one in listed(folder, capsys)]
    assert {one["package"] for one in signed} == {f"pkg:npm/editor-{n}" for n in range(9)}
    assert len({one["evidence"] for one in signed}) == 9, "each rests on its own evidence"
    assert {one["why"] for one in signed} == {"is replaced in 2.5"}
    assert run(["review", "verify", str(folder)]) == 0


@pytest.mark.parametrize("keys", ["r\nis replaced\n\nn\ny\nq\n", "r\nis replaced\n>=1,<2\ny\nq\n"])
def test_one_answer_alone_or_for_a_range_is_about_its_package(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    folder = make(tmp_path / "shop", licenses=dict.fromkeys(("one", "two"), "GPL-2.0-only"))
    scan(folder, capsys)
    said = answer(folder, keys, capsys, monkeypatch)
    assert [one["decision"]["package"] for one in listed(folder, capsys)] == ["pkg:npm/one"]
    assert "The same for" not in said


@pytest.mark.parametrize(
    "keys",
    ["a\nb\nq\n", "w\nheld by our contract\nb\nq\n", "a\nheld by our contract\nb\nq\n", "a\nheld by it\n\nb\nq\n"],
)
def test_within_an_answer_b_goes_back_and_nothing_is_signed(
    shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    said = answer(shop, keys, capsys, monkeypatch)
    assert said.count("[1/6]") == 2
    assert listed(shop, capsys) == []


def test_a_range_that_is_none_is_named(shop: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said = answer(shop, "a\nheld by our contract\nall of them\n\ny\nq\n", capsys, monkeypatch)
    assert "all of them is not a range of versions such as >=2.1,<3" in said
