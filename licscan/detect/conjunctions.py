"""How neighbouring matches belong together: "either A or B", "A and B", a license and the exception behind it.

Each match learns by which operator it is joined to the one before it; `united` makes one statement of those that are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from licscan.detect.types import LicenseMatch, MatchKind
from licscan.licenses import spdx
from licscan.licenses.licensedb import to_identifiers

WITH = "WITH"
LIST = ","
"""Only commas, slashes or bullets stand between: the operator is that of the list."""

MAX_GAP = 400
"""Characters between two matches that are joined by words."""

MAX_LINES = 20
"""Lines between a license and the exception to it."""

LEAD, TAIL = 120, 100
"""Characters before the first and behind the last of a list that may say that it is a choice."""

_IDLE = frozenset({MatchKind.CLUE, MatchKind.INTRO, MatchKind.UNKNOWN})
_NAMELESS = frozenset({"unknown", "unknown-license-reference", "free-unknown", "unknown-spdx", "warranty-disclaimer"})

Joint = tuple[str, int]
"""The operator, and where the match before starts."""


def may_join(match: LicenseMatch) -> bool:
    """Whether a match names a license, so that it can be one side of a conjunction."""
    return match.kind not in _IDLE and match.expression not in _NAMELESS


def joints(matches: Sequence[LicenseMatch], text: str, places: Sequence[tuple[int, int]]) -> list[Joint]:
    """For each match the operator that joins it to a match before it; `places` are their offsets in the text.

    The matches are in order of their place.
    """
    found: list[Joint] = [("", -1)] * len(matches)
    chain: list[int] = []
    operators: list[str] = []
    for at, match in enumerate(matches):
        if not may_join(match):
            continue
        operator = _between(matches[chain[-1]], match, text, places[chain[-1]], places[at]) if chain else ""
        if operator:
            chain.append(at)
            operators.append(operator)
            continue
        _settle(chain, operators, matches, text, places, found)
        chain, operators = [at], []
    _settle(chain, operators, matches, text, places, found)
    return found


def _between(
    before: LicenseMatch, match: LicenseMatch, text: str, place: tuple[int, int], behind: tuple[int, int]
) -> str:
    """The operator that the text between two matches says; empty where it says none.

    They may share a word: the rule for "license, the MIT license" begins with the end of another's.
    """
    end, start = place[1], behind[0]
    if _is_exception(match.expression):
        if not _takes(before.expression, match.expression) or match.start_line - before.end_line > MAX_LINES:
            return ""
        named = match.kind not in _SAYING and not _WITH.match(match.text)
        return "" if named and (start < end or not _WITH.fullmatch(text[end:start])) else WITH
    if place[0] < start < end < behind[1]:
        joint = _JOINT.match(text, end, behind[1])
        return (joint[1] or LIST).upper() if joint else ""
    operator = _conjunction(text[end:start]) if 0 <= start - end <= MAX_GAP else ""
    # whole texts stand below each other for many reasons
    return "" if operator == LIST and MatchKind.TEXT in (before.kind, match.kind) else operator


_SAYING = frozenset({MatchKind.TEXT, MatchKind.NOTICE})
"""What an exception must be to stand anywhere behind its license; a mere name must stand right behind "with"."""

_WITH = re.compile(
    r"(?i)(?:\W{0,9}(?:licen[cs]e|only)\b)?\W{0,9}(?:and\W{1,3})?(?:with|plus)\b[^.;\n]{0,40}|[ \t]*\+[ \t]*"
)

_JOINT = re.compile(r"(?i)[\s\"')*]*(?:,?\s*(and|or)\b|[,/|])")


def _settle(
    chain: list[int],
    operators: list[str],
    matches: Sequence[LicenseMatch],
    text: str,
    places: Sequence[tuple[int, int]],
    found: list[Joint],
) -> None:
    """Write down what joins the matches of a chain, its lists by the operator behind them or by what leads to them."""
    if not operators:
        return
    first, last = places[chain[0]], places[chain[-1]]
    choice = _offers(text[max(first[0] - LEAD, 0) : first[0]], text[first[0] : min(first[1], first[0] + LEAD)]) or (
        _leaves(text[last[1] : last[1] + TAIL])
    )
    settled = list(operators)
    behind = spdx.OR if choice else ""
    for at in range(len(settled) - 1, -1, -1):
        if settled[at] == spdx.AND and choice:
            settled[at] = spdx.OR
        elif settled[at] == LIST:
            settled[at] = behind
        behind = behind if settled[at] == WITH else settled[at]
    for before, at, operator in zip(chain, chain[1:], settled, strict=False):
        if operator:
            found[at] = (operator, matches[before].start)


# --- words ------------------------------------------------------------------------------------------------------------

_ASIDE = re.compile(r"\([^()]{0,200}\)|\[[^][]{0,200}\]|<[^<>]{0,200}>|https?://\S{1,200}|\b\w+\.(?:txt|md|html)\b")
_OPTION = re.compile(
    r"(?i)\b(?:at|by|in)\s+(?:your|the\s+\w+(?:'s)?|its|their)\s+(?:own\s+)?(?:sole\s+)?(?:option|choice|discretion|election)\b"
    r"|\bif\s+you\s+(?:prefer|wish|choose|like)\b"
)
_WORD = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*\+?")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*\+?\Z")
_ARTICLES = frozenset({"the", "a", "an", "of", "under", "by", "this", "that", "its", "s", "both", "either", "also"})
_TERMS = frozenset(
    {"license", "licenses", "licence", "licences", "licensed", "terms", "term", "conditions"}
    | {"version", "versions", "v", "only"}
)
_STYLES = frozenset({"gnu", "general", "public", "new", "revised", "simplified", "style"})
_FILLERS = _ARTICLES | _TERMS | _STYLES
_ALTERNATIVE = re.compile(r"(?i)[.;,]\s*(?:\W{0,6})alternatively\b[^.]{0,250}\Z|\A\W*alternatively\b[^.]{0,250}\Z")


def _conjunction(gap: str) -> str:
    if _ALTERNATIVE.search(gap):
        return spdx.OR
    gap = gap.replace("and/or", " or ")
    plain = _OPTION.sub(" ", _ASIDE.sub(" ", gap))
    words = [word for word in _WORD.findall(plain.lower()) if word not in _FILLERS and not _VERSION.match(word)]
    if set(words) == {"or"} or words == ["or", "alternatively"]:
        return spdx.OR
    if set(words) == {"and"}:
        return spdx.AND
    if words or len(gap) >= 200 or _SENTENCE_END.search(gap):
        return ""
    return LIST if _SEPARATOR.search(_COMMENT.sub("\n", plain)) else ""


_COMMENT = re.compile(r"\n[ \t]*(?://+|;+)")
_SEPARATOR = re.compile(r"[,/|;]|\n\W*[*+-]\s")

_OFFER = re.compile(
    r"(?i)\b(?:either(?!\s+(?:version|express))|(?:one|any)\s+of|choice\s+(?:of|between)|choose\s+(?:from|between)|choosing"
    r"|(?:dual|dually|double|tri|triple|multi|multiple|multiply)[\s-]*licen[cs]\w*"
    r"|under\s+(?:an?\s+)?(?:dual|triple)\b)"
)
_LEFT = re.compile(
    r"(?i)\b(?:at\s+your\s+(?:option|choice|discretion)(?!\W{0,4}any\s)|whichever\b|choose\s+(?:either|one|between|which)"
    r"|(?:of|is)\s+your\s+choice|your\s+choosing|either\s+(?:one|licen[cs]e)|dual[\s-]*licen[cs]\w*)\b"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n\s*\n")


def _offers(lead: str, own: str) -> bool:
    """Whether the sentence before a list, or the words that its first match begins with, speak of a choice."""
    end = list(_SENTENCE_END.finditer(lead))
    return _OFFER.search((lead[end[-1].end() :] if end else lead) + own) is not None


def is_choice(lead: str, own: str, tail: str) -> bool:
    """Whether what stands before a list, its own words or what follows in its sentence leave the choice."""
    return _offers(lead, own) or _leaves(tail)


def _leaves(tail: str) -> bool:
    """Whether what follows a list in its sentence leaves the choice."""
    end = _SENTENCE_END.search(tail)
    return _LEFT.search(tail[: end.start()] if end else tail) is not None


# --- exceptions -------------------------------------------------------------------------------------------------------

_GNU = ("gpl-", "lgpl-", "agpl-", "gfdl-")
_OTHERS = {
    "LLVM-exception": ("apache-2.0",),
    "Swift-exception": ("apache-2.0",),
    "SHL-2.0": ("apache-2.0",),
    "SHL-2.1": ("apache-2.0",),
    "mxml-exception": ("apache-2.0",),
    "fmt-exception": ("mit",),
    "QPL-1.0-INRIA-2004-exception": ("qpl-1.0",),
}
"""Exceptions of SPDX that are made to other licenses than GNU's."""


