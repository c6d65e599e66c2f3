"""Tells a stored sentence again in another language: finds the message of the catalogue that it was made of.

A scan keeps the sentences of the language that it was made in. Each is a message of the catalogue with its fields
filled, so the message whose fixed parts hold the sentence gives the other language, with the same fields.
"""

from __future__ import annotations

import re
import string
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from licscan.base.messages import _, catalogue_path, run_on, speaking

LEAST_FIXED = 5
"""So many fixed characters tell a message; with fewer, a field of it must be one of ours too."""
NESTED_FIXED = 4
"""As many are enough for what stands in a field: there is a message around it already."""
MOST_NESTED = 4
MOST_ITEMS = 20
MOST_BLANKS = 4
MOST_LENGTH = 8_000
_KEY = 3
_END = re.compile(r"[.\]:;] |[。；：]")
"""Where a sentence or a part of one ends: a few fixed characters do not hold what goes on behind it."""
_BEHIND = re.compile(r"(?<=[.。]) ?[(（]")
_BETWEEN = re.compile(r"(?<=\]) |(?<=\.) (?=[A-Z@\u3400-\u9fff])|(?<=。) ?(?! ?\[)")
"""Between the sentences of a reason."""
_LISTS = frozenset(
    {
        "names",
        "files",
        "packages",
        "paths",
        "places",
        "parts",
        "tools",
        "versions",
        "licenses",
        "riders",
        "signs",
        "roots",
        "known",
        "marks",
        "codes",
        "holders",
        "readings",
        "statements",
        "pairs",
        "said",
        "changes",
        "more",
    }
)
"""The fields that hold lists, as `_(", ").join` and `_("; ").join` make them."""
_LABELS = frozenset(("label", "first", "second"))
_LABEL = {
    "en": re.compile(r"(?P<field>.+) \((?P<origin>[^()]+)\)"),
    "zh": re.compile(r"(?P<field>.+)（(?P<origin>[^（）]+)）"),
}
"""A field of somebody's metadata and where it was read, by the language that it is told from."""
_QUOTED = frozenset(("raw", "other_raw", "statement", "pairs"))
"""The fields that quote what somebody else wrote: evidence is never told in other words."""
_WORDS = frozenset(("holders", "statements", "pairs"))
"""Those that are parted by `; ` alone: they are words of others, and many a name has a comma."""
_AUTHORITY = re.compile(r"(?P<reason>.*[^ ]) ?\[(?P<authority>[^\[\]]*)\]", re.DOTALL)
_NEXT = re.compile(r"\. [A-Z\[]|。")
_HAN = re.compile(r"[\u3400-\u9fff]")
_IN_ARCHIVE = {
    "zh": re.compile(r"(?P<file>\S+) in (?P<archive>\S+)"),
    "en": re.compile(r"(?P<archive>\S+) 中的 (?P<file>\S+)"),
}
"""By the language that it is told in."""
_COMMA, _SEMICOLON = {"en": ", ", "zh": "、"}, {"en": "; ", "zh": "；"}
_NUMBER = "count"
"""The field of every message that counts; a name before the number is another message's."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: the fixed parts around its fields in the language of the sentence, and the other language.

    `singular` is what the other language says of one, where it makes a difference.
    """

    parts: tuple[str, ...]
    fields: tuple[str, ...]
    other: str
    singular: str

    @property
    def fixed(self) -> int:
        """How many characters are fixed, blanks left out; a Han character says as much as three letters, a sign as one.

        Signs alone hold nothing together: a sentence that somebody wrote has commas and stops too.
        """
        return sum(_weight(char) for part in self.parts for char in part)


def _weight(char: str) -> int:
    if char == " ":
        return 0
    return 3 if char.isalnum() and not char.isascii() else 1


@lru_cache(maxsize=65_536)
def retold(sentence: str, language: str, depth: int = 0) -> str | None:
    """The sentence in `language`; None where no message tells it. Time is linear in sentence and catalogue."""
    if len(sentence) > MOST_LENGTH:
        return None
    told, loose = _matched(sentence, language, depth)
    if told is None and depth < MOST_NESTED:
        pieces = _pieces(sentence, language, depth)
        told = max(filter(None, (loose, pieces)), key=lambda one: _amount(one, language), default=None)
    return told


