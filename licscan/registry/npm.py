"""What an npm registry says of one version: its own document, or the package's where a registry has no such route."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import quote

from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.clients import NpmConfig
from licscan.model import Origin, PackageFiles
from licscan.registry.client import Answer, Client, NotFoundError, host_of

KEPT = (
    "name", "version", "license", "licence", "licenses", "licences", "author", "contributors", "maintainers",
    "_npmUser", "repository", "homepage", "bugs", "description", "deprecated", "dist",
)  # fmt: skip
"""Fields of a version in a whole document that are kept."""


class NpmRegistry:
    """Asks the registry that the user's npm would ask."""

    def __init__(self, config: NpmConfig, client: Client):
        self._config = config
        self._client = client
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._with_versions: set[str] = set()
        self._without_versions: set[str] = set()
        self._whole: dict[str, dict[str, Any] | RegistryError] = {}

    def key(self, name: str, version: str) -> str:
        """Under what an answer is kept."""
        return f"{self._config.registry_of(name)} {name} {version}"

    def files(self, name: str, version: str) -> PackageFiles:
        """The license claims of one version. RegistryError where there is no usable answer."""
        registry = self._config.registry_of(name)
        if registry not in self._without_versions:
            url = f"{registry}{path_of(name)}/{quote(version, safe='')}"
            try:
                found = read_version(name, version, self._client.get(name, url, accept="application/json"))
                self._with_versions.add(registry)
                return found
            except NotFoundError:
                pass  # not there, or a registry that only has whole documents
        found = self._from_whole(registry, name, version)
        if registry not in self._with_versions:
            self._without_versions.add(registry)
        return found

    def _from_whole(self, registry: str, name: str, version: str) -> PackageFiles:
        """The version in the package's whole document, which is asked for once."""
        url = f"{registry}{path_of(name)}"
        with self._lock:
            lock = self._locks.setdefault(url, threading.Lock())
        with lock:
            if url not in self._whole:
                self._whole[url] = self._document(name, url)
        versions = self._whole[url]
        if isinstance(versions, RegistryError):
            raise versions
        data = versions.get(version)
        if not isinstance(data, dict):
            raise NotFoundError(
                _("{host} does not have version {version}").format(host=host_of(url), version=version), path=name
            )
        return _files(data, url)

    def _document(self, name: str, url: str) -> dict[str, Any] | RegistryError:
        try:
            data = self._client.get_page(name, url, accept="application/json").json(name)
        except RegistryError as error:
            return error
        versions = data.get("versions") if isinstance(data, dict) and data.get("name") == name else None
        if not isinstance(versions, dict):
            return _garbage(name, url)
        stated = data.get("time")
        times = stated if isinstance(stated, dict) else {}
        # the rest of a long document is let go: it can have 50 MB
        return {
            version: {field: about[field] for field in KEPT if field in about} | {"time": {version: times.get(version)}}
            for version, about in versions.items()
            if isinstance(about, dict)
        }


def path_of(name: str) -> str:
    """A package's name in a registry's URL: the slash of a scoped one escaped."""
    return quote(name, safe="@")


def read_version(name: str, version: str, answer: Answer) -> PackageFiles:
    """The claims in a version's document, which must be about that version."""
    data = answer.json(name)
    if not isinstance(data, dict) or data.get("name") != name or data.get("version") != version:
        raise _garbage(name, answer.url)
    return _files(data, answer.url)


def _files(data: dict[str, Any], url: str) -> PackageFiles:
    from licscan.packages.npm_metadata import license_claims, npm_registry_facts
    from licscan.packages.purls import strip_credentials

    place = strip_credentials(url)
    told = npm_registry_facts(data, time=data.get("time"))
    return PackageFiles(Origin.REGISTRY, place, license_claims(data, place, Origin.REGISTRY), metadata=told)


def _garbage(name: str, url: str) -> RegistryError:
    said = _("{host}: the answer is not about the package that was asked for")
    return RegistryError(said.format(host=host_of(url)), path=name)
