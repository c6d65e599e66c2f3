"""Finds the layers of a container image in the files of `docker save` or of an OCI layout.

OCI image specification 1.1 (image layout, index, manifest); Docker image specification 1.2 (manifest.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.artifact.content import Content, DamagedError, chunks
from licscan.artifact.tree import OutsideError, Tree
from licscan.base.messages import _

MAX_JSON = 4 * 1024 * 1024
MAX_MANIFESTS = 100
MAX_LAYERS = 500
_LABEL = re.compile(r"[^\w.:@+-]+|^\.+")
_DIGEST = re.compile(r"(sha256|sha512):([0-9a-f]{64,128})")


@dataclass(frozen=True, slots=True)
class Image:
    """One image: what it is called among others, and the paths of its layers, the lowest first."""

    label: str
    layers: tuple[str, ...]


def images_of(tree: Tree) -> tuple[str, tuple[Image, ...]] | None:
    """`docker` or `oci` with the images; None where the files are no image."""
    saved = tuple(_saved(tree))
    if saved:
        return "docker", saved
    if content_at(tree, "oci-layout") is None or content_at(tree, "index.json") is None:
        return None
    return "oci", tuple(_layout(tree))


def content_at(tree: Tree, path: str) -> Content | None:
    """The file at a path, through links; None where there is none inside."""
    try:
        found = tree.find(path.lstrip("/"))
    except OutsideError:
        return None
    return found if isinstance(found, Content) else None


def _saved(tree: Tree) -> Iterator[Image]:
    manifest = _json(tree, "manifest.json")
    for number, entry in enumerate(manifest[:MAX_MANIFESTS] if isinstance(manifest, list) else []):
        layers = entry.get("Layers") if isinstance(entry, dict) else None
        if not isinstance(layers, list):
            continue
        tags = entry.get("RepoTags")
        label = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else str(number + 1)
        yield Image(_LABEL.sub("_", label), tuple(path for path in layers[:MAX_LAYERS] if isinstance(path, str)))


def _layout(tree: Tree) -> Iterator[Image]:
    """The images of an index and of the indexes in it; those for other platforms need not be there."""
    pending: list[tuple[str, str]] = [("index.json", "")]
    seen: set[str] = set()
    while pending and len(seen) < MAX_MANIFESTS:
        path, label = pending.pop(0)
        if path in seen:
            continue
        seen.add(path)
        document = _json(tree, path)
        if not isinstance(document, dict):
            continue
        if isinstance(document.get("manifests"), list):
            pending += [found for entry in document["manifests"] if (found := _manifest(entry, label))]
        elif isinstance(document.get("layers"), list):
            paths = (_blob(layer) for layer in document["layers"][:MAX_LAYERS])
            yield Image(_LABEL.sub("_", label) or str(len(seen)), tuple(path or "?" for path in paths))


def _manifest(entry: Any, label: str) -> tuple[str, str] | None:
    """Where a manifest lies and what it is called: by its tag and its platform; None for attestations."""
    path = _blob(entry)
    if path is None:
        return None
    notes, platform = entry.get("annotations"), entry.get("platform")
    notes = notes if isinstance(notes, dict) else {}
    platform = platform if isinstance(platform, dict) else {}
    if "vnd.docker.reference.type" in notes or platform.get("os") == "unknown":
        return None
    names = [notes.get("org.opencontainers.image.ref.name"), platform.get("os"), platform.get("architecture")]
    return path, "-".join([label] * bool(label) + [name for name in names if isinstance(name, str)])


def _blob(entry: Any) -> str | None:
    digest = entry.get("digest") if isinstance(entry, dict) else None
    match = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    return f"blobs/{match[1]}/{match[2]}" if match else None


def _json(tree: Tree, path: str) -> Any:
    content = content_at(tree, path)
    if content is None:
        return None
    if content.size > MAX_JSON:
        tree.say(path, _("is larger than {size} and was not read").format(size=f"{MAX_JSON // 1024 // 1024} MB"))
        return None
    try:
        return json.loads(b"".join(chunks(content)))
    except (ValueError, RecursionError):
        return None
    except DamagedError as error:
        tree.say(path, str(error))
        return None
