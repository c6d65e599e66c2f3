"""What detection found in one text -> evidence: one piece for each license in it, with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from licscan.base.messages import _
from licscan.detect.grouping import telling
from licscan.detect.types import Detected, LicenseMatch, MatchKind
from licscan.licenses.licensedb import to_spdx
from licscan.licenses.spdx import licenses_of
from licscan.model import Evidence, EvidenceKind, Location, Origin
from licscan.read.cache import Found
from licscan.read.roles import KIND_OF, Role

MAX_RAW = 200
MAX_PIECES = 100
"""Different licenses of one text that are told apart."""
SURE = 80
"""Score from which a name or a notice in a license file is believed beside what else it holds."""
TITLE = 5
"""Lines above a license text in which its title stands, the statement of copyright and empty lines between them."""
_VERSION = re.compile(r"-\d")
_IDLE = frozenset({MatchKind.CLUE, MatchKind.INTRO})
_NAMELESS = ("unknown", "see-license", "warranty-disclaimer", "generic-cla", "other-permissive", "other-copyleft")
"""Keys that say that there are terms, not which."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a package that is at hand.

    `shown` is its path as reports name it; `first_line` the line of the file with which it begins (a readme's section).
    """

    role: Role
    shown: str
    origin: Origin
    sha256: str
    first_line: int = 1


Naming = list[tuple[str, LicenseMatch]]
"""The matches of a text that name a license, in order of their lines, each with its expression."""


def evidence_of(text: Text, found: Found, told: Naming | None = None) -> tuple[Evidence, ...]:
    """The licenses of a text in order of their first line; a license file in which none is known says so.

    `told` is what `telling_of` gives for it, where that is known: many packages hold the same text.
    """
    groups: dict[tuple[EvidenceKind, str], list[LicenseMatch]] = {}
    told = telling_of(text.role, found.detected) if told is None else told
    foreign_from = found.foreign_from or 0
    # a license file that begins with whom it is from (`This package contains code by ...`) is no list of parts
    parts_from = foreign_from if any(match.start_line < foreign_from for _name, match in told) else None
    if text.role is Role.README and found.foreign_from is not None:
        # a readme that lists what it contains is no license of the package, with or without one above the list
        parts_from = found.foreign_from + 1
    for expression, match in told:
        groups.setdefault((_kind(text, match, parts_from), expression), []).append(match)
    if not groups and text.role is Role.LICENSE and _is_notice(text, found):
        return ()
    if not groups and text.role in (Role.LICENSE, Role.README):
        return tuple(_unknown(text, found.detected))
    pieces = [_piece(text, *key, matches) for key, matches in list(groups.items())[:MAX_PIECES]]
    return tuple(pieces)


def _is_notice(text: Text, found: Found) -> bool:
    """Whether a file called COPYRIGHT says whose the work is and nothing that is like the terms of a license."""
    return found.bare and text.shown.rpartition("/")[2].lower().startswith("copyright")


def telling_of(role: Role, detected: Detected) -> Naming:
    """The matches that name a license, in order of their lines, each with its expression.

    A license file that holds a text or a notice means by a bare name what that says: a name of the same family, or an
    unsure one, adds no license.
    """
    told = []
    for match in sorted(telling(detected.matches), key=lambda match: (match.start_line, match.end_line, match.rule)):
        expression = None if match.kind in _IDLE else to_spdx(match.expression)
        if expression and not is_nameless(expression):
            told.append((expression, match))
    if role is not Role.LICENSE:
        return told
    firm = [match.kind is MatchKind.TEXT or _is_sure_notice(match) for _expression, match in told]
    if not any(firm):
        return told
    families = {
        _family(name)
        for (expression, _match), sure in zip(told, firm, strict=True)
        if sure
        for name in licenses_of(expression)
    }
    titled = {line for _name, match in told if match.kind is MatchKind.TEXT for line in _lines(match)}
    return [pair for pair, sure in zip(told, firm, strict=True) if sure or _adds(*pair, families, titled)]


def _is_sure_notice(match: LicenseMatch) -> bool:
    return match.kind is MatchKind.NOTICE and match.score >= SURE


def _lines(match: LicenseMatch) -> range:
    """The lines of a text, and those above it where its title stands."""
    return range(max(match.start_line - TITLE, 1), match.start_line + min(match.end_line - match.start_line, 5_000) + 1)


def _adds(expression: str, match: LicenseMatch, families: set[str], titled: set[int]) -> bool:
    """Whether a bare name adds to what the texts and notices of its file say; the title of a text does not.

    A text that says more than its title (`MIT License` over terms with a sentence more) is what it says.
    """
    names = licenses_of(expression)
    if match.score < SURE or all(_family(name) in families for name in names):
        return False
    return len(names) > 1 or match.start_line not in titled


def _family(license_id: str) -> str:
    """The license without its version: `GPL` of `GPL-1.0-or-later`."""
    return _VERSION.split(license_id, maxsplit=1)[0]


@lru_cache(maxsize=10_000)
def is_nameless(expression: str) -> bool:
    """Whether an expression says that there are terms, not which."""
    return any(word in license_id.lower() for license_id in licenses_of(expression) for word in _NAMELESS)


def _kind(text: Text, match: LicenseMatch, parts_from: int | None) -> EvidenceKind:
    """What the match speaks of: behind a heading for other people's work it is a part's."""
    if text.role in (Role.LICENSE, Role.README) and parts_from is not None and match.start_line >= parts_from:
        return EvidenceKind.PART
    return KIND_OF[text.role]


def _piece(text: Text, kind: EvidenceKind, expression: str, matches: Iterable[LicenseMatch]) -> Evidence:
    """The evidence of one license: the match that covers most speaks for all."""
    best = max(matches, key=lambda match: (match.matched_length, match.score, -match.start_line))
    shift = text.first_line - 1
    return Evidence(
        kind=kind,
        field=text.shown.rpartition("/")[2],
        raw=" ".join(best.text[:MAX_RAW].split()),
        expression=expression,
        origin=text.origin,
        location=Location(text.shown, best.start_line + shift, best.end_line + shift),
        method=f"text:{best.matcher.value}"
        if best.kind is MatchKind.TEXT
        else f"{best.kind.value}:{best.matcher.value}",
        score=round(min(max(best.score, 0.0), 100.0) / 100, 4),
        sha256=text.sha256,
    )


def _unknown(text: Text, detected: Detected) -> Iterator[Evidence]:
    """A license file that names no known license: its first words, so that a person can look."""
    first = next(iter(detected.matches), None)
    shift = text.first_line - 1
    yield Evidence(
        kind=KIND_OF[text.role],
        field=text.shown.rpartition("/")[2],
        raw=" ".join((first.text if first else "")[:MAX_RAW].split()),
        expression=None,
        origin=text.origin,
        location=Location(text.shown, first.start_line + shift, first.end_line + shift)
        if first
        else Location(text.shown),
        method="text:unknown",
        score=0.0,
        note=_("No license known to licscan was recognized in it."),
        sha256=text.sha256,
    )
