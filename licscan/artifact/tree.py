"""The files of one container as a tree: later members over earlier ones, links followed inside it only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from licscan.artifact.content import Content
from licscan.artifact.limits import Desk, FullError
from licscan.artifact.members import Member
from licscan.artifact.names import MAX_NAME, UnsafeNameError, parts_of, readable
from licscan.base.messages import _

MAX_LINKS = 40
"""Links that one path may lead through, as in Linux."""
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to be followed; `from_top` where its target is named from the top and not from the link's folder."""

    target: str
    from_top: bool = False


Folder = dict[str, "Folder | Content | Link"]
Node = Folder | Content | Link


class OutsideError(Exception):
    """A link leads out of the tree."""


class Tree:
    """Files by path. `rooted` trees are file systems of their own: absolute links and names start at their top."""

    def __init__(self, desk: Desk, prefix: str = "", *, rooted: bool = False, windows: bool = False):
        self.desk = desk
        self.prefix = prefix
        self.rooted = rooted
        self.windows = windows
        self.top: Folder = {}

    def fill(self, members: Iterable[Member]) -> None:
        """Put members in, one after the other; what is unsafe or comes twice is said."""
        try:
            for member in members:
                self.desk.count()
                self.add(member, twice=True)
        except FullError as error:
            self.desk.stop(error)

    def layer(self, members: Iterable[Member]) -> None:
        """Lay an image's layer over what is there. Whiteouts hide what earlier layers hold, whatever their order.

        OCI image specification, "Image Layer Filesystem Changeset".
        """
        added: list[Member] = []
        try:
            self._hide(members, added)
            for member in added:
                self.add(member)
        except FullError as error:
            self.desk.stop(error)

    def _hide(self, members: Iterable[Member], added: list[Member]) -> None:
        """Take away what a layer hides; what it adds goes to the list."""
        for member in members:
            folder, _slash, name = member.name.rstrip("/").rpartition("/")
            if name == _OPAQUE:
                self._clear(folder)
            elif name.startswith(_WHITEOUT):
                self._remove(f"{folder}/{name.removeprefix(_WHITEOUT)}")
            else:
                self.desk.count()
                added.append(member)

    def add(self, member: Member, *, twice: bool = False) -> None:
        """One member; `twice` says that a second one of the same name is worth a word."""
        name = readable(member.name)
        try:
            parts = parts_of(name, rooted=self.rooted, windows=self.windows)
            folder = self._folder(parts[:-1])
        except UnsafeNameError as error:
            self.say(name, str(error))
            return
        except OutsideError:
            self.say(name, _("is behind a link that leads outside"))
            return
        if not parts:
            return
        if folder is None:
            self.say(name, _("is behind a broken link"))
            return
        self.desk.count(0, len(self.prefix) + len(name))
        self._put(folder, parts, self._node(member), twice=twice)

    def _put(self, folder: Folder, parts: tuple[str, ...], node: Node, *, twice: bool) -> None:
        before = folder.get(parts[-1])
        if isinstance(before, dict) and isinstance(node, dict):
            return
        if before is not None and twice:
            self.say("/".join(parts), _("occurs twice; the last one is shown"))
        folder[parts[-1]] = node

    def _node(self, member: Member) -> Node:
        if member.content is not None:
            return member.content
        if member.target is None:
            return {}
        target = readable(member.target)
        if member.hard:
            # a hard link means the file as it is now, not what comes to its place later
            try:
                node = self.find(target.lstrip("/"))
            except OutsideError:
                node = None
            return node if isinstance(node, Content) else Link(target, from_top=True)
        return Link(target)

    def _folder(self, parts: tuple[str, ...]) -> Folder | None:
        """The folder of that path, made where it is missing; None behind a link that leads to no folder."""
        folder = self.top
        for number, part in enumerate(parts):
            node = folder.get(part)
            if isinstance(node, Link):
                found = self.find("/".join(parts[: number + 1]))
                if not isinstance(found, dict):
                    return None
                node = found
            elif not isinstance(node, dict):
                self.desk.count(1, len(part))
                node = folder[part] = {}
            folder = node
        return folder

    def find(self, path: str, base: tuple[str, ...] = ()) -> Folder | Content | None:
        """What a path leads to from the folder `base`, through links; None for nothing. OutsideError."""
        pending = [*reversed(path.split("/")), *reversed(base)]
        trail = [self.top]
        if path.startswith("/"):
            pending = self._from_top(path)
        links = 0
        while pending:
            self.desk.step()
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                self._up(trail)
                continue
            node = trail[-1].get(part)
            if isinstance(node, Link):
                links += 1
                if links > MAX_LINKS or len(node.target) > MAX_NAME or len(pending) > MAX_NAME:
                    return None
                if node.from_top or node.target.startswith("/"):
                    trail = [self.top]
                pending += self._from_top(node.target, allowed=node.from_top)
            elif isinstance(node, dict):
                trail.append(node)
            else:
                return None if pending else node
        return trail[-1]

    def _from_top(self, target: str, *, allowed: bool = False) -> list[str]:
        if target.startswith("/") and not (self.rooted or allowed):
            raise OutsideError
        return target.split("/")[::-1]

    def _up(self, trail: list[Folder]) -> None:
        if len(trail) > 1:
            trail.pop()
        elif not self.rooted:
            raise OutsideError

    def files(self) -> Iterator[tuple[str, Content]]:
        """Every file with its path, in order of names folder by folder; links to files are files too."""
        stack: list[tuple[str, Iterator[tuple[str, Node]]]] = [("", iter(sorted(self.top.items(), key=_name)))]
        while stack:
            start, children = stack[-1]
            name, node = next(children, ("", None))
            path = start + name
            if node is None:
                stack.pop()
            elif isinstance(node, dict):
                stack.append((f"{path}/", iter(sorted(node.items(), key=_name))))
            elif isinstance(node, Content):
                yield path, node
            elif (content := self._followed(path, node)) is not None:
                yield path, content

    def _followed(self, path: str, link: Link) -> Content | None:
        """The file that a link leads to; a link to a folder is none, as its files are in the tree already."""
        try:
            base = () if link.from_top else tuple(path.split("/")[:-1])
            target = link.target.lstrip("/") if link.from_top else link.target
            found = self.find(target, base)
        except OutsideError:
            self.say(path, _("is a link that leads outside"))
            return None
        except FullError as error:
            self.desk.stop(error)
            return None
        return found if isinstance(found, Content) else None

    def holds(self, path: str) -> bool:
        """Whether something is at a path of the tree."""
        folder: Node | None = self.top
        for part in path.split("/"):
            folder = folder.get(part) if isinstance(folder, dict) else None
        return folder is not None

    def _clear(self, path: str) -> None:
        try:
            folder = self.find(path.lstrip("/"))
        except OutsideError:
            return
        if isinstance(folder, dict):
            folder.clear()

    def _remove(self, path: str) -> None:
        folder, _slash, name = path.rpartition("/")
        try:
            node = self.find(folder.lstrip("/"))
        except OutsideError:
            return
        if isinstance(node, dict):
            node.pop(name, None)

    def say(self, path: str, message: str) -> None:
        """Note what is not shown."""
        self.desk.say(self.prefix + path, message)


def _name(item: tuple[str, Node]) -> str:
    return item[0]
