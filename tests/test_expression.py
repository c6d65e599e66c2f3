from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.tables import load_toml
from licscan.licenses.statements import (
    category,
    combine,
    evaluate,
    licenses_of,
    read_classifier,
    read_license,
    read_npm,
    same,
    validate,
)
from tests.growth import assert_linear

CASES = Path(__file__).parent / "cases" / "expression"
TOLD = json.loads((CASES / "told.json").read_text())
OPEN = json.loads((CASES / "open.json").read_text())


@pytest.mark.parametrize(("raw", "expression", "method"), TOLD)
def test_told(raw: str, expression: str, method: str) -> None:
    reading = read_license(raw)
    assert (reading.expression, reading.method) == (expression, method)


FAMILIES = sorted({name for family in load_toml("license_aliases.toml")["family"] for name in family["names"]})


@pytest.mark.parametrize("name", FAMILIES)
def test_the_name_of_a_family_has_readings_that_are_expressions_also_beside_others(name: str) -> None:
    for raw in (name, f"GPLv3+ and {name}"):
        reading = read_license(raw)
        assert not [one for one in (reading.expression, *reading.candidates) if one and validate(one)]


@pytest.mark.parametrize(("raw", "method", "candidates"), OPEN)
def test_stays_open(raw: str, method: str, candidates: list[str]) -> None:
    reading = read_license(raw)
    assert reading.expression is None
    assert (reading.method, list(reading.candidates)) == (method, candidates)


@pytest.mark.parametrize(
    ("raw", "expression", "candidates"),
    [
        ("License :: OSI Approved :: MIT License", "MIT", []),
        ("license::osi approved::mit license", "MIT", []),
        ("License :: OSI Approved :: Apache Software License", "Apache-2.0", []),
        ("License :: OSI Approved :: BSD License", None, ["BSD-2-Clause", "BSD-3-Clause"]),
        ("License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later", []),
        ("License :: OSI Approved", None, []),
        ("License :: OSI Approved :: Mozilla Public License 2.0", "MPL-2.0", []),
        ("License :: Public Domain", "LicenseRef-scancode-public-domain", []),
        ("License :: Other/Proprietary License", "LicenseRef-scancode-proprietary-license", []),
        ("License :: Something New", None, []),
    ],
)
def test_classifier(raw: str, expression: str | None, candidates: list[str]) -> None:
    reading = read_classifier(raw)
    assert (reading.expression, list(reading.candidates)) == (expression, candidates)
    assert not reading.standard


@pytest.mark.parametrize(
    ("raw", "expression", "method", "candidates"),
    [
        ('{"type": "MIT", "url": "https://code.example/LICENSE"}', "MIT", "spdx", []),
        ('{"type": "See below", "url": "https://opensource.org/licenses/ISC"}', "ISC", "url", []),
        ('{"name": "BSD"}', None, "ambiguous", ["BSD-2-Clause", "BSD-3-Clause"]),
        ('["MIT"]', "MIT", "spdx", []),
        ('["MIT", {"type": "mit"}]', "MIT", "spdx", []),
        ('["MIT", "ISC"]', None, "ambiguous", ["MIT AND ISC", "MIT OR ISC"]),
        ('["MIT", "acme"]', None, "unknown", []),
        ("[]", None, "none", []),
        ("{}", None, "none", []),
        ("null", None, "unknown", []),
        ("12", None, "unknown", []),
        ("[[[]]]", None, "unknown", []),
        ("{", None, "unknown", []),
        ("[" * 30_000, None, "unknown", []),
        ('{"type": {"__proto__": 1}}', None, "none", []),
    ],
)
def test_npm(raw: str, expression: str | None, method: str, candidates: list[str]) -> None:
    reading = read_npm(raw)
    assert (reading.expression, reading.method, list(reading.candidates)) == (expression, method, candidates)
    assert not reading.standard


@pytest.mark.parametrize(
    ("piece", "count"), [("a", 1_000_000), ("(", 1_000_000), ("MIT OR ", 150_000), ("MIT/", 9_000), ("see ", 9_000)]
)
def test_garbage_is_unknown_in_a_time_that_grows_with_its_size(piece: str, count: int) -> None:
    assert read_license(piece * count).expression is None
    fresh = itertools.count()  # what was read before is remembered

    def work(size: int) -> Callable[[], object]:
        raw = piece * (size + next(fresh))
        return lambda: read_license(raw)

    assert_linear(work, count)


