"""Who supplies a package: whom its metadata name; else who owns its repository, and that is said."""

from __future__ import annotations

import pytest

from licscan.model.package import PackageMetadata
from licscan.sbom.model import Party
from licscan.sbom.parties import authors_of, is_of_owner, supplier_of

OWNED = {"repository": "https://github.com/acme/lib"}


@pytest.mark.parametrize(
    ("facts", "supplier", "of_owner"),
    [
        ({"supplier": "Ada <ada@lib.example>"} | OWNED, Party("Ada", "ada@lib.example"), False),
        (
            {"supplier": "Ada", "homepage": "https://lib.example"} | OWNED,
            Party("Ada", "", "https://lib.example"),
            False,
        ),
        ({"supplier": "Ada"} | OWNED, Party("Ada", "", "https://github.com/acme/lib"), False),
        ({"authors": ("Bob <b@lib.example>",)}, Party("Bob", "b@lib.example"), False),
        ({"maintainers": ("Cy",)} | OWNED, Party("Cy", "", "https://github.com/acme/lib"), False),
        (OWNED, Party("acme", "", "https://github.com/acme"), True),
        (
            {"repository": "https://github.com/acme/all/tree/main/lib"},
            Party("acme", "", "https://github.com/acme"),
            True,
        ),
        ({"homepage": "https://github.com/acme"}, None, False),
        ({"homepage": "https://gitlab.com/acme/lib"}, Party("acme", "", "https://gitlab.com/acme"), True),
        ({"repository": "https://git.lib.example/acme/lib"}, None, False),
        ({"repository": "ssh://git@lib.example/x"}, None, False),
        ({"homepage": "https://lib.example"}, None, False),
        ({}, None, False),
    ],
)
def test_supplier(facts: dict[str, str], supplier: Party | None, of_owner: bool) -> None:
    told = PackageMetadata("pkg:npm/lib@1", **facts)  # type: ignore[arg-type]
    assert supplier_of(told) == supplier
    assert is_of_owner(told) is of_owner


def test_an_author_without_an_address_can_be_reached_at_a_page_of_the_package() -> None:
    told = PackageMetadata(
        "pkg:npm/lib@1", authors=("Ada", "Bob <b@lib.example>"), issue_tracker="https://bugs.example"
    )
    assert authors_of(told) == (Party("Ada", "", "https://bugs.example"), Party("Bob", "b@lib.example"))
