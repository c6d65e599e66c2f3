"""What detection found in texts, kept by their digest and the version of the index, in one SQLite file.

Only texts that changed, or an index that did, are ever detected again. A damaged file is an empty one.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from licscan.base.caches import open_cache
from licscan.detect.types import CopyrightStatement, Detected, LicenseMatch, Matcher, MatchKind

MAX_MATCHES = 5_000
"""A text with more is kept without its rest: nobody reads so many."""
MAX_TEXT = 200
"""Characters of a matched text that are kept."""
_SCHEMA = """
create table if not exists texts_3 (
    version text not null, sha256 text not null, found blob not null, primary key (version, sha256)
) without rowid;
create table if not exists places_3 (
    version text not null, place text not null, texts text not null, primary key (version, place)
) without rowid;
"""
_BATCH = 500

Listed = tuple[int, str, str, int]
"""A text of an archive: its role, its path, the digest of what is read of it, and the line at which that begins."""


@dataclass(frozen=True, slots=True)
class Found:
    """What detection found in a text, and the line from which the text speaks of other people's work.

    `aside` are the lines of copyright statements that say nothing of the work (see `statements.set_aside`).
    """

    detected: Detected
    foreign_from: int | None = None
    aside: tuple[int, ...] = ()


class Kept:
    """A persistent map from digests to `Detected`; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str):
        self._path = path
        self._version = version
        self._listed: dict[str, list[Listed]] | None = None
        self._new: dict[str, list[Listed]] = {}

    def listed(self, place: str) -> list[Listed] | None:
        """The texts of an archive that an earlier run opened."""
        if self._listed is None:
            self._listed = self._read_listed()
        return self._listed.get(place)

    def put_listed(self, place: str, texts: list[Listed]) -> None:
        """Keep the texts of an archive; written with the next `put_many`."""
        self._new[place] = texts

    def forget_listed(self) -> None:
        """Keep none of the archives since the last `put_many`: one of their texts gave nothing."""
        self._new.clear()

    def _read_listed(self) -> dict[str, list[Listed]]:
        connection = self._open()
        if connection is None:
            return {}
        try:
            rows = connection.execute(
                "select place, texts from places_3 where version = ?", (self._version,)
            ).fetchall()
            return {place: [_listed(*entry) for entry in json.loads(texts)] for place, texts in rows}
        except (sqlite3.Error, ValueError, TypeError):
            return {}
        finally:
            connection.close()

    def get_many(self, digests: Iterable[str]) -> dict[str, Found]:
        """What is kept of the texts with these digests."""
        wanted = sorted(set(digests))
        connection = self._open() if wanted else None
        if connection is None:
            return {}
        found: dict[str, Found] = {}
        try:
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                query = f"select sha256, found from texts_3 where version = ? and sha256 in ({marks})"  # noqa: S608
                for digest, said in connection.execute(query, (self._version, *batch)):
                    if (one := load(digest, said)) is not None:
                        found[digest] = one
        except sqlite3.Error:
            pass
        finally:
            connection.close()
        return found

    def put_many(self, found: Mapping[str, Found]) -> None:
        """Keep what was found, and forget what an earlier index found."""
        connection = self._open() if found or self._new else None
        if connection is None:
            return
        listed = [(self._version, place, json.dumps(texts)) for place, texts in sorted(self._new.items())]
        try:
            with connection:
                connection.execute("delete from texts_3 where version != ?", (self._version,))
                connection.execute("delete from places_3 where version != ?", (self._version,))
                rows = [(self._version, digest, dump(one)) for digest, one in sorted(found.items())]
                connection.executemany("insert or replace into texts_3 values (?, ?, ?)", rows)
                connection.executemany("insert or replace into places_3 values (?, ?, ?)", listed)
            self._new.clear()
        except sqlite3.Error:
            pass  # the next run detects again
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection | None:
        return open_cache(self._path, _SCHEMA)


def user_kept(licenses: Path | None = None) -> Kept:
    """What the user's earlier scans found (`XDG_CACHE_HOME` moves it); each set of own licenses has its own file."""
    from platformdirs import user_cache_dir

    return Kept(Path(user_cache_dir("licscan")) / f"texts{name_of_own(licenses)}.sqlite", detection_version())


def name_of_own(licenses: Path | None) -> str:
    """What a set of own licenses adds to the name of a file that keeps what was found with it."""
    if licenses is None:
        return ""
    own = hashlib.sha256()
    for path in sorted(licenses.iterdir()):
        if path.is_file():
            own.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return f"-{own.hexdigest()[:16]}"


def detection_version() -> str:
    """A digest of all that decides what is found in a text: the LicenseDB, and the code and tables of detection."""
    from importlib.metadata import PackageNotFoundError, version

    from licscan.base.tables import data_folder

    try:
        parts = [version("licensedcode-data")]
    except PackageNotFoundError:
        parts = []
    here = Path(__file__).parent
    for folder in (here.parent / "detect", here, data_folder()):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".so", ".pyd", ".toml", ".txt"):
                status = path.stat()
                parts.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def dump(found: Found) -> bytes:
    """What was found as compressed JSON."""
    detected = found.detected
    matches = [
        [
            m.expression, m.score, m.start_line, m.end_line, m.rule, m.kind, m.matcher, m.coverage, m.matched_length,
            m.start, m.end, m.text[:MAX_TEXT], m.references,
        ]
        for m in detected.matches[:MAX_MATCHES]
    ]  # fmt: skip
    copyrights = [
        [c.statement, c.holder, c.years, c.start_line, c.end_line, c.template]
        for c in detected.copyrights[:MAX_MATCHES]
    ]
    said = (
        detected.expression,
        matches,
        copyrights,
        detected.authors[:MAX_MATCHES],
        found.foreign_from,
        found.aside[:MAX_MATCHES],
    )
    return zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 1)


def load(digest: str, said: Any) -> Found | None:
    """What was kept; None where it is damaged."""
    try:
        expression, matches, copyrights, authors, foreign_from, aside = json.loads(zlib.decompress(said))
        detected = Detected(
            digest,
            expression,
            tuple(_match(*match) for match in matches),
            tuple(CopyrightStatement(*statement) for statement in copyrights),
            tuple(authors),
        )
        return Found(detected, foreign_from, tuple(aside))
    except (ValueError, TypeError, zlib.error):
        return None


def _listed(role: int, path: str, digest: str, first_line: int) -> Listed:
    return role, path, digest, first_line


def _match(
    expression: str, score: float, start: int, end: int, rule: str, kind: str, matcher: str, *rest: Any
) -> LicenseMatch:
    coverage, length, first, last, text, references = rest
    return LicenseMatch(
        expression, score, start, end, rule, MatchKind(kind), Matcher(matcher), coverage, length, first, last, text,
        tuple(references),
    )  # fmt: skip
