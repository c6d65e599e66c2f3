"""Runs of the real command line on locks whose packages are not at hand, beside the ecosystems' own clients.

Used by `scripts/bench fetch`. Each run is a whole process with a cache folder of its own. Registries are those that the
machine's clients name.
"""

from __future__ import annotations

import base64
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FETCHED = re.compile(r"([\d.]+) MB fetched")


@dataclass(frozen=True)
class Run:
    """One process with its children: seconds of wall clock and processor, peak MB, MB transferred.

    `largest` is the peak of the largest process, `all_peak` that of all together at one moment.
    """

    name: str
    wall: float
    cpu: float
    largest: float
    all_peak: float
    transferred: float
    said: str = ""


HEADER = f"{'':34} {'wall s':>8} {'cpu s':>8} {'MB max':>8} {'MB all':>8} {'MB sent':>9}"


def row(runs: list[Run]) -> str:
    """The medians of several runs of one kind."""
    columns = zip(*((r.wall, r.cpu, r.largest, r.all_peak, r.transferred) for r in runs), strict=True)
    wall, cpu, largest, together, sent = (statistics.median(column) for column in columns)
    return f"{runs[0].name:34} {wall:8.2f} {cpu:8.2f} {largest:8.0f} {together:8.0f} {sent:9.1f}"


class Watch(threading.Thread):
    """Samples the memory of a process and its descendants, twenty times a second (Linux; else nothing)."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.largest = self.together = 0.0

    def run(self) -> None:
        while not self._ended.wait(0.05):
            sizes = [size for pid in self._family(self._pid) if (size := _resident(pid))]
            if sizes:
                self.largest = max(self.largest, *sizes)
                self.together = max(self.together, sum(sizes))

    def _family(self, pid: int) -> list[int]:
        found = [pid]
        for one in found:
            try:
                tasks = os.listdir(f"/proc/{one}/task")
                for task in tasks:
                    found += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
            except OSError:
                continue
        return found

    def end(self) -> None:
        self._ended.set()
        self.join()


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1_000_000
    except (OSError, ValueError, IndexError):
        return 0.0


def run(name: str, command: list[str], folder: Path, environment: dict[str, str]) -> Run:
    """Run one command to its end; what it says on standard error is kept."""
    start = time.perf_counter()
    before = os.times()
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=said, cwd=folder, env=os.environ | environment
        ) as process,
    ):
        watch = Watch(process.pid)
        watch.start()
        process.wait()
        wall = time.perf_counter() - start
        watch.end()
        after = os.times()
        said.seek(0)
        told = said.read()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    sent = FETCHED.search(told)
    return Run(name, wall, cpu, watch.largest, watch.together, float(sent[1]) if sent else 0.0, told)


def scan(name: str, project: Path, scratch: Path, registry: str | None = None) -> Run:
    """`licscan scan` of a project with the cache that lies in a scratch folder."""
    command = [sys.executable, "-m", "licscan", "scan", "--verbose", "--format", f"json={scratch / 'scan.json'}"]
    environment = {
        "XDG_CACHE_HOME": str(scratch / "cache"),
        "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
        "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX") or str(scratch.parent / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
        # what npm's client has in its cache would not be fetched
        "npm_config_cache": str(scratch / "npm-cache"),
        **({"npm_config_registry": registry} if registry else {}),
    }
    done = run(name, [*command, "--db", str(scratch / "scan.db"), str(project)], project, environment)
    found = json.loads((scratch / "scan.json").read_text())["coverage"]
    print(f"  {name}: {found['texts']} of {found['shipped']} read", flush=True)
    return done


def npm_ci(project: Path, scratch: Path) -> Run:
    """`npm ci --ignore-scripts` with an empty cache; what was sent is what lies in its cache afterwards."""
    folder = scratch / "npm"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_bytes((project / name).read_bytes())
    cache = scratch / "npm-peer-cache"
    options = ["--no-audit", "--no-fund", "--replace-registry-host=always", "--legacy-peer-deps", "--cache", str(cache)]
    done = run("npm ci --ignore-scripts", ["npm", "ci", "--ignore-scripts", *options], folder, {})
    if not (folder / "node_modules").is_dir():
        print(f"  npm ci failed: {done.said.strip()[:300]}", flush=True)
    return _with_size(done, cache / "_cacache" / "content-v2")


def pip_download(project: Path, scratch: Path) -> Run:
    """`pip download --no-deps` of the versions of a lock, without a cache; one by one where it refuses one of them."""
    target = scratch / "downloads"
    target.mkdir()
    pins = sorted({f"{one.name}=={one.version}" for one in packages(project, "pypi")})
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--ignore-requires-python"]
    command += ["--only-binary", ":all:", "-d", str(target)]
    done = [run("pip download --no-deps", [*command, *pins], project, {})]
    if not any(target.iterdir()):
        done = [run("pip download, one by one", [*command, pin], project, {}) for pin in pins]
    print(f"  pip: {len(list(target.iterdir()))} of {len(pins)} fetched", flush=True)
    whole = Run(
        done[0].name,
        sum(one.wall for one in done),
        sum(one.cpu for one in done),
        max(one.largest for one in done),
        max(one.all_peak for one in done),
        0.0,
    )
    return _with_size(whole, target)


def _with_size(done: Run, folder: Path) -> Run:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1_000_000
    return Run(done.name, done.wall, done.cpu, done.largest, done.all_peak, size, done.said)


def packages(folder: Path, ecosystem: str) -> list:  # type: ignore[type-arg]
    """The packages of registries that a folder's locks hold."""
    from licscan.base.tree import Tree
    from licscan.model import ComponentKind, SourceKind
    from licscan.resolve.project import resolve_project

    graph = resolve_project(Tree(folder.resolve()), ("",)).graph
    kinds = (SourceKind.REGISTRY, SourceKind.UNKNOWN)
    return [
        one
        for one in graph.components
        if one.ecosystem == ecosystem
        and one.kind is ComponentKind.PACKAGE
        and one.resolved
        and one.version
        and one.source.kind in kinds
    ]


