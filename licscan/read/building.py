"""The index of license texts, built where it is missing by a process of its own: beside fetching, and once for all."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from licscan.base.errors import LicscanError
from licscan.base.interrupts import interrupts_held

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


class IndexBuild:
    """One scan's building of the index; where the process fails, whoever opens the detector builds it as ever."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._done = False

    def start(self) -> None:
        """Begin, unless the index is there or this was called before."""
        if self._done or self._process is not None:
            return
        if _is_kept():
            self._done = True
            return
        from multiprocessing import get_context

        process = get_context("spawn").Process(target=_build, daemon=True)
        try:
            with interrupts_held():
                process.start()
        except OSError:  # no process to be had
            self._done = True
            return
        self._process = process

    def wait(self) -> None:
        """Come back when what was started has ended, well or not."""
        if self._process is not None:
            self._process.join()
            self._process = None
            self._done = True


def _is_kept() -> bool:
    from licscan.detect.opening import is_kept

    try:
        return is_kept()
    except LicscanError:
        return True  # no LicenseDB: that is for who opens the detector to say


def _build() -> None:
    """In a new process: an interrupt is the first process's to handle, which ends this one, or leaves it to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # half an index is cleared away
    from licscan.detect.opening import open_library

    try:
        open_library(None, None, None)
    except Exception:  # said by who opens the detector, for whom it fails again
        sys.exit(1)
