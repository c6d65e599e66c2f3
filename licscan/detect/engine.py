"""One text through all steps: hash, SPDX tags, exact, approximate, refine."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import replace
from functools import cached_property

import numpy as np

from licscan.base import tables
from licscan.detect.approximate import approximate_matches
from licscan.detect.arrays import AnyArray
from licscan.detect.clues import with_clues
from licscan.detect.conjunctions import joints
from licscan.detect.copyrights import find_copyrights
from licscan.detect.enumerations import find_enumerations
from licscan.detect.exact import exact_matches
from licscan.detect.expressions import keys_of_spdx
from licscan.detect.fields import WORDS, find_expressions, find_fields
from licscan.detect.future import without_future
from licscan.detect.gnu_matches import placed, settled
from licscan.detect.grouping import expression_of, group
from licscan.detect.index import FALSE_POSITIVE
from licscan.detect.library import Library
from licscan.detect.listed import listed_text
from licscan.detect.match import Match
from licscan.detect.named import NAMED
from licscan.detect.parameters import read_parameters
from licscan.detect.prepare import Prepared, prepare
from licscan.detect.query import Query, purity
from licscan.detect.refine import refined
from licscan.detect.rows import HINTS, find_rows
from licscan.detect.ruleless import ruleless
from licscan.detect.spdx_tags import find_tags, read_tag
from licscan.detect.stated import (
    as_names,
    creative_commons,
    without_others,
    without_vague,
    yielding,
)
from licscan.detect.types import DECLARED, CopyrightStatement, Detected, LicenseMatch, Matcher, MatchKind
from licscan.detect.unknown import unknown_texts
from licscan.detect.versions import with_versions
from licscan.licenses.licensedb import to_identifiers
from licscan.licenses.spdx import is_current

MAX_MATCHED_TEXT = 2_000
DELAYED = "bsl-1."
"""How the keys of the Business Source License begin."""
LONG_TEXT = 120
"""An exact license text of more tokens is taken out of what approximate matching sees."""


MIN_LISTED, MAX_LISTED = 10, 20_000
"""Known words of the shortest and the longest text of the SPDX list, and beyond."""

WHOLE = 0.95
"""The share of the words that matches must cover to be all that a text says."""

SHORT = 20_000
"""Characters of a text that may name licenses by their identifiers without the word "license"."""

LEGAL = 0.1
"""The share of distinctive words below which a text is no license."""


class Detector:
    """Finds the licenses and copyright statements of texts; open it once, ask it often."""

    def __init__(self, library: Library):
        self.library = library

    @cached_property
    def _keys(self) -> dict[str, str]:
        return keys_of_spdx(self.library.licenses, tables.load_toml("own_licenses.toml")["old_identifiers"])

    @cached_property
    def _hints(self) -> AnyArray:
        """Which words of the vocabulary hint at the rows of a list of parts."""
        known = self.library.vocabulary.ids
        told = np.zeros(max(known.values(), default=0) + 1, dtype=np.bool_)
        told[[known[word] for word in HINTS if word in known]] = True
        return told

    def detect(self, data: bytes, name: str = "") -> Detected:
        """All that a file's bytes hold. Never raises; time and memory grow with their size."""
        prepared = prepare(data, name)
        found, query = self._found(prepared.text, name)
        matches = _conjoined([_told(match, query, prepared) for match in found], found, query)
        copyrights, authors = find_copyrights(prepared.text)
        copyrights = tuple(_in_file(statement, prepared) for statement in copyrights)
        expression = expression_of(group(matches))
        delayed = any(match.expression.startswith(DELAYED) for match in matches)
        parameters = read_parameters(prepared.text) if delayed else ()
        digest = hashlib.sha256(data).hexdigest()
        return Detected(digest, expression, matches, copyrights, authors, parameters=parameters)

    def _found(self, text: str, name: str) -> tuple[list[Match], Query]:
        query = Query.of(text, self.library.vocabulary)
        found = self.matches(query, name)
        found += unknown_texts(query, self.library.vocabulary, found)
        return sorted(found, key=lambda match: (match.start, match.end)), query

    def matches(self, query: Query, name: str = "") -> list[Match]:
        """The matches that count, in order of their place; `name` is the file's."""
        if not len(query):
            return []
        query.rows = find_rows(query.text, query.tokens.starts[self._hints[query.ids]].tolist())
        stated = creative_commons(query, self.library.licenses)
        tags = self._declared(query, name)
        found = _without_cuts(exact_matches(query, self.library), [tag for tag, _plain in tags])
        found = with_versions(yielding(as_names(found, query), stated, query), query, self.library)
        exact = refined([*_not_told(tags, found), *stated, *found], query, self.library, final=False)
        whole = [match for match in exact if match.length == len(query) and match.matcher is Matcher.EXACT]
        if whole:
            whole[0].matcher = Matcher.HASH
            return self._listed(query, self._settled(whole[:1], exact, query))
        for match in exact:
            if match.matcher in DECLARED or (match.rule.kind is MatchKind.TEXT and match.length > LONG_TEXT):
                query.take(match)
        # a name says which license is meant, and not that its text was looked for
        texts = [match for match in exact if not match.rule.identifier.startswith(NAMED)]
        rest = with_versions(
            without_others(approximate_matches(query, self.library, texts), exact), query, self.library
        )
        pool = [*exact, *yielding(rest, stated, query)]
        return self._listed(query, without_future(without_vague(self._settled(pool, pool, query)), query))

    def _settled(self, matches: list[Match], pool: list[Match], query: Query) -> list[Match]:
        """What counts of some matches of the pool, as notices beside them have it; clues apart."""
        kept = refined(matches, query, self.library)
        notices = placed(query, kept, self.library)
        return with_clues(settled(kept, pool, notices, query, self.library), notices, query)

    def _listed(self, query: Query, found: list[Match]) -> list[Match]:
        """The matches, or one for the whole where the words are those of a text of the SPDX list."""
        if not MIN_LISTED <= len(query) <= MAX_LISTED or np.count_nonzero(query.is_high) < LEGAL * len(query):
            return found
        names = {to_identifiers(match.rule.expression) for match in found}
        if len(names) == 1 and is_current(next(iter(names)) or "") and _is_all(query, found):
            return found
        license_id = listed_text(query.text)
        key = self._keys.get(license_id.lower()) if license_id else None
        if not key or names == {license_id}:
            return found
        return [_whole(query, key, f"spdx-text-{license_id}")]

    def _declared(self, query: Query, name: str) -> list[tuple[Match, bool]]:
        """A match for each tag and field, over the tokens it stands on, in order, and whether it is plain SPDX."""
        text = query.text
        told: list[tuple[int, int, str, bool, Matcher]] = []
        for tag in find_tags(text):
            expression, note = read_tag(tag.raw, self._keys)
            told.append((tag.start, tag.end, expression, note is None, Matcher.SPDX))
        places = self._places(query)
        loose = find_expressions(text) if places or len(text) < SHORT else ()
        for one in (*find_fields(text, places, name), *loose, *find_enumerations(text), *query.rows.fields):
            told.append((one.start, one.end, read_tag(one.expression, self._keys)[0], one.plain, Matcher.FIELD))
        matches: list[tuple[Match, bool]] = []
        end = -1
        for start, stop, expression, plain, matcher in sorted(told, key=lambda one: (one[0], -one[1])):
            match = _over(query, expression, start, stop, matcher) if start >= end else None
            if match is not None:
                matches.append((match, plain))
                end = stop
        return matches

    def _places(self, query: Query) -> list[int]:
        """Where the words stand that begin a field, as character offsets."""
        if not any(part in query.text for part in ("icense", "icence", "ICENSE", "ICENCE")):
            return []
        known = self.library.vocabulary.ids
        named = np.zeros(len(query), dtype=np.bool_)
        for word in WORDS:
            named |= query.ids == known.get(word, -1)
        starts: list[int] = query.tokens.starts[named].tolist()
        return starts


