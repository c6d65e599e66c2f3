"""Composes the stages; the only module that knows them all. See the picture in docs/architecture.md."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from licscan import __version__
from licscan.base import clock
from licscan.base.caches import CacheUse
from licscan.base.errors import InputError
from licscan.base.escape import sentence
from licscan.base.messages import _, ngettext
from licscan.base.tree import Tree
from licscan.compare.drift import Earlier, pair
from licscan.conclude.conclusion import conclude
from licscan.config import NO_CONFIG, Config, Entitlement, Grant
from licscan.inside import look_closer, look_inside, parts_apart
from licscan.judge import (
    PROPRIETARY,
    Day,
    Policy,
    Settings,
    Signed,
    after_upkeep,
    clarify,
    judge,
    judge_surfaces,
    judgements,
    minds_changes,
    outbound_of,
    policy_of,
    records_of,
    wants_holder,
)
from licscan.locate import CachedLocator, Caches, locate_installed, locate_project
from licscan.model import (
    Component,
    ComponentKind,
    Conclusion,
    Copyright,
    Evidence,
    Finding,
    Graph,
    Origin,
    PackageFiles,
    Problem,
    Project,
    Scan,
    Scope,
    Severity,
    SourceKind,
    Sources,
)
from licscan.model.contents import Insides
from licscan.registry.answers import user_answers
from licscan.resolve.project import Resolution, Resolver, resolve_project
from licscan.source.declared import Declared

if TYPE_CHECKING:
    from licscan.review.chain import Ledger

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""

Files = dict[str, tuple[PackageFiles, ...]]


def silent(stage: str, done: int, total: int) -> None:
    """The progress of nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a scan is asked to do; `paths` are folders or single manifests and lockfiles.

    `jobs` bounds the connections to a registry, and with the number of processors the processes that read texts;
    `texts` is whether license texts are read at all, `source` whether the project's own files are read too.
    `config` holds what the judgement is told: surfaces, facts, policy, waivers and the like; `today` is the day for
    which it holds, None for the day of the scan. `earlier` are the packages of the last scan, for what changed since;
    `known` are conclusions by PackageURL that count where only a lock speaks; `decisions` is the ledger of what people
    decided, None without any. `cache_use` counts what the caches knew and what they lost.
    """

    paths: tuple[Path, ...]
    name: str | None = None
    outbound: str | None = None
    exclude: tuple[str, ...] = ()
    python: tuple[Path, ...] = ()
    offline: bool = False
    resolve: bool = False
    jobs: int = 16
    texts: bool = True
    source: bool = False
    licenses: Path | None = None
    threshold: Severity | None = Severity.ERROR
    config: Config = NO_CONFIG
    today: date | None = None
    earlier: tuple[Earlier, ...] = ()
    known: Mapping[str, Conclusion] = field(default_factory=dict)
    decisions: Ledger | None = None
    cache_use: CacheUse = field(default_factory=CacheUse, compare=False)


def scan(options: Options, progress: Progress = silent) -> Scan:
    """Scan one project. Raises InputError for a path that cannot be scanned; all else ends up in the Scan."""
    root, starts = common_root(options.paths)
    tree = Tree(root)
    progress(_("Reading manifests and locks"), 0, 0)
    resolution = resolve_project(
        tree,
        starts,
        exclude=options.exclude,
        environments=tuple(Path(os.path.abspath(path)) for path in options.python),
        resolvers=_resolvers(options),
    )
    if not options.source:
        _require_something(resolution, root)
    files, problems = locate(resolution.graph, root, options, progress)
    texts, unread = read_texts(resolution.graph, files, root, options, progress) if options.texts else (Texts(), ())
    progress(_("Looking inside packages"), 0, 0)
    looked = look_inside(resolution.graph, files, root)
    resolution = replace(resolution, graph=looked.graph)
    progress(_("Concluding"), 0, 0)
    told = parts_apart(texts.evidence, looked.insides)
    conclusions = {
        c.purl: conclude(c, files.get(c.purl, ()), told.get(c.purl), texts.copyrights.get(c.purl, ()))
        for c in resolution.graph.components
    }
    conclusions = {purl: _or_known(one, options.known) for purl, one in conclusions.items()}
    conclusions, lapses = clarify(resolution.graph, conclusions, options.config.clarifications)
    looked = look_closer(
        looked, files, root, holders=_of(conclusions, wants_holder), changes=_of(conclusions, minds_changes)
    )
    resolution = replace(resolution, graph=looked.graph)
    outbound = outbound_of(resolution.graph, conclusions, options.outbound)
    declared = Declared(resolution.graph, conclusions, outbound[0])
    sources, failed = read_own(declared, root, starts, options, progress) if options.source else (None, ())
    every = (*problems, *unread, *looked.problems, *failed)
    found = Concluded(resolution, conclusions, every, sources, looked.insides, lapses)
    licenses = policy_of(options.config.policy, proprietary=outbound[0] == PROPRIETARY)
    return judged(options, root, found, Policy(*outbound, licenses))


def _or_known(conclusion: Conclusion, known: Mapping[str, Conclusion]) -> Conclusion:
    """The conclusion; that of an earlier look at the same release where this one has only a lock to go by."""
    before = known.get(conclusion.purl)
    seen = any(one.origin is not Origin.LOCK for one in conclusion.evidence)
    return conclusion if seen or before is None or before.clarified else before


def _of(conclusions: Mapping[str, Conclusion], question: Callable[[Conclusion], bool]) -> list[str]:
    """The components of which something holds."""
    return [purl for purl, conclusion in conclusions.items() if question(conclusion)]


def common_root(paths: Iterable[Path]) -> tuple[Path, tuple[str, ...]]:
    """The folder that holds all paths, and the paths relative to it (`` for the folder itself)."""
    absolute = [Path(os.path.abspath(path)) for path in paths]
    for path in absolute:
        if not path.exists():
            raise InputError(_("is not there"), path=str(path))
    root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in absolute]))
    starts = ["" if path == root else path.relative_to(root).as_posix() for path in absolute]
    return root, tuple(sorted(set(starts)))


def _require_something(resolution: Resolution, root: Path) -> None:
    """A folder without anything to scan is bad input, not a clean project."""
    unread = [problem for problem in resolution.problems if problem.code == "ecosystem-not-read"]
    if not resolution.inputs and unread == list(resolution.problems):
        if unread:
            raise InputError(unread[0].message, path=str(root))
        raise InputError(
            _("holds no manifest, lockfile or installed packages that licscan reads"),
            path=str(root),
            remedy=_("name the folder that has package.json, pyproject.toml, requirements.txt or a lockfile"),
        )


def _resolvers(options: Options) -> Mapping[str, Resolver]:
    if not options.resolve:
        return {}
    from licscan.resolve.tools import RESOLVERS

    return RESOLVERS


def locate(graph: Graph, root: Path, options: Options, progress: Progress) -> tuple[Files, tuple[Problem, ...]]:
    """The license evidence of every component: installed, else cached, else from the registry."""
    files: Files = {}
    elsewhere = [c for c in graph.components if not c.installed_at and c.kind is ComponentKind.PACKAGE and c.resolved]
    cached = CachedLocator(Caches(root), user_answers(options.cache_use), elsewhere)
    total = len(graph.components)
    for done, component in enumerate(graph.components):
        if done % 50 == 0:
            progress(_("Looking for license files"), done, total)
        if component.installed_at:
            files[component.purl] = locate_installed(component, root)
        elif component.kind is ComponentKind.PACKAGE and component.resolved:
            files[component.purl] = cached.locate(component)
        elif component.manifest is not None:
            files[component.purl] = locate_project(component, root)
    cached.save()
    problems = [problem for places in files.values() for place in places for problem in place.problems]
    wanted = [c for c in graph.components if needs_registry(c, files.get(c.purl, ()))]
    if wanted:
        found, refused = _ask_registries(graph, wanted, root, options, progress)
        problems += refused
        for purl, answers in found.items():
            files[purl] = (*files.get(purl, ()), *answers)
    return files, tuple(problems)


def _ask_registries(
    graph: Graph, wanted: Iterable[Component], root: Path, options: Options, progress: Progress
) -> tuple[Files, tuple[Problem, ...]]:
    from licscan.locate.remote import RemoteLocator
    from licscan.registry import Registry

    registry = Registry.of_user(root, offline=options.offline, jobs=options.jobs, use=options.cache_use)
    asking = _("Asking the registries")
    locator = RemoteLocator(registry, options.jobs, lambda done, total: progress(asking, done, total))
    return locator.locate(wanted, graph.components)


def needs_registry(component: Component, files: tuple[PackageFiles, ...]) -> bool:
    """Whether nothing at hand says what a package declares: its own metadata or its lock's copy of them."""
    if component.kind is not ComponentKind.PACKAGE or not component.resolved or component.version is None:
        return False
    if component.source.kind not in (SourceKind.REGISTRY, SourceKind.UNKNOWN):
        return False
    return not component.installed_at and not component.claims and not any(place.claims for place in files)


