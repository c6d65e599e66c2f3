"""People and organisations of a component, as package metadata name them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from licscan.model.package import PackageMetadata
from licscan.packages.facts import FORGE_HOSTS, email_of, name_of
from licscan.sbom.model import Party


def party_of(told: str, page: str = "") -> Party | None:
    """`Name <address>` as a party; the package's own page stands for an address that nobody gives."""
    if not told:
        return None
    email = email_of(told)
    return Party(name_of(told) or email, email, "" if email else page)


def supplier_of(told: PackageMetadata) -> Party | None:
    """Who publishes the package; where its metadata name nobody, who owns its repository on a forge."""
    named = told.supplier or next(iter((*told.authors, *told.maintainers)), "")
    return party_of(named, _page(told)) or owner_of(told)


def owner_of(told: PackageMetadata) -> Party | None:
    """The owner of the repository, by the address of a forge (`https://host/owner/name`); None for any other."""
    for url in (told.repository, told.homepage):
        parts = urlsplit(url)
        owner, _slash, name = parts.path.strip("/").partition("/")
        if parts.hostname in FORGE_HOSTS and owner and name:
            return Party(owner, "", f"https://{parts.hostname}/{owner}")
    return None


def is_of_owner(told: PackageMetadata) -> bool:
    """Whether nobody is named, so that the owner of the repository stands for the supplier."""
    return not (told.supplier or told.authors or told.maintainers) and owner_of(told) is not None


def _page(told: PackageMetadata) -> str:
    """The page at which people of the package can be reached."""
    pages = (
        url for url in (told.homepage, told.repository, told.issue_tracker) if url.startswith(("https://", "http://"))
    )
    return next(pages, "")


def authors_of(told: PackageMetadata) -> tuple[Party, ...]:
    """Who wrote the package; where nobody says, who looks after it."""
    return _parties(told.authors or told.maintainers, _page(told))


def _parties(people: Iterable[str], page: str) -> tuple[Party, ...]:
    found = (party_of(one, page) for one in people)
    return tuple(dict.fromkeys(one for one in found if one is not None))
