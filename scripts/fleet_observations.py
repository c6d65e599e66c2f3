"""A store of made observations, day by day, and every question over it: what `bench_fleet --simulate` times.

Each target has a random subset of a pool of packages; a tenth of its components change their version once, on a random
day. Results go into the inbox as workers put them there, and are sealed as a run seals them, in a process of its own.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from licscan.fleet import catalogue, questions, seal
from licscan.fleet.decisions import decide
from licscan.fleet.model import FindingRow, Kind, Outcome, PackageRow, Status, Target
from licscan.fleet.outcome import inbox_name
from licscan.fleet.space import Space, open_space
from licscan.fleet.views import Fleet, opened
from licscan.review.decision import Decision, Verb

POOL = 40_000
NEVER = 1_000_000
LICENSES = ("MIT",) * 14 + ("ISC", "Apache-2.0", "BSD-3-Clause", "MPL-2.0", "LGPL-3.0-only", "GPL-3.0-only")
BATCH = 10_000
"""Results that are sealed at once where there are more: what a run gathers between two seals, or an outage leaves."""


def package(number: int, version: int) -> PackageRow:
    purl = f"pkg:npm/package-{number}@1.{version}.0"
    licensed = LICENSES[(number + 14 * (version and not number % 50)) % len(LICENSES)]
    bad = licensed == "GPL-3.0-only"
    return PackageRow(
        purl, f"pkg:npm/package-{number}", f"package-{number}", f"1.{version}.0", "npm", licensed,
        "violation" if bad else "ok", "shipped" if number % 3 else "not shipped", "texts",
        "sha256:" + hashlib.sha256(purl.encode()).hexdigest(),
    )  # fmt: skip


def finding(row: PackageRow) -> FindingRow:
    digest = hashlib.sha256(row.package.encode()).hexdigest()[:32]
    said = f"{row.name} {row.version} is under {row.license}, which the policy of the product does not allow."
    return FindingRow(
        f"{digest}:1", "license-denied", "error", "violation", row.purl, row.package, row.version, "default",
        row.license, row.evidence, said, "", "",
    )  # fmt: skip


class Portfolio:
    """The targets and what each holds on each day; rows as JSON are made once a package."""

    def __init__(self, targets: int, components: int, days: int):
        self.targets = [Target(Kind.FOLDER, f"/made/{number}", name=f"target-{number:06}") for number in range(targets)]
        self.components, self.days = components, days
        self._rows: dict[tuple[int, int], tuple[str, str]] = {}

    def put(self, space: Space, number: int, day: int) -> None:
        """One target's result of one day into the inbox."""
        chance = random.Random(number)
        packages, findings = [], []
        for one in sorted(chance.sample(range(POOL), self.components)):
            changes = chance.randrange(1, self.days) if self.days > 1 and chance.random() < 0.1 else NEVER
            row, said = self._said(one, int(day >= changes))
            packages.append(row)
            if said:
                findings.append(said)
        outcome = Outcome(
            self.targets[number].id, "made", f"2027-01-{day + 1:02}T10:00:00.000Z", Status.DONE, key=f"{number} {day}",
            inputs=f"{number} {day}", gate="violation" if findings else "ok", components=len(packages),
            errors=len(findings), texts=len(packages), seconds=1.0, tool="0", versions="0",
        )  # fmt: skip
        line = json.dumps({**asdict(outcome), "packages": 0, "findings": 0}, separators=(",", ":"))
        lists = f'"packages":[{",".join(packages)}],"findings":[{",".join(findings)}]'
        line = line.replace('"packages":0,"findings":0', lists) + "\n"
        space.write(inbox_name(outcome), gzip.compress(line.encode(), 1, mtime=0))

    def _said(self, number: int, version: int) -> tuple[str, str]:
        if (number, version) not in self._rows:
            row = package(number, version)
            found = json.dumps(asdict(finding(row)), separators=(",", ":")) if row.verdict != "ok" else ""
            self._rows[number, version] = json.dumps(asdict(row), separators=(",", ":")), found
        return self._rows[number, version]


