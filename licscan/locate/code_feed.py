"""The user's index of code grows by the archives that a scan reads, where the user has switched that on."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from licscan.base.caches import READ_ONLY, CacheUse
from licscan.base.errors import InputError, StoreError
from licscan.conclude.conclusion import conclude
from licscan.copies.collecting import Collector
from licscan.copies.segments import Segment
from licscan.detect.copyrights import find_copyrights
from licscan.detect.decoding import decode
from licscan.model import Component, PackageFiles
from licscan.packages import purls
from licscan.packages.filenames import kind_of
from licscan.packages.tree import PackageTree, prepare

if TYPE_CHECKING:
    from licscan.copies.shelf import Shelf

_COPYRIGHT = re.compile(r"(?i)^(?:(?:copyright|\(c\)|©|&copy;)[\s:,]*)+")
MAX_TEXT = 256 * 1024
BATCH = 100
"""Segments that wait in memory at most."""


def without_version(component: Component) -> str:
    """The PackageURL of a package of any version."""
    make = purls.npm if component.ecosystem == "npm" else purls.pypi
    return make(component.name)


def holders_of(tree: PackageTree) -> Iterator[str]:
    """Whom the first license text of a package names, with the years; none where it has no such text."""
    found = sorted((one.path.count("/"), one.path) for one in tree.entries if _is_license(one.path, one.size))
    for _depth, path in found[:1]:
        prepare(tree, [path])
        try:
            text = decode(tree.read(path, MAX_TEXT)) or ""
        except InputError:
            return
        for one in find_copyrights(text)[0]:
            if one.holder and not one.template:
                yield _COPYRIGHT.sub("", " ".join(one.statement.split()))


def _is_license(path: str, size: int) -> bool:
    return size <= MAX_TEXT and "node_modules/" not in path and kind_of(path.rpartition("/")[2]) == "license"


class CodeFeed:
    """Takes what collectors saw to a shelf; threads may share it. It never fails, it counts what it lost."""

    def __init__(self, shelf: Shelf, use: CacheUse | None = None):
        self._shelf = shelf
        self._use = use if use is not None else CacheUse()
        self._lock = threading.Lock()
        self._batch: list[Segment] = []
        self._known: set[tuple[str, str]] | None = None
        self._grown = False

    def collector(self, component: Component) -> Collector | None:
        """Who looks at a package's archive; None where its version is indexed already."""
        with self._lock:
            if self._known is None:
                try:
                    self._known = self._shelf.known()
                except StoreError:
                    self._known = set()
            return None if _key(component) in self._known else Collector()

    def take(self, component: Component, collector: Collector, files: PackageFiles, tree: PackageTree | None) -> None:
        """What was seen of a package, whose archive was what it should be."""
        package, version = _key(component)
        license_ = conclude(component, (files,)).declared
        holders = () if tree is None else tuple(holders_of(tree))
        segment = collector.segment(package, component.name, version, license_, holders)
        with self._lock:
            self._batch.append(segment)
            if len(self._batch) >= BATCH:
                self._put()

    def save(self) -> None:
        """Keep what came, and make the index anew if anything did."""
        with self._lock:
            self._put()
            if self._grown:
                self._grown = False
                try:
                    self._shelf.rebuild()
                except StoreError:
                    self._use.lose(1, READ_ONLY)

    def _put(self) -> None:
        batch, self._batch = self._batch, []
        if not batch:
            return
        try:
            self._shelf.put(batch)
            self._grown = True
        except StoreError:
            self._use.lose(len(batch), READ_ONLY)


def _key(component: Component) -> tuple[str, str]:
    return without_version(component), component.version or ""
