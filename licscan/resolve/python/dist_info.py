"""One installed Python distribution: its metadata folder or file, as far as resolving needs it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

from licscan.model import Claim, Origin, Source, SourceKind
from licscan.packages.core_metadata import MAX_HEADERS, claims_of, first, read_headers
from licscan.packages.purls import strip_credentials

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER_NAME = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(?:-py\d[\w.]*(?:-.+)?)?\.(?:dist-info|egg-info|egg)")
_SECTION = re.compile(r"\[([^\]:]*):?([^\]]*)\]")
MAX_SMALL = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dist:
    """One distribution; `place` is its metadata folder or file, relative to the root.

    `editable` is the absolute folder of an editable installation.
    """

    name: str
    version: str | None
    place: str
    claims: tuple[Claim, ...] = ()
    requires: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)
    editable: str | None = None


def read_bounded(path: str, limit: int) -> bytes:
    """The first bytes of a file; a pipe or a folder gives none. Raises OSError."""
    descriptor = os.open(path, _FLAGS)
    try:
        return os.read(descriptor, limit)
    finally:
        os.close(descriptor)


def read_dist(full: str, place: str) -> Dist | None:
    """The distribution whose metadata is at a path; None where no file of metadata is there. Raises OSError."""
    data, shown = _metadata(full, place)
    if data is None:
        return None
    headers = read_headers(data)
    named = _FOLDER_NAME.fullmatch(os.path.basename(full))
    name = first(headers, "name") or (named["name"] if named else None)
    version = first(headers, "version") or (named["version"] if named else None)
    if not name or not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?", name):
        return None
    source, editable = _direct_url(full)
    requires = [value.strip() for key, value in headers if key == "requires-dist" and value.strip()]
    return Dist(
        name=name,
        version=version if version != "UNKNOWN" else None,
        place=place,
        claims=claims_of(headers, shown, Origin.INSTALLED),
        requires=tuple(requires or _requires_txt(full)),
        source=source,
        editable=editable,
    )


def _metadata(full: str, place: str) -> tuple[bytes | None, str]:
    """The metadata's bytes and its path; an egg-info may be a file itself."""
    for name in ("METADATA", "PKG-INFO"):
        try:
            return read_bounded(os.path.join(full, name), MAX_HEADERS), f"{place}/{name}"
        except (FileNotFoundError, NotADirectoryError):
            continue
    if full.endswith(".egg-info") and os.path.isfile(full):
        return read_bounded(full, MAX_HEADERS), place
    return None, place


def _requires_txt(full: str) -> list[str]:
    """The requirements of an egg-info, sections (`[extra:marker]`) written as markers."""
    text = _small(os.path.join(full, "requires.txt"))
    found = []
    marker = ""
    for line in text.splitlines():
        line = line.strip()
        if section := _SECTION.fullmatch(line):
            extra, condition = section[1].strip(), section[2].strip()
            parts = [f"({condition})" if condition else "", f'extra == "{extra}"' if extra else ""]
            marker = " and ".join(part for part in parts if part)
        elif line and not line.startswith("#"):
            found.append(f"{line} ; {marker}" if marker else line)
    return found


def _small(path: str) -> str:
    try:
        return read_bounded(path, MAX_SMALL).decode("utf-8", "replace")
    except OSError:
        return ""


def _direct_url(full: str) -> tuple[Source, str | None]:
    """PEP 610: where the distribution came from when that was no index, and the folder of an editable one."""
    text = _small(os.path.join(full, "direct_url.json"))
    if not text:
        return Source(), None
    try:
        table: Any = json.loads(text)
    except (ValueError, RecursionError):
        return Source(), None
    url = table.get("url") if isinstance(table, dict) else None
    if not isinstance(url, str):
        return Source(), None
    return _source(table, strip_credentials(url)), _editable(table, url)


def _source(table: dict[str, Any], url: str) -> Source:
    vcs = table.get("vcs_info")
    if isinstance(vcs, dict):
        kind, commit = vcs.get("vcs"), vcs.get("commit_id")
        prefix = f"{kind}+" if isinstance(kind, str) and kind.isalpha() else ""
        return Source(SourceKind.GIT, f"{prefix}{url}@{commit}" if isinstance(commit, str) else f"{prefix}{url}")
    if url.startswith("file:"):
        return Source(SourceKind.PATH, url)
    return Source(SourceKind.URL, url) if "archive_info" in table else Source(SourceKind.UNKNOWN, url)


def _editable(table: dict[str, Any], url: str) -> str | None:
    info = table.get("dir_info")
    if not isinstance(info, dict) or info.get("editable") is not True or not url.startswith("file:"):
        return None
    from urllib.request import url2pathname

    folder = url2pathname(url.removeprefix("file:").removeprefix("//"))
    return folder if os.path.isabs(folder) and "\0" not in folder else None
