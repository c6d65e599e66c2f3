"""What registries and a package's own metadata say of it beside its license, in ORT's and CycloneDX's terms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PackageMetadata:
    """One component's facts for SBOMs, notices and reports; empty where nobody says.

    `supplier` is who publishes it (the author, else the first maintainer), `authors` and `maintainers` are names with
    their address in angle brackets where one is given. URLs have no credentials. `artifact_url` and `artifact_hashes`
    (`algorithm:hex`) are those of the archive that is installed (tarball, wheel), `source_url` that of the source
    distribution. `published` is an ISO day, `deprecated` the sentence of a deprecation or yank.
    """

    purl: str
    description: str = ""
    supplier: str = ""
    authors: tuple[str, ...] = ()
    maintainers: tuple[str, ...] = ()
    homepage: str = ""
    repository: str = ""
    issue_tracker: str = ""
    artifact_url: str = ""
    artifact_hashes: tuple[str, ...] = ()
    source_url: str = ""
    published: str = ""
    deprecated: str = ""
