"""The signed statement: which artifacts a delivery is about, and the digests of all files that go with it.

in-toto Attestation Framework, Statement v1, with the predicate Reference v0.1, which is made for documents that are
kept beside the statement (https://in-toto.io/attestation/reference/v0.1). Digests are named as in its DigestSet 1.1.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from licscan.base.messages import _
from licscan.delivery.envelope import MalformedError, load

STATEMENT = "https://in-toto.io/Statement/v1"
REFERENCE = "https://in-toto.io/attestation/reference/v0.1"
ATTESTER = "pkg:generic/licscan"
MAX_ENTRIES = 10_000
_HEX = re.compile(r"[0-9a-f]{64}")
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}")


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """One artifact: its file name, and its SHA-256 digest; of a folder the in-toto `dirHash` of all its files."""

    name: str
    digest: str
    is_folder: bool = False

    @property
    def label(self) -> str:
        """The digest with the name of its algorithm."""
        return f"{'dirHash' if self.is_folder else 'sha256'}:{self.digest}"


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One file of the delivery, by its path in it."""

    path: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed; both lists in the order of their names."""

    subjects: tuple[Subject, ...]
    references: tuple[Reference, ...]


def write_statement(told: Statement) -> bytes:
    """The statement as the bytes to sign: the same for the same files."""
    document = {
        "_type": STATEMENT,
        "subject": [
            {"name": one.name, "digest": {"dirHash" if one.is_folder else "sha256": one.digest}}
            for one in sorted(told.subjects)
        ],
        "predicateType": REFERENCE,
        "predicate": {
            "attester": {"id": ATTESTER},
            "references": [
                {
                    "name": one.path,
                    "downloadLocation": one.path,
                    "digest": {"sha256": one.sha256},
                    "mediaType": one.media_type,
                }
                for one in sorted(told.references)
            ],
        },
    }
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()


def read_statement(payload: bytes) -> Statement:
    """The statement in a payload; MalformedError with the place where it is none. Fields that are not known are let be,
    as the framework asks."""
    table = load(payload)
    if table.get("_type") != STATEMENT:
        raise MalformedError(_("_type should be {name}").format(name=STATEMENT))
    if table.get("predicateType") != REFERENCE:
        raise MalformedError(_("predicateType should be {name}").format(name=REFERENCE))
    predicate = table.get("predicate")
    references = tuple(
        _reference(one, f"references[{number}]")
        for number, one in enumerate(_list(predicate, "references", "predicate.references"))
    )
    subjects = tuple(_subject(one, f"subject[{number}]") for number, one in enumerate(_list(table, "subject")))
    for names in ([one.path for one in references], [one.name for one in subjects]):
        if len(set(names)) < len(names):
            twice = max(names, key=names.count)
            raise MalformedError(_("names {name} twice").format(name=twice))
    return Statement(subjects, references)


def _subject(told: object, place: str) -> Subject:
    name, digest = _text(told, "name", place), _table(told, "digest", place)
    for algorithm, is_folder in (("sha256", False), ("dirHash", True)):
        value = digest.get(algorithm)
        if isinstance(value, str) and _HEX.fullmatch(value):
            return Subject(name, value, is_folder)
    raise MalformedError(_("{place} has no SHA-256 digest").format(place=place))


def _reference(told: object, place: str) -> Reference:
    path, digest = _text(told, "name", place), _table(told, "digest", place).get("sha256")
    if not _PATH.fullmatch(path):
        raise MalformedError(_("{place}.name is not a path inside the delivery").format(place=place))
    if not isinstance(digest, str) or not _HEX.fullmatch(digest):
        raise MalformedError(_("{place} has no SHA-256 digest").format(place=place))
    return Reference(path, digest, _text(told, "mediaType", place))


def _list(table: object, key: str, place: str = "") -> list[Any]:
    found = table.get(key) if isinstance(table, dict) else None
    if not isinstance(found, list) or not found or len(found) > MAX_ENTRIES:
        raise MalformedError(
            _("{place} should be a list of 1 to {most} entries").format(place=place or key, most=MAX_ENTRIES)
        )
    return found


def _text(table: object, key: str, place: str) -> str:
    found = table.get(key) if isinstance(table, dict) else None
    if not isinstance(found, str) or not found or len(found) > 1_000:
        raise MalformedError(_("{place}.{key} should be a text").format(place=place, key=key))
    return found


def _table(table: object, key: str, place: str) -> dict[str, Any]:
    found = table.get(key) if isinstance(table, dict) else None
    if not isinstance(found, dict):
        raise MalformedError(_("{place}.{key} should be a table").format(place=place, key=key))
    return found