def _exception(key: str) -> str:
    """The SPDX identifier of an exception's key; empty for anything else."""
    known = to_identifiers(key) or ""
    return known if " " not in key and known.lower() in spdx.index().exceptions else ""


def _is_exception(expression: str) -> bool:
    return bool(_exception(expression))


def _takes(license: str, exception: str) -> bool:
    """Whether a license is one that the exception is made to; another exception to the same one may stand before."""
    if _is_exception(license):
        return True
    wanted = _OTHERS.get(_exception(exception), _GNU)
    return any(leaf.startswith(wanted) for leaf in spdx.leaves(_tree(license)) if f" {WITH} " not in leaf)


# --- what is joined as one --------------------------------------------------------------------------------------------


def united(matches: Iterable[LicenseMatch]) -> list[LicenseMatch]:
    """The matches, those that are joined as one: its expression says how, its rule names all of theirs."""
    chains: list[list[LicenseMatch]] = []
    at: dict[int, int] = {}
    for match in matches:
        operator, before = match.joint
        if operator and before in at:
            chains[at[before]].append(match)
        else:
            chains.append([match])
        if may_join(match):
            at[match.start] = at[before] if operator and before in at else len(chains) - 1
    return [_as_one(chain) if len(chain) > 1 else chain[0] for chain in chains]


