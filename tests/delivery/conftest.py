"""One delivery for all tests of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.delivery.making import Case, made
from tests.homes import with_index


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory, shared_index: Path) -> Case:
    """The delivery that all copies are of; nobody changes it."""
    place = tmp_path_factory.mktemp("delivery")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(with_index(place / "cache", shared_index)))
        patch.setenv("LICSCAN_LANG", "en")
        return made(place)
