"""The licenses of SPDX 3 as expressions: written as one, or built of elements; without recursion."""

from __future__ import annotations

import re

from licscan.model import NOASSERTION, NONE
from licscan.sbom.read.spdx3_elements import Elements
from licscan.sbom.read.values import Values

MAX_PARTS = 500
"""Elements that one license may be built of: more is nonsense, or a circle."""

_LISTED = re.compile(r"https?://spdx\.org/licenses/([A-Za-z0-9.+-]+)")
_SETS = {"expandedlicensing_ConjunctiveLicenseSet": " AND ", "expandedlicensing_DisjunctiveLicenseSet": " OR "}


class Licenses:
    """Expressions by the identifiers of license elements; each is made once."""

    def __init__(self, elements: Elements):
        self._elements = elements
        self._made: dict[str, str] = {}

    def expression(self, ref: str) -> str:
        """The expression; NOASSERTION for an element that is not there, a circle, or nonsense."""
        if ref not in self._made:
            self._made[ref] = self._build(ref)
        return self._made[ref]

    def _build(self, start: str) -> str:
        """Members first, then what is made of them."""
        made: dict[str, str] = {}
        stack, left = [start], MAX_PARTS
        while stack:
            left -= 1
            ref = stack[-1]
            values = self._elements.get(ref)
            members = [one for one in self._members(values) if one not in made] if values else []
            if left < 0 or any(one in stack for one in members):
                return NOASSERTION
            if members:
                stack += members
                continue
            made[ref] = self._one(ref, values, made)
            stack.pop()
        return made[start]

    def _members(self, values: Values) -> list[str]:
        keys = ("member", "subjectLicense", "subjectExtendableLicense", "subjectAddition")
        return [ref for key in keys for ref in self._elements.refs(values, f"expandedlicensing_{key}")]

    def _one(self, ref: str, values: Values | None, made: dict[str, str]) -> str:
        if values is None:
            return _named(ref)
        type_ = self._elements.type(values)
        members = [made[one] for one in dict.fromkeys(self._members(values))]
        if type_ == "simplelicensing_LicenseExpression":
            return values.text("simplelicensing_licenseExpression") or NOASSERTION
        if type_ in _SETS and members:
            return _SETS[type_].join(f"({one})" if " " in one else one for one in members)
        if type_ == "expandedlicensing_WithAdditionOperator" and len(members) == 2:
            return " WITH ".join(members)
        if type_ == "expandedlicensing_OrLaterOperator" and len(members) == 1:
            return members[0].removesuffix("-only") + "-or-later" if "GPL" in members[0] else f"{members[0]}+"
        if type_.startswith("expandedlicensing_Listed"):
            return _named(ref)
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", values.text("name") or ref.rpartition("#")[2]).strip("-")
        prefix = "AdditionRef-" if "Addition" in type_ else "LicenseRef-"
        return name if name.startswith(prefix) else f"{prefix}{name or 'unnamed'}"


def _named(ref: str) -> str:
    """A license that is only named: of the SPDX list, or one of the two that say nothing."""
    last = ref.rpartition("/")[2].rpartition("_")[2]
    if last in ("NoneLicense", "NoAssertionLicense"):
        return NONE if last == "NoneLicense" else NOASSERTION
    listed = _LISTED.fullmatch(ref)
    return listed[1] if listed else NOASSERTION
