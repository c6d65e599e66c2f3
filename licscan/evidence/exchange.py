"""The store carried along: written to one file, and read from one that nobody vouches for.

A packed file of lines, each a JSON array: first the name of the format, then blobs by their digests, then records with
their keys. What is read is verified value by value and taken whole or not at all. That a record tells the truth of its
archive, it cannot show: who imports a file trusts whoever wrote it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from licscan.base.errors import InputError, StoreError
from licscan.base.messages import _
from licscan.evidence.record import Draft, PackageRecord, blobs_of, dump, load, load_foreign
from licscan.evidence.store import EvidenceStore, hash_key, inflate, put_rows, sweep
from licscan.evidence.unpack import Unpacked
from licscan.packages.purls import strip_credentials

FORMAT = ["licscan evidence", 1]
MAX_LINE = 96 * 1024 * 1024
MAX_FILE = 64 * 1024 * 1024 * 1024
"""Bytes of all lines."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """How many packages a file brought, and how many of them were there already."""

    packages: int
    known: int


def export(store: EvidenceStore, path: Path) -> int:
    """Write all that is stored to a file, the same bytes for the same contents; how many packages.

    InputError where the file cannot be written.
    """
    count = 0
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                for line, is_record in _lines(store):
                    packed.write(json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n")
                    count += is_record
            os.chmod(temporary, 0o600)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(_("cannot be written: {reason}").format(reason=error.strerror), path=str(path)) from error
    return count


def _lines(store: EvidenceStore) -> Iterator[tuple[list[Any], bool]]:
    yield FORMAT, False
    lost: set[str] = set()
    with store.connected() as db:
        try:
            for digest, data in db.execute("select digest, data from blobs_1 order by digest"):
                if inflate(data, digest) is None:
                    lost.add(digest)
                else:
                    yield ["blob", digest, base64.b64encode(data).decode("ascii")], False
            records = db.execute("select id, said from records_1 order by digest")
            for number, said in records:
                try:
                    record = load(zlib.decompress(said))
                except (ValueError, zlib.error):
                    continue
                if not blobs_of(record) & lost:
                    keys = db.execute("select key from keys_1 where record = ? order by key", (number,))
                    yield ["record", json.loads(dump(record)), [key for (key,) in keys]], True
        except sqlite3.Error as error:
            raise StoreError(_("cannot be read: {reason}").format(reason=error), path=str(store.path)) from error


def import_(store: EvidenceStore, path: Path) -> Taken:
    """Take over what a file brings; what is stored already stays as it is.

    InputError where the file is damaged, or holds what no export writes: then nothing of it is taken. StoreError where
    the store cannot be written.
    """
    try:
        with open(path, "rb") as file, store.connected() as db, db:
            taken = _take(db, file, str(path))
            sweep(db)
            return taken
    except sqlite3.Error as error:
        raise StoreError(_("cannot be written: {reason}").format(reason=error), path=str(store.path)) from error
    except OSError as error:
        raise InputError(_("cannot be read: {reason}").format(reason=error.strerror), path=str(path)) from error


def packed_record(draft: Draft, keys: list[str]) -> tuple[str, bytes]:
    """One record as an export would hold it, for another machine; its digest and the bytes, the same for the same."""
    said = dump(draft.record)
    lines: list[list[Any]] = [FORMAT]
    for digest, data in sorted(draft.blobs.items()):
        lines.append(["blob", digest, base64.b64encode(zlib.compress(data, 6)).decode("ascii")])
    lines.append(["record", json.loads(said), sorted(keys)])
    text = b"".join(json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n" for line in lines)
    return hashlib.sha256(said).hexdigest(), gzip.compress(text, 1, mtime=0)


def take_record(store: EvidenceStore, packed: bytes) -> bool:
    """Take over one packed record, verified like an import; whether it was sound, and could be kept."""
    try:
        with store.connected() as db, db:
            _take(db, io.BytesIO(packed), "")
    except (InputError, sqlite3.Error, OSError):
        return False
    return True


def _take(db: sqlite3.Connection, file: BinaryIO, shown: str) -> Taken:
    packages = known = number = 0
    try:
        for number, line in enumerate(_read_lines(file), 1):
            told = json.loads(line)
            if number == 1:
                if told != FORMAT:
                    raise ValueError("another format")
            elif told[0] == "blob":
                _take_blob(db, *told[1:])
            elif told[0] == "record":
                packages += 1
                known += not _take_record(db, *told[1:])
            else:
                raise ValueError("an unknown line")
        if number == 0:
            raise ValueError("no line")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, EOFError, zlib.error) as error:
        raise InputError(
            _("is not an evidence export, or is damaged; nothing was imported"),
            path=shown,
            place=_("line {line}").format(line=max(number, 1)),
        ) from error
    return Taken(packages, known)


def _read_lines(file: BinaryIO) -> Iterator[bytes]:
    source = Unpacked(file, MAX_FILE)
    rest = b""
    while data := source.read(_CHUNK):
        *whole, rest = (rest + data).split(b"\n") if b"\n" in data else (rest + data,)
        yield from whole
        if len(rest) > MAX_LINE:
            raise ValueError("a line too long")
    if rest:
        raise EOFError("cut off")


def _take_blob(db: sqlite3.Connection, digest: str, data: str) -> None:
    packed = base64.b64decode(data, validate=True)
    unpacked = inflate(packed, digest)
    if unpacked is None:
        raise ValueError("not what its digest says")
    # packed anew: what stood behind the end of the packed bytes is not taken
    query = "insert or ignore into blobs_1 (digest, data) values (?, ?)"
    db.execute(query, (digest, zlib.compress(unpacked, 6)))


def _take_record(db: sqlite3.Connection, told: dict[str, Any], keys: list[str]) -> bool:
    """Put one record; whether it is new under any of its keys."""
    record = load_foreign(json.dumps(told).encode("ascii"))
    wanted = sorted(blobs_of(record))
    for digest in wanted:
        if db.execute("select 1 from blobs_1 where digest = ?", (digest,)).fetchone() is None:
            raise ValueError("a blob is missing")
    if not keys or not all(_is_own_key(key, record) for key in keys):
        raise ValueError("a key of another package")
    said = dump(record)
    rows = [(digest, b"") for digest in wanted]  # they are there: nothing is written over them
    return put_rows(db, hashlib.sha256(said).hexdigest(), zlib.compress(said, 6), rows, keys, replace=False)


def _is_own_key(key: str, record: PackageRecord) -> bool:
    """Whether a key is one under which this record, and no other, can be found."""
    if key.startswith("hash "):
        return key in set(map(hash_key, record.hashes))
    parts = key.split(" ")
    if len(key) > 8_192 or len(parts) != 6 or parts[0] != "name":
        return False
    registry, _ecosystem, name, version, filename = (part.replace("%20", " ").replace("%25", "%") for part in parts[1:])
    if strip_credentials(registry) != registry:
        return False
    own = (record.ecosystem, record.name, record.version)
    return (parts[2], name, version) == own and filename in ("", record.filename)
