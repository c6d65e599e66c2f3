"""What the tests of detection share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from licscan.detect import open_detector
from licscan.detect.engine import Detector


@pytest.fixture(scope="session")
def detector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Detector]:
    """One detector for all tests: its index is built once, and never in the cache of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("index")))
        yield open_detector()
