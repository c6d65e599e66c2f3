"""Joins the parts of a product that SBOMs tell of to what was scanned, to be judged with it under one verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.base.tree import shown_from
from licscan.compose.options import Options, Part
from licscan.conclude.conclusion import conclude
from licscan.conclude.joined import joined
from licscan.judge import PartRoot
from licscan.judge.assume import table
from licscan.law.vocabulary import PROPRIETARY
from licscan.licenses.statements import category
from licscan.model import (
    NOASSERTION,
    NONE,
    SCOPE_RANK,
    Component,
    ComponentKind,
    Conclusion,
    Evidence,
    EvidenceKind,
    Graph,
    Problem,
    Scan,
)
from licscan.model.package import PackageMetadata
from licscan.resolve.project import Resolution
from licscan.sbom.facts import metadata_of
from licscan.sbom.supplied import Supplied, supplied

Again = Callable[[Component], Conclusion]
"""Concludes once more of a component of our own, with the claims that it has now."""


@dataclass(frozen=True)
class ReadPart:
    """One part: its SBOM as a graph with one root, the surfaces into which it goes (none: all)."""

    given: Supplied
    surfaces: tuple[str, ...]

    @property
    def root(self) -> str:
        """The PackageURL of what the SBOM is about."""
        return self.given.graph.roots[0]

    @property
    def label(self) -> str:
        """What it is called in sentences."""
        return f"{one_line(self.given.product, 80)} ({self.given.input.path})"


@dataclass(frozen=True)
class Parts:
    """All parts of a scan, in order of their files."""

    every: tuple[ReadPart, ...]

    @cached_property
    def roots(self) -> dict[str, tuple[str, ...]]:
        """The surfaces of each root; a root of several SBOMs goes where any of them does."""
        found: dict[str, tuple[str, ...]] = {}
        for part in self.every:
            before = found.get(part.root)
            all_of_them = not part.surfaces or before == ()
            found[part.root] = () if all_of_them else tuple(sorted({*(before or ()), *part.surfaces}))
        return found

    def into(self, own: Graph) -> dict[str, PartRoot]:
        """The roots of parts, as the judgement takes them; `own` is the product without them."""
        return {root: PartRoot(surfaces, ours=root in own.roots) for root, surfaces in self.roots.items()}

    @cached_property
    def components(self) -> dict[str, Component]:
        """Every component of every part once."""
        found: dict[str, Component] = {}
        for part in self.every:
            for one in part.given.graph.components:
                known = found.get(one.purl)
                found[one.purl] = one if known is None else _of_parts(known, one)
        return found

    def graph(self, own: Graph) -> Graph:
        """The graph of the product with its parts: their roots are further ones beside its own."""
        components = (
            _one_component(own.by_purl[purl], one) if purl in own.by_purl else one
            for purl, one in self.components.items()
        )
        edges = (edge for part in self.every for edge in part.given.graph.dependencies)
        return replace(own.with_more(components, edges), roots=tuple(sorted({*own.roots, *self.roots})))

    def conclusions(self, own: Graph, known: Mapping[str, Conclusion], again: Again) -> dict[str, Conclusion]:
        """What is concluded of every component, what we know of it ourselves before what an SBOM says."""
        found = dict(known)
        for part in self.every:
            for purl, theirs in part.given.conclusions.items():
                ours, component = found.get(purl), own.by_purl.get(purl)
                if ours is None:
                    found[purl] = theirs
                elif component is None:
                    found[purl] = _of_two_parts(ours, theirs, self.components[purl])
                elif not component.is_first_party:
                    told = part.given.graph.by_purl[purl]
                    merged = _one_component(component, self.components[purl])
                    found[purl] = joined(ours, theirs, told, partial(again, merged))
        return found

    def metadata(self, known: Iterable[PackageMetadata]) -> tuple[PackageMetadata, ...]:
        """What is known of components beside their license; what an SBOM says stands where nothing else does."""
        told = {one.purl: one for part in self.every for one in metadata_of(part.given.bom, part.given.names)}
        told |= {one.purl: one for one in known}
        return tuple(told[purl] for purl in sorted(told))

    def resolution(self, own: Resolution) -> Resolution:
        """The product with its parts; their problems, files and assumptions stand beside its own."""
        given = [part.given for part in self.every]
        return replace(
            own,
            graph=self.graph(own.graph),
            problems=(*own.problems, *(problem for one in given for problem in (*one.problems, *_empty(one)))),
            inputs=tuple(sorted({*own.inputs, *(one.input for one in given)}, key=lambda one: one.path)),
            assumptions=(*own.assumptions, *(sentence for one in given for sentence in _taken(one))),
            root=own.root or ("" if own.graph.roots else self.every[0].root),
        )

    def finished(self, scan: Scan) -> Scan:
        """The scan with what is taken for granted of its parts, and without a question about what is no package."""
        ours = {one.purl for one in scan.graph.components if one.manifest}
        told = tuple(dict.fromkeys((*scan.project.assumptions, *self._assumptions(scan))))
        findings = tuple(
            one for one in scan.findings if not (one.code == "license-missing" and one.purl in self._named - ours)
        )
        return replace(scan, project=replace(scan.project, assumptions=told), findings=findings)

    @cached_property
    def _named(self) -> frozenset[str]:
        """The roots that are known from SBOMs alone, and are no packages."""
        return frozenset(purl for purl in self.roots if self.components[purl].kind is ComponentKind.PROJECT)

    def _assumptions(self, scan: Scan) -> Iterator[str]:
        for part in self.every:
            if not part.surfaces:
                names = _(", ").join(one.name for one in scan.surfaces if part.root in one.roots)
                yield _("The part {part} is assumed to go into {surfaces}, since its surface is not stated.").format(
                    part=part.label, surfaces=names
                )
            if part.root in self._named:
                yield _own_license(part)
            systems = table()["systems"]["packages"]
            count = sum(one.ecosystem in systems for one in part.given.graph.components)
            if count:
                yield ngettext(
                    "{count} operating system package in {part} is taken as a separate work, "
                    "independent of the product; name a library that your program is linked with in "
                    "a [[component]].",
                    "{count} operating system packages in {part} are taken as separate works, "
                    "independent of the product; name a library that your program is linked with in "
                    "a [[component]].",
                    count,
                ).format(count=f"{count:,}", part=part.label)


def read_parts(options: Options, root: Path) -> Parts | None:
    """The SBOMs of all parts, None without any. InputError for a file or a surface that cannot be used."""
    wanted: dict[Path, list[Part]] = {}
    for part in options.parts:
        _check_surface(part, options)
        wanted.setdefault(Path(os.path.abspath(part.path)), []).append(part)
    read = [_read(path, parts, root) for path, parts in wanted.items()]
    return Parts(tuple(sorted(read, key=lambda one: one.given.input.path))) if read else None


def root_of_parts(options: Options) -> Path:
    """The folder from which files are named where only parts are judged."""
    if not options.parts:
        raise InputError(_("names nothing to scan"), path="licscan scan")
    return Path(os.path.abspath(options.parts[0].path)).parent


def _check_surface(part: Part, options: Options) -> None:
    names = [one.name for one in options.config.surfaces] or list(table()["kinds"])
    if part.surface and part.surface not in names:
        raise InputError(
            _("{name} is not a surface").format(name=one_line(part.surface, 80)),
            path=one_line(str(part.path), 200),
            remedy=_("known here: {names}").format(names=_(", ").join(names)),
        )


def _read(path: Path, parts: list[Part], root: Path) -> ReadPart:
    given = supplied(path, shown_from(path, root))
    surfaces = () if any(not one.surface for one in parts) else tuple(sorted({one.surface for one in parts}))
    name = next((one.name for one in parts if one.name), "")
    top = given.graph.by_purl[given.graph.roots[0]]
    kind = ComponentKind.PACKAGE if _is_stated(given.conclusions[top.purl]) else ComponentKind.PROJECT
    named = replace(top, name=name or top.name, kind=kind)
    return ReadPart(replace(given, product=name or given.product, graph=given.graph.with_more((named,), ())), surfaces)


def _is_stated(conclusion: Conclusion) -> bool:
    """Whether a part says that it is under a license of its own, which is then judged like that of a package."""
    readings = (conclusion.concluded, *conclusion.candidates)
    return any(one not in (NOASSERTION, NONE, PROPRIETARY) and category(one) != "Commercial" for one in readings)


def _empty(given: Supplied) -> Iterator[Problem]:
    """A list of nothing, which tools that fail write too, is no answer."""
    if len(given.graph.components) == 1:
        message = _("lists no components, so nothing in this part was judged")
        yield Problem("resolve", given.input.path, message, "input-unreadable")


def _taken(given: Supplied) -> Iterator[str]:
    """What is taken for granted of one SBOM."""
    path = given.input.path
    yield _("What {path} says is taken as given: the part itself was not examined.").format(path=path)
    yield from (_("{place}: {reason}").format(place=path, reason=sentence) for sentence in given.assumptions)


def _own_license(part: ReadPart) -> str:
    told = part.given.conclusions[part.root].concluded
    if told in (NOASSERTION, NONE):
        return _("The SBOM of {part} does not state the license of the part itself.").format(part=part.label)
    said = _("According to its SBOM, the part {part} itself is under {license}; that is not judged.")
    return said.format(part=part.label, license=told)


def _of_parts(one: Component, other: Component) -> Component:
    """One component of two parts; what is a package in one of them is judged as a package."""
    kind = one.kind if one.kind is other.kind else ComponentKind.PACKAGE
    return replace(_one_component(one, other), kind=kind)


def _one_component(own: Component, other: Component) -> Component:
    """One component of two: what is known first, with the claims, places and scopes of both."""
    return replace(
        own,
        scopes=tuple(sorted({*own.scopes, *other.scopes}, key=SCOPE_RANK.__getitem__)),
        found_in=tuple(dict.fromkeys((*own.found_in, *other.found_in))),
        claims=tuple(dict.fromkeys((*own.claims, *other.claims))),
        patches=tuple(dict.fromkeys((*own.patches, *other.patches))),
        hashes=own.hashes or other.hashes,
        resolved=own.resolved or other.resolved,
    )


def _of_two_parts(one: Conclusion, other: Conclusion, component: Component) -> Conclusion:
    """What two SBOMs say of one component: they are trusted alike, so that a difference leaves it open."""
    if one.concluded == other.concluded and one.declared == other.declared:
        return replace(one, evidence=tuple(dict.fromkeys((*one.evidence, *other.evidence))))
    made = conclude(component, (), [piece for piece in (*one.evidence, *other.evidence) if _is_found(piece)] or None)
    silent = [piece for piece in (*one.evidence, *other.evidence) if piece.method == "none"]
    evidence = tuple(dict.fromkeys((*made.evidence, *silent)))
    return replace(made, evidence=evidence, copyrights=one.copyrights or other.copyrights)


def _is_found(piece: Evidence) -> bool:
    return piece.kind is EvidenceKind.FILE
