"""CycloneDX 1.6 (ECMA-424) and 1.7 as JSON.

1.6 takes one expression for a component or several single licenses, so a declared and a concluded compound cannot stand
side by side: the concluded one stands, and the declared one is in the evidence and a property. 1.7 takes both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from licscan.licenses.spdx import is_current
from licscan.model import NOASSERTION, NONE
from licscan.sbom.content import MODEL
from licscan.sbom.model import (
    Bom,
    BomComponent,
    Completeness,
    ExternalReference,
    Hash,
    LicenseEvidence,
    LicenseRole,
    LicenseStatement,
    LicenseText,
    Party,
    Property,
)
from licscan.sbom.references import references_in
from licscan.sbom.write.cyclonedx_content import data_of, model_card

Json = dict[str, Any]

_AGGREGATES = {
    Completeness.COMPLETE: "complete",
    Completeness.INCOMPLETE: "incomplete",
    Completeness.UNKNOWN: "unknown",
}
MAX_VERSION = 1024
"""Characters that the schema allows; all of a longer version are in the PackageURL."""
_STATED = (LicenseRole.CONCLUDED, LicenseRole.DECLARED)


def to_dict(bom: Bom, version: str) -> Json:
    """The document as values of JSON, keys in the order of the schema."""
    texts = {text.ref: text for text in bom.license_texts}
    subject = next((one for one in bom.components if one.ref == bom.subject), None)
    document: Json = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": bom.serial,
        "version": 1,
        "metadata": _metadata(bom, subject, version, texts),
        "components": [_component(one, version, texts) for one in bom.others()],
        "dependencies": _dependencies(bom),
        "compositions": [
            {"aggregate": _AGGREGATES[one.completeness], _of(one.of): list(one.refs)} for one in bom.extents
        ],
    }
    if version != "1.6":
        document["citations"] = _citations(document)
    return {key: value for key, value in document.items() if value not in ("", [])}


TOOL = "licscan:tool"
"""The ref of the program that wrote the document, to which citations attribute what it concluded (since 1.7)."""


def _citations(document: Json) -> list[Json]:
    """That the concluded licenses are what the tool makes of the evidence beside them, and declared by nobody."""
    places = [("/metadata/component", document["metadata"].get("component", {}))]
    places += [(f"/components/{number}", one) for number, one in enumerate(document["components"])]
    pointers = [
        f"{place}/licenses/{number}"
        for place, one in places
        for number, entry in enumerate(one.get("licenses", ()))
        if entry.get("license", entry).get("acknowledgement") == "concluded"
    ]
    if not pointers or not document["metadata"]["tools"]["components"]:
        return []
    note = "Concluded from the evidence of the component, by the tool."
    when = document["metadata"]["timestamp"]
    return [{"pointers": pointers, "timestamp": when, "attributedTo": TOOL, "note": note}]


def _of(list_: str) -> str:
    return "assemblies" if list_ == "assemblies" else "dependencies"


def _metadata(bom: Bom, subject: BomComponent | None, version: str, texts: dict[str, LicenseText]) -> Json:
    metadata: Json = {"timestamp": bom.created}
    if bom.lifecycle:
        metadata["lifecycles"] = [{"phase": bom.lifecycle}]
    metadata["tools"] = {
        "components": [
            {"type": "application"}
            | ({"bom-ref": TOOL} if version != "1.6" and number == 0 else {})
            | {"name": tool.name}
            | ({"version": tool.version} if tool.version else {})
            for number, tool in enumerate(bom.tools)
        ]
    }
    people = [_contact(one) for one in bom.authors]
    if people:
        metadata["authors"] = people
    if subject is not None:
        metadata["component"] = _component(subject, version, texts)
    if bom.supplier is not None:
        metadata["manufacturer"] = _organization(bom.supplier)
        metadata["supplier"] = _organization(bom.supplier)
    if bom.data_license:
        metadata["licenses"] = [{"license": {"id": bom.data_license}}]
    if bom.tlp and version != "1.6":
        metadata["distributionConstraints"] = {"tlp": bom.tlp}
    extra = [*bom.properties, *([Property("licscan:comment", bom.comment)] if bom.comment else [])]
    if extra:
        metadata["properties"] = [{"name": one.name, "value": one.value} for one in extra]
    return metadata


def _contact(party: Party) -> Json:
    told = {"name": party.name, "email": party.email}
    return {key: value for key, value in told.items() if value}


def _organization(party: Party) -> Json:
    told: Json = {"name": party.name}
    if party.url:
        told["url"] = [party.url]
    if party.email:
        told["contact"] = [_contact(party)]
    return told


def _component(one: BomComponent, version: str, texts: dict[str, LicenseText]) -> Json:
    told: Json = {
        "type": one.kind,
        "bom-ref": one.ref,
        "supplier": _organization(one.supplier) if one.supplier else None,
        "manufacturer": _organization(one.manufacturer) if one.manufacturer else None,
        "authors": [_contact(party) for party in one.authors],
        **_name(one),
        "version": one.version[:MAX_VERSION],
        "description": one.description,
        "scope": one.scope,
        "hashes": _hashes(one.hashes),
        "licenses": _licenses(one, version, texts),
        "copyright": one.copyright_text,
        **_identifiers(one),
        "modified": one.modified or None,
        "pedigree": _pedigree(one),
        "externalReferences": [_reference(reference) for reference in one.references],
        "evidence": _evidence(one, version),
        "properties": _properties(one, version),
        "modelCard": model_card(one),
        "data": data_of(one),
    }
    return {key: value for key, value in told.items() if value or key == "name"}


def _pedigree(one: BomComponent) -> Json:
    """The models that a model was made from."""
    names = one.content.base_models if one.content else ()
    return {"ancestors": [{"type": MODEL, "name": name} for name in names]} if names else {}


def _name(one: BomComponent) -> Json:
    """The scope of npm is a group of its own."""
    group, slash, name = one.name.rpartition("/")
    if one.purl.startswith("pkg:npm/") and slash and group.startswith("@") and name:
        return {"group": group, "name": name}
    return {"name": one.name}


def _identifiers(one: BomComponent) -> Json:
    told: Json = {}
    cpe = next((name.value for name in one.identifiers if name.kind == "cpe"), "")
    if cpe:
        told["cpe"] = cpe
    if one.purl:
        told["purl"] = one.purl
    for kind in ("omniborId", "swhid"):
        values = [name.value for name in one.identifiers if name.kind == kind]
        if values:
            told[kind] = values
    return told


def _hashes(hashes: tuple[Hash, ...]) -> list[Json]:
    return [{"alg": one.algorithm, "content": one.value} for one in hashes]


def _reference(reference: ExternalReference) -> Json:
    told: Json = {"type": reference.kind, "url": reference.url}
    if reference.comment:
        told["comment"] = reference.comment
    if reference.hashes:
        told["hashes"] = _hashes(reference.hashes)
    return told


def _stated(one: BomComponent) -> list[LicenseStatement]:
    """What is concluded and declared, without what only says that nobody knows."""
    return [
        statement
        for role in _STATED
        for statement in one.licenses
        if statement.role is role and (statement.name or statement.expression not in ("", NONE, NOASSERTION))
    ]


def _licenses(one: BomComponent, version: str, texts: dict[str, LicenseText]) -> list[Json]:
    stated = _stated(one)
    if all(map(_is_single, stated)):
        return [_single(statement, texts) for statement in stated]
    if version == "1.6":
        return [_expression(stated[0], {})]
    return [_single(one, texts) if _is_single(one) else _expression(one, texts) for one in stated]


def _is_single(statement: LicenseStatement) -> bool:
    return not statement.expression or is_current(statement.expression) or _is_reference(statement.expression)


def _is_reference(expression: str) -> bool:
    return expression.startswith("LicenseRef-") and " " not in expression


def _single(statement: LicenseStatement, texts: dict[str, LicenseText]) -> Json:
    known = is_current(statement.expression)
    license_: Json = {"id" if known else "name": statement.expression or statement.name}
    license_["acknowledgement"] = statement.role.value
    text = statement.text or (texts[statement.expression].text if statement.expression in texts else "")
    if text:
        license_["text"] = {"contentType": "text/plain", "content": text}
    if statement.url:
        license_["url"] = statement.url
    return {"license": license_}


def _expression(statement: LicenseStatement, texts: dict[str, LicenseText]) -> Json:
    told: Json = {"expression": statement.expression, "acknowledgement": statement.role.value}
    details = [
        {"licenseIdentifier": name, "text": {"contentType": "text/plain", "content": texts[name].text}}
        for name in references_in(statement.expression)
        if name in texts and texts[name].text
    ]
    if details:
        told["expressionDetails"] = details
    return told


def _evidence(one: BomComponent, version: str) -> Json:
    told: Json = {}
    stated = _stated(one)
    declared = [statement for statement in stated if statement.role is LicenseRole.DECLARED]
    if version == "1.6" and declared and not all(map(_is_single, stated)):
        told["licenses"] = [_expression(declared[0], {})]
    places = [_occurrence(item) for item in one.evidence]
    if places:
        told["occurrences"] = places
    notices = list(dict.fromkeys(notice.statement for notice in one.copyrights))
    if notices:
        told["copyright"] = [{"text": notice} for notice in notices]
    return told


def _occurrence(item: LicenseEvidence) -> Json:
    """Where a statement of the license stands, with what it says and how it was read."""
    told: Json = {"location": item.path or item.origin or "unknown"}
    if item.line is not None:
        told["line"] = item.line
    said = f"{item.kind} {item.field}".strip()
    if item.raw:
        said += f": {item.raw}"
    if item.expression:
        said += f" -> {item.expression}"
    score = f", {item.score:.2f}" if item.score is not None else ""
    told["additionalContext"] = f"{said} ({item.method}{score}, {item.origin})"
    return told


def _properties(one: BomComponent, version: str) -> list[Json]:
    told = [(item.name, item.value) for item in one.properties]
    if one.filename:
        told.append(("bsi:component:filename", one.filename))
    flags = (
        ("executable", one.executable, "executable", "non-executable"),
        ("archive", one.archive, "archive", "no archive"),
        ("structured", one.structured, "structured", "unstructured"),
    )
    told += [(f"bsi:component:{name}", yes if value else no) for name, value, yes, no in flags if value is not None]
    told += _license_properties(one, version)
    if one.license_comment:
        told.append(("licscan:license:basis", one.license_comment))
    told += [(f"licscan:{item.reason}", item.field) for item in one.unknown]
    return [{"name": name, "value": value} for name, value in told]


def _license_properties(one: BomComponent, version: str) -> Iterator[tuple[str, str]]:
    """What the list of licenses cannot say: nothing known, a second compound in 1.6, comments, choices."""
    compound = version == "1.6" and not all(map(_is_single, _stated(one)))
    for statement in one.licenses:
        said, name = statement.expression or statement.name, f"licscan:license:{statement.role.value}"
        if statement.role is LicenseRole.EFFECTIVE:
            yield "bsi:component:effectiveLicense", said
        elif statement.role in _STATED and (compound or said in (NONE, NOASSERTION)):
            yield name, said
        if statement.comment:
            yield f"{name}:comment", statement.comment


def _dependencies(bom: Bom) -> list[Json]:
    told = []
    silent = bom.completeness
    for component in bom.components:
        children = sorted({edge.child for edge in bom.children.get(component.ref, ())})
        if children:
            told.append({"ref": component.ref, "dependsOn": children})
        elif silent.get(component.ref) is not Completeness.UNKNOWN:
            told.append({"ref": component.ref})
    return told
