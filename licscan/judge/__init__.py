"""Conclusions -> findings: what stands against shipping, what cannot be told, and what to do about it."""

from __future__ import annotations

from licscan.judge.attribution_rules import minds_changes, wants_holder
from licscan.judge.clarifications import clarify
from licscan.judge.decisions import NOTHING_SIGNED, Signed
from licscan.judge.entries import Day
from licscan.judge.maintenance import CODES, finalize_findings
from licscan.judge.outbound import PROPRIETARY, outbound_of
from licscan.judge.policies import LicensePolicy, policy_of
from licscan.judge.policy import Policy
from licscan.judge.records import records_of, told_settings
from licscan.judge.rules import RULES, judge, judge_surfaces
from licscan.judge.settings import NO_SETTINGS, PartRoot, Settings
from licscan.judge.works import judgements

__all__ = [
    "CODES",
    "NOTHING_SIGNED",
    "NO_SETTINGS",
    "PROPRIETARY",
    "RULES",
    "Day",
    "LicensePolicy",
    "PartRoot",
    "Policy",
    "Settings",
    "Signed",
    "clarify",
    "finalize_findings",
    "judge",
    "judge_surfaces",
    "judgements",
    "minds_changes",
    "outbound_of",
    "policy_of",
    "records_of",
    "told_settings",
    "wants_holder",
]
