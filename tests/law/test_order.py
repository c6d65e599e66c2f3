"""What holds whatever the licenses say: choices only help, parts only add, a wider use is never freer."""

from __future__ import annotations

from functools import cache
from itertools import combinations, permutations

import pytest

questions = pytest.importorskip("licscan.judge.questions")

RANK = {"ok": 0, "ok-obligations": 1, "review": 2, "conflict": 3}
LICENSES = (
    "MIT",
    "0BSD",
    "Apache-2.0",
    "BSD-4-Clause",
    "MPL-2.0",
    "EPL-2.0",
    "CDDL-1.1",
    "LGPL-2.1-only",
    "LGPL-3.0-or-later",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "AGPL-3.0-only",
    "CECILL-2.1",
    "OSL-3.0",
    "EUPL-1.2",
    "CPAL-1.0",
    "SSPL-1.0",
    "BUSL-1.1",
    "Elastic-2.0",
    "PolyForm-Noncommercial-1.0.0",
    "JSON",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "OFL-1.1",
    "NOASSERTION",
    "LicenseRef-Acme-Terms",
)
EDGES = (
    "combined-work",
    "dependency",
    "link",
    "dynamic-link",
    "static-link",
    "python-import",
    "bundled-js",
    "bundled-media",
    "bundled-font",
    "modified-source",
    "vendored-file",
    "prebuilt-shared-library-in-package",
    "plugin-shared-data-structures",
    "separate-process",
    "container-base-image",
)
TOOLS = ("dev-tool", "test-only", "build-tool")
DEPLOYMENTS = ("internal", "saas", "on-premise", "mobile-app", "desktop-app", "browser", "embedded")
SETTINGS = (("dependency", "on-premise"), ("link", "saas"), ("bundled-media", "browser"))


@cache
def answer(
    inbound: str | tuple[str, ...], edge: str, deployment: str, outbound: str | None = "LicenseRef-Proprietary"
) -> tuple[str, frozenset[str]]:
    """Verdict and duties of one question."""
    asked = {"id": "x", "outbound": outbound, "relationship": edge, "deployment": deployment, "modified": False}
    given = questions.answer_case({**asked, "inbound": inbound if isinstance(inbound, str) else list(inbound)})
    return given["verdict"], frozenset(given["obligations"])


def rank(inbound: str | tuple[str, ...], edge: str, deployment: str) -> int:
    return RANK[answer(inbound, edge, deployment)[0]]


@pytest.mark.parametrize("license_id", LICENSES)
def test_internal_use_is_the_freest(license_id: str) -> None:
    for edge in EDGES:
        for deployment in ("saas", "on-premise"):
            assert rank(license_id, edge, "internal") <= rank(license_id, edge, deployment), (edge, deployment)


@pytest.mark.parametrize("license_id", LICENSES)
def test_a_tool_is_no_worse_than_a_part(license_id: str) -> None:
    for tool in TOOLS:
        for deployment in DEPLOYMENTS:
            assert rank(license_id, tool, deployment) <= rank(license_id, "dependency", deployment), (tool, deployment)


@pytest.mark.parametrize("license_id", LICENSES)
def test_an_own_process_is_no_worse_than_a_link(license_id: str) -> None:
    for deployment in DEPLOYMENTS:
        assert rank(license_id, "separate-process", deployment) <= rank(license_id, "link", deployment), deployment


@pytest.mark.parametrize(("edge", "deployment"), SETTINGS)
def test_a_choice_is_as_good_as_its_best_branch(edge: str, deployment: str) -> None:
    for one, other in combinations(LICENSES, 2):
        if "NOASSERTION" in (one, other):
            continue
        best = min(rank(one, edge, deployment), rank(other, edge, deployment))
        assert rank(f"{one} OR {other}", edge, deployment) == best, (one, other)


@pytest.mark.parametrize(("edge", "deployment"), SETTINGS)
def test_both_at_once_are_no_better_than_the_worse(edge: str, deployment: str) -> None:
    for one, other in combinations(LICENSES, 2):
        worst = max(rank(one, edge, deployment), rank(other, edge, deployment))
        assert rank((one, other), edge, deployment) >= worst, (one, other)
        if "NOASSERTION" not in (one, other):
            assert rank(f"{one} AND {other}", edge, deployment) >= worst, (one, other)


@pytest.mark.parametrize(("edge", "deployment"), SETTINGS)
def test_a_permissive_part_changes_no_verdict(edge: str, deployment: str) -> None:
    for license_id in LICENSES:
        assert rank(("MIT", license_id), edge, deployment) == rank(license_id, edge, deployment), license_id


@pytest.mark.parametrize("parts", [("GPL-2.0-or-later", "Apache-2.0", "MPL-2.0"), ("AGPL-3.0-only", "MIT", "EUPL-1.2")])
@pytest.mark.parametrize("outbound", ["GPL-3.0-only", "LicenseRef-Proprietary", None])
def test_the_order_of_the_parts_does_not_count(parts: tuple[str, ...], outbound: str | None) -> None:
    found = {answer(order, "combined-work", "on-premise", outbound) for order in permutations(parts)}
    assert len(found) == 1


@pytest.mark.parametrize("license_id", ["GPL-3.0-only", "LGPL-2.1-or-later", "MPL-2.0", "CC-BY-4.0"])
@pytest.mark.parametrize("edge", EDGES)
def test_the_case_of_an_id_does_not_count(license_id: str, edge: str) -> None:
    assert answer(license_id.lower(), edge, "on-premise") == answer(license_id, edge, "on-premise")


@pytest.mark.parametrize("edge", [*EDGES, *TOOLS])
@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_the_unknown_never_passes(edge: str, deployment: str) -> None:
    for unknown in ("NOASSERTION", "LicenseRef-Acme-Terms", "SEE LICENSE IN TERMS.md"):
        assert rank(unknown, edge, deployment) >= RANK["review"], unknown


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_permissive_parts_owe_no_source(deployment: str) -> None:
    for license_id in ("MIT", "0BSD", "Apache-2.0", "BSD-4-Clause"):
        for edge in (*EDGES, *TOOLS):
            verdict, duties = answer(license_id, edge, deployment)
            assert verdict in ("ok", "ok-obligations")
            assert not {duty for duty in duties if duty.startswith("source-") or duty == "relink"}
