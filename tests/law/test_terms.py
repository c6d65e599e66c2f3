from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.tables import data_folder, load_folder, load_toml
from licscan.law.terms import (
    CLASSES,
    CONDITIONS,
    CONTENT,
    COPYLEFT,
    EFFECTS,
    SCOPES,
    Terms,
    exceptions,
    known_licenses,
    terms_of,
    versions,
)
from licscan.law.vocabulary import FLAGS
from licscan.licenses import spdx

ROWS = [terms_of(license_id) for license_id in known_licenses()]
IDS = [terms.base for terms in ROWS]
FACTS = {"mau", "mau_at_model_release", "annual_revenue_usd"}

every_row = pytest.mark.parametrize("terms", ROWS, ids=IDS)


def is_valid(license_id: str) -> bool:
    """A current SPDX id (GNU licenses by their base id), or a reference to the LicenseDB or to licscan's own list."""
    if license_id.startswith("LicenseRef-"):
        return re.fullmatch(r"LicenseRef-(scancode|licscan)-[A-Za-z0-9.-]+", license_id) is not None
    exceptions_too = spdx.index().exceptions.values()
    return license_id in exceptions_too or any(spdx.is_current(license_id + ending) for ending in ("", "-only"))


def is_row(license_id: str) -> bool:
    return terms_of(license_id).known


def test_there_are_rows_for_what_people_meet() -> None:
    assert len(ROWS) >= 300


@every_row
def test_ids_are_valid(terms: Terms) -> None:
    assert is_valid(terms.base)


def test_no_name_has_two_rows() -> None:
    names = [
        name
        for table in load_folder("terms").values()
        for id_, row in table.items()
        if isinstance(row, dict)
        for name in (id_, *row.get("also", ()))
    ]
    assert len(names) == len(set(names))
    assert all(is_valid(name) and terms_of(name).known for name in names)


@every_row
def test_words_are_known(terms: Terms) -> None:
    assert terms.class_ in CLASSES
    assert set(terms.flags) <= set(FLAGS)
    assert all(clause.strip() for clause in terms.flags.values())
    assert terms.basis
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", terms.date)


NO_SOURCE_DUTY = {"MS-PL", "SISSL", "LPL-1.02"}
"""Weak copyleft of source copies only: binaries may go out without source."""


@every_row
def test_source_fits_the_class(terms: Terms) -> None:
    if terms.class_ in COPYLEFT - {"network"}:
        assert (terms.source is not None) == (terms.base not in NO_SOURCE_DUTY)
    if terms.class_ == "network":
        assert terms.network
        assert terms.source
    if terms.class_ in ("permissive", "public-domain"):
        assert terms.network is None
        assert terms.source is None or terms.source.scope == "pointer"
    if terms.source:
        assert terms.source.scope in SCOPES
        assert terms.source.trigger in ("convey", "deploy")
        assert terms.source.clause
    if terms.network:
        assert terms.network.when in ("modified", "service", "use")
        assert terms.network.clause


@every_row
def test_conditions_are_known(terms: Terms) -> None:
    for condition in terms.conditions:
        assert condition.kind in CONDITIONS
        assert condition.clause.strip()
        assert condition.trigger in ("convey", "deploy")
        if condition.kind == "threshold":
            assert condition.fact in FACTS
            assert condition.limit
            assert condition.limit > 0
        else:
            assert condition.limit is None
    kinds = {condition.kind for condition in terms.conditions}
    if terms.class_ == "noncommercial":
        assert "noncommercial" in kinds
    for flag, kind in (("TH", "threshold"), ("NS", "not-sold-alone"), ("ND", "no-modification")):
        assert terms.has(flag) == (kind in kinds), flag


@every_row
def test_directions_name_known_rows(terms: Terms) -> None:
    if terms.into:
        assert terms.into.clause
        assert all(is_row(license_id) for license_id in (*terms.into.licenses, *terms.into.through))
        assert bool(terms.into.through) == bool(terms.into.steps)
        named = (*terms.into.licenses, *terms.into.through)
        assert all(spdx.validate(license_id) == () for license_id in named)
    if terms.gpl:
        assert {terms.gpl.v2, terms.gpl.v3} <= {"yes", "no", "disputed", "unsettled"}
        assert terms.gpl.authority
        assert "{license}" in terms.gpl.note or not terms.gpl.note
        # of content it says something: else whether it may be merged into code is asked
        says = (terms.gpl.v2, terms.gpl.v3) != ("yes", "yes") or terms.class_ == CONTENT
        assert says, "a row that says nothing"


