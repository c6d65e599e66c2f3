"""What GNU notices say, held against what was matched on them: a match that says something else goes, the notice stays.

A rule that stands in the text word for word over the name and its version was read by a person with just these words,
and is believed. One that covers the name alone, or resembles the notice, has not seen the version; the notice has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from licscan.detect.gnu import FIRST, Statement, read_notices
from licscan.detect.index import FALSE_POSITIVE
from licscan.detect.library import Library, keys_of
from licscan.detect.match import Match
from licscan.detect.query import Query, purity
from licscan.detect.refine import refined, rule_to_text
from licscan.detect.ruleless import ruleless
from licscan.detect.tokenizer import lowered
from licscan.detect.types import Matcher, MatchKind
from licscan.licenses.licensedb import to_spdx
from licscan.licenses.spdx import is_current

LONG_TEXT = 100
"""A license text of so many tokens speaks of GNU licenses as it likes: what stands in it is no notice."""

GNU_TEXT = 400
"""The license texts of the GNU project have more tokens; what calls itself one and is shorter is a notice."""

_PROXIES = ("kde-accepted-", "kfqf-accepted-")
_FAMILIES = ("gpl-", "lgpl-", "agpl-", "gfdl-", *_PROXIES)
_NO_CHOICE = ("-no-invariants", "-invariants")
_TELLING = (
    *("affero", "lesser", "library", "later", "newer", "any", "only", "version", "versions", "v2", "v3", "either"),
    *("1", "2", "3", "2.1", "1.1", "1.2", "1.3"),
)
"""Words that change what a notice says."""

FLOOR = 40.0
"""A score below which a resemblance is not believed."""

CERTAIN, PURE = 20, 0.95
"""Tokens of a part of a rule, and the share of its stretch that they are, which are no chance."""

MOSTLY = 0.7
"""The share of a match that lies inside a notice and is accounted for by it."""

ALMOST = 95.0
"""Per cent of a rule that a person wrote for a notice which says no version."""

NEXT = 8
"""Words of a rule beside the name that are looked at."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement by positions of tokens: the notice, and in it the name with its version; whether the index knows all
    its words."""

    said: Statement
    start: int
    end: int
    low: int
    high: int
    known: bool

    @property
    def leaves(self) -> frozenset[str]:
        """The keys that it says."""
        return keys_of(self.said.expression)


def settled(
    kept: list[Match], pool: Sequence[Match], notices: Sequence[Placed], query: Query, library: Library
) -> list[Match]:
    """The matches that count once the notices are read: `kept` of the whole `pool`, or others of it and notices."""
    said = [one for one in notices if not one.said.denied]
    if not said:
        return kept
    texts = frozenset(key for match in kept if match.rule.kind is MatchKind.TEXT for key in match.rule.keys)
    ground = _Ground(query, library, said, texts)
    believed = [one for one in said if _is_believed(one)]
    wrong = [one for one in believed if not ground.agrees(one, kept, pool)]
    _complete(kept, said)
    if not wrong:
        return kept
    rest = [match for match in pool if _is_text(match) or not any(ground.is_out(match, one) for one in believed)]
    return refined([*rest, *(_match(one, query) for one in wrong)], query, library)


def _is_text(match: Match) -> bool:
    least = GNU_TEXT if is_gnu(match) else LONG_TEXT
    return match.rule.kind is MatchKind.TEXT and match.rule.size >= least


def _complete(matches: Iterable[Match], notices: Sequence[Placed]) -> None:
    """Name the versions beside "any later version approved by", where a match names only what was approved."""
    for match in matches:
        for proxy in [key for key in match.rule.keys if key.startswith(_PROXIES)]:
            told = next((one for one in notices if proxy in one.leaves and _touches(match, one)), None)
            if told and not any(key.startswith(f"{told.said.family}-") for key in match.rule.keys):
                expression = match.rule.expression.replace(proxy, f"({told.said.expression})")
                match.rule = replace(match.rule, expression=expression, keys=keys_of(expression))


def is_weak(match: Match, query: Query) -> bool:
    """Whether a resemblance is too slight to be believed."""
    if match.matcher is not Matcher.APPROXIMATE:
        return False
    if match.length >= CERTAIN and purity(match, query) >= PURE:  # a part of a longer notice, word for word
        return False
    return match.coverage * match.rule.relevance / 100 * purity(match, query) < FLOOR


def is_gnu(match: Match) -> bool:
    """Whether a match names nothing but GNU licenses."""
    return bool(match.rule.keys) and all(key.startswith(_FAMILIES) for key in match.rule.keys)


def _is_believed(one: Placed) -> bool:
    """Whether a notice is a statement by itself: a version, or a sentence that says that the license holds."""
    return not one.said.mention and (one.said.versioned or one.said.firm)


def placed(query: Query, kept: Iterable[Match], library: Library) -> list[Placed]:
    """The notices of a text by positions; what stands in the license texts among the matches is none."""
    if not (library.gnu_words[query.ids].any() or _is_of_general_public(query, library)):
        return []
    return list(_placed(query, [match for match in kept if _is_text(match) and not is_weak(match, query)]))


def _is_of_general_public(query: Query, library: Library) -> bool:
    general, public = (library.vocabulary.ids.get(word, -1) for word in ("general", "public"))
    return bool(((query.ids[:-1] == general) & (query.ids[1:] == public)).any())


def _placed(query: Query, texts: Sequence[Match]) -> Iterable[Placed]:
    starts, ends = query.tokens.starts, query.tokens.ends
    apart = [(int(starts[text.start]), int(ends[text.end - 1])) for text in texts]

    for said in read_notices(lowered(query.text), apart):
        low, high = query.span_of(*said.core)
        if high > low:
            first, last = query.span_of(said.start, said.end)
            start, end = min(first, low), max(last, high)
            behind = query.text[int(ends[high - 1]) : said.core[1]]
            known = not int(query.unknown_inside(low, high)) and not any(
                sign.isalnum() or sign == "+" for sign in behind
            )
            known = known and ">=" not in query.text[said.core[0] : said.core[1]]
            yield Placed(said, start, end, low, high, known)


def _touches(match: Match, one: Placed) -> bool:
    """Whether a match has a position of the name and its version."""
    if match.end <= one.low or match.start >= one.high:
        return False
    low, high = max(one.low - match.start, 0), one.high - match.start
    return bool((match.mask >> low) & ((1 << (high - low)) - 1))


@dataclass(frozen=True)
class _Ground:
    """What a match is held against: the notices of a text, the keys of the license texts in it, the words of rules."""

    query: Query
    library: Library
    notices: Sequence[Placed]
    texts: frozenset[str]

    def agrees(self, one: Placed, kept: Iterable[Match], pool: Iterable[Match]) -> bool:
        """Whether the matches that count say what a notice says, no less and no more."""
        here = [match for match in kept if match.start < one.end and match.end > one.start]
        on_it = [match for match in here if _touches(match, one)]
        if not on_it:
            # what was matched here and does not count was a list of names, or a rule told that it misleads
            misleads = (match for match in pool if match.rule.flags & FALSE_POSITIVE)
            return any(_touches(match, one) for match in misleads)
        if any(self.is_out(match, one) for match in here):
            return False
        if not one.said.versioned or any(self.is_sure(match, one) for match in on_it):
            return True
        if " OR " in one.said.expression:
            return any(one.leaves <= _gnu_leaves(match) for match in on_it)
        return one.leaves <= frozenset().union(*map(_gnu_leaves, on_it))

    def is_out(self, match: Match, one: Placed) -> bool:
        """Whether a match must go where a notice stands: it says something else, or makes more of its paragraphs."""
        if match.rule.kind is MatchKind.CLUE or match.rule.flags & FALSE_POSITIVE:
            return False
        if _touches(match, one):
            if is_weak(match, self.query):
                return True
            exactly = match.matcher is not Matcher.APPROXIMATE or self._is_almost(match)
            sure = self.is_sure(match, one) and (one.said.versioned or exactly)
            return not sure and self._is_against(match, one)
        if match.end <= one.low and _names_another(match):
            return False
        inside = min(one.end, match.end) - max(one.start, match.start) >= MOSTLY * (match.end - match.start)
        return inside and match.rule.kind is not MatchKind.TEXT and not match.rule.keys <= one.leaves

    def _is_against(self, match: Match, one: Placed) -> bool:
        said = _gnu_leaves(match)
        if said and said <= _VAGUE and _names_another(match):
            return False  # "BSD or GPL", before the version of the second
        if not one.said.versioned:
            mine = [leaf for leaf in said if leaf.startswith(f"{one.said.family}-")]
            return bool(said) and not (mine and self._has_version(match, mine))
        here = [other for other in self.notices if _touches(match, other)]
        told = frozenset().union(*(other.leaves for other in here))
        open_ = frozenset(f"{other.said.family}-" for other in here if not other.said.versioned)
        more = {leaf for leaf in said - told if not leaf.startswith(tuple(open_))}
        return bool(more) or not one.leaves <= said

    def _is_almost(self, match: Match) -> bool:
        """Whether nearly all of a rule is there, and what is not there tells no license."""
        tokens = self.library.parts[match.rule.part].tokens(match.rule.number).tolist()
        missed = (token for at, token in enumerate(tokens) if not match.rule_mask >> at & 1)
        return match.coverage >= ALMOST and self._telling.isdisjoint(missed)

    def _has_version(self, match: Match, leaves: Sequence[str]) -> bool:
        """Whether a version that an approximate match tells of stands where it was found."""
        if match.matcher is not Matcher.APPROXIMATE:
            return True
        starts, ends = self.query.tokens.starts, self.query.tokens.ends
        text = lowered(self.query.text[int(starts[match.start]) : int(ends[match.end - 1])])
        numbers = {leaf.split("-")[1].removesuffix(".0") for leaf in leaves if leaf not in FIRST.values()}
        return not numbers or any(
            re.search(rf"(?:gpl|v|(?<![a-z0-9.])){re.escape(number)}(?![0-9])", text) for number in numbers
        )

    def is_sure(self, match: Match, one: Placed) -> bool:
        """Whether the rule has the name and its version word for word, and no other words of that kind around them.

        A person read the rule with just these words, and said what they mean.
        """
        if match.start > one.low or match.end < one.high or not one.known:
            return False
        if one.said.family == "perl":
            # where the older text of the license lies beside it, that one is meant
            return one.leaves == _gnu_leaves(match) or bool(match.rule.keys & self.texts)
        if match.rule.part < 0 or match.matcher is Matcher.EXACT:
            return True
        places = rule_to_text(match)
        wanted = range(one.low, one.high)
        at = [rule for rule, text in places.items() if text in wanted]
        if len(at) != len(wanted) or at[-1] - at[0] + 1 != len(at):
            return False
        tokens = self.library.parts[match.rule.part].tokens(match.rule.number)
        around = [*self._gap(places, at[0], -1), *self._gap(places, at[-1], 1)]
        return not any(0 <= place < len(tokens) and int(tokens[place]) in self._telling for place in around)

    def _gap(self, places: dict[int, int], edge: int, step: int) -> Iterator[int]:
        """The unmatched places of the rule next to one."""
        for at in range(edge + step, edge + step * (NEXT + 1), step):
            if at in places:
                return
            yield at

    @cached_property
    def _telling(self) -> frozenset[int]:
        ids = self.library.vocabulary.ids
        return frozenset(ids[word] for word in _TELLING if word in ids)


_VAGUE = frozenset(FIRST.values())


def _names_another(match: Match) -> bool:
    """Whether a rule that stands there word for word names a license of others, beside which a notice may stand."""
    others = {key for key in match.rule.keys if not key.startswith(_FAMILIES)}
    return match.matcher is not Matcher.APPROXIMATE and any(is_current(to_spdx(key) or "") for key in others)


def _gnu_leaves(match: Match) -> frozenset[str]:
    """The GNU licenses that a match names, without what tells their additions and invariant sections."""
    named = (key for key in match.rule.keys if key.startswith((*_FAMILIES, "artistic-")) and "exception" not in key)
    return frozenset(map(_plain, named))


def _plain(key: str) -> str:
    for word in _NO_CHOICE:
        if word in key:
            return key.replace(word, "").replace("-or-later", "-plus").removesuffix("-only")
    return key


def _match(one: Placed, query: Query) -> Match:
    kind = MatchKind.NOTICE if one.said.firm else MatchKind.REFERENCE
    expression = one.said.expression
    return ruleless(query, (one.start, one.end), f"gnu-notice: {expression}", expression, kind, Matcher.GRAMMAR)
