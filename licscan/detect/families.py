"""Names of licenses with their versions (data/own_families.toml) to the rules that show them, one a way to write each.

A pattern is a text with `(a|b)` for a choice, `[a|b]` for the same or nothing, and `~` for the word License; they nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

LICENSE = ("License", "Licence")
_PART = re.compile(r"[()\[\]|~]|[^()\[\]|~]+")
_UNSPACED = re.compile(r"[\u3041-\u9fff]")
_NUMERALS = {"1": "一", "2": "二", "3": "三"}


def spelled(pattern: str) -> tuple[str, ...]:
    """Every text that a pattern stands for, each once, in order. ValueError for brackets without their partner."""
    parts = _PART.findall(pattern)
    texts, rest = _alternatives(parts, 0)
    if rest != len(parts):
        raise ValueError(pattern)
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts))


def _alternatives(parts: list[str], at: int) -> tuple[list[str], int]:
    """The texts from a place up to the bracket that closes it, and that bracket's place."""
    found: list[str] = []
    texts = [""]
    while at < len(parts) and parts[at] not in ")]":
        part = parts[at]
        if part == "|":
            found += texts
            texts = [""]
        elif part in "([":
            inner, end = _alternatives(parts, at + 1)
            if end >= len(parts) or parts[end] != {"(": ")", "[": "]"}[part]:
                raise ValueError("".join(parts))
            choices = [*([""] if part == "[" else []), *inner]
            texts = [text + choice for text in texts for choice in choices]
            at = end
        elif part == "~":
            texts = [text + word for text in texts for word in LICENSE]
        else:
            texts = [text + part for text in texts]
        at += 1
    return [*found, *texts], at


def with_version(name: str, version: str) -> Iterator[str]:
    """A name and a version in the orders and words that people put between them."""
    yield f"{name} {version}"
    yield f"{name} v{version}"
    yield f"{name} version {version}"
    yield f"{name} ver {version}"
    yield f"version {version} of the {name}"
    yield f"v{version} of the {name}"
    if _UNSPACED.search(name):
        yield f"{name} 第{version}版"
        yield f"{name} {version} 版"
        if version in _NUMERALS:
            yield f"{name} 第{_NUMERALS[version]}版"


def texts_of(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Of every row the expressions with the texts that say them, versions before what the name alone says."""
    for row in rows:
        names = [name for pattern in row["names"] for name in spelled(pattern)]
        for version, expression in row.get("versions", {}).items():
            yield from ((expression, text, row) for name in names for text in with_version(name, version))
        if "bare" in row:
            yield from ((row["bare"], name, row) for name in names)
        for pattern in row.get("aliases", ()):
            yield from ((row.get("alias") or row["bare"], text, row) for text in spelled(pattern))
