"""SPDX 3.0.1 as JSON-LD: elements of the profiles core, software and simpleLicensing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from licscan.model import NOASSERTION, NONE
from licscan.sbom.content import MODEL
from licscan.sbom.model import (
    Bom,
    BomComponent,
    BomContent,
    Completeness,
    DependencyKind,
    Hash,
    LicenseRole,
    Party,
    PartyKind,
)
from licscan.sbom.references import UNKNOWN_TEXT, references_in
from licscan.sbom.write.names import element_names
from licscan.sbom.write.spdx2 import SBOM_TYPES
from licscan.sbom.write.spdx3_content import facts_of, more_profiles, type_of
from licscan.sbom.write.words import license_text, unknown_text

Json = dict[str, Any]

_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_CREATION = "_:creationinfo"
_LICENSES = {NONE: "expandedlicensing_NoneLicense", NOASSERTION: "expandedlicensing_NoAssertionLicense"}
_RELATIONSHIPS = {
    LicenseRole.DECLARED: "hasDeclaredLicense",
    LicenseRole.CONCLUDED: "hasConcludedLicense",
}
_EDGES: dict[DependencyKind, tuple[str, str]] = {
    DependencyKind.DEPENDS_ON: ("dependsOn", "runtime"),
    DependencyKind.CONTAINS: ("contains", ""),
    DependencyKind.DEV: ("dependsOn", "development"),
    DependencyKind.BUILD: ("dependsOn", "build"),
    DependencyKind.TEST: ("dependsOn", "test"),
    DependencyKind.OPTIONAL: ("hasOptionalDependency", "runtime"),
    DependencyKind.PEER: ("hasProvidedDependency", "runtime"),
    DependencyKind.PROVIDES: ("hasProvidedDependency", "runtime"),
}
"""Each kind as a relationship and its scope of the life cycle."""

_COMPLETENESS = {
    Completeness.COMPLETE: "complete",
    Completeness.INCOMPLETE: "incomplete",
    Completeness.UNKNOWN: "noAssertion",
}
_PURPOSES = frozenset({"application", "framework", "library", "container", "device", "firmware", "file", "data"})


def to_dict(bom: Bom) -> Json:
    """The document as values of JSON, elements in a fixed order."""
    return {"@context": _CONTEXT, "@graph": list(_Graph(bom).elements())}


@dataclass
class _Graph:
    """The elements of one document; agents and expressions are made once, when they are first named."""

    bom: Bom
    agents: dict[Party, Json] = field(default_factory=dict)
    expressions: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.space = self.bom.serial or "urn:uuid:00000000-0000-0000-0000-000000000000"
        self.names = {ref: self.id(f"package-{name}") for ref, name in element_names(self.bom).items()}

    def id(self, name: str) -> str:
        return f"{self.space}#{name}"

    def element(self, type_: str, id_: str, /, **values: Any) -> Json:
        told = {"type": type_, "spdxId": self.id(id_), "creationInfo": _CREATION, **values}
        return {key: value for key, value in told.items() if value not in ("", [], None)}

    def elements(self) -> Iterator[Json]:
        bom = self.bom
        authors = [self.agent(one) for one in bom.authors if one.name]
        if not authors:
            tool = bom.tools[0].name if bom.tools else "licscan"
            self.agents[Party(tool)] = self.element("SoftwareAgent", "agent-0", name=tool)
            authors = [self.id("agent-0")]
        tools = [
            self.element("Tool", f"tool-{number}", name=f"{one.name}-{one.version}" if one.version else one.name)
            for number, one in enumerate(bom.tools)
        ]
        body = [element for one in bom.components for element in self.component(one)]
        edges = list(self.edges())
        texts = list(self.texts())
        data_license = self.expression("CC0-1.0")
        yield {
            "type": "CreationInfo", "@id": _CREATION, "specVersion": "3.0.1", "created": bom.created,
            "createdBy": authors, **({"createdUsing": [one["spdxId"] for one in tools]} if tools else {}),
        }  # fmt: skip
        rest = [*self.agents.values(), *tools, *self.expressions.values(), *texts, *body, *edges]
        subject = [self.names[bom.subject]] if bom.subject in self.names else []
        yield self.element(
            "SpdxDocument", "document", name=bom.name, comment=bom.comment, dataLicense=data_license,
            profileConformance=["core", "software", "simpleLicensing", *more_profiles(bom)],
            rootElement=[self.id("sbom")],
        )  # fmt: skip
        type_ = SBOM_TYPES.get(bom.lifecycle)
        yield self.element(
            "software_Sbom", "sbom", name=bom.name, rootElement=subject, element=list(self.names.values()),
            software_sbomType=[type_] if type_ else [],
        )  # fmt: skip
        yield from rest

    def agent(self, party: Party) -> str:
        if party not in self.agents:
            type_ = "Organization" if party.kind is PartyKind.ORGANIZATION else "Person"
            names = []
            if party.email:
                names.append(_identifier("email", party.email))
            if party.url:
                names.append(_identifier("urlScheme", party.url))
            made = self.element(type_, f"agent-{len(self.agents)}", name=party.name, externalIdentifier=names)
            self.agents[party] = made
        return str(self.agents[party]["spdxId"])

    def expression(self, expression: str) -> str:
        if expression in _LICENSES:
            return _LICENSES[expression]
        if expression not in self.expressions:
            custom = [
                {"type": "DictionaryEntry", "key": name, "value": self.id(f"text-{name}")}
                for name in references_in(expression)
            ]
            self.expressions[expression] = self.element(
                "simplelicensing_LicenseExpression", f"license-{len(self.expressions)}",
                simplelicensing_licenseExpression=expression, simplelicensing_customIdToUri=custom,
            )  # fmt: skip
        return str(self.expressions[expression]["spdxId"])

    def texts(self) -> Iterator[Json]:
        used = {name for expression in self.expressions for name in references_in(expression)}
        known = {one.ref: one for one in self.bom.license_texts}
        for name in sorted(used):
            text = known[name].text if name in known else ""
            yield self.element(
                "simplelicensing_SimpleLicensingText", f"text-{name}", name=name,
                simplelicensing_licenseText=text or UNKNOWN_TEXT,
            )  # fmt: skip

    def component(self, one: BomComponent) -> Iterator[Json]:
        name = self.names[one.ref].partition("#")[2]
        hashes = one.hashes or tuple(digest for reference in one.references for digest in reference.hashes)
        identifiers = [_identifier("packageUrl", one.purl)] if one.purl else []
        identifiers += [_identifier("cpe23", item.value) for item in one.identifiers if item.value[:8] == "cpe:2.3:"]
        purpose = "model" if one.kind == MODEL else one.kind if one.kind in _PURPOSES else "other"
        yield self.element(
            type_of(one), name, name=one.name, summary=one.description, comment=unknown_text(one),
            software_packageVersion=one.version, software_packageUrl=one.purl,
            software_downloadLocation=one.download_location,
            software_copyrightText=one.copyright_text or NOASSERTION,
            software_primaryPurpose=purpose,
            software_attributionText=[], suppliedBy=self.agent(one.supplier) if one.supplier else None,
            originatedBy=[self.agent(party) for party in one.authors or ((one.supplier,) if one.supplier else ())],
            verifiedUsing=_hashes(hashes), externalIdentifier=identifiers,
            software_homePage=next((item.url for item in one.references if item.kind == "website"), ""),
            externalRef=_addresses(one, *_REFERENCES), **facts_of(one),
        )  # fmt: skip
        yield from self.licenses(one, name)
        if one.content is not None:
            yield from self.content(one.content, name)
        if one.filename:
            yield from self.file(one, name)
        if places := _addresses(one, "vcs", "source-distribution"):
            # as BSI TR-03183-2 wants it: the source code is an artefact that generates the component
            yield self.element(
                "software_File", f"source-{name}", name=f"{one.name} source code", software_primaryPurpose="source",
                externalRef=places, software_copyrightText=one.copyright_text or NOASSERTION,
            )  # fmt: skip
            yield self.relationship(f"generates-{name}", f"source-{name}", "generates", [self.id(name)])

    def licenses(self, one: BomComponent, name: str) -> Iterator[Json]:
        comment = license_text(one)
        for role, type_ in _RELATIONSHIPS.items():
            said = one.license_of(role) or NOASSERTION
            yield self.relationship(
                f"{role.value}-{name}", name, type_, [self.expression(said)],
                comment=comment if role is LicenseRole.CONCLUDED else "",
            )  # fmt: skip
        effective = one.license_of(LicenseRole.EFFECTIVE)
        if effective and effective not in _LICENSES:
            yield self.relationship(
                f"effective-{name}", name, "other", [self.expression(effective)], comment="hasEffectiveLicense"
            )

    def file(self, one: BomComponent, name: str) -> Iterator[Json]:
        hashes = one.hashes or tuple(digest for reference in one.references for digest in reference.hashes)
        flags = (("executable", one.executable), ("archive", one.archive), ("container", one.structured))
        purposes = [purpose for purpose, holds in flags if holds]
        if one.structured is False:
            purposes.append("firmware")
        where = [{"type": "ExternalRef", "externalRefType": "binaryArtifact", "locator": [one.download_location]}]
        yield self.element(
            "software_File", f"file-{name}", name=one.filename, software_additionalPurpose=purposes,
            verifiedUsing=_hashes(hashes), externalRef=where if one.download_location else [],
            software_copyrightText=one.copyright_text or NOASSERTION,
        )  # fmt: skip
        yield self.relationship(f"ships-{name}", name, "hasDistributionArtifact", [self.id(f"file-{name}")])

    def content(self, content: BomContent, name: str) -> Iterator[Json]:
        """The files of a component of content, and that it contains them."""
        ids = []
        for number, one in enumerate(content.files):
            ids.append(self.id(f"content-{number}-{name}"))
            yield self.element(
                "software_File", f"content-{number}-{name}", name=one.path,
                verifiedUsing=_hashes((Hash("SHA-256", one.sha256),)), software_copyrightText=NOASSERTION,
            )  # fmt: skip
        if ids:
            complete = "incomplete" if content.left_out else "complete"
            yield self.relationship(f"holds-{name}", name, "contains", ids, completeness=complete)

    def relationship(self, id_: str, start: str, type_: str, ends: list[str], **values: Any) -> Json:
        return self.element(
            "Relationship", id_, relationshipType=type_, **{"from": self.id(start)}, to=ends, **values
        )  # fmt: skip

    def edges(self) -> Iterator[Json]:
        """One relationship for each component and kind of edge; the completeness is that of the whole list."""
        told = self.bom.completeness
        for component in self.bom.components:
            kinds: dict[tuple[str, str], list[str]] = {}
            for edge in self.bom.children.get(component.ref, ()):
                if edge.child in self.names:
                    kinds.setdefault(_EDGES.get(edge.kind, ("dependsOn", "")), []).append(self.names[edge.child])
            name = self.names[component.ref].partition("#")[2]
            known = told.get(component.ref)
            complete = _COMPLETENESS[known] if known else None
            if not kinds and known is not None:
                end = "NoneElement" if known is Completeness.COMPLETE else "NoAssertionElement"
                yield self.relationship(f"needs-{name}", name, "dependsOn", [end], completeness=complete)
            for (type_, scope), ends in kinds.items():
                made = self.relationship(
                    f"{type_}-{scope}-{name}", name, type_, sorted(set(ends)), completeness=complete, scope=scope
                )
                yield made | {"type": "LifecycleScopedRelationship" if scope else "Relationship"}


_REFERENCES = {"vcs": "vcs", "issue-tracker": "issueTracker", "source-distribution": "sourceArtifact"}


def _addresses(one: BomComponent, *kinds: str) -> list[Json]:
    """The references of these kinds, but for the one that is the download location."""
    return [
        {"type": "ExternalRef", "externalRefType": _REFERENCES[item.kind], "locator": [item.url]}
        for item in one.references
        if item.kind in kinds and item.url != one.download_location
    ]


def _identifier(type_: str, value: str) -> Json:
    return {"type": "ExternalIdentifier", "externalIdentifierType": type_, "identifier": value}


def _hashes(hashes: tuple[Hash, ...]) -> list[Json]:
    return [
        {"type": "Hash", "algorithm": _ALGORITHMS.get(one.algorithm, "other"), "hashValue": one.value} for one in hashes
    ]


_ALGORITHMS = {
    "MD5": "md5", "SHA-1": "sha1", "SHA-224": "sha224", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512",
    "SHA3-224": "sha3_224", "SHA3-256": "sha3_256", "SHA3-384": "sha3_384", "SHA3-512": "sha3_512",
    "BLAKE2b-256": "blake2b256", "BLAKE2b-384": "blake2b384", "BLAKE2b-512": "blake2b512", "BLAKE3": "blake3",
    "MD2": "md2", "MD4": "md4", "MD6": "md6", "ADLER32": "adler32",
}  # fmt: skip
