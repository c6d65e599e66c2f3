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
