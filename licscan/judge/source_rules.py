"""The rules about the project's own files: other licenses in them, other people's work among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from licscan.base.listing import listed
from licscan.base.messages import _, ngettext, run_on
from licscan.judge.case import Case
from licscan.judge.findings import MAX_PATHS, texts_of
from licscan.judge.queries import product_name
from licscan.judge.works import OUTBOUND_OF
from licscan.law.decide import decide
from licscan.law.decisions import Decision, Setting
from licscan.law.vocabulary import RELATIONSHIPS, RULING_RANK, Deployment, Ruling
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, Finding, Severity, SourceGroup, SourceGroupKind, Verdict

MAX_NAMED = 8
"""So many licenses or holders in a sentence; the rest is counted."""
MAX_FILES = 3
MOST_REASONS = 2


def source_foreign_license(case: Case) -> Iterator[Finding]:
    """Files whose headers name a license that is not the project's own, or terms that nobody knows."""
    for group in _groups(case, SourceGroupKind.FOREIGN_LICENSE):
        yield _finding(case, group, "source-foreign-license", _foreign)


def source_vendored(case: Case) -> Iterator[Finding]:
    """Other people's work among the sources, with what is known of it."""
    for group in _groups(case, SourceGroupKind.VENDORED):
        yield _finding(case, group, "source-vendored", _vendored)


def copied_code(case: Case) -> Iterator[Finding]:
    """Files that are the code of a package which no manifest names; never an error on its own word."""
    for group in _groups(case, SourceGroupKind.COPIED):
        own = group.package.startswith("pkg:generic/")
        texts = texts_of("copied-code")
        found = _finding(case, group, "copied-code", _own_copied if own else _copied)
        if own:
            found = _in_words(found, texts["own"])
        elif (group.changed or group.unmarked) and found.why == _(texts["why"]):
            found = _in_words(found, texts["changed"])
        if group.changed and found.verdict is Verdict.OK:
            # both may be allowed, and nobody knows which of them it is
            found = replace(found, verdict=Verdict.CANNOT_TELL)
        if _is_said_to_conflict(case, group):
            found = replace(found, severity=Severity.ERROR, verdict=Verdict.VIOLATION)
        elif found.severity is Severity.ERROR:
            # that the code is the package's is a likeness, which somebody has to look at
            found = replace(found, severity=Severity.WARNING, verdict=Verdict.CANNOT_TELL)
        component = case.graph.by_purl.get(group.purl)
        yield (
            found
            if component is None
            else replace(found, purl=group.purl, paths=case.graph.paths_to(group.purl)[:MAX_PATHS])
        )


def _in_words(found: Finding, texts: dict[str, Any]) -> Finding:
    """The finding with other texts of its code."""
    return replace(found, why=_(texts["why"]), remedies=tuple(_(remedy) for remedy in texts["remedies"]))


def _is_said_to_conflict(case: Case, group: SourceGroup) -> bool:
    """Whether the copy itself, or the text beside it, names a license that forbids the use: no likeness."""
    if not group.stated or group.in_tests:
        return False
    return _strictest(case, (group.stated,)).ruling is Ruling.CONFLICT


def source_unlicensed(case: Case) -> Iterator[Finding]:
    """Other people's work of which nothing says under which license it is."""
    for group in _groups(case, SourceGroupKind.UNLICENSED):
        yield _finding(case, group, "source-unlicensed", _unlicensed)
    for group in _groups(case, SourceGroupKind.OTHER_HOLDER):
        yield _finding(case, group, "source-unlicensed", _other_holder, loudness="holder")


def _groups(case: Case, kind: SourceGroupKind) -> Iterator[SourceGroup]:
    return (group for group in (case.sources.groups if case.sources else ()) if group.kind is kind)


def _finding(
    case: Case, group: SourceGroup, code: str, say: Callable[[Case, SourceGroup], str], loudness: str = ""
) -> Finding:
    """The finding of one group: rated as a component under the same license is."""
    texts = texts_of(code)
    told = group.expression not in (NOASSERTION, NONE)
    decision = _decision(case, group) if told else None
    message, why, remedies = say(case, group), texts["why"], texts["remedies"]
    severity = Severity(texts.get(f"severity_{loudness}", texts["severity"] if told else texts["severity_unknown"]))
    if decision is not None and decision.ruling is not Ruling.OK:
        severity = Severity.ERROR if decision.ruling is Ruling.CONFLICT else Severity.WARNING
        why = run_on(*map(str, decision.reasons[:MOST_REASONS])) or why
        remedies = texts["remedies_restricted"]
        message = _("{message} {license} must be checked against {outbound}.").format(
            message=message,
            license=", ".join(decision.blocking) or decision.license,
            outbound=product_name(case),
        )
    if group.in_tests:
        severity = Severity.NOTE
        message = _("{message} The place is named for tests, and is taken as not shipped.").format(message=message)
    return Finding(
        code=code,
        severity=severity,
        verdict=_verdict(decision),
        purl=None,
        message=message,
        why=_(why),
        remedies=tuple(_(remedy) for remedy in remedies),
        locations=group.locations,
    )


def _decision(case: Case, group: SourceGroup) -> Decision:
    """What follows of copied code on the surfaces that it is on; else where it is strictest.

    Nobody knows on which of the surfaces a file of the project ends up that belongs to no component.
    """
    component = case.graph.by_purl.get(group.purl)
    if component is not None and component.is_copied and (outcomes := case.outcomes.get(component.purl)):
        return max((one.decision for one in outcomes), key=lambda one: RULING_RANK[one.ruling])
    return _strictest(case, (group.expression, group.stated) if group.changed else (group.expression,))


