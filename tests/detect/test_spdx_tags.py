"""SPDX tags as people write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.detect.spdx_tags import find_tags, read_tag
from tests.growth import assert_linear

KEYS = {
    "mit": "mit",
    "apache-2.0": "apache-2.0",
    "gpl-2.0": "gpl-2.0",
    "gpl-2.0-only": "gpl-2.0",
    "gpl-2.0+": "gpl-2.0-plus",
    "gpl-2.0-or-later": "gpl-2.0-plus",
    "bsd-3-clause": "bsd-new",
    "classpath-exception-2.0": "classpath-exception-2.0",
    "licenseref-scancode-proprietary-license": "proprietary-license",
}


@pytest.mark.parametrize(
    "text",
    [
        "/* SPDX-License-Identifier: MIT */",
        "// SPDX-License-Identifier: MIT",
        "# spdx-license-identifier:MIT",
        "<!-- SPDX-License-Identifier: MIT -->",
        "<!--SPDX-License-Identifier: MIT--><p>",
        '"""SPDX-License-Identifier: MIT"""',
        "x = 'SPDX-License-Identifier: MIT'",
        "dnl SPDX-Licence-Identifier: MIT",
        "@REM # SPDX License Identifier: MIT",
        "{# SPDX-License-Identifier: MIT #}",
        "(* SPDX-License-Identifier : MIT *)",
        "..SPDX_License_Identifier = MIT",
        '"SPDX-License-Identifier": "MIT", "other": 1',
        "SPDX-License-Identifier: 'MIT'",
        "<comments>SPDX-License-Identifier: MIT</comments>",
        "<licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>",
        "a lot of words in one line /* SPDX-License-Identifier: MIT */ and more",
        "; SPDX-License-Identifier: MIT;",
        "|| SPDX-License-Identifier: MIT ||",
    ],
)
def test_every_comment_style(text: str) -> None:
    (tag,) = find_tags(f"before\n{text}\nafter")
    assert (tag.raw, tag.line, tag.end_line) == ("MIT", 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "Add the line which says SPDX-License-Identifier: MIT to each file",
        "SPDX-License-Identifier:",
        "SPDX-License-Identifier: */",
        "the SPDX-License-Identifier tag",
        "SPDX-License-Identifier: (.*)",
    ],
)
def test_what_is_no_tag(text: str) -> None:
    assert find_tags(text) == ()


def test_a_tag_over_several_lines() -> None:
    text = " * SPDX-License-Identifier: (GPL-2.0-only OR\n *    MIT)\n * AND BSD-3-Clause\n * Some words\n"
    (tag,) = find_tags(text)
    assert tag.raw == "(GPL-2.0-only OR MIT) AND BSD-3-Clause"
    assert (tag.line, tag.end_line) == (1, 3)
    assert text[tag.start : tag.end].endswith("BSD-3-Clause")


def test_several_tags_in_a_file_and_on_a_line() -> None:
    text = (
        "SPDX-SnippetBegin\n# SPDX-License-Identifier: MIT\n# SPDX-SnippetEnd\n"
        "// SPDX-License-Identifier: Apache-2.0 SPDX-License-Identifier: MIT\n"
    )
    assert [(tag.raw, tag.line) for tag in find_tags(text)] == [("MIT", 2), ("Apache-2.0", 4), ("MIT", 4)]


@pytest.mark.parametrize(
    ("raw", "expression"),
    [
        ("MIT", "mit"),
        ("mit", "mit"),
        ("GPL-2.0+", "gpl-2.0-plus"),
        ("Apache-2.0+", "apache-2.0"),
        ("MIT OR Apache-2.0", "mit OR apache-2.0"),
        ("(MIT or Apache-2.0) and BSD-3-Clause", "(mit OR apache-2.0) AND bsd-new"),
        ("((MIT))", "mit"),
        ("GPL-2.0 with Classpath-exception-2.0", "gpl-2.0 WITH classpath-exception-2.0"),
        ("GPL-2.0-with-classpath-exception", "gpl-2.0 WITH classpath-exception-2.0"),
        ("GPL-2.0 WITH Nobody-exception", "gpl-2.0 WITH unknown-spdx"),
        ("(GPL-2.0-ONLY OR (MIT)", "gpl-2.0 AND mit AND unknown-spdx"),
        ("(GPL-2.0-ONLY OR MIT", "gpl-2.0 OR mit"),
        ("GPL-2.0-with-GCC-exception", "gpl-2.0 WITH unknown-spdx"),
        ("GPL-2.0-with-classpath-exception OR MIT", "gpl-2.0 WITH classpath-exception-2.0 OR mit"),
        (
            "GPL-2.0-with-classpath-exception WITH Classpath-exception-2.0",
            "gpl-2.0 WITH classpath-exception-2.0 AND classpath-exception-2.0 AND unknown-spdx",
        ),
        ("GPL-2.0-ONLY OR MIT)", "gpl-2.0 OR mit"),
        ("GPL-2.0+ BSD-3-Clause", "gpl-2.0-plus OR bsd-new"),
        ("Apache 2.0", "apache-2.0"),
        ("GPL 2.0+ BSD-3-Clause", "gpl-2.0-plus OR bsd-new"),
        ("MIT OR (BSD 3 clause)", "mit OR bsd-new"),
        ("MIT, Apache-2.0", "mit OR apache-2.0"),
        ("MIT/Apache-2.0", "mit OR apache-2.0"),
        ("MIT see the file", "mit AND unknown-spdx"),
        ("MIT OR", "mit AND unknown-spdx"),
        ("{some license} WITH Classpath-exception-2.0", "unknown-spdx"),
        ("Nobody-1.0", "unknown-spdx"),
        ("LicenseRef-Nobody", "LicenseRef-Nobody"),
        ("LicenseRef-scancode-proprietary-license", "proprietary-license"),
        ("NONE", "unknown-spdx"),
        ("", "unknown-spdx"),
        ("WITH", "unknown-spdx"),
    ],
)
def test_reading(raw: str, expression: str) -> None:
    assert read_tag(raw, KEYS)[0] == expression


def test_what_is_plain_has_no_note() -> None:
    assert read_tag("MIT OR (GPL-2.0 WITH Classpath-exception-2.0)", KEYS)[1] is None
    for raw in ("MIT Apache-2.0", "Nobody-1.0", "(MIT", "Apache-2.0+", "MIT OR"):
        assert read_tag(raw, KEYS)[1], raw


WORDS = [
    "MIT",
    "GPL-2.0+",
    "Foo",
    "AND",
    "or",
    "WITH",
    "(",
    ")",
    "((",
    ",",
    "/",
    "+",
    "\n",
    "*/",
    "SPDX-License-Identifier:",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=40).map(" ".join))
def test_any_text_is_read(text: str) -> None:
    expression, _note = read_tag(text, KEYS)
    assert expression
    last = 0
    for tag in find_tags(text):
        assert last <= tag.start < tag.end <= len(text)
        assert 1 <= tag.line <= tag.end_line <= text.count("\n") + 1
        assert tag.line == text.count("\n", 0, tag.start) + 1
        last = tag.end


@pytest.mark.parametrize(
    "piece", ["SPDX-License-Identifier: ", "SPDX-License-Identifier: (MIT\n", "SPDX(", "( MIT AND "]
)
def test_time_grows_with_the_size(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = "SPDX-License-Identifier: " + piece * (size // len(piece))
        return lambda: [read_tag(tag.raw, KEYS) for tag in find_tags(text)[:100]]

    assert_linear(work, 400_000)
