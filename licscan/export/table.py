"""The whole scan for people: the answer first, then what to act on, then how complete the scan was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from licscan.base.escape import one_line
from licscan.base.messages import NOT_ADVICE, _, ngettext
from licscan.base.terms import scope_words
from licscan.compare.grouping import grouped, predicate_of
from licscan.export.content import write_content
from licscan.export.identity import write_record
from licscan.export.lanes import path_of, widths_of, write_lane
from licscan.export.page import STYLE_OF, Page, label, page_for
from licscan.export.remedies import remedies_for
from licscan.export.sources import write_sources
from licscan.export.surfaces import merged, nameless, said_once, write_surfaces
from licscan.export.words import severity_words, title_of_code
from licscan.judge.coverage_words import coverage_line
from licscan.model import (
    NOASSERTION,
    SCOPE_RANK,
    SEVERITY_RANK,
    VERDICT_RANK,
    ComponentKind,
    Conclusion,
    Finding,
    InputFile,
    Scan,
    Severity,
    Verdict,
)

if TYPE_CHECKING:
    from rich.console import Console

TEXT_WIDTH = 100


def render(scan: Scan, console: Console) -> None:
    """Print the report on the console, in its width, color and encoding."""
    page = page_for(console)
    write(scan, page)
    page.show(console)


def to_text(scan: Scan) -> str:
    """The report as plain text, for a file."""
    page = Page(TEXT_WIDTH)
    write(scan, page)
    return page.plain


def render_findings(scan: Scan, findings: Sequence[Finding], console: Console) -> None:
    """Print these findings on the console; that there are none is said."""
    page = page_for(console)
    _listed(scan, findings, page)
    page.show(console)


def findings_to_text(scan: Scan, findings: Sequence[Finding]) -> str:
    """These findings as plain text, for a file."""
    page = Page(TEXT_WIDTH)
    _listed(scan, findings, page)
    return page.plain


def _listed(scan: Scan, findings: Sequence[Finding], page: Page) -> None:
    page.prose(headline(scan), style=STYLE_OF[scan.gate])
    write_findings(scan, findings, page)
    if not findings:
        page.prose(_("No such findings."))


def write(scan: Scan, page: Page) -> None:
    """Every part of the report, in the order in which a reader needs it."""
    write_answer(scan, page)
    write_record(scan, page)
    _assumptions(scan, page)
    write_surfaces(scan, page)
    write_findings(scan, scan.findings, page)
    _problems(scan, page)
    _inputs(scan.inputs, page)
    write_sources(scan.sources, page)
    write_content(scan.content, page)
    _licenses(scan, page)
    _next(scan, page)


def write_findings(scan: Scan, findings: Iterable[Finding], page: Page) -> None:
    """These findings, all of them, by what they say; those that somebody answers for apart, at the end."""
    told = list(findings)
    for group in _groups(merged(finding for finding in told if not finding.waiver)):
        _group(scan, group, page)
    _waived([finding for finding in told if finding.waiver], page)


def _among(packages: int, content: int) -> str:
    """What was looked at: packages, and files of content where there are no packages alone."""
    told = ngettext("{count} package", "{count} packages", packages).format(count=f"{packages:,}")
    if not content:
        return told
    files = ngettext("{count} file of content", "{count} files of content", content).format(count=f"{content:,}")
    return _("{packages} and {files}").format(packages=told, files=files) if packages else files


def headline(scan: Scan) -> str:
    """The verdict in one sentence, with how many decisions stand against it."""
    packages = sum(component.kind is ComponentKind.PACKAGE for component in scan.graph.components)
    content = len(scan.content.files) if scan.content else 0
    among = _among(packages, content)
    counted = Counter(group.first.verdict for group in grouped(scan, scan.counted()))
    broken, open_ = counted[Verdict.VIOLATION], counted[Verdict.CANNOT_TELL]
    violations = ngettext("{count} violation", "{count} violations", broken).format(count=f"{broken:,}")
    questions = ngettext("{count} open question", "{count} open questions", open_).format(count=f"{open_:,}")
    if scan.gate is Verdict.VIOLATION and open_:
        said = _("May not ship as it is: {violations} and {questions} among {packages}.")
    elif scan.gate is Verdict.VIOLATION:
        said = _("May not ship as it is: {violations} among {packages}.")
    elif scan.gate is Verdict.CANNOT_TELL:
        said = _("Cannot tell whether it may ship: {questions} among {packages}.")
    elif not packages and not content:
        said = _("Nothing to judge: no packages were found.")
    elif scan.threshold is None:
        said = _("No verdict: no severity is set to count. {packages} were read.")
    elif scan.is_stopped:
        said = _("Findings of severity {threshold} or higher among {packages}; none of them blocks shipping.")
    else:
        said = _("Nothing that blocks shipping was found among {packages}.")
    return _("{project}: {answer}").format(
        project=one_line(scan.project.label, 90),
        answer=said.format(
            violations=violations, questions=questions, packages=among, threshold=str(scan.threshold or "")
        ),
    )


def write_answer(scan: Scan, page: Page) -> None:
    """The verdict, and what was read for it."""
    is_judged = scan.content is not None and bool(scan.content.files)
    is_judged = is_judged or any(one.kind is ComponentKind.PACKAGE for one in scan.graph.components)
    page.prose(headline(scan), style=STYLE_OF[scan.gate] if is_judged else "")
    if read := coverage_line(scan.coverage):
        page.prose(read, style="" if scan.coverage.is_whole else STYLE_OF[Verdict.CANNOT_TELL])


def _assumptions(scan: Scan, page: Page) -> None:
    if scan.project.assumptions:
        _heading(page, _("Assumptions"))
        for sentence in scan.project.assumptions:
            page.prose(sentence, indent=2, hanging=2)


def _waived(waived: Sequence[Finding], page: Page) -> None:
    """What somebody answers for: each finding with its waiver, so that nothing is hidden."""
    if not waived:
        return
    title = ngettext("Waived ({count})", "Waived ({count})", len(waived))
    _heading(page, title.format(count=f"{len(waived):,}"))
    for finding in waived:
        page.prose(f"{page.clean(finding.code, 60)}: {finding.message}", indent=2, hanging=2)
        page.prose(finding.waiver, indent=4, hanging=2)


def _groups(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one code and severity together; the loudest and worst groups first."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.code), []).append(finding)

    def rank(group: list[Finding]) -> tuple[int, int, str]:
        worst = max(VERDICT_RANK[finding.verdict] for finding in group)
        return (-SEVERITY_RANK[group[0].severity], -worst, group[0].code)

    return sorted(groups.values(), key=rank)


def _group(scan: Scan, group: list[Finding], page: Page) -> None:
    first = group[0]
    clusters = _clusters(scan, group)
    _heading(page, _title(group, len(grouped(scan, group)), page), STYLE_OF[first.severity])
    same_why = len({finding.why for finding in group}) == 1
    if same_why and first.why:
        page.prose(first.why, indent=2)
    widths = widths_of([_cells(scan, finding) for finding in group if finding.purl is not None], page)
    for cluster in clusters:
        page.prose(_said(scan, cluster), indent=2, hanging=2)
        whys = {finding.why for finding in cluster}
        if not same_why and len(whys) == 1 and cluster[0].why:
            page.prose(cluster[0].why, indent=4, hanging=2)
        mixed = len({nameless(scan, finding) for finding in cluster}) > 1
        if not mixed and _is_plain(cluster):
            page.prose(_names(scan, cluster), indent=4, hanging=2)
            continue
        alike = _alike(scan, cluster) if mixed else {}
        _together(scan, alike, page)
        for finding in (one for one in cluster if _told_once(scan, one) not in alike):
            if mixed:
                page.prose(_on(finding.surface, finding.message, scan), indent=4, hanging=2)
                if finding.verdict is not Verdict.OK and finding.paths:
                    page.prose(_("Path: {path}").format(path=path_of(scan, finding, 4_000, page)), indent=6, hanging=2)
            elif finding.purl is not None:
                write_lane(_cells(scan, finding), path_of(scan, finding, widths[3], page), widths, page)
            if not same_why and len(whys) > 1 and finding.why:
                page.prose(finding.why, indent=6, hanging=2)
            if finding.decision:
                page.prose(finding.decision, indent=6, hanging=2)
    for remedy in remedies_for(scan, group):
        page.prose(_("Remedy: {remedy}").format(remedy=remedy), indent=2, hanging=2)


def _together(scan: Scan, alike: dict[tuple[str, str], list[Finding]], page: Page) -> None:
    """What is said of several packages, once, with their names."""
    for (surface, predicate), same in alike.items():
        said = _("Each of these {count} {predicate}").format(count=f"{len(same):,}", predicate=predicate)
        page.prose(_on(surface, said, scan), indent=4, hanging=2)
        page.prose(_names(scan, same), indent=6, hanging=2)


def _names(scan: Scan, findings: Iterable[Finding]) -> str:
    return _(", ").join(dict.fromkeys(label(scan.graph, one.purl or "") for one in findings))


def _on(surface: str, message: str, scan: Scan) -> str:
    """What is said, with the surfaces on which it holds where it need not hold on all of them."""
    if not surface or surface == ", ".join(sorted(one.name for one in scan.surfaces)):
        return message
    return _("{surface}: {message}").format(surface=surface, message=message)


def _alike(scan: Scan, cluster: Sequence[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """Those findings of a mixed cluster that say the same of several packages, and of each no more than that."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in cluster:
        is_plain = finding.verdict is Verdict.OK and not finding.decision and finding.purl is not None
        if is_plain and (told := _told_once(scan, finding))[1]:
            found.setdefault(told, []).append(finding)
    return {told: same for told, same in found.items() if len(same) > 1}


