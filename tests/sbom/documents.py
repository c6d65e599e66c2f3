"""Small SBOMs as their formats write them, and what an audit answers to each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from licscan.compose.audit import Audit, audit
from licscan.compose.options import Options
from licscan.config import Config

WHEN = "2026-03-04T05:06:07Z"
Json = dict[str, Any]


def cyclonedx(*components: Json, version: str = "1.6", needs: tuple[str, ...] | None = None, **more: Any) -> Json:
    """A product `app` that needs the components."""
    wanted = [one["bom-ref"] for one in components] if needs is None else list(needs)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "version": 1,
        "metadata": {
            "timestamp": WHEN,
            "component": {"type": "application", "bom-ref": "app", "name": "talk", "version": "1"},
        },
        "components": list(components),
        "dependencies": [{"ref": "app", "dependsOn": wanted}],
        **more,
    }


def library(name: str = "lib", license_: Any = "MIT", **more: Any) -> Json:
    """A component; `license_` is an identifier, or the entry of the list of licenses."""
    entry = {"license": {"id": license_}} if isinstance(license_, str) else license_
    told = {"type": "library", "bom-ref": name, "name": name, "version": "2", "purl": f"pkg:npm/{name}@2"}
    return told | ({"licenses": [entry]} if entry else {}) | more


def spdx2(*packages: Json, edges: tuple[tuple[str, str, str], ...] = (), **more: Any) -> Json:
    """A product `app` that needs the packages."""
    described = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-app")]
    needed = [("SPDXRef-app", "DEPENDS_ON", one["SPDXID"]) for one in packages]
    keys = ("spdxElementId", "relationshipType", "relatedSpdxElement")
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "talk",
        "documentNamespace": "https://talk.example/1",
        "creationInfo": {"created": WHEN, "creators": ["Organization: Talk Ltd"]},
        "packages": [package("app", NONE), *packages],
        "relationships": [dict(zip(keys, one, strict=True)) for one in (*described, *needed, *edges)],
        **more,
    }


NONE = "NOASSERTION"


def package(name: str = "lib", declared: str = "MIT", **more: Any) -> Json:
    return {
        "SPDXID": f"SPDXRef-{name}",
        "name": name,
        "versionInfo": "2",
        "downloadLocation": NONE,
        "licenseConcluded": NONE,
        "licenseDeclared": declared,
        "copyrightText": NONE,
        "filesAnalyzed": False,
        **more,
    }


def spdx3(*elements: Json) -> Json:
    """A product `app` beside the elements; identifiers are short names."""
    info = {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": WHEN, "createdBy": ["urn:t:org"]}
    every = (
        {"type": "Organization", "spdxId": "urn:t:org", "name": "Talk Ltd"},
        {"type": "SpdxDocument", "spdxId": "urn:t:document", "rootElement": ["urn:t:app"]},
        {"type": "software_Package", "spdxId": "urn:t:app", "name": "talk", "software_packageVersion": "1"},
        *elements,
    )
    graph = [info, *({"creationInfo": "_:c", **one} for one in every)]
    return {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}


def element(type_: str, name: str, **more: Any) -> Json:
    return {"type": type_, "spdxId": f"urn:t:{name}", "name": name, **more}


def relation(start: str, type_: str, *ends: str) -> Json:
    return {
        "type": "Relationship",
        "spdxId": f"urn:t:{start}-{type_}-{ends[0]}",
        "from": f"urn:t:{start}",
        "relationshipType": type_,
        "to": [f"urn:t:{end}" for end in ends],
    }


def licensed(expression: str) -> Json:
    """An expression under the name of its letters."""
    return {
        "type": "simplelicensing_LicenseExpression",
        "spdxId": f"urn:t:{expression}",
        "simplelicensing_licenseExpression": expression,
    }


def audited(
    document: Json | str | bytes, folder: Path, name: str = "given.json", database: Path | None = None
) -> Audit:
    """What an audit says of the document, under no licscan.toml."""
    path = folder / name
    data = document if isinstance(document, bytes) else None
    text = document if isinstance(document, str) else json.dumps(document) if data is None else ""
    path.write_bytes(text.encode() if data is None else data)
    return audit(path, folder, Options((folder,), config=Config()), None, database)


def answers(found: Audit) -> set[tuple[str, str, str]]:
    """Code, name of the package, verdict of every finding."""
    names = {one.purl: one.name for one in found.scan.graph.components}
    return {(one.code, names.get(one.purl, ""), one.verdict.value) for one in found.scan.findings}
