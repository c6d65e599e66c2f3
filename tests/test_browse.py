"""`licscan browse`: descriptions and prepared queries fit the database; the server answers to its machine only."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from licscan.base.errors import InputError, StoreError
from licscan.base.tables import load_toml
from licscan.store.connection import reading
from licscan.store.datasette import datasette_of, listening, metadata

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "tests" / "cases" / "projects" / "messenger"
WAIVER = """
[[waiver]]
finding = "license-conflict"
packages = "pkg:npm/@signalapp/libsignal-client"
reason = "legal-opinion"
owner = "counsel"
expires = 2099-12-31
"""


def in_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine, from a thread of its own: a browser test may have left a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scans of the sample: in the second a waiver, and one package less."""
    project = shutil.copytree(SAMPLE, tmp_path_factory.mktemp("browse") / "messenger")
    scan(project)
    (project / "licscan.toml").write_text(WAIVER)
    requirements = project / "server" / "requirements.txt"
    requirements.write_text(requirements.read_text().replace("slixmpp==1.8.5\n", "").replace("2.8.2", "2.9.0"))
    scan(project)
    return project / ".licscan" / "licscan.db"


def scan(project: Path) -> None:
    """Scan without the network and without a word."""
    command = [sys.executable, "-m", "licscan", "scan", "--offline", "--quiet", str(project)]
    assert subprocess.run(command, check=False).returncode in (0, 1, 2)


def test_all_tables_and_views_are_described(database: Path) -> None:
    with reading(database) as db:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        said = metadata(db, "licscan")["databases"]["licscan"]["tables"]
        for table, columns in load_toml("browse.toml")["columns"].items():
            assert set(columns) <= {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))}
    assert set(said) == {name for name in names if not name.startswith("sqlite_")}
    assert said["components"]["columns"]["resolved"] == "0: only a requirement is known, no version"


def test_the_descriptions_are_those_of_the_docs() -> None:
    docs = (ROOT / "docs" / "store.md").read_text()
    rows = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", docs.replace("[review.md](review.md)", "docs/review.md"), re.MULTILINE
    )
    told = load_toml("browse.toml")
    assert len(rows) == len(dict(rows))
    assert dict(rows) == {**told["tables"], **told["views"]}


def get(database: Path, path: str) -> Any:
    """One answer of Datasette's own client."""
    pytest.importorskip("datasette", reason="the extra browse is not installed")

    async def ask() -> Any:
        datasette = datasette_of(database)
        await datasette.invoke_startup()
        return await datasette.client.get(path)

    return in_own_loop(ask())


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """The rows of a prepared query."""
    answer = get(database, f"/licscan/{query}{'&' if '?' in query else '?'}_shape=array".replace("?", ".json?", 1))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_what_blocks_leaves_out_what_is_waived(database: Path) -> None:
    found = {(row["code"], row["purl"]) for row in rows(database, "what-blocks")}
    assert ("dependency-unresolved", "pkg:pypi/redis") in found
    assert "license-conflict" not in {code for code, _purl in found}


def test_what_we_owe_is_told_for_each_surface(database: Path) -> None:
    found = rows(database, "what-we-owe")
    assert {row["surface"] for row in found} == {"server"}
    assert any(row["license"] == "MIT" and row["components"] > 5 for row in found)


def test_components_are_found_by_letters_of_their_license(database: Path) -> None:
    found = {row["name"] for row in rows(database, "components-by-license?license=agpl")}
    assert found == {"@signalapp/libsignal-client"}


def test_who_decided_what_names_owner_and_day(database: Path) -> None:
    (waived,) = rows(database, "who-decided-what")
    assert waived["about"] == "license-conflict"
    assert "counsel" in waived["who_and_why"]
    assert "2099-12-31" in waived["who_and_why"]


def test_changes_since_the_scan_before(database: Path) -> None:
    found = {(row["change"], row["name"], row["old_version"], row["new_version"]) for row in
             rows(database, "changed-since-the-last-scan")}  # fmt: skip
    assert ("removed", "slixmpp", "1.8.5", None) in found
    assert any(name == "python-dateutil" and (old, new) == ("2.8.2", "2.9.0") for _change, name, old, new in found)


@pytest.mark.parametrize(
    "path", ["/licscan", "/licscan/current_findings", "/licscan/components", "/licscan/what-blocks"]
)
def test_pages_are_shown(database: Path, path: str) -> None:
    answer = get(database, path)
    assert answer.status_code == 200
    assert "licscan" in answer.text


def test_nothing_can_be_written(database: Path) -> None:
    before = database.read_bytes()
    answer = get(database, "/licscan.json?sql=delete+from+scans")
    assert answer.status_code == 400
    assert database.read_bytes() == before


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The address of a running `licscan browse`."""
    pytest.importorskip("datasette", reason="the extra browse is not installed")
    command = [sys.executable, "-m", "licscan", "browse", "--db", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)
            _out, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors
    assert process.returncode in (0, 130)


def test_the_command_serves_this_machine_until_interrupted(database: Path) -> None:
    with served(database) as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/licscan", address)
        with urllib.request.urlopen(address, timeout=120) as answer:
            assert b"What blocks" in answer.read()
        rebound = urllib.request.Request(address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(rebound, timeout=120)
        refused.value.close()
        assert refused.value.code == 421


def test_without_datasette_one_line_names_the_extra(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    with pytest.raises(InputError, match=r"licscan\[browse\]"):
        datasette_of(database)


def test_another_database_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("datasette", reason="the extra browse is not installed")
    (tmp_path / "notes.db").write_text("not a database, not at all, but long enough to be read as the head of one " * 4)
    with pytest.raises(StoreError):
        datasette_of(tmp_path / "notes.db")


def test_a_port_that_is_taken_is_one_line() -> None:
    with listening(0) as first, pytest.raises(InputError, match=str(first.getsockname()[1])):
        listening(first.getsockname()[1])