@dataclass(frozen=True, slots=True)
class Texts:
    """What the texts of components say, by PackageURL."""

    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    copyrights: Mapping[str, tuple[Copyright, ...]] = field(default_factory=dict)


def read_texts(
    graph: Graph, files: Files, root: Path, options: Options, progress: Progress
) -> tuple[Texts, tuple[Problem, ...]]:
    """The licenses and copyright statements in the texts of every component, and what could not be read."""
    from licscan.locate.contents import CachedContents
    from licscan.read import workers
    from licscan.read.cache import user_cache
    from licscan.read.reader import Reader

    places = [(c, files_of_texts(files[c.purl])) for c in graph.components if files.get(c.purl)]
    reading = _("Reading license texts")
    opener = workers.OpenDetector(str(options.licenses) if options.licenses else None)
    cache = user_cache(options.licenses, options.cache_use)
    with workers.Workers(opener, min(options.jobs, workers.usable_jobs(None))) as pool:
        reader = Reader(CachedContents(Caches(root)), pool, cache, lambda done, total: progress(reading, done, total))
        told, problems = reader.read(places)
        return Texts(told, reader.copyrights), problems


def told_of_caches(options: Options) -> str:
    """One line on what the caches of a scan knew and lost, with the index of license texts where it was needed."""
    said = options.cache_use.told()
    if not options.cache_use.new:
        return said
    from licscan.detect.opening import is_kept

    return said if is_kept() else f"{said}; {_('the index of license texts was not kept')}"


