"""The page of a project in a Python index, HTML or JSON (PEP 503, 691, 700, 714), as files with their facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.registry.client import Answer, host_of

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage

_ORDER = {"wheel": 0, "sdist": 1}
_SDIST = re.compile(r"(.+)\.(?:tar\.gz|tgz|zip|tar\.bz2|tar\.xz|tar\.Z|tar)", re.IGNORECASE)
_HASH = re.compile(r"(?:sha512|sha384|sha256|sha1|md5):[0-9a-f]{32,128}")
MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version: `metadata` is the URL of its core metadata, where the index has them apart.

    `hashes` are `algorithm:hex`, `size` its bytes, 0 where the index does not tell; `yanked` the reason of a yank, a
    blank where none is given, empty where it is not yanked; `published` is as the index writes it.
    """

    name: str
    url: str
    kind: str
    metadata: str | None = None
    yanked: str = ""
    hashes: tuple[str, ...] = ()
    size: int = 0
    published: str = ""
    requires_python: str = ""


def facts_of(file: File, files: list[File]) -> dict[str, Any]:
    """The index's facts about the file that was chosen, under the keys of its API, and where the sdist is."""
    found: dict[str, Any] = {"filename": file.name, **_address(file)}
    if file.size:
        found["size"] = file.size
    if file.published:
        found["upload-time"] = file.published
    if file.requires_python:
        found["requires-python"] = file.requires_python
    if file.yanked:
        found["yanked"] = file.yanked.strip() or True
    if file.metadata:
        found["core-metadata"] = True
    source = next((one for one in sorted(files, key=lambda one: one.name) if one.kind == "sdist"), None)
    if source is not None:
        found["sdist"] = {"filename": source.name, **_address(source)}
    return found


def _address(file: File) -> dict[str, Any]:
    return {"url": strip_credentials(file.url), "hashes": dict(digest.split(":", 1) for digest in file.hashes)}


def parse_page(name: str, answer: Answer) -> list[File]:
    """The files of a project page, HTML or JSON; RegistryError where it is neither."""
    try:
        if answer.media_type.endswith("json"):
            return _json_files(name, answer.json(name), answer.url)
        return _html_files(name, answer)
    except _VersionError as error:
        said = _("{host}: its index has a version that licscan does not know")
        raise RegistryError(said.format(host=host_of(answer.url)), path=name) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        said = _("{host}: the answer is not a page of a package index")
        raise RegistryError(said.format(host=host_of(answer.url)), path=name) from error


class _VersionError(Exception):
    """An index of another major version."""


def _json_files(name: str, data: Any, base: str) -> list[File]:
    version = data["meta"]["api-version"]
    if str(version).partition(".")[0] != "1":
        raise _VersionError
    files = []
    for about in data["files"]:
        filename, address = about["filename"], about["url"]
        told = split_filename(filename, name)
        if told is None or not isinstance(address, str):
            continue
        try:
            url = urljoin(base, address).partition("#")[0]
        except ValueError:
            continue
        files.append(_json_file(filename, url, told[1], about))
    return files


def _json_file(filename: str, url: str, kind: str, about: Mapping[str, Any]) -> File:
    metadata = about.get("core-metadata", about.get("dist-info-metadata"))
    size, yanked = about.get("size"), about.get("yanked")
    hashes = about.get("hashes")
    return File(
        filename,
        url,
        kind,
        f"{url}.metadata" if metadata else None,
        (yanked[:MAX_REASON] or " ") if isinstance(yanked, str) else " " if yanked else "",
        _hashes(hashes if isinstance(hashes, dict) else {}),
        size if isinstance(size, int) and size > 0 else 0,
        str(about.get("upload-time") or "")[:40],
        str(about.get("requires-python") or "")[:200],
    )


def _hashes(told: Mapping[str, Any]) -> tuple[str, ...]:
    named = (f"{algorithm}:{digest}".lower() for algorithm, digest in sorted(told.items()))
    return tuple(one for one in named if _HASH.fullmatch(one))


def split_filename(filename: str, project: str) -> tuple[str, str] | None:
    """The version and kind (`wheel`, `sdist`) that an archive's name tells; None for other files and projects."""
    if filename.endswith(".whl"):
        parts = filename[:-4].split("-")
        own = len(parts) in (5, 6) and normalize_pypi_name(parts[0]) == project
        return (parts[1], "wheel") if own and parts[1] else None
    found = _SDIST.fullmatch(filename)
    if found is None:
        return None
    # a name may have hyphens of its own, and a version too in the names of old
    stem = found[1]
    for place in (index for index, letter in enumerate(stem) if letter == "-"):
        if normalize_pypi_name(stem[:place]) == project and stem[place + 1 :]:
            return stem[place + 1 :], "sdist"
    return None


def _html_files(name: str, answer: Answer) -> list[File]:
    from pypi_simple import ProjectPage, UnsupportedRepoVersionError

    try:
        page = ProjectPage.from_html(name, answer.content, base_url=answer.url)
    except UnsupportedRepoVersionError as error:
        raise _VersionError from error
    return [file for package in page.packages if (file := _html_file(name, package))]


def _html_file(name: str, package: DistributionPackage) -> File | None:
    told = split_filename(package.filename, name)
    if told is None:
        return None
    return File(
        package.filename,
        package.url.partition("#")[0],
        told[1],
        package.metadata_url if package.has_metadata else None,
        (package.yanked_reason or " ") if package.is_yanked else "",
        _hashes(package.digests),
        requires_python=package.requires_python or "",
    )


def by_version(files: list[File], name: str) -> dict[str, tuple[File, ...]]:
    """The files of each version, best first to ask for metadata: beside a wheel, in it, in a source distribution."""
    found: dict[str, list[File]] = {}
    for file in files:
        if told := split_filename(file.name, name):
            found.setdefault(canonical(told[0]), []).append(file)
    return {version: tuple(sorted(group, key=_worth)) for version, group in found.items()}


def _worth(file: File) -> tuple[int, bool, str]:
    return (_ORDER[file.kind], file.metadata is None, file.name)


@lru_cache(4096)
def canonical(version: str) -> str:
    """The version so that 1.0 and 1.0.0 are the same; text that is no version stays."""
    from packaging.utils import canonicalize_version

    try:
        return canonicalize_version(version)
    except ValueError:  # more digits than Python takes for a number
        return version
