"""People and organisations of a component, as package metadata name them."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.model.package import PackageMetadata
from licscan.packages.facts import email_of, name_of
from licscan.sbom.model import Party


def party_of(told: str, page: str = "") -> Party | None:
    """`Name <address>` as a party; the package's own page stands for an address that nobody gives."""
    if not told:
        return None
    email = email_of(told)
    return Party(name_of(told) or email, email, "" if email else page)


def supplier_of(told: PackageMetadata) -> Party | None:
    """Who publishes the package."""
    return party_of(told.supplier, told.homepage)


def authors_of(told: PackageMetadata) -> tuple[Party, ...]:
    """Who wrote the package; where nobody says, who looks after it."""
    return _parties(told.authors or told.maintainers, told.homepage)


def _parties(people: Iterable[str], page: str) -> tuple[Party, ...]:
    found = (party_of(one, page) for one in people)
    return tuple(dict.fromkeys(one for one in found if one is not None))
