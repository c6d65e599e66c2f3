"""From the graph and what is told: the surfaces, and the parts of each with their relationship to the work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from licscan.config.settings import ComponentSetting, Fact, SurfaceSetting, with_facts
from licscan.judge.assume import (
    DEFAULT_KIND,
    assumption_sentences,
    deployment_of_kind,
    folder_of,
    is_named,
    kinds_of_roots,
    table,
)
from licscan.judge.reach import reach
from licscan.judge.settings import NO_SETTINGS, PartRoot, Settings
from licscan.law.facts import Facts
from licscan.law.terms import COPYLEFT, UNKNOWN, terms_of
from licscan.law.vocabulary import RELATIONSHIPS, Binding, Deployment
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, SCOPE_RANK, Component, Conclusion, Coverage, Graph, Scope
from licscan.model.contents import NOT_SEEN
from licscan.model.surface import Surface

_FONT_LICENSES = ("OFL-", "LicenseRef-scancode-ubuntu-font")


@dataclass(frozen=True, slots=True)
class Member:
    """One component on one surface: how surely it is needed, how it is joined, what is known of it there.

    `inside` are the PackageURLs of what stands inside it and is judged as a component of its own.
    """

    component: Component
    scope: Scope
    relationship: str
    modified: bool
    facts: Facts
    inside: tuple[str, ...] = ()

    @property
    def shipped(self) -> bool:
        """Whether it is in what people get, as far as scope and relationship tell."""
        return RELATIONSHIPS[self.relationship].binding is not Binding.NOT_SHIPPED


@dataclass(frozen=True, slots=True)
class Plan:
    """A surface and its members, sorted by PackageURL: those of the product's own work, and of each separate work.

    A separate work is the component that stands between, and what only it needs: part of its work, not of ours.
    """

    surface: Surface
    members: tuple[Member, ...]
    separate: tuple[tuple[Member, tuple[Member, ...]], ...] = ()


def plans(
    graph: Graph, conclusions: Mapping[str, Conclusion], outbound: str, settings: Settings = NO_SETTINGS
) -> tuple[Plan, ...]:
    """Every surface with its members; what is needed by no root goes with the last one that is for all roots."""
    parts = settings.parts
    told = settings.surfaces
    surfaces = _configured(graph, told, outbound, parts) if told else _assumed(graph, outbound, parts)
    by_roots = reach(graph, ((root, Scope.RUNTIME) for root in graph.roots))
    loose = tuple(component for component in graph.components if component.purl not in by_roots)
    adopting = max((n for n, (_surface, setting) in enumerate(surfaces) if not setting.roots), default=-1)
    return tuple(
        _plan(graph, conclusions, surface, setting, settings, loose if number == adopting else ())
        for number, (surface, setting) in enumerate(surfaces)
    )


def left_out(graph: Graph, on_some: Collection[str]) -> tuple[str, ...]:
    """Roots that no surface takes, and packages that are on none though no such root explains it."""
    roots = tuple(root for root in graph.roots if root not in on_some)
    explained = reach(graph, ((root, Scope.RUNTIME) for root in roots))
    return roots + tuple(
        c.purl for c in graph.components if not c.is_first_party and c.purl not in on_some and c.purl not in explained
    )


_Chosen = tuple[Surface, SurfaceSetting]


def _configured(
    graph: Graph, settings: Iterable[SurfaceSetting], outbound: str, parts: Mapping[str, PartRoot]
) -> list[_Chosen]:
    chosen = []
    for setting in settings:
        roots = tuple(root for root in graph.roots if _goes_into(setting, graph.by_purl.get(root), root, parts))
        chosen.append((Surface(setting.name, setting.deployment, setting.outbound or outbound, roots), setting))
    return chosen


def _goes_into(setting: SurfaceSetting, root: Component | None, purl: str, parts: Mapping[str, PartRoot]) -> bool:
    """Whether a root goes into a surface: where it is a part that does, or one of our own that the surface takes."""
    part = parts.get(purl)
    told = part is not None and part.goes_into(setting.name)
    return told or ((part is None or part.ours) and _takes(setting, root, purl))


def _takes(setting: SurfaceSetting, root: Component | None, purl: str) -> bool:
    names = {purl}
    if root is not None:
        names |= {root.name, root.manifest or "", folder_of(root) or "."}
    return setting.takes(names)


def _assumed(graph: Graph, outbound: str, parts: Mapping[str, PartRoot]) -> list[_Chosen]:
    """One surface for each kind of root of our own, and each that a part names; the last takes what no root needs."""
    kinds = {root: kind for root, kind in kinds_of_roots(graph).items() if root not in parts or parts[root].ours}
    named = {*kinds.values(), *(name for part in parts.values() for name in part.surfaces)}
    present = [kind for kind in table()["kinds"] if kind in named] or [DEFAULT_KIND]
    chosen = []
    for kind in present:
        own = tuple(root for root in graph.roots if kinds.get(root) == kind)
        taken = {root for root, part in parts.items() if part.goes_into(kind)}
        roots = tuple(root for root in graph.roots if root in taken or root in own)
        deployment = deployment_of_kind(kind)
        assumed = tuple(assumption_sentences(graph, kind, own)) if own else ()
        surface = Surface(kind, deployment, outbound, roots, assumed=assumed)
        chosen.append((surface, SurfaceSetting(kind, deployment, roots=() if kind == present[-1] else roots)))
    return chosen


def _plan(
    graph: Graph,
    conclusions: Mapping[str, Conclusion],
    surface: Surface,
    setting: SurfaceSetting,
    settings: Settings,
    loose: tuple[Component, ...],
) -> Plan:
    spoken = [one for one in settings.components if not one.surfaces or surface.name in one.surfaces]
    facts = with_facts(settings.facts, setting.facts)
    teller = _Teller(graph, surface, conclusions, facts, spoken, settings, _delivered(graph, surface))
    starts = [(root, Scope.RUNTIME) for root in surface.roots]
    starts += [(c.purl, min(c.scopes, key=SCOPE_RANK.__getitem__, default=Scope.RUNTIME)) for c in loose]
    barrier = frozenset(c.purl for c in graph.components if teller.is_separate(c)) if spoken else frozenset()
    reached = reach(graph, starts, barrier)
    if told_shipped := [purl for purl in reached if spoken and teller.is_told_shipped(graph.by_purl.get(purl))]:
        # what a component needs is where the component is
        reached = reach(graph, (*starts, *((purl, Scope.RUNTIME) for purl in sorted(told_shipped))), barrier)
    members = tuple(teller.member(graph.by_purl[purl], reached[purl]) for purl in _packages(graph, reached, setting))
    works = []
    for middle in (member for member in members if member.component.purl in barrier):
        behind = reach(graph, [(middle.component.purl, middle.scope)])
        inner = [purl for purl in _packages(graph, behind, setting) if purl not in reached]
        works.append((middle, tuple(teller.member(graph.by_purl[purl], behind[purl]) for purl in inner)))
    return Plan(surface, members, tuple(works))


def _delivered(graph: Graph, surface: Surface) -> Collection[str]:
    """What a service hands to its users' browsers or phones: all that a root needs which is no server."""
    if surface.deployment != Deployment.SAAS:
        return ()
    kinds = kinds_of_roots(graph)
    return reach(graph, ((root, Scope.RUNTIME) for root in surface.roots if kinds[root] != DEFAULT_KIND))


