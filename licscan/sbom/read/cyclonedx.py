"""CycloneDX 1.2 to 1.7, from JSON."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

from licscan.sbom.addresses import algorithm_of
from licscan.sbom.model import (
    Ancestor,
    Bom,
    BomComponent,
    BomDependency,
    Completeness,
    CopyrightNotice,
    DependencyKind,
    Extent,
    ExternalReference,
    Hash,
    Identifier,
    LicenseEvidence,
    LicenseRole,
    LicenseStatement,
    Party,
    PartyKind,
    Property,
    Tool,
    Unknown,
)
from licscan.sbom.read.values import Values
from licscan.sbom.sound import FLAGS

_OF_VULNERABILITIES = frozenset({"exploitability-statement", "vulnerability-assertion"})
_NO_SOFTWARE = frozenset({"cryptographic-asset", "device"})
"""Types of components that are no software; they count where they say a license."""
_EFFECTIVE = ("bsi:component:effectiveLicense", "bsi:component:effectiveLicence")


def read(document: Values) -> Bom:
    """The document as the model."""
    metadata = document.object("metadata")
    subject = [metadata.object("component")] if metadata.data.get("component") else []
    top = next((one.text("bom-ref") or one.text("purl") or one.place for one in subject), "")
    found = list(_components([*subject, *document.objects("components")]))
    services = [one for one, _around in _components(list(document.objects("services")), "services")]
    found += [(one, "") for one in services if one.licenses]
    apart = [one.ref for one, _around in found if one.kind in _NO_SOFTWARE and not one.licenses and one.ref != top]
    apart += [one.ref for one in services if not one.licenses]
    left_out = set(apart)
    found = [(one, around) for one, around in found if one.ref not in left_out]
    components = tuple(component for component, _around in found)
    inside = {
        (around, one.ref): BomDependency(around, one.ref, DependencyKind.CONTAINS) for one, around in found if around
    }
    # what stands inside another and is needed by it too is one edge
    told = {(edge.parent, edge.child): edge for edge in _dependencies(document)}
    edges = tuple(sorted((inside | told).values()))
    return Bom(
        name=components[0].name if subject and components else "",
        subject=components[0].ref if subject and components else "",
        format="cyclonedx",
        spec_version=document.text("specVersion"),
        version=str(document.whole("version") or ""),
        serial=document.text("serialNumber"),
        created=metadata.text("timestamp"),
        lifecycle=next((one.text("phase") or one.text("name") for one in metadata.objects("lifecycles")), ""),
        tools=tuple(_tools(metadata)),
        authors=tuple(_authors(metadata)),
        supplier=_organization(metadata, "manufacturer", "manufacture", "supplier"),
        components=components,
        dependencies=edges,
        dependencies_of=tuple(sorted({one.text("ref") for one in document.objects("dependencies")})),
        extents=tuple(_extents(document)),
        data_license=next((one.object("license").text("id") for one in metadata.objects("licenses")), ""),
        properties=_properties(metadata),
        references=tuple(_references(document)),
        has_vulnerabilities=bool(document.array("vulnerabilities")),
        refers_to_vulnerabilities=any(
            item.kind in _OF_VULNERABILITIES for one in components for item in one.references
        ),
        problems=tuple(document.problems),
        elsewhere=tuple(apart),
    )


def _components(start: list[Values], key: str = "components") -> Iterator[tuple[BomComponent, str]]:
    """Every component with the ref of the one around it, without recursion; a missing ref is made from the place."""
    waiting = [(values, "") for values in reversed(start)]
    while waiting:
        values, around = waiting.pop()
        component = _component(values)
        waiting += [(inner, component.ref) for inner in values.objects(key)][::-1]
        yield (component if key == "components" else replace(component, kind="service")), around


def _component(values: Values) -> BomComponent:
    properties = _properties(values)
    said = {one.name.removeprefix("bsi:component:"): one.value for one in properties if one.name.startswith("bsi:")}
    group, name = values.text("group"), values.text("name")
    purl = values.text("purl")
    separator = ":" if purl.startswith("pkg:maven/") else "/"
    evidence, pedigree = values.object("evidence"), values.object("pedigree")
    statements = [*_licenses(values, LicenseRole.UNSTATED), *_own_statements(properties)]
    statements += _licenses(evidence, LicenseRole.FOUND)
    references = tuple(_references(values))
    text = values.text("copyright")
    return BomComponent(
        ref=values.text("bom-ref") or purl or values.place,
        name=f"{group}{separator}{name}" if group else name,
        version=values.text("version"),
        kind=values.text("type"),
        purl=purl,
        scope=values.text("scope"),
        supplier=_organization(values, "supplier", "provider"),
        manufacturer=_organization(values, "manufacturer"),
        authors=tuple(_authors(values)),
        licenses=tuple(_once(statements)),
        evidence=tuple(_evidence(evidence)),
        copyright_text=text,
        copyrights=tuple(CopyrightNotice(one.text("text")) for one in evidence.objects("copyright")),
        hashes=_hashes(values),
        filename=said.get("filename", ""),
        references=references,
        download_location=next((one.url for one in references if one.kind == "distribution"), ""),
        identifiers=tuple(_identifiers(values)),
        description=values.text("description"),
        executable=_flag(said, "executable"),
        archive=_flag(said, "archive"),
        structured=_flag(said, "structured"),
        modified=values.data.get("modified") is True or bool(pedigree.array("patches")),
        ancestors=tuple(_ancestors(pedigree)),
        unknown=_unknown(properties),
        properties=properties,
    )


def _ancestors(pedigree: Values) -> Iterator[Ancestor]:
    """The works from which it was made, and from which these were; bounded by the depth of the document."""
    waiting = [pedigree]
    while waiting:
        for one in waiting.pop().objects("ancestors"):
            group, name = one.text("group"), one.text("name")
            licenses = tuple(_once([*_licenses(one, LicenseRole.UNSTATED)]))
            yield Ancestor(f"{group}/{name}" if group else name, one.text("version"), one.text("purl"), licenses)
            waiting.append(one.object("pedigree"))


def _once(statements: list[LicenseStatement]) -> Iterator[LicenseStatement]:
    """Each statement once, as it is said first: properties repeat what the lists say with their texts."""
    told: set[tuple[str, str, str]] = set()
    for one in statements:
        key = (one.role, one.expression, one.name)
        if key not in told:
            told.add(key)
            yield one


def _flag(said: dict[str, str], name: str) -> bool | None:
    """One of BSI's properties; None for words that are none of its two."""
    return FLAGS[name].get(said.get(name, ""))


