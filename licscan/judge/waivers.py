"""Waivers on findings: what is waived stays in the report, marked, and does not count; bad waivers are reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from licscan.base.messages import _
from licscan.compare.digest import evidence_digest
from licscan.config.settings import Waiver
from licscan.judge.entries import Day, about_entry, chosen, entry_label
from licscan.licenses.naming import names_license
from licscan.model import NOASSERTION, NONE, Component, Conclusion, Finding, Graph
from licscan.model.content import Content


@dataclass(frozen=True, slots=True)
class _Known:
    """What a waiver is held against."""

    graph: Graph
    conclusions: Mapping[str, Conclusion]
    content: Mapping[tuple[str, str], tuple[str, ...]]

    def component(self, finding: Finding) -> Component | None:
        return self.graph.by_purl.get(finding.purl or "")

    def is_meant(self, waiver: Waiver, finding: Finding) -> bool:
        """Whether the waiver speaks of the finding, whatever its day and its evidence."""
        if waiver.finding != finding.code or finding.waiver:
            return False
        if waiver.surfaces and finding.surface not in waiver.surfaces:
            return False
        if waiver.packages and not chosen(waiver.packages, self.component(finding)):
            return False
        if waiver.licenses and not self._is_under(waiver.licenses, finding):
            return False
        if not waiver.files:
            return True
        paths = [place.path for place in finding.locations]
        about = self.content.get((finding.code, finding.purl or (paths[0].rpartition("/")[0] if paths else "")))
        if about:
            # some of the files of a group are not the group: who answers for one does not answer for its neighbor
            return all(any(fnmatchcase(path, glob) for glob in waiver.files) for path in about)
        return any(fnmatchcase(path, glob) for path in paths for glob in waiver.files)

    def _is_under(self, licenses: Sequence[str], finding: Finding) -> bool:
        conclusion = self.conclusions.get(finding.purl or "")
        if conclusion is None or conclusion.concluded in (NOASSERTION, NONE):
            return False
        return any(names_license(name, conclusion.concluded) for name in licenses)

    def has_seen(self, waiver: Waiver, finding: Finding) -> bool:
        """Whether the evidence is what the waiver was given for."""
        conclusion = self.conclusions.get(finding.purl or "")
        return not waiver.evidence or (conclusion is not None and evidence_digest(conclusion) in waiver.evidence)


def _files_of(content: Content | None) -> dict[tuple[str, str], tuple[str, ...]]:
    """All files of content that a finding is about, by its code and by its component, or its folder without one."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in content.files if content is not None else ():
        for question in file.questions:
            for home in {file.component, file.path.rpartition("/")[0]} - {""}:
                found.setdefault((question.value, home), []).append(file.path)
    return {key: tuple(paths) for key, paths in found.items()}


def apply_waivers(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    graph: Graph,
    conclusions: Mapping[str, Conclusion],
    day: Day,
    content: Content | None = None,
) -> tuple[Finding, ...]:
    """The findings, those that are waived marked, and what is to be said of the waivers; in no particular order.

    The first waiver that speaks of a finding takes it. One that is over, that was given for other evidence or that
    speaks of everything takes none. One that is narrowed by files takes a finding about content where it names all of
    the files.
    """
    known = _Known(graph, conclusions, _files_of(content))
    marked = list(findings)
    upkeep: list[Finding] = []
    for waiver in waivers:
        meant = [number for number, finding in enumerate(marked) if known.is_meant(waiver, finding)]
        if is_too_broad(waiver):
            upkeep.append(_too_broad(waiver, len(meant)))
        elif day.is_over(waiver.expires):
            upkeep.append(_expired(waiver, len(meant)))
        elif not meant:
            upkeep.append(_unused(waiver))
        else:
            lapsed = [number for number in meant if not known.has_seen(waiver, marked[number])]
            upkeep.extend(_lapsed(waiver, known, [marked[number] for number in lapsed]))
            for number in meant:
                if number not in lapsed:
                    marked[number] = replace(marked[number], waiver=waiver_line(waiver))
    return (*marked, *upkeep)


def is_too_broad(waiver: Waiver) -> bool:
    """Whether neither package nor license nor file narrows it: it would hide what nobody has looked at."""
    narrow = any(not pattern.is_everything for pattern in waiver.packages)
    return not narrow and not _narrow(waiver.licenses) and not _narrow(waiver.files)


def _narrow(globs: Sequence[str]) -> bool:
    return bool(globs) and all(glob.strip("*?/") for glob in globs)


def waiver_line(waiver: Waiver) -> str:
    """Who answers for it, why and until when, in one line."""
    told = _("{reason}, says {owner}, until {day}").format(
        reason=waiver.reason, owner=waiver.owner, day=waiver.expires.isoformat()
    )
    return f"{told}: {waiver.note}" if waiver.note else told


def _subject(waiver: Waiver) -> str:
    return entry_label(waiver.packages, waiver.licenses, waiver.files)


def _expired(waiver: Waiver, count: int) -> Finding:
    message = _("The waiver of {code} for {subject} (owner: {owner}) expired on {day}. Findings under it: {count}.")
    return about_entry(
        "waiver-expired",
        waiver,
        message.format(
            code=waiver.finding,
            subject=_subject(waiver),
            owner=waiver.owner,
            day=waiver.expires.isoformat(),
            count=count,
        ),
    )


def _unused(waiver: Waiver) -> Finding:
    message = _("The waiver of {code} for {subject} (owner: {owner}) covers no finding.")
    return about_entry(
        "waiver-unused", waiver, message.format(code=waiver.finding, subject=_subject(waiver), owner=waiver.owner)
    )


def _too_broad(waiver: Waiver, count: int) -> Finding:
    message = _(
        "The waiver of {code} (owner: {owner}) covers {subject} and is not applied. Findings under it: {count}."
    )
    return about_entry(
        "waiver-too-broad",
        waiver,
        message.format(code=waiver.finding, owner=waiver.owner, subject=_subject(waiver), count=f"{count:,}"),
    )


def _lapsed(waiver: Waiver, known: _Known, findings: Sequence[Finding]) -> Iterator[Finding]:
    message = _(
        "The waiver of {code} for {purl} (owner: {owner}) was given for other evidence; the digest is now {digest}."
    )
    for purl in sorted({finding.purl or "" for finding in findings}):
        conclusion = known.conclusions.get(purl)
        digest = evidence_digest(conclusion) if conclusion else _("unknown")
        told = message.format(code=waiver.finding, purl=purl or _("the scan"), owner=waiver.owner, digest=digest)
        yield about_entry("waiver-lapsed", waiver, told, purl=purl or None)
