"""What became of earlier tries at a target in the same run: kept in the store, for a worker that died tells nothing."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from licscan.base.messages import _
from licscan.fleet import watch
from licscan.fleet.model import Limits, Status
from licscan.fleet.space import Space

FOLDER = "attempts"
DEATHS = 3
"""A target that ends its worker this often is poisoned."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a target is not tried again."""

    status: Status
    reason: str


class Tries:
    """The tries at one target in one run (and round of it); a try that came to an end wrote its result instead."""

    def __init__(self, space: Space, run: str, target: str):
        self._space = space
        self._place = f"{FOLDER}/{run}/{target}"

    def begin(self) -> None:
        """Note that a try begins."""
        number = len(self._starts()) + 1
        self._space.write(f"{self._place}-{number}.json", json.dumps(time.time()).encode())

    def came_back(self) -> None:
        """Forget the tries: this one came to an end, and its worker lives."""
        for number in range(1, len(self._starts()) + 1):
            self._space.remove(f"{self._place}-{number}.json")

    def give_up(self, reason: str) -> None:
        """Note why the target is not tried again; its worker ends now."""
        self._space.write(f"{self._place}-over.json", json.dumps(reason).encode())

    def ended(self, limits: Limits) -> Ended | None:
        """Whether earlier tries were enough, and why."""
        starts = self._starts()
        if not starts:
            return None
        told = self._space.read(f"{self._place}-over.json")
        if told is not None:
            return Ended(Status.FAILED, str(json.loads(told)))
        if len(starts) < DEATHS:
            return None
        took = [later - earlier for earlier, later in zip(starts, [*starts[1:], time.time()], strict=True)]
        if min(took) >= limits.seconds + watch.GRACE:  # what held the interpreter was ended by the timer, each time
            return Ended(Status.FAILED, watch.too_long(limits))
        return Ended(Status.POISONED, _("crashed its worker {count} times").format(count=len(starts)))

    def _starts(self) -> list[float]:
        found: list[float] = []
        while len(found) < DEATHS and (data := self._space.read(f"{self._place}-{len(found) + 1}.json")) is not None:
            found.append(float(json.loads(data)))
        return found


def forget(space: Space, run: str) -> None:
    """Take away the notes of a run that is over."""
    for name in space.names(f"{FOLDER}/{run}"):
        space.remove(name)
