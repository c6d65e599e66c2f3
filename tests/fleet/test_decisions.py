"""The decisions of a fleet: one chain, which nobody changes unseen and two cannot lengthen at once."""

from __future__ import annotations

import json
import threading

import pytest

from licscan.base.errors import StoreError
from licscan.fleet import decisions
from licscan.fleet.decisions import decide, fleet_ledger, joined
from licscan.fleet.space import Folder
from licscan.review.chain import Ledger, chained
from licscan.review.decision import Decision, Verb


def decision(name: str, **changed: str) -> Decision:
    values = {
        "code": "forbidden-license", "package": f"pkg:npm/{name}", "version": "1.0", "surface": "app", "who": "Ada",
        "when": "2027-01-01T00:00:00Z", "why": "because", "evidence": f"sha256:{'ab' * 32}",
    }  # fmt: skip
    return Decision(Verb.ACCEPT, **{**values, **changed})  # type: ignore[arg-type]


A, B, C = decision("a"), decision("b"), decision("c")


@pytest.fixture
def space(tmp_path) -> Folder:  # type: ignore[no-untyped-def]
    return Folder(tmp_path / "fleet")


def held(space: Folder) -> list[Decision]:
    ledger = fleet_ledger(space)
    assert ledger is not None
    assert ledger.broken is None
    return [one.decision for one in ledger.entries]


def test_a_chain_grows_and_takes_each_decision_once(space: Folder) -> None:
    assert fleet_ledger(space) is None
    assert decide(space, [A, B, A]) == [A, B]
    assert decide(space, [B, C]) == [C]
    assert decide(space, [A, B, C]) == []
    assert held(space) == [A, B, C]


def test_of_two_deciders_at_once_neither_is_lost_unsaid(space: Folder) -> None:
    start = threading.Barrier(4)
    refused: list[int] = []

    def sign(number: int) -> None:
        start.wait(60)
        try:
            decide(space, [decision(f"p{number}")])
        except StoreError:
            refused.append(number)

    threads = [threading.Thread(target=sign, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    there = {one.package for one in held(space)}
    assert there == {f"pkg:npm/p{number}" for number in range(4) if number not in refused}
    for number in refused:
        decide(space, [decision(f"p{number}")])
    assert len(held(space)) == 4


BREAKS = {
    "changed": lambda told: {**told, "body": told["body"].replace("because", "whatever")},
    "other number": lambda told: {**told, "number": 7},
    "no decision": lambda told: {**told, "body": "{}"},
    "no object": lambda told: [told],
    "nothing": lambda told: None,
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_chain_counts_as_far_as_it_holds_and_takes_no_more(space: Folder, name: str) -> None:
    decide(space, [A, B, C])
    second = space.names(decisions.FOLDER)[1]
    told = json.loads(space.read(second) or b"")
    space.write(second, json.dumps(BREAKS[name](told)).encode())
    ledger = fleet_ledger(space)
    assert ledger is not None
    assert [one.decision for one in ledger.entries] == [A]
    assert ledger.broken is not None
    assert ledger.broken.number == 2
    with pytest.raises(StoreError, match="broken") as caught:
        decide(space, [decision("d")])
    assert "\n" not in str(caught.value)
    assert len(space.names(decisions.FOLDER)) == 3


def test_an_entry_that_is_gone_breaks_the_chain(space: Folder) -> None:
    decide(space, [A, B, C])
    space.remove(space.names(decisions.FOLDER)[0])
    ledger = fleet_ledger(space)
    assert ledger is not None
    assert not ledger.entries
    assert ledger.broken is not None


def test_a_file_that_is_no_json_breaks_the_chain(space: Folder) -> None:
    decide(space, [A, B])
    for data in (b"", b"{", b"\xff", b"[" * 100_000):
        space.write(space.names(decisions.FOLDER)[1], data)
        ledger = fleet_ledger(space)
        assert ledger is not None
        assert ledger.broken is not None
        assert [one.decision for one in ledger.entries] == [A]


def test_a_projects_own_decisions_stand_before_those_of_the_fleet(space: Folder) -> None:
    own = Ledger(tuple(chained([A, B])))
    decide(space, [decision("a", why="the fleet says so")])
    shared = fleet_ledger(space)
    both = joined(own, shared)
    assert both is not None
    assert [one.decision.why for one in both.entries] == ["because", "because", "the fleet says so"]
    assert joined(own, None) == own
    assert joined(None, shared) == shared
    assert joined(None, None) is None
