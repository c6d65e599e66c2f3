"""poetry.lock, lock-version 1.0 to 2.1, as `poetry.packages.locker` writes it.

Lock-version 1.x says `category` and `optional` of a package, poetry 1.5 and lock-version 2.0 say neither, 2.1 says
`groups`: so scopes come from the walk below pyproject.toml, and from the lock only where that file is not there.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree
from licscan.model import Component, Scope, Source, SourceKind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import common
from licscan.resolve.python.common import Linker, Locked
from licscan.resolve.python.lock_hash import poetry_hashes
from licscan.resolve.python.lock_roots import Roots, poetry_needs, read_roots, report_missing
from licscan.resolve.python.unmet import report_unmet


def parse(tree: Tree, path: str) -> Parsed:
    """Read a poetry.lock, with the pyproject.toml beside it. Raises FormatError."""
    text = tree.read_text(path)
    top = Shape(load_toml(text, path), path)
    metadata = top.table("metadata")
    if "package" not in top.data and not metadata.data:
        raise FormatError(_("has neither packages nor metadata"), path=path)
    builder = Builder(path)
    builder.version = metadata.text("lock-version")
    if builder.version and not builder.version.startswith(("1.", "2.")):
        builder.problem(_("lock-version {version} is newer than licscan knows").format(version=builder.version))
    roots = read_roots(tree, path, builder, "poetry")
    root = builder.project("pypi", roots.name, roots.version, manifest=roots.path)
    builder.cover(roots.path)
    _link(top, text, tree, builder, roots, root)
    if roots.known:
        _compare(builder, roots, metadata.text("content-hash"))
    return builder.build()


def _link(top: Shape, text: str, tree: Tree, builder: Builder, roots: Roots, root: str) -> None:
    linker = Linker(builder)
    scopes = []
    make = partial(_entry, tree=tree, builder=builder, old_files=top.table("metadata").table("files"))
    for entry, scope in common.each_entry(top, "package", builder, make, text):
        linker.add(entry)
        scopes.append(scope)
    if roots.known:
        starts = roots.starts(root)
        roots.note_extras(builder, root)
        linker.link(starts)
        report_missing(builder, roots, starts, linker.names)
    else:
        linker.link_without_roots(root, scopes)
    python = top.table("metadata").text("python-versions")
    report_unmet(builder, linker, python, own=roots.name, roots_told=roots.known)
    linker.finish()


def _entry(shape: Shape, line: int | None, *, tree: Tree, builder: Builder, old_files: Shape) -> tuple[Locked, Scope]:
    needs = tuple(poetry_needs(shape.table("dependencies")))
    optional = {need.key for need in needs if need.marker and "extra" in need.marker} | _optional(shape)
    by_key = common.by_key(needs)
    extras = {
        normalize_pypi_name(extra): tuple(need for name in sorted(_names(items)) for need in by_key.get(name, ()))
        for extra, items in shape.table("extras").data.items()
    }
    plain = tuple(need for need in needs if need.key not in optional)
    component = _component(shape, line, tree, builder, old_files)
    return Locked(normalize_pypi_name(shape.need("name", str)), component, plain, extras), _scope(shape)


def _optional(shape: Shape) -> set[str]:
    """Dependencies that only an extra brings."""
    return {
        normalize_pypi_name(str(name))
        for name, value in shape.table("dependencies").data.items()
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, dict) and item.get("optional") is True
    }


def _names(items: Any) -> set[str]:
    """The names in an extra: `["X (>=1)", "y[z] ; marker"]`."""
    found = (common.requirement(item) for item in items if isinstance(item, str)) if isinstance(items, list) else ()
    return {need.key for need in found if need is not None}


def _component(shape: Shape, line: int | None, tree: Tree, builder: Builder, old_files: Shape) -> Component:
    name, version = common.checked_name(shape.need("name", str), shape), shape.text("version")
    source = shape.table("source")
    kind, url = source.text("type"), source.text("url")
    if kind == "directory" and url and (manifest := common.local_manifest(tree, builder.path, url)):
        return common.first_party(tree, name, version, manifest, builder)
    reference = source.text("resolved_reference") or source.text("reference") if kind == "git" else None
    files = [*shape.tables("files"), *old_files.tables(name)]
    return common.package(
        builder,
        name,
        version,
        _source(kind, url),
        reference=reference,
        line=line,
        hashes=[found for file in files if (found := file.text("hash"))],
        condition=_condition(shape),
    )


def _source(kind: str | None, url: str | None) -> Source:
    kinds = {"git": SourceKind.GIT, "url": SourceKind.URL, "directory": SourceKind.PATH, "file": SourceKind.PATH}
    if kind == "git" and url:
        url = common.clean_git_url(url)
    return Source(kinds.get(kind or "", SourceKind.REGISTRY), strip_credentials(url) if url else None)


def _condition(shape: Shape) -> str | None:
    """The marker of a package (2.1): one text, or one a group; installed everywhere if any group has none."""
    markers = shape.data.get("markers")
    if not isinstance(markers, dict):
        return shape.text("markers")
    groups = shape.texts("groups")
    texts = {text for text in markers.values() if isinstance(text, str)}
    return " or ".join(sorted(texts)) if texts and all(group in markers for group in groups) else None


def _scope(shape: Shape) -> Scope:
    """What the lock itself says: `category` of 1.x, `groups` of 2.1."""
    groups = shape.data.get("groups")
    category = shape.data.get("category")
    if isinstance(groups, list) and groups and "main" not in groups:
        return Scope.DEV
    if isinstance(category, str) and category != "main":
        return Scope.DEV
    return Scope.OPTIONAL if shape.data.get("optional") is True else Scope.RUNTIME


def _compare(builder: Builder, roots: Roots, content_hash: str | None) -> None:
    if content_hash and content_hash not in poetry_hashes(roots.data):
        message = _("its content-hash is not that of {manifest}: the manifest was changed after locking")
        builder.problem(message.format(manifest=roots.path), code="lock-out-of-date")
