"""Places of files in sentences: short, and the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.base.messages import _

_ARCHIVES = (".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".whl", ".zip", ".conda", ".egg")
_NPM_CACHE = "/_cacache/content-v2/"


def shown_place(path: str) -> str:
    """A file as sentences name it: `LICENSE in lib-1.0.tgz` for one in an archive, else the path itself.

    The archive's address or its place in a client's cache stays in the evidence; it says nothing to a reader.
    """
    if _NPM_CACHE in path:
        # algorithm, two folders of the hash and the rest of it
        inside = path.partition(_NPM_CACHE)[2].split("/")[4:]
        return _("{file} in npm's cache").format(file="/".join(inside)) if inside else path
    parts = path.split("/")
    for number, part in enumerate(parts[:-1]):
        if part.lower().endswith(_ARCHIVES):
            return _("{file} in {archive}").format(file="/".join(parts[number + 1 :]), archive=part)
    return path


def is_archive(folders: Iterable[str]) -> bool:
    """Whether one of the folders of a path is an archive: the file is inside of it."""
    return any(folder.lower().endswith(_ARCHIVES) for folder in folders)


def is_absolute(path: str) -> bool:
    """Whether a place is one of this machine alone: no address, and not below the project."""
    return path.startswith("/") or path[1:3] in (":/", ":\\")


def archive_name(place: str, ecosystem: str, name: str, version: str) -> str:
    """What a place in a client's cache is called on every machine: the archive's own name, where the path has it.

    Stores that are keyed by content (npm's, pnpm's, pip's downloads, uv's) tell none: then that of a package's archive.
    """
    last = place.rpartition("/")[2]
    if last.lower().endswith(_ARCHIVES) and _NPM_CACHE not in place:
        return last
    ending = "tgz" if ecosystem == "npm" else "whl"
    return f"{name.rpartition('/')[2]}-{version}.{ending}" if version else f"{name.rpartition('/')[2]}.{ending}"
