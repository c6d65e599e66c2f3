"""Cases of judgement, and where an answer differs from what is expected of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Case = Mapping[str, Any]

# what is expected, and why: never shown to what is examined
EXPECTED = frozenset(
    {
        "accept",
        "authority",
        "authority_checked",
        "candidate_outbounds",
        "choice",
        "clause",
        "confidence",
        "effective_outbound",
        "expected",
        "fsf_tags",
        "kind",
        "must_not_obligations",
        "must_obligations",
        "osadl_2024_05",
        "osadl_2026_02",
        "rationale",
    }
)
PASSES = frozenset({"ok", "ok-obligations"})


def load(paths: Iterable[Path]) -> list[Case]:
    """The cases of files with one JSON object a line."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]


def question(case: Case) -> dict[str, Any]:
    """What is asked: the case without what is expected."""
    return {name: value for name, value in case.items() if name not in EXPECTED}


def passes_wrongly(case: Case, answer: Case) -> bool:
    """Whether it lets pass what no reading of the texts lets pass."""
    return answer["verdict"] in PASSES and not PASSES & set(case["accept"])


def differences(case: Case, answer: Case) -> list[str]:
    """What is wrong with an answer, in words; a conflict need not name duties or choices."""
    wrong: list[str] = []
    verdict, duties = answer["verdict"], set(answer["obligations"])
    if verdict not in case["accept"]:
        wrong.append(f"verdict {verdict}, expected {' or '.join(case['accept'])}")
    if excess := sorted(duties & set(case["must_not_obligations"])):
        wrong.append(f"not owed: {', '.join(excess)}")
    if verdict == "conflict":
        return wrong
    if missing := sorted(set(case["must_obligations"]) - duties):
        wrong.append(f"owed but not said: {', '.join(missing)}")
    if (effective := case.get("effective_outbound")) and answer["effective_outbound"] != effective:
        wrong.append(f"effective outbound {answer['effective_outbound']}, expected {effective}")
    if verdict in PASSES:
        wrong += _wrong_pick(case, answer)
    return wrong


def _wrong_pick(case: Case, answer: Case) -> list[str]:
    wrong: list[str] = []
    if (choice := case.get("choice")) and answer["choice"] != choice:
        wrong.append(f"choice {answer['choice']}, expected {choice}")
    candidates = case.get("candidate_outbounds")
    if candidates and answer["effective_outbound"] not in (None, *candidates):
        wrong.append(f"outbound {answer['effective_outbound']}, expected one of {', '.join(candidates)}")
    return wrong