def _told_once(scan: Scan, finding: Finding) -> tuple[str, str]:
    """The surfaces, and what is said of the package there: what several packages must share to be told as one."""
    return finding.surface, predicate_of(scan, finding)


def _is_plain(cluster: Sequence[Finding]) -> bool:
    """Whether they are notes on several packages of which one sentence says all: their names follow, and no paths."""
    return len(cluster) > 1 and all(
        one.severity is Severity.NOTE and one.verdict is Verdict.OK and not one.decision and one.purl for one in cluster
    )


def _title(group: list[Finding], decisions: int, page: Page) -> str:
    """Severity and code, how many decisions there are, and how many packages they are about where these are more."""
    told = _("{severity}: {code}").format(
        severity=severity_words(group[0].severity), code=page.clean(group[0].code, 60)
    )
    if decisions > 1:
        told = _("{what} ({clause})").format(what=told, clause=f"{decisions:,}")
    packages = len({finding.purl for finding in group if finding.purl is not None})
    if packages > decisions:
        found = ngettext("{title}, {count} package", "{title}, {count} packages", packages)
        told = found.format(title=told, count=f"{packages:,}")
    return told


def _clusters(scan: Scan, group: list[Finding]) -> list[list[Finding]]:
    """The findings of a group by the decision that settles them, and decisions that say the same together.

    The most important come first.
    """
    found: dict[tuple[str, ...], list[Finding]] = {}
    for number, one in enumerate(grouped(scan, group)):
        said = {(predicate_of(scan, finding) or finding.message, finding.surface) for finding in one.findings}
        found.setdefault(said.pop() if len(said) == 1 else (str(number),), []).extend(one.findings)
    ranked = [sorted(said_once(cluster), key=lambda finding: importance(scan, finding)) for cluster in found.values()]
    return sorted(ranked, key=lambda cluster: importance(scan, cluster[0]))


