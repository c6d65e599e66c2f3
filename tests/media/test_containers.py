"""Packets of XMP and manifests of C2PA reach their readers from every container that holds them."""

from __future__ import annotations

import pytest

from licscan.model.media import MarkKind, Meaning
from tests.media import making
from tests.media.reading import facts, said

PACKET = making.rights("Ann")
AI = "http://cv.example/digitalsourcetype/trainedAlgorithmicMedia"
STORE = making.credentials({"claim_generator": "Maker/1"}, [{"action": "c2pa.created", "digitalSourceType": AI}])
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
FTYP = making.box(b"ftyp", b"isom0000")
XMP_IN = {
    "a.wav": making.wav(making.chunk(b"_PMX", PACKET)),
    "a.mp3": making.id3(making.frame("PRIV", b"XMP\0" + PACKET)) + making.FRAME,
    "a.aiff": making.chunk(b"FORM", b"AIFF" + making.chunk(b"APPL", b"XMP " + PACKET, "big"), "big"),
    "a.flac": b"fLaC\x82" + (len(PACKET) + 4).to_bytes(3, "big") + b"XMP " + PACKET,
    "a.caf": b"caff\0\1\0\0uuid" + (len(PACKET) + 16).to_bytes(8, "big") + XMP + PACKET,
    "a.mp4": FTYP + making.box(b"uuid", XMP + PACKET),
    "a.mov": FTYP + making.box(b"moov", making.box(b"udta", making.box(b"XMP_", PACKET))),
}
OBJECT = b"\3application/c2pa\0c2pa\0c2pa manifest store\0" + STORE
C2PA_IN = {
    "a.mp3": making.id3(making.frame("GEOB", OBJECT, 4), 4) + making.FRAME,
    "a.flac": making.id3(making.frame("GEOB", OBJECT, 4), 4) + making.flac({"TITLE": "A"}),
    "a.wav": making.wav(making.chunk(b"C2PA", STORE)),
    "a.mp4": FTYP + making.box(b"uuid", C2PA + b"\0\0\0\0manifest\0" + b"\0" * 8 + STORE),
}


@pytest.mark.parametrize("name", sorted(XMP_IN))
def test_xmp(name: str) -> None:
    assert facts(XMP_IN[name], name).texts(Meaning.COPYRIGHT) == ("Ann",)


@pytest.mark.parametrize("name", sorted(C2PA_IN))
def test_c2pa(name: str) -> None:
    """The digital source type in a manifest is a mark of its own, as it is in pictures."""
    found = facts(C2PA_IN[name], name)
    assert [(mark.kind, mark.tool, mark.detail) for mark in found.marks] == [
        (MarkKind.C2PA, "Maker/1", "trainedAlgorithmicMedia"),
        (MarkKind.DIGITAL_SOURCE, "", "trainedAlgorithmicMedia"),
    ]
    assert found.texts(Meaning.DIGITAL_SOURCE) == (AI,)
    assert found.faults == ()


def test_an_object_of_another_kind_is_left() -> None:
    other = making.id3(making.frame("GEOB", b"\3text/plain\0a\0b\0" + STORE, 4), 4) + making.FRAME
    assert facts(other, "a.mp3").marks == ()


def test_comments_of_a_flac_behind_a_tag() -> None:
    assert ("title", "vorbis:TITLE", "A") in said(C2PA_IN["a.flac"], "a.flac")
