"""Text to tokens: words by a pattern, their places by numpy."""

from __future__ import annotations

import re
from functools import cache
from itertools import repeat

import numpy as np

from licscan.detect.arrays import STOPWORD, UNKNOWN, AnyArray, Ints, Tokens, Vocabulary

UNSPACED_RANGES = (
    (0x3005, 0x3007),  # marks that stand for an ideograph
    (0x3041, 0x3096),  # hiragana
    (0x309D, 0x309F),
    (0x30A1, 0x30FA),  # katakana
    (0x30FC, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # ideographs
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),  # katakana of half width
    (0x20000, 0x3FFFF),
)
"""Chinese and Japanese write words without spaces between them: each such character is a token of its own, so that it
does not matter where a line ends."""

_ALONE = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED_RANGES)
WORD = rf"[{_ALONE}]|[^_\W{_ALONE}]+\+?[^_\W{_ALONE}]*"
"""Else a run of letters and digits (str.isalnum) with at most one plus sign, at its end or inside: `c++` gives `c+`."""

RUN, ALONE = 1, 2
_ASCII_WORD = np.array([chr(code).isalnum() for code in range(128)], dtype=np.int8)

_CUT = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
"""Leads from a byte to itself where it is of a word, else to a space."""


@cache
def _word() -> re.Pattern[str]:
    return re.compile(WORD)


def lowered(text: str) -> str:
    """Lower case, character by character, so that offsets stay (only U+0130 would grow)."""
    return text.replace("\u0130", "i").lower()


def words_of(text: str) -> list[str]:
    """The words of a text, lower-cased, in order."""
    return _word().findall(lowered(text))


def _words(small: str) -> list[str]:
    """The words of a text in lower case: where it is plain, by cutting it at what is of no word."""
    if not small.isascii() or "+" in small:
        return _word().findall(small)
    return small.encode("ascii").translate(_CUT).decode("ascii").split()


def tokenize(text: str, vocabulary: Vocabulary) -> Tokens:
    """The known words of a text with their lines and places; the others are only counted. A line feed ends a line."""
    small = lowered(text)
    words = _words(small)
    numbers = np.fromiter(map(vocabulary.ids.get, words, repeat(UNKNOWN)), np.int32, len(words))
    codes = _codes(small)
    starts, ends = _places(codes)
    known = np.flatnonzero(numbers >= 0)
    lines = np.searchsorted(np.flatnonzero(codes == ord("\n")), starts[known]) + 1
    return Tokens(
        numbers[known],
        lines.astype(np.int32),
        starts[known],
        ends[known],
        _counts_after(numbers == UNKNOWN, known),
        _counts_after(numbers == STOPWORD, known),
    )


def _codes(text: str) -> AnyArray:
    """The characters of a text as numbers: bytes where it is ASCII."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _kinds(codes: AnyArray) -> AnyArray:
    """For each character 0 (of no word), RUN (of a word of any length) or ALONE (a word by itself)."""
    if codes.dtype == np.uint8:
        return _ASCII_WORD[codes]
    kinds = _ASCII_WORD[np.minimum(codes, 127)] * (codes < 128)
    foreign = np.flatnonzero(codes >= 128)
    different, inverse = np.unique(codes[foreign], return_inverse=True)
    kinds[foreign] = np.array([_kind(chr(code)) for code in different.tolist()], dtype=np.int8)[inverse]
    return kinds


def _kind(character: str) -> int:
    if any(first <= ord(character) <= last for first, last in UNSPACED_RANGES):
        return ALONE
    return RUN if character.isalnum() else 0


def _places(codes: AnyArray) -> tuple[Ints, Ints]:
    """Start and end of each word, as the pattern finds them."""
    kinds = _kinds(codes)
    padded = np.concatenate(([0], kinds, [0]))
    # between two characters of the same run there is no edge
    edge = (padded[1:] != padded[:-1]) | (padded[1:] == ALONE)
    starts = np.flatnonzero(edge[:-1] & (kinds > 0)).astype(np.int32)
    ends = (np.flatnonzero(edge[1:] & (kinds > 0)) + 1).astype(np.int32)
    if len(ends) and bool((codes == ord("+")).any()):
        starts, ends = _with_plus(codes, kinds, starts, ends)
    return starts, ends


def _with_plus(codes: AnyArray, kinds: AnyArray, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Let a run take the plus sign behind it, and the run that touches the plus; that one takes no further plus."""
    follower = np.append(codes, 0).astype(np.int64)[ends]
    keep = np.ones(len(starts), dtype=np.bool_)
    ends = ends.copy()
    for at in np.flatnonzero((follower == ord("+")) & (kinds[starts] == RUN)).tolist():
        if not keep[at]:
            continue
        ends[at] += 1
        if at + 1 < len(starts) and starts[at + 1] == ends[at] and kinds[ends[at]] == RUN:
            keep[at + 1] = False
            ends[at] = ends[at + 1]
    return starts[keep], ends[keep]


def _counts_after(counted: AnyArray, known: AnyArray) -> Ints:
    """How many of the counted words stand before the first known word, and after each."""
    total = np.concatenate(([0], np.cumsum(counted)))
    bounds = np.concatenate(([0], total[known], [total[-1]]))
    return np.diff(bounds).astype(np.int32)
