"""APE tags, versions 1 and 2 (specification of the Monkey's Audio tag)."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.charset import decoded
from licscan.media.found import MAX_FIELD, Found
from licscan.media.keys import meaning_of
from licscan.media.numbers import little

_ITEMS = 1_000


def ape_into(found: Found, blob: Blob, offset: int) -> int:
    """Keep the items of the tag whose header or footer stands at a place; returns its length, 0 where none does."""
    mark = blob.at(offset, 32)
    if len(mark) < 32 or mark[:8] != b"APETAGEX":
        return 0
    size, count, flags = little(mark[12:16]), little(mark[16:20]), little(mark[20:24])
    is_header = flags >> 29 & 1
    start = offset + 32 if is_header else offset + 32 - size
    if size < 32 or start < 0 or start + size > blob.size + 32:
        found.broken()
        return 32
    data = blob.at(start, min(size, MAX_FIELD))
    if size > MAX_FIELD or count > _ITEMS:
        found.crowded()
    place = 0
    for _item in range(min(count, _ITEMS)):
        zero = data.find(b"\0", place + 8, place + 8 + 256)
        if zero < 0:
            break
        length, kind = little(data[place : place + 4]), data[place + 4] >> 1 & 3
        key = data[place + 8 : zero].decode("latin-1")
        held = data[zero + 1 : zero + 1 + length]
        if kind != 1 and not key.lower().startswith("cover art"):
            text = " / ".join(decoded(part) for part in held.split(b"\0", 64) if part)
            found.add(meaning_of(key, text), f"ape:{key}", text)
        place = zero + 1 + length
    return size + (32 if flags >> 31 else 0)