def flat_lock(folders: Iterable[Path], size: int, target: Path) -> int:
    """One package-lock of the npm packages in several projects' locks, for every platform; how many there are.

    npm's client and licscan then read the very same archives. Packages that the registry refuses have to be left out
    of the projects before: npm's client stops at the first.
    """
    from licscan.base.errors import LicscanError
    from licscan.registry import Registry
    from licscan.registry.npm import pinned_hashes

    registry = Registry.of_user(target).npm
    entries: dict[str, object] = {}
    needs: dict[str, str] = {}
    seen = {one.purl: one for folder in folders for one in packages(folder, "npm")}
    for one in list(seen.values()):
        if len(entries) >= size:
            break
        try:
            registry.files(one.name, one.version or "")
        except LicscanError:
            continue
        alias = one.name if one.name not in needs else f"{one.name}-{one.version}".lower()
        needs[alias] = str(one.version) if alias == one.name else f"npm:{one.name}@{one.version}"
        address = registry.key(one.name, "").split(" ")[0]
        leaf = one.name.rpartition("/")[2]
        entry = {"version": one.version, "resolved": f"{address}{one.name}/-/{leaf}-{one.version}.tgz"}
        strong = [h for h in pinned_hashes(one) if h.startswith("sha512:")]
        if strong:
            entry["integrity"] = "sha512-" + base64.b64encode(bytes.fromhex(strong[0][7:])).decode()
        entries[f"node_modules/{alias}"] = entry | ({"name": one.name} if alias != one.name else {})
    root = {"name": "bench", "version": "1.0.0", "dependencies": needs}
    target.mkdir(parents=True, exist_ok=True)
    (target / "package.json").write_text(json.dumps(root))
    table = {"name": "bench", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": root, **entries}}
    (target / "package-lock.json").write_text(json.dumps(table))
    return len(entries)