def simulate(folder: Path, targets: int, components: int, days: int) -> None:
    """Make, seal, ask; print each."""
    space = open_space(str(folder))
    made = Portfolio(targets, components, days)
    catalogue.add(space, made.targets)
    sealed: list[tuple[float, float, float]] = []
    for day in range(days):
        for start in range(0, targets, BATCH):
            for number in range(start, min(start + BATCH, targets)):
                made.put(space, number, day)
            sealed.append(_seal(folder))
        wall, cpu, peak = sealed[-1]
        print(f"day {day + 1}: last seal {wall:.1f} s, {cpu:.1f} s of processor, {peak:.0f} MB", flush=True)
    count = targets * components * days
    data = sum(path.stat().st_size for path in (folder / "data").iterdir())
    counted = sum(path.stat().st_size for name in _files_in_force(space) for path in [folder / name])
    print(f"{count:,} observations, {len(sealed)} seals, {sum(one[1] for one in sealed):.0f} s of processor in all")
    print(
        f"files in force: {len(_files_in_force(space))}, {counted / 1e6:.1f} MB: {counted / count:.2f} B an observation"
    )
    print(f"with those of the manifests before: {data / 1e6:.1f} MB")
    few = min(targets, 300)
    for number in range(few):
        made.put(space, number, days)
    wall, cpu, peak = _seal(folder)
    print(f"{few} results more, as of a minute: {wall:.1f} s, {cpu:.1f} s of processor, {peak:.0f} MB")
    ask_all(folder, days)


def _files_in_force(space: Space) -> set[str]:
    from licscan.fleet import manifest

    return manifest.last(space).every()


def _seal(folder: Path) -> tuple[float, float, float]:
    """Seconds of wall clock and processor, and peak MB, of sealing what is in the inbox."""
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, __file__, str(folder)]) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("the seal failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ask_all(folder: Path, days: int) -> None:
    """Every question, the best of three, each in a store that was opened for it; then one as a command."""
    space = open_space(str(folder))
    row = package(POOL // 20 * 10 + 19, 0)
    decision = Decision(
        Verb.ACCEPT, "license-denied", row.package, row.version, "default", "bench", "2027-01-01T00:00:00Z", "made",
        row.evidence, row.license,
    )  # fmt: skip
    decide(space, [decision])
    day = f"2027-01-{days:02}"
    asked: dict[str, Callable[[Fleet], questions.Table]] = {
        "uses PURL": lambda fleet: questions.uses(fleet, "pkg:npm/package-77"),
        "license GPL-3.0-only": lambda fleet: questions.with_license(fleet, "GPL-3.0-only"),
        "license MIT": lambda fleet: questions.with_license(fleet, "MIT"),
        "drift": questions.drift,
        "drift PURL": lambda fleet: questions.drift(fleet, "pkg:npm/package-50"),
        "affected-by": lambda fleet: questions.affected_by(fleet, space, "1"),
        f"changed --since {day}": lambda fleet: questions.changed(fleet, day),
        "open": questions.open_findings,
        "history PURL": lambda fleet: questions.history(fleet, "pkg:npm/package-77"),
        "duplicates": questions.duplicates,
        "status": questions.standing,
    }
    start = time.perf_counter()
    entries = catalogue.entries(space)
    print(f"{'':28} {'wall s':>8} {'cpu s':>8} {'rows':>9}    targets read in {time.perf_counter() - start:.2f} s")
    for name, question in asked.items():
        took = [_timed(space, entries, question) for _round in range(3)]
        best = min(took)
        print(f"{name:28} {best[0]:8.2f} {statistics.median(one[1] for one in took):8.2f} {best[2]:9,}", flush=True)
    print(f"peak of the process that asks: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    start = time.perf_counter()
    command = ["-m", "licscan", "fleet", "ask", "uses", "pkg:npm/package-77", "--store", str(folder)]
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=False)
    print(f"`licscan fleet ask uses` as a command: {time.perf_counter() - start:.2f} s")


def _timed(
    space: Space, entries: dict[str, catalogue.Entry], question: Callable[[Fleet], questions.Table]
) -> tuple[float, float, int]:
    start, before = time.perf_counter(), time.process_time()
    with opened(space, entries) as fleet:
        rows = len(question(fleet).rows)
    return time.perf_counter() - start, time.process_time() - before, rows


if __name__ == "__main__":
    seal.seal(open_space(sys.argv[1]))
