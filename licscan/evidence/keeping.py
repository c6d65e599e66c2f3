"""What is kept of a package's files while its archive is read: whole texts, excerpts of code, facts of libraries."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from licscan.base.errors import InputError
from licscan.base.load import load_toml
from licscan.evidence.excerpts import banner_of, head_of, join
from licscan.packages import natives
from licscan.packages.core_metadata import read_headers
from licscan.packages.filenames import is_text
from licscan.packages.marks import (
    MAX_CODE,
    MAX_LOOKED,
    MAX_SOURCES,
    STATEMENT_HEAD,
    is_source,
    source_rank,
    unit_of,
)
from licscan.packages.tree import NativeFacts

MB = 1024 * 1024
MAX_TEXT = 4 * MB
MAX_LIST = 16 * MB
"""Bytes of an SBOM or a RECORD."""
MAX_POINTED = 256 * 1024
"""Bytes of a file that only the metadata names as a license's text."""
MAX_WHOLE = 32 * MB
"""Bytes of all that is kept of one package."""
MAX_EXCERPTS = 8 * MB
MAX_UNITS = 2_000
LARGE = 4 * MB
"""Bytes of a library from which only one thread at a time holds one in memory."""
one_large = threading.Lock()

_PYTHON_METADATA = re.compile(r"(?:[^/]+\.(?:dist-info|egg-info)/)?(?:METADATA|PKG-INFO|RECORD|WHEEL|top_level\.txt)")
_PYTHON_PROJECT = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})
_BUNDLED = re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/]+/package\.json$")
_NATIVE_MODULE = re.compile(r"(?i)\.node$")
_POINTER = re.compile(r"(?i)\s*SEE LICEN[SC]E IN\s+(.{1,300})")
_PROSE = re.compile(r"(?i)(?:^|/)[^./]+$|\.(?:txt|md|markdown|rst|html?|pdf|rtf)$")


class Role(Enum):
    """What becomes of a file."""

    WHOLE = "whole"
    LIST = "list"
    NATIVE = "native"
    UNIT = "unit"
    SOURCE = "source"
    POINTED = "pointed"
    """Kept only where the metadata names it."""
    NONE = "none"