def _unknown(properties: tuple[Property, ...]) -> tuple[Unknown, ...]:
    names = {"licscan:unknown": "unknown", "licscan:redacted": "redacted"}
    return tuple(Unknown(one.value, names[one.name]) for one in properties if one.name in names)


def _licenses(values: Values, role: LicenseRole) -> Iterator[LicenseStatement]:
    """What a list of licenses says; several without a word between them are several statements."""
    for entry in values.objects("licenses"):
        inner = entry.object("license")
        place = inner if inner.data else entry
        stated = entry.text("acknowledgement") or inner.text("acknowledgement")
        said = LicenseRole(stated) if stated in ("declared", "concluded") else role
        name = inner.text("name")
        expression = entry.text("expression") or inner.text("id") or (name if name.startswith("LicenseRef-") else "")
        if expression or name:
            text = _attached(place.object("text"))
            url, contract = place.text("url"), _contract(place.object("licensing"))
            yield LicenseStatement(said, expression, "" if expression else name, text, url, contract=contract)


def _contract(values: Values) -> str:
    """What is said of a license that was bought, in the order of the schema."""
    told = [f"{key}: {_who(values, key)}" for key in ("licensor", "licensee", "purchaser") if _who(values, key)]
    told += [f"types: {', '.join(values.texts('licenseTypes'))}"] if values.texts("licenseTypes") else []
    told += [f"{key}: {values.text(key)}" for key in ("lastRenewal", "expiration") if values.text(key)]
    return "; ".join(told)


def _who(values: Values, key: str) -> str:
    one = values.object(key)
    return one.object("organization").text("name") or one.object("individual").text("name")


