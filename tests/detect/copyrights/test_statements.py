"""Single statements, and what is none."""

from __future__ import annotations

import pytest

from licscan.detect.copyrights import find_copyrights

ONE = [
    ("/* Copyright (c) 2001-2003, 2005 Foo Bar Inc. */", "Foo Bar Inc.", "2001-2003, 2005"),
    ("# Copyright 2019 Jane Doe <jane@doe.example>", "Jane Doe", "2019"),
    ("<p>&copy; 2020 The Widget Authors. All rights reserved.</p>", "The Widget Authors", "2020"),
    ('.\\" Copyright \\(co 1998 Ann Example', "Ann Example", "1998"),
    (
        " * Copyright (C) 1992, 1993\n *  The Regents of Somewhere.  All rights reserved.",
        "The Regents of Somewhere",
        "1992, 1993",
    ),
    ("// SPDX-FileCopyrightText: 2022 Ann Example <ann@x.example>", "Ann Example", "2022"),
    ('[assembly: AssemblyCopyright("Copyright © Contoso Ltd. 2011")]', "Contoso Ltd.", "2011"),
    ("Started by Ann Example, Copyright (C) 2001", "Ann Example", "2001"),
    ("Copyright: 2004 Ann Example <ann@x.example>", "Ann Example", "2004"),
    ("Portions Copyright (C) 2000 Widget Systems, Inc. under the terms", "Widget Systems, Inc.", "2000"),
]

NONE = [
    "The above copyright notice and this permission notice shall be included in all copies.",
    "IN NO EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE",
    "int toupper(c) { return foo(c) + 1; }",
    "(a) one; (b) two; (c) you must give the recipients a copy",
    "under applicable copyright law",
]


@pytest.mark.parametrize(("text", "holder", "years"), ONE)
def test_one_statement(text: str, holder: str, years: str) -> None:
    statements, _ = find_copyrights(text)
    assert [(found.holder, found.years) for found in statements] == [(holder, years)]


@pytest.mark.parametrize("text", NONE)
def test_no_statement(text: str) -> None:
    assert find_copyrights(text)[0] == ()
