"""Runs that go on now, as who asks for the state of the fleet sees them: each writes now and then how far it is."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from dataclasses import asdict, dataclass, fields

from licscan.base.errors import LicscanError
from licscan.fleet.space import Space

FOLDER = "runs"
EVERY = 5.0
"""Seconds between two notes."""
SILENT = 60.0
"""Seconds after which a run that wrote nothing has ended without a word."""


@dataclass(frozen=True, slots=True)
class Beat:
    """How far a run is; `started` and `updated` are seconds since 1970."""

    run: str
    host: str
    process: int
    started: float
    updated: float
    total: int
    ended: int
    failed: int

    @property
    def rate(self) -> float:
        """Targets a second."""
        return self.ended / max(self.updated - self.started, 0.001)

    @property
    def is_going(self) -> bool:
        """Whether it has written lately."""
        return time.time() - self.updated < SILENT


class Heart:
    """Writes the notes of one run; a store that takes none never stops it."""

    def __init__(self, space: Space, run: str, total: int):
        self._space = space
        self._run = run
        self._total = total
        self._started = time.time()
        self._last = 0.0
        self.beat(0, 0)

    def beat(self, ended: int, failed: int) -> None:
        """Note how far the run is, if the last note is old enough."""
        now = time.time()
        if now - self._last < EVERY:
            return
        self._last = now
        told = Beat(self._run, socket.gethostname(), os.getpid(), self._started, now, self._total, ended, failed)
        with contextlib.suppress(LicscanError):
            self._space.write(_name(self._run), json.dumps(asdict(told)).encode())

    def stop(self) -> None:
        """The run is over."""
        with contextlib.suppress(LicscanError):
            self._space.remove(_name(self._run))


def beats(space: Space) -> list[Beat]:
    """The runs that go on, and those that ended without a word."""
    found = []
    for name in space.names(FOLDER):
        try:
            told = json.loads(space.read(name) or b"null")
            found.append(Beat(**{one.name: told[one.name] for one in fields(Beat)}))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return sorted(found, key=lambda one: (one.started, one.run))


def _name(run: str) -> str:
    return f"{FOLDER}/{run}.json"
