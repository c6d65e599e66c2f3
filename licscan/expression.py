"""License statements as people write them -> SPDX expressions, with how each was read and what stays open.

A statement goes through the steps in order; the first that knows it answers. None guesses: a name with several
meanings stays ambiguous, and a name that no table holds stays unknown.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from licscan import license_texts, spdx
from licscan.aliases import aliases, classifiers, normal_form, url_patterns
from licscan.messages import _
from licscan.spdx import category, combine, evaluate, licenses_of, same, validate
from licscan.tables import load_toml

__all__ = [
    "Reading",
    "category",
    "combine",
    "evaluate",
    "licenses_of",
    "read_classifier",
    "read_license",
    "read_npm",
    "same",
    "validate",
]

PROPRIETARY = "LicenseRef-scancode-proprietary-license"
MAX_NAME = 400
MAX_RAW = 40_000
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


def read_license(raw: str) -> Reading:
    """What a license field says; never raises, whatever the text."""
    if len(raw) > MAX_RAW:
        return _unknown(_("The statement is too long to be a license name."))
    text = raw.strip()
    for step in STEPS:
        reading = step(text)
        if reading is not None:
            return reading
    return _unknown(_("The statement is not a license name that licscan knows."))


def read_classifier(raw: str) -> Reading:
    """What a `License ::` classifier says; one that names no license (`OSI Approved`) says nothing."""
    text = " :: ".join(part.strip() for part in raw[:MAX_NAME].split("::"))
    table = load_toml("classifiers.toml")
    if text in table["silent"]:
        return _nothing(_("The classifier names no license."))
    found = classifiers().get(text.casefold())
    if found is None:
        reading = read_license(text.rpartition("::")[2])
        return replace(reading, standard=False, method="classifier" if reading.expression else reading.method)
    if len(found) != 1:
        return _ambiguous(found, _("The classifier {name} leaves open which license is meant.").format(name=text))
    if text in table["noted"]:
        note = _("The classifier has no version; {license} is what packages mean by it.").format(license=found[0])
        return Reading(found[0], "classifier", 0.9, note=note)
    return Reading(found[0], "classifier", 0.95)


def read_npm(raw_json: str) -> Reading:
    """What npm's old forms say: an object `{type, url}`, or an array of objects and names.

    Several entries are AND or OR, and nothing says which: ambiguous.
    """
    try:
        value = json.loads(raw_json) if len(raw_json) <= MAX_RAW else None
    except (ValueError, RecursionError):
        return _unknown(_("The value is not JSON."))
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_OPERANDS:
        return _unknown(_("The value has too many entries."))
    readings = [_read_npm_entry(entry) for entry in entries]
    if not readings:
        return _nothing(None)
    return (
        readings[0]
        if len(readings) == 1
        else _and_or(readings, _("The array does not say whether all apply or one may be chosen."))
    )


def _read_npm_entry(entry: object) -> Reading:
    if isinstance(entry, str):
        return replace(read_license(entry), standard=False)
    if not isinstance(entry, dict):
        return _unknown(_("The value names no license."))
    named = [entry[key] for key in ("type", "name", "license", "url") if isinstance(entry.get(key), str)]
    readings = [replace(read_license(text), standard=False) for text in named]
    told = next((reading for reading in readings if reading.expression), None)
    if told:
        return told
    return next((reading for reading in readings if reading.method != "none"), _nothing(None))


def _nothing(note: str | None) -> Reading:
    return Reading(None, "none", 0.0, note=note)


def _unknown(note: str) -> Reading:
    return Reading(None, "unknown", 0.0, note=note)


def _ambiguous(candidates: Iterable[str], note: str) -> Reading:
    kept = tuple(itertools.islice(dict.fromkeys(candidates), MAX_CANDIDATES))
    return Reading(None, "ambiguous", 0.0, note=note, candidates=kept)


# --- the steps, in order ----------------------------------------------------------------------------------------------


def _read_nothing(text: str) -> Reading | None:
    bare = text.strip("\"'` .")
    silent = len(text) < 40 and (bare.casefold() in aliases().nothing or not any(map(str.isalnum, text)))
    return _nothing(None) if silent else None


def _read_identifier(text: str) -> Reading | None:
    return Reading(text, "spdx", 1.0, standard=True) if spdx.is_current(text) else None


def _read_unlicensed(text: str) -> Reading | None:
    if text != "UNLICENSED":
        return None
    note = _("npm's word for all rights reserved; it is not the Unlicense.")
    return Reading(PROPRIETARY, "unlicensed", 0.95, note=note)


def _read_see_file(text: str) -> Reading | None:
    """`SEE LICENSE IN file`, `see LICENSE`, or nothing but the name of a file."""
    match = _SEE.fullmatch(text) if len(text) <= MAX_NAME else None
    if match is None:
        return None
    named = (match["file"] or match["name"] or "LICENSE").strip(" '\"`<>()")
    return Reading(None, "see-file", 0.0, note=_("The statement points to the file {name}.").format(name=named))


_SEE = re.compile(
    r"(?:please\s+)?(?:see|refer to|read|as described in|specified in)\s+(?:the\s+)?(?:(?:file|licen[cs]e)\s+)?"
    r"(?:in|at|under|from|file)?:?\s*(?P<file>[^\s,;]{1,200})(?:\s+file)?(?:\s+for\s+.*)?\.?"
    r"|(?:file:\s*)?(?P<name>[\w./\\-]{0,120}(?:licen[cs]e|copying|notice|eula)[\w-]{0,40}\.(?:txt|md|rst|html?|rtf|pdf))"
    r"|(?:see\s+)?(?:the\s+)?licen[cs]e\s+file",
    re.IGNORECASE,
)


def _read_expression(text: str) -> Reading | None:
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
    pairs = ", ".join(f"{old} -> {new}" for old, new in retired.items())
    note = _("Deprecated SPDX identifier ({pairs}).").format(pairs=pairs)
    if any(new.endswith("-only") for new in retired.values()):
        note += " " + _("Whether later versions are allowed is not said.")
    return note


def _read_url(text: str) -> Reading | None:
    """A URL alone: that of a license steward tells; that of a file in a repository or of a project does not."""
    match = _URL.fullmatch(text.strip("<>\"'")) if len(text) <= MAX_NAME else None
    if match is None:
        return None
    address = match["address"].lower().rstrip("/").removesuffix("#")
    for pattern, name in url_patterns():
        found = pattern.fullmatch(address)
        if found:
            reading = _read_name(name.replace("{}", (found[1] or "") if found.groups() else ""))
            if reading.expression:
                return Reading(reading.expression, "url", min(reading.score, 0.9), note=reading.note)
            return reading
    return _unknown(_("The address does not say which license it leads to."))


_URL = re.compile(r"(?:https?://|www\.)(?:www\.)?(?P<address>[^\s?#]+)(?:[?#]\S*)?", re.IGNORECASE)


def _read_name(text: str) -> Reading:
    """A single name: an identifier, a retired one, an alias, an ambiguous name, or one that licenselynx knows."""
    if len(text) > MAX_NAME:
        return _unknown(_("The statement is not a license name that licscan knows."))
    for step in (_read_identifier, _read_expression_leaf, _read_alias, _read_lynx):
        reading = step(text)
        if reading is not None:
            return reading
    return _unknown(_("{name} is not a license name that licscan knows.").format(name=text[:80]))


def _read_expression_leaf(text: str) -> Reading | None:
    return None if re.search(r"[()]|\s(?:and|or)\s", text, re.IGNORECASE) else _read_expression(text)


def _read_alias(text: str) -> Reading | None:
    """The name, the name without its address, and the name without what stands in parentheses after it."""
    if len(text) > MAX_NAME or "\n" in text:
        return None
    for variant in _variants(text):
        key = normal_form(variant)
        if key in aliases().exact:
            return Reading(aliases().exact[key], "alias", 0.95)
        if key in aliases().ambiguous:
            note = _("{name} leaves open which license is meant.").format(name=text[:80])
            return _ambiguous(aliases().ambiguous[key], note)
    return None


def _variants(text: str) -> Iterable[str]:
    """The name as it is, then without an addition that changes nothing: its address, "see LICENSE", its short name."""
    yield text
    address = _ADDRESS.search(text)
    if address and address.start():
        leads_to = _read_url(address[1])
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
    reading = _read_identifier(name) or _read_expression_leaf(name)
    return reading.expression if reading else aliases().exact.get(normal_form(name))


def _read_lynx(text: str) -> Reading | None:
    """What licenselynx maps: its stable names count, its risky ones only say what is possible."""
    if len(text) > 200 or "\n" in text:
        return None
    from licenselynx.licenselynx import LicenseLynx

    for name in (text, text.lower()):
        if stable := LicenseLynx.map(name):
            reading = _read_expression(stable.id)
            return Reading(reading.expression, "licenselynx", 0.9) if reading else None
        if risky := LicenseLynx.map(name, risky=True):
            note = _("{name} leaves open which license is meant.").format(name=text[:80])
            return None if validate(risky.id) else _ambiguous([risky.id], note)
    return None


def _read_labelled(text: str) -> Reading | None:
    """`License: MIT`, `Licensed under the MIT license`, quotes around the whole."""
    match = _LABEL.fullmatch(text) if len(text) <= MAX_NAME else None
    if match is None:
        return None
    inner = match["quoted"] or match["rest"]
    reading = read_license(inner) if len(inner) < len(text) else None
    return replace(reading, standard=False, score=min(reading.score, 0.95)) if reading else None


_LABEL = re.compile(
    r"(?:spdx-license-identifier|licen[cs]e)\s*[:=]\s*(?P<rest>\S.*)"
    r"|(?P<mark>[\"'`]+)(?P<quoted>[^\"'`]+)(?P=mark)",
    re.IGNORECASE,
)


def _read_text(text: str) -> Reading | None:
    """A whole license text, or a license's name on the first line with its text below."""
    if len(text) < 200 and "\n" not in text:
        return None
    found = license_texts.recognise(text)
    if found:
        return Reading(found, "text", 0.9, note=_("The field holds the text of the license, not its name."))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = _read_name(lines[0]) if lines else None
    if title and len(lines) > 1 and (title.expression or title.candidates):
        note = _("The first line names a license; what follows is not its plain text.")
        return _ambiguous([title.expression] if title.expression else title.candidates, note)
    return _unknown(_("The field holds a text that is not a plain license text.")) if len(text) > MAX_NAME else None


