"""Generated npm projects for scripts/differential: the same from a seed, with a lock or with an installed tree."""

from __future__ import annotations

import json
import random
from collections import deque
from pathlib import Path
from typing import Any

MODULES = "node_modules/"


class _Project:
    """One project on its way: places of packages as npm lays them out, each needed by somebody."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.universe: dict[tuple[str, int], dict[str, Any]] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.flags: dict[str, dict[str, Any]] = {}
        names = [f"@s/p{n}" if n % 5 == 0 else f"p{n}" for n in range(24)]
        for index, name in enumerate(names):
            for major in range(1, self.random.randint(2, 4)):
                self.universe[name, major] = self._package(name, major, names[index + 1 :])
        self.names = names

    def _package(self, name: str, major: int, later: list[str]) -> dict[str, Any]:
        """A package that needs some later ones, one perhaps optional or as a peer that may be absent."""
        made: dict[str, Any] = {"name": name, "version": f"{major}.{self.random.randint(0, 9)}.0", "license": "MIT"}
        chosen = self.random.sample(later, min(len(later), self.random.choice((0, 0, 1, 2, 3))))
        made["dependencies"] = {dep: f"^{self.random.randint(1, 3)}.0.0" for dep in chosen}
        if self.random.random() < 0.15:
            made["peerDependencies"] = {"absent-peer": "*"}
            made["peerDependenciesMeta"] = {"absent-peer": {"optional": True}}
        if self.random.random() < 0.15:
            made["optionalDependencies"] = {"absent-platform": "^1.0.0"}
        return made

    def _of(self, name: str, spec: str) -> tuple[str, int]:
        known = [major for one, major in self.universe if one == name]
        wanted = int(spec.lstrip("^").partition(".")[0])
        return name, wanted if wanted in known else max(known)

    def place(self, direct: list[tuple[str, tuple[str, int]]]) -> None:
        """Put packages as high as no other version stands in the way; level by level, as npm does."""
        queue = deque(("", name, wanted) for name, wanted in direct)
        while queue:
            at, name, wanted = queue.popleft()
            folders = self._upwards(at)
            found = next((f for f in folders if self._join(f, name) in self.places), None)
            if found is not None and self.places[self._join(found, name)] == wanted:
                continue
            free = folders[: folders.index(found)] if found is not None else folders
            place = self._join(free[-1] if free else at, name)
            self.places[place] = wanted
            needs = self.universe[wanted]["dependencies"]
            queue.extend((place, dep, self._of(dep, spec)) for dep, spec in sorted(needs.items()))

    @staticmethod
    def _join(folder: str, name: str) -> str:
        return f"{folder}/{MODULES}{name}" if folder else f"{MODULES}{name}"

    @staticmethod
    def _upwards(folder: str) -> list[str]:
        found = [folder]
        while folder:
            at = folder.rfind(f"/{MODULES}")
            folder = folder[:at] if at >= 0 else ""
            found.append(folder)
        return found

    def manifest(self) -> dict[str, Any]:
        """The root with direct needs, an alias, a name in two versions, and what is optional and absent."""
        chosen = self.random.sample(self.names, 7)
        made: dict[str, Any] = {"name": "app", "version": "1.0.0", "dependencies": {}, "devDependencies": {}}
        direct: list[tuple[str, tuple[str, int]]] = []
        for number, name in enumerate(chosen):
            package = self._of(name, f"^{self.random.randint(1, 3)}.0.0")
            section = "devDependencies" if number % 3 == 2 else "dependencies"
            key, spec = name, f"^{package[1]}.0.0"
            if number == 0:
                key, spec = "alias", f"npm:{name}@{spec}"
            made[section][key] = spec
            direct.append((key, package))
        self.place(direct)
        made["optionalDependencies"] = {"absent-platform": "^1.0.0"}
        made["peerDependencies"] = {"absent-peer": "*"}
        made["peerDependenciesMeta"] = {"absent-peer": {"optional": True}}
        # npm asks for what it installs: a range that the universe cannot meet is what is there
        for package in self.universe.values():
            package["dependencies"] = {
                dep: f"^{self._of(dep, spec)[1]}.0.0" for dep, spec in package["dependencies"].items()
            }
        return made


def write_project(folder: Path, seed: int, *, installed: bool) -> None:
    """A project with an installed tree and no lock, or with a lock alone."""
    project = _Project(seed)
    manifest = project.manifest()
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps(manifest, indent=1))
    if installed:
        for place, package in project.places.items():
            (folder / place).mkdir(parents=True, exist_ok=True)
            (folder / place / "package.json").write_text(json.dumps(project.universe[package]))
        return
    packages: dict[str, Any] = {"": manifest}
    for place, package in sorted(project.places.items()):
        entry = dict(project.universe[package])
        name = entry.pop("name")
        if not place.endswith(f"{MODULES}{name}"):
            entry["name"] = name
        base, version = name.rpartition("/")[2], entry["version"]
        entry["resolved"] = f"https://registry.example/{name}/-/{base}-{version}.tgz"
        packages[place] = entry
    lock = {"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages}
    (folder / "package-lock.json").write_text(json.dumps(lock, indent=1))
