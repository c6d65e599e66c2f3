"""Which files make up the store now: numbered manifests, of which the last one counts; no file in one ever changes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from licscan.base.errors import StoreError
from licscan.base.messages import _
from licscan.fleet.space import Space
from licscan.fleet.tables import BUCKETS, TABLES

FOLDER = "manifests"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of each table; those of a split table by bucket."""

    number: int = 0
    files: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def of(self, table: str, bucket: str | None = None) -> list[str]:
        """The files of a table, or of one bucket of it."""
        parts = self.files.get(table, {})
        return [name for key, names in sorted(parts.items()) if bucket in (None, key) for name in names]

    def every(self) -> set[str]:
        """All files."""
        return {name for table in self.files for name in self.of(table)}


def last(space: Space) -> Manifest:
    """The manifest that counts; an empty one where there is none. StoreError for one that this version cannot use."""
    names = space.names(FOLDER)
    return read(space, names[-1]) if names else Manifest()


def read(space: Space, name: str) -> Manifest:
    """One manifest by the name of its file."""
    try:
        told = json.loads(space.read(name) or b"null")
        if told["format"] > FORMAT:
            raise StoreError(
                _("was written by a newer licscan"), path=f"{space.address}/{name}", remedy=_("update licscan")
            )
        files = {
            table: {bucket: tuple(map(str, names)) for bucket, names in parts.items() if bucket in ("", *BUCKETS)}
            for table, parts in told["files"].items()
            if table in TABLES
        }
        return Manifest(int(told["number"]), files)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoreError(
            _("is not a manifest that licscan wrote"), path=f"{space.address}/{name}",
            remedy=_("remove it: the previous one then counts"),
        ) from error  # fmt: skip


def write(space: Space, manifest: Manifest) -> bool:
    """Put a manifest in force; False where another process wrote one of that number first."""
    told = {"format": FORMAT, "number": manifest.number, "files": manifest.files}
    data = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    return space.write(name_of(manifest.number), data, new=True)


def name_of(number: int) -> str:
    """The file of a manifest."""
    return f"{FOLDER}/{number:010d}.json"
