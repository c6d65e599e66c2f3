"""Packages that lie in an artifact as they were installed: node_modules, dist-info, vendored Python packages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.packages.core_metadata import first, read_headers
from licscan.verify.inside.jsons import parse
from licscan.verify.paths import package_of
from licscan.verify.records import File, Kind, Sighting, Sure

MAX_METADATA = 8 * 1024 * 1024
_METADATA = re.compile(r"(?:^|/)(?:[^/]+\.dist-info/METADATA|[^/]+\.egg-info(?:/PKG-INFO)?|EGG-INFO/PKG-INFO)$")
_VENDORED = re.compile(
    r"^(?:.*/)?(?:_vendor(?:ed)?|vendored|third_party|_?extern(?:al|als)?)/(?:(?P<name>[A-Za-z]\w*)/__init__|(?P<file>[A-Za-z]\w*))\.py$"
)
_PINNED = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*==\s*([\w.!+-]+)", re.MULTILINE)
_OWNERS = re.compile(r"(?:^|/)(?:site|dist)-packages/")


def is_package_json(path: str) -> bool:
    """Whether it is the package.json at the top of a package in node_modules."""
    if not path.endswith("/package.json"):
        return False
    named = package_of(path)
    return named is not None and path.endswith(f"node_modules/{named.name}/package.json")


def is_metadata(path: str) -> bool:
    """Whether it holds the metadata of an installed distribution."""
    return _METADATA.search(path) is not None


def npm_package(file: File) -> Sighting | None:
    """The package of a package.json; FormatError for a damaged one. Its folder's name is what programs ask for."""
    named = package_of(file.path)
    content = parse(file.read(MAX_METADATA), file.path)
    if not isinstance(content, dict) or named is None:
        raise FormatError(_("should be a table"), path=file.path)
    name, version = content.get("name"), content.get("version")
    return Sighting(
        "npm",
        name if isinstance(name, str) and name else named.name,
        version if isinstance(version, str) else "",
        Kind.NODE_MODULES,
        file.path,
        place=named.place,
        whole=True,
    )


def python_distribution(file: File) -> Sighting | None:
    """The distribution of a METADATA or PKG-INFO; None where it has no name."""
    headers = read_headers(file.read(MAX_METADATA))
    name, version = first(headers, "name"), first(headers, "version")
    return Sighting("pypi", name, version or "", Kind.DIST_INFO, file.path, whole=True) if name else None


def vendored(files: Sequence[File]) -> Iterator[Sighting]:
    """Python packages in folders such as `_vendor`, with the versions that a `vendor.txt` there gives."""
    pins: dict[str, dict[str, str]] = {}
    for file in files:
        folder, _slash, name = file.path.rpartition("/")
        if name in ("vendor.txt", "vendored.txt", "requirements.txt") and re.search(
            r"vendor|third_party|extern", folder
        ):
            text = file.read(MAX_METADATA).decode("utf-8", "replace")
            pins[folder] = {pin.lower().replace("-", "_"): version for pin, version in _PINNED.findall(text)}
    told: set[tuple[str, str]] = set()
    for file in files:
        found = _VENDORED.match(file.path)
        # what a distribution brings inside itself goes with its own texts
        if not found or _OWNERS.search(file.path) or found["file"] in ("__init__", "__main__", "setup", "conftest"):
            continue
        name = found["name"] or found["file"]
        folder = file.path[: file.path.rindex(f"/{name}")]
        if (folder, name) not in told:
            told.add((folder, name))
            yield Sighting(
                "pypi", name, pins.get(folder, {}).get(name.lower(), ""), Kind.VENDORED, file.path, Sure.LIKELY
            )
