"""The table of rules: one function for each code, and `judge`, which runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext, run_on
from licscan.base.shown import shown_place
from licscan.compare.drift import Earlier
from licscan.judge import (
    attribution_rules,
    bundling,
    coverage_rules,
    drift_rules,
    ownership_rules,
    policy_rules,
    rulings,
    source_rules,
    text_rules,
)
from licscan.judge.case import Case
from licscan.judge.content_rules import (
    content_findings,
    package_art_findings,
    packages_alone,
    with_settled_content,
)
from licscan.judge.findings import about_component, about_input, order
from licscan.judge.policy import Policy
from licscan.judge.queries import components_with_conclusions, display_name, is_harmless, locations_of, speaks_of_whole
from licscan.judge.settings import NO_SETTINGS, Settings
from licscan.judge.surfaces import plans
from licscan.judge.works import JudgedSurface, judge_plan
from licscan.model import (
    NOASSERTION,
    NONE,
    Component,
    Conclusion,
    EvidenceKind,
    Finding,
    Graph,
    Origin,
    Problem,
    Severity,
    SourceKind,
    Sources,
    Verdict,
)
from licscan.model.content import Content
from licscan.model.contents import ContentsByPurl, Embedded

Rule = Callable[[Case], Iterator[Finding]]
MAX_PARTS = 8
MAX_QUOTED = 80
"""So many parts of a package are named in a sentence."""
_NONSTANDARD = frozenset({"deprecated-id", "alias", "licenselynx", "url", "text"})


def judge(
    graph: Graph,
    conclusions: Mapping[str, Conclusion],
    problems: tuple[Problem, ...],
    policy: Policy,
    sources: Sources | None = None,
    surfaces: tuple[JudgedSurface, ...] | None = None,
    insides: ContentsByPurl | None = None,
    earlier: Mapping[str, Earlier] | None = None,
    content: Content | None = None,
) -> tuple[Finding, ...]:
    """Every finding of every rule, loudest first; the same whatever the order of the input.

    `surfaces` are those of `judge_surfaces`; None: assumed ones. `earlier` are the packages that each
    PackageURL is held against (see `licscan.compare.drift`). `content` are the project's fonts, pictures and the like,
    which have rules of their own; of the others only those on rulings look at them.
    """
    if surfaces is None:
        surfaces = judge_surfaces(graph, conclusions, policy.outbound)
    case = Case(graph, conclusions, problems, policy, sources, surfaces, insides or {}, earlier or {}, content)
    packages, settled = packages_alone(case), with_settled_content(case)
    told = (finding for code, rule in RULES.items() for finding in rule(settled if code in ON_RULINGS else packages))
    found = dict.fromkeys((*told, *package_art_findings(case), *content_findings(case)))
    return tuple(sorted(found, key=order))


ON_RULINGS = frozenset(
    {"license-conflict", "license-review", "license-duties", "parts-duties", "license-choice", "entitlement-missing"}
)
"""The rules that ask the same of content whose license is settled as of packages."""


def judge_surfaces(
    graph: Graph, conclusions: Mapping[str, Conclusion], outbound: str, settings: Settings = NO_SETTINGS
) -> tuple[JudgedSurface, ...]:
    """What follows for each component on each surface."""
    return tuple(judge_plan(plan, conclusions, settings) for plan in plans(graph, conclusions, outbound, settings))


def license_missing(case: Case) -> Iterator[Finding]:
    """Nothing says anything of a license; an unresolved dependency is reported as that."""
    own = {(c.ecosystem, c.name) for c in case.graph.components if c.is_first_party}
    for component, conclusion in components_with_conclusions(case):
        nothing = conclusion.concluded == NOASSERTION and not any(map(speaks_of_whole, conclusion.evidence))
        if not (nothing or conclusion.concluded == NONE) or not component.resolved or component.embedded:
            continue
        variant = _missing_variant(component, conclusion)
        if variant == "unseen" and (component.ecosystem, component.name) in own:
            variant = "namesake"
        yield about_component(
            case,
            component,
            "license-missing",
            _missing(case, component, variant),
            Verdict.OK if variant == "project" else Verdict.CANNOT_TELL,
            variant=variant,
            loudness=variant,
            locations=locations_of(conclusion) or component.found_in,
        )
    yield from _missing_inside(case)


def _missing_inside(case: Case) -> Iterator[Finding]:
    """Parts of a package that are shipped with it, and of which nothing tells a license: one question a package.

    Libraries of which not even a text or list speaks are `native-library-unattributed`.
    """
    for component, _conclusion in components_with_conclusions(case):
        inside = case.insides.get(component.purl)
        untold = [one for one in inside.embedded if (one.sbom or one.text) and _is_untold(case, one)] if inside else []
        if not untold:
            continue
        message = ngettext(
            "{name} contains {count} part with no stated license: {names}.",
            "{name} contains {count} parts with no stated license: {names}.",
            len(untold),
        )
        names = sorted({f"{one.name} {case.graph.by_purl[one.purl].version or ''}".strip() for one in untold})
        yield about_component(
            case,
            component,
            "license-missing",
            message.format(name=display_name(component), count=len(untold), names=listed(names, MAX_PARTS)),
            Verdict.CANNOT_TELL,
            variant="embedded",
            locations=sorted({where for one in untold for where in case.graph.by_purl[one.purl].found_in})[:MAX_PARTS],
        )


def _is_untold(case: Case, one: Embedded) -> bool:
    """Whether a part is shipped and what it is under is not known; what has several readings is `license-ambiguous`."""
    conclusion = case.conclusions.get(one.purl)
    if one.purl not in case.graph.by_purl or (conclusion and conclusion.concluded not in (NOASSERTION, NONE)):
        return False
    if conclusion and any(map(speaks_of_whole, conclusion.evidence)):
        return False
    return any(outcome.member.shipped for outcome in case.outcomes.get(one.purl, ()))


def _missing_variant(component: Component, conclusion: Conclusion) -> str:
    """Whether it is ours, was looked at in vain, or was not looked at: nothing at hand, and no registry to ask."""
    if component.is_first_party:
        return "project"
    if any(one.origin is Origin.SBOM for one in conclusion.evidence):
        return "supplied"
    if conclusion.evidence or component.installed_at:
        return ""
    return "unseen" if component.source.kind in (SourceKind.REGISTRY, SourceKind.UNKNOWN) else "unseen_elsewhere"


def _missing(case: Case, component: Component, variant: str) -> str:
    """What is missing; of what no registry was asked about, why: a silence that nobody asked for is nobody's answer."""
    name = display_name(component)
    asked = not case.policy.offline and component.purl not in case.refused
    if variant == "unseen_elsewhere" and component.purl in case.refused:
        return _("{name} is not installed here; it {reason}.").format(name=name, reason=case.refused[component.purl])
    if variant != "unseen" or asked:
        return _MISSING[variant]().format(name=name, source=component.source.kind.value)
    if case.policy.offline:
        return _("{name} is not installed here; offline, no registry was asked.").format(name=name)
    reason = case.refused[component.purl]
    return _("{name} is not installed here, and no registry was asked for its license: {reason}.").format(
        name=name, reason=reason
    )


