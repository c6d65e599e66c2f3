"""pixi.lock, versions 4 to 7: environments, each with its packages a platform, and one table of all packages.

The file names no root. An environment called dev, test, lint or docs gives dev (as with requirements files), any other
runtime. Packages of conda carry their license, which the lock repeats from their metadata.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from licscan.base.errors import FormatError
from licscan.base.load import load_yaml
from licscan.base.messages import _
from licscan.base.shape import Shape, table_of
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import pep508
from licscan.resolve.python.conda_packages import (
    Linker,
    add_conda,
    add_pypi,
    archive_of,
    name_in,
    platforms_condition,
    pypi_name_in,
    report_absent,
)
from licscan.resolve.python.identity import identify_above
from licscan.resolve.python.local import require_project
from licscan.resolve.roles import scope_of

_VERSIONS = ("4", "5", "6", "7")
_KINDS = ("conda", "pypi", "source")
_SOURCE = re.compile(r"(?P<name>[A-Za-z0-9_][\w.-]*)(?:\[[^\]]*\])? @ (?P<place>.+)")


@dataclass(frozen=True, slots=True)
class _Package:
    """One entry of `packages`; `address` is the URL or path by which environments name it."""

    kind: str
    address: str
    name: str
    version: str | None
    build: str | None = None
    subdir: str | None = None
    license_text: str | None = None
    hashes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a pixi.lock locks."""
    documents = load_yaml(tree.read_text(path), path)
    top = table_of(documents[0] if documents else None, path)
    builder = Builder(path)
    builder.version = top.text("version")
    if builder.version not in _VERSIONS:
        raise FormatError(_("is of a version that licscan does not read"), path=path, place="version")
    identity = identify_above(tree, folder_of(path))
    root = builder.project("pypi", identity.name, identity.version, manifest=path)
    _Reader(builder, tree, root, _packages(builder, top)).environments(top)
    return builder.build()


def _packages(builder: Builder, top: Shape) -> dict[tuple[str, str], dict[str, _Package]]:
    found: dict[tuple[str, str], dict[str, _Package]] = {}
    for index, item in enumerate(top.get("packages", list) or ()):
        builder.seen += 1
        try:
            package = _package(Shape(item, builder.path, f"packages[{index}]"))
        except FormatError as error:
            builder.problem(_("{place}: {reason}").format(place=error.place, reason=error.message))
            continue
        builder.understood += 1
        found.setdefault((package.kind, package.address), {}).setdefault(package.name, package)
    return found


def _package(entry: Shape) -> _Package:
    """One entry; up to version 5 `kind` names the kind, since 6 the key of the address does."""
    kind = entry.text("kind") or next((kind for kind in _KINDS if kind in entry.data), "")
    if kind not in _KINDS:
        raise FormatError(_("is neither from conda nor from PyPI"), path=entry.file, place=entry.place)
    address = entry.text(kind) or entry.text("url") or entry.text("path")
    if not address:
        raise FormatError(_("is missing"), path=entry.file, place=f"{entry.place}.url")
    archive = archive_of(address)
    distribution = pep508.archive_identity(address) if kind == "pypi" else None
    source = _SOURCE.fullmatch(address)
    name = entry.text("name") or (archive.name if archive else None) or (distribution[0] if distribution else None)
    name = name or (source["name"] if source else None)
    if not name:
        raise FormatError(_("is missing"), path=entry.file, place=f"{entry.place}.name")
    version = entry.text("version") or (archive.version if archive else None)
    return _Package(
        kind="pypi" if kind == "pypi" else "conda",
        address=address,
        name=name,
        version=version or (distribution[1] if distribution else None),
        build=entry.text("build"),
        subdir=entry.text("subdir"),
        license_text=entry.text("license"),
        hashes=tuple(f"{name}:{value}" for name in ("md5", "sha256") if (value := entry.text(name))),
        needs=_needs(entry, kind),
    )


def _needs(entry: Shape, kind: str) -> tuple[str, ...]:
    if kind == "pypi":
        found = [pypi_name_in(text) for text in entry.texts("requires_dist")]
    else:
        found = [name_in(text) for text in entry.texts("depends")]
    return tuple(name for name in found if name)


class _Reader:
    """Links the packages of each environment and platform."""

    def __init__(self, builder: Builder, tree: Tree, root: str, packages: dict[tuple[str, str], dict[str, _Package]]):
        self.builder = builder
        self.tree = tree
        self.root = root
        self.packages = packages

    def environments(self, top: Shape) -> None:
        """Read `environments`; a package that none of them holds is not installed and no component."""
        chosen: list[tuple[Scope, str, list[_Package]]] = []
        used: dict[_Package, set[str]] = {}
        for name, environment in top.entries("environments"):
            for platform in environment.get("packages", dict) or {}:
                listed = [self._find(entry) for entry in environment.table("packages").tables(platform)]
                packages = [package for package in listed if package]
                chosen.append((scope_of(name), str(platform), packages))
                for package in packages:
                    used.setdefault(package, set()).add(str(platform))
        every = {platform for _scope, platform, _packages in chosen}
        conditions = {package: platforms_condition(platforms, every) for package, platforms in used.items()}
        linkers = []
        for scope, _platform, packages in chosen:
            linker = Linker(self.builder, self.root)
            linkers.append(linker)
            for package in packages:
                self._add(package, conditions[package], linker, scope)
            linker.link()
        report_absent(self.builder, linkers)

    def _find(self, entry: Shape) -> _Package | None:
        kind = next((kind for kind in _KINDS if kind in entry.data), "")
        address = entry.text(kind) or ""
        found = self.packages.get(("pypi" if kind == "pypi" else "conda", address), {})
        name = entry.text("name") or next(iter(found), "")
        if name in found:
            return found[name]
        place = _place_of(entry, address)
        self.builder.problem(_("{place}: names a package that the file does not describe").format(place=place))
        return None

    def _add(self, package: _Package, condition: str | None, linker: Linker, scope: Scope) -> None:
        if "://" not in package.address and self._first_party(package, scope):
            return
        if package.kind == "pypi":
            key = add_pypi(
                self.builder, package.name, package.version, package.address, hashes=package.hashes, condition=condition
            )
            linker.add(key, [purls.normalize_pypi_name(package.name)], package.needs, scope)
            return
        key = add_conda(
            self.builder,
            package.name,
            package.version,
            _path_of(package.address),
            build=package.build,
            subdir=package.subdir,
            hashes=package.hashes,
            license_text=package.license_text,
            condition=condition,
        )
        linker.add(key, [package.name.lower(), purls.normalize_pypi_name(package.name)], package.needs, scope)

    def _first_party(self, package: _Package, scope: Scope) -> bool:
        folder = join(folder_of(self.builder.path), package.address)
        return package.kind == "pypi" and require_project(self.builder, self.tree, self.root, folder, scope)


def _path_of(address: str) -> str:
    """A source package is named `name[hash] @ path` since version 7; the path of it, other addresses as they are."""
    source = _SOURCE.fullmatch(address)
    return source["place"] if source else address


def _place_of(entry: Shape, address: str) -> str:
    """Where an environment names something, with what it names."""
    return f"{entry.place} ({purls.strip_credentials(address)[:120]})"
