"""Whole kinds of cases, laid out over licenses, relationships and deployments: what must hold for each of them."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from licscan.base.errors import InputError
from licscan.judge.questions import answer_case
from licscan.law.vocabulary import RELATIONSHIPS, RULING_RANK, Binding, Deployment, Ruling

STRONG = ("GPL-2.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "SSPL-1.0", "MIT AND GPL-3.0-only")
LICENSES = (
    *STRONG, "MIT", "Apache-2.0", "LGPL-2.1-only", "LGPL-3.0-or-later", "MPL-2.0", "EUPL-1.2", "OSL-3.0", "CPAL-1.0",
    "CC-BY-SA-4.0", "OFL-1.1-RFN", "BUSL-1.1", "LicenseRef-scancode-polyform-internal-use-1.0.0", "NONE",
)  # fmt: skip
OUTBOUNDS = ("proprietary", "MIT", "GPL-3.0-only")
CONVEYED = sorted(
    name for name, row in RELATIONSHIPS.items() if row.binding not in (Binding.NOT_SHIPPED, Binding.OUTPUT)
)
SOURCE = frozenset(
    {
        "source-work", "source-of-component", "source-file", "source-of-own-code", "network-source-offer", "relink",
        "installation-info", "share-alike",
    }
)  # fmt: skip


def rank(answer: dict[str, Any]) -> int:
    return RULING_RANK[Ruling(answer["verdict"])]


def ask(inbound: str, relationship: str, deployment: str, **more: Any) -> dict[str, Any]:
    outbound = more.pop("outbound", "proprietary")
    case = {"inbound": inbound, "relationship": relationship, "deployment": deployment, "outbound": outbound}
    return answer_case({**case, **more})


@pytest.mark.parametrize("license_id", STRONG)
@pytest.mark.parametrize("modified", [False, True])
def test_what_the_browsers_of_a_service_load_is_conveyed(license_id: str, modified: bool) -> None:
    for relationship in CONVEYED:
        answer = ask(license_id, relationship, "saas", surface="browser", modified=modified)
        assert answer["verdict"] != "ok", (relationship, answer)
        if RELATIONSHIPS[relationship].binding in (Binding.SAME_WORK, Binding.COPIED):
            assert answer["verdict"] in ("conflict", "review"), (relationship, answer)
    assert ask(license_id, "bundled-js", "saas", modified=modified)["verdict"] == "conflict"


def test_delivery_never_makes_it_better() -> None:
    for license_id, relationship, outbound in product(LICENSES, RELATIONSHIPS, OUTBOUNDS):
        service = ask(license_id, relationship, "saas", outbound=outbound)
        delivered = ask(license_id, relationship, "saas", outbound=outbound, surface="browser")
        visited = ask(license_id, relationship, "browser", outbound=outbound)
        assert rank(delivered) >= max(rank(service), rank(visited)), (license_id, relationship, outbound)


def test_what_stays_inside_the_company_is_conveyed_on_no_surface() -> None:
    for license_id, relationship in product(LICENSES, RELATIONSHIPS):
        inside = ask(license_id, relationship, "internal")
        assert ask(license_id, relationship, "internal", surface="browser") == inside


def test_a_surface_that_nobody_gets_lets_nothing_pass_in_silence() -> None:
    for license_id, product_kind in product(STRONG[:3], ("on-premise", "desktop-app", "mobile-app", "embedded")):
        answer = ask(license_id, "dependency", product_kind, surface="saas")
        assert answer["verdict"] in ("conflict", "review"), (license_id, product_kind, answer)


def test_source_and_installation_information_are_more_than_notices() -> None:
    for license_id, relationship, outbound in product(LICENSES, RELATIONSHIPS, OUTBOUNDS):
        for deployment, modified in product(Deployment, (False, True)):
            answer = ask(license_id, relationship, deployment.value, outbound=outbound, modified=modified)
            # of a work that is only asked about together, what it owes anyway is no answer
            if SOURCE & set(answer["obligations"]) and relationship != "combined-work":
                assert answer["verdict"] != "ok", (license_id, relationship, outbound, deployment, answer)


@pytest.mark.parametrize("told", [{"linked_at_run_time": True}, {"facts": {"subset": True}}, {"scope": "vendored"},
                                  {"surface": "web"}, {"surface": ["browser"]}])  # fmt: skip
@pytest.mark.parametrize("license_id", ["MIT", "LGPL-2.1-only", "GPL-3.0-only", "OFL-1.1-RFN", "CC0-1.0"])
def test_what_nothing_weighs_is_a_question_at_least(license_id: str, told: dict[str, Any]) -> None:
    for relationship, deployment in product(("dependency", "dev-tool", "bundled-font"), ("saas", "on-premise")):
        answer = ask(license_id, relationship, deployment, **told)
        assert answer["verdict"] in ("review", "conflict"), (relationship, deployment, answer)
        assert "does not consider" in " ".join(answer["why"])


@pytest.mark.parametrize("value", ["no", 0, [], {}])
def test_a_change_is_told_by_true_or_false(value: Any) -> None:
    with pytest.raises(InputError) as caught:
        ask("MIT", "dependency", "saas", modified=value)
    assert caught.value.place == "modified"


def test_of_contradicting_facts_the_worse_one_counts() -> None:
    for license_id, relationship in product(STRONG[:3], ("dependency", "optional-extra", "dev-tool", "test-only")):
        for first, second in ((True, False), (False, True)):
            answer = ask(license_id, relationship, "on-premise", shipped=first, present_in_artifact=second)
            assert answer["verdict"] == "conflict", (license_id, relationship, answer)


@pytest.mark.parametrize("relationship", ["dev-tool", "build-tool", "test-only"])
def test_a_tool_that_is_passed_on_is_judged_as_that(relationship: str) -> None:
    for deployment in ("on-premise", "desktop-app", "browser", "embedded"):
        there = ask("GPL-3.0-only", relationship, deployment, present_in_artifact=True)
        assert there["verdict"] == "conflict"
        assert ask("GPL-3.0-only", relationship, deployment)["verdict"] == "ok"


@pytest.mark.parametrize("license_id", ["OFL-1.1", "OFL-1.1-RFN", "OFL-1.0-RFN", "IPA", "Bitstream-Vera"])
def test_a_changed_font_gives_up_its_reserved_name(license_id: str) -> None:
    for deployment in ("on-premise", "mobile-app", "desktop-app", "browser", "embedded"):
        kept = ask(license_id, "bundled-font", deployment, modified=True, reserved_font_name_kept=True)
        assert kept["verdict"] == "conflict", deployment
        assert ask(license_id, "bundled-font", deployment, modified=True)["verdict"] == "review"
        for told in ({"modified": True, "reserved_font_name_kept": False}, {"reserved_font_name_kept": True}):
            assert ask(license_id, "bundled-font", deployment, **told)["verdict"] in ("ok", "ok-obligations"), told
    assert ask(license_id, "bundled-font", "saas", modified=True, surface="browser")["verdict"] == "review"


def test_every_reason_says_of_which_license_it_speaks() -> None:
    for inbound, license_id in (("MIT AND PSF-2.0", "PSF-2.0"), ("Apache-2.0 AND CNRI-Python", "CNRI-Python")):
        why = ask(inbound, "python-import", "on-premise", outbound="AGPL-3.0-only")["why"]
        assert license_id in why[0], why  # what blocks comes first
        for sentence in why:
            if "OSADL matrix says" in sentence or "compatible with" in sentence:
                assert any(name in sentence for name in inbound.split(" AND ")), sentence


@pytest.mark.parametrize(
    "name",
    [
        "LicenseRef-scancode-polyform-internal-use-1.0.0",
        "PolyForm-Internal-Use-1.0.0", "PolyForm Internal Use License 1.0.0",
    ],
)  # fmt: skip
def test_internal_use_is_what_it_says_by_whatever_name(name: str) -> None:
    for modified in (False, True):
        assert ask(name, "dependency", "internal", modified=modified)["verdict"] == "ok"
    for deployment in ("on-premise", "mobile-app", "desktop-app", "browser", "embedded"):
        assert ask(name, "dependency", deployment)["verdict"] == "conflict"
    assert ask(name, "bundled-js", "saas")["verdict"] == "conflict"
    assert ask(name, "dependency", "saas")["verdict"] == "review"
