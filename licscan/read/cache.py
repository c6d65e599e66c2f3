"""What detection found in texts, kept by their digest and the version of detection, in one SQLite file.

Only texts that changed, or detection that did, are ever detected again. A damaged file is an empty one.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from licscan.base.caches import CacheUse, KeyedTable, Version, VersionedCache, insert
from licscan.base.digests import digest_of, parts_of_folder
from licscan.base.tables import data_folder
from licscan.detect.types import CopyrightStatement, Detected, LicenseMatch, Matcher, MatchKind
from licscan.detect.version import RULES, detection_parts, license_index, licensedb_digest

MAX_MATCHES = 5_000
"""A text with more is kept without its rest: nobody reads so many."""
MAX_TEXT = 200
"""Characters of a matched text that are kept."""
_SCHEMA = """
drop table if exists texts_3;
drop table if exists places_3;
create table if not exists texts_4 (
    id integer primary key, version integer not null, sha256 text not null, found blob not null,
    unique (version, sha256)
);
create table if not exists places_4 (
    id integer primary key, version integer not null, place text not null, texts text not null, unique (version, place)
);
"""
_TEXTS = KeyedTable("texts_4", "sha256", "found")
_PLACES = KeyedTable("places_4", "place", "texts")

Listed = tuple[int, str, str, int]
"""A text of an archive: its role, its path, the digest of what is read of it, and the line at which that begins."""


@dataclass(frozen=True, slots=True)
class Found:
    """What detection found in a text, and the line from which the text speaks of other people's work.

    `aside` are the lines of copyright statements that say nothing of the work (see `statements.set_aside`);
    `bare` is a text that says whose the work is and nothing of what may be done with it.
    """

    detected: Detected
    foreign_from: int | None = None
    aside: tuple[int, ...] = ()
    bare: bool = False


class DetectionCache:
    """A persistent map from digests to `Found`; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str, scope: str = "", use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version, scope), (_TEXTS.name, _PLACES.name), _SCHEMA, use)
        self._new: dict[str, list[Listed]] = {}

    @property
    def use(self) -> CacheUse:
        """What this run had of the cache."""
        return self._cache.use

    def listed(self, places: Iterable[str]) -> dict[str, list[Listed]]:
        """The texts of the archives, of these, that an earlier run opened."""
        said = self._cache.get(_PLACES, places)
        try:
            return {place: [_listed(*entry) for entry in json.loads(texts)] for place, texts in said.items()}
        except (ValueError, TypeError):
            return {}

    def put_listed(self, place: str, texts: list[Listed]) -> None:
        """Keep the texts of an archive; written with the next `put_many`."""
        self._new[place] = texts

    def forget_listed(self) -> None:
        """Keep none of the archives since the last `put_many`: one of their texts gave nothing."""
        self._new.clear()

    def get_many(self, digests: Iterable[str]) -> dict[str, Found]:
        """What is kept of the texts with these digests."""
        said = self._cache.get(_TEXTS, digests)
        return {digest: found for digest, one in said.items() if (found := load(digest, one)) is not None}

    def put_many(self, found: Mapping[str, Found]) -> None:
        """Keep what was found."""
        if not found and not self._new:
            return
        texts = [(digest, dump(one)) for digest, one in sorted(found.items())]
        listed = [(place, json.dumps(texts)) for place, texts in sorted(self._new.items())]

        def writing(connection: sqlite3.Connection, version: int) -> None:
            insert(connection, _TEXTS, version, texts)
            insert(connection, _PLACES, version, listed)

        if self._cache.write(len(texts) + len(listed), writing):
            self._new.clear()


def user_cache(licenses: Path | None = None, use: CacheUse | None = None) -> DetectionCache:
    """What the user's earlier scans found (`XDG_CACHE_HOME` moves it); each set of own licenses has its own rows."""
    from platformdirs import user_cache_dir

    path = Path(user_cache_dir("licscan")) / "texts.sqlite"
    return DetectionCache(path, detection_version(), digest_of_own(licenses), use)


def digest_of_own(licenses: Path | None) -> str:
    """The digest of a set of own licenses; empty without any."""
    return "" if licenses is None else digest_of(parts_of_folder(licenses, RULES))


@cache
def detection_version() -> str:
    """A digest of all that decides what is found in a text: the LicenseDB, and the code and tables of detection.

    Taken from the files once a process, in some 30 ms. No time and no path has a part in it.
    """
    return version_of(Path(__file__).parents[1], data_folder(), licensedb_digest().encode(), *license_index())


def version_of(package: Path, tables: Path, *more: bytes) -> str:
    """The version of detection that a copy of licscan and its tables is, with what it reads beside them."""
    return digest_of([*detection_parts(package, tables), *more])


def dump(found: Found) -> bytes:
    """What was found as compressed JSON."""
    detected = found.detected
    matches = [
        [
            m.expression, m.score, m.start_line, m.end_line, m.rule, m.kind, m.matcher, m.coverage, m.matched_length,
            m.start, m.end, m.text[:MAX_TEXT], m.references, m.joint,
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
        detected.parameters,
        found.bare,
    )
    return zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 1)


def load(digest: str, said: Any) -> Found | None:
    """What was kept; None where it is damaged."""
    try:
        expression, matches, copyrights, authors, foreign_from, aside, parameters, bare = json.loads(
            zlib.decompress(said)
        )
        detected = Detected(
            digest,
            expression,
            tuple(_match(*match) for match in matches),
            tuple(CopyrightStatement(*statement) for statement in copyrights),
            tuple(authors),
            parameters=tuple((name, value) for name, value in parameters),
        )
        return Found(detected, foreign_from, tuple(aside), bool(bare))
    except (ValueError, TypeError, zlib.error):
        return None


def _listed(role: int, path: str, digest: str, first_line: int) -> Listed:
    return role, path, digest, first_line


def _match(
    expression: str, score: float, start: int, end: int, rule: str, kind: str, matcher: str, *rest: Any
) -> LicenseMatch:
    coverage, length, first, last, text, references, joint = rest
    return LicenseMatch(
        expression, score, start, end, rule, MatchKind(kind), Matcher(matcher), coverage, length, first, last, text,
        tuple(references), (joint[0], joint[1]),
    )  # fmt: skip
