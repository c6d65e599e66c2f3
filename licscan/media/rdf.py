"""RDF in XML, as XMP packets (ISO 16684-1) and the metadata of SVG hold it: who made what, and under which terms.

Names: Dublin Core, Creative Commons Rights Expression Language, XMP (Adobe), IPTC Photo Metadata 2025.1, PLUS 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from licscan.base.messages import N_
from licscan.media.charset import codec_of
from licscan.media.found import Found
from licscan.model.media import Meaning

_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/pdfx/1.3/": "pdfx",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://creativecommons.org/ns#": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "adobe:ns:meta/": "x",
}
"""The usual prefix of each namespace; that in the file may be another."""

_PROPERTIES = {
    "dc:rights": Meaning.COPYRIGHT,
    "dc:creator": Meaning.AUTHOR,
    "dc:contributor": Meaning.AUTHOR,
    "dc:publisher": Meaning.SOURCE,
    "dc:source": Meaning.SOURCE,
    "dc:title": Meaning.TITLE,
    "dc:description": Meaning.DESCRIPTION,
    "dcterms:license": Meaning.LICENSE_URL,
    "dcterms:rights": Meaning.COPYRIGHT,
    "dcterms:rightsHolder": Meaning.HOLDER,
    "dcterms:creator": Meaning.AUTHOR,
    "dcterms:source": Meaning.SOURCE,
    "cc:license": Meaning.LICENSE_URL,
    "cc:attributionName": Meaning.AUTHOR,
    "cc:attributionURL": Meaning.SOURCE,
    "cc:morePermissions": Meaning.USAGE,
    "cc:useGuidelines": Meaning.USAGE,
    "xmpRights:WebStatement": Meaning.LICENSE_URL,
    "xmpRights:UsageTerms": Meaning.USAGE,
    "xmpRights:Owner": Meaning.HOLDER,
    "xmpRights:Certificate": Meaning.LICENSE_URL,
    "xmpRights:Marked": Meaning.OTHER,
    "xmp:CreatorTool": Meaning.SOFTWARE,
    "xmp:Author": Meaning.AUTHOR,
    "xmpDM:copyright": Meaning.COPYRIGHT,
    "xmpDM:artist": Meaning.AUTHOR,
    "pdf:Producer": Meaning.SOFTWARE,
    "pdf:Author": Meaning.AUTHOR,
    "pdf:Copyright": Meaning.COPYRIGHT,
    "pdf:Title": Meaning.TITLE,
    "pdfx:Copyright": Meaning.COPYRIGHT,
    "tiff:Copyright": Meaning.COPYRIGHT,
    "tiff:Artist": Meaning.AUTHOR,
    "tiff:Software": Meaning.SOFTWARE,
    "tiff:ImageDescription": Meaning.DESCRIPTION,
    "exif:UserComment": Meaning.COMMENT,
    "stEvt:softwareAgent": Meaning.SOFTWARE,
    "photoshop:Credit": Meaning.SOURCE,
    "photoshop:Source": Meaning.SOURCE,
    "photoshop:Headline": Meaning.TITLE,
    "photoshop:Instructions": Meaning.USAGE,
    "photoshop:AuthorsPosition": Meaning.OTHER,
    "Iptc4xmpCore:CiUrlWork": Meaning.SOURCE,
    "Iptc4xmpCore:CiEmailWork": Meaning.OTHER,
    "Iptc4xmpExt:DigitalSourceType": Meaning.DIGITAL_SOURCE,
    "Iptc4xmpExt:DigitalSourcefileType": Meaning.DIGITAL_SOURCE,
    "Iptc4xmpExt:AISystemUsed": Meaning.SOFTWARE,
    "Iptc4xmpExt:AISystemVersionUsed": Meaning.OTHER,
    "Iptc4xmpExt:AIPromptInformation": Meaning.OTHER,
    "Iptc4xmpExt:AIPromptWriterName": Meaning.OTHER,
    "Iptc4xmpExt:AOCopyrightNotice": Meaning.COPYRIGHT,
    "Iptc4xmpExt:AOCreator": Meaning.AUTHOR,
    "Iptc4xmpExt:AOSource": Meaning.SOURCE,
    "plus:CopyrightOwnerName": Meaning.HOLDER,
    "plus:ImageCreatorName": Meaning.AUTHOR,
    "plus:ImageSupplierName": Meaning.SOURCE,
    "plus:LicensorName": Meaning.SOURCE,
    "plus:LicensorURL": Meaning.LICENSE_URL,
    "plus:TermsAndConditionsText": Meaning.USAGE,
    "plus:TermsAndConditionsURL": Meaning.LICENSE_URL,
    "plus:OtherLicenseRequirements": Meaning.USAGE,
    "plus:OtherConstraints": Meaning.USAGE,
    "plus:CreditLineRequired": Meaning.USAGE,
    "plus:DataMining": Meaning.USAGE,
}
"""What each property speaks of; others are left out."""

_PEOPLE = {
    "dc:creator": Meaning.AUTHOR,
    "dc:contributor": Meaning.AUTHOR,
    "dc:publisher": Meaning.SOURCE,
    "dc:rights": Meaning.HOLDER,
}
"""Properties whose value may be a node (`cc:Agent`) that has a title: that of the person, not of the work."""
_LEFT_OUT = frozenset({"xmpMM:Pantry", "xmpMM:Ingredients"})
"""Whole packets of other files."""
_ANYWHERE = {
    "copyright": Meaning.COPYRIGHT,
    "rights": Meaning.COPYRIGHT,
    "license": Meaning.LICENSE,
    "licence": Meaning.LICENSE,
    "usageterms": Meaning.USAGE,
    "artist": Meaning.AUTHOR,
    "author": Meaning.AUTHOR,
    "software": Meaning.SOFTWARE,
    "imagedescription": Meaning.DESCRIPTION,
    "aigc": Meaning.OTHER,
}
"""Properties by their local name alone, in small letters, where the namespace is none of those above: some writers put
the tags of Exif into that of another. The last is that of GB 45438-2025."""
_MAX_DEPTH = 64
_MAX_PIECES = 2_000
_MAX_ENTITIES = 32
_MAX_ENTITY = 100
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}\?>")


class RefusedError(ValueError):
    """XML that declares what is not expanded."""


class Rdf:
    """Takes the elements of a document one after the other, and keeps the properties in its RDF."""

    def __init__(self, found: Found, standard: str):
        self._found = found
        self._standard = standard
        self._prefixes: dict[str, str] = {}
        self._open: list[str] = []
        self._texts: list[list[str]] = []
        self.depth = 0
        self.inside = 0

    def start(self, raw: str, attributes: Mapping[str, str]) -> None:
        """Open an element; `inside` is above 0 within `rdf:RDF`."""
        self.depth += 1
        spend(self._found, 1 + len(attributes))
        self.declare(attributes)
        name = self.named(raw)
        if not self.inside:
            if name != "rdf:RDF":
                return
            self.inside = self.depth
        if self.depth - self.inside >= _MAX_DEPTH:
            raise RecursionError
        self._open.append(name)
        self._texts.append([])
        for key, value in attributes.items():
            if not key.startswith("xml"):
                self._attribute(self.named(key), value)

    def declare(self, attributes: Mapping[str, str]) -> None:
        """Note the prefixes that an element declares; they hold from there on, whatever closes."""
        for key, value in attributes.items():
            if key.startswith("xmlns"):
                self._prefixes[key[6:]] = _NAMESPACES.get(value.strip(), key[6:])

    def _attribute(self, name: str, value: str) -> None:
        if name == "rdf:resource" or (name == "rdf:about" and self._open[-1] == "cc:License"):
            self._say(self._property() if name == "rdf:resource" else "cc:license", value)
        elif name != "rdf:about":
            self._say(name, value)

    def text(self, data: str) -> None:
        """Add text to the element that is open."""
        if self.inside and len(self._texts[-1]) < _MAX_PIECES:
            self._texts[-1].append(data)

    def end(self) -> None:
        """Close the innermost element."""
        if self.inside:
            text = "".join(self._texts.pop())
            if text and not text.isspace():
                self._say(self._property(), text)
            self._open.pop()
            if self.inside == self.depth:
                self.inside = 0
        self.depth -= 1

    def named(self, raw: str) -> str:
        """A name with the usual prefix of its namespace."""
        prefix, colon, local = raw.rpartition(":")
        known = self._prefixes.get(prefix, prefix)
        return f"{known}:{local}" if colon or known else local

    def _property(self) -> str:
        return next((name for name in reversed(self._open) if not name.startswith("rdf:")), "")

    def _say(self, name: str, text: str) -> None:
        if _LEFT_OUT.intersection(self._open):
            return
        if name in ("dc:title", "cc:attributionName"):
            for outer in self._open[:-1]:
                if outer in _PEOPLE:
                    self._found.add(_PEOPLE[outer], f"{self._standard}:{outer}", text)
                    return
        meaning = _PROPERTIES.get(name) or _ANYWHERE.get(name.rpartition(":")[2].lower())
        if meaning is not None:
            self._found.add(meaning, f"{self._standard}:{name}", text)


def parser_of(data: bytes) -> tuple[expat.XMLParserType, bytes]:
    """A parser that expands no entity but short addresses (as Illustrator declares them), and what it is to parse.

    Namespaces are not resolved by it, since files that use a prefix without declaring it are read too. Handlers raise
    `RefusedError` for other entities, which could unpack to more than the file.
    """
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        data = _DECLARATION.sub(b"", data.removeprefix(b"\xef\xbb\xbf"), count=1)
        parser = expat.ParserCreate("utf-8")
        codec = codec_of(data)
        if codec != "utf-8":
            data = data.decode(codec, "replace").encode()
    else:
        parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    count = 0

    def declared(name: str, parameter: bool, value: str | None, *_rest: object) -> None:
        nonlocal count
        count += 1
        plain = value is not None and value.startswith("http") and "&" not in value and len(value) <= _MAX_ENTITY
        if parameter or not plain or count > _MAX_ENTITIES:
            raise RefusedError(N_("declares entities, which are not read"))

    parser.EntityDeclHandler = declared
    return parser, data


def spend(found: Found, count: int) -> None:
    """Count elements and attributes; RefusedError where a file has more of them than are read."""
    found.elements_left -= count
    if found.elements_left < 0:
        raise RefusedError(N_("contains more than is read from one file"))


def parse(found: Found, parser: expat.XMLParserType, data: bytes) -> None:
    """Run a parser over bytes; what is wrong with them becomes a fault, what came before is kept."""
    try:
        parser.Parse(data, True)
    except RefusedError as error:
        found.faults[str(error)] = None
    except (expat.ExpatError, RecursionError):
        found.broken()
