"""What the tools note in node_modules of what they installed: where each package comes from, and its hashes.

| tool | file | form |
|---|---|---|
| npm 7 and later | `.package-lock.json` | a lock of version 3 without its root |
| pnpm | `.pnpm/lock.yaml` | the lock of what is installed |
| yarn 1 | `.yarn-integrity` | JSON; `lockfileEntries`: addresses by pattern |
| yarn 2 and later (`nodeLinker: node-modules`) | `.yarn-state.yml` | YAML; locators with their places |

A package.json does not say whether its package came from a registry, a repository or an archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from licscan.base.errors import LicscanError
from licscan.base.load import load_json, load_yaml
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Component, ComponentKind, Location, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.formats import FORMATS
from licscan.resolve.js.archives import source_of_archive
from licscan.resolve.js.pnpm_keys import split_at
from licscan.resolve.js.projects import source_qualifiers
from licscan.resolve.js.sources import is_git, is_registry_tarball, source_of
from licscan.resolve.js.yarn_locators import locator_of
from licscan.resolve.reading import Read

Record = tuple[str, str | None, Source, tuple[str, ...]]
"""Name, version (None: not told), where from, and hashes."""
_SHA1 = 40


def with_records(tree: Tree, read: Read) -> Read:
    """An installed tree that no lock owns with what its tool noted; as it is where there is no such file."""
    known = _known(tree, read.path)
    changed = {
        component.purl: _recorded(component, *found)
        for component in read.parsed.components
        if component.kind is ComponentKind.PACKAGE
        and component.source.kind is SourceKind.UNKNOWN
        and (found := known.get((component.name, component.version)) or known.get((component.name, None)))
    }
    if not changed:
        return read
    new = {purl: component.purl for purl, component in changed.items()}
    edges = [
        replace(edge, parent=new.get(edge.parent, edge.parent), child=new.get(edge.child, edge.child))
        for edge in read.parsed.dependencies
    ]
    components = tuple(changed.get(component.purl, component) for component in read.parsed.components)
    return replace(read, parsed=replace(read.parsed, components=components, dependencies=tuple(edges)))


def _recorded(component: Component, record: Record, path: str) -> Component:
    _name, _version, source, hashes = record
    return replace(
        component,
        purl=purls.npm(component.name, component.version, **source_qualifiers(source)),
        source=source,
        hashes=hashes,
        found_in=(*component.found_in, Location(path)),
    )


def _known(tree: Tree, modules: str) -> dict[tuple[str, str | None], tuple[Record, str]]:
    """The records of one tree with the file that holds each; none for what stands there in two ways."""
    found: dict[tuple[str, str | None], dict[tuple[Record, str], None]] = {}
    for name, reader in _READERS.items():
        path = join(modules, name)
        if not tree.exists(path):
            continue
        try:
            for record in reader(tree, path):
                found.setdefault(record[:2], {})[record, path] = None
        except LicscanError:
            # the tree itself stands; what is damaged tells nothing
            continue
    return {key: next(iter(records)) for key, records in found.items() if len(records) == 1}


def _lock(name: str) -> Callable[[Tree, str], Iterator[Record]]:
    def read(tree: Tree, path: str) -> Iterator[Record]:
        for one in FORMATS[name].parser()(tree, path).components:
            if one.kind is ComponentKind.PACKAGE and one.version and one.source.kind is not SourceKind.UNKNOWN:
                yield one.name, one.version, one.source, one.hashes

    return read


def _yarn_1(tree: Tree, path: str) -> Iterator[Record]:
    table = load_json(tree.read_text(path), path)
    entries = table.get("lockfileEntries") if isinstance(table, dict) else None
    for pattern, address in entries.items() if isinstance(entries, dict) else ():
        if not isinstance(address, str):
            continue
        name, wanted = split_at(str(pattern))
        plain, _hash, digest = address.partition("#")
        hashes = (f"sha1:{digest}",) if len(digest) == _SHA1 and digest.isalnum() else ()
        if is_git(address):
            yield name, None, source_of(address), ()
        elif not is_registry_tarball(plain):
            source = source_of_archive(plain)
            yield name, None, source or source_of(plain), () if source else hashes
        elif not (wanted or "").startswith("npm:"):
            version = plain.rpartition("/")[2].removesuffix(".tgz").removeprefix(name.rpartition("/")[2] + "-")
            yield name, version, source_of(plain), hashes


def _yarn_berry(tree: Tree, path: str) -> Iterator[Record]:
    table = next(iter(load_yaml(tree.read_text(path), path)), None)
    for key in table if isinstance(table, dict) else ():
        locator = locator_of(str(key), folder_of(folder_of(path)))
        if locator.member is None and locator.folder is None and locator.source.kind is not SourceKind.UNKNOWN:
            version = locator.reference.partition("::")[0].removeprefix("npm:")
            registry = locator.source.kind is SourceKind.REGISTRY
            yield locator.name, version if registry else None, locator.source, ()


_READERS: dict[str, Callable[[Tree, str], Iterator[Record]]] = {
    ".package-lock.json": _lock("package-lock.json"),
    ".pnpm/lock.yaml": _lock("pnpm-lock.yaml"),
    ".yarn-integrity": _yarn_1,
    ".yarn-state.yml": _yarn_berry,
}
