"""A digest of what a Lottie animation shows: its document without names, tools, order of keys and ways of numbers.

Names of layers, shapes, assets and compositions, versions, generators, metadata, white space, the order of keys,
digits beyond three after the point, and what is written although it is the default make no difference; nor does the
wrapping (JSON, Telegram's gzip, dotLottie). What tools round to fewer digits does change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from licscan.artsets.svg import DIGEST_BYTES
from licscan.media.blob import Held
from licscan.media.found import Found
from licscan.media.jsons import loaded
from licscan.media.packed import GZIP
from licscan.media.readers import BROKEN
from licscan.media.zips import entries_of, held_by

MAX_BYTES = 8 * 1024 * 1024
MAX_ANIMATIONS = 16
MIN_NUMBERS = 60
"""Less is a plain shape that grows or fades, as many draw it."""
_INFLATED = 4 * 1024 * 1024
_DEPTH = 100
_NAMES = frozenset({"nm", "mn", "cl", "ln", "ix", "cix", "np", "meta", "metadata", "props", "tgs", "xt", "bounds"})
"""What names things, numbers them for an editor, or says which tool wrote them."""
_TOP = frozenset({"v", "markers", "fonts", "chars", "slots"})
_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "ddd": (0,), "bm": (0,), "ao": (0,), "hd": (False, 0), "sr": (1,), "mb": (False, 0), "td": (0,), "ct": (0,),
}  # fmt: skip


def motions_of(data: bytes, made: str) -> tuple[bytes, ...]:
    """The digests of the animations in a file; none where it is broken, too large, too deep or too plain."""
    found: dict[bytes, None] = {}
    try:
        for document in _documents(data, made):
            digest = _digest(loaded(document))
            if digest is not None:
                found[digest] = None
    except BROKEN:
        return ()
    return tuple(found)


def _documents(data: bytes, made: str) -> Iterator[bytes]:
    if len(data) > MAX_BYTES:
        return
    found = Found()
    if made == "lottie-json":
        yield data
    elif made == "tgs":
        yield found.inflated(data, _INFLATED, GZIP)
    elif made == "dotlottie":
        blob, count = Held(data), 0
        for entry in entries_of(blob):
            folder, _slash, name = entry.name.partition("/")
            if folder in ("animations", "a") and name.endswith(".json") and count < MAX_ANIMATIONS:
                count += 1
                yield held_by(found, blob, entry, _INFLATED)


def _digest(held: Any) -> bytes | None:
    if not isinstance(held, dict) or not isinstance(held.get("layers"), list):
        return None
    assets = held.get("assets")
    names = {
        str(asset["id"]): number
        for number, asset in enumerate(assets if isinstance(assets, list) else ())
        if isinstance(asset, dict) and "id" in asset
    }
    writer = _Writer(names)
    writer.write({key: value for key, value in held.items() if key not in _TOP}, 0)
    if writer.numbers < MIN_NUMBERS:
        return None
    return hashlib.sha256("".join(writer.parts).encode("utf-8", "surrogatepass")).digest()[:DIGEST_BYTES]


class _Writer:
    """Writes one document in the one way; `names` are the places of assets, by which they are meant."""

    def __init__(self, names: dict[str, int]) -> None:
        self.names = names
        self.parts: list[str] = []
        self.numbers = 0

    def write(self, value: Any, depth: int) -> None:
        """Write a value.

        Raises:
            ValueError: it is nested too deeply, or no number.
        """
        if depth > _DEPTH:
            raise ValueError("nested too deeply")
        if isinstance(value, dict):
            self.parts.append("{")
            for key in sorted(value):
                if key not in _NAMES and not _is_default(key, value[key]):
                    self.parts.append(f"{key}:")
                    self._member(key, value, depth)
            self.parts.append("}")
        elif isinstance(value, list):
            self.parts.append("[")
            for one in value:
                self.write(one, depth + 1)
            self.parts.append("]")
        else:
            self.parts.append(self._scalar(value))

    def _member(self, key: str, held: dict[str, Any], depth: int) -> None:
        value = held[key]
        if isinstance(value, str):
            if key in ("refId", "id"):
                self.parts.append(f"#{self.names.get(value, -1)};")
                return
            if key in ("u", "p") and not value.startswith("data:"):
                return  # where a picture lies: a name again
        self.write(value, depth + 1)

    def _scalar(self, value: Any) -> str:
        if isinstance(value, bool):
            return f"{int(value)};"
        if isinstance(value, int | float):
            self.numbers += 1
            if not -1e12 < value < 1e12:
                raise ValueError("no number")
            # the sum makes one zero of both
            return f"{round(float(value), 3) + 0.0:g};" if abs(value) < 1000 else f"{round(float(value), 3):.3f};"
        return f"{value!r};"


def _is_default(key: str, value: Any) -> bool:
    return not isinstance(value, dict | list) and value in _DEFAULTS.get(key, ())
