"""Where commands print: a console, a progress bar that is quiet when nobody looks, files written whole."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.messages import _

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from licscan.compose.options import Progress


TEXT_WIDTH = 100


def console() -> Console:
    """The console for standard output; NO_COLOR, FORCE_COLOR and COLUMNS are rich's to honour."""
    from rich.console import Console

    # without a terminal there is no width to follow: sentences are wrapped as in files
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else TEXT_WIDTH
    return Console(file=sys.stdout, width=width, soft_wrap=False, highlight=False, emoji=False)


DELAY = 0.15
"""Seconds before anything is shown: what is done by then needs no line, and no import of what draws one."""


class _Line:
    """The line that says what is being done; drawn once DELAY has passed, whether or not the work calls in."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._said = ("", 0, 0)
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None
        self._over = False

    def tell(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._said = (stage, done, total)
            self._draw()

    def begin(self) -> None:
        """Draw it for the first time, unless the work is over."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        with self._lock:
            if self._over:
                return
            fit = Column(no_wrap=True, overflow="ellipsis")
            words = TextColumn("{task.description}", markup=False, table_column=fit)
            count = TextColumn("{task.fields[count]}", table_column=Column(no_wrap=True))
            columns = (words, BarColumn(20), count, TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=None, count="")
            self._draw()
            self._bar.start()

    def _draw(self) -> None:
        if self._bar is not None and self._task is not None:
            stage, done, total = self._said
            count = f"{done}/{total}" if total else ""
            self._bar.update(self._task, description=stage, completed=done, total=total or None, count=count)

    def end(self) -> None:
        """Take it away, with the cursor where it was."""
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()


@contextmanager
def progress_bar(shown: bool = True) -> Iterator[Progress]:
    """A line on standard error while the work runs; nothing at all where that is no terminal."""
    if not shown or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    line = _Line()
    timer = Timer(DELAY, line.begin)
    timer.daemon = True
    timer.start()
    try:
        yield line.tell
    finally:
        timer.cancel()
        line.end()


@contextmanager
def working(stage: str, shown: bool = True) -> Iterator[None]:
    """The same for work that is one step and counts nothing."""
    with progress_bar(shown) as progress:
        progress(stage, 0, 0)
        yield


def must_be_writable(path: Path) -> None:
    """InputError where a file cannot be written, as far as its folder tells."""
    told = ""
    if path.is_dir():
        told = os.strerror(errno.EISDIR)
    elif not path.parent.is_dir():
        told = os.strerror(errno.ENOENT)
    elif not os.access(path.parent, os.W_OK):
        told = os.strerror(errno.EACCES)
    if told:
        raise InputError(_("cannot be written: {reason}").format(reason=told), path=str(path))


def write_output(path: Path, made: str | bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved over it; a text as UTF-8."""
    data = made if isinstance(made, bytes) else made.encode("utf-8", "backslashreplace")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            # mkstemp makes a private file; the result is the user's own, as the umask says
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(0o666 & ~umask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(_("cannot be written: {reason}").format(reason=reason), path=str(path)) from error