_MISSING: dict[str, Callable[[], str]] = {
    "": lambda: _("{name} declares no license."),
    "project": lambda: _("{name} declares no license, as far as its metadata could be read."),
    "supplied": lambda: _("{name} has no license in the SBOM."),
    "unseen": lambda: _("{name} is not installed here, and no registry stated its license."),
    "namesake": lambda: _("{name} is not installed here, and has the name of one of your own projects."),
    "unseen_elsewhere": lambda: _("{name} is not installed here, and does not come from a registry ({source})."),
}


def license_ambiguous(case: Case) -> Iterator[Finding]:
    """A statement with several readings or none that is known, or a doubt about what is concluded."""
    for component, conclusion in components_with_conclusions(case):
        open_ = conclusion.concluded == NOASSERTION and any(map(speaks_of_whole, conclusion.evidence))
        if component.is_copied or (not open_ and not conclusion.doubts):
            continue
        readings = conclusion.candidates or ((conclusion.concluded,) if not open_ else ())
        harmless = is_harmless(case, component)
        yield about_component(
            case,
            component,
            "license-ambiguous",
            _ambiguity(component, conclusion, harmless),
            Verdict.OK if harmless else Verdict.CANNOT_TELL,
            # terms of one's own are no news to whoever wrote them; whose they are is to be said all the same
            loudness="harmless" if harmless else "" if readings or component.is_first_party else "unread",
            locations=locations_of(conclusion),
        )


