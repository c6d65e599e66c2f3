"""All inputs of a project to one graph: which files are read, in which order, and how their answers come together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.base.errors import InputError, LicscanError
from licscan.base.messages import _
from licscan.base.tree import Tree
from licscan.model import ComponentKind, Graph, InputFile, Problem
from licscan.resolve.assemble import assemble
from licscan.resolve.builder import Parsed
from licscan.resolve.choose import choose_locks
from licscan.resolve.discover import discover
from licscan.resolve.formats import FORMATS, Format, Role
from licscan.resolve.owning import covered_by_trees, separate_trees
from licscan.resolve.reading import Read, read_all, read_one, replace_path
from licscan.resolve.roles import side_assumptions, side_projects
from licscan.resolve.settle import attach_installed, settle

Resolver = Callable[[Tree, str], Parsed]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The graph of a project, what could not be resolved, the files that were read, and the assumptions made."""

    graph: Graph
    problems: tuple[Problem, ...]
    inputs: tuple[InputFile, ...]
    assumptions: tuple[str, ...] = ()


def resolve_project(
    tree: Tree,
    starts: Iterable[str] = ("",),
    *,
    exclude: Iterable[str] = (),
    environments: Iterable[Path] = (),
    resolvers: Mapping[str, Resolver] | None = None,
) -> Resolution:
    """Resolve everything below the tree's root.

    `environments` are Python environments given by the user; without any, those in the project are taken.
    `resolvers` (by ecosystem) resolve manifests that no lock answers for; without one, their dependencies stay
    requirements.
    Raises InputError when a start is not there.
    """
    found = discover(tree, starts, exclude)
    chosen, problems = choose_locks(tree, found.files)
    locks = read_all(tree, chosen, problems)
    modules = read_all(tree, ((path, FORMATS["node_modules"]) for path in found.node_modules), problems)
    separate = separate_trees(tree, locks, modules)
    manifests = _read_manifests(tree, found.files, locks, problems, covered_by_trees(separate))
    manifests = _resolve_unlocked(tree, manifests, resolvers or {}, problems)
    sites, assumptions = _read_environments(tree, found.environments, tuple(environments), problems)
    lots, installed_problems = attach_installed(
        [*locks, *manifests], [*modules, *sites], {read.path for read in separate}
    )
    graph, graph_problems = assemble(settle(lots), tree.root.name)
    every = [*found.problems, *problems, *installed_problems, *graph_problems]
    every += [problem for lot in lots for problem in lot.parsed.problems]
    every += [_incomplete(lot.input) for lot in lots if lot.input.understood < lot.input.seen]
    return Resolution(
        graph=graph,
        problems=tuple(sorted(set(every), key=_problem_key)),
        inputs=tuple(sorted({read.input for read in [*locks, *manifests, *modules, *sites]}, key=lambda i: i.path)),
        assumptions=(*assumptions, *side_assumptions(side_projects(graph))),
    )


def resolve_files(tree: Tree, files: Sequence[tuple[str, Format]]) -> Resolution:
    """Resolve these manifests and locks of a tree, and nothing else: no walk, no installed packages, no resolver."""
    chosen, problems = choose_locks(tree, files)
    locks = read_all(tree, chosen, problems)
    lots = [*locks, *_read_manifests(tree, files, locks, problems)]
    graph, graph_problems = assemble(settle(lots), tree.root.name)
    every = [*problems, *graph_problems, *(problem for lot in lots for problem in lot.parsed.problems)]
    every += [_incomplete(lot.input) for lot in lots if lot.input.understood < lot.input.seen]
    inputs = tuple(sorted((lot.input for lot in lots), key=lambda record: record.path))
    return Resolution(graph, tuple(sorted(set(every), key=_problem_key)), inputs)


def _problem_key(problem: Problem) -> tuple[str, str, str]:
    return (problem.stage, problem.subject, problem.message)


def _incomplete(record: InputFile) -> Problem:
    message = _("{missing} of {seen} entries could not be understood")
    return Problem(
        "resolve",
        record.path,
        message.format(missing=record.seen - record.understood, seen=record.seen),
        "entry-not-understood",
    )


