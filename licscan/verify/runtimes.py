"""The program around the product's own code: whether the notices of Chromium and FFmpeg go with an Electron."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.base.errors import InputError
from licscan.packages.credits import MAX_PAGE, is_credits, read_credits
from licscan.verify.records import File

_SIGNS = frozenset(
    {"chrome_100_percent.pak", "v8_context_snapshot.bin", "libffmpeg.so", "libffmpeg.dylib", "ffmpeg.dll"}
)
"""Files of Chromium that every Electron program has beside it; two of them are needed, since one can be another's."""
_FRAMEWORK = "electron framework.framework/"


def chromium_sign(files: Iterable[File]) -> str:
    """The path of a file that shows that Chromium is inside; empty where none does."""
    found: dict[str, str] = {}
    for file in files:
        path = file.path.lower()
        if _FRAMEWORK in path:
            return file.path
        name = path.rpartition("/")[2]
        if name in _SIGNS:
            found.setdefault(name, file.path)
    return min(found.values()) if len(found) > 1 else ""


def has_credits(files: Iterable[File]) -> bool:
    """Whether a page of credits with at least one license text lies among the files."""
    return any(is_credits(file.path) and _lists_texts(file) for file in files)


def _lists_texts(file: File) -> bool:
    try:
        page = file.read(MAX_PAGE).decode("utf-8", "replace")
    except InputError:
        return False  # damaged or too large: nobody can say that it holds the notices
    return any(part.text for part in read_credits(page))
