"""Whole license texts in a metadata field -> the license that detection sees in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from licscan.conclude.agree import whole
from licscan.licenses.statements import read_license
from licscan.model import Claim, EvidenceKind, Origin
from licscan.read.cache import DetectionCache, Found
from licscan.read.evidence import SURE, Text, evidence_of
from licscan.read.reader import find
from licscan.read.roles import Role
from licscan.read.workers import Workers

LEAST = 200
"""Characters of a field that may hold a text; names of licenses are shorter."""
MAX_FIELD = 1024 * 1024


def read_fields(claims: Iterable[Claim], workers: Workers, kept: DetectionCache) -> dict[str, str]:
    """The license in every field that holds a text which no table knows, by the field's value.

    A text in which something is not known, or not sure, is left out.
    """
    wanted = sorted({claim.raw for claim in claims if _may_hold_text(claim)})
    if not wanted:
        return {}
    data = {hashlib.sha256(body).hexdigest(): body for body in map(_body, wanted)}
    found = kept.get_many(data)
    new = sorted(digest for digest in data if digest not in found)
    answers = workers.map(find, [data[digest] for digest in new])
    detected = {digest: one for digest, one in zip(new, answers, strict=True) if isinstance(one, Found)}
    kept.put_many(detected)
    found |= detected
    told = {}
    for raw in wanted:
        digest = hashlib.sha256(_body(raw)).hexdigest()
        expression = _license(digest, found[digest]) if digest in found else None
        if expression:
            told[raw] = expression
    return told


def _body(raw: str) -> bytes:
    return raw.encode("utf-8", "replace")


def _may_hold_text(claim: Claim) -> bool:
    is_field = claim.kind is EvidenceKind.DECLARED and not claim.structured
    return is_field and LEAST < len(claim.raw) <= MAX_FIELD and read_license(claim.raw).expression is None


def _license(digest: str, found: Found) -> str | None:
    pieces = evidence_of(Text(Role.LICENSE, "License", Origin.INSTALLED, digest), found)
    own = [piece for piece in pieces if piece.kind is EvidenceKind.FILE]
    if not own or any(not piece.expression or piece.score * 100 < SURE for piece in own):
        return None
    return whole(piece.expression for piece in own if piece.expression)
