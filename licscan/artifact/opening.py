"""Opens an artifact: the container itself, the images in it, and the archives inside, in breadth and within bounds."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from licscan.artifact import ars, asar, folders, formats, tars, zips
from licscan.artifact.content import STREAMS, UNKNOWN_SIZE, Content, DamagedError, Window
from licscan.artifact.entry import Entry
from licscan.artifact.images import Image, content_at, images_of
from licscan.artifact.limits import LIMITS, Desk, Limits
from licscan.artifact.members import Member
from licscan.artifact.names import readable
from licscan.artifact.tree import Tree
from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.files import is_inside
from licscan.base.messages import _
from licscan.model import Problem


@dataclass(frozen=True)
class Artifact:
    """What is shipped, as one tree of files; to be read only while it is open.

    `kind` is `folder`, `docker`, `oci`, `asar`, `deb`, `tar`, `sdist`, `wheel`, `zip` or one of the kinds that are zips
    (`apk`, `ipa`, `jar`, `crx`, ...). `problems` say what is not shown; an artifact with problems was not seen whole.
    """

    kind: str
    name: str
    files: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def entries(self) -> Iterator[Entry]:
        """Every file, sorted by path; an archive that was entered is a file too."""
        return iter(self.files)


@contextmanager
def open_artifact(path: Path, limits: Limits = LIMITS) -> Iterator[Artifact]:
    """Open a folder or a file that is shipped; what is unpacked goes to a temporary folder that is gone afterwards.

    InputError where it cannot be opened at all; what is wrong inside is a problem of the artifact.
    """
    with tempfile.TemporaryDirectory(prefix="licscan-", ignore_cleanup_errors=True) as folder:
        yield _opened(path, Desk(readable(path.name or str(path)), limits, Path(folder)))


def _opened(path: Path, desk: Desk) -> Artifact:
    try:
        return _Opening(desk, os.path.realpath(path)).artifact()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(_("cannot be read: {reason}").format(reason=reason), path=str(path)) from error
    except DamagedError as error:
        remedy = _("name a folder, a package, an archive or an image; unpack others with their own tool first")
        raise InputError(one_line(str(error)), path=str(path), remedy=remedy) from error


@dataclass(frozen=True, slots=True)
class _Found:
    """A container whose files are known, and how deep inside the artifact it is."""

    kind: str
    tree: Tree
    depth: int


class _Opening:
    """The work of one opening: containers are entered in breadth, so that a bomb takes no room from its neighbours."""

    def __init__(self, desk: Desk, path: str):
        self.desk = desk
        self.path = path
        self.entries: list[Entry] = []

    def artifact(self) -> Artifact:
        """The whole; DamagedError where the container itself cannot be opened."""
        kind = ""
        pending: deque[_Found] = deque()
        for found in self._unfolded(self._top()):
            kind = kind or found.kind
            pending.append(found)
        while pending:
            pending.extend(self._shown(pending.popleft()))
        self.entries.sort(key=lambda entry: entry.path)
        return Artifact(kind or "folder", self.desk.name, tuple(self.entries), self.desk.told())

    def _top(self) -> _Found:
        if os.path.isdir(self.path):
            tree = Tree(self.desk)
            self._fill(tree, folders.members(self.path, tree.say))
            return _Found("folder", tree, 0)
        size = os.stat(self.path).st_size
        content = Content(self.path, 0, size, size)
        found = self._container(content, os.path.basename(self.path), "", 0, None)
        if not found.tree.top and self.desk.problems:
            raise DamagedError(self.desk.problems[0].message)
        return found

    def _shown(self, found: _Found) -> Iterator[_Found]:
        """Make entries of a container's files, and enter those that are archives."""
        tree = found.tree
        for path, content in tree.files():
            refused = self.desk.too_much(content)
            if refused:
                tree.say(path, refused)
                continue
            if not self.desk.shows(path):
                return
            self.entries.append(Entry(self.desk.name, tree.prefix + path, content))
            name = path.lower()
            if name.endswith(formats.CLOSED_NAMES):
                tree.say(path, _("is an archive or installer of an unsupported kind"))
            elif name.endswith(formats.ARCHIVES):
                yield from self._entered(found, path, content)

    def _entered(self, outer: _Found, path: str, content: Content) -> Iterator[_Found]:
        if outer.depth >= self.desk.limits.depth:
            outer.tree.say(path, _("is nested in more than {limit} archives and is not opened").format(
                limit=self.desk.limits.depth))  # fmt: skip
            return
        if outer.tree.holds(f"{path}!"):
            outer.tree.say(path, _("is not opened: a folder next to it has the name that its contents would take"))
            return
        if not self.desk.enters():
            return
        prefix = f"{outer.tree.prefix}{path}!/"
        try:
            inner = self._container(content, path.rpartition("/")[2], prefix, outer.depth + 1, outer.tree)
        except (DamagedError, OSError) as error:
            outer.tree.say(path, str(error))
            return
        yield from self._unfolded(inner)

    def _container(self, content: Content, name: str, prefix: str, depth: int, outer: Tree | None) -> _Found:
        """The files of one container; DamagedError where it is none that can be opened."""
        content = self._plain(content, prefix)
        with self.desk.window(content) as window:
            format_name, closed = formats.sniff(window)
            if format_name in STREAMS:
                content = self._plain(_packed(content, format_name), prefix)
        with self.desk.window(content) as window:
            inner, closed = formats.sniff(window)
            if not inner or inner in STREAMS or (format_name in STREAMS and inner != "tar"):
                raise DamagedError(
                    _("is {kind}, which licscan does not open").format(kind=closed)
                    if closed
                    else _("is not an archive that licscan knows")
                )
            tree = Tree(self.desk, prefix, windows=inner == "zip")
            self._fill(tree, self._members(inner, window, tree, name, outer, prefix))
        kind = formats.kind_of(inner, name)
        return _Found("sdist" if kind == "tar" and _is_sdist(tree) else kind, tree, depth)

    def _plain(self, content: Content, place: str) -> Content:
        """The bytes unpacked; what could be saved of those that are cut off."""
        try:
            return self.desk.spool(content)
        except DamagedError as error:
            if not error.rest or error.rest.size == 0:
                raise
            self.desk.say(place.removesuffix("!/"), str(error))
            return error.rest

    def _members(
        self, inner: str, window: Window, tree: Tree, name: str, outer: Tree | None, prefix: str
    ) -> Iterator[Member]:
        if inner == "zip":
            return zips.members(window, tree.say, self.desk.limits.entries)
        if inner == "tar":
            return tars.members(window, tree.say)
        if inner == "ar":
            return ars.members(window)
        beside = prefix.removesuffix("!/")[len(outer.prefix) :] if outer else name
        return asar.members(window, tree.say, lambda path: self._unpacked(outer, f"{beside}.unpacked/{path}"))

    def _unpacked(self, outer: Tree | None, path: str) -> Content | None:
        """A file of the folder beside an asar: in the container around it, or on disk."""
        if outer is not None:
            return content_at(outer, path)
        folder = os.path.dirname(self.path)
        place = os.path.realpath(os.path.join(folder, path))
        beside = os.path.join(folder, path.split("/")[0])
        if os.path.islink(beside) or "\0" in path or not is_inside(place, beside) or not os.path.isfile(place):
            return None
        size = os.stat(place).st_size
        return Content(place, 0, size, size)

    def _fill(self, tree: Tree, members: Iterable[Member]) -> None:
        """What can be read of a container; that the rest cannot is a problem."""
        try:
            tree.fill(members)
        except DamagedError as error:
            self.desk.say(tree.prefix.removesuffix("!/"), str(error))

    def _unfolded(self, found: _Found) -> Iterator[_Found]:
        """The file systems of the images in a container; the container itself where it holds none."""
        known = images_of(found.tree) if found.kind in ("folder", "tar") else None
        if known is None:
            yield found
            return
        kind, images = known
        if not images:
            found.tree.say("index.json", _("names no image whose manifest exists"))
        for number, image in enumerate(images):
            label = image.label if image.label not in [other.label for other in images[:number]] else f"{number + 1}"
            inside = f"{found.tree.prefix}{label}!/" if len(images) > 1 else found.tree.prefix
            yield _Found(kind, self._file_system(found.tree, image, inside), found.depth)

    def _file_system(self, outer: Tree, image: Image, prefix: str) -> Tree:
        tree = Tree(self.desk, prefix, rooted=True)
        for path in image.layers:
            content = content_at(outer, path)
            if content is None:
                outer.say(path, _("is a layer that does not exist"))
                continue
            try:
                self._lay(tree, content, f"{outer.prefix}{path}")
            except (DamagedError, OSError) as error:
                outer.say(path, str(error))
        return tree

    def _lay(self, tree: Tree, content: Content, place: str) -> None:
        content = self._plain(content, place)
        with self.desk.window(content) as window:
            format_name, _closed = formats.sniff(window)
        if format_name in STREAMS:
            content = self._plain(_packed(content, format_name), place)
        with self.desk.window(content) as window:
            if not tars.is_tar(window.at(0, formats.START)):
                raise DamagedError(_("is a layer that is not a tar archive"))
            tree.layer(tars.members(window, tree.say))


def _packed(content: Content, method: str) -> Content:
    return Content(content.file, content.start, content.packed, UNKNOWN_SIZE, method)


def _is_sdist(tree: Tree) -> bool:
    """Whether one folder holds everything, PKG-INFO too (the packaging standard for source distributions)."""
    folder = next(iter(tree.top.values())) if len(tree.top) == 1 else None
    return isinstance(folder, dict) and isinstance(folder.get("PKG-INFO"), Content)
