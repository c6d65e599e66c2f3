"""Audits of deliveries for people and programs: the judgement, what SBOMs lack, what changed, all side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from licscan.base.messages import _, ngettext
from licscan.compose.audit import Audit
from licscan.export import comparison, table
from licscan.export.json_format import document, harmless
from licscan.export.page import AS_JSON, Page, page_for
from licscan.export.sbom import missing_text, schema_line
from licscan.sbom.changes import Change, Changes
from licscan.sbom.model import Bom
from licscan.sbom.profiles import Gap
from licscan.sbom.schema import Validity

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA_VERSION = "1.0"
MOST_ROWS = 10


def render(audits: Sequence[Audit], compare: bool, profile: str | None, console: Console) -> None:
    """Print on the console, in its width, color and encoding."""
    page = page_for(console)
    _write(audits, compare, profile, page)
    page.show(console)


def to_text(audits: Sequence[Audit], compare: bool, profile: str | None) -> str:
    """The same as plain text, for a file."""
    page = Page(table.TEXT_WIDTH)
    _write(audits, compare, profile, page)
    return page.plain


def _write(audits: Sequence[Audit], compare: bool, profile: str | None, page: Page) -> None:
    if compare:
        return comparison.write(audits, page)
    for number, audit in enumerate(audits):
        if number:
            page.line()
            page.line("-" * min(page.width, 60))
            page.line()
        _source(audit, page)
        table.write(audit.scan, page)
        if audit.bom is not None:
            _quality(audit, profile, page)
        _since(audit.changes, page)
    return None


def _source(audit: Audit, page: Page) -> None:
    """What was read: the file, its format, who made it and when, and how much it says."""
    bom = audit.bom
    if bom is None:
        files = audit.scan.inputs[0].seen
        told = ngettext("Sources {path}: {count} file", "Sources {path}: {count} files", files)
        page.prose(told.format(path=audit.path, count=f"{files:,}"))
        page.line()
        return
    (file,) = audit.scan.inputs
    tools = _(", ").join(f"{tool.name} {tool.version}".strip() for tool in bom.tools) or _("an unnamed tool")
    made = _("{format} {version}, made {when} by {tools}").format(
        format=file.format, version=file.version, when=bom.created or _("at an unknown time"), tools=tools
    )
    page.prose(_("SBOM {path}: {made}").format(path=audit.path, made=made))
    components = ngettext("{count} component", "{count} components", len(bom.components))
    edges = ngettext("{count} dependency", "{count} dependencies", len(bom.dependencies))
    page.prose(
        _("{components}, {edges}").format(
            components=components.format(count=f"{len(bom.components):,}"),
            edges=edges.format(count=f"{len(bom.dependencies):,}"),
        )
    )
    page.line()


def _quality(audit: Audit, profile: str | None, page: Page) -> None:
    """A line for each profile, or all that one of them misses."""
    page.line()
    page.line(_("What the SBOM lacks"), "bold")
    if audit.schema is not None:
        page.prose(schema_line(audit.schema), indent=2, hanging=2)
    if profile is not None:
        for line in missing_text(audit.quality[profile], profile).splitlines():
            page.prose(line.strip(), indent=2 + len(line) - len(line.lstrip()), hanging=2)
        return
    for name, gaps in audit.quality.items():
        page.prose(_("{subject}: {message}").format(subject=name, message=_lacking(gaps)), indent=2, hanging=2)
    page.prose(_("`licscan sbom check {path} --profile NAME` shows where, and how to fix it.").format(path=audit.path))


def _lacking(gaps: Sequence[Gap]) -> str:
    titles = [_(gap.title) for gap in gaps if gap.required]
    if not titles:
        return _("no required fields")
    said = ngettext("{count} required field: {titles}", "{count} required fields: {titles}", len(titles))
    return said.format(count=f"{len(titles):,}", titles=_("; ").join(titles))


def _since(since: Changes | None, page: Page) -> None:
    if since is None:
        return
    page.line()
    page.line(_("Since the delivery judged at {when}").format(when=since.when), "bold")
    if not since:
        page.prose(_("The same packages, versions and licenses."), indent=2)
    for title, rows in (
        (_("Different license"), since.relicensed),
        (_("Added"), since.added),
        (_("Different version"), since.changed),
        (_("Removed"), since.removed),
    ):
        if rows:
            page.line(f"{title} ({len(rows):,})", indent=2)
            shown = page.some(rows, MOST_ROWS)
            for one in shown:
                page.prose(_change(one, page.arrow), indent=4, hanging=2)
            page.rest(len(rows) - len(shown), AS_JSON, indent=4)


def _change(one: Change, arrow: str) -> str:
    versions = [version for version in dict.fromkeys((one.old_version, one.new_version)) if version]
    licenses = [license_ for license_ in dict.fromkeys((one.old_license, one.new_license)) if license_]
    told = f" {arrow} ".join(versions), f" {arrow} ".join(map(table.license_words, licenses))
    return f"{one.name} {told[0]}  {told[1]}"


def to_json(audits: Sequence[Audit], compare: bool) -> str:
    """Every audit whole, and the comparison where it is asked for; the same bytes for the same input."""
    told: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "audits": [_audit(one) for one in audits]}
    if compare:
        told["comparison"] = comparison.to_dicts(audits)
    return harmless(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _audit(one: Audit) -> dict[str, Any]:
    return {
        "path": one.path,
        "sbom": None if one.bom is None else _bom(one.path, one.bom),
        "quality": {name: [_gap(gap) for gap in gaps] for name, gaps in one.quality.items()},
        "schema": _schema(one.schema),
        "since_last_delivery": _changes(one.changes),
        "scan": document(one.scan),
    }


def _bom(path: str, bom: Bom) -> dict[str, Any]:
    return {
        "path": path,
        "format": bom.format,
        "version": bom.spec_version,
        "created": bom.created,
        "tools": [{"name": tool.name, "version": tool.version} for tool in bom.tools],
        "subject": bom.subject,
        "components": len(bom.components),
        "dependencies": len(bom.dependencies),
    }


def _schema(valid: Validity | None) -> dict[str, Any] | None:
    if valid is None:
        return None
    count = len(valid.faults) + valid.more
    return {"of": valid.schema, "valid": None if valid.unchecked else valid.is_valid, "faults": count}


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "field": gap.field,
        "title": _(gap.title),
        "required": gap.required,
        "of_content": gap.of_content,
        "components": None if gap.components is None else len(gap.components),
        "closes": _(gap.closes),
    }


def _changes(since: Changes | None) -> dict[str, Any] | None:
    if since is None:
        return None
    told: dict[str, Any] = {"when": since.when}
    for name in ("added", "removed", "changed", "relicensed"):
        told[name] = [asdict(one) for one in getattr(since, name)]
    return told
