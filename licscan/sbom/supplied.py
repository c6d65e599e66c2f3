"""What a supplier's SBOM says, as a graph and conclusions that can be judged like those of a scan."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from packageurl import PackageURL

from licscan.base.escape import one_line
from licscan.base.files import read_file
from licscan.base.messages import _, ngettext
from licscan.model import (
    SCOPE_RANK,
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    Graph,
    InputFile,
    Location,
    Problem,
    Scope,
    Source,
    SourceKind,
)
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.scopes import scopes_from_graph
from licscan.sbom.model import Bom, BomComponent, DependencyKind
from licscan.sbom.read import MAX_BYTES, Opened, opened, read_opened
from licscan.sbom.read.values import said_of
from licscan.sbom.supplied_licenses import claims_of, conclusions_of
from licscan.sbom.supplied_texts import Texts, texts_in

_LOST = re.compile(r"(?:components|packages|@graph)\[\d+\]: (?:int|str|float|bool|list|NoneType)")
_SCOPES = {
    DependencyKind.DEV: Scope.DEV,
    DependencyKind.TEST: Scope.DEV,
    DependencyKind.BUILD: Scope.BUILD,
    DependencyKind.OPTIONAL: Scope.OPTIONAL,
    DependencyKind.PEER: Scope.PEER,
}
_OF_CHILD = {"excluded": Scope.DEV, "optional": Scope.OPTIONAL}
SERVICE = "service"
"""What the product calls over a network; `data/surfaces.toml` says how it is joined to the work."""
_NO_VERSION = frozenset({"file", SERVICE})
"""Kinds of components that may have none."""


@dataclass(frozen=True)
class Supplied:
    """An SBOM that was read: the document, and what of it can be judged.

    `names` tells under which PackageURL each ref of the document stands in the graph.
    """

    bom: Bom
    product: str
    graph: Graph
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    input: InputFile
    assumptions: tuple[str, ...]
    names: Mapping[str, str]


def supplied(path: Path, shown: str = "") -> Supplied:
    """The SBOM in a file, which evidence calls as `shown` says; InputError for one that cannot be used."""
    return supplied_with_document(path, shown)[0]


def supplied_with_document(path: Path, shown: str = "") -> tuple[Supplied, Opened]:
    """The same beside the document itself, without what was wrapped around it."""
    data = read_file(path, MAX_BYTES)
    shown = shown or str(path)
    document = opened(data, shown)
    bom = read_opened(document, shown)
    lost = sum(_LOST.fullmatch(problem) is not None for problem in bom.problems)
    count = len(bom.components)
    name = {"cyclonedx": "CycloneDX", "spdx": "SPDX"}.get(bom.format, bom.format)
    version = bom.spec_version.removeprefix("SPDX-")
    digest = hashlib.sha256(data).hexdigest()
    return of_bom(bom, InputFile(shown, name, version, count + lost, count, digest)), document


def of_bom(bom: Bom, file: InputFile) -> Supplied:
    """The graph of a document: one component for each PackageURL, and what nobody is said to need below the root."""
    builder = Builder(file.path)
    for problem in bom.problems:
        builder.problem(said_of(problem), code="entry-not-understood" if _LOST.fullmatch(problem) else None)
    names = {one.ref: builder.add(_component(one, bom, file.path, builder)) for one in bom.components}
    texts = texts_in(bom)
    product, root = _root(bom, names, builder, file.path)
    scopes = _own_scopes(bom, names)
    edges = dict.fromkeys(_edges(bom, names, scopes))
    parsed = builder.build()
    loose = _loose(root, parsed, edges)
    edges |= dict.fromkeys(Dependency(root, purl, scopes[purl]) for purl in loose)
    graph = _graph(parsed, edges, root)
    return Supplied(
        bom,
        product,
        graph,
        conclusions_of(bom, names, graph, file.path, texts),
        parsed.problems,
        file,
        tuple(_assumptions(bom, graph, loose, texts)),
        names,
    )


# --- components -------------------------------------------------------------------------------------------------------


def _component(one: BomComponent, bom: Bom, path: str, builder: Builder) -> Component:
    subject = one.ref == bom.subject
    read = _read_purl(one.purl)
    if one.purl and read is None:
        builder.problem(
            _("{ref}: is not a PackageURL: {purl}").format(ref=one_line(one.ref, 200), purl=one_line(one.purl))
        )
    purl = _identity(one, read)
    place = Location(path)
    claims = tuple(claims_of(one.licenses, place))
    return Component(
        purl=purl,
        name=_name(one, read),
        version=one.version or (read.version if read else None) or None,
        ecosystem=SERVICE if one.kind == SERVICE else purl[4:].partition("/")[0],
        kind=ComponentKind.PROJECT if subject else ComponentKind.PACKAGE,
        # a license that is stated can be judged without a version, and a file has none; it is a matter of quality
        resolved=subject or one.kind in _NO_VERSION or bool(one.version or (read and read.version) or claims),
        source=_source(one, read),
        found_in=(place,),
        claims=claims,
        hashes=tuple(f"{h.algorithm.replace('-', '').lower()}:{h.value}" for h in one.hashes if h.value.isalnum()),
        patches=("sbom:modified",) if one.modified else (),
    )


def _read_purl(text: str) -> PackageURL | None:
    try:
        return PackageURL.from_string(text) if text else None
    except ValueError:
        return None


def _identity(one: BomComponent, read: PackageURL | None) -> str:
    """The canonical PackageURL; one of the kind `generic` for what has none."""
    if read is None:
        space = SERVICE if one.kind == SERVICE else None
        return purls.build("generic", space, one.name or one.ref or "unnamed", one.version or None)
    version = read.version or one.version or None
    told = read.qualifiers if isinstance(read.qualifiers, dict) else {}
    qualifiers = {key: value for key, value in told.items() if isinstance(value, str)}
    if read.type == "pypi":
        return purls.pypi(read.name, version, **qualifiers)
    parsed = PackageURL(read.type, read.namespace, read.name, version, None, read.subpath)
    if not qualifiers and "://" not in str(version):
        return str(parsed.to_string())
    safe = {key: purls.strip_credentials(value) for key, value in qualifiers.items()}
    safe_version = purls.strip_credentials(version) if version else None
    return PackageURL(read.type, read.namespace, read.name, safe_version, safe, read.subpath).to_string()


def _name(one: BomComponent, read: PackageURL | None) -> str:
    """As the ecosystem writes it: the scope of an npm package stands in the name, whatever the tool made of it."""
    if read is not None and read.type == "npm":
        return f"{read.namespace}/{read.name}" if read.namespace else read.name
    return one.name or (read.name if read else "") or one.ref


def _source(one: BomComponent, read: PackageURL | None) -> Source:
    url = one.download_location
    if "://" in url:
        told = purls.strip_credentials(url)
        return (
            Source(SourceKind.GIT if url.startswith("git+") else SourceKind.URL, told)
            if read is None
            else Source(SourceKind.GIT if url.startswith("git+") else SourceKind.REGISTRY, told)
        )
    return Source(SourceKind.REGISTRY) if read is not None and read.type != "generic" else Source()


# --- graph ------------------------------------------------------------------------------------------------------------


def _root(bom: Bom, names: dict[str, str], builder: Builder, path: str) -> tuple[str, str]:
    """The product's name and PackageURL; a product is made where the document does not say what it is about."""
    if bom.subject in names:
        one = bom.by_ref[bom.subject]
        return _name(one, _read_purl(one.purl)) or bom.name or Path(path).name, names[bom.subject]
    name = bom.name or Path(path).name
    purl = purls.build("generic", None, name, None, subpath="product")
    made = Component(purl, name, None, "generic", ComponentKind.PROJECT, found_in=(Location(path),))
    return name, builder.add(made)


