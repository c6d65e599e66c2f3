"""`SPDX-License-Identifier` tags: found in any comment style, and read into keys of the LicenseDB.

Old identifiers, lower-case operators and lists without operators are read as people mean them, and the note says so;
an identifier that is not known becomes `unknown-spdx`, never another license.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.licenses import spdx

UNKNOWN = "unknown-spdx"
MAX_TAG = 2_000
"""Characters of one tag that are read."""


@dataclass(frozen=True, slots=True)
class SpdxTag:
    """One tag: `raw` is what stands after the label, comment marks removed and white space folded.

    `line` is where the label stands (from 1), `end_line` where the expression ends. `start` and `end` are character
    offsets into the text (end excluded), label included.
    """

    raw: str
    line: int
    end_line: int
    start: int
    end: int


_LABEL = re.compile(
    r"SPDX[-_ \t]?Licen[cs]e[-_ \t]?(?:Identifier|Expression|Id)\b[\"'`]?[ \t]*[:=]+|licenses\.nuget\.org/",
    re.IGNORECASE,
)


def find_tags(text: str) -> tuple[SpdxTag, ...]:
    """Every tag of a text, in order; a label in the middle of a sentence or with nothing behind it is none."""
    found: list[SpdxTag] = []
    line, counted = 1, 0
    labels = list(_LABEL.finditer(text)) if any(hint in text for hint in _HINTS) else []
    limits = [label.start() for label in labels[1:]] + [len(text)]
    for label, limit in zip(labels, limits, strict=False):
        beside = bool(found) and text.find("\n", found[-1].end, min(label.start(), found[-1].end + MAX_TAG)) < 0
        if not beside and not _opens_line(text[max(label.start() - 200, 0) : label.start()]):
            continue
        raw, end = _value(text, label.end(), min(limit, label.end() + MAX_TAG))
        if not raw:
            continue
        line += text.count("\n", counted, label.start())
        counted = label.start()
        found.append(SpdxTag(raw, line, line + text.count("\n", label.start(), end), label.start(), end))
    return tuple(found)


_HINTS = ("SPDX", "spdx", "Spdx", "nuget.org")
"""What one of must be in a text before it is searched without regard to case."""

_WORD = re.compile(r"[^\W_]+")
_MARK_BEFORE = re.compile(r"[*/#;\"'`<>!|%(\[-]\s*\Z")


def _opens_line(before: str) -> bool:
    """Whether a label stands where tags stand: after two words at most, or right after a comment mark or a quote."""
    before = before[before.rfind("\n") + 1 :]
    return len(_WORD.findall(before)) <= 2 or _MARK_BEFORE.search(before) is not None


def _value(text: str, start: int, limit: int) -> tuple[str, int]:
    """The expression behind a label and the offset of its end; it may go on over a few lines of a comment."""
    value, end = _line_value(text, start, limit)
    for _line in range(4):
        decoration = _NEXT_LINE.match(text, end, limit)
        if not value or not decoration:
            break
        more, more_end = _line_value(text, decoration.end(), limit)
        open_ = _OPEN_END.search(value) or value.count("(") > value.count(")")
        if not _IDENTIFIER.match(more) or not (open_ or _OPERATOR_FIRST.match(more)):
            break
        value, end = f"{value} {more}", more_end
    return value, end


_NEXT_LINE = re.compile(r"[ \t]*\n[ \t]*(?:(?:[*#/;!|%\"'.-]+|dnl\b|@?rem\b)[ \t]*)*", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:AND|OR|WITH)\Z", re.IGNORECASE)
_OPERATOR_FIRST = re.compile(r"(?:AND|OR|WITH)\s")
_IDENTIFIER = re.compile(r"[(\s]*[A-Za-z0-9]")
_LINE = re.compile(r"[^\n]*")
_STOP = re.compile(r"\*[/)]|--%?>|<(?=[/!a-zA-Z])|[\"'`\\;]|\s(?://|#|/\*|\||--\s)|\Z")
_RAGS = " \t\f\v*/-#%}|.,:!~=]"


def _line_value(text: str, start: int, limit: int) -> tuple[str, int]:
    """What the rest of the line says up to a comment's end or a quote, and where that ends."""
    line = _LINE.match(text, start, limit)
    rest = line[0] if line else ""
    opened = len(rest) - len(rest.lstrip(" \t\"'`["))
    stop = _STOP.search(rest, opened)
    kept = rest[opened : stop.start() if stop else len(rest)].rstrip(_RAGS)
    value = " ".join(kept.split())
    return (value if _WORD.search(value) else ""), start + opened + len(kept)


# --- reading ----------------------------------------------------------------------------------------------------------


