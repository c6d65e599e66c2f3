"""The table of readers: for each format the function that reads what its files say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from licscan.base.messages import N_
from licscan.media.blob import Blob
from licscan.media.kinds import HEAD, Format, format_of
from licscan.media.marks import marks_of
from licscan.model.media import MediaFacts

Reader = Callable[[Blob, Format], MediaFacts]
"""Bounded whatever the bytes; what is broken becomes a fault of the facts, never an exception that is not in BROKEN."""

BROKEN = (ValueError, IndexError, KeyError, OverflowError, EOFError, RecursionError, ArithmeticError, LookupError)
"""What a reader may run into on broken bytes (struct.error and UnicodeError are ValueErrors or wrapped as such)."""

READERS: dict[str, str] = {
    # sounds and videos
    "mp3": "licscan.media.mp3:read",
    "aac": "licscan.media.mp3:read",
    "ogg": "licscan.media.ogg:read",
    "ogv": "licscan.media.ogg:read",
    "flac": "licscan.media.flac:read",
    "wav": "licscan.media.riff:read",
    "avi": "licscan.media.riff:read",
    "aiff": "licscan.media.aiff:read",
    "caf": "licscan.media.caf:read",
    "amr": "licscan.media.caf:read_amr",
    "midi": "licscan.media.midi:read",
    "sfnt": "licscan.media.fonts:read",
    "ttc": "licscan.media.fonts:read_collection",
    "eot": "licscan.media.fonts:read_eot",
    "woff": "licscan.media.woff:read",
    "woff2": "licscan.media.woff:read_woff2",
    "type1": "licscan.media.type1:read",
    "svg": "licscan.media.svg:read",
    "svgz": "licscan.media.svg:read",
    "svg-font": "licscan.media.svg:read",
    "pdf": "licscan.media.pdf:read",
    "png": "licscan.media.png:read",
    "jpeg": "licscan.media.jpeg:read",
    "gif": "licscan.media.gif:read",
    "webp": "licscan.media.webp:read",
    "avif": "licscan.media.heif:read",
    "heif": "licscan.media.heif:read",
    "jxl": "licscan.media.heif:read",
    "tiff": "licscan.media.tiff:read",
    "psd": "licscan.media.psd:read",
    "bmp": "licscan.media.icons:read_bmp",
    "ico": "licscan.media.icons:read_ico",
    "icns": "licscan.media.icons:read_icns",
    "m4a": "licscan.media.mp4:read",
    "mp4": "licscan.media.mp4:read",
    "matroska": "licscan.media.matroska:read",
    # animations
    "lottie-json": "licscan.media.lottie:read",
    "tgs": "licscan.media.lottie:read_tgs",
    "dotlottie": "licscan.media.lottie:read_zip",
    # models and data
    "gguf": "licscan.media.gguf:read",
    "safetensors": "licscan.media.models:read_safetensors",
    "tfjs": "licscan.media.models:read_tfjs",
    "keras": "licscan.media.models:read_keras",
    "onnx": "licscan.media.protobuf:read_onnx",
    "coreml": "licscan.media.protobuf:read_coreml",
    "tflite": "licscan.media.tflite:read",
    "pickle": "licscan.media.pickles:read",
    "torch": "licscan.media.pickles:read_torch",
    "parquet": "licscan.media.parquet:read",
    "npz": "licscan.media.models:read_npz",
}
"""The module and function that reads each format (`licscan.media.png:read`); imported when the first file needs it."""


def read_media(blob: Blob, name: str) -> MediaFacts | None:
    """What a file says of itself; None where it is no content that is read. A broken file has facts with a fault."""
    made = format_of(blob.at(0, HEAD), name)
    return None if made is None else read_as(blob, made)


def read_as(blob: Blob, made: Format) -> MediaFacts:
    """What a file of a format that is known says of itself."""
    empty = MediaFacts(made.kind, made.name)
    reader = reader_of(made.name)
    if reader is None:
        return empty
    try:
        facts = reader(blob, made)
    except BROKEN:
        return replace(empty, faults=(N_("is damaged: not all of it could be read"),))
    marks = {*facts.marks, *marks_of(facts.fields)}
    return replace(facts, fields=tuple(sorted(set(facts.fields))), marks=tuple(sorted(marks)))


def reader_of(name: str) -> Reader | None:
    """The reader of a format; None for one that is known and says nothing of itself."""
    place = READERS.get(name)
    if place is None:
        return None
    module, _colon, function = place.partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader
