"""The chain: whatever is done to its rows is found, and named; two who sign at once both sign."""

from __future__ import annotations

import multiprocessing
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.base.errors import StoreError
from licscan.review.decision import Decision, Verb, canonical, read_decision
from licscan.store.decisions import ledger, sign

EVIDENCE = "sha256:" + "ab" * 32
WORDS = st.text(min_size=1, max_size=12).filter(str.strip)
DECISIONS = st.builds(
    Decision,
    verb=st.sampled_from([Verb.ACCEPT, Verb.ENTITLE, Verb.REPLACE]),
    code=st.sampled_from(["license-conflict", "license-missing"]),
    package=st.sampled_from(["pkg:npm/left", "pkg:npm/%40deep/right", "pkg:pypi/mid"]),
    version=WORDS,
    surface=st.sampled_from(["", "server", "app"]),
    who=WORDS,
    when=st.just("2026-01-02T03:04:05Z"),
    why=WORDS,
    evidence=st.just(EVIDENCE),
)
TRIGGERS = ("decisions_keep", "decisions_stay", "decisions_follow", "decision_head_stays", "decision_head_grows")


def decision(number: int = 0) -> Decision:
    return Decision(
        Verb.ACCEPT, "license-conflict", "pkg:npm/left", f"{number}.0.0", "", "Ada", "2026-01-02T03:04:05Z", "fine",
        EVIDENCE,
    )  # fmt: skip


def rows(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        return db.execute("SELECT id, body, previous, digest FROM decisions ORDER BY id").fetchall()


def tampered(path: Path, changed: list[tuple[object, ...]]) -> None:
    """Write other rows, as somebody can who owns the file."""
    db = sqlite3.connect(path)
    for name in TRIGGERS:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("DELETE FROM decisions")
    db.executemany("INSERT INTO decisions VALUES (?, ?, ?, ?)", changed)
    db.commit()
    db.close()


@given(DECISIONS)
def test_a_decision_is_read_as_it_was_written(one: Decision) -> None:
    import json

    assert read_decision(json.loads(canonical(one))) == one


@settings(max_examples=40, deadline=None)
@given(st.lists(DECISIONS, min_size=2, max_size=6), st.data())
def test_whatever_is_done_to_a_row_is_found_and_named(signed: list[Decision], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "licscan.db"
        sign(path, lambda _old: signed)
        whole = ledger(path)
        assert whole is not None
        assert whole.broken is None
        before = rows(path)
        at = data.draw(st.integers(0, len(before) - 1))
        after = [list(row) for row in before]
        kind = data.draw(st.sampled_from(["change", "remove", "close", "insert", "swap"]))
        if kind == "change":
            column = data.draw(st.sampled_from([1, 2, 3]))
            after[at][column] = data.draw(st.one_of(WORDS, st.binary(max_size=4), st.just(after[at][column] + " ")))
        elif kind in ("remove", "close"):
            del after[at]
        elif kind == "insert":
            other = data.draw(DECISIONS)
            after.insert(at, [0, canonical(other), before[at][2], "sha256:" + "0" * 64])
        else:
            to = data.draw(st.integers(0, len(before) - 1).filter(lambda n: n != at))
            after[at], after[to] = after[to], after[at]
            at = min(at, to)
        if kind != "remove":
            for number, row in enumerate(after, 1):
                row[0] = number
        tampered(path, [tuple(row) for row in after])
        found = ledger(path)
        assert found is not None
        assert found.broken is not None
        assert found.broken.number == at + 1
        assert [entry.decision for entry in found.entries] == signed[:at]


def test_a_lost_end_and_a_lost_whole_are_told_by_the_head_that_was_written_down(tmp_path: Path) -> None:
    path = tmp_path / "licscan.db"
    head = sign(path, lambda _old: [decision(1), decision(2)])[-1].digest
    kept = rows(path)[:1]
    tampered(path, kept)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE decision_head SET entries = 1, digest = ?", (kept[0][3],))
    unaware, told = ledger(path), ledger(path, head)
    assert unaware is not None
    assert unaware.broken is None
    assert told is not None
    assert told.broken is not None
    assert told.broken.number == 2
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM decisions")
        db.execute("DELETE FROM decision_head")
    gone = ledger(path, head)
    assert ledger(path) is None
    assert gone is not None
    assert gone.broken is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET body = '{}'",
        "DELETE FROM decisions",
        "INSERT OR REPLACE INTO decisions VALUES (1, '{}', '', 'x')",
        "INSERT INTO decisions VALUES (9, '{}', '', 'x')",
        "DELETE FROM decision_head",
        "UPDATE decision_head SET entries = 0",
    ],
)
def test_the_table_is_only_added_to(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "licscan.db"
    sign(path, lambda _old: [decision()])
    before = rows(path)
    with sqlite3.connect(path) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
    assert rows(path) == before


def test_nothing_is_signed_on_a_broken_chain(tmp_path: Path) -> None:
    path = tmp_path / "licscan.db"
    sign(path, lambda _old: [decision(1), decision(2)])
    tampered(path, rows(path)[1:])
    with pytest.raises(StoreError, match="entry 1"):
        sign(path, lambda _old: [decision(3)])


def _sign_many(path: Path, first: int) -> None:
    for number in range(first, first + 5):
        sign(path, lambda _old, number=number: [decision(number)])  # type: ignore[misc]


def test_two_processes_that_sign_at_once_both_sign(tmp_path: Path) -> None:
    path = tmp_path / "licscan.db"
    start = multiprocessing.get_context("spawn")
    both = [start.Process(target=_sign_many, args=(path, first)) for first in (0, 100)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert [one.exitcode for one in both] == [0, 0]
    found = ledger(path)
    assert found is not None
    assert found.broken is None
    assert {entry.decision for entry in found.entries} == {decision(n) for n in (*range(5), *range(100, 105))}
