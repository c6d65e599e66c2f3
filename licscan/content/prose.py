"""Lists in prose that name files: which entry speaks of which file, and in which words.

A list is any text beside files (CREDITS, README, LICENCE.md): an entry is a line that names something, its words are
those of the line and of the nearest heading and paragraph above it. A text that names nothing speaks for its folder.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import translate

MAX_LINES = 5_000
MAX_LINE = 4_000
"""Characters of one line: a longer one is no entry of a list, and its rest is left."""
MAX_BELOW = 12
"""Lines that go on with an entry."""
MAX_LOOKED = 4_000_000
"""Paths that the globs and folders of all lists together are held against."""
MAX_WORDS = 2_000
"""Characters of the words of one entry."""
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s(.*)$")
_UNDERLINE = re.compile(r"^\s{0,3}(?:={3,}|-{3,}|~{3,})\s*$")
_BULLET = re.compile(r"^\s*(?:[-*+•·]|\d{1,3}[.)、])\s+")
_TABLE = re.compile(r"^\s*\|.*\|\s*$")
_CODE = re.compile(r"`([^`\n]{1,200})`")
_LINK = re.compile(r"\[([^\[\]\n]{0,200})\]\(([^()\s]{1,500})\)")
_URL = re.compile(r"(?:https?|ftp)://[^\s)>\]]+")
_FILE = re.compile(r"(?<![\w/.@+*-])((?:[\w@+.-]+/)*[\w@+*.-]*[\w*])(?=[\s,;:)\]|'\"、，。]|$)")
_WILD = re.compile(r"[*?\[]")
_ENDING = re.compile(
    r"(?i)\.(?:png|jpe?g|gif|webp|svgz?|avif|ico|bmp|tiff?|ttf|otf|woff2?|eot|mp3|ogg|oga|opus|wav|flac|m4a|aac|mp4"
    r"|webm|mov|json|lottie|tgs|onnx|tflite|pt|bin|gguf|safetensors|pdf)$"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that names things: its number (from 1), the names, and the words that speak of them."""

    line: int
    names: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Prose:
    """One text beside files: its path, its folder, its entries, and all its words."""

    path: str
    folder: str
    entries: tuple[Entry, ...]
    words: str


@dataclass(slots=True)
class _Section:
    """What stands above the lines that follow."""

    heading: str = ""
    paragraph: list[str] = field(default_factory=list)
    is_open: bool = True


def read_prose(path: str, text: str) -> Prose:
    """The entries of a text; links are read as their targets and their words."""
    lines = [line[:MAX_LINE] for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MAX_LINES]]
    return Prose(path, path.rpartition("/")[0], tuple(_entries(lines)), text[: MAX_WORDS * 10])


def _entries(lines: list[str]) -> Iterator[Entry]:
    section, told_until = _Section(), 0
    for number, line in enumerate(lines, 1):
        if number <= told_until:
            continue
        told = lines[number] if number < len(lines) else ""
        heading = _HEADING.match(line)
        if heading or (line.strip() and _UNDERLINE.match(told) and not _BULLET.match(line)):
            section = _Section(heading[1].strip().rstrip("#").rstrip() if heading else line.strip())
            continue
        if _UNDERLINE.match(line):
            continue
        names = tuple(dict.fromkeys(_names(line)))
        if names and (_BULLET.match(line) or _TABLE.match(line) or _is_short(line)):
            # the next paragraph starts anew: these lines belong to the one above
            section.is_open = False
            below = _below(lines, number)
            told_until = number + len(below)
            yield Entry(number, names, _words(section, line, below))
            continue
        if not line.strip():
            section.is_open = section.is_open and not section.paragraph
            continue
        if not section.is_open:
            section.paragraph, section.is_open = [], True
        below = _below(lines, number) if names else []
        told_until = number + len(below)
        if names:
            yield Entry(number, names, _words(section, line, below))
        if not below:
            section.paragraph.append(line.strip())


def _is_short(line: str) -> bool:
    return len(line.split()) <= 3


def _below(lines: list[str], number: int) -> list[str]:
    """The lines that go on with an entry: those of its block or deeper, up to the next that names files."""
    own = lines[number - 1]
    depth, bullet = _indent(own), bool(_BULLET.match(own))
    found = []
    for line in lines[number : number + MAX_BELOW]:
        goes_on = _indent(line) > depth if bullet else not _BULLET.match(line)
        if not line.strip() or not goes_on or any(_names(line)) or _HEADING.match(line) or _TABLE.match(line):
            break
        found.append(_BULLET.sub("", line).strip())
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _words(section: _Section, line: str, below: list[str]) -> str:
    own = _BULLET.sub("", line).strip()
    said = [section.heading, *section.paragraph]
    if own not in said:
        said.append(own)
    said += below
    return "\n".join(one for one in said if one)[:MAX_WORDS]