def files_of_texts(places: tuple[PackageFiles, ...]) -> PackageFiles:
    """The place whose texts are read: copies of a package hold the same, so the one with most, the first of equals."""
    return max(places, key=lambda place: len(place.license_files) + len(place.notice_files))


def read_own(
    declared: Declared, root: Path, starts: tuple[str, ...], options: Options, progress: Progress
) -> tuple[Sources, tuple[Problem, ...]]:
    """What the project's own files say of themselves, and what could not be read."""
    from licscan.packages.filenames import kind_of
    from licscan.read import workers
    from licscan.source import Places, read_sources, user_headers

    reading = _("Reading source files")
    opener = workers.OpenDetector(str(options.licenses) if options.licenses else None)
    with workers.Workers(opener, min(options.jobs, workers.usable_jobs(None))) as pool:
        return read_sources(
            Places(root, starts, options.exclude),
            declared,
            kind_of,
            pool,
            user_headers(options.licenses, options.cache_use),
            lambda done, total: progress(reading, done, total),
        )


@dataclass(frozen=True, slots=True)
class Concluded:
    """All that is known before it is judged."""

    resolution: Resolution
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    sources: Sources | None
    insides: Insides
    lapses: tuple[Finding, ...] = ()


def _not_shipped(graph: Graph) -> Iterator[str]:
    """The assumption that matters most for a bundled product, said whenever it is made."""
    count = sum(bool(c.scopes) and {Scope.DEV, Scope.BUILD}.issuperset(c.scopes) for c in graph.components)
    if count:
        yield ngettext(
            "{count} package that only development or the build needs is taken as not shipped.",
            "{count} packages that only development or the build needs are taken as not shipped.",
            count,
        ).format(count=count)


def _settings(config: Config, found: Concluded, policy: Policy, day: Day) -> Settings:
    """What is told of surfaces and components, with what is recorded of bought licenses on that day."""
    records = records_of(config.entitlements, config.grants, found.conclusions, day)
    return Settings(
        config.surfaces,
        config.components,
        config.facts,
        records.more,
        policy.licenses.prefer,
        policy.licenses.permitted,
    )


def _rules_of(policy: Policy) -> Iterator[str]:
    """Which ready-made policy was asked."""
    if policy.licenses.profile:
        yield _("The policy is the profile {name}.").format(name=policy.licenses.profile)


def _dated(config: Config, day: Day) -> Iterator[str]:
    """The day, where something in licscan.toml ends on one."""
    recorded: tuple[Entitlement | Grant, ...] = (*config.entitlements, *config.grants)
    if config.waivers or any(entry.expires for entry in recorded):
        yield _("Waivers and records of licenses are taken as of {day}.").format(day=day.today.isoformat())


def judged(options: Options, root: Path, found: Concluded, policy: Policy) -> Scan:
    """The last stages: everything that is known, held against the policy on every surface."""
    graph, resolution = found.resolution.graph, found.resolution
    told = {replace(p, message=sentence(p.message)) for p in (*resolution.problems, *found.problems)}
    every = tuple(sorted(told, key=lambda p: (p.stage, p.subject, p.message, p.code or "")))
    config, day = options.config, Day(options.today or clock.today())
    surfaces = judge_surfaces(graph, found.conclusions, policy.outbound, _settings(config, found, policy, day))
    judged = judge(
        graph, found.conclusions, every, policy, found.sources, surfaces, found.insides, pair(graph, options.earlier)
    )
    rulings, kinds = judgements(surfaces), tuple(sorted(judged.surface for judged in surfaces))
    signed = Signed(options.decisions, kinds, rulings)
    return Scan(
        tool_version=__version__,
        project=Project(
            name=options.name or root.name or str(root),
            path=str(root),
            outbound=policy.outbound,
            assumptions=(
                policy.outbound_reason,
                *_rules_of(policy),
                *_dated(config, day),
                *_not_shipped(graph),
                *resolution.assumptions,
            ),
        ),
        graph=graph,
        conclusions=tuple(found.conclusions[component.purl] for component in graph.components),
        findings=after_upkeep((*judged, *found.lapses), config, graph, found.conclusions, day, signed),
        problems=every,
        inputs=resolution.inputs,
        threshold=options.threshold,
        sources=found.sources,
        surfaces=kinds,
        judgements=rulings,
    )
