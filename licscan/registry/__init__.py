"""The package registries, as the user's own clients are configured to reach them; passed in, never global."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.caches import CacheUse
from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.clients import ClientConfig, Clients, Credential, Machine, Transport
from licscan.model import Component, PackageFiles, SourceKind
from licscan.packages.purls import strip_credentials
from licscan.registry.answers import Answers, user_cache
from licscan.registry.client import Client
from licscan.registry.npm import NpmRegistry

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from licscan.registry.archive import Archive
    from licscan.registry.platforms import Platform
    from licscan.registry.pypi import PypiRegistry

ECOSYSTEMS = ("npm", "pypi")


class Registry:
    """Both ecosystems' registries behind one cache. Every failure is a RegistryError.

    `folder` holds the cache (None: nothing is kept); `jobs` bounds the connections; `adapter` is the wire; `facts` asks
    npm registries for the version's document beside an archive; `fetch_git` lets git fetch what locks name,
    with the submodules of `git_submodules`; `fetch_urls` allows archives at addresses elsewhere that locks name.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        folder: Path | None = None,
        offline: bool = False,
        jobs: int = 16,
        adapter: BaseAdapter | None = None,
        use: CacheUse | None = None,
        facts: bool = True,
        fetch_git: bool = False,
        git_submodules: tuple[str, ...] = (),
        fetch_urls: bool = False,
    ):
        self.clients = clients
        self.offline = offline
        self._folder = folder
        self._jobs = jobs
        self._adapter = adapter
        self._use = use
        self._answers = Answers(folder / "answers.sqlite" if folder else None, use)
        self._facts = facts
        self._fetch_git = fetch_git
        self._git_submodules = git_submodules
        self._fetch_urls = fetch_urls
        self._lock = threading.RLock()

    @classmethod
    def of_user(
        cls,
        project: Path | None = None,
        *,
        offline: bool = False,
        jobs: int = 16,
        use: CacheUse | None = None,
        fetch_git: bool = False,
        git_submodules: tuple[str, ...] = (),
        fetch_urls: bool = False,
    ) -> Registry:
        """The registries that the user's pip and npm use in a project's folder, with the user's cache."""
        config = ClientConfig(Machine.this(), project)
        return cls(
            config,
            folder=user_cache(),
            offline=offline,
            jobs=jobs,
            use=use,
            fetch_git=fetch_git,
            git_submodules=git_submodules,
            fetch_urls=fetch_urls,
        )

    def known(self, components: Iterable[Component]) -> dict[str, PackageFiles]:
        """What earlier runs were told, by PackageURL; no request is made."""
        keys = {component.purl: self.key(component) for component in components}
        kept = self._answers.get_many(keys.values())
        return {purl: kept[key] for purl, key in keys.items() if key in kept}

    def files(self, component: Component) -> PackageFiles:
        """What its registry says of a component that has a version."""
        version = component.version or ""
        if component.ecosystem == "npm":
            files = self.npm.files(component.name, version)
        else:
            files = self.pypi.files(component.name, version, component.source.url)
        self._answers.put(self.key(component), files)
        return files

    def versions(self, ecosystem: str, name: str) -> tuple[str, ...]:
        """The published versions of a package that are no previews, in no order."""
        found = self.npm.versions(name) if ecosystem == "npm" else self.pypi.versions(name)
        return tuple(version for version in found if re.fullmatch(r"[0-9]+(?:\.[0-9]+)*", version))

    def archive(self, component: Component, platform: Platform | None = None) -> Archive:
        """Its published archive, open: use it as a context manager, and `verify` before anything of it is kept.

        For Python the wheel for the platform (default: Linux on x86-64). Git sources are fetched where `fetch_git`
        allows it. RegistryError where there is none; IntegrityError where it is not what the lock pins.
        """
        if component.source.kind is SourceKind.GIT:
            return self._from_git(component)
        address = component.source.url or ""
        if self._fetch_urls and component.source.kind is SourceKind.URL and address.startswith("https://"):
            # nobody's credentials are for it
            (self.npm if component.ecosystem == "npm" else self.pypi).allow(address)
        if component.ecosystem == "npm":
            return self.npm.archive(component, self._facts)
        from licscan.registry.platforms import Platform

        return self.pypi.archive(component, platform or Platform())

    def key(self, component: Component) -> str:
        """Under what the answer about a component is kept: its registry, name and version; its address otherwise.

        What comes from elsewhere is not the registry's package of the same name and version.
        """
        if component.source.kind in (SourceKind.GIT, SourceKind.URL) and component.source.url:
            inside = self._git_submodules if component.source.kind is SourceKind.GIT else ()
            return " ".join((component.ecosystem, strip_credentials(component.source.url), *inside))
        registry = self.npm if component.ecosystem == "npm" else self.pypi
        return f"{component.ecosystem} {registry.key(component.name, component.version or '')}"

    @cached_property
    def npm(self) -> NpmRegistry:
        """npm's."""
        with self._lock:
            config = self.clients.npm
            prefixes = (config.registry, *(url for _scope, url in config.scopes))
            return NpmRegistry(config, self._client(prefixes, config.credentials, config.transport))

    @cached_property
    def pypi(self) -> PypiRegistry:
        """pip's."""
        from licscan.registry.pypi import PypiRegistry

        with self._lock:
            config = self.clients.pip
            prefixes = [url for url in (*config.indexes, *config.find_links) if url.startswith(("http://", "https://"))]
            return PypiRegistry(config, self._client(prefixes, config.credentials, config.transport))

    def _from_git(self, component: Component) -> Archive:
        if not self._fetch_git or self.offline:
            said = _("git was not asked: offline") if self.offline else _("comes from git, which was not asked")
            remedy = None if self.offline else _("allow it with --fetch-git, or install the project's dependencies")
            raise RegistryError(said, path=component.name, remedy=remedy)
        from licscan.registry.git import open_git

        return open_git(component, submodules=self._git_submodules)

    def _client(self, prefixes: Iterable[str], credentials: Iterable[Credential], transport: Transport) -> Client:
        return Client(
            prefixes,
            credentials=credentials,
            transport=transport,
            cache=self._folder / "pages.sqlite" if self._folder else None,
            offline=self.offline,
            connections=self._jobs,
            adapter=self._adapter,
            use=self._use,
        )

    def save(self) -> None:
        """Write what was learned."""
        self._answers.save()
