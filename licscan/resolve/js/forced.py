"""Versions that a project forces on its whole tree (`overrides`, `resolutions`), held against what a lock has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from licscan.base.messages import _
from licscan.resolve.builder import Builder
from licscan.resolve.js.manifest import valid_name
from licscan.resolve.js.requests import report_stale, satisfies

REMOVED = "-"
"""pnpm's word for a package that nothing may bring in."""

_EVERYWHERE = re.compile(r"(?:\*\*/)?((?:@[^/@>]+/)?[^/@>]+)")


def report_forced(
    builder: Builder, manifest: str, forced: Iterable[tuple[str, str]], locked: Mapping[str, Iterable[str | None]]
) -> None:
    """A problem where the lock has another version than the one that is forced everywhere.

    `forced` are selectors with requirements, `locked` the versions by name. A selector for some parents or some ranges
    alone is passed over: who asks for what is the tool's to say, and so is what a tag or an address stands for.
    """
    found = []
    for selector, wanted in forced:
        name = _EVERYWHERE.fullmatch(selector.removesuffix(">."))
        if name is None or not valid_name(name[1]):
            continue
        for version in sorted({version for version in locked.get(name[1], ()) if version}):
            if wanted == REMOVED or satisfies(version, wanted.removeprefix("npm:")) is False:
                said = _("{name} {spec} is {there} in the lockfile")
                found.append(said.format(name=name[1], spec=wanted, there=version))
    report_stale(builder, manifest, sorted(found))


def name_of(selector: str) -> str:
    """The package that a selector is about: `a>b@^2` and `a/**/b` are about `b`, `a>.` about `a`."""
    *parents, last = selector.removesuffix(">.").rpartition(">")[2].split("/")
    if parents and parents[-1].startswith("@"):
        last = f"{parents[-1]}/{last}"
    at = last.find("@", 1)
    return last if at < 0 else last[:at]
