"""What the registries say of packages that nothing at hand describes: who may be asked about what, and all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from licscan.base.errors import RegistryError
from licscan.base.messages import _, ngettext
from licscan.model import Component, ComponentKind, PackageFiles, Problem, SourceKind
from licscan.packages.patterns import PackagePattern

if TYPE_CHECKING:
    from licscan.clients import Clients

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

    def save(self) -> None:
        """Keep what was learned."""


class RemoteLocator:
    """Asks registries about many components over a bounded pool of threads."""

    def __init__(
        self,
        registry: RegistryLike,
        jobs: int = MAX_JOBS,
        progress: Callable[[int, int], None] | None = None,
        published: Iterable[PackagePattern] = (),
    ):
        self._published = tuple(published)
        self._registry = registry
        self._jobs = max(1, min(jobs, MAX_JOBS))
        self._progress = progress or (lambda done, total: None)

    def locate(
        self, components: Iterable[Component], graph: Iterable[Component] = ()
    ) -> tuple[dict[str, tuple[PackageFiles, ...]], tuple[Problem, ...]]:
        """What was found, by PackageURL, and what could not be; the same whatever the order of the answers.

        `graph` are all components of the scan: they tell which names are first-party and which host is the usual one.
        """
        wanted = sorted({c.purl: c for c in components}.values(), key=lambda c: c.purl)
        policy = Policy(self._registry.clients, (*graph, *wanted), self._published)
        refused = {c.purl: reason for c in wanted if (reason := policy.refusal(c))}
        allowed = [c for c in wanted if c.purl not in refused]
        found = {purl: (files,) for purl, files in self._registry.known(allowed).items()}
        missing = [c for c in allowed if c.purl not in found]
        answers, errors = self._ask(missing) if missing else ({}, {})
        found.update((purl, (files,)) for purl, files in answers.items())
        problems = [Problem("locate", purl, reason) for purl, reason in refused.items() if reason]
        problems += grouped({c.purl: (c, errors[c.purl]) for c in missing if c.purl in errors})
        return dict(sorted(found.items())), tuple(sorted(set(problems), key=lambda p: (p.subject, p.message)))

    def _ask(self, missing: list[Component]) -> tuple[dict[str, PackageFiles], dict[str, RegistryError]]:
        answers: dict[str, PackageFiles] = {}
        errors: dict[str, RegistryError] = {}
        pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="registry")
        try:
            futures: dict[Future[PackageFiles], str] = {
                pool.submit(self._registry.files, component): component.purl for component in missing
            }
            for done, future in enumerate(as_completed(futures), 1):
                self._take(future, futures[future], answers, errors)
                self._progress(done, len(missing))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            self._registry.save()
        return answers, errors

    def _take(
        self,
        future: Future[PackageFiles],
        purl: str,
        answers: dict[str, PackageFiles],
        errors: dict[str, RegistryError],
    ) -> None:
        try:
            answers[purl] = future.result()
        except RegistryError as error:
            errors[purl] = error
        except Exception as error:  # a hostile answer that found a mistake of ours must not take the scan with it
            said = _("licscan failed with {error} on the registry's answer; please report it")
            errors[purl] = RegistryError(said.format(error=type(error).__name__))


class Policy:
    """Who may be asked about what, so that no private name leaves for a registry that it is not from."""

    def __init__(self, clients: Clients, components: Iterable[Component], published: Iterable[PackagePattern] = ()):
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
            return _("is a project of your own; no registry was asked")
        if self.is_namesake(component):
            said = _("{name} has the name of a project of your own; no registry was asked ({remedy})")
            remedy = _("where it is your own release, set published = true for it in a [[component]] of licscan.toml")
            return said.format(name=f"{component.name} {component.version}", remedy=remedy)
        if component.ecosystem not in _HOSTS:
            return _("no registry can be asked about packages of {ecosystem}").format(ecosystem=component.ecosystem)
        if not component.version:
            return _("has no version; no registry was asked")
        kind = component.source.kind
        if kind in (SourceKind.GIT, SourceKind.URL, SourceKind.PATH):
            said = _("comes from {source}, not from a registry; install the project's dependencies to have it read")
            return said.format(source=kind.value)
        return self._private(component)

    def _private(self, component: Component) -> str | None:
        host = _host(component.source.url)
        if host is None or host in _HOSTS[component.ecosystem](self._clients):
            return None
        if component.ecosystem == "pypi":
            # a Python lock names the index that it was made from: its names are not for another one
            said = _("its lock names {host}, which your pip does not use; no registry was asked ({remedy})")
            return said.format(host=host, remedy=_("configure it as extra-index-url in pip.conf"))
        scope = component.name.partition("/")[0]
        if (
            not component.name.startswith("@")
            or host == self._usual
            or self._clients.npm.has_own_registry(component.name)
        ):
            return None
        said = _("its lock names {host}, which your npm does not use; no registry was asked ({remedy})")
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
        if len(group) == 1:
            problems.append(Problem("locate", group[0], said))
        elif _is_shared(errors[group[0]][1]):
            problems.append(Problem("locate", group[0], _counted(said, group)))
        else:
            problems += [Problem("locate", purl, said) for purl in group]
    return problems


def _is_shared(error: RegistryError) -> bool:
    from licscan.registry.client import NotFoundError

    return not isinstance(error, NotFoundError)


def _counted(said: str, group: list[str]) -> str:
    shown = ", ".join(group[1 : SHOWN + 1])
    more = len(group) - 1 - SHOWN
    rest = ngettext(" and {count} more", " and {count} more", more).format(count=more) if more > 0 else ""
    return _("{reason}; the same for {names}{rest}").format(reason=said, names=shown, rest=rest)


def needs_registry(component: Component, files: tuple[PackageFiles, ...]) -> bool:
    """Whether nothing at hand says what a package declares: its own metadata or its lock's copy of them."""
    if component.kind is not ComponentKind.PACKAGE or not component.resolved or component.version is None:
        return False
    if component.source.kind not in (SourceKind.REGISTRY, SourceKind.UNKNOWN):
        return False
    return not component.installed_at and not component.claims and not any(place.claims for place in files)
