"""A universe of Python packages from a seed: extras, markers, forks, ranges; each needs later ones only."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from made.registry import wheel_of

MARKERS = ('python_version < "3.11"', 'python_version >= "3.11"', 'sys_platform == "win32"', 'sys_platform == "linux"')
RANGES = ("", "", ">={v}", "=={v}", "~={v}", "<9", ">={v},<9", "!=0.9")
EXTRAS = ("fast", "more")


@dataclass
class Package:
    """One version: what it needs."""

    name: str
    version: str
    requires: list[str] = field(default_factory=list)


@dataclass
class Universe:
    """Packages by name and version."""

    rand: random.Random
    packages: dict[str, dict[str, Package]] = field(default_factory=dict)

    def request(self, name: str) -> str:
        """A requirement that some version meets, perhaps with an extra and a marker."""
        version = self.rand.choice(sorted(self.packages[name]))
        extra = self.rand.choice(("", "", "", "[fast]", "[fast,more]"))
        marker = self.rand.choice(("", "", "", "", *MARKERS))
        text = f"{name}{extra}{self.rand.choice(RANGES).format(v=version)}"
        return f"{text} ; {marker}" if marker else text

    def wheels(self) -> dict[str, dict[str, bytes]]:
        """Everything as the index serves it."""
        return {
            name: dict(wheel_of(one.name, one.version, one.requires, list(EXTRAS)) for one in versions.values())
            for name, versions in self.packages.items()
        }


def make_universe(seed: int) -> Universe:
    """Some twenty packages, and `made-numpy` in two versions for a fork by Python's version."""
    rand = random.Random(f"python {seed}")
    made = Universe(rand)
    names = [f"pkg-{letter}" for letter in "abcdefghijklmnop"]
    for name in names:
        versions = [f"{major}.{rand.randint(0, 4)}" for major in range(1, rand.randint(2, 4))]
        made.packages[name] = {version: Package(name, version) for version in versions}
    made.packages["made-numpy"] = {version: Package("made-numpy", version) for version in ("1.26", "2.1")}
    for at, name in enumerate(names):
        for one in made.packages[name].values():
            _need(made, one, [*names[at + 1 :], "made-numpy"])
    return made


def _need(made: Universe, one: Package, later: list[str]) -> None:
    rand = made.rand
    for name in rand.sample(later, min(len(later), rand.randrange(3))):
        one.requires.append(_loose(made, name))
    for extra in EXTRAS:
        if rand.random() < 0.3:
            one.requires.append(_with(_loose(made, rand.choice(later)), f'extra == "{extra}"'))
    if rand.random() < 0.1:
        one.requires.append(f'{one.name}[fast] ; extra == "more"')


def _loose(made: Universe, name: str) -> str:
    """Without an upper bound, so that most projects can be resolved."""
    marker = made.rand.choice(("", "", "", *MARKERS))
    text = f"{name}{made.rand.choice(('', '', '>=1.0', '[fast]'))}"
    return f"{text} ; {marker}" if marker else text


def _with(text: str, marker: str) -> str:
    need, semicolon, own = text.partition(" ; ")
    return f"{need} ; ({own}) and {marker}" if semicolon else f"{need} ; {marker}"
