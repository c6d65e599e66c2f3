"""Composes a scan, stage by stage. See the picture in docs/architecture.md."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree
from licscan.compose.gather import (
    Texts,
    has_content,
    locate,
    metadata,
    read_content,
    read_own,
    read_texts,
    with_evidence,
)
from licscan.compose.judge import Concluded, judge_scan
from licscan.compose.lists import Setting, check_lists
from licscan.compose.options import Options, Progress, common_root, no_progress
from licscan.conclude.conclusion import conclude
from licscan.inside import inspect_further, inspect_packages, separate_parts, with_credits
from licscan.judge import PROPRIETARY, Policy, clarify, minds_changes, outbound_of, policy_of, wants_holder
from licscan.locate.bundled import unanswered
from licscan.model import Component, Conclusion, Graph, Origin, PackageMetadata, Problem, Scan, Sources
from licscan.model.content import Content
from licscan.read.building import IndexBuild
from licscan.resolve.project import Resolution, Resolver, resolve_project
from licscan.source.belonging import settle_ownership
from licscan.source.declared import Declared
from licscan.source.packages import with_copied

if TYPE_CHECKING:
    from licscan.compose.parts import Parts


def scan(options: Options, progress: Progress = no_progress) -> Scan:
    """Scan one project. Raises InputError for a path that cannot be scanned; all else ends up in the Scan."""
    with with_evidence(options) as given:
        return _scan(given, progress)


def _scan(options: Options, progress: Progress) -> Scan:
    root, starts, parts = _places(options)
    tree = Tree(root)
    progress(_("Reading manifests and lockfiles"), 0, 0)
    resolution = resolve_project(
        tree,
        starts,
        exclude=options.exclude,
        environments=tuple(Path(os.path.abspath(path)) for path in options.python),
        resolvers=_resolvers(options),
        extras=options.config.extras,
    )
    if not (parts or options.source or resolution.inputs or (options.content and has_content(root, starts, options))):
        _require_something(resolution, root)
    index = IndexBuild()
    located = locate(resolution.graph, root, options, progress, index)
    files = located.files
    texts, unread = read_texts(located, options, progress, index) if options.texts else (Texts(), ())
    progress(_("Looking inside packages"), 0, 0)
    looked = inspect_packages(located.graph, files, located.source, root)
    located.source.save()
    unsaid, resolution = unanswered(resolution.unlisted, files), replace(resolution, graph=looked.graph)
    progress(_("Concluding"), 0, 0)
    told = separate_parts(texts.evidence, looked.insides)

    def concluded(c: Component) -> Conclusion:
        return conclude(c, files.get(c.purl, ()), told.get(c.purl), texts.copyrights.get(c.purl, ()), texts.fields)

    conclusions = {c.purl: _or_known(concluded(c), options.known) for c in resolution.graph.components}
    everything = resolution.graph
    if parts:
        conclusions, everything = parts.conclusions(everything, conclusions, concluded), parts.graph(everything)
    conclusions, lapses = clarify(everything, conclusions, options.config.clarifications)
    config = options.config
    graph, questions = settle_ownership(
        looked.graph, conclusions, root, config.components, options.outbound, config.surfaces
    )
    looked = inspect_further(
        replace(looked, graph=graph),
        files,
        located.source,
        root,
        holders=_of(graph, conclusions, wants_holder),
        changes=_of(graph, conclusions, minds_changes),
    )
    resolution = replace(resolution, graph=looked.graph)
    outbound = outbound_of(resolution.graph, conclusions, options.outbound)
    declared = Declared(resolution.graph, conclusions, outbound[0], options.delivered)
    own = _own_files(declared, root, starts, options, progress)
    resolution, conclusions = replace(resolution, graph=own.graph), {**conclusions, **own.conclusions}
    insides, illegible = with_credits(resolution.graph.components, looked.insides, root)
    waived = options.decisions is not None or any(one.finding == "license-missing" for one in config.waivers)
    setting = Setting(tree, options.platform or "", conclusions, resolution.open_extras, waived)
    listed = check_lists(resolution.graph, resolution.inputs, located.files, setting)
    every = (
        *located.problems, *listed.problems, *unsaid, *unread, *looked.problems, *illegible, *own.problems, *questions
    )  # fmt: skip
    known = tuple(sorted((*metadata(resolution.graph, located.files), *own.metadata), key=lambda one: one.purl))
    into = parts.into(resolution.graph) if parts else {}
    if parts:
        resolution, known = parts.resolution(resolution), parts.metadata(known)
    found = Concluded(
        resolution, conclusions, every, own.sources, insides, lapses, known, own.content, into, listed.assumptions
    )
    licenses = policy_of(config.policy, proprietary=outbound[0] == PROPRIETARY)
    policy = Policy(*outbound, licenses, offline=options.offline, resolve=options.resolve)
    progress(_("Judging"), 0, 0)
    made = judge_scan(options, root, found, policy)
    return parts.finished(made) if parts else made


@dataclass(frozen=True, slots=True)
class _OwnFiles:
    """What the project's own files bring: headers, and fonts, pictures and the like as components of the graph."""

    graph: Graph
    problems: tuple[Problem, ...]
    sources: Sources | None = None
    content: Content | None = None
    conclusions: Mapping[str, Conclusion] = field(default_factory=dict)
    metadata: tuple[PackageMetadata, ...] = ()


