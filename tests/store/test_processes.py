"""Several processes at one database: scans at the same time, a killed scan, a disk without room."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from licscan import store
from licscan.base.errors import StoreError
from tests.factories import rich_scan, synthetic_scan

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SAVE = """
import sys
from pathlib import Path
from licscan import store
from tests.factories import synthetic_scan
scan = synthetic_scan(int(sys.argv[2]))
for _ in range(int(sys.argv[3])):
    store.save(scan, Path(sys.argv[1]))
"""
KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from licscan import store
from licscan.store import connection
from tests.factories import synthetic_scan
path, countdown = Path(sys.argv[1]), int(sys.argv[2])
def step(_statement):
    global countdown
    countdown -= 1
    if not countdown:
        os.kill(os.getpid(), signal.SIGKILL)
scan, connect = synthetic_scan(1500), sqlite3.connect
def traced(*arguments, **named):
    made = connect(*arguments, **named)
    made.set_trace_callback(step)
    return made
sqlite3.connect = traced
start = countdown
store.save(scan, path)
print(start - countdown)
"""
"""Saves a scan, and kills itself at a statement; prints how many statements it took where it came to the end."""
NO_ROOM = """
import resource
import sys
from pathlib import Path
from licscan import store
from licscan.base.errors import StoreError
from tests.factories import synthetic_scan
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    store.save(synthetic_scan(3000), Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def check(path: Path) -> None:
    """The file is sound and every scan in it is whole."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_scans_at_the_same_time_all_succeed(tmp_path):
    path = tmp_path / "scans.db"
    processes = [start(SAVE, path, 300, 5) for _ in range(3)]
    for process in processes:
        process.communicate(timeout=600)
        assert process.returncode == 0
    check(path)
    assert [row.id for row in store.scans(path)] == list(range(1, 16))
    assert store.load(path, 7) == synthetic_scan(300)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are not killed that way here")
def test_a_killed_scan_leaves_only_whole_scans(tmp_path):
    statements = int(start(KILLED, tmp_path / "whole.db", 10**9).communicate(timeout=600)[0])
    for killed_at in [1, *(statements * part // 6 for part in range(1, 6)), statements]:
        path = tmp_path / f"{killed_at}.db"
        process = start(KILLED, path, killed_at)
        process.communicate(timeout=600)
        assert process.returncode == -signal.SIGKILL
        if not path.exists() or not path.stat().st_size:
            continue
        check(path)
        assert store.scans(path) == []
        store.save(rich_scan(), path)
        assert store.load(path) == rich_scan()


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files here")
def test_a_disk_without_room(tmp_path):
    path = tmp_path / "scans.db"
    store.save(rich_scan(), path)
    said, _ = start(NO_ROOM, path).communicate(timeout=600)
    assert "nothing from this scan was stored" in said
    assert said.count("\n") == 1
    check(path)
    assert [row.project for row in store.scans(path)] == ["chat"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_file(tmp_path):
    path = tmp_path / "scans.db"
    store.save(rich_scan(), path)
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        assert store.load(path) == rich_scan()
        with pytest.raises(StoreError, match="cannot be written"):
            store.save(rich_scan(), path)
    finally:
        tmp_path.chmod(0o700)
