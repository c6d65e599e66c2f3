"""The rules about what nobody read: shipped packages without their texts, and parts that come from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.base.messages import N_, _, ngettext
from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.queries import display_name
from licscan.law.vocabulary import Deployment
from licscan.model import Component, Coverage, Finding, Location, Verdict, counts_as_package, coverage_of
from licscan.model.contents import NOTHING, Credits
from licscan.packages.downloaders import Downloader, downloader_of, is_helper

_WORDS = (N_("models"), N_("corpora"), N_("data sets"))
"""What the table brings that is no name."""
_COMES = {
    "install": N_("{name} fetches parts when it is installed, and they were not read: {parts}."),
    "either": N_("{name} fetches parts when it is installed or first run, and they were not read: {parts}."),
    "run": N_("{name} fetches parts when it runs, and they were not read: {parts}."),
    "inside": N_("{name} contains programs that were not read: {parts}."),
}


def texts_not_read(case: Case) -> Iterator[Finding]:
    """Under `require = "texts"`: a shipped package that was judged on its metadata alone, or on nothing."""
    if case.policy.licenses.require != "texts":
        return
    for component in case.graph.components:
        coverage = coverage_of(case.conclusions.get(component.purl))
        if coverage is Coverage.TEXTS or not counts_as_package(component) or not _is_shipped(case, component):
            continue
        yield about_component(
            case,
            component,
            "texts-not-read",
            _unread(case, component, coverage),
            Verdict.CANNOT_TELL,
            locations=component.found_in,
        )


def _unread(case: Case, component: Component, coverage: Coverage) -> str:
    message = {
        Coverage.METADATA: _("{name} was judged on its metadata alone; the policy requires its texts."),
        Coverage.NOTHING: _("{name} was judged on nothing; the policy requires its texts."),
    }[coverage]
    if case.policy.offline:
        message = {
            Coverage.METADATA: _(
                "{name} was judged on its metadata alone (texts not requested: offline); the policy requires its texts."
            ),
            Coverage.NOTHING: _(
                "{name} was judged on nothing (no registry asked: offline); the policy requires its texts."
            ),
        }[coverage]
    return message.format(name=display_name(component))


def parts_not_read(case: Case) -> Iterator[Finding]:
    """A shipped package that fetches programs, libraries, models or data, or carries what is not looked into.

    What a page of credits beside it lists with its texts has been read, as far as the page goes.
    """
    for component in case.graph.components:
        if component.is_first_party or component.embedded or not _is_shipped(case, component):
            continue
        known = downloader_of(component.ecosystem, component.name, component.version)
        if known is not None and _is_told_above(case, component, known):
            continue
        if known is not None:
            yield _brings(case, component, known)
        elif tools := _helpers(case, component):
            message = _("{name} fetches a prebuilt binary with {tools} when it is installed, and it was not read.")
            said = message.format(name=display_name(component), tools=_(", ").join(tools))
            yield _about(case, component, said, read=False)


def _brings(case: Case, component: Component, known: Downloader) -> Finding:
    credits = case.insides.get(component.purl, NOTHING).credits
    if credits is not None:
        return _about(case, component, _credited(component, known, credits), read=True, known=known, credits=credits)
    parts = _(", ").join(_(part) if part in _WORDS else part for part in known.brings)
    said = _(_COMES[known.when]).format(name=display_name(component), parts=parts)
    return _about(case, component, said, read=False, known=known)


def _is_told_above(case: Case, component: Component, known: Downloader) -> bool:
    """Whether a shipped package that needs it is said to bring the same: playwright fetches by playwright-core."""
    for edge in case.graph.parents.get(component.purl, ()):
        parent = case.graph.by_purl.get(edge.parent)
        row = downloader_of(parent.ecosystem, parent.name, parent.version) if parent else None
        if parent and row and set(known.brings) <= set(row.brings) and _is_shipped(case, parent):
            return True
    return False


def _credited(component: Component, known: Downloader, credits: Credits) -> str:
    message = ngettext(
        "{name} brings in {parts}; {path} lists {count} part of it, {texts} with a license text.",
        "{name} brings in {parts}; {path} lists {count} parts of it, {texts} with a license text.",
        len(credits.names),
    )
    return message.format(
        name=display_name(component),
        parts=", ".join(known.brings),
        path=credits.path,
        count=f"{len(credits.names):,}",
        texts=f"{credits.texts:,}",
    )


def _about(
    case: Case,
    component: Component,
    message: str,
    *,
    read: bool,
    known: Downloader | None = None,
    credits: Credits | None = None,
) -> Finding:
    """A note; a warning where it goes to others; a question where the policy asks that all be read."""
    open_ = case.policy.licenses.require == "texts" and not read
    loud = not read and (open_ or _is_conveyed(case, component))
    usual = (_(known.notices),) if known is not None else ()
    return about_component(
        case,
        component,
        "parts-not-read",
        message,
        Verdict.CANNOT_TELL if open_ else Verdict.OK,
        variant="credited" if read else "",
        loudness="conveyed" if loud else "",
        remedies=() if read else usual,
        locations=(Location(credits.place),) if credits else component.found_in,
    )


def _helpers(case: Case, component: Component) -> list[str]:
    """The tools for fetching prebuilt binaries that a package needs itself."""
    children = (case.graph.by_purl.get(edge.child) for edge in case.graph.children.get(component.purl, ()))
    return sorted({one.name for one in children if one is not None and is_helper(one.ecosystem, one.name)})


def _is_shipped(case: Case, component: Component) -> bool:
    """Whether an artefact carries it; by its scopes where no surface has it."""
    found = case.outcomes.get(component.purl, ())
    return any(one.member.shipped for one in found) if found else component.is_shipped


def _is_conveyed(case: Case, component: Component) -> bool:
    """Whether it is in something that people get."""
    return any(
        outcome.member.shipped and outcome.member.component.purl == component.purl
        for judged in case.surfaces
        if Deployment(judged.surface.deployment).conveys
        for outcome in judged.outcomes
    )
