"""Reads package.json, for every JavaScript format that needs it beside its lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.base.load import load_json
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree
from licscan.model import Claim, Origin, Scope
from licscan.packages.npm_metadata import license_claims
from licscan.resolve.js.sources import integrity_hashes, source_of
from licscan.resolve.js.workspaces import expand_workspaces

__all__ = [
    "Manifest",
    "Request",
    "expand_workspaces",
    "integrity_hashes",
    "manifest_of",
    "read_manifest",
    "requests_of",
    "source_of",
    "valid_name",
]

_NAME = re.compile(r"(?:@[^/@\s\x00-\x1f]+/)?[^/@\s\x00-\x1f][^/\s\x00-\x1f]*")
_SECTIONS = (
    ("dependencies", Scope.RUNTIME),
    ("devDependencies", Scope.DEV),
    ("optionalDependencies", Scope.OPTIONAL),
    ("peerDependencies", Scope.PEER),
)


@dataclass(frozen=True, slots=True)
class Request:
    """One dependency as package.json asks for it: `name` is the key (maybe an alias), `spec` the text beside it.

    `peer` tells an optional peer (which nobody installs for it) from what stands in `optionalDependencies`.
    """

    name: str
    spec: str
    scope: Scope
    peer: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package.json says.

    `workspaces` are globs, `overrides` and `resolutions` pairs of a selector (nested ones joined by `>`) and a
    requirement, `bundled` the names whose code is inside the package's own archive. `problems` are sentences about
    entries that were left out.
    """

    path: str
    name: str | None
    version: str | None
    requests: tuple[Request, ...] = ()
    claims: tuple[Claim, ...] = ()
    workspaces: tuple[str, ...] = ()
    overrides: tuple[tuple[str, str], ...] = ()
    resolutions: tuple[tuple[str, str], ...] = ()
    package_manager: str | None = None
    bundled: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read_manifest(tree: Tree, path: str) -> Manifest:
    """The package.json at a path; FormatError where it holds no JSON object, InputError where it cannot be read."""
    return manifest_of(load_json(tree.read_text(path), path), path)


def manifest_of(data: object, path: str) -> Manifest:
    """A loaded package.json; values of a wrong type are left out and told in `problems`."""
    table = Shape(data, path).data
    problems: list[str] = []
    name = table.get("name")
    version = table.get("version")
    manager = table.get("packageManager")
    return Manifest(
        path=path,
        name=name if isinstance(name, str) and valid_name(name) else None,
        version=version if isinstance(version, str) and version.strip() else None,
        requests=tuple(requests_of(table, problems)),
        claims=license_claims(table, path, Origin.PROJECT),
        workspaces=_workspaces(table.get("workspaces")),
        overrides=tuple(_forced(table.get("overrides"))),
        resolutions=tuple(_forced(table.get("resolutions"))),
        package_manager=manager if isinstance(manager, str) else None,
        bundled=bundled_names(table),
        problems=tuple(problems),
    )


def valid_name(name: str) -> bool:
    """Whether the text can be a package's name: `name` or `@scope/name`, laxer than today's rules for new names."""
    return len(name) <= 300 and bool(_NAME.fullmatch(name)) and name not in (".", "..")


def requests_of(table: dict[str, Any], problems: list[str]) -> Iterator[Request]:
    """What the four sections ask for.

    A name in `optionalDependencies` is not read from `dependencies` (npm's rule); one that stands in several other
    sections is asked for in each. A peer that `peerDependenciesMeta` calls optional has the scope optional.
    """
    optional = table.get("optionalDependencies")
    optional_names = optional if isinstance(optional, dict) else {}
    for section, scope in _SECTIONS:
        listed = table.get(section)
        if not listed:
            continue
        if not isinstance(listed, dict):
            problems.append(_("{section} is not a table and was ignored").format(section=section))
            continue
        for name, spec in listed.items():
            if not isinstance(spec, str) or not valid_name(name):
                said = _("{section}[{name!r}] is not a dependency that npm would accept; it was ignored")
                problems.append(said.format(section=section, name=name[:100]))
            elif scope is not Scope.RUNTIME or name not in optional_names:
                peer = scope is Scope.PEER
                yield Request(name, spec, _peer_scope(table, name) if peer else scope, peer)


def _peer_scope(table: dict[str, Any], name: str) -> Scope:
    return Scope.OPTIONAL if name in optional_peers(table) else Scope.PEER


def optional_peers(table: dict[str, Any]) -> set[str]:
    """The names that `peerDependenciesMeta` calls optional."""
    meta = table.get("peerDependenciesMeta")
    if not isinstance(meta, dict):
        return set()
    return {name for name, about in meta.items() if isinstance(about, dict) and about.get("optional") is True}


def bundled_names(table: dict[str, Any]) -> tuple[str, ...]:
    """The names in `bundleDependencies` (or `bundledDependencies`); `true` means all of `dependencies`."""
    value = table.get("bundleDependencies", table.get("bundledDependencies"))
    if value is True:
        value = table.get("dependencies")
    if not isinstance(value, (list, dict)):
        return ()
    return tuple(sorted({name for name in value if isinstance(name, str)}))


def _workspaces(value: object) -> tuple[str, ...]:
    """The globs, also in yarn's older form `{"packages": [...]}`."""
    if isinstance(value, dict):
        value = value.get("packages")
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def _forced(table: object) -> Iterator[tuple[str, str]]:
    """Every forced version, in file order; nested tables are walked with a stack."""
    stack: list[tuple[str, object]] = [("", table)]
    while stack:
        selector, value = stack.pop()
        if isinstance(value, str) and selector:
            yield selector, value
        elif isinstance(value, dict):
            inner = [(f"{selector}>{key}" if selector else str(key), item) for key, item in value.items()]
            stack.extend(reversed(inner))
