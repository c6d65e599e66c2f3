"""First-party projects of the JavaScript formats: a manifest read once, and the purls of what it asks for unlocked."""

from __future__ import annotations

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of
from licscan.model import Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder
from licscan.resolve.js.manifest import Manifest, Request, read_manifest, valid_name
from licscan.resolve.js.requests import split_alias
from licscan.resolve.js.sources import commit_of, source_of


def manifest_if_there(tree: Tree, path: str, builder: Builder) -> Manifest | None:
    """The package.json at a path; None where there is none, or none that can be read (which is a problem)."""
    if not tree.exists(path):
        return None
    try:
        manifest = read_manifest(tree, path)
    except InputError as error:
        builder.problem(error.message, error.path or path, "input-unreadable")
        return None
    for said in manifest.problems:
        builder.problem(said, path)
    return manifest


def add_manifest(builder: Builder, manifest: Manifest, *, root: bool = True) -> str:
    """Add the project that a manifest describes, and cover the manifest; the key for edges."""
    builder.cover(manifest.path)
    return builder.project(
        "npm", manifest.name, manifest.version, manifest=manifest.path, root=root, claims=manifest.claims
    )


def is_empty(tree: Tree, folder: str) -> bool:
    """Whether there is a folder, and nothing in it: most often a git submodule that is not checked out."""
    return tree.folder_exists(folder) and not tree.names(folder)


def tell_absent(builder: Builder, name: str, folder: str) -> None:
    """Say that a package comes from a folder that is not here, and that nothing else says what it needs."""
    if folder.startswith("../") or folder == "..":
        said = _("{name} comes from the folder {folder}, which is outside the scanned folder")
    else:
        said = _("{name} comes from the folder {folder}, which does not exist here")
    builder.problem(said.format(name=name, folder=folder), code="dependency-unresolved")


def tell_empty(builder: Builder, name: str, folder: str) -> None:
    """Say that a package comes from a folder in which nothing is."""
    said = _("{name} comes from the folder {folder}, which is empty; run git submodule update --init")
    builder.problem(said.format(name=name, folder=folder), code="dependency-unresolved")


def add_folder(
    builder: Builder,
    tree: Tree,
    found: Manifest | None,
    recorded: Manifest,
    *,
    root: bool = False,
    listed: bool = True,
) -> str:
    """Add what a lock takes from a folder; the key for edges.

    `found` is the folder's manifest, `recorded` what the lock says of it, `listed` whether that has what it needs.
    Where the folder is empty, or absent and not listed, it is a package that is not here: no project of ours.
    """
    folder = folder_of(recorded.path)
    absent = not listed and not tree.folder_exists(folder)
    if found is not None or (not absent and (root or not is_empty(tree, folder))):
        return add_manifest(builder, found or recorded, root=root)
    name = recorded.name or folder.rpartition("/")[2]
    if absent:
        tell_absent(builder, name, folder)
    else:
        tell_empty(builder, name, folder)
    return builder.package(
        purls.npm(name, recorded.version),
        name,
        recorded.version,
        source=Source(SourceKind.PATH, folder),
        claims=recorded.claims,
        resolved=recorded.version is not None,
    )


def add_request(builder: Builder, parent: str, request: Request, line: int | None = None) -> None:
    """Add what is asked for but not locked: a component without a version, resolved only by a full commit hash."""
    alias, _wanted = split_alias(request.spec)
    name = alias if alias and valid_name(alias) else request.name
    source = source_of(request.spec)
    purl = purls.npm(name, None, **source_qualifiers(source))
    resolved = source.kind is SourceKind.GIT and commit_of(request.spec) is not None
    builder.package(purl, name, None, line=line, source=source, resolved=resolved)
    builder.edge(parent, purl, request.scope, request.spec)


def source_qualifiers(source: Source) -> dict[str, str | None]:
    """The purl qualifiers that tell a package from the registry's of the same name."""
    if source.kind is SourceKind.GIT:
        return {"vcs_url": source.url}
    if source.kind is SourceKind.URL:
        return {"download_url": source.url}
    if source.kind is SourceKind.PATH and source.url:
        return {"download_url": f"file:{source.url}"}
    return {}


def report_missing(builder: Builder, parent: str, request: Request, *, peers: bool = False) -> None:
    """Add a required package that the lock does not hold, unresolved, and say so; optional ones may lack.

    So may peers, unless the tool installs `peers` by itself.
    """
    if request.scope is Scope.OPTIONAL or (request.scope is Scope.PEER and not peers):
        return
    message = _("{parent} needs {name} {spec}, which is not in the lockfile")
    builder.problem(
        message.format(parent=parent, name=request.name, spec=purls.strip_credentials(request.spec)),
        code="dependency-unresolved",
    )
    add_request(builder, parent, request)
