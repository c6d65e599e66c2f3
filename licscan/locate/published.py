"""Published archives as evidence: read once, kept in the evidence store, and found there again without a network."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.evidence.record import Draft, PackageRecord, unread_of
from licscan.evidence.store import EvidenceStore, hash_key, name_key
from licscan.locate.archive_trees import SubTree
from licscan.locate.archives import Contents
from licscan.locate.installed import files_at, with_named
from licscan.locate.kept import KeptFiles
from licscan.locate.packed import MANIFEST, npm_files, python_files
from licscan.locate.trees import Trees
from licscan.model import Component, Origin, PackageFiles, Problem, SourceKind
from licscan.model.package import PackageMetadata
from licscan.packages.core_metadata import simple_facts
from licscan.packages.facts import merged
from licscan.packages.npm_metadata import npm_registry_facts
from licscan.packages.purls import normalize_pypi_name
from licscan.packages.tree import PackageTree

if TYPE_CHECKING:
    from licscan.copies.collecting import Collector
    from licscan.locate.code_feed import CodeFeed
    from licscan.registry import Registry
    from licscan.registry.archive import Archive

MAX_MANIFEST = 4 * 1024 * 1024
MAX_NAMED = 10
"""Files of one package that are named as not looked into; the rest is counted."""


class PublishedPackages:
    """The archives of one scan, by the address at which they lie; `TreeSource` and `Consume` in one.

    `platform` tells the wheels of one platform from those of another; `kept` is what records said in earlier runs;
    `code` is shown the program text of archives that are read.
    """

    def __init__(
        self,
        store: EvidenceStore,
        registry: Registry,
        trees: Trees,
        platform: str = "",
        kept: KeptFiles | None = None,
        code: CodeFeed | None = None,
    ):
        self._code = code
        self._store = store
        self.registry = registry
        self._trees = trees
        self._platform = platform
        self._kept = kept or KeptFiles()
        self._records: dict[str, PackageRecord] = {}
        self._lock = threading.Lock()

    def tree(self, component: Component, files: PackageFiles) -> PackageTree | None:
        """See `TreeSource`: a stored package, else one on disk."""
        record = self._records.get(files.place)
        if record is not None:
            return self._store.tree(record, Origin.CACHE)
        whole, modules, folder = files.place.partition("/node_modules/")
        record = self._records.get(whole) if modules else None
        if record is not None:
            # what a package brings in its own archive
            return SubTree(self._store.tree(record, Origin.CACHE), files.place, f"node_modules/{folder}")
        return self._trees.tree(component, files)

    def fixed(self, files: PackageFiles) -> str:
        """See `Packages`: a stored record never changes under its digest."""
        record = self._records.get(files.place) or self._records.get(files.place.partition("/node_modules/")[0])
        return record.digest if record is not None else self._trees.fixed(files)

    def save(self) -> None:
        """Keep what was learned of archives on disk."""
        self._trees.save()
        self._kept.save()
        if self._code is not None:
            self._code.save()

    def close(self) -> None:
        """Let go of the evidence store; it is opened again where something is still asked of it."""
        self._store.close()

    def known(self, components: Iterable[Component]) -> dict[str, tuple[PackageFiles, ...]]:
        """The packages that an earlier run has read, or somebody has imported; nothing is asked for."""
        every = [component for component in components if self.registry.offline or not _moves(component)]
        keys = {component.purl: self._keys(component) for component in every}
        stored = self._store.get_many(key for group in keys.values() for key in group)
        records = {one.purl: _first(one, keys[one.purl], stored) for one in every}
        left = [one for one in every if records[one.purl] is None]
        if more := self._store.fetch_many(key for one in left for key in keys[one.purl]):
            records |= {one.purl: _first(one, keys[one.purl], more) for one in left}
        kept = self._kept.get_many(one.digest for one in records.values() if one is not None and one.digest)
        found: dict[str, tuple[PackageFiles, ...]] = {}
        for component in every:
            record = records[component.purl]
            if record is not None:
                found[component.purl] = (self._files(component, record, kept.get(record.digest)),)
        return found

    def consume(self, component: Component, archive: Archive) -> PackageFiles:
        """Read one archive, hold it against what pins it, and keep it. See `locate.remote.Consume`."""
        collector = self._code.collector(component) if self._code is not None else None
        draft = _draft(component, archive, collector)
        hashes = archive.verify()
        draft = draft.told(url=archive.url, size=archive.size, hashes=hashes, registry=archive.facts)
        _require_same(component, draft.record)
        record = self._store.put(draft, [self._name_key(component)])
        files = self._files(component, record)
        if self._code is not None and collector is not None:
            self._code.take(component, collector, files, self.tree(component, files))
        return files

    def _files(self, component: Component, record: PackageRecord, kept: PackageFiles | None = None) -> PackageFiles:
        tree = self._store.tree(record, Origin.CACHE)
        with self._lock:
            self._records[tree.place] = record
        files = kept
        if files is None:
            read = _npm_files if record.ecosystem == "npm" else _python_files
            # what the lock claims is no part of the record
            files = read(replace(component, claims=()), record, tree)
            self._kept.put(record.digest, files)
        if component.claims:
            files = with_named(files, component.claims)
        left = _not_looked_into(component, record)
        return replace(files, problems=(*files.problems, *left)) if left else files

    def _keys(self, component: Component) -> list[str]:
        """Where it may be stored: under its name here, and, where one archive is pinned, under that one's hash."""
        pinned = [key for one in _pinned(component) if (key := hash_key(one))]
        alone = pinned if component.ecosystem == "npm" or len(pinned) == 1 else []
        return [self._name_key(component), *alone]

    def _name_key(self, component: Component) -> str:
        place = self.registry.key(component)
        platform = self._platform if component.ecosystem == "pypi" else ""
        return name_key(place, component.ecosystem, component.name, component.version or "", platform)


