"""What can be known of the packages of a commit without the network: their lock, the installed trees, the caches."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import LicscanError
from licscan.base.load import load_json
from licscan.base.tree import Tree, folder_of, join
from licscan.conclude.conclusion import conclude
from licscan.locate import CachedLocator, Caches, Trees, locate_installed, locate_project
from licscan.model import Component, ComponentKind, Conclusion, Copyright, Evidence, Origin, PackageFiles, Problem
from licscan.packages.npm_metadata import license_claims
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.python.dist_info import read_dist
from licscan.resolve.python.environment import find_environments, find_site_packages

if TYPE_CHECKING:
    from licscan.locate.contents import Packages
    from licscan.locate.published import PublishedPackages

MAX_PARENTS = 50
"""So many packages that need one are looked into for a copy of their own."""

ONLINE_JOBS = 8

Files = dict[str, tuple[PackageFiles, ...]]


@dataclass(frozen=True)
class Installed:
    """The trees that stand in the work tree: `node_modules` beside the locks, and Python environments.

    `python` are environments that licscan.toml names. Only the folders of packages that are asked
    for are looked at.
    """

    root: Path
    python: tuple[str, ...] = ()
    _modules: dict[str, tuple[str, tuple[str, str] | None]] = field(default_factory=dict)

    def find(self, component: Component, needed_by: Sequence[str]) -> Component:
        """The component with the folder in which this very version is installed, and what is declared there."""
        try:
            if component.ecosystem == "npm":
                return self._npm(component, needed_by)
            return self._pypi(component) if component.ecosystem == "pypi" else component
        except (LicscanError, OSError, ValueError):
            return component  # what cannot be read here is not known from here

    def _npm(self, component: Component, needed_by: Sequence[str]) -> Component:
        tree = Tree(self.root)
        for place in dict.fromkeys(self._places(component, needed_by)):
            path = f"{place}/package.json"
            if not tree.exists(path):
                continue
            table = load_json(tree.read_text(path), path)
            if isinstance(table, dict) and (table.get("name"), table.get("version")) == (
                component.name,
                component.version,
            ):
                claims = license_claims(table, path, Origin.INSTALLED)
                return replace(component, installed_at=(place,), claims=(*component.claims, *claims))
        return component

    def _places(self, component: Component, needed_by: Sequence[str]) -> Iterator[str]:
        folders = dict.fromkeys(folder_of(place.path) for place in component.found_in)
        for folder in [*folders, ""]:
            modules = join(folder, "node_modules")
            yield f"{modules}/{component.name}"
            for parent in needed_by[:MAX_PARENTS]:
                yield f"{modules}/{parent}/node_modules/{component.name}"
            store = f"{component.name.replace('/', '+')}@{component.version}"
            for name in self._stored(modules):
                if name == store or name.startswith((f"{store}(", f"{store}_")):
                    yield f"{modules}/.pnpm/{name}/node_modules/{component.name}"

    def _stored(self, modules: str) -> list[str]:
        return Tree(self.root).names(f"{modules}/.pnpm")

    def _pypi(self, component: Component) -> Component:
        full = self._dists.get((normalize_pypi_name(component.name), component.version or ""))
        if full is None:
            return component
        place = os.path.relpath(full, self.root) if Path(full).is_relative_to(self.root) else full
        dist = read_dist(full, Path(place).as_posix())
        if dist is None:
            return component
        return replace(component, installed_at=(dist.place,), claims=(*component.claims, *dist.claims))

    @cached_property
    def _dists(self) -> dict[tuple[str, str], str]:
        """Every distribution by the name of its metadata folder."""
        named = [self.root / path for path in self.python]
        found: dict[tuple[str, str], str] = {}
        for environment in named or find_environments(self.root):
            for site in find_site_packages(environment):
                for entry in sorted(os.listdir(site)):
                    name, dash, version = entry.removesuffix(".dist-info").rpartition("-")
                    if dash and entry.endswith(".dist-info"):
                        found.setdefault((normalize_pypi_name(name), version), str(site / entry))
        return found


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """What was found: the components with their installed copies, conclusions, and what failed."""

    components: Mapping[str, Component]
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]


def gather_evidence(
    components: Iterable[Component], root: Path, *, licenses: Path | None, texts: bool, online: bool = False
) -> NewEvidence:
    """Conclude what each component is under, from what is at hand; `licenses` are the user's own texts."""
    known = {component.purl: component for component in components}
    files: Files = {}
    absent = [c for c in known.values() if c.kind is ComponentKind.PACKAGE and not c.installed_at and c.resolved]
    caches = Caches(root)
    with _stored(absent, files, root, caches) as published:
        return _gathered(known, files, root, published, caches, licenses=licenses, texts=texts, online=online)


