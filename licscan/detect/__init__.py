"""Detection of licenses and copyright statements in texts: `open_detector(...)`, then `detect(data, name)`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from licscan.detect.cache import IndexInfo
    from licscan.detect.engine import Detector

# numpy's linear algebra is not used here, and its threads cost as much processor time as all else that opening takes
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = ["build_index", "index_info", "open_detector"]


def open_detector(
    progress: Callable[[float], None] | None = None, data: Path | None = None, licenses: Path | None = None
) -> Detector:
    """The detector of the shipped LicenseDB, or of the LicenseDB folder `data`; its index is put in place where it is
    missing.

    `licenses` is a folder of the user's own licenses, which join. `progress` is told the share that is built (0 to 1).
    Raises InputError where there is no LicenseDB, FormatError for a user's license that cannot be read.
    """
    from licscan.detect.engine import Detector
    from licscan.detect.opening import open_library

    return Detector(open_library(progress, data, licenses))


def build_index(
    source: Path | None = None, progress: Callable[[float], None] | None = None, anew: bool = True
) -> IndexInfo:
    """Build the index (unless `anew` is false, the shipped one will do) and say what it is.

    Raises InputError where there is no LicenseDB.
    """
    from licscan.detect.opening import build

    return build(source, progress, anew)


def index_info(source: Path | None = None) -> IndexInfo | None:
    """What the index is; None where it is not built."""
    from licscan.detect.opening import info

    return info(source)
