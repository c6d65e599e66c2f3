"""What is kept between scans: whole, private, for one version of detection, and no harm when it is damaged."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.detect import types as t
from licscan.read.cache import MAX_TEXT, DetectionCache, Found, detection_version, dump, load, user_cache
from tests.fakes import FakeDetector

text = st.text(max_size=20)
line = st.integers(1, 10**6)
match = st.builds(
    t.LicenseMatch, text, st.floats(0, 100), line, line, text, st.sampled_from(t.MatchKind), st.sampled_from(t.Matcher),
    st.floats(0, 100), line, line, line, text, st.lists(text, max_size=2).map(tuple),
)  # fmt: skip
copyrights = st.builds(t.CopyrightStatement, text, text, text, line, line, st.booleans())
detected = st.builds(
    t.Detected, st.just("ab" * 32), st.none() | text, st.lists(match, max_size=3).map(tuple),
    st.lists(copyrights, max_size=3).map(tuple), st.lists(text, max_size=3).map(tuple),
)  # fmt: skip
FOUND = Found(FakeDetector().detect(b"license mit\ncopyright 2020 Acme"), 7)
DIGEST = FOUND.detected.sha256


@given(st.builds(Found, detected, st.none() | line, st.lists(line, max_size=3).map(tuple)))
def test_what_is_kept_comes_back(found: Found) -> None:
    assert load("ab" * 32, dump(found)) == found


@pytest.mark.parametrize("said", [b"", b"x", "text", None, 5, dump(FOUND)[:-3]])
def test_what_is_damaged_is_none(said: object) -> None:
    assert load(DIGEST, said) is None


def test_long_texts_are_cut() -> None:
    found = Found(FakeDetector().detect(f"license mit{'x' * 1000}".encode()))
    kept = load("", dump(found))
    assert kept is not None
    assert len(kept.detected.matches[0].text) == MAX_TEXT


def test_a_second_run_finds_it_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "texts.sqlite"
    DetectionCache(path, "1").put_many({DIGEST: FOUND})
    assert DetectionCache(path, "1").get_many([DIGEST, "00"]) == {DIGEST: FOUND}
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_another_version_finds_nothing_and_leaves_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "texts.sqlite"
    DetectionCache(path, "1").put_many({DIGEST: FOUND})
    assert DetectionCache(path, "2").get_many([DIGEST]) == {}
    DetectionCache(path, "2").put_many({"00": FOUND})
    assert DetectionCache(path, "1").get_many([DIGEST]) == {DIGEST: FOUND}


def test_archives_are_remembered_with_their_version(tmp_path: Path) -> None:
    path = tmp_path / "texts.sqlite"
    first = DetectionCache(path, "1")
    first.put_listed("a.tgz", [(0, "LICENSE", DIGEST, 1)])
    first.put_many({DIGEST: FOUND})
    assert DetectionCache(path, "1").listed(["a.tgz", "b.tgz"]) == {"a.tgz": [(0, "LICENSE", DIGEST, 1)]}
    assert DetectionCache(path, "2").listed(["a.tgz"]) == {}


@pytest.mark.parametrize("damage", [b"no database at all, but long enough to be taken for one" * 30, b""])
def test_a_damaged_file_is_an_empty_one(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "texts.sqlite"
    path.write_bytes(damage)
    kept = DetectionCache(path, "1")
    kept.put_many({DIGEST: FOUND})
    assert kept.get_many([DIGEST]) in ({}, {DIGEST: FOUND})
    assert kept.listed(["x"]) == {}


def test_without_a_place_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (None, tmp_path / "file" / "texts.sqlite"):
        kept = DetectionCache(path, "1")
        kept.put_many({DIGEST: FOUND})
        assert kept.get_many([DIGEST]) == {}


def test_the_users_place_and_version(own_cache: Path) -> None:
    user_cache().put_many({DIGEST: FOUND})
    assert (own_cache / "licscan" / "texts.sqlite").is_file()
    assert user_cache().get_many([DIGEST]) == {DIGEST: FOUND}
    assert detection_version() == detection_version()
