"""Evidence for every component: where it lies, what its texts say, what the own files say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from licscan.base.messages import _
from licscan.compose.options import Options, Progress
from licscan.locate import CachedLocator, Caches, Trees, locate_installed, locate_project
from licscan.locate.bundled import with_bundled
from licscan.locate.listings import user_listings
from licscan.locate.remote import needs_registry
from licscan.model import (
    Component,
    ComponentKind,
    Copyright,
    Evidence,
    Graph,
    PackageFiles,
    Problem,
    Sources,
)
from licscan.registry.answers import user_answers
from licscan.source.declared import Declared

Files = dict[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True, slots=True)
class Located:
    """Where the evidence of every component lies; `graph` has what packages bundle too, `source` gives their files."""

    graph: Graph
    files: Files
    source: Trees
    problems: tuple[Problem, ...]


def locate(graph: Graph, root: Path, options: Options, progress: Progress) -> Located:
    """The license evidence of every component: installed, else cached, else from the registry."""
    files: Files = {}
    elsewhere = [c for c in graph.components if not c.installed_at and c.kind is ComponentKind.PACKAGE and c.resolved]
    caches = Caches(root)
    cached = CachedLocator(caches, user_answers(), elsewhere)
    source = Trees(caches, user_listings())
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
    asked = graph.by_purl
    graph, files = with_bundled(graph, files, root, source)
    problems = [problem for places in files.values() for place in places for problem in place.problems]
    # the name of what only stands inside a package is nobody's to be asked about
    wanted = [c for c in graph.components if c.purl in asked and needs_registry(c, files.get(c.purl, ()))]
    if wanted:
        found, refused = _ask_registries(graph, wanted, root, options, progress)
        problems += refused
        for purl, answers in found.items():
            files[purl] = (*files.get(purl, ()), *answers)
    return Located(graph, files, source, tuple(problems))


def _ask_registries(
    graph: Graph, wanted: Iterable[Component], root: Path, options: Options, progress: Progress
) -> tuple[Files, tuple[Problem, ...]]:
    from licscan.locate.remote import RemoteLocator
    from licscan.registry import Registry

    registry = Registry.of_user(root, offline=options.offline, jobs=options.jobs)
    asking = _("Asking the registries")
    locator = RemoteLocator(registry, options.jobs, lambda done, total: progress(asking, done, total))
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
    from licscan.read.kept import user_kept
    from licscan.read.reader import Reader

    places = [(c, files_of_texts(files[c.purl])) for c in graph.components if files.get(c.purl)]
    reading = _("Reading license texts")
    opener = workers.OpenDetector(str(options.licenses) if options.licenses else None)
    kept = user_kept(options.licenses)
    with workers.Workers(opener, min(options.jobs, workers.usable_jobs(None))) as pool:
        reader = Reader(CachedContents(Caches(root)), pool, kept, lambda done, total: progress(reading, done, total))
        told, problems = reader.read(places)
        return Texts(told, reader.copyrights), problems


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
            user_headers(options.licenses),
            lambda done, total: progress(reading, done, total),
        )
