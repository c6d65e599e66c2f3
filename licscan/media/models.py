"""Models and data whose words are JSON: safetensors, TensorFlow.js, Keras (zip); and the names inside NumPy's zips."""

from __future__ import annotations

from typing import Any

from licscan.media.blob import Blob
from licscan.media.found import MAX_FIELD, Found
from licscan.media.jsons import keep_values, loaded, text_of
from licscan.media.kinds import Format
from licscan.media.numbers import little
from licscan.media.zips import entries_of, held_by
from licscan.model.media import Meaning, MediaFacts

_HEADER = 32 << 20
"""Bytes of a safetensors header; its metadata stand first in it."""
_TFJS = 8 << 20
_NAMES = 200


def read_safetensors(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a safetensors file: the texts of `__metadata__`."""
    found = Found()
    size = little(blob.at(0, 8))
    if size + 8 > blob.size:
        found.broken()
    elif size > _HEADER:
        found.crowded()
    else:
        held = _document(found, blob.at(8, size))
        keep_values(found, held.get("__metadata__"), "safetensors")
    return found.facts(made)


def read_tfjs(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a model of TensorFlow.js: what made it, and what its author added."""
    found = Found()
    if blob.size > _TFJS:
        found.crowded()
        return found.facts(made)
    held = _document(found, blob.at(0, blob.size))
    for key, meaning in (
        ("generatedBy", Meaning.SOFTWARE),
        ("convertedBy", Meaning.SOFTWARE),
        ("format", Meaning.OTHER),
    ):
        found.add(meaning, f"tfjs:{key}", text_of(held.get(key)))
    keep_values(found, held.get("userDefinedMetadata"), "tfjs:userDefinedMetadata")
    topology = held.get("modelTopology")
    config = topology.get("model_config", topology) if isinstance(topology, dict) else None
    inner = config.get("config") if isinstance(config, dict) else None
    if isinstance(inner, dict):
        found.add(Meaning.NAME, "tfjs:name", text_of(inner.get("name")))
    return found.facts(made)


def read_keras(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a Keras archive: its `metadata.json`, and the name in `config.json`."""
    found = Found()
    for entry in entries_of(blob):
        if entry.name == "metadata.json":
            keep_values(found, _document(found, held_by(found, blob, entry)), "keras")
        elif entry.name == "config.json" and entry.size <= MAX_FIELD:
            config = _document(found, held_by(found, blob, entry)).get("config")
            found.add(Meaning.NAME, "keras:name", text_of(config.get("name")) if isinstance(config, dict) else "")
    return found.facts(made)


def read_npz(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a zip of arrays: their names."""
    found = Found()
    for entry in entries_of(blob)[:_NAMES]:
        found.add(Meaning.OTHER, "npz:array", entry.name.removesuffix(".npy"))
    return found.facts(made)


def _document(found: Found, data: bytes) -> dict[str, Any]:
    try:
        held = loaded(data)
    except ValueError:
        found.broken()
        return {}
    return held if isinstance(held, dict) else {}