def _names(line: str) -> Iterator[str]:
    """What a line may name as files: code, targets of links, words that look like paths; a bullet's first word."""
    for code in _CODE.findall(line):
        if re.fullmatch(r"[\w@+*./-]{2,200}", code):
            yield code
    bare = _CODE.sub(" ", line)
    for said, target in _LINK.findall(bare):
        if "://" not in target:
            yield target.removeprefix("./")
        if _ENDING.search(said):
            yield said
    bare = _URL.sub(" ", _LINK.sub(" ", bare))
    bullet = _BULLET.match(bare)
    first = bare[bullet.end() :].lstrip() if bullet else ""
    for match in _FILE.finditer(bare):
        word = match[1].strip(".")
        if _ENDING.search(word) or ("*" in word.strip("*") and len(word) > 2) or "/" in word.strip("/"):
            yield word.removeprefix("./")
    if bullet and re.fullmatch(r"[\w@+.-]{3,100}", first.strip()):
        yield first.strip()


class Names:
    """Files by what a list may call them: their path with and without its ending, their name, their folder.

    `left` is how many paths more are looked at for names that mean many: globs and folders.
    """

    def __init__(self, paths: Iterable[str]):
        self._paths = sorted((path.casefold(), path) for path in paths)
        self._folded = [folded for folded, _path in self._paths]
        self._by: dict[str, list[str]] = {}
        self._last: dict[str, list[str]] = {}
        self._stem: dict[str, list[str]] = {}
        self.left = MAX_LOOKED
        for folded, path in sorted(self._paths, key=lambda pair: pair[1]):
            last = folded.rpartition("/")[2]
            stem = _ENDING.sub("", last)
            whole = folded.removesuffix(last) + stem
            for key in {folded, whole}:
                self._by.setdefault(key, []).append(path)
            self._last.setdefault(last, []).append(path)
            self._stem.setdefault(stem, []).append(path)

    def meant(self, folder: str, name: str) -> list[str]:
        """The files that a name in a list in this folder means; none where nothing is called so."""
        asked = name.strip("/").casefold()
        is_folder = name.endswith("/") or "/" in asked
        for base in dict.fromkeys((folder, *_above(folder))):
            full = f"{base}/{asked}".casefold() if base else asked
            if full in self._by:
                return self._by[full]
            found = self._matching(full) if "*" in full else self._below(full) if is_folder else []
            if found:
                return found
        return self._called(folder, asked) if "/" not in asked and "*" not in asked else []

    def _matching(self, glob: str) -> list[str]:
        matches = re.compile(translate(glob)).match
        return sorted(path for folded, path in self._starting(_WILD.split(glob, maxsplit=1)[0]) if matches(folded))

    def _below(self, folder: str) -> list[str]:
        return sorted(path for _folded, path in self._starting(f"{folder}/"))

    def _starting(self, start: str) -> list[tuple[str, str]]:
        """The paths, lower case first, that start so."""
        first = bisect_left(self._folded, start)
        found = self._paths[first : bisect_left(self._folded, start + "\U0010ffff", first)]
        self.left -= len(found)
        return found if self.left >= 0 else []

    def _called(self, folder: str, name: str) -> list[str]:
        """Files of that name, or that stem, anywhere below the list's folder."""
        under = f"{folder}/" if folder else ""
        stem = _ENDING.sub("", name)
        exact = bool(_ENDING.search(name))
        called = self._last.get(name, []) if exact else self._stem.get(stem, [])
        return [path for path in called if path.startswith(under)] if exact or folder else []


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def is_list(path: str, kinds: Mapping[str, str | None]) -> bool:
    """Whether a text may speak of files beside it; `kinds` are the kinds of texts by their names."""
    name = path.rpartition("/")[2]
    return kinds.get(name) is not None or _LISTS.fullmatch(name) is not None


_LISTS = re.compile(
    r"(?i)(?:third[-_ ]?party[-_ ]?)?(?:credits?|attributions?|sources?|licen[cs]es?|copyrights?|acknowledge?ments?"
    r"|assets|about|fonts?|icons?|sounds?|images?|emojis?|版权|声明|素材|来源)(?:[-_ ]?(?:info|list|readme))?"
    r"(?:\.(?:md|txt|rst|markdown|adoc))?"
)
