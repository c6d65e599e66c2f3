"""The scan as Markdown: the whole, or the summary of a CI job."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from licscan.base.escape import one_line
from licscan.base.messages import NOT_ADVICE, _, ngettext
from licscan.base.terms import outbound_words
from licscan.compare.fingerprint import fingerprints
from licscan.compare.grouping import as_one, grouped
from licscan.export.places import license_of, places_of, subject
from licscan.export.surfaces import counts_of
from licscan.export.words import severity_words, title_of_code, verdict_words
from licscan.judge.coverage_words import coverage_line
from licscan.model import ComponentKind, Finding, Scan, Severity

SUMMARY_ROWS = 50
SUMMARY_BYTES = 900_000
"""GitHub takes a summary of 1 MiB."""
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_BACKTICKS = re.compile("`+")
_LIST = re.compile(r"^([-+=]|\d+[.)])")


def render(scan: Scan) -> str:
    """All findings with their texts, waived ones, surfaces, licenses and problems; ends in a newline."""
    return "\n".join([*_head(scan), *_findings(scan), *_waived(scan), *_surfaces(scan), *_licenses(scan), *_end(scan)])


def render_summary(scan: Scan) -> str:
    """The answer and the loudest findings, in a size that a CI job takes; ends in a newline."""
    lines = [*_head(scan), *_short(scan)]
    while len("\n".join(lines).encode("utf-8", "replace")) > SUMMARY_BYTES:
        lines.pop()
    return "\n".join([*lines, *_end(scan)])


def text(value: str, limit: int = 2_000) -> str:
    """One line in which nothing is markup, and no @name calls anybody."""
    shown = _MARKS.sub(r"\\\1", one_line(value, limit)).strip()
    return _LIST.sub(lambda match: f"{match[1][:-1]}\\{match[1][-1]}", shown).replace("@", "@<!-- -->")


def code(value: str, limit: int = 400) -> str:
    """One line as code, also in a cell of a table; its fence is longer than any in it."""
    shown = one_line(value, limit).strip()
    if not shown:
        return ""
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    blank = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{blank}{shown}{blank}{fence}".replace("|", "\\|")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table with an empty line behind it; no rows, no table."""
    if not rows:
        return []
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def _head(scan: Scan) -> list[str]:
    standing = Counter(group.first.severity for group in grouped(scan, _standing(scan)))
    packages = sum(one.kind is ComponentKind.PACKAGE for one in scan.graph.components)
    counted = ngettext("{count} package", "{count} packages", packages).format(count=packages)
    told = [
        counted,
        *(_("{words}: {count}").format(words=severity_words(one), count=standing[one]) for one in Severity),
    ]
    title = _("Licenses of {project}").format(project=text(scan.project.label, 120))
    return [f"# {title}", "", f"**{verdict_words(scan.gate)}**", "", " · ".join(told), "", *_read(scan)]


def _standing(scan: Scan) -> list[Finding]:
    """The findings for which nobody answers."""
    return [finding for finding in scan.findings if not finding.waiver]


def _read(scan: Scan) -> list[str]:
    """What was read of what is shipped."""
    said = coverage_line(scan.coverage)
    return [text(said), ""] if said else []


def _short(scan: Scan) -> Iterator[str]:
    standing = [as_one(scan, group) for group in grouped(scan, _standing(scan))]
    rows = [
        (
            severity_words(one.severity),
            code(one.code),
            code(subject(scan, one)),
            text(one.message, 500),
            _place(scan, one),
        )
        for one in standing[:SUMMARY_ROWS]
    ]
    yield from table((_("Severity"), _("Finding"), _("About"), _("What"), _("Where")), rows)
    if len(standing) > len(rows):
        more = len(standing) - len(rows)
        told = ngettext("{count} more finding: `licscan findings`.", "{count} more findings: `licscan findings`.", more)
        yield told.format(count=f"{more:,}")
        yield ""


def _place(scan: Scan, finding: Finding) -> str:
    return next((code(str(place)) for place in places_of(scan, finding)), "")


def _findings(scan: Scan) -> Iterator[str]:
    groups: dict[str, list[Finding]] = {}
    for group in grouped(scan, _standing(scan)):
        groups.setdefault(group.first.code, []).append(as_one(scan, group))
    for name, told in groups.items():
        yield f"## {text(title_of_code(name))}"
        yield ""
        for finding in told:
            yield from _finding(scan, finding)
        yield ""


def _finding(scan: Scan, finding: Finding) -> Iterator[str]:
    about = code(subject(scan, finding))
    if finding.surface:
        about = _("{what} ({clause})").format(what=about, clause=text(finding.surface))
    told = _("{subject}: {message}").format(subject=about, message=text(finding.message))
    yield f"- **{severity_words(finding.severity)}** {told}"
    if finding.why:
        yield f"  - {text(finding.why)}"
    yield from (f"  - {text(remedy)}" for remedy in finding.remedies)
    yield from (f"  - {' › '.join(map(code, path))}" for path in finding.paths[:1])
    if place := _place(scan, finding):
        yield f"  - {place}"


def _waived(scan: Scan) -> Iterator[str]:
    rows = [
        (code(one.code), code(subject(scan, one)), text(one.message), text(one.waiver))
        for one, _mark in fingerprints(scan)
        if one.waiver
    ]
    if rows:
        yield f"## {_('Waived')}"
        yield ""
        yield from table((_("Finding"), _("About"), _("What"), _("Waiver")), rows)


def _surfaces(scan: Scan) -> Iterator[str]:
    rows = []
    for surface in sorted(scan.surfaces):
        counted = counts_of(scan, surface)
        told = _("; ").join(
            _("{words}: {count}").format(words=words, count=f"{count:,}") for words, count in counted.items()
        )
        rows.append(
            (
                code(surface.name),
                text(surface.deployment),
                text(outbound_words(surface.effective or surface.outbound)),
                told,
            )
        )
    if rows:
        yield f"## {_('Surfaces')}"
        yield ""
        yield from table((_("Surface"), _("Deployment"), _("Outbound license"), _("Rulings")), rows)


def _licenses(scan: Scan) -> Iterator[str]:
    packages = (one for one in scan.graph.components if one.kind is ComponentKind.PACKAGE)
    counted = Counter(license_of(scan, one.purl) for one in packages)
    rows = [(code(name) or "?", str(counted[name])) for name in sorted(counted, key=lambda one: (-counted[one], one))]
    if rows:
        yield f"## {_('Licenses')}"
        yield ""
        yield from table((_("License"), _("Packages")), rows)


def _end(scan: Scan) -> Iterator[str]:
    for problem in scan.problems[:SUMMARY_ROWS]:
        yield "- " + _("{subject}: {message}").format(subject=code(problem.subject), message=text(problem.message, 500))
    if scan.problems:
        yield ""
    yield f"_{_(NOT_ADVICE)}_"
    yield ""
