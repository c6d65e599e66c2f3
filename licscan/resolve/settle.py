"""Joins what was asked for with what is locked, and what is locked with what is installed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from licscan.base.messages import ngettext
from licscan.model import Component, ComponentKind, Dependency, Problem
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.assemble import listed
from licscan.resolve.builder import Parsed, merge
from licscan.resolve.python.answers import ECOSYSTEMS, PythonAnswers
from licscan.resolve.reading import Read

_INSTALLERS = frozenset({"pip", "setuptools", "wheel", "distribute"})
"""What makes an environment rather than stands in a lock."""

Key = tuple[str, str]


def attach_installed(declared: Sequence[Read], installed: Sequence[Read]) -> tuple[list[Read], tuple[Problem, ...]]:
    """Installed trees beside a lock lend it their files and claims; where there is no lock, the tree is the graph.

    A package that is installed but not locked is a problem of the tree (`lock-out-of-date`), and is not taken for
    shipped.
    """
    problems: list[Problem] = []
    lots = list(declared)
    for tree in installed:
        locks = [i for i, read in enumerate(lots) if _answers_for(read, tree)]
        if not locks:
            lots.append(tree)
            continue
        by_key = {_key(component): component for component in tree.parsed.components}
        used: set[Key] = set()
        for index in locks:
            lots[index], matched = _lend(lots[index], by_key)
            used |= matched
        problems += _extraneous(tree, by_key, used)
    return lots, tuple(problems)


def _answers_for(read: Read, tree: Read) -> bool:
    """Whether a lock's folder is the folder of an installed tree, or above it, in the same ecosystem."""
    if read.format.role != "lock" or read.format.ecosystem != tree.format.ecosystem:
        return False
    inside = not read.folder or tree.path == read.folder or tree.path.startswith(read.folder + "/")
    return inside or tree.format.name == "site-packages"


def _key(component: Component) -> Key:
    name = normalize_pypi_name(component.name) if component.ecosystem == "pypi" else component.name
    return (name, component.version or "")


def _lend(lock: Read, by_key: dict[Key, Component]) -> tuple[Read, set[Key]]:
    """The lock's components with the places and claims of their installed copies."""
    components = []
    used = set()
    for component in lock.parsed.components:
        copy = by_key.get(_key(component))
        if copy is not None:
            used.add(_key(component))
            lent = replace(component, installed_at=copy.installed_at, claims=copy.claims, found_in=copy.found_in)
            component = merge(component, replace(lent, condition=component.condition))
        components.append(component)
    return replace(lock, parsed=replace(lock.parsed, components=tuple(components))), used


def _extraneous(tree: Read, by_key: dict[Key, Component], used: set[Key]) -> list[Problem]:
    bundled = frozenset(tree.parsed.bundled)
    extra = [
        f"{name}@{version}"
        for (name, version), component in by_key.items()
        if (name, version) not in used
        and component.kind is ComponentKind.PACKAGE
        and name not in _INSTALLERS
        # what a package brings in its own archive is in no lock but npm's
        and component.purl not in bundled
    ]
    if not extra:
        return []
    message = ngettext(
        "{count} package is installed but not in the lock: {names}",
        "{count} packages are installed but not in the lock: {names}",
        len(extra),
    ).format(count=len(extra), names=listed(extra))
    return [Problem("resolve", tree.input.path, message, "lock-out-of-date")]


def settle(reads: Iterable[Read]) -> list[Parsed]:
    """Requirements without a version, joined with the one package of that name that a lock or a tree holds.

    A requirements file beside a lock asks for what the lock has; only where the name is found exactly once (in a
    folder at or above its own, or in an environment) is that an answer. All else stays unresolved.
    """
    lots = list(reads)
    answers, python = _Answers(lots), PythonAnswers(lots)
    return [python.settled(read) if read.format.ecosystem in ECOSYSTEMS else _settled(read, answers) for read in lots]


class _Answers:
    """Resolved packages by ecosystem and name, with the folder for which they answer (None: everywhere)."""

    def __init__(self, reads: Iterable[Read]):
        self._known: dict[Key, list[tuple[str | None, Component]]] = {}
        for read in reads:
            folder = None if read.format.name == "site-packages" else read.folder
            for component in read.parsed.components:
                if component.resolved and component.version:
                    self._known.setdefault(_name_key(component), []).append((folder, component))

    def find(self, wanted: Component, folder: str) -> Component | None:
        """The one package that answers, the nearest folder first."""
        near = [
            (len(place) if place is not None else -1, component)
            for place, component in self._known.get(_name_key(wanted), ())
            if place is None or not place or folder == place or folder.startswith(place + "/")
        ]
        if not near:
            return None
        closest = max(rank for rank, _component in near)
        purls = {component.purl: component for rank, component in near if rank == closest}
        return next(iter(purls.values())) if len(purls) == 1 else None


def _name_key(component: Component) -> Key:
    return (component.ecosystem, _key(component)[0])


def _settled(read: Read, answers: _Answers) -> Parsed:
    renamed: dict[str, Component] = {}
    for component in read.parsed.components:
        if not component.resolved and component.source.kind in ("unknown", "registry"):
            answer = answers.find(component, read.folder)
            if answer is not None:
                renamed[component.purl] = answer
    if not renamed:
        return read.parsed
    components = tuple(
        replace(renamed[c.purl], found_in=c.found_in) if c.purl in renamed else c for c in read.parsed.components
    )
    edges = tuple(_relinked(edge, renamed) for edge in read.parsed.dependencies)
    return replace(read.parsed, components=components, dependencies=edges)


def _relinked(edge: Dependency, renamed: dict[str, Component]) -> Dependency:
    child = renamed.get(edge.child)
    return edge if child is None else replace(edge, child=child.purl)
