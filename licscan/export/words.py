"""Words that several formats say."""

from __future__ import annotations

from licscan.base.messages import N_, _, current_language
from licscan.base.terms import SEVERITIES
from licscan.compare.codes import told_of
from licscan.model import Severity, Verdict

VERDICTS = {
    Verdict.OK: N_("May ship: nothing was found that blocks it."),
    Verdict.VIOLATION: N_("May not ship as it is."),
    Verdict.CANNOT_TELL: N_("Cannot tell whether it may ship."),
}
_NAMES = {Verdict.OK: N_("ok"), Verdict.VIOLATION: N_("violation"), Verdict.CANNOT_TELL: N_("cannot tell")}


def verdict_words(verdict: Verdict) -> str:
    """The answer of a scan, as a sentence."""
    return _(VERDICTS[verdict])


def verdict_name(verdict: Verdict) -> str:
    """The verdict as a word of its own, for a column; in English its value."""
    return verdict.value if current_language() == "en" else _(_NAMES[verdict])


def severity_words(severity: Severity) -> str:
    """How loud a finding is, as a word."""
    return _(SEVERITIES[severity])


def title_of_code(code: str) -> str:
    """The title of a finding's code; the code itself where the table does not have it."""
    return told_of(code).title
