"""Results into tables: what was observed becomes intervals, and each result counts once, whoever takes it in."""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.base.errors import LicscanError, StoreError
from licscan.fleet import manifest as manifests
from licscan.fleet import outcome, seal
from licscan.fleet.model import Outcome, Status
from licscan.fleet.outcome import INBOX, put_outcome, put_scan
from licscan.fleet.seal import DATA
from licscan.fleet.space import Folder
from tests.fleet.made import Rows, finding, moment, observed, package, put, result, states, target, whole
from tests.fleet.packing import packed

TARGETS = [target(name) for name in ("a", "b", "c")]
NAMES = ("left", "right", "up")


@pytest.fixture
def space(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "fleet")


# --- intervals, against a naive model ---------------------------------------------------------------------------------


def naive(batches: Sequence[Sequence[Outcome]]) -> Rows:
    """What is observed when, told one result at a time; of a batch in the order of time, older ones never."""
    rows: Rows = set()
    last: dict[str, str] = {}
    for batch in batches:
        known = dict(last)
        for one in sorted(set(batch), key=lambda one: one.when):
            if one.status is not Status.DONE or one.when <= known.get(one.target, ""):
                continue
            last[one.target] = one.when
            seen = {row.purl for row in one.packages}
            for row in [row for row in rows if row[0] == one.target and row[3] is None]:
                if row[1] in seen:
                    seen.discard(row[1])
                else:
                    rows.remove(row)
                    rows.add((*row[:3], one.when))
            rows |= {(one.target, purl, one.when, None) for purl in seen}
    return rows


@st.composite
def series(draw: st.DrawFn) -> list[Outcome]:
    """Scans of a few targets at times that are all different, failures between."""
    made = []
    for number in range(draw(st.integers(1, 7))):
        of = draw(st.sampled_from(TARGETS))
        if draw(st.integers(0, 4)) == 0:
            made.append(result(of, moment(number), status=Status.FAILED, reason="r"))
        else:
            seen = draw(st.sets(st.sampled_from(NAMES)))
            made.append(result(of, moment(number), map(package, sorted(seen)), map(finding, sorted(seen))))
    return made


@st.composite
def batched(draw: st.DrawFn, ordered: bool = False) -> list[list[Outcome]]:
    """A series, cut into batches; out of order, and with results that come again, unless `ordered`."""
    made = draw(series())
    if not ordered:
        made = draw(st.permutations([*made, *draw(st.lists(st.sampled_from(made), max_size=3))]))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(made) - 1)), max_size=3)))
    return [made[start:end] for start, end in itertools.pairwise([0, *cuts, len(made)]) if start < end]


def sealed(batches: Sequence[Sequence[Outcome]]) -> Folder:
    space = Folder(Path(tempfile.mkdtemp(prefix="fleet", dir=PLACES[-1])))
    for batch in batches:
        put(space, *batch)
    return space


PLACES: list[Path] = []


@pytest.fixture(autouse=True)
def _place(tmp_path: Path) -> None:
    PLACES[:] = [tmp_path]


@given(batches=batched())
@settings(max_examples=8)
def test_rows_are_those_of_a_naive_model(batches: list[list[Outcome]]) -> None:
    space = sealed(batches)
    assert observed(space) == observed(space, "findings") == sorted(naive(batches), key=repr)
    _columns, every = outcomes(space)
    assert sorted(every) == sorted({(one.target, one.when) for batch in batches for one in batch})
    assert not space.names(INBOX)


@given(batches=batched(ordered=True))
@settings(max_examples=4)
def test_any_batching_gives_the_same_tables(batches: list[list[Outcome]]) -> None:
    every = [one for batch in batches for one in batch]
    assert whole(sealed(batches)) == whole(sealed([every]))


def outcomes(space: Folder) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    from licscan.fleet.views import opened

    with opened(space, {}) as fleet:
        return fleet.rows('SELECT target, "when" FROM outcomes')


