"""What scripts/measure_copies calls: the tools that rewrite files, and what else could recognise them."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from collections import defaultdict
from pathlib import Path

from licscan.copies.index import CodeIndex
from licscan.copies.known import known_library
from licscan.copies.segments import digest_of

ROOT = Path(__file__).resolve().parents[1]


def run(jobs: list[dict[str, object]], folder: Path) -> None:
    """Do what is not made yet."""
    scripts = [job for job in jobs if str(job["output"]).endswith(".js")]
    if scripts:
        (folder / "jobs.json").write_text(json.dumps(scripts))
        tool = str(ROOT / "scripts" / "measure_copies_tools.mjs")
        subprocess.run(["node", tool, str(folder / "tools"), str(folder / "jobs.json")], check=False)
    for job in jobs:
        if str(job["output"]).endswith(".py"):
            command = [str(folder / "pm/bin/pyminify"), "--remove-literal-statements", str(job["input"])]
            if job["how"] == "reformatted":
                ruff = str(Path(sys.executable).parent / "ruff")
                style = ["--line-length", "60", "--config", "format.quote-style='single'"]
                command = [ruff, "format", "--isolated", *style, "--stdin-filename", "x.py", "-"]
            data = Path(str(job["input"])).read_bytes()
            done = subprocess.run(command, input=data, capture_output=True, check=False)
            if done.returncode == 0:
                Path(str(job["output"])).write_bytes(done.stdout)


def retired(cases: dict[str, list], folder: Path) -> dict[str, list[tuple[str, list[list[str]]]]]:
    """What retire.js says of each script, by way: the package that it is, and the packages with versions it names."""
    place = folder / "retired"
    place.mkdir(exist_ok=True)
    asked: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    files = []
    for way, some in cases.items():
        for package, path, data, _version in some:
            if package.purl.startswith("pkg:npm"):
                file = place / f"{zlib.crc32(data):08x}{Path(path).suffix}"
                file.write_bytes(data)
                files.append([str(file), path])
                asked[way].append((package.purl, file))
    output = place / "said.js"
    output.unlink(missing_ok=True)
    run([{"how": "retire", "files": files, "output": str(output)}], folder)
    said = json.loads(output.read_text()) if output.exists() else {}
    return {way: [(purl, said.get(str(file), [])) for purl, file in some] for way, some in asked.items()}


def baselines(cases: dict[str, list], index: CodeIndex, folder: Path) -> None:
    """The same with digests alone, with names in banners alone, and with retire.js."""
    patterns = json.loads((folder / "tools" / "retire.json").read_text(encoding="utf-8"))
    known = {one.get("basePurl") or f"pkg:npm/{one.get('npmname') or name}" for name, one in patterns.items()}
    for way, some in retired(cases, folder).items():
        right = sum(any(one[0] == purl for one in named) for purl, named in some)
        wrong = sum(bool(named) and all(one[0] != purl for one in named) for purl, named in some)
        among = sum(purl in known for purl, _named in some)
        print(f"{way:20s} retire.js {right:4d} of {len(some):3d}, wrong {wrong}; has patterns for {among}")
    digests = set(index.arrays["digests"].tolist())
    for way, some in cases.items():
        exact = sum(digest_of(data) in digests for _package, _path, data, _version in some)
        named = sum(
            (told := known_library(path, data)) is not None and told.package == package.purl
            for package, path, data, _version in some
        )
        print(f"{way:20s} digests {exact:4d} of {len(some):3d}   names and banners {named:4d} of {len(some):3d}")
