"""A stored record as a tree of files: what was kept can be read, and of the rest it is known that it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.evidence.excerpts import split
from licscan.evidence.record import PackageRecord
from licscan.model import Origin
from licscan.packages.tree import FileEntry, Listing, NativeFacts


class StoredTree:
    """A `PackageTree`; of code it gives the excerpts that were kept, in which the same marks are found."""

    def __init__(self, record: PackageRecord, blob: Callable[[str], bytes | None], origin: Origin = Origin.REGISTRY):
        self.record = record
        self._blob = blob
        self._origin = origin
        self._sizes: Mapping[str, int] | None = None

    @property
    def origin(self) -> Origin:
        """Where the archive came from."""
        return self._origin

    @property
    def place(self) -> str:
        """The address of the archive, else its name."""
        return self.record.url or self.record.filename or f"{self.record.name}@{self.record.version}"

    @property
    def entries(self) -> Sequence[FileEntry]:
        """Every file of the archive, sorted by path."""
        return self.record.entries

    def read(self, path: str, limit: int) -> bytes:
        """A whole file that was kept, or the excerpts of one. InputError for every other, and for what is too long."""
        if self._sizes is None:
            entries = self.record.entries
            self._sizes = entries.sizes() if isinstance(entries, Listing) else {one.path: one.size for one in entries}
        size = self._sizes.get(path)
        if size is None:
            raise InputError(_("does not exist"), path=path)
        if size > limit:
            said = f"{limit // 1024 // 1024} MB" if limit >= 1024 * 1024 else f"{limit} B"
            raise InputError(_("is larger than {size} and was not read").format(size=said), path=path)
        found = self._kept(path)
        if found is None:
            raise InputError(_("was not stored"), path=path)
        return found[0] + b"\n" + found[1] if found[1] is not None else found[0]

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file as far as they were kept; empty where none were."""
        found = self._kept(path)
        return found[0][:size] if found else b""

    def native(self, path: str) -> NativeFacts | None:
        """What a shared library says of itself; None where it was not looked into."""
        return self.record.natives.get(path)

    def _kept(self, path: str) -> tuple[bytes, bytes | None] | None:
        """The head of a file and what was cut out further on; a file that was kept whole has no second part."""
        if path in self.record.kept:
            data = self._blob(self.record.kept[path])
            return None if data is None else (data, None)
        if path in self.record.excerpts:
            data = self._blob(self.record.excerpts[path])
            try:
                return None if data is None else split(data)
            except ValueError:
                return None
        return None
