"""conda's packages: what a file name and a URL say, their PackageURLs, and the graph that their names span.

Facts: https://docs.conda.io/projects/conda-build/en/stable/concepts/package-naming-conv.html and the `conda` type of
https://github.com/package-url/purl-spec.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from urllib.parse import urlsplit

from licscan.model import UNSHIPPED, Claim, EvidenceKind, Location, Origin, Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder
from licscan.resolve.python import pep508
from licscan.resolve.python.needs import tell_left_out

_ARCHIVE = re.compile(r"(?P<name>[^/]+)-(?P<version>[^-/]+)-(?P<build>[^-/]+?)(?P<type>\.conda|\.tar\.bz2)")
_SUBDIR = re.compile(r"noarch|(?:linux|osx|win|emscripten|wasi|freebsd|zos)-[a-z0-9_]+")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Archive:
    """What the URL of a conda package tells; None for what it does not."""

    name: str
    version: str
    build: str
    type: str
    subdir: str | None = None
    channel: str | None = None


def archive_of(url: str) -> Archive | None:
    """The parts of `https://host/channel/subdir/name-version-build.conda`; None where it is no such URL."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    folders, _slash, file_name = path.rpartition("/")
    found = _ARCHIVE.fullmatch(file_name)
    if found is None:
        return None
    parts = [part for part in folders.split("/") if part]
    subdir = parts[-1] if parts and _SUBDIR.fullmatch(parts[-1]) else None
    # `pkgs/main` is the default channel's folder; the channel's name is `main`
    channel = "/".join(part for part in parts[:-1] if part != "pkgs") if subdir and "://" in url else None
    return Archive(found["name"], found["version"], found["build"], found["type"][1:], subdir, channel or None)


def conda_purl(
    name: str,
    version: str | None,
    build: str | None = None,
    channel: str | None = None,
    subdir: str | None = None,
    archive_type: str | None = None,
) -> str:
    """The PackageURL of a conda package."""
    return purls.build(
        "conda", None, name.lower(), version, build=build, channel=channel, subdir=subdir, type=archive_type
    )


def name_in(spec: str) -> str | None:
    """The package's name in a match specification (`python >=3.8,<4`, `channel::name=1`); None for virtual ones."""
    found = _NAME.match(spec.rpartition("::")[2].strip())
    return None if found is None or found[0].startswith("__") else found[0].lower()


def pypi_name_in(text: str) -> str | None:
    """The name in one `requires_dist` entry; None for what only an extra asks for."""
    if "extra ==" in text.partition(";")[2]:
        return None
    found = _NAME.match(text.strip())
    return purls.normalize_pypi_name(found[0]) if found else None


def license_claim(text: str | None, field: str, file: str) -> list[Claim]:
    """The license that a lock repeats from the package's own metadata."""
    if not text or not text.strip():
        return []
    return [Claim(EvidenceKind.DECLARED, field, text.strip(), Origin.LOCK, Location(file))]


def add_conda(
    builder: Builder,
    name: str,
    version: str | None,
    url: str | None,
    *,
    build: str | None = None,
    subdir: str | None = None,
    hashes: Iterable[str] = (),
    license_text: str | None = None,
    condition: str | None = None,
) -> str:
    """Add one locked conda package; its key."""
    said = archive_of(url or "")
    purl = conda_purl(
        name,
        version,
        build or (said.build if said else None),
        said.channel if said else None,
        subdir or (said.subdir if said else None),
        said.type if said else None,
    )
    kind = SourceKind.REGISTRY if url and "://" in url else SourceKind.PATH if url else SourceKind.UNKNOWN
    return builder.package(
        purl,
        name,
        version,
        source=Source(kind, purls.strip_credentials(url) if url else None),
        claims=license_claim(license_text, "license", builder.path),
        hashes=hashes,
        condition=condition,
        resolved=version is not None,
    )