def _packages(graph: Graph, reached: Mapping[str, Scope], setting: SurfaceSetting) -> Iterator[str]:
    """The third-party packages among those reached that the surface takes, sorted."""
    for purl in sorted(reached):
        component = graph.by_purl.get(purl)
        if component is None or component.is_first_party:
            continue
        chosen = not setting.include or any(pattern.matches(component) for pattern in setting.include)
        if chosen and not any(pattern.matches(component) for pattern in setting.exclude):
            yield purl


@dataclass(frozen=True, slots=True)
class _Teller:
    """What is known of each component on one surface; `spoken` are the settings that count there.

    `delivered` is what a service hands to the browsers or phones of its users.
    """

    graph: Graph
    surface: Surface
    conclusions: Mapping[str, Conclusion]
    facts: Facts
    spoken: list[ComponentSetting]
    settings: Settings
    delivered: Collection[str] = ()

    def of(self, component: Component) -> list[ComponentSetting]:
        """The settings that name the component; a later one overrides an earlier one."""
        return [one for one in self.spoken if one.speaks_of(component, self.surface.name)] if self.spoken else []

    def is_separate(self, component: Component) -> bool:
        """Whether the component is told to be a program of its own."""
        names = [one.relationship for one in self.of(component) if one.relationship]
        return bool(names) and names[-1] in _SEPARATE

    def is_told_shipped(self, component: Component | None) -> bool:
        """Whether it is told to be in what is passed on."""
        said = [one.shipped for one in self.of(component) if one.shipped is not None] if component else []
        return bool(said) and said[-1]

    def _is_asked_for(self, component: Component) -> bool:
        """Whether a project of ours needs it itself."""
        parents = (self.graph.by_purl.get(edge.parent) for edge in self.graph.parents.get(component.purl, ()))
        return any(parent is not None and parent.is_first_party for parent in parents)

    def _is_linked(self, component: Component) -> bool:
        """Whether a package that is none of an operating system is said to need it: that may make one program."""
        rows = table()["systems"]
        if component.ecosystem not in rows["packages"]:
            return False
        parents = (self.graph.by_purl.get(edge.parent) for edge in self.graph.parents.get(component.purl, ()))
        systems = (*rows["packages"], *rows["images"])
        return any(one is not None and not one.is_first_party and one.ecosystem not in systems for one in parents)

    def member(self, component: Component, scope: Scope) -> Member:
        """The component with its relationship and facts: what is told over what is assumed."""
        conclusion = self.conclusions.get(component.purl)
        deployment = Deployment(self.surface.deployment)
        spoken = self.of(component)
        shipped = next((one.shipped for one in reversed(spoken) if one.shipped is not None), None)
        taken = Scope.RUNTIME if shipped and scope in _NOT_SURE else scope
        relationship = next(
            (one.relationship for one in reversed(spoken) if one.relationship),
            default_relationship(
                component,
                taken,
                deployment,
                conclusion,
                delivered=component.purl in self.delivered,
                carried=self._is_asked_for(component),
                linked=self._is_linked(component),
            ),
        )
        patched = is_changed(component)
        modified = next((one.modified for one in reversed(spoken) if one.modified is not None), patched)
        own: tuple[Fact, ...] = (
            (("component_has_notice", notice),) if (notice := _has_notice(conclusion)) is not None else ()
        )
        if shipped is not None:
            own += (("shipped", shipped),)
        if component.embedded == NOT_SEEN:
            own += (("present_in_artifact", False),)
        facts = self.settings.more(component, with_facts(self.facts, own, *(one.facts for one in spoken)))
        children = (self.graph.by_purl.get(edge.child) for edge in self.graph.children.get(component.purl, ()))
        inside = tuple(child.purl for child in children if child is not None and child.embedded)
        return Member(component, taken, relationship, modified, facts, inside)


