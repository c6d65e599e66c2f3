"""Files of which the same is to be said, as one group each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from licscan.model import Location, SourceGroup, SourceGroupKind
from licscan.source.holders import words_of
from licscan.source.placing import Placed

MAX_HOLDERS = 10
MAX_LOCATIONS = 10
MAX_RULES = 20
MOST_ALIKE = 5
"""More groups than this that only differ in their holders become one."""

Key = tuple[str, ...]
Holders = frozenset[frozenset[str]]
"""Holders by the words that tell them, whatever their spelling."""


def grouped(placed: Iterable[Placed]) -> tuple[SourceGroup, ...]:
    """The groups, sorted; files of one work, or of one place, license and holder, go together."""
    files = sorted(placed, key=lambda one: one.path)
    holders: dict[Key, set[Holders]] = {}
    for one in files:
        holders.setdefault(_key(one), set()).add(_holders(one))
    groups: dict[tuple[Key, Holders], list[Placed]] = {}
    for one in files:
        key = _key(one)
        merged = one.area or one.kind is SourceGroupKind.OTHER_HOLDER or len(holders[key]) > MOST_ALIKE
        groups.setdefault((key, frozenset() if merged else _holders(one)), []).append(one)
    return tuple(sorted(map(_group, groups.values()), key=_order))


def _holders(one: Placed) -> Holders:
    return frozenset(words_of(holder) for holder in one.holders)


def _key(one: Placed) -> Key:
    text = one.license_file or ""
    named = (one.name or "", one.version or "", one.package)
    said = (one.declared, one.stated, str(one.changed), str(bool(one.unmarked)))
    return (one.kind, one.expression, one.area, text, *named, *said, str(one.beside_own), str(one.in_tests))


def _order(group: SourceGroup) -> tuple[str, ...]:
    return (group.path, group.kind, group.expression, group.name or "", group.version or "", *group.holders)


def _group(files: list[Placed]) -> SourceGroup:
    first = files[0]
    return SourceGroup(
        path=_common([one.path for one in files]),
        kind=first.kind,
        expression=first.expression,
        files=len(files),
        beside_own=first.beside_own,
        name=first.name,
        version=first.version,
        license_file=first.license_file,
        in_tests=first.in_tests,
        holders=_spelt(holder for one in files for holder in one.holders),
        rules=tuple(sorted({rule for one in files for rule in one.rules})[:MAX_RULES]),
        locations=tuple(place for one in files[:MAX_LOCATIONS] for place in _locations(one)),
        package=first.package,
        share=min(one.share for one in files),
        also=tuple(sorted({name for one in files for name in one.also})[:MAX_HOLDERS]),
        declared=first.declared,
        stated=first.stated,
        changed=first.changed,
        unmarked=first.unmarked,
    )


def _spelt(holders: Iterable[str]) -> tuple[str, ...]:
    """Each holder once, as it is spelt first."""
    found: dict[frozenset[str], str] = {}
    for holder in holders:
        found.setdefault(words_of(holder), holder)
    return tuple(found.values())[:MAX_HOLDERS]


def _locations(one: Placed) -> Iterator[Location]:
    yield Location(one.path, *one.lines) if one.lines else Location(one.path)
    if one.stated_lines:
        yield Location(one.path, *one.stated_lines)


def _common(paths: list[str]) -> str:
    """The one path, or the folder that holds all; `.` for the root."""
    if len(paths) == 1:
        return paths[0]
    first, last = paths[0].split("/")[:-1], paths[-1].split("/")[:-1]
    count = 0
    while count < min(len(first), len(last)) and first[count] == last[count]:
        count += 1
    return "/".join(first[:count]) or "."
