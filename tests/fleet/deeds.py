"""What workers do in the tests of failures: a target's name says what becomes of the worker that scans it."""

from __future__ import annotations

import errno
import os
import re
import signal
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from licscan.base.errors import StoreError
from licscan.fleet import job as jobs
from licscan.fleet import watch
from licscan.fleet.model import Answer, Job, Limits, Outcome, Status
from licscan.fleet.space import Folder, Space
from licscan.model import Scan
from tests.fleet.made import package

MB = 1024 * 1024
FULL = True
"""Whether targets called so find no room on the disk."""
LIMITS = Limits(seconds=3.0, memory=300 * MB)


def starts(log: Path, name: str) -> int:
    """How often a target was begun."""
    return len(list(log.glob(f"{name}.*")))


def note(log: Path, name: str) -> None:
    (log / f"{name}.{os.getpid()}.{uuid4().hex}").touch()


def scan_one(job: Job, space: Space, inputs: str) -> tuple[Outcome, Scan | None]:
    """Note that the target was begun, then do what its name says."""
    name = job.target.name
    note(Path(os.environ["LICSCAN_TEST_LOG"]), name)
    if name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("large"):
        held = b"x" * (400 * MB)
        time.sleep(60 + len(held) % 2)
    if name.startswith("huge"):
        bytearray(8 * 1024 * MB)
    if name.startswith("endless"):
        while True:
            pass
    if name.startswith("held"):
        re.match(r"(a+)+$", "a" * 64 + "b")
    if name.startswith("slow"):
        time.sleep(0.05)
    if name.startswith("full") and FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/there")
    if name.startswith("wrong"):
        raise ValueError("a mistake\nof ours")
    made = jobs._outcome(job, Status.DONE, "", 0.0)
    return replace(made, gate="ok", packages=(package(name),)), None


def work(job: Job) -> Answer:
    """The work of a fleet with the deeds above; what holds the interpreter is ended soon after its time."""
    watch.GRACE = 1.0
    return jobs.work(job, scan_one)


def other_version(job: Job) -> Answer:
    """The same by another version of licscan."""
    jobs.results.versions = lambda: job.versions  # type: ignore[assignment]
    return work(job)


class Full(Folder):
    """A folder of a disk that has no more room for files of a kind while there is a file `full`."""

    def write(self, name: str, data: bytes, *, new: bool = False) -> bool:
        """As in Space, while there is room."""
        if (self.root / "full").exists() and name.startswith((self.root / "full").read_text()):
            super().write(f"{name}.half", data[: len(data) // 2])
            self.remove(f"{name}.half")
            raise StoreError(os.strerror(errno.ENOSPC), path=self.address)
        return super().write(name, data, new=new)


def put_full(job: Job) -> Answer:
    """Work in a store whose disk may be full."""
    jobs.open_space = lambda address: Full(Path(address))  # type: ignore[assignment]
    return work(job)
