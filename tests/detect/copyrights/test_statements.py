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
    ("Copyright (c) `2018`, `Ann Example <ann@x.example>`", "Ann Example", "2018"),
    ("Copyright (c) `2018-2020` `Widget Systems, Inc.`", "Widget Systems, Inc.", "2018-2020"),
    ("Portions Copyright (C) 2000 Widget Systems, Inc. under the terms", "Widget Systems, Inc.", "2000"),
    ("Copyright 2005 Widget Systems Inc. Widgets are traded in many places.", "Widget Systems Inc.", "2005"),
    ("(C) 2010-present Widget Project contributors", "Widget Project contributors", "2010-present"),
    ("Copyright 1997 to 2008, Free Widget Foundation Europe e.V.", "Free Widget Foundation Europe e.V.", "1997-2008"),
    (
        "Copyright (c) 1998 Free Widget\n   Foundation, Inc.\n59 Some Street, Sometown",
        "Free Widget Foundation, Inc.",
        "1998",
    ),
    ("Copyright 1993,94 Winter & Sons, Ltd.", "Winter & Sons, Ltd.", "1993,94"),
    ("Copyright Ann Example 2001, 2003", "Ann Example", "2001, 2003"),
    ("2013-2019 (c) Ann Example", "Ann Example", "2013-2019"),
    ("Copyright (c) 2011 Jean-Luc d'Example and Tom van der Berg", "Jean-Luc d'Example and Tom van der Berg", "2011"),
    ("Copyright 2012 Ann Example, http://ann.example/, and contributors", "Ann Example, and contributors", "2012"),
    ("(c) 2009 mewp <mewp@x.example>", "mewp", "2009"),
    ("Copyright (c) 2012-2013 [Ann Example](http://ann.example/)", "Ann Example", "2012-2013"),
    ("(C)1999 Paul ``Sandy'' Winter - placed under some terms", "Paul ``Sandy'' Winter", "1999"),
    ("<meta name='copyright' content='copyright 2005-2006 Ann Example'/>", "Ann Example", "2005-2006"),
    ("This software is copyrighted by the Board of Widgets, Example Town.", "the Board of Widgets, Example Town", ""),
    ('Copyright (C) 2001 by Widget Systems, Inc. ("WS")', "Widget Systems, Inc.", "2001"),
    ("%%Copyright: Copyright 1990-2009 Widget Systems Incorporated.", "Widget Systems Incorporated", "1990-2009"),
    ("(C)opyright 2005 by Ivo Example", "Ivo Example", "2005"),
    (
        "/* covered by the same copyright terms, except that\n * the holder is Tim Example (tim@x.example). */",
        "Tim Example",
        "",
    ),
    ("© [Ann Example][author] and Widget.js contributors", "Ann Example and Widget.js contributors", ""),
    ("Copyright (c) 2009 Ann Example <widget.example>", "Ann Example", "2009"),
    ("Copyright (c) 2019 and later, Ann Example and others", "Ann Example and others", "2019 and later"),
    ("Copyright (c) <year> The Widget Project", "The Widget Project", ""),
]

NONE = [
    "The above copyright notice and this permission notice shall be included in all copies.",
    "IN NO EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE",
    "int toupper(c) { return foo(c) + 1; }",
    "(a) one; (b) two; (c) you must give the recipients a copy",
    "under applicable copyright law",
    "a license under the Copyright Act of 1976",
    "count(c) FROM t1 GROUP BY a",
    "static const char copyright[] = LICENSE_TEXT;",
    "Copyright, DateTime, PageName and other tags",
    'lookup("copyright", 140)',
    "a non profit 501(c)(3) corporation",
    "(c) Notices. You must keep all of them.",
    "PROTECTED BY COPYRIGHT AND/OR OTHER APPLICABLE LAW",
    "Copyright and Related Rights in the Work",
]

TEMPLATES = [
    "Copyright (c) <year> <copyright holders>",
    "Copyright [yyyy] [name of copyright owner]",
    "Copyright {year} {fullname}",
    "Copyright (C) yyyy  name of author",
    "Copyright (C) <year>  <name of author>",
    "Copyright (c) YEAR YOUR NAME",
    "Copyright (c) 20XX Your Company",
    "Copyright {{ year }} {{ organization }}",
    "Copyright 2005 M. Y. Name",
    "Copyright (C) ______ ______________________",
    "(c) [year] [fullname]",
]

AUTHORS = [
    (" * @author Ann Example <ann@x.example>", ["Ann Example <ann@x.example>"]),
    ("# Author: Ann Example, Bob Example", ["Ann Example, Bob Example"]),
    ("Author(s): ann, bob@x.example", ["ann, bob@x.example"]),
    ('__author__ = "Ann Example (ann@x.example)"', ["Ann Example (ann@x.example)"]),
    ('{"name": "x", "author": {"name": "Ann Example", "url": "http://ann.example"}}', ["Ann Example"]),
    ("Contributed by Ann Example <ann@x.example>, 1997.", ["Ann Example <ann@x.example>"]),
    ("This product includes software developed by the Widget Foundation", ["the Widget Foundation"]),
    ('"author": "Ann Example (http://ann.example)", "contributors": []', ["Ann Example (http://ann.example)"]),
    ("the authors grant nothing; see AUTHORS", []),
    ("statistics maintained by the caller", []),
    ("// Author: <name> (<e-mail address>)", []),
]


@pytest.mark.parametrize(("text", "holder", "years"), ONE)
def test_one_statement(text: str, holder: str, years: str) -> None:
    statements, _ = find_copyrights(text)
    assert [(found.holder, found.years) for found in statements] == [(holder, years)]


@pytest.mark.parametrize("text", NONE)
def test_no_statement(text: str) -> None:
    assert find_copyrights(text)[0] == ()


@pytest.mark.parametrize("text", TEMPLATES)
def test_unfilled_forms_are_told_apart(text: str) -> None:
    (found,) = find_copyrights(text)[0]
    assert found.template
    assert found.holder == ""


@pytest.mark.parametrize(("text", "authors"), AUTHORS)
def test_authors(text: str, authors: list[str]) -> None:
    assert list(find_copyrights(text)[1]) == authors


@pytest.mark.parametrize("between", ["; ", ", ", " - "])
@pytest.mark.parametrize("done", ["written", "taken", "extracted", "forked", "built", "generated", "recorded", "drawn"])
def test_what_was_done_to_the_work_is_no_name(done: str, between: str) -> None:
    for whence in ("for Paste", "from the Gadget project", "by the Gadget team in Paris"):
        (found,), _authors = find_copyrights(f"Copyright 2015 Ada Lovelace{between}{done} {whence}")
        assert found.holder == "Ada Lovelace"
    (named,), _authors = find_copyrights(f"Copyright 2015 {done.title()} Widgets Ltd")
    assert named.holder.endswith("Widgets Ltd")


def test_several_in_one_text_keep_their_order_and_lines() -> None:
    text = "/*\n * Copyright (c) 2001 Ann Example\n * Copyright (c) 2002-2003 Bob Example\n *   and Carl Example\n */\n"
    statements, _ = find_copyrights(text)
    assert [(found.holder, found.start_line, found.end_line) for found in statements] == [
        ("Ann Example", 2, 2),
        ("Bob Example and Carl Example", 3, 4),
    ]


def test_the_statement_is_as_written_with_its_addresses() -> None:
    (found,) = find_copyrights(" * Copyright (C)  2001   Ann Example\n *   <ann@x.example>.  All rights reserved.\n")[0]
    assert found.statement == "Copyright (C) 2001 Ann Example <ann@x.example>"
