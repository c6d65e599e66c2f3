"""The store: what is put comes back, in other threads and processes too, and nothing that is wrong with it matters."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

from licscan.base.errors import InputError
from licscan.evidence import store
from licscan.evidence.build import record_npm
from licscan.evidence.record import Draft
from licscan.evidence.store import EvidenceStore, hash_key, name_key, user_evidence
from licscan.model import Origin
from tests.evidence.made import LICENSE, npm

HASH = "sha512:" + "ab" * 64


def draft(name: str = "left", text: bytes = LICENSE) -> Draft:
    manifest = f'{{"name": "{name}", "version": "1.0.0"}}'.encode()
    data = npm({"package.json": manifest, "LICENSE": text, "a.js": b"// Copyright 2001 A\n"})
    return record_npm(io.BytesIO(data), url=f"https://r.example/{name}.tgz", filename=f"{name}.tgz")


def test_what_was_put_comes_back_by_hash_and_by_name(tmp_path: Path) -> None:
    first = EvidenceStore(tmp_path / "deep" / "evidence.sqlite")
    made = draft().told(hashes=[HASH], registry={"maintainers": ["Ada"]})
    key = name_key("https://me:x@r.example/", "npm", "left", "1.0.0")
    assert "me:x" not in key
    first.put(made, [key])
    later = EvidenceStore(tmp_path / "deep" / "evidence.sqlite")
    assert later.get(key) == made.record
    assert later.get_many([key, hash_key(HASH) or "", "other"]) == {key: made.record, hash_key(HASH): made.record}
    tree = later.tree(made.record)
    assert (tree.origin, tree.place) == (Origin.REGISTRY, "https://r.example/left.tgz")
    assert tree.read("LICENSE", 1_000) == LICENSE
    assert tree.head("LICENSE", 3) == b"MIT"
    assert tree.head("a.js", 12) == b"// Copyright"
    assert tree.head("none", 12) == b""
    with pytest.raises(InputError, match="does not exist"):
        tree.read("none", 10)
    with pytest.raises(InputError, match="larger than 3 B"):
        tree.read("LICENSE", 3)
    assert (tmp_path / "deep" / "evidence.sqlite").stat().st_mode & 0o777 == 0o600


def test_weak_hashes_are_no_keys() -> None:
    assert hash_key("md5:" + "0" * 32) is None
    assert hash_key("sha1:" + "A" * 40) == "hash sha1:" + "a" * 40


def test_names_with_blanks_are_not_mixed_up() -> None:
    assert name_key("r", "npm", "a b", "c") != name_key("r", "npm", "a", "b c")
    assert name_key("r", "npm", "a%20b", "c") != name_key("r", "npm", "a b", "c")


def test_the_same_text_is_stored_once(tmp_path: Path) -> None:
    kept = EvidenceStore(tmp_path / "e.sqlite")
    for number in range(10):
        kept.put(draft(f"p{number}"), [f"k{number}"])
    assert kept.info().packages == {"npm": 10}
    assert kept.info().blobs == 12  # ten manifests, one license, one head


def test_a_later_record_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    kept = EvidenceStore(tmp_path / "e.sqlite")
    kept.put(draft(text=b"old"), ["k"])
    kept.put(draft(), ["k"])
    assert kept.get("k") == draft().record
    kept.prune(max_age=10)
    assert kept.info().packages == {"npm": 1}


@pytest.mark.parametrize("junk", [b"", b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_file_is_an_empty_store(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "e.sqlite"
    path.write_bytes(junk)
    kept = EvidenceStore(path)
    assert kept.get_many(["k"]) == {}
    kept.put(draft(), ["k"])
    assert EvidenceStore(path).get("k") == draft().record


def test_a_file_that_is_damaged_inside_gives_what_it_can(tmp_path: Path) -> None:
    path = tmp_path / "e.sqlite"
    kept = EvidenceStore(path)
    kept.put(draft(), ["k"])
    digest = draft().record.kept["LICENSE"]
    with sqlite3.connect(path) as db:
        db.execute("update blobs_1 set data = ? where digest = ?", (zlib.compress(b"other"), digest))
    assert kept.blob(digest) is None
    with pytest.raises(InputError, match="was not stored"):
        kept.tree(draft().record).read("LICENSE", 1_000)
    with sqlite3.connect(path) as db:
        db.execute("update records_1 set said = x'00'")
    assert kept.get("k") is None
    assert kept.info().packages == {}


def test_a_file_that_goes_bad_while_it_is_used_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "e.sqlite"
    kept = EvidenceStore(path)
    for number in range(50):
        kept.put(draft(f"p{number}"), [f"k{number}"])
    kept.prune()
    kept.close()
    data = bytearray(path.read_bytes())
    data[4_096:] = b"\xff" * (len(data) - 4_096)
    path.write_bytes(data)
    kept.get_many([f"k{number}" for number in range(50)])
    kept.put(draft(), ["k"])
    kept.put(draft(), ["k"])
    assert kept.get("k") == draft().record


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    kept = EvidenceStore(tmp_path / "e.sqlite")
    kept.put(draft(), ["k"])
    assert kept.get("k") == draft().record


def test_without_a_file_it_lasts_for_one_run(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    for path in (None, blocked / "e.sqlite"):
        kept = EvidenceStore(path)
        kept.put(draft(), ["k"])
        assert kept.get("k") == draft().record
        assert kept.tree(draft().record).read("LICENSE", 1_000) == LICENSE


def test_threads_share_one_store(tmp_path: Path) -> None:
    kept = EvidenceStore(tmp_path / "e.sqlite")
    drafts = [draft(f"p{number}") for number in range(40)]

    def put(start: int) -> None:
        for number in range(start, 40, 4):
            kept.put(drafts[number], [f"k{number}"])

    threads = [threading.Thread(target=put, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.get_many([f"k{number}" for number in range(40)]) == {f"k{n}": drafts[n].record for n in range(40)}


WRITER = """
import sys
from pathlib import Path
from licscan.evidence.store import EvidenceStore
from tests.evidence.test_store import draft
kept = EvidenceStore(Path(sys.argv[1]))
for number in range(60):
    kept.put(draft(f"p{number}"), [f"k{number} {sys.argv[2]}"])
