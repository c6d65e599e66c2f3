"""What the registries have of packages that nothing at hand describes: who may be asked about what, and all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import urlsplit

from licscan.base.errors import InputError, IntegrityError, RegistryError
from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.model import NOT_ASKED, Component, ComponentKind, Origin, PackageFiles, Problem, SourceKind
from licscan.packages.patterns import PackagePattern

if TYPE_CHECKING:
    from licscan.clients import Clients
    from licscan.registry.archive import Archive
    from licscan.registry.platforms import Platform

Consume: TypeAlias = "Callable[[Component, Archive], PackageFiles]"
"""Reads an archive, verifies it, keeps it: run in the threads of the pool, one archive at a time in each.

It calls `archive.verify()` before it keeps anything; InputError where the archive is damaged or too much.
"""
MAX_JOBS = 16
SHOWN = 5
"""So many names in a sentence; the rest is counted."""


class RegistryLike(Protocol):
    """What is needed of `registry.Registry`."""

    clients: Clients

    def known(self, components: Iterable[Component]) -> dict[str, PackageFiles]:
        """What earlier runs were told."""

    def files(self, component: Component) -> PackageFiles:
        """What the registry says now."""

    def archive(self, component: Component, platform: Platform | None = None) -> Archive:
        """Its published archive, open."""

    def save(self) -> None:
        """Keep what was learned."""


class RemoteLocator:
    """Asks registries for many components over a bounded pool of threads.

    `platform` is the one that wheels are read for; `git` whether git may fetch what locks name, `urls` whether
    archives may be read at addresses on hosts that the user's clients do not use.
    """

    def __init__(
        self,
        registry: RegistryLike,
        jobs: int = MAX_JOBS,
        progress: Callable[[int, int], None] | None = None,
        *,
        platform: Platform | None = None,
        git: bool = False,
        urls: bool = False,
        published: Iterable[PackagePattern] = (),
    ):
        self._published = tuple(published)
        self._registry = registry
        self._jobs = max(1, min(jobs, MAX_JOBS))
        self._progress = progress or (lambda done, total: None)
        self._platform = platform
        self._git = git
        self._urls = urls

    def locate(
        self, components: Iterable[Component], graph: Iterable[Component] = (), consume: Consume | None = None
    ) -> tuple[dict[str, tuple[PackageFiles, ...]], tuple[Problem, ...]]:
        """What was found, by PackageURL, and what could not be; the same whatever the order of the answers.

        `graph` are all components of the scan: they tell which names are first-party and which host is the usual one.
        With `consume` archives are read; without it, and where an archive fails, metadata alone are asked for.
        """
        wanted = sorted({c.purl: c for c in components}.values(), key=lambda c: c.purl)
        policy = Policy(
            self._registry.clients,
            (*graph, *wanted),
            self._published,
            archives=consume is not None,
            git=self._git,
            urls=self._urls,
        )
        refused = {c.purl: reason for c in wanted if (reason := policy.refusal(c))}
        allowed = [c for c in wanted if c.purl not in refused]
        found: dict[str, tuple[PackageFiles, ...]] = {}
        if consume is None:
            found = {purl: (files,) for purl, files in self._registry.known(allowed).items()}
        missing = [c for c in allowed if c.purl not in found]
        answers, errors = self._ask(missing, consume) if missing else ({}, {})
        found.update((purl, (files,)) for purl, files in answers.items())
        problems = [Problem("locate", purl, reason, NOT_ASKED) for purl, reason in refused.items() if reason]
        problems += grouped({c.purl: (c, errors[c.purl]) for c in missing if c.purl in errors})
        return dict(sorted(found.items())), tuple(sorted(set(problems), key=lambda p: (p.subject, p.message)))

    def _ask(
        self, missing: list[Component], consume: Consume | None
    ) -> tuple[dict[str, PackageFiles], dict[str, RegistryError]]:
        answers: dict[str, PackageFiles] = {}
        errors: dict[str, RegistryError] = {}
        pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="registry")
        try:
            futures: dict[Future[_Told], str] = {
                pool.submit(self._one, component, consume): component.purl for component in missing
            }
            for done, future in enumerate(as_completed(futures), 1):
                purl = futures.pop(future)
                files, error = future.result()
                if files is not None:
                    answers[purl] = files
                if error is not None:
                    errors[purl] = error
                self._progress(done, len(missing))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            self._registry.save()
        return answers, errors

    def _one(self, component: Component, consume: Consume | None) -> _Told:
        """What one component gave, and what went wrong; never an exception."""
        try:
            if consume is None:
                return self._registry.files(component), None
            return self._read(component, consume)
        except RegistryError as error:
            return None, error
        except Exception as error:  # a hostile answer that found a mistake of ours must not take the scan with it
            said = _("licscan failed with {error} on the registry's answer; please report it")
            return None, RegistryError(said.format(error=type(error).__name__))

    def _read(self, component: Component, consume: Consume) -> _Told:
        """The archive, once more where it broke off; else metadata alone, beside what went wrong."""
        from licscan.registry.archive import BrokenError

        try:
            try:
                return self._consume(component, consume), None
            except BrokenError:
                return self._consume(component, consume), None
        except (RegistryError, InputError) as error:
            failed = error if isinstance(error, RegistryError) else RegistryError(error.message, remedy=error.remedy)
            if not _has_metadata(component, failed):
                return None, failed
            try:
                return self._registry.files(component), failed
            except RegistryError:
                return None, failed

    def _consume(self, component: Component, consume: Consume) -> PackageFiles:
        with self._registry.archive(component, self._platform) as archive:
            try:
                files = consume(component, archive)
            except InputError:
                if component.hashes:
                    archive.verify()  # damaged, since it is not what the lock pins: that is the thing to tell
                raise
            if not archive.verified:
                archive.verify()
            return files


_Told: TypeAlias = "tuple[PackageFiles | None, RegistryError | None]"


def _has_metadata(component: Component, error: RegistryError) -> bool:
    """Whether to ask for metadata where there was no archive: what is not the lock's archive tells nothing of it."""
    from licscan.registry.client import HostError

    if component.source.kind in (SourceKind.GIT, SourceKind.URL):
        return False
    return not isinstance(error, (HostError, IntegrityError))


