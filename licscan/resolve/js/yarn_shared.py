"""What both formats of yarn.lock share: descriptors, `resolutions`, and the check against the manifests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.resolve.builder import Builder
from licscan.resolve.js.manifest import Manifest, expand_workspaces
from licscan.resolve.js.members import Members

_SELECTOR = re.compile(
    r"(?:(?:\*\*?/)*(?P<parent>(?:@[^/@*]+/)?[^/@*]+)(?:@[^/]+)?/)?(?:\*\*?/)*"
    r"(?P<name>(?:@[^/@*]+/)?[^/@*]+)(?:@(?P<range>.+))?",
    re.DOTALL,
)


def descriptor(name: str, requirement: str) -> str:
    """`name@range` without the protocol `npm:`, which only newer versions write out."""
    return f"{name}@{requirement.removeprefix('npm:')}"


class Resolutions:
    """`resolutions` of the root manifest: which range stands in the lock for a range that somebody asks for."""

    def __init__(self, manifest: Manifest | None):
        self._rules: dict[tuple[str, str | None, str | None], str] = {}
        self.names: set[str] = set()
        for selector, value in (*manifest.overrides, *manifest.resolutions) if manifest else ():
            # nested tables are npm's `overrides`, which yarn does not read
            found = None if ">" in selector.partition("@")[0] else _SELECTOR.fullmatch(selector)
            if found:
                wanted = found["range"].removeprefix("npm:") if found["range"] else None
                self._rules[(found["name"], found["parent"], wanted)] = value
                self.names.add(found["name"])

    def below(self, parent: str, name: str, requirement: str) -> Iterator[str]:
        """The ranges set for a dependency of this parent alone."""
        if name in self.names:
            yield from self._values(name, parent, requirement)

    def everywhere(self, name: str, requirement: str) -> Iterator[str]:
        """The ranges set for a dependency of any parent."""
        if name in self.names:
            yield from self._values(name, None, requirement)

    def _values(self, name: str, parent: str | None, requirement: str) -> Iterator[str]:
        for wanted in (requirement.removeprefix("npm:"), None):
            value = self._rules.get((name, parent, wanted))
            if value is not None:
                yield value


def workspace_folders(tree: Tree, folder: str, manifest: Manifest | None) -> tuple[str, ...]:
    """The folders of the root's workspace members; members may have members of their own."""
    found: dict[str, None] = {}
    if manifest and manifest.workspaces:
        found = {folder_of(path): None for path in expand_workspaces(tree, folder, manifest.workspaces)}
    return tuple(found)


def report_stale(builder: Builder, members: Members, folder: str, names: Iterable[str]) -> None:
    """A problem for a manifest whose requirements of these names the lock does not hold."""
    differing = sorted(set(names))
    if differing:
        said = _("{lock} was written for other requirements of {names}; run yarn install")
        path = join(folder, "package.json")
        builder.problem(said.format(lock=builder.path, names=listed(differing, 10)), path, "lock-out-of-date")