def test_every_column_makes_a_row_of_its_own(space: Folder) -> None:
    (a, *_others) = TARGETS
    put(space, result(a, moment(1), [package("left")]))
    put(space, result(a, moment(2), [package("left", license_="GPL-3.0-only")]))
    put(space, result(a, moment(3), [package("left", license_="GPL-3.0-only", coverage="metadata")]))
    put(space, result(a, moment(4), [package("left")]))
    assert [row[2:] for row in observed(space)] == [
        (moment(1), moment(2)), (moment(2), moment(3)), (moment(3), moment(4)), (moment(4), None),
    ]  # fmt: skip


def test_the_same_finding_twice_stays_twice_and_once_is_less(space: Folder) -> None:
    (a, *_others) = TARGETS
    twice = [finding("left"), finding("left", surface="web")]
    put(space, result(a, moment(1), [], twice))
    put(space, result(a, moment(2), [], twice[:1]))
    assert sorted(str(row[3]) for row in observed(space, "findings")) == [moment(2), "None"]


# --- once, whoever takes it -------------------------------------------------------------------------------------------


def test_what_was_left_in_the_inbox_is_not_counted_twice(space: Folder) -> None:
    one = result(TARGETS[0], moment(1), [package("left")], [finding("left")])
    put(space, one)
    before = whole(space)
    put(space, one)
    assert whole(space) == before
    assert not space.names(INBOX)


def test_what_was_left_of_a_failure_is_not_counted_twice(space: Folder) -> None:
    one = result(TARGETS[0], moment(1), status=Status.FAILED, reason="r")
    put(space, one)
    put(space, one)
    assert len(whole(space)["outcomes"]) == 1


