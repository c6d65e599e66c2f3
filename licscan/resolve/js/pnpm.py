"""Reads pnpm-lock.yaml, versions 5 to 9 of the format.

Up to 7 each entry of `packages` holds its dependencies; since 9 `packages` holds what is the same for all copies and
`snapshots` the edges of each copy (one a set of peers). Copies of one package are one component here. A file may hold
several documents: pnpm 11 writes what it needs itself (config dependencies, its own version) into one before the main
document; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from licscan.base.errors import FormatError
from licscan.base.listing import listed
from licscan.base.load import load_yaml
from licscan.base.messages import _, ngettext
from licscan.base.shape import Shape
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.conflicts import refuse_conflicts
from licscan.resolve.js.members import Members, scopes_by_name
from licscan.resolve.js.pnpm_check import Config, check_forced, check_importers, check_members
from licscan.resolve.js.pnpm_keys import key_of, parse_key, split_suffix
from licscan.resolve.js.pnpm_packages import Patches, add_package

_SECTIONS = (
    ("dependencies", Scope.RUNTIME),
    ("optionalDependencies", Scope.OPTIONAL),
    ("devDependencies", Scope.DEV),
    # what pnpm itself loads, not the project
    ("configDependencies", Scope.BUILD),
    ("packageManagerDependencies", Scope.BUILD),
)
_SHOWN = 5
_KEY_LINE = re.compile(r"""  (?:\? )?(?:'((?:[^']|'')+)'|"([^"]+)"|([^\s'"#][^'"]*?))(?::(?: .*)?)?$""")


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that the lock names; its importers are the roots.

    FormatError where it is no YAML, or of a version that is not known.
    """
    text = tree.read_text(path)
    refuse_conflicts(text, path)
    documents = [Shape(data, path) for data in load_yaml(text, path) if data is not None]
    if not documents:
        raise FormatError(_("is empty"), path=path)
    builder = Builder(path)
    members = Members(tree, builder)
    config = Config(tree, builder, folder_of(path))
    lines = key_lines(text)
    readers = [_Document(shape, builder, members, config, lines) for shape in documents]
    for reader in readers:
        reader.add_importers()
    for reader in readers:
        reader.add_packages()
    for reader in readers:
        reader.add_edges()
    check_importers(builder, members, config, readers)
    check_members(members, config)
    check_forced(builder, config, _versions(readers))
    return builder.build()


def _versions(readers: Iterable[_Document]) -> dict[str, list[str | None]]:
    """The versions of each name that packages have."""
    found: dict[str, list[str | None]] = {}
    for reader in readers:
        for name, version in reader.versions:
            found.setdefault(name, []).append(version)
    return found


def key_lines(text: str) -> dict[str, int]:
    """The line of each key of `packages`, counted from 1."""
    lines: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("   "):
            continue
        if not line.startswith(" "):
            inside = line.rstrip() == "packages:"
        elif inside and (found := _KEY_LINE.match(line)):
            key = found[1].replace("''", "'") if found[1] else found[2] or found[3]
            lines.setdefault(key, number)
    return lines


