"""Which format a file of content has: its first bytes decide, its name only where bytes alone cannot.

Sources of the magic numbers: the specifications of the formats (PNG, RFC 9649 for WebP, ISO/IEC 14496-12, RFC 3533 for
Ogg, ISO/IEC 14496-22 for sfnt, WOFF 1 and 2 of the W3C, GGUF, the file identifiers of FlatBuffers).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from licscan.model.media import MediaKind

HEAD = 4096
"""So many first bytes are enough to tell a format."""


@dataclass(frozen=True, slots=True, order=True)
class Format:
    """A format by its key in the table of readers (`png`, `woff2`, `gguf`), and the kind of content that it holds."""

    name: str
    kind: MediaKind


def _format(name: str, kind: MediaKind) -> tuple[str, Format]:
    return name, Format(name, kind)


FORMATS: dict[str, Format] = dict(
    (
        *(_format(name, MediaKind.FONT) for name in ("sfnt", "ttc", "woff", "woff2", "eot", "type1")),
        *(
            _format(name, MediaKind.IMAGE)
            for name in ("png", "jpeg", "gif", "webp", "avif", "heif", "tiff", "bmp", "ico", "icns", "psd", "jxl")
        ),
        *(_format(name, MediaKind.SVG) for name in ("svg", "svgz", "svg-font")),
        *(
            _format(name, MediaKind.AUDIO)
            for name in ("mp3", "ogg", "flac", "wav", "m4a", "aac", "aiff", "amr", "caf", "midi")
        ),
        *(_format(name, MediaKind.VIDEO) for name in ("mp4", "matroska", "avi", "ogv")),
        *(_format(name, MediaKind.LOTTIE) for name in ("lottie-json", "dotlottie", "tgs", "rive")),
        *(_format(name, MediaKind.DOCUMENT) for name in ("pdf",)),
        *(
            _format(name, MediaKind.MODEL)
            for name in (
                "gguf",
                "safetensors",
                "onnx",
                "tflite",
                "pickle",
                "torch",
                "hdf5",
                "keras",
                "coreml",
                "tfjs",
                "ggml",
            )
        ),
        *(_format(name, MediaKind.DATASET) for name in ("parquet", "arrow", "npy", "npz", "tfrecord")),
    )
)
"""Every format by its name."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (8, b"AVI ", "avi"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"II+\0", "tiff"),
    (0, b"MM\0+", "tiff"),
    (0, b"icns", "icns"),
    (0, b"8BPS", "psd"),
    (0, b"\xff\x0a", "jxl"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (0, b"\0\1\0\0", "sfnt"),
    (0, b"true", "sfnt"),
    (0, b"OTTO", "sfnt"),
    (0, b"ttcf", "ttc"),
    (0, b"wOFF", "woff"),
    (0, b"wOF2", "woff2"),
    (0, b"%!PS-AdobeFont", "type1"),
    (0, b"\x80\x01", "type1"),
    (0, b"ID3", "mp3"),
    (0, b"fLaC", "flac"),
    (0, b"FORM", "aiff"),
    (0, b"#!AMR", "amr"),
    (0, b"caff", "caf"),
    (0, b"MThd", "midi"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"%PDF-", "pdf"),
    (0, b"GGUF", "gguf"),
    (0, b"lmgg", "ggml"),
    (0, b"tjgg", "ggml"),
    (4, b"TFL3", "tflite"),
    (0, b"\x89HDF\r\n\x1a\n", "hdf5"),
    (0, b"PAR1", "parquet"),
    (0, b"ARROW1", "arrow"),
    (0, b"\x93NUMPY", "npy"),
    (0, b"RIVE", "rive"),
    (34, b"LP", "eot"),
)
_LATER = tuple(one for one in _MAGIC if one[0])
_STARTING = {
    byte: tuple(one for one in _MAGIC if not one[0] and one[1][:1] == byte) for byte in {one[1][:1] for one in _MAGIC}
}
_RIFF = frozenset({"webp", "wav", "avi"})
_BRANDS = {
    b"avif": "avif", b"avis": "avif", b"heic": "heif", b"heix": "heif", b"mif1": "heif", b"msf1": "heif",
    b"heim": "heif", b"hevc": "heif", b"M4A ": "m4a", b"M4B ": "m4a", b"M4P ": "m4a",
}  # fmt: skip
_ENDINGS: dict[str, str] = {
    ".onnx": "onnx", ".pt": "torch", ".pth": "torch", ".ckpt": "torch", ".jit": "torch", ".pkl": "pickle",
    ".pickle": "pickle", ".joblib": "pickle", ".safetensors": "safetensors", ".mlmodel": "coreml", ".keras": "keras",
    ".npz": "npz", ".lottie": "dotlottie", ".tgs": "tgs", ".svgz": "svgz", ".tfrecord": "tfrecord", ".aac": "aac",
}  # fmt: skip
"""Endings that decide where the bytes are those of a container, or of a format without a magic number."""
_WEIGHTS = re.compile(r"(?i)(?:^|[/_-])(?:pytorch_model|adapter_model|diffusion_pytorch_model)[\w.-]*\.bin$")
"""Weights that PyTorch wrote under the ending that anything may have."""
_ZIPPED = frozenset({"torch", "keras", "npz", "dotlottie"})
_ZIP = b"PK\x03\x04"
_SVG = re.compile(rb"(?is)<(?:[a-z][\w.-]{0,40}:)?svg[\s>/]")
_SVG_FONT = re.compile(rb"(?is)<font[\s>]")
_TEXT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*[<{]|^(?:\xff\xfe<\0|\xfe\xff\0<)")
_TFJS = re.compile(rb'"(?:modelTopology|weightsManifest)"')


def format_of(head: bytes, name: str) -> Format | None:
    """The format of a file by its first `HEAD` bytes and its name; None where it is no content that is read.

    A name alone never makes a format that has a magic number: text that is called `a.png` is no picture.
    """
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    found = _by_magic(head) or _by_shape(head, ending, name)
    if found == "mp3" and head.startswith(b"ID3") and ending == ".flac":
        # where a tag may be longer than the head, the name tells what stands behind it
        found = "flac"
    return FORMATS[found] if found else None


def _by_magic(head: bytes) -> str:
    for offset, magic, name in (*_STARTING.get(head[:1], ()), *_LATER):
        if head.startswith(magic, offset) and (name not in _RIFF or head[:4] in (b"RIFF", b"RF64")):
            return name if name != "aiff" or head[8:12] in (b"AIFF", b"AIFC") else ""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or _BRANDS.get(head[16:20], "mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide") and len(head) > 16:
        return "mp4"
    if head.startswith(b"OggS"):
        return "ogv" if b"\x80theora" in head[:512] else "ogg"
    if head[:2] == b"BM" and len(head) > 26 and head[6:10] == b"\0\0\0\0" and head[14:18] in _BITMAP_HEADERS:
        return "bmp"
    if head[:4] in (b"\0\0\1\0", b"\0\0\2\0") and len(head) > 22 and head[4] > 0 and head[5] < 4 and head[9] == 0:
        return "ico"
    return ""


_BITMAP_HEADERS = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _by_shape(head: bytes, ending: str, name: str) -> str:
    """What a container or a format without a magic number is: by its ending, where its bytes do not contradict that."""
    told = "torch" if _WEIGHTS.search(name) else _ENDINGS.get(ending, "")
    if head.startswith(_ZIP):
        return told if told in _ZIPPED else ""
    if head.startswith(b"\x1f\x8b"):
        return told if told in ("tgs", "svgz") else ""
    if _TEXT.match(head):
        return _by_text(head, ending, name)
    if _is_mpeg_audio(head):
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3" if ending in (".mp3", ".mpga", ".mp2", "") else ""
    if told == "safetensors":
        return told if len(head) > 9 and head[8:9] == b"{" else ""
    if told in ("torch", "pickle"):
        return "pickle" if head[:1] == b"\x80" and head[1:2] <= b"\x05" else ""
    if told in ("onnx", "coreml"):
        return told if head[:1] in (b"\x08", b"\x0a", b"\x12") else ""
    return "tfrecord" if told == "tfrecord" else ""


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame header of MPEG audio (ISO/IEC 11172-3) or ADTS; two frames are not checked, so the name has to agree."""
    return len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] != 0xFF and head[2] & 0xF0 != 0xF0


def _by_text(head: bytes, ending: str, name: str) -> str:
    if ending == ".json" or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        if _TFJS.search(head):
            return "tfjs"
        return "lottie-json" if _looks_like_lottie(head) else ""
    if ending in (".svg", "") and _SVG.search(head.replace(b"\0", b"")):
        return "svg-font" if _SVG_FONT.search(head) else "svg"
    return ""


_LOTTIE_KEYS = (b'"v"', b'"fr"', b'"ip"', b'"op"', b'"layers"', b'"assets"', b'"w"', b'"h"', b'"ddd"', b'"nm"')


def _looks_like_lottie(head: bytes) -> bool:
    """Whether the head of a JSON text has the keys that every Lottie animation has at its top (lottie-spec 1.0)."""
    start = head[:1024]
    return (b'"fr"' in start or b'"layers"' in head) and sum(key in start for key in _LOTTIE_KEYS) >= 4
