"""Places of files in sentences: short, and the same on every machine."""

from __future__ import annotations

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
