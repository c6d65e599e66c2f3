"""Whose a source file is: the project's own, or whose else, under which license, and what tells that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from licscan.conclude.agree import fits, whole
from licscan.licenses.statements import category, evaluate, licenses_of
from licscan.model import NOASSERTION, NONE, SourceGroupKind
from licscan.source.header import NOTHING, Header, HeaderLicense
from licscan.source.holders import OwnHolders, words_of
from licscan.source.names import Sort, is_minified, is_test, name_and_version, sort_of, vendored_folder

_VERSION = re.compile(r"-\d")
_GNU = re.compile(r"[AL]?GPL-")
SURE = 97.0
"""A notice that resembles a GNU license less than this may be another of them: they differ in single words."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is the project's own. `areas` are folders of its parts with licenses of theirs, the root's under ``.

    `rules` are those by which files of its own holders state its license: who says it otherwise stands out.
    """

    licenses: tuple[str, ...] = ()
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    holders: OwnHolders = field(default_factory=OwnHolders)
    projects: tuple[str, ...] = ()
    is_proprietary: bool = False
    rules: frozenset[str] = frozenset()

    def at(self, path: str) -> tuple[str, ...]:
        """The own licenses where a file lies: the project's, and those of the part that it is in."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.areas:
                return (*self.areas[folder], *self.licenses)
        return self.licenses

    def is_called(self, name: str) -> bool:
        """Whether a name is that of the project itself."""
        words = words_of(name)
        return any(own and (own <= words or words <= own) for own in map(words_of, self.projects))


@dataclass(frozen=True, slots=True)
class Cover:
    """A license text beside files, for which it speaks; `expression` is NOASSERTION where none is known."""

    path: str
    expression: str
    holders: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A file that is not plainly the project's own; `lines` are those of the first statement."""

    path: str
    kind: SourceGroupKind
    expression: str
    area: str = ""
    beside_own: bool = False
    name: str | None = None
    version: str | None = None
    license_file: str | None = None
    in_tests: bool = False
    holders: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    package: str = ""
    share: int = 0
    also: tuple[str, ...] = ()
    declared: str = ""
    stated: str = ""
    changed: bool = False
    stated_lines: tuple[int, int] | None = None
    unmarked: str = ""


def is_own(expression: str, ours: Iterable[str]) -> bool:
    """Whether an expression can be met by own licenses alone: an OR by one branch, an AND by each part."""
    mine = tuple(ours)
    return evaluate(expression, lambda license_id: not any(fits(one, license_id) for one in mine)) is False


def place(path: str, header: Header, cover: Cover | None, own: Own) -> Placed | None:
    """What is to be said of one file; None where it is the project's own."""
    prose = sort_of(path) is Sort.PROSE
    said = [one for one in header.said if one.how == "spdx" or not prose]
    ours = own.at(path)
    holders = () if prose else tuple(holder for holder, _line in header.holders)
    mine = [one for one in said if is_own(one.expression, ours) or _may_be_own(one, ours)]
    others = _foreign(said, mine, ours)
    if own.is_proprietary and all(map(own.holders.is_own, holders)):
        others = [one for one in others if not _is_closed(one.expression)]
    facts = _Facts(path, header, tuple(mine), tuple(others), holders, cover, own, prose)
    return _from_others(facts) if facts.is_vendored else _in_own_place(facts)


def _may_be_own(said: HeaderLicense, ours: tuple[str, ...]) -> bool:
    """Whether it is an unsure reading of a GNU notice in a project under such a license."""
    if said.score >= SURE or said.how != "notice":
        return False
    return any(map(_GNU.match, ours)) and any(map(_GNU.match, licenses_of(said.expression)))


def _foreign(said: list[HeaderLicense], mine: list[HeaderLicense], ours: tuple[str, ...]) -> list[HeaderLicense]:
    """The statements of other licenses; a mere name of the family of a license that is there adds none."""
    firm = [one for one in said if one.is_firm or one in mine]
    families = {_family(name) for one in firm for name in licenses_of(one.expression)}
    families |= {_family(name) for name in ours} if mine else set()
    return [
        one
        for one in said
        if one not in mine
        and (one.is_firm or not all(_family(name) in families for name in licenses_of(one.expression)))
    ]


def _family(license_id: str) -> str:
    return _VERSION.split(license_id, maxsplit=1)[0]


def _is_closed(expression: str) -> bool:
    return all(category(name) == "Commercial" for name in licenses_of(expression))


