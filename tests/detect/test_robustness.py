"""The LicenseDB's own texts are found as what they are, whatever their form, and not when they say something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from licscan.detect.engine import Detector
from licscan.detect.types import Detected
from tests.detect import licensedb, properties
from tests.detect.variants import KEPT

pytestmark = pytest.mark.slow

EVERY = 23
"""Every so many-th license: about a hundred. `scripts/bench_detect robustness` takes all."""


@pytest.fixture(scope="module")
def outcomes(detector: Detector) -> list[properties.Outcome]:
    @cache
    def detect(text: str) -> Detected:
        return detector.detect(text.encode(), "LICENSE")

    def all_of_them() -> Iterator[properties.Outcome]:
        for entry in licensedb.licenses()[::EVERY]:
            if not entry.deprecated:
                yield from properties.kept(entry, detect)
                yield from properties.changed(entry, detect)
        for rule in licensedb.rules(EVERY):
            if not rule.deprecated:
                yield from properties.phrase_broken(rule, detect)

    return list(all_of_them())


def broken(outcomes: list[properties.Outcome], name: str, most: float) -> list[properties.Outcome]:
    """The exceptions, where they are more than this share."""
    judged = [one for one in outcomes if one.property == name]
    assert len(judged) > 20
    wrong = [one for one in judged if not one.holds]
    return wrong if len(wrong) > most * len(judged) else []


@pytest.mark.parametrize("change", KEPT)
def test_a_change_of_form_leaves_the_key_found(outcomes: list[properties.Outcome], change: str) -> None:
    assert not broken(outcomes, f"{change}: key found", 0.03)


@pytest.mark.parametrize("change", KEPT)
def test_a_change_of_form_leaves_the_text_found_in_full(outcomes: list[properties.Outcome], change: str) -> None:
    assert not broken(outcomes, f"{change}: found in full", 0.06)


@pytest.mark.parametrize(
    "change", ["75 foreign words inserted", "75 words of a license inserted", "one word inserted", "another version"]
)
def test_a_changed_license_has_a_lower_score(outcomes: list[properties.Outcome], change: str) -> None:
    assert not broken(outcomes, f"{change}: lower score", 0.0)


def test_a_rule_without_its_required_phrase_does_not_match(outcomes: list[properties.Outcome]) -> None:
    # a word of a required phrase that is also the name of an HTML tag (`p`, `font`) is not seen: 3 in 1,861 rules
    assert not broken(outcomes, "required phrase broken: no match", 0.02)
