"""Damage for locks: cut, changed, with values of other types; shared by the tests of the formats."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.base.errors import InputError
from licscan.base.tree import Tree
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import FORMATS

JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1.5,
        10**30,
        "",
        " ",
        "..",
        "@",
        "a@",
        "@a/b@",
        "__proto__",
        "link:",
        "link:../../..",
        "::",
        "\0",
    ),
    *(
        "file:../../../etc",
        "a@patch:patch:a%40patch%3Aa#x#y::locator=%40workspace%3A..",
        "workspace:../..",
        "((((",
        "))",
    ),
    *([], {}, [[]], [None], {"": None}, {"version": {}}, {"a": {"b": []}}, ["x"] * 3),
)
CHARACTERS = "'\"{}[]:,@#()/\\ \n-?&*!|>%\t0a\0é"


def read(folder: Path, format_name: str) -> Parsed:
    """The folder's lock."""
    return FORMATS[format_name].parser()(Tree(folder), format_name)


def survives(folder: Path, format_name: str) -> Parsed | None:
    """Read a damaged lock: whatever is in it, the one error allowed is InputError, and the counts hold."""
    try:
        parsed = read(folder, format_name)
    except InputError:
        return None
    assert parsed.understood <= parsed.seen
    assert parsed.understood == parsed.seen or parsed.problems
    return parsed


def damaged_text(text: str, seed: int) -> str:
    """The text, cut, with characters changed, or with lines moved."""
    chance = random.Random(seed)
    kind = chance.randrange(4)
    if kind == 0:
        return text[: chance.randrange(len(text))]
    if kind == 1:
        lines = text.split("\n")
        for _ in range(chance.randrange(1, 6)):
            lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
        return "\n".join(lines)
    characters = list(text)
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(characters))
        characters[place] = chance.choice(CHARACTERS) if kind == 2 else ""
    return "".join(characters)


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key in parsed data, outermost first."""
    stack = [data]
    while stack:
        node = stack.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            yield node, key
            stack.append(value)


NAMES = (
    *("a\0b", "../" * 3000 + "x", "x" * 5000, "\ud800", "a%00", "/etc/passwd", "C:\\x", "a b", "a?b#c", "@s/a", "<>"),
    *("..", ".", "http://[::1", "https://[x/y", "git+https://[x#y", "https://u:p@[x]/", "::", "#", "10" * 3000),
)
PROTOCOLS = (
    "",
    "link:",
    "file:",
    "portal:",
    "workspace:",
    "patch:a@npm%3A1#",
    "exec:",
    "npm:",
    "git+ssh://",
    "https://",
)


def writable(parsed: Parsed | None) -> bool:
    """Whether all that was read can be written as UTF-8 (half of a surrogate pair cannot)."""
    if parsed is None:
        return True
    texts = [text for c in parsed.components for text in (c.purl, c.name, c.version, c.source.url, c.condition)]
    texts += [edge.requirement for edge in parsed.dependencies] + [problem.message for problem in parsed.problems]
    return "".join(map(str, texts)).encode() is not None
