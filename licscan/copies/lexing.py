"""What the tokenizers of all languages share, in Python: equal to `_lex.c`, byte for byte.

Nothing is parsed: a tokenizer goes forward over any bytes whatever, and gives two streams of values with their lines,
anchors (names of properties, and strings) and tokens (all that is code, with local names folded into one).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

DEAD, NAME, STRING, NUMBER, REGEX, OPERATOR, WORDS = 0, 1, 2, 3, 4, 256, 1024
"""Values of the streams below those of words; an operator has OPERATOR and its own byte."""
NOTHING, AFTER_NAME, AFTER_KEYWORD, AFTER_VALUE = 0, 1, 2, 3
"""What stood before: these, or the byte of an operator."""
DEEPEST = 4096
BRACKETS = frozenset(b"(){}[]")
SILENT = frozenset(b";,()")
"""Operators that reformatting adds and takes away."""

_BLANK = re.compile(rb"[ \t-\r]*")
WORD = re.compile(rb"[#A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*")
LETTERS = re.compile(rb"[A-Za-z_$\x80-\xff]*")
NUMERAL = re.compile(rb"[0-9.](?:[eE][+-]|[0-9A-Za-z_.$\x80-\xff])*", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r\n)|(.))", re.DOTALL)
_MEANS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"0": b"\0", b"\n": b""}


@dataclass(slots=True)
class Stream:
    """Values with the lines on which they stand."""

    values: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def emit(self, value: int, line: int) -> None:
        """One more."""
        self.values.append(value)
        self.lines.append(line)

    def living(self) -> Stream:
        """Without the anchors that turned out to be none."""
        kept = [(value, line) for value, line in zip(self.values, self.lines, strict=True) if value != DEAD]
        return Stream([value for value, _line in kept], [line for _value, line in kept])


class Lexer:
    """A text, the place in it, and what was met so far."""

    def __init__(self, text: bytes):
        self.text = text
        self.at = 0
        self.line = 1
        self.before = NOTHING
        self.word = 0
        self.fresh = True
        self.closed: int | None = None
        self.stack: list[tuple[int, bool, int | None]] = []
        self.beyond = 0
        self.anchors = Stream()
        self.tokens = Stream()

    def open_bracket(self, kind: int, condition: bool = False, candidate: int | None = None) -> None:
        """Go in; what is too deep is only counted."""
        if len(self.stack) == DEEPEST:
            self.beyond += 1
        else:
            self.stack.append((kind, condition, candidate))

    def close_bracket(self) -> tuple[int, bool, int | None]:
        """Come out; what was opened."""
        if self.beyond:
            self.beyond -= 1
            return 0, False, None
        return self.stack.pop() if self.stack else (0, False, None)

    def innermost(self) -> int:
        """The bracket that is open."""
        return self.stack[-1][0] if self.stack and not self.beyond else 0

    def byte(self, at: int) -> int:
        """The byte at a place; 0 behind the end."""
        return self.text[at] if at < len(self.text) else 0

    def next_byte(self) -> int:
        """The next byte that is no blank; 0 at the end."""
        match = _BLANK.match(self.text, self.at)
        return self.byte(match.end() if match else self.at)

    def take(self, pattern: re.Pattern[bytes]) -> bytes:
        """What a pattern that matches here matches."""
        match = pattern.match(self.text, self.at)
        found = match[0] if match else b""
        self.at += len(found)
        return found

    def skip_line(self) -> None:
        """Up to the end of the line."""
        end = self.text.find(b"\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def take_number(self) -> None:
        """A number, whatever its digits."""
        self.take(NUMERAL)
        self.tokens.emit(NUMBER, self.line)
        self.before = AFTER_VALUE
        self.fresh = False


def value_of(word: bytes) -> int:
    """The value of a word or of a string's content."""
    value = zlib.crc32(word)
    return value + WORDS if value < WORDS else value


def decode(content: bytes) -> bytes:
    """The content of a string without its escapes, whichever way a minifier wrote them."""
    return _ESCAPE.sub(_meaning, content) if b"\\" in content else content


def _meaning(match: re.Match[bytes]) -> bytes:
    digits = match[1] or match[2]
    if digits:
        return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    if match[3]:
        return b""
    return _MEANS.get(match[4], match[4])
