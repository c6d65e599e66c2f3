"""Decisions in the report: all of the ledger, each with how it stands; who signed what stands; a chain that broke."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lxml import html

from licscan.model import Finding, Scan, Severity
from licscan.report import render
from licscan.report.signed import signed
from licscan.review.chain import Broken, Ledger, chained
from licscan.review.decision import Decision, Verb
from licscan.review.open import decidable, subjects_of
from tests.factories import COPYLEFT, LEFT, empty_scan, rich_scan
from tests.report.test_page import text_of

TODAY = date(2026, 5, 1)


def decision(scan: Scan, finding: Finding, verb: Verb, who: str, why: str, until: str = "") -> Decision:
    subject = subjects_of(scan).of(finding)
    assert subject is not None
    return subject.decided(verb, who, "2026-03-04T05:06:07Z", why, until)


def ledger_of(scan: Scan) -> Ledger:
    """Of the first findings one replaced, one waived whose day has passed, one accepted and taken back."""
    found = [one for one in decidable(scan) if subjects_of(scan).of(one) is not None][:3]
    verbs = (Verb.REPLACE, Verb.WAIVE, Verb.ACCEPT)
    made = [
        decision(scan, one, verb, "<b>Ada</b>", "in <i>2.5</i>", "2026-04-01" if verb is Verb.WAIVE else "")
        for one, verb in zip(found, verbs, strict=False)
    ]
    if len(made) == len(verbs):
        made.append(replace(made[-1], verb=Verb.WITHDRAW, who="Bob", why="linked after all"))
    return Ledger(tuple(chained(made)))


def three() -> Scan:
    """A scan with three findings about packages."""
    found = [
        Finding("license-review", Severity.WARNING, purl=purl, message=purl, surface="server", verdict=verdict)
        for purl, verdict in ((COPYLEFT, rich_scan().findings[0].verdict), (LEFT, rich_scan().findings[0].verdict))
    ]
    return replace(rich_scan(), findings=(*found, replace(found[0], code="policy-review")))


def test_each_decision_is_told_with_how_it_stands_today() -> None:
    scan = three()
    told = signed(scan, ledger_of(scan), TODAY)
    assert [one.state for one in told.lines] == ["stands", "lapsed", "withdrawn", "withdrawal"]
    assert told.people == (("<b>Ada</b>", 1),)
    assert told.lines[1].changes[0].en == "it expired on 2026-04-01"
    page = text_of(render(scan, decided=told), "waived")
    for words in (
        "to be replaced",
        "waived until 2026-04-01",
        "withdrawn",
        "withdraws an earlier decision",
        told.head,
    ):
        assert words in page
    assert "<b>Ada</b> (1)" in text_of(render(scan, decided=told), "ship")


def test_what_somebody_wrote_in_a_decision_is_text() -> None:
    scan = three()
    page = html.fromstring(render(scan, decided=signed(scan, ledger_of(scan), TODAY)))
    assert not page.xpath("//section[@id='waived']//b | //section[@id='waived']//i")


def test_without_decisions_nobody_has_signed() -> None:
    assert "Nobody yet." in text_of(render(empty_scan(), decided=signed(empty_scan(), None, TODAY)), "ship")
    assert "No decision was signed." in text_of(render(empty_scan()), "waived")


def test_a_chain_that_does_not_hold_is_said_in_both_languages() -> None:
    scan = rich_scan()
    told = signed(scan, Ledger((), Broken(1, "", "it is gone")), TODAY)
    assert "The ledger is broken, so none of its decisions count: entry 1: it is gone" in text_of(
        render(scan, decided=told), "waived"
    )
    assert "台账未通过校验，其中的决定均不生效" in text_of(render(scan, decided=told), "waived", "zh")
