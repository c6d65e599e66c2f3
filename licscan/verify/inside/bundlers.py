"""What bundlers tell of their output: esbuild's metafile, webpack's stats, manifests and stats of Vite and Rollup.

Which of them a JSON file is, its shape says. Each gives the packages whose code is left in the output, and the files of
the output, by which it is known that it speaks of this artifact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.verify.inside.jsons import listed, positive, table, tables, text
from licscan.verify.paths import PackagePath, package_of
from licscan.verify.records import Kind

MAX_MODULES = 2_000_000


@dataclass(frozen=True, slots=True)
class BundlerReport:
    """The packages that went in, and the names of the files that came out."""

    kind: Kind
    packages: frozenset[PackagePath]
    outputs: frozenset[str]


def bundler_report(document: Any) -> BundlerReport | None:
    """What a parsed JSON file tells; None where it is none of these."""
    top = table(document)
    for reads in (_esbuild, _webpack, _visualizer, _manifest, _rollup):
        found = reads(top)
        if found is not None:
            return found
    return None


def _told(kind: Kind, paths: Iterator[str], outputs: Iterator[str]) -> BundlerReport:
    packages = frozenset(named for path in paths if (named := package_of(path)))
    return BundlerReport(
        kind, packages, frozenset(name.rpartition("/")[2].partition("?")[0] for name in outputs if name)
    )


def _esbuild(top: dict[str, Any]) -> BundlerReport | None:
    """https://esbuild.github.io/api/#metafile: `bytesInOutput` is 0 for what was shaken away."""
    outputs = top.get("outputs")
    if not isinstance(outputs, dict) or not isinstance(top.get("inputs"), dict):
        return None
    paths = (
        path
        for name, output in outputs.items()
        if not name.endswith(".map")
        for path, entry in table(table(output).get("inputs")).items()
        if positive(table(entry).get("bytesInOutput"))
    )
    return _told(Kind.METAFILE, paths, iter(outputs))


def _webpack(top: dict[str, Any]) -> BundlerReport | None:
    """webpack's stats, also of children; rspack writes the same. Modules in no chunk are not in the output."""
    if not (isinstance(top.get("modules"), list) or isinstance(top.get("children"), list)):
        return None
    if not any(key in top for key in ("assets", "chunks", "entrypoints", "webpack", "hash", "children")):
        return None
    paths: list[str] = []
    outputs: list[str] = []
    stack = [top]
    while stack and len(paths) < MAX_MODULES:
        one = stack.pop()
        stack += tables(one.get("children"))
        outputs += [text(asset.get("name")) for asset in tables(one.get("assets"))]
        modules = [module for module in tables(one.get("modules")) if _is_in(module)]
        for chunk in tables(one.get("chunks")):
            modules += [module for module in tables(chunk.get("modules")) if _is_in(module)]
        while modules and len(paths) < MAX_MODULES:
            module = modules.pop()
            paths.append(text(module.get("nameForCondition")) or text(module.get("name")))
            modules += tables(module.get("modules"))
    return _told(Kind.WEBPACK, iter(paths), iter(outputs))


def _is_in(module: dict[str, Any]) -> bool:
    return module.get("chunks") != [] and module.get("orphan") is not True and positive(module.get("size"))


def _visualizer(top: dict[str, Any]) -> BundlerReport | None:
    """The raw data of rollup-plugin-visualizer: modules with the length of each in each bundle."""
    parts, metas = top.get("nodeParts"), top.get("nodeMetas")
    if not isinstance(parts, dict) or not isinstance(metas, dict):
        return None
    rendered = {uid for uid, part in parts.items() if positive(table(part).get("renderedLength"))}
    paths: list[str] = []
    outputs: set[str] = set()
    for meta in metas.values():
        held = table(table(meta).get("moduleParts"))
        outputs.update(held)
        if any(isinstance(uid, str) and uid in rendered for uid in held.values()):
            paths.append(text(table(meta).get("id")))
    return _told(Kind.ROLLUP, iter(paths), iter(sorted(outputs)))


def _manifest(top: dict[str, Any]) -> BundlerReport | None:
    """Vite's manifest: it names only what is an entry or a chunk of its own."""
    entries = [entry for entry in top.values() if isinstance(entry, dict) and isinstance(entry.get("file"), str)]
    if not entries or len(entries) != len(top):
        return None
    if not any("src" in entry or "isEntry" in entry or "name" in entry for entry in entries):
        return None
    outputs = [name for entry in entries for name in (entry["file"], *_texts(entry, "css"), *_texts(entry, "assets"))]
    return _told(Kind.MANIFEST, (text(entry.get("src")) for entry in entries), iter(outputs))


def _texts(entry: dict[str, Any], key: str) -> list[str]:
    return [name for name in listed(entry.get(key)) if isinstance(name, str)]


def _rollup(top: dict[str, Any]) -> BundlerReport | None:
    """Chunks as Rollup gives them to its plugins, by name or in a list: `modules` with the length of each."""
    chunks = [*tables(top.get("output")), *(chunk for chunk in top.values() if isinstance(chunk, dict))]
    chunks = [chunk for chunk in chunks if isinstance(chunk.get("modules"), dict)]
    if not any(isinstance(chunk.get("fileName"), str) for chunk in chunks):
        return None
    paths = (
        path
        for chunk in chunks
        for path, module in table(chunk.get("modules")).items()
        if positive(table(module).get("renderedLength"))
    )
    return _told(Kind.ROLLUP, paths, (text(chunk.get("fileName")) for chunk in chunks))
