"""JavaScript manifests through the user's `npm install --package-lock-only`.

npm sees a copy: package.json files stripped to names, versions and requests of registries. Scripts are neither copied
nor run, and git is out of its reach, since npm prepares a package from git by running that package's code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from licscan.base.errors import InputError, ToolError
from licscan.base.load import load_json
from licscan.base.messages import _
from licscan.base.programs import find_program
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.clients import Machine
from licscan.model import Claim, Component, ComponentKind, Location, Origin, Problem, SourceKind
from licscan.resolve.builder import Parsed
from licscan.resolve.js.sources import source_of
from licscan.resolve.tool_run import brief, run, scratch

SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_KEPT = (
    "name",
    "version",
    "private",
    "workspaces",
    "peerDependenciesMeta",
    "bundleDependencies",
    "bundledDependencies",
)
_FORCED = ("overrides", "resolutions")
_UNSAFE = ("node_options", "npm_config_node_options", "npm_config_script_shell", "npm_config_git", "npm_config_prefix")
MAX_MEMBERS = 2000


def resolve_javascript(tree: Tree, manifest_path: str, *, offline: bool = False) -> Parsed:
    """What a package.json and its workspace members ask for, resolved today. ToolError: npm is missing or failed.

    `offline`: npm answers from its cache alone.
    """
    from licscan.resolve.js import npm, package_json

    if manifest_path.rpartition("/")[2] != "package.json":
        raise ToolError(_("is not a manifest that npm can resolve"), path=manifest_path)
    manifest = package_json.parse(tree, manifest_path)
    folder = folder_of(manifest_path)
    binary = find_program("npm")
    if binary is None:
        raise ToolError(_("npm is not installed"), remedy=_("install Node.js, or commit a lockfile"))
    machine = Machine.this()
    with scratch() as place:
        left_out = copy_manifests(tree, folder, (manifest_path, *manifest.covers), place)
        (place / ".npmrc").write_text(npmrc_lines(tree.path(folder), machine), encoding="utf-8", newline="\n")
        environment = npm_environment(machine.environment, place)
        strict = _install(binary, place, environment, ("--offline",) if offline else ())
        if not strict:
            with (place / ".npmrc").open("a", encoding="utf-8", newline="\n") as settings:
                settings.write("legacy-peer-deps=true\n")
        lock = npm.parse(Tree(place), "package-lock.json")
    return joined(manifest, lock, manifest_path, left_out, strict)


def command(binary: str, *more: str) -> list[str]:
    """The command line: no secret, no script, nothing but a lock written."""
    return [
        binary, "install", "--package-lock-only", "--package-lock=true", "--lockfile-version=3", "--ignore-scripts",
        "--no-audit", "--no-fund", "--no-update-notifier", "--no-progress", "--color=false", "--loglevel=error",
        "--allow-git=none", "--allow-remote=none", "--allow-file=none", "--engine-strict=false", "--global=false",
        "--omit-lockfile-registry-resolved=false", *more,
    ]  # fmt: skip


def npm_environment(environment: Mapping[str, str], place: Path) -> dict[str, str]:
    """The user's own environment without what names programs; `git` is one that does not exist."""
    kept = {name: value for name, value in environment.items() if name.lower() not in _UNSAFE}
    return {**kept, "npm_config_git": str(place / "no-git"), "GIT_TERMINAL_PROMPT": "0", "CI": "1"}


def npmrc_lines(project: Path, machine: Machine) -> str:
    """The registries and credentials of the project's own .npmrc, which has no say in anything else."""
    from licscan.clients.npm import project_settings

    settings = project_settings(machine, project)
    clean = {key: value for key, value in settings.items() if not {"\n", "\r"} & set(key + value)}
    return "".join(f"{key}={json.dumps(value)}\n" for key, value in sorted(clean.items()))


def copy_manifests(tree: Tree, folder: str, manifests: Iterable[str], place: Path) -> tuple[str, ...]:
    """Write stripped package.json files below a folder; the requests that were left out, as sentences."""
    left_out: list[str] = []
    inside = {path: path[len(folder) + 1 :] if folder else path for path in sorted(set(manifests))}
    inside = {path: name for path, name in inside.items() if _is_member(path, folder)}
    if len(inside) > MAX_MEMBERS:
        raise InputError(_("has more than {limit} workspace members").format(limit=MAX_MEMBERS), path=folder or ".")
    loaded = {path: Shape(load_json(tree.read_text(path), path), path).data for path in inside}
    members = {name for data in loaded.values() if isinstance(name := data.get("name"), str)}
    for path, data in loaded.items():
        target = place / inside[path]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(stripped(data, members, left_out)), encoding="utf-8", newline="\n")
    return tuple(dict.fromkeys(left_out))


def _is_member(path: str, folder: str) -> bool:
    """Whether a path is a package.json in the folder or below it."""
    is_below = path.startswith(f"{folder}/") if folder else True
    return is_below and path.rpartition("/")[2] == "package.json" and ".." not in path.split("/")


