"""What package.json asks for beside what a lock was written for: equal, satisfied, out of date."""

from __future__ import annotations

import re
from collections.abc import Iterable

from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.base.tree import join
from licscan.model import Scope, SourceKind
from licscan.resolve.builder import Builder
from licscan.resolve.js.manifest import Request
from licscan.resolve.js.sources import source_of

_SHOWN = 5
_MAX_RANGE = 256
_PLAIN = re.compile(r"(\^|~|>=)?(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_REPOSITORY = re.compile(r"^git\+?[a-z+]*:(?://)?(?:[^@/]*@)?|^git@|(?:\.git)?(?=@[^/@]*$)|\.git$")


def split_alias(spec: str) -> tuple[str | None, str]:
    """The real name and the range of `npm:real@range`; no name where it is no alias."""
    if not spec.startswith("npm:"):
        return None, spec
    aliased = spec[4:]
    name, at, wanted = aliased.rpartition("@")
    return (name, wanted) if at and name else (aliased, "*")


def same_spec(first: str, second: str) -> bool:
    """Whether two texts ask for the same; npm rewrites git addresses, and paths of folders."""
    if first.strip() == second.strip() or {first.strip(), second.strip()} <= {"", "*"}:
        return True
    one, other = source_of(first), source_of(second)
    if one.kind is not other.kind:
        return False
    if one.kind is SourceKind.GIT:
        return _repository(one.url or "") == _repository(other.url or "")
    if one.kind is SourceKind.PATH:
        return join("", one.url or "") == join("", other.url or "")
    return first.split() == second.split()


def _repository(url: str) -> str:
    return _REPOSITORY.sub("", url).replace(":", "/").lower()


def satisfies(version: str, wanted: str) -> bool | None:
    """Whether a version is in a range as npm reads it; None where it cannot be told (a tag, a URL)."""
    plain = _plainly(version, wanted.strip())
    if plain is not None:
        return plain
    if len(wanted) > _MAX_RANGE or len(version) > _MAX_RANGE or not re.fullmatch(r"[-+0-9A-Za-z.*^~<>=| ]*", wanted):
        return None
    if not re.search(r"\d|^\s*[*xX]?\s*$", wanted):
        return None
    import nodesemver

    try:
        return bool(nodesemver.satisfies(version, wanted.strip() or "*", loose=True))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return None


def _plainly(version: str, wanted: str) -> bool | None:
    """The same for three numbers behind `^`, `~`, `>=` or nothing, which nearly all are; None for anything else."""
    asked, there = _PLAIN.fullmatch(wanted), _PLAIN.fullmatch(version)
    if asked is None or there is None or there[1]:
        return None
    least, own = tuple(map(int, asked.groups()[1:])), tuple(map(int, there.groups()[1:]))
    if not asked[1]:
        return own == least
    if asked[1] == ">=" or own < least:
        return own >= least
    # `^` may change what stands behind the first number that is not zero
    fixed = 2 if asked[1] == "~" else next((place for place, number in enumerate(least, 1) if number), 3)
    return own[:fixed] == least[:fixed]


def differences(manifest: Iterable[Request], lock: Iterable[Request]) -> list[str]:
    """What the manifest asks for otherwise than the lock records, each as `name spec`, sorted."""
    wanted = {(request.name, request.scope): request.spec for request in manifest}
    locked = {(request.name, request.scope): request.spec for request in lock}
    found = []
    for (name, scope), spec in wanted.items():
        there = locked.get((name, scope))
        if there is None:
            found.append(_("{name} {spec} ({scope}) is not in the lockfile").format(name=name, spec=spec, scope=scope))
        elif not same_spec(spec, there):
            found.append(_("{name} {spec} is {there} in the lockfile").format(name=name, spec=spec, there=there))
    for (name, scope), spec in locked.items():
        if (name, scope) not in wanted:
            found.append(_("{name} {spec} ({scope}) is only in the lockfile").format(name=name, spec=spec, scope=scope))
    return sorted(found)


def report_stale(builder: Builder, manifest: str, found: list[str]) -> None:
    """Report a lock that was not written for the manifest as it stands; nothing where there is no difference."""
    if not found:
        return
    message = _("is out of date with {manifest}: {differences}").format(
        manifest=manifest, differences=listed(found, _SHOWN, _("; "))
    )
    builder.problem(message, code="lock-out-of-date")


def combined(manifest: Iterable[Request], lock: Iterable[Request]) -> list[Request]:
    """What a project needs: its manifest's requests, and the lock's for names that only the lock has."""
    wanted = list(manifest)
    names = {request.name for request in wanted}
    return wanted + [request for request in lock if request.name not in names]


def strongest(requests: Iterable[Request]) -> list[Request]:
    """One request a name, for a published package: optional wins over runtime, runtime over peer."""
    rank = {Scope.OPTIONAL: 0, Scope.RUNTIME: 1, Scope.PEER: 2}
    best: dict[str, Request] = {}
    for request in requests:
        known = best.get(request.name)
        if known is None or rank.get(request.scope, 3) < rank.get(known.scope, 3):
            best[request.name] = request
    return list(best.values())
