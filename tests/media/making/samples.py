"""One small file of each format that is read, with fields."""

from __future__ import annotations

import gzip
import json
import pickle
import struct
import zlib
from collections import OrderedDict

from tests.media.making.fonts import OPEN, eot, font_tables, sfnt, ttc, woff, woff2
from tests.media.making.models import coreml, dotlottie, gguf, lottie, onnx, parquet, safetensors, torch
from tests.media.making.pictures import SVG, gif, gif_comment, gif_xmp, heif, jpeg, pdf, png, psd, webp
from tests.media.making.sounds import (
    FRAME,
    aiff,
    ape,
    avi,
    bext,
    caf,
    flac,
    frame,
    id3,
    id3v1,
    info,
    latin,
    m4a,
    matroska,
    midi,
    ogg,
    ogv,
    opus,
    wav,
)
from tests.media.making.standards import LABEL, XMP_HEAD, credentials, iptc, resource, rights, tiff, zipped


def _pictures() -> dict[str, bytes]:
    exif = tiff({0x8298: b"Copyright 2020 Example\0", 0x0131: b"Maker 1.0\0"}, inner={0x9286: b"ASCII\0\0\0A comment"})
    packet, store = rights("Example"), credentials({"claim_generator": "Example/1.0"})
    tables = font_tables(OPEN, 4)
    resources = resource(1028, iptc({116: b"Example", 80: b"Ann"})) + resource(1060, packet)
    return {
        "a.png": png(
            (b"tEXt", b"Copyright\0Example"), (b"zTXt", b"Comment\0\0" + zlib.compress(b"Hello")),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet), (b"eXIf", exif), (b"caBX", store),
        ),
        "a.jpg": jpeg(
            (0xE1, b"Exif\0\0" + exif), (0xE1, XMP_HEAD + packet), (0xED, b"Photoshop 3.0\0" + resources),
            (0xEB, b"JP\0\x01\0\0\0\x01" + store), (0xFE, b"A comment"),
        ),
        "a.gif": gif(gif_comment(b"A comment"), gif_xmp(packet)),
        "a.webp": webp((b"EXIF", exif), (b"XMP ", packet), (b"C2PA", store)),
        "a.tif": tiff({0x8298: b"Copyright 2020 Example\0", 0x2BC: packet, 0x83BB: iptc({116: b"Example"})}, big=True),
        "a.psd": psd(resources),
        "a.avif": heif(exif, packet),
        "a.ico": b"\0\0\1\0\1\0" + bytes([16, 16, 0, 0, 1, 0, 32, 0]) + struct.pack("<II", 4, 22) + b"\0" * 4,
        "a.bmp": b"BM" + struct.pack("<IIIIiiHH", 60, 0, 54, 40, 3, -2, 1, 24) + b"\0" * 30,
        "a.icns": b"icns" + struct.pack(">I", 24) + b"ic07" + struct.pack(">I", 16) + b"\0" * 8,
        "a.svg": (SVG % '<image href="data:image/gif;base64,R0lGODlhAQABAAAAACw="/>').encode(),
        "a.svgz": gzip.compress((SVG % "").encode(), mtime=0),
        "a.ttf": sfnt(tables),
        "a.ttc": ttc(tables, font_tables(OPEN, 8)),
        "a.woff": woff(tables, b"<metadata><copyright><text>Example</text></copyright></metadata>"),
        "a.woff2": woff2(tables, b"<metadata><license url='https://terms.example'>Terms</license></metadata>"),
        "a.eot": eot(sfnt(tables), 4, 0x1000_0000, "https://shop.example"),
        "a.pfa": b"%!PS-AdobeFont-1.0: Exempla\n/Notice (Copyright \\(c\\) Example) def\n/FSType 4 def\neexec\n",
        "a.pdf": pdf(b"<</Author (Ann) /Copyright <feff00a9> /Producer (Maker)>>", packet, packed=True),
    }  # fmt: skip


PICTURES = _pictures()
"""Fonts, pictures, drawings and documents."""
SOUNDS: dict[str, bytes] = {
    "a.mp3": id3(latin("TIT2", b"A door") + latin("TCOP", b"2024 Ann Author")) + FRAME * 4 + ape({"Artist": "Zoe"})
    + id3v1(b"A door", b"Ann Author"),
    "b.mp3": id3(frame("TIT2", b"\3A door", 4) + frame("TXXX", b"\3AIGC\0" + json.dumps(LABEL).encode(), 4), 4),
    "a.ogg": ogg({"TITLE": "A door"}), "a.opus": opus({"LICENSE": "CC0-1.0"}), "a.ogv": ogv({"ARTIST": "Ann"}),
    "a.flac": flac({"COPYRIGHT": "2024 Ann Author"}), "a.wav": wav(info({"ICOP": b"2024 Ann"}), bext()),
    "a.avi": avi({"INAM": b"A door"}), "a.aiff": aiff(), "a.caf": caf(), "a.mid": midi([(2, b"(C) 1999 Ann")]),
    "a.amr": b"#!AMR\n" + (b"\x3c" + b"\0" * 31) * 5, "a.m4a": m4a(), "a.mp4": m4a(b"isom"), "a.webm": matroska(),
    "a.json": lottie(), "a.tgs": gzip.compress(lottie(), mtime=0), "a.lottie": dotlottie(),
    "a.gguf": gguf({"general.license": "mit"}), "a.safetensors": safetensors({"license": "mit"}), "a.onnx": onnx(),
    "a.mlmodel": coreml(), "a.parquet": parquet(), "a.pt": torch(), "a.pkl": pickle.dumps(OrderedDict(a=1), 4),
    "a.keras": zipped({"metadata.json": b'{"keras_version": "3.0"}'}), "a.npz": zipped({"x.npy": b""}),
    "packed.mp3": id3(frame("TCOP", b"\0\0\0\x05" + zlib.compress(b"\0Ann"), 3, 0x80)) + FRAME,
}  # fmt: skip
"""Sounds, videos, animations, models and data sets."""
SAMPLES = {**PICTURES, **SOUNDS}
"""One small file of each format that is read."""
