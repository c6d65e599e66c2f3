"""Python's core metadata (METADATA, PKG-INFO; versions 1.0 to 2.5): its headers, and what they say of the license.

Neutral ground: installed trees, caches and registries all hold such files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from licscan.base.load import table_at
from licscan.base.tables import load_toml
from licscan.model import Claim, EvidenceKind, Location, Origin
from licscan.model.package import PackageMetadata
from licscan.packages import facts
from licscan.packages.npm_metadata import npm_facts

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
        elif name in ("license", "licence"):
            claims.append(Claim(EvidenceKind.DECLARED, "License", value, origin, where))
        elif name == "classifier" and value.startswith("License ::"):
            claims.append(Claim(EvidenceKind.CLASSIFIER, "Classifier", value, origin, where))
    return tuple(claims)


def requires_of(headers: Iterable[tuple[str, str]], *, built: bool) -> tuple[str, ...] | None:
    """The requirements that metadata state, None where a build may add others.

    Those of a wheel (`built`) are what is installed; those of a source distribution since metadata 2.2, where they are
    not listed as dynamic (PEP 643).
    """
    told = list(headers)
    if not built:
        version = first(told, "metadata-version") or ""
        dynamic = {value.strip().lower() for name, value in told if name == "dynamic"}
        if not re.fullmatch(r"2\.(?:[2-9]|\d\d)|[3-9]\.\d+", version) or "requires-dist" in dynamic:
            return None
    return tuple(value.strip() for name, value in told if name == "requires-dist" and value.strip())[:MAX_REQUIRES]


MAX_REQUIRES = 1_000
"""Requirements of one package that are read."""


# --- what it says beside the license ----------------------------------------------------------------------------------


def core_facts(headers: Iterable[tuple[str, str]], purl: str = "") -> PackageMetadata:
    """Authors, maintainers, addresses and summary of core metadata of any version; every field of a kind counts."""
    known: dict[str, list[str]] = {}
    for name, value in headers:
        known.setdefault(name, []).append(value)
    authors = facts.people(_people(known, "author"))
    maintainers = facts.people(_people(known, "maintainer"))
    links = project_links(_labelled(value) for value in known.get("project-url", ()))
    homepage = next(filter(None, map(facts.web, known.get("home-page", ()))), "") or links.get("homepage", "")
    download = next(filter(None, map(facts.web, known.get("download-url", ()))), "")
    stated = links.get("repository") or next((url for url in (homepage, download) if facts.is_repository(url)), "")
    return PackageMetadata(
        purl,
        description=next(filter(None, map(facts.said, known.get("summary", ()))), ""),
        supplier=next(iter((*authors, *maintainers)), ""),
        authors=authors,
        maintainers=maintainers,
        homepage=homepage,
        repository=facts.repository(stated),
        issue_tracker=links.get("issue_tracker", ""),
    )


def project_links(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first address of each kind (`homepage`, `repository`, `issue_tracker`) by the labels that PyPA lists.

    A label that only custom gives this meaning counts where no listed one does.
    """
    table = load_toml("project_urls.toml")
    found: dict[str, str] = {}
    every = [(_LABEL.sub("", label.lower()), url) for label, url in links][:MAX_LINKS]
    for group in ("labels", "customary"):
        for label, url in every:
            kind = table[group].get(label)
            address = facts.web(url) or (facts.repository(url) if kind == "repository" else "")
            if kind and address:
                found.setdefault(kind, address)
    return found


MAX_LINKS = 100
_LABEL = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\s*(?:[,;&]|\band\b)\s*")


def _labelled(value: str) -> tuple[str, str]:
    label, _comma, url = value.partition(",")
    return label, url


