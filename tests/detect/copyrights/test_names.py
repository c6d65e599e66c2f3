"""Names that look like something else: surnames that are words, companies in lower case, links, readme sections."""

from __future__ import annotations

import pytest

from licscan.detect.copyrights import find_copyrights

NAMES = [
    ("Copyright (c) 2015 Brian May", "Brian May"),
    ("Copyright (c) 2015 Brian May <b@x.example>", "Brian May"),
    ("Copyright (c) 2015 Brian May. All rights reserved.", "Brian May"),
    ("Copyright (c) 2015 Brian May\nPermission is hereby granted", "Brian May"),
    ("Copyright 2020 Alice Will, Bob Can and Carol Must", "Alice Will, Bob Can and Carol Must"),
    ("Copyright 2020 Will McExample", "Will McExample"),
    ("Copyright (c) 2016 May, Theodora", "May, Theodora"),
    ("Copyright 2012 Jane March", "Jane March"),
    ("Copyright 2014 August Example and June Example", "August Example and June Example"),
    # a sentence goes on: the word is none of the name
    ("Copyright 2015 Brian Example May be used by all", "Brian Example"),
    ("Copyright 2015 Brian Example\nMay be used by all", "Brian Example"),
    ("Copyright 2015 Widgets Inc. May be used by all", "Widgets Inc."),
    ("Copyright npm, Inc.", "npm, Inc."),
    ("Copyright npm, Inc. and contributors", "npm, Inc. and contributors"),
    ("# Copyright widgets gmbh\n# more", "widgets gmbh"),
    ("Copyright example-lib authors", "example-lib authors"),
    ("Copyright (c) 2015-20 [these people](https://x.example/all)", "these people"),
    ("Copyright 2016 @janedoe", "janedoe"),
    ("Copyright 2016 [@janedoe](https://x.example/janedoe)", "janedoe"),
    ("Released under MIT. (c) [Jane Doe](jane.example)", "Jane Doe"),
    ("Copyright (c) [Jane Doe](../AUTHORS.md) 2014", "Jane Doe"),
    ("MIT © [Jane Doe](https://jane.example/a_(b))", "Jane Doe"),
]

NONE = [
    "Copyright violations by contributors",
    "Copyright infringement, Inc. is a bad name",
    "the copyright widgets gmbh claims",
    "Copyright npm",
    "Copyright belongs to contributors",
    "copyright npm, Inc. in prose",
]

SECTIONS = [
    ("# X\n\n## Copyright\n\nJane Doe, 2014\n", "Jane Doe", "2014", 3, 5),
    ("Copyright\n=========\n\n2014-2016 [Jane Doe](https://jane.example)\n", "Jane Doe", "2014-2016", 1, 4),
    ("## License & Copyright\n\n2015-present, Acme Ltd\n\nmore", "Acme Ltd", "2015-present", 1, 3),
    ("## Copyright\n\nCopyright (c) 2014 Jane Doe.\n", "Jane Doe", "2014", 3, 3),
    ("## Copyright\n\n© 2014 Jane Doe\n", "Jane Doe", "2014", 3, 3),
    ("## Copyright\nCopyright (C) 2012-2016 [Jane Doe](https://x.example/j)\n", "Jane Doe", "2012-2016", 2, 2),
]


@pytest.mark.parametrize(("text", "holder"), NAMES)
def test_a_name(text: str, holder: str) -> None:
    (found,) = find_copyrights(text)[0]
    assert found.holder == holder


@pytest.mark.parametrize("text", NONE)
def test_no_name(text: str) -> None:
    assert find_copyrights(text)[0] == ()


@pytest.mark.parametrize(("text", "holder", "years", "start", "end"), SECTIONS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_section(text: str, holder: str, years: str, start: int, end: int, ends: str) -> None:
    (found,) = find_copyrights(text.replace("\n", ends))[0]
    assert (found.holder, found.years, found.start_line, found.end_line) == (holder, years, start, end)


@pytest.mark.parametrize(
    "text",
    [
        "## Copyright\n\nIn 2014 we moved.\n",
        "## Copyright\n\nThe rules of copyright since 2014\n",
        "## Copyright",
        "## Copyright\n\n\n",
        "Copyright\n\nJane Doe, 2014",
        "## Copyright\n\n\n\n\n\nJane Doe, 2014",
        "## Copyright\n\n" + "word " * 40 + "2014\n",
    ],
)
def test_no_section(text: str) -> None:
    assert find_copyrights(text)[0] == ()


def test_sections_alike_keep_their_own_lines() -> None:
    """What was read once is told again, here with another number of empty lines between."""
    text = "## Copyright\n\nJane Doe, 2014\n\n\n## Copyright\n\n\nJane Doe, 2014\n"
    for _time in range(2):
        assert [(one.start_line, one.end_line) for one in find_copyrights(text)[0]] == [(1, 3), (6, 9)]


def test_headings_without_end_take_linear_time() -> None:
    """Every heading looks at one line below it."""
    text = "## Copyright\n" + "-" * 50_000 + "\n## Copyright\n\n" * 5_000
    assert find_copyrights(text)[0] == ()
