"""Evidence carried to another machine; hostile files bring nothing. And the commands that do it."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.cli import run
from licscan.evidence.exchange import FORMAT, Taken, export, import_
from licscan.evidence.store import EvidenceStore, hash_key, name_key, user_evidence
from tests.evidence.test_store import HASH, draft

KEY = name_key("https://r.example", "npm", "left", "1.0.0")
Line = list[Any]


@pytest.fixture
def full(tmp_path: Path) -> EvidenceStore:
    store = EvidenceStore(tmp_path / "full.sqlite")
    store.put(draft().told(hashes=[HASH]), [KEY])
    store.put(draft("right"), [name_key("https://r.example", "npm", "right", "1.0.0", "right.tgz")])
    return store


@pytest.fixture
def empty(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "empty.sqlite")


def test_what_is_exported_is_there_after_an_import(full: EvidenceStore, empty: EvidenceStore, tmp_path: Path) -> None:
    assert export(full, tmp_path / "one.gz") == 2
    assert import_(empty, tmp_path / "one.gz") == Taken(2, 0)
    assert empty.get(KEY) is not None
    assert empty.get(KEY) == full.get(KEY)
    assert empty.get(hash_key(HASH) or "") == full.get(KEY)
    assert empty.tree(draft().record).read("LICENSE", 1_000).startswith(b"MIT")
    assert empty.info().imported == 2
    assert import_(empty, tmp_path / "one.gz") == Taken(2, 2)
    # the same contents are the same bytes
    assert export(empty, tmp_path / "two.gz") == 2
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


def test_what_is_there_stays_as_it_is(full: EvidenceStore, empty: EvidenceStore, tmp_path: Path) -> None:
    export(full, tmp_path / "one.gz")
    empty.put(draft(text=b"my own"), [KEY])
    assert import_(empty, tmp_path / "one.gz").packages == 2
    assert empty.tree(draft(text=b"my own").record).read("LICENSE", 1_000) == b"my own"
    assert empty.get(KEY) == draft(text=b"my own").record


def lines_of(store: EvidenceStore, path: Path) -> list[Line]:
    export(store, path)
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def _other_text(lines: list[Line]) -> None:
    blob = next(line for line in lines if line[0] == "blob")
    blob[2] = base64.b64encode(zlib.compress(b"GPL")).decode()


def _bomb(lines: list[Line]) -> None:
    blob = next(line for line in lines if line[0] == "blob")
    blob[2] = base64.b64encode(zlib.compress(bytes(80 << 20), 9)).decode()


def _record(lines: list[Line]) -> Line:
    return next(line for line in lines if line[0] == "record" and line[1]["name"] == "left")


def _changed(**values: Any) -> Callable[[list[Line]], None]:
    return lambda lines: _record(lines)[1].update(values)


def _keys(*keys: Any) -> Callable[[list[Line]], None]:
    def change(lines: list[Line]) -> None:
        _record(lines)[2] = list(keys)

    return change


TAMPERED: dict[str, Callable[[list[Line]], None]] = {
    "another text": _other_text,
    "bomb": _bomb,
    "no base64": lambda lines: lines[1].__setitem__(2, "%%%"),
    "a blob is missing": lambda lines: lines.__delitem__(1),
    "short line": lambda lines: lines.append(["record"]),
    "unknown line": lambda lines: lines.append(["drop table"]),
    "no array": lambda lines: lines.append({"a": 1}),  # type: ignore[arg-type]
    "null": lambda lines: lines.append(None),  # type: ignore[arg-type]
    "other format": lambda lines: lines.__setitem__(0, ["licscan evidence", 2]),
    "no format": lambda lines: lines.__delitem__(0),
    "another package by name": _changed(name="lodash"),
    "escape": _changed(paths=["../a", "b", "c"]),
    "kept is another": _changed(kept={"a.js": "0" * 64}),
    "another hash": _changed(hashes=["sha512:" + "cd" * 64]),
    "no keys": _keys(),
    "key of another": _keys(name_key("https://r.example", "npm", "lodash", "1.0.0")),
    "key of another version": _keys(name_key("https://r.example", "npm", "left", "2.0.0")),
    "key of another ecosystem": _keys(name_key("https://r.example", "pypi", "left", "1.0.0")),
    "key of another file": _keys(KEY + "x"),
    "key with a password": _keys(KEY.replace("//", "//me:secret@")),
    "key is no text": _keys(1),
    "key is junk": _keys("'; drop table keys_1"),
    "keys are a number": lambda lines: _record(lines).__setitem__(2, 5),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_of_a_tampered_file_nothing_is_taken(
    name: str, full: EvidenceStore, empty: EvidenceStore, tmp_path: Path
) -> None:
    lines = lines_of(full, tmp_path / "one.gz")
    TAMPERED[name](lines)
    (tmp_path / "bad.gz").write_bytes(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
    with pytest.raises(InputError, match="nothing was imported"):
        import_(empty, tmp_path / "bad.gz")
    assert empty.info().packages == {}
    assert empty.info().blobs == 0


NO_EXPORTS = {
    "empty": b"",
    "text": b"no export",
    "packed nothing": gzip.compress(b""),
    "deep": gzip.compress(b"[" * 100_000 + b"\n"),
    "bomb": gzip.compress(bytes(64 << 20)),
    "last line cut off": gzip.compress(b'["licscan evidence",1]\n["blob"'),
    "no gzip": b"\x1f\x8b" + bytes(50),
    "no text": gzip.compress(b"\xff\xfe\n"),
}


@pytest.mark.parametrize("name", NO_EXPORTS)
def test_of_what_is_no_export_nothing_is_taken(name: str, empty: EvidenceStore, tmp_path: Path) -> None:
    (tmp_path / "bad.gz").write_bytes(NO_EXPORTS[name])
    with pytest.raises(InputError, match="nothing was imported"):
        import_(empty, tmp_path / "bad.gz")


def test_a_file_that_was_cut_off_brings_nothing(full: EvidenceStore, empty: EvidenceStore, tmp_path: Path) -> None:
    export(full, tmp_path / "one.gz")
    data = (tmp_path / "one.gz").read_bytes()
    (tmp_path / "cut.gz").write_bytes(data[:-50])
    with pytest.raises(InputError, match="nothing was imported"):
        import_(empty, tmp_path / "cut.gz")
    assert empty.info().packages == {}


@given(st.lists(st.recursive(st.none() | st.integers() | st.text(max_size=4), st.lists, max_leaves=6), max_size=4))
def test_no_lines_end_otherwise(lines: list[Any]) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in [FORMAT, *lines])))
        file.flush()
        if lines:
            with pytest.raises(InputError):
                import_(EvidenceStore(None), Path(file.name))
        else:
            assert import_(EvidenceStore(None), Path(file.name)) == Taken(0, 0)


def test_files_that_cannot_be_written_or_read(full: EvidenceStore, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        export(full, tmp_path / "none" / "one.gz")
    with pytest.raises(InputError, match="cannot be read"):
        import_(full, tmp_path / "none.gz")


def test_blobs_that_are_damaged_are_not_carried_on(full: EvidenceStore, tmp_path: Path) -> None:
    with full.connected() as db, db:
        db.execute("update blobs_1 set data = x'00' where digest = ?", (draft().record.kept["package.json"],))
    assert export(full, tmp_path / "one.gz") == 1


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(tmp_path / "evidence.gz")
    user_evidence().put(draft(), [KEY])
    assert run(["cache", "export", file]) == 0
    assert capsys.readouterr().out == f"Wrote 1 package to {file}.\n"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert run(["cache", "info"]) == 0
    assert "npm packages:     0\n" in capsys.readouterr().out
    assert run(["cache", "import", file]) == 0
    assert capsys.readouterr().out == "Imported 1 package; 0 were already there.\n"
    assert run(["cache", "info"]) == 0
    told = capsys.readouterr().out
    assert "npm packages:     1\n" in told
    assert "imported:         1\n" in told
    assert run(["cache", "prune"]) == 0
    assert capsys.readouterr().out == "Deleted 0 packages.\n"
    assert run(["cache", "prune", "--max-size", "0"]) == 0
    assert capsys.readouterr().out == "Deleted 1 package.\n"
    assert run(["cache", "import", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
