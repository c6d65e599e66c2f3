"""License statements as people write them -> SPDX expressions, with how each was read and what stays open.

A statement goes through the steps in order; the first that knows it answers. None guesses: a name with several
meanings stays ambiguous, and a name that no table holds stays unknown.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.licenses import spdx
from licscan.licenses import texts as license_texts
from licscan.licenses.aliases import classifiers
from licscan.licenses.names import (
    MAX_CANDIDATES,
    MAX_NAME,
    MAX_OPERANDS,
    MAX_RAW,
    Reading,
    ambiguous,
    nothing,
    read_alias,
    read_expression,
    read_identifier,
    read_lynx,
    read_name,
    read_nothing,
    read_see_file,
    read_unlicensed,
    read_url,
    unknown,
)
from licscan.licenses.spdx import category, combine, evaluate, licenses_of, same, validate

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


def read_license(raw: str) -> Reading:
    """What a license field says; never raises, whatever the text."""
    if len(raw) > MAX_RAW:
        return unknown(_("The statement is too long to be a license name."))
    text = raw.strip()
    for step in STEPS:
        try:
            reading = step(text)
        except ValueError as error:  # a row of a table that is no expression; one statement never ends a run
            return unknown(_("The statement could not be read: {reason}").format(reason=str(error)[:200]))
        if reading is not None:
            return reading
    return unknown(_("The statement is not a license name that licscan knows."))


def read_classifier(raw: str) -> Reading:
    """What a `License ::` classifier says; one that names no license (`OSI Approved`) says nothing."""
    text = " :: ".join(part.strip() for part in raw[:MAX_NAME].split("::"))
    table = load_toml("classifiers.toml")
    if text in table["silent"]:
        return nothing(_("The classifier names no license."))
    found = classifiers().get(text.casefold())
    if found is None:
        reading = read_license(text.rpartition("::")[2])
        return replace(reading, standard=False, method="classifier" if reading.expression else reading.method)
    if len(found) != 1:
        return ambiguous(found, _("The classifier {name} leaves open which license is meant.").format(name=text))
    if text in table["noted"]:
        note = _("The classifier has no version; packages use it for {license}.").format(license=found[0])
        return Reading(found[0], "classifier", 0.9, note=note)
    return Reading(found[0], "classifier", 0.95)


def read_npm(raw_json: str) -> Reading:
    """What npm's old forms say: an object `{type, url}`, or an array of objects and names.

    Several entries are AND or OR, and nothing says which: ambiguous.
    """
    try:
        value = json.loads(raw_json) if len(raw_json) <= MAX_RAW else None
    except (ValueError, RecursionError):
        return unknown(_("The value is not JSON."))
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_OPERANDS:
        return unknown(_("The value has too many entries."))
    readings = [_read_npm_entry(entry) for entry in entries]
    if len(readings) < 2:
        return readings[0] if readings else nothing(None)
    try:
        return _and_or(readings, _("The array does not say whether all apply or one may be chosen."))
    except ValueError as error:
        return unknown(_("The statement could not be read: {reason}").format(reason=str(error)[:200]))


def _read_npm_entry(entry: object) -> Reading:
    if isinstance(entry, str):
        return replace(read_license(entry), standard=False)
    if not isinstance(entry, dict):
        return unknown(_("The value names no license."))
    named = [entry[key] for key in ("type", "name", "license", "url") if isinstance(entry.get(key), str)]
    readings = [replace(read_license(text), standard=False) for text in named]
    told = next((reading for reading in readings if reading.expression), None)
    if told:
        return told
    return next((reading for reading in readings if reading.method != "none"), nothing(None))


# --- the steps, in order ----------------------------------------------------------------------------------------------


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
        return Reading(found, "text", 0.9, note=_("The field contains the text of the license, not its name."))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = read_name(lines[0]) if lines else None
    if title and len(lines) > 1 and (title.expression or title.candidates):
        note = _("The first line names a license; what follows is not its plain text.")
        return ambiguous([title.expression] if title.expression else title.candidates, note)
    return unknown(_("The field contains a text that is not a plain license text.")) if len(text) > MAX_NAME else None


def _read_with_copyright(text: str) -> Reading | None:
    """A license with its copyright notice behind it: `MIT; Copyright (c) 2024 Jane Doe`."""
    found = _COPYRIGHT.fullmatch(text) if len(text) <= MAX_NAME else None
    if found is None or _TERMS.search(found["notice"]):
        return None
    reading = read_license(found["name"])
    if not reading.expression and not reading.candidates:
        return None
    return replace(reading, standard=False, score=min(reading.score, 0.95))


_COPYRIGHT = re.compile(
    r"(?P<name>[^\n]{2,120}?)[\s;,.:(-]+(?P<notice>(?:copyright|\(c\)|©|copr\.)[^\n]*)", re.IGNORECASE
)
_TERMS = re.compile(
    r"\b(?:licen[cs]\w*|permi\w+|terms?|agreements?|except\w*|unless|only|not|no|non\w*|commercial|[al]?gpl\w*|apache|"
    r"bsd|proprietary|confidential|may|must|(?<!and/)or)\b",
    re.IGNORECASE,
)


def _read_compound(text: str) -> Reading | None:
    """`Apache 2.0 or MIT`: operands by name, joined as the statement joins them."""
    if len(text) > MAX_NAME or not _OPERATORS.search(text):
        return None
    plain = _AND_WORDS.sub(" AND ", _OR_WORDS.sub(" OR ", _EITHER.sub("", text)))
    readings: dict[str, Reading] = {}

    def leaf(operand: str) -> spdx.Node:
        if len(readings) >= MAX_OPERANDS:
            raise ValueError(_("too many licenses"))
        readings.setdefault(operand, read_name(operand.strip(" ,.;")))
        return operand

    try:
        tree = spdx.parse(plain, leaf)
    except ValueError:
        return None
    return (
        _joined(tree, readings, _("The parts of the statement were identified by name.")) if len(readings) > 1 else None
    )


_EITHER = re.compile(r"^\s*(?:either|both|dual(?:[ -]licen[cs]ed)?(?:\s+under)?:?)\s+", re.IGNORECASE)
_OR_WORDS = re.compile(r"\s*\|\|?\s*|\s*-+\s*or\s*-+\s*|\s+and/or\s+|\s+oder\s+|\s+ou\s+|\s*或者?\s*", re.IGNORECASE)
_AND_WORDS = re.compile(r"\s*&&?\s*|\s*-+\s*and\s*-+\s*|\s+und\s+|\s+et\s+|\s*(?:和|与|以及|及)\s*", re.IGNORECASE)
_OPERATORS = re.compile(r"-\s*(?:and|or)\s*-|\s(?:and|or|and/or|oder|ou|und|et)\s|[|&或和与及]", re.IGNORECASE)


def _joined(tree: spdx.Node, readings: dict[str, Reading], note: str, whole: bool = True) -> Reading:
    """The tree with its operands' readings in place; one unknown operand makes the whole unknown.

    Of what AND joins, the known parts count whatever the unknown one is: alone, or with terms that nobody knows.
    """
    unread = [name for name, reading in readings.items() if not reading.expression and not reading.candidates]
    if unread:
        note = _("{name} is not a license name that licscan knows.").format(name=one_line(unread[0], 80))
        known = _known_parts(tree, unread)
        return (
            _joined(known, {n: r for n, r in readings.items() if n not in unread}, note, False)
            if known
            else unknown(note)
        )
    choices = [(reading.expression,) if reading.expression else reading.candidates for reading in readings.values()]
    found = []
    for chosen in itertools.islice(itertools.product(*choices), MAX_CANDIDATES):
        found.append(_substitute(tree, dict(zip(readings, chosen, strict=True))))
    if not whole:
        found = found[: MAX_CANDIDATES // 2]
        return ambiguous((*found, *(combine(spdx.AND, (one, UNKNOWN_TERMS)) for one in found)), note)
    if all(reading.expression for reading in readings.values()):
        return Reading(found[0], "alias", min(r.score for r in readings.values()) * 0.95, note=note)
    return ambiguous(found, next(r.note or "" for r in readings.values() if not r.expression))


UNKNOWN_TERMS = "LicenseRef-scancode-unknown"
"""The LicenseDB's name for terms that nobody knows."""