def _matched(sentence: str, language: str, depth: int) -> tuple[str | None, str | None]:
    """As a message tells it, and as one tells it of which a field runs over the end of a sentence."""
    least = NESTED_FIXED if depth else LEAST_FIXED
    loose = None
    for message in _candidates(sentence, language):
        values, nested = _filled(message, sentence, language, depth)
        if values is None:
            continue
        weak = message.fields and message.fixed < LEAST_FIXED
        if weak and (any(map(_END.search, values.values())) or (message.fixed < least and not any(nested.values()))):
            continue
        other = message.singular if "1" in values.values() else message.other
        made = other.format_map(
            {name: _told(name, value, nested.get(name), language) for name, value in values.items()}
        )
        # a field that runs over the end of a sentence is often what another message says of both
        if not any(_NEXT.search(value) for name, value in values.items() if not nested.get(name)):
            return made, None
        loose = loose or made
    return None, loose


def _told(name: str, value: str, nested: str | None, language: str) -> str:
    """A field as it stands in the sentence: told itself where it is ours, parted where it is a list."""
    before = _before(language)
    # a reason behind a file has commas of its own
    reasons = any(sign in value for sign in (": ", "：", _SEMICOLON[before]))
    several = name == "files" and _COMMA[before] in value and not reasons
    if name == "file" and nested is None:
        return _located(value, language)
    return _parted(name, value, language) if nested is None or several else nested


def _parted(name: str, value: str, language: str) -> str:
    """A field that holds a list, parted as the other language parts lists; any other field as it is."""
    if name not in _LISTS:
        return value
    before = _before(language)
    mark = _SEMICOLON if name in _WORDS or _SEMICOLON[before] in value else _COMMA
    items = value.split(mark[before])
    return (
        mark[language].join(_located(item, language) for item in items)
        if name == "files"
        else (mark[language].join(items))
    )


def _located(item: str, language: str) -> str:
    """A file of an archive (`LICENSE in left-2.0.tgz`), whose words are too few to be found as a message."""
    if not (found := _IN_ARCHIVE[language].fullmatch(item)):
        return item
    with speaking(language):
        return _("{file} in {archive}").format_map(found.groupdict())


def _before(language: str) -> str:
    """The language that a sentence is told from."""
    return "en" if language == "zh" else "zh"


def _filled(
    message: Message, sentence: str, language: str, depth: int
) -> tuple[dict[str, str] | None, dict[str, str | None]]:
    """The fields, and what those say that are ours; where only a blank parts two fields, the blank that tells most."""
    best: tuple[dict[str, str] | None, dict[str, str | None]] = (None, {})
    tries = MOST_BLANKS if " " in message.parts[1:-1] else 1
    for passed in range(tries):
        values = _values(message, sentence, passed)
        if values is None:
            break
        told = {}
        if depth < MOST_NESTED:
            told = {name: _field(name, value, language, depth + 1) for name, value in values.items()}
        if best[0] is None or _words_told(told, language) > _words_told(best[1], language):
            best = values, told
    return best


def _field(name: str, value: str, language: str, depth: int) -> str | None:
    """What a field says, where it is ours; of a label (`License (registry)`) only where it was read is."""
    if name in _QUOTED:
        return None
    label = _LABEL[_before(language)].fullmatch(value) if name in _LABELS else None
    if label and (origin := retold(label["origin"], language, depth)):
        around = "{}（{}）" if language == "zh" else "{} ({})"
        return around.format(label["field"], origin)
    return retold(value, language, depth)


def _words_told(told: dict[str, str | None], language: str) -> tuple[int, int]:
    """How many fields are told, and how much of them is in the language: what is told in part is told worse."""
    amount = sum(_amount(one, language) for one in told.values() if one)
    return sum(one is not None for one in told.values()), amount


def _amount(told: str, language: str) -> int:
    """How much of a sentence is in the language: Chinese words in Chinese, few of them in English."""
    han = len(_HAN.findall(told))
    return han if language == "zh" else -han


def _pieces(sentence: str, language: str, depth: int) -> str | None:
    """Sentences, a reason with its authority in brackets behind it, or a list; None where none of it is told."""
    if sentence.endswith((")", "）")) and (behind := _BEHIND.search(sentence)):
        # a sentence with what somebody decided about it behind it, in brackets
        said, beside = sentence[: behind.start()], sentence[behind.end() : -1]
        told_said, told_beside = retold(said, language, depth + 1), retold(beside, language, depth + 1)
        if told_said is None and told_beside is None:
            return None
        around = "{}（{}）" if language == "zh" else "{} ({})"
        return around.format(told_said or said, told_beside or beside)
    sentences = _BETWEEN.split(sentence, MOST_ITEMS)
    if len(sentences) > 1:
        told_each = [retold(one, language, depth + 1) for one in sentences]
        if not any(told_each):
            return None
        return run_on(*(told or one for told, one in zip(told_each, sentences, strict=True))).strip()
    if by := _AUTHORITY.fullmatch(sentence):
        told = retold(by["reason"], language, depth + 1)
        return None if told is None else run_on(told, f"[{_authority(by['authority'], language, depth)}]")
    if (between := _SEMICOLON[_before(language)]) in sentence:
        items = sentence.split(between, MOST_ITEMS)
        told_items = [retold(item, language, depth + 1) for item in items]
        if any(told_items):
            return _SEMICOLON[language].join(told or item for told, item in zip(told_items, items, strict=True))
    return None


