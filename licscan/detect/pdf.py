"""The text of a PDF as far as it can be had simply: streams that are plain or deflated, with their show-text operators.

No fonts are read, so text in a font with an encoding of its own comes out as what its codes spell, often nothing. An
encrypted file, or one that needs another filter, gives no text. Facts: ISO 32000-1, 7.3.4, 7.3.8, 9.4.3.
"""

from __future__ import annotations

import re
import zlib

MAX_STREAM = 4_000_000
"""Bytes that one stream may unpack to; the rest of it is left."""
MAX_ALL = 16_000_000
"""Bytes that all streams together may unpack to."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does."""
    return b"%PDF-" in data[:1_024]


def text_of(data: bytes) -> str:
    """What the page contents show, a line for each line of the page; empty when nothing can be read."""
    pages: list[str] = []
    left = MAX_ALL
    place = 0
    while left > 0 and (start := _STREAM.search(data, place)):
        end = data.find(b"endstream", start.end())
        if end < 0:
            break
        place = end + len(b"endstream")
        content = _unpack(data[start.end() : end], min(left, MAX_STREAM))
        left -= len(content)
        if b"Tj" in content or b"TJ" in content:
            pages.append(_shown(content))
    return "\n".join(pages)


_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def _unpack(stream: bytes, limit: int) -> bytes:
    """The stream inflated where it has the header of a deflated one, else as it is."""
    if len(stream) < 2 or stream[0] & 15 != 8 or (stream[0] * 256 + stream[1]) % 31:
        return stream[:limit]
    try:
        return zlib.decompressobj().decompress(stream, limit)
    except zlib.error:
        return b""


_TOKENS = re.compile(
    rb"(?P<string>\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\))"
    rb"|(?P<hex><[0-9A-Fa-f\s]++>)"
    rb"|(?P<number>[-+]?(?:\d++\.?\d*+|\.\d++))"
    rb"|(?P<operator>T[dDmjJ*]|['\"]|[A-Za-z]++\*?)",
    re.DOTALL,
)
_GAP = -180.0
"""Thousandths of the font size from which a move to the right inside a word list is a space."""


def _shown(content: bytes) -> str:
    """The strings of a page's content, with its moves to another line as line ends and to another place as spaces."""
    out: list[str] = []
    numbers: list[float] = []
    height = 0.0
    for match in _TOKENS.finditer(content):
        kind = match.lastgroup
        if kind == "number":
            numbers = [*numbers[-5:], float(match[0])]
            if numbers[-1] < _GAP:
                out.append(" ")
        elif kind == "string":
            out.append(_string(match[0][1:-1]))
        elif kind == "hex":
            out.append(bytes.fromhex(_even(match[0][1:-1])).decode("latin-1").replace("\0", ""))
        else:
            move, height = _moved(match[0], numbers, height)
            out.append(move)
            numbers = []
    return _CONTROLS.sub(" ", "".join(out))


_CONTROLS = re.compile(r"[\0-\x08\x0b-\x1f]")


def _moved(operator: bytes, numbers: list[float], height: float) -> tuple[str, float]:
    """What an operator puts between strings, and the height on the page after it."""
    if operator in (b"T*", b"'", b'"', b"ET"):
        return "\n", height
    if operator in (b"Td", b"TD") and len(numbers) >= 2:
        return ("\n" if numbers[-1] else " "), height + numbers[-1]
    if operator == b"Tm" and len(numbers) >= 6:
        return (" " if numbers[-1] == height else "\n"), numbers[-1]
    return "", height


def _even(digits: bytes) -> str:
    packed = b"".join(digits.split()).decode("ascii")
    return packed + "0" * (len(packed) % 2)


_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_ESCAPED = {b"n": b" ", b"r": b" ", b"t": b" ", b"b": b"", b"f": b" ", b"\n": b"", b"\r": b"", b"\r\n": b""}


def _string(raw: bytes) -> str:
    """A literal string, its escapes read; the standard encodings are near enough to Windows' Latin alphabet."""
    text = _ESCAPE.sub(lambda m: bytes([int(m[1], 8) & 255]) if m[1] else _ESCAPED.get(m[2], m[2]), raw)
    return text.replace(b"\n", b" ").decode("cp1252", "replace")
