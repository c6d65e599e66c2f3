"""One version of one package as fingerprints: what the index is made of, and what travels between machines."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from licscan.copies import thresholds
from licscan.copies.helpers import telling_prints
from licscan.copies.index import distinct
from licscan.copies.prints import Hashes, language_of
from licscan.copies.remarks import first_remark
from licscan.packages.marks import is_test

FORMAT = 2
MAX_FILE = 8 * 1024 * 1024
MOST_HOLDERS = 4
MAX_HOLDER = 160
_FULL = 0xFFFFFFFF
_LOOKED = 8
"""The least hashes of a file by which others like it are found."""
_NONE = np.empty(0, np.uint32)


@dataclass(frozen=True, slots=True)
class Unit:
    """One file: its digest's first eight bytes, and of each kind the fingerprints of the least hashes, sorted.

    A `limit` is the greatest hash that would have been kept. A file without any stands for another one like it.
    `remark` is the number of its first license or copyright comment (see `remarks`); 0 where it has none.
    """

    path: str
    digest: int
    anchors: Hashes
    tokens: Hashes
    anchor_limit: int = _FULL
    token_limit: int = _FULL
    remark: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A package's version: its PackageURL without version, its name as people say it, its license expression.

    `holders` are whom its license text names, with years: a few, short.
    """

    package: str
    name: str
    version: str
    license: str
    units: tuple[Unit, ...]
    holders: tuple[str, ...] = ()


def digest_of(data: bytes) -> int:
    """The number by which the same bytes are known again."""
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "little")


def make_segment(
    package: str,
    name: str,
    version: str,
    license_: str,
    files: Iterable[tuple[str, bytes]],
    digests: Iterable[tuple[str, int]] = (),
    holders: Iterable[str] = (),
) -> Segment:
    """The fingerprints of a package's files; those of its tests and in no language that is read are left out.

    `digests` are those of more files, which are too many to be fingerprinted.
    """
    units: list[Unit] = []
    looked: dict[int, list[int]] = {}
    chosen = [(path, data) for path, data in files if language_of(path) is not None and not is_test(path)]
    chosen = [(path, data) for path, data in chosen if thresholds.LEAST_EXACT <= len(data) <= MAX_FILE]
    left = thresholds.PACKAGE_BYTES
    for path, data in sorted(chosen, key=rank_of)[: thresholds.PACKAGE_DIGESTS]:
        left -= len(data)
        if (left < 0 and units) or len(units) >= thresholds.PACKAGE_FILES:
            left += len(data)
            units.append(_unprinted(path, data))
            continue
        unit = _unit_of(path, data)
        if any(_is_like(unit, units[at]) for at in _candidates(unit, looked)):
            unit = Unit(path, unit.digest, _NONE, _NONE, remark=unit.remark)
        for key in _looks(unit):
            looked.setdefault(key, []).append(len(units))
        units.append(unit)
    more = sorted(digests)[: thresholds.PACKAGE_DIGESTS - len(units)]
    units.extend(Unit(path, digest, _NONE, _NONE) for path, digest in more)
    told = tuple(one for one in holders if len(one) <= MAX_HOLDER)[:MOST_HOLDERS]
    return Segment(package, name, version, license_, tuple(units), told)


def rank_of(file: tuple[str, bytes]) -> tuple[bool, int, int, str]:
    """An order of files: what people copy first."""
    path, data = file
    return ".min." in path, path.count("/"), -len(data), path


def _unprinted(path: str, data: bytes) -> Unit:
    language = language_of(path)
    remark = first_remark(data, language) if language is not None else 0
    return Unit(path, digest_of(data), _NONE, _NONE, remark=remark)


def _unit_of(path: str, data: bytes) -> Unit:
    language = language_of(path)
    if language is None:
        return _unprinted(path, data)
    prints = telling_prints(data, language)
    anchors, anchor_limit = least(prints.anchors.hashes)
    tokens, token_limit = least(prints.tokens.hashes)
    if len(anchors) < thresholds.LEAST_KEPT_ANCHORS and len(tokens) < thresholds.LEAST_KEPT_TOKENS:
        anchors = tokens = _NONE
    return Unit(path, digest_of(data), anchors, tokens, anchor_limit, token_limit, first_remark(data, language))