def _is_all(query: Query, found: list[Match]) -> bool:
    """Whether matches that stand there word for word are nearly all that a text says."""
    exact = all(match.matcher is not Matcher.APPROXIMATE for match in found)
    return exact and sum(match.length for match in found) >= WHOLE * len(query)


def _whole(query: Query, key: str, rule: str) -> Match:
    """A match of the whole text with one of the SPDX list."""
    return ruleless(query, (0, len(query)), rule, key, MatchKind.TEXT, Matcher.HASH)


_LABELS = {Matcher.SPDX: "spdx-license-identifier", Matcher.FIELD: "license-field"}


def _over(query: Query, expression: str, start: int, end: int, matcher: Matcher) -> Match | None:
    """A match of no rule over a stretch of characters; None where no known word stands there."""
    low, high = query.span_of(start, end)
    if high <= low:
        return None
    return ruleless(query, (low, high), f"{_LABELS[matcher]}: {expression}", expression, MatchKind.TAG, matcher)


def _without_cuts(matches: list[Match], tags: list[Match]) -> list[Match]:
    """The matches that neither begin nor end inside a tag: a tag is read as one, whatever its words look like.

    A whole text stays all the same: of rules for it the one with a word more before it (`license:`) is found.
    """
    if not tags:
        return matches
    starts = [tag.start for tag in tags]

    def inside(place: int) -> bool:
        tag = tags[bisect_left(starts, place) - 1]
        return tag.start < place < tag.end

    def is_text(match: Match) -> bool:
        return match.rule.kind is MatchKind.TEXT and match.length > LONG_TEXT

    return [match for match in matches if is_text(match) or not (inside(match.start) or inside(match.end))]


