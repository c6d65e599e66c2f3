"""Evidence for every component: where it lies, what its texts say, what the own files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base import clock
from licscan.base.memory import share_one_heap
from licscan.base.messages import _
from licscan.compose.options import Options, Progress
from licscan.locate import CachedLocator, Caches, Trees, locate_installed, locate_project
from licscan.locate.bundled import with_bundled
from licscan.locate.listings import user_listings
from licscan.locate.remote import holds, needs_archive, needs_registry
from licscan.model import (
    ComponentKind,
    Copyright,
    Evidence,
    Graph,
    PackageFiles,
    Problem,
    SourceKind,
    Sources,
)
from licscan.model.package import PackageMetadata
from licscan.packages.facts import metadata_of
from licscan.registry.answers import user_answers
from licscan.source.declared import Declared

if TYPE_CHECKING:
    from licscan.content.grouping import Grouped
    from licscan.locate.code_feed import CodeFeed
    from licscan.locate.published import PublishedPackages
    from licscan.read.building import IndexBuild
    from licscan.read.workers import Workers
    from licscan.registry.platforms import Platform
    from licscan.source import Places

Files = dict[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True, slots=True)
class Located:
    """Where the evidence of every component lies; `graph` has what packages bundle too, `source` gives their files."""

    graph: Graph
    files: Files
    source: PublishedPackages
    problems: tuple[Problem, ...]


def locate(graph: Graph, root: Path, options: Options, progress: Progress, index: IndexBuild | None = None) -> Located:
    """The license evidence of every component: installed, else cached, else from the registry.

    `index` begins to be built beside the fetching of many packages.
    """
    files: Files = {}
    elsewhere = [c for c in graph.components if not c.installed_at and c.kind is ComponentKind.PACKAGE and c.resolved]
    caches = Caches(root)
    cached = CachedLocator(caches, user_answers(options.cache_use), elsewhere)
    published = published_packages(root, options, Trees(caches, user_listings(options.cache_use)))
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
    problems = _fetch(graph, files, published, options, progress, index)
    before = {purl for purl, places in files.items() if any(map(holds, places))}
    graph, files = with_bundled(graph, files, published)
    # no registry needs to have what lies in another package's archive; a problem of several names them
    problems = [p for p in problems if p.subject in before or not files.get(p.subject) or "pkg:" in p.message]
    problems += [problem for places in files.values() for place in places for problem in place.problems]
    return Located(graph, files, published, tuple(problems))


@contextmanager
def with_evidence(options: Options) -> Iterator[Options]:
    """The options with the user's store of evidence where they name none; that is closed afterwards."""
    if options.evidence is not None:
        yield options
        return
    from licscan.evidence.store import user_evidence

    with closing(user_evidence()) as store:
        yield replace(options, evidence=store)


def published_packages(root: Path, options: Options, trees: Trees) -> PublishedPackages:
    """The packages of the user's evidence store and registries, and those on disk."""
    from licscan.evidence.store import user_evidence
    from licscan.locate.kept import user_kept
    from licscan.locate.published import PublishedPackages
    from licscan.registry import Registry

    registry = Registry.of_user(
        root,
        offline=options.offline,
        jobs=options.jobs,
        use=options.cache_use,
        fetch_git=options.fetch_git,
        git_submodules=options.git_submodules,
        fetch_urls=options.fetch_urls,
    )
    kept = user_kept(options.cache_use)
    code = _code_feed(options) if options.index_code and not options.offline else None
    return PublishedPackages(options.evidence or user_evidence(), registry, trees, options.platform or "", kept, code)


def _code_feed(options: Options) -> CodeFeed:
    from licscan.copies.shelf import user_shelf
    from licscan.locate.code_feed import CodeFeed

    return CodeFeed(user_shelf(), options.cache_use)


def _fetch(
    graph: Graph,
    files: Files,
    published: PublishedPackages,
    options: Options,
    progress: Progress,
    index: IndexBuild | None,
) -> list[Problem]:
    """Read the archives of what is not at hand, or ask for metadata alone; `files` is filled."""
    from licscan.locate.remote import RemoteLocator
    from licscan.read.workers import FEW

    unread: set[str] = set()
    stored: Files = {}
    consume = None
    if options.archives and options.texts:
        absent = [c for c in graph.components if needs_archive(c, files.get(c.purl, ()))]
        stored = published.known(absent)
        files.update(stored)
        if not options.offline:
            consume = published.consume
            unread = {c.purl for c in absent if c.purl not in stored}
    # a stored package that declares no license is known all the same: its archive was read
    wanted = [
        c
        for c in graph.components
        if c.purl in unread or (c.purl not in stored and needs_registry(c, files.get(c.purl, ())))
    ]
    if not wanted:
        return []
    if options.texts and index is not None and len(wanted) >= FEW:
        index.start()
    share_one_heap()
    asking = _("Reading published packages") if consume else _("Asking the registries")
    locator = RemoteLocator(
        published.registry,
        options.jobs,
        lambda done, total: progress(asking, done, total),
        platform=_platform(options),
        git=options.fetch_git,
        urls=options.fetch_urls,
        published=[pattern for one in options.config.components if one.published for pattern in one.packages],
    )
    found, refused = locator.locate(wanted, graph.components, consume)
    for purl, answers in found.items():
        files[purl] = (*files.get(purl, ()), *answers)
    return list(refused)


def _platform(options: Options) -> Platform | None:
    if not options.platform:
        return None
    from licscan.registry.platforms import parse_platform

    return parse_platform(options.platform)


