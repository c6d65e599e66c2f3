"""SVG, plain and packed, and fonts in SVG: RDF metadata, title and description, comments, content in `data:` addresses.

Icon sets carry their terms in a comment, editors their name in another; both are told by their words.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from xml.parsers import expat

from licscan.media.blob import Blob
from licscan.media.c2pa import c2pa_into
from licscan.media.found import Found
from licscan.media.inner import data_addresses, inner_of
from licscan.media.kinds import Format
from licscan.media.packed import GZIP
from licscan.media.rdf import Rdf, parse, parser_of, spend
from licscan.media.words import words_into
from licscan.model.media import Meaning, MediaFacts

_MAX_SVG = 8 << 20
"""Bytes of one drawing that are read, unpacked."""
_MAX_COMMENTS = 64
_MAX_PIECES = 10_000


def read(blob: Blob, made: Format) -> MediaFacts:
    """What a drawing says of itself."""
    found = Found()
    found.tries(_drawing_into, blob, made.name == "svgz" or blob.at(0, 2) == b"\x1f\x8b")
    return found.facts(made)


def _drawing_into(found: Found, blob: Blob, packed: bool) -> None:
    data = blob.at(0, _MAX_SVG)
    data = found.inflated(data, _MAX_SVG, GZIP) if packed else data
    if len(data) == _MAX_SVG:
        found.crowded()
    parser, data = parser_of(data)
    handlers = _Handlers(found, parser)
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CommentHandler = handlers.comment
    parse(found, parser, data)
    if b"data:" in data:
        for number, content in enumerate(data_addresses(data), 1):
            one = inner_of(content, f"data:{number}")
            if one is not None:
                found.inner[one] = None


class _Handlers:
    """What the parser calls; it asks for text only where that is kept."""

    def __init__(self, found: Found, parser: expat.XMLParserType):
        self._found = found
        self._parser = parser
        self._rdf = Rdf(found, "svg")
        self._depth = 0
        self._metadata = 0
        self._keeps = 0
        self._name = ""
        self._texts: list[str] = []
        self._comments = 0

    def start(self, raw: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        self._depth += 1
        self._found.elements_left -= 1
        if self._found.elements_left < 0:
            spend(self._found, 0)
        if self._metadata:
            self._rdf.start(raw, attributes)
            if not self._rdf.inside:
                self._name = self._rdf.named(raw)
                self._texts.clear()
            return
        if self._depth == 1:
            self._root(attributes)
        elif raw in _HOLDERS:
            self._metadata = self._depth
            self._rdf.start(raw, attributes)
            self._name = "metadata"
            self._keep()
        elif self._depth == 2 and raw in _TEXTS:
            self._name = raw
            self._keep()
        elif raw in _FONTS:
            self._found.add(Meaning.NAME, f"svg:{raw}", attributes.get(_FONTS[raw], ""))

    def _keep(self) -> None:
        self._keeps = self._depth
        self._texts.clear()
        self._parser.CharacterDataHandler = self._text

    def _text(self, data: str) -> None:
        if self._rdf.inside:
            self._rdf.text(data)
        elif len(self._texts) < _MAX_PIECES:
            self._texts.append(data)

    def end(self, raw: str) -> None:
        """Close the innermost element."""
        if self._metadata:
            if not self._rdf.inside:
                self._end_metadata()
            self._rdf.end()
            if self._metadata == self._depth:
                self._metadata = 0
        elif self._keeps:
            self._found.add(_TEXTS[raw], f"svg:{raw.rpartition(':')[2]}", "".join(self._texts))
        if self._keeps == self._depth:
            self._keeps = 0
            self._parser.CharacterDataHandler = None
        self._depth -= 1

    def _end_metadata(self) -> None:
        """Keep text in the metadata that is no RDF, and Content Credentials (C2PA 2.2, A.3.5)."""
        text = "".join(self._texts)
        self._texts.clear()
        if self._name.endswith(":manifest"):
            self._found.tries(_credentials_into, text)
        elif self._name == "metadata":
            words_into(self._found, "svg:metadata", text, Meaning.DESCRIPTION)

    def comment(self, text: str) -> None:
        """Keep a comment that speaks of rights, of software or of a source."""
        self._comments += 1
        if self._comments <= _MAX_COMMENTS:
            words_into(self._found, "svg:comment", text.lstrip("!*- \t\r\n"))

    def _root(self, attributes: Mapping[str, str]) -> None:
        self._rdf.declare(attributes)
        box = _NUMBER.findall(attributes.get("viewBox", "")[:200])
        boxed = (box[2], box[3]) if len(box) == 4 else ("", "")
        self._found.width = _pixels(attributes.get("width", "")) or _pixels(boxed[0])
        self._found.height = _pixels(attributes.get("height", "")) or _pixels(boxed[1])
        version = attributes.get("inkscape:version")
        if version:
            self._found.add(Meaning.SOFTWARE, "svg:inkscape:version", f"Inkscape {version}")


_HOLDERS = frozenset({"metadata", "svg:metadata", "rdf:RDF"})
_TEXTS = {
    "title": Meaning.TITLE,
    "desc": Meaning.DESCRIPTION,
    "svg:title": Meaning.TITLE,
    "svg:desc": Meaning.DESCRIPTION,
}
_FONTS = {"font": "id", "font-face": "font-family"}
_NUMBER = re.compile(r"-?[\d.]+(?:[eE][-+]?\d+)?")
_PIXELS = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*(?:px)?\s*$")


def _pixels(length: str) -> int:
    """A length in pixels; 0 where it is in another unit."""
    found = _PIXELS.match(length[:40])
    return int(found.group(1)) if found else 0


def _credentials_into(found: Found, text: str) -> None:
    c2pa_into(found, base64.b64decode("".join(text.split())), "svg:c2pa:manifest")
