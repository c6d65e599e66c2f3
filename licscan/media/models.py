"""Models and data whose words are JSON: safetensors, TensorFlow.js, Keras (zip); and the names inside NumPy's zips."""

from __future__ import annotations

from typing import Any

from licscan.media.blob import Blob
from licscan.media.gathered import MAX_FIELD, Gathered, little
from licscan.media.jsons import keep_values, loaded, text_of
from licscan.media.kinds import Format
from licscan.media.zips import entries_of, held_by
from licscan.model.media import Meaning, MediaFacts

_HEADER = 32 << 20
"""Bytes of a safetensors header; its metadata stand first in it."""
_TFJS = 8 << 20
_NAMES = 200


def read_safetensors(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a safetensors file: the texts of `__metadata__`."""
    gathered = Gathered(made)
    size = little(blob.at(0, 8))
    if size + 8 > blob.size:
        gathered.broken()
    elif size > _HEADER:
        gathered.too_much()
    else:
        held = _document(blob.at(8, size), gathered)
        keep_values(held.get("__metadata__"), "safetensors", gathered)
    return gathered.facts()


def read_tfjs(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a model of TensorFlow.js: what made it, and what its author added."""
    gathered = Gathered(made)
    if blob.size > _TFJS:
        gathered.too_much()
        return gathered.facts()
    held = _document(blob.at(0, blob.size), gathered)
    for key, meaning in (
        ("generatedBy", Meaning.SOFTWARE),
        ("convertedBy", Meaning.SOFTWARE),
        ("format", Meaning.OTHER),
    ):
        gathered.add(meaning, f"tfjs:{key}", text_of(held.get(key)))
    keep_values(held.get("userDefinedMetadata"), "tfjs:userDefinedMetadata", gathered)
    topology = held.get("modelTopology")
    config = topology.get("model_config", topology) if isinstance(topology, dict) else None
    inner = config.get("config") if isinstance(config, dict) else None
    if isinstance(inner, dict):
        gathered.add(Meaning.NAME, "tfjs:name", text_of(inner.get("name")))
    return gathered.facts()


def read_keras(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a Keras archive: its `metadata.json`, and the name in `config.json`."""
    gathered = Gathered(made)
    for entry in entries_of(blob):
        if entry.name == "metadata.json":
            keep_values(_document(held_by(blob, entry, gathered), gathered), "keras", gathered)
        elif entry.name == "config.json" and entry.size <= MAX_FIELD:
            config = _document(held_by(blob, entry, gathered), gathered).get("config")
            gathered.add(Meaning.NAME, "keras:name", text_of(config.get("name")) if isinstance(config, dict) else "")
    return gathered.facts()


def read_npz(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a zip of arrays: their names."""
    gathered = Gathered(made)
    for entry in entries_of(blob)[:_NAMES]:
        gathered.add(Meaning.OTHER, "npz:array", entry.name.removesuffix(".npy"))
    return gathered.facts()


def _document(data: bytes, gathered: Gathered) -> dict[str, Any]:
    try:
        held = loaded(data)
    except ValueError:
        gathered.broken()
        return {}
    return held if isinstance(held, dict) else {}
