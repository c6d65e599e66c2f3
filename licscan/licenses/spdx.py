"""SPDX license expressions as values: identifiers, validity, algebra. The only importer of `license_expression`.

Identifiers and categories are those of the LicenseDB index that license-expression bundles, and those that the SPDX
list has had since (data/spdx_list.toml). The grammar is that of SPDX 2.3, Annex D. It is parsed here and not by the
library, which folds other people's `LicenseRef-*` into keys of its own, reads a bare `GPL` as a license, and recurses
as deep as its input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from typing import Any, TypeVar

from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.model import NOASSERTION, NONE

MAX_LENGTH = 8_000
"""Characters of an expression; nobody writes a longer one."""
MAX_DEPTH = 32
AND, OR = "AND", "OR"
_BINDS = {OR: 1, AND: 2}

T = TypeVar("T")

_TOKENS = re.compile(r"[()]|[^\s()]+")
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+\Z")
_ADDITION = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+\Z")


@dataclass(frozen=True, slots=True)
class Compound:
    """Two or more parts joined by AND or OR; a part is a compound or one license (`X`, `X+`, `X WITH Y`)."""

    operator: str
    parts: tuple[Node, ...]


Node = str | Compound


@dataclass(frozen=True, slots=True)
class Index:
    """The known identifiers, each by its lower-case form, and the category of each.

    `additions` are the LicenseDB's references for texts that stand beside a license, which its library takes only
    after WITH.
    """

    licenses: dict[str, str]
    exceptions: dict[str, str]
    deprecated: dict[str, str]
    categories: dict[str, str]
    additions: frozenset[str] = frozenset()


_NO_EXCEPTIONS = frozenset({"MPL-2.0-no-copyleft-exception"})
"""Licenses of SPDX that the LicenseDB index marks as exceptions (compared with SPDX 3.27: there is one)."""


@cache
def index() -> Index:
    """The identifiers, read once."""
    from license_expression import get_license_index

    licenses: dict[str, str] = {}
    exceptions: dict[str, str] = {}
    categories: dict[str, str] = {}
    for entry in get_license_index():
        key = entry["spdx_license_key"]
        if not key:
            continue
        categories[key.lower()] = entry["category"]
        if not entry["is_deprecated"] and not key.startswith("LicenseRef-"):
            is_exception = entry["is_exception"] and key not in _NO_EXCEPTIONS
            (exceptions if is_exception else licenses)[key.lower()] = key
    newer = load_toml("spdx_list.toml")
    for table, into in ((newer["licenses"], licenses), (newer["exceptions"], exceptions)):
        into.update((key.lower(), key) for key in table)
        categories.update((key.lower(), told) for key, told in table.items() if told)
    additions = (
        entry["spdx_license_key"]
        for entry in get_license_index()
        if entry["is_exception"] and (entry["spdx_license_key"] or "").startswith("LicenseRef-")
    )
    deprecated = {old.lower(): new for old, new in load_toml("license_aliases.toml")["deprecated"].items()}
    return Index(licenses, exceptions, deprecated, categories, frozenset(additions))


def is_current(text: str) -> bool:
    """Whether the text is exactly one current SPDX identifier."""
    return index().licenses.get(text.lower()) == text


def is_reference(text: str) -> bool:
    """Whether the text is a `LicenseRef-*`."""
    return _REFERENCE.match(text) is not None


def parse(text: str, leaf: Callable[[str], Node]) -> Node:
    """The tree of an expression; AND binds closer than OR, operators in any case, operands read by `leaf`.

    The words between operators and parentheses are one operand. ValueError when it is no expression. Shunting-yard, so
    that no input is deep enough to overflow a stack.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(_("the text is too long for a license expression"))
    output: list[Node] = []
    waiting: list[str] = []
    operand_next = True
    for word in _lex(text):
        if word == "(" if operand_next else word in (AND, OR):
            if word != "(":
                _reduce_while(output, waiting, _BINDS[word])
                operand_next = True
            waiting.append(word)
        elif operand_next and word not in (")", AND, OR):
            output.append(leaf(word))
            operand_next = False
        elif not operand_next and word == ")":
            _reduce_while(output, waiting, 1)
            if not waiting:
                raise ValueError(_("a closing parenthesis has no opening one"))
            waiting.pop()
        else:
            raise ValueError(_("{word} is unexpected here").format(word=word[:80]))
        if waiting.count("(") > MAX_DEPTH:
            raise ValueError(_("the expression is nested too deeply"))
    if operand_next or "(" in waiting:
        raise ValueError(_("the expression ends too early"))
    _reduce_while(output, waiting, 1)
    return output[0]


def _lex(text: str) -> Iterator[str]:
    """Operators in upper case, parentheses, and operands as whole phrases."""
    phrase: list[str] = []
    for word in _TOKENS.findall(text):
        operator = word if word in "()" else word.upper()
        if operator in ("(", ")", AND, OR):
            if phrase:
                yield " ".join(phrase)
                phrase = []
            yield operator
        else:
            phrase.append(word)
    if phrase:
        yield " ".join(phrase)


