"""All inputs of a project to one graph: which files are read, in which order, and how their answers come together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.base.errors import LicscanError
from licscan.base.messages import _
from licscan.base.tree import Tree
from licscan.model import ComponentKind, Graph, InputFile, Problem
from licscan.resolve.assemble import assemble
from licscan.resolve.builder import Parsed
from licscan.resolve.choose import choose_locks
from licscan.resolve.discover import discover
from licscan.resolve.formats import FORMATS, Format, Role
from licscan.resolve.js.install_records import with_records
from licscan.resolve.lending import unlisted
from licscan.resolve.owning import covered_by_trees, separate_trees
from licscan.resolve.python.extras import Shipping, settle_extras
from licscan.resolve.python.sites import Environments, Joined
from licscan.resolve.reading import Read, read_all, read_one, replace_path
from licscan.resolve.roles import by_role
from licscan.resolve.roots import main_root, unify
from licscan.resolve.settle import attach_installed, settle
from licscan.resolve.submodules import without_needed

Resolver = Callable[[Tree, str], Parsed]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The graph of a project, what could not be resolved, the files that were read, and the assumptions made.

    `root` is the PackageURL of the root that is the project itself, empty where none is; `unlisted` are packages whose
    archives bring others along, with the names of those, where neither lock nor installed tree says more of them;
    `open_extras` are packages of Python locks with an extra that is asked of them and of which the lock lists nothing.
    """

    graph: Graph
    problems: tuple[Problem, ...]
    inputs: tuple[InputFile, ...]
    assumptions: tuple[str, ...] = ()
    root: str = ""
    unlisted: tuple[tuple[str, tuple[str, ...]], ...] = ()
    open_extras: tuple[tuple[str, str], ...] = ()


def resolve_project(
    tree: Tree,
    starts: Iterable[str] = ("",),
    *,
    exclude: Iterable[str] = (),
    environments: Iterable[Path] = (),
    resolvers: Mapping[str, Resolver] | None = None,
    extras: tuple[str, ...] | None = None,
) -> Resolution:
    """Resolve everything below the tree's root.

    `environments` are Python environments given by the user; without any, those in the project are taken.
    `resolvers` (by ecosystem) resolve manifests that no lock answers for; without one, their dependencies stay
    requirements. `extras` are those of the projects themselves that ship; None: nobody has said.
    Raises InputError when a start is not there.
    """
    starts = tuple(starts)
    found = discover(tree, starts, exclude)
    chosen, problems = choose_locks(tree, found.files)
    locks = read_all(tree, chosen, problems)
    modules = read_all(tree, ((path, FORMATS["node_modules"]) for path in found.node_modules), problems)
    separate = separate_trees(tree, locks, modules)
    apart = {read.path for read in separate}
    modules = [with_records(tree, read) if read.path in apart else read for read in modules]
    manifests = _read_manifests(tree, found.files, locks, problems, covered_by_trees(separate))
    asked = manifests
    manifests = _resolve_unlocked(tree, manifests, resolvers or {}, problems)
    complete = {after.path for before, after in zip(asked, manifests, strict=True) if before is not after}
    shipping = Shipping(extras)
    settled = settle_extras([*locks, *manifests], shipping)
    installed = _environments(tree, found.environments, tuple(environments), problems)
    declared = _one_root(settled.reads, [*modules, *installed.reads])
    lots, installed_problems = attach_installed(declared, modules, apart)
    placed, roles = by_role(lots, settle(lots))
    joined = _joined(lots, placed, installed, complete, shipping)
    graph, graph_problems = assemble(joined.lots, tree.root.name)
    every = [
        *without_needed(found.problems, graph),
        *problems,
        *settled.problems,
        *installed_problems,
        *joined.problems,
        *graph_problems,
    ]
    sites = installed.reads
    every += [problem for site in sites for problem in site.parsed.problems]
    every += [_incomplete(site.input) for site in sites if site.input.understood < site.input.seen]
    every += [problem for lot in lots for problem in lot.parsed.problems]
    every += [_incomplete(lot.input) for lot in lots if lot.input.understood < lot.input.seen]
    return Resolution(
        graph=graph,
        problems=tuple(sorted(set(every), key=_problem_key)),
        inputs=tuple(sorted({read.input for read in [*locks, *manifests, *modules, *sites]}, key=lambda i: i.path)),
        assumptions=(*roles, *settled.assumptions(joined.absent), *installed.assumptions, *joined.assumptions),
        root=main_root(graph, starts),
        unlisted=tuple(sorted(set(unlisted(lots)))),
        open_extras=tuple(sorted({one for lot in lots for one in lot.parsed.open_extras})),
    )


def _environments(tree: Tree, inside: Sequence[str], given: Sequence[Path], problems: list[Problem]) -> Environments:
    """The Python environments; what reads them is imported only where there are some."""
    if not inside and not given:
        return Environments()
    from licscan.resolve.python.environments import read_environments

    return read_environments(tree, inside, given, problems)


def _joined(
    reads: Sequence[Read],
    lots: Sequence[Parsed],
    environments: Environments,
    complete: Collection[str],
    shipping: Shipping,
) -> Joined:
    if not environments.installed:
        return Joined(tuple(lots))
    from licscan.resolve.python.environments import join_environments

    return join_environments(reads, lots, environments, complete, shipping)


def _one_root(declared: list[Read], installed: list[Read]) -> list[Read]:
    """The manifests and locks with every project of one's own under one PackageURL, as installed trees know it too."""
    return unify([*declared, *installed])[: len(declared)]


def resolve_files(tree: Tree, files: Sequence[tuple[str, Format]], extras: tuple[str, ...] | None = None) -> Resolution:
    """Resolve these manifests and locks of a tree, and nothing else: no walk, no installed packages, no resolver."""
    chosen, problems = choose_locks(tree, files)
    locks = read_all(tree, chosen, problems)
    settled = settle_extras([*locks, *_read_manifests(tree, files, locks, problems)], Shipping(extras))
    lots = unify(settled.reads)
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
    """Manifests through the ecosystem's own resolver, where the user asked for that.

    Those with open requirements, and lists of Python packages: one that pins all that it names need not name all.
    """
    resolved = []
    for read in manifests:
        python = read.format.ecosystem == "pypi"
        open_requests = any(
            not component.resolved or (python and component.kind is ComponentKind.PACKAGE)
            for component in read.parsed.components
        )
        resolver = resolvers.get(read.format.ecosystem) if open_requests else None
        if resolver is not None:
            try:
                parsed = resolver(tree, read.path)
                first_party = _claims_only(read.parsed).components
                parsed = replace(parsed, components=(*parsed.components, *first_party), extras=read.parsed.extras)
                read = replace(read, parsed=parsed)
            except LicscanError as error:
                problems.append(Problem("resolve", read.path, replace_path(error, read.path), "dependency-unresolved"))
        resolved.append(read)
    return resolved
