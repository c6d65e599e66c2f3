"""package.json without a lock: what is asked for is known, what would be installed is not."""

from __future__ import annotations

from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, SourceKind
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.lines import pair_lines
from licscan.resolve.js.manifest import Manifest, Request, expand_workspaces, read_manifest
from licscan.resolve.js.projects import add_manifest, add_request, manifest_if_there
from licscan.resolve.js.requests import satisfies
from licscan.resolve.js.sources import source_of


def parse(tree: Tree, path: str) -> Parsed:
    """The project, its workspace members and what they ask for, unresolved.

    A nameless manifest that asks for nothing (`{"type": "module"}`) is no project: empty.
    """
    builder = Builder(path)
    manifest = read_manifest(tree, path)
    if not (manifest.name or manifest.requests or manifest.workspaces):
        return builder.build()
    for said in manifest.problems:
        builder.problem(said)
    members = expand_workspaces(tree, folder_of(path), manifest.workspaces)
    manifests = [manifest, *(found for member in members if (found := manifest_if_there(tree, member, builder)))]
    keys = [add_manifest(builder, each) for each in manifests]
    named = {each.name: (each, key) for each, key in zip(manifests[1:], keys[1:], strict=True) if each.name}
    for each, key in zip(manifests, keys, strict=True):
        lines = pair_lines(tree.read_text(each.path)) if each.requests else {}
        builder.seen += len(each.requests) + len(each.problems)
        for request in each.requests:
            builder.understood += 1
            own = _first_party(tree, builder, each, request, named)
            if own:
                builder.edge(key, own, request.scope, request.spec)
            elif not (request.peer and request.scope is Scope.OPTIONAL):
                # an optional peer is installed only where something else asks for it
                line = lines.get(f"{request.name}: {request.spec}") if each is manifest else None
                add_request(builder, key, request, line)
    return builder.build()


def _first_party(
    tree: Tree, builder: Builder, manifest: Manifest, request: Request, named: dict[str, tuple[Manifest, str]]
) -> str | None:
    """The key of the project's own folder that a request means: a workspace member, or a `file:` folder."""
    source = source_of(request.spec)
    if source.kind is SourceKind.PATH and source.url:
        target = join(join(folder_of(manifest.path), source.url), "package.json")
        found = manifest_if_there(tree, target, builder)
        if found:
            # it is a manifest of its own, read for itself: not covered here
            return builder.project("npm", found.name, found.version, manifest=target, root=False, claims=found.claims)
    if request.name in named:
        member, key = named[request.name]
        linked = source.kind is SourceKind.PATH or satisfies(member.version or "0.0.0", request.spec)
        return key if linked else None
    return None
