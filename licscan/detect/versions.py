"""A name as the number behind it has it: the version that stands there, or no name where a number goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from licscan.detect.library import Library
from licscan.detect.match import Match
from licscan.detect.query import Query
from licscan.detect.ruleless import UNKNOWN
from licscan.detect.types import MatchKind

MAX_NAME = 12
"""Tokens of the longest rule that is but a name."""

_GNU = frozenset({"gpl", "lgpl", "agpl", "gfdl"})
"""What is read by grammar."""

_GOES_ON = re.compile(r"\.(?!0)[0-9]")
_BEHIND = re.compile(
    r"(?![ \t]{0,8}\n\s{0,8}\d{1,2}[.)]\s)"  # an item of a list is no version
    r"(?:\s?\([A-Z]{2,6}\))?[\s,()（）:*#/-]{0,6}(?:v(?:er(?:sion|\.)?|\.)?[ \t]?)?"
    r"(\d{1,2}(?:\.\d{1,2}){0,2})(?![\w%]|\.\d)",
    re.I,
)
_LICENSE = re.compile(r"(?i:licen[sc]e\b|\bpublic\b)|许可证|\b[A-Z]{1,3}PL\b")
_OF_KEY = re.compile(r"(?P<stem>.+?)-v?(?P<version>\d{1,2}(?:\.\d{1,2}){0,2})(?P<rest>(?:-(?!plus)[a-z]\w*)*)")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A key with a version, in three parts."""

    stem: str
    version: str
    rest: str

    def keys(self, version: str) -> tuple[str, ...]:
        """The keys that the license would have in another version."""
        plain = _plain(version)
        return tuple(f"{self.stem}-{form}{self.rest}" for form in (version, f"{plain}.0", plain))


def with_versions(matches: Iterable[Match], query: Query, library: Library) -> list[Match]:
    """Matches of names as the number behind them has it: of that version, or out where a number goes on.

    A rule that claims a version of which its words say nothing ("Mozilla Public License" for the newest) has not seen
    the version that stands there; one that the library does not have is a license that is not known.
    """
    return [read for match in matches if (read := _read(match, query, library)) is not None]


def _read(match: Match, query: Query, library: Library) -> Match | None:
    rule = match.rule
    if rule.size > MAX_NAME or rule.kind is MatchKind.TEXT or len(rule.keys) != 1:
        return match
    start, end = int(query.tokens.starts[match.start]), int(query.tokens.ends[match.end - 1])
    named = query.text[start:end]
    if named[-1].isdigit():
        if rule.part < 0 or not _GOES_ON.match(query.text, end):
            return match
        # "Apache 2" of "Apache 2.4" is no license, "Apache License 2" of "Apache License 2.4" one that nobody knows
        return _as(match, UNKNOWN) if _LICENSE.search(named) else None
    claim = _claim(next(iter(rule.keys)))
    behind = _BEHIND.match(query.text, end) if claim else None
    if claim is None or behind is None or _plain(behind[1]) == _plain(claim.version):
        return match
    if any(map(str.isdigit, named)):
        return match
    return _as(match, next((key for key in claim.keys(behind[1]) if key in library.licenses), UNKNOWN))


def _as(match: Match, key: str) -> Match:
    return replace(match, rule=replace(match.rule, expression=key, keys=frozenset({key}), references=()))


@lru_cache(maxsize=4_096)
def _claim(key: str) -> _Claim | None:
    told = _OF_KEY.fullmatch(key)
    return _Claim(told["stem"], told["version"], told["rest"]) if told and told["stem"] not in _GNU else None


def _plain(version: str) -> str:
    """A version without the zeros that say nothing: 2.0.0 is 2."""
    while version.endswith(".0"):
        version = version.removesuffix(".0")
    return version
