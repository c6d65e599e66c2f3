"""JavaScript and TypeScript to anchors and tokens, in Python: equal to `_javascript.c`."""

from __future__ import annotations

import re

from licscan.copies.lexing import (
    AFTER_KEYWORD,
    AFTER_NAME,
    AFTER_VALUE,
    BRACKETS,
    DEAD,
    LETTERS,
    NAME,
    OPERATOR,
    REGEX,
    SILENT,
    STRING,
    WORD,
    Lexer,
    decode,
    value_of,
)

_KINDS = {
    "keyword": "break catch class continue debugger export extends finally super switch this try null true false",
    "opens": "delete do else in instanceof new return throw typeof void yield await",
    "condition": "for if while with",
    "declares": "const let var",
    "switch": "default case",
    "modifies": "static async get set",
    "specifies": "import from",
    "requires": "require",
    "function": "function",
}
_KIND = {value_of(word.encode()): kind for kind, words in _KINDS.items() for word in words.split()}
"""What sort of word a value is."""
_VAR = value_of(b"var")
_STRICT = value_of(b"use strict")
_LETTER = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$#") | frozenset(range(0x80, 0x100))
_DIGIT = frozenset(b"0123456789")
_STRINGS = {
    0x22: re.compile(rb'(?:[^"\\\n]|\\(?:\r\n|.))*', re.DOTALL),
    0x27: re.compile(rb"(?:[^'\\\n]|\\(?:\r\n|.))*", re.DOTALL),
}
_TEMPLATE = re.compile(rb"(?:[^`\\$]|\\.|\$(?!\{)|\\(?!.))*", re.DOTALL)
_COMMENT = re.compile(rb"/\*.*?(?:(?<=..)\*/|\Z)", re.DOTALL)
_REGEX = re.compile(
    rb"/(?:[^/\\\[\n]|\\[^\n]|\\(?![^\n])|\[(?:[^\]\\\n]|\\[^\n]|\\(?![^\n]))*(?:\]|(?=\n|\Z)))*(?:/|(?=\n|\Z))"
)
_CLOSES = (0x3E, 0x7D)
"""`/>` behind `}` closes an element; behind what else could have a regular expression behind it, it begins one."""
_KEYS = frozenset(b"{,")
_BEFORE_METHODS = frozenset(b"{,};*")


def tokenize(lexer: Lexer) -> None:
    """Fill the streams of a lexer that stands at the start."""
    text = lexer.text
    if text[:2] == b"#!":
        lexer.skip_line()
    while lexer.at < len(text):
        c, after = text[lexer.at], lexer.byte(lexer.at + 1)
        if c <= 0x20 or c == 127:
            lexer.line += c == 0x0A
            lexer.at += 1
        elif c in _LETTER:
            _take_word(lexer)
        elif c in _DIGIT or (c == 0x2E and after in _DIGIT):
            lexer.take_number()
        elif c in _STRINGS:
            _take_string(lexer, c)
        elif c == 0x60:
            lexer.at += 1
            _take_template(lexer)
        elif c == 0x2F and after == 0x2F:
            lexer.skip_line()
        elif c == 0x2F and after == 0x2A:
            _skip_comment(lexer)
        elif c == 0x2F and lexer.before not in (0x3C, AFTER_NAME, AFTER_VALUE) and (after, lexer.before) != _CLOSES:
            lexer.take(_REGEX)
            lexer.take(LETTERS)
            lexer.tokens.emit(REGEX, lexer.line)
            lexer.before = AFTER_VALUE
        else:
            _take_operator(lexer, c)


def _skip_comment(lexer: Lexer) -> None:
    end = lexer.text.find(b"*/", lexer.at + 2)
    end = len(lexer.text) if end < 0 else end + 2
    lexer.line += lexer.text.count(b"\n", lexer.at, end)
    lexer.at = end


def _starts_key(lexer: Lexer) -> bool:
    return lexer.innermost() == 0x7B and lexer.before in _KEYS


def _may_be_method(lexer: Lexer) -> bool:
    if lexer.innermost() != 0x7B:
        return False
    modified = lexer.before == AFTER_KEYWORD and _KIND.get(lexer.word) == "modifies"
    return lexer.before in _BEFORE_METHODS or modified


