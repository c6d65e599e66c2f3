from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.base.tables import load_toml
from licscan.licenses.spdx import is_current
from licscan.licenses.statements import read_license
from licscan.licenses.texts import digest, normal_words, recognise

OUR_OWN = (Path(__file__).resolve().parents[1] / "LICENSE").read_text(encoding="utf-8")
START = "Apache License"
BODY = OUR_OWN[OUR_OWN.index(START) :]


@pytest.mark.parametrize("heading", ["", "Copyright (c) 2020, A. Person\n\n", "Copyright 2001-2020 Acme Ltd.\n"])
def test_the_plain_text_is_known(heading: str) -> None:
    assert recognise(heading + BODY) == "Apache-2.0"
    assert recognise(" ".join((heading + BODY).upper().split())) == "Apache-2.0"
    reading = read_license(heading + BODY)
    assert (reading.expression, reading.method, reading.standard) == ("Apache-2.0", "text", False)


@pytest.mark.parametrize(
    "text",
    [
        BODY + " You may not sell it.",
        BODY.replace("royalty-free", "royalty-bearing"),
        "Not for commercial use.\n" + BODY,
        "Parts are under the GPL.\n" + BODY,
        "word " * 80 + BODY,
        BODY[:-400],
        "x" * 30_000,
        "",
    ],
)
def test_a_changed_text_is_not(text: str) -> None:
    assert recognise(text) is None
    assert read_license(text).expression is None


def test_words_have_no_case_punctuation_or_item_numbers() -> None:
    assert normal_words("1. The *Software*,\n  (ii) ＡＳ IS") == "the software as is"


def test_the_holder_does_not_count() -> None:
    text = "software is provided by {0} as is in no event shall {0} be liable for it"
    assert digest(text.format("acme and friends")) == digest(text.format("the copyright holders"))
    assert digest(text.format("acme")) != digest(text.format("acme but not commercial users"))


def test_each_digest_is_of_one_current_license() -> None:
    entries = load_toml("license_texts.toml")["text"]
    digests = [found for entry in entries for found in entry["digests"]]
    assert len(digests) == len(set(digests))
    assert all(is_current(entry["license"]) for entry in entries)


def test_a_text_in_a_real_license_field_is_known(shared: Path) -> None:
    lines = (shared / "im" / "truth" / "ambiguous.dev.jsonl").read_text(encoding="utf-8").splitlines()
    fields = [(json.loads(line)["declared"].get("License", ""), json.loads(line)["correct_spdx"]) for line in lines]
    texts = [(raw, correct) for raw, correct in fields if len(raw) > 500]
    assert texts
    for raw, correct in texts:
        assert read_license(raw).expression == correct
