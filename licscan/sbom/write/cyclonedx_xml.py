"""CycloneDX as XML, from the values of its JSON: the same facts in the order that the XML schema asks for."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Json = dict[str, Any]

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_METADATA = (
    "timestamp",
    "lifecycles",
    "tools",
    "authors",
    "component",
    "manufacturer",
    "supplier",
    "licenses",
    "properties",
    "distributionConstraints",
)
_COMPONENT = (
    "supplier", "manufacturer", "authors", "group", "name", "version", "description", "scope", "hashes", "licenses",
    "copyright", "cpe", "purl", "omniborId", "swhid", "modified", "pedigree", "externalReferences", "properties",
    "evidence", "modelCard", "data",
)  # fmt: skip
_LISTS = {
    "lifecycles": "lifecycle", "authors": "author", "hashes": "hash", "externalReferences": "reference",
    "properties": "property", "components": "component", "occurrences": "occurrence", "ancestors": "component",
    "datasets": "dataset", "users": "user", "ethicalConsiderations": "ethicalConsideration",
}  # fmt: skip
"""Arrays whose elements stand inside an element of the array's name."""


def to_text(document: Json) -> str:
    """The document as XML."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    namespace = f"http://cyclonedx.org/schema/bom/{document['specVersion']}"
    attributes = {"xmlns": namespace, "serialNumber": document.get("serialNumber", ""), "version": "1"}
    _open(lines, 0, "bom", {key: value for key, value in attributes.items() if value})
    metadata = document["metadata"]
    _open(lines, 1, "metadata")
    for key in _METADATA:
        if key in metadata:
            _write(lines, 2, key, metadata[key])
    _close(lines, 1, "metadata")
    _write(lines, 1, "components", document.get("components", []))
    _open(lines, 1, "dependencies")
    for one in document.get("dependencies", []):
        _dependency(lines, one)
    _close(lines, 1, "dependencies")
    if document.get("compositions"):
        _compositions(lines, document["compositions"])
    if document.get("citations"):
        _citations(lines, document["citations"])
    _close(lines, 0, "bom")
    return "\n".join(lines) + "\n"


def _dependency(lines: list[str], one: Json) -> None:
    children = one.get("dependsOn", [])
    if not children:
        lines.append(f"    <dependency ref={_quoted(one['ref'])}/>")
        return
    _open(lines, 2, "dependency", {"ref": one["ref"]})
    lines.extend(f"      <dependency ref={_quoted(child)}/>" for child in children)
    _close(lines, 2, "dependency")


def _compositions(lines: list[str], compositions: list[Json]) -> None:
    _open(lines, 1, "compositions")
    for one in compositions:
        _open(lines, 2, "composition")
        _leaf(lines, 3, "aggregate", one["aggregate"])
        for key, name in (("assemblies", "assembly"), ("dependencies", "dependency")):
            if key in one:
                _open(lines, 3, key)
                lines.extend(f"        <{name} ref={_quoted(ref)}/>" for ref in one[key])
                _close(lines, 3, key)
        _close(lines, 2, "composition")
    _close(lines, 1, "compositions")


def _citations(lines: list[str], citations: list[Json]) -> None:
    """Since 1.7; what is cited is named by JSON pointers here too, as the schema asks."""
    _open(lines, 1, "citations")
    for one in citations:
        _open(lines, 2, "citation")
        _open(lines, 3, "pointers")
        for pointer in one["pointers"]:
            _leaf(lines, 4, "pointer", pointer)
        _close(lines, 3, "pointers")
        for key in ("timestamp", "attributedTo", "note"):
            _leaf(lines, 3, key, one[key])
        _close(lines, 2, "citation")
    _close(lines, 1, "citations")


def _write(lines: list[str], depth: int, name: str, value: Any) -> None:
    """One member of an object: what its name or its shape makes of it."""
    if name == "component":
        _component(lines, depth, value)
    elif name == "licenses":
        _licenses(lines, depth, value)
    elif name in ("omniborId", "swhid"):
        for item in value:
            _leaf(lines, depth, name, item)
    elif name == "data":
        for item in value:
            _object(lines, depth, name, item)
    elif name in _LISTS:
        _open(lines, depth, name)
        for item in value:
            _item(lines, depth + 1, _LISTS[name], item)
        _close(lines, depth, name)
    elif name == "copyright" and isinstance(value, list):
        _open(lines, depth, name)
        for item in value:
            _leaf(lines, depth + 1, "text", item["text"])
        _close(lines, depth, name)
    elif isinstance(value, dict):
        _object(lines, depth, name, value)
    else:
        _leaf(lines, depth, name, str(value).lower() if isinstance(value, bool) else str(value))


def _object(lines: list[str], depth: int, name: str, value: Json) -> None:
    """An object as an element of elements; what JSON lists under `url` and `contact` repeats the element."""
    _open(lines, depth, name)
    for key in _ordered(name, value):
        items = value[key] if key in ("url", "contact") and isinstance(value[key], list) else [value[key]]
        for item in items:
            _write(lines, depth + 1, key, item)
    _close(lines, depth, name)


def _ordered(name: str, value: Json) -> list[str]:
    order = {"evidence": ("occurrences", "licenses", "copyright"), "reference": ("url", "comment", "hashes")}
    return [key for key in order.get(name, tuple(value)) if key in value]


def _item(lines: list[str], depth: int, name: str, item: Json) -> None:
    if name == "component":
        _component(lines, depth, item)
    elif isinstance(item, str):
        _leaf(lines, depth, name, item)
    elif name == "hash":
        lines.append(f"{'  ' * depth}<hash alg={_quoted(item['alg'])}>{item['content']}</hash>")
    elif name == "property":
        said = _text(item["value"])
        lines.append(f"{'  ' * depth}<property name={_quoted(item['name'])}>{said}</property>")
    elif name == "reference":
        _open(lines, depth, name, {"type": item["type"]})
        for key in _ordered(name, item):
            _write(lines, depth + 1, key, item[key])
        _close(lines, depth, name)
    else:
        _object(lines, depth, name, item)


def _component(lines: list[str], depth: int, one: Json) -> None:
    attributes = {"type": one["type"]} | ({"bom-ref": one["bom-ref"]} if "bom-ref" in one else {})
    _open(lines, depth, "component", attributes)
    for key in _COMPONENT:
        if key in one:
            _write(lines, depth + 1, key, one[key])
    _close(lines, depth, "component")


def _licenses(lines: list[str], depth: int, licenses: list[Json]) -> None:
    _open(lines, depth, "licenses")
    for entry in licenses:
        one = entry.get("license", entry)
        attributes = {"acknowledgement": one["acknowledgement"]} if "acknowledgement" in one else {}
        if "expressionDetails" in one:
            _detailed(lines, depth + 1, one, attributes)
        elif "expression" in one:
            lines.append(
                f"{'  ' * (depth + 1)}{_start('expression', attributes)}{_text(one['expression'])}</expression>"
            )
        else:
            _open(lines, depth + 1, "license", attributes)
            for key in ("id", "name"):
                if key in one:
                    _leaf(lines, depth + 2, key, one[key])
            if "text" in one:
                _attachment(lines, depth + 2, one["text"])
            if "url" in one:
                _leaf(lines, depth + 2, "url", one["url"])
            _close(lines, depth + 1, "license")
    _close(lines, depth, "licenses")


def _detailed(lines: list[str], depth: int, one: Json, attributes: dict[str, str]) -> None:
    """An expression with the texts of its references (since 1.7)."""
    _open(lines, depth, "expression-detailed", {"expression": one["expression"], **attributes})
    for detail in one["expressionDetails"]:
        _open(lines, depth + 1, "details", {"license-identifier": detail["licenseIdentifier"]})
        _attachment(lines, depth + 2, detail["text"])
        _close(lines, depth + 1, "details")
    _close(lines, depth, "expression-detailed")


def _attachment(lines: list[str], depth: int, text: Json) -> None:
    start = _start("text", {"content-type": text["contentType"]})
    lines.append(f"{'  ' * depth}{start}{_text(text['content'])}</text>")


def _leaf(lines: list[str], depth: int, name: str, text: str) -> None:
    lines.append(f"{'  ' * depth}<{name}>{_text(text)}</{name}>")


def _open(lines: list[str], depth: int, name: str, attributes: dict[str, str] | None = None) -> None:
    lines.append("  " * depth + _start(name, attributes or {}))


def _close(lines: list[str], depth: int, name: str) -> None:
    lines.append(f"{'  ' * depth}</{name}>")


def _start(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}{''.join(f' {key}={_quoted(value)}' for key, value in attributes.items())}>"


def _quoted(value: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", value))


def _text(value: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", value))
