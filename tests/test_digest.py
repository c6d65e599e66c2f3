"""The digest of a component's evidence changes with what is said, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from licscan.compare.digest import evidence_digest
from licscan.model import Conclusion, EvidenceKind, Location, Origin
from tests.factories import evidence

PURL = "pkg:npm/left@2.1.0"
STATEMENT = evidence("MIT", "MIT")
TEXT = replace(
    evidence("MIT", "Permission is"), kind=EvidenceKind.FILE, field="LICENSE", method="text:exact", sha256="ab" * 32
)


def digest(*found: object) -> str:
    return evidence_digest(Conclusion(PURL, "MIT", None, "MIT", "", evidence=found))  # type: ignore[arg-type]


BASE = digest(STATEMENT, TEXT)


@given(st.permutations([STATEMENT, TEXT, replace(TEXT, field="COPYING", raw="other words", expression="ISC")]))
def test_neither_order_nor_copies_nor_how_it_was_read_matter(found: list[object]) -> None:
    assert digest(*found) == BASE


def test_neither_place_nor_origin_matters() -> None:
    elsewhere = replace(STATEMENT, location=Location("other/package.json", 9), origin=Origin.REGISTRY, field="License")
    assert digest(elsewhere, replace(TEXT, location=Location("z/LICENSE"), score=0.5)) == BASE


def test_every_word_matters() -> None:
    others = {
        digest(),
        digest(STATEMENT),
        digest(TEXT),
        digest(replace(STATEMENT, raw="MIT "), TEXT),
        digest(replace(STATEMENT, field="licenses"), TEXT),
        digest(STATEMENT, replace(TEXT, sha256="cd" * 32)),
    }
    assert len({*others, BASE}) == 7
    assert all(len(found) == 71 and found.startswith("sha256:") for found in others)


def test_a_silence_says_nothing() -> None:
    assert digest(replace(STATEMENT, raw="", expression=None, method="none"), TEXT) == digest(TEXT)


def test_what_is_concluded_does_not_matter() -> None:
    first = Conclusion(PURL, "MIT", None, "MIT", "", evidence=(STATEMENT, TEXT))
    assert evidence_digest(replace(first, concluded="ISC", clarified="because", doubts=("?",))) == BASE
