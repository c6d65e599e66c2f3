"""The indexes that are searched together: the LicenseDB with our own rules, and beside it the user's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from licscan.detect.arrays import AnyArray, Vocabulary
from licscan.detect.data import License
from licscan.detect.index import Index
from licscan.detect.match import RuleFacts

_KEY = re.compile(r"[^\s()]+")
_OPERATORS = frozenset({"and", "or", "with"})
MAX_KEPT = 20_000


def keys_of(expression: str) -> frozenset[str]:
    """The license keys that an expression names."""
    return frozenset(word for word in _KEY.findall(expression) if word.lower() not in _OPERATORS)


class Library:
    """Several indexes as one; the vocabulary of each goes on where the one before it ends."""

    def __init__(self, parts: Sequence[Index]):
        self.parts = tuple(parts)
        self._facts: dict[tuple[int, int], RuleFacts] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all parts."""
        first = self.parts[0]
        if len(self.parts) == 1:
            return first.vocabulary
        ids = dict(first.vocabulary.ids)
        count = len(first.words)
        for part in self.parts[1:]:
            ids.update(zip(part.words, range(count, count + len(part.words)), strict=True))
            count += len(part.words)
        return Vocabulary(ids, first.high)

    def marks(self, telling: Callable[[str], bool]) -> AnyArray:
        """For each number of a word whether something is told of it."""
        ids = self.vocabulary.ids
        found = np.zeros(max(ids.values(), default=0) + 1, dtype=np.bool_)
        found[[number for word, number in ids.items() if number >= 0 and telling(word)]] = True
        return found

    @cached_property
    def gnu_words(self) -> AnyArray:
        """Which words speak of the GNU licenses or of Perl's terms, by their numbers."""
        from licscan.detect.gnu import is_telling

        return self.marks(is_telling)

    @cached_property
    def licenses(self) -> dict[str, License]:
        """Every license by its key; a later part's wins."""
        return {key: license for part in self.parts for key, license in part.licenses.items()}

    def facts(self, part: int, number: int) -> RuleFacts:
        """What one rule says of itself; kept, since the same rules come again and again."""
        found = self._facts.get((part, number))
        if found is None:
            if len(self._facts) >= MAX_KEPT:
                self._facts.clear()
            found = self._facts[part, number] = self._read(part, number)
        return found

    def _read(self, part: int, number: int) -> RuleFacts:
        index = self.parts[part]
        arrays = index.arrays
        expression = index.expression(number)
        return RuleFacts(
            part,
            number,
            index.identifier(number),
            expression,
            keys_of(expression),
            index.kind(number),
            int(arrays["flags"][number]),
            int(arrays["relevance"][number]),
            int(arrays["lengths"][number]),
            int(arrays["high_lengths"][number]),
            int(arrays["min_coverage"][number]),
            int(arrays["min_length"][number]),
            int(arrays["min_high_length"][number]),
            index.references(number),
        )
