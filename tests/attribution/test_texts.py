"""Texts as they are carried: nothing but line ends and trailing blanks is touched, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.attribution.reference import asks_for_holder, text_of
from licscan.attribution.texts import body_of, holds_text, plain, words_of

MIT = text_of("MIT") or ""
LINES = st.sampled_from(
    [
        "MIT License",
        "The ISC License",
        "",
        "  ",
        "Copyright (c) 2020 Ada Example",
        "(c) 2019 Bob",
        "All rights reserved.",
        "Permission is hereby granted",
        "Copyright 2001 by somebody who",
        "版权所有 2020 某公司",
        "=====",
        "THE SOFTWARE IS PROVIDED",
    ]
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_trailing_blanks_make_no_difference(end: str) -> None:
    shown = plain(f"\ufeff{end}MIT License  {end}{end}  Permission\t{end}")
    assert shown == "MIT License\n\n  Permission"


def test_a_usual_text_is_told_apart() -> None:
    body = body_of(f"The MIT License (MIT)\n\nCopyright (c) 2014 Ada\nCopyright (c) 2016 Bob\n\n{MIT}")
    assert body.lead == "The MIT License (MIT)"
    assert body.statements == ("Copyright (c) 2014 Ada", "Copyright (c) 2016 Bob")
    assert body.rest == MIT


def test_all_rights_reserved_belongs_to_the_statement() -> None:
    body = body_of("Copyright (c) 2014 Ada\nAll rights reserved.\n\nRedistribution and use")
    assert body.statements == ("Copyright (c) 2014 Ada", "All rights reserved.")


@pytest.mark.parametrize(
    "text",
    [
        "Some words of its own.\n\nCopyright (c) 2014 Ada\n\nPermission is granted",
        "Copyright (c) 2014 Ada, who wrote this\nin a long winter.\n\nPermission is granted",
        "Copyright (c) 2014 Ada",
        "x" * 5_000,
    ],
)
def test_another_order_stays_whole(text: str) -> None:
    body = body_of(text)
    assert (body.lead, body.statements, body.rest) == ("", (), text)


@given(st.lists(LINES, max_size=50))
def test_nothing_is_lost(lines: list[str]) -> None:
    body = body_of("\n".join(lines))
    told = [*body.lead.split("\n"), *body.statements, *body.rest.split("\n")]
    assert [line.strip() for line in told if line.strip()] == [line.strip() for line in lines if line.strip()]


def test_the_words_are_those_of_a_bundle() -> None:
    assert words_of("/* Permission is\n * hereby GRANTED. */") == words_of("Permission is hereby granted")


def test_a_text_is_known_by_its_words() -> None:
    assert holds_text(f"Copyright (c) 2020 Ada\n\n{MIT}", MIT)
    assert holds_text("\n".join(f" * {line}" for line in MIT.split("\n")), MIT)
    assert not holds_text("This is under the MIT license.", MIT)
    assert not holds_text(text_of("ISC") or "", MIT)


def test_texts_of_the_licensedb() -> None:
    assert (text_of("Apache-2.0") or "").startswith("  ")
    assert "GENERAL PUBLIC LICENSE" in (text_of("GPL-2.0-or-later") or "")
    classpath = text_of("GPL-2.0-only WITH Classpath-exception-2.0") or ""
    assert "independent modules" in " ".join(classpath.split())
    assert "TERMS AND CONDITIONS" in classpath
    assert text_of("LicenseRef-nobody-knows") is None


@pytest.mark.parametrize(
    ("license_id", "asks"), [("MIT", True), ("BSD-3-Clause", True), ("ISC", True), ("MPL-2.0", False)]
)
def test_licenses_that_mean_little_without_a_holder(license_id: str, asks: bool) -> None:
    assert asks_for_holder(license_id) is asks
