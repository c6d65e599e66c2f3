"""The endings of names that files of content have, by kind: one list for all who choose files before they read them."""

from __future__ import annotations

from licscan.model.media import MediaKind

ENDINGS: dict[MediaKind, tuple[str, ...]] = {
    MediaKind.IMAGE: (
        "png", "apng", "jpg", "jpeg", "jfif", "gif", "webp", "avif", "heic", "heif", "tif", "tiff", "bmp", "ico", "cur",
        "icns", "psd", "jxl",
    ),
    MediaKind.SVG: ("svg", "svgz"),
    MediaKind.FONT: ("ttf", "otf", "ttc", "otc", "woff", "woff2", "eot", "pfb", "pfa"),
    MediaKind.AUDIO: (
        "mp3", "mp2", "mpga", "ogg", "oga", "opus", "spx", "flac", "wav", "wave", "aif", "aiff", "aifc", "m4a", "m4b",
        "m4r", "aac", "amr", "caf", "mid", "midi",
    ),
    MediaKind.VIDEO: ("mp4", "m4v", "mov", "3gp", "webm", "mkv", "avi", "ogv"),
    MediaKind.LOTTIE: ("lottie", "tgs", "riv"),
    MediaKind.DOCUMENT: ("pdf",),
    MediaKind.MODEL: (
        "gguf", "ggml", "safetensors", "onnx", "tflite", "lite", "pt", "pth", "ckpt", "jit", "pkl", "pickle", "joblib",
        "h5", "hdf5", "keras", "mlmodel", "bin",
    ),
    MediaKind.DATASET: ("parquet", "arrow", "feather", "npy", "npz", "tfrecord"),
}  # fmt: skip
"""Without the dot, in lower case."""

GENERIC = frozenset({"bin", "lite", "pt", "jit", "pkl", "pickle", "joblib"})
"""Endings that other files have, too: of a file with one of these its bytes alone tell that it is content."""


def endings(*kinds: MediaKind, generic: bool = False) -> tuple[str, ...]:
    """The endings of these kinds, of all where none is named, with the dot."""
    chosen = kinds or tuple(ENDINGS)
    return tuple(f".{one}" for kind in chosen for one in ENDINGS[kind] if generic or one not in GENERIC)