def _people(known: dict[str, list[str]], field: str) -> list[str]:
    """The people of `Author` and `Author-email`: one name with one address, or as many names as addresses."""
    names = [value for value in known.get(field, ()) if facts.said(value)]
    texts = known.get(f"{field}-email", ())
    from email.utils import getaddresses

    addresses = [pair for text in texts for pair in getaddresses([facts.line(text, MAX_ADDRESSES)])]
    told = [(name, email) for name, email in addresses[: facts.MAX_PEOPLE] if name or "@" in email]
    bare = [email for name, email in told if not name]
    named = [facts.person(name, email) for name, email in told if name]
    if not bare:
        spoken = {facts.name_of(one).casefold() for one in named}
        split = [part for name in names for part in _SEPARATOR.split(facts.line(name, 2_000))]
        if split and all(facts.said(part).casefold() in spoken for part in split):
            return named
        return [*(facts.person(name) for name in names if facts.said(name).casefold() not in spoken), *named]
    listed = [part for name in names for part in _SEPARATOR.split(facts.line(name, 2_000)) if facts.said(part)]
    if len(names) == len(bare) and not named:
        return [facts.person(name, email) for name, email in zip(names, bare, strict=True)]
    if len(listed) == len(bare) and not named:
        return [facts.person(name, email) for name, email in zip(listed, bare, strict=True)]
    return [*map(facts.person, names), *named, *(facts.person("", email) for email in bare)]


MAX_ADDRESSES = 2_000
"""Characters of an `Author-email` that are read."""


def facts_of(ecosystem: str, manifest: bytes, purl: str = "") -> PackageMetadata | None:
    """What a package.json, METADATA or PKG-INFO says beside the license, by its ecosystem; None for a damaged one."""
    if ecosystem != "npm":
        return core_facts(read_headers(manifest), purl)
    try:
        table = json.loads(manifest)
    except (ValueError, RecursionError):
        return None
    return npm_facts(table, purl) if isinstance(table, dict) else None


def simple_facts(entry: Mapping[str, Any], purl: str = "") -> PackageMetadata:
    """What a file's entry in the simple API (PEP 592, 691, 700) says: address, digests, day, whether it is yanked.

    A source distribution is the `source_url`; a wheel's digests are those of the archive that is installed.
    """
    url = facts.web(entry.get("url"))
    stated = entry.get("hashes")
    digests = facts.hashes(stated.items()) if isinstance(stated, dict) else ()
    yanked = entry.get("yanked")
    filename = entry.get("filename")
    is_wheel = isinstance(filename, str) and filename.endswith(".whl")
    return PackageMetadata(
        purl,
        artifact_url=url,
        artifact_hashes=digests,
        source_url="" if is_wheel else url,
        published=facts.day(entry.get("upload-time")),
        deprecated="yanked" if yanked is True or yanked == "" else facts.line(yanked),
    )


def pyproject_facts(data: Mapping[str, Any], purl: str = "") -> PackageMetadata:
    """What a pyproject.toml says of its project: `[project]` (PEP 621), where that is silent `[tool.poetry]`."""
    project = table_at(data, "project")
    poetry = table_at(table_at(data, "tool"), "poetry")
    links = project_links(_links(project.get("urls")) or _links(poetry.get("urls")))
    authors = facts.people((*_listed(project.get("authors")), *_listed(poetry.get("authors"))))
    maintainers = facts.people((*_listed(project.get("maintainers")), *_listed(poetry.get("maintainers"))))
    homepage = links.get("homepage") or facts.web(poetry.get("homepage"))
    stated = links.get("repository") or poetry.get("repository")
    return PackageMetadata(
        purl,
        description=facts.said(project.get("description")) or facts.said(poetry.get("description")),
        supplier=next(iter((*authors, *maintainers)), ""),
        authors=authors,
        maintainers=maintainers,
        homepage=homepage,
        repository=facts.repository(stated or (homepage if facts.is_repository(homepage) else "")),
        issue_tracker=links.get("issue_tracker", ""),
    )


def _links(urls: object) -> list[tuple[str, str]]:
    pairs = urls.items() if isinstance(urls, dict) else ()
    return [(label, url) for label, url in pairs if isinstance(label, str) and isinstance(url, str)]


def _listed(people: object) -> list[str]:
    """PEP 621's tables `{name, email}`, poetry's texts `Name <address>`."""
    found = []
    for one in people[: facts.MAX_PEOPLE] if isinstance(people, list) else ():
        if isinstance(one, dict):
            found.append(facts.person(one.get("name"), one.get("email")))
        elif isinstance(one, str):
            found.append(facts.written_person(one))
    return found
