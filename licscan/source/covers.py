"""License texts that stand beside files and speak for them: a vendored folder's own LICENSE, `x.js.license`."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

from licscan.conclude.agree import whole
from licscan.model import NOASSERTION
from licscan.source.header import Header
from licscan.source.names import vendored_folder
from licscan.source.placing import Cover, Own, is_own

_COLLECTIONS = re.compile(r"(?i)^(?:licen[cs]es?|license_files|legal|debian|copyrights?|notices)$")
"""Folders that hold texts for files elsewhere."""
_SIDECAR = re.compile(r"(?i)(?:\.licen[cs]e|\.licen[cs]e\.txt)$")
_PLAIN = re.compile(r"(?i)^(?:un)?licen[cs]e|^copying|^copyright|^(?:mit|bsd|apache|gpl|lgpl|mpl|ofl|isc)\b")


@dataclass(slots=True)
class Covers:
    """The texts by the file or the folder that they speak for; `stops` are folders that answer for themselves."""

    files: dict[str, Cover] = field(default_factory=dict)
    folders: dict[str, Cover] = field(default_factory=dict)
    stops: Container[str] = frozenset()

    def of(self, path: str) -> Cover | None:
        """The text that speaks for a file: its own, else that of the nearest folder above it."""
        if path in self.files:
            return self.files[path]
        folder = path.rpartition("/")[0]
        while folder and folder not in self.stops:
            if folder in self.folders:
                return self.folders[folder]
            folder = folder.rpartition("/")[0]
        return None


def is_text(path: str, kind_of: Callable[[str], str | None]) -> bool:
    """Whether a file is a license text by its name."""
    return kind_of(path.rpartition("/")[2]) == "license" or path.lower().endswith(".license")


def covers_of(texts: Mapping[str, Header], paths: Iterable[str], own: Own) -> Covers:
    """What the license texts below the root speak for, those of the project's own license left out."""
    every = frozenset(paths)
    found = Covers(stops=frozenset(own.areas))
    folders: dict[str, list[tuple[str, Header]]] = {}
    for path, header in sorted(texts.items()):
        folder, _slash, name = path.rpartition("/")
        target = _SIDECAR.sub("", path)
        if target != path and target in every:
            if (cover := _cover([(path, header)])) is not None:
                found.files[target] = cover
        elif folder and _PLAIN.match(name) and not _COLLECTIONS.match(folder.rpartition("/")[2]):
            folders.setdefault(folder, []).append((path, header))
    for folder, held in folders.items():
        cover = _cover(held)
        if cover is not None and folder not in own.areas and _is_foreign(folder, held, cover, own):
            found.folders[folder] = cover
    found.files = {path: cover for path, cover in found.files.items() if not _is_plainly_own(path, cover, own)}
    return found


def _cover(held: list[tuple[str, Header]]) -> Cover | None:
    said = [one for _path, header in held for one in header.said]
    holders = tuple(dict.fromkeys(holder for _path, header in held for holder, _line in header.holders))
    expression = whole(one.expression for one in said) if said else NOASSERTION
    return Cover(held[0][0], expression, holders, tuple(sorted({one.rule for one in said})))


def _is_foreign(folder: str, held: list[tuple[str, Header]], cover: Cover, own: Own) -> bool:
    """Outside a folder for other people's work only a license text counts: a page about licenses is none."""
    if vendored_folder(folder + "/") is None and not any(one.is_firm for _path, header in held for one in header.said):
        return False
    return not _is_plainly_own(folder + "/", cover, own)


def _is_plainly_own(path: str, cover: Cover, own: Own) -> bool:
    if cover.expression == NOASSERTION or not is_own(cover.expression, own.at(path)):
        return False
    others = [holder for holder in cover.holders if not own.holders.is_own(holder)]
    return not others or len(others) < len(cover.holders) or not own.holders.names
