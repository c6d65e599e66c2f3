"""Authors: names behind `@author`, `Author:`, `written by` and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from licscan.detect.copyrights.han import HAN
from licscan.detect.copyrights.holders import names_of
from licscan.detect.copyrights.lexer import Kind, Token
from licscan.detect.copyrights.statements import Reader
from licscan.detect.copyrights.words import words

_LABELS = frozenset(
    (
        *("author", "authors", "contributors", "author(s)", "作者", "原作者", "主要作者", "编写者", "编写人", "編寫者"),
        *("开发者", "開發者", "开发人员", "開發人員"),
    )
)
AUTHOR_WORDS = _LABELS | {
    "作",
    "by",
    "__author__",
    "__authors__",
    "author__",
    "authors__",
    "__contributors__",
    "contributors__",
}
"""Words at which authors may begin, in lower case."""
_NOBODY = frozenset({"none", "null", "nil", "undefined"})
_CHINESE_LABEL = re.compile(
    "(?:软件|軟體|程序|程式|代码|项目|專案|文档|文檔|脚本|模块|插件|主要|第一)(?:作者|开发者|開發者|编写者|編寫者)"
)
CHINESE_NAME = re.compile(f"[{HAN}]{{2,4}}")
_BEHIND_LABEL = frozenset(":=\"'{[(->|")
_BRACKETS = frozenset((*"(s)/】》」", "author", "作者"))
MOST_TOKENS = 60
"""A list of authors is not longer."""


def may_begin_author(token: Token) -> bool:
    """Whether authors may be named behind this word."""
    return token.low in AUTHOR_WORDS or (not token.low.isascii() and bool(_CHINESE_LABEL.fullmatch(token.low)))


def read_authors(reader: Reader, at: int) -> tuple[str | None, int]:
    """The authors whose label or verb is at `at`, as written with their addresses, and where to go on."""
    first = _behind_label(reader.tokens, at)
    labelled = first > at + (reader.tokens[at].text == "作")
    if not labelled:
        first = _behind_verb(reader.tokens, at)
    if first == at or first >= len(reader.tokens):
        return None, at + 1
    if not labelled and not _begins_name(reader.tokens, first):
        return None, at + 1
    names, end = reader.names(first, MOST_TOKENS)
    said = names_of(reader.lines, names)
    if (
        said in _LABELS
        or said.lower() in _NOBODY
        or not any(token.kind in (Kind.NAME, Kind.SOFT, Kind.EMAIL, Kind.WORD) for token in names)
    ):
        return None, max(end, at + 1)
    return said or None, max(end, at + 1)


def _behind_label(tokens: Sequence[Token], at: int) -> int:
    """The place behind `@author`, `Author:`, `"author": {"name":`; `at` itself where there is no label."""
    token = tokens[at]
    if token.text == "作" and at + 1 < len(tokens) and tokens[at + 1].text == "者":
        at += 1
    elif token.low.strip("_") not in _LABELS and not _CHINESE_LABEL.fullmatch(token.text):
        return at
    tagged = at > 0 and tokens[at - 1].text in ("@", "\\") and tokens[at - 1].end == token.start
    place = at + 1
    colon = False
    while place < len(tokens) and place - at < 9 and tokens[place].line - token.line <= 1:
        text = tokens[place].text
        if text in (":", "=") or text == "name":
            colon = True
        elif not (text in _BEHIND_LABEL or (not colon and tokens[place].low in _BRACKETS)):
            break
        place += 1
    return place if colon or (tagged and place == at + 1) else at


def _behind_verb(tokens: Sequence[Token], at: int) -> int:
    """The place behind `written by`, or behind a `by` that a name with an address follows."""
    token = tokens[at]
    if token.text not in ("by", "By", "BY") or at + 1 >= len(tokens):
        return at
    before = tokens[at - 1].low if at else ""
    if before in words("author_verb") or (
        at > 1 and tokens[at - 2].low in words("author_verb") and before in ("and", "in")
    ):
        return at + 1
    return at + 1 if _addressed(tokens, at + 1) or _signed(tokens, at) else at


def _signed(tokens: Sequence[Token], at: int) -> bool:
    """Whether a line begins with `by 张三` and goes on with a date or nothing."""
    name, follows = tokens[at + 1], tokens[at + 2] if at + 2 < len(tokens) else None
    if (at and tokens[at - 1].line == tokens[at].line) or not CHINESE_NAME.fullmatch(name.text):
        return False
    ends = follows is None or follows.line != name.line or follows.text[0].isdigit() or follows.kind is not Kind.NAME
    return ends and name.kind is Kind.NAME and name.line == tokens[at].line


def _addressed(tokens: Sequence[Token], at: int) -> bool:
    """Whether up to five words of a name and an e-mail address stand here, in one line."""
    end = at
    while end < len(tokens) and end - at < 5 and tokens[end].kind is Kind.NAME and tokens[end].line == tokens[at].line:
        end += 1
    return at < end < len(tokens) and tokens[end].kind is Kind.EMAIL


def _begins_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether somebody is named: `Jane Doe`, `the Foo Project`; not `the caller`."""
    token = tokens[at]
    if token.low in ("the", "a", "an") and at + 1 < len(tokens):
        return tokens[at + 1].kind is Kind.NAME
    return token.kind is Kind.NAME
