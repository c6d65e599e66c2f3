"""A delivery that was received, folder or archive: hostile until proven otherwise, so opened like any artifact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from licscan.artifact import Entry, Limits, open_artifact
from licscan.artifact.content import DamagedError, open_regular
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.delivery.packing import PIECE, is_as_packed, tar_pieces
from licscan.delivery.records import Check, said
from licscan.model import Problem

ENVELOPE = "delivery.dsse.json"
MB = 1024 * 1024
MAX_FILE = 256 * MB
LIMITS = Limits(
    depth=0, entries=20_000, archives=1, member=MAX_FILE, total=1024 * MB, spooled=1100 * MB, names=8 * MB, problems=50
)
_KINDS = frozenset({"folder", "tar", "sdist", "zip"})


@dataclass(frozen=True)
class Opened:
    """The files by their paths in the delivery, and what is wrong with what they came in."""

    name: str
    files: dict[str, Entry]
    checks: tuple[Check, ...]

    def read(self, path: str) -> bytes:
        """One file; InputError where it is damaged or larger than any of a delivery."""
        return self.files[path].read(MAX_FILE)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The delivery, open while the block runs; InputError where it is neither a folder nor an archive."""
    with open_artifact(path, LIMITS) as artifact:
        if artifact.kind not in _KINDS:
            raise InputError(
                _("is not a delivery, but {kind}").format(kind=artifact.kind),
                path=str(path),
                remedy=_("name the folder or the archive that `licscan deliver` wrote"),
            )
        top, files = _without_top({entry.path: entry for entry in artifact.files})
        checks = [_unsafe(one, artifact.name) for one in artifact.problems]
        if artifact.kind != "folder" and not _is_ours(path, top, files):
            checks.append(said("archive-repacked"))
        yield Opened(artifact.name, files, tuple(checks))


def _without_top(files: dict[str, Entry]) -> tuple[str, dict[str, Entry]]:
    """The paths below the one folder of an archive, where there is such a folder with the envelope in it."""
    tops = {path.partition("/")[0] for path in files if path.endswith(f"/{ENVELOPE}") and path.count("/") == 1}
    if ENVELOPE in files or len(tops) != 1:
        return "", files
    top = f"{tops.pop()}/"
    # what lies beside the folder keeps a path that no file of the delivery can have
    return top, {path.removeprefix(top) if path.startswith(top) else f"../{path}": files[path] for path in files}


def _unsafe(problem: Problem, name: str) -> Check:
    place = problem.subject.removeprefix(name).removeprefix(": ")
    return said("archive-unsafe", path=place or name, reason=problem.message)


def _is_ours(path: Path, top: str, files: dict[str, Entry]) -> bool:
    """Whether the archive is byte for byte (but for the compression) what `deliver` writes of these files."""
    expected = tar_pieces((top + name, entry.size, entry.chunks) for name, entry in files.items())
    try:
        return is_as_packed(_pieces(path), expected)
    except (InputError, DamagedError, ValueError):
        return False


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with open_regular(str(path.resolve())) as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise InputError(str(error), path=str(path)) from error
