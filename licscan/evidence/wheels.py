"""Reads of a wheel what is kept of it, in stages; of a remote one, few ranges and few bytes."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterable
from contextlib import nullcontext
from typing import BinaryIO

from licscan.base.damaged import DAMAGED
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.evidence.keeping import LARGE, Keeping, Role, one_large
from licscan.evidence.onlooker import Onlooker
from licscan.evidence.record import MAX_FILES, is_safe
from licscan.evidence.unpack import weigh
from licscan.packages.marks import (
    MAX_CODE,
    MAX_LOOKED,
    MAX_UNITS,
    STATEMENT_HEAD,
    first_sources,
    named_statement,
    unit_of,
)
from licscan.packages.natives import MAX_READ
from licscan.packages.record import recorded_in
from licscan.packages.tree import FileEntry
from licscan.packages.wheel_paths import installed_path

MB = 1024 * 1024
MAX_NATIVE = MB
"""Packed bytes of one library that is read over the network."""
NATIVES_BYTES, NATIVES_SHARE = 2 * MB, 0.2
CODE_BYTES, CODE_SHARE = MB, 0.1
"""Packed bytes of libraries and of code that are read over the network: so many, and such a share of the wheel."""
SHOWN_BYTES = 8 * MB
"""Packed bytes of code that an onlooker is shown."""
LEAST_BUDGET = 64 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SLACK = 30 + 256
"""Bytes of a local header beside its name: fixed part, extra fields."""

Files = dict[str, zipfile.ZipInfo]


class Wheel:
    """One wheel while it is read. ValueError for one that holds too much, InputError for what is no wheel."""

    def __init__(self, archive: zipfile.ZipFile, file: BinaryIO, shown: str, *, partial: bool):
        self._archive = archive
        self._file = file
        self._partial = partial
        self._left: dict[str, int] = {}
        found = archive.infolist()
        if len(found) > MAX_FILES:
            raise ValueError(_("contains more than {limit} files").format(limit=MAX_FILES))
        self.size = file.seek(0, 2)
        weigh(self.size, sum(one.file_size for one in found), limit=1 << 40)
        self._unsafe: list[str] = []
        self._files = self._placed(found)
        self.metadata = self._metadata(shown)

    def _placed(self, found: Iterable[zipfile.ZipInfo]) -> Files:
        files: Files = {}
        for one in found:
            path = installed_path(one.filename)
            if one.is_dir() or path is None:
                continue
            if is_safe(path):
                files[path] = one
            else:
                self._unsafe.append(one.filename[:200])
        return files

    def _metadata(self, shown: str) -> str:
        """The path of METADATA: that of the distribution's own name, where several lie at the top."""
        own = "-".join(shown.split("-")[:2]).lower()
        found = sorted(
            (path for path in self._files if path.endswith(".dist-info/METADATA") and path.count("/") == 1),
            key=lambda path: (not path.lower().startswith(f"{own}.dist-info/"), len(path), path),
        )
        if not found:
            raise InputError(_("has no METADATA: it is not a wheel"), path=shown)
        return found[0]

    def read(self, name: str) -> tuple[Keeping, dict[str, FileEntry]]:
        """What is kept, and all files by their paths."""
        folder = self.metadata.partition("/")[0]
        keeping = Keeping("pypi", name or folder.partition("-")[0])
        for path in self._unsafe:
            keeping.leave(path, "path")
        roles = {path: keeping.role(path) for path in self._files}
        always = [path for path, role in roles.items() if role in (Role.WHOLE, Role.LIST)]
        digests = self._take(keeping, always)
        pointed = [path for path in keeping.pointed_at() if roles.get(path) is Role.POINTED]
        digests |= self._take(keeping, pointed)
        digests |= self._take(keeping, self._libraries(keeping, roles))
        digests |= self._take(keeping, self._code(keeping, roles))
        return keeping, self._entries(keeping.text(f"{folder}/RECORD"), digests)

    def show(self, onlooker: Onlooker) -> None:
        """Show somebody the files that they want, nearest to the top first, up to SHOWN_BYTES of packed ones."""
        left, chosen = SHOWN_BYTES, []
        for path, one in sorted(self._files.items(), key=lambda pair: (pair[0].count("/"), pair[0])):
            if one.compress_type in _METHODS and not one.flag_bits & 1 and onlooker.wants(path, one.file_size):
                left -= one.compress_size
                if left < 0:
                    break
                chosen.append(path)
        chosen.sort(key=lambda path: self._files[path].header_offset)
        self._prefetch([(path, self._files[path].compress_size) for path in chosen])
        for path in chosen:
            one = self._files[path]
            try:
                weigh(one.compress_size + 1024, one.file_size, limit=MAX_READ)
                with one_large if one.file_size > LARGE else nullcontext(), self._archive.open(one) as opened:
                    data = opened.read(one.file_size)
            except DAMAGED:
                continue  # the record has not asked for it, so it is no reason to have none
            if len(data) == one.file_size:
                onlooker.see(path, data)

    def _libraries(self, keeping: Keeping, roles: dict[str, Role]) -> list[str]:
        """The libraries that are read: of a remote wheel, small ones first, those that tools put beside it last."""
        found = [path for path, role in roles.items() if role is Role.NATIVE]
        ranked = sorted(found, key=lambda path: (".libs/" in path, self._files[path].compress_size, path))
        return self._affordable(keeping, ranked, min(NATIVES_BYTES, int(self.size * NATIVES_SHARE)), MAX_NATIVE)

    def _code(self, keeping: Keeping, roles: dict[str, Role]) -> list[str]:
        """The code whose marks are looked for: others' first, then, where no text names a holder, heads of sources."""
        units: dict[tuple[str, str], list[str]] = {}
        for path in sorted(path for path, role in roles.items() if role is Role.UNIT):
            unit = unit_of(path, keeping.package)
            if unit is not None and (unit in units or len(units) < MAX_UNITS):
                units.setdefault(unit, []).append(path)
        others = [path for files in units.values() for path in files[:MAX_LOOKED]]
        sources = first_sources(path for path, role in roles.items() if role in (Role.UNIT, Role.SOURCE))
        if self._partial and any(map(named_statement, keeping.texts())):
            sources = []
        asked = list(dict.fromkeys((*others, *sources)))
        return self._affordable(keeping, asked, min(CODE_BYTES, int(self.size * CODE_SHARE)), CODE_BYTES)

    def _affordable(self, keeping: Keeping, paths: list[str], budget: int, most: int) -> list[str]:
        """Those within a budget of packed bytes; the others are said to be unread."""
        if not self._partial:
            return paths
        budget = max(budget, LEAST_BUDGET)
        chosen = []
        for path in paths:
            cost = self._cost(path, keeping)
            if cost > most or cost > budget:
                keeping.leave(path, "budget")
                continue
            budget -= cost
            chosen.append(path)
        return chosen

    def _cost(self, path: str, keeping: Keeping) -> int:
        one = self._files[path]
        head = keeping.role(path) is Role.SOURCE or (one.file_size > MAX_CODE and keeping.role(path) is Role.UNIT)
        return min(one.compress_size, STATEMENT_HEAD) if head else one.compress_size

    def _take(self, keeping: Keeping, paths: Iterable[str]) -> dict[str, FileEntry]:
        """Read files in the order in which they lie; those that were read whole, with their digests."""
        ordered = sorted(paths, key=lambda path: self._files[path].header_offset)
        self._prefetch([(path, self._cost(path, keeping)) for path in ordered])
        found: dict[str, FileEntry] = {}
        for path in ordered:
            one = self._files[path]
            if one.compress_type not in _METHODS or one.flag_bits & 1:
                keeping.leave(path, "kind")
                continue
            plan = keeping.plan(path, one.file_size)
            if plan is None:
                continue
            role, wanted = plan
            weigh(one.compress_size + 1024, min(wanted, one.file_size), limit=MAX_READ)
            with one_large if wanted > LARGE else nullcontext(), self._archive.open(one) as opened:
                data = opened.read(wanted)
                if len(data) < wanted:
                    raise ValueError(_("is truncated"))
                keeping.take(path, role, data)
            if wanted == one.file_size:
                found[path] = FileEntry(path, one.file_size, hashlib.sha256(data).hexdigest())
        return found

    def _prefetch(self, ordered: list[tuple[str, int]]) -> None:
        """Announce which files are read next, and how many packed bytes of each."""
        prefetch = getattr(self._file, "prefetch", None)
        if prefetch is None or not ordered:
            return
        ranges = []
        for path, cost in ordered:
            one = self._files[path]
            start = one.header_offset
            ranges.append((start, min(start + _SLACK + len(one.filename) * 4 + cost, self.size)))
        prefetch(ranges)

    def _entries(self, record: bytes, read: dict[str, FileEntry]) -> dict[str, FileEntry]:
        told = {
            installed_path(one.path): _hex(one.digest)
            for one in recorded_in(record.decode("utf-8", "surrogateescape"))
            if one.algorithm == "sha256"
        }
        return {
            path: read.get(path) or FileEntry(path, one.file_size, told.get(path, ""))
            for path, one in self._files.items()
        }


def _hex(digest: str) -> str:
    """A digest in base64 for URLs as hex; empty for what is no SHA-256."""
    try:
        made = base64.urlsafe_b64decode(digest + "=" * (-len(digest) % 4))
    except ValueError:
        return ""
    return made.hex() if len(made) == 32 else ""
