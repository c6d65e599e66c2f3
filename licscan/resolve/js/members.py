"""The first-party manifests beside a lock: read once, added as projects, and local folders that a lock points to."""

from __future__ import annotations

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder
from licscan.resolve.js.manifest import Manifest, Request, read_manifest
from licscan.resolve.js.projects import is_empty, tell_empty


class Members:
    """Workspace members and local folders by folder (relative to the scanned root)."""

    def __init__(self, tree: Tree, builder: Builder):
        self.tree = tree
        self.builder = builder
        self.purls: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self._read: dict[str, Manifest | None] = {}
        self._local: dict[str, str] = {}

    def manifest(self, folder: str) -> Manifest | None:
        """The folder's package.json, None (and a problem) where it cannot be read, None where there is none."""
        if folder not in self._read:
            self._read[folder] = None
            path = join(folder, "package.json")
            try:
                if self.tree.exists(path):
                    self._read[folder] = read_manifest(self.tree, path)
            except InputError as error:
                self.builder.problem(str(error), path, "input-unreadable")
        return self._read[folder]

    def add(self, folder: str, name: str | None = None) -> str:
        """A member as a root; `name` is the lock's name for it where there is no manifest."""
        if folder not in self.purls:
            manifest = self.manifest(folder)
            path = join(folder, "package.json")
            if manifest is None:
                said = _("is named in the lockfile but missing here; its license and its own dependencies are unknown")
                self.builder.problem(said, path)
            else:
                self.builder.cover(path)
                name = manifest.name
                for problem in manifest.problems:
                    self.builder.problem(problem, path)
            self.purls[folder] = self.builder.project(
                "npm",
                name,
                manifest.version if manifest else None,
                manifest=path,
                claims=manifest.claims if manifest else (),
            )
            if name:
                self.names.setdefault(name, folder)
        return self.purls[folder]

    def published(self, folder: str) -> str | None:
        """The member whose build output (`publishConfig.directory`, a level or two below it) is the folder."""
        if folder not in self.purls and not self.tree.exists(join(folder, "package.json")):
            for above in (folder_of(folder), folder_of(folder_of(folder))):
                if above and above in self.purls:
                    return self.purls[above]
        return None

    def local(
        self, folder: str, name: str, version: str | None = None, line: int | None = None, *, answered: bool = False
    ) -> str:
        """What a lock takes from a folder: the member there, else a package whose files are in that folder.

        `answered`: the lock holds what the folder needs, so that its manifest is no project without a lock.
        """
        if answered:
            self.builder.cover(join(folder, "package.json"))
        if folder in self.purls:
            return self.purls[folder]
        if folder not in self._local or line is not None:
            manifest = self.manifest(folder)
            name = (manifest and manifest.name) or name
            version = (manifest and manifest.version) or version
            empty = manifest is None and is_empty(self.tree, folder)
            here = not empty and self.tree.folder_exists(folder)
            if empty:
                tell_empty(self.builder, name, folder)
            self._local[folder] = self.builder.package(
                purls.npm(name, version),
                name,
                version,
                line=line,
                source=Source(SourceKind.PATH, folder),
                claims=manifest.claims if manifest else (),
                resolved=version is not None or here,
                installed_at=(folder,) if here else (),
            )
            if not here and not empty:
                said = _("{name} comes from the folder {folder}, which is outside the scanned folder")
                self.builder.problem(said.format(name=name, folder=folder))
        return self._local[folder]


def scopes_by_name(manifest: Manifest) -> dict[str, Request]:
    """What a manifest asks for by name; of several sections the one that counts: runtime before dev before peer."""
    order = {Scope.RUNTIME: 0, Scope.OPTIONAL: 1, Scope.DEV: 2, Scope.PEER: 3}
    found: dict[str, Request] = {}
    for request in manifest.requests:
        known = found.get(request.name)
        if known is None or order.get(request.scope, 4) < order.get(known.scope, 4):
            found[request.name] = request
    return found
