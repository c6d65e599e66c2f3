"""Fields that declare a license, in files of any format: what their value is, and how several values belong together.

The formats are not parsed: a file may be broken, cut out of another, or a template. What stands behind the word
`license` must be a value by its marks (a colon, quotes, an element, a tag), and it counts only if it can be read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from licscan.licenses import spdx
from licscan.licenses.declared import read_declared

WORDS = ("license", "licence", "licenses", "licences")
"""The words that a field's name ends with, or nearly."""

MAX_BLOCK = 4_000
"""Characters of a list or an element that are read."""
MAX_ENTRIES = 24
MAX_FIELDS = 500
"""Fields of one file that are read; more are a list of packages."""


@dataclass(frozen=True, slots=True)
class Field:
    """What one field declares, as SPDX; `start` and `end` are character offsets into the text, the label included.

    `plain` says that it stands there as SPDX (or with R's plain `>=`), and not as a name or in another notation.
    """

    expression: str
    start: int
    end: int
    plain: bool = True


Values = tuple[str, list[str], int]
"""How several belong together, the values as written, and where the last ends."""


def find_fields(text: str, places: Iterable[int], name: str = "") -> tuple[Field, ...]:
    """Every field whose value can be read whole, in order; `places` are the offsets of `WORDS` in the text.

    `name` is the file's, where it tells what a list means: composer's is a choice.
    """
    found: list[Field] = []
    end = -1
    for place in places:
        if place < end or len(found) >= MAX_FIELDS or (_PROSE.match(text, place) and text[place - 1] not in "@\\"):
            continue
        for reader in _READERS:
            values = reader(text, place, name)
            if values is None:
                continue
            if said := _joined(values):
                plain = not any(spdx.validate(value) for value in values[1] if "(>=" not in value)
                found.append(Field(said[0], place, said[1], plain))
                end = said[1]
            break
    return tuple(found)


def find_expressions(text: str) -> tuple[Field, ...]:
    """Every expression of SPDX identifiers in plain text, such as `MIT OR Apache-2.0`; operators are in capitals."""
    found: list[Field] = []
    end = -1
    for at, behind in _operators(text):
        if at < end:
            continue
        before, after = _BEFORE.search(text, max(at - MAX_ID, end, 0), at), _AFTER.match(text, behind)
        if not before or not after or not (_is_identifier(before[1]) and _is_identifier(after[1])):
            continue
        whole = _EXPRESSION.match(text, before.start())
        end = whole.end() if whole else behind
        expression = _longest(whole[0]) if whole else ""
        if expression and _SURE.search(expression):
            end = before.start() + len(expression)
            read = read_declared(expression)
            if read:
                found.append(Field(read, before.start(), end))
    return tuple(found)


def _operators(text: str) -> list[tuple[int, int]]:
    """Where an operator in capitals begins, and where what follows it, in order."""
    found = []
    for word in (" OR ", " AND ", " WITH "):
        at = text.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = text.find(word, at + 1)
    return sorted(found)


MAX_ID = 80
"""Characters of an identifier before an operator."""

_BEFORE = re.compile(r"\(*(?<![\w.+-])([A-Za-z0-9][\w.+-]*)\)*\Z")
_AFTER = re.compile(r"\(*([A-Za-z0-9][\w.+-]*)")
_ID = r"\(*(?:DocumentRef-[\w.-]+:)?[A-Za-z0-9][\w.+-]*\)*"
_EXPRESSION = re.compile(rf"{_ID}(?:[ \t]+(?:AND|OR|WITH|and|or|with)[ \t]+{_ID}){{1,24}}")
_SURE = re.compile(r"\d|\b(?:MIT|ISC|Zlib|Unlicense|LicenseRef)\b")
"""What no two words in capitals with AND between them have."""


def _is_identifier(word: str) -> bool:
    known = spdx.index()
    bare = word.rstrip(".+-").lower()
    return bare in known.licenses or bare in known.deprecated or bare in known.exceptions or spdx.is_reference(word)


def _longest(text: str) -> str:
    """The longest beginning that is an expression of identifiers, its parentheses paired; empty where there is none."""
    words = text.split()
    for count in range(len(words), 2, -2):
        part = " ".join(words[:count]).rstrip(".,;:")
        part = part.removesuffix(")") if part.count(")") > part.count("(") else part
        if all(_is_identifier(word.strip("()")) for word in words[:count:2]) and read_declared(part):
            return text[: _length(text, part)]
    return ""


def _length(text: str, part: str) -> int:
    """How many characters of the text the part's words take, white space as it is."""
    at = 0
    for word in part.split():
        at = text.index(word, at) + len(word)
    return at


