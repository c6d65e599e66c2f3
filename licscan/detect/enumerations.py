"""Sentences that list licenses by bare names: "dual-licensed under MPL 1.1 or LGPL 2.1".

A list counts only if each of its names can be read: half of a list would be another statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from licscan.detect.conjunctions import LEAD, TAIL, is_choice
from licscan.detect.fields import Field
from licscan.licenses import spdx
from licscan.licenses.declared import read_declared

MAX_LIST = 300
"""Characters of a list."""
MAX_NAMES = 12
MAX_WORDS = 8
"""Words of the last name, behind which a sentence may go on."""
MAX_LISTS = 50
"""Lists of one file that are read."""

MAX_LEADS = 4_000
"""Places of one file that are looked at."""

_UNDER = re.compile(r"under\s{1,3}")
_SAYS_UNDER = re.compile(
    r"(?i)\b(?:(?:licen[cs]ed|released|available|distributed|offered|published|provided)\s{1,3}(?:\w{1,12}\s{1,3}){0,2}"
    r"|(?:dual|double|triple|tri|multi|multiple|multiply)[ -]?licen[cs](?:ed|ing)\s{1,3}"
    r"|(?P<use>use|used|copied|modified|redistributed?|distribute)\s{1,3}(?:\w{1,12}\s{1,3}){0,3})\Z"
)
_ONE_OF = re.compile(r"(?i)(?:either|both|any|one)\b")
_BESIDE = re.compile(r"icen[cs](?:ed|ing|e)(?:\s?[:(-]|\s{1,3}as\s)\s{0,3}")
_SAYS_BESIDE = re.compile(r"(?i)\b(?:(?:dual|double|triple|tri|multi|multiple|multiply)[ -]?)?l\Z")
_CHINESE = re.compile(r"(?:采用|使用|遵循|基于|依据|按照|按|以|根据)\s{0,3}")
_DENIED = re.compile(
    r"(?i)\b(?:not|never|no longer|cannot|formerly|previously|was|were|if|unless)\b[^.;\n]{0,30}\Z|[不未]\w{0,3}\Z"
)
_END = re.compile(r"[.!?;](?=\s|\Z)|\n[ \t]*\n|[。；！？]|\n[ \t]*[-+|]|\Z")
_HEAD = re.compile(
    r"(?i)(?:(?:either|both|any|all|one|the|an?|of|these|following|your|choice|terms?|conditions|under|licen[cs]es?)\b[\s:]*)*"
)
_JOINT = re.compile(
    r"(?i)\s*,\s*(?!v\.?\s?\d|version\b)(?:(and/or|and|or)\s+)?"
    r"|\s+(and/or|and|or|&)\s+(?!(?:\(at your option\)\s+)?(?:\w+\s+)?(?:later|newer|greater|above|higher)\b)"
    r"|\s*[、，]\s*|\s*(和|或者|或|以及|及|与)\s*|\s*(/)\s*"
)
_TAIL = re.compile(
    r"(?i)(?:\s*\([^()]{0,120}\))?\s*(?:\b(?:licen[cs]es?|licen[cs]ing)|许可证|许可协议|开源协议|协议|许可|授权)?(?:\s*\([^()]{0,120}\))?\s*\Z"
)
_WORD = re.compile(r"[^\s双三多]+\s*")
_GOES_ON = re.compile(r"\s*(?:[A-Z][a-z]|(?:with|plus|except|ports?)\b)")
"""What behind a name belongs to it: "3.0 United States", "with the exception"."""
_TITLE = re.compile(r"\W{0,3}(?:[A-Z0-9]|[^\x00-\x7f]|zlib|[a-z]{1,12} licen[cs]e)")
"""How a name begins."""
_NAMED = re.compile(r"(?i:licen[cs]|public)|许可|协议|\A\W*[A-Z]")
_CHOICES = frozenset({"or", "and/or", "或者", "或", "/"})
_CHINESE_CHOICE = re.compile(r"[双三多]重?(?:许可|授权|协议)|任选|任一|择一|其中之一|自行选择")
_SURE = re.compile(r"-\d|\A(?:MIT|ISC|0BSD|MIT-0|Zlib|Unlicense|WTFPL|NCSA)\Z")


def find_enumerations(text: str) -> tuple[Field, ...]:
    """Every list of names in a sentence that says what something is licensed under, and a name alone that is sure."""
    found: list[Field] = []
    end = -1
    for start, at in sorted(_leads(text)):
        if start < end or len(found) >= MAX_LISTS or _DENIED.search(text[max(start - 60, 0) : start]):
            continue
        field = _read(text, start, at)
        if field is not None:
            found.append(field)
            end = field.end
    return tuple(found)


def _leads(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence begins to say it, and where the names may begin; words that are rare are looked for first."""
    for lead in islice(_UNDER.finditer(text), MAX_LEADS):
        low = max(lead.start() - 64, 0)
        said = _SAYS_UNDER.search(text[low : lead.start()])
        if said and (not said["use"] or _ONE_OF.match(text, lead.end())):
            yield low + said.start(), lead.end()
    for lead in islice(_BESIDE.finditer(text), MAX_LEADS):
        low = max(lead.start() - 16, 0)
        said = _SAYS_BESIDE.search(text[low : lead.start()])
        if said and (len(said[0]) > 1 or lead[0].rstrip().endswith("as")):
            yield low + said.start(), lead.end()
    if not text.isascii():
        yield from (lead.span() for lead in islice(_CHINESE.finditer(text), MAX_LEADS))


