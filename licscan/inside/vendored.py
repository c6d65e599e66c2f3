"""Other people's work among a package's files, of which no text, list or banner tells whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from licscan.base.errors import InputError
from licscan.inside.libraries import spoken_of
from licscan.model.contents import Vendored
from licscan.packages.marks import MAX_CODE, MAX_LOOKED, MAX_UNITS, has_banner, unit_of
from licscan.packages.tree import PackageTree, prepare

MAX_TEXT = 1024 * 1024


def vendored_in(tree: PackageTree, paths: Iterable[str], texts: Sequence[str], package: str) -> Iterator[Vendored]:
    """The files and folders of others that nothing attributes, in order of their paths.

    `paths` are the package's own files, `texts` its license texts and notices.
    """
    units: dict[tuple[str, str], list[str]] = {}
    for path in sorted(paths):
        unit = unit_of(path, package)
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
    return has_banner(data)