def _read_compound(text: str) -> Reading | None:
    """`Apache 2.0 or MIT`: operands by name, joined as the statement joins them."""
    if len(text) > MAX_NAME or not _OPERATORS.search(text):
        return None
    plain = _AND_WORDS.sub(" AND ", _OR_WORDS.sub(" OR ", _EITHER.sub("", text)))
    readings: dict[str, Reading] = {}

    def leaf(operand: str) -> spdx.Node:
        if len(readings) >= MAX_OPERANDS:
            raise ValueError(_("too many licenses"))
        readings.setdefault(operand, _read_name(operand.strip(" ,.;")))
        return operand

    try:
        tree = spdx.parse(plain, leaf)
    except ValueError:
        return None
    return _joined(tree, readings, _("The parts of the statement were read by name.")) if len(readings) > 1 else None


_EITHER = re.compile(r"^\s*(?:either|both|dual(?:[ -]licen[cs]ed)?(?:\s+under)?:?)\s+", re.IGNORECASE)
_OR_WORDS = re.compile(r"\s*\|\|?\s*|\s+and/or\s+|\s+oder\s+|\s+ou\s+|\s*或者?\s*", re.IGNORECASE)
_AND_WORDS = re.compile(r"\s*&&?\s*|\s+und\s+|\s+et\s+|\s*(?:和|与|以及|及)\s*", re.IGNORECASE)
_OPERATORS = re.compile(r"\s(?:and|or|and/or|oder|ou|und|et)\s|[|&或和与及]", re.IGNORECASE)


