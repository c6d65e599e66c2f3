"""What changed in a component's license since an earlier version: two conclusions held against each other.

Pure. Only like is compared with like: what nobody looked at, then or now, did not change. A text with another digest in
which the same licenses and the same copyright statements were found is the same text in other white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from licscan.base.messages import _
from licscan.model import NOASSERTION, NONE, Component, ComponentKind, Conclusion, Evidence, EvidenceKind, Graph

_OWN = (EvidenceKind.FILE, EvidenceKind.TAG, EvidenceKind.README)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A package of an earlier scan, or of the commit before, with what was concluded of it."""

    ecosystem: str
    name: str
    version: str | None
    conclusion: Conclusion


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed, each as a sentence; empty where nothing of the kind did.

    `license` is a change of the license itself, `text` of what its texts say, `gone` a text or notice that is there no
    longer, `names` holders, years or notices.
    """

    license: str = ""
    text: str = ""
    gone: str = ""
    names: str = ""

    def __bool__(self) -> bool:
        return bool(self.license or self.text or self.gone or self.names)

    @property
    def sentences(self) -> str:
        """All of it, gravest first."""
        return " ".join(one for one in (self.license, self.text, self.gone, self.names) if one)


def pair(graph: Graph, earlier: Iterable[Earlier]) -> dict[str, Earlier]:
    """For each package the earlier one to hold it against: itself, else the nearest version that is gone, else any."""
    known: dict[tuple[str, str], list[Earlier]] = {}
    for one in earlier:
        known.setdefault((one.ecosystem, one.name.lower()), []).append(one)
    found = {}
    for component in graph.components:
        candidates = known.get((component.ecosystem, component.name.lower()), [])
        if component.kind is ComponentKind.PACKAGE and candidates:
            found[component.purl] = _nearest(component, candidates, graph.by_purl)
    return found


def _nearest(component: Component, candidates: list[Earlier], now: Mapping[str, Component]) -> Earlier:
    same = [one for one in candidates if one.conclusion.purl == component.purl]
    went = [one for one in candidates if one.conclusion.purl not in now]
    below = [one for one in went or candidates if _version(one.version) <= _version(component.version)]
    return (same or [max(below or went or candidates, key=lambda one: (_version(one.version), one.conclusion.purl))])[0]


def _version(version: str | None) -> tuple[int, ...]:
    """A rough order of versions, by their numbers alone."""
    return tuple(int(digits[:9]) for digits in _DIGITS.findall(version or "")[:6])


def drift(old: Conclusion, new: Conclusion) -> Drift:
    """What changed from one conclusion to the other."""
    if new.clarified or old.clarified:
        return Drift()  # a person has answered, bound to the evidence
    if old.purl == new.purl and not _other_texts(old, new):
        return Drift()  # the same bytes: whatever is concluded now is another reading, no other license
    looked = old.detected is not None and new.detected is not None
    license_ = _license(old, new)
    return Drift(
        license_,
        _text(old, new) if looked and not license_ else "",
        _gone(old, new) if looked else "",
        _names(old, new) if looked else "",
    )


def _other_texts(old: Conclusion, new: Conclusion) -> bool:
    if old.detected is None or new.detected is None:
        return False
    return _digests(old) != _digests(new)


def _digests(conclusion: Conclusion) -> set[str]:
    return {evidence.sha256 for evidence in conclusion.evidence if evidence.sha256}


def _was_looked_at(conclusion: Conclusion) -> bool:
    return any(evidence.method != "none" or evidence.sha256 for evidence in conclusion.evidence)


def _license(old: Conclusion, new: Conclusion) -> str:
    """A license that is another one, that nobody can tell any longer, or that can be told now."""
    if old.concluded == new.concluded or not _was_looked_at(old):
        return ""
    if not _was_looked_at(new) and not (new.concluded == NONE or new.license_files or new.detected is not None):
        return ""
    return _("The license was {old} ({old_place}) and is now {new} ({new_place}).").format(
        old=display_license(old.concluded),
        old_place=_place(old),
        new=display_license(new.concluded),
        new_place=_place(new),
    )


def display_license(expression: str) -> str:
    """An expression as people say it."""
    return {NOASSERTION: _("unknown"), NONE: _("none")}.get(expression, expression)


def _place(conclusion: Conclusion) -> str:
    """Where the conclusion comes from: the most trusted statement, else a text."""
    said = [
        e for e in conclusion.evidence if e.method != "none" and e.kind not in (EvidenceKind.PART, EvidenceKind.NOTICE)
    ]
    agreeing = [evidence for evidence in said if evidence.expression == conclusion.concluded]
    for evidence in (*agreeing, *said):
        return (
            f"{evidence.field}, {evidence.location}"
            if evidence.field not in str(evidence.location)
            else str(evidence.location)
        )
    return _("no statement")


def _own(conclusion: Conclusion) -> list[Evidence]:
    return [e for e in conclusion.evidence if e.kind in _OWN and e.sha256 and e.expression]


def _text(old: Conclusion, new: Conclusion) -> str:
    """Texts that say something else though the conclusion is the same."""
    was, now = ({e.expression or "" for e in _own(one)} for one in (old, new))
    if not was or not now or was == now:
        return ""
    return _("Its license texts were {old} and are now {new}.").format(
        old=_(", ").join(sorted(was)), new=_(", ").join(sorted(now))
    )


def _gone(old: Conclusion, new: Conclusion) -> str:
    """A license text or a notice that was in the package and is not."""
    gone = []
    if _own(old) and not _own(new):
        gone += [e.location.path for e in _own(old)]
    if old.notice_files and not new.notice_files:
        gone += old.notice_files
    if not gone:
        return ""
    return _("These texts no longer exist: {paths}.").format(paths=_(", ").join(sorted(set(gone))[:5]))


def _names(old: Conclusion, new: Conclusion) -> str:
    """Holders that came or went, or the words of a statement: what stands in the notices has to be renewed."""
    if not old.copyrights or not new.copyrights or not _other_texts(old, new):
        return ""
    was, now = (
        {c.holder.casefold(): c.holder for c in one.copyrights if c.holder and not c.template} for one in (old, new)
    )
    came, went = (sorted(a[key] for key in a.keys() - b.keys()) for a, b in ((now, was), (was, now)))
    if came or went:
        told = [f"+ {name}" for name in came[:5]] + [f"- {name}" for name in went[:5]]
        return _("Its copyright holders differ: {names}.").format(names=_("; ").join(told))
    if {_words(c.statement) for c in old.copyrights} != {_words(c.statement) for c in new.copyrights}:
        return _("The years or wording of its copyright statements have changed.")
    return ""


def _words(statement: str) -> str:
    return " ".join(statement.split()).casefold()
