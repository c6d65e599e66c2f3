"""What an SBOM that was read says beside names of licenses: who publishes each component, and texts of licenses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from licscan.model.package import PackageMetadata
from licscan.packages import purls
from licscan.sbom.model import Bom, BomComponent, LicenseStatement, Party
from licscan.sbom.references import MAX_TEXT, references_in

_SILENT = ("", "NOASSERTION", "NONE")


def metadata_of(bom: Bom, names: Mapping[str, str]) -> tuple[PackageMetadata, ...]:
    """What is known of each component; `names` has the PackageURLs by ref, and the first entry that speaks counts."""
    found: dict[str, PackageMetadata] = {}
    for one in bom.components:
        purl = names[one.ref]
        told = _told(one, purl)
        if told != PackageMetadata(purl):
            found.setdefault(purl, told)
    return tuple(found[purl] for purl in sorted(found))


def _told(one: BomComponent, purl: str) -> PackageMetadata:
    return PackageMetadata(
        purl,
        description=" ".join(one.description.split()),
        supplier=_party(one.supplier or one.manufacturer),
        authors=tuple(dict.fromkeys(filter(None, map(_party, one.authors)))),
        homepage=_page(one, "website"),
        repository=_page(one, "vcs"),
        issue_tracker=_page(one, "issue-tracker"),
    )


def _page(one: BomComponent, kind: str) -> str:
    """The first address of a kind that is one."""
    pages = (reference.url for reference in one.references if reference.kind == kind and "://" in reference.url)
    return purls.strip_credentials(next(pages, ""))


def _party(party: Party | None) -> str:
    if party is None or party.name in _SILENT:
        return ""
    return f"{party.name} <{party.email}>" if party.email else party.name


def texts_of(bom: Bom, names: Mapping[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The license texts that a document carries, with the license of each, by the PackageURL that they are of."""
    known = {one.ref: one.text for one in bom.license_texts if one.text}
    found: dict[str, dict[tuple[str, str], None]] = {}
    for one in bom.components:
        found.setdefault(names[one.ref], {}).update(dict.fromkeys(_texts(one.licenses, known)))
    return {purl: tuple(texts) for purl, texts in found.items() if texts}


def _texts(statements: Iterable[LicenseStatement], known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for one in statements:
        told = one.expression or one.name
        if one.text.strip():
            yield told, one.text[:MAX_TEXT]
        for reference in references_in(one.expression):
            if known.get(reference, "").strip():
                yield reference, known[reference][:MAX_TEXT]
