"""One target's work on a worker: see whether it changed, scan it within bounds, put the result into the store."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from licscan.base import clock
from licscan.base.errors import LicscanError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.compare.drift import Earlier
from licscan.compose.configured import options_of, project_config
from licscan.compose.options import Options, Part
from licscan.fleet import outcome as results
from licscan.fleet.contents import contents_of, inputs_of, parts_of
from licscan.fleet.decisions import fleet_ledger, joined
from licscan.fleet.model import Answer, Asked, Job, Kind, Outcome, Status
from licscan.fleet.shelf import shared_evidence
from licscan.fleet.space import Space, open_space
from licscan.fleet.tries import Tries
from licscan.fleet.watch import watched
from licscan.model import NOT_ASKED, Scan

CONNECTIONS = 4
"""To a registry, of one worker."""
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


_alone = threading.Lock()
"""Bounds are those of a process, and a death is laid to what it did: one target at a time, whatever its threads."""


def work(job: Job, scan_one: Callable[[Job, Space, str], tuple[Outcome, Scan | None]] | None = None) -> Answer:
    """Do one target; its result stands in the store before this returns. Never raises but for a store that is gone."""
    with _alone:
        return _work(job, scan_one or scan_target)


def _work(job: Job, scan_one: Callable[[Job, Space, str], tuple[Outcome, Scan | None]]) -> Answer:
    _prepare()
    start = time.monotonic()
    space = open_space(job.store)
    if (mine := results.versions()) != job.versions:
        return _failed(space, job, other_version(mine, job.versions), start)
    try:
        inputs, parts = inputs_of(job.target), parts_of(job.target)
    except (LicscanError, OSError) as error:
        return _failed(space, job, str(error), start)
    key = key_of(job, inputs, parts)
    bad = f"{key} {job.limits.seconds:.0f} {job.limits.memory}"
    if answer := _answered(space, job, key, bad):
        return answer
    tries = Tries(space, job.run, job.target.id)
    if ended := tries.ended(job.limits):
        return _failed(space, job, ended.reason, start, ended.status, bad)

    def over(reason: str) -> None:
        tries.give_up(reason)
        results.put_outcome(space, replace(_outcome(job, Status.FAILED, reason, start), key=bad))

    def failed(reason: str, key: str = "") -> Answer:
        tries.came_back()
        return _failed(space, job, reason, start, key=key)

    tries.begin()
    with watched(job.limits, over):
        try:
            outcome, scan = scan_one(job, space, inputs)
            outcome = replace(outcome, key=key, inputs=inputs, seconds=round(time.monotonic() - start, 2))
            if scan is not None:
                outcome = _with_scan(space, results.of_scan(scan, outcome), scan)
        except Exception as error:
            return failed(_reason_of(error), bad if isinstance(error, MemoryError) else "")
    results.put_outcome(space, outcome)
    return Answer(job.target.id, outcome.status, outcome.reason, outcome.seconds)


def _reason_of(error: Exception) -> str:
    """One line for what ended a scan."""
    if isinstance(error, LicscanError):
        return str(error)
    if isinstance(error, MemoryError):
        return _("ran out of memory")
    if isinstance(error, RecursionError):
        return _("is nested too deeply")
    if isinstance(error, OSError):  # such as a disk without room for its work
        return one_line(str(error), 400)
    return _("internal error: {error}").format(error=one_line(f"{type(error).__name__}: {error}", 400))


def _answered(space: Space, job: Job, key: str, bad: str) -> Answer | None:
    """What there is to say without a scan: nothing changed, it would break its limits again, or its result is there."""
    today = clock.today().isoformat()
    if job.known and job.known.key == key and job.known.day in ("", today):
        return Answer(job.target.id, None)
    if job.known and job.known.bad == bad:
        return Answer(job.target.id, Status(job.known.status), job.known.reason)
    if results.is_waiting(space, job.target.id, key, today):
        return Answer(job.target.id, Status.DONE)  # a worker died before it could say so, or another run was here
    return None


def other_version(mine: str, asked: str) -> str:
    """What is said where a worker has another licscan than the one that asks it."""
    told = _("its worker has a different version of licscan or its tables ({mine}) than requested ({asked})")
    return told.format(mine=mine, asked=asked)


def key_of(job: Job, inputs: str, parts: object = ()) -> str:
    """What a result is the same by: the target, what there is to scan, how, with what, and the last wish for it."""
    target = job.target
    told = [target.id, inputs, parts, target.outbound, target.surface, asdict(job.asked), job.versions, job.nudge]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:40]


def scan_target(job: Job, space: Space, inputs: str) -> tuple[Outcome, Scan | None]:
    """Scan a target as `licscan scan` would, an SBOM as `licscan audit` would."""
    from licscan.compose.scan import scan

    ledger = fleet_ledger(space)
    with contents_of(job.target, inputs) as place:
        if job.target.kind is Kind.SBOM:
            from licscan.compose.audit import audit

            root = place.parent
            options = _options(job, root, place)
            surface = job.target.surface or None
            found = audit(place, root, replace(options, decisions=joined(None, ledger)), surface, None).scan
        else:
            root = place
            options = _options(job, root, root)
            with _before(space, job) as earlier:
                from licscan.store.decisions import ledger as ledger_of

                own = ledger_of(root / ".licscan" / "licscan.db") if job.target.kind is Kind.FOLDER else None
                asked = replace(options, earlier=earlier, decisions=joined(own, ledger))
                with shared_evidence(space) as store:
                    found = scan(replace(asked, evidence=store))
        outcome = _outcome(job, Status.DONE, "", time.monotonic())
        day = clock.today().isoformat() if _holds_for_a_day(job.asked, options, found, root, ledger) else ""
        return replace(outcome, day=day, revision=_revision(job, root, found, inputs)), found


def _options(job: Job, root: Path, place: Path) -> Options:
    asked = job.asked
    root, config = project_config((root,))
    return options_of(
        (place,), root, config,
        outbound=job.target.outbound or asked.outbound, offline=asked.offline, resolve=asked.resolve,
        fail_on=asked.fail_on, texts=asked.texts, metadata_only=not asked.archives, platform=asked.platform,
        source=asked.source, content=asked.content,
        parts=tuple(Part(Path(path), surface) for path, surface in job.target.part_files),
        jobs=1 if asked.offline else CONNECTIONS,
    )  # fmt: skip


def _revision(job: Job, root: Path, scan: Scan, inputs: str) -> str:
    from licscan.vcs.revision import revision_of

    if job.target.kind is Kind.GIT:
        return inputs
    return revision_of(root, scan) if job.target.kind is Kind.FOLDER and (root / ".git").exists() else ""


def _holds_for_a_day(asked: Asked, options: Options, scan: Scan, root: Path, ledger: object) -> bool:
    """Whether another day could give another answer: days in the configuration, and what a network did not give."""
    open_ = any(one.stage == "locate" and one.code != NOT_ASKED for one in scan.problems)
    toml = root / "licscan.toml"
    dated = toml.is_file() and bool(_DAY.search(toml.read_text("utf-8", "replace")))
    return asked.resolve or options.resolve or dated or bool(ledger) or (open_ and not options.offline)


@contextmanager
def _before(space: Space, job: Job) -> Iterator[tuple[Earlier, ...]]:
    """The packages of the last result, for what changed since."""
    from licscan.store.earlier import earlier

    database = results.get_scan(space, job.known.scan) if job.known else None
    if database is None:
        yield ()
        return
    with TemporaryDirectory(prefix="licscan-fleet-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "before.db"
        path.write_bytes(database)
        yield earlier(path)


def _with_scan(space: Space, outcome: Outcome, scan: Scan) -> Outcome:
    from licscan.store import as_bytes

    return replace(outcome, scan=results.put_scan(space, as_bytes(scan, outcome.when, outcome.revision)))


def _outcome(job: Job, status: Status, reason: str, start: float) -> Outcome:
    from licscan import __version__

    when = clock.moment("milliseconds")
    seconds = round(time.monotonic() - start, 2)
    return Outcome(
        job.target.id, job.run, when, status, one_line(reason, results.LONGEST), seconds=seconds,
        tool=__version__, versions=job.versions,
    )  # fmt: skip


def _failed(space: Space, job: Job, reason: str, start: float, status: Status = Status.FAILED, key: str = "") -> Answer:
    outcome = replace(_outcome(job, status, reason, start), key=key)
    results.put_outcome(space, outcome)
    return Answer(job.target.id, status, outcome.reason, outcome.seconds)


@cache
def _prepare() -> None:
    """Once a process: as the command line does, for a graph is one large live structure."""
    gc.set_threshold(200_000, 20, 100)
