"""What files of content say of themselves, kept by the digest of the file and the version of the readers."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

import licscan.media
from licscan.base.caches import CacheUse, KeyedTable, Version, VersionedCache
from licscan.base.digests import digest_of, parts_of_folder
from licscan.model.media import AiMark, InnerMedia, MarkKind, Meaning, MediaFacts, MediaField, MediaKind

_CODE = (".py",)
_SCHEMA = """
create table if not exists facts_1 (
    id integer primary key, version integer not null, digest blob not null, facts blob not null,
    unique (version, digest)
);
"""
_TABLE = KeyedTable("facts_1", "digest", "facts")
Key = tuple[bytes, str]
"""The digest of a file's bytes and the format as which they were read."""


class FactsCache:
    """A persistent map from files' digests to facts; without a path, or where the file is no use, an empty one."""

    def __init__(self, path: Path | None, version: str, use: CacheUse | None = None):
        self._cache = VersionedCache(path, Version(version, ""), (_TABLE.name,), _SCHEMA, use)
        self._loaded: dict[bytes, MediaFacts | None] = {}

    def get_many(self, keys: Iterable[Key]) -> dict[Key, MediaFacts]:
        """What is kept of these files."""
        wanted = {_key(key): key for key in keys}
        said = self._cache.get(_TABLE, wanted)
        return {wanted[key]: facts for key, one in said.items() if (facts := self._load(one)) is not None}

    def _load(self, said: bytes) -> MediaFacts | None:
        """Facts that many files share, such as pictures of one size without a field, are decoded once."""
        if said not in self._loaded:
            self._loaded[said] = load(said)
        return self._loaded[said]

    def put_many(self, found: Mapping[Key, MediaFacts]) -> None:
        """Keep what was read."""
        self._cache.put(_TABLE, ((_key(key), dump(facts)) for key, facts in found.items()))


def _key(key: Key) -> bytes:
    return key[0] + key[1].encode()


def dump(facts: MediaFacts) -> bytes:
    """Facts as bytes: compact JSON, compressed."""
    return zlib.compress(json.dumps(astuple(facts), ensure_ascii=False, separators=(",", ":")).encode(), 1)


def load(said: bytes) -> MediaFacts | None:
    """The facts again; None for what this version did not write."""
    try:
        kind, made, fields, marks, inner, *rest = json.loads(zlib.decompress(said))
        embedding, reserved, width, height, duration, faults = rest
        facts = MediaFacts(
            MediaKind(kind),
            made,
            tuple(MediaField(Meaning(one[0]), *one[1:]) for one in fields),
            tuple(AiMark(MarkKind(one[0]), *one[1:]) for one in marks),
            tuple(InnerMedia(one[0], MediaKind(one[1]), *one[2:]) for one in inner),
            embedding,
            tuple(reserved),
            width,
            height,
            duration,
            tuple(faults),
        )
        return facts if _is_sound(facts) else None
    except (ValueError, TypeError, IndexError, RecursionError, zlib.error):
        return None


def _is_sound(facts: MediaFacts) -> bool:
    """Whether what was kept has the types of facts: a damaged row is read anew, not believed."""
    texts = [facts.format, *facts.reserved, *facts.faults]
    texts += [text for one in facts.fields for text in (one.field, one.text)]
    texts += [text for mark in facts.marks for text in (mark.field, mark.tool, mark.detail)]
    texts += [text for one in facts.inner for text in (one.path, one.format, one.sha256)]
    numbers = [facts.width, facts.height, facts.duration, facts.embedding or 0, *(one.size for one in facts.inner)]
    return all(type(one) is str for one in texts) and all(type(one) is int for one in numbers)


def user_facts(use: CacheUse | None = None) -> FactsCache:
    """What the user's earlier scans read (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return FactsCache(Path(user_cache_dir("licscan")) / "content.sqlite", _version(), use)


@cache
def _version() -> str:
    """A digest of all that decides what a reader says."""
    folder: Any = Path(licscan.media.__file__).parent
    return digest_of(parts_of_folder(folder, _CODE))
