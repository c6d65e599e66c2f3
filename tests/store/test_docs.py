"""docs/store.md names every table and view, and its questions can be asked."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from licscan import store
from tests.factories import rich_scan

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def connection(tmp_path):
    store.save(rich_scan(), tmp_path / "scans.db")
    connection = sqlite3.connect(tmp_path / "scans.db", isolation_level=None)
    yield connection
    connection.close()


def test_every_table_and_view_is_described(connection):
    made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == made


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_every_question_can_be_asked(connection, question):
    if question.startswith("SELECT"):
        rows = connection.execute(question).fetchall()
        assert rows or "license_changes" in question or "unknown_licenses" in question
    else:
        connection.executescript(question)
        assert connection.execute("SELECT count(*) FROM scans").fetchone() == (1,)
