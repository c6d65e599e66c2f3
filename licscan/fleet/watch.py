"""Bounds one target's time and memory in the process that scans it; a target that breaks them ends its process.

What a scan does cannot be stopped from outside of it, and may hold the interpreter: so a thread ends the process with
the reason told, and a timer of C code ends it a little later where no thread gets its turn.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from licscan.base.messages import _
from licscan.fleet.model import Limits

POLL = 0.2
"""Seconds between two looks."""
GRACE = 20.0
"""Seconds after which the timer ends what the thread could not."""
ROOM = 512 * 1024 * 1024
"""Bytes above the bound from which nothing is given any more: what is asked for at once, between two looks, fails."""
EXIT_OVER = 86
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@contextmanager
def watched(limits: Limits, say: Callable[[str], None], end: Callable[[int], None] = os._exit) -> Iterator[None]:
    """Run the block within its limits; where it breaks them, `say` is called with the reason and the process ends."""
    done = threading.Event()
    until = time.monotonic() + limits.seconds

    def look() -> None:
        while not done.wait(POLL):
            reason = _broken(limits, until)
            if reason and not done.is_set():
                try:
                    say(reason)
                finally:
                    end(EXIT_OVER)
                return

    thread = threading.Thread(target=look, name="licscan-watch", daemon=True)
    faulthandler.dump_traceback_later(limits.seconds + GRACE, exit=True, file=_nowhere())
    before = _bound_data(limits.memory + ROOM)
    thread.start()
    try:
        yield
    finally:
        done.set()
        faulthandler.cancel_dump_traceback_later()
        _restore(before)


def too_long(limits: Limits) -> str:
    """The reason of a target that took its time."""
    return _("took longer than {seconds:,.0f} seconds").format(seconds=limits.seconds)


def too_large(limits: Limits) -> str:
    """The reason of a target that took too much memory."""
    return _("needed more than {count:,} MB of memory").format(count=limits.memory // 1024 // 1024)


def _broken(limits: Limits, until: float) -> str:
    if time.monotonic() > until:
        return too_long(limits)
    return too_large(limits) if resident() > limits.memory else ""


def resident() -> int:
    """Bytes of memory that this process has now."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        import psutil  # comes with distributed, of the extra `fleet`

        return int(psutil.Process().memory_info().rss)


@cache
def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


def _bound_data(most: int) -> tuple[int, int] | None:
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    except (ImportError, ValueError, OSError):
        return None
    return soft, hard


def _restore(before: tuple[int, int] | None) -> None:
    if before is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, before)
