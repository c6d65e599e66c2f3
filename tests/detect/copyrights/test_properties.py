"""What holds for any text whatever."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.detect.copyrights import find_copyrights
from licscan.detect.types import CopyrightStatement
from tests.growth import assert_linear

SNIPPETS = [
    *(
        "由",
        "对",
        "保留所有权利",
        "holder is ",
        "new Date().getFullYear()",
        "](",
        "][",
        "[",
        "{",
        "_",
        "$year",
        "%",
        "年",
        "ICP备",
        "\ud800",
    ),
    *(
        "Copyright",
        "(c)",
        "©",
        "(C)",
        "1999",
        "2001-2003,",
        "Foo Bar",
        "Inc.",
        "and",
        "by",
        "All rights reserved.",
        "\n",
        " * ",
    ),
    *(
        "<year>",
        "[name of author]",
        "<a@b.example>",
        "http://x.example/",
        "(",
        ")",
        ",",
        ".",
        "// ",
        "the",
        "Author:",
        "@author",
        "written by",
    ),
    *(
        "版权所有",
        "著作权归",
        "所有",
        "有限公司",
        "作者：",
        "（",
        "2019年",
        "İ",
        "\r\n",
        "\x00",
        "\ufffd",
        "&copy;",
        "\\(co",
        "<b>",
        "</b>",
        '"',
        "'",
        "ẞ",
        "ﬁ",
    ),
]
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(SNIPPETS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(SNIPPETS), max_size=40).map("".join),
)


def bare(text: str) -> str:
    """Letters and digits alone: what is left when white space and decoration are taken away."""
    return "".join(letter for letter in text if letter.isalnum())


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    statements, authors = find_copyrights(text)
    lines = text.count("\n") + (text.count("\r") if "\n" not in text else 0) + 1
    for found in statements:
        assert isinstance(found, CopyrightStatement)
        assert 1 <= found.start_line <= found.end_line <= lines
        assert found.statement == " ".join(found.statement.split())
        assert not (found.template and found.holder)
    assert all(author == " ".join(author.split()) and author for author in authors)
    assert find_copyrights(text) == (statements, authors)


# markup, entities and the code that prints a year are decoration: a statement is told without them
PLAIN = [s for s in SNIPPETS if not any(sign in s for sign in ("<", "&", "\\", "getFullYear"))]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PLAIN), max_size=30).map(" ".join))
def test_a_statement_is_in_the_text(text: str) -> None:
    statements, authors = find_copyrights(text)
    for found in statements:
        assert bare(found.statement) in bare(text)
        assert all(bare(word) in bare(found.statement) for word in found.holder.split())
    assert all(bare(word) in bare(text) for author in authors for word in author.split())


@pytest.mark.parametrize(
    "piece",
    [
        "(c) ",
        "copyright ",
        "© 2001 Foo, ",
        "Copyright (c) 2001 Foo\n",
        "(",
        "<",
        "2001, ",
        "版权所有",
        "author: ",
        "a",
        "\n",
        "<a ",
        "[",
        "by A B <a@b.c> ",
        "\\(co",
        "&copy;",
        "Foo and ",
        "_",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = "Copyright " + piece * (size // len(piece))
        return lambda: find_copyrights(text)

    assert_linear(work, 200_000)


def test_nothing_without_a_hint() -> None:
    assert find_copyrights("int main(void) { return 0; }\n" * 1000) == ((), ())


def test_old_mac_lines() -> None:
    (found,) = find_copyrights("one\rCopyright 2001 Ann Example\rthree")[0]
    assert (found.start_line, found.holder) == (2, "Ann Example")


def test_a_long_line_is_cut_around_its_hints() -> None:
    text = "var a=1;" * 100_000 + "/*! (c) 2011 Ann Example */" + "var b=2;" * 100_000
    (found,) = find_copyrights(text)[0]
    assert (found.start_line, found.end_line, found.holder) == (1, 1, "Ann Example")
    assert re.fullmatch(r"\(c\) 2011 Ann Example", found.statement)


def test_a_notice_that_repeats_is_told_with_its_own_lines() -> None:
    """Alike blocks are read once; each statement keeps the lines it stands in."""
    block = "/* one line\n * Copyright 2011 Ann Example\n * @author Bob Example */\n\n"
    statements, authors = find_copyrights(block * 200)
    assert [found.start_line for found in statements] == list(range(2, 802, 4))
    assert {(found.end_line - found.start_line, found.holder, found.years) for found in statements} == {
        (0, "Ann Example", "2011")
    }
    assert authors == ("Bob Example",) * 200