def _ambiguity(component: Component, conclusion: Conclusion, harmless: bool) -> str:
    name = display_name(component)
    doubts = run_on(*conclusion.doubts)
    if conclusion.concluded != NOASSERTION:
        message = _("{name} is taken as {license}, with doubts: {doubts}")
        return message.format(name=name, license=conclusion.concluded, doubts=doubts)
    if not conclusion.candidates:
        unknown = {e.location.path for e in conclusion.evidence if e.kind is EvidenceKind.FILE and not e.expression}
        if unknown:
            files = _(", ").join(sorted(map(shown_place, unknown)))
            told = _("The text in {files} is not a license that licscan knows.").format(files=files)
            doubts = run_on(*dict.fromkeys((*conclusion.doubts, told)))
        return _("The license of {name} is unknown. {doubts}").format(name=name, doubts=doubts).strip()
    readings = _("; ").join(conclusion.candidates)
    message = _("The license of {name} is ambiguous; it can be read as: {readings}.").format(
        name=name, readings=readings
    )
    return _("{message} Each of them can be accepted.").format(message=message) if harmless else message


def license_nonstandard(case: Case) -> Iterator[Finding]:
    """A statement that was understood, but is not a current SPDX expression."""
    for component, conclusion in components_with_conclusions(case):
        read = {
            (one_line(" ".join(e.raw.split()), MAX_QUOTED), e.expression): None
            for e in conclusion.evidence
            if e.kind is EvidenceKind.DECLARED and e.expression and e.method in _NONSTANDARD
        }
        if read and conclusion.concluded != NOASSERTION:
            pairs = _("; ").join(f"{raw} -> {expression}" for raw, expression in read)
            message = _("{name} does not state its license as a current SPDX expression: {pairs}.")
            yield about_component(
                case,
                component,
                "license-nonstandard",
                message.format(name=display_name(component), pairs=pairs),
                Verdict.OK,
                locations=locations_of(conclusion, _NONSTANDARD),
            )


def license_metadata_conflict(case: Case) -> Iterator[Finding]:
    """Statements that contradict each other."""
    for component, conclusion in components_with_conclusions(case):
        if conclusion.disagreements:
            message = _("The license statements of {name} contradict each other: {statements}")
            yield about_component(
                case,
                component,
                "license-metadata-conflict",
                message.format(name=display_name(component), statements=run_on(*conclusion.disagreements)),
                Verdict.OK if is_harmless(case, component) else Verdict.CANNOT_TELL,
                loudness="harmless" if is_harmless(case, component) else "",
                locations=locations_of(conclusion),
            )


def dependency_unresolved(case: Case) -> Iterator[Finding]:
    """A requirement without a version, and what the parsers could not resolve."""
    usual = "tried" if case.policy.resolve else ""
    for component in case.graph.components:
        if not component.resolved:
            conclusion = case.conclusions.get(component.purl)
            is_supplied = conclusion and any(one.origin is Origin.SBOM for one in conclusion.evidence)
            variant = "supplied" if is_supplied and not component.manifest else usual
            yield about_component(
                case,
                component,
                "dependency-unresolved",
                _required(component),
                Verdict.CANNOT_TELL,
                variant=variant,
                locations=component.found_in,
            )
    yield from _problems(case, "dependency-unresolved", usual)


