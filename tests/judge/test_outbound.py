from __future__ import annotations

import pytest

from licscan.base.errors import ConfigError
from licscan.conclude.conclusion import conclude
from licscan.judge import outbound_of
from licscan.model import Claim, Component, ComponentKind, EvidenceKind, Graph, Location, Origin


def answer(*licenses: str, configured: str | None = None) -> tuple[str, str]:
    components = []
    for number, raw in enumerate(licenses):
        claim = Claim(EvidenceKind.DECLARED, "license", raw, Origin.PROJECT, Location("package.json"))
        purl = f"pkg:npm/app{number}@1.0.0"
        components.append(Component(purl, "app", "1.0.0", "npm", kind=ComponentKind.PROJECT, claims=(claim,)))
    graph = Graph(tuple(c.purl for c in components), tuple(components))
    return outbound_of(graph, {c.purl: conclude(c) for c in components}, configured)


@pytest.mark.parametrize(
    ("licenses", "configured", "outbound"),
    [
        ((), None, "proprietary"),
        (("MIT",), None, "MIT"),
        (("MIT", "mit"), None, "MIT"),
        (("MIT", "UNKNOWN"), None, "MIT"),
        (("MIT", "Apache-2.0"), None, "proprietary"),
        (("UNLICENSED",), None, "proprietary"),
        (("BSD",), None, "proprietary"),
        (("MIT OR Apache-2.0",), None, "MIT OR Apache-2.0"),
        (("MIT",), "GPL-3.0-only", "GPL-3.0-only"),
        (("MIT",), "gpl-3.0", "GPL-3.0-only"),
        (("MIT",), "Proprietary", "proprietary"),
    ],
)
def test_outbound(licenses: tuple[str, ...], configured: str | None, outbound: str) -> None:
    found, reason = answer(*licenses, configured=configured)
    assert found == outbound
    assert reason.endswith(".")


def test_what_is_no_license_is_an_error_of_the_configuration() -> None:
    with pytest.raises(ConfigError):
        answer(configured="my own terms")
