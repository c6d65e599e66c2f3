"""Other people's work among a package's files, of which no text, list or banner tells whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from licscan.base.errors import InputError
from licscan.inside.libraries import spoken_of
from licscan.model.contents import Vendored
from licscan.packages.tree import PackageTree, prepare
from licscan.source.names import is_test, name_and_version

MAX_UNITS = 200
MAX_LOOKED = 8
"""Files of one folder whose heads are looked at."""
MAX_TEXT = 1024 * 1024
MAX_CODE = 2 * 1024 * 1024
_CODE = re.compile(r"(?i)\.(?:[cm]?js|css|py|c|h|cc|cpp)$")
_UNIT = re.compile(r"(?i)^(?:.*?/)??(_?vendor(?:ed)?|third[-_]?party|3rd[-_]?party)/([^/]+)")
_MINIFIED = re.compile(r"(?i)[.\-_]min\.(?:m?js|css)$")
_BANNER = re.compile(rb"(?i)copyright|licen[sc]e|\(c\)|\xc2\xa9|public domain|spdx|@preserve|https?://")
_HEAD = 8 * 1024
_KEPT = re.compile(rb"/\*!|@license|@preserve|@lic\b")
_INDEX = re.compile(r"(?i)^(?:index|main|__init__|mod|all)$")


def vendored_in(tree: PackageTree, paths: Iterable[str], texts: Sequence[str], package: str) -> Iterator[Vendored]:
    """The files and folders of others that nothing attributes, in order of their paths.

    `paths` are the package's own files, `texts` its license texts and notices. A file is others' work where its folder
    is named for that, or where it has the name and version of another package (`jquery-3.4.1.min.js`).
    """
    units: dict[tuple[str, str], list[str]] = {}
    for path in sorted(paths):
        if not _CODE.search(path) or is_test(path) or "/node_modules/" in f"/{path}":
            continue
        unit = _unit(path, package)
        if unit is not None and (unit in units or len(units) < MAX_UNITS):
            units.setdefault(unit, []).append(path)
    if not units:
        return
    prepare(tree, [*texts, *(path for files in units.values() for path in files[:MAX_LOOKED])])
    covered = [path.rpartition("/")[0] for path in texts if "/" in path]
    spoken = "\n".join(_said(tree, texts))
    for (place, name), files in sorted(units.items()):
        if _is_covered(place, covered) or spoken_of([name], spoken):
            continue
        if not any(_has_banner(tree, path) for path in files[:MAX_LOOKED]):
            yield Vendored(place, name, len(files))


def _said(tree: PackageTree, texts: Iterable[str]) -> Iterator[str]:
    """What the package's license texts and notices say."""
    for path in texts:
        try:
            yield tree.read(path, MAX_TEXT).decode("utf-8", "replace")
        except InputError:
            continue


def _unit(path: str, package: str) -> tuple[str, str] | None:
    """The file or folder that is one work, with its name; None for the package's own."""
    if match := _UNIT.match(path):
        name = re.sub(r"(?i)(?:[.\-_]min)?\.[a-z]+$", "", match[2])
        place = path[: match.end(2)]
        return None if _INDEX.match(name) or _same(name, package) else (place, name)
    told = name_and_version(path) if _MINIFIED.search(path) else None
    return None if told is None or _same(told[0], package) else (path, told[0])


def _same(name: str, package: str) -> bool:
    """Whether a name is the package's own, or made from it."""
    one, own = (re.sub(r"[^a-z0-9]", "", word.lower()) for word in (name, package.rpartition("/")[2]))
    return bool(one) and (one in own or own in one)


def _is_covered(place: str, folders: Iterable[str]) -> bool:
    """Whether a license text lies beside the work, in it, or in the folder of all such work."""
    above = place.rpartition("/")[0]
    return any(
        folder in (place, above) or folder.startswith(f"{place}/") or f"{folder}/".startswith(f"{place}-")
        for folder in folders
    )


def _has_banner(tree: PackageTree, path: str) -> bool:
    """Whether the head of a file says whose it is; in what is minified a kept comment may stand anywhere."""
    try:
        data = tree.read(path, MAX_CODE)
    except InputError:
        # what cannot be read is not said to lack anything
        return True
    return not data.strip() or _BANNER.search(data[:_HEAD]) is not None or _KEPT.search(data) is not None
