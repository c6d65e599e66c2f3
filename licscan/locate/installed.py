"""License evidence of installed packages: a package's own folder, or a Python distribution's metadata and record."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.base.links import is_folder
from licscan.base.messages import _
from licscan.licenses.pointers import named, pointed
from licscan.locate.manifests import manifest_facts, stated_license_files
from licscan.model import Claim, Component, ComponentKind, Origin, PackageFiles, Problem
from licscan.packages.core_metadata import MAX_HEADERS, facts_of, read_headers
from licscan.packages.filenames import in_license_folder, kind_of, sort_by_kind

MAX_ENTRIES = 20_000
MAX_DEPTH = 12
MAX_RECORD = 16 * 1024 * 1024

_SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", ".venv", "venv", "site-packages"})
_METADATA = (".dist-info", ".egg-info", "EGG-INFO")


def locate_installed(component: Component, root: Path) -> tuple[PackageFiles, ...]:
    """The license evidence in each folder where the component is installed.

    Places are relative to the root where they are inside it. The tree below a folder is read without following links
    and within bounds; what was left out is a problem of its place.
    """
    base = str(root)
    places = ((place, os.path.join(base, place)) for place in component.installed_at)
    return tuple(with_named(_at(component, place, full), component.claims, base) for place, full in places)


def with_named(files: PackageFiles, claims: Iterable[Claim], base: str = "") -> PackageFiles:
    """The files with those to which a license statement points among them, whatever their names.

    Only what is there counts: a file among the known ones, or one in the place's folder (below `base`), no link.
    """
    found: dict[str, None] = {}
    for path in pointed((*claims, *files.claims)):
        known = named(path, (*files.license_files, *files.notice_files))
        full = os.path.join(base, files.place, path)
        if known is None and base and is_inside(full, os.path.realpath(os.path.join(base, files.place))):
            known = path if os.path.isfile(full) and not os.path.islink(full) else None
        if known is not None:
            found[known] = None
    return (
        replace(files, named=tuple(found), license_files=tuple(sorted({*files.license_files, *found})))
        if found
        else files
    )


def locate_project(component: Component, root: Path) -> tuple[PackageFiles, ...]:
    """The license texts beside the manifest of a first-party project; what lies deeper are its sources."""
    folder = (component.manifest or "").rpartition("/")[0]
    names: list[str] = []
    for shown in ("", "LICENSES/"):
        try:
            with os.scandir(os.path.join(root, folder, shown)) as entries:
                names += [f"{shown}{entry.name}" for entry in entries if _is_text(entry)]
        except OSError:
            continue
    texts = [name for name in names if kind_of(name[name.rfind("/") + 1 :]) or in_license_folder(name)]
    full = os.path.join(root, folder)
    texts += (name for name in stated_license_files(full, names) if name not in texts)
    files = replace(files_at(Origin.PROJECT, folder or ".", sorted(texts)), metadata=manifest_facts(component, full))
    return (with_named(files, component.claims, str(root)),)


def _at(component: Component, place: str, full: str) -> PackageFiles:
    origin = Origin.PROJECT if component.kind is ComponentKind.PROJECT else Origin.INSTALLED
    if place.endswith(_METADATA):
        return distribution_files(component.purl, place, full, origin)
    walk = _Walk(component.purl)
    files = files_at(origin, place, walk.texts(full), tuple(walk.problems))
    told = facts_of("npm", _read(os.path.join(full, "package.json"))) if component.ecosystem == "npm" else None
    return replace(files, metadata=told)


def files_at(origin: Origin, place: str, paths: list[str], problems: tuple[Problem, ...] = ()) -> PackageFiles:
    """Paths of texts as the evidence at one place."""
    kinds = sort_by_kind(paths)
    listed = {path for same in kinds.values() for path in same}
    # what stands in a folder of license texts is one, whatever its name (`LICENSES/BSD-3-Clause.txt`)
    named = tuple(path for path in paths if path not in listed)
    return PackageFiles(
        origin,
        place,
        (),
        tuple(sorted({*kinds["license"], *named})),
        kinds["notice"],
        kinds["authors"],
        kinds["readme"],
        problems=problems,
    )


class _Walk:
    """One bounded walk; the bound counts over everything that belongs to one place."""

    def __init__(self, subject: str):
        self.subject = subject
        self.left = MAX_ENTRIES
        self.problems: list[Problem] = []

    def texts(self, top: str, *, prefix: str = "", metadata: bool = False) -> list[str]:
        """The paths, relative to `top` and behind `prefix`, of what may be license evidence.

        The package's own node_modules holds other packages; one deeper down is code that it ships.
        """
        found: list[str] = []
        stack = [(top, prefix, 1)]
        while stack:
            folder, shown, depth = stack.pop()
            try:
                entries = os.scandir(folder)
            except OSError as error:
                if shown == prefix or not isinstance(error, FileNotFoundError):
                    self._problem(shown, _("cannot be listed: {reason}").format(reason=error.strerror or str(error)))
                continue
            with entries:
                for entry in entries:
                    self.left -= 1
                    if self.left < 0:
                        self._too_many()
                        return found
                    name = entry.name
                    if is_folder(entry):
                        if self._enter(name, depth, shown, metadata):
                            stack.append((f"{folder}{os.sep}{name}", f"{shown}{name}/", depth + 1))
                    elif (kind_of(name) or in_license_folder(f"{shown}{name}")) and _is_text(entry):
                        found.append(f"{shown}{name}")
        return found

    def _enter(self, name: str, depth: int, shown: str, metadata: bool) -> bool:
        if name in _SKIPPED or (depth == 1 and name == "node_modules"):
            return False
        if not metadata and name.endswith(_METADATA[:2]) and "_vendor" not in shown:
            return False
        if depth >= MAX_DEPTH:
            self._problem(f"{shown}{name}", _("is deeper than {limit} folders").format(limit=MAX_DEPTH))
            return False
        return True

    def _too_many(self) -> None:
        message = _("has more than {limit} files; the rest was not searched for license texts")
        self._problem("", message.format(limit=MAX_ENTRIES))

    def _problem(self, place: str, message: str) -> None:
        said = _("{place}: {reason}").format(place=place, reason=message) if place else message
        self.problems.append(Problem("locate", self.subject, said))


def _is_text(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file, maybe through a link; whether that may be followed is its reader's to say."""
    try:
        return entry.is_file()
    except OSError:
        return False


