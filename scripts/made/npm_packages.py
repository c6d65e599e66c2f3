"""A universe of npm packages from a seed: ranges, peers, optional and platform packages, bundles, rings."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

from made.registry import archive_of

Manifest = dict[str, Any]
PLATFORMS = (("linux", "x64"), ("darwin", "arm64"), ("win32", "x64"))
RANGES = ("^{v}", "^{v}", "^{v}", "~{v}", "{v}", ">={v}", "*", "{major}.x", ">={v} <9", "{v} || ^{v}", "latest")


@dataclass
class Universe:
    """Manifests by name and version; `inside` are manifests that lie in a package's archive, by path."""

    rand: random.Random
    manifests: dict[str, dict[str, Manifest]] = field(default_factory=dict)
    inside: dict[tuple[str, str], dict[str, Manifest]] = field(default_factory=dict)

    def version(self, name: str) -> str:
        return self.rand.choice(sorted(self.manifests[name]))

    def range(self, name: str) -> str:
        """A requirement that some version meets."""
        version = self.version(name)
        return self.rand.choice(RANGES).format(v=version, major=version.partition(".")[0])

    def add(self, name: str, version: str, **more: Any) -> Manifest:
        made = {"name": name, "version": version, "license": "MIT", "main": "index.js", **more}
        self.manifests.setdefault(name, {})[version] = made
        return made

    def archives(self) -> dict[str, dict[str, tuple[Manifest, bytes]]]:
        """Everything as the registry serves it."""
        return {
            name: {version: (made, self.archive(name, version)) for version, made in versions.items()}
            for name, versions in self.manifests.items()
        }

    def archive(self, name: str, version: str) -> bytes:
        files = {"package.json": json.dumps(self.manifests[name][version]), "index.js": "module.exports = 1\n"}
        for path, manifest in self.inside.get((name, version), {}).items():
            files[f"{path}/package.json"] = json.dumps(manifest)
            files[f"{path}/index.js"] = "module.exports = 2\n"
        return archive_of(files)


def make_universe(seed: int) -> Universe:
    """Some thirty packages; a package needs mostly later ones, so that rings are few."""
    rand = random.Random(f"npm {seed}")
    made = Universe(rand)
    names = [f"@s/p{n}" if n % 5 == 0 else f"p{n}" for n in range(22)]
    for name in names:
        for major in range(1, rand.randint(2, 4)):
            for minor in sorted(rand.sample(range(4), rand.randint(1, 2))):
                made.add(name, f"{major}.{minor}.0")
    for at, name in enumerate(names):
        for manifest in made.manifests[name].values():
            _need(made, manifest, names, at)
    _platforms(made)
    _bundles(made, names)
    return made


def _need(made: Universe, manifest: Manifest, names: list[str], at: int) -> None:
    rand, later = made.rand, names[at + 1 :]
    chosen = rand.sample(later, min(len(later), rand.choice((0, 0, 1, 2, 3))))
    needs = {name: made.range(name) for name in chosen}
    if later and rand.random() < 0.12:
        other = rand.choice(later)
        needs[f"alias-{other.rpartition('/')[2]}"] = f"npm:{other}@^{made.version(other)}"
    if at > 3 and rand.random() < 0.08:
        needs[names[at - rand.randint(1, 3)]] = "*"
    if needs:
        manifest["dependencies"] = needs
    chance = rand.random()
    # a peer that is a dependency too is read in as many ways as there are clients
    later = [name for name in later if name not in needs]
    if chance < 0.15 and later:
        manifest["peerDependencies"] = {rand.choice(later): "*", "absent-peer": "*"}
        manifest["peerDependenciesMeta"] = {"absent-peer": {"optional": True}}
    elif chance < 0.25 and later:
        manifest["peerDependencies"] = {rand.choice(later): ">=1"}
        manifest["peerDependenciesMeta"] = {name: {"optional": True} for name in manifest["peerDependencies"]}
    if rand.random() < 0.15 and later:
        name = rand.choice(later)
        if name not in needs and name not in manifest.get("peerDependencies", {}):
            manifest["optionalDependencies"] = {name: made.range(name)}


def _platforms(made: Universe) -> None:
    """One package a platform below `native`; `only-mac` needs something that nothing else needs."""
    for system, machine in PLATFORMS:
        made.add(f"@native/{system}-{machine}", "1.0.0", os=[system], cpu=[machine])
    wanted = {f"@native/{system}-{machine}": "1.0.0" for system, machine in PLATFORMS}
    made.add("native", "1.0.0", optionalDependencies=wanted)
    made.add("mac-helper", "1.2.0")
    made.add("only-mac", "2.0.0", os=["darwin"], dependencies={"mac-helper": "^1.0.0"})
    made.add("not-windows", "1.0.0", os=["!win32"])


def _bundles(made: Universe, names: list[str]) -> None:
    """`bundler` brings `inner` and `deeper` along, of other versions than the registry has."""
    last = names[-1]
    made.add("inner", "1.1.0", dependencies={last: "*"})
    made.add("inner", "1.0.0")
    made.add("deeper", "1.0.0")
    made.add("bundler", "1.0.0", dependencies={"inner": "^1.0.0", last: "*"}, bundleDependencies=["inner"])
    made.inside["bundler", "1.0.0"] = {
        "node_modules/inner": {"name": "inner", "version": "1.0.5", "license": "MIT", "dependencies": {"deeper": "*"}},
        "node_modules/deeper": {"name": "deeper", "version": "1.0.7", "license": "MIT"},
    }
