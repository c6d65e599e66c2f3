"""Conclusions -> findings: what stands against shipping, what cannot be told, and what to do about it."""

from __future__ import annotations

from licscan.judge.outbound import PROPRIETARY, outbound_of
from licscan.judge.policy import Policy
from licscan.judge.rules import RULES, judge

__all__ = ["PROPRIETARY", "RULES", "Policy", "judge", "outbound_of"]
