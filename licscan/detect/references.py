"""`see COPYING`: a statement that names another file takes what that file of the same package says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

from licscan.detect.grouping import UNKNOWN_KEYS, expression_of, group, key_expression
from licscan.detect.types import Detected, LicenseMatch, MatchKind

MAX_STEPS = 5
"""Files that a chain of references may lead through."""
_TEXT_SUFFIXES = frozenset({"", ".txt", ".md", ".rst", ".html"})

Index = Mapping[tuple[str, str], str]
"""(folder, file name in lower case) -> path."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A match that names another file: `file` is the path where it was found, None where it was not.

    `match` has the expression of that file (LicenseDB keys), or its own where the file says nothing. `names` are the
    files between which a statement leaves the choice (`either of the licenses found in LICENSE.A or LICENSE.B`).
    """

    match: LicenseMatch
    file: str | None
    names: tuple[str, ...] = ()


def resolve(files: Mapping[str, Detected]) -> dict[str, tuple[Resolution, ...]]:
    """For every file of a package that has them, its references in order of their place.

    `files` are the files of one package by path (`/` between folders). A named file is looked for in the folder of the
    statement, then upwards to the root, by its base name without regard to case. A statement that names a license
    itself keeps it: the file only holds the text.
    """
    if not any(_may_name(match) for detected in files.values() for match in detected.matches):
        return {}  # nearly every package
    index = _index(files)
    found: dict[str, tuple[Resolution, ...]] = {}
    for path in sorted(files):
        choices = [one for match in files[path].matches if (one := _choice(match, path, files, index))]
        open_ = (match for match in _open(files[path].matches) if not _inside(match, choices))
        resolutions = (*choices, *(_resolve(match, path, files, index) for match in open_))
        if resolutions:
            found[path] = resolutions
    return found


def followed(files: Mapping[str, Detected]) -> dict[str, Detected]:
    """The files of a folder, `/` between their folders, where a statement that names another file has its license.

    A package that is installed inside (`node_modules/x`) is one of its own: its statements mean none outside.
    """
    packages: dict[str, dict[str, Detected]] = {}
    for path, detected in files.items():
        packages.setdefault(_package(path), {})[path] = detected
    found = dict(files)
    for package in packages.values():
        for path, resolutions in resolve(package).items():
            matches = replaced(files[path], resolutions)
            found[path] = replace(files[path], matches=matches, expression=expression_of(group(matches)))
    return found


_INSTALLED = frozenset({"node_modules", "bower_components", "site-packages", "dist-packages"})


def _package(path: str) -> str:
    """The folder of the innermost installed package that a file is in; empty for none."""
    parts = path.split("/")
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] in _INSTALLED:
            return "/".join(parts[: at + 2 + parts[at + 1].startswith("@")])
    return ""


def replaced(detected: Detected, resolutions: Iterable[Resolution]) -> tuple[LicenseMatch, ...]:
    """The matches of a file with those that were resolved in place of those that were open."""
    resolutions = tuple(resolutions)
    by_place = {_place(resolution.match): resolution.match for resolution in resolutions}
    choices = [one for one in resolutions if one.names]
    return tuple(by_place.get(_place(match), match) for match in detected.matches if not _inside(match, choices))


def _place(match: LicenseMatch) -> tuple[int, int, str]:
    return match.start, match.end, match.rule


def _open(matches: Iterable[LicenseMatch]) -> Iterator[LicenseMatch]:
    """The matches that name a file and leave the license open."""
    return filter(_is_open, matches)


def _is_open(match: LicenseMatch) -> bool:
    return bool(match.references) and match.kind is not MatchKind.CLUE and match.expression in UNKNOWN_KEYS


def _may_name(match: LicenseMatch) -> bool:
    """Whether a statement can have the license of other files: what has none of either is never resolved."""
    return _is_open(match) or len(_offered(match)) > 1


def _offered(match: LicenseMatch) -> tuple[str, ...]:
    """The files of licenses that a statement names."""
    return () if match.kind is MatchKind.TEXT else _named_files(match.text)


_NAMED_FILE = re.compile(r"(?i)\b(?:LICEN[CS]ES?|COPYING)(?:[-._/][\w+-]+)+")
_CHOICE = re.compile(r"(?i)\beither\b|\bat your (?:option|choice)\b|\bchoice\b")
MAX_CHOICES = 8


@lru_cache(maxsize=4_096)
def _named_files(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.rstrip(".") for found in _NAMED_FILE.findall(text)))


def _choice(match: LicenseMatch, path: str, files: Mapping[str, Detected], index: Index) -> Resolution | None:
    """A statement that leaves the choice between other files: one of what they hold, whatever its rule is called after.

    The rules for such statements were made from one project each, and name its licenses. None where one of the files
    is missing or says nothing.
    """
    names = _offered(match)
    if not 2 <= len(names) <= MAX_CHOICES or not _CHOICE.search(match.text):
        return None
    between = match.text[match.text.find(names[0]) : match.text.find(names[-1])]
    if not re.search(r"(?i)\bor\b", between):
        return None
    targets = [_find(path, name, index) for name in names]
    said = [
        key_expression(one for one in files[target].matches if one.expression not in UNKNOWN_KEYS) if target else None
        for target in targets
    ]
    if not all(said):
        return None
    parts = list(dict.fromkeys(f"({one})" if one and " " in one else one or "" for one in said))
    expression = " OR ".join(parts) if len(parts) > 1 else (said[0] or "")
    return Resolution(replace(match, expression=expression, score=100.0), targets[0], names)


def _inside(match: LicenseMatch, choices: Iterable[Resolution]) -> bool:
    """Whether a match is but the name of a file within such a statement."""
    return any(
        one.match.start <= match.start
        and match.end <= one.match.end
        and _place(one.match) != _place(match)
        and match.kind is not MatchKind.TEXT
        for one in choices
    )


def _resolve(match: LicenseMatch, path: str, files: Mapping[str, Detected], index: Index) -> Resolution:
    """Follow the names from file to file until one says a license."""
    here, names = path, match.references
    seen = {path}
    for _step in range(MAX_STEPS):
        target = next((found for name in names if (found := _find(here, name, index)) and found not in seen), None)
        if target is None:
            break
        seen.add(target)
        said = files[target].matches
        expression = key_expression(other for other in said if other.expression not in UNKNOWN_KEYS)
        if expression:
            return Resolution(replace(match, expression=expression), target)
        here, names = target, tuple(name for other in _open(said) for name in other.references)
    return Resolution(match, None)


def _index(files: Iterable[str]) -> Index:
    """Every file by folder and name; where names differ only in case or a text's suffix, the first of the sorted."""
    index: dict[tuple[str, str], str] = {}
    stems: dict[tuple[str, str], str] = {}
    for path in sorted(files):
        pure = PurePosixPath(path)
        folder = str(pure.parent)
        index.setdefault((folder, pure.name.lower()), path)
        if pure.suffix.lower() in _TEXT_SUFFIXES:
            stems.setdefault((folder, pure.stem.lower()), path)
    return stems | index


def _find(path: str, name: str, index: Index) -> str | None:
    """The file that a name means, seen from a file."""
    wanted = PurePosixPath(name.replace("\\", "/")).name.lower()
    stem = PurePosixPath(wanted).stem if PurePosixPath(wanted).suffix in _TEXT_SUFFIXES else wanted
    for folder in PurePosixPath(path).parents:
        for candidate in (wanted, stem):
            found = index.get((str(folder), candidate))
            if found and found != path:
                return found
    return None
