"""Lottie animations (lottie-spec 1.0): JSON, Telegram's stickers (gzip), dotLottie (zip)."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

from licscan.media.blob import Blob
from licscan.media.found import MAX_PARTS, Found
from licscan.media.inner import inner_of
from licscan.media.jsons import keep_values, loaded, text_of
from licscan.media.keys import meaning_of
from licscan.media.kinds import Format
from licscan.media.packed import GZIP
from licscan.media.zips import entries_of, held_by
from licscan.model.media import Meaning, MediaFacts

_WHOLE = 16 << 20
"""Bytes of an animation that is read as JSON."""
_INFLATED = 4 << 20
"""Bytes of one that is packed: stickers have 64 KiB packed at most, and some hundred unpacked."""
_META = {"a": Meaning.AUTHOR, "g": Meaning.SOFTWARE, "d": Meaning.DESCRIPTION, "k": Meaning.OTHER}
_MANIFEST = {"author": Meaning.AUTHOR, "generator": Meaning.SOFTWARE, "version": Meaning.OTHER}
_DATA = re.compile(r"data:[\w.+/-]{0,100}(?:;[\w=.-]{1,60})*,")
_PICTURES = 500
_ANIMATIONS = 16


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an animation as JSON."""
    found = Found()
    if blob.size > _WHOLE:
        found.crowded()
    else:
        _keep(found, _document(found, blob.at(0, blob.size)))
    return found.facts(made)


def read_tgs(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a sticker of Telegram."""
    found = Found()
    data = found.inflated(blob.at(0, _INFLATED), _INFLATED, GZIP)
    if 0 < len(data) < _INFLATED:
        _keep(found, _document(found, data))
    return found.facts(made)


def read_zip(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a dotLottie file, version 1 or 2: its manifest, its animations, its pictures."""
    found = Found()
    animations = pictures = 0
    for entry in entries_of(blob):
        folder, _slash, name = entry.name.partition("/")
        if entry.name == "manifest.json":
            keep_values(found, _document(found, held_by(found, blob, entry)), "dotlottie", _MANIFEST)
        elif folder in ("animations", "a") and name.endswith(".json") and animations < _ANIMATIONS:
            animations += 1
            data = held_by(found, blob, entry, _INFLATED)
            if data:
                _keep(found, _document(found, data))
        elif folder in ("images", "i", "fonts", "f", "audio", "u") and name and pictures < _PICTURES:
            pictures += 1
            _embed(found, entry.name, held_by(found, blob, entry, _INFLATED))
    return found.facts(made)


def _document(found: Found, data: bytes) -> Any:
    try:
        return loaded(data)
    except ValueError:
        found.broken()
        return None


def _keep(found: Found, held: Any) -> None:
    if not isinstance(held, dict):
        return
    found.add(Meaning.NAME, "lottie:nm", text_of(held.get("nm")))
    found.add(Meaning.OTHER, "lottie:v", text_of(held.get("v")))
    meta = held.get("meta")
    if isinstance(meta, dict):
        for key, value in list(meta.items())[:100]:
            text = text_of(value)
            found.add(_META.get(key) or meaning_of(key, text), f"lottie:meta.{key}", text)
    found.width, found.height = _number(held.get("w")), _number(held.get("h"))
    rate, first, last = (_real(held.get(key)) for key in ("fr", "ip", "op"))
    if rate > 0 and last > first:
        found.duration = min(int((last - first) * 1000 / rate), 1 << 40)
    _assets(found, held.get("assets"))
    fonts = held.get("fonts")
    listed = fonts.get("list") if isinstance(fonts, dict) else None
    for font in listed[:100] if isinstance(listed, list) else ():
        if isinstance(font, dict):
            found.add(Meaning.OTHER, "lottie:font", text_of(font.get("fName")) or text_of(font.get("fFamily")))


def _assets(found: Found, assets: Any) -> None:
    """The pictures and sounds that stand inside as `data:` addresses."""
    count = 0
    for asset in assets[:MAX_PARTS] if isinstance(assets, list) else ():
        place = asset.get("p") if isinstance(asset, dict) else None
        if not isinstance(place, str) or not place.startswith("data:") or count >= _PICTURES:
            continue
        start = _DATA.match(place)
        if start is None or ";base64" not in start[0]:
            continue
        count += 1
        try:
            data = b64decode(place[start.end() :].encode("ascii", "replace"))
        except ValueError:
            found.broken()
            continue
        _embed(found, f"assets/{text_of(asset.get('id'))[:100]}", data)


def _embed(found: Found, path: str, data: bytes) -> None:
    made = inner_of(data, path)
    if made is not None:
        found.inner[made] = None


def _real(value: Any) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and -1e12 < value < 1e12
    return float(value) if fits else 0.0


def _number(value: Any) -> int:
    return max(0, int(_real(value)))