def metadata(graph: Graph, files: Files) -> tuple[PackageMetadata, ...]:
    """What is known of every component beside its license; components of which nothing is known are left out."""
    found = (metadata_of(component, files.get(component.purl, ())) for component in graph.components)
    return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Texts:
    """What the texts of components say, by PackageURL; `fields` are licenses by the text that a field holds."""

    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    copyrights: Mapping[str, tuple[Copyright, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def read_texts(
    located: Located, options: Options, progress: Progress, index: IndexBuild | None = None
) -> tuple[Texts, tuple[Problem, ...]]:
    """The licenses and copyright statements in the texts of every component, and what could not be read."""
    from licscan.locate.contents import CachedContents
    from licscan.read.cache import user_cache
    from licscan.read.fields import read_fields
    from licscan.read.reader import Reader

    graph, files = located.graph, located.files
    places = [(c, files_of_texts(files[c.purl])) for c in graph.components if files.get(c.purl)]
    reading = _("Reading license texts")
    cache = user_cache(options.licenses, options.cache_use)
    with _detection(options, progress, index) as pool:
        reader = Reader(CachedContents(located.source), pool, cache, lambda done, total: progress(reading, done, total))
        told, problems = reader.read(places)
        claims = [claim for places in files.values() for place in places for claim in place.claims]
        claims += [claim for component in graph.components for claim in component.claims]
        return Texts(told, reader.copyrights, read_fields(claims, pool, cache)), problems


def cache_summary(options: Options) -> str:
    """One line on what the caches of a scan knew and lost, with the index of license texts where it was needed."""
    said = options.cache_use.told()
    if not options.cache_use.new:
        return said
    from licscan.detect.opening import is_kept

    return said if is_kept() else f"{said}; {_('the license text index was not stored')}"


def files_of_texts(places: tuple[PackageFiles, ...]) -> PackageFiles:
    """The place whose texts are read: copies of a package hold the same, so the one with most, the first of equals."""
    return max(places, key=lambda place: len(place.license_files) + len(place.notice_files))


def _folders_of_others(graph: Graph) -> Iterator[str]:
    """The folders of other people's packages among the project's own, as globs: they are judged as packages."""
    for component in graph.components:
        if component.kind is ComponentKind.PACKAGE and component.source.kind is SourceKind.PATH:
            yield from (escape(place) for place in component.installed_at if place)


def _detection(options: Options, progress: Progress, index: IndexBuild | None = None) -> Workers:
    """The processes that detect, to be closed by whoever asked for them."""
    from licscan.read import workers
    from licscan.read.building import preparing

    opener = workers.OpenDetector(str(options.licenses) if options.licenses else None)
    return workers.Workers(opener, min(options.jobs, workers.usable_jobs(None)), index, partial(preparing, progress))


def _places(declared: Declared, root: Path, starts: tuple[str, ...], options: Options) -> Places:
    """Where the project's own files lie: without what is excluded, and without folders of others."""
    from licscan.source import Places

    return Places(root, starts, (*options.exclude, *_folders_of_others(declared.graph)))


def read_own(
    declared: Declared, root: Path, starts: tuple[str, ...], options: Options, progress: Progress
) -> tuple[Sources, tuple[Problem, ...]]:
    """What the project's own files say of themselves, and what could not be read."""
    from licscan.packages.filenames import kind_of
    from licscan.source import read_sources, user_headers

    reading = _("Reading source files")
    with _detection(options, progress) as pool:
        return read_sources(
            _places(declared, root, starts, options),
            declared,
            kind_of,
            pool,
            user_headers(options.licenses, options.cache_use),
            lambda done, total: progress(reading, done, total),
        )


def has_content(root: Path, starts: tuple[str, ...], options: Options) -> bool:
    """Whether there are files that may be content: a folder of art alone is something to scan."""
    from licscan.content.listing import may_be_content
    from licscan.source import list_sources

    return any(map(may_be_content, list_sources(root, starts, options.exclude).paths))


def read_content(
    declared: Declared, root: Path, starts: tuple[str, ...], options: Options, progress: Progress
) -> tuple[Grouped | None, tuple[Problem, ...]]:
    """The project's fonts, pictures, sounds and models: whose they are, as components of the graph; None without any.

    The readers of content are imported only where there is some.
    """
    from licscan.content.listing import content_among
    from licscan.source import list_sources

    places = _places(declared, root, starts, options)
    listing = list_sources(places.root, places.starts, places.exclude)
    asked = content_among(listing.paths)
    if not asked:
        return None, ()
    from licscan.artsets.cache import user_looks
    from licscan.content.art import known_art
    from licscan.content.cache import user_facts
    from licscan.content.gather import Means, gather
    from licscan.content.grouping import group, is_example
    from licscan.judge import Day
    from licscan.packages.marks import is_test
    from licscan.source import user_headers

    day = Day(options.today or clock.today())
    reading = _("Reading fonts, pictures, sounds and models")
    with _detection(options, progress) as pool:
        means = Means(
            pool,
            user_headers(options.licenses, options.cache_use),
            user_facts(options.cache_use),
            tuple(one for one in options.config.contents if not day.is_over(one.expires)),
            recognise=partial(known_art, root, cache=user_looks(options.cache_use)),
            progress=lambda done, total: progress(reading, done, total),
        )
        found = gather(places, listing, asked, declared, means)
    aside = (one.file.path for one, _asked in found.files if is_test(one.file.path) or is_example(one.file.path))
    return group(found, declared.graph, frozenset(aside)), found.problems
