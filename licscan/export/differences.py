"""Two states of a project held against each other: as a table, as JSON, as Markdown for a review."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from licscan.base.messages import N_, _
from licscan.compare.differences import Differences, Marked, Package, State
from licscan.export.json_format import harmless
from licscan.export.markdown import code, table, text
from licscan.export.page import AS_MARKDOWN, STYLE_OF, Page
from licscan.export.words import severity_words

MOST_ROWS = 40
"""So many of each list are named on a terminal; elsewhere all are."""
SCHEMA_VERSION = "1.0"
_EMPTY = N_("Nothing differs.")


def write(found: Differences, page: Page) -> None:
    """The table: what came, what went, what is another now."""
    page.line(_("{old} -> {new}").format(old=found.old.label, new=found.new_state.label), "bold")
    page.line(summary(found))
    for title, rows in _lists(found):
        if rows:
            page.line()
            page.line(_("{what} ({clause})").format(what=title, clause=len(rows)), "bold")
            shown = page.some(rows, MOST_ROWS)
            for row in shown:
                page.prose(row, indent=2, hanging=2)
            page.rest(len(rows) - len(shown), AS_MARKDOWN)
    for title, findings in ((_("New findings"), found.new), (_("Gone findings"), found.gone)):
        if findings:
            page.line()
            page.line(_("{what} ({clause})").format(what=title, clause=len(findings)), "bold")
            told = page.some(findings, MOST_ROWS)
            for one in told:
                style = STYLE_OF[one.finding.severity] if findings is found.new else ""
                page.prose(_finding(one), indent=2, hanging=2, style=style)
            page.rest(len(findings) - len(told), AS_MARKDOWN)


def to_text(found: Differences) -> str:
    """The table as plain text."""
    page = Page(100)
    write(found, page)
    return page.plain


def summary(found: Differences) -> str:
    """How much differs, in one line."""
    counts = (
        (_("added: {count}"), found.added), (_("removed: {count}"), found.removed),
        (_("different version: {count}"), found.changed), (_("different license: {count}"), found.relicensed),
        (_("different files: {count}"), found.refiled),
        (_("new findings: {count}"), found.new), (_("gone findings: {count}"), found.gone),
    )  # fmt: skip
    told = [words.format(count=f"{len(rows):,}") for words, rows in counts if rows]
    return _(", ").join(told) or _(_EMPTY)


def _lists(found: Differences) -> list[tuple[str, list[str]]]:
    return [
        (_("Added"), [_package(one) for one in found.added]),
        (_("Removed"), [_package(one) for one in found.removed]),
        (_("Different version"), [_versions(*pair) for pair in found.changed]),
        (_("Different license"), [_licenses(*pair) for pair in found.relicensed]),
        (_("Different files"), [_package(new) for _old, new in found.refiled]),
    ]


def _package(one: Package) -> str:
    return f"{_named(one)}  {one.license or '?'}"


def _named(one: Package) -> str:
    return f"{one.name} {one.version}".strip()


def _versions(old: Package, new: Package) -> str:
    return f"{new.name} {old.version or '?'} -> {new.version or '?'}  {new.license or '?'}"


def _licenses(old: Package, new: Package) -> str:
    return f"{_named(new)}  {old.license or '?'} -> {new.license or '?'}"


def _finding(one: Marked) -> str:
    severity = severity_words(one.finding.severity)
    if one.before is not None:
        severity = _("{severity} (was: {before})").format(severity=severity, before=severity_words(one.before))
    on = f" [{one.finding.surface}]" if one.finding.surface else ""
    return f"{severity} {one.finding.code} {one.name}{on}: {one.finding.message}"


def to_json(found: Differences) -> str:
    """The differences for programs; the same bytes for the same two states."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "old": _state(found.old),
        "new": _state(found.new_state),
        "added": [_package_json(one) for one in found.added],
        "removed": [_package_json(one) for one in found.removed],
        "changed": [_pair_json(pair) for pair in found.changed],
        "relicensed": [_pair_json(pair) for pair in found.relicensed],
        "refiled": [_pair_json(pair) for pair in found.refiled],
        "findings": {
            "new": [_finding_json(one) for one in found.new],
            "gone": [_finding_json(one) for one in found.gone],
        },
    }
    return harmless(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def _state(state: State) -> dict[str, Any]:
    verdict = state.gate.value if state.gate else None
    return {"label": state.label, "packages": len(state.packages), "verdict": verdict}


def _package_json(one: Package) -> dict[str, Any]:
    return {"purl": one.purl, "name": one.name, "version": one.version, "license": one.license}


def _pair_json(pair: tuple[Package, Package]) -> dict[str, Any]:
    return {"old": _package_json(pair[0]), "new": _package_json(pair[1])}


def _finding_json(one: Marked) -> dict[str, Any]:
    return {
        "fingerprint": one.mark,
        "code": one.finding.code,
        "severity": one.finding.severity.value,
        "severity_before": one.before.value if one.before else None,
        "verdict": one.finding.verdict.value,
        "counts": one.counts,
        "purl": one.finding.purl,
        "surface": one.finding.surface,
        "message": one.finding.message,
    }


def to_markdown(found: Differences) -> str:
    """The differences for the discussion of a change; ends in a newline."""
    title = _("{old} -> {new}").format(old=code(found.old.label), new=code(found.new_state.label))
    lines = ["### " + _("{name}: {value}").format(name=_("Licenses"), value=title), "", text(summary(found)), ""]
    refiled = tuple(new for _old, new in found.refiled)
    findings = ((_("New findings"), found.new), (_("Gone findings"), found.gone))
    for name, rows in findings:
        cells = [_marked(one) for one in rows]
        lines += _section(name, (_("Severity"), _("Finding"), _("About"), _("What")), cells)
    for name, packages in ((_("Added"), found.added), (_("Removed"), found.removed), (_("Different files"), refiled)):
        plain = [(code(one.name), code(one.version), code(one.license or "?")) for one in packages]
        lines += _section(name, (_("Package"), _("Version"), _("License")), plain)
    for name, pairs in ((_("Different version"), found.changed), (_("Different license"), found.relicensed)):
        both = [
            (code(new.name), _both(old.version, new.version), _both(old.license or "?", new.license or "?"))
            for old, new in pairs
        ]
        lines += _section(name, (_("Package"), _("Version"), _("License")), both)
    return "\n".join(lines).rstrip("\n") + "\n"


def _marked(one: Marked) -> tuple[str, ...]:
    severity = severity_words(one.finding.severity)
    return severity, code(one.finding.code), code(one.name), text(one.finding.message, 500)


def _both(old: str, new: str) -> str:
    return code(new) if old == new else f"{code(old)} -> {code(new)}"


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    head = _("{what} ({clause})").format(what=f"**{title}**", clause=len(rows))
    return [head, "", *table(header, rows)] if rows else []
