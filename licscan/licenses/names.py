"""One license name -> SPDX: the steps that read a statement which holds a single name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.licenses import spdx
from licscan.licenses.aliases import aliases, normal_form, url_patterns
from licscan.licenses.spdx import validate

PROPRIETARY = "LicenseRef-scancode-proprietary-license"
MAX_NAME = 400
MAX_RAW = 400_000
MAX_OPERANDS = 24
MAX_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement says.

    `expression` is canonical SPDX, None where it cannot be told. `method` names the step that knew it, `score` how sure
    it is (1: SPDX as it stands). `standard`: the text was a valid expression of current identifiers. `note` says
    why it is not surer. `candidates` are the expressions that are possible when it is ambiguous.
    """

    expression: str | None
    method: str
    score: float
    standard: bool = False
    note: str | None = None
    candidates: tuple[str, ...] = ()


def nothing(note: str | None) -> Reading:
    """The statement says nothing."""
    return Reading(None, "none", 0.0, note=note)


def unknown(note: str) -> Reading:
    """The statement says something that no step knows."""
    return Reading(None, "unknown", 0.0, note=note)


def ambiguous(candidates: Iterable[str], note: str) -> Reading:
    """The statement leaves several readings; at most `MAX_CANDIDATES` are kept."""
    kept = tuple(itertools.islice(dict.fromkeys(candidates), MAX_CANDIDATES))
    return Reading(None, "ambiguous", 0.0, note=note, candidates=kept)


def read_nothing(text: str) -> Reading | None:
    """`UNKNOWN`, `None`, `n/a`, punctuation: no statement."""
    bare = text.strip("\"'` .")
    silent = len(text) < 40 and (bare.casefold() in aliases().nothing or not any(map(str.isalnum, text)))
    return nothing(None) if silent else None


def read_identifier(text: str) -> Reading | None:
    """One current SPDX identifier as it stands; nothing is parsed."""
    return Reading(text, "spdx", 1.0, standard=True) if spdx.is_current(text) else None


def read_unlicensed(text: str) -> Reading | None:
    """npm's `UNLICENSED`."""
    if text != "UNLICENSED":
        return None
    note = _("npm's word for all rights reserved; it is not the Unlicense.")
    return Reading(PROPRIETARY, "unlicensed", 0.95, note=note)


def read_see_file(text: str) -> Reading | None:
    """`SEE LICENSE IN file`, `see LICENSE`, or nothing but the name of a file."""
    named = named_file(text)
    if not named:
        return None
    return Reading(None, "see-file", 0.0, note=_("The statement points to the file {name}.").format(name=named))


def named_file(text: str) -> str:
    """The file that a statement points to; empty where it does not."""
    match = _SEE.fullmatch(text) if len(text) <= MAX_NAME else None
    return (match["file"] or match["name"] or match["bare"] or "LICENSE").strip(" '\"`<>()") if match else ""


_SEE = re.compile(
    r"(?:please\s+)?(?:see|refer to|read|as described in|specified in)\s+(?:the\s+)?(?:(?:file|licen[cs]e)\s+)?"
    r"(?:in|at|under|from|file)?:?\s*(?P<file>[^\s,;]{1,200})(?:\s+file)?(?:\s+for\s+.*)?\.?"
    r"|(?:file:\s*)?(?P<name>[\w./\\-]{0,120}(?:licen[cs]e|copying|notice|eula)[\w-]{0,40}\.(?:txt|md|rst|html?|rtf|pdf))"
    r"|(?:see\s+)?(?:the\s+)?licen[cs]e\s+file|(?P<bare>licen[cs]e|copying)",
    re.IGNORECASE,
)


def read_expression(text: str) -> Reading | None:
    """An expression whose every operand is an identifier, in any case, current or retired."""
    retired: dict[str, str] = {}

    def leaf(operand: str) -> spdx.Node:
        base, with_, rest = operand.partition(" ")
        new = spdx.index().deprecated.get(base.lower())
        if new and " " not in new and with_:
            retired[base] = new
            return spdx.read_leaf(f"{new}{with_}{rest}")
        if new and not with_:
            retired[base] = new
            return spdx.tree(new) if not spdx.is_reference(new) else new
        return spdx.read_leaf(operand)

    try:
        expression = spdx.render(spdx.parse(text, leaf))
    except ValueError:
        return None
    if retired:
        note = _retired_note(retired)
        return Reading(expression, "deprecated-id", 0.95, note=note)
    return Reading(expression, "spdx", 1.0, standard=_is_written_well(text))


def _is_written_well(text: str) -> bool:
    """Whether operators and identifiers have the case that SPDX gives them."""
    known = spdx.index()
    for token in re.findall(r"[^\s()]+", text):
        base = token.removesuffix("+")
        canonical = known.licenses.get(base.lower()) or known.exceptions.get(base.lower())
        if canonical not in (None, base) or (token.upper() in ("AND", "OR", "WITH") and not token.isupper()):
            return False
    return True


