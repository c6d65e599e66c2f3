"""The sources of a source map (ECMA-426) that have code in the output.

Bundlers list all sources of a chunk; those to which no mapping leads were shaken away.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.verify.inside.jsons import listed, parse, table, tables, text

MAX_SECTIONS = 100_000
MAX_INLINE = 20_000
_INLINE = "sourceMappingURL=data:"
# the second number of each segment is the step to its source, `A` for none; letters g to / go on, A to f end a number
_STEPS = re.compile(r"(?<![A-Za-z0-9+/])[g-z0-9+/]{0,12}[A-Za-f]((?!A)[g-z0-9+/]{0,12}[A-Za-f])")
_FIRST = re.compile(r"(?<![A-Za-z0-9+/])[g-z0-9+/]{0,12}[A-Za-f][A-Za-z0-9+/]")
_DIGITS = {sign: place for place, sign in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}


def sources_of(document: Any, path: str) -> list[str]:
    """The sources that are left in the output, those of all sections; FormatError where it is no source map."""
    if not isinstance(document, dict) or not ("mappings" in document or "sections" in document):
        raise FormatError(_("is not a source map"), path=path)
    found: list[str] = []
    stack, seen = [document], 0
    while stack:
        one = stack.pop()
        seen += 1
        if seen > MAX_SECTIONS:
            raise FormatError(_("has more than {limit} sections").format(limit=MAX_SECTIONS), path=path)
        stack += [table(section.get("map")) for section in tables(one.get("sections"))]
        found += _used(one, path)
    return found


def _used(one: dict[str, Any], path: str) -> Iterator[str]:
    sources = listed(one.get("sources"))
    root = text(one.get("sourceRoot"))
    mappings = one.get("mappings")
    if mappings is not None and not isinstance(mappings, str):
        raise FormatError(_("has mappings that are not text"), path=path)
    used = _indexes(mappings) if mappings else None if "mappings" not in one else set()
    for place, source in enumerate(sources):
        if isinstance(source, str) and (used is None or place in used):
            yield f"{root.rstrip('/')}/{source}" if root and "node_modules/" not in source else source


def _indexes(mappings: str) -> set[int]:
    """The places in `sources` that some mapping leads to."""
    first = _FIRST.search(mappings)
    if first is None:
        return set()
    found: set[int] = set()
    current = 0
    for step in _STEPS.finditer(mappings):
        if step.start() > first.start():
            found.add(current)
        current += _number(step[1])
    return {*found, current}


def _number(signs: str) -> int:
    value = shift = 0
    for sign in signs:
        digit = _DIGITS[sign]
        value |= (digit & 31) << shift
        shift += 5
    return -(value >> 1) if value & 1 else value >> 1


def inline_maps(code: str, path: str) -> Iterator[Any]:
    """The source maps that stand in a script or a style sheet as data: URLs; FormatError for a damaged one."""
    at = code.find(_INLINE)
    for _number_of_map in range(MAX_INLINE):
        if at < 0:
            return
        start = at + len(_INLINE)
        comma = code.find(",", start, start + 200)
        if comma >= 0:
            end = _end(code, comma + 1)
            yield parse(_data(code[start:comma], code[comma + 1 : end], path), path)
        at = code.find(_INLINE, start)


_STOP = re.compile(r"[\s\"'*\\)]")


def _end(code: str, start: int) -> int:
    found = _STOP.search(code, start)
    return found.start() if found else len(code)


def _data(kind: str, payload: str, path: str) -> bytes:
    if not kind.endswith("base64"):
        return unquote_to_bytes(payload)
    try:
        return base64.b64decode(payload + "=" * (-len(payload) % 4))
    except (binascii.Error, ValueError) as error:
        raise FormatError(_("has an inline source map that is not base64"), path=path) from error
