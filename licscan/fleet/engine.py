"""Runs jobs by dask.distributed: on this machine by workers of our own, or on a cluster that is there.

A job tells next to nothing back, and its future is let go at once: a worker that dies repeats one target and no
finished one. Jobs may run twice; their results have one name and are the same.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from licscan.base.errors import InputError, LicscanError
from licscan.base.messages import _
from licscan.fleet.model import Answer, Job
from licscan.fleet.tries import DEATHS

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 4
"""Jobs given out for each worker: enough that none waits, few enough that a cluster's death costs little."""
PATIENCE = 120.0
"""Seconds to wait for a scheduler that is gone, or for a cluster without workers."""
GATHER = 20.0
"""Seconds to wait for an answer that is there: it is a few bytes long."""
LOCAL_PATIENCE = 30.0
"""Seconds to wait for workers of our own, before others are started."""
_ROUNDS, _LOOK, _PAUSE = 10, 2.0, 0.01

_STARTING = threading.Lock()
Work = Callable[[Job], Answer]
Said = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where jobs run: `jobs` processes of our own, or the scheduler at an address, with the files that TLS needs."""

    jobs: int = 2
    scheduler: str = ""
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    patience: float = PATIENCE


def run(jobs: Sequence[Job], cluster: Cluster, work: Work, said: Said) -> None:
    """Run every job; `said` is called with each answer, once a job.

    InputError for a cluster that cannot be used; LicscanError where a job's worker finds no store, and where the
    scheduler stays away. What was done until then stays done.
    """
    left = {job.target.id: job for job in jobs}

    def done(answer: Answer) -> None:
        if left.pop(answer.target, None):
            said(answer)

    round_ = 0
    while left:
        round_ += 1
        try:
            with _client(cluster) as client:
                # a scheduler that dies takes its workers along: no fault of their targets, whose tries begin anew
                mark = round_ if cluster.scheduler else 1
                marked = [replace(job, run=f"{job.run}/{mark}") for job in left.values()]
                _drain(client, marked, work, done, cluster.patience if cluster.scheduler else LOCAL_PATIENCE)
        except _gone() as error:
            if round_ >= _ROUNDS:
                raise LicscanError(
                    _("the scheduler went away {count} times").format(count=round_), path=cluster.scheduler or None
                ) from error
            time.sleep(0.5)


def _drain(client: Client, jobs: Sequence[Job], work: Work, done: Said, patience: float) -> None:
    """Give the jobs out, a few at a time, and take their answers, until none is left."""
    from distributed import KilledWorker, as_completed

    waiting, given = deque(jobs), Counter[str]()
    flying: dict[str, Job] = {}
    futures = as_completed(loop=client.loop)

    def give(count: int) -> None:
        for _number in range(min(count, len(waiting))):
            job = waiting.popleft()
            given[job.target.id] += 1
            # a tuple, so that dask sees one group of tasks and lets them wait at the scheduler, not at workers
            key = ("scan", job.run, job.target.id, given[job.target.id])
            future: Any = client.submit(work, job, key=key, pure=False)
            flying[job.target.id] = job
            futures.add(future)

    give(AHEAD * max(1, _threads(client)))
    for future in _finished(client, futures, flying, patience):
        job = flying.pop(str(future.key[2]))
        answer = _answer(future)
        if isinstance(answer, Answer):
            done(answer)
        elif given[job.target.id] <= DEATHS and (answer is None or isinstance(answer, KilledWorker)):
            waiting.append(job)  # its result is in the store, or `tries` knows why there is none
        else:
            raise answer or ConnectionError(f"no answer: {job.target.label}")
        future.release()
        give(1)


def _finished(client: Client, futures: Any, flying: Mapping[str, Job], patience: float) -> Iterator[Any]:
    """The futures as they come to an end. ConnectionError where there are no workers for longer than patience lasts:
    a worker that dies while it starts is not started again, and dask would wait for ever.
    """
    looked = alive = time.monotonic()
    while flying:
        ready = futures.next_batch(block=False)
        yield from ready
        now = time.monotonic()
        if ready:
            alive = now
        elif now - looked > _LOOK:
            looked = now
            if _threads(client):
                alive = now
            elif now - alive > patience:
                raise ConnectionError("no workers")
        else:
            time.sleep(_PAUSE)


def _answer(future: Any) -> Answer | BaseException | None:
    """What a job says, or what dask says in its place: a job that raises means a store or a cluster of no use.

    None where the worker that held the answer died, and dask does not notice that another one has it by now.
    """
    from distributed import TimeoutError

    try:
        answer = future.result(timeout=GATHER) if future.status == "finished" else future.exception(timeout=GATHER)
    except TimeoutError:
        return None
    except OSError as error:
        return None if future.client.status == "running" else error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return error
    return answer if isinstance(answer, Answer | BaseException) else ConnectionError(str(future.status))


def _threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _gone() -> tuple[type[BaseException], ...]:
    from asyncio import CancelledError as Cancelled
    from concurrent.futures import CancelledError

    from distributed import TimeoutError
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    return (CommClosedError, TimeoutError, FutureCancelledError, CancelledError, Cancelled, OSError)


@contextmanager
def _client(cluster: Cluster) -> Iterator[Client]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise needs_extra() from error
    for name in ("distributed", "distributed.client"):  # dask gives the second a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.comm.timeouts.connect": f"{max(1, round(cluster.patience))}s"}):
        if not cluster.scheduler:
            with _embedded(cluster.jobs) as local, distributed.Client(local, set_as_default=False) as client:
                yield client
            return
        with _connected(cluster) as client:
            yield client


def _connected(cluster: Cluster) -> Client:
    """A client of the scheduler that is there. LicscanError where it gives no answer, or has no workers, for so long
    as patience lasts: then it is of no use to try once more.
    """
    import distributed

    security = _security(cluster)
    try:
        client = distributed.Client(
            cluster.scheduler, security=security, timeout=cluster.patience, set_as_default=False
        )
    except _gone() as error:
        raise _no_answer(cluster, _("does not respond")) from error
    try:
        client.wait_for_workers(1, timeout=cluster.patience)
    except _gone() as error:
        client.close(timeout=1)
        raise _no_answer(cluster, _("has no workers")) from error
    return client


def _no_answer(cluster: Cluster, told: str) -> LicscanError:
    return LicscanError(
        told, path=cluster.scheduler, remedy=_("waited {seconds:,.0f} seconds").format(seconds=cluster.patience)
    )


@contextmanager
def _embedded(jobs: int) -> Iterator[Any]:
    """Processes of our own that speak to this one alone: TLS with a key that lives as long as the run."""
    import dask
    from distributed import LocalCluster

    settings = {
        # one job at a worker, none waiting there: a death is the fault of the one that ran
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.scheduler.work-stealing": False,
        "distributed.scheduler.allowed-failures": 10,  # `tries` counts before dask does
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.terminate": False,
        "distributed.worker.profile.enabled": False,
        "distributed.nanny.environ": {},
        "distributed.admin.event-loop": "asyncio",
        # each process would look at itself fifty times a second, and take the interpreter from the scan for it
        "distributed.admin.tick.interval": "2s",
        "distributed.admin.tick.limit": "1h",
        "distributed.admin.system-monitor.interval": "10s",
        # what they would show by HTTP, without TLS and to anyone on the machine
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with dask.config.set(settings):
        with _STARTING:  # what dask imports while it starts must not be imported by two threads at once
            local = LocalCluster(
                n_workers=jobs, threads_per_worker=1, processes=True, memory_limit=0,
                dashboard_address="127.0.0.1:0", worker_dashboard_address="127.0.0.1:0",
                security=True, silence_logs=logging.CRITICAL, host="127.0.0.1", protocol="tls://",
            )  # fmt: skip
        with local:
            yield local


def _security(cluster: Cluster) -> Any:
    """What is needed to speak to a scheduler; InputError where what is said could be read or answered by anyone."""
    from distributed.security import Security

    address = urlsplit(cluster.scheduler)
    if address.scheme not in ("tls", "tcp"):
        raise InputError(
            _("is not the address of a scheduler"), path=cluster.scheduler, remedy=_("such as tls://scheduler:8786")
        )
    if address.scheme == "tcp":
        if not _is_loopback(address.hostname or ""):
            raise InputError(
                _("has no TLS: anyone on the network could run code through it"), path=cluster.scheduler,
                remedy=_("start the scheduler with a certificate, and name tls://"),
            )  # fmt: skip
        return Security(require_encryption=False)
    files = {"tls_ca_file": cluster.ca, "tls_client_cert": cluster.certificate, "tls_client_key": cluster.key}
    given = {name: str(path) for name, path in files.items() if path is not None}
    security = Security(require_encryption=True, **given)
    if not (security.tls_ca_file and security.tls_client_cert):
        raise InputError(
            _("needs a certificate"), path=cluster.scheduler,
            remedy=_("name --tls-ca, --tls-cert and --tls-key, or configure dask's distributed.comm.tls"),
        )  # fmt: skip
    for path in given.values():
        if not Path(path).is_file():
            raise InputError(_("does not exist"), path=path)
    return security


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_extra() -> None:
    """InputError where the packages of the extra are not installed; asked before the first file is written."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("dask", "distributed", "duckdb", "fsspec")):
        raise needs_extra()


def needs_extra() -> InputError:
    """What is said where the packages of the extra are not installed."""
    return InputError(
        _("fleet commands need packages that are not installed"), remedy=_("pip install 'licscan[fleet]'")
    )