def stripped(table: Mapping[str, Any], members: set[str], left_out: list[str]) -> dict[str, Any]:
    """A package.json with nothing that runs, and with requests of registries and of workspace members alone."""
    kept = {key: table[key] for key in _KEPT if key in table}
    for section in SECTIONS:
        listed = table.get(section)
        if isinstance(listed, dict):
            kept[section] = _requests(listed, members, left_out)
    for field in _FORCED:
        if field in table and is_plain(table[field]):
            kept[field] = table[field]
        elif field in table:
            left_out.append(_("{field} was ignored: it names something other than versions").format(field=field))
    return kept


def _requests(listed: Mapping[str, Any], members: set[str], left_out: list[str]) -> dict[str, str]:
    kept = {}
    for name, spec in listed.items():
        if not isinstance(spec, str):
            continue
        if name in members and spec.startswith(("workspace:", "file:", "link:", "portal:")):
            kept[name] = "*"
        elif is_registry_request(spec):
            kept[name] = spec
        else:
            kind = source_of(spec).kind.value
            said = _("{name} was left out of the resolution: it comes from {source}, not from a registry")
            left_out.append(said.format(name=name[:100], source=kind))
    return kept


def is_registry_request(spec: str) -> bool:
    """Whether a request is a version, a range, a tag or an alias of one: all that npm asks a registry about."""
    if spec.startswith("npm:"):
        return "://" not in spec
    return ":" not in spec and "/" not in spec and source_of(spec).kind is SourceKind.REGISTRY


def is_plain(value: object) -> bool:
    """Whether a table of overrides holds versions alone, to a sane depth."""
    stack, seen = [value], 0
    while stack:
        one = stack.pop()
        seen += 1
        if seen > 10_000:
            return False
        if isinstance(one, dict):
            stack += one.values()
        elif not isinstance(one, str) or not (is_registry_request(one) or one.startswith("$")):
            return False
    return True


def _install(binary: str, place: Path, environment: Mapping[str, str], more: tuple[str, ...] = ()) -> bool:
    """Run npm; where peers contradict each other once more without them. False: it took that second run."""
    try:
        run(command(binary, *more), place, environment)
        return True
    except ToolError as error:
        if "ERESOLVE" not in error.message:
            raise ToolError(_("npm could not resolve it: {reason}").format(reason=brief(error.message))) from error
    try:
        run(command(binary, "--legacy-peer-deps", *more), place, environment)
    except ToolError as error:
        raise ToolError(_("npm could not resolve it: {reason}").format(reason=brief(error.message))) from error
    return False


def joined(manifest: Parsed, lock: Parsed, path: str, left_out: Iterable[str], strict: bool) -> Parsed:
    """The lock's graph as if the manifest had said it: roots are the manifest's, everything is found there."""
    folder = folder_of(path)
    renamed = _same_projects(manifest, lock, folder)
    components = {c.purl: _relabelled(c, path, folder) for c in lock.components if c.purl not in renamed}
    edges = [
        replace(e, parent=renamed.get(e.parent, e.parent), child=renamed.get(e.child, e.child))
        for e in lock.dependencies
    ]
    answered = {component.name for component in components.values()}
    for component in manifest.components:
        open_request = component.kind is ComponentKind.PACKAGE
        if not open_request or component.name not in answered:
            components.setdefault(component.purl, component)
    edges += [edge for edge in manifest.dependencies if edge.child in components and edge.parent in components]
    said: list[tuple[str, str | None]] = [
        (_("has no lockfile: npm resolved it today; another day may give different versions"), None)
    ]
    if not strict:
        said.append((_("its peer dependencies contradict each other; npm resolved it without them"), None))
    said += [(sentence, "dependency-unresolved") for sentence in left_out]
    return replace(
        manifest,
        components=tuple(components.values()),
        dependencies=tuple(dict.fromkeys(edges)),
        problems=(
            *manifest.problems,
            *(replace(p, subject=path) for p in lock.problems),
            *(Problem("resolve", path, m, c) for m, c in said),
        ),
    )


def _same_projects(manifest: Parsed, lock: Parsed, folder: str) -> dict[str, str]:
    """Projects of the copy that have another PackageURL than in the project (nameless ones), by their manifests."""
    known = {c.manifest: c.purl for c in manifest.components if c.kind is ComponentKind.PROJECT and c.manifest}
    return {
        component.purl: known[where]
        for component in lock.components
        if component.kind is ComponentKind.PROJECT
        and (where := join(folder, component.manifest or "")) in known
        and known[where] != component.purl
    }


def _relabelled(component: Component, path: str, folder: str) -> Component:
    """Found in the manifest, not in a lock that nobody else has; its claims are the registry's of today."""
    place = path if component.manifest is None else join(folder, component.manifest)
    return replace(
        component,
        manifest=None if component.manifest is None else place,
        found_in=(Location(place),),
        claims=tuple(_of_today(claim, place) for claim in component.claims),
    )


def _of_today(claim: Claim, place: str) -> Claim:
    origin = Origin.REGISTRY if claim.origin is Origin.LOCK else claim.origin
    return replace(claim, origin=origin, location=Location(place))