def _joined(tree: spdx.Node, readings: dict[str, Reading], note: str) -> Reading:
    """The tree with its operands' readings in place; one unknown operand makes the whole unknown."""
    unread = [name for name, reading in readings.items() if not reading.expression and not reading.candidates]
    if unread:
        return _unknown(_("{name} is not a license name that licscan knows.").format(name=unread[0][:80]))
    choices = [(reading.expression,) if reading.expression else reading.candidates for reading in readings.values()]
    found = []
    for chosen in itertools.islice(itertools.product(*choices), MAX_CANDIDATES):
        found.append(_substitute(tree, dict(zip(readings, chosen, strict=True))))
    if all(reading.expression for reading in readings.values()):
        return Reading(found[0], "alias", min(r.score for r in readings.values()) * 0.95, note=note)
    return _ambiguous(found, next(r.note or "" for r in readings.values() if not r.expression))


def _substitute(tree: spdx.Node, chosen: dict[str, str | None]) -> str:
    def put(node: spdx.Node) -> spdx.Node:
        if isinstance(node, str):
            return spdx.tree(chosen[node] or "")
        return spdx.join(node.operator, [put(part) for part in node.parts])

    return spdx.render(put(tree))


def _read_slashes(text: str) -> Reading | None:
    """`MIT/Apache-2.0`, Cargo's old way to write OR."""
    parts = _list_of(text, "/")
    if not parts:
        return None
    readings = {part: _read_name(part) for part in parts}
    tree = spdx.join(spdx.OR, parts)
    return _joined(tree, readings, _("A slash between licenses was read as OR.")) if len(readings) > 1 else None


