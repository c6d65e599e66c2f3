"""Matches of one file -> detections: what stands together, how sure it is, and what it says as a whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from licscan.base.messages import _
from licscan.detect.conjunctions import united
from licscan.detect.types import LicenseMatch, MatchKind
from licscan.licenses import spdx
from licscan.licenses.licensedb import to_identifiers

MAX_LINES = 4
"""Matches at most so many lines apart belong together."""
MAX_TOKENS = 150
"""And at most so many tokens, for files of few long lines."""
LOW_COVERAGE = 60.0
"""Below it a match shows that there is something, not what it is."""

UNKNOWN_KEYS = frozenset({"unknown", "unknown-license-reference", "free-unknown", "unknown-spdx"})
"""Keys of the LicenseDB that say "a license, but not which"."""


class DetectionKind(StrEnum):
    """How far a detection can be trusted, and what it is about."""

    PERFECT = "perfect"
    IMPERFECT = "imperfect"
    LOW_QUALITY = "low-quality"
    REFERENCE = "reference-to-file"
    INTRO = "intro"
    CLUES = "clues"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Detection:
    """One license statement: matches that stand together. Lines count from 1, both included.

    `expression` is in LicenseDB keys, None where the matches say nothing of the file (an introduction without a
    license behind it). `note` says why it is not plain.
    """

    expression: str | None
    matches: tuple[LicenseMatch, ...]
    start_line: int
    end_line: int
    kind: DetectionKind
    note: str | None = None


def group(matches: Iterable[LicenseMatch]) -> tuple[Detection, ...]:
    """The detections of one file, in order of their place."""
    groups: list[list[LicenseMatch]] = []
    for match in sorted(matches, key=_order):
        if groups and _together(groups[-1], match):
            groups[-1].append(match)
        else:
            groups.append([match])
    return tuple(_detection(tuple(parts)) for parts in groups)


def _order(match: LicenseMatch) -> tuple[int | str, ...]:
    return match.start, match.end, match.start_line, match.end_line, match.kind, match.rule, match.expression


def _together(before: Sequence[LicenseMatch], match: LicenseMatch) -> bool:
    last = before[-1]
    if MatchKind.CLUE in (last.kind, match.kind) or (match.kind is MatchKind.INTRO and last.kind is not match.kind):
        return False
    return match.start_line - last.end_line <= MAX_LINES and match.start - last.end <= MAX_TOKENS


def _detection(matches: tuple[LicenseMatch, ...]) -> Detection:
    kind, note = _kind(matches)
    node = _said(matches)
    return Detection(
        spdx.render(node) if node else None,
        matches,
        min(match.start_line for match in matches),
        max(match.end_line for match in matches),
        kind,
        note,
    )


def _kind(matches: Sequence[LicenseMatch]) -> tuple[DetectionKind, str | None]:
    if all(match.kind is MatchKind.CLUE for match in matches):
        return DetectionKind.CLUES, _("Hints at a license, but does not say that it applies here.")
    if all(match.kind is MatchKind.INTRO for match in matches):
        return DetectionKind.INTRO, _("Announces a license that was not found after it.")
    if any(match.references and _is_unknown(match) for match in matches):
        return DetectionKind.REFERENCE, _("The license is in another file.")
    if all(_is_unknown(match) for match in matches):
        return DetectionKind.UNKNOWN, _("Mentions a license without saying which.")
    if all(match.coverage < LOW_COVERAGE for match in matches):
        return DetectionKind.LOW_QUALITY, _("Only part of the license text is present.")
    if all(_is_perfect(match) for match in matches):
        return DetectionKind.PERFECT, None
    return DetectionKind.IMPERFECT, _("The text differs from that of the license.")


def _is_perfect(match: LicenseMatch) -> bool:
    """Whether the text says what the rule says, word for word; the score of a mere name says how far it is trusted."""
    whole = match.coverage >= 100.0 and match.matched_length == match.end - match.start
    return match.score >= 100.0 or (match.kind in _NAMING and whole)


def _is_unknown(match: LicenseMatch) -> bool:
    return match.kind is MatchKind.UNKNOWN or all(leaf in UNKNOWN_KEYS for leaf in _leaves(match.expression))


# --- what matches say together ----------------------------------------------------------------------------------------


def key_expression(matches: Iterable[LicenseMatch]) -> str | None:
    """What all matches of a file say, in LicenseDB keys; clues say nothing. None where nothing is said."""
    node = _said([match for match in matches if match.kind is not MatchKind.CLUE])
    return spdx.render(node) if node else None


def expression_of(detections: Iterable[Detection]) -> str | None:
    """What all detections of a file say, as an SPDX expression; clues say nothing. None where nothing is said.

    Left out is what says the same as the rest less exactly, such as the text of a license that a notice offers as one
    of two. A key that SPDX lacks is a reference; an addition that SPDX lacks is joined by AND, and one that stands
    without a license has its own identifier.
    """
    node = _said([match for found in detections for match in found.matches if found.kind is not DetectionKind.CLUES])
    return to_identifiers(spdx.render(node)) if node else None


def telling(matches: Iterable[LicenseMatch]) -> tuple[LicenseMatch, ...]:
    """The matches that add to what a file says, in their order; see `expression_of` for what is left out."""
    kept = _kept([match for match in matches if match.kind is not MatchKind.CLUE])
    return tuple(match if node == _tree(match.expression) else _saying(match, node) for match, node in kept)


def _saying(match: LicenseMatch, node: spdx.Node) -> LicenseMatch:
    return replace(match, expression=spdx.render(node))


def _said(matches: Sequence[LicenseMatch]) -> spdx.Node | None:
    """AND over what the matches say, each once."""
    nodes = [node for _match, node in _kept(matches)]
    return spdx.join(spdx.AND, nodes) if nodes else None


def _kept(matches: Sequence[LicenseMatch]) -> list[tuple[LicenseMatch, spdx.Node]]:
    """The matches without those that say the same as others less exactly.

    These are announcements of what follows, "see below" beside the license itself, "see LICENSE" right behind it, a
    bare "GPL" where the file gives the version, and the text of a license whose terms a notice of the same file gives
    (a choice, "or any later version", an exception).
    """
    trees = _told_apart([(match, _tree(match.expression)) for match in united(matches) if match.expression])
    known = _Lines(match for match, _node in trees if not _is_unknown(match))
    terms = _terms([node for match, node in trees if match.kind is not MatchKind.TEXT])
    named = frozenset(leaf for _match, node in trees for leaf in spdx.leaves(node))
    return [
        (match, node)
        for match, node in trees
        if not (match.kind is MatchKind.INTRO and _is_unknown(match))
        and not (match.expression == "unknown-license-reference" and known.beside(match, _reach(match)))
        and not ((match.kind is MatchKind.TEXT or _is_address(match)) and (node in terms or _is_offered(node, terms)))
        and not _has_moved(match, named)
        and not (match.kind in _NAMING and _is_vague(match.expression, named))
    ]


def _told_apart(trees: list[tuple[LicenseMatch, spdx.Node]]) -> list[tuple[LicenseMatch, spdx.Node]]:
    """The same with the version in a choice that a name without one is part of ("BSD or GPL v2"), if it is only one.

    The rule for the choice ends before the version, and the rule for the version begins with its name.
    """
    out = list(trees)
    for at, (match, node) in enumerate(trees):
        if isinstance(node, str) or not _FAMILIES.keys() & set(spdx.leaves(node)):
            continue
        for other_at, (other, told) in enumerate(trees[at + 1 : at + 3], at + 1):
            if match.start < other.start < match.end < other.end and isinstance(told, str) and other.kind in _NAMING:
                exact = _with_version(node, told)
                if exact != node:
                    out[at], out[other_at] = (match, exact), (other, exact)
                    break
    return out


def _with_version(node: spdx.Node, told: str) -> spdx.Node:
    if isinstance(node, str):
        return told if _is_vague(node, frozenset({told})) else node
    return spdx.join(node.operator, (_with_version(part, told) for part in node.parts))


def _reach(match: LicenseMatch) -> int:
    """How many lines away a license may be that a "see" means; one that names a file means it only for the details."""
    return 1 if match.references else MAX_LINES


def _is_offered(node: spdx.Node, terms: frozenset[str]) -> bool:
    """Whether a text is one version of a family that is offered without saying which."""
    return isinstance(node, str) and any(key in terms and node.startswith(begin) for key, begin in _FAMILIES.items())


_NAMING = (MatchKind.REFERENCE, MatchKind.TAG)
_FAMILIES = {"gpl-1.0-plus": "gpl-", "lgpl-2.0-plus": "lgpl-"}
"""What the LicenseDB reads in a name without a version, and how the family's versions begin."""


