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
    if b"/Encrypt" in data:
        return ""
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
        if b"BT" in content and (b"Tj" in content or b"TJ" in content):
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


class _Page:
    """What a page shows, put together string by string."""

    def __init__(self, spaced: bool):
        self.out: list[str] = []
        self.spaced = spaced
        self.height = self.shown_at = 0.0
        self.moved = False

    def show(self, text: str) -> None:
        """Add a string: on a new line where the height changed, behind a space where there was a gap."""
        if self.height != self.shown_at:
            self.out.append("\n")
        elif self.moved and not self.spaced:
            self.out.append(" ")
        self.out.append(text)
        self.shown_at, self.moved = self.height, False

    def operate(self, operator: bytes, numbers: list[float]) -> None:
        """Follow an operator that moves the place of the next string."""
        if operator in (b"T*", b"'", b'"'):
            self.height -= 1.0
        elif operator in (b"Td", b"TD") and len(numbers) >= 2:
            self.height += numbers[-1]
            self.moved = True
        elif operator == b"Tm" and len(numbers) >= 6:
            self.height = numbers[-1]
            self.moved = True
        elif operator == b"BT":
            self.height = 0.0


def _shown(content: bytes) -> str:
    """The strings of a page's content with its lines and gaps.

    A page whose producer shows every space as a string of its own places glyph by glyph: there a gap is none.
    """
    page = _Page(spaced=content.count(b"( )") * 20 > content.count(b"Tj") + content.count(b"TJ"))
    numbers: list[float] = []
    for match in _TOKENS.finditer(content):
        kind = match.lastgroup
        if kind == "number":
            numbers = [*numbers[-5:], float(match[0])]
            page.moved = page.moved or numbers[-1] < _GAP
        elif kind == "string":
            page.show(_string(match[0][1:-1]))
            numbers = []
        elif kind == "hex":
            page.show(bytes.fromhex(_even(match[0][1:-1])).decode("latin-1").replace("\0", ""))
            numbers = []
        else:
            page.operate(match[0], numbers)
            numbers = []
    return _CONTROLS.sub(" ", "".join(page.out))


_CONTROLS = re.compile(r"[\0-\x08\x0b-\x1f]")


def _even(digits: bytes) -> str:
    packed = b"".join(digits.split()).decode("ascii")
    return packed + "0" * (len(packed) % 2)


_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_ESCAPED = {b"n": b" ", b"r": b" ", b"t": b" ", b"b": b"", b"f": b" ", b"\n": b"", b"\r": b"", b"\r\n": b""}


def _string(raw: bytes) -> str:
    """A literal string, its escapes read; the standard encodings are near enough to Windows' Latin alphabet."""
    return _ESCAPE.sub(_escaped, raw).replace(b"\n", b" ").decode("cp1252", "replace")


_LIGATURES = {0o13: b"ff", 0o14: b"fi", 0o15: b"fl", 0o16: b"ffi", 0o17: b"ffl"}
"""Codes of TeX's text fonts, where other encodings have nothing."""


def _escaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        code = int(match[1], 8) & 255
        return _LIGATURES.get(code) or bytes([code])
    return _ESCAPED.get(match[2], match[2])