def test_sealers_at_once_lose_nothing_and_count_nothing_twice(space: Folder) -> None:
    sealers = 3
    made = [result(one, moment(number), [package("left", str(number))]) for number in range(3) for one in TARGETS]
    errors: list[BaseException] = []
    start = threading.Barrier(sealers)

    def work(part: int) -> None:
        start.wait(60)
        try:
            for one in made[part::sealers]:
                put(space, one)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(sealers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    seal.seal(space)
    assert not errors
    _columns, found = outcomes(space)
    assert sorted(found) == sorted((one.target, one.when) for one in made)
    assert len([row for row in observed(space) if row[3] is None]) == len(TARGETS)
    assert not space.names(INBOX)


def test_who_comes_second_takes_nothing_from_who_was_first(space: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage that cannot tell who was first: the manifest of the second one lies over that of the first."""
    first, second = (result(one, moment(1), [package("left")]) for one in TARGETS[:2])
    put_outcome(space, first)
    write = manifests.write

    def overwritten(place: Folder, made: manifests.Manifest) -> bool:
        done = write(place, made)
        monkeypatch.setattr(manifests, "write", write)
        other = manifests.Manifest(made.number, {})
        told = {"format": 1, "number": other.number, "files": {}}
        place.write(manifests.name_of(made.number), json.dumps(told).encode())
        return done

    monkeypatch.setattr(manifests, "write", overwritten)
    seal.seal(space)
    put(space, second)
    assert len(outcomes(space)[1]) == 2


# --- what is damaged --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"nothing", packed(b"{}"), packed(b'{"target":"aa", garbage}\n'),
     packed(b'{"target":3,"when":[],"packages":7}\n'), packed(b'{"target":"aa"}\n{"target":"bb"}\n')],
)  # fmt: skip
def test_a_damaged_file_is_named_and_left_and_costs_no_other(space: Folder, data: bytes) -> None:
    space.write(f"{INBOX}/damaged.json.gz", data)
    put_outcome(space, result(TARGETS[0], moment(1), [package("left")]))
    assert seal.seal(space) == (f"{INBOX}/damaged.json.gz",)
    assert space.names(INBOX) == [f"{INBOX}/damaged.json.gz"]
    assert outcomes(space)[1] == [(TARGETS[0].id, moment(1))]
    assert seal.seal(space) == (f"{INBOX}/damaged.json.gz",)
    assert outcomes(space)[1] == [(TARGETS[0].id, moment(1))]


def test_a_newer_manifest_is_refused(space: Folder) -> None:
    put(space, result(TARGETS[0], moment(1)))
    name = space.names(manifests.FOLDER)[-1]
    told = json.loads(space.read(name) or b"")
    space.write(manifests.name_of(told["number"] + 1), json.dumps({**told, "format": 2}).encode())
    put_outcome(space, result(TARGETS[0], moment(2)))
    for ask in (lambda: seal.seal(space), lambda: states(space)):
        with pytest.raises(StoreError, match="newer licscan"):
            ask()
    assert len(space.names(INBOX)) == 1


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b'{"format":1}', b'{"format":"1","files":{}}', b"[" * 9999]
)
def test_a_damaged_manifest_is_one_line(space: Folder, data: bytes) -> None:
    put(space, result(TARGETS[0], moment(1)))
    space.write(manifests.name_of(9), data)
    with pytest.raises(StoreError) as caught:
        manifests.last(space)
    assert manifests.name_of(9) in str(caught.value)
    assert "\n" not in str(caught.value)
    space.remove(manifests.name_of(9))
    assert manifests.last(space).number == 1


def test_a_lost_file_is_one_line(space: Folder) -> None:
    put(space, result(TARGETS[0], moment(1), [package("left")]))
    for name in space.names(DATA):
        space.write(name, b"PAR1 damaged")
    with pytest.raises(StoreError) as caught:
        observed(space)
    assert "\n" not in str(caught.value)
    for name in space.names(DATA):
        space.remove(name)
    with pytest.raises(StoreError, match="lost a file"):
        observed(space)


# --- what is left behind ----------------------------------------------------------------------------------------------


def test_files_do_not_pile_up(space: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "MOST_FILES", 5)
    for number in range(14):
        put(space, result(TARGETS[number % 3], moment(number), [package("left", str(number))]))
    now = manifests.last(space)
    assert len(now.of("outcomes")) <= seal.MOST_FILES
    assert len(space.names(manifests.FOLDER)) <= 4
    assert len(space.names(DATA)) <= len(now.every()) + 12
    assert len(outcomes(space)[1]) == 14
    assert not list(space.root.rglob(".new-*"))


def test_who_was_too_late_leaves_no_files(space: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    put(space, result(TARGETS[0], moment(1), [package("left")]))
    put_outcome(space, result(TARGETS[0], moment(2), [package("right")]))
    write, tries = manifests.write, [0]

    def late(place: Folder, made: manifests.Manifest) -> bool:
        tries[0] += 1
        return write(place, made) if tries[0] > 2 else False

    monkeypatch.setattr(manifests, "write", late)
    seal.seal(space)
    kept = {name for one in space.names(manifests.FOLDER) for name in manifests.read(space, one).every()}
    assert set(space.names(DATA)) == kept


def test_the_last_two_databases_of_a_target_stay(space: Folder) -> None:
    (a, b, _c) = TARGETS
    digests = [put_scan(space, b"%d" % number) for number in range(4)]
    for number, digest in enumerate(digests):
        put(space, replace(result(a, moment(number)), scan=digest))
        put(space, replace(result(b, moment(number)), scan=digests[0]))
    there = [outcome.get_scan(space, digest) is not None for digest in digests]
    assert there == [True, False, True, True]


def test_a_store_that_is_full_takes_nothing_half(space: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever write finds the disk full, the next run completes."""
    put(space, result(TARGETS[0], moment(1), [package("left")]))
    before = whole(space)
    write, left = Folder.write, [0]

    def bounded(self: Folder, name: str, data: bytes, *, new: bool = False) -> bool:
        left[0] -= 1
        if left[0] < 0:
            raise StoreError("No space left on device")
        return write(self, name, data, new=new)

    for full in range(5):
        put_outcome(space, result(TARGETS[0], moment(2), [package("right")]))
        left[0] = full
        monkeypatch.setattr(Folder, "write", bounded)
        try:
            seal.seal(space)
        except LicscanError:
            assert whole(space) == before
            assert len(space.names(INBOX)) == 1
        monkeypatch.setattr(Folder, "write", write)
    seal.seal(space)
    assert [row[2:] for row in observed(space)] == [(moment(1), moment(2)), (moment(2), None)]
    assert not space.names(INBOX)
