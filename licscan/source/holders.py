"""Names of copyright holders: whether two are the same, and which are the project's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

SHARE = 10
"""A holder whom one of so many files with a statement names is the project's own."""
LEAST_FILES = 3
_WORD = re.compile(r"[^\W_]+")
_MAIL = re.compile(r"<[^<>]*>|\S+@\S+|https?://\S+|\([^()]*\)")
_EMPTY = frozenset(
    {
        "inc", "incorporated", "ltd", "limited", "llc", "llp", "gmbh", "ag", "sa", "sas", "sarl", "srl", "bv", "ab",
        "oy", "as", "co", "corp", "corporation", "company", "plc", "cic", "kg", "ev", "pty", "the", "and", "or",
        "its", "other", "others", "contributors", "contributor", "authors", "author", "developers", "developer",
        "team", "project", "community", "members", "maintainers", "et", "al", "by", "of", "all", "rights",
        "reserved", "present", "copyright", "c", "i", "e", "foundation", "holders",
        "有限公司", "公司", "股份有限公司", "科技有限公司",
    }
)  # fmt: skip
"""Words that do not tell one holder from another."""
_SPLIT = re.compile(r"\s*(?:,|;|/|&|\band\b|\s-\s)\s*", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def words_of(holder: str) -> frozenset[str]:
    """The words that tell a holder: no mail addresses, no forms of companies."""
    plain = _MAIL.sub(" ", holder).casefold().replace("'s", " ")
    return frozenset(_WORD.findall(plain)) - _EMPTY


class OwnHolders:
    """The project's own holders, to be asked whether a name is one of them.

    `projects` are the names of the project itself (`The Chat Contributors`), `authors` the text of its list of authors.
    """

    def __init__(self, names: Iterable[str] = (), projects: Iterable[str] = (), authors: str = ""):
        self.names = tuple(dict.fromkeys(name for name in names if words_of(name)))
        self._sets = [words_of(name) for name in self.names]
        self._projects = [words for name in projects if len("".join(words := words_of(name))) > 3]
        self._authors = f" {' '.join(_WORD.findall(authors.casefold()))} "

    def is_own(self, holder: str) -> bool:
        """Whether a holder, or one of several named together, is the project's own or stands in its list of authors."""
        if not words_of(holder):
            # `the authors`, `contributors`: nobody else's
            return True
        return any(self._is_one(part) for part in (holder, *_SPLIT.split(holder)))

    def _is_one(self, holder: str) -> bool:
        words = words_of(holder)
        if not words:
            return False
        if any(own <= words or (words <= own and len("".join(words)) > 3) for own in self._sets):
            return True
        if any(own <= words for own in self._projects):
            return True
        plain = " ".join(_WORD.findall(_MAIL.sub(" ", holder).casefold()))
        return len(words) > 1 and f" {plain} " in self._authors


def frequent(files: Iterable[Iterable[str]]) -> list[str]:
    """The holders whom many of the files with a statement name, most frequent first; one spelling of each."""
    counts: Counter[frozenset[str]] = Counter()
    spelt: dict[frozenset[str], str] = {}
    total = 0
    for holders in files:
        told = {words: holder for holder in sorted(holders) if (words := words_of(holder))}
        total += bool(told)
        counts.update(told.keys())
        for words, holder in told.items():
            spelt[words] = min(spelt.get(words, holder), holder)
    least = max(LEAST_FILES, total / SHARE)
    many = [(count, spelt[words]) for words, count in counts.items() if count >= least]
    return [name for _count, name in sorted(many, key=lambda pair: (-pair[0], pair[1]))]
