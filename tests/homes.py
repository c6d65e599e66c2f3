"""Folders of users who are not the one who runs the tests."""

from __future__ import annotations

from pathlib import Path


def with_index(cache: Path, index: Path) -> Path:
    """A folder for XDG_CACHE_HOME in which the index of license texts, slow to build, is one that is shared."""
    (cache / "licscan").mkdir(parents=True)
    (cache / "licscan" / "index").symlink_to(index)
    return cache