"""


def test_processes_share_one_store(tmp_path: Path) -> None:
    path = tmp_path / "e.sqlite"
    made = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("one", "two")]
    assert [process.wait(120) for process in made] == [0, 0]
    found = EvidenceStore(path).get_many([f"k{number} {name}" for number in range(60) for name in ("one", "two")])
    assert len(found) == 120
    assert EvidenceStore(path).info().packages == {"npm": 60}


def test_a_store_is_used_on_both_sides_of_a_fork(tmp_path: Path) -> None:
    kept = EvidenceStore(tmp_path / "e.sqlite")
    kept.put(draft(), ["k"])
    child = os.fork()
    if child == 0:
        os._exit(0 if kept.get("k") == draft().record else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert kept.get("k") == draft().record


def test_what_was_not_used_for_long_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = EvidenceStore(tmp_path / "e.sqlite")
    now = time.time()
    monkeypatch.setattr(store.time, "time", lambda: now - 100 * store.DAY)
    kept.put(draft("old", b"old license"), ["old"])
    kept.put(draft("used"), ["used"])
    monkeypatch.setattr(store.time, "time", lambda: now)
    assert kept.info().oldest == 100
    assert kept.get("used") is not None
    kept.put(draft("new"), ["new"])
    assert kept.prune(max_age=50) == 1
    assert set(kept.get_many(["old", "used", "new"])) == {"used", "new"}
    assert kept.blob(draft("old", b"old license").record.kept["LICENSE"]) is None
    assert kept.tree(draft("new").record).read("LICENSE", 1_000) == LICENSE


def test_the_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = EvidenceStore(tmp_path / "e.sqlite")
    for number in range(30):
        kept.put(draft(f"p{number}", os.urandom(20_000)), [f"k{number}"])
    before = kept.info().size
    assert before > 500_000
    gone = kept.prune(max_size=300_000)
    assert 0 < gone < 30
    assert kept.info().size <= 300_000
    assert (tmp_path / "e.sqlite").stat().st_size <= 300_000
    assert kept.get("k29") is not None
    monkeypatch.setattr(store, "MAX_SIZE", 200_000)
    fresh = EvidenceStore(tmp_path / "e.sqlite")
    for number in range(30):
        fresh.put(draft(f"q{number}", os.urandom(20_000)), [f"q{number}"])
    assert fresh.info().size <= 250_000
    assert fresh.get("q29") is not None
    assert fresh.prune(max_size=0) > 0
    assert fresh.info().packages == {}


def test_the_users_store_is_in_their_cache(own_cache: Path) -> None:
    assert user_evidence().path == own_cache / "licscan" / "evidence.sqlite"
