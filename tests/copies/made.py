"""Small libraries written for these tests, and what build tools would make of them."""

from __future__ import annotations

from collections.abc import Mapping

from licscan.copies.build import Builder
from licscan.copies.index import CodeIndex, load, save
from licscan.copies.segments import Segment, make_segment

WORDS = (
    "anchor",
    "basket",
    "candle",
    "dragon",
    "engine",
    "forest",
    "garden",
    "hammer",
    "island",
    "jacket",
    "kettle",
    "ladder",
    "market",
    "needle",
    "orange",
    "pencil",
    "quiver",
    "rocket",
    "saddle",
    "tunnel",
    "urchin",
    "velvet",
    "window",
    "yellow",
)


def word(number: int) -> str:
    """A name that no other number has."""
    return f"{WORDS[number % len(WORDS)]}{WORDS[number * 7 % len(WORDS)].title()}{number}"


def library(seed: int, functions: int = 40, changed: int = 0) -> str:
    """A JavaScript library; of `changed` functions another version has other ones."""
    lines = ["'use strict';", f"var {word(seed)} = {{}};"]
    for at in range(functions):
        number = seed * 1_000 + at + (500 if at < changed else 0)
        own, local = word(number), f"local{at}"
        lines += [
            f"// what {own} does",
            f"exports.{own} = function (first, second) {{",
            f"  var {local} = first.{word(number + 100)} + {at};",
            f"  if ({local} > second.{word(number + 200)}) {{",
            f"    throw new Error('{own} wants less of {word(number + 300)}');",
            "  }",
            f"  return {{ {word(number + 400)}: {local}, list: [1, 2, {at}] }};",
            "};",
        ]
    return "\n".join(lines) + "\n"


def minified(text: str) -> str:
    """The same as a minifier writes it: no comments, no blanks, short local names, the other quotes."""
    lines = [line.strip() for line in text.splitlines() if not line.strip().startswith("//")]
    for at in range(60):
        lines = [line.replace(f"local{at} ", f"a{at} ").replace(f"local{at},", f"a{at},") for line in lines]
    joined = "".join(lines).replace("first", "b").replace("second", "c").replace("'", '"')
    for sign in "={}()+,;:>":
        joined = joined.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return joined


def module(seed: int, functions: int = 30) -> str:
    """A Python module."""
    lines = ['"""Prose that is nobody\'s mark."""', "import os", ""]
    for at in range(functions):
        number = seed * 1_000 + at
        lines += [
            f"def {word(number)}(first, second):",
            f"    value = first.{word(number + 100)}(key={at}, {word(number + 200)}=second)",
            f"    if value in ('{word(number + 300)}', \"other\"):",
            f"        raise ValueError(f'{word(number + 400)} was {{value}}')",
            "    return value.strip()",
            "",
        ]
    return "\n".join(lines)


def segment(
    name: str,
    version: str,
    files: Mapping[str, str],
    kind: str = "npm",
    license_: str = "MIT",
    holders: tuple[str, ...] = (),
) -> Segment:
    """One version of a package."""
    listed = [(path, text.encode()) for path, text in sorted(files.items())]
    return make_segment(f"pkg:{kind}/{name}", name, version, license_, listed, holders=holders)


def indexed(folder, *segments: Segment) -> CodeIndex:
    """An index of some packages, written and read."""
    builder = Builder()
    by_package: dict[str, list[Segment]] = {}
    for one in segments:
        by_package.setdefault(one.package, []).append(one)
    for _package, group in sorted(by_package.items()):
        builder.add(group)
    save(*builder.finish(), folder / "code.index")
    found = load(folder / "code.index")
    assert found is not None
    return found
