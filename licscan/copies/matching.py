"""The fingerprints of a text against the index: which files of which packages are met, how much of them, how well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from licscan.copies import thresholds
from licscan.copies.found import By
from licscan.copies.index import VENDORED, AnyArray, CodeIndex, distinct
from licscan.copies.prints import Fingerprints, Prints

Mask = npt.NDArray[np.bool_]
KINDS = ("anchor", "token")
_LEAST = np.array([[thresholds.LEAST_ANCHORS], [thresholds.LEAST_TOKENS]])
_LEAST_KEPT = np.array([[thresholds.LEAST_KEPT_ANCHORS], [thresholds.LEAST_KEPT_TOKENS]])
_FEW = thresholds.FILE_CONTAINED / 4


@dataclass(frozen=True)
class Hits:
    """What of one kind was met: the text's fingerprints, each once, and pairs of their numbers with postings.

    The pairs are in order of the files that hold them; `places` are where those of a file begin and end.
    """

    prints: Prints
    unique: AnyArray
    numbers: AnyArray
    posts: AnyArray
    files: AnyArray
    places: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Match:
    """One file of the index that was met: what of the text it explains, and how well its best versions fit.

    `explained` is a mask over the fingerprints of the text, anchors first; `sure` says that the fit tells the version.
    """

    file: int
    explained: Mask
    count: int
    share: float
    contained: float
    versions: int
    fit: float
    by: By
    sure: bool


@dataclass(frozen=True)
class Fits:
    """What of each kind, file and version was met, and what there is; what the text has to show for each file."""

    met: AnyArray
    kept: AnyArray
    asked: AnyArray
    there: AnyArray


@dataclass(frozen=True)
class Owner:
    """One package: its matches, best first, what they explain together, and how much that says for it."""

    package: int
    matches: tuple[Match, ...]
    explained: Mask
    score: float


class Text:
    """The fingerprints of one text, looked up."""

    def __init__(self, prints: Fingerprints, index: CodeIndex):
        self.index = index
        self.hits = tuple(
            _look_up(one, index, kind) for one, kind in zip((prints.anchors, prints.tokens), KINDS, strict=True)
        )
        weighed = [_weighed(one, index) for one in self.hits]
        self.weights = np.concatenate([weights for weights, _by_package in weighed])
        by_package = np.sum([by_package for _weights, by_package in weighed], axis=0)
        # what a package's files explain together is never more than this
        self._worth = by_package >= thresholds.LEAST_EVIDENCE * thresholds.ALSO

    def weight(self, explained: Mask) -> float:
        """What fingerprints count together."""
        return float(self.weights[explained].sum())

    def owners(self) -> list[Owner]:
        """The packages of which enough was met, best first."""
        by_package: dict[int, list[Match]] = {}
        for match in self._matches(np.array(self._met_files(), np.int64)):
            by_package.setdefault(int(self.index.arrays["file_package"][match.file]), []).append(match)
        owners = [self._owner(package, matches) for package, matches in sorted(by_package.items())]
        return sorted(owners, key=lambda one: (-one.score, self.index.packages[one.package].package))

    def _met_files(self) -> list[int]:
        enough: set[int] = set()
        for hits, (least,), kept in zip(self.hits, _LEAST, self.index.kept, strict=True):
            files = np.fromiter(hits.places, np.int64, len(hits.places))
            counts = np.fromiter((end - start for start, end in hits.places.values()), np.int64, len(files))
            # `kept` is of all versions together, most of which one version has
            good = (counts >= kept[files] * _FEW) | (counts >= len(hits.unique) * thresholds.SHARE)
            good &= self._worth[self.index.arrays["file_package"][files]]
            enough.update(files[(counts >= least) & good].tolist())
        return sorted(enough)

    def _owner(self, package: int, matches: list[Match]) -> Owner:
        matches.sort(key=lambda one: (-one.count * one.contained, -one.fit, one.file))
        explained = np.logical_or.reduce([one.explained for one in matches])
        best = matches[0]
        quality = best.contained * best.count / max(one.count for one in matches)
        if self.index.arrays["derived"][package] or VENDORED.search(self.index.path(best.file)):
            quality *= thresholds.DERIVED_PENALTY
        return Owner(package, tuple(matches), explained, self.weight(explained) * quality)

    def _fits(self, files: AnyArray) -> Fits:
        """Files against the text, each in every version of it, all at once."""
        arrays = self.index.arrays
        firsts = arrays["file_posts"][files].astype(np.int64)
        counts = arrays["file_posts"][files + 1].astype(np.int64) - firsts
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        posts = np.repeat(firsts - starts, counts) + np.arange(int(counts.sum()))
        bits = arrays["post_versions"][posts]
        width = int(np.bitwise_or.reduce(bits)).bit_length()
        holds = (bits[:, None] >> np.arange(width, dtype=np.uint64) & np.uint64(1)).astype(np.int64)
        met, kept, asked = [], [], []
        for name, hits in zip(KINDS, self.hits, strict=True):
            at = np.minimum(np.searchsorted(posts, hits.posts), len(posts) - 1)
            mine = np.bincount(at[posts[at] == hits.posts], minlength=len(posts))
            met.append(np.add.reduceat(mine[:, None] * holds, starts, axis=0))
            whole = arrays[f"post_{name}s"][posts].astype(np.int64)
            kept.append(np.add.reduceat(whole[:, None] * holds, starts, axis=0))
            asked.append(np.searchsorted(hits.unique, arrays[f"{name}_limits"][files], "right"))
        return Fits(np.array(met), np.array(kept), np.array(asked), np.maximum.reduceat(holds, starts, axis=0) > 0)

    def _matches(self, files: AnyArray) -> Iterator[Match]:
        """The files that are met well enough in their best version."""
        if not len(files):
            return
        fits = self._fits(files)
        # how well each version fits: what is met against all that it has and all that the text has, the better kind
        both = fits.met / np.maximum(1, fits.kept + fits.asked[:, :, None] - fits.met)
        fit = np.where(fits.there, both.max(axis=0), -1.0)
        best = np.argmax(fit, axis=1)
        rows = np.arange(len(files))
        met, kept = fits.met[:, rows, best], fits.kept[:, rows, best]
        says = (kept >= _LEAST_KEPT) & (met >= _LEAST)
        contained = np.where(says, met / np.maximum(1, kept), 0.0)
        shares = np.where(says, np.minimum(1.0, met / np.maximum(1, fits.asked)), 0.0)
        good = (contained.max(axis=0) >= thresholds.FILE_CONTAINED) | (shares.max(axis=0) >= thresholds.SHARE)
        agree = np.maximum(contained[0], shares[0]) >= thresholds.ANCHORS_AGREE
        good &= agree | (kept[0] < thresholds.TELLING_ANCHORS)
        tops = fit[rows, best]
        powers = np.uint64(1) << np.arange(fit.shape[1], dtype=np.uint64)
        ties = ((fit > (tops - thresholds.VERSION_MARGIN)[:, None]) * powers).sum(axis=1)
        alike = both[1, rows, best]
        edited = (alike > thresholds.EDITED[0]) & (alike < thresholds.EDITED[1])
        by_anchors = contained[0] > contained[1]
        shares, contained = shares.max(axis=0), contained.max(axis=0)
        for row in np.flatnonzero(good).tolist():
            mask = self._explained(int(files[row]))
            by: By = "anchors" if by_anchors[row] else "tokens"
            yield Match(
                int(files[row]), mask, int(np.count_nonzero(mask)), float(shares[row]), float(contained[row]),
                int(ties[row]), float(tops[row]), by, not edited[row],
            )  # fmt: skip

    def _explained(self, file: int) -> Mask:
        """The fingerprints of the text that a file has."""
        mask = np.zeros(len(self.weights), np.bool_)
        before = 0
        for hits in self.hits:
            start, end = hits.places.get(file, (0, 0))
            mask[hits.numbers[start:end] + before] = True
            before += len(hits.unique)
        return mask


def _look_up(prints: Prints, index: CodeIndex, kind: str) -> Hits:
    (keys, starts), posts = index.keys[kind], index.arrays[f"{kind}_posts"]
    unique = distinct(prints.hashes)
    there = at = np.empty(0, np.int64)
    if len(keys):
        at = np.searchsorted(keys, unique)
        there = np.flatnonzero(keys[np.minimum(at, len(keys) - 1)] == unique)
        at = at[there]
    counts = starts[at + 1] - starts[at]
    numbers = np.repeat(there, counts)
    firsts = np.repeat(starts[at] - (np.cumsum(counts) - counts), counts)
    found = posts[firsts + np.arange(len(numbers))]
    files = index.arrays["post_file"][found]
    order = np.argsort(files, kind="stable")
    files = files[order]
    edges = np.flatnonzero(np.concatenate(([True], files[1:] != files[:-1]))) if len(files) else np.empty(0, np.int64)
    ends = np.append(edges[1:], len(files)).tolist()
    places = dict(zip(files[edges].tolist(), zip(edges.tolist(), ends, strict=False), strict=False))
    return Hits(prints, unique, numbers[order], found[order].astype(np.int64), files, places)


def _weighed(hits: Hits, index: CodeIndex) -> tuple[AnyArray, AnyArray]:
    """What each fingerprint of the text counts, the less, the more packages hold it; and their sums by package."""
    packages = index.arrays["file_package"][hits.files]
    pairs = distinct(hits.numbers.astype(np.uint64) << np.uint64(32) | packages.astype(np.uint64))
    numbers = (pairs >> np.uint64(32)).astype(np.int64)
    sharers = np.bincount(numbers, minlength=len(hits.unique))
    weights = 1.0 / np.sqrt(np.maximum(1, sharers))
    owners = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return weights, np.bincount(owners, weights[numbers], minlength=len(index))
