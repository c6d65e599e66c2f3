"""Lines are broken in columns, where Chinese breaks."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from licscan.base.columns import filled, wrapped


def test_narrow_text_is_wrapped_as_ever() -> None:
    text = "The license does not fit the product's own license; replace the component, or have the use reviewed."
    assert wrapped(text, 40, "  ", "    ") == textwrap.wrap(text, 40, initial_indent="  ", subsequent_indent="    ")


def test_a_line_breaks_between_han_and_not_beside_a_sign() -> None:
    text = "许可证的约束及于其自身的文件：任何取得产品的人（包括“甲方”）都须能取得源代码，包括修改过的文件。"
    for width in range(12, 60):
        lines = wrapped(text, width, "", "  ")
        assert "".join(line.strip() for line in lines) == text
        assert max(map(cell_len, lines)) <= width
        for line in lines:
            assert line.lstrip()[0] not in "：，。）”"
            assert line[-1] not in "（“"


def test_words_and_han_share_a_line() -> None:
    assert wrapped("组件 left-pad 采用 GPL-3.0-only，需核对", 20, "", "  ") == [
        "组件 left-pad 采用",
        "  GPL-3.0-only，需核",
        "  对",
    ]


@given(st.text(alphabet="ab é汉字，。（）“”\u0301😀 ", max_size=200), st.integers(10, 80))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrapped(text, width, "  ", "    ", cuts=True)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line.strip() for line in lines)
    if not any(sign * 3 in text for sign in "，。（）“”"):
        assert all(cell_len(line) <= width + 8 for line in lines)


@given(st.integers(1, 120), st.integers(10, 80), st.sampled_from(("read {} before", "先读 {} 再说")))
def test_a_path_is_never_broken(length: int, width: int, sentence: str) -> None:
    """What a user copies from the terminal stands in one piece, however narrow the page is."""
    path = "/" + "deep-folder/" * length
    lines = wrapped(sentence.format(path), width, "  ", "    ")
    assert [line for line in lines if path in line]
    assert " ".join(" ".join(lines).split()).replace(" ", "") == sentence.format(path).replace(" ", "")


def test_filling_counts_columns() -> None:
    assert filled("结论：", 11) == "结论：     "
    assert filled("at:", 11) == "at:        "
    assert filled("一个很长很长的名称", 11) == "一个很长很长的名称"
