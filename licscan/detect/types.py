"""What detection finds in one text. Frozen; imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from licscan.model.media import MediaFacts


class MatchKind(StrEnum):
    """What sort of statement a match is, as the LicenseDB's rules say of themselves."""

    TEXT = "text"
    NOTICE = "notice"
    REFERENCE = "reference"
    TAG = "tag"
    INTRO = "intro"
    CLUE = "clue"
    UNKNOWN = "unknown"


class Matcher(StrEnum):
    """How a match was found."""

    HASH = "hash"
    SPDX = "spdx"
    FIELD = "field"
    GRAMMAR = "grammar"
    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"


DECLARED = frozenset({Matcher.SPDX, Matcher.FIELD})
"""What was read as an expression and not compared with a rule."""


@dataclass(frozen=True, slots=True)
class LicenseMatch:
    """One rule found in a text.

    `expression` is in LicenseDB keys (`gpl-2.0-plus AND mit`). `score` is 0 to 100: coverage of the rule times its
    relevance times the share of the stretch's words that the rule has, so 100 is word for word. Lines count from 1,
    both included; `start` and `end` are token positions (end excluded) and order matches exactly. `rule` is the rule's
    identifier in the LicenseDB (`mit_12.RULE`, `mit.LICENSE`) or of our own tables. `text` is the matched text,
    verbatim, cut at 2,000 characters. `references` are the file names that the rule says hold the license. `joint` is
    the operator (AND, OR, WITH) that joins it to a match before it, and where that one starts; else empty and -1.
    """

    expression: str
    score: float
    start_line: int
    end_line: int
    rule: str
    kind: MatchKind
    matcher: Matcher
    coverage: float = 100.0
    matched_length: int = 0
    start: int = 0
    end: int = 0
    text: str = ""
    references: tuple[str, ...] = ()
    joint: tuple[str, int] = ("", -1)


@dataclass(frozen=True, slots=True)
class CopyrightStatement:
    """One copyright statement: as written (white space folded), who holds it, and for which years.

    `holder` is empty where none is named. `template` is an unfilled form such as `Copyright (c) <year> <owner>`.
    """

    statement: str
    holder: str
    years: str
    start_line: int
    end_line: int
    template: bool = False


@dataclass(frozen=True, slots=True)
class Detected:
    """All that one text holds. `expression` is SPDX over all detections, None where there is none.

    `matches` are in order of their place; `authors` are names after `@author`, `written by` and the like. `media` is
    what a font, picture, sound or model says of itself; its own fields are then the text. `sets` are ids of rows of
    data/content_sets.toml, one of which a sound or an animation is of; `unheard` says why a sound was held against them
    by its bytes alone (empty: it was heard, or is none). `parameters` are what a Business Source License
    leaves to its licensor, name and value.
    """

    sha256: str
    expression: str | None
    matches: tuple[LicenseMatch, ...] = ()
    copyrights: tuple[CopyrightStatement, ...] = ()
    authors: tuple[str, ...] = ()
    media: MediaFacts | None = None
    sets: tuple[str, ...] = ()
    unheard: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
