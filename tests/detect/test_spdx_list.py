"""The SPDX list of the day: every identifier is known in every part, whatever stands where."""

from __future__ import annotations

import pytest

from licscan.base.tables import load_toml
from licscan.detect.engine import Detector
from licscan.detect.listed import digest_of_text, listed_text
from licscan.licenses import spdx
from licscan.licenses.licensedb import key_of, license_text, to_spdx
from licscan.licenses.statements import read_license

NAMES = load_toml("spdx_names.toml")
LICENSES = sorted(NAMES["licenses"])
EXCEPTIONS = sorted(NAMES["exceptions"])


def test_no_identifier_is_lacking() -> None:
    """What license-expression has and what the table adds is exactly the list."""
    known = spdx.index()
    assert sorted(known.licenses.values()) == LICENSES
    assert sorted(known.exceptions.values()) == EXCEPTIONS


def test_the_table_adds_only_what_is_new() -> None:
    """A row that license-expression has too can go."""
    from license_expression import get_license_index

    bundled = {entry["spdx_license_key"] for entry in get_license_index()}
    table = load_toml("spdx_list.toml")
    assert not bundled & {*table["licenses"], *table["exceptions"]}
    assert {*table["keys"].values(), *table["joined"].values()} <= {*LICENSES, *EXCEPTIONS}


def test_identifiers_and_keys_lead_to_each_other() -> None:
    for license_id in LICENSES:
        assert to_spdx(key_of(license_id) or license_id) == license_id
        assert read_license(license_id).expression == license_id


@pytest.mark.parametrize("start", range(0, len(LICENSES), 100))
def test_one_identifier_for_tag_field_and_name(detector: Detector, start: int) -> None:
    """A tag, a field and, where it tells, the name in a sentence say the same."""
    for license_id in LICENSES[start : start + 100]:
        for name, text in (
            ("w.c", f"/* SPDX-License-Identifier: {license_id} */\n"),
            ("package.json", f'{{"name": "w", "license": "{license_id}"}}\n'),
            ("pom.xml", f"<licenses><license><name>{license_id}</name></license></licenses>\n"),
        ):
            assert detector.detect(text.encode(), name).expression == license_id, text
        if " " in NAMES["licenses"][license_id]:
            sentence = f"This project is licensed under the {NAMES['licenses'][license_id]}.\n"
            assert detector.detect(sentence.encode(), "README").expression == license_id, sentence


def test_exceptions_in_tags(detector: Detector) -> None:
    for name in EXCEPTIONS:
        text = f"// SPDX-License-Identifier: GPL-2.0-or-later WITH {name}\n"
        assert detector.detect(text.encode()).expression == f"GPL-2.0-or-later WITH {name}"


@pytest.mark.parametrize(
    ("key", "license_id"),
    [
        ("mulanpsl-2.0-en", "MulanPSL-2.0"),
        ("cecill-2.1-fr", "CECILL-2.1"),
        ("cecill-b-en", "CECILL-B"),
        ("d-fsl-1.0-en", "D-FSL-1.0"),
        ("dl-de-by-2-0-en", "DL-DE-BY-2.0"),
        ("ogl-canada-2.0-fr", "OGL-Canada-2.0"),
        ("unrar", "UnRAR"),
        ("wordnet", "WordNet"),
        ("bsd-axis-nomod OR gpl-1.0-plus", "BSD-Source-alt-GPL"),
    ],
)
def test_twins_and_newer_identifiers(key: str, license_id: str) -> None:
    assert to_spdx(key) == license_id


@pytest.mark.parametrize("key", ["apache-2.0", "gpl-2.0", "mpl-2.0", "zlib"])
def test_a_listed_text_is_known_by_its_words(key: str) -> None:
    """Whoever holds the copyright, however it is wrapped and marked; one word more makes it another text."""
    text = license_text(key)
    known = listed_text(text)
    assert known is None or known == to_spdx(key)
    wrapped = "\n".join(f" * {line}" for line in f"Copyright (c) 2031 Widget Ltd\n{text}".split("\n"))
    assert digest_of_text(wrapped) == digest_of_text(text)
    assert digest_of_text(f"{text} not") != digest_of_text(text)
