"""What is fast finds what is thorough: patterns for plain lines, and hints in one pass by the extension."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.detect.copyrights import hints, lexer
from licscan.detect.copyrights.lines import Line
from licscan.detect.primitives import NATIVE

PIECES = [
    *(
        "Copyright",
        "(c)",
        "( C )opyright",
        "copy right",
        "2001",
        "1999-2003",
        "19xx",
        "YYYY",
        "yyyy",
        "Jane",
        "Doe",
        "the",
    ),
    *("all", "jane@x.example", "jane at x.example", "jane(at)x.example", "jane_at_x.example", "WARRANTATx.example"),
    *(
        "<jane@x.example>",
        "<name>",
        "[year]",
        "{{ author }}",
        "%name%",
        "$YEAR",
        "___",
        "http://x.example/a",
        "www.x.org",
    ),
    *(
        "ftp://x",
        "<x.org>",
        "©",
        "é",
        "A.B.",
        "Inc.",
        ",",
        ";",
        ".",
        "-",
        "'",
        '"',
        "&",
        "+",
        "/",
        "AT",
        "@",
        "#",
        "|",
        "‘",
    ),
    *(
        "author",
        "authors:",
        "written by",
        "by",
        "copyleft",
        "copr.",
        "opyri",
        "opyright notice",
        "(c) x",
        "x(c)",
        "&copy;",
    ),
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from([" ", "  ", "\t", ""]), st.text(max_size=3))).map(
    "".join
)
LINES = st.lists(st.sampled_from([*PIECES, *"abcXYZ 019_"])).map(" ".join) | TEXTS


@given(LINES)
def test_a_plain_line_has_the_tokens_of_any_line(text: str) -> None:
    every = lexer._usual()[0]
    found = lexer.tokens_of([Line(1, text)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexer, "pattern_for", lambda line: lexer._mixed() if lexer.HAS_HAN.search(line) else every)
        assert lexer.tokens_of([Line(1, text)]) == found


@pytest.mark.skipif(NATIVE is None, reason="the native extension is not built")
@given(st.lists(st.sampled_from([*PIECES, "\n", " ", "(c)" * 90, "x" * 250])).map("".join))
def test_hints_in_one_pass_are_those_searched_one_by_one(text: str) -> None:
    low = text.lower()
    said = hints.hints_for(low)
    assert NATIVE is not None
    if low.isascii():
        assert hints._passed(low, said, NATIVE.find_hints(low, said)) == hints._searched(low, said)


@pytest.mark.skipif(NATIVE is None, reason="the native extension is not built")
def test_the_extension_refuses_what_it_cannot_search() -> None:
    assert NATIVE is not None
    native = NATIVE._native
    assert list(NATIVE.find_hints("", ("ab",))) == list(NATIVE.find_hints("a", ("ab",))) == []
    assert list(NATIVE.find_hints("abab", ("ab", "ba", "abab"))) == [(0, 0), (0, 2), (1, 1), (2, 0)]
    for wrong in [(b"a",), (b"",), (b"ab",) * 65]:
        with pytest.raises(ValueError, match="hints"):
            native.find_hints(b"text", wrong)
    for text, words in [("text", (b"ab",)), (b"text", [b"ab"]), (b"text", ("ab",))]:
        with pytest.raises(TypeError):
            native.find_hints(text, words)
