"""The check of a delivery: one path for `licscan accept` and for the one-file tool."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from licscan.base.errors import InputError
from licscan.delivery.digests import subject_of
from licscan.delivery.documents import SBOMS, Documents, facts_of, read_documents
from licscan.delivery.envelope import Envelope, MalformedError, read_envelope, write_envelope
from licscan.delivery.fits import fits, points
from licscan.delivery.inside import inside
from licscan.delivery.opening import ENVELOPE, Opened, opened
from licscan.delivery.records import Acceptance, Check, Facts, ordered, said
from licscan.delivery.signature import verified
from licscan.delivery.statement import Statement, Subject, read_statement

_JUDGED = (".cdx.json", ".cdx.xml", ".spdx.json", ".spdx3.json", ".spdx")
"""Endings of SBOMs, the one that is judged first."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is to be checked: a folder or archive, the artifacts that came with it, and the supplier's key."""

    delivery: Path
    artifacts: tuple[Path, ...] = ()
    key: Path | None = None


def examine(asked: Inquiry) -> Acceptance:
    """All that can be said of a delivery without judging it. InputError for what cannot be opened, and for a key that
    is none."""
    given = [(path, subject_of(path)) for path in asked.artifacts]
    with opened(asked.delivery) as delivery:
        checks = list(delivery.checks)
        if ENVELOPE not in delivery.files:
            return Acceptance(delivery.name, Facts(), ordered([*checks, said("envelope-missing", path=ENVELOPE)]))
        data = delivery.read(ENVELOPE)
        digest = hashlib.sha256(data).hexdigest()
        try:
            envelope = read_envelope(data)
        except MalformedError as error:
            told = said("envelope-malformed", path=ENVELOPE, reason=str(error))
            return Acceptance(delivery.name, Facts(digest=digest), ordered([*checks, told]))
        if write_envelope(envelope) != data:
            checks.append(said("envelope-rewritten", path=ENVELOPE))
        signature = verified(envelope, asked.key, digest)
        checks += signature
        statement, told_of = _statement(envelope)
        checks += told_of
        if statement is None:
            return Acceptance(delivery.name, Facts(digest=digest), ordered(checks))
        checks += _files(delivery, statement)
        documents = read_documents(delivery)
        checks += documents.checks
        checks += fits(documents)
        checks += _artifacts(given, statement, documents)
        checks += points(documents, checks)
        subjects = tuple((one.name, one.label) for one in statement.subjects)
        key = next((dict(one.values)["key"] for one in signature if one.code == "signature-ok"), "")
        path = _judged(delivery)
        return Acceptance(
            delivery.name,
            facts_of(documents, digest, key, subjects),
            ordered(checks),
            path,
            delivery.read(path) if path in documents.sboms else b"",
        )


def _statement(envelope: Envelope) -> tuple[Statement | None, list[Check]]:
    try:
        return read_statement(envelope.payload), []
    except MalformedError as error:
        return None, [said("statement-malformed", reason=str(error))]


def _files(delivery: Opened, statement: Statement) -> list[Check]:
    """Every file against its digest; what is too much, what is missing."""
    expected = {one.path: one.sha256 for one in statement.references}
    found: list[Check] = []
    for path in sorted(expected.keys() - delivery.files.keys()):
        found.append(said("file-missing", path=path))
    for path in sorted(delivery.files.keys() - expected.keys() - {ENVELOPE}):
        found.append(said("file-added", path=path))
    for path in sorted(expected.keys() & delivery.files.keys()):
        try:
            same = delivery.files[path].sha256 == expected[path]
        except InputError:
            same = False
        if not same:
            found.append(said("file-changed", path=path))
    return found or [said("files-ok", count=len(expected))]


def _artifacts(given: list[tuple[Path, Subject]], statement: Statement, documents: Documents) -> list[Check]:
    """Every artifact of the statement against the files that were given, and what is inside of those that are it."""
    by_digest = {(one.digest, one.is_folder): one for one in statement.subjects}
    names = {one.name for one in statement.subjects}
    found: list[Check] = []
    met: set[str] = set()
    for path, subject in given:
        known = by_digest.get((subject.digest, subject.is_folder))
        if known is not None:
            met.add(known.name)
            found.append(said("artifact-ok", path=subject.name, digest=subject.label))
        elif subject.name in names:
            met.add(subject.name)
            found.append(said("artifact-changed", path=subject.name))
        else:
            found.append(said("artifact-unknown", path=subject.name))
        if known is not None:
            found += inside(path, documents)
    return found + [said("artifact-not-given", path=name) for name in sorted(names - met)]


def _judged(delivery: Opened) -> str:
    sboms = [path for path in sorted(delivery.files) if path.startswith(SBOMS)]
    return next((path for ending in _JUDGED for path in sboms if path.endswith(ending)), sboms[0] if sboms else "")