def _gathered(
    known: Mapping[str, Component],
    files: Files,
    root: Path,
    published: PublishedPackages | None,
    caches: Caches,
    *,
    licenses: Path | None,
    texts: bool,
    online: bool,
) -> NewEvidence:
    absent = [c for c in known.values() if c.kind is ComponentKind.PACKAGE and not c.installed_at and c.resolved]
    cached = _cached(caches, [component for component in absent if component.purl not in files])
    for component in known.values():
        if component.purl in files:
            continue
        if component.installed_at:
            files[component.purl] = locate_installed(component, root)
        elif component.kind is ComponentKind.PACKAGE:
            files[component.purl] = cached.locate(component) if cached and component.resolved else ()
        elif component.manifest is not None:
            files[component.purl] = locate_project(component, root)
    if cached:
        cached.save()
    problems = [problem for places in files.values() for place in places for problem in place.problems]
    if online:
        problems += _ask(known, files, root)
    evidence: Mapping[str, tuple[Evidence, ...]] = {}
    copyrights: Mapping[str, tuple[Copyright, ...]] = {}
    if texts:
        evidence, copyrights, unread = _read(known, files, published or Trees(caches), licenses)
        problems += unread
    conclusions = {
        purl: conclude(one, files.get(purl, ()), evidence.get(purl), copyrights.get(purl, ()))
        for purl, one in known.items()
    }
    return NewEvidence(known, conclusions, tuple(problems))


def _ask(known: Mapping[str, Component], files: Files, root: Path) -> tuple[Problem, ...]:
    """Ask the registries what nothing at hand tells; their answers go into the files."""
    from licscan.locate.remote import needs_registry

    wanted = [component for purl, component in known.items() if needs_registry(component, files.get(purl, ()))]
    if not wanted:
        return ()
    from licscan.locate.remote import RemoteLocator
    from licscan.registry import Registry

    registry = Registry.of_user(root, offline=False, jobs=ONLINE_JOBS)
    found, refused = RemoteLocator(registry, ONLINE_JOBS, lambda done, total: None).locate(
        wanted, tuple(known.values())
    )
    for purl, answers in found.items():
        files[purl] = (*files.get(purl, ()), *answers)
    return tuple(refused)


@contextmanager
def _stored(absent: list[Component], files: Files, root: Path, caches: Caches) -> Iterator[PublishedPackages | None]:
    """The packages that an earlier scan has read, wherever that was; their files go into `files`. Nobody is asked."""
    if not absent:
        yield None
        return
    from licscan.evidence.store import user_evidence

    store = user_evidence()
    if store.path is None or not store.path.exists():
        yield None
        return
    from licscan.locate.published import PublishedPackages
    from licscan.locate.remote import needs_archive
    from licscan.registry import Registry

    with closing(PublishedPackages(store, Registry.of_user(root, offline=True), Trees(caches))) as published:
        files.update(published.known(component for component in absent if needs_archive(component, ())))
        yield published


def _cached(caches: Caches, components: list[Component]) -> CachedLocator | None:
    if not components:
        return None
    from licscan.registry.answers import user_answers

    return CachedLocator(caches, user_answers(), components)


def _read(
    known: Mapping[str, Component], files: Files, source: Packages, licenses: Path | None
) -> tuple[Mapping[str, tuple[Evidence, ...]], Mapping[str, tuple[Copyright, ...]], tuple[Problem, ...]]:
    """What the texts of the packages say; first-party projects are judged by their manifests."""
    places = [
        (known[purl], max(found, key=lambda place: len(place.license_files) + len(place.notice_files)))
        for purl, found in files.items()
        if found and known[purl].kind is ComponentKind.PACKAGE
    ]
    if not places:
        return {}, {}, ()
    from licscan.locate.contents import CachedContents
    from licscan.read import workers
    from licscan.read.cache import user_cache
    from licscan.read.reader import Reader

    opener = workers.OpenDetector(str(licenses) if licenses else None)
    with workers.Workers(opener, 1) as pool:
        reader = Reader(CachedContents(source), pool, user_cache(licenses))
        told, problems = reader.read(places)
        return told, reader.copyrights, problems


def is_unknown(component: Component, conclusion: Conclusion) -> bool:
    """Whether nothing at hand says anything of the component."""
    return not component.installed_at and not any(e.method != "none" for e in conclusion.evidence)
