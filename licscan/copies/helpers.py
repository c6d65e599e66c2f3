"""What compilers write into everybody's files: helpers for classes, promises, modules. It is nobody's copy."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from licscan.base.tables import load_json
from licscan.copies.prints import Fingerprints, Hashes, Language, Prints, fingerprints

Begins = npt.NDArray[np.bool_]
TABLE = "compiler_helpers.json"


def telling_prints(data: bytes, language: Language) -> Fingerprints:
    """The fingerprints of a text, without those of helpers."""
    found = fingerprints(data, language)
    if language is not Language.JAVASCRIPT:
        return found
    anchors, tokens = _helpers()
    return Fingerprints(_without(found.anchors, *anchors), _without(found.tokens, *tokens))


@cache
def _helpers() -> tuple[tuple[Hashes, Begins], tuple[Hashes, Begins]]:
    table = load_json(TABLE)
    anchors, tokens = (np.array(table[kind], np.uint32) for kind in ("anchors", "tokens"))
    return (anchors, _begins(anchors)), (tokens, _begins(tokens))


def _begins(some: Hashes) -> Begins:
    """Which upper halves of hashes occur: nearly all fingerprints are told from helpers by theirs."""
    there = np.zeros(1 << 16, np.bool_)
    there[some >> 16] = True
    return there


def _without(prints: Prints, some: Hashes, begins: Begins) -> Prints:
    maybe = np.flatnonzero(begins[prints.hashes >> 16])
    asked = prints.hashes[maybe]
    gone = maybe[some[np.minimum(np.searchsorted(some, asked), len(some) - 1)] == asked]
    if not len(gone):
        return prints
    kept = np.ones(len(prints), np.bool_)
    kept[gone] = False
    return Prints(prints.hashes[kept], prints.firsts[kept], prints.lasts[kept])