class _Document:
    """One YAML document of the lock."""

    def __init__(self, shape: Shape, builder: Builder, members: Members, config: Config, lines: dict[str, int]):
        self.shape = shape
        self.builder = builder
        self.members = members
        self.folder = config.folder
        self.lines = lines
        self.major = _major(shape, builder)
        self.patches = Patches(shape.table("patchedDependencies"), config.patches, config.folder)
        self.overridden = {_target(selector) for selector in shape.table("overrides").data}
        self.ignored = {name for name in shape.get("ignoredOptionalDependencies", list) or () if isinstance(name, str)}
        self.hooked = shape.data.get("pnpmfileChecksum") is not None
        self.specifiers: dict[str, dict[str, str]] = {}
        self._importers: dict[str, Shape] = {}
        self._purls: dict[str, str] = {}
        self._peers: dict[str, dict[str, tuple[Scope, str | None]]] = {}
        self.versions: list[tuple[str, str | None]] = []

    def add_importers(self) -> None:
        """Every importer as a root; a file without the table has a single one, at the top level."""
        if isinstance(self.shape.data.get("importers"), dict):
            importers = list(_tables(self.shape, "importers", self.builder))
        else:
            importers = [(".", self.shape)]
        for name, importer in importers:
            folder = join(self.folder, name)
            self._importers[folder] = importer
            self.members.add(folder)

    def add_packages(self) -> None:
        """Every entry of `packages` as a component."""
        patched = self._patched()
        for text, entry in _tables(self.shape, "packages", self.builder, count=True):
            key = parse_key(text, self.major)
            try:
                patches = patched.get(text, ()) if self.major >= 9 else self.patches.of(key)
                line = self.lines.get(text)
                purl = add_package(self.builder, self.members, self.folder, key, entry, line, patches)
                peers = _peers_of(entry)
            except FormatError as error:
                self.builder.problem(_said(error))
                continue
            self._purls[text] = purl
            if key.name:
                self.versions.append((key.name, key.version))
            if peers:
                self._peers[text] = peers
            self.builder.understood += 1

    def add_edges(self) -> None:
        """The edges below importers and packages."""
        for folder, importer in self._importers.items():
            self._add_importer_edges(folder, importer)
        section = "snapshots" if self.major >= 9 else "packages"
        told = set()
        for text, entry in _tables(self.shape, section, self.builder):
            base = split_suffix(text)[0] if self.major >= 9 else text
            parent = self._purls.get(base)
            if parent is None:
                if self.major >= 9:
                    self.builder.problem(_("snapshots[{key!r}] has no entry in packages").format(key=text[:200]))
                continue
            told.add(base)
            peers = self._peers.get(base, {})
            for name, reference, section_scope, _specifier in self._listed(entry):
                scope, requirement = peers.get(name, (section_scope, None))
                self._add_edge(parent, name, reference, scope, requirement, self.folder)

        self._tell_untold(self._purls.keys() - told)

    def _tell_untold(self, keys: Iterable[str]) -> None:
        """Entries whose dependencies nothing lists."""
        told = sorted(keys)
        if told:
            message = ngettext(
                "{count} entry of packages has none in snapshots, so that its dependencies are unknown: {names}",
                "{count} entries of packages have none in snapshots, so that their dependencies are unknown: {names}",
                len(told),
            )
            shown = listed((key[:200] for key in told), _SHOWN)
            said = message.format(count=f"{len(told):,}", names=shown)
            self.builder.problem(said, code="dependency-unresolved")

    def _patched(self) -> dict[str, tuple[str, ...]]:
        """In version 9 the hash of a patch is in the snapshot's key: the patches by the key in `packages`."""
        found = {}
        for text in self.shape.get("snapshots", dict) or {}:
            if isinstance(text, str) and "(patch_hash=" in text:
                key = parse_key(text, self.major)
                found[key.base] = self.patches.of(key)
        return found

    def _add_importer_edges(self, folder: str, importer: Shape) -> None:
        parent = self.members.purls[folder]
        specifiers = self.specifiers.setdefault(folder, {})
        manifest = self.members.manifest(folder)
        asked = scopes_by_name(manifest) if manifest else {}
        for name, reference, scope, specifier in self._listed(importer):
            if specifier is not None and scope is not Scope.BUILD:
                specifiers[name] = specifier
            # autoInstallPeers: a member's own peers are locked among its dependencies
            if scope is Scope.RUNTIME and name in asked and asked[name].scope is Scope.PEER:
                scope = Scope.PEER
            self._add_edge(parent, name, reference, scope, specifier, folder)

    def _listed(self, table: Shape) -> Iterator[tuple[str, str, Scope, str | None]]:
        """Name, reference, scope and specifier of each dependency; since version 6 both texts stand in a table."""
        listed_specifiers = table.data.get("specifiers")
        specifiers = listed_specifiers if isinstance(listed_specifiers, dict) else {}
        for section, scope in _SECTIONS:
            listed = table.data.get(section)
            if not listed:
                continue
            if not isinstance(listed, dict):
                self.builder.problem(
                    _("{place} is not a table and was ignored").format(place=f"{table.place}.{section}")
                )
                continue
            for name, value in listed.items():
                table_form = value if isinstance(value, dict) else {"version": value, "specifier": specifiers.get(name)}
                value, specifier = table_form.get("version"), table_form.get("specifier")
                if isinstance(value, (str, int, float)) and not isinstance(value, bool):
                    yield str(name), str(value), scope, specifier if isinstance(specifier, str) else None
                else:
                    said = _("{place} does not state its version and was ignored")
                    self.builder.problem(said.format(place=f"{table.place}.{section}[{str(name)[:100]!r}]"))

    def _add_edge(
        self, parent: str, name: str, reference: str, scope: Scope, requirement: str | None, folder: str
    ) -> None:
        if reference.startswith("link:"):
            target = join(folder, reference.removeprefix("link:"))
            child = self.members.published(target) or self.members.local(target, name)
        else:
            key = key_of(name, reference, self.major)
            found = self._purls.get(split_suffix(key)[0] if self.major >= 9 else key)
            if found is None:
                said = _("{parent} needs {name} {reference}, which is not in the lockfile")
                message = said.format(parent=parent, name=name, reference=reference)
                self.builder.problem(message, code="dependency-unresolved")
                return
            child = found
        self.builder.edge(parent, child, scope, requirement)


def _major(shape: Shape, builder: Builder) -> int:
    """The major version of the format, 5 to 9."""
    version = shape.text("lockfileVersion")
    found = re.match(r"(\d{1,4})(?:\.|$)", version or "")
    if not version or not found:
        raise FormatError(_("is missing"), path=shape.file, place="lockfileVersion")
    major = int(found[1])
    if not 5 <= major <= 9:
        message = _("version {version} of the format is not supported").format(version=version)
        raise FormatError(message, path=shape.file, place="lockfileVersion")
    builder.version = version
    return major


def _tables(shape: Shape, key: str, builder: Builder, count: bool = False) -> Iterator[tuple[str, Shape]]:
    """The tables under a key, a problem for each value that is none."""
    for name, value in (shape.get(key, dict) or {}).items():
        if count:
            builder.seen += 1
        try:
            yield str(name), Shape({} if value is None else value, shape.file, f"{key}[{str(name)[:200]!r}]")
        except FormatError as error:
            builder.problem(_said(error))


def _said(error: FormatError) -> str:
    """The error without the file, which is the problem's subject."""
    return f"{error.place}: {error.message}" if error.place else error.message


def _peers_of(entry: Shape) -> dict[str, tuple[Scope, str | None]]:
    """The peers that an entry asks for, with scope and requirement."""
    if not entry.data.get("peerDependencies"):
        return {}
    meta = entry.table("peerDependenciesMeta").data
    peers = {}
    for name, requirement in entry.table("peerDependencies").data.items():
        about = meta.get(name)
        optional = isinstance(about, dict) and about.get("optional") is True
        said = requirement if isinstance(requirement, str) else None
        peers[str(name)] = (Scope.OPTIONAL if optional else Scope.PEER, said)
    return peers


def _target(selector: object) -> str:
    """The package that an override is about: `a@1>@scope/b@^2` is about `@scope/b`."""
    last = str(selector).rpartition(">")[2].strip()
    at = last.find("@", 1)
    return last if at < 0 else last[:at]
