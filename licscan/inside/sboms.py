"""Lists of parts inside wheels (PEP 770): CycloneDX and SPDX in JSON, read entry by entry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packageurl import PackageURL

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.licenses.statements import read_license
from licscan.packages import purls

MAX_SBOM = 16 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_WORD = 300
_LONE = re.compile("[\ud800-\udfff]")
_TYPES = frozenset({"library", "framework", "application", "container", "firmware", "device-driver", "data",
                    "machine-learning-model", "operating-system", "platform"})  # fmt: skip
"""Types of CycloneDX components that are parts of others' work; files belong to the component that they stand in."""
_PURPOSES = frozenset({"FILE", "SOURCE", "DOCUMENTATION", "file", "source", "documentation"})
"""Purposes of SPDX packages that are no parts but files of one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry: `purl` in canonical form without qualifiers, `license` as written, `optional` as its vendor says."""

    name: str
    version: str | None
    purl: str
    license: str
    optional: bool


def read_sbom(data: bytes, path: str, own: str) -> tuple[tuple[Listed, ...], int]:
    """The entries of a list, without the package `own` (a PackageURL) itself, and how many could not be understood.

    What its vendor excludes (build tools) is left out. Raises FormatError for what is no such list.
    """
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(_("is not valid JSON"), path=path) from error
    if not isinstance(loaded, dict):
        raise FormatError(_("is not a list of components that licscan knows"), path=path)
    if loaded.get("bomFormat") == "CycloneDX":
        entries = list(_cyclonedx(loaded, own))
    elif isinstance(loaded.get("spdxVersion"), str):
        entries = list(_spdx(loaded, own))
    elif isinstance(loaded.get("@graph"), list):
        entries = list(_spdx3(loaded["@graph"], own))
    else:
        raise FormatError(_("is not a list of components that licscan knows"), path=path)
    told = {entry.purl: entry for entry in entries if entry is not None}
    return tuple(told[purl] for purl in sorted(told)), entries.count(None)


def _text(value: object) -> str:
    return _LONE.sub("\ufffd", value)[:MAX_WORD].strip() if isinstance(value, str) else ""


def _listed(name: str, version: str, purl: str, license_: str, own: str, *, optional: bool) -> Listed | None:
    """An entry; None where it has no name. The PackageURL is that of the list, where it has one of its own."""
    if not name:
        return None
    made = _canonical(purl, version, own) or purls.build("generic", None, name, version or None)
    return Listed(name, version or None, made, license_, optional)


def _canonical(purl: str, version: str, own: str) -> str:
    """The PackageURL without qualifiers (addresses of the maker's machine); empty for one below the package itself."""
    try:
        read = PackageURL.from_string(purl)
    except ValueError:
        return ""
    if is_own(purl, own):
        return ""
    return purls.build(read.type, read.namespace, read.name, read.version or version or None)


def is_own(purl: str, own: str) -> bool:
    """Whether a PackageURL is the package itself, or a part of its own source tree (`download_url=file:`)."""
    try:
        one, other = PackageURL.from_string(purl), PackageURL.from_string(own)
    except ValueError:
        return False
    where = one.qualifiers.get("download_url", "") if isinstance(one.qualifiers, dict) else ""
    return where.startswith("file:") or (one.type, one.namespace, one.name) == (other.type, other.namespace, other.name)


def _cyclonedx(loaded: dict[str, Any], own: str) -> Iterator[Listed | None]:
    """The components and those within them, in order; what is no library or program is none."""
    stack = _rows(loaded.get("components"))[::-1]
    left = MAX_ENTRIES
    while stack and left:
        left -= 1
        row = stack.pop()
        if not isinstance(row, dict):
            yield None
            continue
        purl, scope = _text(row.get("purl")), _text(row.get("scope"))
        stack += _rows(row.get("components"))[::-1]
        if scope == "excluded" or (purl and is_own(purl, own)) or _text(row.get("type")) not in _TYPES:
            continue
        ref = _text(row.get("bom-ref"))
        purl = purl or (ref if ref.startswith("pkg:") else "")
        name, version = _text(row.get("name")), _text(row.get("version"))
        yield _listed(name, version, purl, _licenses(row.get("licenses")), own, optional=scope == "optional")


def _rows(value: object) -> list[object]:
    return list(value[:MAX_ENTRIES]) if isinstance(value, list) else []


def _licenses(value: object) -> str:
    """The licenses of a CycloneDX component: an expression, or ids and names that all apply."""
    found: dict[str, None] = {}
    for row in _rows(value)[:50]:
        if isinstance(row, dict):
            inner = row.get("license")
            license_ = inner if isinstance(inner, dict) else {}
            said = _text(row.get("expression")) or _text(license_.get("id")) or _text(license_.get("name"))
            found[_read(said)] = None
    said_all = [one for one in found if one]
    return " AND ".join(f"({one})" if " OR " in one and len(said_all) > 1 else one for one in said_all)


def _read(said: str) -> str:
    """A license as SPDX where its name tells it, so that several names are read each on its own; else as written."""
    reading = read_license(said) if said else None
    return reading.expression if reading and reading.expression else said


def _spdx(loaded: dict[str, Any], own: str) -> Iterator[Listed | None]:
    """The packages of an SPDX 2 document, without those that only build, test or develop, and its own."""
    idle = {
        _text(row.get("spdxElementId"))
        for row in _rows(loaded.get("relationships"))
        if isinstance(row, dict)
        and str(row.get("relationshipType")) in ("BUILD_TOOL_OF", "DEV_TOOL_OF", "TEST_TOOL_OF", "DEV_DEPENDENCY_OF",
                                                 "BUILD_DEPENDENCY_OF", "TEST_DEPENDENCY_OF")
    }  # fmt: skip
    maybe = {
        _text(row.get("spdxElementId"))
        for row in _rows(loaded.get("relationships"))
        if isinstance(row, dict)
        and str(row.get("relationshipType")) in ("OPTIONAL_DEPENDENCY_OF", "OPTIONAL_COMPONENT_OF")
    }
    for row in _rows(loaded.get("packages")):
        if not isinstance(row, dict):
            yield None
            continue
        refs = [ref for ref in _rows(row.get("externalRefs")) if isinstance(ref, dict)]
        purl = next((_text(r.get("referenceLocator")) for r in refs if r.get("referenceType") == "purl"), "")
        identifier = _text(row.get("SPDXID"))
        if row.get("primaryPackagePurpose") in _PURPOSES or identifier in idle or (purl and is_own(purl, own)):
            continue
        said = [_text(row.get("licenseConcluded")), _text(row.get("licenseDeclared"))]
        license_ = next((one for one in said if one and one not in ("NOASSERTION", "NONE")), "")
        name, version = _text(row.get("name")), _text(row.get("versionInfo"))
        yield _listed(name, version, purl, license_, own, optional=identifier in maybe)


def _spdx3(graph: list[object], own: str) -> Iterator[Listed | None]:
    """The packages of an SPDX 3 document; its licenses stand in relationships, and are not read."""
    for row in graph[:MAX_ENTRIES]:
        if isinstance(row, dict) and row.get("type") == "software_Package":
            if row.get("software_primaryPurpose") in _PURPOSES:
                continue
            purl = _text(row.get("software_packageUrl"))
            if not (purl and is_own(purl, own)):
                name, version = _text(row.get("name")), _text(row.get("software_packageVersion"))
                yield _listed(name, version, purl, "", own, optional=False)
