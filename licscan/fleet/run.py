"""One run over a fleet: what is to be done, on which machines, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from licscan.base import clock
from licscan.fleet import engine, seal, tries
from licscan.fleet.catalogue import Entry
from licscan.fleet.engine import Cluster
from licscan.fleet.job import work
from licscan.fleet.model import Answer, Asked, Job, Known, Limits, Status
from licscan.fleet.outcome import versions
from licscan.fleet.runs import Heart, sweep
from licscan.fleet.space import Space
from licscan.fleet.views import opened

SEAL_SECONDS = 60.0
"""How often results are taken into the tables while a run goes on."""
SEAL_PAUSES = 20
"""A run goes on for so many times as long as taking results took: of a large store that is minutes, and jobs wait."""


@dataclass(slots=True)
class Tally:
    """What a run has done so far; `failed` tells why by the id of the target."""

    total: int
    done: int = 0
    unchanged: int = 0
    failed: dict[str, tuple[Status, str]] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    @property
    def ended(self) -> int:
        """Targets with an answer."""
        return self.done + self.unchanged + len(self.failed)

    @property
    def rate(self) -> float:
        """Targets a second."""
        return self.ended / max(time.monotonic() - self.started, 0.001)

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        if answer.status is None:
            self.unchanged += 1
        elif answer.status is Status.DONE:
            self.done += 1
        else:
            self.failed[answer.target] = (answer.status, answer.reason)


def scan_fleet(
    space: Space,
    entries: Iterable[Entry],
    asked: Asked,
    cluster: Cluster,
    limits: Limits,
    told: Callable[[Tally, Entry, Answer], None],
    work_: engine.Work = work,
) -> tuple[Tally, tuple[str, ...]]:
    """Scan the targets that changed; what came of it, and names of damaged files in the inbox."""
    wanted = {one.target.id: one for one in entries}
    damaged = seal.seal(space)  # what an earlier run left: its targets are done
    jobs = _jobs(space, wanted, asked, limits)
    _open_index(asked)
    tally = Tally(len(jobs))
    checked: dict[str, str] = {}
    sealed, pause = time.monotonic(), SEAL_SECONDS

    heart = Heart(space, jobs[0].run if jobs else "", len(jobs))
    sweep(space)

    def said(answer: Answer) -> None:
        nonlocal sealed, damaged, pause
        tally.add(answer)
        heart.tell(tally.ended, len(tally.failed))
        if answer.status is None:
            checked[answer.target] = clock.moment("milliseconds")
        told(tally, wanted[answer.target], answer)
        if (start := time.monotonic()) - sealed > pause:
            damaged = tuple(sorted({*damaged, *seal.seal(space, dict(checked))}))
            checked.clear()
            sealed = time.monotonic()
            pause = max(SEAL_SECONDS, SEAL_PAUSES * (sealed - start))

    try:
        if jobs:
            with heart:
                engine.run(jobs, cluster, work_, said)
            tries.forget(space, jobs[0].run)
    finally:
        damaged = tuple(sorted({*damaged, *seal.seal(space, checked)}))
    return tally, damaged


def _jobs(space: Space, wanted: Mapping[str, Entry], asked: Asked, limits: Limits) -> list[Job]:
    """Those that took longest go first, so that none is left alone at the end."""
    run, made = uuid4().hex[:12], versions()
    with opened(space, wanted) as fleet:
        known: dict[str, Known] = fleet.known()
        seconds = dict(fleet.db.execute("SELECT target, seconds FROM last_try").fetchall())
    jobs = [
        Job(space.address, one.target, asked, limits, run, made, known.get(key), one.nudge)
        for key, one in wanted.items()
    ]
    return sorted(jobs, key=lambda job: (-seconds.get(job.target.id, 0.0), job.target.label, job.target.id))


def _open_index(asked: Asked) -> None:
    """Build the index of license texts once, before every worker of this machine would."""
    if asked.texts:
        from licscan.detect import open_detector

        open_detector()
