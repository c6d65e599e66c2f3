"""Content inside content: what a `data:` address holds (RFC 2397), by its digest and its format."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import unquote_to_bytes

from licscan.media.kinds import HEAD, format_of
from licscan.model.media import InnerMedia

MAX_ADDRESSES = 1_000
_ADDRESS = re.compile(rb"""(["'(])\s{0,8}data:([^,"'()<>]{0,200}),""")
_CLOSING = {b'"': b'"', b"'": b"'", b"(": b")"}
_ESCAPED = re.compile(rb"&#(?:10|13|9|x[aAdD9]);")


def data_addresses(text: bytes) -> Iterator[bytes]:
    """The content of each `data:` address between quotation marks or parentheses, in order, 1,000 at most."""
    place = 0
    for _count in range(MAX_ADDRESSES):
        found = _ADDRESS.search(text, place)
        if found is None:
            return
        end = text.find(_CLOSING[found.group(1)], found.end())
        if end < 0:
            return
        place = end
        content = _content(found.group(2), text[found.end() : end])
        if content:
            yield content


def _content(media_type: bytes, data: bytes) -> bytes:
    data = unquote_to_bytes(data) if b"%" in data else data
    if not media_type.rstrip().lower().endswith(b";base64"):
        return data
    digits = b"".join(_ESCAPED.sub(b"", data).split())
    try:
        return base64.b64decode(digits + b"=" * (-len(digits) % 4))
    except ValueError:
        return b""


def inner_of(content: bytes, path: str) -> InnerMedia | None:
    """The content under a path of its own; None where it is of no format that is known."""
    made = format_of(content[:HEAD], "")
    if made is None:
        return None
    return InnerMedia(path, made.kind, made.name, sha256(content).hexdigest(), len(content))
