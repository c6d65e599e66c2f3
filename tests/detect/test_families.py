"""Names of source-available licenses, models, fonts, media and SDK terms; licenses of later days; unknown versions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from licscan.base.tables import load_toml
from licscan.detect.engine import Detector
from licscan.detect.families import spelled, texts_of, with_version
from licscan.detect.library import keys_of
from licscan.detect.parameters import read_parameters
from licscan.detect.tokenizer import words_of
from licscan.law.terms import PERMISSIVE, PUBLIC_DOMAIN, terms_of
from licscan.licenses import spdx
from licscan.licenses.licensedb import is_key, license_text

CASES = Path(__file__).parents[1] / "cases" / "families"
ROWS = list(texts_of(load_toml("own_families.toml")["family"]))
OWN = {row["key"]: row for row in load_toml("own_licenses.toml")["license"]}


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def said(detector: Detector, text: str) -> list[str]:
    """The licenses that are found in a text, in order of their names."""
    found = detector.detect(text.encode(), "NOTICE").expression
    return sorted(set(spdx.licenses_of(found))) if found else []


STATEMENTS = [
    pytest.param(row, id=f"{name}-{at}") for name in ("seen", "unseen") for at, row in enumerate(rows(f"{name}.jsonl"))
]
"""Written before any code read them; half of them were only looked at when it was done."""


@pytest.mark.parametrize("row", STATEMENTS)
def test_statements(detector: Detector, row: dict[str, list[list[str]]]) -> None:
    assert said(detector, str(row["text"])) in row["accept"]


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("A", ("A",)),
        ("A (B|C)", ("A B", "A C")),
        ("A [B|C] D", ("A D", "A B D", "A C D")),
        ("A [B (C|D)]", ("A", "A B C", "A B D")),
        ("X ~", ("X License", "X Licence")),
    ],
)
def test_patterns(pattern: str, texts: tuple[str, ...]) -> None:
    assert spelled(pattern) == texts


@pytest.mark.parametrize("pattern", ["A (B", "A B)", "A [B)", "A (B]"])
def test_brackets_need_their_partner(pattern: str) -> None:
    with pytest.raises(ValueError, match=re.escape(pattern)):
        spelled(pattern)


def test_versions_stand_before_and_behind() -> None:
    assert "version 2 of the X License" in with_version("X License", "2")
    assert "木兰宽松许可证 第二版" in with_version("木兰宽松许可证", "2")
    assert "X License 第2版" not in with_version("X License", "2")


def test_every_license_is_known() -> None:
    assert {key for expression, _text, _row in ROWS for key in keys_of(expression) if not is_key(key)} == set()


def test_no_words_say_two_licenses() -> None:
    told: dict[tuple[str, ...], set[str]] = {}
    for expression, text, _row in ROWS:
        told.setdefault(tuple(words_of(text)), set()).add(expression)
    assert {words: keys for words, keys in told.items() if len(keys) > 1} == {}


def test_names_are_no_common_words() -> None:
    short = {text for _expression, text, _row in ROWS if len(words_of(text)) == 1}
    assert all(re.search(r"\d|[A-Z]{3}|[a-z][A-Z]", text) for text in short), short


def test_judgement_knows_each_or_leaves_it_open() -> None:
    """None of what restricts passes as permissive for want of a row."""
    free = {"Permissive", "Public Domain"}
    for expression in {expression for expression, _text, _row in ROWS} | set(OWN):
        for key in keys_of(expression):
            terms = terms_of(OWN[key]["spdx"]) if key in OWN else None
            if terms is not None and OWN[key]["category"] not in free:
                assert terms.class_ not in (PERMISSIVE, PUBLIC_DOMAIN), key


@pytest.mark.parametrize(
    ("license_id", "kind"),
    [
        ("LicenseRef-licscan-cc-by-nc", "noncommercial"),
        ("LicenseRef-licscan-cc-by-nc-sa-2.5-ca", "noncommercial"),
        ("CC-BY-NC-3.0-DE", "noncommercial"),
        ("LicenseRef-scancode-cc-by-nc-sa-3.0-us", "noncommercial"),
        ("LicenseRef-licscan-cc-by-nd-2.1-jp", "no-modification"),
        ("CC-BY-NC-1.0", "noncommercial"),
    ],
)
def test_ports_ask_what_their_elements_ask(license_id: str, kind: str) -> None:
    terms = terms_of(license_id)
    assert terms.license == license_id
    assert kind in [condition.kind for condition in terms.conditions]


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "licenses"),
    [
        ("Llama 4 Community License", ["LicenseRef-licscan-llama-4-community"]),
        ("PolyForm Shield License 9.0.0", ["LicenseRef-scancode-unknown-license-reference"]),
        ("Confluent Community License 2.0", ["LicenseRef-scancode-unknown-license-reference"]),
        ("Hippocratic License 7", ["LicenseRef-licscan-hippocratic"]),
        ("Hippocratic License. Hippocratic License 2.1.", ["Hippocratic-2.1"]),
        ("Elastic License\n\nElastic License 2.0", ["Elastic-2.0"]),
        ("the elastic, license included", []),
        ("no prosperity license plates", []),
        ("Mozilla Public License v. 1.1", ["MPL-1.1"]),
        ("Eclipse Public License 1.0.0", ["EPL-1.0"]),
        ("Eclipse Public License (EPL) 3.0", ["LicenseRef-scancode-unknown-license-reference"]),
        ("Eclipse Public License 3.1.4", ["LicenseRef-scancode-unknown-license-reference"]),
        ("Open Software License 2.0.1", ["LicenseRef-scancode-unknown-license-reference"]),
        ("MPL 2.0.1", ["LicenseRef-scancode-unknown-license-reference"]),
        ("needs Apache 2.4 or Python 2.7.3", []),
        ("under the Apache License\n\n 1. the first point", ["Apache-2.0"]),
    ],
)
def test_a_name_says_no_other_version(detector: Detector, text: str, licenses: list[str]) -> None:
    assert said(detector, text) == licenses


def test_the_title_tells_of_a_text(detector: Detector) -> None:
    llama = re.sub("(?i)llama 2", "Llama 4", license_text("llama-2-license-2023"))
    assert said(detector, llama) == ["LicenseRef-licscan-llama-4-community"]
    rail = license_text("bigscience-open-rail-m").replace(
        "BigScience Open RAIL-M License", "DEEPSEEK LICENSE AGREEMENT"
    )
    assert said(detector, rail) == ["LicenseRef-licscan-deepseek-model"]


# --- licenses of later days -------------------------------------------------------------------------------------------

BUSL = """Business Source License 1.1

