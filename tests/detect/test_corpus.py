"""Agreement with experts on a fixed sample of the corpus; `scripts/bench_detect accuracy` measures all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from licscan.detect.engine import Detector
from tests.detect import corpus, licensedb

pytestmark = pytest.mark.slow

SIZE = 440
LEAST_SAME_SET = 0.97
LEAST_SAME_LIST = 0.96
LEAST_ONE_SPDX = 0.98
"""Below what is measured, by about three files of the sample: a change that loses more than that is a fault."""


@pytest.fixture(scope="module")
def answers(detector: Detector) -> list[corpus.Answer]:
    jsonl = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "licenses.dev.jsonl"
    if not jsonl.is_file():
        pytest.skip("the companion folder ../shared is not here: the corpus is not tested")
    cases = corpus.sample(corpus.read_cases(jsonl), SIZE)
    return [corpus.answer(case, detector.detect(case.file.read_bytes(), case.path)) for case in cases]


def faults(answers: list[corpus.Answer], kind: str) -> str:
    wrong = [one for one in answers if not getattr(one, kind)]
    return "\n".join(f"{one.case.path}: expected {one.case.expressions}, found {one.expressions}" for one in wrong)


def test_finds_the_keys_that_experts_found(answers: list[corpus.Answer]) -> None:
    assert corpus.share(one.same_set for one in answers) >= LEAST_SAME_SET, faults(answers, "same_set")


def test_finds_the_expressions_in_the_order_of_the_text(answers: list[corpus.Answer]) -> None:
    assert corpus.share(one.same_list for one in answers) >= LEAST_SAME_LIST, faults(answers, "same_list")


def test_finds_the_license_of_files_with_one_spdx_license(answers: list[corpus.Answer]) -> None:
    ids = licensedb.spdx_ids()
    one_key = [one for one in answers if len(one.case.keys) == 1]
    standard = [one for one in one_key if not ids.get(min(one.case.keys), "LicenseRef-").startswith("LicenseRef-")]
    assert len(standard) > 200
    assert corpus.share(one.same_set for one in standard) >= LEAST_ONE_SPDX, faults(standard, "same_set")


def test_finds_nothing_where_there_is_nothing(answers: list[corpus.Answer]) -> None:
    nothing = [one for one in answers if not one.case.expressions]
    assert len(nothing) >= 5
    assert sum(bool(one.expressions) for one in nothing) <= 1, faults(nothing, "same_set")


def test_the_sample_has_every_suite_and_always_the_same_files() -> None:
    places = [corpus.Case(str(n), f"suite {n % 7}", Path(__file__), (), frozenset(), False) for n in range(100)]
    first, again = corpus.sample(places, 20), corpus.sample(places[::-1], 20)
    assert first == again
    assert len(set(first)) == 20
    assert {case.suite for case in first} == {f"suite {n}" for n in range(7)}