def _read(text: str, start: int, at: int) -> Field | None:
    limit = at + MAX_LIST
    stop = _END.search(text, at, limit)
    names, joints, end = _names(text, at, stop.start() if stop else min(limit, len(text)))
    if len(names) < 2 and not (names and _is_sure(text[start:at], text[at:end])):
        return None
    before, behind = text[max(start - LEAD, 0) : start], text[end : end + TAIL]
    choice = is_choice(before, text[start:end], behind) or _CHINESE_CHOICE.search(behind) is not None
    return Field(_joined(names, joints, choice=choice), start, end, plain=False)


def _names(text: str, at: int, stop: int) -> tuple[list[str], list[str], int]:
    """The names as SPDX, the words between them, and where the last ends; none where one of them cannot be read."""
    names: list[str] = []
    joints: list[str] = []
    end = at
    while len(names) < MAX_NAMES:
        head = _HEAD.match(text, at, stop)
        at = head.end() if head else at
        joint, own = _next(text, at, stop)
        if not names and not _TITLE.match(own):
            return [], [], at
        known = _name(own)
        if known is None:
            known, length = _beginning(own)
            if known is None:
                return ([], [], at) if not names or _NAMED.search(own) else (names, joints[:-1], end)
            return [*names, known], joints, at + length
        names.append(known)
        end = at + len(own)
        if joint is None:
            return names, joints, end
        joints.append(next((word for word in joint.groups() if word), ",").lower())
        at = joint.end()
    return [], [], at


def _is_sure(lead: str, named: str) -> bool:
    """Whether one name alone is an identifier that is no word, and the name of no program, in its sentence."""
    alone = _HEAD.sub("", named, count=1)
    told = _TAIL.sub("", alone)
    return (lead.isascii() or told != alone) and spdx.is_current(told) and _SURE.search(told) is not None


def _next(text: str, at: int, stop: int) -> tuple[re.Match[str] | None, str]:
    """What parts the next name from the one behind it, and that name; a slash may be within a name (MIT/X11)."""
    joint = _JOINT.search(text, at, stop)
    if joint and joint[4]:
        behind = _JOINT.search(text, joint.end(), stop)
        whole = text[at : behind.start() if behind else stop]
        known = _name(whole)
        if known and " " not in known:
            return behind, whole
    return joint, text[at : joint.start() if joint else stop]


def _name(text: str) -> str | None:
    if len(text) > MAX_LIST or not text.strip():
        return None
    return read_declared(text) or read_declared(_TAIL.sub("", text))


def _beginning(text: str) -> tuple[str | None, int]:
    """The longest beginning that is a name, and its length."""
    ends = [word.end() for word, _count in zip(_WORD.finditer(text), range(MAX_WORDS), strict=False)]
    for end in reversed(ends):
        kept = text[:end].rstrip()
        known = _name(kept.rstrip("(:"))
        if known:
            return (None, 0) if _GOES_ON.match(text, end) else (known, len(kept))
    return None, 0


def _joined(names: list[str], joints: list[str], *, choice: bool) -> str:
    """OR where one may be chosen; a comma means what the word behind it does."""
    last = next((joint for joint in reversed(joints) if joint != ","), "or" if choice else "and")
    told = [last if joint == "," else joint for joint in joints]
    if choice or all(joint in _CHOICES for joint in told):
        return spdx.combine(spdx.OR, names)
    groups: list[list[str]] = [[names[0]]]
    for joint, name in zip(told, names[1:], strict=True):
        if joint in _CHOICES:
            groups.append([name])
        else:
            groups[-1].append(name)
    return spdx.combine(spdx.OR, [spdx.combine(spdx.AND, group) for group in groups])
