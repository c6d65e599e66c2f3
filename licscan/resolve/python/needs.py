"""What packages need by their own metadata, held against what is listed: extras are followed, markers weighed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.model import Problem
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder
from licscan.resolve.python import pep508

MAX_NAMED = 8
"""So many packages are named in a sentence."""

_ASKED = re.compile(r"(?:[A-Za-z0-9._-]+\s*)?\[([^\]]*)\]")
_EXTRA = re.compile(r"""\bextra\s*==\s*['"]([^'"]*)['"]|['"]([^'"]*)['"]\s*==\s*extra\b""")
_CHOICE = re.compile(r"\bor\b")

Environment = Mapping[str, str]
"""A value for every PEP 508 variable but `extra`."""


@dataclass(frozen=True, slots=True)
class Held:
    """One listed package: its name, what its metadata require (None: unknown), whether that must be listed too.

    Where it must not (`plain` is False), since a lock lists it, the needs of the extras that are asked for count alone.
    """

    name: str
    requires: tuple[str, ...] | None
    plain: bool = True

    @property
    def key(self) -> str:
        """The name under which requests find it."""
        return normalize_pypi_name(self.name)


@dataclass(frozen=True, slots=True)
class Absent:
    """What is needed and not listed, by name, with the package (and its extra) that first asks for it."""

    here: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Needed in the `others` of the environments alone."""


def extras_asked(requirement: str | None) -> tuple[str, ...]:
    """The extras in the text of an edge (`[a,b]>=1`, `name[a]==2`), normalised and sorted."""
    found = _ASKED.match(requirement or "")
    names = found[1].split(",") if found else ()
    return tuple(sorted({normalize_pypi_name(name.strip()) for name in names if name.strip()}))


def absent(
    packages: Iterable[Held],
    there: Set[str],
    asked: Mapping[str, Iterable[str]],
    environments: Sequence[Environment],
    others: Sequence[Environment] = (),
) -> Absent:
    """What the packages need in one of the environments and is not among the names that are `there`.

    `asked` are the extras that are asked of those names; what a need asks of another listed package, and what an extra
    asks of its own package, is followed. `others` are environments of which it is not known whether they count.
    """
    by_key: dict[str, list[Held]] = {}
    for one in packages:
        by_key.setdefault(one.key, []).append(one)
    open_ = [(key, "") for key, same in by_key.items() if any(one.plain for one in same)]
    open_ += [(key, extra) for key in by_key for extra in asked.get(key, ())]
    here: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    seen = set(open_)
    while open_:
        key, extra = open_.pop()
        for one in by_key[key]:
            if not extra and not one.plain:
                continue
            by = f"{one.name}[{extra}]" if extra else one.name
            for need in _needs(one.requires or (), extra):
                name = normalize_pypi_name(need.name)
                if holds(need.marker, environments, extra):
                    further = [(name, inner) for inner in map(normalize_pypi_name, need.extras) if name in by_key]
                    open_ += [pair for pair in further if pair not in seen]
                    seen.update(further)
                    if name not in there:
                        here[name] = min(by, here.get(name, by))
                elif name not in there and holds(need.marker, others, extra):
                    elsewhere[name] = min(by, elsewhere.get(name, by))
    return Absent(dict(sorted(here.items())), {k: v for k, v in sorted(elsewhere.items()) if k not in here})


def _needs(texts: Iterable[str], extra: str) -> Iterable[pep508.Requirement]:
    """The requirements that may count where this extra is asked for; those of other extras are not even parsed."""
    for text in texts:
        marker = text.partition(";")[2]
        named = [normalize_pypi_name(one or other) for one, other in _EXTRA.findall(marker)] if marker else []
        if named and extra not in named and not _CHOICE.search(marker):
            continue
        if extra and not named:
            continue
        if (need := pep508.parse_requirement(text)) is not None:
            yield need


def holds(marker: str | None, environments: Sequence[Environment], extra: str = "") -> bool:
    """Whether a marker holds in one of the environments."""
    if not marker:
        return bool(environments)
    return any(_evaluated(marker, tuple(sorted(one.items())), extra) for one in environments)


@lru_cache(maxsize=20_000)
def _evaluated(marker: str, environment: tuple[tuple[str, str], ...], extra: str) -> bool:
    """Whether a marker holds; one that cannot be weighed does: what it asks for is looked for."""
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        return bool(Marker(marker).evaluate({**dict(environment), "extra": extra}))
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, RecursionError, ValueError):
        return True


def left_out(path: str, missing: Mapping[str, str], code: str | None) -> Problem:
    """A problem of a list or lock: what it leaves out, each with the package that needs it (empty: the project)."""
    told = ngettext(
        "{count} package that the listed ones need is missing from the list and was not judged: {names}",
        "{count} packages that the listed ones need are missing from the list and were not judged: {names}",
        len(missing),
    )
    shown = [_("{name} (for {package})").format(name=name, package=by) if by else name for name, by in missing.items()]
    return Problem("resolve", path, told.format(count=f"{len(missing):,}", names=few(shown)), code)


def tell_left_out(builder: Builder, shipped: Mapping[str, str], every: Mapping[str, str]) -> None:
    """The problems of a lock that lacks entries; what is needed for development alone is worth knowing, no more."""
    more = {name: by for name, by in every.items() if name not in shipped}
    for missing, code in ((shipped, "dependency-unresolved"), (more, None)):
        if missing:
            builder.problem(left_out(builder.path, missing, code).message, code=code)


def few(names: Sequence[str]) -> str:
    """The first names of many, with the count of the rest."""
    return listed(names, MAX_NAMED)
