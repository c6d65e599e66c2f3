"""The index of license texts, built where it is missing by a process of its own: beside fetching, and once for all."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from licscan.base.errors import LicscanError
from licscan.base.interrupts import interrupts_held
from licscan.base.messages import _

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


def _is_kept() -> bool:
    from licscan.detect.opening import is_kept

    try:
        return is_kept()
    except LicscanError:
        return True  # no LicenseDB: that is for who opens the detector to say


def preparing(progress: Callable[[str, int, int], None]) -> None:
    """Say that the index of license texts is prepared, where it has to be: that takes seconds, once."""
    if not _is_kept():
        progress(_("Preparing the license text index (once)"), 0, 0)


def _make() -> None:
    from licscan.detect.opening import open_library

    open_library(None, None, None)


def is_daemon() -> bool:
    """Whether this process may start no other one, as the worker of a fleet; asked without an import where none was."""
    process = sys.modules.get("multiprocessing.process")
    return process is not None and bool(process.current_process().daemon)


class IndexBuild:
    """One scan's building of the index; where the process fails, whoever opens the detector builds it as ever.

    `make` builds it and is a function of a module; `is_kept` tells whether it is there. The process ends with this one.
    """

    def __init__(self, make: Callable[[], None] = _make, is_kept: Callable[[], bool] = _is_kept) -> None:
        self._make = make
        self._is_kept = is_kept
        self._process: BaseProcess | None = None
        self._asked = False

    def start(self) -> None:
        """Begin, unless the index is there or this was called before."""
        if self._asked:
            return
        self._asked = True
        if self._is_kept() or is_daemon():
            return
        from multiprocessing import get_context

        process = get_context("spawn").Process(target=_work, args=(self._make,), daemon=True)
        try:
            with interrupts_held():
                process.start()
        except OSError:  # no process to be had
            return
        self._process = process

    def wait(self) -> None:
        """Come back when what was started has ended, well or not."""
        if self._process is not None:
            self._process.join()
            self._process = None


def _work(make: Callable[[], None]) -> None:
    """In a new process: an interrupt is the first process's to handle, which then ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # half an index is cleared away
    try:
        make()
    except Exception:  # said by who opens the detector, for whom it fails again
        sys.exit(1)
