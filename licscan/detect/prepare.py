"""The bytes of a file -> the text that matching reads, with the way back to the file's line numbers.

Preparation only takes away what would glue or hide words: encodings, entities, escapes in string literals, markup
that touches words, lines too long to count by. Punctuation and comment marks stay; the tokenizer does not see them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from licscan.detect import markup, pdf
from licscan.detect.decoding import decode

MAX_TEXT = 16_000_000
"""Bytes of a file that are read; what lies beyond is told by `Prepared.truncated`."""
LONG_LINE = 1_000
"""Characters from which a line is cut into pseudo lines."""


@dataclass(frozen=True, slots=True)
class Prepared:
    r"""A text with `\n` as its only line end.

    `lines` holds, for each line of the text, its line in the file (from 1); empty when they are the same. `kind` is
    `text`, `html`, `troff`, `rtf`, `pdf`, `source-map`, `minified` or `binary` (the text is then the printable
    strings, one a line, and lines count these).
    """

    text: str
    lines: tuple[int, ...] = ()
    kind: str = "text"
    truncated: bool = False

    def line_in_file(self, line: int) -> int:
        """The file's line for a line of the text, both from 1."""
        if not self.lines:
            return line
        return self.lines[min(max(line, 1), len(self.lines)) - 1]


def prepare(data: bytes, name: str = "") -> Prepared:
    """What there is to read in a file; `name` may tell its kind. Never raises; time and space grow with the data."""
    truncated = len(data) > MAX_TEXT
    data = data[:MAX_TEXT]
    if pdf.is_pdf(data):
        return Prepared(_plain(pdf.text_of(data)) or strings(data), kind="pdf", truncated=truncated)
    if data.startswith(_MAGIC):
        return Prepared(strings(data), kind="binary", truncated=truncated)
    text = decode(data)
    if text is None:
        return Prepared(strings(data), kind="binary", truncated=truncated)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kind, text, lines = _read_kind(text, name)
    text, lines, cut = _cut_lines(text, lines)
    return Prepared(text, lines, "minified" if cut and kind == "text" else kind, truncated)


_MAGIC = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"MZ\x90\0",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"wOFF",
    b"wOF2",
    b"OTTO",
    b"\0\x01\0\0\0",
)
"""How files begin that are no text although their first bytes may look like one."""

Lines = tuple[int, ...]


def _read_kind(text: str, name: str) -> tuple[str, str, Lines]:
    """Kind, text and line map after the steps that the kind asks for."""
    head = text[:1_000].lstrip().lower()
    if head.startswith("{\\rtf"):
        return "rtf", *markup.rtf(text)
    if name.lower().endswith(".map") or (head.startswith("{") and '"mappings"' in text):
        found = markup.source_map(text)
        if found:
            return "source-map", _plain(found[0]), found[1]
    if head.startswith(('.\\"', "'\\\"")) or _TROFF.search(text, 0, 4_000):
        return "troff", _plain(markup.troff(text)), ()
    kind = "html" if head.startswith(("<!doctype", "<html", "<?xml")) else "text"
    return kind, _plain(text), ()


_TROFF = re.compile(r"^\.(?:TH|SH|Dd|Dt|PP|de) ?", re.MULTILINE)


def _plain(text: str) -> str:
    """The text with escapes of string literals blanked, entities and ligatures spelt; its lines stay."""
    if "\\" in text:
        text = _ESCAPES.sub("  ", text)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if not text.isascii():
        for ligature, letters in _LIGATURES:
            text = text.replace(ligature, letters)
    return text


_LIGATURES = (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl"), ("\u00ad", ""), ("\u200b", ""))
"""What copies from printed pages have inside words."""


_ESCAPES = re.compile(r"\\[nrt]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")


def _entity(match: re.Match[str]) -> str:
    found = html.unescape(match[0])
    return " " if found.isspace() or len(found) > 2 else found


def _cut_lines(text: str, lines: Lines) -> tuple[str, Lines, bool]:
    """Lines beyond `LONG_LINE` cut into pseudo lines of 25 words that keep the number of their line."""
    if len(text) < LONG_LINE:
        return text, lines, False
    whole = text.split("\n")
    if max(map(len, whole)) < LONG_LINE:
        return text, lines, False
    pieces: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(whole, 1):
        parts = _WORDS_25.findall(line) if len(line) >= LONG_LINE else [line]
        pieces += parts
        numbers += [lines[number - 1] if lines else number] * len(parts)
    return "\n".join(pieces), tuple(numbers), True


_WORDS_25 = re.compile(r"(?:\W*+(?:[\u3041-\u9fff]|[^\W\u3041-\u9fff]++)){1,25}+\W*+|\W++")
"""A Chinese or Japanese character is a word. Possessive throughout, so that no line makes it try twice."""


def strings(data: bytes) -> str:
    """The printable strings of a binary, one a line, in their order: ASCII, and UTF-16 of either byte order."""
    found: list[tuple[int, str]] = []
    for pattern, encoding in _STRINGS:
        for match in pattern.finditer(data):
            # ASCII in UTF-16 of the other byte order ends before a zero; a lookahead would try every shorter run
            if encoding != "utf-16-be" or data[match.end() : match.end() + 1] != b"\0":
                found.append((match.start(), match[0].decode(encoding)))
    if b"\0" in data:
        found.sort()
    return _plain("\n".join(text for _start, text in found))


_STRINGS = (
    (re.compile(rb"[\t\x20-\x7e]{5,}"), "ascii"),
    (re.compile(rb"(?:[\t\x20-\x7e]\0){5,}"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\x20-\x7e]){5,}+"), "utf-16-be"),
)
