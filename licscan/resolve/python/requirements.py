"""pip's requirements files (pip 26), and what pip-compile and `uv pip compile` write into their comments.

`==` (without a wildcard) and `===` count as pinned; everything else is a requirement without a version, unless a
constraints file (`-c`) pins it. The scope is told by names (`resolve.roles`); a file that several include counts as
the most shipped of them. Included files (`-r`, `-c`) are covered. Nothing is expanded: `${TOKEN}` stays as it is.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from licscan.base.errors import InputError
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.base.tree import Tree, folder_of, join
from licscan.model import SCOPE_RANK, Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import local, pep508, pip_lines, via
from licscan.resolve.python.identity import identify_above
from licscan.resolve.roles import scope_of

MAX_FILES = 1000
"""No project includes more; a generated chain of includes ends here."""

_SHOWN = 5
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
"""What pip puts in from its environment."""


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a requirements file asks for, with the files that it includes."""
    builder = Builder(path)
    identity = identify_above(tree, folder_of(path))
    root = builder.project("pypi", identity.name, identity.version, manifest=path)
    read_into(builder, tree, path, root)
    return builder.build()


def read_into(builder: Builder, tree: Tree, path: str, root: str, scope: Scope | None = None) -> None:
    """Add the requirements of a file (and of those that it includes) below a root; InputError where it is unreadable.

    Without a scope that is told by the file's name.
    """
    reader = _Reader(builder, tree, root, scope)
    reader.read(path)
    reader.finish()


def read_text_into(builder: Builder, tree: Tree, text: str, root: str, scope: Scope) -> None:
    """Add the requirements in a text that stands in the builder's own file (the `pip:` part of a conda environment)."""
    reader = _Reader(builder, tree, root, scope)
    reader.text(builder.path, text, scope)
    reader.finish()


@dataclass
class _Entry:
    """One requirement line, kept until all constraints and comments are known."""

    requirement: pep508.Requirement
    file: str
    line: int
    scope: Scope
    hashes: tuple[str, ...]
    needed_by: list[str] = field(default_factory=list)


class _Reader:
    """Reads one requirements file with its includes; files are visited with a stack, each once for each scope."""

    def __init__(self, builder: Builder, tree: Tree, root: str, scope: Scope | None):
        self.builder = builder
        self.tree = tree
        self.root = root
        self.scope = scope
        self.index: str | None = None
        self.other_index = False
        self.entries: list[_Entry] = []
        self.constraints: dict[str, set[str]] = {}
        self._visited: dict[str, Scope] = {}
        self._pending: deque[tuple[str, Scope, bool, str]] = deque()

    def read(self, path: str) -> None:
        """Read the file itself (its errors are raised) and then what it includes (whose errors are problems)."""
        self._file(path, self._scope(path, None), constraint=False)
        self._included()

    def text(self, path: str, text: str, scope: Scope) -> None:
        """Read a text as if it stood in the file, and then what it includes."""
        self._lines(_File(self, path, scope, constraint=False, again=False), text)
        self._included()

    def _included(self) -> None:
        while self._pending:
            included, scope, constraint, said_in = self._pending.popleft()
            if len(self._visited) >= MAX_FILES:
                self.builder.problem(
                    _("includes more than {limit} files").format(limit=MAX_FILES), code="input-unreadable"
                )
                return
            try:
                self._file(included, scope, constraint)
            except InputError as error:
                self.builder.problem(
                    _("the included file {path} {reason}").format(path=included, reason=error.message),
                    subject=said_in,
                    code="input-unreadable",
                )

    def finish(self) -> None:
        """Turn the collected lines into components and edges."""
        keys: dict[str, list[str]] = {}
        added: list[tuple[_Entry, str]] = []
        for entry in self.entries:
            key = self._add(entry)
            added.append((entry, key))
            keys.setdefault(purls.normalize_pypi_name(entry.requirement.name), []).append(key)
        edges = via.Edges(self.builder, self.root, keys)
        for entry, key in added:
            edges.add(key, entry.scope, entry.requirement.text(), entry.needed_by)
        edges.reach_everything()

    def _add(self, entry: _Entry) -> str:
        requirement = entry.requirement
        pins = self.constraints.get(purls.normalize_pypi_name(requirement.name), set())
        if requirement.version is None and not requirement.url and len(pins) == 1:
            requirement = pep508.pinned(requirement, next(iter(pins)))
        index = None if self.other_index else self.index
        return pep508.component(
            self.builder,
            requirement,
            file=entry.file,
            line=entry.line,
            hashes=entry.hashes,
            source=Source(SourceKind.REGISTRY, index),
        )

    def _scope(self, path: str, included_from: Scope | None) -> Scope:
        own = self.scope or scope_of(path)
        return own if included_from is None else min(own, included_from, key=SCOPE_RANK.__getitem__)

    def _file(self, path: str, scope: Scope, constraint: bool) -> None:
        key = f"-c {path}" if constraint else path
        before = self._visited.get(key)
        if before is not None and SCOPE_RANK[before] <= SCOPE_RANK[scope]:
            return
        self._visited[key] = scope
        text = pip_lines.read(self.tree, path)
        if path != self.builder.path:
            self.builder.cover(path)
        self._lines(_File(self, path, scope, constraint, again=before is not None), text)

    def _lines(self, file: _File, text: str) -> None:
        for line in pip_lines.lines(text):
            file.line(line)
        file.finish()

    def include(self, path: str, scope: Scope, constraint: bool, said_in: str) -> None:
        """Read another file later."""
        self._pending.append((path, self._scope(path, scope), constraint, said_in))


