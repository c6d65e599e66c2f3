"""License fields in the core metadata of a Python distribution (METADATA, PKG-INFO), as bytes from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesHeaderParser

from licscan.model import Claim, EvidenceKind, Location, Origin

_LICENSE_NAME = re.compile(r"(?i)(licen[sc]es?|copying|copyright|unlicen[sc]e|ofl|eula)([-_.].*)?|.*[-_.]licen[sc]e")
_NOTICE_NAME = re.compile(r"(?i)(third[-_. ]?party[-_. ]?)?notices?([-_.].*)?")
_CODE = (".py", ".pyc", ".pyi", ".so", ".js", ".json", ".toml", ".h")


def headers_of(content: bytes) -> Message:
    """The headers; lines that are none of them are passed over."""
    return BytesHeaderParser().parsebytes(content)


def claims_of(content: bytes, place: str) -> tuple[Claim, ...]:
    """`License-Expression`, `License` and the license classifiers, verbatim."""
    headers = headers_of(content)
    claims = []
    for field in ("License-Expression", "License"):
        for value in headers.get_all(field) or ():
            text = str(value).strip()
            if text and text != "UNKNOWN":
                claims.append(Claim(EvidenceKind.DECLARED, field, text, Origin.REGISTRY, Location(place)))
    for value in headers.get_all("Classifier") or ():
        text = str(value).strip()
        if text.startswith("License ::"):
            claims.append(Claim(EvidenceKind.CLASSIFIER, "Classifier", text, Origin.REGISTRY, Location(place)))
    return tuple(claims)


def license_files_of(content: bytes, archive: str, names: Iterable[str] | None) -> tuple[list[str], list[str]]:
    """License files and notices: by the archive's list, or without one as `License-File` names them (PEP 639)."""
    if names is None:
        headers = headers_of(content)
        stem = "-".join(archive.split("-")[:2])
        inner = "licenses/" if str(headers.get("Metadata-Version", "")).strip() >= "2.4" else ""
        names = [f"{stem}.dist-info/{inner}{str(v).strip()}" for v in headers.get_all("License-File") or ()]
        named = sorted({name for name in names if ".." not in name.split("/") and "\n" not in name})
        notices = [name for name in named if _NOTICE_NAME.fullmatch(name.rpartition("/")[2])]
        return [name for name in named if name not in notices], notices
    listed = sorted({name for name in names if not name.endswith("/") and not name.lower().endswith(_CODE)})
    notices = [name for name in listed if _NOTICE_NAME.fullmatch(name.rpartition("/")[2])]
    return [name for name in listed if name not in notices and _is_license(name)], notices


def _is_license(name: str) -> bool:
    return ".dist-info/licenses/" in name or bool(_LICENSE_NAME.fullmatch(name.rpartition("/")[2]))
