"""The scan on one screen: the verdict, what decides it, what was read, how much of what was found, what to do next.

What it leaves out is counted, and the command that shows it stands beside the count.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from licscan.base.listing import listed
from licscan.base.messages import NOT_ADVICE, _, ngettext
from licscan.compare.grouping import Group, grouped, predicate_of, remedies_of
from licscan.export.identity import write_record
from licscan.export.page import STYLE_OF, Page, label, name_of, page_for
from licscan.export.surfaces import unshipped, write_surface
from licscan.export.table import importance, write_answer
from licscan.export.words import severity_words, title_of_code
from licscan.model import SEVERITY_RANK, VERDICT_RANK, Scan, Severity

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")

MOST_DECIDING = 4
MOST_ALONE = 5
MOST_TOGETHER = 2
MOST_OTHERS = 8
MOST_WAIVED = 3
MOST_SURFACES = 4
MOST_ASSUMED = 3
MOST_NAMED = 3
LONGEST = 240
"""Characters of a sentence that is said here; the whole of it is in `licscan findings`."""

FINDINGS = "licscan findings"


def render(
    scan: Scan,
    console: Console,
    *,
    summary: bool = False,
    least: Severity | None = None,
    named: bool = False,
    project: str = "",
) -> None:
    """Print the screen on the console, in its width, color and encoding; `project` as in `Page`."""
    page = page_for(console)
    page.project = project
    write(scan, page, summary=summary, least=least or Severity.NOTE, named=named)
    page.show(console)


def write(
    scan: Scan, page: Page, *, summary: bool = False, least: Severity = Severity.NOTE, named: bool = False
) -> None:
    """The screen; `summary` is its head alone, `least` the severity below which findings are only counted; `named`:
    with which scan it is."""
    write_answer(scan, page)
    if named:
        write_record(scan, page)
    groups = grouped(scan, (finding for finding in scan.findings if not finding.waiver))
    _counts(scan, groups, page)
    if summary:
        return
    counted = {id(finding) for finding in scan.counted()}
    deciding = sorted((one for one in groups if id(one.first) in counted), key=_rank)
    shown = [one for one in deciding if SEVERITY_RANK[one.first.severity] >= SEVERITY_RANK[least]]
    _deciding(scan, shown, page)
    others = [one for one in groups if id(one.first) not in counted]
    _others(scan, [one for one in others if SEVERITY_RANK[one.first.severity] >= SEVERITY_RANK[least]], page)
    _waived(scan, page)
    _surfaces(scan, page)
    _assumed(scan, page)
    _next(scan, deciding or list(groups), page)


def _rank(group: Group) -> tuple[int, int, int, str]:
    first = group.first
    return (-SEVERITY_RANK[first.severity], -VERDICT_RANK[first.verdict], -len(group.purls), first.code)


def _counts(scan: Scan, groups: Sequence[Group], page: Page) -> None:
    """How many decisions of each severity there are, and how many findings are waived."""
    counts = Counter(group.first.severity for group in groups)
    errors, warnings, notes = (counts[one] for one in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
    every = (
        (errors, ngettext("{count} error", "{count} errors", errors)),
        (warnings, ngettext("{count} warning", "{count} warnings", warnings)),
        (notes, ngettext("{count} note", "{count} notes", notes)),
    )
    told = [words.format(count=f"{count:,}") for count, words in every if count]
    if waived := sum(bool(finding.waiver) for finding in scan.findings):
        told.append(ngettext("{count} waived", "{count} waived", waived).format(count=f"{waived:,}"))
    if told:
        page.prose(_("Findings: {counts}.").format(counts=_(", ").join(told)))


def _deciding(scan: Scan, groups: Sequence[Group], page: Page) -> None:
    """What the verdict hangs on, code by code: what is said, of what, and what helps first."""
    by_code: dict[tuple[Severity, str], list[Group]] = {}
    for group in groups:
        by_code.setdefault((group.first.severity, group.first.code), []).append(group)
    most = MOST_ALONE if len(by_code) == 1 else MOST_TOGETHER
    codes = list(by_code.values())
    for same in _first(codes, MOST_DECIDING):
        first = same[0].first
        page.line()
        page.line(_title(same, page), STYLE_OF[first.severity])
        said: dict[str, list[Group]] = {}
        for group in chain.from_iterable(map(_apart, same)):
            said.setdefault(_said(scan, group), []).append(group)
        shown = _first(list(said.items()), most)
        for sentence, alike in shown:
            page.prose(_short(sentence), indent=2, hanging=2)
            purls = _by_weight(scan, alike)
            if len(purls) > 1 or (purls and name_of(scan.graph, purls[0]) not in sentence):
                page.prose(_named(scan, purls), indent=4, hanging=2)
        _rest(sum(map(len, list(said.values())[len(shown) :])), page, f"{FINDINGS} {first.code}")
        for remedy in (*remedies_of(scan, same[0]), *first.remedies)[:1]:
            page.prose(_("Remedy: {remedy}").format(remedy=_short(remedy)), indent=2, hanging=2)
    _rest(sum(map(len, codes[len(_first(codes, MOST_DECIDING)) :])), page, FINDINGS)


def _apart(group: Group) -> list[Group]:
    """What is said of files, each by itself, and what is said of packages: neither is the sentence of the other."""
    files = [Group((finding,)) for finding in group.findings if finding.purl is None]
    packages = tuple(finding for finding in group.findings if finding.purl is not None)
    return [*files, Group(packages)] if packages else files


def _said(scan: Scan, group: Group) -> str:
    """What is said of the package; of several, what is said of most of them."""
    if len(group.purls) <= 1:
        return group.first.message
    said = Counter(predicate_of(scan, finding) for finding in group.findings)
    predicate, count = said.most_common(1)[0]
    if not predicate or count == 1:
        return title_of_code(group.first.code)
    told = _("Each of these {count} {predicate}") if len(said) == 1 else _("Each of {count} of them {predicate}")
    return told.format(count=f"{count:,}", predicate=predicate)


def _title(groups: Sequence[Group], page: Page) -> str:
    """Severity and code, how many decisions there are, and how many packages they are about where these are more."""
    first = groups[0].first
    told = _("{severity}: {code}").format(severity=severity_words(first.severity), code=page.clean(first.code, 60))
    if len(groups) > 1:
        told = _("{what} ({clause})").format(what=told, clause=f"{len(groups):,}")
    packages = len({purl for group in groups for purl in group.purls})
    if packages <= len(groups):
        return told
    return ngettext("{title}, {count} package", "{title}, {count} packages", packages).format(
        title=told, count=f"{packages:,}"
    )


def _by_weight(scan: Scan, groups: Sequence[Group]) -> list[str]:
    """The packages, what surely ships first, what nothing needs last."""
    every = (finding for group in groups for finding in group.findings)
    ranked = sorted(every, key=lambda finding: importance(scan, finding))
    return list(dict.fromkeys(finding.purl for finding in ranked if finding.purl is not None))


def _one_of_others(scan: Scan, groups: Sequence[Group]) -> str:
    """The first package in question that is not the project itself, of which there is no "why it is there"."""
    known = scan.graph.by_purl
    purls = (purl for group in groups for purl in _by_weight(scan, [group]))
    return next((purl for purl in purls if purl in known and not known[purl].is_first_party), "")


def _named(scan: Scan, purls: Sequence[str]) -> str:
    return listed((label(scan.graph, purl) for purl in purls), MOST_NAMED)


def _others(scan: Scan, groups: Sequence[Group], page: Page) -> None:
    """What does not decide the verdict: a line for each code, and one for notes on what is not shipped."""
    from rich.cells import cell_len

    if not groups:
        return
    idle = set(unshipped(scan, (one for group in groups for one in group.findings)))
    by_code: dict[tuple[Severity, str], set[str]] = {}
    for group in groups:
        told = [one for one in group.findings if one not in idle]
        if told:
            about = by_code.setdefault((group.first.severity, group.first.code), set())
            about.update(one.purl or one.message for one in told)
    page.line()
    page.line(_("Also found, without effect on the verdict"), "bold")
    rows = [
        (f"{len(about):,}", severity_words(severity), page.clean(code, 60), title_of_code(code))
        for (severity, code), about in by_code.items()
    ]
    digits = max((len(row[0]) for row in rows), default=0)
    rows = [(f"{row[0]:>{digits}}", *row[1:]) for row in rows]
    widths = [max((cell_len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in _first(rows, MOST_OTHERS):
        page.row(row, (*widths, max(page.width - sum(widths) - 8, 10)), 2)
    _rest(len(rows) - len(_first(rows, MOST_OTHERS)), page, FINDINGS)
    if idle:
        said = ngettext(
            "{count} note on packages that are not shipped: `{command}`",
            "{count} notes on packages that are not shipped: `{command}`",
            len(idle),
        )
        page.line(said.format(count=f"{len(idle):,}", command=f"{FINDINGS} --not-shipped"), indent=2)


def _waived(scan: Scan, page: Page) -> None:
    """What somebody answers for, with who and until when."""
    waived = [finding for finding in scan.findings if finding.waiver]
    if not waived:
        return
    page.line()
    page.line(ngettext("Waived ({count})", "Waived ({count})", len(waived)).format(count=f"{len(waived):,}"), "bold")
    shown = _first(waived, MOST_WAIVED)
    for finding in shown:
        page.prose(f"{page.clean(finding.code, 60)}: {_short(finding.message)}", indent=2, hanging=2)
        page.prose(_short(finding.waiver), indent=4, hanging=2)
    _rest(len(waived) - len(shown), page, FINDINGS)


def _surfaces(scan: Scan, page: Page) -> None:
    """Each artefact in one line."""
    if not scan.surfaces:
        return
    page.line()
    page.line(_("Surfaces"), "bold")
    shown = _first(scan.surfaces, MOST_SURFACES)
    for surface in shown:
        write_surface(scan, surface, page)
    _rest(len(scan.surfaces) - len(shown), page)


def _assumed(scan: Scan, page: Page) -> None:
    assumed = [*scan.project.assumptions, *(sentence for surface in scan.surfaces for sentence in surface.assumed)]
    if not assumed:
        return
    page.line()
    page.line(_("Assumptions"), "bold")
    shown = _first(assumed, MOST_ASSUMED)
    for sentence in shown:
        page.prose(_short(sentence), indent=2, hanging=2)
    _rest(len(assumed) - len(shown), page)


def _next(scan: Scan, groups: Sequence[Group], page: Page) -> None:
    """Three steps: into one finding, into one package of others, to the rest."""
    page.line()
    if groups:
        first = groups[0]
        page.line(_("Next steps"), "bold")
        steps = [(f"licscan findings {first.first.code}", _("what it means, and how to fix it"))]
        if purl := _one_of_others(scan, groups):
            package = f"licscan why {shlex.quote(name_of(scan.graph, purl))}"
            steps.append((package, _("why a package is there, and what follows from its license")))
        steps.append((FINDINGS, _("every finding, with its packages and paths")))
        told = [f"`{page.clean(_there(command, page), 400)}`" for command, _what in steps]
        longest = max(map(len, told))
        fits = not page.cuts or 4 + longest + max(len(what) for _command, what in steps) <= page.width
        for command, (_command, what) in zip(told, steps, strict=True):
            if fits:
                page.line(f"{command:<{longest}}  {what}", indent=2)
            else:  # a command that is cut is none
                page.prose(command, indent=2, hanging=2)
                page.prose(what, indent=6)
    elif not scan.graph.components:
        page.prose(_("Next: name a folder that contains a manifest or lockfile."))
    page.prose(_(NOT_ADVICE))


def _short(text: str) -> str:
    """What fits a screen, cut between sentences, else between items, else between words; `licscan findings` has all."""
    if len(text) <= LONGEST:
        return text
    if (end := max(text.rfind(stop, 0, LONGEST) for stop in (". ", "。"))) > LONGEST // 4:
        return text[: end + 1] + " …"
    if (end := max(text.rfind(comma, 0, LONGEST) for comma in (", ", "、", "，"))) > LONGEST * 2 // 3:
        return text[: end + 1] + " …"
    return text[:LONGEST].rpartition(" ")[0] + " …"


def _there(command: str, page: Page) -> str:
    """The command as it works from where the person is."""
    if not page.project:
        return command
    option = "" if command.startswith("licscan scan") else "--project "
    return f"{command} {option}{shlex.quote(page.project)}"


def _first(items: Sequence[T], most: int) -> Sequence[T]:
    """The first of a list; all of it where only one is left, since a line that counts takes as much room."""
    return items if len(items) <= most + 1 else items[:most]


def _rest(count: int, page: Page, command: str = "licscan scan --all") -> None:
    if count > 0:
        told = _("{more} and {count} more: `{command}`")
        page.prose(told.format(more=page.more, count=f"{count:,}", command=_there(command, page)), indent=2, hanging=2)
