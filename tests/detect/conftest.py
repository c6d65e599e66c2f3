"""What the tests of detection share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from licscan.detect import open_detector
from licscan.detect.engine import Detector
from tests.homes import with_index


@pytest.fixture(scope="session")
def detector(tmp_path_factory: pytest.TempPathFactory, shared_index: Path) -> Iterator[Detector]:
    """One detector for all tests, with the index that all share, never that of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(with_index(tmp_path_factory.mktemp("cache"), shared_index)))
        yield open_detector()