def _authority(authority: str, language: str, depth: int) -> str:
    """What a reason rests on: an authority's words, or a license with its clause behind it."""
    if told := retold(authority, language, depth + 1):
        return told
    license_id, blank, clause = authority.partition(" ")
    return license_id + blank + (retold(clause, language, depth + 1) or clause)


def _values(message: Message, sentence: str, passed: int = 0) -> dict[str, str] | None:
    """The fields of a sentence that the message made; None for any other sentence.

    The first blank that parts two fields is the one behind so many that are `passed` over.
    """
    first, *middle = message.parts
    if not middle:
        return {} if sentence == first else None
    last = middle.pop()
    end = len(sentence) - len(last)
    if not sentence.startswith(first) or not sentence.endswith(last) or len(first) > end:
        return None
    values: dict[str, str] = {}
    at = len(first)
    for name, part in zip(message.fields, [*middle, None], strict=True):
        to = end if part is None else sentence.find(part, at, end)
        while part == " " and passed and to >= 0:
            to, passed = sentence.find(part, to + 1, end), passed - 1
        if to < at or values.setdefault(name, sentence[at:to]) != sentence[at:to]:
            return None
        if name == _NUMBER and not values[name].replace(",", "").isdecimal():
            return None
        at = to + len(part or "")
    return values


def _candidates(sentence: str, language: str) -> Iterator[Message]:
    """The messages that may have made the sentence: those that begin as it does, the most fixed first."""
    yield from _index(language).get(sentence[:_KEY], ())
    yield from _ending(language, sentence[-1:])


@cache
def _ending(language: str, last: str) -> tuple[Message, ...]:
    """The messages that begin with a field, or too little to tell, and end in any way or in this character."""
    return tuple(one for one in _index(language).get("", ()) if one.parts[-1][-1:] in ("", last))


@cache
def _index(language: str) -> dict[str, tuple[Message, ...]]:
    found: dict[str, list[Message]] = {}
    for english, chinese in _catalogue():
        made = [_message(form, [chinese]) for form in english] if language == "zh" else [_message(chinese, english)]
        for message in filter(None, made):
            key = message.parts[0][:_KEY] if len(message.parts[0]) >= _KEY or not message.fields else ""
            found.setdefault(key, []).append(message)
    return {
        key: tuple(sorted(messages, key=lambda one: (-one.fixed, one.parts, one.other)))
        for key, messages in found.items()
    }


def _message(text: str, others: Sequence[str]) -> Message | None:
    """The message of a text; None for one that a sentence cannot be taken apart by. `others`: of one, and of many."""
    try:
        pieces = list(string.Formatter().parse(text))
        names = {name for _part, name, _spec, _kind in string.Formatter().parse("".join(others)) if name is not None}
    except ValueError:
        return None
    fields = tuple(name for _part, name, _spec, _kind in pieces if name is not None)
    if any(spec or kind for _part, _name, spec, kind in pieces) or not all(fields) or names - set(fields):
        return None
    parts = [part for part, _name, _spec, _kind in pieces]
    if not pieces or pieces[-1][1] is not None:
        parts.append("")
    if "" in parts[1:-1] or not any(map(str.strip, parts)):
        return None
    return Message(tuple(parts), fields, others[-1], others[0])


@cache
def _catalogue() -> tuple[tuple[list[str], str], ...]:
    """Every English message, of one and of many, with its Chinese one, from the compiled catalogue (GNU gettext's .mo).

    The script that compiles it writes it little endian.
    """
    path = catalogue_path("zh")
    if path is None or not path.is_file():
        return ()
    data = path.read_bytes()
    _magic, _version, count, ours, theirs = struct.unpack_from("<5I", data)
    pairs = []
    for number in range(count):
        english, chinese = (_string(data, table + 8 * number) for table in (ours, theirs))
        if english and chinese:
            pairs.append((english.split("\0"), chinese))
    return tuple(pairs)


def _string(data: bytes, at: int) -> str:
    length, start = struct.unpack_from("<2I", data, at)
    return data[start : start + length].decode("utf-8")
