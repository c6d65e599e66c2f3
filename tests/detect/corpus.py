"""The corpus of texts with the licenses that experts found in them, and how an answer is held against it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from licscan.detect.types import Detected

OPERATORS = frozenset({"AND", "OR", "WITH"})


@dataclass(frozen=True, slots=True)
class Case:
    """One text: the expressions that are in it, in order of their place, and the set of their keys.

    `hard` marks what the reference detector itself gets wrong; it counts in every total all the same.
    """

    path: str
    suite: str
    file: Path
    expressions: tuple[str, ...]
    keys: frozenset[str]
    hard: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a detector said of a case: one expression and one rule a match, in order of place."""

    case: Case
    expressions: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Every license key of the answer."""
        return keys_of(self.expressions)

    @property
    def same_set(self) -> bool:
        """Whether exactly the expected keys were found."""
        return self.keys == self.case.keys

    @property
    def same_list(self) -> bool:
        """Whether exactly the expected expressions were found, in their order."""
        return self.expressions == self.case.expressions


def keys_of(expressions: Iterable[str]) -> frozenset[str]:
    """The license keys in some expressions."""
    words = (word for text in expressions for word in text.replace("(", " ").replace(")", " ").split())
    return frozenset(word for word in words if word.upper() not in OPERATORS)


def read_cases(jsonl: Path) -> list[Case]:
    """The cases of `NAME.something.jsonl`, whose texts lie in the folder NAME beside it."""
    texts = jsonl.parent / jsonl.name.partition(".")[0]
    cases = []
    for line in jsonl.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        cases.append(
            Case(
                path=row["path"],
                suite=row["suite"],
                file=texts / row["path"],
                expressions=tuple(row["expected_expressions"]),
                keys=frozenset(row["expected_keys"]),
                hard=row["expected_failure"],
            )
        )
    return cases


def sample(cases: Sequence[Case], size: int) -> list[Case]:
    """Always the same cases: evenly spaced along suite and size of file, so every suite and size has its share."""
    ordered = sorted(cases, key=lambda case: (case.suite, case.file.stat().st_size, case.path))
    if size >= len(ordered):
        return ordered
    return [ordered[(2 * place + 1) * len(ordered) // (2 * size)] for place in range(size)]


def answer(case: Case, found: Detected) -> Answer:
    """Hold what was detected against the case.

    The corpus lists every rule that matched, introductions and clues among them; so every match counts, in order of
    place, with the expression of its rule as it stands.
    """
    return Answer(case, tuple(m.expression for m in found.matches), tuple(m.rule for m in found.matches))


def share(right: Iterable[bool]) -> float:
    """The share of what is right; 1 of nothing."""
    judged = list(right)
    return sum(judged) / len(judged) if judged else 1.0


def by_key(answers: Iterable[Answer]) -> list[tuple[str, int, int, int]]:
    """Each license key with the number of files where it is right, too much and missing; most faults first."""
    right: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for one in answers:
        right.update(one.keys & one.case.keys)
        extra.update(one.keys - one.case.keys)
        missing.update(one.case.keys - one.keys)
    rows = [(key, right[key], extra[key], missing[key]) for key in right.keys() | extra.keys() | missing.keys()]
    return sorted(rows, key=lambda row: (-row[2] - row[3], row[1], row[0]))