def _not_told(tags: list[tuple[Match, bool]], matches: list[Match]) -> list[Match]:
    """The tags without those that are no plain SPDX where a rule has the very same words: people read that one.

    So they do where a rule for a field's words says the same; it can be looked up.
    """
    told: dict[tuple[int, int], set[str]] = {}
    for match in matches:
        if not match.rule.flags & FALSE_POSITIVE:
            told.setdefault((match.start, match.end), set()).add(match.rule.expression)
    kept = []
    for tag, plain in tags:
        others = told.get((tag.start, tag.end), set())
        if not others or (plain and not (tag.matcher is Matcher.FIELD and tag.rule.expression in others)):
            kept.append(tag)
    return kept


def _in_file(statement: CopyrightStatement, prepared: Prepared) -> CopyrightStatement:
    """The statement with the file's own line numbers."""
    if not prepared.lines:
        return statement
    start, end = map(prepared.line_in_file, (statement.start_line, statement.end_line))
    return replace(statement, start_line=start, end_line=end)


def _told(match: Match, query: Query, prepared: Prepared) -> LicenseMatch:
    """The match as the world sees it."""
    tokens = query.tokens
    text = query.text[int(tokens.starts[match.start]) : int(tokens.ends[match.end - 1])]
    coverage = round(match.coverage, 2)
    return LicenseMatch(
        expression=match.rule.expression,
        score=round(coverage * match.rule.relevance / 100 * purity(match, query), 2),
        start_line=prepared.line_in_file(int(tokens.lines[match.start])),
        end_line=prepared.line_in_file(int(tokens.lines[match.end - 1])),
        rule=match.rule.identifier,
        kind=match.rule.kind,
        matcher=match.matcher,
        coverage=coverage,
        matched_length=match.length,
        start=match.start,
        end=match.end,
        text=text[:MAX_MATCHED_TEXT],
        references=match.rule.references,
    )


def _conjoined(told: list[LicenseMatch], found: list[Match], query: Query) -> tuple[LicenseMatch, ...]:
    """The matches, each with what joins it to one before it."""
    if len(told) < 2:
        return tuple(told)
    starts, ends = query.tokens.starts, query.tokens.ends
    places = [(int(starts[match.start]), int(ends[match.end - 1])) for match in found]
    joined = joints(told, query.text, places)
    return tuple(replace(one, joint=joint) if joint[0] else one for one, joint in zip(told, joined, strict=True))
