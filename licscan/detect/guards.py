"""No match without the words that name its license, nor beside words and versions that name another.

The words come from the names and keys of the licenses themselves: what a rule has of them is what a person reads to
tell the license. A notice that resembles a rule in all but these is the notice of another license.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from licscan.detect.arrays import Ints
from licscan.detect.library import Library
from licscan.detect.match import Match
from licscan.detect.query import Query
from licscan.detect.tokenizer import lowered, words_of
from licscan.detect.types import Matcher, MatchKind

_COMMON = frozenset(
    [
        "a",
        "agreement",
        "all",
        "and",
        "any",
        "are",
        "as",
        "at",
        "by",
        "code",
        "common",
        "community",
        "conditions",
        "data",
        "developer",
        "disclaimer",
        "document",
        "documentation",
        "end",
        "exception",
        "file",
        "for",
        "foundation",
        "free",
        "freeware",
        "from",
        "general",
        "generic",
        "group",
        "historical",
        "in",
        "is",
        "it",
        "later",
        "license",
        "licence",
        "licenses",
        "limited",
        "linking",
        "modified",
        "new",
        "no",
        "non",
        "not",
        "notice",
        "of",
        "on",
        "only",
        "open",
        "or",
        "original",
        "other",
        "patent",
        "permission",
        "permissive",
        "plus",
        "program",
        "project",
        "proprietary",
        "public",
        "reference",
        "retired",
        "rights",
        "s",
        "service",
        "software",
        "source",
        "specification",
        "style",
        "t",
        "terms",
        "text",
        "the",
        "this",
        "to",
        "use",
        "used",
        "user",
        "variant",
        "version",
        "with",
        "without",
        "en",
        "de",
        "fr",
        "it",
        "es",
        "nl",
        "v",
    ]
)
"""Words of license names that name no license by themselves."""

_EXCEPTING = ("exception", "exceptions", "exempt", "exempted", "exemption", "additional", "permission", "permissions")
"""Words of which one stands in every exception."""

TITLE = 40
"""Tokens at the head of a license text in which its own version stands."""

TINY = 3
"""Rules of so few tokens are not met with holes: the words of two names stand near to each other everywhere."""

SMALL_GAP = 3
"""Tokens between two matched ones in which one word may stand for another."""


@dataclass(frozen=True, slots=True)
class _Naming:
    """What names the licenses of a rule, as the numbers of words: `words` that its text has, `numbers` of versions."""

    words: frozenset[int]
    numbers: frozenset[int]


class Guards:
    """The guards over the licenses of a library; what names a rule is kept."""

    def __init__(self, library: Library):
        self.library = library
        self._kept: dict[tuple[int, int], _Naming] = {}

    @cached_property
    def numerals(self) -> frozenset[int]:
        """The words that are numbers of versions."""
        ids = self.library.vocabulary.ids
        words = [f"{mark}{number}" for number in range(100) for mark in ("", "v")]
        return frozenset(ids[word] for word in words if word in ids)

    @cached_property
    def names(self) -> frozenset[int]:
        """The words that name some license."""
        ids = self.library.vocabulary.ids
        licenses = self.library.licenses.values()
        words = {word for one in licenses for word in naming_words(one.name, one.key) if not word[-1].isdigit()}
        return frozenset(ids[word] for word in words if word in ids)

    def allows(self, match: Match, query: Query) -> bool:
        """Whether nothing in the text speaks against an approximate match; every other match is allowed."""
        if match.matcher is not Matcher.APPROXIMATE or match.rule.part < 0:
            return True
        if match.rule.size <= TINY:
            return False
        naming = self._naming(match)
        tokens = self.library.parts[match.rule.part].tokens(match.rule.number)
        if match.rule.kind is not MatchKind.TEXT and naming.words:
            here = frozenset(query.ids[match.start : match.end].tolist())
            if not naming.words <= here:
                return False
        if any(self._is_exception(key) for key in match.rule.keys) and not self._excepts(match, query, tokens):
            return False
        head = TITLE if match.rule.kind is MatchKind.TEXT else len(tokens)
        return not self._is_another(match, query, naming, tokens[:head].tolist())

    def _is_exception(self, key: str) -> bool:
        license = self.library.licenses.get(key)
        return license is not None and license.exception

    def _excepts(self, match: Match, query: Query, tokens: Ints) -> bool:
        """Whether a text makes an exception where the rule does: whether it has one of the rule's words for that."""
        words = {number for word in _EXCEPTING if (number := self.library.vocabulary.ids.get(word, -1)) >= 0}
        asked = words.intersection(tokens.tolist())
        return not asked or not asked.isdisjoint(query.ids[match.start : match.end].tolist())

    def _is_another(self, match: Match, query: Query, naming: _Naming, tokens: list[int]) -> bool:
        """Whether another version or name stands where the rule has those of its license."""
        for (low, start), (high, end) in pairwise(_pairs(match)):
            if high >= len(tokens):
                return False
            missed = tokens[low + 1 : high]
            if not missed or len(missed) > SMALL_GAP or not 0 < end - start - 1 <= SMALL_GAP:
                continue
            instead = frozenset(query.ids[start + 1 : end].tolist()).difference(missed)
            if not naming.numbers.isdisjoint(missed) and not self.numerals.isdisjoint(instead):
                return True
            if not naming.words.isdisjoint(missed) and not self.names.isdisjoint(instead):
                return True
        return False

    def _naming(self, match: Match) -> _Naming:
        key = (match.rule.part, match.rule.number)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._read(match)
        return found

    def _read(self, match: Match) -> _Naming:
        has = frozenset(self.library.parts[match.rule.part].tokens(match.rule.number).tolist())
        ids = self.library.vocabulary.ids
        words: set[int] = set()
        numbers: set[int] = set()
        for license_key in match.rule.keys:
            license = self.library.licenses.get(license_key)
            named = naming_words(license.name if license else "", license_key)
            words |= {ids[word] for word in named if word in ids and not word[-1].isdigit()}
            numbers |= {ids[word] for word in named if word in ids and word[-1].isdigit()}
        return _Naming(frozenset(words & has), frozenset(numbers & has))


@lru_cache(maxsize=2)
def guards_of(library: Library) -> Guards:
    """The guards of a library; made once."""
    return Guards(library)


@lru_cache(maxsize=8_192)
def naming_words(name: str, key: str) -> frozenset[str]:
    """The words that name a license, its version among them: those of its key that its name has too, and the reverse.

    A word of the key alone tells one variant from another in the LicenseDB, and nobody writes it.
    """
    of_name, of_key = frozenset(words_of(lowered(name))), frozenset(words_of(lowered(key)))
    return (of_name & of_key) - _COMMON


def _pairs(match: Match) -> Iterator[tuple[int, int]]:
    """Position in the rule and in the text of each matched token, both rising."""
    return zip(_bits(match.rule_mask, 0), _bits(match.mask, match.start), strict=False)


def _bits(mask: int, start: int) -> list[int]:
    return [start + at for at, bit in enumerate(reversed(bin(mask)[2:])) if bit == "1"]
