"""uv.lock, version 1, revisions 0 to 5, as uv's `uv-resolver/src/lock` writes it.

The root and every workspace member are packages of the lock itself, with their extras and groups resolved, so nothing
is asked of pyproject.toml but whether it has changed since. A requirement names the version that it means where the
lock has several.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from licscan.base.errors import FormatError
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Component, ComponentKind, Scope, Source, SourceKind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import common, markers
from licscan.resolve.python.common import Linker, Locked, Need, Start
from licscan.resolve.python.constraint import satisfies
from licscan.resolve.python.unmet import note_open_extras, report_unmet
from licscan.resolve.python.uv_freshness import report_changes

_LOCAL = ("editable", "virtual", "directory")
_EXTRAS = frozenset({"extra", "extras"})
_KINDS = (
    ("registry", SourceKind.REGISTRY),
    ("url", SourceKind.URL),
    ("path", SourceKind.PATH),
    *((key, SourceKind.PATH) for key in _LOCAL),
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A package of the lock; `dev` is what a project among them asks for in its groups."""

    locked: Locked
    dev: tuple[Need, ...]
    shape: Shape


def parse(tree: Tree, path: str) -> Parsed:
    """Read a uv.lock. Raises FormatError."""
    text = tree.read_text(path)
    top = Shape(load_toml(text, path), path)
    if "package" not in top.data and "version" not in top.data:
        raise FormatError(_("has neither packages nor a version"), path=path)
    builder = Builder(path)
    version, revision = top.text("version"), top.text("revision")
    builder.version = version if revision is None else f"{version}.{revision}"
    if version not in (None, "1"):
        builder.problem(_("version {version} of the format is newer than licscan knows").format(version=version))
    linker = Linker(builder)
    entries = list(common.each_entry(top, "package", builder, partial(_entry, tree=tree, builder=builder), text))
    for entry in entries:
        linker.add(entry.locked)
    _link(tree, builder, linker, top, entries)
    supported = top.texts("supported-markers") or top.texts("environment-markers")
    report_unmet(builder, linker, top.text("requires-python"), supported=supported)
    note_open_extras(builder, linker)
    linker.finish()
    return builder.build()


def _link(tree: Tree, builder: Builder, linker: Linker, top: Shape, entries: list[_Entry]) -> None:
    roots = _roots(top, entries)
    starts = [start for entry in roots for start in _starts(entry)]
    for entry in roots:
        component = entry.locked.component
        builder.project("pypi", component.name, component.version, manifest=component.manifest or "")
        report_changes(tree, builder, component, entry.shape)
        for name, needs in entry.locked.extras.items():
            own = [one for need in needs if need.key == entry.locked.key for one in need.extras]
            builder.add_extra(component.purl, name, [need.key for need in needs if need.key != entry.locked.key], own)
    extra = list(_nameless(top))
    if extra or not roots:
        manifest = join(folder_of(builder.path), "pyproject.toml")
        root = builder.project("pypi", None, None, manifest=manifest)
        builder.cover(manifest)
        starts += [(root, need, scope) for need, scope in extra]
        if not starts and entries:
            builder.problem(_("it names no project of its own, so the required packages are unknown"))
            linker.link_without_roots(root, [Scope.RUNTIME for _entry in entries])
    linker.link(starts)


def _roots(top: Shape, entries: list[_Entry]) -> list[_Entry]:
    """The workspace's members, which the lock names where there are several; else the project in the lock's folder."""
    members = {normalize_pypi_name(name) for name in top.table("manifest").texts("members")}
    return [
        entry
        for entry in entries
        if entry.locked.component.kind is ComponentKind.PROJECT
        and (entry.locked.key in members if members else _local_path(entry.shape.table("source")) in (".", ""))
    ]


def _starts(entry: _Entry) -> Iterator[Start]:
    locked = entry.locked
    wanted = _wanted(entry.shape)
    for scope, needs in (
        (Scope.RUNTIME, locked.needs),
        (Scope.OPTIONAL, [need for extra in locked.extras.values() for need in extra]),
        (Scope.DEV, entry.dev),
    ):
        for need in needs:
            yield locked.component.purl, replace(need, text=_text(need, wanted.get(need.key, []))), scope


