"""Why licscan and a Python client may differ: one row a reason. All are on the safe side."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement

from made.python_projects import Project
from made.python_views import HERE, View
from made.reasons import Difference

Excuses = Callable[[Project, Difference, View], bool]
Environment = dict[str, str]

GRID = tuple(
    {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.{patch}",
        "sys_platform": system,
        "platform_python_implementation": "CPython",
    }
    for minor, patch, system in itertools.product(range(9, 16), (0, 5), ("linux", "darwin", "win32"))
)


def _no_way(project: Project, found: Difference, view: View) -> bool:
    """Whether a lock of uv leads to a package that ships only by ways whose markers exclude each other."""
    lock = project.folder / "uv.lock"
    if found.title != "shipped" or not found.ours or not found.label or not lock.is_file():
        return False
    table = tomllib.loads(lock.read_text())
    return not any(found.label in shipped_by_uv(table, one) for one in GRID)


def shipped_by_uv(lock: Mapping[str, Any], environment: Environment) -> set[tuple[str, str]]:
    """What the members of a lock need in one environment, with all their extras and without their groups."""
    packages = {(one["name"], one.get("version", "")): one for one in lock["package"]}
    by_name: dict[str, list[tuple[str, str]]] = {}
    for key in packages:
        by_name.setdefault(key[0], []).append(key)
    own = set(lock.get("manifest", {}).get("members", [])) | {
        name
        for (name, _version), one in packages.items()
        if one["source"].get("virtual") or "editable" in one["source"]
    }
    queue = [(key, extra) for key in packages if key[0] in own for extra in ("", *_extras(packages[key]))]
    done = set()
    while queue:
        key, extra = queue.pop()
        if (key, extra) in done:
            continue
        done.add((key, extra))
        one = packages[key]
        wanted = one.get("optional-dependencies", {}).get(extra, []) if extra else one.get("dependencies", [])
        for need in wanted:
            if "marker" in need and not Marker(need["marker"]).evaluate(dict(environment)):
                continue
            keys = [(need["name"], need["version"])] if "version" in need else by_name[need["name"]]
            queue += [(child, more) for child in keys for more in ("", *need.get("extra", []))]
    return {key for key, _extra in done}


def _extras(package: Mapping[str, Any]) -> Iterator[str]:
    yield from package.get("optional-dependencies", {})


def _not_weighed(project: Project, found: Difference, view: View) -> bool:
    """Whether a request for the name does not hold here, and nobody named the environment."""
    if "environment that is named" in project.constructs or not found.ours or not found.label:
        return False
    return found.label[0] in _asked_elsewhere(project)


def _fork(project: Project, found: Difference, view: View) -> bool:
    """Whether one request for an open name holds here and another does not: licscan keeps one condition a name."""
    is_open = found.ours and found.label is not None and found.label[1] == "?"
    return is_open and found.label[0] in _asked_elsewhere(project)


def _own_groups(project: Project, found: Difference, view: View) -> bool:
    """Whether only the groups of a folder that is taken by its path ask for an open name."""
    table = project.tables.get("vendor/loc", {})
    names = {Requirement(text).name for text in table.get("dependency-groups", {}).get("dev", ())}
    shipped = found.title == "shipped"
    return found.ours and found.label is not None and found.label[1] == "?" and found.label[0] in names and not shipped


def _extra_for_development(project: Project, found: Difference, view: View) -> bool:
    """Whether packages that ship need it by extras alone that only requirements for development ask for."""
    if found.title != "shipped" or not found.ours or not found.label:
        return False
    parents = {parent for parent, child in view.edges if child == found.label} & view.shipped
    for name, version in parents:
        needs = [Requirement(text) for text in project.universe.packages[name][version].requires]
        if any(one.name == found.label[0] and not (one.marker and "extra" in str(one.marker)) for one in needs):
            return False
    return bool(parents)


def _asked_elsewhere(project: Project) -> set[str]:
    found = set()
    for path in sorted(project.folder.glob("*.txt")) + sorted(project.folder.glob("requirements/*.txt")):
        for line in path.read_text().splitlines():
            try:
                said = Requirement(line)
            except InvalidRequirement:
                continue
            if said.marker and not said.marker.evaluate(dict(HERE)):
                found.add(said.name)
    return found


REASONS: tuple[tuple[str, Excuses], ...] = (
    ("the markers of a way are not weighed together: what ships nowhere is taken as shipped", _no_way),
    ("markers are not weighed against an environment that nobody named", _not_weighed),
    ("an open name has the markers of all requests for it: a fork for another Python stays a question", _fork),
    ("groups of a folder that is taken by its path stay questions of development", _own_groups),
    ("extras that only development asks for are the package's: what they need ships with it", _extra_for_development),
)


def reason_of(project: Project, found: Difference, view: View) -> str:
    """The reason of a difference; empty where there is none."""
    return next((reason for reason, excuses in REASONS if excuses(project, found, view)), "")