def _as_one(chain: list[LicenseMatch]) -> LicenseMatch:
    first = chain[0]
    kinds = {match.kind for match in chain}
    kind = MatchKind.NOTICE if MatchKind.NOTICE in kinds else first.kind
    return replace(
        first,
        expression=spdx.render(_joined(chain)),
        score=min(match.score for match in chain),
        coverage=min(match.coverage for match in chain),
        end_line=max(match.end_line for match in chain),
        end=max(match.end for match in chain),
        matched_length=sum(match.matched_length for match in chain),
        rule=" + ".join(dict.fromkeys(match.rule for match in chain)),
        kind=kind,
        references=tuple(dict.fromkeys(name for match in chain for name in match.references)),
        joint=("", -1),
    )


def _joined(chain: list[LicenseMatch]) -> spdx.Node:
    """OR over AND over the licenses with their exceptions."""
    choices: list[list[spdx.Node]] = [[_tree(chain[0].expression)]]
    base = choices[0][0]
    excepted = False
    for match in chain[1:]:
        operator = match.joint[0]
        if operator == WITH:
            with_ = _with(base, match.expression)
            choices[-1][-1] = spdx.join(spdx.AND, (choices[-1][-1], with_)) if excepted else with_
            excepted = True
            continue
        base, excepted = _tree(match.expression), False
        if operator == spdx.OR:
            choices.append([base])
        else:
            choices[-1].append(base)
    nodes = [spdx.join(spdx.AND, parts) for parts in choices]
    alone = {spdx.render(node) for node in nodes if isinstance(node, str)}
    # whoever may choose one license need not take it with another one
    kept = [
        node
        for node in nodes
        if isinstance(node, str) or not alone & set(spdx.leaves(node)) or node.operator == spdx.OR
    ]
    return spdx.join(spdx.OR, kept)


def _with(node: spdx.Node, exception: str) -> spdx.Node:
    """The tree with the exception behind every license that it is made to."""
    if isinstance(node, str):
        return f"{node} {WITH} {exception}" if _takes(node, exception) and not _is_exception(node) else node
    return spdx.join(node.operator, (_with(part, exception) for part in node.parts))


def _tree(expression: str) -> spdx.Node:
    try:
        return spdx.parse(expression, str)
    except ValueError:
        return expression
