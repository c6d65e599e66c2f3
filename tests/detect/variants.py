"""What people do to license texts, and what hostile files look like; all from a seed, so always the same."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

SYLLABLES = ("ba", "co", "du", "fel", "gri", "hon", "jul", "ka", "lom", "mer", "nop", "que", "rast", "sti", "tov", "zu")
SCRIPTS = ((0x20, 0x7F), (0xA0, 0x250), (0x370, 0x590), (0x600, 0x700), (0x4E00, 0x5000), (0x1F300, 0x1F600))

Variant = Callable[[str], str]
Grower = Callable[[int], str]


def wrapped(width: int) -> Variant:
    """Each paragraph wrapped anew to so many columns."""

    def change(text: str) -> str:
        return "\n\n".join(textwrap.fill(part, width) for part in re.split(r"\n\s*\n", text))

    return change


def commented(marker: str, before: str = "", after: str = "") -> Variant:
    """Every line behind a comment marker."""

    def change(text: str) -> str:
        return before + "\n".join(marker + line for line in text.splitlines()) + after

    return change


def without_title(text: str) -> str:
    """The text without its first paragraph, where that is a title: one short line, and much behind it."""
    title, _gap, rest = text.strip().partition("\n\n")
    return rest if len(title.split()) <= 12 and "\n" not in title and len(rest.split()) >= 20 else text


KEPT: dict[str, Variant] = {
    "as it is": lambda text: text,
    "wrapped to 60": wrapped(60),
    "wrapped to 100": wrapped(100),
    "in # comments": commented("# "),
    "in // comments": commented("// "),
    "in /* */ comments": commented(" * ", "/*\n", "\n */\n"),
    "with CRLF": lambda text: text.replace("\n", "\r\n"),
    "without its title": without_title,
}
"""Changes that leave the license what it is."""


def words(chance: random.Random, count: int) -> list[str]:
    """Words of no language."""
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(count)]


def interrupted(text: str, inserted: Sequence[str]) -> str:
    """The words put in the middle of the text, between two of its own."""
    gaps = [gap.start() for gap in re.finditer(r"(?<=\w)\s+(?=\w)", text)] or [len(text)]
    place = gaps[len(gaps) // 2]
    return f"{text[:place]} {' '.join(inserted)} {text[place:]}"


VERSION = re.compile(r"(?i)(\bv(?:ersion|\.)?\s*)(\d+)((?:\.\d+)*)")


def other_version(text: str) -> str | None:
    """The text with the first version number that it names raised by seven; None where it names none."""
    found = VERSION.search(text)
    if found is None:
        return None
    return f"{text[: found.start()]}{found[1]}{int(found[2]) + 7}{found[3]}{text[found.end() :]}"


REQUIRED = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def without_phrase(text: str) -> str | None:
    """A rule's text with one word of its first required phrase replaced; None where it has no such phrase."""
    found = REQUIRED.search(text)
    if found is None:
        return None
    phrase = re.sub(r"\w+", words(random.Random(len(text)), 1)[0], found[1], count=1)
    return plain(text[: found.start()] + phrase + text[found.end() :])


def plain(text: str) -> str:
    """A rule's text without the marks of required phrases."""
    return text.replace("{{", "").replace("}}", "")


# --- texts that grow --------------------------------------------------------------------------------------------------


def third_party_notices(texts: Sequence[str], size: int) -> str:
    """License texts one after the other, each under the name of a package."""
    chance = random.Random(1)
    parts: list[str] = []
    length = 0
    while length < size:
        name = "-".join(words(chance, 2))
        parts.append(f"\n{'=' * 60}\n{name} {chance.randint(0, 9)}.{chance.randint(0, 20)}\n\n{chance.choice(texts)}\n")
        length += len(parts[-1])
    return "".join(parts)[:size]


def minified(size: int) -> str:
    """A bundle on one line, with a few banners in it."""
    chance = random.Random(2)
    banners = (
        "/*! {0} v1.2.3 | (c) 2019 {0} contributors | MIT License */",
        "/** @license {0} Copyright (c) {1}, Inc. and its affiliates. This source code is licensed under the MIT"
        " license found in the LICENSE file in the root directory of this source tree. */",
        "/*! Licensed under the Apache License, Version 2.0 (the 'License') {0} */",
    )
    parts: list[str] = []
    length = 0
    while length < size:
        a, b, c, d = words(chance, 4)
        code = f'var {a}=function({b[:2]},{c[:1]}){{return {b[:2]}.{d}("{c}",{c[:1]}?{len(a)}:{len(b)})}};'
        parts.append(chance.choice(banners).format(a, b.title()) if chance.random() < 0.002 else code)
        length += len(parts[-1])
    return "".join(parts)[:size]