Parameters

Licensor:             Example Chat Ltd.
Licensed Work:        Example Relay 3.4. The Licensed Work is (c) 2025
                      Example Chat Ltd.
Additional Use Grant: You may run it for up to 50 seats.

                      Not as a hosted service.
Change Date:          2029-06-30
Change License:       {change}

For information about alternative licensing arrangements, write to licensing@chat.example.
"""
CHANGES = [
    "Apache License, Version 2.0",
    "GPL version 2 or later",
    "MPL 2.0",
    "MIT License",
    "GNU Affero General Public License v3.0 or later",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_license_is_no_statement(detector: Detector, change: str) -> None:
    assert said(detector, BUSL.format(change=change)) == ["BUSL-1.1"]


@pytest.mark.parametrize("change", ["the Apache License, Version 2.0", "the MIT License", "MPL 2.0"])
@pytest.mark.parametrize(
    "sentence",
    [
        "Under the Business Source License. As of the Change Date, use of it will be governed by {change}.",
        "BUSL-1.1, converts to {change} on 2031-01-01",
        "采用 Business Source License 1.1 授权，变更日期之后转为 {change}。",
    ],
)
def test_nor_is_it_in_a_sentence(detector: Detector, sentence: str, change: str) -> None:
    assert said(detector, sentence.format(change=change)) == ["BUSL-1.1"]


def test_without_the_license_of_today_it_is_unknown(detector: Detector) -> None:
    text = "Change Date: 2030-01-01\nChange License: Apache License, Version 2.0\n"
    assert said(detector, text) == ["LicenseRef-scancode-unknown-license-reference"]


def test_what_holds_beside_it_stays(detector: Detector) -> None:
    text = "The server is under BUSL-1.1. The client library is under the MIT License."
    assert said(detector, text) == ["BUSL-1.1", "MIT"]


def test_parameters() -> None:
    wanted = (
        ("Licensor", "Example Chat Ltd."),
        ("Licensed Work", "Example Relay 3.4. The Licensed Work is (c) 2025 Example Chat Ltd."),
        ("Additional Use Grant", "You may run it for up to 50 seats. Not as a hosted service."),
        ("Change Date", "2029-06-30"),
        ("Change License", "MPL 2.0"),
    )
    text = BUSL.format(change="MPL 2.0")
    assert read_parameters(text) == wanted
    assert read_parameters("\n".join(f"// {line}" for line in text.split("\n"))) == wanted
    assert read_parameters("\n".join(f" * {line}" for line in text.split("\n"))) == wanted
    assert read_parameters("The licensor: nobody") == ()


def test_parameters_are_told_of_the_license_alone(detector: Detector) -> None:
    assert dict(detector.detect(BUSL.format(change="MIT").encode()).parameters)["Change Date"] == "2029-06-30"
    assert detector.detect(b"MIT License\nLicensor: Example").parameters == ()


# --- whole notices ----------------------------------------------------------------------------------------------------


def test_commercial_use_alone_is_no_license(detector: Detector) -> None:
    assert said(detector, "The series supports commercial use.") == []


def test_names_beat_what_resembles_the_words_around_them(detector: Detector) -> None:
    text = (
        'Licensed under the Confluent Community License (the "License"); you may not use this file except in\n'
        "compliance with the License. You may obtain a copy at http://www.confluent.io/confluent-community-license\n"
    )
    assert said(detector, text) == ["LicenseRef-scancode-confluent-community-1.0"]