class Policy:
    """Who may be asked about what, so that no private name leaves for a registry that it is not from.

    `archives` may be read at an address that a lock names, where the user's clients know its host, else where `urls`
    allows it; `git` may be asked.
    """

    def __init__(
        self,
        clients: Clients,
        components: Iterable[Component],
        published: Iterable[PackagePattern] = (),
        *,
        archives: bool = False,
        git: bool = False,
        urls: bool = False,
    ):
        self._archives = archives
        self._git = git
        self._urls = urls
        self._clients = clients
        self._published = tuple(published)
        own = list(components)
        self._first_party = {(c.ecosystem, c.name) for c in own if c.kind is ComponentKind.PROJECT}
        self._usual = _usual_host(c for c in own if c.ecosystem == "npm" and not c.name.startswith("@"))

    def is_namesake(self, component: Component) -> bool:
        """Whether it bears the name of a project of the scan, and nobody said that it is published."""
        published = any(pattern.matches(component) for pattern in self._published)
        return (component.ecosystem, component.name) in self._first_party and not published

    def refusal(self, component: Component) -> str | None:
        """Why a component's name is not sent out; None: it may be asked for."""
        if component.kind is ComponentKind.PROJECT:
            return _("is one of your own projects; no registry was asked")
        if self.is_namesake(component):
            said = _("{name} has the name of one of your own projects; no registry was asked ({remedy})")
            remedy = _("if it is your own release, set published = true for it in a [[component]] of licscan.toml")
            return said.format(name=f"{component.name} {component.version}", remedy=remedy)
        if component.ecosystem not in _HOSTS:
            return _("no registry can be asked about packages of {ecosystem}").format(ecosystem=component.ecosystem)
        kind = component.source.kind
        if self._archives and kind is SourceKind.GIT and self._git:
            return None
        if self._archives and kind is SourceKind.URL:
            return self._address(component)
        if not component.version:
            return _("has no version; no registry was asked")
        if self._archives and kind is SourceKind.GIT:
            return _("comes from git, which was not asked ({remedy})").format(remedy=_("allow it with --fetch-git"))
        if kind in (SourceKind.GIT, SourceKind.URL, SourceKind.PATH):
            said = _(
                "comes from {source}, not from a registry; install the project's dependencies so that it can be read"
            )
            return said.format(source=kind.value)
        return self._private(component)

    def _address(self, component: Component) -> str | None:
        host = _host(component.source.url)
        if host is not None and host in _HOSTS[component.ecosystem](self._clients):
            return None
        if self._urls and (component.source.url or "").startswith("https://"):
            return None
        said = _("comes from {host}, which your clients do not use; it was not asked ({remedy})")
        return said.format(host=host or component.source.kind.value, remedy=_("allow it with --fetch-urls"))

    def _private(self, component: Component) -> str | None:
        host = _host(component.source.url)
        if host is None or host in _HOSTS[component.ecosystem](self._clients):
            return None
        if component.ecosystem == "pypi":
            # a Python lock names the index that it was made from: its names are not for another one
            said = _("its lockfile names {host}, which your pip does not use; no registry was asked ({remedy})")
            return said.format(host=host, remedy=_("configure it as extra-index-url in pip.conf"))
        scope = component.name.partition("/")[0]
        if (
            not component.name.startswith("@")
            or host == self._usual
            or self._clients.npm.has_own_registry(component.name)
        ):
            return None
        said = _("its lockfile names {host}, which your npm does not use; no registry was asked ({remedy})")
        return said.format(host=host, remedy=_("configure {scope}:registry in .npmrc").format(scope=scope))


