"""Our rules beside the OSADL matrix: every pair on which they differ is one of the kinds that are explained here."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.law.compatibility import Fit, Level, fits
from licscan.law.osadl import known_licenses, second_opinion
from licscan.law.terms import terms_of
from licscan.law.vocabulary import RELATIONSHIPS
from licscan.licenses.spdx import validate

MERGED = RELATIONSHIPS["combined-work"]


def _pairs() -> Iterator[tuple[str, str, str, Fit]]:
    ids = [license_id for license_id in known_licenses() if not validate(license_id) and terms_of(license_id).known]
    for outbound in ids:
        for inbound in ids:
            opinion = second_opinion(outbound, inbound)
            if opinion is not None:
                yield outbound, inbound, opinion.answer, fits(outbound, inbound, MERGED)


def test_matrix_is_read() -> None:
    assert len(known_licenses()) > 100
    opinion = second_opinion("GPL-2.0-only", "Apache-2.0")
    assert opinion is not None
    assert opinion.answer == "No"


def test_matrix_says_no_and_we_say_yes_only_for_these() -> None:
    """The text of the component itself allows another version or license, or the license is never given up."""
    differ = {(o, i) for o, i, answer, fit in _pairs() if answer == "No" and fit.level is Level.YES and fit.sure}
    by_text = {
        ("CDDL-1.1", "CDDL-1.0"),  # section 4.2: later versions of the steward
        ("EUPL-1.1", "EUPL-1.2"),
        ("CPL-1.0", "EUPL-1.1"),  # appendix
        ("GPL-3.0-or-later", "LGPL-3.0-only"),  # a library is joined, not passed on under the GPL
    }
    relicensed = {
        pair for pair in differ if pair[1].startswith(("LGPL-2.0", "LGPL-2.1"))
    }  # section 3, or later versions
    assert differ - relicensed <= by_text


def test_matrix_says_yes_and_we_say_no_only_for_these() -> None:
    """The work offers versions or an exception that the component does not allow: the outbound changes."""
    differ = {(o, i) for o, i, answer, fit in _pairs() if answer == "Yes" and fit.level is Level.NO}
    assert {outbound for outbound, _inbound in differ} <= {
        "GPL-1.0-or-later",
        "GPL-2.0-or-later",
        "GPL-2.0-only WITH Classpath-exception-2.0",
    }
    assert {inbound.partition("-")[0] for _outbound, inbound in differ} <= {"LGPL", "EUPL"}


def test_weak_copyleft_keeps_its_own_terms_where_the_matrix_says_no() -> None:
    """It asks whether the code may come under the outbound license; we ask whether it may stay in the work."""
    for _outbound, inbound, answer, fit in _pairs():
        if answer == "No" and fit.level is Level.OWN_TERMS:
            terms = terms_of(inbound)
            assert terms.addition is not None or (terms.source and terms.source.scope in ("file", "module", "library"))
