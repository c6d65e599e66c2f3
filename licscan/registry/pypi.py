"""What a Python index has of one version: core metadata by the cheapest road that it offers, and its archives.

The simple API (PEP 503 and 691), core metadata beside the file (PEP 658 and 714), else parts of the wheel, else a small
sdist. Indexes are asked in pip's order; all of them, since pip takes a version from whichever has it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from licscan.base.errors import IntegrityError, RegistryError
from licscan.base.messages import _
from licscan.clients import PipConfig
from licscan.model import Component, Origin, PackageFiles, SourceKind
from licscan.model.package import PackageMetadata
from licscan.packages.core_metadata import (
    Headers,
    claims_of,
    core_facts,
    first,
    read_headers,
    requires_of,
    simple_facts,
)
from licscan.packages.facts import merged, web
from licscan.packages.filenames import sort_by_kind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.registry.archive import Archive
from licscan.registry.archives import Metadata, read_local_wheel, read_remote_wheel, read_sdist
from licscan.registry.client import Answer, Client, HostError, NotFoundError, host_of
from licscan.registry.pages import File, by_version, canonical, facts_of, parse_page, split_filename
from licscan.registry.platforms import Candidate, Platform, order
from licscan.registry.streams import filename_of, open_local, open_stream, open_wheel

MAX_SDIST = 5 * 1024 * 1024
MAX_METADATA = 5 * 1024 * 1024
_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
MAX_TRIES = 3
"""So many files of a version are tried, where the index lists what it does not hold."""


class PypiRegistry:
    """Asks the indexes that the user's pip would ask."""

    def __init__(self, config: PipConfig, client: Client):
        self._config = config
        self._client = client
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._pages: dict[str, dict[str, tuple[File, ...]] | RegistryError] = {}

    def allow(self, url: str) -> None:
        """Allow the host of an archive that the user asks for."""
        self._client.allow(url)

    def key(self, name: str, version: str) -> str:
        """Under what an answer is kept."""
        return f"{' '.join((*self._config.indexes, *self._config.find_links))} {normalize_pypi_name(name)} {version}"

    def files(self, name: str, version: str, source: str | None = None) -> PackageFiles:
        """The license claims and license files of one version; `source` is the index or file that its lock names."""
        name = normalize_pypi_name(name)
        found, errors = self._find(name, version, self._indexes(source))
        if not found:
            raise errors[0] if errors else self._absent(name, version)
        failed: RegistryError | None = None
        source_url = next((strip_credentials(file.url) for file in found if file.kind == "sdist"), "")
        for file in found:
            try:
                files = self._read(name, file)
                told = files.metadata or PackageMetadata("")
                return replace(files, metadata=replace(told, source_url=web(source_url)))
            except RegistryError as error:
                failed = failed or error
        raise failed or self._absent(name, version)

    def versions(self, name: str) -> tuple[str, ...]:
        """The versions that the indexes have, of the first one that has the package, in canonical form."""
        name = normalize_pypi_name(name)
        failed: RegistryError | None = None
        for place in self._indexes(None):
            found = self._page(name, place, True)
            if isinstance(found, RegistryError):
                failed = failed or found
            elif found:
                return tuple(found)
        raise failed or self._absent(name, "")

    def archive(self, component: Component, platform: Platform) -> Archive:
        """The wheel for a platform that the lock's hashes allow, else another wheel, else a source distribution.

        IntegrityError where no file of the version has a hash of the lock.
        """
        name, version = normalize_pypi_name(component.name), component.version or ""
        if component.source.kind is SourceKind.URL:
            return self._at(component, component.source.url or "")
        found, errors = self._find(name, version, self._indexes(component.source.url), kept=False)
        if not found:
            raise errors[0] if errors else self._absent(name, version)
        chosen = order([Candidate(one.name, one.kind, one.hashes) for one in found], platform, component.hashes)
        if not chosen:
            raise _none_pinned(component, found)
        failed: RegistryError | None = None
        for index in chosen[:MAX_TRIES]:
            try:
                return self._open(component, found[index], found)
            except (HostError, IntegrityError):
                raise
            except RegistryError as error:
                failed = failed or error
        raise failed or self._absent(name, version)

    def _open(self, component: Component, file: File, files: list[File]) -> Archive:
        facts = facts_of(file, files)
        path = local_path(file.url)
        if path is not None:
            return open_local(component, file.kind, path, file.name, component.hashes, facts)
        if file.kind == "wheel":
            return open_wheel(
                self._client, component, file.url, file.name,
                size=file.size, pinned=component.hashes, announced=file.hashes, facts=facts,
            )  # fmt: skip
        return open_stream(
            self._client, component, "sdist", file.url,
            filename=file.name, pinned=component.hashes, announced=file.hashes, facts=facts,
        )  # fmt: skip

    def _at(self, component: Component, url: str) -> Archive:
        """What a lock names by its address: only on a host that the user's pip uses."""
        url, _hash, _fragment = url.partition("#")
        if not self._client.allows(url):
            said = _("{host}: is not a configured registry and was not asked").format(host=host_of(url))
            raise RegistryError(said, path=component.name)
        name = filename_of(url)
        if name.endswith(".whl"):
            return open_wheel(self._client, component, url, name, pinned=component.hashes)
        return open_stream(self._client, component, "sdist", url, pinned=component.hashes)

    def _indexes(self, source: str | None) -> tuple[str, ...]:
        """The index that the lock names, where it is a configured one; else all."""
        own = [index for index in self._config.indexes if source and source.rstrip("/") == index.rstrip("/")]
        return tuple(own) or (*self._config.find_links, *self._config.indexes)

    def _absent(self, name: str, version: str) -> NotFoundError:
        hosts = sorted({host_of(index) or index for index in self._config.indexes})
        said = _("{host} does not have version {version}").format(host=_(", ").join(hosts) or "pip", version=version)
        return NotFoundError(said, path=name)

    def _find(
        self, name: str, version: str, places: tuple[str, ...], kept: bool = True
    ) -> tuple[list[File], list[RegistryError]]:
        """The version's files in the first place that has it, best first; errors of places that failed otherwise."""
        errors: list[RegistryError] = []
        for place in places:
            versions = self._page(name, place, kept)
            if isinstance(versions, RegistryError):
                if not isinstance(versions, NotFoundError):
                    errors.append(versions)
            elif files := versions.get(canonical(version)):
                return list(files), errors
        return [], errors

    def _page(self, name: str, place: str, kept: bool) -> dict[str, tuple[File, ...]] | RegistryError:
        """All versions in one place, asked for once per name."""
        key = f"{place} {name}"
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._pages:
                try:
                    self._pages[key] = by_version(self._links(name, place, kept), name)
                except RegistryError as error:
                    self._pages[key] = error
            return self._pages[key]

    def _links(self, name: str, place: str, kept: bool) -> list[File]:
        folder = local_path(place)
        if folder is not None:
            files = list(_local_links(name, folder))
            for file in filter(_remote, files):
                self._client.allow(file.url)
            return files
        url = place if place in self._config.find_links else f"{place}{name}/"
        # a page from the network may name files on the network, never files of this machine
        # who reads archives keeps what is in them: for metadata alone the page is kept
        get = self._client.get_page if kept else self._client.get
        files = [file for file in parse_page(name, get(name, url, accept=_ACCEPT)) if _remote(file)]
        for file in files:
            self._client.allow(file.url)
        return files

    def _read(self, name: str, file: File) -> PackageFiles:
        folder = local_path(file.url)
        if folder is not None:
            return _result(file, _local_metadata(name, folder, file))
        if file.metadata:
            try:
                answer = self._client.get(name, file.metadata, limit=MAX_METADATA)
                return _result(file, Metadata(answer.content, None))
            except NotFoundError:
                pass  # the page promised more than the index holds
        if file.kind == "wheel":
            return _result(file, read_remote_wheel(name, file.url, self._client))
        content = self._client.get(name, file.url, limit=MAX_SDIST).content
        return _result(file, read_sdist(name, file.name, content))


