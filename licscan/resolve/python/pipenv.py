"""Pipfile.lock, pipfile-spec 6: packages by category, without edges between them.

`default` and `develop` are pipenv's own categories; any other is the project's, installed only where it is named: it is
not told whether that is for development, so it counts as optional.
"""

from __future__ import annotations

from typing import Any

from licscan.base.errors import FormatError, LicscanError
from licscan.base.listing import listed
from licscan.base.load import load_json, load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Component, Scope, Source, SourceKind
from licscan.packages.purls import normalize_pypi_name, strip_credentials
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import common
from licscan.resolve.python.lock_hash import pipfile_hash
from licscan.resolve.python.lock_roots import poetry_needs, read_project

_SCOPES = {"default": Scope.RUNTIME, "develop": Scope.DEV}
_SECTIONS = {"default": "packages", "develop": "dev-packages"}


def parse(tree: Tree, path: str) -> Parsed:
    """Read a Pipfile.lock, with the Pipfile beside it. Raises FormatError."""
    text = tree.read_text(path)
    top = Shape(load_json(text, path), path)
    meta = top.table("_meta")
    if not meta.data and "default" not in top.data:
        raise FormatError(_("has neither packages nor metadata"), path=path)
    builder = Builder(path)
    builder.version = meta.text("pipfile-spec")
    if builder.version not in (None, "6"):
        builder.problem(_("pipfile-spec {version} is not one that licscan knows").format(version=builder.version))
    manifest = join(folder_of(path), "Pipfile")
    name, version, project = read_project(tree, path, manifest)
    root = builder.project("pypi", name, version, manifest=project)
    builder.cover(project)
    builder.cover(manifest)
    pipfile = _pipfile(tree, manifest, builder)
    lines = _lines(text)
    for category in top.data:
        if category != "_meta":
            wanted = _wanted(pipfile, category)
            _category(top, category, tree, builder, root, wanted, lines)
    if pipfile is not None:
        _compare(builder, pipfile, top)
    return builder.build()


def _category(
    top: Shape, category: str, tree: Tree, builder: Builder, root: str, wanted: dict[str, str], lines: dict[str, int]
) -> None:
    entries = top.get(category, dict) or {}
    for name, item in entries.items():
        builder.seen += 1
        try:
            component = _component(str(name), Shape(item, top.file, f"{category}[{name!r}]"), tree, builder, lines)
        except FormatError as error:
            builder.problem(
                _("an entry was not understood: {reason}").format(reason=error), code="entry-not-understood"
            )
            continue
        builder.understood += 1
        builder.add(component)
        extras = common.extra_names(Shape(item, top.file, f"{category}[{name!r}]").texts("extras"))
        said = f"[{','.join(extras)}]" if extras else None
        requirement = wanted.get(normalize_pypi_name(str(name)), said)
        if component.purl != root:
            builder.edge(root, component.purl, _SCOPES.get(category, Scope.OPTIONAL), requirement)


def _component(name: str, shape: Shape, tree: Tree, builder: Builder, lines: dict[str, int]) -> Component:
    common.checked_name(name, shape)
    # `*`: needed only on platforms other than the one that locked
    pinned = shape.text("version") or ""
    version = pinned.lstrip("= ") if pinned.startswith("=") else None
    path = shape.text("path")
    if path is not None and (manifest := common.local_manifest(tree, builder.path, path)):
        return common.first_party(tree, name, version, manifest, builder)
    return common.package(
        builder,
        name,
        version,
        _source(shape),
        reference=shape.text("ref"),
        line=lines.get(name),
        hashes=shape.texts("hashes"),
        condition=shape.text("markers"),
    )


def _source(shape: Shape) -> Source:
    if git := shape.text("git"):
        return Source(SourceKind.GIT, common.clean_git_url(git))
    file = shape.text("file")
    if file is not None and "://" in file and not file.startswith("file:"):
        return Source(SourceKind.URL, strip_credentials(file))
    local = shape.text("path") or file
    return Source(SourceKind.PATH, strip_credentials(local)) if local else Source(SourceKind.REGISTRY)


def _lines(text: str) -> dict[str, int]:
    """The line of each entry in the form in which pipenv writes it: its name, eight spaces in, opens a table."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith('        "') and line.endswith("{"):
            found.setdefault(line.strip().partition('":')[0][1:], number)
    return found


def _pipfile(tree: Tree, manifest: str, builder: Builder) -> Shape | None:
    if not tree.exists(manifest):
        return None
    try:
        return Shape(load_toml(tree.read_text(manifest), manifest), manifest)
    except LicscanError as error:
        builder.problem(_("cannot be compared with its manifest: {reason}").format(reason=error))
        return None


def _wanted(pipfile: Shape | None, category: str) -> dict[str, str]:
    """The requirements of a category as the Pipfile writes them (its tables are those of poetry)."""
    section: Any = pipfile.data.get(_SECTIONS.get(category, category)) if pipfile else None
    if pipfile is None or not isinstance(section, dict):
        return {}
    return {need.key: need.text or need.key for need in poetry_needs(Shape(section, pipfile.file, category))}


def _compare(builder: Builder, pipfile: Shape, top: Shape) -> None:
    found = top.table("_meta").table("hash").text("sha256")
    if found and pipfile_hash(pipfile.data) not in (None, found):
        message = _("its hash is not that of {manifest}: the manifest was changed after locking")
        builder.problem(message.format(manifest=pipfile.file), code="lock-out-of-date")
    missing = []
    for category in [key for key in top.data if key != "_meta"]:
        locked = {normalize_pypi_name(str(name)) for name in top.get(category, dict) or {}}
        missing += [name for name in _wanted(pipfile, category) if name not in locked]
    if missing:
        message = _("{manifest} requires {names}, which the lockfile does not contain: it is out of date")
        said = message.format(manifest=pipfile.file, names=listed(sorted(missing), 10))
        builder.problem(said, code="lock-out-of-date")
