"""Standard output and standard error: what is redirected has the same bytes on every system."""

from __future__ import annotations

import io
import os
import sys

ENCODING = "PYTHONIOENCODING"


def set_up_streams() -> None:
    """Write UTF-8 and plain line feeds wherever nobody looks, whatever the system's code page and line ends are.

    A terminal keeps its own encoding, and so does whoever sets PYTHONIOENCODING; what that cannot show is escaped: a
    terminal without Chinese is no reason to stop.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        elif os.environ.get(ENCODING):
            stream.reconfigure(errors="backslashreplace", newline="\n")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
