"""Whether pnpm-lock.yaml still says what the manifests and pnpm-workspace.yaml ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from licscan.base.errors import InputError
from licscan.base.listing import listed
from licscan.base.load import load_json, load_yaml
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope
from licscan.resolve.builder import Builder
from licscan.resolve.js.forced import report_forced
from licscan.resolve.js.manifest import expand_workspaces
from licscan.resolve.js.members import Members, scopes_by_name


class Document(Protocol):
    """What the check needs of a document of the lock: specifiers by folder, and what excuses a difference."""

    specifiers: dict[str, dict[str, str]]
    overridden: set[str]
    ignored: set[str]
    hooked: bool


class Config:
    """pnpm's settings beside the lock: pnpm-workspace.yaml and the table `pnpm` of package.json."""

    def __init__(self, tree: Tree, builder: Builder, folder: str):
        self.tree = tree
        self.builder = builder
        self.folder = folder
        self.path = join(folder, "pnpm-workspace.yaml")
        self.workspace = self._load(self.path, yaml=True)
        manifest = self._load(join(folder, "package.json"), yaml=False).get("pnpm")
        self.manifest = manifest if isinstance(manifest, dict) else {}

    def _load(self, path: str, *, yaml: bool) -> dict[str, Any]:
        try:
            if not self.tree.exists(path):
                return {}
            text = self.tree.read_text(path)
            loaded = next(iter(load_yaml(text, path)), None) if yaml else load_json(text, path)
        except InputError as error:
            if yaml:
                self.builder.problem(str(error), path, "input-unreadable")
            return {}
        return loaded if isinstance(loaded, dict) else {}

    @property
    def patches(self) -> Mapping[str, str]:
        """The patch files by selector."""
        found: dict[str, str] = {}
        for table in (self.manifest.get("patchedDependencies"), self.workspace.get("patchedDependencies")):
            if isinstance(table, dict):
                found.update({str(key): value for key, value in table.items() if isinstance(value, str)})
        return found

    @property
    def members(self) -> tuple[str, ...]:
        """The manifests of the workspace's members; none where each member has its own lock."""
        globs = self.workspace.get("packages")
        if not isinstance(globs, list) or self.workspace.get("sharedWorkspaceLockfile") is False:
            return ()
        return expand_workspaces(self.tree, self.folder, [glob for glob in globs if isinstance(glob, str)])


def check_forced(builder: Builder, config: Config, locked: Mapping[str, Iterable[str | None]]) -> None:
    """A problem where the lock has another version than an override of the workspace or of package.json says."""
    places = ((config.path, config.workspace), (join(config.folder, "package.json"), config.manifest))
    for path, table in places:
        forced = table.get("overrides")
        if isinstance(forced, dict):
            pairs = [(str(name), wanted) for name, wanted in forced.items() if isinstance(wanted, str)]
            report_forced(builder, path, pairs, locked)


def check_members(members: Members, config: Config) -> None:
    """A problem for each workspace member that the lock does not know."""
    for path in config.members:
        folder = folder_of(path)
        if folder not in members.purls and not config.tree.exists(join(folder, "pnpm-lock.yaml")):
            said = _("is a member of the workspace, but {lock} does not know it")
            config.builder.problem(said.format(lock=config.builder.path), path, "lock-out-of-date")


def check_importers(builder: Builder, members: Members, config: Config, documents: Iterable[Document]) -> None:
    """A problem for each manifest that asks for something else than its importer in the lock."""
    documents = list(documents)
    excused = set().union(*(document.overridden | document.ignored for document in documents))
    hooked = any(document.hooked for document in documents)
    for folder in members.purls:
        locked: dict[str, str] = {}
        for document in documents:
            locked.update(document.specifiers.get(folder, {}))
        differing = sorted(_differences(members, folder, locked) - excused)
        # a .pnpmfile.cjs may rewrite manifests before they are locked
        if differing and not hooked:
            said = _("{lock} was written for other requirements of {names}; run pnpm install")
            message = said.format(lock=builder.path, names=listed(differing, 10))
            builder.problem(message, join(folder, "package.json"), "lock-out-of-date")


def _differences(members: Members, folder: str, locked: Mapping[str, str]) -> set[str]:
    """The names that manifest and lock disagree about; peers are locked only where pnpm installs them by itself."""
    manifest = members.manifest(folder)
    if manifest is None:
        return set()
    asked = scopes_by_name(manifest)
    peers = {request.name for request in manifest.requests if request.scope is Scope.PEER} | {
        request.name for request in asked.values() if request.scope is Scope.OPTIONAL
    }
    differing = {name for name in locked if name not in asked}
    for name, request in asked.items():
        if request.scope is Scope.PEER or (name in peers and name not in locked):
            continue
        # excludeLinksFromLockfile
        if request.spec.startswith("link:") and name not in locked:
            continue
        if locked.get(name) != request.spec:
            differing.add(name)
    return differing
