"""Segments to an index: the versions of a package joined, what everybody has dropped, what holds others found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from licscan.copies import thresholds
from licscan.copies.index import VENDORED, AnyArray, Package
from licscan.copies.segments import Segment, Unit, least

MOST_VERSIONS = 64
"""Versions of one package: a bit each; the newest stay."""
_MOST_SHARERS = 8
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05, 0.03, 0.02)
_PART = re.compile(r"\d+|[A-Za-z]+")


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """An order of versions of any ecosystem: numbers as numbers, a word (alpha, rc) before the end."""
    parts = [(1, int(one), "") if one.isdigit() else (-1, 0, one.lower()) for one in _PART.findall(version[:100])]
    return (*parts, (0, 0, ""))


@dataclass
class _Kind:
    """The fingerprints of one kind, as they come."""

    keys: list[AnyArray] = field(default_factory=list)
    posts: list[AnyArray] = field(default_factory=list)


class Builder:
    """Takes packages one after the other."""

    def __init__(self) -> None:
        self._kinds = {"anchor": _Kind(), "token": _Kind()}
        self._digests: list[int] = []
        self._digest_posts: list[int] = []
        self._post_file: list[int] = []
        self._post_versions: list[int] = []
        self._file_package: list[int] = []
        self._file_posts: list[int] = []
        self._limits: dict[str, list[int]] = {"anchor": [], "token": []}
        self._paths: list[bytes] = []
        self._remarks: list[int] = []
        self._packages: list[Package] = []

    def add(self, segments: Iterable[Segment]) -> None:
        """All versions of one package."""
        by_version = {segment.version: segment for segment in segments}
        ordered = sorted(by_version.values(), key=lambda one: (version_key(one.version), one.version))[-MOST_VERSIONS:]
        if not ordered:
            return
        last = ordered[-1]
        versions = tuple(one.version for one in ordered)
        licenses = tuple(one.license for one in ordered)
        number = len(self._packages)
        holders = next((one.holders for one in reversed(ordered) if one.holders), ())
        self._packages.append(Package(last.package, last.name, versions, licenses, holders))
        files: dict[str, list[tuple[int, Unit]]] = {}
        for at, segment in enumerate(ordered):
            for unit in segment.units:
                files.setdefault(unit.path, []).append((at, unit))
        share = _share_of(files)
        named = _named(ordered)
        nameless: dict[str, list[tuple[int, Unit]]] = {}
        for path, units in sorted(files.items()):
            if path in named:
                self._add_file(number, path, units, share)
            else:
                inside = VENDORED.search(path)
                nameless.setdefault(path[: inside.end()] if inside else "", []).extend(units)
        for folder, units in sorted(nameless.items()):
            self._add_file(number, folder, units, share)

    def _add_file(self, package: int, path: str, units: list[tuple[int, Unit]], share: float) -> None:
        file, posts = len(self._file_package), {}
        first = len(self._post_file)

        def posting(versions: int) -> int:
            if versions not in posts:
                posts[versions] = len(self._post_file)
                self._post_file.append(file)
                self._post_versions.append(versions)
            return posts[versions]

        limits = {}
        for kind in ("anchor", "token"):
            hashes, bits, limits[kind] = _joined(units, kind, share)
            if len(hashes):
                sets, places = np.unique(bits, return_inverse=True)
                numbers = np.array([posting(int(one)) for one in sets], np.uint32)
                self._kinds[kind].keys.append(hashes)
                self._kinds[kind].posts.append(numbers[places])
        digests: dict[int, int] = {}
        for at, unit in units:
            digests[unit.digest] = digests.get(unit.digest, 0) | 1 << at
        for digest, versions in sorted(digests.items()):
            self._digests.append(digest)
            self._digest_posts.append(posting(versions))
        self._file_package.append(package)
        self._file_posts.append(first)
        self._paths.append(path.encode("utf-8", "surrogatepass"))
        # where a version has none, nobody can tell that a copy has lost it
        self._remarks.append(units[-1][1].remark if all(unit.remark for _at, unit in units) else 0)
        for kind, limit in limits.items():
            self._limits[kind].append(limit)

    def finish(self) -> tuple[dict[str, AnyArray], tuple[Package, ...]]:
        """The arrays of the index, and its packages."""
        post_file = np.array(self._post_file, np.uint32)
        file_package = np.array(self._file_package, np.uint32)
        arrays: dict[str, AnyArray] = {
            "post_file": post_file,
            "post_versions": np.array(self._post_versions, np.uint64),
            "file_package": file_package,
            "file_posts": np.array([*self._file_posts, len(post_file)], np.uint32),
            "anchor_limits": np.array(self._limits["anchor"], np.uint32),
            "token_limits": np.array(self._limits["token"], np.uint32),
            "remarks": np.array(self._remarks, np.uint32),
            "paths": np.frombuffer(b"".join(self._paths), np.uint8),
            "path_starts": np.cumsum([0, *map(len, self._paths)], dtype=np.uint32),
        }
        common = max(thresholds.COMMON_PACKAGES, int(len(self._packages) * thresholds.COMMON_SHARE))
        digests, posts = np.array(self._digests, np.uint64), np.array(self._digest_posts, np.uint32)
        # who carries a file in a folder for others' work does not make it everybody's
        texts = (path.decode("utf-8", "replace") for path in self._paths)
        carried = np.array([VENDORED.search(path) is not None for path in texts], bool)
        files = post_file[posts]
        digests, posts = _without_common(digests, posts, file_package[files], common, carried[files])
        arrays |= {"digests": digests, "digest_posts": posts}
        for kind, made in self._kinds.items():
            keys = np.concatenate(made.keys) if made.keys else np.empty(0, np.uint32)
            own = np.concatenate(made.posts) if made.posts else np.empty(0, np.uint32)
            keys, own = _without_common(keys, own, file_package[post_file[own]] if len(own) else own, common)
            arrays[f"{kind}_keys"], arrays[f"{kind}_posts"] = keys, own
            arrays[f"post_{kind}s"] = np.bincount(own, minlength=len(post_file)).astype(np.uint32)
        arrays["derived"] = _derived(arrays, len(self._packages))
        return arrays, tuple(self._packages)


def _share_of(files: dict[str, list[tuple[int, Unit]]]) -> float:
    """The share of each file's fingerprints that is kept, so that the package keeps within what one may have."""
    sizes = [
        len(np.unique(np.concatenate([getattr(unit, kind) for _at, unit in units])))
        for units in files.values()
        for kind in ("anchors", "tokens")
    ]
    for share in _SHARES:
        if sum(min(size, kept_of(size, share)) for size in sizes) <= thresholds.PACKAGE_PRINTS:
            return share
    return _SHARES[-1]