def _remote(file: File) -> bool:
    return file.url.startswith(("http://", "https://"))


def _result(file: File, metadata: Metadata) -> PackageFiles:
    """The claims, and the license files that the archive's list shows or, without one, the metadata name."""
    place = strip_credentials(file.url)
    headers = read_headers(metadata.content)
    names = metadata.names if metadata.names is not None else _named_files(file.name, headers)
    kinds = sort_by_kind([name for name in names if not name.endswith("/")])
    inner = [name for name in names if ".dist-info/licenses/" in name and not name.endswith("/")]
    others = {*kinds["notice"], *kinds["authors"], *kinds["readme"]}
    return PackageFiles(
        Origin.REGISTRY,
        place,
        claims_of(headers, place, Origin.REGISTRY),
        license_files=tuple(sorted({*kinds["license"], *(name for name in inner if name not in others)})),
        notice_files=kinds["notice"],
        author_files=kinds["authors"],
        readme_files=kinds["readme"],
        metadata=merged(core_facts(headers), simple_facts(facts_of(file, [file]))),
        requires=requires_of(headers, built=file.kind == "wheel"),
    )


def _named_files(archive: str, headers: Headers) -> list[str]:
    """Where the files of `License-File` lie in the wheel: below `licenses/` since metadata version 2.4 (PEP 639)."""
    version = first(headers, "metadata-version") or ""
    minor = version.removeprefix("2.")
    inner = "licenses/" if minor != version and minor[:9].isdecimal() and int(minor[:9]) >= 4 else ""
    folder = "-".join(archive.split("-")[:2]) + ".dist-info/" + inner
    named = [value for name, value in headers if name == "license-file" and value]
    return sorted({folder + value for value in named if ".." not in value.split("/") and "\n" not in value})


