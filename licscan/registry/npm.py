"""What an npm registry has of one version: its document, else what the package's says of it, and its tarball."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import quote

from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.clients import NpmConfig
from licscan.model import Component, Origin, PackageFiles, SourceKind
from licscan.registry.archive import Archive
from licscan.registry.client import Answer, Client, NotFoundError, host_of
from licscan.registry.facts import npm_facts
from licscan.registry.streams import open_stream


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

    def allow(self, url: str) -> None:
        """Allow the host of an archive that the user asks for."""
        self._client.allow(url)

    def key(self, name: str, version: str) -> str:
        """Under what an answer is kept."""
        return f"{self._config.registry_of(name)} {name} {version}"

    def files(self, name: str, version: str) -> PackageFiles:
        """The license claims of one version. RegistryError where there is no usable answer."""
        data, url = self._version(name, version)
        return _files(data, url)

    def versions(self, name: str) -> tuple[str, ...]:
        """The versions that the package's whole document has."""
        registry = self._config.registry_of(name)
        return tuple(self._versions_of(name, f"{registry}{path_of(name)}"))

    def archive(self, component: Component, facts: bool = True) -> Archive:
        """Its tarball: at the lock's address where npm would ask there, else where the registry's document says.

        `facts` asks for the version's document also where the lock tells the address.
        """
        name, version = component.name, component.version or ""
        pinned = pinned_hashes(component)
        address = component.source.url if component.source.kind in _AT_ADDRESS else None
        locked = address if address and self._client.allows(address) else None
        if component.source.kind is SourceKind.URL:
            if locked is None:
                said = _("{host}: is not a configured registry and was not asked").format(host=host_of(address or ""))
                raise RegistryError(said, path=name)
            return open_stream(self._client, component, "npm", locked, pinned=pinned)
        document: dict[str, Any] = {}
        if facts or locked is None:
            try:
                document = npm_facts(self._version(name, version)[0])
            except RegistryError:
                if locked is None:
                    raise
        url = locked or self._tarball(name, version, document)
        announced = _announced(document)
        return open_stream(self._client, component, "npm", url, pinned=pinned, announced=announced, facts=document)

    def _tarball(self, name: str, version: str, document: dict[str, Any]) -> str:
        registry = self._config.registry_of(name)
        dist = document.get("dist")
        url = dist.get("tarball") if isinstance(dist, dict) else None
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            leaf = name.rpartition("/")[2]
            return f"{registry}{name}/-/{quote(leaf, safe='')}-{quote(version, safe='+')}.tgz"
        if registry.startswith("https://") and url.startswith("http://"):
            url = "https://" + url.removeprefix("http://")  # behind a proxy that ends TLS a registry thinks it has none
        self._client.allow(url)  # the registry's own document names it
        return url

    def _version(self, name: str, version: str) -> tuple[dict[str, Any], str]:
        """The version's document, and where it was."""
        registry = self._config.registry_of(name)
        if registry not in self._without_versions:
            url = f"{registry}{path_of(name)}/{quote(version, safe='')}"
            try:
                found = read_version(name, version, self._client.get(name, url, accept="application/json"))
                self._with_versions.add(registry)
                return found, url
            except NotFoundError:
                pass  # not there, or a registry that only has whole documents
        found, url = self._from_whole(registry, name, version)
        if registry not in self._with_versions:
            self._without_versions.add(registry)
        return found, url

    def _from_whole(self, registry: str, name: str, version: str) -> tuple[dict[str, Any], str]:
        """The version in the package's whole document, which is asked for once."""
        url = f"{registry}{path_of(name)}"
        data = self._versions_of(name, url).get(version)
        if not isinstance(data, dict):
            raise NotFoundError(
                _("{host} does not have version {version}").format(host=host_of(url), version=version), path=name
            )
        return data, url

    def _versions_of(self, name: str, url: str) -> dict[str, Any]:
        """What the whole document says of each version."""
        with self._lock:
            lock = self._locks.setdefault(url, threading.Lock())
        with lock:
            if url not in self._whole:
                self._whole[url] = self._document(name, url)
        versions = self._whole[url]
        if isinstance(versions, RegistryError):
            raise versions
        return versions

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
            version: npm_facts(about) | {"time": {version: times.get(version)}}
            for version, about in versions.items()
            if isinstance(about, dict)
        }


_AT_ADDRESS = (SourceKind.REGISTRY, SourceKind.URL, SourceKind.UNKNOWN)


def pinned_hashes(component: Component) -> tuple[str, ...]:
    """The lock's hashes of the published tarball; a berry lock, which tells no address, has those of yarn's zip."""
    berry = any(place.path.rpartition("/")[2] == "yarn.lock" for place in component.found_in)
    return () if berry and component.source.url is None else component.hashes


def _announced(document: dict[str, Any]) -> tuple[str, ...]:
    """`dist.integrity` (Subresource Integrity), else `dist.shasum`."""
    import base64
    import binascii

    dist = document.get("dist")
    if not isinstance(dist, dict):
        return ()
    found = []
    for part in str(dist.get("integrity") or "").split():
        algorithm, _dash, text = part.partition("?")[0].partition("-")
        try:
            digest = base64.b64decode(text, validate=True).hex()
        except (binascii.Error, ValueError):
            continue
        if algorithm in ("sha512", "sha384", "sha256", "sha1"):
            found.append(f"{algorithm}:{digest}")
    shasum = str(dist.get("shasum") or "").lower()
    if not found and len(shasum) == 40 and shasum.isalnum():
        found.append(f"sha1:{shasum}")
    return tuple(sorted(found))


def path_of(name: str) -> str:
    """A package's name in a registry's URL: the slash of a scoped one escaped."""
    return quote(name, safe="@")


def read_version(name: str, version: str, answer: Answer) -> dict[str, Any]:
    """A version's document, which must be about that version."""
    data = answer.json(name)
    if not isinstance(data, dict) or data.get("name") != name or data.get("version") != version:
        raise _garbage(name, answer.url)
    return data


def _files(data: dict[str, Any], url: str) -> PackageFiles:
    from licscan.packages.npm_metadata import license_claims, npm_registry_facts
    from licscan.packages.purls import strip_credentials

    place = strip_credentials(url)
    told = npm_registry_facts(data, time=data.get("time"))
    return PackageFiles(Origin.REGISTRY, place, license_claims(data, place, Origin.REGISTRY), metadata=told)


def _garbage(name: str, url: str) -> RegistryError:
    said = _("{host}: the answer is not about the package that was asked for")
    return RegistryError(said.format(host=host_of(url)), path=name)
