"""Ctrl-C in every moment of a process: nothing heavy is imported here, for this is what is imported first.

While licscan is being imported, and after its work is done, an interrupt ends the process at once: Python's own
handler would raise in the middle of an import or of the interpreter's end, and print a traceback. While licscan works,
the interrupt is a KeyboardInterrupt, so that all that is open is closed.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

EXIT_INTERRUPTED = 130
"""What shells say of a process that SIGINT ended."""

SAID = "licscan: interrupted"
"""The whole of what is said before the user's language is known."""


def leave_at_once() -> None:
    """From now on an interrupt ends the process with one line, unless whoever started it has interrupts ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def raise_again() -> None:
    """From now on an interrupt raises KeyboardInterrupt again, where `leave_at_once` was called before."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    try:
        os.write(2, f"{SAID}\n".encode())
    finally:
        os._exit(EXIT_INTERRUPTED)  # SystemExit could be caught by what is being imported


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Inside the block an interrupt waits; the processes that are started there, which inherit that, never get it.

    Until they come to words of their own they import for tenths of a second, in which each would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
