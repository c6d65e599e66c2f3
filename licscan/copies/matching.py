"""The fingerprints of a text against the index: which files of which packages are met, how much of them, how well."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from licscan.copies import thresholds
from licscan.copies.found import By
from licscan.copies.index import AnyArray, CodeIndex
from licscan.copies.prints import Fingerprints, Prints

Mask = npt.NDArray[np.bool_]
KINDS = ("anchor", "token")
_LEAST = (thresholds.LEAST_ANCHORS, thresholds.LEAST_TOKENS)
_LEAST_KEPT = (thresholds.LEAST_KEPT_ANCHORS, thresholds.LEAST_KEPT_TOKENS)
_FEW = thresholds.FILE_CONTAINED / 4
VENDORED = re.compile(r"(?i)(?:^|/)(?:_?vendor(?:ed)?|_vendored_packages|third[-_]?party|node_modules|externals?)/")


@dataclass(frozen=True)
class Hits:
    """What of one kind was met: the text's fingerprints, each once, and pairs of their numbers with postings.

    The pairs are in order of the files that hold them.
    """

    prints: Prints
    unique: AnyArray
    numbers: AnyArray
    posts: AnyArray
    files: AnyArray


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
        self.weights = np.concatenate([_weights(one, index) for one in self.hits])

    def weight(self, explained: Mask) -> float:
        """What fingerprints count together."""
        return float(self.weights[explained].sum())

    def owners(self) -> list[Owner]:
        """The packages of which enough was met, best first."""
        by_package: dict[int, list[Match]] = {}
        for file in self._met_files():
            match = self._match(file)
            if match is not None:
                by_package.setdefault(int(self.index.arrays["file_package"][file]), []).append(match)
        owners = [self._owner(package, matches) for package, matches in sorted(by_package.items())]
        return sorted(owners, key=lambda one: (-one.score, self.index.packages[one.package].package))

    def _met_files(self) -> list[int]:
        enough: set[int] = set()
        for hits, least, kept in zip(self.hits, _LEAST, self.index.kept, strict=True):
            files, counts = np.unique(hits.files, return_counts=True)
            # `kept` is of all versions together, most of which one version has
            good = (counts >= kept[files] * _FEW) | (counts >= len(hits.unique) * thresholds.SHARE)
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

    def _match(self, file: int) -> Match | None:
        """One file against the text, in its best version; None where too little of it is met."""
        arrays = self.index.arrays
        first, last = (int(one) for one in arrays["file_posts"][file : file + 2])
        versions = arrays["post_versions"][first:last]
        every = int(np.bitwise_or.reduce(versions))
        holds = (versions[:, None] >> np.arange(every.bit_length(), dtype=np.uint64) & np.uint64(1)).astype(np.int64)
        explained = []
        met, kept, asked = [], [], []
        for name, hits in zip(KINDS, self.hits, strict=True):
            start, end = np.searchsorted(hits.files, [file, file + 1])
            mask = np.zeros(len(hits.unique), np.bool_)
            mask[hits.numbers[start:end]] = True
            explained.append(mask)
            met.append(np.bincount(hits.posts[start:end].astype(np.int64) - first, minlength=last - first) @ holds)
            kept.append(arrays[f"post_{name}s"][first:last].astype(np.int64) @ holds)
            asked.append(int(np.searchsorted(hits.unique, arrays[f"{name}_limits"][file], "right")))
        # how well each version fits: what is met against all that it has and all that the text has, the better kind
        fits = np.array([met[kind] / np.maximum(1, kept[kind] + asked[kind] - met[kind]) for kind in (0, 1)])
        fit = np.where(holds.any(axis=0), fits.max(axis=0), -1.0)
        best = int(np.argmax(fit))
        ties = sum(1 << at for at in np.flatnonzero(fit > fit[best] - thresholds.VERSION_MARGIN).tolist())
        shares, contained = [0.0, 0.0], [0.0, 0.0]
        for kind in (0, 1):
            if kept[kind][best] >= _LEAST_KEPT[kind] and met[kind][best] >= _LEAST[kind]:
                contained[kind] = float(met[kind][best] / kept[kind][best])
                shares[kind] = min(1.0, float(met[kind][best] / max(1, asked[kind])))
        if max(contained) < thresholds.FILE_CONTAINED and max(shares) < thresholds.SHARE:
            return None
        if kept[0][best] >= thresholds.TELLING_ANCHORS and max(contained[0], shares[0]) < thresholds.ANCHORS_AGREE:
            return None
        mask = np.concatenate(explained)
        by: By = "anchors" if contained[0] > contained[1] else "tokens"
        edited = thresholds.EDITED[0] < fits[1][best] < thresholds.EDITED[1]
        return Match(
            file, mask, int(mask.sum()), max(shares), max(contained), ties, float(fit[best]), by, not edited
        )  # fmt: skip


def _look_up(prints: Prints, index: CodeIndex, kind: str) -> Hits:
    keys, posts = index.arrays[f"{kind}_keys"], index.arrays[f"{kind}_posts"]
    unique = np.unique(prints.hashes)
    left = np.searchsorted(keys, unique, "left")
    counts = np.searchsorted(keys, unique, "right") - left
    numbers = np.repeat(np.arange(len(unique)), counts)
    firsts = np.repeat(left - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) if len(unique) else left
    found = posts[firsts + np.arange(len(numbers))]
    files = index.arrays["post_file"][found]
    order = np.argsort(files, kind="stable")
    return Hits(prints, unique, numbers[order], found[order], files[order])


def _weights(hits: Hits, index: CodeIndex) -> AnyArray:
    """What each fingerprint of the text counts: the less, the more packages hold it."""
    packages = index.arrays["file_package"][hits.files]
    pairs = np.unique(hits.numbers.astype(np.uint64) << np.uint64(32) | packages.astype(np.uint64))
    sharers = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(hits.unique))
    return np.asarray(1.0 / np.sqrt(np.maximum(1, sharers)))
