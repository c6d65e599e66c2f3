"""What conda installed into an environment: one `conda-meta/<name>-<version>-<build>.json` a package."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.base.errors import LicscanError
from licscan.base.load import load_json
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Claim, Dependency, EvidenceKind, Location, Origin, Source, SourceKind
from licscan.packages.purls import strip_credentials
from licscan.resolve.builder import Builder
from licscan.resolve.python.conda_packages import archive_of, conda_purl, name_in

FOLDER = "conda-meta"
MAX_PREFIX_DEPTH = 3
"""`lib/python3.11/site-packages` is three folders below the prefix, `Lib/site-packages` two."""


def find_conda_meta(tree: Tree, site: str) -> str | None:
    """The conda-meta of the prefix to which a site-packages folder belongs, where it lies inside the tree."""
    folder = site
    for _step in range(MAX_PREFIX_DEPTH if site else 0):
        folder = folder_of(folder)
        if tree.folder_exists(join(folder, FOLDER)):
            return join(folder, FOLDER)
    return None


def add_conda_meta(builder: Builder, tree: Tree, folder: str) -> tuple[dict[str, str], list[Dependency]]:
    """Add every package; their keys by name, and the edges that `depends` spans among them."""
    keys: dict[str, str] = {}
    needs: list[tuple[str, str, str]] = []
    for name in tree.names(folder):
        if not name.endswith(".json"):
            continue
        path = join(folder, name)
        builder.seen += 1
        try:
            entry = Shape(load_json(tree.read_text(path), path), path)
            package, key = _add(builder, entry, path)
            needs += [(key, child, text) for child, text in _depends(entry)]
        except LicscanError as error:
            builder.problem(_("{place}: {reason}").format(place=error.place or path, reason=error.message), path)
            continue
        keys[package.lower()] = key
        builder.understood += 1
    edges = [Dependency(key, keys[child], requirement=text) for key, child, text in needs if child in keys]
    return keys, [edge for edge in edges if edge.parent != edge.child]


def _add(builder: Builder, entry: Shape, path: str) -> tuple[str, str]:
    name, version = entry.need("name", str), entry.need("version", str)
    url = entry.get("url", str)
    said = archive_of(url or "")
    stated = entry.get("license", str)
    where = Location(path)
    claims = [Claim(EvidenceKind.DECLARED, "license", stated, Origin.INSTALLED, where)] if stated else []
    key = builder.package(
        conda_purl(
            name,
            version,
            entry.get("build", str) or (said.build if said else None),
            said.channel if said else None,
            entry.get("subdir", str) or (said.subdir if said else None),
            said.type if said else None,
        ),
        name,
        version,
        source=Source(SourceKind.REGISTRY, strip_credentials(url)) if url else None,
        claims=claims,
    )
    return name, key


def _depends(entry: Shape) -> Iterator[tuple[str, str]]:
    for text in entry.texts("depends"):
        child = name_in(text)
        if child:
            yield child, text
