"""Packets of XMP and manifests of C2PA reach their readers from every container that holds them."""

from __future__ import annotations

import pytest

from licscan.media import bridges
from licscan.model.media import AiMark, MarkKind, Meaning, MediaField
from tests.media import making_sounds as make
from tests.media.test_sounds import facts_of

PACKET = b"<x:xmpmeta>the packet</x:xmpmeta>"
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
FTYP = make.box(b"ftyp", b"isom0000")
XMP_IN = {
    "a.wav": make.wav(make.chunk(b"_PMX", PACKET)),
    "a.mp3": make.id3(make.frame("PRIV", b"XMP\0" + PACKET)) + make.FRAME,
    "a.aiff": make.chunk(b"FORM", b"AIFF" + make.chunk(b"APPL", b"XMP " + PACKET, "big"), "big"),
    "a.flac": b"fLaC\x82" + (len(PACKET) + 4).to_bytes(3, "big") + b"XMP " + PACKET,
    "a.caf": b"caff\0\1\0\0uuid" + (len(PACKET) + 16).to_bytes(8, "big") + XMP + PACKET,
    "a.mp4": FTYP + make.box(b"uuid", XMP + PACKET),
    "a.mov": FTYP + make.box(b"moov", make.box(b"udta", make.box(b"XMP_", PACKET))),
}
C2PA_IN = {
    "a.wav": make.wav(make.chunk(b"C2PA", PACKET)),
    "a.mp4": FTYP + make.box(b"uuid", C2PA + b"\0\0\0\0manifest\0" + b"\0" * 8 + PACKET),
}


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_xmp(packet: bytes) -> tuple[MediaField, ...]:
        assert packet.rstrip(b"\0") == PACKET
        return (MediaField(Meaning.COPYRIGHT, "xmp:dc:rights", "Ann"),)

    def c2pa_mark(jumbf: bytes, field: str) -> AiMark:
        assert jumbf == PACKET
        return AiMark(MarkKind.C2PA, field)

    made = {"read_xmp": read_xmp, "c2pa_mark": c2pa_mark}
    monkeypatch.setattr(bridges, "_function", lambda _module, name: made[name])


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize("name", sorted(XMP_IN))
def test_xmp(name: str) -> None:
    assert facts_of(XMP_IN[name], name).texts(Meaning.COPYRIGHT) == ("Ann",)


@pytest.mark.usefixtures("readers")
@pytest.mark.parametrize("name", sorted(C2PA_IN))
def test_c2pa(name: str) -> None:
    assert [mark.kind for mark in facts_of(C2PA_IN[name], name).marks] == [MarkKind.C2PA]
