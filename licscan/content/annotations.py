"""What a project says of single files: sidecars, `REUSE.toml` and `.reuse/dep5` after the REUSE specification 3.3, and
`debian/copyright` in Debian's machine-readable format 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.load import load_toml, table_at
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION, Location, Problem
from licscan.model.content import ContentStatement, Speaker

MAX_ANNOTATIONS = 5_000
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([^\r\n]{1,500})")
_COPYRIGHT = re.compile(
    r"SPDX-(?:File|Snippet)CopyrightText:[ \t]*([^\r\n]{1,500})|(?m:^)\s*Copyright:?[ \t]+([^\r\n]{1,500})"
)
_YEARS = re.compile(r"(?i)^(?:copyright|\(c\)|©|[\s,\-–]|\d{4})+")
_DEP5 = (".reuse/dep5", "debian/copyright")
_FORMAT = re.compile(r"(?mi)^Format(?:-Specification)?:.*(?:copyright-format|DEP-?5)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class _Annotation:
    """One glob with what is said of its files."""

    glob: re.Pattern[str]
    statement: ContentStatement


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that a project annotates; of several annotations of one file the last counts, as REUSE says."""

    sidecars: Mapping[str, ContentStatement]
    globs: tuple[_Annotation, ...] = ()

    def of(self, path: str) -> ContentStatement | None:
        """What is annotated of a file; its own sidecar before the lists."""
        if path in self.sidecars:
            return self.sidecars[path]
        return next((one.statement for one in reversed(self.globs) if one.glob.fullmatch(path)), None)


def is_annotation(path: str) -> bool:
    """Whether a file annotates others."""
    return path.endswith((".license", "/REUSE.toml")) or path in ("REUSE.toml", *_DEP5)


def annotations_of(texts: Mapping[str, str]) -> tuple[Annotations, list[Problem]]:
    """What these files say (path to text); a list that is broken is a problem, and says nothing."""
    sidecars: dict[str, ContentStatement] = {}
    globs: list[_Annotation] = []
    problems = []
    # the nearest list counts: those deeper come later
    for path, text in sorted(texts.items(), key=lambda pair: (pair[0].count("/"), pair[0])):
        if path.endswith(".license"):
            sidecars[path.removesuffix(".license")] = _sidecar(path, text)
            continue
        try:
            globs += _reuse(path, text) if path.endswith("REUSE.toml") else _dep5(path, text)
        except FormatError as error:
            problems.append(Problem("content", path, error.message, "input-unreadable"))
    return Annotations(sidecars, tuple(globs)), problems


def _sidecar(path: str, text: str) -> ContentStatement:
    tags = _TAG.findall(text)
    holders = [first or second for first, second in _COPYRIGHT.findall(text)]
    return _statement(" AND ".join(f"({tag.strip()})" if len(tags) > 1 else tag.strip() for tag in tags), holders, path)


def _statement(license_: str, holders: Iterable[str], path: str) -> ContentStatement:
    expression = read_license(license_).expression or NOASSERTION if license_ else ""
    names = "; ".join(dict.fromkeys(name for one in holders if (name := _holder(one))))
    return ContentStatement(Speaker.ANNOTATION, expression, names, Location(path), license_[:200])


def _holder(said: str) -> str:
    name = _YEARS.sub("", said.strip()).strip(" .,")
    return "" if name.casefold() in ("none", "") else name[:200]


def _reuse(path: str, text: str) -> Iterator[_Annotation]:
    data = load_toml(text, path)
    folder = path.rpartition("/")[0]
    listed = data.get("annotations")
    for one in listed[:MAX_ANNOTATIONS] if isinstance(listed, list) else ():
        entry = table_at(one)
        licenses = _texts(entry.get("SPDX-License-Identifier"))
        said = " AND ".join(f"({each})" if len(licenses) > 1 else each for each in licenses)
        statement = _statement(said, _texts(entry.get("SPDX-FileCopyrightText")), path)
        for glob in _texts(entry.get("path")):
            yield _Annotation(_pattern(f"{folder}/{glob}" if folder else glob, crosses=False), statement)


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one.strip()]


def _pattern(glob: str, *, crosses: bool) -> re.Pattern[str]:
    """A glob as a pattern: `*` stays in its folder unless it `crosses`, `**` never does, a backslash escapes."""
    made, at = "", 0
    glob = glob[:1000]
    while at < len(glob):
        if glob[at] == "\\" and at + 1 < len(glob):
            made += re.escape(glob[at + 1])
            at += 2
        elif glob[at] == "*":
            stars = len(glob[at:]) - len(glob[at:].lstrip("*"))
            made += ".*" if stars > 1 or crosses else "[^/]*"
            at += stars
        else:
            made += "." if crosses and glob[at] == "?" else re.escape(glob[at])
            at += 1
    return re.compile(made, re.DOTALL)


def _dep5(path: str, text: str) -> Iterator[_Annotation]:
    """The paragraphs of a Debian copyright file in machine-readable format 1.0 that name files."""
    if path not in _DEP5[:1] and not _FORMAT.search(text[:2_000]):
        return
    for paragraph in _PARAGRAPH.split(text.replace("\r\n", "\n"))[:MAX_ANNOTATIONS]:
        fields = _fields(paragraph)
        if "files" not in fields:
            continue
        license_ = fields.get("license", "").split("\n")[0].strip()
        statement = _statement(license_, fields.get("copyright", "").split("\n"), path)
        for glob in fields["files"].split():
            yield _Annotation(_pattern(glob, crosses=True), statement)


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
