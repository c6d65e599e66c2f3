"""Workspace globs of npm, yarn, pnpm and bun: which folders are members."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from functools import lru_cache

from licscan.base.errors import InputError
from licscan.base.links import is_folder
from licscan.base.tree import Tree, join

MAX_PATTERNS = 1_000
"""Braces multiply: no real project lists more."""

MAX_FOLDERS = 200_000


def expand_workspaces(tree: Tree, folder: str, globs: Sequence[str]) -> tuple[str, ...]:
    """The manifests of the members that the globs name below a folder, sorted; never inside node_modules.

    `*`, `?` and `[...]` stay within one folder's name and do not match a leading dot, `**` spans folders, `{a,b}` are
    alternatives, `!` takes away what earlier globs gave. Links to folders are not followed by `*` and `**`.
    """
    walk = _Walk(tree)
    members: dict[str, None] = {}
    for glob, alternatives in _written(globs):
        for segments in alternatives:
            if glob.startswith("!"):
                pattern = _patterns(segments)
                members = {m: None for m in members if not _fits(_below(folder, m), pattern)}
            else:
                members.update(dict.fromkeys(walk.find(folder, segments)))
    own = join(folder, "package.json")
    manifests = (join(member, "package.json") for member in members)
    return tuple(sorted(path for path in manifests if path != own and tree.exists(path)))


def is_member(place: str, globs: Sequence[str]) -> bool:
    """Whether the globs name the folder, told by its path alone."""
    member = False
    for negated, patterns in _compiled(tuple(globs)):
        if negated == member and any(_fits(place.split("/"), pattern) for pattern in patterns):
            member = not negated
    return member


_Pattern = tuple[re.Pattern[str] | None, ...]


@lru_cache(maxsize=16)
def _compiled(globs: tuple[str, ...]) -> list[tuple[bool, list[_Pattern]]]:
    """Each glob as whether it takes away, and its alternatives; None stands for `**`."""
    return [
        (glob.startswith("!"), [_patterns(segments) for segments in alternatives])
        for glob, alternatives in _written(globs)
    ]


def _written(globs: Sequence[str]) -> Iterator[tuple[str, list[list[str]]]]:
    """Each glob with its alternatives as lists of segments; at most MAX_PATTERNS alternatives in all."""
    left = MAX_PATTERNS
    for glob in globs:
        alternatives = _braces(glob.removeprefix("!"))[:left]
        left -= len(alternatives)
        if alternatives:
            yield glob, [_segments(pattern) for pattern in alternatives]


def _patterns(segments: list[str]) -> _Pattern:
    return tuple(None if segment == "**" else re.compile(translate(segment)) for segment in segments)


def _segments(pattern: str) -> list[str]:
    return [part for part in pattern.split("/") if part not in ("", ".")]


def _braces(glob: str) -> list[str]:
    """The alternatives of `{a,b}` written out, innermost first, at most MAX_PATTERNS."""
    done: list[str] = []
    waiting = [glob]
    while waiting and len(done) + len(waiting) <= MAX_PATTERNS:
        pattern = waiting.pop()
        found = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
        if not found:
            done.append(pattern)
            continue
        before, after = pattern[: found.start()], pattern[found.end() :]
        waiting.extend(f"{before}{choice}{after}" for choice in found[1].split(","))
    return done


def _name_pattern(segment: str) -> re.Pattern[str]:
    hidden = "" if segment.startswith(".") else r"(?!\.)"
    return re.compile(hidden + translate(segment))


def _below(folder: str, member: str) -> list[str]:
    return (member[len(folder) + 1 :] if folder else member).split("/")


def _fits(parts: list[str], patterns: _Pattern) -> bool:
    """Whether the names match all segments (dynamic programming over both, so `**` costs no backtracking)."""
    reached = {0}
    for part in parts:
        reached = _spread(reached, patterns)
        reached = {
            index if pattern is None else index + 1
            for index in reached
            if index < len(patterns) and ((pattern := patterns[index]) is None or pattern.match(part))
        }
        if not reached:
            return False
    return len(patterns) in _spread(reached, patterns)


def _spread(reached: set[int], patterns: Sequence[object]) -> set[int]:
    """The positions from which `**` may match nothing, added."""
    wider = set(reached)
    for index in range(len(patterns)):
        if index in wider and patterns[index] is None:
            wider.add(index + 1)
    return wider


class _Walk:
    """Folders below a folder by glob segments; each pair of folder and position once, at most MAX_FOLDERS in all."""

    def __init__(self, tree: Tree):
        self.tree = tree
        self._left = MAX_FOLDERS
        self._listed: dict[str, list[str]] = {}

    def find(self, folder: str, segments: list[str]) -> Iterator[str]:
        """Every folder that matches."""
        patterns = [
            None if part == "**" or not re.search(r"[*?\[]", part) else _name_pattern(part) for part in segments
        ]
        stack = [(folder, 0)]
        visited = set(stack)
        while stack and self._left > 0:
            self._left -= 1
            here, index = stack.pop()
            if index == len(segments):
                yield here
                continue
            for step in self._steps(here, index, segments[index], patterns[index]):
                if step not in visited:
                    visited.add(step)
                    stack.append(step)

    def _steps(self, here: str, index: int, segment: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[str, int]]:
        if segment == "**":
            yield here, index + 1
            for name in self._folders(here):
                if not name.startswith("."):
                    yield join(here, name), index
        elif pattern is not None:
            for name in self._folders(here):
                if pattern.match(name):
                    yield join(here, name), index + 1
        elif segment != "node_modules" and self.tree.folder_exists(join(here, segment)):
            yield join(here, segment), index + 1

    def _folders(self, folder: str) -> list[str]:
        if folder not in self._listed:
            self._listed[folder] = []
            try:
                with os.scandir(self.tree.path(folder)) as entries:
                    found = [e.name for e in entries if is_folder(e) and e.name != "node_modules"]
                self._listed[folder] = sorted(found)
            except (OSError, InputError):
                pass
        return self._listed[folder]
