"""A file to the packages that it is, or holds. Pure: bytes, a path and an index in, answers out.

Each fingerprint of the text is looked up; files of packages of which enough is met are candidates. The package that
explains most of the text goes first and takes what it explains; the next ones have to live from what is left, so that
a bundle of several gives several answers, and a package that only holds the same code none of its own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from licscan.copies import thresholds
from licscan.copies.banners import Stated
from licscan.copies.found import Copy, Remark
from licscan.copies.helpers import telling_prints
from licscan.copies.index import VENDORED, AnyArray, CodeIndex
from licscan.copies.matching import Mask, Owner, Text
from licscan.copies.prints import Language, language_of
from licscan.copies.remarks import license_remarks
from licscan.copies.segments import digest_of

_HEAD = 4_096


def recognise(data: bytes, path: str, index: CodeIndex) -> tuple[Copy, ...]:
    """The packages whose code a file is or holds, the one that explains most of it first."""
    if not len(index):
        return ()
    exact = _exact(data, index)
    language = language_of(path)
    if language is None or (exact is not None and not exact.derived):
        return (exact,) if exact is not None else ()
    answers = _settle(Text(telling_prints(data, language), index), data, language)
    if exact is None:
        return answers
    # who wrote what the package holds is named behind it
    return (exact, *(one for one in answers if one.package != exact.package))


def _exact(data: bytes, index: CodeIndex) -> Copy | None:
    """What the digest alone tells: the package, and others that have the very same file."""
    if len(data[:_HEAD].strip()) < thresholds.LEAST_EXACT:
        return None
    digests = index.arrays["digests"]
    digest = np.uint64(digest_of(data))
    first, last = (int(np.searchsorted(digests, digest, side)) for side in ("left", "right"))
    if first == last:
        return None
    found: dict[int, list[int]] = {}
    for post in index.arrays["digest_posts"][first:last].tolist():
        found.setdefault(int(index.arrays["file_package"][index.arrays["post_file"][post]]), []).append(post)
    derived = index.arrays["derived"]
    paths = {one: index.path(int(index.arrays["post_file"][posts[0]])) for one, posts in found.items()}
    order = sorted(
        found,
        key=lambda one: (bool(derived[one]), VENDORED.search(paths[one]) is not None, index.packages[one].package),
    )
    package = index.packages[order[0]]
    bits = int(np.bitwise_or.reduce(index.arrays["post_versions"][found[order[0]]]))
    versions = package.named(bits)
    return Copy(
        package.package, package.name, versions,
        versions[0] if len(versions) == 1 else _one_of(Stated(data).version_of(package.name), versions),
        1.0, 1.0, ((1, _lines(data)),), package.license_of(bits),
        paths[order[0]], "digest", 0.0,
        tuple(index.packages[other].package for other in order[1:]), bool(derived[order[0]]), "kept",
        package.holders,
    )  # fmt: skip


def _one_of(version: str | None, versions: tuple[str, ...]) -> str | None:
    return version if version in versions else None


def _lines(data: bytes) -> int:
    return max(1, data.count(b"\n") + (not data.endswith(b"\n")))


def _settle(text: Text, data: bytes, language: Language) -> tuple[Copy, ...]:
    """The packages that are named: each must explain enough that no better one has explained."""
    taken = np.zeros(len(text.weights), np.bool_)
    answers: list[tuple[Owner, float, list[str]]] = []
    for owner in text.owners():
        whole, rest = text.weight(owner.explained), text.weight(owner.explained & ~taken)
        if rest < thresholds.RESIDUE * whole:
            for first, weight, also in answers:
                if text.weight(owner.explained & first.explained) >= thresholds.ALSO * weight:
                    also.append(text.index.packages[owner.package].package)
                    break
        elif len(answers) < thresholds.MOST_ANSWERS and _is_enough(owner, rest):
            answers.append((owner, whole, []))
            taken |= owner.explained
    if not answers:
        return ()
    remarks, stated = license_remarks(data, language), Stated(data)
    return tuple(
        replace(_copy(owner, weight, also, text, stated), remark=_remark(owner, index=text.index, here=remarks))
        for owner, weight, also in answers
    )


def _remark(owner: Owner, index: CodeIndex, here: frozenset[int]) -> Remark:
    """What became of the license comment of the package's file."""
    there = int(index.arrays["remarks"][owner.matches[0].file])
    if not there:
        return ""
    return "kept" if there in here else "other" if here else "lost"


def _is_enough(owner: Owner, evidence: float) -> bool:
    """Whether so much evidence names a package: little is enough where it is nearly all of both files."""
    best = owner.matches[0]
    if best.share >= thresholds.SURE and best.contained >= thresholds.SURE:
        return evidence >= thresholds.LEAST_EVIDENCE
    return evidence >= thresholds.ENOUGH_EVIDENCE and (
        best.contained >= thresholds.CONTAINED or best.share >= thresholds.SHARE
    )


def _copy(owner: Owner, weight: float, also: list[str], text: Text, stated: Stated) -> Copy:
    index = text.index
    package = index.packages[owner.package]
    best = owner.matches[0]
    versions = package.named(best.versions)
    told = stated.version_of(package.name)
    version = told or (versions[0] if len(versions) == 1 and best.sure else None)
    return Copy(
        package.package, package.name, versions, version, round(max(one.share for one in owner.matches), 3),
        round(best.contained, 3),
        _ranges(owner.explained, text), package.license_of(best.versions), index.path(best.file), best.by,
        round(weight, 1), tuple(sorted(also)), bool(index.arrays["derived"][owner.package]), "", package.holders,
    )  # fmt: skip


def _ranges(explained: Mask, text: Text) -> tuple[tuple[int, int], ...]:
    """The lines in which the fingerprints stand, near ones joined."""
    found: list[AnyArray] = [np.empty((2, 0), np.int64)]
    start = 0
    for hits in text.hits:
        mine = explained[start : start + len(hits.unique)]
        start += len(hits.unique)
        if len(hits.unique):
            places = mine[np.searchsorted(hits.unique, hits.prints.hashes)]
            found.append(np.array([hits.prints.firsts[places], hits.prints.lasts[places]], np.int64))
    both = np.concatenate(found, axis=1)
    firsts, lasts = both[:, np.argsort(both[0], kind="stable")]
    lasts = np.maximum.accumulate(lasts)
    begins = np.flatnonzero(firsts[1:] > lasts[:-1] + thresholds.LINE_GAP) + 1
    joined = list(
        zip(
            firsts[np.concatenate(([0], begins))].tolist(),
            lasts[np.append(begins - 1, len(lasts) - 1)].tolist(),
            strict=True,
        )
    )
    return tuple(sorted(sorted(joined, key=lambda one: one[0] - one[1])[: thresholds.MOST_RANGES]))