_NOT_SURE = frozenset({Scope.OPTIONAL, Scope.BUILD, Scope.DEV})
_SEPARATE = frozenset(name for name, row in RELATIONSHIPS.items() if row.binding is Binding.SEPARATE)


def _has_notice(conclusion: Conclusion | None) -> bool | None:
    """Whether it comes with a NOTICE; None where its files were not looked at."""
    if conclusion is None or (conclusion.coverage is not Coverage.TEXTS and not conclusion.notice_files):
        return None
    return bool(conclusion.notice_files)


def default_relationship(
    component: Component,
    scope: Scope,
    deployment: Deployment,
    conclusion: Conclusion | None,
    *,
    delivered: bool = False,
    carried: bool = True,
    linked: bool = False,
) -> str:
    """How a component is joined to the work where nobody has told: by scope, content, ecosystem and deployment.

    `delivered` is whether a root that is built for browsers or apps needs it: a service hands that to its users.
    `carried` is whether a root asks for it itself: the program that an app runs in is one of its own needs. `linked` is
    whether a package of another kind needs this one of an operating system.
    """
    rows = table()
    if component.embedded:
        return _embedded(component, scope)
    if component.content:
        return str(rows["scopes"].get(scope) or _AS_CONTENT.get(component.content, "bundled-media"))
    # a name alone never takes a license for programs, which asks for more than notices, out of the product
    named = not _is_for_programs(conclusion)
    types = named and is_named(component, rows["types"])
    if types or (deployment is Deployment.BROWSER and _is_native(component)):
        return "build-tool"
    if scope in rows["scopes"] and not (carried and deployment.conveys and is_named(component, rows["runtimes"])):
        return str(rows["scopes"][scope])
    if (named and is_named(component, rows["fonts"])) or _is_font(conclusion):
        return "bundled-font"
    if named and is_named(component, rows["content"]):
        return "bundled-media"
    if component.ecosystem in rows["systems"]["packages"] and not linked:
        return str(rows["systems"]["relationship"])
    by_ecosystem = rows["relationships"].get(component.ecosystem, rows["relationships"]["generic"])
    loaded = Deployment.BROWSER if delivered and deployment is Deployment.SAAS else deployment
    return str(by_ecosystem.get(loaded, by_ecosystem["default"]))


