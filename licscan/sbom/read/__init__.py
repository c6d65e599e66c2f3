"""The readers: one module a format, each to the same model. Every byte of what they read is hostile."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from licscan.base.errors import FormatError
from licscan.base.files import read_file as read_bytes
from licscan.base.messages import _
from licscan.sbom.model import Bom
from licscan.sbom.read.wrapping import MAX_BYTES, Opened, beginning, opened

__all__ = [
    "MAX_BYTES",
    "Opened",
    "looks_like_sbom",
    "opened",
    "read_document",
    "read_file",
    "read_opened",
    "read_text",
]

HEAD = 1_000_000
"""Characters in which a document is looked for what tells its format; comments may stand before it."""
_NAMED = re.compile(r"(?i)cyclonedx|spdx")
_VERSION_TAG = re.compile(r"(?m)^[ \t]*SPDXVersion[ \t]*:")
_YAML_VERSION = re.compile(r"(?m)^[ \t]*\"?spdxVersion\"?[ \t]*:")
_TAGS = re.compile(r"(?m)^[ \t]*(?:SPDXID|DocumentName|DataLicense|PackageName)[ \t]*:")
_YAML = re.compile(r"(?m)^\"?(?:spdxVersion|SPDXID|dataLicense|packages|creationInfo)\"?\s*:")


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


FORMATS = (
    Format("xml", "xml_documents", lambda head: head.startswith("<")),
    Format("tag-value", "tag_value", lambda head: bool(_VERSION_TAG.search(head)) and not _YAML_VERSION.search(head)),
    Format("yaml", "yaml_documents", lambda head: bool(_YAML.search(head))),
    Format("tag-value", "tag_value", lambda head: bool(_TAGS.search(head))),
)
"""Every format but JSON, in the order in which they are tried; the name of a file tells nothing."""


def looks_like_sbom(head: bytes) -> bool:
    """Whether the first bytes of a file, perhaps gzip, are those of an SBOM; its name tells nothing."""
    text = beginning(head).lstrip("\ufeff \t\r\n")
    if "\0" in text:  # an archive may begin with files that look like it
        return False
    told = text.startswith("{") or any(one.looks(text) for one in FORMATS)
    return told and _NAMED.search(text) is not None


def read_file(path: Path) -> Bom:
    """The SBOM in a file; InputError where it cannot be read, FormatError where it is no SBOM that licscan knows."""
    return read_document(read_bytes(path, MAX_BYTES), str(path))


def read_document(data: bytes, path: str) -> Bom:
    """The SBOM in the bytes of a file, without what is wrapped around it; `path` is for what is said of them."""
    return read_opened(opened(data, path), path)


def read_text(text: str, path: str) -> Bom:
    """The SBOM in a text, its refs and edges checked."""
    return read_document(text.encode("utf-8", "surrogatepass"), path)


def read_opened(document: Opened, path: str) -> Bom:
    """The SBOM in a document that was taken out of its wrappings; these are told in `Bom.wrapping`."""
    from licscan.sbom.read.checked import checked
    from licscan.sbom.read.json_documents import read_data

    notes = tuple(document.notes)
    if document.data is not None:
        return replace(checked(read_data(document.data, path)), wrapping=notes)
    head = document.text[:HEAD].lstrip("\ufeff \t\r\n")
    for format_ in FORMATS:
        if format_.looks(head):
            return replace(checked(format_.read(document.text, path)), wrapping=notes)
    remedy = _("CycloneDX is read as JSON and XML, SPDX as JSON, YAML and tag-value")
    raise FormatError(_("is not an SBOM that licscan knows"), path=path, remedy=remedy)