_PROSE = re.compile(
    r"(?i)licen[cs]es?(?:[,.;?!](?=\s)|\s+(?!(?:any|all)_of\b|expression\b|identifier\b|id\b|name\b|spdx|type\b|uri=|url=)[a-z])"
)
"""The word in a sentence, which is most of its places."""


def _joined(values: Values) -> tuple[str, int] | None:
    """What the values say together, and where that ends; of one value that goes on in prose, what stands before it."""
    operator, raw, end = values
    read = [read_declared(value) for value in raw[:MAX_ENTRIES]]
    known = [one for one in read if one]
    if known and len(known) == len(raw):
        return (known[0] if len(known) == 1 else spdx.combine(operator, known)), end
    whole = _EXPRESSION.match(raw[0]) if len(raw) == 1 else None
    begun = _longest(whole[0]) if whole else ""
    expression = read_declared(begun) if begun else None
    return (expression, end - len(raw[0]) + len(begun)) if expression else None


# --- the forms, each from the word `license` on -----------------------------------------------------------------------

_NAME = re.compile(
    r"(?i)licen[cs]es?(?:[-_ ]?(?:expression|identifier|id|name|spdx|type))?[\"'`*_)\]]{0,4}"
    r"[ \t]*(?:=>|::?=|[:=])[ \t*_]*"
)
_QUOTED = re.compile(r"[ubr]?(?:\"([^\"\n]{1,300})\"|'([^'\n]{1,300})'|`([^`\n]{1,300})`)")
_ENTRY = re.compile(r"(?:\"([^\"]{1,300})\"|'([^']{1,300})')")
_KEYED = re.compile(
    r"(?i)[\"':]?\b(?:id|expression|type|text|name|spdx_?id)\b[\"']?[ \t]*(?:=>|[:=])[ \t\n]*"
    r"(?:\"([^\"\n]{1,300})\"|'([^'\n]{1,300})')"
)
_BULLETS = re.compile(r"[ \t]*(?:\n[ \t]*-[ \t]+[^\n]{1,300})+")
_BULLET = re.compile(r"\n[ \t]*-[ \t]+[\"']?([^\n\"']+)")
_BARE = re.compile(r"[^\n]{0,400}")
_STOP = re.compile(
    r"\*[/)]|--%?>|<(?=[/!a-zA-Z])|[\"'`\\;{}]|\s(?://|#|/\*|--\s)|\]\(|\.(?=\s|\Z)|\s\(see\b|\Z", re.IGNORECASE
)
_RAGS = " \t\f\v*/-#%|.,:!~=]_"


def _assigned(text: str, place: int, name: str) -> Values | None:
    """`License: X`, `"license": "X"`, `license = ["X", "Y"]`, `license: {"id": "X"}`, a list of bullets."""
    label = _NAME.match(text, place)
    if label is None:
        return None
    at = label.end()
    quoted = _QUOTED.match(text, at)
    if quoted:
        return spdx.AND, [_first(quoted)], quoted.end()
    opener = text[at : at + 1]
    if opener in "[{" and opener:
        return _block(text, at, name)
    if opener == "(" and _ENTRY.match(text, at + 1):
        return _block(text, at, name)
    bullets = _BULLETS.match(text, at)
    if bullets:
        return _operator(text, name), [value.strip() for value in _BULLET.findall(bullets[0])], bullets.end()
    return _bare(text, at)


def _bare(text: str, at: int) -> Values | None:
    line = _BARE.match(text, at)
    rest = line[0] if line else ""
    stop = _STOP.search(rest)
    kept = rest[: stop.start() if stop else len(rest)].rstrip(_RAGS)
    return (spdx.AND, [kept], at + len(kept)) if kept.strip() else None


_CLOSERS = {"[": "]", "{": "}", "(": ")"}


def _block(text: str, at: int, name: str) -> Values | None:
    """A list or an object: the values of its keys, else all that is quoted."""
    close = text.find(_CLOSERS[text[at]], at, at + MAX_BLOCK)
    if close < 0:
        return None
    body = text[at:close]
    if text[at] == "[" and "{" in body:
        close = _end_of_list(text, at)
        body = text[at:close]
    keyed = [_first(found) for found in _KEYED.finditer(body)]
    if keyed or "{" in body:
        return _operator(text, name), keyed, close
    return _operator(text, name), [_first(found) for found in _ENTRY.finditer(body)], close


_BRACKET = re.compile(r"[][]")


def _end_of_list(text: str, at: int) -> int:
    """Where a list of objects ends, or `MAX_BLOCK` characters on."""
    depth = 0
    for found in _BRACKET.finditer(text, at, at + MAX_BLOCK):
        depth += 1 if found[0] == "[" else -1
        if not depth:
            return found.start()
    return min(len(text), at + MAX_BLOCK)