_LIMITS = {
    Role.WHOLE: MAX_TEXT,
    Role.LIST: MAX_LIST,
    Role.NATIVE: natives.MAX_READ,
    Role.UNIT: MAX_CODE,
    Role.SOURCE: STATEMENT_HEAD,
    Role.POINTED: MAX_POINTED,
    Role.NONE: 0,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a package: digests of whole files and of excerpts, facts, files not looked into, the blobs."""

    files: dict[str, str]
    excerpts: dict[str, str]
    natives: dict[str, NativeFacts]
    unread: tuple[str, ...]
    blobs: dict[str, bytes]


class Keeping:
    """Decides over one package; `package` is its name, `ecosystem` npm or pypi."""

    def __init__(self, ecosystem: str, package: str):
        self._ecosystem = ecosystem
        self.package = package
        self._kept: dict[str, bytes] = {}
        self._natives: dict[str, NativeFacts] = {}
        self._pointed: dict[str, bytes] = {}
        self._heads: list[tuple[tuple[int, str], bytes | None]] = []
        self._units: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
        self._unread: dict[str, str] = {}
        self._whole = self._held = 0

    def role(self, path: str) -> Role:
        """What becomes of a file, by its path."""
        if ".dist-info/sboms/" in path:
            return Role.LIST
        if self._is_metadata(path):
            return Role.LIST if path.endswith(".dist-info/RECORD") else Role.WHOLE
        if is_text(path):
            return Role.WHOLE
        if natives.is_native(path) or _NATIVE_MODULE.search(path):
            return Role.NATIVE
        if "node_modules/" in path:
            return Role.NONE
        if unit_of(path, self.package):
            return Role.UNIT
        if is_source(path):
            return Role.SOURCE
        return Role.POINTED if path.count("/") <= 1 and _PROSE.search(path) else Role.NONE

    def _is_metadata(self, path: str) -> bool:
        if self._ecosystem == "npm":
            return path == "package.json" or _BUNDLED.search(path) is not None
        return path in _PYTHON_PROJECT or _PYTHON_METADATA.fullmatch(path) is not None

    def plan(self, path: str, size: int) -> tuple[Role, int] | None:
        """What becomes of a file, and how many of its first bytes `take` has to be given; None where nothing does."""
        role = self.role(path)
        if role is Role.SOURCE or (role is Role.UNIT and size > MAX_CODE):
            # only those nearest to the top are asked for; once so many are known, what is further down never is
            full = len(self._heads) >= MAX_SOURCES and source_rank(path) > self._heads[-1][0]
            return None if full else (Role.SOURCE, min(size, STATEMENT_HEAD))
        if role is Role.NATIVE:
            return role, min(size, natives.MAX_READ)
        if role is Role.NONE or size > _LIMITS[role]:
            if role in (Role.WHOLE, Role.LIST):
                self.leave(path, "large")
            return None
        return role, size

    def take(self, path: str, role: Role, data: bytes) -> None:
        """The first bytes of a file, as many as `plan` asked for."""
        if role in (Role.WHOLE, Role.LIST):
            self._take_whole(path, data)
        elif role is Role.NATIVE:
            self._natives[path] = natives.facts_of(data)
        elif role is Role.POINTED and self._held + len(data) <= MAX_EXCERPTS:
            self._pointed[path] = data
            self._held += len(data)
        if role is Role.UNIT:
            self._take_unit(path, data)
        if role in (Role.UNIT, Role.SOURCE) and is_source(path):
            insort(self._heads, (source_rank(path), head_of(data)), key=lambda one: one[0])
            del self._heads[MAX_SOURCES:]

    def _take_whole(self, path: str, data: bytes) -> None:
        if self._whole + len(data) > MAX_WHOLE:
            self.leave(path, "full")
            return
        self._whole += len(data)
        self._kept[path] = data

    def _take_unit(self, path: str, data: bytes) -> None:
        unit = unit_of(path, self.package)
        if unit is None or (unit not in self._units and len(self._units) >= MAX_UNITS):
            return
        files = self._units.setdefault(unit, [])
        if len(files) >= MAX_LOOKED and path > files[-1][0]:
            return
        excerpt = banner_of(data)
        if self._held + len(excerpt) > MAX_EXCERPTS:
            self.leave(path, "full")
            return
        self._held += len(excerpt)
        insort(files, (path, excerpt))
        del files[MAX_LOOKED:]

    def forget(self, path: str) -> None:
        """A path comes again in the archive: it counts as it came last, as for whoever unpacks it."""
        self._unread.pop(path, None)
        self._whole -= len(self._kept.pop(path, b""))
        self._natives.pop(path, None)
        self._pointed.pop(path, None)
        self._heads = [one for one in self._heads if one[0][1] != path]
        if unit := unit_of(path, self.package):
            self._units[unit] = [one for one in self._units.get(unit, []) if one[0] != path]

    def leave(self, path: str, reason: str) -> None:
        """A file is not looked into; `reason` is a word of `record.UNREAD`."""
        if len(self._unread) < 1_000:
            self._unread[path] = reason

    def text(self, path: str) -> bytes:
        """What was kept of a file whole."""
        return self._kept.get(path, b"")

    def texts(self) -> Iterator[str]:
        """The license texts, notices and readmes that are kept."""
        return (data.decode("utf-8", "replace") for path, data in sorted(self._kept.items()) if is_text(path))

    def pointed_at(self) -> set[str]:
        """The paths of license texts that the package's own metadata names."""
        return {path.removeprefix("./") for path in self._pointers()}

    def _pointers(self) -> Iterator[str]:
        if self._ecosystem == "npm":
            yield from _npm_pointers(self.text("package.json"))
            return
        for path in self._kept:
            folder, _slash, name = path.rpartition("/")
            if name in ("METADATA", "PKG-INFO"):
                for key, value in read_headers(self._kept[path]):
                    if key == "license-file":
                        yield value.strip()
                        yield f"{folder}/{value.strip()}"
        yield from _project_pointers(self.text("pyproject.toml"))

    def finish(self) -> Kept:
        """All that is kept, in order."""
        for path in self.pointed_at() & self._pointed.keys():
            self._take_whole(path, self._pointed[path])
        excerpts = {path: join(head, b"") for (_rank, path), head in self._heads if head is not None}
        excerpts.update(pair for files in self._units.values() for pair in files)
        blobs: dict[str, bytes] = {}

        def put(data: bytes) -> str:
            digest = hashlib.sha256(data).hexdigest()
            blobs[digest] = data
            return digest

        kept = {path: put(data) for path, data in sorted(self._kept.items())}
        cut = {path: put(data) for path, data in sorted(excerpts.items())}
        unread = sorted(f"{reason} {path}" for path, reason in self._unread.items())
        return Kept(kept, cut, dict(sorted(self._natives.items())), tuple(unread), dict(sorted(blobs.items())))


def _npm_pointers(manifest: bytes) -> Iterator[str]:
    try:
        table = json.loads(manifest or b"null")
    except (ValueError, RecursionError):
        return
    if not isinstance(table, dict):
        return
    for key in ("license", "licence"):
        value = table.get(key)
        if isinstance(value, str) and (match := _POINTER.match(value)):
            yield match[1].strip().strip("\"'<>")


def _project_pointers(data: bytes) -> Iterator[str]:
    """`license = {file = ...}` and `license-files` without patterns (PEP 621, PEP 639)."""
    try:
        project = load_toml(data.decode("utf-8", "replace"), "pyproject.toml").get("project", {})
    except InputError:
        return
    if not isinstance(project, dict):
        return
    told = project.get("license")
    named = [told.get("file")] if isinstance(told, dict) else []
    more = project.get("license-files")
    named += more if isinstance(more, list) else []
    yield from (name for name in named if isinstance(name, str))
