"""Evidence shared by the machines of a fleet: what one of them read of a package, the others take from the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from licscan.base.errors import LicscanError
from licscan.evidence.exchange import packed_record, take_record
from licscan.evidence.record import Draft, PackageRecord
from licscan.evidence.store import EvidenceStore, hash_key, user_evidence
from licscan.fleet.space import Space

FOLDER = "facts"


class SharedEvidence(EvidenceStore):
    """The user's store of evidence, with that of the fleet behind it; what the fleet's cannot give is not there."""

    def __init__(self, own: EvidenceStore, space: Space):
        super().__init__(own.path)
        self._space = space

    def fetch_many(self, keys: Iterable[str]) -> dict[str, PackageRecord]:
        """What only the fleet has; it is taken into the user's store on the way."""
        taken = [key for key in sorted(set(keys)) if self._take(key)]
        return self.get_many(taken) if taken else {}

    def put(self, draft: Draft, keys: Iterable[str | None] = ()) -> PackageRecord:
        """Store a record, here and for all."""
        named = [key for key in keys if key]
        record = super().put(draft, named)
        every = {*named, *filter(None, map(hash_key, draft.record.hashes))}
        digest, data = packed_record(draft, sorted(every))
        try:
            self._space.write(f"{FOLDER}/records/{digest[:2]}/{digest}.gz", data)
            for key in sorted(every):
                self._space.write(_pointer(key), digest.encode())
        except LicscanError:
            return record  # a store that takes nothing costs the others a reading of their own
        return record

    def _take(self, key: str) -> bool:
        try:
            told = self._space.read(_pointer(key))
            digest = told.decode("ascii", "replace") if told else ""
            if len(digest) != 64 or not digest.isalnum():
                return False
            data = self._space.read(f"{FOLDER}/records/{digest[:2]}/{digest}.gz")
            return data is not None and take_record(self, data)
        except LicscanError:
            return False


@contextmanager
def shared_evidence(space: Space) -> Iterator[SharedEvidence]:
    """The evidence of this machine and the fleet, closed afterwards."""
    store = SharedEvidence(user_evidence(), space)
    try:
        yield store
    finally:
        store.close()


def _pointer(key: str) -> str:
    name = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return f"{FOLDER}/keys/{name[:2]}/{name}"