def _text(need: Need, written: list[Need]) -> str | None:
    """How the project writes a requirement; of several for one name, the one for the version and the platforms."""
    fitting = [one for one in written if need.version is None or satisfies(need.version, one.constraint)]
    # a fork's marker holds where the requirement's does
    narrow = [one for one in fitting if one.marker and need.marker and markers.covers(one.marker, need.marker)]
    return next((one.text for one in (*narrow, *fitting)), need.text)


def _wanted(shape: Shape) -> dict[str, list[Need]]:
    """The requirements of each name as the project writes them."""
    metadata = shape.table("metadata")
    groups = metadata.table("requires-dev")
    found: dict[str, list[Need]] = {}
    for need in [*metadata.tables("requires-dist"), *(n for group in groups.data for n in groups.tables(group))]:
        name, specifier = need.need("name", str), need.text("specifier") or ""
        extras = f"[{','.join(need.texts('extras'))}]" if need.texts("extras") else ""
        key = normalize_pypi_name(name)
        said = Need(key, text=f"{name}{extras}{specifier}", constraint=specifier, marker=need.text("marker"))
        found.setdefault(key, []).append(said)
    return found


def _nameless(top: Shape) -> Iterator[tuple[Need, Scope]]:
    """What a script, or a workspace whose root is no package, asks for itself."""
    manifest = top.table("manifest")
    for need in manifest.tables("requirements"):
        yield _need(need), Scope.RUNTIME
    groups = manifest.table("dependency-groups")
    for group in groups.data:
        for need in groups.tables(group):
            yield _need(need), Scope.DEV


def _entry(shape: Shape, line: int | None, *, tree: Tree, builder: Builder) -> _Entry:
    key = normalize_pypi_name(shape.need("name", str))
    extras = shape.table("optional-dependencies")
    groups = shape.table("dev-dependencies")
    locked = Locked(
        key=key,
        component=_component(shape, line, tree, builder),
        needs=tuple(_need(need) for need in shape.tables("dependencies")),
        extras={normalize_pypi_name(extra): tuple(_need(n) for n in extras.tables(extra)) for extra in extras.data},
    )
    return _Entry(locked, tuple(_need(n) for group in groups.data for n in groups.tables(group)), shape)


def _need(shape: Shape) -> Need:
    name = shape.need("name", str)
    # requirements name them `extras`, resolved entries `extra`
    told = shape.data
    extras = common.extra_names(shape.texts("extra") or shape.texts("extras")) if told.keys() & _EXTRAS else ()
    version, marker = shape.text("version"), shape.text("marker")
    said = shape.text("specifier") or (f"=={version}" if version else "")
    text = f"{name}[{','.join(extras)}]{said}" if extras else f"{name}{said}"
    return Need(
        key=normalize_pypi_name(name),
        extras=extras,
        text=f"{text} ; {marker}" if marker else text,
        marker=marker,
        version=version,
        origin=_source(shape.table("source"))[0].url if "source" in told else None,
    )


def _component(shape: Shape, line: int | None, tree: Tree, builder: Builder) -> Component:
    name, version = common.checked_name(shape.need("name", str), shape), shape.text("version")
    table = shape.table("source")
    local = _local_path(table)
    if local is not None:
        manifest = common.local_manifest(tree, builder.path, local) or _own_manifest(builder.path, local)
        if manifest:
            return common.first_party(tree, name, version, manifest, builder)
    source, commit = _source(table)
    sdist = shape.table("sdist")
    return common.package(
        builder,
        name,
        version,
        source,
        reference=commit,
        line=line,
        hashes=[found for file in (sdist, *shape.tables("wheels")) if (found := file.text("hash"))],
        condition=" or ".join(shape.texts("resolution-markers")),
    )


def _local_path(source: Shape) -> str | None:
    return next((path for kind in _LOCAL if (path := source.text(kind)) is not None), None)


def _own_manifest(lock: str, local: str) -> str | None:
    """The manifest of the lock's own project, which may not have been handed over with it."""
    return join(folder_of(lock), "pyproject.toml") if local in (".", "") else None


def _source(source: Shape) -> tuple[Source, str | None]:
    """Where a package comes from, and the commit of a git source (`URL?rev=asked#commit`)."""
    if git := source.text("git"):
        address, _hash, commit = git.partition("#")
        return Source(SourceKind.GIT, common.clean_git_url(address.partition("?")[0])), commit or None
    for key, kind in _KINDS:
        if url := source.text(key):
            return Source(kind, strip_credentials(url)), None
    return Source(), None