def _read_list(text: str) -> Reading | None:
    """`MIT, Apache-2.0`: a list that does not say whether all apply or one may be chosen."""
    for separator in (";", ","):
        parts = _list_of(text, separator)
        if parts and len(parts) > 1:
            return _and_or(
                [_read_name(part) for part in parts], _("The list does not say whether all apply or one may be chosen.")
            )
    return None


def _list_of(text: str, separator: str) -> list[str]:
    if len(text) > MAX_NAME or separator not in text or "://" in text:
        return []
    parts = [part.strip() for part in text.split(separator)]
    return [part for part in parts if part] if len(parts) <= MAX_OPERANDS else []


def _and_or(readings: list[Reading], note: str) -> Reading:
    """Several statements side by side: equal ones are one, different ones leave AND or OR open."""
    said = [reading for reading in readings if reading.method != "none"]
    if not said:
        return _nothing(None)
    if all(reading.expression and same(reading.expression, said[0].expression or "") for reading in said):
        return replace(said[0], standard=False)
    if any(not reading.expression and not reading.candidates for reading in said):
        return _unknown(_("One of the entries is not a license name that licscan knows."))
    choices = [(reading.expression,) if reading.expression else reading.candidates for reading in said]
    found: dict[str, None] = {}
    for chosen in itertools.islice(itertools.product(*choices), MAX_CANDIDATES // 2):
        parts = [part for part in chosen if part]
        found.update(dict.fromkeys((combine(spdx.AND, parts), combine(spdx.OR, parts))))
    return _ambiguous(found, note)


STEPS: tuple[Callable[[str], Reading | None], ...] = (
    _read_identifier,
    _read_nothing,
    _read_unlicensed,
    _read_expression,
    _read_url,
    _read_alias,
    _read_see_file,
    _read_labelled,
    _read_compound,
    _read_slashes,
    _read_list,
    _read_text,
    _read_lynx,
)
"""From the cheap and certain to the rest; each gives None for what it does not know."""