def _own_scopes(bom: Bom, names: Mapping[str, str]) -> dict[str, Scope]:
    """What is said of each package's scope; of several entries the one that is most surely shipped."""
    scopes: dict[str, Scope] = {}
    for one in bom.components:
        said, purl = _own_scope(one), names[one.ref]
        scopes[purl] = min(scopes.get(purl, said), said, key=SCOPE_RANK.__getitem__)
    return scopes


def _edges(bom: Bom, names: Mapping[str, str], scopes: Mapping[str, Scope]) -> Iterator[Dependency]:
    """Every edge that says what is needed or held; the scope is that of the edge, else what is said of the child."""
    for edge in bom.dependencies:
        parent, child = names[edge.parent], names[edge.child]
        if parent != child and edge.kind not in (DependencyKind.OTHER, DependencyKind.PROVIDES):
            yield Dependency(parent, child, _SCOPES.get(edge.kind, scopes[child]))


def _own_scope(one: BomComponent) -> Scope:
    """How a component is needed where only it says so: CycloneDX's scope, and what tools add as properties."""
    told = {item.value for item in one.properties if item.name == "licscan:scope"}
    known = [scope for scope in Scope if scope.value in told]
    if known:
        return known[0]
    if any(item.name == "cdx:npm:package:development" and item.value == "true" for item in one.properties):
        return Scope.DEV
    return _OF_CHILD.get(one.scope, Scope.RUNTIME)


