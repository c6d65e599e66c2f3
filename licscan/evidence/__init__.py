"""One record of facts a package, made from its archive, and the store that keeps them for all later scans."""

from __future__ import annotations

from licscan.evidence.build import record_npm, record_sdist, record_wheel
from licscan.evidence.record import Draft, PackageRecord, unread_of
from licscan.evidence.store import EvidenceStore, hash_key, name_key, user_evidence
from licscan.evidence.stored import StoredTree

__all__ = [
    "Draft",
    "EvidenceStore",
    "PackageRecord",
    "StoredTree",
    "hash_key",
    "name_key",
    "record_npm",
    "record_sdist",
    "record_wheel",
    "unread_of",
    "user_evidence",
]
