"""Text to tokens: words by a pattern, their places by numpy."""

from __future__ import annotations

import re

import numpy as np

from licscan.detect.arrays import STOPWORD, UNKNOWN, AnyArray, Ints, Tokens, Vocabulary

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
IDEOGRAPH = re.compile(f"[{_HAN}]")
"""Chinese writes words without spaces between them: each ideograph is a token of its own."""

WORD = re.compile(rf"[{_HAN}]|[^_\W{_HAN}]+\+?[^_\W{_HAN}]*")
"""A run of letters and digits (str.isalnum) with at most one plus sign, at its end or inside: `c++` gives `c+`."""

_ASCII_WORD = np.zeros(128, dtype=np.bool_)
_ASCII_WORD[[code for code in range(128) if chr(code).isalnum()]] = True


def lowered(text: str) -> str:
    """Lower case, character by character, so that offsets stay (only U+0130 would grow)."""
    return text.replace("\u0130", "i").lower()


def words_of(text: str) -> list[str]:
    """The words of a text, lower-cased, in order."""
    return WORD.findall(lowered(text))


def tokenize(text: str, vocabulary: Vocabulary) -> Tokens:
    """The known words of a text with their lines and places; the others are only counted. A line feed ends a line."""
    small = lowered(text)
    words = WORD.findall(small)
    get = vocabulary.ids.get
    numbers = np.array([get(word, UNKNOWN) for word in words], dtype=np.int32)
    starts, ends = _places_of_words(small) if has_ideographs(small) else _places(small)
    known = np.flatnonzero(numbers >= 0)
    lines = np.searchsorted(_line_feeds(small), starts[known]) + 1
    return Tokens(
        numbers[known],
        lines.astype(np.int32),
        starts[known],
        ends[known],
        _counts_after(numbers == UNKNOWN, known),
        _counts_after(numbers == STOPWORD, known),
    )


def has_ideographs(text: str) -> bool:
    """Whether a text holds Chinese: its words have no bounds that only letters and signs would show."""
    return not text.isascii() and IDEOGRAPH.search(text) is not None


def _places_of_words(text: str) -> tuple[Ints, Ints]:
    spans = np.array([found.span() for found in WORD.finditer(text)], dtype=np.int32).reshape(-1, 2)
    return np.ascontiguousarray(spans[:, 0]), np.ascontiguousarray(spans[:, 1])


def _codes(text: str) -> AnyArray:
    """The characters of a text as numbers: bytes where it is ASCII."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _line_feeds(text: str) -> AnyArray:
    return np.flatnonzero(_codes(text) == 10)


def _is_word(codes: AnyArray) -> AnyArray:
    if codes.dtype == np.uint8:
        return _ASCII_WORD[codes]
    found = _ASCII_WORD[np.minimum(codes, 127)] & (codes < 128)
    foreign = codes[codes >= 128]
    kinds, inverse = np.unique(foreign, return_inverse=True)
    found[codes >= 128] = np.array([chr(kind).isalnum() for kind in kinds.tolist()], dtype=np.bool_)[inverse]
    return found


def _places(text: str) -> tuple[Ints, Ints]:
    """Start and end of each word, as the pattern finds them."""
    codes = _codes(text)
    edges = np.diff(_is_word(codes).astype(np.int8), prepend=0, append=0)
    starts = np.flatnonzero(edges == 1).astype(np.int32)
    ends = np.flatnonzero(edges == -1).astype(np.int32)
    if "+" in text and len(ends):
        starts, ends = _with_plus(codes, starts, ends)
    return starts, ends


def _with_plus(codes: AnyArray, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Let a run take the plus sign behind it, and the run that touches the plus; that one takes no further plus."""
    follower = np.append(codes, 0).astype(np.int64)[ends]
    keep = np.ones(len(starts), dtype=np.bool_)
    ends = ends.copy()
    for at in np.flatnonzero(follower == ord("+")).tolist():
        if not keep[at]:
            continue
        ends[at] += 1
        if at + 1 < len(starts) and starts[at + 1] == ends[at]:
            keep[at + 1] = False
            ends[at] = ends[at + 1]
    return starts[keep], ends[keep]


def _counts_after(counted: AnyArray, known: AnyArray) -> Ints:
    """How many of the counted words stand before the first known word, and after each."""
    total = np.concatenate(([0], np.cumsum(counted)))
    bounds = np.concatenate(([0], total[known], [total[-1]]))
    return np.diff(bounds).astype(np.int32)
