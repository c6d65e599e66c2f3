"""An interrupt ends licscan in one line and status 130, whenever it comes: while it starts, works or ends.

No test waits for a moment: the process sends the signal to itself where the test wants it.
"""

from __future__ import annotations

import configparser
import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAID = b"licscan: interrupted\n"
HEAD = """
import atexit, importlib.abc, os, runpy, signal, sys

def strike(*_arguments, **_named):
    os.kill(os.getpid(), signal.SIGINT)
"""
AT_IMPORT = """
class Striking(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            strike()
sys.meta_path.insert(0, Striking())
"""
AT_THE_END = "atexit.register(strike)\n"
IN_A_STAGE = """
from licscan.compose import scan as place
real = place.{name}
def struck(*arguments, **named):
    strike()
    return real(*arguments, **named)
place.{name} = struck
"""
IN_A_TRANSACTION = """
from contextlib import contextmanager
from licscan.store import connection
real = connection.writing
@contextmanager
def writing(*arguments, **named):
    with real(*arguments, **named) as database:
        yield database
        strike()
connection.writing = writing
"""
WAYS = {
    "module": "runpy.run_module('licscan', run_name='__main__', alter_sys=True)\n",
    "console script": "from importlib import import_module\ngetattr(import_module({module!r}), {name!r})()\n",
}


def entry() -> tuple[str, str]:
    """Module and function of the console script."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    module, _colon, name = parser["options.entry_points"]["console_scripts"].partition("=")[2].strip().partition(":")
    return module, name


def started(way: str, code: str, *arguments: str, ignoring: bool = False) -> subprocess.CompletedProcess[bytes]:
    """One command line in a separate process, after some code."""
    module, name = entry()
    whole = HEAD + code + WAYS[way].format(module=module, name=name)
    mind = signal.SIG_IGN if ignoring else signal.SIG_DFL
    return subprocess.run(
        [sys.executable, "-c", whole, *arguments],
        capture_output=True, cwd=ROOT, check=False, timeout=300,
        preexec_fn=lambda: signal.signal(signal.SIGINT, mind),
    )  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("module", ["licscan.cli", "click", "licscan.base.messages", "gettext", "licscan.cli.init"])
def test_an_interrupt_while_licscan_is_imported(way: str, module: str) -> None:
    done = started(way, AT_IMPORT.format(module=module), "init", "--help")
    assert (done.returncode, done.stdout, done.stderr.lstrip()) == (130, b"", SAID)  # click ends the line of ^C


@pytest.mark.parametrize("way", WAYS)
def test_an_interrupt_after_the_work(way: str) -> None:
    done = started(way, AT_THE_END, "--version")
    assert (done.returncode, done.stderr) == (130, SAID)
    assert done.stdout.startswith(b"licscan")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", [AT_IMPORT.format(module="licscan.cli"), AT_THE_END])
def test_who_has_interrupts_ignored_is_not_interrupted(way: str, code: str) -> None:
    done = started(way, code, "--version", ignoring=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_second_interrupt_while_the_first_is_told() -> None:
    code = "import licscan.cli as place\nplace.cli.main = strike\nplace.click.echo = strike\n"
    done = started("module", code, "--version")
    assert (done.returncode, done.stderr) == (130, b"")


STAGES = ("resolve_project", "locate", "read_texts", "inspect_packages", "conclude", "judge_scan")


@pytest.mark.parametrize(
    "code", [*(IN_A_STAGE.format(name=name) for name in STAGES), IN_A_TRANSACTION], ids=[*STAGES, "transaction"]
)
def test_an_interrupted_scan_leaves_the_database_sound(code: str, tmp_path: Path) -> None:
    project, database = tmp_path / "project", tmp_path / "scans.db"
    project.mkdir()
    packages = {"node_modules/p": {"version": "1.0.0", "license": "MIT"}}
    (project / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    scan = ("scan", str(project), "--offline", "--quiet", "--db", str(database))
    assert started("module", "", *scan).returncode in (0, 1, 2)
    done = started("module", code, *scan)
    assert (done.returncode, done.stdout, done.stderr.lstrip()) == (130, b"", SAID)  # click ends the line of ^C
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM scans").fetchone() == (1,)


class Opened:
    """A detector of whose process it is known whether an interrupt could reach it before it was made."""

    held = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()) if hasattr(signal, "pthread_sigmask") else True


def held(detector: Opened, _item: int) -> bool:
    """Whether the process of a detector got no interrupt from its first moment on."""
    return detector.held


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held here")
def test_no_interrupt_reaches_the_processes_that_read_texts() -> None:
    from licscan.read.workers import Workers

    with Workers(Opened, 2) as workers:  # type: ignore[arg-type]
        assert all(workers.map(held, range(200)))  # type: ignore[arg-type]
    assert not Opened.held
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