def _is_vague(expression: str, named: frozenset[str]) -> bool:
    family = _FAMILIES.get(expression)
    return family is not None and any(leaf != expression and leaf.startswith(family) for leaf in named)


_ADDRESS = re.compile(r"(?i)\bgnu\.org/licenses|common-licenses/|\bopensource\.org/licenses")


def _is_address(match: LicenseMatch) -> bool:
    """Whether a match is where the text of a license lies; which version holds is said elsewhere."""
    return match.kind in _NAMING and _ADDRESS.search(match.text) is not None


_MOVED = {"openssl-ssleay": ("openssl.org/source/license", "apache-2.0")}
"""Licenses of addresses where another license stands today, and which."""


def _has_moved(match: LicenseMatch, named: frozenset[str]) -> bool:
    """Whether a match is but the address of a license that the file names, and that took another's place."""
    address, now = _MOVED.get(match.expression, ("", ""))
    return match.kind in _NAMING and now in named and bool(address) and address in match.text


class _Lines:
    """The lines of matches, to be asked whether one stands close by."""

    def __init__(self, matches: Iterable[LicenseMatch]):
        places = sorted((match.start_line, match.end_line) for match in matches)
        self.starts = [start for start, _end in places]
        self.ends = list(accumulate((end for _start, end in places), max))

    def beside(self, match: LicenseMatch, lines: int) -> bool:
        """Whether one of the matches is at most so many lines away."""
        before = bisect_right(self.starts, match.end_line + lines)
        return before > 0 and self.ends[before - 1] >= match.start_line - lines


def _terms(nodes: Iterable[spdx.Node]) -> frozenset[str]:
    """The licenses whose text may stand beside these statements without saying more."""
    found: set[str] = set()
    for node in nodes:
        for leaf in spdx.leaves(node):
            base = leaf.partition(" WITH ")[0]
            if not isinstance(node, str) and node.operator == spdx.OR:
                found |= {leaf, base}
            found |= {base.removesuffix("-plus"), base} - {leaf}
    return frozenset(found)


@lru_cache(maxsize=4_096)
def _tree(expression: str) -> spdx.Node:
    """An expression of keys as a tree; what is no expression stands for itself."""
    try:
        return spdx.parse(expression, str)
    except ValueError:
        return expression


@lru_cache(maxsize=4_096)
def _leaves(expression: str) -> tuple[str, ...]:
    return tuple(spdx.leaves(_tree(expression)))
