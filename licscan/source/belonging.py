"""Whose the graph's folders are: concluded from evidence, not from where they lie.

A folder that the product takes as a dependency (`file:`, `link:`, `portal:`), a workspace member or a submodule may be
another's work. What is evidently so becomes a third-party package; where it is open, a question is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from licscan.base.messages import _
from licscan.config.settings import ComponentSetting, SurfaceSetting
from licscan.law.compatibility import Level, fits
from licscan.law.vocabulary import PROPRIETARY, RELATIONSHIPS
from licscan.licenses.statements import category, licenses_of, same
from licscan.model import (
    NOASSERTION,
    NONE,
    Component,
    ComponentKind,
    Conclusion,
    Graph,
    Problem,
    Source,
    SourceKind,
)
from licscan.resolve.scopes import scopes_from_graph
from licscan.source.authors import authors_of, text_of
from licscan.source.holders import OwnHolders, words_of
from licscan.vcs.gitmodules import submodule_folders

OPEN = "ownership-open"
"""The code of the question that is left."""
_COPYLEFT = ("Copyleft", "Copyleft Limited")
_OWNERS = (None, "Commercial")
_BY_PATH = ("file:", "link:", "portal:", "./", "../")
_COMPANY = 3
"""So many members of one scope make it the product's own."""


class Answer(StrEnum):
    """Whose a folder is."""

    OWN = "own"
    THIRD_PARTY = "third-party"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Product:
    """What the product says of itself: its license (SPDX, or `proprietary`), its holders and the names of its own.

    `asked` is whether the license was told by the user and not by the manifest; `mixed` that nobody told one, and that
    the manifests tell several, so that the product is taken as proprietary. `surfaces` may have licenses of their own.
    """

    license: str
    holders: OwnHolders
    scopes: frozenset[str]
    top: tuple[Component, ...]
    asked: bool = False
    mixed: bool = False
    surfaces: tuple[SurfaceSetting, ...] = ()

    def goes_out_as(self, part: Component, folder: str) -> tuple[str, ...]:
        """The licenses under which somebody means to send a part of it out; none where nobody has told."""
        told = self.license if self.asked else "proprietary" if self.mixed else None
        names = {part.purl, part.name, part.manifest or "", folder or "."}
        found = [one.outbound or told for one in self.surfaces if one.takes(names)] or [told]
        return tuple(sorted({one for one in found if one}))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of one folder."""

    component: Component
    folder: str
    license: str | None
    authors: tuple[str, ...]
    by_path: bool
    submodule: bool
    outside: bool


def settle_ownership(
    graph: Graph,
    conclusions: Mapping[str, Conclusion],
    root: Path,
    settings: Sequence[ComponentSetting] = (),
    outbound: str | None = None,
    surfaces: Sequence[SurfaceSetting] = (),
) -> tuple[Graph, tuple[Problem, ...]]:
    """The graph with every folder as what it is: ours (a project), or another's (a package); and the open questions."""
    told = [setting for setting in settings if setting.ownership]
    product = replace(_product(graph, conclusions, root, outbound), surfaces=tuple(surfaces))
    submodules = _submodules(root)
    changed: dict[str, Component] = {}
    questions = []
    for part in _parts(graph, conclusions, root, submodules):
        said = [one.ownership for one in told if any(p.matches(part.component) for p in one.packages)]
        answer, why = (Answer(str(said[-1])), "") if said else _weigh(part, product)
        if answer is Answer.OPEN:
            questions.append(Problem("judge", part.component.purl, why, OPEN))
        elif answer is Answer.THIRD_PARTY and part.component.is_first_party:
            changed[part.component.purl] = _as_package(part, root)
        elif answer is Answer.OWN and said and not part.component.is_first_party:
            manifest = f"{part.folder}/package.json"
            changed[part.component.purl] = replace(part.component, kind=ComponentKind.PROJECT, manifest=manifest)
    return (_with(graph, changed) if changed else graph), tuple(questions)


def may_belong(component: Component) -> bool:
    """Whether its ownership can be told at all: a project, or what is taken from a folder."""
    return component.is_first_party or component.source.kind is SourceKind.PATH


