"""The judgement against cases written from the license texts: what passes wrongly, what is missing, how many are right.

Each case names the clause that decides it; where authorities differ, every defensible verdict is accepted.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.truth import Case, differences, load, passes_wrongly, question

pytestmark = pytest.mark.slow

questions = pytest.importorskip("licscan.judge.questions")

OWN = sorted((Path(__file__).resolve().parents[1] / "cases" / "law").glob("*.jsonl"))
# authorities differ more often than texts do: one case in thirty may be argued
RIGHT_AT_LEAST = 0.97


def answers(cases: list[Case]) -> list[tuple[Case, Case]]:
    return [(case, questions.answer_case(question(case))) for case in cases]


def report(pairs: list[tuple[Case, Case]]) -> list[str]:
    lines = []
    for case, answer in pairs:
        if wrong := differences(case, answer):
            asked = f"{case['inbound']} -> {case['outbound']}, {case['relationship']}, {case['deployment']}"
            lines.append(f"{case['id']} ({asked}): {'; '.join(wrong)} [{case.get('clause') or case['rationale']}]")
    return lines


def assert_right(cases: list[Case]) -> None:
    pairs = answers(cases)
    lines = report(pairs)
    silent = [case["id"] for case, answer in pairs if passes_wrongly(case, answer)]
    assert not silent, "passes wrongly: " + ", ".join(silent) + "\n" + "\n".join(lines)
    share = 1 - len(lines) / len(cases)
    assert share >= RIGHT_AT_LEAST, f"{share:.1%} of {len(cases)} are right\n" + "\n".join(lines)


def test_cases_are_well_formed() -> None:
    cases = load(OWN)
    assert len(cases) >= 680
    assert len({case["id"] for case in cases}) == len(cases)
    assert all(case["clause"] and case["rationale"] and case["accept"] for case in cases)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_nothing_passes_wrongly(path: Path) -> None:
    pairs = answers(load([path]))
    assert [case["id"] for case, answer in pairs if passes_wrongly(case, answer)] == []


def test_own_cases() -> None:
    assert_right(load(OWN))


@pytest.mark.parametrize("name", ["verdict_cases.dev.jsonl", "verdict_cases_2.dev.jsonl"])
def test_cases_given_with_the_project(shared: Path, name: str) -> None:
    path = shared / "legal" / name
    if not path.is_file():
        pytest.skip("the cases beside the project are not here")
    assert_right(load([path]))


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    cases = load(OWN)[:60]
    there = [questions.answer_case(question(case)) for case in cases]
    back = [questions.answer_case(question(case)) for case in reversed(cases)]
    assert there == back[::-1]
