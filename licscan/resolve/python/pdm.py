"""pdm.lock, lock_version 3.x to 4.5.1, as `pdm.project.lockfile` writes it.

A package asked for with extras is an entry of its own, which holds what those extras bring. Groups stand at the
packages only with the strategy `inherit_metadata`, so scopes come from the walk below pyproject.toml where that file
is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from licscan.base.errors import FormatError
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, join
from licscan.model import Component, Scope, Source, SourceKind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import common
from licscan.resolve.python.common import Linker, Locked, Need
from licscan.resolve.python.lock_hash import pdm_hashes
from licscan.resolve.python.lock_roots import Roots, read_roots, report_missing
from licscan.resolve.python.unmet import note_open_extras, report_unmet


@dataclass(frozen=True, slots=True)
class _Entry:
    locked: Locked
    extras: tuple[str, ...]
    scope: Scope
    path: str | None


def parse(tree: Tree, path: str) -> Parsed:
    """Read a pdm.lock, with the pyproject.toml beside it. Raises FormatError."""
    text = tree.read_text(path)
    top = Shape(load_toml(text, path), path)
    metadata = top.table("metadata")
    if "package" not in top.data and not metadata.data:
        raise FormatError(_("has neither packages nor metadata"), path=path)
    builder = Builder(path)
    builder.version = metadata.text("lock_version")
    if builder.version and not builder.version.startswith(("1", "2", "3", "4")):
        builder.problem(_("lock_version {version} is newer than licscan knows").format(version=builder.version))
    roots = read_roots(tree, path, builder, "pdm")
    root = builder.project("pypi", roots.name, roots.version, manifest=roots.path)
    builder.cover(roots.path)
    make = partial(_entry, tree=tree, builder=builder, old_files=metadata.table("files"))
    entries = _joined(common.each_entry(top, "package", builder, make, text))
    linker = Linker(builder)
    for entry in entries:
        linker.add(entry.locked)
    if roots.known:
        paths = {entry.path: entry.locked.key for entry in entries if entry.path is not None}
        starts = [(parent, _named(need, paths), scope) for parent, need, scope in roots.starts(root)]
        roots.note_extras(builder, root)
        linker.link(starts)
        report_missing(builder, roots, starts, linker.names)
        _compare(builder, roots, metadata.text("content_hash"))
    else:
        linker.link_without_roots(root, [entry.scope for entry in entries])
    pythons = [target.text("requires_python") or "" for target in metadata.tables("targets")]
    report_unmet(builder, linker, " || ".join(pythons) if all(pythons) else "", own=roots.name, roots_told=roots.known)
    note_open_extras(builder, linker)
    linker.finish()
    return builder.build()


def _joined(entries: Iterable[_Entry]) -> list[_Entry]:
    """Each package once, with what its entries for extras bring as its extras."""
    found: dict[str, _Entry] = {}
    with_extras: list[_Entry] = []
    for entry in entries:
        if entry.extras:
            with_extras.append(entry)
        else:
            found.setdefault(entry.locked.component.purl, entry)
    brought: dict[str, dict[str, list[Need]]] = {}
    for entry in with_extras:
        purl = entry.locked.component.purl
        found.setdefault(purl, entry)
        for extra in entry.extras:
            needs = brought.setdefault(purl, {}).setdefault(extra, [])
            needs += (need for need in entry.locked.needs if need.key != entry.locked.key)
    for purl, extras in brought.items():
        found[purl].locked.extras = {extra: tuple(needs) for extra, needs in extras.items()}
    return list(found.values())


def _named(need: Need, paths: Mapping[str, str]) -> Need:
    """A folder that was asked for without a name, under the name that its entry has."""
    if need.key:
        return need
    return replace(need, key=paths.get(join("", need.origin or ""), ""), origin=None)


def _entry(shape: Shape, line: int | None, *, tree: Tree, builder: Builder, old_files: Shape) -> _Entry:
    name = shape.need("name", str)
    needs = (common.requirement(text) for text in shape.texts("dependencies"))
    component = _component(shape, line, tree, builder, old_files)
    locked = Locked(normalize_pypi_name(name), component, tuple(need for need in needs if need is not None))
    groups = shape.texts("groups") or shape.texts("sections")
    scope = Scope.RUNTIME if not groups or "default" in groups else Scope.OPTIONAL
    path = shape.text("path")
    return _Entry(locked, common.extra_names(shape.texts("extras")), scope, join("", path) if path else None)


def _component(shape: Shape, line: int | None, tree: Tree, builder: Builder, old_files: Shape) -> Component:
    name, version = common.checked_name(shape.need("name", str), shape), shape.text("version")
    path = shape.text("path")
    if path is not None and (manifest := common.local_manifest(tree, builder.path, path)):
        return common.first_party(tree, name, version, manifest, builder)
    # up to 4.2 the files stood together, by name and version
    files = [*shape.tables("files"), *old_files.tables(f"{name} {version}")]
    return common.package(
        builder,
        name,
        version,
        _source(shape),
        reference=shape.text("revision"),
        line=line,
        hashes=[found for file in files if (found := file.text("hash"))],
        condition=shape.text("marker"),
    )


def _source(shape: Shape) -> Source:
    if git := shape.text("git"):
        return Source(SourceKind.GIT, common.clean_git_url(git))
    for key, kind in (("url", SourceKind.URL), ("path", SourceKind.PATH)):
        if url := shape.text(key):
            return Source(kind, strip_credentials(url))
    return Source(SourceKind.REGISTRY)


def _compare(builder: Builder, roots: Roots, content_hash: str | None) -> None:
    """The formula of lock_version 4.5; older releases of pdm had others, and a workspace has one of its own."""
    if not content_hash or not (builder.version or "").startswith("4.5"):
        return
    hashes = pdm_hashes(roots.data)
    if hashes and content_hash.partition(":")[2] not in hashes:
        message = _("its content_hash is not that of {manifest}: the manifest was changed after locking")
        builder.problem(message.format(manifest=roots.path), code="lock-out-of-date")