def _take_word(lexer: Lexer) -> None:
    word = lexer.take(WORD)
    value = value_of(word)
    kind = _KIND.get(value)
    after = lexer.next_byte()
    after_dot = lexer.before == 0x2E
    key = not after_dot and _starts_key(lexer) and kind != "switch"
    key = key and (after == 0x3A or (kind is None and after in (0x2C, 0x7D)))
    if after_dot or key:
        if len(word) > 1:
            lexer.anchors.emit(value, lexer.line)
        lexer.tokens.emit(value, lexer.line)
        lexer.word = 0
        lexer.before = AFTER_NAME
        return
    lexer.closed = None
    if after == 0x28 and kind in (None, "modifies") and len(word) > 1 and _may_be_method(lexer):
        lexer.closed = len(lexer.anchors.values)  # taken by the parenthesis that follows
        lexer.anchors.emit(value, lexer.line)
    keyword = kind not in (None, "requires") and not (kind == "specifies" and after == 0x28)
    spoken = _VAR if kind == "declares" else value
    lexer.tokens.emit(spoken if keyword else NAME, lexer.line)
    lexer.word = value
    lexer.before = AFTER_KEYWORD if kind in ("opens", "modifies", "switch") else AFTER_NAME


def _take_content(lexer: Lexer, content: bytes, line: int, is_template: bool) -> None:
    """A string's or a template's text between the tokens around it."""
    after = lexer.next_byte()
    content = decode(content)
    value = value_of(content)
    key = not is_template and _starts_key(lexer) and after in (0x3A, 0x28)
    key = key or (not is_template and lexer.before == 0x5B and after == 0x5D)
    kind = _KIND.get(lexer.word)
    path = lexer.before == AFTER_NAME and kind == "specifies"
    path = path or (lexer.before == 0x28 and kind in ("requires", "specifies"))
    if value != _STRICT:
        if not path and (len(content) > 3 or (key and len(content) > 1)):
            lexer.anchors.emit(value, line)
        lexer.tokens.emit(value if key else STRING, line)
    lexer.word = 0
    lexer.before = AFTER_VALUE


def _take_string(lexer: Lexer, quote: int) -> None:
    line = lexer.line
    lexer.at += 1
    content = lexer.take(_STRINGS[quote])
    lexer.line += content.count(b"\n")
    if lexer.byte(lexer.at) == quote and lexer.at < len(lexer.text):
        lexer.at += 1
    _take_content(lexer, content, line, False)


def _take_template(lexer: Lexer) -> None:
    """A piece of a template: up to its end or to the code in it."""
    line = lexer.line
    content = lexer.take(_TEMPLATE)
    lexer.line += content.count(b"\n")
    code = lexer.byte(lexer.at) == 0x24
    if lexer.at < len(lexer.text):
        lexer.at += 2 if code else 1
    _take_content(lexer, content, line, True)
    if code:
        lexer.open_bracket(0x60)
        lexer.before = 0x60


def _take_operator(lexer: Lexer, c: int) -> None:
    lexer.at += 1
    if c not in SILENT:
        lexer.tokens.emit(OPERATOR + c, lexer.line)
    if c in BRACKETS:
        _take_bracket(lexer, c)
        return
    # of a spread nothing is a property
    lexer.before = 0x7E if c == 0x2E and lexer.before == 0x2E else c


def _take_bracket(lexer: Lexer, c: int) -> None:
    if c == 0x28:
        condition = lexer.before == AFTER_NAME and _KIND.get(lexer.word) == "condition"
        lexer.open_bracket(c, condition, lexer.closed)
    elif c in b"{[":
        lexer.open_bracket(c)
    else:
        kind, was_condition, candidate = lexer.close_bracket()
        if c == 0x29:
            if candidate is not None and lexer.next_byte() != 0x7B:
                lexer.anchors.values[candidate] = DEAD  # a call, not a method
            lexer.before = AFTER_KEYWORD if was_condition else AFTER_VALUE
            lexer.closed = None
        elif c == 0x7D and kind == 0x60:
            _take_template(lexer)
        else:
            lexer.before = AFTER_VALUE if c == 0x5D else c
        return
    lexer.closed = None
    lexer.before = c