def _said(scan: Scan, cluster: list[Finding]) -> str:
    said = cluster[0].message
    predicates = {predicate_of(scan, finding) for finding in cluster}
    if len(cluster) > 1 and predicates != {""} and len(predicates) == 1:
        said = _("Each of these {count} {predicate}").format(count=f"{len(cluster):,}", predicate=predicates.pop())
    elif len({finding.message for finding in cluster}) > 1:
        said = _("{title}:").format(title=title_of_code(cluster[0].code))
    surfaces = {finding.surface for finding in cluster}
    return _on(cluster[0].surface, said, scan) if len(surfaces) == 1 else said


def importance(scan: Scan, finding: Finding) -> tuple[int, int, str, str]:
    """Worst first, then what is surely shipped, then by name; what nothing needs comes last."""
    component = scan.graph.by_purl.get(finding.purl or "")
    scope = min((SCOPE_RANK[scope] for scope in component.scopes), default=-1) if component else -1
    if component is not None and not component.scopes and not component.is_first_party:
        scope = len(SCOPE_RANK)
    return (-VERDICT_RANK[finding.verdict], scope, component.name if component else "", finding.message)


def _cells(scan: Scan, finding: Finding) -> tuple[str, str, str]:
    purl = finding.purl or ""
    component = scan.graph.by_purl.get(purl)
    conclusion = scan.by_purl.get(purl)
    scopes = component.scopes if component else ()
    return (
        label(scan.graph, purl),
        effective_license(conclusion),
        scope_words(scopes[0]) if scopes else "",
    )


