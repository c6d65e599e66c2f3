"""Python's core metadata (METADATA, PKG-INFO; versions 1.0 to 2.5): its headers, and what they say of the license.

Neutral ground: installed trees, caches and registries all hold such files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from licscan.model import Claim, EvidenceKind, Location, Origin

MAX_HEADERS = 4 * 1024 * 1024
"""Bytes that are read of a METADATA: a whole license text in the License field has 40 kB."""

_HEADER = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*")

Headers = tuple[tuple[str, str], ...]
"""Names in lower case and values, in file order."""


def decode(data: bytes) -> str:
    """UTF-8, which the format asks for, else Latin-1, which old tools wrote."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_headers(data: bytes) -> Headers:
    """The headers up to the first empty line; a line that begins with a blank continues the value before it.

    Old setuptools wrote License texts with their empty lines unindented; what then looks like a body is left out, as
    `email.parser` does. The blanks by which tools indent a continuation stay: the value is verbatim.
    """
    text = decode(data[:MAX_HEADERS])
    names: list[str] = []
    values: list[list[str]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line:
            break
        if line[0] in " \t":
            if values:
                values[-1].append(line)
            continue
        found = _HEADER.match(line)
        if found is None:
            break
        names.append(found[1].lower())
        values.append([line[found.end() :]])
    return tuple((name, "\n".join(value)) for name, value in zip(names, values, strict=True))


def first(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first value of a header that is not empty, without the blanks around it."""
    return next((value.strip() for key, value in headers if key == name and value.strip()), None)


def claims_of(headers: Iterable[tuple[str, str]], path: str, origin: Origin) -> tuple[Claim, ...]:
    """License-Expression, License (verbatim, also `UNKNOWN` or a whole text) and the license classifiers."""
    where = Location(path)
    claims = []
    for name, value in headers:
        if not value.strip():
            continue
        if name == "license-expression":
            claims.append(Claim(EvidenceKind.DECLARED, "License-Expression", value, origin, where))
        elif name == "license":
            claims.append(Claim(EvidenceKind.DECLARED, "License", value, origin, where))
        elif name == "classifier" and value.startswith("License ::"):
            claims.append(Claim(EvidenceKind.CLASSIFIER, "Classifier", value, origin, where))
    return tuple(claims)