def distribution_files(purl: str, place: str, full: str, origin: Origin) -> PackageFiles:
    """The texts of a Python distribution by its metadata folder.

    Paths are relative to the folder in which that stands, which is the place.
    """
    walk = _Walk(purl)
    folder = os.path.dirname(full)
    metadata = os.path.basename(full)
    found = set()
    if os.path.isdir(full):
        found.update(walk.texts(full, prefix=f"{metadata}/", metadata=True))
        found.update(_named_fields(full, metadata))
    recorded = record_of(full)
    if recorded is not None:
        texts = (path for path in recorded if kind_of(path[path.rfind("/") + 1 :]) or in_license_folder(path))
        found.update(path for path in texts if path in found or os.path.isfile(os.path.join(folder, path)))
    else:
        for top in _top_level(full):
            found.update(walk.texts(os.path.join(folder, top), prefix=f"{top}/"))
    shown = place.rpartition("/")[0]
    files = files_at(origin, shown, sorted(found), tuple(walk.problems))
    return replace(files, metadata=facts_of("pypi", _bytes(full)))


def _named_fields(full: str, metadata: str) -> Iterator[str]:
    """The files that the License-File fields name, where they are: below `licenses/` (2.4) or beside METADATA."""
    for field, value in read_headers(_bytes(full)):
        name = value.strip().replace("\\", "/")
        if field != "license-file" or ".." in name.split("/"):
            continue
        for path in (f"{metadata}/licenses/{name}", f"{metadata}/{name}"):
            if os.path.isfile(os.path.join(os.path.dirname(full), path)):
                yield path
                break


def _bytes(full: str) -> bytes:
    """The metadata of a distribution, which an old `.egg-info` may be itself."""
    found = (_read(os.path.join(full, name)) for name in ("METADATA", "PKG-INFO"))
    return next(filter(None, found), b"") if os.path.isdir(full) else _read(full)


def _read(path: str) -> bytes:
    """The first bytes of a file; none of what is no plain file."""
    try:
        return read_file(path, MAX_HEADERS)
    except (InputError, OSError):
        return b""


def record_of(full: str) -> list[str] | None:
    """The files that a distribution's RECORD (or installed-files.txt) names inside its site-packages; None without."""
    lines = _lines(os.path.join(full, "RECORD"))
    if lines is not None:
        try:
            rows = [row[0].replace("\\", "/") for row in csv.reader(lines) if row]
        except csv.Error:
            return None
        return [path for path in rows if path and not path.startswith("/") and ".." not in path.split("/")]
    lines = _lines(os.path.join(full, "installed-files.txt"))
    if lines is None:
        return None
    base = os.path.basename(full)
    paths = (os.path.normpath(f"{base}/{line.strip()}").replace(os.sep, "/") for line in lines if line.strip())
    return [path for path in paths if not path.startswith(("/", ".."))]


def _lines(path: str) -> list[str] | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read(MAX_RECORD).splitlines()
    except OSError:
        return None


def _top_level(full: str) -> list[str]:
    """The package folders that `top_level.txt` names."""
    names = [line.strip() for line in _lines(os.path.join(full, "top_level.txt")) or ()]
    return sorted({name for name in names if name.isidentifier()})
