"""Where source code that is owed comes from: addresses, or else the component's PackageURL."""

from __future__ import annotations

import pytest

from licscan.attribution.duties import offers_of
from licscan.compose.notices import metadata_of
from licscan.law.vocabulary import DutyName
from licscan.model import Component
from licscan.model.package import PackageMetadata
from licscan.model.surface import Obligation

PURL = "pkg:npm/left@2.0.0"


@pytest.mark.parametrize(
    ("known", "places"),
    [
        ({}, (PURL,)),
        ({"artifact_url": "https://r.example/left.tgz"}, ("https://r.example/left.tgz",)),
        (
            {"artifact_url": "https://r.example/left.whl", "source_url": "https://r.example/left.tar.gz"},
            ("https://r.example/left.tar.gz",),
        ),
        (
            {"repository": "https://git.example/left.git", "artifact_url": "https://r.example/left.tgz"},
            ("https://git.example/left", "https://r.example/left.tgz"),
        ),
        ({"homepage": "https://left.example"}, ("https://left.example",)),
    ],
    ids=["nothing", "archive", "source distribution", "repository and archive", "web page"],
)
def test_an_address_goes_before_a_name(known: dict[str, str], places: tuple[str, ...]) -> None:
    duty = Obligation(DutyName.SOURCE_FILE.value, "MPL-2.0", "3.2")
    (offer,) = offers_of(
        Component(PURL, "left", "2.0.0", ecosystem="npm"), [duty], metadata_of(PackageMetadata(PURL, **known))
    )
    assert offer.where == places


@pytest.mark.parametrize(
    "name", [DutyName.SOURCE_WORK, DutyName.SOURCE_OWN, DutyName.NETWORK_OFFER], ids=lambda name: name.value
)
def test_the_source_of_the_work_is_at_no_address_of_a_component(name: DutyName) -> None:
    known = {"repository": "https://git.example/left.git", "artifact_url": "https://r.example/left.tgz"}
    (offer,) = offers_of(
        Component(PURL, "left", "2.0.0", ecosystem="npm"),
        [Obligation(name.value, "AGPL-3.0-only", "6")],
        metadata_of(PackageMetadata(PURL, **known)),
    )
    assert offer.where == ()
