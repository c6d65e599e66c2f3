"""ONNX and Core ML: the few texts of their protocol buffers, by a walk that steps over graphs and weights.

Sources: onnx.proto (ModelProto) of ONNX; Model.proto and its Metadata of Core ML; the encoding of protocol buffers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from licscan.media.blob import Blob
from licscan.media.gathered import MAX_RECORDS, Gathered
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
    gathered = Gathered(made)
    for field in _fields(blob, 0, blob.size, gathered):
        if field.number in _ONNX and field.stop:
            meaning, name = _ONNX[field.number]
            gathered.add(meaning, f"onnx:{name}", _text(blob, field))
        elif field.number == 14:
            key, text = _pair(blob, field, gathered)
            gathered.add(meaning_of(key.removeprefix("model_"), text), f"onnx:metadata_props.{key}", text)
        elif field.number == 7:
            for inner in _fields(blob, field.start, field.stop, gathered, _NODES):
                if inner.number in (2, 10) and inner.stop:
                    meaning = Meaning.NAME if inner.number == 2 else Meaning.DESCRIPTION
                    name = "name" if inner.number == 2 else "doc_string"
                    gathered.add(meaning, f"onnx:graph.{name}", _text(blob, inner))
    return gathered.facts()


def read_coreml(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a Core ML model."""
    gathered = Gathered(made)
    for field in _fields(blob, 0, blob.size, gathered):
        if field.number != 2:
            continue
        for inner in _fields(blob, field.start, field.stop, gathered):
            if inner.number == 100:
                _keep_coreml(blob, inner, gathered)
    return gathered.facts()


def _keep_coreml(blob: Blob, metadata: _Field, gathered: Gathered) -> None:
    for field in _fields(blob, metadata.start, metadata.stop, gathered):
        if field.number in _COREML:
            meaning, name = _COREML[field.number]
            gathered.add(meaning, f"coreml:{name}", _text(blob, field))
        elif field.number == 100:
            key, text = _pair(blob, field, gathered)
            gathered.add(meaning_of(key.rpartition(".")[2], text), f"coreml:userDefined.{key}", text)


def _fields(blob: Blob, place: int, stop: int, gathered: Gathered, most: int = MAX_RECORDS) -> Iterator[_Field]:
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
            gathered.broken()
            return
        if place > stop or not place:
            gathered.broken()
            return
        yield _Field(number, start, end)
    gathered.too_much()


def _pair(blob: Blob, entry: _Field, gathered: Gathered) -> tuple[str, str]:
    """The key and the value of an entry of a map."""
    held = {field.number: _text(blob, field) for field in _fields(blob, entry.start, entry.stop, gathered)}
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
