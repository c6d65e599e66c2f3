"""Where commands print: a console, a progress bar that is quiet when nobody looks, files written whole."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.messages import _

if TYPE_CHECKING:
    from rich.console import Console

    from licscan.compose.options import Progress


TEXT_WIDTH = 100


def console() -> Console:
    """The console for standard output; NO_COLOR, FORCE_COLOR and COLUMNS are rich's to honour."""
    from rich.console import Console

    # without a terminal there is no width to follow: sentences are wrapped as in files
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else TEXT_WIDTH
    return Console(file=sys.stdout, width=width, soft_wrap=False, highlight=False, emoji=False)


@contextmanager
def progress_bar(shown: bool = True) -> Iterator[Progress]:
    """A bar on standard error while the work runs; nothing at all where that is no terminal."""
    if not shown or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total or None)

        yield show


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
