"""The comments in which pip-compile and `uv pip compile` say what needs a package, as edges.

Two layouts, alone on their lines or behind the pin: `# via flask, -r requirements.in`, and `# via` with one name a
line below (`#   flask`). What comes from a file or a project (`-r dev.in`, `app (pyproject.toml)`) hangs from the root.
"""

from __future__ import annotations

import re

from licscan.model import Scope
from licscan.packages import purls
from licscan.resolve.builder import Builder

MAX_FORKS = 20
"""One name has a handful of versions, by platform; without a limit a file could span a graph that is its square."""

_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?")
_COMMAND = re.compile(r"(?:pip-compile|uv pip compile)\b(.*)")
_CONSTRAINTS = ("-c", "--constraint", "--constraints", "--override", "--overrides", "--build-constraint")
_INCLUDED = re.compile(r"-[rc]\s+(\S+)")


class Comments:
    """Follows the comments of one file; names go to the list of the requirement that stands before them."""

    def __init__(self) -> None:
        self.sources: set[str] = set()
        self._names: list[str] | None = None
        self._listing = False

    def begin(self, names: list[str]) -> None:
        """A requirement begins: what is said from here on is about it."""
        self._names = names
        self._listing = False

    def end(self) -> None:
        """A line of another kind: comments are about nothing until the next requirement."""
        self._names = None
        self._listing = False

    def line(self, comment: str) -> None:
        """Take the text behind one `#`."""
        text = comment.strip()
        if found := _COMMAND.match(text):
            words = found[1].split()
            before = ["", *words]
            pairs = zip(before, words, strict=False)
            self.sources.update(word for option, word in pairs if word.endswith(".in") and option not in _CONSTRAINTS)
            return
        if text == "via" or text.startswith("via "):
            self._listing = True
            text = text[3:]
        elif not self._listing:
            return
        if self._names is not None:
            for part in text.split(","):
                self._one(part.strip(), self._names)

    def _one(self, text: str, names: list[str]) -> None:
        if found := _INCLUDED.match(text):
            if text.startswith("-r"):
                names.append("")
                if found[1].endswith(".in"):
                    self.sources.add(found[1])
        elif found := _NAME.fullmatch(text):
            names.append(purls.normalize_pypi_name(found[1]))
        elif "(" in text:
            names.append("")


class Edges:
    """Edges from the comments' names; `keys` are the components of each normalised name."""

    def __init__(self, builder: Builder, root: str, keys: dict[str, list[str]]):
        self.builder = builder
        self.root = root
        self.keys = keys
        self._children: dict[str, list[str]] = {}
        self._entries: list[tuple[str, Scope, str | None]] = []

    def add(self, key: str, scope: Scope, requirement: str | None, needed_by: list[str]) -> None:
        """Hang a package from those that need it; from the root where nothing known does, or a file says so."""
        self._entries.append((key, scope, requirement))
        names = dict.fromkeys(needed_by)
        parents = [parent for name in names for parent in self.keys.get(name, ())[:MAX_FORKS] if parent != key]
        for parent in parents:
            self._edge(parent, key, Scope.RUNTIME, None)
        if not parents or "" in names:
            self._edge(self.root, key, scope, requirement)

    def reach_everything(self) -> None:
        """Hang a ring of packages that only need each other from the root, so that nothing is out of sight."""
        reached: set[str] = set()
        self._walk(self.root, reached)
        for key, scope, requirement in self._entries:
            if key not in reached:
                self._edge(self.root, key, scope, requirement)
                self._walk(key, reached)

    def _edge(self, parent: str, child: str, scope: Scope, requirement: str | None) -> None:
        self._children.setdefault(parent, []).append(child)
        self.builder.edge(parent, child, scope, requirement)

    def _walk(self, start: str, reached: set[str]) -> None:
        stack = [start]
        while stack:
            key = stack.pop()
            if key not in reached:
                reached.add(key)
                stack.extend(self._children.get(key, ()))