def _parts(
    graph: Graph, conclusions: Mapping[str, Conclusion], root: Path, submodules: Sequence[str]
) -> Iterator[_Part]:
    for component in graph.components:
        if not may_belong(component):
            continue
        folder = (component.manifest or "").rpartition("/")[0]
        if not component.is_first_party:
            folder = component.source.url or ""
        if component.is_first_party and component.manifest is None:
            continue
        outside = folder.startswith(("../", "/")) or folder == ".."
        authors = () if outside else tuple(authors_of(root, [folder]))
        conclusion = conclusions.get(component.purl)
        said = conclusion.copyrights if conclusion else ()
        yield _Part(
            component,
            folder,
            _license(conclusion),
            (*authors, *(one.holder for one in said if not one.template and one.holder)),
            _is_taken(graph, component),
            any(folder == one or folder.startswith(one + "/") for one in submodules),
            outside,
        )


def _license(conclusion: Conclusion | None) -> str | None:
    if conclusion is None or conclusion.concluded in (NOASSERTION, NONE):
        return None
    return conclusion.concluded


def _is_taken(graph: Graph, component: Component) -> bool:
    """Whether another project takes the folder as a dependency, by its path."""
    edges = graph.parents.get(component.purl, ())
    return component.source.kind is SourceKind.PATH or any((e.requirement or "").startswith(_BY_PATH) for e in edges)


def _product(graph: Graph, conclusions: Mapping[str, Conclusion], root: Path, outbound: str | None) -> Product:
    """What the outermost manifests say, or, where none is at the top, those that stand highest."""
    projects = [c for c in graph.components if c.is_first_party and c.manifest is not None]
    height = min(((c.manifest or "").count("/") for c in projects), default=0)
    top = [c for c in projects if (c.manifest or "").count("/") == height and not _is_taken(graph, c)]
    licenses = [found for c in top if (found := _license(conclusions.get(c.purl)))]
    mixed = not outbound and any(not same(one, licenses[0]) for one in licenses)
    if not licenses:
        # a root without a license of its own goes by what most of its members declare
        members = [c for c in projects if not _is_taken(graph, c)]
        counts = Counter(found for c in members if (found := _license(conclusions.get(c.purl))))
        licenses = sorted(counts, key=lambda name: (-counts[name], name))
    names = authors_of(root, ["", *((c.manifest or "").rpartition("/")[0] for c in top)])
    said = [one for c in top if (known := conclusions.get(c.purl)) for one in known.copyrights]
    names += [one.holder for one in said if not one.template and one.holder]
    scopes = [scope for c in projects if (scope := _scope(c.name)) and not _is_taken(graph, c)]
    common = {scope for scope in scopes if scopes.count(scope) >= _COMPANY}
    return Product(
        outbound or (licenses[0] if licenses else ""),
        OwnHolders(names, [c.name for c in top]),
        frozenset(common | {scope for c in top if (scope := _scope(c.name))}),
        tuple(top),
        bool(outbound),
        mixed,
    )


def _scope(name: str) -> str:
    return name.partition("/")[0] if name.startswith("@") and "/" in name else ""


def _is_kin(name: str, product: Product) -> bool:
    """Whether the name tells that it is the product's: its scope, or the product's own name in it."""
    scope = _scope(name)
    if scope and scope in product.scopes:
        return True
    words = words_of(scope)
    names = [words_of(one.name) for one in product.top]
    return any(own and (own <= words_of(name) or (words and words <= own)) for own in names)


def _weigh(part: _Part, product: Product) -> tuple[Answer, str]:
    """Whose the folder is, and the sentence where that is open."""
    name = part.component.name
    if part.outside and not (_scope(name) and _is_kin(name, product)):
        return Answer.THIRD_PARTY, ""
    if not part.submodule and part.component.purl in {one.purl for one in product.top}:
        return _weigh_top(part, product)
    known = [author for author in part.authors if words_of(author)]
    mine = any(product.holders.is_own(author) for author in known)
    another = bool(known) and bool(product.holders.names) and not mine
    foreign = part.license is not None and not _is_products(part.license, product)
    if foreign and any(surface.outbound for surface in product.surfaces):
        # on a surface with a license of its own it goes out under that, not under the product's
        told = product.goes_out_as(part.component, part.folder)
        foreign = not told or not all(_may_become(part.license or "", one) for one in told)
    if mine or (_is_kin(name, product) and not another):
        return (Answer.OPEN, _copyleft(part)) if foreign and _is_copyleft(part.license) else (Answer.OWN, "")
    if another and foreign and not _is_kin(name, product):
        return Answer.THIRD_PARTY, ""
    asked = part.by_path or part.submodule
    if foreign and (asked or _is_copyleft(part.license)):
        return Answer.OPEN, _question(part, known)
    if another and (asked or foreign):
        return Answer.OPEN, _question(part, known)
    if part.by_path and known and not product.holders.names and part.license is None:
        return Answer.OPEN, _question(part, known)
    if part.submodule:
        return Answer.OPEN, _("{name} ({folder}) is a git submodule: is it yours?").format(
            name=name, folder=part.folder
        )
    return Answer.OWN, ""