def _read_manifests(
    tree: Tree,
    files: Iterable[tuple[str, Format]],
    locks: list[Read],
    problems: list[Problem],
    installed: Iterable[str] = (),
) -> list[Read]:
    """Manifests, outermost first; one that a lock or an outer manifest answers for gives its claims alone.

    `installed` are the manifests that an installed tree without a lock answers for.
    """
    covered = {manifest for lock in locks for manifest in lock.parsed.covers} | set(installed)
    locked_folders = {(lock.folder, lock.format.ecosystem) for lock in locks}
    read = []
    for path, known in files:
        if known.role is not Role.MANIFEST:
            continue
        if known.name == "requirements.txt" and path in covered:
            continue
        one = read_one(tree, path, known, problems)
        if one is None:
            continue
        same_folder = known.name != "requirements.txt" and (one.folder, known.ecosystem) in locked_folders
        if path in covered or same_folder:
            one = replace(one, parsed=_claims_only(one.parsed))
        else:
            covered |= set(one.parsed.covers)
        read.append(one)
    return read


def _claims_only(parsed: Parsed) -> Parsed:
    """What a manifest adds to its lock: the license of the project itself. Its requests are the lock's to answer."""
    projects = tuple(c for c in parsed.components if c.kind is ComponentKind.PROJECT and c.purl in parsed.roots)
    return Parsed(components=projects, problems=parsed.problems)


def _resolve_unlocked(
    tree: Tree, manifests: list[Read], resolvers: Mapping[str, Resolver], problems: list[Problem]
) -> list[Read]:
    """Manifests with open requirements through the ecosystem's own resolver, where the user asked for that."""
    resolved = []
    for read in manifests:
        open_requests = any(not component.resolved for component in read.parsed.components)
        resolver = resolvers.get(read.format.ecosystem) if open_requests else None
        if resolver is not None:
            try:
                parsed = resolver(tree, read.path)
                first_party = _claims_only(read.parsed).components
                parsed = replace(parsed, components=(*parsed.components, *first_party))
                read = replace(read, parsed=parsed)
            except LicscanError as error:
                problems.append(Problem("resolve", read.path, replace_path(error, read.path), "dependency-unresolved"))
        resolved.append(read)
    return resolved


def _read_environments(
    tree: Tree, inside: tuple[str, ...], given: tuple[Path, ...], problems: list[Problem]
) -> tuple[list[Read], list[str]]:
    """The Python environments that the user named, or else those that stand in the project."""
    folders = given or tuple(tree.path(path) for path in inside)
    if not folders:
        return [], []
    from licscan.resolve.python.environment import find_site_packages

    assumptions = []
    reads: list[Read] = []
    for folder in folders:
        sites = find_site_packages(folder)
        if not sites and given:
            raise InputError(
                _("is no Python environment"),
                path=str(folder),
                remedy=_("name a virtual environment or its site-packages"),
            )
        for site in sites:
            reads += _read_site(tree, site, problems)
    if inside and not given:
        names = ", ".join(inside)
        assumptions.append(_("Python packages are looked up in {names}, found in the project").format(names=names))
    return reads, assumptions


def _read_site(tree: Tree, site: Path, problems: list[Problem]) -> list[Read]:
    """One site-packages folder; paths are relative to the project where it lies inside, else absolute."""
    known = FORMATS["site-packages"]
    if site.is_relative_to(tree.root):
        return read_all(tree, [(site.relative_to(tree.root).as_posix(), known)], problems)
    reads = read_all(Tree(site), [("", known)], problems, label=site.as_posix())
    return [replace(read, parsed=_rebased(read.parsed, site.as_posix())) for read in reads]


def _rebased(parsed: Parsed, prefix: str) -> Parsed:
    """The components of a tree outside the project, their places made absolute."""

    def place(path: str) -> str:
        return f"{prefix}/{path}" if path else prefix

    components = tuple(
        replace(
            component,
            found_in=tuple(replace(where, path=place(where.path)) for where in component.found_in),
            installed_at=tuple(place(path) for path in component.installed_at),
            claims=tuple(
                replace(claim, location=replace(claim.location, path=place(claim.location.path)))
                for claim in component.claims
            ),
        )
        for component in parsed.components
    )
    return replace(parsed, components=components)
