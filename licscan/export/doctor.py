"""What became of the packages that fool license gates, under one policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licscan.base.messages import N_, NOT_ADVICE, _
from licscan.compose.doctor import Canary, findings_of, loudest_of
from licscan.export.page import Page, page_for
from licscan.export.words import verdict_name
from licscan.model import Scan

if TYPE_CHECKING:
    from rich.console import Console

ANSWERS = {
    "violation": N_("stopped"),
    "cannot-tell": N_("asked about"),
    "named": N_("named, passes"),
    "": N_("PASSES SILENTLY"),
}
"""What `canaries.heard` says, in words."""
STYLES = {"violation": "green", "cannot-tell": "green", "named": "", "": "bold red"}
WIDTHS = (4, 16, 28)


def render(scan: Scan, chosen: list[Canary], console: Console, *, every: bool = False) -> None:
    """Print a line for each package, and the sum; `every` prints their findings too."""
    page = page_for(console)
    write(scan, chosen, page, every=every)
    page.show(console)


def to_text(scan: Scan, chosen: list[Canary], *, every: bool = False) -> str:
    """The same as plain text."""
    page = Page(100)
    write(scan, chosen, page, every=every)
    return page.plain


def undetected(scan: Scan, chosen: list[Canary]) -> list[Canary]:
    """Those of which nothing is said, though something should be."""
    return [canary for canary in chosen if not is_harmless(canary) and not loudest_of(findings_of(scan, canary))]


def is_harmless(canary: Canary) -> bool:
    """Whether it is one that must raise no alarm."""
    return list(canary["must"]) == ["pass"]


def write(scan: Scan, chosen: list[Canary], page: Page, *, every: bool) -> None:
    """The page."""
    widths = (*WIDTHS, max(page.width - sum(WIDTHS) - 2 * len(WIDTHS), 10))
    for canary in chosen:
        findings = findings_of(scan, canary)
        answer = loudest_of(findings)
        harmless = is_harmless(canary) and answer in ("", "named")
        what = _("harmless, passes") if harmless else _(ANSWERS[answer])
        open_ = dict.fromkeys(finding.code for finding in findings if not finding.waiver)
        waived = dict.fromkeys(finding.code for finding in findings if finding.waiver)
        said = _(", ").join(open_) or (_("waived: {codes}").format(codes=_(", ").join(waived)) if waived else "-")
        style = STYLES["named" if harmless else answer]
        page.row((canary["id"], what, canary["name"], said), widths, 0, ("", style))
        for finding in findings if every else ():
            page.prose(
                _("{subject}: {message}").format(subject=verdict_name(finding.verdict), message=finding.message),
                indent=6,
                hanging=2,
            )
    page.line()
    for sentence in scan.project.assumptions:
        page.prose(sentence)
    page.prose(_sum(len(undetected(scan, chosen)), len(chosen)))
    page.prose(_(NOT_ADVICE))


def _sum(count: int, of: int) -> str:
    if count:
        message = _("{count} of {all} pass silently under this policy: check what it allows and waives.")
        return message.format(count=f"{count:,}", all=of)
    return _("None of {all} passes silently under this policy.").format(all=of)


def to_json(scan: Scan, chosen: list[Canary]) -> str:
    """Each package with what it tries, what was found of it, and whether it passes in silence."""
    from licscan.export.facts import text_of

    silent = {canary["id"] for canary in undetected(scan, chosen)}
    return text_of(
        {
            "packages": [
                {
                    "id": canary["id"],
                    "name": canary["name"],
                    "is_harmless": is_harmless(canary),
                    "is_silent": canary["id"] in silent,
                    "findings": [
                        {
                            "code": one.code,
                            "verdict": one.verdict.value,
                            "waived": bool(one.waiver),
                            "message": one.message,
                        }
                        for one in findings_of(scan, canary)
                    ],
                }
                for canary in chosen
            ],
            "assumptions": list(scan.project.assumptions),
            "silent": len(silent),
            "disclaimer": _(NOT_ADVICE),
        }
    )