def _operator(text: str, name: str) -> str:
    """What a list means: a choice in composer.json, by its documentation; elsewhere nothing says, and all count."""
    return spdx.OR if name.lower() == "composer.json" else spdx.AND


_CALLED = re.compile(r"(?i)licen[cs]e[ \t]*\(?[ \t]*(?=[\"'])")
_OF = re.compile(r"(?i)licen[cs]e[ \t]+(any|all)_of:[ \t]*(?=\[)")


def _called(text: str, place: int, _name: str) -> Values | None:
    """`license "X"`, `license("X OR Y")`, Homebrew's `license any_of: ["X", "Y"]`."""
    several = _OF.match(text, place)
    if several:
        close = text.find("]", several.end(), several.end() + MAX_BLOCK)
        body = text[several.end() : max(close, several.end())]
        operator = spdx.OR if several[1].lower() == "any" else spdx.AND
        nested = "=>" in body or "_of:" in body
        return None if nested else (operator, [_first(found) for found in _ENTRY.finditer(body)], close)
    label = _CALLED.match(text, place)
    quoted = _QUOTED.match(text, label.end()) if label else None
    return (spdx.AND, [_first(quoted)], quoted.end()) if quoted else None


_ELEMENT = re.compile(r"(?i)<(?:[a-z]+:)?(?:[a-z]{1,20}_)?\Z")
_OPENED = re.compile(r"(?i)licen[cs]es?(?:[ \t\n][^<>]{0,200})?>")
_INNER = re.compile(r"(?i)<(?:[a-z]+:)?(?:name|id|expression)>([^<>]{1,300})</")
_CONTENT = re.compile(r"[^<>]{1,300}(?=</)")
_LICENSE_END = re.compile(r"(?i)</(?:[a-z]+:)?licen[cs]e>")


def _element(text: str, place: int, _name: str) -> Values | None:
    """`<license>X</license>`, `<licenses>` with the names of each (Maven: one may be chosen), `<project_license>`."""
    if not _ELEMENT.search(text, max(place - 30, 0), place):
        return None
    opened = _OPENED.match(text, place)
    if opened is None:
        return None
    content = _CONTENT.match(text, opened.end())
    if content and content[0].strip():
        return spdx.AND, [content[0].strip()], content.end()
    plural = opened[0][:8].lower().endswith("s")
    closing = re.compile(r"(?i)</(?:[a-z]+:)?licen[cs]es>" if plural else _LICENSE_END.pattern)
    close = closing.search(text, opened.end(), opened.end() + MAX_BLOCK)
    if close is None:
        return None
    inner = [found[1].strip() for found in _INNER.finditer(text, opened.end(), close.start())]
    if plural and len(inner) < len(_LICENSE_END.findall(text, opened.end(), close.start())):
        return None
    return (spdx.OR, inner, close.start()) if inner else None


_TAGGED = re.compile(r"(?i)licen[cs]e[ \t]+(?=[(\w])")


def _tagged(text: str, place: int, _name: str) -> Values | None:
    r"""`@license X` of documentation comments, `\license X`."""
    label = _TAGGED.match(text, place) if text[place - 1 : place] in ("@", "\\") else None
    return _bare(text, label.end()) if label else None


_BADGE = re.compile(
    r"(?i)licen[cs]es?-((?:[^-/\s?)\]\"'.]|--|\.(?!svg|png))+)-(?!-)[\w#%]+(?:\.svg|\.png)?(?=[?)\]\"'\s]|\Z)"
)


def _badge(text: str, place: int, _name: str) -> Values | None:
    """The address of a badge: `badge/license-Apache--2.0-blue`, where a hyphen is written twice."""
    if text[max(place - 6, 0) : place].lower() != "badge/":
        return None
    found = _BADGE.match(text, place)
    if found is None:
        return None
    value = unquote(found[1]).replace("--", "\0").replace("__", "\1").replace("_", " ")
    return spdx.AND, [value.replace("\0", "-").replace("\1", "_")], found.end(1)


_HEADING = re.compile(
    r"(?i)licen[cs]e[ \t]*(?:#+[ \t]*)?\n(?:[ \t]*[=~-]{3,}[ \t]*\n)?\s{0,4}([^\n]{1,300}?)[ \t.]*(?=\n[ \t]*\n|\n?\Z)"
)
_ALONE = re.compile(r"(?:\A|\n)[ \t]*(?:#+|=+|\d+\.)?[ \t]*\Z")


def _headed(text: str, place: int, _name: str) -> Values | None:
    """A heading `License` with nothing below it but the expression."""
    found = _HEADING.match(text, place) if _ALONE.search(text, max(place - 20, 0), place) else None
    return (spdx.AND, [found[1].strip("*_` ")], found.end(1)) if found else None


def _first(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group), "")


_READERS = (_assigned, _called, _element, _tagged, _badge, _headed)
