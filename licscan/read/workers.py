"""Runs detection over many texts, in this process or in several; the results come in the order of the texts."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from licscan.base.interrupts import interrupts_held
from licscan.detect.types import Detected
from licscan.read.building import is_daemon

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from licscan.read.building import IndexBuild

FEW = 48
"""Fewer texts than this are done before another process has started."""
CHUNK = 16


class Detector(Protocol):
    """What is needed of `licscan.detect`'s detector."""

    def detect(self, data: bytes, name: str = "") -> Detected:
        """All that one text holds."""


Opener = Callable[[], Detector]
"""Opens a detector; pickled, so that every process can open its own."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class OpenDetector:
    """Opens the real detector; `licenses` is a folder of the user's own licenses."""

    licenses: str | None = None

    def __call__(self) -> Detector:
        """Open it; the index is built where it is missing."""
        from licscan.detect import open_detector

        return open_detector(licenses=Path(self.licenses) if self.licenses else None)


def usable_jobs(asked: int | None) -> int:
    """As many processes as asked for, else as there are processors."""
    return asked or max(1, min(os.cpu_count() or 1, 64))


class Workers:
    """Processes that share the work, started when there is enough of it; close them when all is done.

    `index` is what makes the index that their detectors need, so that they do not each build it; `opening` is called
    before the first of them is opened.
    """

    def __init__(
        self, opener: Opener, jobs: int, index: IndexBuild | None = None, opening: Callable[[], None] = lambda: None
    ):
        self._opener = opener
        self._index = index
        self._opening = opening
        self._jobs = 1 if is_daemon() else jobs
        self._detector: Detector | None = None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, work: Callable[[Detector, Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """The result of `work` for every item, in order; `work` must be a function of a module."""
        done = 0
        if self._jobs > 1 and (self._pool is not None or len(items) >= FEW):
            from concurrent.futures.process import BrokenProcessPool

            try:
                for result in self._in_pool(work, items):
                    done += 1
                    yield result
            except BrokenProcessPool:
                # processes that cannot start or were killed: the rest is done here
                self._jobs = 1
        for item in items[done:]:
            if self._detector is None:
                self._detector = self._open()
            yield work(self._detector, item)

    def _open(self) -> Detector:
        self._opening()
        if self._index is not None:
            self._index.wait()
        return self._opener()

    def _in_pool(self, work: Callable[[Detector, Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            self._opening()
            if self._index is not None:
                self._index.start()
                self._index.wait()
            self._pool = ProcessPoolExecutor(self._jobs, get_context("spawn"), _start, (self._opener,))
        chunk = max(1, min(CHUNK, len(items) // (self._jobs * 4)))
        with interrupts_held():
            return self._pool.map(partial(_in_process, work), items, chunksize=chunk)


_opened: dict[str, Detector] = {}
"""The detector of this process."""


def _start(opener: Opener) -> None:
    """In a new process: one detector for all its texts; an interrupt is the first process's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _opened["detector"] = opener()


def _in_process(work: Callable[[Detector, Any], Any], item: Any) -> Any:
    return work(_opened["detector"], item)
