"""Program text to fingerprints, compiled where that is built, else in Python and numpy: the same either way.

Winnowing: of every window of hashes of runs of values the least is kept (Schleimer, Wilkerson, Aiken 2003).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from licscan.copies import javascript, python
from licscan.copies.lexing import Lexer, Stream

Hashes = npt.NDArray[np.uint32]
Lines = npt.NDArray[np.int32]

ANCHOR_RUN, ANCHOR_WINDOW = 4, 6
TOKEN_RUN, TOKEN_WINDOW = 20, 12
INTERFACE = 2
"""What `_native.c` must be."""
MAX_TEXT = 16 * 1024 * 1024
"""Bytes of a text that are looked at; the rest of a longer one is not."""
_BASE = np.uint64(0x9E3779B97F4A7C15)


class Language(IntEnum):
    """What a text is written in, as `_native.c` numbers it."""

    JAVASCRIPT = 0
    PYTHON = 1


_ENDS = {
    **dict.fromkeys(("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"), Language.JAVASCRIPT),
    **dict.fromkeys(("py", "pyi", "pyx"), Language.PYTHON),
}


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one kind, in order of the text: hashes, first and last lines."""

    hashes: Hashes
    firsts: Lines
    lasts: Lines

    def __len__(self) -> int:
        return len(self.hashes)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Those over property names and strings, and those over all code."""

    anchors: Prints
    tokens: Prints


def language_of(path: str) -> Language | None:
    """The language of a file, by its name; None for what is not looked into."""
    name = path[path.rfind("/") + 1 :].lower()
    return _ENDS.get(name.rpartition(".")[2]) if "." in name else None


def fingerprints(data: bytes, language: Language) -> Fingerprints:
    """All fingerprints of a text."""
    data = data[:MAX_TEXT]
    native = _native()
    if native is None:
        return fingerprints_in_python(data, language)
    parts = native.fingerprints(data, int(language))
    return Fingerprints(_prints(*parts[:3]), _prints(*parts[3:]))


def _prints(hashes: bytes, firsts: bytes, lasts: bytes) -> Prints:
    return Prints(np.frombuffer(hashes, np.uint32), np.frombuffer(firsts, np.int32), np.frombuffer(lasts, np.int32))


def _native() -> Any:
    """The extension; None where it is not built, is another build's, or LICSCAN_NATIVE=0 asks for none."""
    if os.environ.get("LICSCAN_NATIVE") == "0":
        return None
    try:
        from licscan.copies import _native as native
    except ImportError:
        return None
    return native if native.INTERFACE == INTERFACE else None


def fingerprints_in_python(data: bytes, language: Language) -> Fingerprints:
    """The same without the extension."""
    lexer = Lexer(data)
    (python if language is Language.PYTHON else javascript).tokenize(lexer)
    return Fingerprints(
        _winnow(lexer.anchors.living(), ANCHOR_RUN, ANCHOR_WINDOW), _winnow(lexer.tokens, TOKEN_RUN, TOKEN_WINDOW)
    )


def _winnow(stream: Stream, run: int, window: int) -> Prints:
    lines = np.array(stream.lines, np.int32)
    count = len(stream.values) - run + 1
    if count < 1:
        return Prints(np.empty(0, np.uint32), lines[:0], lines[:0])
    values = np.array(stream.values, np.uint64) + np.uint64(1)
    hashes = np.zeros(count, np.uint64)
    for at in range(run):
        hashes = hashes * _BASE + values[at : at + count]
    hashes = (_mixed(hashes) >> np.uint64(32)).astype(np.uint32)
    window = min(window, count)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, window)
    # the last of equal ones: the first from behind
    least = np.arange(len(windows)) + window - 1 - np.argmin(windows[:, ::-1], axis=1)
    chosen = np.unique(least)
    return Prints(hashes[chosen], lines[chosen], lines[chosen + run - 1])


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
