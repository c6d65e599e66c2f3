"""What a Python index says of one version: core metadata of a wheel, by the cheapest road that the index offers.

The simple API (PEP 503 and 691), core metadata beside the file (PEP 658 and 714), else parts of the wheel, else a small
sdist. Indexes are asked in pip's order; all of them, since pip takes a version from whichever has it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.clients import PipConfig
from licscan.model import Origin, PackageFiles
from licscan.model.package import PackageMetadata
from licscan.packages.core_metadata import Headers, claims_of, core_facts, first, read_headers, simple_facts
from licscan.packages.facts import merged, web
from licscan.packages.filenames import sort_by_kind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.registry.archives import Metadata, read_local_wheel, read_remote_wheel, read_sdist
from licscan.registry.client import Answer, Client, NotFoundError, host_of

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage

MAX_SDIST = 5 * 1024 * 1024
MAX_METADATA = 5 * 1024 * 1024
_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_ORDER = {"wheel": 0, "sdist": 1}


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version: `metadata` is the URL of its core metadata, where the index has them apart.

    `entry` is what the index says of the file, by PEP 691's names.
    """

    name: str
    url: str
    kind: str
    metadata: str | None = None
    yanked: bool = False
    entry: Mapping[str, Any] = field(default_factory=dict)


class PypiRegistry:
    """Asks the indexes that the user's pip would ask."""

    def __init__(self, config: PipConfig, client: Client):
        self._config = config
        self._client = client
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._pages: dict[str, dict[str, tuple[File, ...]] | RegistryError] = {}

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

    def _indexes(self, source: str | None) -> tuple[str, ...]:
        """The index that the lock names, where it is a configured one; else all."""
        own = [index for index in self._config.indexes if source and source.rstrip("/") == index.rstrip("/")]
        return tuple(own) or (*self._config.find_links, *self._config.indexes)

    def _absent(self, name: str, version: str) -> NotFoundError:
        hosts = sorted({host_of(index) or index for index in self._config.indexes})
        said = _("{host} does not have version {version}").format(host=", ".join(hosts) or "pip", version=version)
        return NotFoundError(said, path=name)

    def _find(self, name: str, version: str, places: tuple[str, ...]) -> tuple[list[File], list[RegistryError]]:
        """The version's files in the first place that has it, best first; errors of places that failed otherwise."""
        errors: list[RegistryError] = []
        for place in places:
            versions = self._page(name, place)
            if isinstance(versions, RegistryError):
                if not isinstance(versions, NotFoundError):
                    errors.append(versions)
            elif files := versions.get(_canonical(version)):
                return list(files), errors
        return [], errors

    def _page(self, name: str, place: str) -> dict[str, tuple[File, ...]] | RegistryError:
        """All versions in one place, asked for once per name."""
        key = f"{place} {name}"
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._pages:
                try:
                    self._pages[key] = by_version(self._links(name, place))
                except RegistryError as error:
                    self._pages[key] = error
            return self._pages[key]

    def _links(self, name: str, place: str) -> list[File]:
        folder = local_path(place)
        if folder is not None:
            files = list(_local_links(name, folder))
            for file in filter(_remote, files):
                self._client.allow(file.url)
            return files
        url = place if place in self._config.find_links else f"{place}{name}/"
        # a page from the network may name files on the network, never files of this machine
        files = [file for file in parse_page(name, self._client.get_page(name, url, accept=_ACCEPT)) if _remote(file)]
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
        metadata=merged(core_facts(headers), simple_facts(file.entry)),
    )


def _named_files(archive: str, headers: Headers) -> list[str]:
    """Where the files of `License-File` lie in the wheel: below `licenses/` since metadata version 2.4 (PEP 639)."""
    version = first(headers, "metadata-version") or ""
    inner = (
        "licenses/" if version.partition(".")[0] == "2" and version[2:].isdecimal() and int(version[2:]) >= 4 else ""
    )
    folder = "-".join(archive.split("-")[:2]) + ".dist-info/" + inner
    named = [value for name, value in headers if name == "license-file" and value]
    return sorted({folder + value for value in named if ".." not in value.split("/") and "\n" not in value})


def parse_page(name: str, answer: Answer) -> list[File]:
    """The files of a project page, HTML or JSON; RegistryError where it is neither."""
    from pypi_simple import ProjectPage, UnsupportedRepoVersionError

    try:
        if answer.media_type.endswith("json"):
            page = ProjectPage.from_json_data(answer.json(name), base_url=answer.url)
        else:
            page = ProjectPage.from_html(name, answer.content, base_url=answer.url)
    except UnsupportedRepoVersionError as error:
        said = _("{host}: its index is of a version that licscan does not know")
        raise RegistryError(said.format(host=host_of(answer.url)), path=name) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        said = _("{host}: the answer is no page of a package index")
        raise RegistryError(said.format(host=host_of(answer.url)), path=name) from error
    return [file for package in page.packages if (file := _file_of(name, package))]


def _file_of(name: str, package: DistributionPackage) -> File | None:
    if package.version is None or package.package_type not in _ORDER:
        return None
    if normalize_pypi_name(package.project or "") != name:
        return None
    metadata = package.metadata_url if package.has_metadata else None
    url = package.url.partition("#")[0]
    entry = {
        "filename": package.filename,
        "url": url,
        "hashes": package.digests,
        "upload-time": package.upload_time.isoformat() if package.upload_time else None,
        "yanked": package.is_yanked and (package.yanked_reason or True),
    }
    return File(package.filename, url, package.package_type, metadata, package.is_yanked, entry)


def by_version(files: list[File]) -> dict[str, tuple[File, ...]]:
    """The files of each version in the order in which they are worth reading: with metadata, wheel, sdist."""
    from pypi_simple import parse_filename

    found: dict[str, list[File]] = {}
    for file in files:
        version = parse_filename(file.name)[1]
        found.setdefault(_canonical(version or ""), []).append(file)
    return {version: tuple(sorted(group, key=_worth)) for version, group in found.items()}


def _worth(file: File) -> tuple[int, bool, str]:
    return (_ORDER[file.kind], file.metadata is None, file.name)


def _canonical(version: str) -> str:
    """The version so that 1.0 and 1.0.0 are the same; text that is no version stays."""
    from packaging.utils import canonicalize_version

    return canonicalize_version(version)


def local_path(place: str) -> Path | None:
    """The path of a `file:` URL or of a plain path; None for what is on the network."""
    if place.startswith("file:"):
        return Path(url2pathname(unquote(urlsplit(place).path)))
    return None if "://" in place else Path(place)


_FOLDER_NAME = re.compile(r"[a-z0-9-]{1,200}")


def _local_links(name: str, folder: Path) -> Iterator[File]:
    """The files in a local folder: a flat one (find-links), or an index whose page for the name links to them."""
    from pypi_simple import UnparsableFilenameError, parse_filename

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
            try:
                project, version, kind = parse_filename(file_name, name)
            except UnparsableFilenameError:
                continue
            if version and kind in _ORDER and normalize_pypi_name(project) == name:
                yield File(file_name, (inner / file_name).resolve().as_uri(), kind)


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
