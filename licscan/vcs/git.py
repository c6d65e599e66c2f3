"""What git says of a commit that is about to be made; git runs with hooks, filters, pagers and the network off."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.base.programs import program

MAX_LISTED = 256 * 1024 * 1024
MAX_BLOB = 64 * 1024 * 1024
"""Bytes of one staged file that are looked at, as in `resolve.tree`."""
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false")
_FORGOTTEN = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_TRACE", "GIT_PAGER")
REGULAR, LINK, MODULE = 0o100000, 0o120000, 0o160000
POINTER = b"version https://git-lfs"


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs: its kinds (`REGULAR`, `LINK`, `MODULE`, 0 where it is not there) and object names."""

    path: str
    before: int
    after: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree and its git folder; a worktree of `git worktree` has a git folder of its own."""

    top: Path
    folder: Path

    def others(self) -> tuple[str, ...]:
        """The commits that are being merged into this one."""
        try:
            words = (self.folder / "MERGE_HEAD").read_text("ascii").split()
        except (OSError, UnicodeDecodeError):
            return ()
        return tuple(word for word in words if len(word) in (40, 64) and word.isalnum())

    def changes(self, old: str | None = None, new: str | None = None) -> list[Change]:
        """What differs between the index and a commit (HEAD, or nothing where there is none yet), or two commits."""
        asked = ["--cached", *([old] if old else [])] if new is None else [str(old), new]
        # without renames: a lock that moved is one that went and one that came, and both sides are compared as wholes
        options = (
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=none",
        )
        return list(_changes(run(self.top, "diff", *options, *asked, "--")))

    def paths(self, commit: str | None) -> Iterator[str]:
        """Every regular file of a commit, or of the index."""
        listing = ("ls-files", "-s", "-z") if commit is None else ("ls-tree", "-r", "-z", "--full-tree", commit)
        for entry in run(self.top, *listing).split(b"\0"):
            told, _tab, path = entry.partition(b"\t")
            if told.startswith(b"100"):
                yield os.fsdecode(path)

    def has(self, commit: str) -> bool:
        """Whether there is such a commit."""
        return _run(self.top, "rev-parse", "-q", "--verify", f"{commit}^{{commit}}").returncode == 0


def open_repository(folder: Path) -> Repository:
    """The repository of a folder. InputError where there is none, or no git."""
    done = _run(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir")
    lines = done.stdout.split(b"\n")
    if b"safe.directory" in done.stderr:
        raise InputError(
            _("belongs to another user, so git does not read it"),
            path=str(folder),
            remedy=f"git config --global --add safe.directory {os.path.abspath(folder)}",
        )
    if done.returncode or len(lines) < 2 or not lines[0]:
        raise InputError(
            _("is not in a git work tree"), path=str(folder), remedy=_("run it in a repository, or use `licscan scan`")
        )
    return Repository(Path(os.fsdecode(lines[0])), Path(os.fsdecode(lines[1])))


def hooks_folder(repository: Repository) -> Path:
    """Where git looks for the hooks of a repository: `core.hooksPath`, else beside the objects, also in a worktree."""
    command = [program("git"), "rev-parse", "--git-path", "hooks"]
    done = subprocess.run(command, cwd=repository.top, env=environment(), stdin=subprocess.DEVNULL, capture_output=True)
    return repository.top / os.fsdecode(done.stdout.removesuffix(b"\n") or b".git/hooks")


def run(folder: Path, *arguments: str) -> bytes:
    """The answer of one git command. InputError with git's first line where it fails."""
    done = _run(folder, *arguments)
    if done.returncode:
        said = one_line(done.stderr.decode("utf-8", "replace").partition("\n")[0], 200)
        raise InputError(_("git failed: {reason}").format(reason=said or done.returncode), path=str(folder))
    if len(done.stdout) > MAX_LISTED:
        raise InputError(_("is larger than {limit} MB and was not read").format(limit=MAX_LISTED // 1024 // 1024))
    return done.stdout


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        command = [program("git"), "--no-pager", *_QUIET, *arguments]
        return subprocess.run(command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True)
    except OSError as error:
        raise InputError(_("git cannot be run: {reason}").format(reason=error.strerror or error)) from error


def environment() -> dict[str, str]:
    """The user's, which names the index of a partial commit, without what starts other programs or the network."""
    kept = {name: value for name, value in os.environ.items() if name not in _FORGOTTEN}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _changes(raw: bytes) -> Iterator[Change]:
    """`:100644 100644 OLD NEW M` and a path, each ended by NUL."""
    fields = iter(raw.split(b"\0"))
    for told in fields:
        if not told:
            continue
        words = told.lstrip(b":").split()
        path = os.fsdecode(next(fields, b""))
        if len(words) == 5 and path:
            before, after = (int(word, 8) & 0o170000 for word in words[:2])
            yield Change(path, before, after, words[2].decode(), words[3].decode())


class Blobs:
    """Reads objects through one `git cat-file --batch`, started when the first is asked for; close it."""

    def __init__(self, repository: Repository):
        self._folder = repository.top
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[str, bytes | None] = {}

    def __enter__(self) -> Blobs:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            self._process.communicate()

    def get(self, name: str) -> bytes | None:
        """The bytes of a blob by its object name, or as `COMMIT:PATH` or `:PATH`; None where there is none.

        InputError for one that is too large, or where git goes away.
        """
        if name not in self._known:
            self._known[name] = self._ask(name)
        return self._known[name]

    def _ask(self, name: str) -> bytes | None:
        if "\n" in name:
            return None  # the protocol cannot ask for it
        asking, answers = self._pipes()
        try:
            asking.write(os.fsencode(name) + b"\n")
            asking.flush()
            words = answers.readline().split()
            if len(words) < 3 or words[-2] not in (b"blob", b"tree", b"commit", b"tag"):
                return None
            size = int(words[-1])
            data = answers.read(size) if size <= MAX_BLOB else _skip(answers, size)
            answers.read(1)
        except (OSError, ValueError) as error:
            raise InputError(_("git failed: {reason}").format(reason=error)) from error
        return data if words[-2] == b"blob" else None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            try:
                command = [program("git"), "--no-pager", *_QUIET, "cat-file", "--batch"]
                self._process = subprocess.Popen(
                    command, cwd=self._folder, env=environment(),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                )  # fmt: skip
            except OSError as error:
                raise InputError(_("git cannot be run: {reason}").format(reason=error.strerror or error)) from error
        asking, answers = self._process.stdin, self._process.stdout
        if asking is None or answers is None:
            raise InputError(_("git failed: {reason}").format(reason=_("it cannot be reached")))
        return asking, answers


def _skip(answers: IO[bytes], size: int) -> bytes:
    """Read past a blob that is too large; what is kept of it is more than any reader takes."""
    kept = answers.read(MAX_BLOB + 1)
    left = size - len(kept)
    while left > 0 and (chunk := answers.read(min(left, 1 << 20))):
        left -= len(chunk)
    return kept
