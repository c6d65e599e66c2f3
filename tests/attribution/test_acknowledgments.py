"""The sentences that licenses prescribe."""

from __future__ import annotations

import pytest

from licscan.attribution.acknowledgments import sentences_of
from licscan.attribution.reference import text_of
from licscan.base.tables import load_toml
from licscan.law.terms import known_licenses, terms_of

ASKING = [license_id for license_id in known_licenses() if terms_of(license_id).has("AD")]


def said(license_id: str, text: str | None = None, holders: tuple[str, ...] = ("Ada",)) -> list[str]:
    texts = [text_of(license_id) or ""] if text is None else [text]
    sentences, _nameless = sentences_of(license_id, "3", texts, holders, "thing")
    return [sentence.text for sentence in sentences]


@pytest.mark.parametrize("license_id", ASKING)
def test_each_license_that_asks_has_a_sentence(license_id: str) -> None:
    found = said(license_id)
    assert found
    assert all(8 < len(sentence) < 250 for sentence in found)
    assert not any("{" in sentence or "<organization>" in sentence for sentence in found)


def test_a_sentence_is_one_of_the_text() -> None:
    for license_id in ("OpenSSL", "Apache-1.1", "PHP-3.01", "XFree86-1.1", "ZPL-1.1", "IJG"):
        text = " ".join((text_of(license_id) or "").split())
        assert all(sentence in text for sentence in said(license_id)), license_id


def test_openssl_asks_for_three() -> None:
    assert [sentence.split(" (")[0] for sentence in said("OpenSSL")] == [
        "This product includes software developed by the OpenSSL Project for use in the OpenSSL Toolkit.",
        "This product includes cryptographic software written by Eric Young",
        "This product includes software written by Tim Hudson",
    ]


def test_the_text_as_shipped_names_the_organization() -> None:
    text = """
     * 3. All advertising materials mentioning features or use of this software
     *    must display the following acknowledgement:
     *      This product includes software developed by the University of
     *      California, Berkeley and its contributors.
     * 4. Neither the name of the University nor the names
    """
    sentence = (
        "This product includes software developed by the University of California, Berkeley and its contributors."
    )
    assert said("BSD-4-Clause-UC", text) == [sentence]
    assert said("BSD-4-Clause", text) == [sentence]


def test_a_form_gets_the_holder() -> None:
    assert said("BSD-4-Clause") == ["This product includes software developed by Ada."]
    assert said("BSD-4-Clause", holders=("Example Inc.",)) == [
        "This product includes software developed by Example Inc."
    ]


def test_a_form_without_a_holder_is_a_gap() -> None:
    _sentences, nameless = sentences_of("BSD-4-Clause", "3", [""], (), "thing")
    assert nameless


def test_a_license_that_no_row_names_gets_the_general_sentence() -> None:
    assert said("LicenseRef-other", "") == ["This product uses thing, by Ada."]


def test_a_hostile_holder_is_no_place_for_a_name() -> None:
    assert said("BSD-4-Clause", "", ("{component}",)) == ["This product includes software developed by {component}."]


def test_every_row_speaks_of_licenses_that_ask() -> None:
    for row in load_toml("acknowledgments.toml")["acknowledgment"]:
        for license_id in row["licenses"]:
            assert terms_of(license_id).has("AD"), license_id


def test_hostile_texts_take_linear_time() -> None:
    assert said("BSD-4-Clause", "acknowledgement: This product " * 20_000)
    assert said("PHP-3.01", "This product includes PHP software, freely available from <" * 5_000)
