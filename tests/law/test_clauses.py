"""The clauses that the tables cite, held against the texts that they were read from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from licscan.law.terms import Terms, known_licenses, terms_of
from licscan.licenses.licensedb import license_text

WORDS = {
    "TM": r"trade\s?-?mark|service\s?mark|marques|intellectual\s+property",
    "PR": r"litigation|patent|suit|claim|legal\s+action|accus|allege|brevet",
    "PG": r"patent|brevet",
    "NE": r"endorse|promot|advertis|publicity|acknowledg|name",
    "NF": r"NOTICE",
    "RE": r"reverse\s+engineer",
    "II": r"installation\s+information",
    "TP": r"technolog|technical|digital\s+rights|restrict|encrypt",
    "NC": r"commercial",
    "ND": r"adapt|modif|deriv|alter",
    "RL": r"relink|re-link|link",
    "RN": r"name",
}
"""What the clause of a flag must speak of, by flag."""
ELSEWHERE = {("LGPL-3.0", "PR"), ("LGPL-3.0", "PG"), ("LPPL-1.3c", "RN"), ("PDDL-1.0", "TM")}
"""What cites another license, says it in other words, or has its numbers twice."""
_NUMBER = re.compile(r"(?:^|, |; | to |conditions? |and )(\d+(?:\.\d+)*)(?![\w-]* exc)")


def clauses(text: str, number: str) -> Iterator[str]:
    """Each passage that begins with the number, up to the next number of its level."""
    *above, last = number.split(".")
    following = ".".join([*above, str(int(last) + 1)])

    def heads(of: str) -> re.Pattern[str]:
        return re.compile(rf"^[\s*#>]*(?:Section |Article |§ ?)?\(?{re.escape(of)}(?:\.0)?[.):]?(?=[\s\[(*—-]|$)", re.M)

    for found in heads(number).finditer(text):
        end = heads(following).search(text, found.end())
        yield text[found.start() : end.start() if end else len(text)]


def cited(terms: Terms) -> Iterator[tuple[str, str, list[str]]]:
    """Flag, number and passages for each number that the text has."""
    key = re.search(r"LicenseDB text ([\w.+-]+)", terms.basis)
    if key is None:
        return
    try:
        text = license_text(key[1])
    except FileNotFoundError:
        return
    for flag, clause in terms.flags.items():
        for number in _NUMBER.findall(clause) if flag in WORDS and (terms.base, flag) not in ELSEWHERE else ():
            if passages := list(clauses(text, number)):
                yield flag, number, passages


ROWS = [terms_of(one) for one in known_licenses()]


def test_enough_clauses_are_found_in_their_texts() -> None:
    assert sum(1 for terms in ROWS for _each in cited(terms)) > 250


@pytest.mark.parametrize("terms", ROWS, ids=[terms.base for terms in ROWS])
def test_a_clause_speaks_of_what_it_is_cited_for(terms: Terms) -> None:
    wrong = [
        f"{flag} {number}: {' '.join(passages[0].split())[:90]}"
        for flag, number, passages in cited(terms)
        if not any(re.search(WORDS[flag], one, re.IGNORECASE) for one in passages)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "terms", [one for one in ROWS if re.fullmatch(r"CC-BY-.*4\.0", one.base)], ids=lambda t: t.base
)
def test_downstream_restrictions_of_creative_commons_stand_where_the_text_has_them(terms: Terms) -> None:
    """2(a)(5)(B), or (C) where adaptations may be shared under the same license only, and 3(b)(3) of these."""
    found = re.search(r"\b([a-c])\. No downstream restrictions", license_text(terms.basis.rpartition(" ")[2]))
    assert found
    assert f"2(a)(5)({found[1].upper()})" in terms.clause("TP")
    assert ("3(b)(3)" in terms.clause("TP")) == terms.has("SA")
