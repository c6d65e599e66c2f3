"""What may be asked of one artifact, and the desk that keeps count of it while the artifact is opened."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from licscan.artifact.content import Content, DamagedError, TooMuchError, Window, chunks
from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.model import Problem

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds, sizes in bytes.

    `depth`: archives inside archives; `entries`: files and folders in all; `archives`: how many are entered; `member`:
    one file, unpacked; `total`: all files, unpacked; `spooled`: what goes to the temporary folder; `ratio`: unpacked to
    packed, for what unpacks to more than `ratio_floor`; `problems`: how many are told one by one; `names`: all paths
    together; `steps`: folders that links lead through, all together.
    """

    depth: int = 4
    entries: int = 250_000
    archives: int = 5_000
    member: int = 2048 * MB
    total: int = 32 * 1024 * MB
    spooled: int = 8 * 1024 * MB
    ratio: int = 250
    ratio_floor: int = 32 * MB
    problems: int = 100
    names: int = 64 * MB
    steps: int = 10_000_000


LIMITS = Limits()


class FullError(Exception):
    """A limit of the whole artifact is reached; the message says which. What was found until then stands."""


@dataclass(slots=True)
class Desk:
    """Counts, problems and the temporary folder of one opening."""

    name: str
    limits: Limits
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    untold: int = 0
    entries: int = 0
    names: int = 0
    steps: int = 0
    shown: int = 0
    full: bool = False
    archives: int = 0
    total: int = 0
    spooled: int = 0

    def say(self, place: str, message: str) -> None:
        """Note what is not shown, and why; after many, only how many more."""
        if len(self.problems) >= self.limits.problems:
            self.untold += 1
            return
        subject = f"{self.name}: {one_line(place, 300)}" if place else self.name
        self.problems.append(Problem("artifact", subject, one_line(message), "input-unreadable"))

    def told(self) -> tuple[Problem, ...]:
        """The problems in the order of their places, and how many were not told."""
        found = sorted(set(self.problems), key=lambda problem: (problem.subject, problem.message))
        if self.untold:
            message = ngettext("{count} more entry is not shown", "{count} more entries are not shown", self.untold)
            found.append(Problem("artifact", self.name, message.format(count=self.untold), "input-unreadable"))
        return tuple(found)

    def count(self, entries: int = 1, names: int = 0) -> None:
        """More files or folders, whose paths have so many characters; FullError where that is too many."""
        self.entries += entries
        self.names += names
        if self.entries > self.limits.entries or self.names > self.limits.names:
            raise FullError(
                _("contains more than {limit} files and folders; the rest is not read").format(
                    limit=self.limits.entries
                )
            )

    def step(self) -> None:
        """One more step on the way of a link; FullError where that is too many."""
        self.steps += 1
        if self.steps > self.limits.steps:
            raise FullError(_("has links through too many folders; the rest is not read"))

    def stop(self, error: FullError) -> None:
        """Say once that a limit of the whole is reached; nothing more is entered."""
        if not self.full:
            self.say("", str(error))
        self.full = True

    def enters(self) -> bool:
        """Whether one more archive may be entered; that it may not is said once."""
        self.archives += 1
        if self.archives > self.limits.archives:
            limit = self.limits.archives
            self.stop(FullError(_("contains more than {limit} archives; the rest is not opened").format(limit=limit)))
        return not self.full

    def shows(self, path: str) -> bool:
        """Whether one more path may be shown: links can make paths longer than their members' names."""
        self.shown += len(path)
        if self.shown > 2 * self.limits.names:
            limit = self.limits.entries
            self.stop(
                FullError(_("contains more than {limit} files and folders; the rest is not read").format(limit=limit))
            )
        return self.shown <= 2 * self.limits.names

    def too_much(self, content: Content) -> str | None:
        """Why a file is not shown though it could be read; None where it is within bounds, and then it counts."""
        if content.size > self.limits.member:
            return _("unpacks to {size} MB, more than the limit of {limit} MB").format(
                size=content.size // MB, limit=self.limits.member // MB
            )
        if self._suspicious(content.packed, content.size):
            return self._bomb()
        if self.total + content.size > self.limits.total:
            return _("is not read: all files together unpack to more than {limit} MB").format(
                limit=self.limits.total // MB
            )
        self.total += content.size
        return None

    def spool(self, content: Content) -> Content:
        """The same bytes unpacked in the temporary folder; what lies in a file unpacked already stays where it is.

        DamagedError where it is cut off, over a limit, or cannot be unpacked.
        """
        if content.method == "stored":
            return content
        written = 0
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            try:
                for chunk in chunks(content):
                    written += len(chunk)
                    self._within(content.packed, written, len(chunk))
                    file.write(chunk)
            except TooMuchError:
                raise
            except DamagedError as error:
                error.rest = Content(file.name, 0, written, written)
                raise
        return Content(file.name, 0, written, written)

    def _within(self, packed: int, written: int, more: int) -> None:
        self.spooled += more
        if self._suspicious(packed, written):
            raise TooMuchError(self._bomb())
        if self.spooled > self.limits.spooled:
            raise TooMuchError(
                _("is not unpacked further: more than {limit} MB in the temporary folder").format(
                    limit=self.limits.spooled // MB
                )
            )

    def _suspicious(self, packed: int, size: int) -> bool:
        return size > self.limits.ratio_floor and size > packed * self.limits.ratio

    def _bomb(self) -> str:
        return _("unpacks to more than {ratio} times its size and is not read").format(ratio=self.limits.ratio)

    def window(self, content: Content) -> Window:
        """A view of unpacked bytes."""
        return Window(content)
