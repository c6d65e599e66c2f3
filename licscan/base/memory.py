"""What is asked of the C library's allocator."""

from __future__ import annotations

import sys

_M_ARENA_MAX = -8
"""`mallopt(3)` of the GNU C library."""


def share_one_heap() -> bool:
    """Let threads that start from now on take memory from one heap; whether the C library has such a setting.

    The GNU C library gives each of them a heap of its own, of which short-lived large pieces leave most behind: over
    1,500 archives sixteen threads hold 500 MB in which hardly anything is alive, instead of 100. Python's own lock
    lets only one of them allocate at a time anyway.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1))
    except (OSError, AttributeError):
        return False
