"""pylock.toml and pylock.NAME.toml 1.0 (PEP 751).

Edges are optional and mostly absent, and what is only for development is told, if at all, by markers on `extras` and
`dependency_groups`. Where neither is there, everything counts as shipped, and that is said.
"""

from __future__ import annotations

import re
from functools import partial

from licscan.base.errors import FormatError
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree
from licscan.model import Component, Scope, Source, SourceKind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import common
from licscan.resolve.python.common import Linker, Locked, Need
from licscan.resolve.python.lock_roots import Roots, read_roots, report_missing
from licscan.resolve.python.unmet import report_unmet

_CHOICE = re.compile(r"""['"]([^'"]+)['"]\s+in\s+(extras|dependency_groups)""")


def parse(tree: Tree, path: str) -> Parsed:
    """Read a pylock.toml. Raises FormatError."""
    text = tree.read_text(path)
    top = Shape(load_toml(text, path), path)
    if "packages" not in top.data and "lock-version" not in top.data:
        raise FormatError(_("has neither packages nor a lock-version"), path=path)
    builder = Builder(path)
    builder.version = top.text("lock-version")
    if builder.version and not builder.version.startswith("1."):
        builder.problem(_("lock-version {version} is newer than licscan knows").format(version=builder.version))
    roots = read_roots(tree, path, builder, "pdm", required=False)
    root = builder.project("pypi", roots.name, roots.version, manifest=roots.path)
    builder.cover(roots.path)
    make = partial(_entry, tree=tree, builder=builder, default=frozenset(top.texts("default-groups")))
    linker = Linker(builder)
    _note_extras(builder, root, top)
    scopes = []
    edges = False
    for entry, scope in common.each_entry(top, "packages", builder, make, text):
        linker.add(entry)
        scopes.append(scope)
        edges = edges or bool(entry.needs)
    _link(builder, linker, roots, root, [scope or Scope.RUNTIME for scope in scopes], edges)
    if scopes and not any(scopes) and not (roots.known and (edges or not roots.groups)):
        builder.problem(_("it does not mark what is only for development: all of it counts as shipped"))
    report_unmet(builder, linker, top.text("requires-python"), supported=top.texts("environments"), roots_told=True)
    linker.finish()
    return builder.build()


def _note_extras(builder: Builder, root: str, top: Shape) -> None:
    for shape in top.tables("packages"):
        for name, kind in _CHOICE.findall(shape.text("marker") or ""):
            if kind == "extras" and (need := shape.text("name")):
                builder.add_extra(root, name, [need])


def _link(builder: Builder, linker: Linker, roots: Roots, root: str, scopes: list[Scope], edges: bool) -> None:
    """With edges, from what the manifest asks for; without, everything hangs below the root."""
    # an export may leave out extras and groups, the project's own dependencies never
    main = [(root, need, Scope.RUNTIME) for need in roots.main]
    named = builder.path.rpartition("/")[2] == "pylock.toml"
    if edges and roots.known:
        linker.link(roots.starts(root))
        roots.note_extras(builder, root)
    elif roots.known and named:
        # how the project asks for it, with its extras
        linker.link(start for start in main if start[1].key in linker.names)
    linker.link_without_roots(root, scopes)
    if roots.known and named:
        report_missing(builder, roots, main, linker.names)


def _entry(
    shape: Shape, line: int | None, *, tree: Tree, builder: Builder, default: frozenset[str]
) -> tuple[Locked, Scope | None]:
    name = shape.need("name", str)
    needs = tuple(_need(need) for need in shape.tables("dependencies"))
    locked = Locked(normalize_pypi_name(name), _component(shape, line, tree, builder), needs)
    return locked, _scope(shape.text("marker"), default)


def _need(shape: Shape) -> Need:
    name, version = shape.need("name", str), shape.text("version")
    source, _commit = _source(shape)
    text = f"{name}=={version}" if version else name
    return Need(normalize_pypi_name(name), text=text, version=version, origin=source.url)


def _scope(marker: str | None, default: frozenset[str]) -> Scope | None:
    """The best scope in which the marker installs it; None where it names neither extra nor group."""
    found = [
        Scope.OPTIONAL if kind == "extras" else Scope.RUNTIME if name in default else Scope.DEV
        for name, kind in _CHOICE.findall(marker or "")
    ]
    return min(found, key=list(Scope).index, default=None)


def _component(shape: Shape, line: int | None, tree: Tree, builder: Builder) -> Component:
    name, version = common.checked_name(shape.need("name", str), shape), shape.text("version")
    path = shape.table("directory").text("path")
    if path is not None and (manifest := common.local_manifest(tree, builder.path, path)):
        return common.first_party(tree, name, version, manifest, builder)
    source, commit = _source(shape)
    files = [shape.table("archive"), shape.table("sdist"), *shape.tables("wheels")]
    return common.package(
        builder,
        name,
        version,
        source,
        reference=commit,
        line=line,
        hashes=[f"{algorithm}:{value}" for file in files for algorithm, value in sorted(file.pairs("hashes").items())],
        condition=shape.text("marker"),
    )


def _source(shape: Shape) -> tuple[Source, str | None]:
    """Where a package comes from, and the commit where that is a repository."""
    vcs, archive = shape.table("vcs"), shape.table("archive")
    if vcs.data:
        url = vcs.text("url") or vcs.text("path") or ""
        return Source(SourceKind.GIT, common.clean_git_url(url) or None), vcs.text("commit-id")
    if archive.data:
        address = archive.text("url")
        if address and not address.startswith("file:"):
            return Source(SourceKind.URL, strip_credentials(address)), None
        return Source(SourceKind.PATH, archive.text("path") or address), None
    if folder := shape.table("directory").text("path"):
        return Source(SourceKind.PATH, folder), None
    index = shape.text("index")
    return Source(SourceKind.REGISTRY, strip_credentials(index) if index else None), None