def _loose(root: str, parsed: Parsed, edges: Iterable[Dependency]) -> list[str]:
    """The components that nothing reaches from the root: those that nobody needs, then one of each circle. Linear."""
    below: dict[str, list[str]] = {}
    needed = set()
    for edge in edges:
        below.setdefault(edge.parent, []).append(edge.child)
        needed.add(edge.child)
    reached: set[str] = set()
    _reach(root, below, reached)
    loose = []
    every = sorted(one.purl for one in parsed.components)
    for purl in (*(one for one in every if one not in needed), *every):
        if purl not in reached:
            loose.append(purl)
            _reach(purl, below, reached)
    return loose


def _reach(start: str, below: Mapping[str, list[str]], reached: set[str]) -> None:
    waiting = [start]
    while waiting:
        purl = waiting.pop()
        if purl not in reached:
            reached.add(purl)
            waiting += below.get(purl, ())


def _graph(parsed: Parsed, dependencies: Iterable[Dependency], root: str) -> Graph:
    edges = tuple(sorted(dependencies, key=lambda edge: (edge.parent, edge.child, edge.scope)))
    scopes = scopes_from_graph([root], edges)
    components = (replace(one, scopes=scopes.get(one.purl, ())) for one in parsed.components)
    return Graph((root,), tuple(sorted(components, key=lambda one: one.purl)), edges)


# --- what is taken for granted ----------------------------------------------------------------------------------------


def _assumptions(bom: Bom, graph: Graph, loose: list[str], texts: Texts) -> Iterator[str]:
    for said in bom.wrapping:
        yield _("The SBOM {said}.").format(said=said)
    if texts.left_out:
        yield ngettext(
            "{count} license text in the SBOM was not examined: there are too many.",
            "{count} license texts in the SBOM were not examined: there are too many.",
            texts.left_out,
        ).format(count=f"{texts.left_out:,}")
    unlicensed = sum(not one.licenses for each in bom.components for one in each.ancestors)
    if unlicensed:
        yield ngettext(
            "{count} work that a component is derived from states no license.",
            "{count} works that components are derived from state no license.",
            unlicensed,
        ).format(count=f"{unlicensed:,}")
    if bom.elsewhere:
        yield ngettext(
            "{count} entry that is not software (a service, an algorithm, a device) states no "
            "license; it is not judged.",
            "{count} entries that are not software (services, algorithms, devices) state no license; "
            "they are not judged.",
            len(bom.elsewhere),
        ).format(count=f"{len(bom.elsewhere):,}")
    if not bom.subject:
        yield _("The SBOM does not state its subject; all of it is taken as one product.")
    if loose:
        yield ngettext(
            "The SBOM does not say what needs {count} component; it is taken as needed by the product.",
            "The SBOM does not say what needs {count} components; they are taken as needed by the product.",
            len(loose),
        ).format(count=f"{len(loose):,}")
    again = len(bom.components) - sum(one.found_in != () for one in graph.components) + (not bom.subject)
    if again > 0:
        yield ngettext(
            "{count} entry names a package that another entry names too; they are judged once.",
            "{count} entries name a package that another entry names too; each package is judged once.",
            again,
        ).format(count=f"{again:,}")
