"""Who asks for the state of the fleet sees the runs that go on, and what dead runs left behind goes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from licscan.fleet import tries
from licscan.fleet.runs import FOLDER, SILENT, Heart, beats, sweep
from licscan.fleet.space import Folder


@pytest.fixture
def space(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "fleet")


def test_a_run_is_seen_while_it_goes_and_not_after(space: Folder) -> None:
    assert beats(space) == []
    with Heart(space, "one", 7):
        (seen,) = beats(space)
        assert (seen.run, seen.total, seen.ended, seen.is_going) == ("one", 7, 0, True)
    assert beats(space) == []


def test_what_dead_runs_left_behind_goes(space: Folder) -> None:
    with Heart(space, "alive", 2):
        (seen,) = beats(space)
        dead = replace(seen, run="dead", updated=seen.updated - SILENT - 1)
        space.write(f"{FOLDER}/dead.json", json.dumps(asdict(dead)).encode())
        space.write(f"{FOLDER}/torn.json", b"{")
        for run in ("alive", "dead"):
            tries.Tries(space, f"{run}/1", "target").begin()
        assert [one.is_going for one in beats(space) if one.run == "dead"] == [False]
        sweep(space)
        assert [one.run for one in beats(space)] == ["alive"]
        assert [name.split("/")[1] for name in space.names(tries.FOLDER)] == ["alive"]