def effective_license(conclusion: Conclusion | None) -> str:
    """What is concluded; where several readings are open, those, as a question."""
    if conclusion and conclusion.concluded == NOASSERTION and conclusion.candidates:
        return _("{readings}?").format(readings=_(" or ").join(conclusion.candidates))
    return license_words(conclusion.concluded if conclusion else NOASSERTION)


def license_words(expression: str) -> str:
    """The expression; a word for those who do not know SPDX's own for `nobody can tell`."""
    return {NOASSERTION: _("unknown"), "NONE": _("none given")}.get(expression, expression)


def _problems(scan: Scan, page: Page) -> None:
    """The same message once, with all that it is about; what became a finding has been said above."""
    told_above = {finding.code for finding in scan.findings}
    groups: dict[str, list[str]] = {}
    for problem in scan.problems:
        if problem.code not in told_above:
            groups.setdefault(problem.message, []).append(problem.subject)
    if not groups:
        return
    _heading(page, _("What could not be done"))
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    for message, subjects in ordered:
        named = _(", ").join(page.clean(subject, 80) for subject in subjects)
        single, several = _("{subjects}: {message}"), _("{message}: {subjects}")
        told = (single if len(subjects) == 1 else several).format(message=page.clean(message), subjects=named)
        page.prose(told, indent=2, hanging=2)


def _inputs(inputs: Sequence[InputFile], page: Page) -> None:
    """How completely each file was read; the incomplete ones first."""
    if not inputs:
        return
    _heading(page, _("Read"))
    for file in sorted(inputs, key=lambda f: (f.understood >= f.seen, f.path)):
        told = ngettext(
            "{path} {format}: {understood} of {seen} entry",
            "{path} {format}: {understood} of {seen} entries",
            file.seen,
        )
        style = "" if file.understood >= file.seen else STYLE_OF[Verdict.CANNOT_TELL]
        named = file.format if file.path.rpartition("/")[2] != file.format else ""
        kind = " ".join(part for part in (named, f"v{file.version}" if file.version else "") if part)
        line = told.format(
            path=page.clean(file.path, 120),
            format=f"({page.clean(kind)})" if kind else "",
            understood=f"{file.understood:,}",
            seen=f"{file.seen:,}",
        )
        page.prose(line.replace(" :", ":").replace(" ：", "："), indent=2, hanging=2, style=style)


def _licenses(scan: Scan, page: Page) -> None:
    packages = [c.purl for c in scan.graph.components if c.kind is ComponentKind.PACKAGE]
    if not packages:
        return
    concluded = (scan.by_purl[purl].concluded if purl in scan.by_purl else NOASSERTION for purl in packages)
    counts = sorted(Counter(concluded).items(), key=lambda item: (-item[1], item[0]))
    _heading(page, _("Licenses"))
    digits = len(f"{counts[0][1]:,}")
    for expression, count in counts:
        page.line(f"{count:>{digits},}  {license_words(expression)}", indent=2)


def _next(scan: Scan, page: Page) -> None:
    page.line()
    if scan.findings:
        page.prose(
            _(
                "Next: `licscan why PACKAGE` explains why it is needed, what follows from its license, "
                "and how to fix it."
            )
        )
    elif not scan.graph.components:
        page.prose(_("Next: name a folder that contains a manifest or lockfile."))
    page.prose(_(NOT_ADVICE))


def _heading(page: Page, text: str, style: str = "") -> None:
    page.line()
    page.line(text, style or "bold")