@every_row
def test_later_versions_are_rows_of_one_family(terms: Terms) -> None:
    if terms.later is None:
        return
    assert is_row(terms.later.license)
    assert terms.later.by in ("text", "statement")
    assert terms.later.clause
    family = versions(terms.base)
    assert len(set(family)) == len(family)
    assert [_version(name) for name in family] == sorted(_version(name) for name in family)
    assert len({terms_of(name).class_ for name in family}) <= 2


def _version(license_id: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", license_id))


@pytest.mark.parametrize("addition", exceptions().values(), ids=lambda addition: addition.id)
def test_exceptions(addition: object) -> None:
    row = load_toml("exceptions.toml")[addition.id]  # type: ignore[attr-defined]
    names = [addition.id, *row.get("also", ())]  # type: ignore[attr-defined]
    known = set(spdx.index().exceptions.values())
    assert all(name in known or name.startswith("LicenseRef-scancode-") for name in names)
    assert row["effect"] in EFFECTS
    assert row["clause"]
    assert row["basis"]
    assert ("permits" in row) == (row["effect"] in ("named", "patent"))
    assert all(is_row(license_id) for license_id in row.get("permits", ()))
    assert set(row.get("lifts", ())) <= set(FLAGS)


@pytest.mark.parametrize(
    ("license_id", "base", "or_later"),
    [
        ("GPL-2.0-only", "GPL-2.0", False),
        ("GPL-2.0-or-later", "GPL-2.0", True),
        ("GPL-2.0+", "GPL-2.0", True),
        ("GPL-2.0", "GPL-2.0", False),
        ("LGPL-2.1-or-later", "LGPL-2.1", True),
        ("Apache-2.0+", "Apache-2.0", True),
        ("MIT", "MIT", False),
        ("mit", "MIT", False),
    ],
)
def test_every_way_to_write_a_license(license_id: str, base: str, or_later: bool) -> None:
    terms = terms_of(license_id)
    assert (terms.license, terms.base, terms.or_later, terms.known) == (license_id, base, or_later, True)


def test_an_exception_is_part_of_the_terms() -> None:
    terms = terms_of("GPL-2.0-or-later WITH Classpath-exception-2.0")
    assert (terms.base, terms.or_later) == ("GPL-2.0", True)
    assert terms.addition
    assert terms.addition.effect == "library"


def test_an_exception_lifts_duties() -> None:
    bare, lifted = terms_of("LGPL-3.0-only"), terms_of("LGPL-3.0-only WITH LGPL-3.0-linking-exception")
    assert set(bare.flags) - set(lifted.flags) == {"RL", "II"}


@pytest.mark.parametrize(
    ("license_id", "base", "exception"),
    [
        ("GPL-2.0-with-classpath-exception", "GPL-2.0", "Classpath-exception-2.0"),
        ("eCos-2.0", "GPL-2.0", "eCos-exception-2.0"),
        ("bzip2-1.0.5", "bzip2-1.0.6", ""),
        ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views", ""),
        ("MPL-2.0 WITH MPL-2.0-no-copyleft-exception", "MPL-2.0-no-copyleft-exception", ""),
    ],
)
def test_retired_ids_are_read_as_what_replaced_them(license_id: str, base: str, exception: str) -> None:
    terms = terms_of(license_id)
    assert (terms.license, terms.base, terms.exception, terms.known) == (license_id, base, exception, True)


def test_an_unknown_exception_is_named_and_lifts_nothing() -> None:
    terms = terms_of("GPL-2.0-only WITH AdditionRef-mine")
    assert (terms.addition, terms.exception, terms.class_) == (None, "AdditionRef-mine", "strong")


@pytest.mark.parametrize(
    ("license_id", "class_"),
    [
        ("LicenseRef-scancode-geant4-sl-1.0", "permissive"),
        ("NTIA-PD", "public-domain"),
        ("LicenseRef-scancode-xmos-commercial-2017", "proprietary"),
        ("LicenseRef-nobody-knows", "unknown"),
        ("NOASSERTION", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_license_without_a_row_is_not_known(license_id: str, class_: str) -> None:
    terms = terms_of(license_id)
    assert (terms.class_, terms.known, terms.conditions) == (class_, False, ())
    assert bool(terms.flags) == (class_ == "permissive")


@given(st.text(max_size=60))
def test_any_text_has_terms(text: str) -> None:
    assert terms_of(text).license == text


DIFFERENCES: dict[str, tuple[str, str]] = {
    "Artistic-2.0": ("+TM", "12"),
    "IJG": ("+NE", "the paragraph after the conditions"),
    "W3C": ("+NE", "Disclaimers"),
    "AFL-3.0": ("+AT", "6 asks modified sources for an Attribution Notice"),
    "OSL-3.0": ("+NE", "4, as in the AFL"),
    "FTL": ("+NE", "3"),
    "BUSL-1.1": ("-CN", "the text asks to display the license, not for notices"),
    "Elastic-2.0": ("+SC", "Notices, second paragraph"),
    "LicenseRef-scancode-rsalv2": ("+PG +PR +SC +TM", "the same sections as in the Elastic license"),
    "LicenseRef-scancode-commons-clause": ("+CN", "its notice goes along with every notice of the license"),
    "ODbL-1.0": ("+CN +LC", "4.2(b) and (c)"),
    "CC-BY-3.0": ("+SC", "3(b)"),
    "CC-BY-ND-4.0": ("+SC", "3(a)(1)(B) stands there too: format changes are allowed"),
    "CC-BY-NC-ND-4.0": ("+SC", "3(a)(1)(B) stands there too: format changes are allowed"),
    "LicenseRef-scancode-llama-3.1-license-2024": ("+CN +PR", "1(b)(iii) Notice file, 5(c)"),
    "LicenseRef-scancode-llama-4-license-2025": ("+CN +PR", "1(b)(iii) Notice file, 5(c)"),
    "LicenseRef-scancode-qwen-2024": ("+CN +PR", "3(c) Notice file, 6(c)"),
    "LicenseRef-scancode-gemma-tou-2025-03-24": ("+CN", "3.1 Notice file"),
    "LicenseRef-scancode-bigscience-open-rail-m": ("+CN", "4(d)"),
    "LicenseRef-scancode-deepseek-la-1.0": ("+CN", "4(d)"),
    "LicenseRef-scancode-stability-ai-community-2024": ("+CN +PR +SC +TM", "IV(a), IV(c)(i) and (iv)"),
}
"""Where the texts say something else than the collected obligations, and which clause it is."""

CLASS_NAMES = {
    "perm": "permissive",
    "pd": "public-domain",
    "weak-lib": "weak-library",
    "sa": "source-available",
    "nc": "noncommercial",
}


def test_the_collected_obligations_are_covered(shared: Path) -> None:
    told = json.loads((shared / "legal" / "obligations.json").read_text(encoding="utf-8"))["licenses"]
    for row in told:
        terms = terms_of(row["id"])
        assert terms.known, row["id"]
        assert terms.class_ == CLASS_NAMES.get(row["klass"], row["klass"]), row["id"]
        more = [f"+{flag}" for flag in sorted(set(terms.flags) - set(row["flags"]))]
        less = [f"-{flag}" for flag in sorted(set(row["flags"]) - set(terms.flags))]
        assert " ".join(more + less) == DIFFERENCES.get(row["id"], ("", ""))[0], row["id"]


def test_the_heads_say_where_the_tables_come_from() -> None:
    for path in (*sorted((data_folder() / "terms").glob("*.toml")), data_folder() / "exceptions.toml"):
        head = path.read_text(encoding="utf-8").partition("\n[")[0]
        for word in ("Source:", "Version", "2026-", "License of this table: Apache-2.0", "Not legal advice"):
            assert word in head, (path.name, word)


def test_the_command_line_starts_without_the_tables() -> None:
    code = "import sys; import licscan.cli; sys.exit('licscan.law.terms' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
