"""Runs an ecosystem's own tool within bounds: no shell, no terminal, a time limit, a private folder, short messages."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from licscan.base.errors import ToolError
from licscan.base.messages import _
from licscan.packages.purls import strip_credentials

TIMEOUT = 300
_SAID = 16_000
_URL = re.compile(r"[a-z+]+://[^\s'\"`<>]+")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder for one run, readable by this user alone."""
    with tempfile.TemporaryDirectory(prefix="licscan-") as folder:
        yield Path(folder)


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float = TIMEOUT) -> str:
    """Run to the end; what the tool said on standard error. ToolError: `message` holds that, cleaned and shortened."""
    name = Path(command[0]).stem
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        except OSError as error:
            raise ToolError(_("{tool} cannot be run: {reason}").format(tool=name, reason=error.strerror)) from error
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            raise ToolError(_("{tool} took longer than {limit} s").format(tool=name, limit=int(timeout))) from None
        except BaseException:
            _end(process)
            raise
        said.seek(0)
        text = cleaned(said.read(_SAID).decode("utf-8", "replace"))
    if status != 0:
        raise ToolError(text or _("{tool} failed with status {status}").format(tool=name, status=status))
    return text


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the tool with all that it started; the session is its own."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def cleaned(text: str) -> str:
    """A tool's words without credentials in URLs and without control characters."""
    return _URL.sub(lambda found: strip_credentials(found[0]), _CONTROL.sub("", text)).strip()


def brief(text: str, limit: int = 400) -> str:
    """On one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
