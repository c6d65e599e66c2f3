"""What a packed or listed package says: its claims from the manifest among its files, its texts by their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from licscan.licenses.pointers import named, pointed
from licscan.locate.archives import Contents
from licscan.locate.installed import files_at, with_named
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.core_metadata import MAX_HEADERS, claims_of, core_facts, read_headers, requires_of
from licscan.packages.filenames import in_license_folder, kind_of
from licscan.packages.npm_metadata import license_claims, npm_facts
from licscan.packages.tree import PackageTree, metadata_path

MANIFEST = "package.json"
MAX_BUNDLED = 2_000
"""Packages in one archive's own node_modules; a whole application brings a thousand."""
_BUNDLED = re.compile(r"((?:node_modules/(?:@[^/]+/)?[^/@.][^/]*/)+)package\.json")


def npm_files(component: Component, place: str, contents: Contents) -> tuple[PackageFiles, ...]:
    """An npm package's files; nothing where its manifest is another package's (a cache may hold anything)."""
    table = json_object(contents.read.get(MANIFEST))
    if table is None or not _same(component, table):
        return ()
    files = files_at(Origin.CACHE, place, texts_of(contents.names))
    claims = license_claims(table, f"{place}/{MANIFEST}", Origin.CACHE)
    # a file that the manifest points to counts under any name
    more = (found for path in pointed(claims) if (found := named(path, contents.names)))
    files = replace(
        files,
        bundled=bundled_folders(contents.names),
        claims=claims,
        metadata=npm_facts(table),
        license_files=tuple(sorted({*files.license_files, *more})),
    )
    return (with_named(files, component.claims),)


def texts_of(names: list[str]) -> list[str]:
    """The names that are license evidence; the package's own node_modules holds other packages."""
    return [
        name
        for name in names
        if (kind_of(name[name.rfind("/") + 1 :]) or in_license_folder(name)) and not name.startswith("node_modules/")
    ]


def python_files(component: Component, tree: PackageTree) -> PackageFiles:
    """A Python package's files: those that its metadata name among them, wherever they stand."""
    names = [entry.path for entry in tree.entries]
    path = metadata_path("pypi", tree) or next((name for name in ("PKG-INFO", "METADATA") if name in names), "")
    headers = read_headers(tree.read(path, MAX_HEADERS)) if path else []
    texts = {name for name in names if kind_of(name[name.rfind("/") + 1 :]) or in_license_folder(name)}
    folder = path.rpartition("/")[0]
    for header, value in headers:
        inner = value.strip().replace("\\", "/")
        places = (f"{folder}/licenses/{inner}", f"{folder}/{inner}", inner)
        if header == "license-file" and (place := next((one for one in places if one in names), None)):
            texts.add(place)
    claims = claims_of(headers, f"{tree.place}/{path}", Origin.CACHE)
    more = {found for pointer in pointed(claims) if (found := named(pointer, names))}
    files = replace(files_at(Origin.CACHE, tree.place, sorted(texts | more)), claims=claims)
    needs = requires_of(headers, built=path.endswith("METADATA")) if path else None
    return with_named(replace(files, metadata=core_facts(headers), requires=needs), component.claims)


def is_manifest(name: str) -> bool:
    """Whether a file of an npm package is its own manifest."""
    return name == MANIFEST


def bundled_folders(names: Iterable[str]) -> tuple[str, ...]:
    """The folders of the packages in an archive's own node_modules, nested ones too, sorted."""
    below = (name for name in names if name.startswith("node_modules/"))
    found = {match[1].rstrip("/") for name in below if (match := _BUNDLED.fullmatch(name))}
    return tuple(sorted(found)[:MAX_BUNDLED])


def json_object(data: bytes | None) -> dict[str, Any] | None:
    """Bytes as a JSON object, None where they are none."""
    try:
        loaded = json.loads(data or b"null")
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _same(component: Component, table: dict[str, Any]) -> bool:
    return table.get("name") == component.name and str(table.get("version", "")).lstrip("v=") == component.version
