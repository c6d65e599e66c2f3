"""The evidence store is closed by whoever opened it: nothing stays open until the process ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from licscan.cli import cache as cache_command
from licscan.compose.notices import notices
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.evidence import store as stores
from licscan.evidence.store import EvidenceStore, user_evidence
from licscan.hook.evidence import gather_evidence

LOCK = {
    "name": "shop",
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "shop", "dependencies": {"left": "1.0.0"}},
        "node_modules/left": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-AAAA"},
    },
}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Every connection to an evidence store, in the order in which they are opened."""
    found: list[sqlite3.Connection] = []
    first = EvidenceStore._first

    def kept(self: EvidenceStore) -> sqlite3.Connection | None:
        made = first(self)
        if made is not None:
            found.append(made)
        return made

    monkeypatch.setattr(stores.EvidenceStore, "_first", kept)
    return found


@pytest.fixture
def options(tmp_path: Path, own_cache: Path) -> Options:
    with_one = user_evidence()
    with_one.info()
    with_one.close()
    (tmp_path / "package-lock.json").write_text(json.dumps(LOCK))
    return Options((tmp_path,), offline=True)


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("select 1")
    except sqlite3.ProgrammingError:
        return True
    return False


FLOWS: dict[str, Callable[[Options], object]] = {
    "scan": scan,
    "notices": lambda options: notices(scan(options), options.paths[0]),
    "hook": lambda options: gather_evidence(
        scan(options).graph.components, options.paths[0], licenses=None, texts=True
    ),
    "cache info": lambda _options: cache_command.info.callback and cache_command.info.callback(),
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_closes_what_it_opened(name: str, options: Options, opened: list[sqlite3.Connection]) -> None:
    FLOWS[name](options)
    assert opened
    assert all(map(is_closed, opened))


def test_a_scan_that_fails_closes_it_too(
    options: Options, opened: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_any: object, **_how: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("licscan.compose.scan.judge_scan", fail)
    with pytest.raises(KeyboardInterrupt):
        scan(options)
    assert opened
    assert all(map(is_closed, opened))


def test_a_store_that_was_given_stays_open(options: Options, opened: list[sqlite3.Connection]) -> None:
    given = user_evidence()
    scan(replace(options, evidence=given))
    assert len(opened) == 1
    assert not is_closed(opened[0])
    given.close()
