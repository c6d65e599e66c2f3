"""ONNX and Core ML: the few texts of their protocol buffers, by a walk that steps over graphs and weights.

Sources: onnx.proto (ModelProto) of ONNX; Model.proto and its Metadata of Core ML; the encoding of protocol buffers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from licscan.media.blob import Blob
from licscan.media.found import MAX_PARTS, Found
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.model.media import Meaning, MediaFacts

_TEXT = 65_536
_NODES = 50_000
"""Nodes and weights of a graph that are stepped over: its name stands behind the nodes."""
_ONNX = {
    2: (Meaning.SOFTWARE, "producer_name"), 3: (Meaning.SOFTWARE, "producer_version"), 4: (Meaning.SOURCE, "domain"),
    6: (Meaning.DESCRIPTION, "doc_string"),
}  # fmt: skip
_COREML = {
    1: (Meaning.DESCRIPTION, "shortDescription"), 2: (Meaning.VERSION, "versionString"), 3: (Meaning.AUTHOR, "author"),
    4: (Meaning.LICENSE, "license"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a message: its number, where its bytes start and end (both 0 for a number)."""

    number: int
    start: int
    stop: int


def read_onnx(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an ONNX model."""
    found = Found()
    for field in _fields(found, blob, 0, blob.size):
        if field.number in _ONNX and field.stop:
            meaning, name = _ONNX[field.number]
            found.add(meaning, f"onnx:{name}", _text(blob, field))
        elif field.number == 14:
            key, text = _pair(found, blob, field)
            found.add(meaning_of(key.removeprefix("model_"), text), f"onnx:metadata_props.{key}", text)
        elif field.number == 7:
            for inner in _fields(found, blob, field.start, field.stop, _NODES):
                if inner.number in (2, 10) and inner.stop:
                    meaning = Meaning.NAME if inner.number == 2 else Meaning.DESCRIPTION
                    name = "name" if inner.number == 2 else "doc_string"
                    found.add(meaning, f"onnx:graph.{name}", _text(blob, inner))
    return found.facts(made)


def read_coreml(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a Core ML model."""
    found = Found()
    for field in _fields(found, blob, 0, blob.size):
        if field.number != 2:
            continue
        for inner in _fields(found, blob, field.start, field.stop):
            if inner.number == 100:
                _keep_coreml(found, blob, inner)
    return found.facts(made)


def _keep_coreml(found: Found, blob: Blob, metadata: _Field) -> None:
    for field in _fields(found, blob, metadata.start, metadata.stop):
        if field.number in _COREML:
            meaning, name = _COREML[field.number]
            found.add(meaning, f"coreml:{name}", _text(blob, field))
        elif field.number == 100:
            key, text = _pair(found, blob, field)
            found.add(meaning_of(key.rpartition(".")[2], text), f"coreml:userDefined.{key}", text)


def _fields(found: Found, blob: Blob, place: int, stop: int, most: int = MAX_PARTS) -> Iterator[_Field]:
    """The fields of a message, whose bytes are not read."""
    for _count in range(most):
        if place >= stop:
            return
        head = blob.at(place, 20)
        tag, length = _varint(head, 0)
        number, wire = tag >> 3, tag & 7
        start = end = 0
        if wire == 2 and length:
            size, width = _varint(head, length)
            start = place + length + width
            end = start + size if width else 0
            place = end
        elif wire == 0 and length:
            width = _varint(head, length)[1]
            place += length + width if width else stop
        elif wire in (1, 5) and length:
            place += length + (8 if wire == 1 else 4)
        else:
            found.broken()
            return
        if place > stop or not place:
            found.broken()
            return
        yield _Field(number, start, end)
    found.crowded()


def _pair(found: Found, blob: Blob, entry: _Field) -> tuple[str, str]:
    """The key and the value of an entry of a map."""
    held = {field.number: _text(blob, field) for field in _fields(found, blob, entry.start, entry.stop)}
    return held.get(1, ""), held.get(2, "")


def _text(blob: Blob, field: _Field) -> str:
    return blob.at(field.start, min(field.stop - field.start, _TEXT)).decode("utf-8", "replace")


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of seven bits a byte, least first, and its length; 0 bytes where there is none."""
    value = 0
    for count, byte in enumerate(data[place : place + 10]):
        value |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            return value, count + 1
    return 0, 0
