"""What compilers write into everybody's files: helpers for classes, promises, modules. It is nobody's copy."""

from __future__ import annotations

from functools import cache

import numpy as np

from licscan.base.tables import load_json
from licscan.copies.prints import Fingerprints, Hashes, Language, Prints, fingerprints

TABLE = "compiler_helpers.json"


def telling_prints(data: bytes, language: Language) -> Fingerprints:
    """The fingerprints of a text, without those of helpers."""
    found = fingerprints(data, language)
    if language is not Language.JAVASCRIPT:
        return found
    anchors, tokens = _helpers()
    return Fingerprints(_without(found.anchors, anchors), _without(found.tokens, tokens))


@cache
def _helpers() -> tuple[Hashes, Hashes]:
    table = load_json(TABLE)
    return np.array(table["anchors"], np.uint32), np.array(table["tokens"], np.uint32)


def _without(prints: Prints, some: Hashes) -> Prints:
    at = np.minimum(np.searchsorted(some, prints.hashes), len(some) - 1)
    kept = some[at] != prints.hashes
    return Prints(prints.hashes[kept], prints.firsts[kept], prints.lasts[kept])
