"""Where the user's index of code lies: the segments of all packages in one file, the index made of them in another.

Both are in the user's cache, for its owner alone, and shared by processes. A damaged index is made anew from the
segments; damaged segments are left out.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from licscan.base.caches import BUSY_SECONDS, DAMAGED, open_cache, reason_of, transaction
from licscan.base.errors import InputError, StoreError
from licscan.base.messages import _
from licscan.base.places import code_folder
from licscan.copies import index as index_file
from licscan.copies.build import Builder
from licscan.copies.index import CodeIndex
from licscan.copies.segments import FORMAT, Segment, dump, load

MB = 1024 * 1024
MAX_SIZE = 2048 * MB
MAX_SEGMENT = 64 * MB
MAX_IMPORTED = 200_000
_KIND = b"licscan code segments "
_MAGIC = _KIND + f"{FORMAT}\n".encode()
_TABLE = f"segments_{FORMAT}"
_SCHEMA = f"""
create table if not exists {_TABLE}
  (package text not null, version text not null, data blob not null, primary key (package, version)) without rowid;
"""


@dataclass(frozen=True, slots=True)
class ShelfInfo:
    """What there is: the place, bytes of the index and of all, packages, versions of them, files, fingerprints."""

    path: str
    index_size: int
    size: int
    packages: int
    versions: int
    files: int
    fingerprints: int


class Shelf:
    """The segments and the index of one folder. StoreError where it cannot be read or written."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._segments = folder / "segments.sqlite"
        self._index = folder / "code.index"

    def known(self) -> set[tuple[str, str]]:
        """The packages with their versions that need not be read again."""
        return set(self._rows(f"select package, version from {_TABLE}"))  # noqa: S608 - a constant

    def put(self, segments: Iterable[Segment]) -> int:
        """Keep segments over what is there, all of them or none; how many."""
        rows = [(one.package, one.version, zlib.compress(dump(one), 6)) for one in segments]
        query = f"insert or replace into {_TABLE} values (?, ?, ?)"  # noqa: S608
        try:
            with closing(open_cache(self._segments, _SCHEMA, limit=MAX_SIZE)) as db:
                transaction(db, lambda connection: connection.executemany(query, rows))
        except Exception as error:
            raise self._failed(error) from error
        return len(rows)

    def forget(self, package: str) -> None:
        """Forget all versions of a package."""
        try:
            with closing(open_cache(self._segments, _SCHEMA, limit=MAX_SIZE)) as db:
                db.execute(f"delete from {_TABLE} where package = ?", (package,))  # noqa: S608
        except Exception as error:
            raise self._failed(error) from error

    def mend(self) -> bool:
        """Put segments that are damaged aside, so that one begins anew; whether there were any."""
        try:
            if not self._segments.is_file() or _is_whole(self._segments):
                return False
            os.replace(self._segments, f"{self._segments}.damaged")
            for end in ("-wal", "-shm"):
                Path(f"{self._segments}{end}").unlink(missing_ok=True)
        except OSError as error:
            raise self._failed(error) from error
        return True

    def rebuild(self) -> CodeIndex:
        """Make the index of all segments."""
        builder = Builder()
        for _package, group in groupby(self._all(), key=lambda one: one.package):
            builder.add(group)
        try:
            index_file.save(*builder.finish(), self._index)
        except OSError as error:
            raise self._failed(error) from error
        made = index_file.load(self._index)
        if made is None:
            raise StoreError(_("could not be read back"), path=str(self._index))
        return made

    def open(self) -> CodeIndex | None:
        """The index; made anew where it is damaged or gone; None where nothing was ever indexed."""
        found = index_file.load(self._index)
        if found is not None or not self._segments.is_file():
            return found
        return self.rebuild()

    def info(self) -> ShelfInfo | None:
        """What there is; None where nothing was ever indexed."""
        index = self.open()
        if index is None:
            return None
        arrays = index.arrays
        return ShelfInfo(
            str(self.folder), index.size,
            sum(one.stat().st_size for one in self.folder.iterdir() if one.is_file()),
            len(index), sum(len(one.versions) for one in index.packages), len(arrays["file_package"]),
            len(arrays["anchor_keys"]) + len(arrays["token_keys"]),
        )  # fmt: skip

    # -- carried along

    def export(self, path: Path) -> int:
        """Write all segments to one file, the same bytes for the same segments; of how many versions."""
        count = 0
        try:
            handle, work = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            try:
                with os.fdopen(handle, "wb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:
                    packed.write(_MAGIC)
                    for segment in self._all():
                        data = dump(segment)
                        packed.write(len(data).to_bytes(4, "little") + data)
                        count += 1
                os.replace(work, path)
            finally:
                Path(work).unlink(missing_ok=True)
        except OSError as error:
            raise InputError(_("cannot be written: {reason}").format(reason=error.strerror), path=str(path)) from error
        return count

    def import_(self, path: Path) -> int:
        """Take over the segments of a file, all or none; how many. InputError where it is no such file."""
        try:
            with gzip.open(path, "rb") as file:
                kind = file.read(len(_MAGIC))
                if kind.startswith(_KIND) and kind != _MAGIC:
                    raise InputError(_("was written by a different version of licscan"), path=str(path))
                if kind != _MAGIC:
                    raise ValueError
                taken: list[Segment] = []
                left = MAX_SIZE
                while head := file.read(4):
                    size = int.from_bytes(head, "little")
                    left -= size
                    data = file.read(size) if size <= MAX_SEGMENT and left >= 0 else b""
                    if len(head) < 4 or len(data) < size or len(taken) == MAX_IMPORTED:
                        raise ValueError
                    taken.append(load(data))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            reason = (isinstance(error, OSError) and error.strerror) or _("is not an exported code index")
            raise InputError(reason, path=str(path)) from error
        return self.put(taken)

    # -- the file

    def _all(self) -> Iterator[Segment]:
        """All segments in order of packages; one at a time is in memory."""
        for package, version in sorted(self.known()):
            query = f"select data from {_TABLE} where package = ? and version = ?"  # noqa: S608
            for (packed,) in self._rows(query, package, version):
                try:
                    yield load(zlib.decompress(packed))
                except (ValueError, zlib.error):
                    continue

    def _rows(self, query: str, *values: str) -> list[Any]:
        if not self._segments.is_file():
            return []
        try:
            with closing(open_cache(self._segments, _SCHEMA, limit=MAX_SIZE)) as db:
                return db.execute(query, values).fetchall()
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> StoreError:
        return StoreError(_("the code index: {reason}").format(reason=_(reason_of(error))), path=str(self.folder))


def _is_whole(path: Path) -> bool:
    """Whether a file is a database that can be read; one that is only in use counts as whole."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as db:
            return bool(db.execute("pragma quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.Error as error:
        return reason_of(error) != DAMAGED


def user_shelf() -> Shelf:
    """The user's (`XDG_CACHE_HOME` moves it)."""
    return Shelf(code_folder())


def user_index() -> CodeIndex | None:
    """The user's index of code; None where nothing was indexed, or it is no use."""
    try:
        return user_shelf().open()
    except StoreError:
        return None