def _none_pinned(component: Component, files: list[File]) -> IntegrityError:
    """What to say where a lock has none of the hashes of a version."""
    host = host_of(files[0].url) or files[0].name
    said = _("{host}: no file of this version has a hash that the lockfile pins")
    found = next((digest for file in files for digest in file.hashes), "")
    return IntegrityError(said.format(host=host), expected=component.hashes, found=found, path=component.name)


def local_path(place: str) -> Path | None:
    """The path of a `file:` URL or of a plain path; None for what is on the network."""
    if place.startswith("file:"):
        return Path(url2pathname(urlsplit(place).path))
    return None if "://" in place else Path(place)


_FOLDER_NAME = re.compile(r"[a-z0-9-]{1,200}")


def _local_links(name: str, folder: Path) -> Iterator[File]:
    """The files in a local folder: a flat one (find-links), or an index whose page for the name links to them."""
    if not _FOLDER_NAME.fullmatch(name):
        # a hostile lock names what is elsewhere (/etc), or what no file system takes
        return
    page = folder / name / "index.html"
    if page.is_file():
        content = page.read_bytes()
        base = (folder / name).resolve().as_uri() + "/"
        yield from parse_page(name, Answer(urljoin(base, "."), "text/html", content, {}))
        return
    for inner in (folder / name, folder):
        try:
            names = sorted(entry.name for entry in inner.iterdir()) if inner.is_dir() else []
        except OSError:
            names = []
        for file_name in names:
            if told := split_filename(file_name, name):
                yield File(file_name, (inner / file_name).resolve().as_uri(), told[1])


def _local_metadata(name: str, path: Path, file: File) -> Metadata:
    try:
        if file.kind == "wheel":
            return read_local_wheel(name, path)
        if path.stat().st_size > MAX_SDIST:
            raise RegistryError(_("{file} is too long to be read").format(file=file.name), path=name)
        return read_sdist(name, file.name, path.read_bytes())
    except OSError as error:
        said = _("{file} cannot be read: {reason}")
        raise RegistryError(said.format(file=file.name, reason=error.strerror or ""), path=name) from error
