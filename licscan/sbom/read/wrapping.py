"""What stands around an SBOM when it is exchanged: gzip, DSSE envelopes, in-toto statements, the export of a forge.

Nothing of a signature is verified here, and every wrapping says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.escape import one_line
from licscan.base.load import load_json
from licscan.base.messages import _

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of a document, packed and unpacked."""
MAX_HEAD = 65_536
MAX_LAYERS = 6
_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Opened:
    """A document without its wrappings: its text, or what its JSON holds.

    `notes` are sentences on each wrapping, from the outside.
    """

    text: str = ""
    data: Any = None
    notes: list[str] = field(default_factory=list)


def opened(data: bytes, path: str) -> Opened:
    """The document in the bytes of a file; FormatError for one that cannot be unpacked, or is wrapped too often."""
    found = Opened()
    for _layer in range(MAX_LAYERS):
        if data.startswith(_GZIP):
            data = _inflated(data, path)
            found.notes.append(_("was unpacked from gzip"))
            continue
        found.text = _decoded(data)
        if not found.text[:1_000].lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return found
        found.data = load_json(found.text.lstrip("\ufeff"), path)
        inner = _inside(found, path)
        if inner is None:
            return found
        data, found.data = inner, None
    raise FormatError(_("is wrapped too many times"), path=path)


def beginning(head: bytes) -> str:
    """The text of the first bytes of a file, unpacked where they are gzip's; at most 64 KB of it."""
    if head.startswith(_GZIP):
        with suppress(zlib.error):
            head = zlib.decompressobj(wbits=31).decompress(head, MAX_HEAD)
    return _decoded(head[:MAX_HEAD])


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")


def _inflated(data: bytes, path: str) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(data, MAX_BYTES)
        if reader.unconsumed_tail or (not reader.eof and reader.decompress(b"", 1)):
            raise FormatError(_("is larger than {size} MB unpacked").format(size=MAX_BYTES // 1024 // 1024), path=path)
    except zlib.error as error:
        raise FormatError(_("is not valid gzip"), path=path) from error
    if not reader.eof:
        raise FormatError(_("is not valid gzip"), path=path)
    return plain


def _inside(found: Opened, path: str) -> bytes | None:
    """What is wrapped as bytes; None where the JSON in `found.data` is the document, perhaps after steps inside."""
    for _layer in range(MAX_LAYERS):
        step = next((open_ for looks, open_ in _WRAPPINGS if looks(found.data)), None)
        if step is None:
            return None
        inner = step(found)
        if isinstance(inner, str):
            try:
                return base64.b64decode(inner, validate=True)
            except (binascii.Error, ValueError):
                try:  # some write the characters that are safe in addresses
                    return base64.urlsafe_b64decode(inner + "=" * (-len(inner) % 4))
                except (binascii.Error, ValueError) as error:
                    raise FormatError(_("contains a payload that is not base64"), path=path) from error
        if isinstance(inner, bytes):
            return inner
        # a graph is changed while it is read, so that its text is kept
        found.data, found.text = inner, json.dumps(inner) if isinstance(inner, dict) and "@graph" in inner else ""
    raise FormatError(_("is wrapped too many times"), path=path)


def _has(key: str, kind: type = dict) -> Callable[[Any], bool]:
    return lambda data: isinstance(data, dict) and isinstance(data.get(key), kind) and not _is_document(data)


def _is_document(data: dict[str, Any]) -> bool:
    return "bomFormat" in data or "spdxVersion" in data or "@graph" in data


def _envelope(found: Opened) -> str:
    """The payload of a DSSE envelope, in base64."""
    signatures = found.data.get("signatures")
    count = len(signatures) if isinstance(signatures, list) else 0
    said = _("was extracted from a DSSE envelope; its signatures ({count}) were not verified")
    found.notes.append(said.format(count=count))
    payload: str = found.data["payload"]
    return payload


def _bundle(found: Opened) -> Any:
    """The envelope in a bundle of Sigstore."""
    found.notes.append(_("was extracted from a Sigstore bundle, whose certificate and log entry were not verified"))
    return found.data["dsseEnvelope"]


def _statement(found: Opened) -> Any:
    """The predicate of an in-toto statement; some keep the document as text under `Data`."""
    subjects = found.data.get("subject")
    names = [one.get("name") for one in subjects if isinstance(one, dict)] if isinstance(subjects, list) else []
    shown = _(", ").join(one_line(name, 80) for name in names[:3] if isinstance(name, str)) or "-"
    said = _("was extracted from an in-toto statement about {names}; whether it is about them was not verified")
    found.notes.append(said.format(names=shown))
    predicate = found.data["predicate"]
    if isinstance(predicate, dict) and isinstance(predicate.get("Data"), str):
        return predicate["Data"].encode("utf-8", "replace")
    inner = predicate.get("Data") if isinstance(predicate, dict) else None
    return inner if isinstance(inner, dict) and not _is_document(predicate) else predicate


def _export(found: Opened) -> Any:
    """The answer of a forge that is asked for its SBOM of a repository."""
    found.notes.append(_("was extracted from the response of a forge"))
    return found.data["sbom"]


_WRAPPINGS: tuple[tuple[Callable[[Any], bool], Callable[[Opened], Any]], ...] = (
    (_has("payload", str), _envelope),
    (_has("dsseEnvelope"), _bundle),
    (_has("predicate"), _statement),
    (_has("sbom"), _export),
)
