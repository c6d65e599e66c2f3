"""Fetches one commit of a foreign repository with the user's git, and hands it out as a tar stream.

Nothing is checked out, so no filter, hook or link of it is ever followed, and no submodule that the user does not name;
the objects lie in a temporary folder until the stream is read. git asks nobody for a password; what it says is told
without addresses.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.programs import program
from licscan.vcs.git import environment
from licscan.vcs.submodules import with_submodules

MAX_SECONDS = 120.0
MAX_BYTES = 512 * 1024 * 1024
PROTOCOLS = ("https", "ssh")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REFERENCE = re.compile(r"[0-9A-Za-z_][0-9A-Za-z._/+@-]{0,200}")
_POLL = 0.05
_MAX_SAID = 256 * 1024
"""Bytes of what one command says."""
_OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_COMMON_DIR",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX", "GIT_TEMPLATE_DIR", "GIT_PROXY_COMMAND")  # fmt: skip
_CONFIG = (
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.askPass=true", "submodule.recurse=false",
    "fetch.recurseSubmodules=false", "fetch.fsckObjects=true", "gc.auto=0", "maintenance.auto=false",
    "http.lowSpeedLimit=1024", "http.lowSpeedTime=20", "init.templateDir=", "protocol.allow=never",
)  # fmt: skip
_PLAIN = "* -export-ignore -export-subst -filter -text -ident -working-tree-encoding -eol\n"
"""Over the attributes of the repository: what it hides from archives or rewrites in them would not be what it holds."""


@dataclass(frozen=True, slots=True)
class GitSource:
    """A repository's address, without credentials, and the commit, tag or branch that a lock names."""

    url: str
    reference: str


def parse_source(text: str) -> GitSource:
    """`git+https://host/owner/name.git@reference`, as the locks' readers write it; `#reference` as well.

    InputError where there is no reference or none that git can take for one.
    """
    address, _hash, reference = text.removeprefix("git+").partition("#")
    if not reference:
        start = address.find("://") + 3
        slash = address.find("/", start)
        head, tail = (address[:slash], address[slash:]) if slash > 0 else (address, "")
        tail, _at, reference = tail.rpartition("@") if "@" in tail else (tail, "", "")
        address = head + tail
    if not reference or not _REFERENCE.fullmatch(reference) or ".." in reference:
        raise InputError(_("names no commit of its repository"))
    if address.startswith("ssh://") and "@" not in urlsplit(address).netloc:
        address = address.replace("ssh://", "ssh://git@", 1)  # the name that forges use; locks are read without it
    return GitSource(address, reference)


