"""The fields that profiles ask for: what each is called, which values stand there, and which input closes a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from licscan.base.messages import N_
from licscan.model import NOASSERTION, NONE
from licscan.sbom import sound
from licscan.sbom.model import VERIFICATION_CODE, Bom, BomComponent, LicenseRole, Party, PartyKind

Good = Callable[[str], bool]
"""Whether a value is one of its kind."""


@dataclass(frozen=True, slots=True)
class DocumentField:
    """A field of the document: `values` are those that stand there, `good` is whether one of them is of its kind."""

    title: str
    closes: str
    values: Callable[[Bom], Iterable[str]]
    good: Good = sound.is_said

    def holds(self, bom: Bom) -> bool:
        """Whether it is there."""
        return any(map(self.good, self.values(bom)))

    def bad(self, bom: Bom) -> tuple[str, ...]:
        """What stands there and is none."""
        return _bad(self.values(bom), self.good)


@dataclass(frozen=True, slots=True)
class ComponentField:
    """A field of every component: `values` are those of one, `good` is whether a value is of its kind."""

    title: str
    closes: str
    values: Callable[[Bom, BomComponent], Iterable[str]]
    good: Good = sound.is_said

    def holds(self, bom: Bom, one: BomComponent) -> bool:
        """Whether this one has it."""
        return any(map(self.good, self.values(bom, one)))

    def bad(self, bom: Bom, one: BomComponent) -> tuple[str, ...]:
        """What stands there and is none."""
        return _bad(self.values(bom, one), self.good)


def _bad(values: Iterable[str], good: Good) -> tuple[str, ...]:
    return tuple(one for one in values if one and one != NOASSERTION and not good(one))


# --- the values -------------------------------------------------------------------------------------------------------


def _when(holds: bool) -> tuple[str, ...]:
    """A fact that is there or not."""
    return ("yes",) if holds else ()


def _parties(*parties: Party | None) -> Iterator[Party]:
    yield from (one for one in parties if one is not None)


def _contacts(*parties: Party | None) -> Iterator[str]:
    for one in _parties(*parties):
        yield from (one.email, one.url)


def _names(*parties: Party | None) -> Iterator[str]:
    yield from (one.name for one in _parties(*parties))


def _organizations(bom: Bom) -> Iterator[str]:
    people = _parties(*bom.authors, bom.supplier)
    yield from (one.name for one in people if one.kind is PartyKind.ORGANIZATION)


def _makers(one: BomComponent) -> tuple[Party | None, ...]:
    return (one.supplier, one.manufacturer, *one.authors)


def _licenses(*roles: LicenseRole) -> Callable[[Bom, BomComponent], Iterator[str]]:
    def values(_bom: Bom, one: BomComponent) -> Iterator[str]:
        yield from (said.expression or said.name for role in roles for said in one.licenses if said.role is role)

    return values


def _stated(_bom: Bom, one: BomComponent) -> Iterator[str]:
    """What is said of the license by anybody; what stands where an expression belongs and is none says so."""
    for said in one.licenses:
        if said.role in _STATED:
            wrong = said.expression not in ("", NOASSERTION) and not sound.is_expression(said.expression)
            yield (said.expression or said.name) + (_NO_EXPRESSION if wrong else "")


_NO_EXPRESSION = " (no SPDX expression)"


def _hashes(_bom: Bom, one: BomComponent) -> Iterator[str]:
    told = (*one.hashes, *(digest for reference in one.references for digest in reference.hashes))
    yield from (f"{digest.algorithm}:{digest.value}" for digest in told)
    for item in one.properties:  # files of content, each with its digest
        if item.name == "licscan:file":
            yield "SHA-256:" + item.value.rpartition("sha256:")[2]


def _deployed_hashes(_bom: Bom, one: BomComponent) -> Iterator[str]:
    """Digests of what is deployed: not those of source code."""
    told = (digest for item in one.references if not item.kind.startswith("source") for digest in item.hashes)
    yield from (f"{digest.algorithm}:{digest.value}" for digest in (*one.hashes, *told))


def _deployed_sha512(bom: Bom, one: BomComponent) -> Iterator[str]:
    """The same, without the sound digests of other algorithms."""
    told = dict.fromkeys(_deployed_hashes(bom, one))
    yield from (value for value in told if sound.is_sha512(value) or not sound.is_digest(value))


def _addresses(*kinds: str) -> Callable[[Bom, BomComponent], Iterator[str]]:
    def values(_bom: Bom, one: BomComponent) -> Iterator[str]:
        yield from (reference.url for reference in one.references if reference.kind in kinds)

    return values


def _places(bom: Bom, one: BomComponent) -> Iterator[str]:
    yield one.download_location
    yield from _addresses("distribution", "vcs")(bom, one)


def _identifiers(_bom: Bom, one: BomComponent) -> Iterator[str]:
    yield one.purl if one.purl.startswith("pkg:") or not one.purl else f"pkg: {one.purl}"
    yield from (item.value for item in one.identifiers if item.kind != VERIFICATION_CODE)


def _checksums(bom: Bom, one: BomComponent) -> Iterator[str]:
    """Digests, and the code that SPDX 2 makes of the digests of its files, which is a SHA-1."""
    yield from _hashes(bom, one)
    yield from (f"SHA-1:{item.value}" for item in one.identifiers if item.kind == VERIFICATION_CODE)


def _flag(name: str) -> Callable[[Bom, BomComponent], Iterator[str]]:
    def values(_bom: Bom, one: BomComponent) -> Iterator[str]:
        told = [item.value for item in one.properties if item.name == f"bsi:component:{name}"]
        value = getattr(one, name)
        words = {known: word for word, known in sound.FLAGS[name].items()}
        yield from told or (() if value is None else (words[value],))

    return values


def _is_flag(name: str) -> Good:
    return lambda value: value in sound.FLAGS[name]


def _is_new_format(bom: Bom) -> bool:
    least = {"cyclonedx": (1, 6), "spdx": (3, 0, 1)}.get(bom.format, (99,))
    numbers = bom.spec_version.removeprefix("SPDX-").split(".")
    return all(part.isdecimal() for part in numbers) and tuple(map(int, numbers)) >= least


def _is_telco_format(bom: Bom) -> bool:
    return bom.format == "spdx" and bom.spec_version.removeprefix("SPDX-") in ("2.2", "2.3", "3.0.1")


def _serials(bom: Bom) -> Iterator[str]:
    """The serial number; one of CycloneDX that is no UUID is said to be none, and so is no namespace either."""
    is_good = sound.is_serial if bom.format == "cyclonedx" else sound.is_namespace
    yield bom.serial if is_good(bom.serial) else f"{bom.serial} (no urn:uuid)" if bom.serial else ""


def _is_mentioned(bom: Bom, one: BomComponent) -> Iterable[str]:
    return _when(one.ref == bom.subject or one.ref in bom.mentioned)


def _is_there(value: str) -> bool:
    """NOASSERTION is an answer where a field only asks for one."""
    return value in (NONE, NOASSERTION) or sound.is_expression(value)


def _is_place_or_unknown(value: str) -> bool:
    return value in (NONE, NOASSERTION) or sound.is_address(value)


_STATED = (LicenseRole.DECLARED, LicenseRole.CONCLUDED, LicenseRole.UNSTATED)

DOCUMENT = {
    "author": DocumentField(
        N_("author of the SBOM"), N_("name who is responsible for it: --creator"), lambda bom: _names(*bom.authors)
    ),
    "author-contact": DocumentField(
        N_("e-mail address or web page of the SBOM's author"),
        N_("give it: --contact"),
        lambda bom: _contacts(*bom.authors, bom.supplier),
        sound.is_contact,
    ),
    "organization": DocumentField(
        N_("organization that made the SBOM"),
        N_("name it: --creator"),
        _organizations,
    ),
    "timestamp": DocumentField(
        N_("time when the SBOM was made"),
        N_("make it with a tool that records the time"),
        lambda bom: (bom.created,),
        sound.is_time,
    ),
    "tool": DocumentField(
        N_("tool that made the SBOM"),
        N_("make it with a tool that names itself"),
        lambda bom: (tool.name for tool in bom.tools),
    ),
    "tool-version": DocumentField(
        N_("version of the tool"),
        N_("make it with a tool that states its version"),
        lambda bom: (tool.version for tool in bom.tools),
    ),
    "tool-as-one-word": DocumentField(
        N_("tool and its version, separated by a single hyphen"),
        N_("make it with a tool that writes `name-version`"),
        lambda bom: _when(any(tool.version and "-" not in tool.name + tool.version for tool in bom.tools)),
    ),
    "lifecycle": DocumentField(
        N_("context in which the SBOM was made (before, during or after the build)"),
        N_("make it with a tool that states it"),
        lambda bom: (bom.lifecycle,),
    ),
    "serial": DocumentField(
        N_("identifier of the SBOM"), N_("give it a serial number or a namespace"), _serials, sound.is_namespace
    ),
    "relationships": DocumentField(
        N_("what the SBOM describes, and its dependencies"),
        N_("make it from a lockfile or an installed tree"),
        lambda bom: _when(bool(bom.subject) and (bool(bom.dependencies) or len(bom.components) < 2)),
    ),
    "no-vulnerabilities": DocumentField(
        N_("no vulnerabilities in the SBOM"),
        N_("put them into a document of their own (VEX, CSAF)"),
        lambda bom: _when(not bom.has_vulnerabilities),
    ),
    "no-vulnerability-references": DocumentField(
        N_("no references to statements on vulnerabilities in the SBOM"),
        N_("leave them out, or ask the recipient whether references are allowed"),
        lambda bom: _when(not bom.refers_to_vulnerabilities),
    ),
    "bsi-format": DocumentField(
        N_("format: CycloneDX 1.6 or SPDX 3.0.1, or newer"),
        N_("write it as one of these: --format"),
        lambda bom: _when(_is_new_format(bom)),
    ),
    "spdx-format": DocumentField(
        N_("format: SPDX 2.2, 2.3 or 3.0.1"),
        N_("write it as one of these: --format"),
        lambda bom: _when(_is_telco_format(bom)),
    ),
}
"""Fields of the document by name."""

COMPONENT = {
    "name": ComponentField(N_("name"), N_("name it in its manifest"), lambda bom, one: (one.name,)),
    "version": ComponentField(
        N_("version"),
        N_(
            "lock what is only required (--resolve); for your own projects, give it in the manifest "
            "or with --product-version"
        ),
        lambda bom, one: (one.version,),
    ),
    "supplier": ComponentField(
        N_("supplier"),
        N_("scan with the packages installed: their metadata names author and maintainer; for your own: --creator"),
        lambda bom, one: _names(*_makers(one)),
    ),
    "supplier-contact": ComponentField(
        N_("e-mail address or web page of its maker"),
        N_("scan with the packages installed: their metadata names them; for your own: --contact"),
        lambda bom, one: _contacts(*_makers(one)),
        sound.is_contact,
    ),
    "identifier": ComponentField(
        N_("unique identifier (PackageURL, CPE, SWID)"),
        N_("identify the component with a PackageURL"),
        lambda bom, one: (*_identifiers(bom, one), *((one.ref,) if bom.format != "cyclonedx" else ())),
        sound.is_identifier,
    ),
    "purl": ComponentField(
        N_("PackageURL"), N_("identify the component with a PackageURL"), lambda bom, one: (one.purl,), sound.is_purl
    ),
    "dependency": ComponentField(
        N_("place in the dependency graph"), N_("make it from a lockfile or an installed tree"), _is_mentioned
    ),
    "completeness": ComponentField(
        N_("whether its list of dependencies is complete"),
        N_("make it from a lockfile or an installed tree, and state for each list how complete it is"),
        lambda bom, one: _when(one.ref in bom.completeness),
    ),
    "hash": ComponentField(
        N_("digest"), N_("scan a lockfile that contains digests of the files"), _hashes, sound.is_digest
    ),
    "checksum": ComponentField(
        N_("digest, or verification code"),
        N_("scan a lockfile that contains digests of the files"),
        _checksums,
        sound.is_digest,
    ),
    "sha512": ComponentField(
        N_("SHA-512 of the deployable file"),
        N_("npm's lockfiles contain it; for others, compute it from the files that you deploy"),
        _deployed_sha512,
        sound.is_sha512,
    ),
    "filename": ComponentField(
        N_("name of the deployable file"),
        N_("scan a lockfile that names the files by their URLs; for your own, name the artifact"),
        lambda bom, one: (one.filename,),
        sound.is_filename,
    ),
    "executable": ComponentField(
        N_("whether it can be executed"), N_("name the deployable file"), _flag("executable"), _is_flag("executable")
    ),
    "archive": ComponentField(
        N_("whether it is an archive"), N_("name the deployable file"), _flag("archive"), _is_flag("archive")
    ),
    "structured": ComponentField(
        N_("whether its contents are structured"),
        N_("name the deployable file"),
        _flag("structured"),
        _is_flag("structured"),
    ),
    "license": ComponentField(
        N_("license, declared or concluded"),
        N_("look at it and record a clarification in licscan.toml"),
        _stated,
        lambda value: not value.endswith(_NO_EXPRESSION) and sound.is_license(value),
    ),
    "license-declared": ComponentField(
        N_("declared license"),
        N_("only its authors can declare one"),
        _licenses(LicenseRole.DECLARED),
        sound.is_expression,
    ),
    "license-concluded": ComponentField(
        N_("concluded license"),
        N_("look at it and record a clarification in licscan.toml"),
        _licenses(LicenseRole.CONCLUDED),
        sound.is_expression,
    ),
    "license-declared-said": ComponentField(
        N_("declared license, or a statement that it is unknown"),
        N_("write NOASSERTION where it is unknown"),
        _licenses(LicenseRole.DECLARED),
        _is_there,
    ),
    "license-concluded-said": ComponentField(
        N_("concluded license, or a statement that it is unknown"),
        N_("write NOASSERTION where it is unknown"),
        _licenses(LicenseRole.CONCLUDED),
        _is_there,
    ),
    "license-effective": ComponentField(
        N_("effective license"),
        N_("write it for one artifact: --surface"),
        _licenses(LicenseRole.EFFECTIVE),
        sound.is_expression,
    ),
    "copyright": ComponentField(
        N_("copyright statement"),
        N_("scan with the packages installed, so that their texts can be read"),
        lambda bom, one: (one.copyright_text,),
    ),
    "copyright-said": ComponentField(
        N_("copyright statement, or a statement that it is unknown"),
        N_("write NOASSERTION where it is unknown"),
        lambda bom, one: (one.copyright_text,),
        lambda value: value in (NONE, NOASSERTION) or sound.is_said(value),
    ),
    "download-location": ComponentField(
        N_("address of the deployable file"),
        N_("scan a lockfile that contains the URLs"),
        _places,
        lambda value: value == NONE or sound.is_address(value),
    ),
    "download-location-said": ComponentField(
        N_("download location, or a statement that it is unknown"),
        N_("write NOASSERTION where it is unknown"),
        lambda bom, one: (one.download_location,),
        _is_place_or_unknown,
    ),
    "source-location": ComponentField(
        N_("address of the source code"),
        N_("the registry's metadata names the repository"),
        _addresses("source-distribution", "vcs"),
        sound.is_address,
    ),
}
"""Fields of every component by name."""