def _retired_note(retired: dict[str, str]) -> str:
    pairs = _("; ").join(f"{old} -> {new}" for old, new in retired.items())
    note = _("Deprecated SPDX identifier ({pairs}).").format(pairs=pairs)
    if any(new.endswith("-only") for new in retired.values()):
        note += " " + _("Whether later versions are allowed is not stated.")
    return note


def read_url(text: str) -> Reading | None:
    """A URL alone: that of a license steward tells; that of a file in a repository or of a project does not."""
    match = _URL.fullmatch(text.strip("<>\"'")) if len(text) <= MAX_NAME else None
    if match is None:
        return None
    address = match["address"].lower().rstrip("/").removesuffix("#")
    for pattern, name in url_patterns():
        found = pattern.fullmatch(address)
        if found:
            reading = read_name(name.replace("{}", (found[1] or "") if found.groups() else ""))
            if reading.expression:
                return Reading(reading.expression, "url", min(reading.score, 0.9), note=reading.note)
            return reading
    return unknown(_("The URL does not say which license it leads to."))


_URL = re.compile(r"(?:https?://|www\.)(?:www\.)?(?P<address>[^\s?#]+)(?:[?#]\S*)?", re.IGNORECASE)


def read_name(text: str) -> Reading:
    """A single name: an identifier, a retired one, an alias, an ambiguous name, or one that licenselynx knows."""
    if len(text) > MAX_NAME:
        return unknown(_("The statement is not a license name that licscan knows."))
    for step in (read_identifier, _read_expression_leaf, read_alias, read_lynx):
        reading = step(text)
        if reading is not None:
            return reading
    return unknown(_("{name} is not a license name that licscan knows.").format(name=one_line(text, 80)))


def _read_expression_leaf(text: str) -> Reading | None:
    return None if re.search(r"[()]|\s(?:and|or)\s", text, re.IGNORECASE) else read_expression(text)


def read_alias(text: str) -> Reading | None:
    """The name, the name without its address, and the name without what stands in parentheses after it."""
    if len(text) > MAX_NAME or "\n" in text:
        return None
    for variant in _variants(text):
        key = normal_form(variant)
        if key in aliases().exact:
            return Reading(aliases().exact[key], "alias", 0.95)
        if key in aliases().ambiguous:
            note = _("{name} leaves open which license is meant.").format(name=one_line(text, 80))
            return ambiguous(aliases().ambiguous[key], note)
    return None


def _variants(text: str) -> Iterable[str]:
    """The name as it is, then without an addition that changes nothing: its address, "see LICENSE", its short name."""
    yield text
    address = _ADDRESS.search(text)
    if address and address.start():
        leads_to = read_url(address[1])
        name = text[: address.start()] + text[address.end() :]
        if leads_to is None or not leads_to.expression or leads_to.expression == _means(name):
            yield name
    yield _SEE_ALSO.sub("", text)
    match = _SHORT.fullmatch(text)
    if match and _means(match["long"]) and _means(match["long"]) == _means(match["short"]):
        yield match["long"]


_ADDRESS = re.compile(r"[\s,(<-]*(https?://[^\s<>()]+)[\s>)]*", re.IGNORECASE)
_SEE_ALSO = re.compile(
    r"\s*[(,;:-]*\s*(?:please\s+)?(?:see|refer to)\s+(?:the\s+)?(?:included\s+|attached\s+)?(?:file\s+)?"
    r"[\w./-]{0,60}(?:licen[cs]e|copying)[\w.-]{0,30}(?:\s+file)?(?:\s+for\s+(?:more\s+)?(?:details|information))?\s*[).]*$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?P<long>[^()]+)\((?P<short>[^()]+)\)\s*(?:licen[cs]e)?\s*", re.IGNORECASE)


def _means(name: str) -> str | None:
    name = name.strip()
    reading = read_identifier(name) or _read_expression_leaf(name)
    return reading.expression if reading else aliases().exact.get(normal_form(name))


def read_lynx(text: str) -> Reading | None:
    """What licenselynx maps: its stable names count, its risky ones only say what is possible."""
    if len(text) > 200 or "\n" in text:
        return None
    from licenselynx.licenselynx import LicenseLynx

    for name in (text, text.lower()):
        if stable := LicenseLynx.map(name):
            reading = read_expression(stable.id)
            return Reading(reading.expression, "licenselynx", 0.9) if reading else None
        if risky := LicenseLynx.map(name, risky=True):
            note = _("{name} leaves open which license is meant.").format(name=one_line(text, 80))
            return None if validate(risky.id) else ambiguous([risky.id], note)
    return None
