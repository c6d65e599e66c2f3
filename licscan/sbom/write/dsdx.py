"""DSDX 1.0 as JSON, a form of Chinese open source tools; experimental, since its specification was not at hand.

The fields are those that public programs write: a document with its name, creator, version, time, identifier and
project, components with group, name, version, language and licenses, and the dependencies by identifier. Where these
misspell the key of the project's name, it is spelt right here. `NOT_CARRIED` is what it has no field for.
"""

from __future__ import annotations

from typing import Any

from licscan.base.messages import N_
from licscan.model import NOASSERTION, NONE
from licscan.sbom.model import Bom, BomComponent, LicenseRole
from licscan.sbom.write.names import element_names

Json = dict[str, Any]

VERSION = "DSDX-1.0"
NOT_CARRIED = (
    N_("suppliers and authors"),
    N_("PackageURLs and other identifiers"),
    N_("digests, file names and addresses"),
    N_("copyright statements and license texts"),
    N_("declared alongside concluded licenses, and the evidence for each"),
    N_("scopes, completeness, and what is not known"),
)
"""What is lost in it."""

_LANGUAGES = {
    "npm": "JavaScript", "pypi": "Python", "cargo": "Rust", "golang": "Golang", "maven": "Java", "gem": "Ruby",
    "composer": "PHP", "nuget": "C#", "hackage": "Haskell", "hex": "Erlang", "pub": "Dart", "swift": "Swift",
}  # fmt: skip
_SILENT = ("", NONE, NOASSERTION)


def to_dict(bom: Bom) -> Json:
    """The document as values of JSON."""
    names = {ref: f"DSDX-{name}" for ref, name in element_names(bom).items()}
    subject = bom.by_ref.get(bom.subject)
    version = subject.version if subject else ""
    created = bom.created.replace("T", " ").removesuffix("Z")
    makers = [*(f"{tool.name}-{tool.version}".rstrip("-") for tool in bom.tools), *(one.name for one in bom.authors)]
    dependencies = {
        names[one.ref]: sorted({names[edge.child] for edge in bom.children.get(one.ref, ()) if edge.child in names})
        for one in bom.components
    }
    return {
        "name": bom.name,
        "creator": ", ".join(makers),
        "dsdx_version": VERSION,
        "create_time": created,
        "dsdx_id": "-".join(part for part in ("DSDX", bom.name, version, created) if part),
        "project_name": subject.name if subject else bom.name,
        "components": [_component(one, names[one.ref]) for one in bom.components],
        "dependencies": {name: below for name, below in sorted(dependencies.items()) if below},
    }


def _component(one: BomComponent, name: str) -> Json:
    group, slash, rest = one.name.rpartition("/")
    told: Json = {"id": name, "group": group, "name": rest, "version": one.version}
    if not slash:
        told = {"id": name, "name": one.name, "version": one.version}
    type_ = one.purl.removeprefix("pkg:").partition("/")[0]
    said = one.license_of(LicenseRole.CONCLUDED)
    stated = said if said not in _SILENT else one.license_of(LicenseRole.DECLARED)
    return told | {"language": _LANGUAGES.get(type_, ""), "license": [stated] if stated not in _SILENT else []}
