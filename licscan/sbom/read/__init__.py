"""The readers: one module a format, each to the same model. Every byte of what they read is hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from licscan.errors import FormatError
from licscan.files import read_file as read_bytes
from licscan.messages import _
from licscan.sbom.model import Bom

MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `looks` is whether a text is of it, told from its first characters; `module` has `read`.

    `read(text, path)` gives the Bom, or raises FormatError with the place inside the file.
    """

    name: str
    module: str
    looks: Callable[[str], bool]

    def read(self, text: str, path: str) -> Bom:
        """The document, by the module, which is imported on first use."""
        reader: Callable[[str, str], Bom] = import_module(f"licscan.sbom.read.{self.module}").read
        return reader(text, path)


FORMATS = (Format("json", "json_documents", lambda head: head.startswith("{")),)
"""Every format, in the order in which they are tried."""


def read_file(path: Path) -> Bom:
    """The SBOM in a file; InputError where it cannot be read, FormatError where it is no SBOM that licscan knows."""
    data = read_bytes(path, MAX_BYTES)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return read_text(data.decode(encoding, "replace"), str(path))


def read_text(text: str, path: str) -> Bom:
    """The SBOM in a text."""
    head = text[:2_000].lstrip()
    for format_ in FORMATS:
        if format_.looks(head):
            return format_.read(text, path)
    raise FormatError(_("is no SBOM that licscan knows"), path=path, remedy=_("CycloneDX and SPDX 2.3 JSON are read"))
