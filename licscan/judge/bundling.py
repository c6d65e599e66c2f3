"""What a bundler may put into the product though the manifest lists it for development: one question for each root."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.judge.assume import DEFAULT_KIND, bundlers_of, is_tool, kinds_of_roots
from licscan.judge.case import Case
from licscan.judge.findings import about_component
from licscan.judge.queries import display_name
from licscan.judge.reach import reach
from licscan.judge.remedies import setting_of
from licscan.judge.surfaces import default_relationship
from licscan.judge.works import JudgedSurface, Outcome
from licscan.law.decide import decide
from licscan.law.decisions import Setting
from licscan.law.vocabulary import RELATIONSHIPS, RULING_RANK, Binding, Deployment, Relationship, Ruling
from licscan.model import Component, Finding, Scope, Verdict
from licscan.model.surface import Surface

MOST_NAMES = 5


def as_shipped(case: Case, surface: Surface, outcome: Outcome) -> Setting:
    """The setting of a component that is not shipped, if it were."""
    setting = setting_of(outcome, surface)
    relationship = _relationship(case, surface, outcome, bool(delivering(case, surface)))
    return Setting(setting.outbound, relationship, Deployment(surface.deployment), setting.modified, setting.facts)


def _relationship(case: Case, surface: Surface, outcome: Outcome, delivered: bool) -> Relationship:
    component = outcome.member.component
    conclusion, deployment = case.conclusions.get(component.purl), Deployment(surface.deployment)
    return RELATIONSHIPS[default_relationship(component, Scope.RUNTIME, deployment, conclusion, delivered=delivered)]


def bundled_unknown(case: Case) -> Iterator[Finding]:
    """A root with a bundler, and packages for its development of which nobody has said whether they are shipped.

    Where all of them would be allowed, only their notices are in doubt; else it cannot be told.
    """
    for judged in case.surfaces:
        for purl in delivering(case, judged.surface):
            root, tools = case.graph.by_purl.get(purl), bundlers_of(case.graph, purl)
            if root is not None and tools:
                yield from _of_root(case, judged, root, tools[0])


def delivering(case: Case, surface: Surface) -> tuple[str, ...]:
    """The roots of a surface whose program people get: all, and of a service those that browsers or phones load."""
    if Deployment(surface.deployment).conveys:
        return surface.roots
    if surface.deployment != Deployment.SAAS:
        return ()
    kinds = kinds_of_roots(case.graph)
    return tuple(root for root in surface.roots if kinds[root] != DEFAULT_KIND or bundlers_of(case.graph, root))


def _of_root(case: Case, judged: JudgedSurface, root: Component, tool: str) -> Iterator[Finding]:
    given = bool(delivering(case, judged.surface))
    open_ = {one.member.component.purl: one for one in judged.outcomes if _is_open(case, judged.surface, one, given)}
    direct = sorted({edge.child for edge in case.graph.children.get(root.purl, ()) if edge.child in open_})
    candidates = [purl for purl in direct if not is_tool(case.graph.by_purl[purl])]
    if not candidates:
        return
    below = [
        open_[purl] for purl in sorted(reach(case.graph, [(p, Scope.RUNTIME) for p in candidates])) if purl in open_
    ]
    stopped = [one.member.component.name for one in below if not _is_allowed(case, judged.surface, one)]
    yield about_component(
        case,
        root,
        "bundled-unknown",
        _message(case, root, tool, candidates, len(below), stopped),
        Verdict.CANNOT_TELL if stopped else Verdict.OK,
        surface=judged.surface,
        locations=root.found_in,
    )


def _is_open(case: Case, surface: Surface, outcome: Outcome, delivered: bool) -> bool:
    """Whether it is only needed for development, could be in the product, and nobody has said that it is or is not."""
    member = outcome.member
    if member.shipped or member.scope is not Scope.DEV or member.facts.shipped is not None:
        return False
    return _relationship(case, surface, outcome, delivered).binding is not Binding.NOT_SHIPPED


def _is_allowed(case: Case, surface: Surface, outcome: Outcome) -> bool:
    """Whether it may be used in every reading if it is shipped; what nobody has read may not."""
    if not outcome.readings or not outcome.certain:
        return False
    setting = as_shipped(case, surface, outcome)
    rulings = (decide(reading, setting).ruling for reading in outcome.readings)
    return all(RULING_RANK[ruling] < RULING_RANK[Ruling.REVIEW] for ruling in rulings)


def _some(names: list[str]) -> str:
    """The first names, and how many there are besides."""
    return listed(names, MOST_NAMES)


def _message(case: Case, root: Component, tool: str, candidates: list[str], count: int, stopped: list[str]) -> str:
    names = _some([case.graph.by_purl[purl].name for purl in candidates])
    message = ngettext(
        "{root} is built with {tool}: which of its development dependencies ({names}; {count} package in all) is in "
        "the product is not stated.",
        "{root} is built with {tool}: which of its development dependencies ({names}; {count} packages in all) are in "
        "the product is not stated.",
        count,
    ).format(root=display_name(root), tool=tool, names=names, count=f"{count:,}")
    if not stopped:
        return _("{message} Each of them would be allowed; their notices would be required.").format(message=message)
    told = ngettext(
        "{message} For {count} of them, it is uncertain whether it would be allowed: {names}.",
        "{message} For {count} of them, it is uncertain whether they would be allowed: {names}.",
        len(stopped),
    )
    return told.format(message=message, count=f"{len(stopped):,}", names=_some(stopped))
