"""Looks are kept in one file, for the version of the code that looks."""

from __future__ import annotations

from pathlib import Path

from licscan.artsets.cache import ArtCache


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "art.sqlite"
    ArtCache(path, "a").put_many({b"1" * 32: b"one", b"2" * 32: b"two"})
    assert ArtCache(path, "a").get_many([b"2" * 32, b"3" * 32]) == {b"2" * 32: b"two"}
    assert ArtCache(path, "b").get_many([b"2" * 32]) == {}


def test_without_a_file_nothing_is_kept() -> None:
    cache = ArtCache(None, "a")
    cache.put_many({b"1" * 32: b"one"})
    assert cache.get_many([b"1" * 32]) == {}