def least(hashes: Hashes, count: int = thresholds.FILE_PRINTS) -> tuple[Hashes, int]:
    """The least hashes, each once, and the limit of what is among them."""
    every = distinct(hashes)
    if len(every) <= count:
        return every, _FULL
    return every[:count], int(every[count - 1])


def _looks(unit: Unit) -> list[int]:
    return [*unit.anchors[:_LOOKED].tolist(), *unit.tokens[:_LOOKED].tolist()]


def _candidates(unit: Unit, looked: dict[int, list[int]]) -> list[int]:
    found = {at for key in _looks(unit) for at in looked.get(key, ())[:_LOOKED]}
    return sorted(found)


def _is_like(one: Unit, other: Unit) -> bool:
    """Whether one of two files may stand for the other: they have nearly all in common, both ways."""
    return all(
        not len(a) + len(b) or _resemblance(a, b) >= thresholds.SAME_FILE
        for a, b in ((one.anchors, other.anchors), (one.tokens, other.tokens))
    )


def _resemblance(one: Hashes, other: Hashes) -> float:
    if min(len(one), len(other)) < thresholds.SAME_FILE * max(len(one), len(other)):
        return 0.0  # less than that anyway
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


# -- as bytes


def dump(segment: Segment) -> bytes:
    """A segment as bytes."""
    heads = [
        [
            unit.path, unit.digest, len(unit.anchors), len(unit.tokens), unit.anchor_limit, unit.token_limit,
            *([unit.remark] if unit.remark else []),
        ]
        for unit in segment.units
    ]  # fmt: skip
    head = [FORMAT, segment.package, segment.name, segment.version, segment.license, heads]
    head += [segment.holders] if segment.holders else []
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    arrays = [array for unit in segment.units for array in (unit.anchors, unit.tokens)]
    body = b"".join(array.astype("<u4").tobytes() for array in arrays)
    return struct.pack("<I", len(text)) + text + body


def load(data: bytes) -> Segment:
    """A segment of bytes; ValueError where they are none, whoever made them."""
    try:
        (length,) = struct.unpack_from("<I", data)
        format_, package, name, version, license_, heads, *more = json.loads(data[4 : 4 + length])
        values = np.frombuffer(data, "<u4", offset=4 + length)
        if format_ != FORMAT or not all(isinstance(one, str) for one in (package, name, version, license_)):
            raise ValueError("of another format")
        holders = tuple(str(one)[:MAX_HOLDER] for one in (more[0] if more else ()))[:MOST_HOLDERS]
        return Segment(package, name, version, license_, tuple(_units(heads, values)), holders)
    except (struct.error, TypeError, KeyError, RecursionError) as error:
        raise ValueError("no segment") from error


def _units(heads: list[list[object]], values: Hashes) -> Iterable[Unit]:
    at = 0
    for path, digest, anchors, tokens, anchor_limit, token_limit, *more in heads:
        # a file without such a comment, and every one that an earlier licscan has indexed, has no number of it
        numbers = (digest, anchors, tokens, anchor_limit, token_limit, *more[:1])
        if not isinstance(path, str) or not all(isinstance(one, int) and one >= 0 for one in numbers):
            raise ValueError("a damaged file")
        middle, end = at + int(str(anchors)), at + int(str(anchors)) + int(str(tokens))
        if end > len(values) or int(str(digest)) >= 1 << 64:
            raise ValueError("too short")
        parts = [np.unique(values[at:middle]), np.unique(values[middle:end])]
        limits = [min(int(str(one)), _FULL) for one in (anchor_limit, token_limit)]
        remark = int(str(more[0])) & _FULL if more else 0
        yield Unit(path, int(str(digest)), parts[0], parts[1], limits[0], limits[1], remark)
        at = end
