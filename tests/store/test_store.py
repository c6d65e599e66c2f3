"""A scan comes back from the database as it went in, and the file is one that a person can use."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlite_utils import Database

from licscan import store
from licscan.base.errors import StoreError
from licscan.model import Component, Graph, Location, Project, Source, SourceKind
from licscan.store import schema
from tests.factories import LEFT, LOOSE, empty_scan, rich_scan, synthetic_scan
from tests.store.strategies import scans


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".licscan" / "scans.db"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("scan", [rich_scan(), empty_scan(), synthetic_scan(50)], ids=["rich", "empty", "synthetic"])
def test_round_trip(path, scan):
    assert store.load(path, store.save(scan, path)) == scan


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scan=scans())
def test_round_trip_of_anything(tmp_path, scan):
    path = tmp_path / "any.db"
    assert store.load(path, store.save(scan, path)) == scan


def test_lone_surrogates_and_controls_survive(path):
    scan = replace(rich_scan(), project=Project("na\udcffme", "\x00\x1b", "MIT", ("\ud800\udc00",)))
    store.save(scan, path)
    assert store.load(path) == scan
    assert store.scans(path)[0].project == "na\udcffme"


def test_the_latest_scan_of_a_project_is_the_default(path):
    first = store.save(rich_scan(), path)
    other = store.save(empty_scan(), path)
    again = store.save(replace(rich_scan(), findings=()), path)
    assert store.load(path) == store.load(path, again) != rich_scan()
    assert store.load(path, first) == rich_scan()
    assert store.load(path, project="empty") == store.load(path, other) == empty_scan()
    with pytest.raises(StoreError, match="has no such scan"):
        store.load(path, other, project="chat")


def test_list_of_scans(path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    store.save(rich_scan(), path)
    store.save(empty_scan(), path, started_at="2026-01-02T03:04:05Z")
    assert store.scans(path) == [
        store.ScanRow(1, "chat", "1970-01-01T00:00:00Z", "violation", 4, 2, 1, 1),
        store.ScanRow(2, "empty", "2026-01-02T03:04:05Z", "ok", 0, 0, 0, 0),
    ]


@pytest.mark.parametrize("value", ["soon", "9" * 30, "1.5"])
def test_a_time_that_is_none(path, monkeypatch, value):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(StoreError, match="SOURCE_DATE_EPOCH is not a number of seconds"):
        store.save(empty_scan(), path)
    assert not path.exists()


def test_foreign_keys_hold_and_deleting_a_scan_deletes_its_rows(path):
    store.save(rich_scan(), path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = ON")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("DELETE FROM scans")
    left = {table for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    full = {table for table in left if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]}
    connection.close()
    assert full == {"packages", "texts"}


def test_a_long_text_is_stored_once(path):
    store.save(synthetic_scan(50), path)
    store.save(synthetic_scan(60), path)
    assert rows(path, "SELECT count(*) FROM texts") == [(1,)]
    assert rows(path, "SELECT count(*) FROM packages") == [(61,)]


def test_no_credentials_reach_the_file(path):
    component = Component("pkg:npm/a@1", "a", "1", "npm", source=Source(SourceKind.GIT, "https://me:pw@git.example/a"))
    store.save(replace(empty_scan(), graph=Graph(components=(component,))), path)
    assert b"me:pw" not in path.read_bytes()
    assert store.load(path).graph.components[0].source.url == "https://git.example/a"


def test_the_file_is_private_and_ignored_by_version_control(path):
    old = os.umask(0)
    try:
        store.save(empty_scan(), path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (path.parent / ".gitignore").read_text() == "*\n"


def test_another_folder_is_left_as_it_is(tmp_path):
    store.save(empty_scan(), tmp_path / "reports" / "scans.db")
    assert [file.name for file in (tmp_path / "reports").iterdir()] == ["scans.db"]


def test_a_number_that_sqlite_cannot_hold(path):
    component = Component("pkg:npm/a@1", "a", "1", "npm", found_in=(Location("a", 2**70),))
    with pytest.raises(StoreError, match="cannot store a number"):
        store.save(replace(empty_scan(), graph=Graph(components=(component,))), path)


class TestViews:
    def test_every_view_answers(self, path):
        store.save(rich_scan(), path)
        for (view,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'view'"):
            assert isinstance(rows(path, f"SELECT * FROM {view}"), list)

    def test_current_components(self, path):
        store.save(rich_scan(), path)
        found = rows(path, f"SELECT name, concluded, verdict, scopes FROM current_components WHERE purl = '{LEFT}'")
        assert found == [("left", "MIT", "ok", "runtime")]

    def test_current_findings(self, path):
        store.save(replace(rich_scan(), findings=()), path)
        store.save(rich_scan(), path)
        found = rows(path, "SELECT code, purl, concluded FROM current_findings WHERE severity = 'error' ORDER BY code")
        assert found[1] == ("license-unknown", LOOSE, "NOASSERTION")

    def test_licenses_in_use(self, path):
        store.save(rich_scan(), path)
        found = rows(path, "SELECT license, packages FROM licenses_in_use")
        assert found == [("NOASSERTION", 2), ("MIT", 1), ("NONE", 1)]

    def test_who_needs(self, path):
        store.save(rich_scan(), path)
        found = rows(path, "SELECT needed_by, scope FROM who_needs WHERE package LIKE '%copyleft%' ORDER BY 1")
        assert found == [("pkg:npm/chat-server@1.0.0", "dev"), (LEFT, "runtime")]

    def test_unknown_licenses(self, path):
        store.save(rich_scan(), path)
        assert rows(path, f"SELECT basis FROM unknown_licenses WHERE purl = '{LOOSE}'") == [("nothing was found",)]

    def test_license_changes(self, path):
        scan = rich_scan()
        store.save(scan, path)
        relicensed = tuple(replace(c, concluded="ISC") if c.purl == LEFT else c for c in scan.conclusions)
        store.save(replace(scan, conclusions=relicensed), path)
        found = rows(path, "SELECT name, old_license, new_license, old_version FROM license_changes")
        assert found == [("left", "MIT", "ISC", "2.1.0")]


class TestWhatCannotBeOpened:
    def test_a_folder(self, tmp_path):
        with pytest.raises(StoreError, match="is a folder"):
            store.save(empty_scan(), tmp_path)
        with pytest.raises(StoreError, match="is a folder"):
            store.load(tmp_path)

    def test_nothing(self, path):
        with pytest.raises(StoreError, match="run `licscan scan` first"):
            store.load(path)
        assert not path.parent.exists()

    def test_no_database(self, tmp_path):
        file = tmp_path / "letter.db"
        file.write_text("Dear Sir or Madam, " * 100)
        for action in (lambda: store.save(empty_scan(), file), lambda: store.load(file), lambda: store.scans(file)):
            with pytest.raises(StoreError, match="is not a database"):
                action()
        assert file.read_text().startswith("Dear")

    def test_somebody_elses_database(self, tmp_path):
        file = tmp_path / "theirs.db"
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE recipes (name)")
        connection.close()
        with pytest.raises(StoreError, match="not one that licscan wrote"):
            store.save(empty_scan(), file)
        assert rows(file, "SELECT name FROM sqlite_master") == [("recipes",)]

    def test_a_newer_licscan(self, path):
        store.save(empty_scan(), path)
        rows(path, "PRAGMA user_version = 99")
        for action in (lambda: store.save(empty_scan(), path), lambda: store.load(path)):
            with pytest.raises(StoreError, match=r"newer licscan .*update licscan"):
                action()

    def test_a_link(self, tmp_path):
        (tmp_path / "scans.db").symlink_to(tmp_path / "target")
        with pytest.raises(StoreError, match="is a link"):
            store.save(empty_scan(), tmp_path / "scans.db")
        assert not (tmp_path / "target").exists()

    @pytest.mark.parametrize("damage", ["UPDATE components SET kind = 'x'", "UPDATE scans SET tables = '{'"])
    def test_tampered_values(self, path, damage):
        store.save(rich_scan(), path)
        rows(path, damage)
        with pytest.raises(StoreError, match="contains values that licscan did not write"):
            store.load(path)

    def test_a_missing_table(self, path):
        store.save(rich_scan(), path)
        rows(path, "DROP TABLE claims")
        with pytest.raises(StoreError, match="no such table"):
            store.load(path)

    def test_a_parent_that_is_a_file(self, tmp_path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(StoreError, match="cannot be written"):
            store.save(empty_scan(), tmp_path / "file" / "scans.db")


class TestMigrations:
    @staticmethod
    def _second(db: Database) -> None:
        db.execute("ALTER TABLE scans ADD COLUMN host TEXT DEFAULT 'here'")

    def test_an_older_file_is_brought_up_to_date_when_read(self, path, monkeypatch):
        store.save(rich_scan(), path)
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, self._second))
        assert store.load(path) == rich_scan()
        assert rows(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]
        assert rows(path, "SELECT host FROM scans") == [("here",)]

    def test_a_step_that_fails_changes_nothing(self, path, monkeypatch):
        def fails(db: Database) -> None:
            self._second(db)
            db.execute("SELECT * FROM nowhere")

        store.save(rich_scan(), path)
        before = rows(path, "SELECT sql FROM sqlite_master")
        with monkeypatch.context() as patched:
            patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, fails))
            with pytest.raises(StoreError):
                store.load(path)
        assert rows(path, "SELECT sql FROM sqlite_master") == before
        assert rows(path, "PRAGMA user_version") == [(len(schema.MIGRATIONS),)]

    def test_a_file_of_version_1_built_by_hand(self, tmp_path):
        """The tables of the first release, with one component, as SQL text."""
        file = tmp_path / "v1.db"
        connection = sqlite3.connect(file)
        connection.executescript((Path(__file__).parent / "version1.sql").read_text(encoding="utf-8"))
        connection.close()
        scan = store.load(file)
        assert [c.purl for c in scan.graph.components] == ["pkg:npm/a@1"]
        assert scan.conclusions[0].concluded == "MIT"
        assert scan.conclusions[0].evidence[0].raw == "MIT"
