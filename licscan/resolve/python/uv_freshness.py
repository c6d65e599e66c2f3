"""Whether pyproject.toml still asks for what it asked for when uv.lock was written: the lock keeps a copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from licscan.base.errors import LicscanError
from licscan.base.listing import listed
from licscan.base.load import load_toml
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import Tree
from licscan.model import Component
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.builder import Builder
from licscan.resolve.python.common import Need
from licscan.resolve.python.lock_roots import roots_of

_SOURCES = ("git", "url", "path", "directory", "editable", "virtual", "index")

Constraints = dict[str, set[str] | None]
"""By name: the version constraints; None where a source stands for them, so that only the name compares."""


def report_changes(tree: Tree, builder: Builder, project: Component, entry: Shape) -> None:
    """Say what a project's pyproject.toml asks for otherwise than its entry in the lock does."""
    path = project.manifest
    metadata = entry.table("metadata")
    if path is None or not path.endswith("pyproject.toml") or not tree.exists(path) or not metadata.data:
        return
    try:
        data = load_toml(tree.read_text(path), path)
        roots = roots_of(data, path, "uv")
        if "dependencies" in Shape(data, path).table("project").texts("dynamic"):
            return
    except LicscanError as error:
        builder.problem(_("cannot be compared with its manifest: {reason}").format(reason=error))
        return
    asked = (
        roots.main,
        [n for needs in roots.extras.values() for n in needs],
        [n for g in roots.groups.values() for n in g],
    )
    changed = {name for needs, there in zip(asked, _locked(entry), strict=True) for name in _differing(needs, there)}
    changed.discard(normalize_pypi_name(project.name))
    if changed:
        message = _("{manifest} has different requirements for {names} than when it was locked")
        said = message.format(manifest=path, names=listed(sorted(changed), 10))
        builder.problem(said, code="lock-out-of-date")


def _differing(needs: Iterable[Need], there: Constraints) -> Iterator[str]:
    """Names asked for otherwise. All extras compare as one, and all groups: uv unfolds what includes another."""
    here: dict[str, set[str]] = {}
    conditional = set()
    for need in needs:
        here.setdefault(need.key, set()).add(_canonical(need.constraint))
        if need.marker:
            conditional.add(need.key)
    for name in {*here, *there}:
        if name not in there:
            # one whose marker never holds for the project's Python versions is rightly not locked
            if name not in conditional:
                yield name
        elif name not in here or (there[name] is not None and here[name] != there[name]):
            yield name


def _locked(entry: Shape) -> tuple[Constraints, Constraints, Constraints]:
    """The copy in the lock: of the project's own requests, of its extras', of its groups'."""
    main: Constraints = {}
    extras: Constraints = {}
    groups: Constraints = {}
    metadata = entry.table("metadata")
    for item in metadata.tables("requires-dist"):
        _note(item, extras if "extra ==" in (item.text("marker") or "") else main)
    table = metadata.table("requires-dev")
    for group in table.data:
        for item in table.tables(group):
            _note(item, groups)
    return main, extras, groups


def _note(item: Shape, found: Constraints) -> None:
    name = normalize_pypi_name(item.need("name", str))
    constraints = found.setdefault(name, set())
    if any(key in item.data for key in _SOURCES):
        found[name] = None
    elif constraints is not None:
        constraints.add(_canonical(item.text("specifier") or ""))


def _canonical(constraint: str) -> str:
    """A specifier set with its parts sorted and without spaces."""
    return ",".join(sorted("".join(part.split()) for part in constraint.split(",") if part.strip()))