@contextmanager
def fetched(
    source: GitSource,
    *,
    prefix: str = "package/",
    protocols: Sequence[str] = PROTOCOLS,
    seconds: float = MAX_SECONDS,
    submodules: Collection[str] = (),
) -> Iterator[tuple[str, IO[bytes]]]:
    """The commit's hash and its files as a tar stream below a prefix. InputError with one line where git fails.

    `submodules` are those (names or paths of `.gitmodules`) whose files are wanted too; no other is fetched.
    """
    _require_protocol(source.url, protocols)
    with tempfile.TemporaryDirectory(prefix="licscan-git-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / "repository.git"
        git = _Git(folder, protocols, time.monotonic() + seconds)
        git.run("init", "--quiet", "--bare", str(folder))
        (folder / "info").mkdir(exist_ok=True)
        (folder / "info" / "attributes").write_text(_PLAIN, encoding="utf-8", newline="\n")
        commit = _fetch(git, source.url, source.reference, "refs/licscan/wanted")
        whole = commit
        if submodules:

            def fetch(url: str, reference: str, name: str) -> str:
                _require_protocol(url, protocols)
                return _fetch(git, url, reference, name)

            whole = with_submodules(git.run, commit, source.url, submodules, fetch)
        with git.open("archive", "--format=tar", f"--prefix={prefix}", whole) as stream:
            yield commit, stream


def commit_at(
    url: str, reference: str = "", *, protocols: Sequence[str] = PROTOCOLS, seconds: float = MAX_SECONDS
) -> str:
    """The commit that a branch or tag of a repository is at now (its HEAD without one), asked of its server.

    A whole hash is its own answer. InputError where there is no such reference, or git fails.
    """
    if _COMMIT.fullmatch(reference):
        return reference
    if reference and (not _REFERENCE.fullmatch(reference) or ".." in reference):
        raise InputError(_("names no commit of its repository"))
    _require_protocol(url, protocols)
    with tempfile.TemporaryDirectory(prefix="licscan-git-", ignore_cleanup_errors=True) as scratch:
        git = _Git(Path(scratch) / "none.git", protocols, time.monotonic() + seconds)
        said = git.run("ls-remote", "--quiet", "--", url, *_places(reference)).decode("ascii", "replace")
    found = {place: name for name, tab, place in (line.partition("\t") for line in said.splitlines()) if tab}
    # an annotated tag points to an object that points to the commit
    for place in (f"refs/tags/{reference}^{{}}", *_places(reference)):
        if _COMMIT.fullmatch(found.get(place, "")):
            return found[place]
    raise InputError(_("its repository has no such branch or tag"))


def _places(reference: str) -> tuple[str, ...]:
    if not reference:
        return ("HEAD",)
    if reference.startswith("refs/"):
        return (reference,)
    return (f"refs/heads/{reference}", f"refs/tags/{reference}", f"refs/tags/{reference}^{{}}")


def _require_protocol(url: str, protocols: Sequence[str]) -> None:
    if urlsplit(url).scheme not in protocols:
        shown = _(", ").join(protocols)
        raise InputError(
            _("the address of its repository uses none of {protocols}, so it was not asked").format(protocols=shown)
        )


def _fetch(git: _Git, url: str, reference: str, name: str) -> str:
    """Bring one commit and nothing before it; its hash."""
    git.run("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
            "--", url, f"+{reference}:{name}")  # fmt: skip
    commit = git.run("rev-parse", "--verify", f"{name}^{{commit}}").decode("ascii", "replace").strip()
    if _COMMIT.fullmatch(reference) and commit != reference:
        raise InputError(_("its repository returned a different commit than the requested one"))
    return commit


class _Git:
    """git in one bare repository, bounded in time and bytes, in a process group of its own."""

    def __init__(self, folder: Path, protocols: Sequence[str], until: float):
        self._folder = folder
        self._until = until
        kept = {name: value for name, value in environment().items() if name not in _OWN}
        kept |= {
            "GIT_ALLOW_PROTOCOL": ":".join(protocols),
            "GIT_ASKPASS": "true",
            "SSH_ASKPASS": "true",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "GIT_INDEX_FILE": str(folder / "index.licscan"),
            "GIT_SSH_COMMAND": kept.get("GIT_SSH_COMMAND", "ssh") + " -oBatchMode=yes -oClearAllForwardings=yes",
        }
        self._environment = kept

    def _command(self, *words: str) -> list[str]:
        settings = [part for setting in _CONFIG for part in ("-c", setting)]
        where = ["--git-dir", str(self._folder)] if words[0] not in ("init", "ls-remote") else []
        if words[0] in ("read-tree", "update-index"):
            # they ask for a work tree, and touch nothing in it
            where += ["--work-tree", str(self._folder / "info")]
        return [program("git"), "--no-pager", *settings, *where, *words]

    def run(self, *words: str) -> bytes:
        """What a command writes, which is short."""
        with tempfile.TemporaryFile() as out:
            process = self._start(words, out)
            while True:
                try:
                    status = process.wait(_POLL)
                    break
                except subprocess.TimeoutExpired:
                    self._bound(process)
                except BaseException:
                    _end(process)
                    raise
            if status:
                raise InputError(_("git could not fetch it from {host}").format(host=_host(words)))
            out.seek(0)
            return out.read(_MAX_SAID)

    @contextmanager
    def open(self, *words: str) -> Iterator[IO[bytes]]:
        """What a command writes, as a stream; it is ended with it."""
        process = self._start(words, subprocess.PIPE)
        if process.stdout is None:
            raise InputError(_("git failed: {reason}").format(reason=_("it cannot be reached")))
        try:
            yield process.stdout
        finally:
            process.stdout.close()
            _end(process)

    def _start(self, words: Sequence[str], out: int | IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command(*words), env=self._environment, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise InputError(_("git cannot be run: {reason}").format(reason=error.strerror or error)) from error

    def _bound(self, process: subprocess.Popen[bytes]) -> None:
        if time.monotonic() > self._until:
            _end(process)
            raise InputError(_("its repository took too long"))
        if _size(self._folder) > MAX_BYTES:
            _end(process)
            raise InputError(_("its repository is larger than {limit} MB").format(limit=MAX_BYTES // 1024 // 1024))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (OSError, AttributeError):
            process.kill()
    process.wait()


def _size(folder: Path) -> int:
    total = 0
    for where, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(where, name)).st_size
            except OSError:
                continue
    return total


def _host(words: Sequence[str]) -> str:
    address = next((word for word in words if "://" in word), "")
    return urlsplit(address).netloc.rpartition("@")[2] or "git"