@dataclass(frozen=True, slots=True)
class _Facts:
    path: str
    header: Header
    mine: tuple[HeaderLicense, ...]
    others: tuple[HeaderLicense, ...]
    holders: tuple[str, ...]
    cover: Cover | None
    own: Own
    prose: bool

    @property
    def names_own_holder(self) -> bool:
        return any(map(self.own.holders.is_own, self.holders))

    @property
    def other_holders(self) -> tuple[str, ...]:
        return tuple(holder for holder in self.holders if not self.own.holders.is_own(holder))

    @property
    def named(self) -> tuple[str, str] | None:
        """The work that a banner or the file's name tells, with its version, unless it is the project itself."""
        header = self.header
        told = (header.name, header.version) if header.name and header.version else name_and_version(self.path)
        return None if told is None or self.own.is_called(told[0]) else told

    @property
    def is_glue(self) -> bool:
        """Whether it only makes a folder of other people's work a package: a file without a statement, loose in it."""
        if self.header != NOTHING or self.cover is not None:
            return False
        folder, _slash, name = self.path.rpartition("/")
        return folder == vendored_folder(self.path) and name.partition(".")[0] in ("__init__", "index", "conftest")

    @property
    def is_by_others(self) -> bool:
        """Whether the text that speaks for it is by others, or the file is no source at all."""
        if self.cover is None:
            return False
        own = self.own.holders
        return not any(map(own.is_own, self.cover.holders)) and bool(self.cover.holders or not self.cover.path)

    @property
    def is_vendored(self) -> bool:
        """Whether its place, its name or a banner says that it is other people's work."""
        if self.names_own_holder and not self.others:
            return False
        if vendored_folder(self.path):
            # prose beside vendored code says nothing of itself, and glue is not the work
            return bool(self.others) or not (self.prose or self.is_glue)
        if self.is_by_others:
            return not self.prose
        if self.prose:
            return False
        banner = bool(self.header.version) and self.named is not None
        stem = self.path.rpartition("/")[2].partition(".")[0]
        return banner or (is_minified(self.path) and not self.own.is_called(stem))


def _from_others(facts: _Facts) -> Placed | None:
    said = (*facts.others, *facts.mine)
    cover = facts.cover
    if said:
        expression = whole(one.expression for one in said)
    elif facts.header.unknown:
        expression = NOASSERTION
    else:
        expression = cover.expression if cover else NONE
    kind = SourceGroupKind.UNLICENSED if expression == NONE else SourceGroupKind.VENDORED
    covered = cover is not None and not said and cover.expression != NONE
    return _placed(facts, kind, expression, said, cover if covered else None)


def _in_own_place(facts: _Facts) -> Placed | None:
    cover = facts.cover
    if cover is not None and not facts.others and not facts.mine and not facts.prose:
        # a folder of the project's own under another license, as its text says
        return _placed(facts, SourceGroupKind.FOREIGN_LICENSE, cover.expression, (), cover)
    if facts.others:
        expression = whole(one.expression for one in facts.others)
        return _placed(facts, SourceGroupKind.FOREIGN_LICENSE, expression, facts.others)
    licensed = bool(facts.mine) or facts.header.refers
    closed = facts.own.is_proprietary and facts.names_own_holder
    if facts.header.unknown and not licensed and not facts.prose and not closed:
        return _placed(facts, SourceGroupKind.FOREIGN_LICENSE, NOASSERTION, ())
    if not facts.other_holders or facts.names_own_holder or not facts.own.holders.names:
        return None
    if facts.mine and not any(one.rule in facts.own.rules for one in facts.mine):
        return _placed(facts, SourceGroupKind.VENDORED, whole(one.expression for one in facts.mine), facts.mine)
    return None if licensed else _placed(facts, SourceGroupKind.OTHER_HOLDER, NONE, ())


def _placed(
    facts: _Facts, kind: SourceGroupKind, expression: str, said: tuple[HeaderLicense, ...], cover: Cover | None = None
) -> Placed:
    header = facts.header
    first = min(said, key=lambda one: one.start) if said else None
    line = header.unknown or (header.holders[0][1] if facts.holders else None)
    name, version = facts.named or (None, None)
    foreign = kind is SourceGroupKind.FOREIGN_LICENSE
    return Placed(
        path=facts.path,
        kind=kind,
        expression=expression,
        area="" if foreign else _area(facts.path),
        beside_own=foreign and bool(facts.mine),
        name=None if foreign else name,
        version=None if foreign else version,
        license_file=cover.path if cover else None,
        in_tests=is_test(facts.path),
        holders=facts.holders if facts.holders or cover is None else cover.holders,
        rules=tuple(sorted({one.rule for one in said})) or (cover.rules if cover else ()),
        lines=(first.start, first.end) if first else ((line, line) if line else None),
    )


def _area(path: str) -> str:
    """What goes together in a folder for other people's work: one folder in it, or the loose files."""
    folder = vendored_folder(path)
    if folder is None:
        return ""
    rest = path[len(folder) + 1 :].split("/")
    return f"{folder}/{rest[0]}" if len(rest) > 1 else folder
