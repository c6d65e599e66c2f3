"""What a project says of single files: REUSE 3.3 (sidecars, `REUSE.toml`, `.reuse/dep5`), and Debian's copyright files.

Debian's (machine-readable format 1.0) speak of the sources; of an installed tree they mean the files that end so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.load import load_toml, table_at
from licscan.base.messages import _
from licscan.content.listing import is_annotation
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION, Location, Problem
from licscan.model.content import ContentStatement, Speaker

MAX_PATTERNS = 50_000
"""Plain paths and globs of one list."""
MAX_GLOBS = 5_000
"""Globs of all lists of a project that are matched; of those with many stars, which take long, a hundredth."""
MAX_GLOB = 1_000
MAX_HOLDERS = 5
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n]{1,500})")
_COPYRIGHT = re.compile(
    r"SPDX-(?:File|Snippet)CopyrightText:[ \t]*([^\r\n]{1,500})|(?m:^)[ \t]*Copyright:?[ \t]+([^\r\n]{1,500})"
)
_YEARS = re.compile(r"(?i)^(?:copyright|\(c\)|©|[\s,\-–]|\d{4})+")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_DEBIAN = re.compile(r"(?P<sources>(?:.*/)?)debian/copyright|(?P<tree>(?:.*/)?)usr/share/doc/[^/]+/copyright")
_MACHINE_READABLE = re.compile(r"(?im)\AFormat:\s*\S*(?:copyright-format|dep5|DEP-5)")
_MOST_STARS = 2
"""A pattern with more of them is matched in steps: a regular expression would go back and forth without end."""


@dataclass(frozen=True, slots=True)
class _Annotation:
    """One glob with what is said of its files."""

    glob: str
    matches: Callable[[str], object]
    statement: ContentStatement
    is_slow: bool = False


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that a project annotates; of several annotations of one file the last counts, as REUSE says."""

    sidecars: Mapping[str, ContentStatement]
    plain: Mapping[str, tuple[int, ContentStatement]] = field(default_factory=dict)
    globs: tuple[tuple[int, _Annotation], ...] = ()

    def of(self, path: str) -> ContentStatement | None:
        """What is annotated of a file; its own sidecar before the lists."""
        if path in self.sidecars:
            return self.sidecars[path]
        number, statement = self.plain.get(path, (-1, None))
        for place, one in reversed(self.globs):
            if place < number:
                break
            if one.matches(path):
                return one.statement
        return statement


def annotates(path: str, text: str) -> bool:
    """Whether a text annotates other files, by its name and, for those of Debian, by its first line."""
    return is_annotation(path) or bool(_DEBIAN.fullmatch(path) and _MACHINE_READABLE.match(text))


def may_annotate(path: str) -> bool:
    """Whether a file may annotate others, by its name."""
    return is_annotation(path) or _DEBIAN.fullmatch(path) is not None


def annotations_of(texts: Mapping[str, str]) -> tuple[Annotations, list[Problem]]:
    """What these files say (path to text); a list that is broken is a problem, and says nothing."""
    sidecars: dict[str, ContentStatement] = {}
    globs: list[_Annotation] = []
    problems = []
    # in a tree of many Debian packages nothing tells whose file one is
    trees = Counter(match["tree"] for path in texts if (match := _DEBIAN.fullmatch(path)))
    # the nearest list counts: those deeper come later
    for path, text in sorted(texts.items(), key=lambda pair: (pair[0].count("/"), pair[0])):
        if path.endswith(".license"):
            sidecars[path.removesuffix(".license")] = _sidecar(path, text)
            continue
        if (debian := _DEBIAN.fullmatch(path)) and debian["tree"] is not None and trees[debian["tree"]] > 1:
            continue
        try:
            read = _reuse(path, text) if path.endswith("REUSE.toml") else _dep5(path, text)
            told = list(islice(read, MAX_PATTERNS))
            over = next(read, None) is not None
        except FormatError as error:
            problems.append(Problem("content", path, error.message, "input-unreadable"))
            continue
        kept = _affordable(told, globs)
        globs += kept
        if over or len(kept) < len(told):
            problems.append(Problem("content", path, _("has too many annotation patterns: not all of them were read")))
    plain = {one.glob: (place, one.statement) for place, one in enumerate(globs) if _is_plain(one)}
    return Annotations(sidecars, plain, tuple(pair for pair in enumerate(globs) if not _is_plain(pair[1]))), problems


def _affordable(told: Iterable[_Annotation], before: Iterable[_Annotation]) -> list[_Annotation]:
    """Those among the annotations for whose patterns there is room; plain paths cost nothing."""
    starred = [one for one in before if not _is_plain(one)]
    left, slow_left = MAX_GLOBS - len(starred), MAX_GLOBS // 100 - sum(one.is_slow for one in starred)
    kept = []
    for one in told:
        if not _is_plain(one):
            if len(one.glob) > MAX_GLOB or left < 1 or (one.is_slow and slow_left < 1):
                continue
            left -= 1
            slow_left -= one.is_slow
        kept.append(one)
    return kept