def _required(component: Component) -> str:
    if component.condition:
        message = _("{name} is required if {condition}, but its version is unknown.")
        return message.format(name=component.name, condition=component.condition)
    return _("{name} is required, but its version is unknown.").format(name=component.name)


def _problems(case: Case, code: str, variant: str = "") -> Iterator[Finding]:
    for problem in case.problems:
        if problem.code == code:
            yield about_input(case, code, problem.subject, problem.message, variant)


def lock_out_of_date(case: Case) -> Iterator[Finding]:
    """A lockfile that its manifest or the installed tree has left behind."""
    yield from _problems(case, "lock-out-of-date")


def artifact_mismatch(case: Case) -> Iterator[Finding]:
    """An archive that is not what its lock pins; as loud for what is not shipped, since somebody installs it."""
    for problem in case.problems:
        if problem.code != "artifact-mismatch":
            continue
        component = case.graph.by_purl.get(problem.subject)
        name = display_name(component) if component else problem.subject
        message = _("{subject}: {message}").format(subject=name, message=problem.message)
        found = about_input(case, problem.code, problem.subject, problem.message)
        yield replace(found, severity=Severity.ERROR, message=message)


def input_unreadable(case: Case) -> Iterator[Finding]:
    """A file that gave nothing."""
    yield from _problems(case, "input-unreadable")


def input_absent(case: Case) -> Iterator[Finding]:
    """A folder that the project names and that is not here."""
    yield from _problems(case, "input-absent")


def entry_not_understood(case: Case) -> Iterator[Finding]:
    """An entry that gave nothing in a file that was read."""
    yield from _problems(case, "entry-not-understood")


def ecosystem_not_read(case: Case) -> Iterator[Finding]:
    """Manifests of ecosystems that are not resolved."""
    yield from _problems(case, "ecosystem-not-read")


RULES: dict[str, Rule] = {
    "license-missing": license_missing,
    "license-ambiguous": license_ambiguous,
    "license-nonstandard": license_nonstandard,
    "license-metadata-conflict": license_metadata_conflict,
    "license-text-conflict": text_rules.license_text_conflict,
    "license-undeclared": text_rules.license_undeclared,
    "license-parts": text_rules.license_parts,
    "license-rider": text_rules.license_rider,
    "license-drift": drift_rules.license_drift,
    "missing-license-text": attribution_rules.missing_license_text,
    "missing-copyright-holder": attribution_rules.missing_copyright_holder,
    "unfilled-template": attribution_rules.unfilled_template,
    "vendored-unattributed": attribution_rules.vendored_unattributed,
    "native-library-unattributed": attribution_rules.native_library_unattributed,
    "component-modified": attribution_rules.component_modified,
    "license-conflict": rulings.license_conflict,
    "conflict-in-work": rulings.conflict_in_work,
    "entitlement-missing": rulings.entitlement_missing,
    "license-review": rulings.license_review,
    "outbound-change": rulings.outbound_change,
    "license-duties": rulings.license_duties,
    "parts-duties": rulings.parts_duties,
    "license-choice": rulings.license_choice,
    "license-if-shipped": rulings.license_if_shipped,
    "bundled-unknown": bundling.bundled_unknown,
    "surface-missing": rulings.surface_missing,
    "texts-not-read": coverage_rules.texts_not_read,
    "parts-not-read": coverage_rules.parts_not_read,
    "policy-denied": policy_rules.policy_denied,
    "policy-review": policy_rules.policy_review,
    "source-foreign-license": source_rules.source_foreign_license,
    "source-vendored": source_rules.source_vendored,
    "copied-code": source_rules.copied_code,
    "source-unlicensed": source_rules.source_unlicensed,
    "ownership-open": ownership_rules.ownership_open,
    "dependency-unresolved": dependency_unresolved,
    "lock-out-of-date": lock_out_of_date,
    "artifact-mismatch": artifact_mismatch,
    "input-unreadable": input_unreadable,
    "input-absent": input_absent,
    "entry-not-understood": entry_not_understood,
    "ecosystem-not-read": ecosystem_not_read,
}
