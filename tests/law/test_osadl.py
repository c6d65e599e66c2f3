"""Our rules beside the OSADL matrix: every pair on which they differ is one of the kinds that are explained here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from licscan.judge.questions import answer_case
from licscan.law.compatibility import Fit, Level, fits
from licscan.law.osadl import known_licenses, second_opinion
from licscan.law.terms import known_licenses as known_terms
from licscan.law.terms import terms_of
from licscan.law.vocabulary import RELATIONSHIPS
from licscan.licenses.licensedb import license_text
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


def test_a_reason_never_says_of_one_edition_what_another_denies() -> None:
    """A row that cites a later edition: the older one that comes with the package is called so."""
    for license_id in known_terms():
        gpl = terms_of(license_id).gpl
        cited = re.search(r"OSADL matrix of (\d{4}-\d{2})", gpl.authority if gpl else "")
        opinion = second_opinion("GPL-3.0-only", license_id)
        if cited and opinion:
            said = " ".join(_asked(license_id)["why"])
            assert opinion.is_older_than(cited[0]) == ("an earlier edition of the OSADL matrix" in said), license_id
    assert "an earlier edition of the OSADL matrix says: Yes." in " ".join(_asked("IJG")["why"])
    assert "an earlier edition" not in " ".join(_asked("FTL")["why"])


def test_only_authorities_that_contradict_each_other_are_said_to_differ() -> None:
    """`unknown` or silence on one side is no contradiction; a row with a sentence of its own names both sides."""
    for license_id in known_terms():
        gpl = terms_of(license_id).gpl
        if gpl is None:
            continue
        silent = re.search(r"rated by neither|: unknown|not rated", gpl.authority)
        assert not (silent and "disputed" in (gpl.v2, gpl.v3)), license_id
        if gpl.note:
            assert "disputed" in (gpl.v2, gpl.v3), license_id
            assert "FSF" in gpl.note, license_id
            assert "OSADL" in gpl.note, license_id
    assert "is not settled" in " ".join(_asked("Qhull")["why"])
    assert "Authorities differ" in " ".join(_asked("Sleepycat")["why"])


@pytest.mark.parametrize("outbound", ["GPL-2.0-only", "GPL-3.0-or-later", "AGPL-3.0-or-later", "LGPL-3.0-only"])
@pytest.mark.parametrize(
    ("license_id", "verdict"),
    [
        ("PSF-2.0", "review"),
        ("Python-2.0", "review"),
        ("Python-2.0.1", "review"),
        ("MIT AND PSF-2.0", "review"),
        ("PSF-2.0 OR 0BSD", "ok"),
        ("CNRI-Python-GPL-Compatible", "ok"),
    ],
)
def test_of_the_licenses_of_python_both_authorities_are_named(license_id: str, verdict: str, outbound: str) -> None:
    answer = _asked(license_id, outbound)
    assert answer["verdict"] == verdict
    said = " ".join(answer["why"])
    assert ("The FSF says" in said or "the FSF says" in said) == (verdict == "review")
    assert ("OSADL says that" in said) == (verdict == "review")


def test_what_only_the_governing_law_keeps_out_of_the_gpl_is_a_conflict() -> None:
    assert _asked("CNRI-Python")["verdict"] == "conflict"
    assert "governing law, 7" in " ".join(_asked("CNRI-Python")["why"])


def test_the_texts_of_python_hold_the_agreement_that_the_table_names() -> None:
    """SPDX's Python-2.0 goes by two texts; the one at hand is the later, with the clause for GPL software."""
    flat = " ".join(license_text("python-2.0.1").split())
    assert "CNRI LICENSE AGREEMENT FOR PYTHON 1.6.1" in flat
    assert "previously distributed under the GNU General Public License (GPL)" in flat
    assert "governed by and interpreted in all respects by the law of the State of Virginia" in " ".join(
        license_text("cnri-python-1.6").split()
    )
    assert re.search(r"3\..{0,300}brief summary of the changes", " ".join(license_text("psf-2.0").split()))


def _asked(license_id: str, outbound: str = "GPL-3.0-only") -> dict[str, Any]:
    case = {"inbound": license_id, "outbound": outbound, "relationship": "dependency", "deployment": "on-premise"}
    return answer_case({**case, "relationship": "static-link"} if outbound.startswith("LGPL") else case)
