"""Detectors in processes of their own, one core each, asked in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.detect.corpus import Case

PEER = """
import json, os, sys, time, warnings
warnings.simplefilter("ignore")
os.sched_setaffinity(0, {int(sys.argv[1])})
start = time.perf_counter()
from licensedcode.cache import get_index
index = get_index()
if "copyrights" in sys.argv[2:]:
    from cluecode.copyrights import detect_copyrights
def peak():
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))) / 1024
def ask(path):
    if "copyrights" in sys.argv[2:]:
        list(detect_copyrights(path))
    return [match.rule.license_expression for match in index.match(location=path, min_score=0)]
print(json.dumps({"load": time.perf_counter() - start, "peak": peak()}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    found = [ask(path) for path in json.loads(line)]
    print(json.dumps({"seconds": time.perf_counter() - start, "found": found, "peak": peak()}), flush=True)
"""
"""What ScanCode's interpreter runs: its index, asked for each path; the same protocol as `serve`."""


def peak() -> float:
    """The peak memory of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def serve(detector: Callable[[], Any], core: int) -> None:
    """Answer lists of paths, one a line of standard input, with the expressions found and the seconds it took."""
    os.sched_setaffinity(0, {core})
    start = time.perf_counter()
    opened = detector()
    opened.detect(b"MIT", "")
    _say({"load": time.perf_counter() - start, "peak": peak()})
    for line in sys.stdin:
        start = time.perf_counter()
        found = [[m.expression for m in opened.detect(Path(p).read_bytes(), p).matches] for p in json.loads(line)]
        _say({"seconds": time.perf_counter() - start, "found": found, "peak": peak()})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


class Runner:
    """A process that detects; it answers one list of paths at a time."""

    def __init__(self, command: Sequence[str]):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.first = self.receive()
        self.seconds: list[float] = []
        self.found: list[list[str]] = []
        self.peak = self.first["peak"]

    def receive(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args!r} ended early")
        return json.loads(line)

    def send(self, cases: Sequence[Case]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps([str(case.file) for case in cases]) + "\n")
        self.process.stdin.flush()

    def take(self) -> None:
        answer = self.receive()
        self.seconds.append(answer["seconds"])
        self.found += answer["found"]
        self.peak = answer["peak"]

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
