"""Evidence for every component: where it lies, what its texts say, what the own files say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from licscan.base.messages import _
from licscan.compose.options import Options, Progress
from licscan.locate import CachedLocator, Caches, locate_installed, locate_project
from licscan.locate.remote import needs_registry
from licscan.model import (
    Component,
    ComponentKind,
    Copyright,
    Evidence,
    Graph,
    PackageFiles,
    Problem,
    SourceKind,
    Sources,
)
from licscan.registry.answers import user_answers
from licscan.source.declared import Declared

Files = dict[str, tuple[PackageFiles, ...]]


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
    published = [pattern for one in options.config.components if one.published for pattern in one.packages]
    locator = RemoteLocator(registry, options.jobs, lambda done, total: progress(asking, done, total), published)
    return locator.locate(wanted, graph.components)


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


def cache_summary(options: Options) -> str:
    """One line on what the caches of a scan knew and lost, with the index of license texts where it was needed."""
    said = options.cache_use.told()
    if not options.cache_use.new:
        return said
    from licscan.detect.opening import is_kept

    return said if is_kept() else f"{said}; {_('the index of license texts was not kept')}"


def files_of_texts(places: tuple[PackageFiles, ...]) -> PackageFiles:
    """The place whose texts are read: copies of a package hold the same, so the one with most, the first of equals."""
    return max(places, key=lambda place: len(place.license_files) + len(place.notice_files))


def _folders_of_others(graph: Graph) -> Iterator[str]:
    """The folders of other people's packages among the project's own, as globs: they are judged as packages."""
    for component in graph.components:
        if component.kind is ComponentKind.PACKAGE and component.source.kind is SourceKind.PATH:
            yield from (escape(place) for place in component.installed_at if place)


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
            Places(root, starts, (*options.exclude, *_folders_of_others(declared.graph))),
            declared,
            kind_of,
            pool,
            user_headers(options.licenses, options.cache_use),
            lambda done, total: progress(reading, done, total),
        )
