"""Why licscan and a client may differ: one row a reason, with what it excuses. All are on the safe side or exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from made.npm_projects import Project
from made.views import View

Label = tuple[str, str]


@dataclass(frozen=True)
class Difference:
    """One thing that only one side has: a package, an edge (two labels), or a problem (a text)."""

    title: str
    ours: bool
    what: Any

    def __str__(self) -> str:
        if isinstance(self.what, str):
            return f"{self.title}: problem: {self.what}"
        said = "@".join(self.what) if isinstance(self.what[0], str) else " -> ".join("@".join(one) for one in self.what)
        return f"{self.title}: only {'licscan' if self.ours else 'the client'}: {said}"

    @property
    def label(self) -> Label | None:
        is_label = not isinstance(self.what, str) and isinstance(self.what[0], str)
        return self.what if is_label else None

    @property
    def edge(self) -> tuple[Label, Label] | None:
        return None if isinstance(self.what, str) or isinstance(self.what[0], str) else self.what


Excuses = Callable[[Project, Difference, View], bool]


def _member_below_root(project: Project, found: Difference, view: View) -> bool:
    edge = found.edge
    return project.client == "npm" and not found.ours and edge is not None and {edge[0][0], edge[1][0]} <= project.own


def _told_bundle(project: Project, found: Difference, view: View) -> bool:
    return isinstance(found.what, str) and "brings 1 package along in its archive" in found.what


def _bundled_for_bun(project: Project, found: Difference, view: View) -> bool:
    return project.client == "bun" and found.title == "list" and found.label == ("inner", "1.1.0")


def _no_platforms(project: Project, found: Difference, view: View) -> bool:
    names = ("@native/darwin-arm64", "@native/win32-x64", "only-mac", "mac-helper")
    installed = found.title in ("installed", "production")
    return project.client == "yarn-classic" and installed and bool(found.label) and found.what[0] in names


def _linked(project: Project, found: Difference, view: View) -> bool:
    if "link:" not in project.constructs or not found.ours:
        return False
    if isinstance(found.what, str):
        return found.what.startswith("open:") and found.what in view.open_below("loc")
    return (found.label or found.what[1]) in view.below("loc")


def _peer(project: Project, found: Difference, view: View) -> bool:
    return project.client == "yarn-berry" and found.ours and bool(found.edge) and _is_peer(project, *found.what)


def _orphan(project: Project, found: Difference, view: View) -> bool:
    return project.client == "yarn-classic" and found.ours and found.label in view.loose


def _kept_for_development(project: Project, found: Difference, view: View) -> bool:
    """Of npm below a folder that is linked for development; of yarn 1 what only ways of development lead to."""
    if found.title != "production" or found.ours or not found.label or found.label not in view.labels:
        return False
    if project.client == "npm":
        return "loc" in project.root.get("devDependencies", {}) and found.label in view.below("loc")
    return project.client == "yarn-classic" and found.label not in _wanted_to_ship(project, view)


def _wanted_to_ship(project: Project, view: View) -> set[Label]:
    """What the projects' own requests lead to without those for development, whatever scope licscan gave the ways."""
    wanted = {
        (project.aliases.get(name, name), owner["name"])
        for owner in project.manifests.values()
        for section in ("dependencies", "optionalDependencies")
        for name in owner.get(section, {})
    }
    found = {child for parent, child in view.edges if (child[0], parent[0]) in wanted}
    while more := {child for parent, child in view.edges if parent in found} - found:
        found |= more
    return found


def _instances(project: Project, found: Difference, view: View) -> bool:
    """Whether it ships only by ways over a peer: for other parents of that package the peer is another, or absent."""
    if project.client == "npm" or found.title != "production" or not found.ours or not found.label:
        return False
    firm = {(name, "1.0.0") for name in project.own}
    while more := {child for one, child in view.ships_by if one in firm and not _is_peer(project, one, child)} - firm:
        firm |= more
    return found.label not in firm


def _is_peer(project: Project, parent: Label, child: Label) -> bool:
    peers = project.universe.manifests.get(parent[0], {}).get(parent[1], {}).get("peerDependencies", {})
    replaced = project.root.get("resolutions", {})
    return any(child[0] == name or str(replaced.get(name, "")).startswith(f"npm:{child[0]}@") for name in peers)


def _below_bundled(project: Project, found: Difference, view: View) -> bool:
    """bun locks what the registry's version of a bundled package needs, and does not install it."""
    listed = project.client == "bun" and found.title == "list" and found.ours and found.label is not None
    return listed and {parent for parent, child in view.edges if child == found.label} == {("inner", "1.1.0")}


REASONS: tuple[tuple[str, Excuses], ...] = (
    ("npm lists members below the root, which does not ask for them", _member_below_root),
    ("told: the lock does not list what the archive brings along", _told_bundle),
    ("bun's list leaves out what the lock names as bundled", _bundled_for_bun),
    ("bun's list leaves out what only a bundled package needs", _below_bundled),
    ("a production installation keeps what only development needs", _kept_for_development),
    ("instances of one version for different peers are one component: one of them ships", _instances),
    ("the lock of yarn 1 has no platforms: all count", _no_platforms),
    ("a linked folder is a project of its own, for which the client installs nothing", _linked),
    ("yarn info lists no peers", _peer),
    ("yarn 1 keeps resolutions that nobody needs in the lock: they count", _orphan),
)


def reason_of(project: Project, found: Difference, view: View) -> str:
    """The reason of a difference; empty where there is none."""
    return next((reason for reason, excuses in REASONS if excuses(project, found, view)), "")