def add_pypi(
    builder: Builder,
    name: str,
    version: str | None,
    url: str | None,
    *,
    hashes: Iterable[str] = (),
    condition: str | None = None,
) -> str:
    """Add one locked distribution: from an index, or (`git+...`, `direct+...`, a path) from elsewhere; its key."""
    address = (url or "").removeprefix("direct+")
    if address != (url or "") or address.startswith("git+"):
        direct = pep508.Requirement(name, url=address, version=version, marker=condition)
        return pep508.component(builder, direct, hashes=hashes)
    kind = SourceKind.REGISTRY if "://" in address else SourceKind.PATH if address else SourceKind.UNKNOWN
    return builder.package(
        purls.pypi(name, version),
        name,
        version,
        source=Source(kind, purls.strip_credentials(address) or None),
        hashes=hashes,
        condition=condition,
        resolved=version is not None,
    )


class Linker:
    """The packages of one environment on one platform, linked by the names on which they depend."""

    def __init__(self, builder: Builder, root: str):
        self.builder = builder
        self.root = root
        self.by_name: dict[str, str] = {}
        self.absent: dict[bool, dict[str, str]] = {True: {}, False: {}}
        """What conda packages depend on and no package is, by whether it ships and by name, with the first of them."""
        self._needs: list[tuple[str, tuple[str, ...], Scope]] = []

    def add(self, key: str, names: Iterable[str], needs: Iterable[str | None], scope: Scope) -> None:
        """A package under the names that others use for it, and the names that it needs itself."""
        for name in names:
            self.by_name.setdefault(name, key)
        self._needs.append((key, tuple(need for need in needs if need), scope))

    def link(self) -> None:
        """Edges between the packages; those that nothing needs in their own scope hang from the root."""
        children: dict[str, list[str]] = {}
        needed: dict[str, set[Scope]] = {}
        for key, needs, scope in self._needs:
            for need in needs:
                child = self.by_name.get(need)
                # what begins so is a property of the machine (`__glibc`); markers of other packages are not told
                if child is None and key.startswith("pkg:conda/") and not need.startswith("__"):
                    by = key.removeprefix("pkg:conda/").partition("@")[0]
                    absent = self.absent[scope not in UNSHIPPED]
                    absent[need] = min(by, absent.get(need, by))
                if child is not None and child != key:
                    children.setdefault(key, []).append(child)
                    needed.setdefault(child, set()).add(scope)
                    self.builder.edge(key, child)
        reached: dict[Scope, set[str]] = {}
        for key, _needs, scope in self._needs:
            if scope not in needed.get(key, ()):
                self._hang(key, scope, children, reached)
        for key, _needs, scope in self._needs:
            # rings that only need each other
            if key not in reached.get(scope, ()):
                self._hang(key, scope, children, reached)

    def _hang(self, key: str, scope: Scope, children: Mapping[str, list[str]], reached: dict[Scope, set[str]]) -> None:
        self.builder.edge(self.root, key, scope)
        seen = reached.setdefault(scope, set())
        stack = [key]
        while stack:
            one = stack.pop()
            if one not in seen:
                seen.add(one)
                stack.extend(children.get(one, ()))


def platforms_condition(used: Set[str], every: Set[str]) -> str | None:
    """On which of the locked platforms a package is installed; None for all of them (`used` is a part of `every`)."""
    return None if len(used) == len(every) else " or ".join(f"platform={name}" for name in sorted(used))


def report_absent(builder: Builder, linkers: Iterable[Linker]) -> None:
    """A problem where a lock has no entry for what its conda packages depend on; for development, worth knowing."""
    absent: dict[str, str] = {}
    unshipped: dict[str, str] = {}
    for linker in linkers:
        for found, names in ((absent, linker.absent[True]), (unshipped, linker.absent[False])):
            for name, by in names.items():
                found[name] = min(by, found.get(name, by))
    tell_left_out(builder, dict(sorted(absent.items())), dict(sorted(unshipped.items())))