class _File:
    """The lines of one file, one after the other."""

    def __init__(self, reader: _Reader, path: str, scope: Scope, constraint: bool, again: bool):
        self.reader = reader
        self.path = path
        self.scope = scope
        self.constraint = constraint
        self.again = again
        self.comments = via.Comments()
        self.refused: list[tuple[int, str]] = []
        self.compiled_from: set[str] = set()

    def line(self, line: pip_lines.Line) -> None:
        """Take one logical line."""
        if line.option:
            self.comments.end()
            self._option(line)
        elif line.text:
            self.comments.end()
            if self.constraint:
                self._constrain(line)
            else:
                self._count(self._require(line))
        if line.comment is not None:
            self.comments.line(line.comment)

    def finish(self) -> None:
        """Say what was no requirement, and which source a compiled file answers for."""
        for source in sorted(self.comments.sources):
            path = self._beside(source)
            # what a dev list repeats of a runtime list stays to be read on its own, for its scope
            not_more_shipped = SCOPE_RANK[scope_of(path)] >= SCOPE_RANK[self.scope]
            if path != self.path and not_more_shipped and self.reader.tree.exists(path):
                self.reader.builder.cover(path)
        if not self.refused:
            return
        count = len(self.refused)
        message = ngettext(
            "{count} line is not a requirement that pip would accept: {lines}",
            "{count} lines are not requirements that pip would accept: {lines}",
            count,
        )
        lines = (_("line {line} ({text})").format(line=n, text=shown(text)) for n, text in self.refused)
        self.reader.builder.problem(
            message.format(count=f"{count:,}", lines=listed(lines, _SHOWN)),
            subject=self.path,
            code="dependency-unresolved",
        )

    def _beside(self, name: str) -> str:
        """A path as a file names it: relative to the file, else to where the tool was run (the root)."""
        own = join(folder_of(self.path), name)
        return own if self.reader.tree.exists(own) or not self.reader.tree.exists(name) else join("", name)

    def _count(self, understood: bool) -> None:
        if not self.again:
            self.reader.builder.seen += 1
            self.reader.builder.understood += understood

    def _option(self, line: pip_lines.Line) -> None:
        match line.option:
            case "--requirement" | "--constraint":
                constraint = self.constraint or line.option == "--constraint"
                self._include(line, constraint)
            case "--editable" if not self.constraint:
                self._count(self._require(line))
            case "--index-url" | "--pypi-url":
                self.reader.index = purls.strip_credentials(line.text)
            case "--extra-index-url" | "--find-links" | "--no-index":
                self.reader.other_index = True

    def _include(self, line: pip_lines.Line, constraint: bool) -> None:
        if local.is_url(line.text):
            self._count(False)
            self.reader.builder.problem(
                _("line {line}: {url} is not fetched, so what it requires is not in this report").format(
                    line=line.number, url=shown(line.text)
                ),
                subject=self.path,
                code="dependency-unresolved",
            )
            return
        self.reader.include(join(folder_of(self.path), line.text), self.scope, constraint, self.path)

    def _constrain(self, line: pip_lines.Line) -> None:
        said = pep508.parse_requirement(line.text)
        if said and said.valid and said.specifier and not said.url:
            marker = f" ; {said.marker}" if said.marker else ""
            self.reader.builder.constrain(f"{said.name}{said.specifier}{marker}")
        # a pin that holds on some platforms only would be a guess on the others
        if said and said.version and not said.marker:
            self.reader.constraints.setdefault(purls.normalize_pypi_name(said.name), set()).add(said.version)

    def _require(self, line: pip_lines.Line) -> bool:
        """Add one requirement; False where it could not be understood."""
        reader, builder = self.reader, self.reader.builder
        if local.is_url(line.text) and not line.text.lower().startswith("file:"):
            key = local.require_url(builder, reader.root, line.text, self.scope, line.number, line.hashes)
            if key is None:
                self.refused.append((line.number, line.text))
            return key is not None
        if local.is_path(line.text):
            return local.require_path(
                builder, reader.tree, reader.root, line.text, self.scope, line.number, line.hashes
            )
        said = pep508.parse_requirement(line.text)
        if (said is None or not said.valid) and (variable := _VARIABLE.search(line.text)):
            message = _("line {line}: {text} is known only if the environment variable {name} is set")
            told = message.format(line=line.number, text=shown(line.text), name=variable[1])
            builder.problem(told, subject=self.path, code="dependency-unresolved")
        elif said is None or not said.valid:
            self.refused.append((line.number, line.text))
        if said is None:
            return False
        entry = _Entry(said, self.path, line.number, self.scope, line.hashes)
        self.comments.begin(entry.needed_by)
        reader.entries.append(entry)
        return True


def shown(text: str) -> str:
    """A line as it may be shown: without credentials, not too long."""
    return re.sub(r"//[^/@\s]*@", "//", " ".join(text.split()))[:80]