def unlicensed(size: int) -> str:
    """Code-like lines that speak of no license."""
    chance = random.Random(3)
    parts: list[str] = []
    length = 0
    while length < size:
        indent = " " * 4 * chance.randint(0, 3)
        parts.append(f"{indent}{' '.join(words(chance, chance.randint(1, 9)))} = {chance.randint(0, 9999)};\n")
        length += len(parts[-1])
    return "".join(parts)[:size]


def repeated(text: str) -> Grower:
    """One text over and over."""
    return lambda size: (text * (size // len(text) + 1))[:size]


# --- hostile inputs ---------------------------------------------------------------------------------------------------


def mutated(chance: random.Random, text: str) -> bytes:
    """A license text with words dropped, doubled, swapped and replaced, or bytes flipped and cut."""
    if chance.random() < 0.3:
        raw = bytearray(text.encode())
        for _ in range(chance.randint(1, 1 + len(raw) // 50)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        return bytes(raw[: chance.randint(1, len(raw))])
    parts = text.split(" ")
    for _ in range(chance.randint(1, 1 + len(parts) // 10)):
        place = chance.randrange(len(parts))
        other = chance.randrange(len(parts))
        kind = chance.randrange(4)
        if kind == 0:
            parts[place] = ""
        elif kind == 1:
            parts[place] = f"{parts[place]} {parts[place]}"
        elif kind == 2:
            parts[place], parts[other] = parts[other], parts[place]
        else:
            parts[place] = words(chance, 1)[0]
    return " ".join(parts).encode()


def soup(chance: random.Random, size: int) -> bytes:
    """Characters of many scripts, combining marks, directions, surrogates and zeros among them."""
    odd = "\u0300\u200b\u200d\u202e\ufeff\ufffd\u2028\x00\x0b\x0c\x1b\x85\ud800\udfff"
    low, high = chance.choice(SCRIPTS)
    pool = "".join(map(chr, range(low, high))) + odd
    text = "".join(chance.choices(pool, k=size))
    return text.encode(chance.choice(("utf-8", "utf-16-le", "utf-32-be", "utf-8-sig")), "surrogatepass")


def deep(chance: random.Random, size: int) -> bytes:
    """Brackets inside brackets, with the beginnings of license statements between them."""
    pieces = ("(", "{", "[", "<", "/*", "<!--", "((", ")", "*/", "-->", "SPDX-License-Identifier: ", "(c) ", "MIT OR ")
    piece = chance.choice(pieces)
    if chance.random() < 0.5:
        return (piece * size)[:size].encode()
    return "".join(chance.choices(pieces, k=size // 3)).encode()


def long_words(chance: random.Random, size: int) -> bytes:
    """A word that never ends, or very many of one letter."""
    piece = chance.choice(
        ("a", "ab1", "a_", "é", "license", "\u4e2d", "1", "+a", "-", ".", "@x.", "http://", "copyright ")
    )
    return (piece * size)[:size].encode()


def tags(chance: random.Random, size: int) -> bytes:
    """License identifiers and names, any after any."""
    names = ("MIT", "GPL-2.0+", "Apache-2.0", "BSD", "LicenseRef-x", "see COPYING", "Copyright (c) 2020", "2019-")
    pieces = (*names, "SPDX-License-Identifier:", "License:", "WITH", "AND", "OR", "(", ")", "\n")
    return " ".join(chance.choices(pieces, k=max(1, size // 8))).encode()


def hostile(seed: int, texts: Sequence[str]) -> tuple[str, bytes]:
    """The hostile input of a seed, with the name of its kind."""
    chance = random.Random(seed)
    kind = ("random bytes", "mutated license", "unicode soup", "deep brackets", "long words", "tags")[seed % 6]
    size = int(10 ** chance.uniform(0, 4.3))
    if kind == "random bytes":
        return kind, chance.randbytes(size)
    if kind == "mutated license":
        return kind, mutated(chance, chance.choice(texts))
    makers = {"unicode soup": soup, "deep brackets": deep, "long words": long_words, "tags": tags}
    return kind, makers[kind](chance, size)


def hostiles(count: int, texts: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """So many hostile inputs, of every kind in turn."""
    return (hostile(seed, texts) for seed in range(count))
