"""Sources that a supplier gives, a folder or an archive of them, judged like a scan of our own."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.artifact import Limits, open_artifact
from licscan.artifact.laying import TOOLS, lay_down
from licscan.base.errors import InputError
from licscan.base.files import open_regular
from licscan.base.messages import ngettext
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import InputFile, Problem, ProjectKind, Scan
from licscan.sbom.read import looks_like_sbom

FORMAT = "source"
MB = 1024 * 1024
BOUNDS = Limits(total=4096 * MB, spooled=4096 * MB)
"""What is laid down of one delivery."""
HEAD = 65_536
_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True, slots=True)
class Laid:
    """Where the files of a delivery lie while they are read; a digest of all of them, their number, what is missing."""

    folder: Path
    digest: str
    files: int
    problems: tuple[Problem, ...] = ()


def are_sources(path: Path) -> bool:
    """Whether it is a folder or an archive, and no SBOM. InputError for what is not there."""
    if path.is_dir():
        return True
    with open_regular(path) as file:
        head = file.read(HEAD)
    return (head.startswith(_STARTS) or head[257:262] == b"ustar") and not looks_like_sbom(head)


def scan_sources(path: Path, options: Options) -> Scan:
    """The scan of a delivery: its own files, what it copies, and what its manifests and locks name.

    `options` hold our license, surfaces and policy. Nothing is asked of a registry: its address might be one that the
    delivery's own settings name. InputError for what cannot be opened.
    """
    with _laid(path) as laid:
        asked = replace(
            options, paths=(laid.folder,), source=True, delivered=True, offline=True, fetch_git=False, fetch_urls=False
        )  # fmt: skip
        try:
            found = scan(asked)
        except InputError as error:
            if error.path and error.path.startswith(str(laid.folder)):
                error.path = str(path) + error.path.removeprefix(str(laid.folder))
            raise
    whole = InputFile(str(path), FORMAT, None, laid.files, laid.files, laid.digest)
    looked = ngettext(
        "{count} file of {path} was examined; no registry was asked.",
        "{count} files of {path} were examined; no registry was asked.",
        laid.files,
    ).format(count=f"{laid.files:,}", path=path)
    project = replace(
        found.project,
        path=str(path),
        kind=ProjectKind.DELIVERY,
        assumptions=(*found.project.assumptions, looked),
    )
    problems = tuple(sorted({*found.problems, *laid.problems}))
    return replace(found, project=project, inputs=(whole, *found.inputs), problems=problems)


def name_of(path: Path) -> str:
    """What a delivery is called where its manifests do not say: its file's name without the ending of an archive."""
    name = path.resolve().name
    for end in (".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".zip"):
        name = name.removesuffix(end)
    return name or "delivery"


@contextmanager
def _laid(path: Path) -> Iterator[Laid]:
    with open_artifact(path, BOUNDS) as artifact:
        whole = hashlib.sha256()
        count = 0
        problems = list(artifact.problems)
        for entry in artifact.entries():
            if entry.path.split("/")[0] in TOOLS:
                continue
            count += 1
            try:
                whole.update(entry.path.encode("utf-8", "surrogatepass") + b"\0" + entry.sha256.encode())
            except InputError as error:
                problems.append(Problem("resolve", str(path), f"{entry.path}: {error.message}"))
        if artifact.kind == "folder":
            yield Laid(path.absolute(), whole.hexdigest(), count, tuple(problems))
            return
        with tempfile.TemporaryDirectory(prefix="licscan-", ignore_cleanup_errors=True) as scratch:
            folder = Path(scratch) / name_of(path)
            folder.mkdir()
            for damaged in lay_down(artifact.entries(), folder):
                problems.append(Problem("resolve", str(path), str(damaged)))
            yield Laid(_top(folder), whole.hexdigest(), count, tuple(problems))


def _top(folder: Path) -> Path:
    """The one folder in which everything lies (`package/`, `name-1.0/`), else the whole."""
    held = list(folder.iterdir())
    return held[0] if len(held) == 1 and held[0].is_dir() else folder
