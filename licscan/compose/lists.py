"""Whether lists of Python packages name everything: what these need by their own metadata is held against them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from licscan.base.messages import _, ngettext
from licscan.base.tree import Tree, folder_of
from licscan.model import (
    NOASSERTION,
    UNSHIPPED,
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    Graph,
    InputFile,
    PackageFiles,
    Problem,
    Scope,
    ships,
)
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.formats import FORMATS, Role
from licscan.resolve.python.sites import INSTALLERS
from licscan.resolve.scopes import scopes_from_graph

if TYPE_CHECKING:
    from licscan.resolve.python.needs import Absent, Environment

MAX_LISTED = 3
"""So many lists are named in a sentence."""
_FLAT = frozenset({"Pipfile.lock", "pylock.toml"})
"""Locks that need not say what asks for what."""

Files = Mapping[str, Sequence[PackageFiles]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is to be said of lists: packages that they leave out, and assumptions about what is not known."""

    problems: tuple[Problem, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the lists are held against: the project's files, where it is installed, what was concluded.

    `platform` is the one that is shipped for, as the user gave it; `open_extras` are packages of locks (PackageURLs)
    with an extra that is asked of them and of which the lock lists nothing. `waived` is whether somebody may have
    answered for a package without a license, which then tells no more that nothing was read of it.
    """

    tree: Tree | None = None
    platform: str = ""
    conclusions: Mapping[str, Conclusion] = field(default_factory=dict)
    open_extras: Collection[tuple[str, str]] = ()
    waived: bool = False


def check_lists(graph: Graph, inputs: Sequence[InputFile], files: Files, setting: Setting | None = None) -> Listed:
    """Hold the needs of listed packages, and of the extras that are asked of any, against what each project lists.

    A lock with edges and an installation answer for the needs of their packages themselves. What is needed for
    development alone is worth knowing, no more. Markers are weighed for the platform and the Python of the project.
    """
    python = [one for one in graph.components if one.ecosystem == "pypi" and one.kind is ComponentKind.PACKAGE]
    packages = {one.purl: one for one in python if not one.embedded and one.resolved}
    check = _Check(graph, inputs, files, setting or Setting(), packages)
    return check.run() if packages else Listed()


class _Check:
    """One graph: its packages, those that only their metadata speak for, and the edges that ask for extras."""

    def __init__(
        self, graph: Graph, inputs: Sequence[InputFile], files: Files, setting: Setting, packages: dict[str, Component]
    ):
        self.graph = graph
        self.files = files
        self.setting = setting
        self.packages = packages
        self.formats = {one.path: one.format for one in inputs}
        edged = {one.name for one in FORMATS.values() if one.role is not Role.MANIFEST} - _FLAT
        self.edged = {path for path, name in self.formats.items() if name in edged}
        self.flat = {purl for purl, one in packages.items() if self._is_flat(one)}
        self.needs = {purl: _needs(files.get(purl, ())) for purl in packages}
        self.asking = [
            edge for edge in graph.dependencies if edge.child in packages and "[" in (edge.requirement or "")
        ]

    def _is_flat(self, one: Component) -> bool:
        if one.installed_at or any(place.path in self.edged for place in one.found_in):
            return False
        is_pylock = any(self.formats.get(place.path) == "pylock.toml" for place in one.found_in)
        return not (is_pylock and self.graph.children.get(one.purl))

    def run(self) -> Listed:
        """Everything that is to be said, project by project."""
        held = self.flat | {edge.child for edge in self.asking} | {purl for purl, _extra in self.setting.open_extras}
        problems: dict[Problem, None] = dict.fromkeys(self._unread())
        problems.update(dict.fromkeys(self._open()))
        assumptions = dict.fromkeys(self._unchecked())
        if any(self.needs.get(purl) for purl in held):
            for root in self.graph.roots or ("",):
                own = self.graph.by_purl.get(root)
                if own is not None and own.ecosystem not in ("pypi", "conda"):
                    continue
                found = self._project(root, held)
                problems.update(dict.fromkeys(found.problems))
                assumptions.update(dict.fromkeys(found.assumptions))
        return Listed(tuple(sorted(problems, key=_order)), tuple(assumptions))

    def _project(self, root: str, held: Collection[str]) -> Listed:
        """What one project lists, against the needs of that: what ships is asked for by what ships alone."""
        reached = self._reached([root]) if root else {one.purl: one.scopes for one in self.graph.components}
        if not any(purl in reached for purl in held):
            return Listed()
        shipped, above = set(_shipped(reached)), self._above(root)
        found = self._absent(shipped, above, dev=False)
        rest = self._absent(set(reached), above, dev=True) if len(shipped) < len(reached) else found
        more = {name: by for name, by in rest.here.items() if name not in found.here and name not in INSTALLERS}
        missing = {name: by for name, by in found.here.items() if name not in INSTALLERS}
        problems = [*self._left_out(missing, "dependency-unresolved"), *self._left_out(more, None)]
        return Listed(tuple(problems), (*self._installers(found), *self._elsewhere(found)))

    def _installers(self, found: Absent) -> Iterator[str]:
        """What pip and pip-compile leave out of their lists by themselves: the environment has it, in some version."""
        for name, by in sorted(found.here.items()):
            if name in INSTALLERS:
                told = _(
                    "{path} leaves out {name} (for {package}), as pip does; "
                    "it is taken as part of the Python installation and was not judged."
                )
                yield told.format(path=self._path_of(by), name=name, package=by)

    def _above(self, root: str) -> set[str]:
        """What other projects list in the same folder, or in one above: it is installed together with this one."""
        own = self.graph.by_purl.get(root)
        if own is None or own.manifest is None:
            return set()
        folder = folder_of(own.manifest)
        homes = {one: self.graph.by_purl[one].manifest for one in self.graph.roots if one != root}
        above = [one for one, home in homes.items() if home is not None and _is_above(folder_of(home), folder)]
        return set(_shipped(self._reached(above))) if above else set()

    def _reached(self, roots: Iterable[str]) -> dict[str, set[Scope]]:
        """As `scopes_from_graph`, along the edges below these roots alone: there may be hundreds of projects."""
        edges: list[Dependency] = []
        open_ = list(roots)
        seen = set(open_)
        while open_:
            found = self.graph.children.get(open_.pop(), ())
            edges += found
            open_ += [edge.child for edge in found if edge.child not in seen]
            seen.update(edge.child for edge in found)
        return {purl: set(scopes) for purl, scopes in scopes_from_graph(roots, edges).items()}

    def _absent(self, reached: Collection[str], above: Collection[str], *, dev: bool) -> Absent:
        from licscan.resolve.python.needs import Held, absent, extras_asked

        packages = [one for purl, one in self.packages.items() if purl in reached]
        here, others = self._environments(packages)
        asked: dict[str, set[str]] = {}
        for edge in self.asking:
            if edge.parent in reached and edge.child in reached and (dev or edge.scope not in UNSHIPPED):
                name = normalize_pypi_name(self.packages[edge.child].name)
                asked.setdefault(name, set()).update(extras_asked(edge.requirement))
        for purl, extra in self.setting.open_extras:
            if purl in reached and purl in self.packages:
                asked.setdefault(normalize_pypi_name(self.packages[purl].name), set()).add(extra)
        held = [Held(one.name, self.needs[one.purl], one.purl in self.flat) for one in packages if _is_in(one, here)]
        known = self.graph.by_purl
        listed = {
            normalize_pypi_name(known[purl].name)
            for purl in {*reached, *above}
            if purl in known and known[purl].ecosystem in ("pypi", "conda")
        }
        return absent(held, listed, asked, here, others)

    def _environments(self, packages: Iterable[Component]) -> tuple[list[Environment], list[Environment]]:
        """Where the project runs, and where else it may run, since no file of it says on which Python."""
        from licscan.registry.platforms import DEFAULT, parse_platform, pythons_of
        from licscan.resolve.python.pythons import environment, stated_python

        paths = sorted({place.path for one in packages for place in one.found_in})
        said = stated_python(self.setting.tree, paths[0]) if self.setting.tree and paths else ""
        platform = parse_platform(self.setting.platform or DEFAULT, said)
        systems = ("linux", "macos", "windows") if platform.system == "any" else (platform.system,)
        machine = platform.machine or "x86_64"
        others = [python for python in pythons_of(said) if python != platform.python]
        return (
            [environment(system, machine, platform.python) for system in systems],
            [environment(system, machine, python) for system in systems for python in others],
        )

    def _left_out(self, absent: Mapping[str, str], code: str | None) -> Iterator[Problem]:
        """One problem for each file whose packages need what is not listed."""
        from licscan.resolve.python.needs import left_out

        by_path: dict[str, dict[str, str]] = {}
        for name, by in absent.items():
            by_path.setdefault(self._path_of(by), {})[name] = by
        yield from (left_out(path, names, code) for path, names in sorted(by_path.items()))

    def _path_of(self, label: str) -> str:
        """The file that lists a package, by its name with or without an extra."""
        name = label.partition("[")[0]
        places = [place.path for one in self.packages.values() if one.name == name for place in one.found_in]
        return min(places, default="")

    def _elsewhere(self, found: Absent) -> Iterator[str]:
        if not found.elsewhere:
            return
        from licscan.resolve.python.needs import few

        by_path: dict[str, list[str]] = {}
        for name, by in found.elsewhere.items():
            by_path.setdefault(self._path_of(by), []).append(name)
        for path, names in sorted(by_path.items()):
            message = _("No file says which Python {path} is for; some versions also need: {names}")
            yield message.format(path=path, names=few(names))

    def _unchecked(self) -> Iterator[str]:
        """The lists without any edge in which packages stand whose needs are unknown."""
        bare = [self.packages[purl] for purl in sorted(self.flat) if self._is_bare(self.packages[purl])]
        unknown = [one for one in bare if self.needs[one.purl] is None]
        if not unknown:
            return
        paths = sorted({min(place.path for place in one.found_in) for one in unknown if one.found_in})
        told = ngettext(
            "{path} is treated as the whole list: the dependencies of {count} package in it are unknown.",
            "{path} is treated as the whole list: the dependencies of {count} packages in it are unknown.",
            len(unknown),
        )
        yield told.format(path=_(", ").join(paths[:MAX_LISTED]), count=f"{len(unknown):,}")

    def _is_bare(self, one: Component) -> bool:
        """Whether a package stands in a list that no tool has made of its own packages' needs."""
        return not any(place.path in self._compiled or self.formats.get(place.path) in _FLAT for place in one.found_in)

    @cached_property
    def _compiled(self) -> set[str]:
        """The lists whose comments say what asks for what."""
        return {
            place.path for purl in self.flat if self.graph.children.get(purl) for place in self.packages[purl].found_in
        }

    def _unread(self) -> Iterator[Problem]:
        """Packages of which nothing could be read, and no missing license says so: what they need is not known."""
        from licscan.resolve.python.needs import few

        by_path: dict[str, list[str]] = {}
        for purl in sorted(self.flat):
            told = self.setting.conclusions.get(purl)
            is_silent = self.setting.waived or (told is not None and told.concluded != NOASSERTION)
            if self.needs[purl] is None and not self.files.get(purl) and is_silent:
                one = self.packages[purl]
                by_path.setdefault(min((place.path for place in one.found_in), default=""), []).append(one.name)
        for path, names in sorted(by_path.items()):
            message = ngettext(
                "the dependencies of {count} package are unknown, since its metadata was not available: {names}",
                "the dependencies of {count} packages are unknown, since their metadata were not available: {names}",
                len(names),
            )
            said = message.format(count=f"{len(names):,}", names=few(names))
            yield Problem("resolve", path, said, "dependency-unresolved")

    def _open(self) -> Iterator[Problem]:
        """Extras of which a lock lists nothing, where no metadata says whether they need anything."""
        from licscan.resolve.python.needs import few

        by_path: dict[str, list[str]] = {}
        for purl, extra in sorted(self.setting.open_extras):
            one = self.packages.get(purl)
            if one is not None and self.needs[purl] is None and not one.installed_at:
                path = min((place.path for place in one.found_in), default="")
                by_path.setdefault(path, []).append(f"{one.name}[{extra}]")
        for path, names in sorted(by_path.items()):
            message = ngettext(
                "lists nothing for {count} extra that is required, and no metadata says whether it needs anything: "
                "{names}",
                "lists nothing for {count} extras that are required, and no metadata says whether they need anything: "
                "{names}",
                len(names),
            )
            said = message.format(count=f"{len(names):,}", names=few(names))
            yield Problem("resolve", path, said, "dependency-unresolved")


def _needs(places: Iterable[PackageFiles]) -> tuple[str, ...] | None:
    return next((one.requires for one in places if one.requires is not None), None)


def _shipped(reached: Mapping[str, Collection[Scope]]) -> Iterator[str]:
    return (purl for purl, scopes in reached.items() if ships(scopes))


def _is_above(home: str, folder: str) -> bool:
    return not home or f"{folder}/".startswith(f"{home}/")


def _is_in(one: Component, environments: Iterable[Environment]) -> bool:
    """Whether a package is installed in one of the environments, as far as its own marker says."""
    if not one.condition:
        return True
    from licscan.resolve.python.needs import holds

    return holds(one.condition, tuple(environments))


def _order(problem: Problem) -> tuple[str, str, str]:
    return (problem.subject, problem.message, problem.code or "")
