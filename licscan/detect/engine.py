"""One text through all steps: hash, SPDX tags, exact, approximate, refine."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import replace
from functools import cached_property

import numpy as np

from licscan.base import tables
from licscan.detect.approximate import approximate_matches
from licscan.detect.clues import with_clues
from licscan.detect.copyrights import find_copyrights
from licscan.detect.exact import exact_matches
from licscan.detect.expressions import keys_of_spdx
from licscan.detect.future import without_future
from licscan.detect.gnu_matches import placed, settled
from licscan.detect.grouping import expression_of, group
from licscan.detect.guards import guards_of
from licscan.detect.index import FALSE_POSITIVE
from licscan.detect.library import Library, keys_of
from licscan.detect.match import Match, RuleFacts
from licscan.detect.parameters import read_parameters
from licscan.detect.prepare import Prepared, prepare
from licscan.detect.query import Query, purity
from licscan.detect.refine import refined
from licscan.detect.spdx_tags import find_tags, read_tag
from licscan.detect.stated import (
    as_names,
    creative_commons,
    with_next_version,
    without_others,
    without_vague,
    yielding,
)
from licscan.detect.types import CopyrightStatement, Detected, LicenseMatch, Matcher, MatchKind
from licscan.detect.unknown import unknown_texts

MAX_MATCHED_TEXT = 2_000
DELAYED = "bsl-1."
"""How the keys of the Business Source License begin."""
LONG_TEXT = 120
"""An exact license text of more tokens is taken out of what approximate matching sees."""


class Detector:
    """Finds the licenses and copyright statements of texts; open it once, ask it often."""

    def __init__(self, library: Library):
        self.library = library

    @cached_property
    def _keys(self) -> dict[str, str]:
        return keys_of_spdx(self.library.licenses, tables.load_toml("own_licenses.toml")["old_identifiers"])

    def detect(self, data: bytes, name: str = "") -> Detected:
        """All that a file's bytes hold. Never raises; time and memory grow with their size."""
        prepared = prepare(data, name)
        matches = tuple(_told(match, query_text, prepared) for match, query_text in self._found(prepared.text))
        copyrights, authors = find_copyrights(prepared.text)
        copyrights = tuple(_in_file(statement, prepared) for statement in copyrights)
        expression = expression_of(group(matches))
        delayed = any(match.expression.startswith(DELAYED) for match in matches)
        parameters = read_parameters(prepared.text) if delayed else ()
        digest = hashlib.sha256(data).hexdigest()
        return Detected(digest, expression, matches, copyrights, authors, parameters=parameters)

    def _found(self, text: str) -> list[tuple[Match, Query]]:
        query = Query.of(text, self.library.vocabulary)
        found = self.matches(query)
        found += unknown_texts(query, self.library.vocabulary, found)
        return [(match, query) for match in sorted(found, key=lambda match: (match.start, match.end))]

    def matches(self, query: Query) -> list[Match]:
        """The matches that count, in order of their place."""
        tags = self._tags(query)
        if not len(query):
            return []
        stated = creative_commons(query, self.library.licenses)
        found = _without_cuts(exact_matches(query, self.library), [tag for tag, _plain in tags])
        found = with_next_version(yielding(as_names(found, query), stated, query), query)
        exact = refined([*_not_told(tags, found), *stated, *found], query, self.library, final=False)
        whole = [match for match in exact if match.length == len(query) and match.matcher is Matcher.EXACT]
        if whole:
            whole[0].matcher = Matcher.HASH
            return self._settled(whole[:1], exact, query)
        for match in exact:
            if match.matcher is Matcher.SPDX or (match.rule.kind is MatchKind.TEXT and match.length > LONG_TEXT):
                query.take(match)
        rest = without_others(approximate_matches(query, self.library, exact), exact)
        pool = [*exact, *yielding(rest, stated, query)]
        return without_future(without_vague(self._settled(pool, pool, query)), query)

    def _settled(self, matches: list[Match], pool: list[Match], query: Query) -> list[Match]:
        """What counts of some matches of the pool, as versions and notices beside them have it; clues apart."""
        read = guards_of(self.library).read_exactly
        matches, pool = read(matches, query), read(pool, query)
        kept = refined(matches, query, self.library)
        notices = placed(query, kept, self.library)
        return with_clues(settled(kept, pool, notices, query, self.library), notices, query)

    def _tags(self, query: Query) -> list[tuple[Match, bool]]:
        """A match for each SPDX tag, over the tokens it stands on, and whether it is plain SPDX."""
        return [
            (match, note is None)
            for tag in find_tags(query.text)
            for expression, note in (read_tag(tag.raw, self._keys),)
            if (match := self._tag(query, expression, tag.start, tag.end)) is not None
        ]

    def _tag(self, query: Query, expression: str, start: int, end: int) -> Match | None:
        # a plain int would make numpy copy all places to its own width, once a tag
        low = int(np.searchsorted(query.tokens.starts, np.int32(start), "left"))
        high = int(np.searchsorted(query.tokens.ends, np.int32(end), "right"))
        if high <= low:
            return None
        size = high - low
        distinctive = int(query.high_before[high] - query.high_before[low])
        rule = RuleFacts(
            -1,
            -1,
            f"spdx-license-identifier: {expression}",
            expression,
            keys_of(expression),
            MatchKind.TAG,
            0,
            100,
            size,
            distinctive,
            100,
            size,
            distinctive,
        )
        mask = (1 << size) - 1
        return Match(rule, low, high, mask, mask, size, distinctive, Matcher.SPDX)


def _without_cuts(matches: list[Match], tags: list[Match]) -> list[Match]:
    """The matches that neither begin nor end inside a tag: a tag is read as one, whatever its words look like."""
    if not tags:
        return matches
    starts = [tag.start for tag in tags]

    def inside(place: int) -> bool:
        tag = tags[bisect_left(starts, place) - 1]
        return tag.start < place < tag.end

    return [match for match in matches if not inside(match.start) and not inside(match.end)]


def _not_told(tags: list[tuple[Match, bool]], matches: list[Match]) -> list[Match]:
    """The tags without those that are no plain SPDX where a rule has the very same words: people read that one."""
    told = {(match.start, match.end) for match in matches if not match.rule.flags & FALSE_POSITIVE}
    return [tag for tag, plain in tags if plain or (tag.start, tag.end) not in told]


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
