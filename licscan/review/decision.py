"""One decision of a person about a finding, and the one way in which it is written."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from licscan.base.messages import _
from licscan.model import NOASSERTION
from licscan.packages.patterns import PackagePattern, read_pattern

MAX_WORDS = 4_000
"""The longest text of a field, in characters."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FIELDS_OF_DIGESTS = ("evidence", "text", "origin")


class Verb(StrEnum):
    """What was decided; the first two cover the finding, the next two stand beside it, the last takes one back."""

    ACCEPT = "accept"
    WAIVE = "waive-until"
    ENTITLE = "needs-entitlement"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


COVERING = frozenset({Verb.ACCEPT, Verb.WAIVE})


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """What a person decided, and on what it rests.

    `when` is ISO 8601 in UTC, `until` the last day of a waiver. `package` is a PackageURL without version; `versions` a
    range that holds instead of `version`. `setting` says how the surface reaches people and under which license.
    `license` is the effective license, `text` the digest of the license texts, `evidence` that of statements and texts.
    `origin` is the digest of the entry of another ledger from which it came, and `carried_by` who brought it, when.
    """

    verb: Verb
    code: str
    package: str
    version: str
    surface: str
    who: str
    when: str
    why: str
    evidence: str
    license: str = NOASSERTION
    text: str = ""
    setting: str = ""
    until: str = ""
    versions: str = ""
    origin: str = ""
    carried_by: str = ""

    @property
    def covers(self) -> bool:
        """Whether the finding does not count while the decision stands."""
        return self.verb in COVERING

    @property
    def subject(self) -> tuple[str, ...]:
        """What it is about: a later decision with the same subject takes its place."""
        return (self.package, self.code, self.surface, self.versions or self.version)

    @property
    def range(self) -> PackagePattern | None:
        """The versions for which it holds, where that is not one."""
        return read_pattern(f"{self.package}@{self.versions}") if self.versions else None

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return bool(self.until) and today > date.fromisoformat(self.until)


def canonical(decision: Decision) -> str:
    """The decision as JSON: keys sorted, no white space, ASCII alone; equal decisions give equal bytes."""
    return json.dumps(asdict(decision), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def read_decision(entry: object) -> Decision:
    """The decision in a JSON object. ValueError with a sentence that names the field where it is none."""
    if not isinstance(entry, dict):
        raise ValueError(_("should be a JSON object"))
    known = {one.name for one in fields(Decision)}
    for name, value in entry.items():
        if name not in known:
            raise ValueError(_("has an unknown field: {name}").format(name=str(name)[:60]))
        if not isinstance(value, str) or len(value) > MAX_WORDS:
            raise ValueError(
                _("{name} should be a text of at most {most} characters").format(name=name, most=MAX_WORDS)
            )
    for name in ("verb", "code", "package", "who", "when", "why", "evidence"):
        if not entry.get(name, "").strip():
            raise ValueError(_("{name} is missing").format(name=name))
    try:
        verb = Verb(entry["verb"])
    except ValueError as error:
        raise ValueError(_("a decision is one of {names}").format(names=_(", ").join(Verb))) from error
    return checked(Decision(**{"version": "", "surface": "", **entry, "verb": verb}))


def checked(decision: Decision) -> Decision:
    """The decision; ValueError with a sentence where its parts do not fit each other."""
    if (decision.verb is Verb.WAIVE) != bool(decision.until):
        raise ValueError(_("waive-until needs its last day, and no other decision has one"))
    try:
        if decision.until and date.fromisoformat(decision.until).isoformat() != decision.until:
            raise ValueError
    except ValueError as error:
        raise ValueError(_("until should be a day such as 2027-01-31")) from error
    try:
        datetime.strptime(decision.when, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError as error:
        raise ValueError(_("when should be a moment such as 2027-01-31T12:00:00Z")) from error
    for name in _FIELDS_OF_DIGESTS:
        value = getattr(decision, name)
        if value and not _DIGEST.fullmatch(value):
            raise ValueError(_("{name} should be sha256: and 64 hexadecimal digits").format(name=name))
    pattern = read_pattern(decision.package)
    if pattern.versions or "*" in decision.package:
        raise ValueError(_("package should be one PackageURL without a version"))
    if decision.versions:
        read_pattern(f"{decision.package}@{decision.versions}")
    return decision