def _weigh_top(part: _Part, product: Product) -> tuple[Answer, str]:
    """The product itself: who sends it out under another license than it declares must own it."""
    license_ = part.license or ""
    for outbound in product.goes_out_as(part.component, part.folder):
        if _is_copyleft(license_) and not _may_become(license_, outbound):
            said = _(
                "{name} declares {license}, and the product is to be released under {outbound}: do you own all of it?"
            )
            if outbound == "proprietary":
                said = _("{name} declares {license}, and the product is to be proprietary: do you own all of it?")
            return Answer.OPEN, said.format(name=part.component.name, license=license_, outbound=outbound)
    return Answer.OWN, ""


def _may_become(license_: str, outbound: str) -> bool:
    """Whether anybody may send a work under a license out as the product is, also who does not own it."""
    if outbound == "proprietary" or outbound.lower() == PROPRIETARY.lower():
        return category(license_) == "Commercial"
    if same(license_, outbound):
        return True
    whole = RELATIONSHIPS["combined-work"]
    return all(fits(outbound, one, whole).level <= Level.LINKED for one in licenses_of(license_))


def _is_products(license_: str, product: Product) -> bool:
    if product.license in ("proprietary", ""):
        return category(license_) == "Commercial"
    return same(license_, product.license) or (category(license_) == category(product.license) == "Commercial")


def _is_own_terms(license_id: str) -> bool:
    return license_id.startswith("LicenseRef-") and category(license_id) in _OWNERS


def _is_copyleft(license_: str | None) -> bool:
    """Whether copyleft cannot be avoided: a choice with another branch is none.

    Terms that nobody but their owner can give (`AGPL-3.0-only OR LicenseRef-Acme-Commercial`) are no way out of it.
    """
    named = licenses_of(license_) if license_ else ()
    kinds = [category(name) in _COPYLEFT or _is_own_terms(name) for name in named]
    if not any(category(name) in _COPYLEFT for name in named):
        return False
    return all(kinds) if license_ and " OR " in license_ else any(kinds)


def _copyleft(part: _Part) -> str:
    said = _("{name} ({folder}) declares {license}, which the product does not: do you own all of it?")
    return said.format(name=part.component.name, folder=part.folder, license=part.license)


def _question(part: _Part, authors: Iterable[str]) -> str:
    """The folder and what speaks for another's work."""
    names = _(", ").join(dict.fromkeys(authors))[:200]
    told = {"name": part.component.name, "folder": part.folder, "license": part.license, "authors": names}
    if part.license and names:
        said = _("{name} ({folder}) declares {license} and names {authors} as its author: is it yours?")
    elif part.license:
        said = _("{name} ({folder}) declares {license}: is it yours?")
    else:
        said = _("{name} ({folder}) names {authors} as its author: is it yours?")
    return said.format(**told)


def _submodules(root: Path) -> list[str]:
    """The folders that .gitmodules names."""
    return list(submodule_folders(text_of(root, ".gitmodules")))


def _as_package(part: _Part, root: Path) -> Component:
    there = not part.outside and (root / part.folder).is_dir()
    return replace(
        part.component,
        kind=ComponentKind.PACKAGE,
        source=Source(SourceKind.PATH, part.folder),
        installed_at=(part.folder,) if there else (),
        manifest=None,
    )


def _with(graph: Graph, changed: Mapping[str, Component]) -> Graph:
    """The graph with these components; another's package is a root only where nothing of ours needs it."""
    others = {purl for purl, component in changed.items() if component.kind is ComponentKind.PACKAGE}
    own = [root for root in graph.roots if root not in others]
    reached = scopes_from_graph(own, graph.dependencies)
    roots = tuple(root for root in graph.roots if root not in others or root not in reached)
    scopes = scopes_from_graph(roots, graph.dependencies)
    components = tuple(replace(changed.get(c.purl, c), scopes=tuple(scopes.get(c.purl, ()))) for c in graph.components)
    return Graph(roots, components, graph.dependencies)
