"""Reads yarn.lock of yarn 1: blocks of two-space indentation that look like YAML and are not.

The file has no root, no scopes and no workspaces: those are in the package.json files beside it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.js.archives import source_of_archive
from licscan.resolve.js.forced import report_forced
from licscan.resolve.js.manifest import Request, integrity_hashes, source_of, valid_name
from licscan.resolve.js.members import Members
from licscan.resolve.js.pnpm_keys import split_at
from licscan.resolve.js.sources import clean_url, vcs_url
from licscan.resolve.js.yarn_shared import Resolutions, descriptor, report_stale, workspace_folders

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_KEYS = re.compile(rf"({_QUOTED}|[^\s\",][^\",]*)\s*(?:,\s*|$)")
_PAIR = re.compile(rf"({_QUOTED}|[^\s\":]+):?\s+({_QUOTED}|\S.*)")
_BLOCK = re.compile(rf"({_QUOTED}|[^\s\":]+):")
_ARCHIVES = (".tgz", ".tar.gz", ".tar")
_SHA1 = re.compile(r"[0-9a-f]{40}")


@dataclass(slots=True)
class Block:
    """One entry: who asks for it, its fields, and its tables (`dependencies`, `optionalDependencies`)."""

    descriptors: list[str]
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)


def read(tree: Tree, path: str, text: str) -> Parsed:
    """The lock as a graph. FormatError with the line where the text cannot be read."""
    builder = Builder(path)
    builder.version = "1"
    reader = _Reader(tree, builder, parse_blocks(text, path))
    reader.add_packages()
    reader.add_edges()
    reader.add_requests()
    reader.check()
    return builder.build()


def parse_blocks(text: str, path: str) -> list[Block]:
    """The text's entries. FormatError with the line of what is not the format's syntax."""
    blocks: list[Block] = []
    table: dict[str, str] | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip()
        content = line.lstrip(" ")
        if not content or content.startswith("#"):
            continue
        indent = len(line) - len(content)
        if indent == 0 and content.endswith(":"):
            blocks.append(Block(_keys(content[:-1]), number))
            table = None
        elif indent == 2 and blocks and (found := _BLOCK.fullmatch(content)):
            table = blocks[-1].tables.setdefault(_unquote(found[1]), {})
        elif indent == 2 and blocks and (found := _PAIR.fullmatch(content)):
            blocks[-1].fields[_unquote(found[1])] = _unquote(found[2])
            table = None
        elif indent == 4 and table is not None and (found := _PAIR.fullmatch(content)):
            table[_unquote(found[1])] = _unquote(found[2])
        else:
            raise FormatError(_("is not a yarn lockfile"), path=path, place=_("line {line}").format(line=number))
    return blocks


def _keys(text: str) -> list[str]:
    return [_unquote(found[1]) for found in _KEYS.finditer(text)]


def _unquote(text: str) -> str:
    if not text.startswith('"'):
        return text.strip()
    if "\\" not in text:
        return text[1:-1]
    try:
        # half of a surrogate pair is no text that could be written anywhere
        return str(json.loads(text, strict=False)).encode("utf-8", "replace").decode()
    except ValueError:
        return text.strip('"')


class _Reader:
    """The blocks, on their way into the graph."""

    def __init__(self, tree: Tree, builder: Builder, blocks: list[Block]):
        self.builder = builder
        self.blocks = blocks
        self.members = Members(tree, builder)
        self.folder = folder_of(builder.path)
        manifest = self.members.manifest(self.folder)
        self.resolutions = Resolutions(manifest)
        for folder in (self.folder, *workspace_folders(tree, self.folder, manifest)):
            self.members.add(folder)
        self._purls: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        self._parents: list[tuple[str, Block]] = []

    def add_packages(self) -> None:
        """Every block as a component, known by each of its descriptors."""
        for block in self.blocks:
            self.builder.seen += 1
            purl = self._add(block)
            if purl is None:
                said = _("line {line}: an entry without a package name or version was ignored")
                self.builder.problem(said.format(line=block.line))
                continue
            self.builder.understood += 1
            self._parents.append((purl, block))
            for text in block.descriptors:
                name, requirement = split_at(text)
                self._purls[descriptor(name, requirement or "")] = purl
                self._by_name.setdefault(name, set()).add(purl)

    def _add(self, block: Block) -> str | None:
        name, requirement = split_at(block.descriptors[0]) if block.descriptors else ("", None)
        requirement = requirement or ""
        if requirement.startswith("npm:"):
            name = split_at(requirement.removeprefix("npm:"))[0]
        version = block.fields.get("version")
        if not version or not valid_name(name):
            return None
        resolved = block.fields.get("resolved")
        if requirement.startswith(("link:", "portal:")) or (requirement.startswith("file:") and not resolved):
            # what a linked folder needs is installed by nobody
            answered = not requirement.startswith("link:")
            return self.members.local(self._path(requirement), name, version, block.line, answered=answered)
        source = _source(requirement, resolved, self.folder)
        return self.builder.package(
            npm_purl(name, version, source),
            name,
            version,
            line=block.line,
            source=source,
            hashes=_hashes(block, source),
        )

    def _path(self, requirement: str) -> str:
        return join(self.folder, requirement.partition(":")[2].partition("#")[0])

    def add_edges(self) -> None:
        """What each package needs."""
        for parent, block in self._parents:
            name = split_at(block.descriptors[0])[0]
            for section, scope in (("dependencies", Scope.RUNTIME), ("optionalDependencies", Scope.OPTIONAL)):
                for wanted, requirement in block.tables.get(section, {}).items():
                    child = self._find(name, wanted, requirement)
                    if child:
                        self.builder.edge(parent, child, scope, requirement)
                    else:
                        said = _("{parent} needs {name} {reference}, which is not in the lockfile")
                        message = said.format(parent=parent, name=wanted, reference=requirement)
                        self.builder.problem(message, code="dependency-unresolved")

    def _find(self, parent: str, name: str, requirement: str) -> str | None:
        """The package that answers a requirement of a parent."""
        choices = [*self.resolutions.below(parent, name, requirement), requirement]
        choices += self.resolutions.everywhere(name, requirement)
        for choice in choices:
            found = self._purls.get(descriptor(name, choice))
            if found:
                return found
        same_name = self._by_name.get(name, set())
        if name in self.resolutions.names and len(same_name) == 1:
            return next(iter(same_name))
        folder = self.members.names.get(name)
        return None if folder is None else self.members.purls[folder]

    def check(self) -> None:
        """A problem where the root's resolutions are not those of the lock."""
        if manifest := self.members.manifest(self.folder):
            locked: dict[str, list[str | None]] = {}
            for _purl, block in self._parents:
                locked.setdefault(split_at(block.descriptors[0])[0], []).append(block.fields.get("version"))
            report_forced(self.builder, manifest.path, manifest.resolutions, locked)

    def add_requests(self) -> None:
        """What root and members ask for; a requirement that the lock does not hold makes it stale."""
        for folder, purl in list(self.members.purls.items()):
            manifest = self.members.manifest(folder)
            if manifest is None:
                continue
            missing = []
            for request in manifest.requests:
                # yarn 1 installs no peers
                if request.scope is Scope.PEER:
                    continue
                child = self._find(manifest.name or "", request.name, self._rebased(folder, request.spec))
                child = child or self._local(folder, request)
                if child:
                    self.builder.edge(purl, child, request.scope, request.spec)
                elif request.scope is not Scope.OPTIONAL:
                    # an optional one may be an optional peer
                    missing.append(request.name)
            report_stale(self.builder, self.members, folder, missing)

    def _rebased(self, folder: str, spec: str) -> str:
        """The path of an archive as yarn writes it in the key: relative to the lock's folder, not to the member's."""
        if folder == self.folder or not spec.startswith(("file:", "./", "../")) or not spec.endswith(_ARCHIVES):
            return spec
        path = join(folder, spec.removeprefix("file:"))
        inside = path.removeprefix(self.folder + "/") if self.folder else path
        return f"file:{inside}"

    def _local(self, folder: str, request: Request) -> str | None:
        """A folder that a manifest names; yarn 1 does not always write an entry for one."""
        if not request.spec.startswith(("link:", "file:", "./", "../")):
            return None
        if request.spec.endswith((".tgz", ".tar.gz")):
            return None
        path = request.spec.partition(":")[2] if ":" in request.spec else request.spec
        return self.members.local(join(folder, path), request.name)


