"""The packages of a commit under the project's own settings: the same rules as a scan, asked of few components."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from licscan.base import clock
from licscan.compare.drift import Earlier
from licscan.config import Config
from licscan.judge import (
    NOTHING_SIGNED,
    PROPRIETARY,
    Day,
    Policy,
    Signed,
    clarify,
    finalize_findings,
    judge,
    judge_surfaces,
    judgements,
    outbound_of,
    policy_of,
    told_settings,
)
from licscan.model import Conclusion, Finding, Graph, Problem, Sources

if TYPE_CHECKING:
    from licscan.review.chain import Ledger

_ABOUT_FILES = frozenset(
    {
        "content-noncommercial",
        "content-restricted",
        "content-stock-source",
        "ai-mark",
        "lock-out-of-date",
        "input-unreadable",
        "entry-not-understood",
        "dependency-unresolved",
        "source-vendored",
        "copied-code",
        "source-unlicensed",
        "license-drift",
        "ledger-broken",
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a graph around what the commit brings, and what is concluded of them and the roots."""

    graph: Graph
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    brought: Collection[str]
    sources: Sources | None = None
    own: tuple[Finding, ...] = ()
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    offline: bool = True


def judge_new(subject: Subject, config: Config, decisions: Ledger | None = None) -> tuple[Finding, ...]:
    """The findings about what the commit brings, waivers and decisions applied; loudest first."""
    day = Day(clock.today())
    conclusions, lapses = clarify(subject.graph, subject.conclusions, config.clarifications)
    outbound = outbound_of(subject.graph, conclusions, config.outbound)
    rules = policy_of(config.policy, proprietary=outbound[0] == PROPRIETARY)
    policy = Policy(*outbound, rules, offline=subject.offline)
    settings = told_settings(config, conclusions, policy.licenses, day)
    surfaces = judge_surfaces(subject.graph, conclusions, policy.outbound, settings)
    found = judge(
        subject.graph, conclusions, subject.problems, policy, subject.sources, surfaces, None, subject.earlier
    )
    kept = replace(config, components=(), entitlements=(), grants=(), policy=replace(config.policy, rules=()))
    signed = NOTHING_SIGNED
    if decisions is not None:
        kinds = tuple(sorted(judged.surface for judged in surfaces))
        signed = Signed(decisions, kinds, judgements(surfaces))
    every = finalize_findings((*found, *lapses, *subject.own), kept, subject.graph, conclusions, day, signed)
    return tuple(finding for finding in every if _is_meant(finding, subject.brought))


def _is_meant(finding: Finding, brought: Collection[str]) -> bool:
    """Whether it is about what the commit brings: entries of licscan.toml about other packages are the scan's."""
    return finding.purl in brought if finding.purl else finding.code in _ABOUT_FILES