def _strictest(case: Case, expressions: Iterable[str]) -> Decision:
    """The worst of what follows for some licenses on all surfaces."""
    settings = [
        Setting(OUTBOUND_OF.get(one, one), RELATIONSHIPS["vendored-file"], Deployment(judged.surface.deployment))
        for judged in case.surfaces
        for one in (judged.surface.outbound,)
    ]
    decisions = (decide(expression, one) for expression in expressions for one in settings)
    return max(decisions, key=lambda one: RULING_RANK[one.ruling])


def _verdict(decision: Decision | None) -> Verdict:
    if decision is None or decision.ruling is Ruling.REVIEW:
        return Verdict.CANNOT_TELL
    return Verdict.VIOLATION if decision.ruling is Ruling.CONFLICT else Verdict.OK


# --- sentences --------------------------------------------------------------------------------------------------------


def _foreign(case: Case, group: SourceGroup) -> str:
    where = _where(group)
    if group.expression == NOASSERTION:
        return _("{where}: a license notice that licscan does not know.").format(where=where)
    own = _(", ").join(case.sources.own_licenses[:MAX_NAMED]) if case.sources else ""
    license_ = _covered(group, _license(group))
    if group.beside_own:
        return _("{where}: {license} is named alongside the project's own license.").format(
            where=where, license=license_
        )
    if not own:
        message = _("{where}: under {license}{by}; the project itself declares no license.")
        return message.format(where=where, license=license_, by=_by(group))
    message = _("{where}: under {license}{by}; the project's own license is {own}.")
    return message.format(where=where, license=license_, by=_by(group), own=own)


def _vendored(case: Case, group: SourceGroup) -> str:
    license_ = _("terms that licscan does not know") if group.expression == NOASSERTION else _license(group)
    message = _("{where}: {work}, under {license}{by}.")
    return message.format(where=_where(group), work=_work(group), license=_covered(group, license_), by=_by(group))


def _copied(case: Case, group: SourceGroup) -> str:
    license_ = _("terms that licscan does not know") if group.expression == NOASSERTION else _license(group)
    work = f"{group.name} {group.version}" if group.version else _("{name}, version unknown").format(name=group.name)
    message = _("{where}: the code of {work}, under {license}{by}; {share} % of it or more is from the package.")
    told = message.format(
        where=_where(group), work=work, license=_covered(group, license_), by=_by(group), share=group.share
    )
    if not group.license_file:
        told = _("{message} There is no license text near it.").format(message=told)
    if group.changed:
        told = _("{message} This copy states {stated} instead ({place}).").format(
            message=told, stated=group.stated, place=_stated_at(group)
        )
    if group.unmarked:
        told = _("{message} The package's file {file} has a license comment that is missing here.").format(
            message=told, file=group.unmarked
        )
    if group.also:
        told = _("{message} Also in {names}.").format(message=told, names=_several(group.also, ", "))
    return told


def _stated_at(group: SourceGroup) -> str:
    """Where the copy, or the text beside it, states another license than the package's."""
    first = group.locations[0].path
    marked = next((str(one) for one in group.locations[1:] if one.path == first), "")
    return marked or group.license_file or first


def _own_copied(case: Case, group: SourceGroup) -> str:
    message = _("{where}: the code of {name}, which is indexed as your own; {share} % of it or more is from there.")
    return message.format(where=_where(group), name=group.name, share=group.share)


def _covered(group: SourceGroup, license_: str) -> str:
    """The license with the file that says so, where the files themselves do not."""
    return _("{license} ({file})").format(license=license_, file=group.license_file) if group.license_file else license_


def _unlicensed(case: Case, group: SourceGroup) -> str:
    message = _("{where}: {work}{by}; no license is stated.")
    return message.format(where=_where(group), work=_work(group), by=_by(group))


def _other_holder(case: Case, group: SourceGroup) -> str:
    message = _("{where}: copyright {holders}, not among the project's own holders; no license is named.")
    return message.format(where=_where(group), holders=_several(group.holders, "; "))


def _where(group: SourceGroup) -> str:
    """The file, or the folder with how many files and the first of them."""
    if group.files == 1:
        return str(group.locations[0]) if group.locations else group.path
    prefix = "" if group.path == "." else f"{group.path}/"
    paths = dict.fromkeys(place.path for place in group.locations)
    names = [path.removeprefix(prefix) for path in paths]
    shown = listed(names, MAX_FILES, total=group.files)
    message = ngettext("{count} file in {folder} ({names})", "{count} files in {folder} ({names})", group.files)
    folder = _("the project's folder") if group.path == "." else group.path
    return message.format(count=f"{group.files:,}", folder=folder, names=shown)


def _work(group: SourceGroup) -> str:
    if group.name:
        return f"{group.name} {group.version}" if group.version else group.name
    return _("taken as third-party work")


def _license(group: SourceGroup) -> str:
    names = licenses_of(group.expression)
    return group.expression if len(names) <= MAX_NAMED else _several(names, ", ")


def _by(group: SourceGroup) -> str:
    return _(", copyright {holders}").format(holders=_several(group.holders, "; ")) if group.holders else ""


def _several(values: tuple[str, ...], between: str) -> str:
    return listed(values, MAX_NAMED, between)
