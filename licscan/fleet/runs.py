"""Runs that go on now, as who asks for the state of the fleet sees them: each writes now and then how far it is."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from dataclasses import asdict, dataclass, fields, replace

from licscan.base.errors import LicscanError
from licscan.fleet import tries
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
    """Writes the notes of one run, also while no target ends; a store that takes none never stops it."""

    def __init__(self, space: Space, run: str, total: int):
        self._space = space
        self._beat = Beat(run, socket.gethostname(), os.getpid(), time.time(), time.time(), total, 0, 0)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._go, name="licscan-beat", daemon=True)

    def __enter__(self) -> Heart:
        self._write()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()
        with contextlib.suppress(LicscanError):
            self._space.remove(_name(self._beat.run))

    def tell(self, ended: int, failed: int) -> None:
        """How far the run is."""
        self._beat = replace(self._beat, ended=ended, failed=failed)

    def _go(self) -> None:
        while not self._done.wait(EVERY):
            self._write()

    def _write(self) -> None:
        told = asdict(replace(self._beat, updated=time.time()))
        with contextlib.suppress(LicscanError):
            self._space.write(_name(self._beat.run), json.dumps(told).encode())


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


def sweep(space: Space) -> None:
    """Take away what runs left behind that ended without a word: their last notes, and the tries at their targets."""
    going = {one.run for one in beats(space) if one.is_going}
    for folder in (FOLDER, tries.FOLDER):
        for name in space.names(folder):
            run = name.split("/")[1].removesuffix(".json")
            if run not in going:
                space.remove(name)


def _name(run: str) -> str:
    return f"{FOLDER}/{run}.json"
