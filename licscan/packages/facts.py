"""What metadata say of a package, made harmless and brought into one form: people, addresses, days, digests.

Every value may be hostile: it is cut to a bound, holds no controls and no credentials, or is left out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from licscan.model import Component, PackageFiles, SourceKind
from licscan.model.package import PackageMetadata
from licscan.packages.purls import strip_credentials

MAX_NAME = 200
MAX_TEXT = 500
MAX_URL = 2_000
MAX_PEOPLE = 50
MAX_HASHES = 50
_LONGEST = 4 * (MAX_URL + 1)
"""Characters of a value that are looked at where an address is expected."""
_SEEN = 4_096
"""So many values are known again: a manifest, a registry and a person's other packages say the same."""

_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_UNKNOWN = frozenset({"", "unknown", "none", "null", "n/a", "author", "your name", "undefined", "todo"})
_MAIL = re.compile(r"[^\s<>()\[\],;:\"@]{1,120}@[^\s<>()\[\],;:\"@]{1,120}")
_PERSON = re.compile(r"([^<(]*)(?:<([^>]*)>)?\s*(?:\(([^)]*)\))?")
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_VCS = re.compile(r"(?:git|hg|svn|bzr)?\+?(?:https?|ssh|git|svn)://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_SCP = re.compile(r"(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!//)([\w.~/-]+)")
_SHORT = re.compile(r"(?:(github|gitlab|bitbucket|gist):)?([\w-][\w.-]*(?:/[\w.-]+)+|[\w-]+)(?:#.*)?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?", re.DOTALL)
_HEX = re.compile(r"[0-9a-fA-F]{32,128}")
_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128, "blake2b": 128}
_FORGES = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
"""Forges for which npm has a short form; a repository there is at `https://host/owner/name`."""
FORGE_HOSTS = frozenset({*_FORGES.values(), "codeberg.org", "git.sr.ht", "salsa.debian.org", "gitee.com"})
_OWNER_AND_NAME = re.compile(r"/[^/]+/[^/]+")


def line(value: object, limit: int = MAX_TEXT) -> str:
    """Text on one line without controls, cut at `limit` characters; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    told = " ".join(_CONTROLS.sub("", value[: 4 * limit]).split())
    return told if len(told) <= limit else told[: limit - 1].rstrip() + "…"


def said(value: object, limit: int = MAX_TEXT) -> str:
    """As `line`; empty too for what tools write where nobody said anything (`UNKNOWN`, `None`)."""
    told = line(value, limit)
    return "" if told.strip("\"' .").casefold() in _UNKNOWN else told


def person(name: object, email: object = "") -> str:
    """`Name <address>`, or either alone; empty where neither is left."""
    told = said(name, MAX_NAME).replace("<", "").replace(">", "").strip("\"' ,;")
    address = line(email, MAX_NAME).removeprefix("mailto:")
    if not _MAIL.fullmatch(address):
        address = ""
    if told == address:
        told = ""
    return f"{told} <{address}>" if told and address else told or address


def name_of(party: str) -> str:
    """The name in `Name <address>`; the address where there is no name."""
    return party.partition(" <")[0]


def email_of(party: str) -> str:
    """The address in `Name <address>`, empty without one."""
    inner = party.partition(" <")[2].removesuffix(">") or party
    return inner if "@" in inner and _MAIL.fullmatch(inner) else ""


def written_person(text: str) -> str:
    """npm's one-line form: `Name <address> (page)`."""
    return _written_person(text[: 3 * MAX_NAME])


@lru_cache(_SEEN)
def _written_person(text: str) -> str:
    found = _PERSON.match(text)
    if found is None:
        return ""
    name, email = found[1].strip(), found[2] or ""
    return person("", name) if _MAIL.fullmatch(name) and not email else person(name, email)


def people(found: Iterable[str]) -> tuple[str, ...]:
    """Those that are somebody, each once, in order; `MAX_PEOPLE` at most."""
    return tuple(dict.fromkeys(filter(None, found)))[:MAX_PEOPLE]


def web(value: object) -> str:
    """The address of a page or file without credentials; empty for anything else (`javascript:`, a file, a word)."""
    return _web(value[:_LONGEST]) if isinstance(value, str) else ""


@lru_cache(_SEEN)
def _web(value: str) -> str:
    text = line(value, MAX_URL + 1)
    if len(text) > MAX_URL or not _URL.fullmatch(text):
        return ""
    return strip_credentials(text) if _host(text) else ""


def repository(value: object) -> str:
    """The address of a repository in any form that npm and pip take: `owner/name`, `git+ssh://`, `git@host:path`."""
    return _repository(value[:_LONGEST]) if isinstance(value, str) else ""


@lru_cache(_SEEN)
def _repository(value: str) -> str:
    text = line(value, MAX_URL + 1).removeprefix("scm:")
    if not text or len(text) > MAX_URL:
        return ""
    if short := _SHORT.fullmatch(text):
        return _of_forge(short[1] or "github", short[2]) if short[1] or short[2].count("/") == 1 else ""
    if scp := _SCP.fullmatch(text):
        text = f"ssh://git@{scp[1]}/{scp[2].lstrip('/')}"
    if not _VCS.fullmatch(text):
        return ""
    text = strip_credentials(re.sub(r"^(?:git|hg|svn|bzr)\+", "", text)).partition("#")[0]
    host = _host(text)
    if host.removeprefix("www.") in FORGE_HOSTS:
        path = urlsplit(text).path.rstrip("/").removesuffix(".git")
        return f"https://{host.removeprefix('www.')}{path}"
    return text if host else ""


def _of_forge(forge: str, path: str) -> str:
    if forge == "gist":
        return f"https://gist.github.com/{path}"
    return f"https://{_FORGES[forge]}/{path.removesuffix('.git')}" if "/" in path else ""


@lru_cache(_SEEN)
def is_repository(url: str) -> bool:
    """Whether the address of a page is a repository's on a forge (`https://host/owner/name`)."""
    path = urlsplit(url).path.rstrip("/").removesuffix(".git") if _host(url) in FORGE_HOSTS else ""
    return bool(_OWNER_AND_NAME.fullmatch(path))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def day(value: object) -> str:
    """The day of an ISO 8601 time; empty for anything else."""
    found = _DAY.fullmatch(value) if isinstance(value, str) and len(value) < 60 else None
    return found[1] if found else ""


def hashes(found: Iterable[tuple[object, object]]) -> tuple[str, ...]:
    """`algorithm:hex`, sorted, of pairs whose digest has the length of its algorithm; others are left out."""
    told = set()
    for algorithm, value in found:
        if isinstance(algorithm, str) and isinstance(value, str):
            name = algorithm.lower().replace("-", "")
            if _LENGTHS.get(name) == len(value) and _HEX.fullmatch(value):
                told.add(f"{name}:{value.lower()}")
    return tuple(sorted(told))[:MAX_HASHES]


def integrity(value: object) -> Iterator[tuple[str, str]]:
    """The digests of a Subresource Integrity text (`sha512-<base64>`, several with blanks between them)."""
    for part in value.split()[:10] if isinstance(value, str) and len(value) < 2_000 else ():
        algorithm, dash, encoded = part.partition("?")[0].partition("-")
        try:
            yield algorithm, base64.b64decode(encoded, validate=True).hex() if dash else ""
        except (binascii.Error, ValueError):
            continue


# --- one package, told by several -------------------------------------------------------------------------------------

_FACTS = tuple(one.name for one in fields(PackageMetadata) if one.name != "purl")
_ARTIFACT = ("artifact_url", "artifact_hashes")


def merged(first: PackageMetadata, second: PackageMetadata) -> PackageMetadata:
    """What the first says, filled from the second; an archive's address and digests go together."""
    missing = {name: getattr(second, name) for name in _FACTS if not getattr(first, name)}
    if (first.artifact_url and second.artifact_url and first.artifact_url != second.artifact_url) or (
        first.artifact_hashes and second.artifact_hashes and _differ(first.artifact_hashes, second.artifact_hashes)
    ):
        # another file of the same version: its address or digests are not this one's
        missing = {name: value for name, value in missing.items() if name not in _ARTIFACT}
    return replace(first, **missing) if missing else first


def _differ(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether two lists of digests are of different files: an algorithm in both without a digest in both."""
    ours, theirs = set(first), set(second)
    common = {one.partition(":")[0] for one in ours} & {one.partition(":")[0] for one in theirs}
    return any(not {o for o in ours & theirs if o.startswith(f"{name}:")} for name in common)


def metadata_of(component: Component, places: Iterable[PackageFiles] = ()) -> PackageMetadata | None:
    """All that is known of a component beside its license; None where nobody says anything.

    The archive is the one that the lock pins, where it pins one. The package's own metadata come first, in order of the
    trust in their places; registries fill what these leave open.
    """
    told = of_lock(component)
    known = [place for place in places if place.metadata is not None]
    for place in sorted(known, key=lambda place: _TRUST.index(place.origin.value)):
        assert place.metadata is not None  # noqa: S101 (for the type checker)
        told = merged(told, place.metadata)
    return told if any(getattr(told, name) for name in _FACTS) else None


_TRUST = ("installed", "project", "cache", "registry", "lock", "sbom")


def of_lock(component: Component) -> PackageMetadata:
    """The address and digests with which a lock pins a component; of several files none is told apart."""
    url, kind = component.source.url or "", component.source.kind
    split = (one.partition(":") for one in component.hashes)
    pairs = hashes((name, value) for name, _colon, value in split)
    one_file = len({pair.partition(":")[0] for pair in pairs}) == len(pairs)
    is_file = (
        kind is SourceKind.URL
        or component.ecosystem == "npm"
        or bool(re.search(r"\.(?:tgz|whl|zip|conda|tar\.\w+)(?:[?#]|$)", url))
    )
    return PackageMetadata(
        component.purl,
        repository=repository(url) if kind is SourceKind.GIT else "",
        artifact_url=web(url) if is_file and kind is not SourceKind.GIT else "",
        artifact_hashes=pairs if one_file else (),
    )


def as_dict(told: PackageMetadata) -> dict[str, Any]:
    """What is said, by field; lists for tuples, empty values left out."""
    found = {name: getattr(told, name) for name in _FACTS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}


def from_dict(purl: str, found: dict[str, Any]) -> PackageMetadata:
    """The reverse of `as_dict`; what has another type is left out."""
    told: dict[str, Any] = {}
    for name in _FACTS:
        value = found.get(name)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            told[name] = tuple(value)
        elif isinstance(value, str):
            told[name] = value
    return PackageMetadata(purl, **told)
