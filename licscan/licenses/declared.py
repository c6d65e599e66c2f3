"""A declared license, read strictly: a whole value, or nothing. For fields in files whose format nobody parses."""

from __future__ import annotations

import re
from functools import lru_cache

from licscan.licenses import spdx
from licscan.licenses.names import read_alias, read_expression, read_identifier

MAX_VALUE = 300
MAX_OPERANDS = 24

_EITHER = re.compile(r"\A(?:either|both|dual(?:[ -]licen[cs]ed)?(?:[ ]under)?:?)\s+", re.IGNORECASE)
_LATER = re.compile(
    r"\s(?:or|and)(?=[\s(]+(?:\(at your option\)\s*)?(?:any\s+)?(?:later|newer|greater|above|higher)\b)", re.I
)
_KEPT = "\u2060or"
"""Stands for the "or" of "or later", which parts nothing."""
_OR = re.compile(r"\s*\|\|?\s*|\s+and/or\s+|\s*,\s*or\s+", re.IGNORECASE)
_AND = re.compile(r"\s*&&?\s*|\s*,\s*and\s+|\s+\+\s+(?!file\b)", re.IGNORECASE)
_FILE = re.compile(r"\s*\+\s*file\s+LICEN[CS]E\s*\Z")
_DEBIAN = {"expat": "MIT", "artistic": "Artistic-1.0-Perl", "artistic-1": "Artistic-1.0", "artistic-2": "Artistic-2.0"}
_DEBIAN_GNU = re.compile(r"(A?GPL|LGPL|GFDL)-(\d(?:\.\d)?)(\+|-or-later|-only)?\Z", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def read_declared(value: str) -> str | None:
    """The SPDX expression that a value is, identifiers and known names joined by operators in any case; else None.

    A slash is Cargo's OR, a bar R's; a comma alone leaves open what it means, and so does a name of several licenses.
    Unknown names make the whole nothing: a half of what was declared would be another declaration.
    """
    text = " ".join(value.split())
    if not text or len(text) > MAX_VALUE:
        return None
    text = _FILE.sub("", _EITHER.sub("", text))
    whole = _operand(text)
    if whole:
        return whole
    count = 0

    def leaf(operand: str) -> spdx.Node:
        nonlocal count
        count += 1
        found = _operand(operand.replace(_KEPT, "or")) if count <= MAX_OPERANDS else None
        if not found:
            raise ValueError(operand)
        return spdx.tree(found)

    plain = _OR.sub(" OR ", _AND.sub(" AND ", _LATER.sub(f" {_KEPT}", text)))
    try:
        return spdx.render(spdx.parse(plain, leaf))
    except ValueError:
        return None


def _operand(text: str) -> str | None:
    """One license, or several parted by slashes."""
    text = text.strip(" \t\"'`.;")
    reading = read_identifier(text) or read_expression(text)
    if reading:
        return reading.expression
    short = _of_debian(text)
    if short:
        return short
    alias = read_alias(text)
    if alias and alias.expression:
        return alias.expression
    parts = [part.strip() for part in text.split("/")]
    if len(parts) < 2 or "://" in text or len(parts) > MAX_OPERANDS:
        return None
    known = [_single(part) for part in parts]
    return spdx.combine(spdx.OR, [one for one in known if one]) if all(known) else None


def _single(text: str) -> str | None:
    reading = read_identifier(text) or read_expression(text) or read_alias(text)
    return reading.expression if reading else _of_debian(text)


def _of_debian(text: str) -> str | None:
    """A short name of Debian's machine-readable copyright format 1.0, which has names of its own."""
    gnu = _DEBIAN_GNU.match(text)
    if gnu:
        version = gnu[2] if "." in gnu[2] else f"{gnu[2]}.0"
        end = "or-later" if gnu[3] in ("+", "-or-later") else "only"
        expression = f"{gnu[1].upper()}-{version}-{end}"
        return None if spdx.validate(expression) else expression
    return _DEBIAN.get(text.lower())
