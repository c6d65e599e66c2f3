"""The last step of a judgement: waivers over the findings, and what is to be said of licscan.toml itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from licscan.config.settings import Config
from licscan.judge.decisions import NOTHING_SIGNED, Signed, apply_decisions
from licscan.judge.entries import Day
from licscan.judge.findings import order
from licscan.judge.records import findings_of_content, findings_of_records, unused_settings
from licscan.judge.rules import RULES
from licscan.judge.waivers import apply_waivers
from licscan.model import Conclusion, Finding, Graph
from licscan.model.content import Content, Question

MAINTENANCE_CODES = (
    "waiver-expired",
    "waiver-lapsed",
    "waiver-unused",
    "waiver-too-broad",
    "clarification-lapsed",
    "clarification-unused",
    "entitlement-expired",
    "entitlement-unused",
    "grant-expired",
    "grant-unused",
    "setting-unused",
    "decision-lapsed",
    "ledger-broken",
)
"""Codes of findings about licscan.toml and the ledger of decisions; nothing waives them."""

CODES = (*RULES, *MAINTENANCE_CODES, *(question.value for question in Question))
"""Every code that a finding can have."""


def finalize_findings(
    findings: Iterable[Finding],
    config: Config,
    graph: Graph,
    conclusions: Mapping[str, Conclusion],
    day: Day,
    signed: Signed = NOTHING_SIGNED,
    content: Content | None = None,
) -> tuple[Finding, ...]:
    """The findings with waivers and decisions on them, and those about what is over, unused or too broad; sorted."""
    waived = apply_waivers(tuple(findings), config.waivers, graph, conclusions, day, content)
    if signed.ledger is not None:
        waived = apply_decisions(waived, signed, graph, conclusions, day)
    records = findings_of_records(config.entitlements, config.grants, graph, conclusions, day)
    unused = unused_settings(config.components, config.policy.rules, graph)
    said = findings_of_content(config.contents, content, day) if content is not None else ()
    return tuple(sorted(dict.fromkeys((*waived, *records, *unused, *said)), key=order))
