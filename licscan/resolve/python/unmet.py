"""What the entries of a Python lock need and the lock has no entry for, wherever it is meant to be installed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from licscan.model import UNSHIPPED
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder
from licscan.resolve.python.common import CROWD, Linker, Locked, Need, Start
from licscan.resolve.python.constraint import satisfies
from licscan.resolve.python.needs import Environment, holds, tell_left_out
from licscan.resolve.python.pythons import environment

_SYSTEMS = (("linux", "x86_64"), ("linux", "aarch64"), ("macos", "aarch64"), ("windows", "x86_64"))
_MINORS = range(6, 17)
_CONFLICT = re.compile(r"""['"]((?:extra|group)-[^'"]{1,200})['"]""")
"""How uv writes in markers which of the project's own extras and groups exclude each other."""


def report_unmet(
    builder: Builder,
    linker: Linker,
    python: str | None,
    *,
    supported: Sequence[str] = (),
    own: str | None = None,
    roots_told: bool = False,
) -> None:
    """A problem where something on the way from the roots has no entry, though its markers hold somewhere.

    `python` is the constraint of the lock on Python, `supported` the markers of which one holds wherever it is
    installed. `own` is the project's name, which needs no entry; `roots_told` whether what the project itself asks for
    without a marker is told elsewhere. What is needed for development alone is worth knowing, no more.
    """
    if not linker.unmet:
        return
    walk = _Walk(linker, _environments(python or "", supported), normalize_pypi_name(own or ""), roots_told)
    shipped = walk.run(start for start in linker.starts if start[2] not in UNSHIPPED)
    every = walk.run(linker.starts)
    tell_left_out(builder, shipped, every)


def _environments(python: str, supported: Sequence[str]) -> list[Environment]:
    minors = [minor for minor in _MINORS if not python or satisfies(f"3.{minor}.99", python)]
    every = [environment(*system, (3, minor)) for system in _SYSTEMS for minor in minors]
    return [one for one in every if not supported or any(holds(marker, [one]) for marker in supported)]


class _Walk:
    """Walks through a lock with the environments in which each entry is installed, as bits of a number."""

    def __init__(self, linker: Linker, environments: list[Environment], own: str, roots_told: bool):
        self.linker = linker
        self.environments = environments
        self.own = own
        self.roots_told = roots_told
        self._masks: dict[tuple[str | None, str], int] = {}

    def run(self, starts: Iterable[Start]) -> dict[str, str]:
        """What is missing, with the package that first needs it."""
        absent: dict[str, str] = {}
        masks: dict[tuple[int, str], int] = {}
        queue: deque[tuple[Locked, str]] = deque()
        everywhere = (1 << len(self.environments)) - 1

        def take(by: str, needs: Iterable[Need], extra: str, mask: int) -> None:
            for need in needs:
                there = mask & self._mask(need.marker, extra)
                found = self.linker.targets(need) if there and need.key else []
                if there and need.key and not found and need.key != self.own:
                    absent[need.key] = min(by, absent.get(need.key, by))
                for target in found if len(found) <= CROWD else ():
                    for one in ("", *need.extras):
                        known = masks.get((id(target), one), 0)
                        if there & ~known:
                            masks[id(target), one] = known | there
                            queue.append((target, one))

        for _root, need, _scope in starts:
            if need.marker is not None or not self.roots_told or need.key in self.linker.names:
                take("", [need], "", everywhere)
        while queue:
            entry, extra = queue.popleft()
            by = f"{entry.component.name}[{extra}]" if extra else entry.component.name
            take(by, entry.extras.get(extra, ()) if extra else entry.needs, extra, masks[id(entry), extra])
        return dict(sorted(absent.items()))

    def _mask(self, marker: str | None, extra: str) -> int:
        """The environments in which a marker holds."""
        key = (marker, extra)
        if key not in self._masks:
            extras = ["", *([extra] if extra else ()), *_CONFLICT.findall(marker or "")]
            bits = (1 << n for n, one in enumerate(self.environments) if _any(marker, one, extras))
            self._masks[key] = sum(bits)
        return self._masks[key]


def _any(marker: str | None, one: Mapping[str, str], extras: Iterable[str]) -> bool:
    return any(holds(marker, [one], extra) for extra in extras)


def note_open_extras(builder: Builder, linker: Linker) -> None:
    """Keep the extras that are asked of packages, and of which the lock lists nothing."""
    for purl, extra in linker.open_extras:
        builder.open_extra(purl, extra)