def _npm_hosts(clients: Clients) -> tuple[str | None, ...]:
    from licscan.clients.npm import default_registry

    config = clients.npm
    return tuple(_host(url) for url in (config.registry, default_registry(), *(url for _s, url in config.scopes)))


def _pip_hosts(clients: Clients) -> tuple[str | None, ...]:
    from licscan.clients.pip import default_index

    return tuple(_host(url) for url in (*clients.pip.indexes, default_index(), *clients.pip.find_links))


_HOSTS = {"npm": _npm_hosts, "pypi": _pip_hosts}


def _host(url: str | None) -> str | None:
    if not url or "://" not in url:
        return None
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or None
    except ValueError:
        return None


def _usual_host(components: Iterable[Component]) -> str | None:
    """The host of more than half of the packages without a scope: the project's mirror, whatever it is called."""
    hosts = Counter(host for c in {c.purl: c for c in components}.values() if (host := _host(c.source.url)))
    if not hosts:
        return None
    host, count = hosts.most_common(1)[0]
    return host if count * 2 > hosts.total() else None


def grouped(errors: dict[str, tuple[Component, RegistryError]]) -> list[Problem]:
    """A problem each; one for all where a registry gave several the same answer (down, offline, no permission)."""
    groups: dict[str, list[str]] = {}
    for purl in sorted(errors):
        error = errors[purl][1]
        said = f"{error.message} ({error.remedy})" if error.remedy else error.message
        groups.setdefault(said, []).append(purl)
    problems = []
    for said, group in groups.items():
        first = errors[group[0]][1]
        code = "artifact-mismatch" if isinstance(first, IntegrityError) else None
        if len(group) == 1:
            problems.append(Problem("locate", group[0], said, code))
        elif _is_shared(first):
            problems.append(Problem("locate", group[0], _counted(said, group)))
        else:
            problems += [Problem("locate", purl, said, code) for purl in group]
    return problems


def _is_shared(error: RegistryError) -> bool:
    from licscan.registry.client import NotFoundError

    return not isinstance(error, (NotFoundError, IntegrityError))


def _counted(said: str, group: list[str]) -> str:
    return _("{reason}; the same for {names}").format(reason=said, names=listed(group[1:], SHOWN))


def needs_registry(component: Component, files: tuple[PackageFiles, ...]) -> bool:
    """Whether nothing at hand says what a package declares: its own metadata or its lock's copy of them."""
    if component.kind is not ComponentKind.PACKAGE or not component.resolved or component.version is None:
        return False
    if component.source.kind not in (SourceKind.REGISTRY, SourceKind.UNKNOWN):
        return False
    if component.installed_at or component.claims:
        return False
    # what was read in a cache has said what it declares, be it nothing
    return not any(place.claims or (place.origin is Origin.CACHE and holds(place)) for place in files)


def needs_archive(component: Component, files: tuple[PackageFiles, ...]) -> bool:
    """Whether its files are not at hand, so that its published archive is to be read (see `Policy`)."""
    if component.kind is not ComponentKind.PACKAGE or not component.resolved or component.installed_at:
        return False
    if component.embedded or component.source.kind is SourceKind.PATH or component.version is None:
        return False
    return all(place.origin is Origin.REGISTRY or not holds(place) for place in files)


def holds(place: PackageFiles) -> bool:
    """Whether a place holds the package; one that only tells of a failure does not."""
    return bool(place.claims or place.license_files or place.notice_files or place.readme_files) or not place.problems
