"""npm's locks: package-lock.json and npm-shrinkwrap.json of versions 1 to 3, and node_modules/.package-lock.json.

An edge goes to the package that node itself would find: in the requiring package's own node_modules, then upwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from licscan.base.listing import listed
from licscan.base.load import load_json
from licscan.base.messages import _, ngettext
from licscan.base.shape import Shape, table_of
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Claim, Origin, Scope, Source, SourceKind
from licscan.packages import purls
from licscan.packages.npm_metadata import license_claims
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.forced import name_of, report_forced
from licscan.resolve.js.manifest import Manifest, Request, bundled_names, integrity_hashes, manifest_of
from licscan.resolve.js.npm_entries import Entry, condition_of, holder_of, read_nested, read_packages
from licscan.resolve.js.npm_flags import direct_by_flags, leaves_peers
from licscan.resolve.js.projects import add_folder, add_manifest, manifest_if_there, report_missing, source_qualifiers
from licscan.resolve.js.requests import combined, differences, report_stale, satisfies, split_alias
from licscan.resolve.js.sources import commit_of, source_of
from licscan.resolve.js.workspaces import is_member

_SHOWN = 5
_HIDDEN = "/node_modules/.package-lock.json"


def parse(tree: Tree, path: str) -> Parsed:
    """Everything in the lock, the projects that it answers for, and whether it still fits their manifests."""
    text = tree.read_text(path)
    lock = table_of(load_json(text, path), path)
    builder = Builder(path)
    builder.version = lock.text("lockfileVersion")
    flat = lock.data.get("packages") is not None
    entries = read_packages(lock, text, builder) if flat else read_nested(lock, text, builder)
    if not entries and not _describes(tree, path, lock):
        # left by an npm that was run in a folder without a manifest: no project
        return builder.build()
    _Lock(tree, builder, entries, flat=flat).read(lock)
    return builder.build()


class _Lock:
    """One lock while it is read: its entries by place and by the folder that holds them, and their purls.

    The hidden lock in node_modules describes what was installed: its places start at the folder above, and
    development dependencies may have been left out on purpose.
    """

    def __init__(self, tree: Tree, builder: Builder, entries: dict[str, Entry], *, flat: bool):
        self.tree = tree
        self.builder = builder
        self.hidden = f"/{builder.path}".endswith(_HIDDEN)
        self.folder = folder_of(folder_of(builder.path)) if self.hidden else folder_of(builder.path)
        self.entries = entries
        self.purls: dict[str, str] = {}
        self.forced: set[str] = set()
        self.held: dict[str, dict[str, Entry]] = {}
        self.link_names: dict[str, str] = {}
        self.unfit: dict[str, None] = {}
        self.flat = flat
        self.peers = flat and not self.hidden and not leaves_peers(tree, self.folder)
        for entry in entries.values():
            if not entry.local:
                self.held.setdefault(holder_of(entry.place), {})[entry.key] = entry
            if entry.link is not None:
                self.link_names.setdefault(join("", entry.link), entry.name)

    def read(self, lock: Shape) -> None:
        """Components first, then the edges between them, then those of the root."""
        listed = (lock.get("packages", dict) or {}).get("")
        path = join(self.folder, "package.json")
        recorded = self._recorded(listed, path, None) if isinstance(listed, dict) else None
        manifest = manifest_if_there(self.tree, path, self.builder)
        known = manifest or recorded
        globs = (recorded.workspaces if recorded else ()) or (known.workspaces if known else ())
        # npm reads no `resolutions`, but there are tools that write them into its locks
        forced = (*manifest.overrides, *manifest.resolutions) if manifest else ()
        self.forced = {name_of(selector) for selector, _wanted in forced}
        root = add_manifest(self.builder, known or _unknown_root(lock, path))
        self._components(globs)
        for entry in self.entries.values():
            bundled = set(bundled_names(entry.data)) if not entry.local else set()
            self._edges(
                self.purls[entry.place], entry.place, entry.requests, guess_optional=not self.flat, bundled=bundled
            )
        if known:
            self._root_edges(root, manifest, recorded)
        else:
            self._flag_edges(root)
        self._hang_peers(root)
        if manifest and not self.hidden:
            self._tell_unfit()
            report_forced(self.builder, manifest.path, manifest.overrides, self._versions())

    def _versions(self) -> dict[str, list[str | None]]:
        """The versions of each name, without what packages bring in their own archives: npm forces none on those."""
        found: dict[str, list[str | None]] = {}
        for entry in self.entries.values():
            if not entry.local and entry.link is None and entry.data.get("inBundle") is not True:
                found.setdefault(entry.key, []).append(entry.version)
        return found

    def _components(self, globs: tuple[str, ...]) -> None:
        # local folders first, links to them last: a link takes the purl of what it points to
        for entry in self.entries.values():
            if entry.local:
                self._member(entry, globs)
        for entry in self.entries.values():
            if not entry.local and entry.link is None:
                self.purls[entry.place] = self._package(entry)
        for entry in self.entries.values():
            if entry.link is not None:
                self.purls[entry.place] = self._linked(entry, globs)
        self.builder.understood += len(self.entries)

    def _recorded(self, data: dict[str, object], path: str, line: int | None) -> Manifest:
        """What the lock itself says of a first-party project; its license is the lock's word."""
        claims = license_claims(data, self.builder.path, Origin.LOCK, line)
        return replace(manifest_of(data, path), claims=claims)

    def _member(self, entry: Entry, globs: tuple[str, ...]) -> None:
        """A folder of the project: a root of its own if it is a workspace member."""
        path = join(join(self.folder, entry.place), "package.json")
        recorded = self._recorded(entry.data, path, entry.line)
        manifest = manifest_if_there(self.tree, path, self.builder)
        if manifest:
            report_stale(self.builder, path, differences(_taken(manifest.requests), _taken(recorded.requests)))
            entry.requests = combined(manifest.requests, recorded.requests)
        name = recorded.name or self.link_names.get(join("", entry.place)) or entry.name
        self.purls[entry.place] = add_folder(
            self.builder, self.tree, manifest, replace(recorded, name=name), root=is_member(entry.place, globs)
        )

    def _linked(self, entry: Entry, globs: tuple[str, ...]) -> str:
        """The local folder that a link points to; added where the lock has no entry of its own for it."""
        target = join("", entry.link or "")
        if target not in self.purls:
            path = join(join(self.folder, target), "package.json")
            manifest = manifest_if_there(self.tree, path, self.builder)
            entry.requests = combined(manifest.requests if manifest else (), entry.requests)
            recorded = Manifest(path, entry.name, entry.version)
            root = is_member(target, globs)
            # only version 1 says at the link what the folder needs
            listed = not self.flat
            self.purls[target] = add_folder(self.builder, self.tree, manifest, recorded, root=root, listed=listed)
        return self.purls[target]

    def _package(self, entry: Entry) -> str:
        source = self._source(entry)
        pinned = entry.version is not None
        if source.kind is SourceKind.GIT:
            pinned = commit_of(entry.resolved or "") is not None
        elif not pinned and source.kind is SourceKind.REGISTRY:
            said = _("{name} has no version in the lockfile").format(name=entry.name)
            self.builder.problem(said, code="dependency-unresolved")
        integrity = entry.data.get("integrity")
        return self.builder.package(
            purls.npm(entry.name, entry.version, **source_qualifiers(source)),
            entry.name,
            entry.version,
            line=entry.line,
            source=source,
            claims=self._claims(entry),
            hashes=integrity_hashes(integrity) if isinstance(integrity, str) else (),
            condition=condition_of(entry.data),
            resolved=pinned or source.kind in (SourceKind.URL, SourceKind.PATH),
        )

    def _claims(self, entry: Entry) -> tuple[Claim, ...]:
        return license_claims(entry.data, self.builder.path, Origin.LOCK, entry.line)

    def _source(self, entry: Entry) -> Source:
        """Where the package comes from; an entry without `resolved` comes from a registry (npm may leave it out)."""
        if not entry.resolved:
            return Source(SourceKind.REGISTRY)
        source = source_of(entry.resolved)
        if source.kind is SourceKind.PATH and source.url:
            return Source(SourceKind.PATH, join(self.folder, source.url))
        return source

    def find(self, place: str, name: str) -> Entry | None:
        """What node finds under a name from a place: the nearest node_modules that has it, upwards."""
        folder = place
        while True:
            found = self.held.get(folder)
            if found and name in found:
                return found[name]
            if not folder:
                return None
            folder = holder_of(folder)

    def _edges(
        self,
        parent: str,
        place: str,
        requests: Iterable[Request],
        *,
        guess_optional: bool = False,
        bundled: Collection[str] = (),
    ) -> None:
        """The edges of one package or project; version 1 says only by flags which requirement is optional.

        With linked trees npm lists nothing of what is bundled.
        """
        for request in _taken(requests):
            child = self.find(place, request.name)
            if request.name in bundled and not self._is_listed(place, child):
                self.builder.bundle(parent, [request.name])
            if child is None:
                if request.name in bundled:
                    continue
                if request.scope is not Scope.DEV or self._develops(parent):
                    report_missing(self.builder, parent, request, peers=self.peers)
                continue
            self._compare(place, request, child)
            scope = request.scope
            if guess_optional and scope is Scope.RUNTIME and child.data.get("optional") is True:
                scope = Scope.OPTIONAL
            self.builder.edge(parent, self.purls[child.place], scope, request.spec)

    def _compare(self, place: str, request: Request, child: Entry) -> None:
        """Note what a package gets in another version than it requires: npm itself would not install that."""
        parent = self.entries.get(place)
        if parent is None or parent.local or child.local or child.link is not None or not child.version:
            return
        if request.scope is Scope.PEER or request.peer or child.data.get("inBundle") is True:
            return
        if satisfies(child.version, split_alias(request.spec)[1]) is False and request.name not in self.forced:
            said = _("{name} {version} ({package} requires {spec})")
            shown = said.format(name=request.name, version=child.version, package=parent.name, spec=request.spec)
            self.unfit[shown] = None

    def _tell_unfit(self) -> None:
        if self.unfit:
            names = sorted(self.unfit)
            message = ngettext(
                "{count} package has another version than is required: {names}",
                "{count} packages have other versions than are required: {names}",
                len(names),
            )
            said = message.format(count=f"{len(names):,}", names=listed(names, _SHOWN))
            self.builder.problem(said, code="lock-out-of-date")

    def _is_listed(self, place: str, child: Entry | None) -> bool:
        """Whether the lock says which copy a package brings along: that lies in the package's own folder."""
        return child is not None and (child.place.startswith(f"{place}/") or child.data.get("inBundle") is True)

    def _develops(self, project: str) -> bool:
        """Whether npm installs the project's development dependencies: a root's, but not those of a folder outside."""
        return not self.hidden and self.builder.is_root(project)

    def _root_edges(self, root: str, manifest: Manifest | None, recorded: Manifest | None) -> None:
        asked = manifest.requests if manifest else ()
        if recorded and manifest:
            found = differences(_taken(asked), _taken(recorded.requests))
            report_stale(self.builder, manifest.path, found or self._unmet(asked, absent=False))
        elif manifest and not self.hidden:
            report_stale(self.builder, manifest.path, self._unmet(asked))
        self._edges(root, "", combined(asked, recorded.requests if recorded else ()))

    def _unmet(self, requests: Iterable[Request], *, absent: bool = True) -> list[str]:
        """What is asked for but not there (if `absent`), or not in that version."""
        found = []
        for request in requests:
            child = self.find("", request.name)
            shown = {"name": request.name, "spec": request.spec}
            if child is None and absent and request.scope in (Scope.RUNTIME, Scope.DEV):
                found.append(_("{name} {spec} is not in the lockfile").format(**shown))
            elif child and child.link is None and child.version and request.scope is not Scope.PEER:
                wanted = split_alias(request.spec)[1]
                if satisfies(child.version, wanted) is False and request.name not in self.forced:
                    found.append(_("{name} {spec} is {there} in the lockfile").format(**shown, there=child.version))
        return sorted(found)

    def _flag_edges(self, root: str) -> None:
        """Edges of a root that nothing describes, from the flags that the lock gives its entries."""
        self.builder.problem(
            _(
                "there is no package.json next to it: the project's own dependencies were taken from "
                "the lockfile's flags"
            )
        )
        children = {
            place: [child.place for request in entry.requests if (child := self.find(place, request.name))]
            for place, entry in self.entries.items()
        }
        for place, scope in direct_by_flags(self.entries, children):
            self.builder.edge(root, self.purls[place], scope)

    def _hang_peers(self, root: str) -> None:
        """Version 1 does not say who needs a peer, so one that nothing reaches hangs on the root."""
        if self.flat:
            return
        reached = self.builder.reached()
        for entry in self.entries.values():
            if self.purls[entry.place] not in reached and entry.data.get("peer") is True:
                self.builder.edge(root, self.purls[entry.place], Scope.PEER)


def _describes(tree: Tree, path: str, lock: Shape) -> bool:
    """Whether a lock without entries is that of a project: a manifest stands beside it, or it names one."""
    root = (lock.get("packages", dict) or {}).get("")
    return bool(root) or bool(lock.data.get("name")) or tree.exists(join(folder_of(path), "package.json"))


def _taken(requests: Iterable[Request]) -> list[Request]:
    """The requests without those for run time of what stands in `devDependencies` too: npm takes it for development.

    Other tools do not, so this is no rule of the manifest itself.
    """
    listed = list(requests)
    dev = {request.name for request in listed if request.scope is Scope.DEV}
    return [r for r in listed if r.scope is not Scope.RUNTIME or r.name not in dev]


def _unknown_root(lock: Shape, path: str) -> Manifest:
    """The project of a lock without any manifest: the lock's own name and version."""
    return manifest_of({"name": lock.data.get("name"), "version": lock.data.get("version")}, path)