def _pinned(component: Component) -> tuple[str, ...]:
    if component.ecosystem != "npm":
        return component.hashes
    from licscan.registry.npm import pinned_hashes

    return pinned_hashes(component)


def _first(component: Component, keys: Iterable[str], stored: Mapping[str, PackageRecord]) -> PackageRecord | None:
    return next((stored[key] for key in keys if _fits(component, stored.get(key))), None)


def _fits(component: Component, record: PackageRecord | None) -> bool:
    """Whether a stored archive is one that the lock pins; without a pin its name and version suffice."""
    if record is None or not _is_same(component, record):
        return False
    pinned = {one for one in _pinned(component) if hash_key(one)}
    algorithms = {one.partition(":")[0] for one in record.hashes}
    comparable = {one for one in pinned if one.partition(":")[0] in algorithms}
    return bool(comparable & set(record.hashes)) if pinned else True


def _moves(component: Component) -> bool:
    """Whether a git source names a branch or a tag: what lies there may be another commit by now."""
    if component.source.kind is not SourceKind.GIT:
        return False
    reference = re.split(r"[@#]", component.source.url or "")[-1]
    return re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", reference) is None


def _draft(component: Component, archive: Archive, seen: Collector | None) -> Draft:
    from licscan.evidence.build import record_npm, record_sdist, record_wheel

    name, version = component.name, component.version or ""
    if archive.file is not None:
        return record_wheel(archive.file, archive.filename, partial=archive.partial, size=archive.size, onlooker=seen)
    if archive.stream is None:
        raise InputError(_("has no content"), path=archive.filename)
    if component.ecosystem == "npm":
        return record_npm(archive.stream, filename=archive.filename, onlooker=seen)
    return record_sdist(archive.stream, archive.filename, name=name, version=version, onlooker=seen)


def _require_same(component: Component, record: PackageRecord) -> None:
    """An archive that holds another package is no evidence for this one."""
    if not _is_same(component, record):
        message = _("contains {name} instead").format(name=record.name[:100])
        raise InputError(message, path=record.filename or component.name)


def _is_same(component: Component, record: PackageRecord) -> bool:
    """Whether a record bears the component's name; what has an address is what lies there, whatever its name."""
    if component.source.kind in (SourceKind.GIT, SourceKind.URL):
        return True
    if record.ecosystem == "npm":
        return record.name == component.name
    return normalize_pypi_name(record.name) == normalize_pypi_name(component.name)


def _npm_files(component: Component, record: PackageRecord, tree: PackageTree) -> PackageFiles:
    names = [entry.path for entry in tree.entries]
    manifest = tree.read(MANIFEST, MAX_MANIFEST)
    stated, version = component, record.version.lstrip("v=")
    if (component.name, component.version) != (record.name, version):
        stated = replace(component, name=record.name, version=version)
    found = npm_files(stated, tree.place, Contents(names, {MANIFEST: manifest}))
    files = found[0] if found else files_at(Origin.CACHE, tree.place, [])
    facts = npm_registry_facts(dict(record.registry)) if record.registry else PackageMetadata("")
    return replace(files, metadata=_with_archive(merged(files.metadata or PackageMetadata(""), facts), record))


def _python_files(component: Component, record: PackageRecord, tree: PackageTree) -> PackageFiles:
    files = python_files(component, tree)
    facts = merged(files.metadata or PackageMetadata(""), _index_facts(record.registry))
    return replace(files, metadata=_with_archive(facts, record))


def _index_facts(told: Mapping[str, object]) -> PackageMetadata:
    facts = simple_facts(told)
    source = told.get("sdist")
    return merged(facts, simple_facts(source)) if isinstance(source, dict) and not facts.source_url else facts


def _with_archive(facts: PackageMetadata, record: PackageRecord) -> PackageMetadata:
    """The facts with the address and hashes of what was read."""
    if not record.url:
        return facts
    return replace(facts, artifact_url=record.url, artifact_hashes=record.hashes or facts.artifact_hashes)


def _not_looked_into(component: Component, record: PackageRecord) -> tuple[Problem, ...]:
    """What was too large to be fetched for a look; worth knowing, and no finding by itself."""
    if not record.unread:
        return ()
    unread = unread_of(record)
    each = _("{place}: {reason}")
    shown = _("; ").join(each.format(place=path, reason=reason) for path, reason in unread[:MAX_NAMED])
    said = _("was not fully examined: {files}").format(files=shown)
    return (Problem("locate", component.purl, said),)
