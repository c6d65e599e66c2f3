"""GNU notices of generated programs: each form with a program's own name, a family, a version, tails, a comment style,
a width; and the identifier that a reader takes from it."""

from __future__ import annotations

import random
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FORMS = Path(__file__).resolve().parents[1] / "cases" / "gnu" / "notices.toml"

STYLES = {
    "plain": ("", "", ""),
    "c": ("/*\n", " * ", "\n */"),
    "slashes": ("", "// ", ""),
    "hash": ("", "# ", ""),
    "lisp": ("", ";; ", ""),
    "sql": ("", "-- ", ""),
    "tex": ("", "% ", ""),
    "xml": ("<!--\n", "  ", "\n-->"),
    "m4": ("", "dnl ", ""),
    "rem": ("", "REM ", ""),
    "vim": ("", '" ', ""),
    "ml": ("(*\n", "   ", "\n*)"),
    "boxed": ("/" + "*" * 60 + "\n", "** ", "\n" + "*" * 60 + "/"),
    "doc": ('"""\n', "", '\n"""'),
}

PREFIX = {"gpl": "GPL", "lgpl": "LGPL", "library": "LGPL", "agpl": "AGPL"}
LEAST = {"gpl": "1.0", "lgpl": "2.0", "library": "2.0", "agpl": "1.0"}


@dataclass(frozen=True)
class Notice:
    """A file with one notice. `accept` are the expressions of which each is right."""

    name: str
    text: str
    accept: frozenset[str]


@cache
def forms() -> dict[str, Any]:
    """The forms as the table has them."""
    return tomllib.loads(FORMS.read_text(encoding="utf-8"))


def accepted(family: str, says: str, version: str, second: str) -> frozenset[str]:
    """The expressions that a reader of the notice may give."""
    prefix = PREFIX[family]
    full = version if "." in version else f"{version}.0"
    if says == "later":
        return frozenset({f"{prefix}-{full}-or-later"})
    if says in ("only", "bare"):
        return frozenset({f"{prefix}-{full}-only"})
    if says == "any":
        # the first LGPL was 2.0; where "Lesser" is said some take 2.1 for the first, and the first GNU AGPL was 3
        more = {"lgpl": {"LGPL-2.1-or-later"}, "agpl": {"AGPL-3.0-or-later", "AGPL-3.0-only"}}.get(family, set())
        return frozenset({f"{prefix}-{LEAST[family]}-or-later", *more})
    other = second if "." in second else f"{second}.0"
    return frozenset({f"{prefix}-{full}-only OR {prefix}-{other}-only"})


def notices(programs: int, seed: int = 0) -> Iterator[Notice]:
    """So many programs, each with one notice; the same for the same seed."""
    rows = forms()
    kinds = [
        (says, text)
        for says in ("later", "only", "bare", "any", "two")
        for part in rows[says]
        for text in part["texts"]
    ]
    chance = random.Random(seed)
    for number in range(programs):
        says, form = kinds[number % len(kinds)]
        family, names, short, versions = chance.choice(rows["licenses"]["rows"])
        versions = [pair for pair in versions if says != "two" or pair[1]]
        if not versions:
            family, names, short, versions = rows["licenses"]["rows"][0]
            versions = [pair for pair in versions if pair[1]]
        version, second = chance.choice(versions)
        if version != "2.1" and "." not in version and any(mark in form for mark in ("-{n}-", "-{n}+")):
            version += ".0"
        values = {
            "subject": chance.choice(rows["programs"]["words"]),
            "name": chance.choice(names),
            "short": short,
            "n": version,
            "m": second,
            "file": chance.choice(["COPYING", "LICENSE.txt", "doc/COPYING.LIB"]),
        }
        tail = chance.choice(rows["tails"]["texts"]) if len(form) > 60 else ""
        text = "\n\n".join(part.format(**values) for part in (form, tail) if part)
        style = chance.choice(sorted(STYLES))
        yield Notice(
            f"{number:03}-{family}-{says}-{style}",
            _written(text, style, chance.choice([48, 60, 72, 79, 100, 500]), values["subject"]),
            accepted("lgpl" if "GNU {short}" in form and family == "library" else family, says, version, second),
        )


def _written(text: str, style: str, width: int, subject: str) -> str:
    """The notice in comments of a style, a copyright line before it and code behind it."""
    opening, mark, closing = STYLES[style]
    lines = [f"{subject}", "Copyright (C) 2019-2024 Ada Example <ada@project.example>", ""]
    for paragraph in text.split("\n\n"):
        lines += [*textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False), ""]
    body = "\n".join((mark + line).rstrip() for line in lines[:-1])
    return f"{opening}{body}{closing}\n\nvalue = 42\n"
