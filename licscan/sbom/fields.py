"""The fields that profiles ask for: what each is called, how to see that it is there, and which input closes a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from licscan.base.messages import N_
from licscan.model import NOASSERTION
from licscan.sbom.model import Bom, BomComponent, LicenseRole, Party, PartyKind

_SAID_NOTHING = ("", NOASSERTION)


@dataclass(frozen=True, slots=True)
class DocumentField:
    """A field of the document: `holds` is whether it is there."""

    title: str
    closes: str
    holds: Callable[[Bom], bool]


@dataclass(frozen=True, slots=True)
class ComponentField:
    """A field of every component: `holds` is whether this one has it."""

    title: str
    closes: str
    holds: Callable[[Bom, BomComponent], bool]


def _contact(party: Party | None) -> bool:
    return party is not None and ("@" in party.email or party.url.startswith(("http://", "https://")))


def _named(party: Party | None) -> bool:
    return party is not None and party.name not in _SAID_NOTHING


def _supplier(one: BomComponent) -> bool:
    return any(map(_named, (one.supplier, one.manufacturer, *one.authors)))


def _license(one: BomComponent, *roles: LicenseRole) -> bool:
    return any(one.license_of(role) not in _SAID_NOTHING for role in roles)


def _hashes(one: BomComponent, algorithm: str = "") -> bool:
    told = (*one.hashes, *(digest for reference in one.references for digest in reference.hashes))
    listed = any(item.name == "licscan:file" for item in one.properties)  # files of content, each with its digest
    return any(digest.algorithm == algorithm or not algorithm for digest in told) or (listed and not algorithm)


def _has_reference(one: BomComponent, *kinds: str) -> bool:
    return any(reference.kind in kinds and "://" in reference.url for reference in one.references)


def _copyright(one: BomComponent) -> bool:
    return one.copyright_text not in _SAID_NOTHING


def _is_new_format(bom: Bom) -> bool:
    least = {"cyclonedx": (1, 6), "spdx": (3, 0, 1)}.get(bom.format, (99,))
    numbers = bom.spec_version.removeprefix("SPDX-").split(".")
    return all(part.isdecimal() for part in numbers) and tuple(map(int, numbers)) >= least


def _is_mentioned(bom: Bom, one: BomComponent) -> bool:
    return one.ref == bom.subject or one.ref in bom.mentioned


_STATED = (LicenseRole.DECLARED, LicenseRole.CONCLUDED, LicenseRole.UNSTATED)

DOCUMENT = {
    "author": DocumentField(
        N_("author of the SBOM"), N_("name who answers for it: --creator"), lambda bom: any(map(_named, bom.authors))
    ),
    "author-contact": DocumentField(
        N_("e-mail address or web page of the SBOM's author"),
        N_("give it: --contact"),
        lambda bom: any(map(_contact, bom.authors)) or _contact(bom.supplier),
    ),
    "organization": DocumentField(
        N_("organization that made the SBOM"),
        N_("name it: --creator"),
        lambda bom: any(
            _named(one) and one.kind is PartyKind.ORGANIZATION for one in (*bom.authors, bom.supplier) if one
        ),
    ),
    "timestamp": DocumentField(
        N_("time at which the SBOM was made"), N_("make it with a tool that says when"), lambda bom: bool(bom.created)
    ),
    "tool": DocumentField(
        N_("tool that made the SBOM"), N_("make it with a tool that names itself"), lambda bom: bool(bom.tools)
    ),
    "tool-version": DocumentField(
        N_("version of the tool"),
        N_("make it with a tool that says its version"),
        lambda bom: any(tool.version for tool in bom.tools),
    ),
    "lifecycle": DocumentField(
        N_("context in which the SBOM was made (before, during or after the build)"),
        N_("make it with a tool that says it"),
        lambda bom: bool(bom.lifecycle),
    ),
    "serial": DocumentField(
        N_("identifier of the SBOM"), N_("give it a serial number or a namespace"), lambda bom: bool(bom.serial)
    ),
    "relationships": DocumentField(
        N_("what the SBOM is about, and what that needs"),
        N_("make it from a lock or an installed tree"),
        lambda bom: bool(bom.subject) and (bool(bom.dependencies) or len(bom.components) < 2),
    ),
    "no-vulnerabilities": DocumentField(
        N_("no vulnerabilities in the SBOM"),
        N_("put them into a document of their own (VEX, CSAF)"),
        lambda bom: not bom.has_vulnerabilities,
    ),
    "bsi-format": DocumentField(
        N_("format: CycloneDX 1.6 or SPDX 3.0.1, or newer"),
        N_("write it as one of these: --format"),
        _is_new_format,
    ),
    "spdx-format": DocumentField(
        N_("format: SPDX 2.2, 2.3 or 3.0.1"),
        N_("write it as one of these: --format"),
        lambda bom: bom.format == "spdx",
    ),
}
"""Fields of the document by name."""

COMPONENT = {
    "name": ComponentField(N_("name"), N_("name it in its manifest"), lambda bom, one: bool(one.name)),
    "version": ComponentField(
        N_("version"),
        N_(
            "lock what is only required (--resolve); of your own projects give it in the manifest, or --product-version"
        ),
        lambda bom, one: one.version not in _SAID_NOTHING,
    ),
    "supplier": ComponentField(
        N_("supplier"),
        N_("scan with the packages installed, whose metadata names author and maintainer; of your own: --creator"),
        lambda bom, one: _supplier(one),
    ),
    "supplier-contact": ComponentField(
        N_("e-mail address or web page of who made it"),
        N_("scan with the packages installed, whose metadata names them; of your own: --contact"),
        lambda bom, one: any(map(_contact, (one.supplier, one.manufacturer, *one.authors))),
    ),
    "identifier": ComponentField(
        N_("unique identifier (PackageURL, CPE, SWID)"),
        N_("name the component by a PackageURL"),
        lambda bom, one: bool(one.purl or one.identifiers) or (bool(one.ref) and bom.format != "cyclonedx"),
    ),
    "purl": ComponentField(N_("PackageURL"), N_("name the component by a PackageURL"), lambda bom, one: bool(one.purl)),
    "dependency": ComponentField(
        N_("place in the dependency graph"), N_("make it from a lock or an installed tree"), _is_mentioned
    ),
    "completeness": ComponentField(
        N_("whether its list of dependencies is complete"),
        N_("make it from a lock or an installed tree, and say of each list how complete it is"),
        lambda bom, one: one.ref in bom.completeness,
    ),
    "hash": ComponentField(
        N_("digest"), N_("scan a lock that holds digests of the files"), lambda bom, one: _hashes(one)
    ),
    "sha512": ComponentField(
        N_("SHA-512 of the deployable file"),
        N_("npm's locks hold it; of others, compute it from the files that you deploy"),
        lambda bom, one: _hashes(one, "SHA-512"),
    ),
    "filename": ComponentField(
        N_("name of the deployable file"),
        N_("scan a lock that names the files by their addresses; of your own, name the artefact"),
        lambda bom, one: bool(one.filename),
    ),
    "executable": ComponentField(
        N_("whether it can be executed"), N_("name the deployable file"), lambda bom, one: one.executable is not None
    ),
    "archive": ComponentField(
        N_("whether it is an archive"), N_("name the deployable file"), lambda bom, one: one.archive is not None
    ),
    "structured": ComponentField(
        N_("whether its inside is structured"),
        N_("name the deployable file"),
        lambda bom, one: one.structured is not None,
    ),
    "license": ComponentField(
        N_("license, declared or concluded"),
        N_("look at it and record a clarification in licscan.toml"),
        lambda bom, one: _license(one, *_STATED),
    ),
    "license-declared": ComponentField(
        N_("declared license"),
        N_("only its authors can declare one"),
        lambda bom, one: _license(one, LicenseRole.DECLARED),
    ),
    "license-concluded": ComponentField(
        N_("concluded license"),
        N_("look at it and record a clarification in licscan.toml"),
        lambda bom, one: _license(one, LicenseRole.CONCLUDED),
    ),
    "license-declared-said": ComponentField(
        N_("declared license, or that it is not known"),
        N_("write NOASSERTION where it is not known"),
        lambda bom, one: bool(one.license_of(LicenseRole.DECLARED)),
    ),
    "license-concluded-said": ComponentField(
        N_("concluded license, or that it is not known"),
        N_("write NOASSERTION where it is not known"),
        lambda bom, one: bool(one.license_of(LicenseRole.CONCLUDED)),
    ),
    "license-effective": ComponentField(
        N_("effective license"),
        N_("write it for one artefact: --surface"),
        lambda bom, one: _license(one, LicenseRole.EFFECTIVE),
    ),
    "copyright": ComponentField(
        N_("copyright statement"),
        N_("scan with the packages installed, so that their texts can be read"),
        lambda bom, one: _copyright(one),
    ),
    "copyright-said": ComponentField(
        N_("copyright statement, or that it is not known"),
        N_("write NOASSERTION where it is not known"),
        lambda bom, one: bool(one.copyright_text),
    ),
    "download-location": ComponentField(
        N_("address of the deployable file"),
        N_("scan a lock that holds the addresses"),
        lambda bom, one: one.download_location not in _SAID_NOTHING or _has_reference(one, "distribution", "vcs"),
    ),
    "download-location-said": ComponentField(
        N_("download location, or that it is not known"),
        N_("write NOASSERTION where it is not known"),
        lambda bom, one: bool(one.download_location),
    ),
    "source-location": ComponentField(
        N_("address of the source code"),
        N_("the registry's metadata names the repository"),
        lambda bom, one: _has_reference(one, "source-distribution", "vcs"),
    ),
}
"""Fields of every component by name."""