def read_tag(raw: str, keys: Mapping[str, str]) -> tuple[str, str | None]:
    """The expression of a tag in LicenseDB keys, and a note where it was not plain SPDX.

    `keys` leads from an SPDX identifier in lower case (old ones and `licenseref-*` too) to a key, or to an expression
    of keys (`gpl-2.0-with-classpath-exception`). Never raises; what is not known becomes `unknown-spdx`.
    """
    notes: dict[str, None] = {}

    def leaf(phrase: str) -> spdx.Node:
        words = phrase.split(" ")
        if len(words) == 3 and words[1].upper() == "WITH":
            base, exception = (_key(word, keys, notes) for word in (words[0], words[2]))
            if " " in base or " " in exception:
                raise ValueError(phrase)
            return f"{base} WITH {exception}"
        together = _joined_words(words, keys)
        if len(together) > 1 or words[0].upper() == "WITH":
            raise ValueError(phrase)
        phrase = together[0]
        parts = phrase.split("/")
        if len(parts) > 1 and all(part.lower() in keys for part in parts):
            notes[_("A slash between licenses was read as OR.")] = None
            return spdx.join(spdx.OR, [_tree(keys[part.lower()]) for part in parts])
        return _tree(_key(phrase, keys, notes))

    try:
        return spdx.render(spdx.parse(_balanced(raw, notes), leaf)), _joined(notes)
    except ValueError:
        return _read_loosely(raw, keys)


def _key(word: str, keys: Mapping[str, str], notes: dict[str, None]) -> str:
    """The key of one identifier; of an old one that names two, an expression."""
    lower = word.lower()
    if spdx.is_reference(word) and not lower.startswith(_SHARED):
        return word
    if lower in keys:
        return keys[lower]
    if spdx.is_reference(word):
        return word
    new = _deprecated().get(lower)
    if new:
        parts = [keys.get(part.lower(), UNKNOWN) for part in new.split(" WITH ")]
        return " WITH ".join(parts)
    if lower.endswith("+") and lower[:-1] in keys:
        notes[_("{name} means that version or a later one.").format(name=word[:80])] = None
        return keys[lower[:-1]]
    notes[_("{name} is not an SPDX license identifier").format(name=word[:80])] = None
    return UNKNOWN


_SHARED = ("licenseref-scancode-", "licenseref-licscan-")
"""References that mean the same in every file; any other one is its author's, whatever the LicenseDB reads in it."""


@cache
def _deprecated() -> dict[str, str]:
    """Old SPDX identifiers in lower case, and what SPDX says to write now."""
    return {old.lower(): new for old, new in load_toml("license_aliases.toml")["deprecated"].items()}


def _tree(expression: str) -> spdx.Node:
    """An expression of keys as a tree."""
    return expression if " " not in expression else spdx.parse(expression, str)


def _balanced(raw: str, notes: dict[str, None]) -> str:
    """The expression without parentheses where all of them lack their partner; where only one does, it stays open
    which one, and the expression is none.
    """
    if ("(" in raw) != (")" in raw):
        notes[_("Unmatched parentheses were ignored.")] = None
        return raw.replace("(", " ").replace(")", " ").strip()
    return raw


def _joined_words(words: list[str], keys: Mapping[str, str]) -> list[str]:
    """The words with those together that spell one identifier with spaces in it (`Apache 2.0`)."""
    out: list[str] = []
    place = 0
    while place < len(words):
        for size in range(min(5, len(words) - place), 1, -1):
            together = "-".join(words[place : place + size])
            if together.lower() in keys:
                break
        else:
            size, together = 1, words[place]
        out.append(together)
        place += size
    return out


def _joined(notes: dict[str, None]) -> str | None:
    return " ".join(notes) or None


_PLACEHOLDER = re.compile(r"[{}<>]")
_OPERATORS = {"and", "or", "with", "&", "&&", "|", "||"}


def _read_loosely(raw: str, keys: Mapping[str, str]) -> tuple[str, str | None]:
    """A list of identifiers without operators is a choice; of anything else, what is known AND `unknown-spdx`."""
    words = [word.strip(",;:.") for word in re.split(r"[\s()]+|(?<=[^\s])/(?=[^\s])|,", raw)]
    words = _joined_words([word for word in words if word], keys)
    named = [word for word in words if word.lower() not in _OPERATORS]
    read = [_key(word, keys, {}) for word in named]
    known = [key for key in dict.fromkeys(read) if key != UNKNOWN]
    unread = read.count(UNKNOWN)
    if known and not unread and len(named) == len(words):
        note = _("The list has no operators; it was read as a choice.")
        return spdx.render(spdx.join(spdx.OR, map(_tree, known))), note
    note = _("The tag is not an SPDX expression: {text}").format(text=raw[:200])
    if unread > 4 * len(known) or _PLACEHOLDER.search(raw):
        return UNKNOWN, note
    return spdx.render(spdx.join(spdx.AND, [*map(_tree, known), UNKNOWN])), note