def kept_of(size: int, share: float) -> int:
    """How many of so many fingerprints are kept: of small files all that they need to be known by."""
    return max(thresholds.LEAST_FILE_PRINTS, min(thresholds.FILE_PRINTS, int(size * share)))


def _named(ordered: list[Segment]) -> set[str]:
    """The paths that are kept: of files with fingerprints, and of the first others of each version."""
    named: set[str] = set()
    for segment in ordered:
        named.update(one.path for one in segment.units if len(one.anchors) + len(one.tokens))
        others = [one.path for one in segment.units if not len(one.anchors) + len(one.tokens)]
        named.update(others[: thresholds.NAMED_FILES])
    return named


def _joined(units: list[tuple[int, Unit]], kind: str, share: float) -> tuple[AnyArray, AnyArray, int]:
    """The fingerprints of all versions of a file, each with the set of versions that have it, and their limit."""
    limit = min(getattr(unit, f"{kind}_limit") for _at, unit in units)
    parts = [(at, getattr(unit, f"{kind}s")) for at, unit in units]
    together = np.unique(np.concatenate([part for _at, part in parts]))
    every, lowered = least(together, kept_of(len(together), share))
    limit = min(limit, lowered)
    every = every[every <= limit]
    bits = np.zeros(len(every), np.uint64)
    for at, part in parts:
        bits[np.isin(every, part, assume_unique=True)] |= np.uint64(1 << at)
    return every, bits, limit


def _without_common(
    keys: AnyArray, posts: AnyArray, owners: AnyArray, most: int, silent: AnyArray | None = None
) -> tuple[AnyArray, AnyArray]:
    """Sorted, and without what more than `most` packages hold; those of `silent` entries do not count."""
    order = np.lexsort((posts, keys))  # packages have come in order, so theirs is that of the postings
    keys, posts, owners = keys[order], posts[order], owners[order]
    if not len(keys):
        return keys, posts
    counted = np.ones(len(keys), bool) if silent is None else ~silent[order]
    some, mine = keys[counted], owners[counted]
    new = np.concatenate(([True], (some[1:] != some[:-1]) | (mine[1:] != mine[:-1]))) if len(some) else counted[:0]
    values, counts = np.unique(some[new], return_counts=True)
    kept = ~np.isin(keys, values[counts > most])
    return keys[kept], posts[kept]


def _derived(arrays: dict[str, AnyArray], packages: int) -> AnyArray:
    """Which packages hold the code of two or more others: files of theirs are found in a file of it.

    Two that hold each other's are one work under two names, and neither is derived from the other.
    """
    inside: Counter[tuple[int, int]] = Counter()
    owners = arrays["file_package"]
    kinds = []
    for kind in ("anchor", "token"):
        keys, files = arrays[f"{kind}_keys"], arrays["post_file"][arrays[f"{kind}_posts"]]
        order = np.argsort(files, kind="stable")
        edges = np.searchsorted(files[order], np.arange(len(owners) + 1, dtype=files.dtype))
        kinds.append((keys[order], edges, arrays[f"{kind}_limits"]))
        for some in _shared(keys, files, arrays):
            inside.update((one, other) for one in some for other in some if owners[one] != owners[other])

    def expected(one: int, other: int) -> int:
        """How many of a file's fingerprints another one would have kept, were they all in it."""
        parts = ((keys[edges[one] : edges[one + 1]], limits[other]) for keys, edges, limits in kinds)
        return sum(int(np.searchsorted(keys, limit, "right")) for keys, limit in parts)

    held: dict[int, set[int]] = {}
    for (one, other), count in inside.items():
        enough = count >= thresholds.LEAST_EVIDENCE and count >= thresholds.DERIVED * expected(one, other)
        if enough and count < thresholds.DERIVED * expected(other, one):
            held.setdefault(int(owners[other]), set()).add(int(owners[one]))
    derived = np.zeros(packages, np.uint8)
    for package, others in held.items():
        derived[package] = len(others) > 1
    return derived


def _shared(keys: AnyArray, files: AnyArray, arrays: dict[str, AnyArray]) -> Iterator[list[int]]:
    """The files of each fingerprint that several packages hold, at most _MOST_SHARERS."""
    if not len(keys):
        return
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(starts[1:], len(keys))
    owners = arrays["file_package"][files]
    several = np.minimum.reduceat(owners, starts) != np.maximum.reduceat(owners, starts)
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        yield sorted(set(files[start:end].tolist()))[:_MOST_SHARERS]
