"""One digest of all that is said of a component's license, so that a person's answer can be bound to what they saw."""

from __future__ import annotations

import hashlib
import json

from licscan.model import Conclusion, EvidenceKind

_METADATA = frozenset({EvidenceKind.DECLARED, EvidenceKind.CLASSIFIER})


def evidence_digest(conclusion: Conclusion) -> str:
    """`sha256:` and the digest over the component's statements and license texts, each counted once.

    A statement is its field and its words, a text the digest of its file. Where it stands, in which order it was read,
    from which copy and by which method does not matter; a word more or less does.
    """
    said: set[tuple[str, ...]] = set()
    for evidence in conclusion.evidence:
        if evidence.sha256:
            said.add(("text", evidence.sha256))
        elif evidence.kind in _METADATA and evidence.raw:
            said.add(("statement", evidence.field.casefold(), evidence.raw))
    listed = json.dumps(sorted(said), ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(listed.encode()).hexdigest()}"
