"""What a package.json says, wherever it was read: installed, in an archive, in a lock, from a registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from licscan.model import Claim, EvidenceKind, Location, Origin
from licscan.model.package import PackageMetadata
from licscan.packages import facts

SPELLINGS = (("license", "license"), ("licence", "license"), ("licenses", "licenses"), ("licences", "licenses"))
"""The keys of a license, as people spell them, and the field that each is read as."""
_DEPRECATED = "deprecated"


def license_claims(data: dict[str, Any], path: str, origin: Origin, line: int | None = None) -> tuple[Claim, ...]:
    """The values of `license` and `licenses` in either spelling, verbatim; objects and arrays as compact JSON."""
    claims: dict[str, Claim] = {}
    location = Location(path, line, line)
    for key, field in SPELLINGS:
        value = data.get(key) if key in data and field not in claims else None
        if isinstance(value, str) and value.strip():
            claims[field] = Claim(EvidenceKind.DECLARED, field, value, origin, location)
        elif value and isinstance(value, (dict, list)):
            raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            claims[field] = Claim(EvidenceKind.DECLARED, field, raw, origin, location, structured=True)
    return tuple(claims.values())


def npm_facts(data: dict[str, Any], purl: str = "") -> PackageMetadata:
    """Author, contributors, maintainers, addresses and description of a package.json; types are not trusted."""
    author = _one(data.get("author"))
    maintainers = facts.people(_several(data.get("maintainers")))
    authors = facts.people((author, *_several(data.get("contributors"))))
    bugs = data.get("bugs")
    stated = data.get("repository")
    address = stated.get("url") if isinstance(stated, dict) else stated
    homepage = facts.web(data.get("homepage"))
    supplier = author or next(iter((*maintainers, *authors)), "")
    return PackageMetadata(
        purl,
        description=facts.line(data.get("description")),
        supplier=supplier,
        authors=authors,
        maintainers=maintainers,
        homepage=homepage,
        repository=facts.repository(address) or (homepage if facts.is_repository(homepage) else ""),
        issue_tracker=facts.web(bugs.get("url") if isinstance(bugs, dict) else bugs),
    )


def npm_registry_facts(data: dict[str, Any], purl: str = "", time: dict[str, Any] | None = None) -> PackageMetadata:
    """What a registry's document of one version says: its package.json, who published it, the archive, and when.

    `time` is the table of days by version that only the document of the whole package has.
    """
    told = npm_facts(data, purl)
    dist = data.get("dist")
    dist = dist if isinstance(dist, dict) else {}
    digests = [*facts.integrity(dist.get("integrity")), ("sha1", dist.get("shasum"))]
    publisher = _one(data.get("_npmUser"))
    version = data.get("version")
    times = time if isinstance(time, dict) else {}
    return PackageMetadata(
        purl,
        description=told.description,
        supplier=told.supplier or publisher,
        authors=told.authors,
        maintainers=told.maintainers or facts.people((publisher,)),
        homepage=told.homepage,
        repository=told.repository,
        issue_tracker=told.issue_tracker,
        artifact_url=facts.web(dist.get("tarball")),
        artifact_hashes=facts.hashes(digests),
        published=facts.day(times.get(version)) if isinstance(version, str) else "",
        deprecated=_deprecated(data.get(_DEPRECATED)),
    )


def _deprecated(value: object) -> str:
    """The sentence of a deprecation; `true` alone says as much as its name."""
    return _DEPRECATED if value is True else facts.line(value)


def _several(value: object) -> Iterator[str]:
    for one in value[: facts.MAX_PEOPLE] if isinstance(value, list) else [value]:
        yield _one(one)


def _one(value: object) -> str:
    """A person as an object `{name, email}`, or on one line."""
    if isinstance(value, dict):
        return facts.person(value.get("name") or value.get("username"), value.get("email") or value.get("mail"))
    return facts.written_person(value) if isinstance(value, str) else ""
