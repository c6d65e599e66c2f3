"""What a Business Source License leaves to its licensor: whose work, what else may be done, until when, what then."""

from __future__ import annotations

import re

FIELDS = ("Licensor", "Licensed Work", "Additional Use Grant", "Change Date", "Change License")
"""The names that the license itself gives its parameters, in its order."""
MAX_VALUE = 2_000
"""Characters of one parameter."""

_MARKS = r"[ \t*#/>|;%-]{0,12}"
_NAMES = r"Licensor|Licensed[ ]Work|Additional[ ]Use[ ]Grant|Change[ ]Date|Change[ ]Licen[cs]e"
_BEHIND = (
    "For information about alternative|Notice\\b|Terms\\b|Business Source License\\b|License text copyright|[-=_]{5,}"
)
_LABEL = re.compile(rf"^{_MARKS}({_NAMES})[*_]{{0,2}}[ \t]*[:：][*_]{{0,2}}", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rf"^{_MARKS}(?:{_BEHIND})", re.MULTILINE | re.IGNORECASE)
_BLANK = re.compile(rf"\n{_MARKS}\n")
_LINE_START = re.compile(rf"\n{_MARKS}")


def read_parameters(text: str) -> tuple[tuple[str, str], ...]:
    """Name and value of each parameter that a text fills in, the first of each, in the license's order.

    White space and comment marks are folded. Empty where none is there.
    """
    labels = list(_LABEL.finditer(text))
    limits = [*(label.start() for label in labels[1:]), len(text)]
    found: dict[str, str] = {}
    for label, limit in zip(labels, limits, strict=False):
        name = " ".join(label[1].split()).title().replace("Licence", "License")
        value = _value(text[label.end() : min(limit, label.end() + MAX_VALUE)], name == FIELDS[-1])
        if value:
            found.setdefault(name, value)
    return tuple((name, found[name]) for name in FIELDS if name in found)


def _value(raw: str, last: bool) -> str:
    """A value without what follows it; nothing stands behind the last one but for what a blank line parts from it."""
    end = _END.search(raw)
    raw = raw[: end.start()] if end else raw
    blank = _BLANK.search(raw, len(raw) - len(raw.lstrip())) if last else None
    raw = raw[: blank.start()] if blank else raw
    return " ".join(_LINE_START.sub(" ", raw).split())
