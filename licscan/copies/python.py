"""Python to anchors and tokens, in Python: equal to `_python.c`."""

from __future__ import annotations

import re

from licscan.copies.lexing import (
    AFTER_NAME,
    AFTER_VALUE,
    NAME,
    OPERATOR,
    SILENT,
    STRING,
    WORD,
    Lexer,
    decode,
    value_of,
)

_WORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is "
    "lambda nonlocal not or pass raise return try while with yield None True False self"
)
_KEYWORDS = frozenset(value_of(word.encode()) for word in _WORDS.split())
_NAMING = frozenset(value_of(word) for word in (b"def", b"class"))
_LETTER = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") | frozenset(range(0x80, 0x100))
_DIGIT = frozenset(b"0123456789")
_QUOTES = frozenset(b"\"'")
_SHORT = {
    0x22: re.compile(rb'(?:[^"\\\n]|\\.|\\(?!.))*', re.DOTALL),
    0x27: re.compile(rb"(?:[^'\\\n]|\\.|\\(?!.))*", re.DOTALL),
}
_LONG = {
    0x22: re.compile(rb'(?:[^"\\]|"(?!"")|\\.|\\(?!.))*', re.DOTALL),
    0x27: re.compile(rb"(?:[^'\\]|'(?!'')|\\.|\\(?!.))*", re.DOTALL),
}
_PREFIX = re.compile(rb"[rbuftRBUFT]{1,2}")
_ARGUMENT = re.compile(rb"[ \t]*=[^=]", re.DOTALL)


def tokenize(lexer: Lexer) -> None:
    """Fill the streams of a lexer that stands at the start."""
    text = lexer.text
    while lexer.at < len(text):
        c, after = text[lexer.at], lexer.byte(lexer.at + 1)
        if c <= 0x20 or c == 127:
            if c == 0x0A:
                lexer.line += 1
                lexer.fresh = True
            lexer.at += 1
        elif c in _LETTER:
            _take_word(lexer)
        elif c in _DIGIT or (c == 0x2E and after in _DIGIT):
            lexer.take_number()
        elif c in _QUOTES:
            _take_string(lexer, c, False)
        elif c == 0x23:
            lexer.skip_line()
        else:
            _take_operator(lexer, c)


def _take_string(lexer: Lexer, quote: int, raw: bool) -> None:
    """A string; one that is a statement of its own is prose and counts as nothing."""
    line = lexer.line
    alone = lexer.fresh and not lexer.innermost()
    triple = lexer.text[lexer.at : lexer.at + 3] == bytes((quote,)) * 3
    lexer.at += 3 if triple else 1
    content = lexer.take(_LONG[quote] if triple else _SHORT[quote])
    lexer.line += content.count(b"\n")
    if lexer.byte(lexer.at) == quote:
        lexer.at += 3 if triple else 1
    lexer.fresh = False
    lexer.before = AFTER_VALUE
    if alone:
        return
    content = content if raw else decode(content)
    if len(content) > 3:
        lexer.anchors.emit(value_of(content), line)
    lexer.tokens.emit(STRING, line)


def _is_argument(lexer: Lexer) -> bool:
    inside = lexer.innermost() == 0x28 and lexer.before in (0x28, 0x2C)
    return inside and _ARGUMENT.match(lexer.text, lexer.at) is not None


def _take_word(lexer: Lexer) -> None:
    word = lexer.take(WORD)
    quote = lexer.byte(lexer.at)
    if quote in _QUOTES and _PREFIX.fullmatch(word):
        _take_string(lexer, quote, b"r" in word.lower())
        return
    value = value_of(word)
    is_property = lexer.before == 0x2E or _is_argument(lexer)
    if (is_property or lexer.word in _NAMING) and len(word) > 1:
        lexer.anchors.emit(value, lexer.line)
    lexer.tokens.emit(value if is_property or value in _KEYWORDS else NAME, lexer.line)
    lexer.word = 0 if is_property else value
    lexer.before = AFTER_NAME
    lexer.fresh = False


def _take_operator(lexer: Lexer, c: int) -> None:
    lexer.at += 1
    if c not in SILENT and c != 0x5C:
        lexer.tokens.emit(OPERATOR + c, lexer.line)
    if c in b"([{":
        lexer.open_bracket(c)
    elif c in b")]}":
        lexer.close_bracket()
    lexer.before = c
    lexer.word = 0
    lexer.fresh = False
