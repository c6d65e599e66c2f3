"""One record of facts a package: what it lists, which of its bytes are kept, and what nobody looked at."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from licscan.base.messages import N_, _
from licscan.packages.purls import strip_credentials
from licscan.packages.tree import FileEntry, Listing, NativeFacts

MAX_FILES = 100_000
MAX_PATH = 4_096
MAX_FACTS = 64 * 1024
"""Bytes of a registry's facts as JSON."""

UNREAD = {
    "large": N_("is too large to be stored"),
    "budget": N_("was not downloaded, to limit traffic"),
    "full": N_("was left out: the package has too many texts"),
    "path": N_("has a name that leads outside the package, or is too long"),
    "kind": N_("is not a file, or is compressed with an unsupported method"),
}
"""Why a file was not looked into, by the word that stands before its path in `PackageRecord.unread`."""

_PLAIN = ("ecosystem", "name", "version", "filename", "url", "size", "partial", "kept", "excerpts", "registry")
"""Fields that are in JSON what they are in a record."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HASH = re.compile(r"(sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})")


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """The facts of one archive, the same wherever it was read.

    `url` has no credentials; `size` and `hashes` (`algorithm:hex`) are those of the archive. `partial`: a wheel read by
    ranges, whose digests are those of its RECORD. `kept` and `excerpts` lead from paths to the SHA-256 of blobs: whole
    files, and what `excerpt_of` cut out of them. `natives` are the facts of shared libraries, whose bytes are not kept.
    `unread` is `REASON PATH` for each file that should have been looked into (see `unread_of`); `registry` is what the
    registry's document says, as small JSON. `digest` is the SHA-256 of the record as it is stored; empty before that.
    """

    ecosystem: str
    name: str
    version: str
    filename: str = ""
    url: str = ""
    size: int = 0
    hashes: tuple[str, ...] = ()
    partial: bool = False
    entries: Sequence[FileEntry] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    excerpts: Mapping[str, str] = field(default_factory=dict)
    natives: Mapping[str, NativeFacts] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    registry: Mapping[str, Any] = field(default_factory=dict)
    digest: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that is not stored yet, with its blobs by their SHA-256."""

    record: PackageRecord
    blobs: Mapping[str, bytes] = field(default_factory=dict)

    def told(
        self,
        *,
        url: str = "",
        size: int = 0,
        hashes: Iterable[str] = (),
        registry: Mapping[str, Any] | None = None,
    ) -> Draft:
        """The same with what is known once the archive is read and verified; what is not given stays."""
        record = self.record
        return replace(
            self,
            record=replace(
                record,
                url=strip_credentials(url) or record.url,
                size=size or record.size,
                hashes=tuple(sorted({*record.hashes, *checked_hashes(hashes)})),
                registry=small_facts(registry) if registry is not None else record.registry,
            ),
        )


def checked_hashes(hashes: Iterable[str]) -> list[str]:
    """Those that are `algorithm:hex` of an algorithm that locks pin with."""
    return [one.lower() for one in hashes if _HASH.fullmatch(one.lower())]


def small_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A registry's facts; nothing where they are no small JSON."""
    try:
        return facts if len(json.dumps(facts)) <= MAX_FACTS else {}
    except (TypeError, ValueError, RecursionError):
        return {}


def unread_of(record: PackageRecord) -> list[tuple[str, str]]:
    """The files that should have been looked into, each with why not in the user's language."""
    said = [one.partition(" ") for one in record.unread]
    return [(path, _(UNREAD.get(reason, UNREAD["kind"]))) for reason, _space, path in said]


def blobs_of(record: PackageRecord) -> set[str]:
    """The digests of all blobs that a record speaks of."""
    return {*record.kept.values(), *record.excerpts.values()}


def is_safe(path: str) -> bool:
    """Whether a path stays inside its package, and is one that a tree may list."""
    return (
        0 < len(path) <= MAX_PATH
        and path[0] != "/"
        and "\0" not in path
        and all(part not in ("", ".", "..") for part in path.split("/"))
    )


def dump(record: PackageRecord) -> bytes:
    """The record as JSON, the same bytes for the same record."""
    entries = record.entries
    told = {
        **{key: getattr(record, key) for key in _PLAIN},
        "hashes": record.hashes,
        "paths": [entry.path for entry in entries],
        "sizes": [entry.size for entry in entries],
        "digests": [entry.sha256 for entry in entries],
        "natives": {path: [one.is_module, one.soname, one.linked] for path, one in record.natives.items()},
        "unread": record.unread,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest_of(said: bytes) -> str:
    """The digest of a record that `dump` wrote."""
    return hashlib.sha256(said).hexdigest()


def load(data: bytes) -> PackageRecord:
    """What `dump` wrote, with its digest. ValueError for anything else."""
    try:
        told = json.loads(data)
        entries = Listing(told["paths"], told["sizes"], told["digests"])
        natives = {
            path: NativeFacts(is_module, soname, tuple((name, version) for name, version in linked))
            for path, (is_module, soname, linked) in told["natives"].items()
        }
        listed: dict[str, Any] = {"hashes": tuple(told["hashes"]), "entries": entries, "natives": natives}
        plain = {key: told[key] for key in _PLAIN}
        return PackageRecord(**plain, **listed, unread=tuple(told["unread"]), digest=digest_of(data))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no record: {error}") from error


def load_foreign(data: bytes) -> PackageRecord:
    """A record that somebody else wrote: every value is checked. ValueError for what no reader of archives makes."""
    record = load(data)
    try:
        right = _has_right_words(record) and _has_right_files(record)
    except (TypeError, AttributeError) as error:
        raise ValueError("no record of a package") from error
    if not right:
        raise ValueError("no record of a package")
    return record


def _has_right_words(record: PackageRecord) -> bool:
    words = [record.ecosystem, record.name, record.version, record.filename, record.url, *record.unread]
    for one in record.natives.values():
        words += [one.soname, *(word for pair in one.linked for word in pair)]
    return (
        all(isinstance(word, str) and len(word) <= MAX_PATH + 20 for word in words)
        and record.ecosystem in ("npm", "pypi")
        and bool(record.name and record.version)
        and strip_credentials(record.url) == record.url
        and type(record.partial) is bool
        and all(type(one.is_module) is bool for one in record.natives.values())
        and len(checked_hashes(record.hashes)) == len(record.hashes)
        and isinstance(record.registry, dict)
        and small_facts(record.registry) == record.registry
    )


def _has_right_files(record: PackageRecord) -> bool:
    digests = {entry.path: entry.sha256 for entry in record.entries}
    sizes = (record.size, *(entry.size for entry in record.entries))
    blobs = (*record.kept.items(), *record.excerpts.items())
    return (
        len(record.entries) <= MAX_FILES
        and all(isinstance(path, str) and is_safe(path) for path in digests)
        and all(one.path < other.path for one, other in pairwise(record.entries))
        and all(type(size) is int and 0 <= size < 2**53 for size in sizes)
        and all(isinstance(one, str) and (not one or _DIGEST.fullmatch(one)) for one in digests.values())
        and all(path in digests and isinstance(one, str) and _DIGEST.fullmatch(one) for path, one in blobs)
        and all(one == digests[path] for path, one in record.kept.items())
        and record.natives.keys() <= digests.keys()
    )