def _sidecar(path: str, text: str) -> ContentStatement:
    tags = _TAG.findall(text)
    holders = [first or second for first, second in _COPYRIGHT.findall(text)]
    return _statement(" AND ".join(f"({tag.strip()})" if len(tags) > 1 else tag.strip() for tag in tags), holders, path)


def _statement(license_: str, holders: Iterable[str], path: str) -> ContentStatement:
    expression = read_license(license_).expression or NOASSERTION if license_ else ""
    names = list(dict.fromkeys(name for one in holders if (name := _holder(one))))[:MAX_HOLDERS]
    return ContentStatement(Speaker.ANNOTATION, expression, "; ".join(names), Location(path), license_[:200])


def _holder(said: str) -> str:
    name = _YEARS.sub("", said.strip()).strip(" .,")
    return "" if name.casefold() in ("none", "") else name[:200]


def _reuse(path: str, text: str) -> Iterator[_Annotation]:
    data = load_toml(text, path)
    folder = path.rpartition("/")[0]
    listed = data.get("annotations")
    for one in listed if isinstance(listed, list) else ():
        entry = table_at(one)
        licenses = _texts(entry.get("SPDX-License-Identifier"))
        said = " AND ".join(f"({each})" if len(licenses) > 1 else each for each in licenses)
        statement = _statement(said, _texts(entry.get("SPDX-FileCopyrightText")), path)
        for glob in _texts(entry.get("path")):
            yield _annotation(f"{folder}/{glob}" if folder else glob, statement, crosses=False)


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one.strip()]


def _is_plain(one: _Annotation) -> bool:
    return not set(one.glob) & _SPECIAL


def _annotation(glob: str, statement: ContentStatement, *, crosses: bool) -> _Annotation:
    plain = glob[:MAX_GLOB]
    if not set(plain) & _SPECIAL:
        return _Annotation(glob, plain.__eq__, statement)
    tokens = tuple(_tokens(plain, crosses=crosses))
    if sum(one in _STARS for one in tokens) > _MOST_STARS:
        return _Annotation(glob, partial(_in_steps, tokens), statement, is_slow=True)
    made = "".join(_AS_PATTERN.get(one) or re.escape(one[-1]) for one in tokens)
    return _Annotation(glob, re.compile(made, re.DOTALL).fullmatch, statement)


_SPECIAL = frozenset("*?\\")
_STARS = ("**", "*")
_AS_PATTERN = {"**": ".*", "*": "[^/]*", "?": "."}


def _tokens(glob: str, *, crosses: bool) -> Iterator[str]:
    """A glob's parts: `**` for anything, `*` for what stays in a folder, `?` for one character, else a character.

    `*` stays in its folder unless it `crosses`; a backslash escapes.
    """
    at = 0
    while at < len(glob):
        if glob[at] == "\\" and at + 1 < len(glob):
            yield "\\" + glob[at + 1] if glob[at + 1] in "*?" else glob[at + 1]
            at += 2
        elif glob[at] == "*":
            stars = len(glob[at:]) - len(glob[at:].lstrip("*"))
            yield "**" if stars > 1 or crosses else "*"
            at += stars
        else:
            yield "?" if crosses and glob[at] == "?" else "\\?" if glob[at] == "?" else glob[at]
            at += 1


def _in_steps(tokens: tuple[str, ...], path: str) -> bool:
    """Whether a path is what the parts say; time is the product of their lengths at most."""
    reached = {0}
    for one in tokens:
        if one in _STARS:
            first = min(reached)
            ends = {first} if one == "**" else reached
            spread: set[int] = set()
            for start in ends:
                at = start
                while at not in spread and at <= len(path):
                    spread.add(at)
                    if at == len(path) or (one == "*" and path[at] == "/"):
                        break
                    at += 1
            reached = spread
        else:
            plain = one[-1]
            reached = {at + 1 for at in reached if at < len(path) and (one == "?" or path[at] == plain)}
        if not reached:
            return False
    return len(path) in reached


def _dep5(path: str, text: str) -> Iterator[_Annotation]:
    """The paragraphs of a Debian copyright file in machine-readable format 1.0 that name files."""
    debian = _DEBIAN.fullmatch(path)
    before = (debian["sources"] or "") if debian else ""
    if debian is not None and debian["tree"] is not None:
        before = f"{debian['tree']}**/"
    for paragraph in _PARAGRAPH.split(text.replace("\r\n", "\n")):
        fields = _fields(paragraph)
        if "files" not in fields:
            continue
        license_ = fields.get("license", "").split("\n")[0].strip()
        statement = _statement(license_, fields.get("copyright", "").split("\n"), path)
        if debian and fields["files"] == "*":
            # what is said of everything is said of the work itself
            statement = replace(statement, is_own=True)
        for glob in fields["files"].split():
            yield _annotation(before + glob, statement, crosses=True)


def _fields(paragraph: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in paragraph.split("\n"):
        if line[:1] in (" ", "\t"):
            if name:
                found[name] += "\n" + line.strip()
        elif ":" in line and not line.startswith("#"):
            name, _colon, value = line.partition(":")
            name = name.strip().casefold()
            found[name] = value.strip()
    return found
