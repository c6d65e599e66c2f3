"""Headers are kept between scans, and no file of the project makes a scan fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.cli import run
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import Problem
from licscan.read import workers
from licscan.source import reading
from licscan.source.cache import HeaderCache
from licscan.source.header import NOTHING, Header, HeaderLicense, dump, load

text = st.text(max_size=20)
line = st.integers(1, 10**6)
said = st.builds(HeaderLicense, text, line, line, text, text, st.floats(0, 100))
headers = st.builds(
    Header, st.lists(said, max_size=3).map(tuple), st.lists(st.tuples(text, line), max_size=3).map(tuple),
    st.none() | text, st.none() | text, st.booleans(), st.none() | line,
)  # fmt: skip


@given(headers)
def test_what_is_kept_comes_back(header: Header) -> None:
    assert load(dump(header)) == header


@pytest.mark.parametrize("kept", [b"x", "text", None, 5, dump(Header(name="a"))[:-2]])
def test_what_is_damaged_is_none(kept: object) -> None:
    assert load(kept) is None


def test_another_version_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.sqlite"
    HeaderCache(path, "1").put_many({b"d": Header(name="a"), b"e": NOTHING})
    assert HeaderCache(path, "1").get_many([b"d", b"e", b"f"]) == {b"d": Header(name="a"), b"e": NOTHING}
    assert HeaderCache(path, "2").get_many([b"d"]) == {}
    assert HeaderCache(None, "1").get_many([b"d"]) == {}


def test_a_second_scan_detects_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "a.py").write_text("# SPDX-License-Identifier: MIT\n")
    first = scan(Options((tmp_path,), offline=True, source=True))

    def never() -> workers.Detector:
        raise AssertionError

    monkeypatch.setattr(workers, "OpenDetector", lambda licenses: never)
    assert scan(Options((tmp_path,), offline=True, source=True)) == first


def test_files_that_cannot_be_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_SOURCE", 100)
    outside = tmp_path / "outside.py"
    outside.write_text("# SPDX-License-Identifier: MIT\n")
    root = tmp_path / "project"
    root.mkdir()
    (root / "large.py").write_text("x" * 101)
    (root / "bytes.py").write_bytes(bytes(range(256))[:90])
    (root / "link.py").symlink_to(outside)
    (root / "requirements.txt").write_text("")
    found = scan(Options((root,), offline=True, source=True))
    assert found.sources is not None
    assert (found.sources.read, found.sources.own, found.sources.unread) == (2, 2, 1)
    assert Problem("source", "large.py", "is larger than 100 B and was not read") in found.problems


def test_what_was_known_is_said_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "a.py").write_text("# SPDX-License-Identifier: MIT\n")
    told = []
    for options in (["-v"], ["--verbose"], [], ["-v", "-q"]):
        run(["scan", str(tmp_path), "--offline", "--source", *options])
        told.append(capsys.readouterr().err.strip())
    assert told == ["Cache: 0 texts known, 1 read again", "Cache: 1 texts known, 0 read again", "", ""]
