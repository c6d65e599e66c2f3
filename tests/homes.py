"""Folders of users who are not the one who runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

HOME = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


def with_index(cache: Path, index: Path) -> Path:
    """A folder for XDG_CACHE_HOME in which the index of license texts, slow to build, is one that is shared."""
    (cache / "licscan").mkdir(parents=True)
    (cache / "licscan" / "index").symlink_to(index)
    return cache


def move_in(patch: pytest.MonkeyPatch, home: Path, index: Path) -> None:
    """From now on the user is one without settings and caches, who lives in `home`; only the index is there."""
    with_index(home, index)
    for name in HOME:
        patch.setenv(name, str(home))
