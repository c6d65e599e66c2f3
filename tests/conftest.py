"""What the tests share."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import settings

from licscan.base.messages import VARIABLE, use_language
from tests.homes import with_index

# in CI the same examples every time: a new one that fails is found at a developer's desk
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# processes that the tests start read licscan's compiled code, as on a user's machine, whatever this one does
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that at the end no process works alone at a long one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def shared() -> Path:
    """The folder of real inputs beside the project; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the companion folder ../shared is not here: real inputs are not tested")
    return SHARED


@pytest.fixture(scope="session")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the index of license texts: whichever test needs it first builds it, for all processes of a run.

    licscan writes an index beside its place and renames it, so processes that build at once do not disturb each other.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = tmp_path_factory.getbasetemp().parent / "index"
        folder.mkdir(exist_ok=True)
        return folder
    return tmp_path_factory.mktemp("index")


_numbers = itertools.count()


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all caches; for every folder of its own making pytest would list all that it made before."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True)
def own_cache(caches: Path, monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> Path:
    """No test reads or writes the cache of the user who runs it; only the index, slow to build, is shared."""
    cache = with_index(caches / str(next(_numbers)), shared_index)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    return cache


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests read English sentences, whatever language their user reads."""
    monkeypatch.setenv(VARIABLE, "en")
    use_language()