def _own_files(
    declared: Declared, root: Path, starts: tuple[str, ...], options: Options, progress: Progress
) -> _OwnFiles:
    sources, failed = read_own(declared, root, starts, options, progress) if options.source else (None, ())
    graph, copied = with_copied(declared.graph, sources)
    if not options.content:
        return _OwnFiles(graph, failed, sources, conclusions=copied)
    grouped, broken = read_content(replace(declared, graph=graph), root, starts, options, progress)
    problems = (*failed, *broken)
    if grouped is None:
        return _OwnFiles(graph, problems, sources, Content(), copied)
    told = {**copied, **grouped.conclusions}
    return _OwnFiles(grouped.graph, problems, sources, grouped.content, told, grouped.metadata)


def _places(options: Options) -> tuple[Path, tuple[str, ...], Parts | None]:
    """The folder of the project, where to start in it, and the parts that SBOMs tell of; these are read first.

    Their readers are imported only where there are parts.
    """
    if not options.parts:
        return *common_root(options.paths), None
    from licscan.compose.parts import read_parts, root_of_parts

    root, starts = common_root(options.paths) if options.paths else (root_of_parts(options), ())
    return root, starts, read_parts(options, root)


def _or_known(conclusion: Conclusion, known: Mapping[str, Conclusion]) -> Conclusion:
    """The conclusion; that of an earlier look at the same release where this one has only a lock to go by."""
    before = known.get(conclusion.purl)
    seen = any(one.origin is not Origin.LOCK for one in conclusion.evidence)
    return conclusion if seen or before is None or before.clarified else before


def _of(graph: Graph, conclusions: Mapping[str, Conclusion], question: Callable[[Conclusion], bool]) -> list[str]:
    """The components of our own of which something holds."""
    return [one.purl for one in graph.components if one.purl in conclusions and question(conclusions[one.purl])]


def _require_something(resolution: Resolution, root: Path) -> None:
    """A folder without anything to scan is bad input, not a clean project."""
    unread = [problem for problem in resolution.problems if problem.code == "ecosystem-not-read"]
    if not resolution.inputs and unread == list(resolution.problems):
        if unread:
            raise InputError(unread[0].message, path=str(root))
        raise InputError(
            _("contains no manifest, lockfile or installed packages that licscan reads"),
            path=str(root),
            remedy=_("name the folder that contains package.json, pyproject.toml, requirements.txt or a lockfile"),
        )


def _resolvers(options: Options) -> Mapping[str, Resolver]:
    if not options.resolve:
        return {}
    from licscan.resolve.tools import resolvers

    return resolvers(offline=options.offline)
