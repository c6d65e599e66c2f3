"""CycloneDX XML, 1.0 to 1.7: folded while it is read into the shape of its JSON, which one reader understands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.sbom.model import Bom
from licscan.sbom.read import cyclonedx
from licscan.sbom.read.values import Values

MAX_DEPTH = 200
_SPACE = "http://cyclonedx.org/schema/bom/"

_LISTS = frozenset(
    {"components", "hashes", "externalReferences", "properties", "compositions", "authors", "lifecycles", "occurrences",
     "vulnerabilities", "services", "licenses", "assemblies", "expressionDetails", "contributors", "ancestors",
     "licenseTypes", "patches"}
)  # fmt: skip
"""Elements that hold a list of others."""

_REPEATED = frozenset({"contact", "omniborId", "swhid", "identity", "citation"})
"""Elements that stand several times where JSON has one array."""

_ORGANIZATIONS = frozenset({"supplier", "manufacturer", "manufacture", "organization", "provider"})
_TABLES = frozenset(
    {"component", "metadata", "evidence", "license", "tool", "composition", "service", "pedigree", "licensing",
     "licensor", "licensee", "purchaser", "provider"}
)  # fmt: skip


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    tag: str
    attributes: dict[str, str]
    children: list[tuple[str, Any]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def read(text: str, path: str) -> Bom:
    """The document; FormatError for XML that is none, is nested too deeply, or declares entities."""
    reader = _Reader(path)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(_without_declaration(text).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        place = _("line {line}").format(line=error.lineno)
        raise FormatError(_("is not valid XML"), path=path, place=place) from error
    return cyclonedx.read(Values(reader.document, "", []))


def _without_declaration(text: str) -> str:
    """The text without `<?xml … encoding=…?>`: it was decoded already."""
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        start, mark, rest = text.partition("?>")
        return "\n" * start.count("\n") + rest if mark else text
    return text


class _Reader:
    """The handlers; elements of other vocabularies are left out with all that is in them."""

    def __init__(self, path: str):
        self.document: dict[str, Any] = {}
        self._path = path
        self._open: list[_Frame] = []
        self._foreign = 0
        self._version = ""

    def refuse(self, *_declaration: object) -> None:
        """No SBOM declares entities; who does wants to blow up its reader."""
        raise FormatError(_("declares a document type, which is not read"), path=self._path)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        space, _sign, tag = name.rpartition("}")
        if not self._open:
            self._root(space, tag)
        if self._foreign or not space.startswith(_SPACE):
            self._foreign += 1
            return
        if len(self._open) >= MAX_DEPTH:
            raise FormatError(_("is nested too deeply"), path=self._path)
        self._open.append(_Frame(tag, attributes))

    def _root(self, space: str, tag: str) -> None:
        self._version = space.removeprefix(_SPACE)
        if tag == "bom" and space.startswith(_SPACE):
            return
        remedy = _("CycloneDX is read as XML, SPDX as JSON, YAML and tag-value")
        raise FormatError(_("is not an SBOM that licscan knows"), path=self._path, remedy=remedy)

    def text(self, data: str) -> None:
        """Add text to the element that is open."""
        if not self._foreign and self._open:
            self._open[-1].text.append(data)

    def end(self, _name: str) -> None:
        """Close an element: it becomes a value in the one around it."""
        if self._foreign:
            self._foreign -= 1
            return
        frame = self._open.pop()
        if self._open:
            around = self._open[-1]
            around.children.append((frame.tag, _value(frame, around.tag)))
        else:
            self.document = _bom(frame, self._version)


def _bom(frame: _Frame, version: str) -> dict[str, Any]:
    whole = frame.attributes.get("version", "")
    told = _table(frame) | {"bomFormat": "CycloneDX", "specVersion": version}
    told["version"] = int(whole) if whole.isascii() and whole.isdecimal() and len(whole) < 10 else 1
    return told


def _value(frame: _Frame, around: str) -> Any:
    tag, text = frame.tag, "".join(frame.text)
    if tag == "tools" and not any(name == "tool" for name, _item in frame.children):
        return _table(frame)
    if tag == "dependencies":
        return _refs(frame) if around == "composition" else [item for _name, item in frame.children]
    if tag == "assemblies":
        return _refs(frame)
    if tag == "dependency":
        return _dependency(frame)
    if tag == "licenses":
        return [_license(name, item) for name, item in frame.children]
    if tag in _LISTS or tag == "tools" or (tag == "copyright" and around == "evidence"):
        return [item for _name, item in frame.children]
    if tag == "text":
        return _attachment(frame, text) if around != "copyright" else {"text": text}
    if tag in ("hash", "property"):
        names = ("alg", "content") if tag == "hash" else ("name", "value")
        return {names[0]: frame.attributes.get(names[0], ""), names[1]: text}
    if tag in ("expression", "expression-detailed"):
        return {"expression": text} | _table(frame)
    if tag == "line" and text.strip().isascii() and text.strip().isdecimal() and len(text) < 12:
        return int(text)
    if tag == "modified":
        return text.strip() == "true"
    plain = not frame.children and not (frame.attributes.keys() - {"acknowledgement"})
    return text if plain and tag not in _TABLES and around != "authors" else _table(frame)


def _table(frame: _Frame) -> dict[str, Any]:
    told: dict[str, Any] = dict(frame.attributes)
    for name, item in frame.children:
        if name in _REPEATED or (name == "url" and frame.tag in _ORGANIZATIONS):
            told.setdefault(name, []).append(item)
        else:
            told[name] = item
    return told


def _refs(frame: _Frame) -> list[str]:
    return [item["ref"] for _name, item in frame.children if isinstance(item, dict) and "ref" in item]


def _dependency(frame: _Frame) -> dict[str, Any]:
    told: dict[str, Any] = {"ref": frame.attributes.get("ref", "")}
    for key, tag in (("dependsOn", "dependency"), ("provides", "provides")):
        found = [
            item["ref"] for name, item in frame.children if name == tag and isinstance(item, dict) and "ref" in item
        ]
        if found:
            told[key] = found
    return told


def _license(name: str, item: Any) -> dict[str, Any]:
    if name != "license":
        return item if isinstance(item, dict) else {}
    stated = item.pop("acknowledgement", None) if isinstance(item, dict) else None
    return {"license": item} | ({"acknowledgement": stated} if stated else {})


def _attachment(frame: _Frame, text: str) -> dict[str, str]:
    told = {"content": text}
    for ours, theirs in (("contentType", "content-type"), ("encoding", "encoding")):
        if theirs in frame.attributes:
            told[ours] = frame.attributes[theirs]
    return told
