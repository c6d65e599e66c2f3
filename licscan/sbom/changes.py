"""What changed between two deliveries of one product: packages, versions, licenses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from licscan.model import NOASSERTION, ComponentKind, Scan

Name = tuple[str, str]
"""Ecosystem and name: a package, whatever its version."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A package of which something changed; versions and licenses as lists with commas, empty where there are none."""

    ecosystem: str
    name: str
    old_version: str
    new_version: str
    old_license: str
    new_license: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since the last delivery, which was judged at `when` (ISO 8601, UTC); each sorted.

    `changed` are packages in other versions; `relicensed` those whose license is another one, in whatever version.
    """

    when: str
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    relicensed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.relicensed)


def is_same_product(purl: str, supplier: str, other_purl: str, other_supplier: str) -> bool:
    """Whether two products of one name are one: by their suppliers where both are named, and by their PackageURLs.

    A PackageURL of our own making (`pkg:generic/NAME`) says nothing. Where only one of them names its supplier, the
    PackageURLs have to tell; what nothing tells is not taken for the same.
    """
    names = _plain(supplier), _plain(other_supplier)
    if all(names) and names[0] != names[1]:
        return False
    bases = _base(purl), _base(other_purl)
    if all(bases):
        return bases[0] == bases[1]
    return bool(names[0]) == bool(names[1])


def _plain(supplier: str) -> str:
    """A supplier's name without its address, case, punctuation and legal form."""
    words = re.sub(r"[^\w\s]", "", supplier.partition(" <")[0].casefold()).split()
    kept = [word for word in words if word not in _FORMS]
    return " ".join(kept or words)


_FORMS = frozenset(
    {"ltd", "limited", "inc", "incorporated", "gmbh", "ag", "llc", "co", "corp", "corporation", "sa", "bv"}
)


def _base(purl: str) -> str:
    """The PackageURL without version, qualifiers and path; empty for one that was made from a name."""
    base = purl.partition("?")[0].partition("#")[0]
    base = base.rpartition("@")[0] if "@" in base.rpartition("/")[2] else base
    return "" if base.startswith("pkg:generic/") and base.count("/") == 1 else base


def changes(when: str, before: Scan, after: Scan) -> Changes:
    """The difference between two scans of one product."""
    old, new = _packages(before), _packages(after)
    both = [_change(name, old[name], new[name]) for name in sorted(old.keys() & new.keys())]
    return Changes(
        when=when,
        added=tuple(_change(name, {}, new[name]) for name in sorted(new.keys() - old.keys())),
        removed=tuple(_change(name, old[name], {}) for name in sorted(old.keys() - new.keys())),
        changed=tuple(one for one in both if one.old_version != one.new_version),
        relicensed=tuple(one for one in both if one.old_license != one.new_license),
    )


def _packages(scan: Scan) -> dict[Name, dict[str, str]]:
    """The licenses of every package by version."""
    found: dict[Name, dict[str, str]] = {}
    for one in scan.graph.components:
        if one.kind is ComponentKind.PACKAGE:
            conclusion = scan.by_purl.get(one.purl)
            license_ = conclusion.concluded if conclusion else NOASSERTION
            found.setdefault((one.ecosystem, one.name), {})[one.version or ""] = license_
    return found


def _change(name: Name, old: Mapping[str, str], new: Mapping[str, str]) -> Change:
    versions = [", ".join(sorted(side)) for side in (old, new)]
    return Change(name[0], name[1], versions[0], versions[1], _licenses(old), _licenses(new))


def _licenses(side: Mapping[str, str]) -> str:
    return ", ".join(sorted(set(side.values())))