@pytest.mark.parametrize(
    ("expression", "problems"),
    [
        ("MIT", 0),
        ("(MIT OR (Apache-2.0 AND ISC))", 0),
        ("GPL-2.0-only WITH Classpath-exception-2.0", 0),
        ("Apache-2.0+", 0),
        ("LicenseRef-acme-1.0", 0),
        ("DocumentRef-spdx:LicenseRef-acme", 0),
        ("NONE", 0),
        ("NOASSERTION", 0),
        ("GPL-2.0", 1),
        ("GPL-2.0-only+", 1),
        ("MIT AND", 1),
        ("MIT ISC", 1),
        ("MIT WITH MIT", 1),
        ("Classpath-exception-2.0", 1),
        ("acme OR nobody", 2),
        ("MIT AND NONE", 1),
        ("", 1),
        ("((MIT)", 1),
        ("(MIT))", 1),
        ("(" * 40 + "MIT" + ")" * 40, 1),
    ],
)
def test_validate(expression: str, problems: int) -> None:
    assert len(validate(expression)) == problems


IDS = st.sampled_from(
    ["MIT", "ISC", "GPL-2.0-only", "LicenseRef-a", "GPL-2.0-only WITH Classpath-exception-2.0", "Zlib+"]
)
TREES = st.recursive(
    IDS, lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)), max_leaves=8
)


def written(tree: Any) -> str:
    return tree if isinstance(tree, str) else "(" + f" {tree[0]} ".join(map(written, tree[1])) + ")"


def reordered(tree: Any) -> Any:
    return tree if isinstance(tree, str) else (tree[0], [reordered(part) for part in reversed(tree[1])] + tree[1][:1])


def brute(tree: Any, values: dict[str, int]) -> int:
    if isinstance(tree, str):
        return values[tree]
    found = [brute(part, values) for part in tree[1]]
    return min(found) if tree[0] == "OR" else max(found)


@given(TREES)
def test_written_expressions_are_read_as_they_are(tree: Any) -> None:
    reading = read_license(written(tree))
    assert reading.standard
    assert reading.expression
    again = read_license(reading.expression)
    assert (again.expression, again.standard) == (reading.expression, True)


@given(TREES)
def test_same_does_not_see_order_repetition_or_parentheses(tree: Any) -> None:
    first, second = written(tree), written(reordered(tree))
    assert same(first, first)
    assert same(first, second)
    assert same(second, first)


@given(TREES, TREES, TREES)
def test_same_is_transitive_and_true_only_of_equal_functions(first: Any, second: Any, third: Any) -> None:
    texts = [written(tree) for tree in (first, second, third)]
    if same(texts[0], texts[1]) and same(texts[1], texts[2]):
        assert same(texts[0], texts[2])
    if same(texts[0], texts[1]):
        assert set(licenses_of(texts[0])) == set(licenses_of(texts[1]))


@given(TREES, st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_evaluate_is_true_boolean_evaluation(tree: Any, numbers: list[int]) -> None:
    names = ("MIT", "ISC", "GPL-2.0-only", "LicenseRef-a", "GPL-2.0-only WITH Classpath-exception-2.0", "Zlib+")
    values = dict(zip(names, numbers, strict=True))
    assert evaluate(written(tree), values.__getitem__) == brute(tree, values)


WORDS = st.sampled_from(
    (
        "MIT",
        "BSD",
        "GPL",
        "GPL-2.0",
        "Apache",
        "v3",
        "2.0",
        "License",
        "the",
        "SEE",
        "IN",
        "file",
        "https://",
        "许可证",
        "and",
        "or",
        "with",
        "later",
        "或",
        ",",
        "/",
        "(",
        ")",
        "+",
        "|",
        ".",
        '"',
        "'",
        "\n",
    )
)


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=12).map(" ".join)))
def test_any_text_gives_valid_spdx_or_nothing(raw: str) -> None:
    for reading in (read_license(raw), read_classifier(raw), read_npm(raw), read_npm(json.dumps({"type": raw}))):
        for expression in (reading.expression, *reading.candidates):
            assert expression is None or validate(expression) == ()
        if reading.expression:
            again = read_license(reading.expression)
            assert (again.expression, again.standard) == (reading.expression, True)


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


@pytest.mark.slow
@given(TREES)
def test_the_library_agrees_on_what_is_valid(tree: Any) -> None:
    text = written(tree).replace("LicenseRef-a", "0BSD").replace("Zlib+", "Zlib")
    assert validate(text) == ()
    assert _licensing().validate(text).errors == []


def test_categories() -> None:
    assert category("MIT") == "Permissive"
    assert category("GPL-2.0-only WITH Classpath-exception-2.0") == "Copyleft"
    assert category("Apache-2.0+") == "Permissive"
    assert category("LicenseRef-acme") is None


def test_combine() -> None:
    assert combine("AND", ["MIT", "ISC OR MIT", "mit"]) == "MIT AND (ISC OR MIT)"
    assert combine("OR", ["MIT", "MIT"]) == "MIT"
    with pytest.raises(ValueError, match="nothing"):
        combine("OR", [])


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("MIT -or- Apache License 2.0", "MIT OR Apache-2.0"),
        ("MIT; Copyright (c) 2016-2024 Example Corp.", "MIT"),
    ],
)
def test_odd_statements_of_python_packages(text: str, expression: str) -> None:
    assert read_license(text).expression == expression