def _attached(values: Values) -> str:
    """A text that is attached, as it is or in base64; what cannot be decoded is none."""
    content = values.text("content")
    if values.text("encoding") != "base64":
        return content
    try:
        return base64.b64decode(content, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def _own_statements(properties: tuple[Property, ...]) -> Iterator[LicenseStatement]:
    """What licscan adds where a list of licenses cannot say it."""
    for one in properties:
        if one.name in _EFFECTIVE:
            yield LicenseStatement(LicenseRole.EFFECTIVE, one.value)
        elif one.name in ("licscan:license:declared", "licscan:license:concluded"):
            yield LicenseStatement(LicenseRole(one.name.rpartition(":")[2]), one.value)


def _evidence(values: Values) -> Iterator[LicenseEvidence]:
    for one in values.objects("occurrences"):
        yield LicenseEvidence("occurrence", one.text("location"), one.whole("line"), raw=one.text("additionalContext"))


def _organization(values: Values, *keys: str) -> Party | None:
    for key in keys:
        if not isinstance(values.data.get(key), dict):
            continue
        one = values.object(key)
        contact = next(one.objects("contact"), Values({}, "", []))
        name = one.text("name") or contact.text("name")
        email = contact.text("email")
        url = next(iter(one.texts("url")), "") if isinstance(one.data.get("url"), list) else ""
        if name or email or url:
            return Party(name, email, url, PartyKind.ORGANIZATION)
    return None


def _authors(values: Values) -> Iterator[Party]:
    for one in values.objects("authors"):
        yield Party(one.text("name"), one.text("email"))
    for key in ("author", "publisher"):
        if values.text(key):
            yield Party(values.text(key))


def _tools(metadata: Values) -> Iterator[Tool]:
    """Tools as 1.4 and older list them, and as components and services since 1.5."""
    tools = metadata.data.get("tools")
    if isinstance(tools, dict):
        inner = metadata.object("tools")
        found = [*inner.objects("components"), *inner.objects("services")]
    else:
        found = list(metadata.objects("tools"))
    for one in found:
        vendor = one.data.get("vendor")
        yield Tool(one.text("name"), one.text("version"), vendor if isinstance(vendor, str) else "")


def _hashes(values: Values) -> tuple[Hash, ...]:
    told = ((one.text("alg"), one.text("content").lower()) for one in values.objects("hashes"))
    return tuple(Hash(algorithm_of(name) or name, value) for name, value in told if value)


def _references(values: Values) -> Iterator[ExternalReference]:
    for one in values.objects("externalReferences"):
        yield ExternalReference(one.text("type"), one.text("url"), _hashes(one), one.text("comment"))


def _identifiers(values: Values) -> Iterator[Identifier]:
    if values.text("cpe"):
        yield Identifier("cpe", values.text("cpe"))
    if values.data.get("swid"):
        yield Identifier("swid", values.object("swid").text("tagId"))
    for kind in ("omniborId", "swhid"):
        for value in values.texts(kind):
            yield Identifier(kind, value)


def _properties(values: Values) -> tuple[Property, ...]:
    return tuple(Property(one.text("name"), one.text("value")) for one in values.objects("properties"))


def _dependencies(document: Values) -> Iterator[BomDependency]:
    for one in document.objects("dependencies"):
        for child in one.texts("provides"):
            yield BomDependency(one.text("ref"), child, DependencyKind.PROVIDES)
        for child in one.texts("dependsOn"):
            yield BomDependency(one.text("ref"), child)


_AGGREGATES = frozenset(
    {"complete", "incomplete", "incomplete_first_party_only", "incomplete_first_party_proprietary_only",
     "incomplete_first_party_opensource_only", "incomplete_third_party_only", "incomplete_third_party_proprietary_only",
     "incomplete_third_party_opensource_only", "unknown"}
)  # fmt: skip


def _extents(document: Values) -> Iterator[Extent]:
    for one in document.objects("compositions"):
        aggregate = one.text("aggregate")
        if aggregate not in _AGGREGATES:
            continue  # `not_specified` says nothing
        known = Completeness(aggregate) if aggregate in ("complete", "incomplete") else Completeness.UNKNOWN
        if aggregate.startswith("incomplete"):
            known = Completeness.INCOMPLETE
        for key in ("dependencies", "assemblies"):
            refs = tuple(one.texts(key))
            if refs:
                yield Extent(known, refs, key)