def _known_parts(tree: spdx.Node, unread: list[str]) -> spdx.Node | None:
    """What AND joins at the top without the parts in which a name is unknown; None where nothing is left."""
    if isinstance(tree, str) or tree.operator != spdx.AND:
        return None
    kept = [part for part in tree.parts if not any(name in unread for name in spdx.leaves(part))]
    return spdx.join(spdx.AND, kept) if kept else None


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
    readings = {part: read_name(part) for part in parts}
    tree = spdx.join(spdx.OR, parts)
    return _joined(tree, readings, _("A slash between licenses was read as OR.")) if len(readings) > 1 else None


def _read_list(text: str) -> Reading | None:
    """`MIT, Apache-2.0`: a list that does not say whether all apply or one may be chosen."""
    for separator in (";", ","):
        parts = _list_of(text, separator)
        if parts and len(parts) > 1:
            return _and_or(
                [read_name(part) for part in parts], _("The list does not say whether all apply or one may be chosen.")
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
        return nothing(None)
    if all(reading.expression and same(reading.expression, said[0].expression or "") for reading in said):
        return replace(said[0], standard=False)
    if any(not reading.expression and not reading.candidates for reading in said):
        return unknown(_("One of the entries is not a license name that licscan knows."))
    choices = [(reading.expression,) if reading.expression else reading.candidates for reading in said]
    found: dict[str, None] = {}
    for chosen in itertools.islice(itertools.product(*choices), MAX_CANDIDATES // 2):
        parts = [part for part in chosen if part]
        found.update(dict.fromkeys((combine(spdx.AND, parts), combine(spdx.OR, parts))))
    return ambiguous(found, note)


STEPS: tuple[Callable[[str], Reading | None], ...] = (
    read_identifier,
    read_nothing,
    read_unlicensed,
    read_expression,
    read_url,
    read_alias,
    read_see_file,
    _read_labelled,
    _read_with_copyright,
    _read_compound,
    _read_slashes,
    _read_list,
    _read_text,
    read_lynx,
)
"""From the cheap and certain to the rest; each gives None for what it does not know."""
