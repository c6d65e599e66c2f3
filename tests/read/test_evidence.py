"""Matches to evidence: one piece a license, with its lines; what names no license, or not surely, is left out."""

from __future__ import annotations

from licscan.model import EvidenceKind, Origin
from licscan.read.cache import Found
from licscan.read.evidence import Text, evidence_of
from licscan.read.roles import Role
from tests.fakes import FakeDetector


def pieces(text: str, role: Role = Role.LICENSE, foreign_from: int | None = None, first_line: int = 1) -> list[str]:
    """Evidence as `kind expression lines method score`."""
    found = Found(FakeDetector().detect(text.encode()), foreign_from)
    where = Text(role, "node_modules/left/LICENSE", Origin.INSTALLED, "00" * 32, first_line)
    return [
        f"{e.kind.value} {e.expression} {e.location.start_line}-{e.location.end_line} {e.method} {e.score:g}"
        for e in evidence_of(where, found)
    ]


def test_one_piece_for_each_license() -> None:
    assert pieces("license mit\n\nlicense mit\nlicense isc score 95") == [
        "file MIT 1-1 text:exact 1",
        "file ISC 4-4 text:exact 0.95",
    ]


def test_a_piece_says_what_was_read_and_where() -> None:
    found = Found(FakeDetector().detect(b"license mit"))
    (piece,) = evidence_of(Text(Role.README, "README.md", Origin.CACHE, "ab" * 32, first_line=12), found)
    assert (piece.kind, piece.field, piece.raw) == (EvidenceKind.README, "README.md", "license mit")
    assert (piece.location.start_line, piece.sha256, piece.origin) == (12, "ab" * 32, Origin.CACHE)


def test_what_stands_behind_a_heading_for_others_is_of_parts() -> None:
    assert pieces("license mit\n\nthird-party\nlicense isc", foreign_from=3) == [
        "file MIT 1-1 text:exact 1",
        "part ISC 4-4 text:exact 1",
    ]


def test_a_heading_with_nothing_before_it_divides_nothing() -> None:
    assert pieces("contains code\nlicense isc", foreign_from=1) == ["file ISC 2-2 text:exact 1"]


def test_a_readme_that_lists_what_it_contains_is_no_license_of_the_package() -> None:
    """Nothing need stand above the list, as in a license file; what stands on its first line is of the package."""
    assert pieces("contains libraries\nlicense isc", Role.README, foreign_from=1) == ["part ISC 2-2 text:exact 1"]
    assert pieces("license mit\ncontains libraries\nlicense isc", Role.README, foreign_from=2) == [
        "readme MIT 1-1 text:exact 1",
        "part ISC 3-3 text:exact 1",
    ]
    assert pieces("license mit", Role.README, foreign_from=1) == ["readme MIT 1-1 text:exact 1"]


def test_a_bare_name_of_the_same_family_adds_nothing() -> None:
    assert pieces("license gpl-1.0-plus kind reference\nlicense gpl-2.0") == ["file GPL-2.0-only 2-2 text:exact 1"]


def test_a_bare_name_of_another_license_is_kept_when_sure() -> None:
    text = "license mit\n\nlicense cc-by-4.0 kind reference score {}"
    assert pieces(text.format(90))[1:] == ["file CC-BY-4.0 3-3 reference:exact 0.9"]
    assert pieces(text.format(70))[1:] == []
    assert pieces("license cc-by-4.0 kind reference score 70") == ["file CC-BY-4.0 1-1 reference:exact 0.7"]


def test_the_title_of_a_text_is_no_license_of_its_own() -> None:
    assert pieces("license mit kind reference\n\nlicense json") == ["file JSON 3-3 text:exact 1"]
    choice = "license mit OR isc kind reference\n\nlicense json"
    assert pieces(choice) == ["file MIT OR ISC 1-1 reference:exact 1", "file JSON 3-3 text:exact 1"]


def test_an_unsure_notice_adds_nothing_beside_a_text() -> None:
    assert pieces("license isc kind notice score 72\nlicense mit") == ["file MIT 2-2 text:exact 1"]


def test_clues_and_terms_without_a_name_do_not_count() -> None:
    assert pieces("license mit kind clue\nlicense unknown-license-reference kind reference") == [
        "file None 1-1 text:unknown 0"
    ]
    assert pieces("nothing at all") == ["file None None-None text:unknown 0"]
    assert pieces("nothing at all", Role.NOTICE) == []
    assert pieces("license mit kind intro", Role.PART) == []


def test_an_exception_alone_is_no_valid_expression_and_still_told() -> None:
    assert pieces("license gcc-exception-3.1 kind notice") == [
        "file LicenseRef-scancode-gcc-exception-3.1 1-1 notice:exact 1"
    ]
