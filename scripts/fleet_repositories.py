"""Repositories that look like real ones, made of the entries of real locks, and a cache that knows their packages.

What `scripts/bench_fleet` scans: each repository has a random subset of a pool, as locks of npm, uv and pip. The cache
gets a record of each package as if its archive had been read, so that no registry is needed; licenses and holders are
made, for locks of most formats name none.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import shutil
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from licscan.base.tree import Tree
from licscan.evidence.build import record_npm, record_sdist
from licscan.evidence.record import Draft
from licscan.evidence.store import name_key, user_evidence
from licscan.model import Component
from licscan.registry import Registry
from licscan.resolve.project import resolve_project

LICENSES = ("MIT",) * 12 + (
    "ISC",
    "Apache-2.0",
    "BSD-3-Clause",
    "BSD-2-Clause",
    "MPL-2.0",
    "LGPL-3.0-only",
    "GPL-2.0-only",
)
MEAN = 450


@dataclass(frozen=True)
class Package:
    """One entry of a lock: what it needs are names of its ecosystem."""

    purl: str
    ecosystem: str
    name: str
    version: str
    hashes: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def license(self) -> str:
        return LICENSES[int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % len(LICENSES)]


def pool(folder: Path) -> list[Package]:
    """What the locks of all projects in a folder name, each version once, sorted."""
    found: dict[str, Package] = {}
    for project in sorted(folder.iterdir()):
        graph = resolve_project(Tree(project)).graph
        names = {one.purl: one.name for one in graph.components}
        needs: dict[str, set[str]] = {}
        for edge in graph.dependencies:
            needs.setdefault(edge.parent, set()).add(names[edge.child])
        for one in graph.components:
            if one.ecosystem in ("npm", "pypi") and one.version and not one.is_first_party:
                made = "sha512:" + hashlib.sha512(one.purl.encode()).hexdigest()
                hashes = one.hashes or (made if one.ecosystem == "npm" else "sha256:" + made[7:71],)
                below = tuple(sorted(needs.get(one.purl, ())))
                found.setdefault(one.purl, Package(one.purl, one.ecosystem, one.name, one.version, hashes, below))
    return [found[purl] for purl in sorted(found)]


def write_repositories(folder: Path, packages: Sequence[Package], count: int, real: Path, seed: int = 1) -> list[Path]:
    """So many made repositories below a folder, then copies of the real ones; their folders."""
    chance = random.Random(seed)
    npm = [one for one in packages if one.ecosystem == "npm"]
    python = [one for one in packages if one.ecosystem == "pypi"]
    places = []
    for number in range(count):
        place = folder / f"made-{number:05}"
        place.mkdir(parents=True)
        size = max(20, round(chance.gauss(MEAN, 150)))
        mixed = min(len(python), size, chance.randrange(20, 120)) if number % 3 == 0 else 0
        _write_npm(place, _some(chance, npm, size - mixed))
        if mixed:
            (_write_uv if number % 2 else _write_requirements)(place, _some(chance, python, mixed))
        places.append(place)
    for project in sorted(real.iterdir()):
        shutil.copytree(project, place := folder / project.name, copy_function=shutil.copyfile)
        place.chmod(0o755)
        places.append(place)
    return places


def _some(chance: random.Random, packages: Sequence[Package], count: int) -> list[Package]:
    """So many packages, one version of each name, sorted; what they need are among them."""
    picked = {one.name: one for one in chance.sample(packages, min(len(packages), count))}
    return [picked[name] for name in sorted(picked)]


def _write_npm(folder: Path, packages: Sequence[Package]) -> None:
    names = {one.name for one in packages}
    wanted = names - {name for one in packages for name in one.needs}
    root = {
        "name": folder.name,
        "version": "1.0.0",
        "license": "MIT",
        "dependencies": dict.fromkeys(sorted(wanted), "*"),
    }
    entries: dict[str, object] = {"": root}
    for one in packages:
        leaf = one.name.rpartition("/")[2]
        digest = base64.b64encode(bytes.fromhex(one.hashes[0].partition(":")[2])).decode()
        entries[f"node_modules/{one.name}"] = {
            "version": one.version,
            "resolved": f"https://registry.npm.example/{one.name}/-/{leaf}-{one.version}.tgz",
            "integrity": f"{one.hashes[0].partition(':')[0]}-{digest}",
            "license": one.license,
            "dependencies": {name: "*" for name in one.needs if name in names},
        }
    lock = {"name": folder.name, "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": entries}
    (folder / "package.json").write_text(json.dumps(root, indent=2))
    (folder / "package-lock.json").write_text(json.dumps(lock, indent=2))


def _write_uv(folder: Path, packages: Sequence[Package]) -> None:
    names = {one.name for one in packages}
    lines = ["version = 1", "revision = 3", 'requires-python = ">=3.9"', ""]
    for one in packages:
        lines += ["[[package]]", f'name = "{one.name}"', f'version = "{one.version}"']
        lines += ['source = { registry = "https://pypi.example/simple" }', "dependencies = ["]
        lines += [*(f'    {{ name = "{name}" }},' for name in one.needs if name in names), "]"]
        url = f"https://files.pypi.example/{one.name}-{one.version}.tar.gz"
        lines += [f'sdist = {{ url = "{url}", hash = "{one.hashes[0]}", size = 1 }}', ""]
    lines += ["[[package]]", f'name = "{folder.name}-py"', 'version = "1.0.0"', 'source = { virtual = "." }']
    lines += ["dependencies = [", *(f'    {{ name = "{name}" }},' for name in sorted(names)), "]", ""]
    (folder / "uv.lock").write_text("\n".join(lines))
    asked = ", ".join(f'"{name}"' for name in sorted(names))
    head = f'[project]\nname = "{folder.name}-py"\nversion = "1.0.0"\nrequires-python = ">=3.9"\n'
    (folder / "pyproject.toml").write_text(f"{head}dependencies = [{asked}]\n")


def _write_requirements(folder: Path, packages: Sequence[Package]) -> None:
    lines = [f"{one.name}=={one.version} --hash={one.hashes[0]}\n" for one in packages]
    (folder / "requirements.txt").write_text("".join(lines))


def fill_cache(packages: Iterable[Package]) -> None:
    """Put a record of each package into the user's store of evidence."""
    store, registry = user_evidence(), Registry.of_user()
    for one in packages:
        place = registry.key(Component(one.purl, one.name, one.version, one.ecosystem))
        named = name_key(place, one.ecosystem, one.name, one.version)
        store.put(_draft(one).told(hashes=one.hashes), [named])
    store.close()


def _draft(package: Package) -> Draft:
    text = f"Copyright (c) The makers of {package.name}\n\nSPDX-License-Identifier: {package.license}\n"
    if package.ecosystem == "npm":
        manifest = {"name": package.name, "version": package.version, "license": package.license}
        data = _tar("package", {"package.json": json.dumps(manifest), "LICENSE": text, "index.js": "exports.a = 1;\n"})
        return record_npm(io.BytesIO(data), name=package.name, version=package.version)
    head = f"Metadata-Version: 2.4\nName: {package.name}\nVersion: {package.version}\n"
    told = {"PKG-INFO": f"{head}License-Expression: {package.license}\nLicense-File: LICENSE\n", "LICENSE": text}
    filename = f"{package.name}-{package.version}.tar.gz"
    return record_sdist(io.BytesIO(_tar(filename[:-7], told)), filename, name=package.name, version=package.version)


def _tar(top: str, files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = len(data := text.encode())
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()
