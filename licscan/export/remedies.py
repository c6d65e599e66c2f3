"""What helps against findings, in as few lines as say it of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from licscan.base.messages import _
from licscan.compare.grouping import Group, of_each, remedies_of
from licscan.export.page import label
from licscan.model import Finding, Scan

MOST_CASES = 4
"""So many cases of a finding that are helped in different ways are told apart; of more, `licscan why` tells."""


def remedies_for(scan: Scan, shown: Sequence[Finding]) -> list[str]:
    """What helps in each case; where the cases differ, what helps in all of them and where to read the rest."""
    different = {finding.remedies for finding in shown}
    if len(different) == 1:
        return list(shown[0].remedies)
    if len({finding.purl for finding in shown}) == 1:
        shared = [one for one in shown[0].remedies if all(one in finding.remedies for finding in shown)]
        return [*shared, _("`licscan why PACKAGE` shows its remedies.")]
    if shown[0].code == "license-duties":
        return [_("`licscan duties` lists what to provide, once for each surface.")]
    common = remedies_of(scan, Group(tuple(shown)))
    if len(different) <= MOST_CASES:
        return [*common, *_in_each_case(scan, shown, common)]
    return [*common, _("`licscan why PACKAGE` shows its remedies.")]


def _in_each_case(scan: Scan, shown: Sequence[Finding], common: Sequence[str]) -> list[str]:
    """What helps first in each case, with the packages that it helps, beside what helps in all of them."""
    cases: dict[str, list[str]] = {}
    for finding in shown:
        own = next((one for one in finding.remedies if not {one, of_each(scan, finding, one)} & {*common}), "")
        if own:
            cases.setdefault(own, []).append(label(scan.graph, finding.purl or ""))
    return [
        _("{names}: {remedy}").format(names=_(", ").join(dict.fromkeys(names)), remedy=remedy)
        for remedy, names in cases.items()
    ]
