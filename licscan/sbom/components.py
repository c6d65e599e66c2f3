"""One component of a scan as an SBOM has it: what is known of it, and, said as such, what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from licscan.licenses.spdx import validate
from licscan.model import (
    NOASSERTION,
    Component,
    ComponentKind,
    Conclusion,
    Evidence,
    EvidenceKind,
    Scan,
    Scope,
    SourceKind,
    coverage_of,
)
from licscan.model.content import ContentFile, readable
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement
from licscan.sbom.addresses import address, digest
from licscan.sbom.content import content_of, describes, kind_of, properties_of, version_of
from licscan.sbom.model import (
    BomComponent,
    CopyrightNotice,
    ExternalReference,
    Hash,
    LicenseEvidence,
    LicenseRole,
    LicenseStatement,
    Party,
    Property,
    Unknown,
)
from licscan.sbom.parties import authors_of, is_of_owner, supplier_of
from licscan.sbom.write.words import COVERAGE

_ARCHIVES = (".tgz", ".whl", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip", ".conda", ".egg", ".jar")
MAX_RAW = 500
MAX_EVIDENCE = 50
MAX_COPYRIGHTS = 200


def component_of(
    scan: Scan,
    component: Component,
    judgement: Judgement | None,
    creator: Party | None = None,
    files_of: Mapping[str, Sequence[ContentFile]] = MappingProxyType({}),
) -> BomComponent:
    """One component; `judgement` is that of the surface, `creator` answers for what is the project's own.

    `files_of` are the files of each component of content.
    """
    project = component.kind is ComponentKind.PROJECT
    conclusion = scan.by_purl.get(component.purl)
    known = scan.metadata_by_purl.get(component.purl) or PackageMetadata(component.purl)
    hashes, files = _hashes(component, known)
    url = address(known.artifact_url) or address(_own_address(component))
    filename = _filename(url)
    notices = _copyrights(conclusion)
    held = files_of.get(component.purl, ())
    concluded = conclusion.concluded if conclusion else NOASSERTION
    content = content_of(component.content, held, concluded) if component.content else None
    made = BomComponent(
        ref=component.purl,
        name=component.name,
        version=component.version or version_of(held),
        kind="application" if project else kind_of(component.content) if component.content else "library",
        purl=component.purl,
        scope=_scope(component, judgement),
        supplier=(creator if project else None) or supplier_of(known),
        authors=authors_of(known),
        licenses=_statements(conclusion, judgement),
        license_comment=conclusion.basis if conclusion else "",
        evidence=_evidence(conclusion),
        copyrights=notices,
        copyright_text="\n".join(dict.fromkeys(notice.statement for notice in notices)),
        hashes=hashes,
        filename=filename,
        download_location=url,
        description=known.description or (describes(content) if content else ""),
        references=(*_references(component, url, files or hashes), *_pages(component, known, url)),
        archive=True if filename else None,
        structured=True if filename else None,
        executable=False if filename else None,
        modified=bool(component.patches or component.changed),
        properties=(*_properties(component, conclusion, files, known), *(properties_of(content) if content else ())),
        content=content,
    )
    return replace(made, unknown=unknown_of(made))


def _scope(component: Component, judgement: Judgement | None) -> str:
    if judgement is not None:
        return "optional" if judgement.relationship.startswith("optional") else "required"
    if not component.scopes:
        return ""
    if Scope.RUNTIME in component.scopes:
        return "required"
    return "optional" if {Scope.PEER, Scope.OPTIONAL} & set(component.scopes) else "excluded"


def _statements(conclusion: Conclusion | None, judgement: Judgement | None) -> tuple[LicenseStatement, ...]:
    """Declared and concluded; of a surface the effective license is what is concluded, with the choice said."""
    declared = valid_expression(conclusion.declared if conclusion else NOASSERTION)
    concluded = valid_expression(conclusion.concluded if conclusion else NOASSERTION)
    comment = conclusion.clarified if conclusion else ""
    said = [LicenseStatement(LicenseRole.DECLARED, declared)]
    effective = valid_expression(judgement.license) if judgement and judgement.license else NOASSERTION
    if effective not in (NOASSERTION, concluded):
        comment = f"{effective} is the branch of {concluded} that is chosen for this artifact."
        concluded = effective
    said.append(LicenseStatement(LicenseRole.CONCLUDED, concluded, comment=comment))
    if effective != NOASSERTION:
        said.append(LicenseStatement(LicenseRole.EFFECTIVE, effective))
    return tuple(said)


def valid_expression(expression: str) -> str:
    """The expression, or NOASSERTION for one that no reader could take: schemas let nonsense pass."""
    usable = expression and "DocumentRef-" not in expression and not validate(expression)
    return expression if usable else NOASSERTION


def _evidence(conclusion: Conclusion | None) -> tuple[LicenseEvidence, ...]:
    given = readable(conclusion.evidence)[:MAX_EVIDENCE] if conclusion else ()
    return tuple(_one_evidence(one) for one in given)


def _one_evidence(one: Evidence) -> LicenseEvidence:
    short = one.kind in (EvidenceKind.DECLARED, EvidenceKind.CLASSIFIER, EvidenceKind.TAG)
    return LicenseEvidence(
        kind=one.kind.value,
        path=one.location.path,
        line=one.location.start_line,
        end_line=one.location.end_line,
        field=one.field,
        raw=one.raw[:MAX_RAW] if short else "",
        expression=one.expression if one.expression and valid_expression(one.expression) == one.expression else "",
        origin=one.origin.value,
        method=one.method,
        score=one.score,
        sha256=one.sha256 or "",
    )


def _copyrights(conclusion: Conclusion | None) -> tuple[CopyrightNotice, ...]:
    given = conclusion.copyrights if conclusion else ()
    told = [CopyrightNotice(one.statement, one.path, one.line) for one in given if not one.template]
    return tuple(told[:MAX_COPYRIGHTS])


def _hashes(component: Component, known: PackageMetadata) -> tuple[tuple[Hash, ...], tuple[Hash, ...]]:
    """The digests of the one file that is installed, and those of several files, of which nobody knows which came."""
    one = _digests(known.artifact_hashes)
    told = _digests(component.hashes)
    one_file = len({each.algorithm for each in told}) == len(told)
    return (one or told, ()) if one or one_file else ((), told)


def _digests(said: Iterable[str]) -> tuple[Hash, ...]:
    pairs = (each.partition(":") for each in said)
    return tuple(sorted(set(filter(None, (digest(name, value) for name, _sign, value in pairs)))))


def _own_address(component: Component) -> str:
    """Where a lock says that it comes from; the address of an index is not that of a package."""
    url, kind = component.source.url or "", component.source.kind
    if kind is SourceKind.PATH or (kind is SourceKind.REGISTRY and component.ecosystem != "npm" and not _filename(url)):
        return ""
    return url


def _filename(url: str) -> str:
    name = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return name if name.endswith(_ARCHIVES) else ""


def _references(component: Component, url: str, hashes: tuple[Hash, ...]) -> tuple[ExternalReference, ...]:
    """Where it comes from; a lock that names several files and no address gives their digests by the PackageURL."""
    if url:
        kind = "vcs" if component.source.kind is SourceKind.GIT else "distribution"
        return (ExternalReference(kind, url, hashes if kind == "distribution" else ()),)
    if len(hashes) > 1 and len({one.algorithm for one in hashes}) < len(hashes):
        comment = "One digest for each file that is published of this version."
        return (ExternalReference("distribution", component.purl, hashes, comment),)
    return ()


def _pages(component: Component, known: PackageMetadata, url: str) -> Iterator[ExternalReference]:
    """Its web page, source code, issue tracker and source distribution, where they are not told already."""
    repository = "" if component.source.kind is SourceKind.GIT else known.repository
    for kind, told in (
        ("website", known.homepage),
        ("vcs", repository),
        ("issue-tracker", known.issue_tracker),
        ("source-distribution", known.source_url),
    ):
        if (place := address(told)) and place != url:
            yield ExternalReference(kind, place)


def _properties(
    component: Component, conclusion: Conclusion | None, files: tuple[Hash, ...], known: PackageMetadata
) -> tuple[Property, ...]:
    said: list[tuple[str, str]] = []
    if component.kind is ComponentKind.PACKAGE:
        said.append((COVERAGE, coverage_of(conclusion).value))
    if known.published:
        said.append(("licscan:published", known.published))
    if known.deprecated:
        said.append(("licscan:deprecated", known.deprecated))
    if component.kind is ComponentKind.PACKAGE and is_of_owner(known):
        said.append(("licscan:supplier", "owner of its repository; its metadata name nobody"))
    said += (("licscan:maintainer", person) for person in known.maintainers[:20])
    said += (("licscan:scope", scope.value) for scope in component.scopes)
    places = () if component.content else component.found_in[:20]  # the files themselves are listed
    said += (("licscan:found-in", str(place)) for place in places)
    said += (("licscan:patch", path) for path in component.patches)
    if component.condition:
        said.append(("licscan:condition", component.condition))
    if component.embedded:
        said.append(("licscan:embedded", component.embedded))
    if not component.resolved:
        said.append(("licscan:resolved", "false"))
    if files:
        said.append(("licscan:hashes", "one for each published file; which was installed is not known"))
    return tuple(Property(*pair) for pair in dict.fromkeys(said))


def _has_files(made: BomComponent) -> bool:
    """Whether every file has its digest."""
    return made.content is not None and bool(made.content.files) and not made.content.left_out


def unknown_of(made: BomComponent) -> tuple[Unknown, ...]:
    """The fields of which nobody could be asked, by their names in the table of profiles."""
    silent = {
        "version": not made.version,
        "supplier": made.supplier is None,
        "license-declared": made.license_of(LicenseRole.DECLARED) == NOASSERTION,
        "license-concluded": made.license_of(LicenseRole.CONCLUDED) == NOASSERTION,
        "copyright": not made.copyright_text,
        "hash": not made.hashes and not any(one.hashes for one in made.references) and not _has_files(made),
        "download-location": not made.download_location,
    }
    return tuple(Unknown(name) for name, missing in silent.items() if missing)
