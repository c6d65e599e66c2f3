"""First names that are also words that end a holder: Will, May."""

from __future__ import annotations

import pytest

from licscan.detect.copyrights import find_copyrights

TEXT = "\n\nPermission is hereby granted, free of charge, to any person"


@pytest.mark.parametrize("first", ["Will", "May", "Can"])
@pytest.mark.parametrize("last", ["Smithson", "McGugan", "MacDonald", "O'Neil", "DeVito"])
def test_they_begin_a_name(first: str, last: str) -> None:
    (found,), _authors = find_copyrights(f"Copyright (c) 2020 {first} {last}{TEXT}")
    assert found.holder == f"{first} {last}"


@pytest.mark.parametrize("text", ["Copyright 2020 Acme May NOT be used", "Copyright 2020 Acme WILL NOT be liable"])
def test_as_verbs_they_end_one(text: str) -> None:
    (found,), _authors = find_copyrights(text + TEXT)
    assert found.holder == "Acme"


@pytest.mark.parametrize("name", ["Will Smithson", "May O'Neil", "Can Yilmaz"])
def test_without_a_year_they_are_all_of_the_line(name: str) -> None:
    (found,), _authors = find_copyrights(f"Copyright {name}{TEXT}")
    assert found.holder == name


@pytest.mark.parametrize("text", ["Copyright May Be Claimed By Others", "Copyright Will Be Enforced"])
def test_as_verbs_they_begin_no_statement(text: str) -> None:
    assert find_copyrights(text + TEXT) == ((), ()) or not find_copyrights(text + TEXT)[0]


@pytest.mark.parametrize(
    ("below", "holder"),
    [
        ("Ann Example (ann@mail.example)\nBob Sample (bob@mail.example)", "Ann Example Bob Sample"),
        ("  * Ann Example <ann@mail.example>\n  * Bob Sample", "Ann Example Bob Sample"),
        ("Acme Chat Ltd.", "Acme Chat Ltd."),
        ("All rights reserved.", ""),
        ("The people listed below hold rights.", ""),
    ],
)
def test_holders_stand_below_their_years(below: str, holder: str) -> None:
    (found,), _authors = find_copyrights(f"Copyright (c) 2011-2014:\n{below}{TEXT}")
    assert found.holder == holder
    assert found.years == "2011-2014"
