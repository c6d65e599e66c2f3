"""Results as files: the same bytes for the same result, and nothing else passes for one."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from licscan.fleet import outcome
from licscan.fleet.model import Outcome, Status
from licscan.fleet.outcome import dump, get_scan, inbox_name, load_line, of_scan, put_outcome, put_scan, scan_name
from licscan.fleet.space import Folder
from tests.factories import empty_scan, rich_scan
from tests.fleet.made import finding, moment, package, result, target
from tests.fleet.packing import packed

A = target("a")
DONE = result(
    A, moment(1), [package("left"), package("\u00fcber\ud800")], [finding("left", message='a "b"\n{c}\u2028')]
)


def test_a_result_is_the_same_bytes_and_comes_back() -> None:
    assert dump(DONE) == dump(replace(DONE))
    line = load_line(dump(DONE))
    assert line is not None
    assert json.loads(line) == json.loads(json.dumps(asdict(DONE)))
    assert line.count(b"\n") == 1


@pytest.mark.parametrize("data", [b"", b"x", packed(b""), packed(b"{}\n"), dump(DONE)[:-9],
                                  packed(b'{"target":1}\n{"target":2}\n')])  # fmt: skip
def test_what_is_no_result_is_none(data: bytes) -> None:
    assert load_line(data) is None


def test_equal_results_have_one_name_and_others_have_others(tmp_path: Path) -> None:
    again = replace(DONE, when=moment(2), run="other")
    assert inbox_name(again) == inbox_name(DONE)
    failures = [result(A, moment(1), status=Status.FAILED, run=run, reason="r") for run in ("1", "2")]
    others = [replace(DONE, key="other"), replace(DONE, day="2027-01-01"), replace(DONE, target="b"), *failures]
    assert len({inbox_name(one) for one in (DONE, *others)}) == 6
    space = Folder(tmp_path)
    put_outcome(space, DONE)
    put_outcome(space, again)
    assert space.names(outcome.INBOX) == [inbox_name(DONE)]
    assert space.read(inbox_name(DONE)) == dump(again)


def test_a_scan_is_counted_as_it_says() -> None:
    scan = rich_scan()
    found = of_scan(scan, Outcome("t", "r", moment(1), Status.DONE))
    assert found.components == len(scan.graph.components) == len(found.packages)
    assert len(found.findings) == len(scan.findings)
    assert found.errors + found.warnings + found.notes == sum(not one.waiver for one in scan.findings)
    assert (found.gate, found.project, found.outbound) == (scan.gate.value, scan.project.name, scan.project.outbound)
    assert {one.purl for one in found.packages} == {one.purl for one in scan.graph.components}
    assert list(found.packages) == sorted(found.packages)
    assert list(found.findings) == sorted(found.findings)
    assert load_line(dump(found)) is not None
    none = of_scan(empty_scan(), Outcome("t", "r", moment(1), Status.DONE))
    assert (none.packages, none.findings, none.components) == ((), (), 0)


def test_databases_are_kept_by_their_digest(tmp_path: Path) -> None:
    space = Folder(tmp_path)
    digest = put_scan(space, b"database")
    assert put_scan(space, b"database") == digest != put_scan(space, b"other")
    assert get_scan(space, digest) == b"database"
    assert get_scan(space, "") is None
    assert get_scan(space, "0" * 40) is None
    for damaged in (b"", b"damaged", (space.read(scan_name(put_scan(space, b"third"))) or b"")):
        space.write(scan_name(digest), damaged)
        assert get_scan(space, digest) is None


def test_one_licscan_has_one_digest() -> None:
    assert outcome.versions() == outcome.versions()
    assert len(outcome.versions()) >= 16