def _reduce_while(output: list[Node], waiting: list[str], least: int) -> None:
    """Join what the waiting operators bind, down to a parenthesis or one that binds less than `least`."""
    while waiting and _BINDS.get(waiting[-1], 0) >= least:
        operator = waiting.pop()
        right, left = output.pop(), output.pop()
        output.append(join(operator, (left, right)))


def join(operator: str, parts: Iterable[Node]) -> Node:
    """The parts under one operator: nested ones of the same operator flattened, repeated ones dropped, order kept."""
    flat: dict[Node, None] = {}
    for part in parts:
        if isinstance(part, Compound) and part.operator == operator:
            flat.update(dict.fromkeys(part.parts))
        else:
            flat[part] = None
    return next(iter(flat)) if len(flat) == 1 else Compound(operator, tuple(flat))


def render(node: Node) -> str:
    """The expression as text, with parentheses around every nested compound."""
    if isinstance(node, str):
        return node
    inner = (f"({render(part)})" if isinstance(part, Compound) else part for part in node.parts)
    return f" {node.operator} ".join(inner)


def read_leaf(text: str) -> str:
    """One license of an expression, in canonical case; ValueError when it is not current SPDX."""
    license_id, with_, exception = _partition_with(text)
    base = _read_license_id(license_id)
    return f"{base} WITH {_read_exception(exception)}" if with_ else base


def _partition_with(text: str) -> tuple[str, bool, str]:
    words = text.split(" ")
    if len(words) == 3 and words[1].upper() == "WITH":
        return words[0], True, words[2]
    return text, False, ""


def _read_license_id(text: str) -> str:
    known = index().licenses
    if text.lower() in known:
        return known[text.lower()]
    if is_reference(text):
        return text
    base = text[:-1].lower()
    if text.endswith("+") and base in known and not base.endswith(("-only", "-or-later")):
        return f"{known[base]}+"
    if text.lower() in index().deprecated:
        new = index().deprecated[text.lower()]
        raise ValueError(_("{old} is a deprecated identifier; write {new}").format(old=text, new=new))
    raise ValueError(_("{name} is not an SPDX license identifier").format(name=text[:80]))


def _read_exception(text: str) -> str:
    known = index().exceptions.get(text.lower())
    if known or _ADDITION.match(text):
        return known or text
    raise ValueError(_("{name} is not an SPDX license exception").format(name=text[:80]))


def tree(expression: str) -> Node:
    """The tree of a valid expression; ValueError for anything else."""
    return parse(expression, read_leaf)


def validate(expression: str) -> tuple[str, ...]:
    """What is wrong with it as an SPDX expression of current identifiers; empty when nothing is."""
    if expression in (NONE, NOASSERTION):
        return ()
    problems: list[str] = []

    def leaf(text: str) -> str:
        try:
            return read_leaf(text)
        except ValueError as error:
            problems.append(str(error))
            return text

    try:
        parse(expression, leaf)
    except ValueError as error:
        problems.append(str(error))
    return tuple(dict.fromkeys(problems))


def leaves(node: Node) -> Iterator[str]:
    """The licenses of a tree, from left to right, with their `WITH` parts."""
    if isinstance(node, str):
        yield node
    else:
        for part in node.parts:
            yield from leaves(part)


@lru_cache(maxsize=20_000)
def licenses_of(expression: str) -> tuple[str, ...]:
    """The different licenses of an expression (`X WITH Y` is one), in order; none for NONE and NOASSERTION."""
    if expression in (NONE, NOASSERTION):
        return ()
    return tuple(dict.fromkeys(leaves(tree(expression))))


def combine(operator: str, expressions: Iterable[str]) -> str:
    """The expressions under AND or OR; ValueError when there is none, or one that is not valid."""
    parts = [tree(expression) for expression in expressions]
    if not parts:
        raise ValueError(_("there is nothing to combine"))
    return render(join(operator, parts))


def same(first: str, second: str) -> bool:
    """Whether two expressions say the same, whatever the order, repetition, case and parentheses."""
    if first == second:
        return True
    try:
        return normal(tree(first)) == normal(tree(second))
    except ValueError:
        return False


def normal(node: Node) -> Node:
    """The tree with sorted parts: equal for expressions that say the same."""
    if isinstance(node, str):
        return node
    joined = join(node.operator, (normal(part) for part in node.parts))
    if isinstance(joined, str):
        return joined
    return Compound(joined.operator, tuple(sorted(joined.parts, key=render)))


def evaluate(expression: str, predicate: Callable[[str], T]) -> T:
    """The value of an expression, smaller being better: the best branch of an OR, the worst part of an AND."""
    value: T = _evaluate(tree(expression), predicate)
    return value


def _evaluate(node: Node, predicate: Callable[[str], Any]) -> Any:
    if isinstance(node, str):
        return predicate(node)
    choose = min if node.operator == OR else max
    return reduce(choose, (_evaluate(part, predicate) for part in node.parts))


def category(license_id: str) -> str | None:
    """The LicenseDB category of a license (of the base, for `X+` and `X WITH Y`); None when it is not known."""
    base = license_id.partition(" WITH ")[0].removesuffix("+")
    return index().categories.get(base.lower())