def npm_purl(name: str, version: str | None, source: Source) -> str:
    """The PackageURL; a qualifier tells what is not from a registry."""
    if source.kind is SourceKind.GIT:
        return purls.npm(name, version, vcs_url=source.url)
    if source.kind is SourceKind.URL:
        return purls.npm(name, version, download_url=source.url)
    return purls.npm(name, version)


def _source(requirement: str, resolved: str | None, folder: str) -> Source:
    """Where the bytes come from: the requirement tells the kind, `resolved` the address."""
    asked = source_of(requirement)
    if asked.kind is SourceKind.PATH:
        return Source(SourceKind.PATH, join(folder, requirement.partition(":")[2] or requirement))
    address = (resolved or requirement).partition("#")[0]
    if asked.kind is SourceKind.REGISTRY:
        return Source(SourceKind.REGISTRY, clean_url(address) if resolved else None)
    if archive := source_of_archive(address):
        return archive
    if asked.kind is SourceKind.GIT:
        return Source(SourceKind.GIT, vcs_url(resolved or requirement))
    return Source(asked.kind, clean_url(address))


def _hashes(block: Block, source: Source) -> tuple[str, ...]:
    """The hash in the fragment of `resolved` (yarn before 1.10 had no other) and those of `integrity`."""
    found = list(integrity_hashes(block.fields.get("integrity")))
    fragment = block.fields.get("resolved", "").partition("#")[2]
    if source.kind is not SourceKind.GIT and _SHA1.fullmatch(fragment):
        found.append(f"sha1:{fragment}")
    return tuple(sorted(set(found)))