_AS_CONTENT = {"font": "bundled-font", "model": "model-weights"}


def _embedded(component: Component, scope: Scope) -> str:
    """What stands inside a package is shipped where that is; what only a vendor's list names may be there or not."""
    by_scope = table()["scopes"]
    if scope in by_scope and scope is not Scope.OPTIONAL:
        return str(by_scope[scope])
    if component.is_copied:
        return "vendored-file"
    return "optional-entry-in-vendor-sbom" if component.embedded == NOT_SEEN else "prebuilt-shared-library-in-package"


def is_changed(component: Component) -> bool:
    """Whether it is not what was published: patched, or installed files of it differ.

    A package manager's own patches, which go with it, do not count.
    """
    return bool(component.changed) or any(not patch.startswith("builtin<") for patch in component.patches)


def _is_native(component: Component) -> bool:
    """Whether it is made for one kind of machine: no browser loads such code, so only the build can need it."""
    return any(word.startswith(("os=", "cpu=")) and "wasm" not in word for word in (component.condition or "").split())


def _is_for_programs(conclusion: Conclusion | None) -> bool:
    """Whether a license that is made for programs and asks for more than notices covers it, in some reading."""
    if conclusion is None:
        return False
    return any(map(_has_program_license, (conclusion.concluded, *conclusion.candidates)))


@lru_cache(maxsize=4_096)
def _has_program_license(expression: str) -> bool:
    if expression in (NOASSERTION, NONE):
        return False
    found = map(terms_of, licenses_of(expression))
    return any(terms.class_ in (*COPYLEFT, UNKNOWN) and terms.addition is None for terms in found)


def _is_font(conclusion: Conclusion | None) -> bool:
    """Whether nothing but a font license covers it."""
    if conclusion is None or conclusion.concluded in (NOASSERTION, NONE):
        return False
    return all(name.startswith(_FONT_LICENSES) for name in licenses_of(conclusion.concluded))
