"""The platform that something is shipped for, and which wheel of a version an installer takes there (PEP 425, 600)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from licscan.base.errors import InputError
from licscan.base.messages import _

if TYPE_CHECKING:
    from packaging.tags import Tag

DEFAULT = "linux-x86_64"
SYSTEMS = ("linux", "musl", "macos", "windows")
_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64", "i386": "i686", "x86": "i686"}
_PYTHONS = ((3, 12), (3, 13), (3, 11), (3, 14), (3, 10), (3, 9), (3, 8))
"""CPython's versions in the order in which they are tried where a lock leaves it open."""
_MACOS = (26, 0)
_GLIBC, _MUSL = 42, 2
"""The newest minor versions for which wheels are looked for."""
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}


@dataclass(frozen=True, slots=True)
class Platform:
    """A system (`linux`, `musl`, `macos`, `windows`, `any`), a machine as Linux names it, and a version of CPython."""

    system: str = "linux"
    machine: str = "x86_64"
    python: tuple[int, int] = _PYTHONS[0]

    def __str__(self) -> str:
        shown = "arm64" if (self.system, self.machine) == ("macos", "aarch64") else self.machine
        return self.system if self.system == "any" else f"{self.system}-{shown}"


def parse_platform(text: str = DEFAULT, requires_python: str | None = None) -> Platform:
    """`linux-x86_64`, `linux-aarch64`, `musl-x86_64`, `macos-arm64`, `windows-x86_64`, `any`. InputError else.

    `requires_python` is a lock's requirement (PEP 440): the first of the usual versions that it allows is taken.
    """
    system, dash, machine = text.strip().lower().partition("-")
    machine = machine.replace("-", "_")
    if system == "any" and not dash:
        return Platform("any", "", python_of(requires_python))
    machine = _MACHINES.get(machine, machine)
    if system not in SYSTEMS or not machine.replace("_", "").isalnum():
        known = "linux-x86_64, linux-aarch64, musl-x86_64, macos-arm64, macos-x86_64, windows-x86_64, any"
        said = _("{text} is not a platform").format(text=text)
        raise InputError(said, remedy=_("give one of {known}").format(known=known))
    return Platform(system, machine, python_of(requires_python))


def python_of(requires_python: str | None) -> tuple[int, int]:
    """The version of CPython that a requirement leads to; the usual one where it says nothing or nonsense."""
    return pythons_of(requires_python)[0]


def pythons_of(requires_python: str | None) -> tuple[tuple[int, int], ...]:
    """The usual versions of CPython that a requirement allows, the first as above; never empty.

    Where it allows none of the usual ones, older ones count.
    """
    from packaging.specifiers import SpecifierSet

    try:
        allowed = SpecifierSet(requires_python or "")
        usual = tuple(one for one in _PYTHONS if allowed.contains(f"{one[0]}.{one[1]}.99"))
        older = tuple((3, minor) for minor in range(7, 3, -1) if allowed.contains(f"3.{minor}.99"))
    except ValueError:  # no specifier, or a version with more digits than Python takes for a number
        return _PYTHONS[:1]
    return usual or older or _PYTHONS[:1]


@cache
def ranks(platform: Platform) -> dict[Tag, int]:
    """Every tag that fits, the best with the lowest rank; the wheels of other Pythons for the same platform follow."""
    found: dict[Tag, int] = {}
    others = [one for one in _PYTHONS if one != platform.python]
    for version in (platform.python, *others):
        for tag in _tags(platform, version):
            found.setdefault(tag, len(found))
    return found


def _tags(platform: Platform, version: tuple[int, int]) -> Iterator[Tag]:
    from packaging.tags import compatible_tags, cpython_tags

    names = list(_platforms(platform))
    if names:
        yield from cpython_tags(version, platforms=names)
    yield from compatible_tags(version, f"cp{version[0]}{version[1]}", names or ["any"])


def _platforms(platform: Platform) -> Iterator[str]:
    machine = platform.machine
    if platform.system == "linux":
        for minor in range(_GLIBC, 4, -1):
            yield f"manylinux_2_{minor}_{machine}"
            if minor in _LEGACY:
                yield f"{_LEGACY[minor]}_{machine}"
        yield f"linux_{machine}"
    elif platform.system == "musl":
        yield from (f"musllinux_1_{minor}_{machine}" for minor in range(_MUSL, -1, -1))
        yield f"linux_{machine}"
    elif platform.system == "macos":
        from packaging.tags import mac_platforms

        yield from mac_platforms(_MACOS, "arm64" if machine == "aarch64" else machine)
    elif platform.system == "windows":
        yield {"x86_64": "win_amd64", "aarch64": "win_arm64", "i686": "win32"}.get(machine, f"win_{machine}")


class Candidate(NamedTuple):
    """One file of a version as an index lists it: its name, `wheel` or `sdist`, its hashes (`algorithm:hex`)."""

    name: str
    kind: str
    hashes: tuple[str, ...]


def order(files: Sequence[Candidate], platform: Platform, pinned: Iterable[str] = ()) -> list[int]:
    """Which files to try, best first, as indices: those that the lock's hashes allow, of these what the platform takes.

    A wheel that fits, then any wheel of the version (its texts are the same as a rule), then source distributions.
    Files whose hashes the index does not tell may be the lock's, and come after those that are. Empty where every file
    has a hash and the lock has none of them.
    """
    wanted = {one.lower() for one in pinned}
    known = {algorithm for one in wanted if (algorithm := one.partition(":")[0])}
    scored = []
    for index, one in enumerate(files):
        comparable = [digest for digest in one.hashes if digest.partition(":")[0] in known]
        if comparable and not wanted & {digest.lower() for digest in comparable}:
            continue
        locked = 0 if comparable or not wanted else 1
        scored.append((locked, *_fit(one, platform), one.name, index))
    return [entry[-1] for entry in sorted(scored)]


def _fit(one: Candidate, platform: Platform) -> tuple[int, int]:
    if one.kind != "wheel":
        return 2, 0 if one.name.endswith(".tar.gz") else 1
    table = ranks(platform)
    best = min((table[tag] for tag in _tags_of(one.name) if tag in table), default=None)
    return (1, 0) if best is None else (0, best)


def _tags_of(name: str) -> Iterable[Tag]:
    from packaging.tags import parse_tag

    parts = name.removesuffix(".whl").rsplit("-", 3)
    try:
        return parse_tag("-".join(parts[1:])) if len(parts) == 4 else ()
    except ValueError:
        return ()
