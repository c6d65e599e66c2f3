"""What somebody may have meant by a word that is none: one rule for commands, options, formats, codes and names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from licscan.base.messages import _

MOST = 3


def meant(word: str, words: Iterable[str], most: int = MOST) -> list[str]:
    """The words most like this one, the likeliest first; upper and lower case are the same."""
    by_small: dict[str, str] = {}
    for one in words:
        by_small.setdefault(one.lower(), one)
    small = word.lower()
    found = get_close_matches(small, by_small, n=most)
    # a few letters of a long word are too little for its ratio, and yet the usual way to shorten one
    found += [one for one in sorted(by_small) if len(small) > 2 and one.startswith(small) and one not in found]
    return [by_small[one] for one in found[:most]]


def remedy_for(word: str, words: Iterable[str], else_: str | None = None) -> str | None:
    """`did you mean A, B?`, else what is given."""
    close = meant(word, words)
    return _("did you mean {names}?").format(names=_(", ").join(close)) if close else else_
