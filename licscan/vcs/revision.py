"""Which commit a scan is of, and the files of a commit without its work tree being touched."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.base.names import below
from licscan.base.tree import Tree
from licscan.model import Scan
from licscan.packages.purls import strip_credentials
from licscan.vcs import git

MOST_INPUTS = 500
MOST_BYTES = 1024 * 1024 * 1024
_SUFFIXES = frozenset(
    {"", ".toml", ".json", ".json5", ".jsonc", ".yaml", ".yml", ".lock", ".txt", ".in", ".cfg", ".patch"}
)
_SCP = re.compile(r"((?:[\w.-]{1,60}@)?[\w.-]{2,250}):([^:\s]{1,500})", re.ASCII)
"""`git@host:path`, as ssh's own clients write it."""
_TEXT = re.compile(r"(?i)licen[sc]e|copying|notice|readme")


def revision_of(root: Path, scan: Scan) -> str:
    """The commit of the folder, with `+` where a file that the scan read differs from it; empty where nobody knows.

    Git is asked only for names of objects: `git status` would run filters that a hostile repository configures.
    """
    paths = [one.path for one in scan.inputs if one.sha256 and may_matter(one.path)][:MOST_INPUTS]
    try:
        commit = git.run(root, "rev-parse", "-q", "--verify", "HEAD").decode("ascii", "replace").strip()
        listed = git.run(root, "ls-tree", "-z", "HEAD", "--", *paths) if paths else b""
    except InputError:
        return ""
    names = {os.fsdecode(path): told.split()[-1].decode() for told, path in _entries(listed)}
    tree = Tree(root)
    return f"{commit}+" if any(not _is_same(tree, path, names.get(path, "")) for path in paths) else commit


def repository_of(root: Path) -> str:
    """The URL that git fetches the repository from, without credentials; empty where there is none, or a path."""
    try:
        told = git.run(root, "config", "--get", "remote.origin.url").decode("utf-8", "replace").strip()
    except InputError:
        return ""
    if (scp := _SCP.fullmatch(told)) is not None:
        told = f"ssh://{scp[1]}/{scp[2].lstrip('/')}"
    named = "://" in told and not told.lower().startswith("file:") and told.isascii() and " " not in told
    return one_line(strip_credentials(told), 1_000) if named else ""


def _entries(listed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """`100644 blob NAME`, a tab and a path, each ended by NUL."""
    for entry in listed.split(b"\0"):
        told, tab, path = entry.partition(b"\t")
        if tab:
            yield told, path


def _is_same(tree: Tree, path: str, name: str) -> bool:
    """Whether a file has the name that git gives to its content: SHA-1, or SHA-256 in newer repositories."""
    try:
        data = tree.read_bytes(path)
    except InputError:
        return False
    algorithm = hashlib.sha256 if len(name) == 64 else hashlib.sha1
    return algorithm(b"blob %d\0" % len(data) + data).hexdigest() == name


@contextmanager
def files_of(root: Path, revision: str) -> Iterator[tuple[Path, str]]:
    """The files of a commit that a scan may want, in a folder of their own that is named as the project's; its commit.

    They come from git's objects: no work tree, index or branch is touched, and no hook or filter runs. InputError where
    the folder is in no repository, or the revision is none.
    """
    repository = git.open_repository(root)
    asked = ("rev-parse", "-q", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    try:
        commit = git.run(repository.top, *asked).decode("ascii", "replace").strip()
    except InputError as error:
        raise InputError(
            _("is not a revision of this repository"),
            path=f"rev:{revision}",
            remedy=_("fetch it first, or name another"),
        ) from error
    prefix = Path(os.path.relpath(root.resolve(), repository.top.resolve())).as_posix()
    prefix = "" if prefix == "." else f"{prefix}/"
    with tempfile.TemporaryDirectory(prefix="licscan-") as place, git.Blobs(repository) as blobs:
        folder = Path(place) / (root.resolve().name or "project")
        folder.mkdir()
        _unpack(repository, blobs, commit, prefix, folder)
        yield folder, commit


def _unpack(repository: git.Repository, blobs: git.Blobs, commit: str, prefix: str, folder: Path) -> None:
    room = MOST_BYTES
    for path in repository.paths(commit):
        relative = path.removeprefix(prefix)
        if not path.startswith(prefix) or not may_matter(relative):
            continue
        data = blobs.get(f"{commit}:{path}")
        room -= len(data or b"")
        if room < 0:
            limit = MOST_BYTES // 1024 // 1024
            raise InputError(_("is larger than {limit} MB and was not read").format(limit=limit), path=f"rev:{commit}")
        if data is not None:
            target = below(folder, relative)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def may_matter(path: str) -> bool:
    """Whether a file may say something of dependencies or licenses; no path that leads out of its folder."""
    parts = path.split("/")
    if not path or {"", ".", "..", ".git", "node_modules"} & set(parts) or "\\" in path:
        return False
    suffix = os.path.splitext(parts[-1])[1].lower()
    return suffix in _SUFFIXES or parts[-1] == "setup.py" or _TEXT.search(parts[-1]) is not None


_TAG = re.compile(r"v?(\d+(?:\.\d+)*(?:[-._]?(?:a|b|rc|alpha|beta|dev|post)[-._]?\d*)?)", re.IGNORECASE)


def tagged_version(folder: Path, name: str) -> str:
    """The version in a tag of the very commit that is checked out (`1.2`, `v1.2`, `name-1.2`); empty without one."""
    try:
        tags = git.run(folder, "tag", "--points-at", "HEAD").decode("utf-8", "replace").split()
    except InputError:
        return ""
    bare = (tag[len(name) :].lstrip("-_@/") if tag.lower().startswith(name.lower()) else tag for tag in sorted(tags))
    found = [match[1] for tag in bare if (match := _TAG.fullmatch(tag))]
    return found[0] if len(set(found)) == 1 else ""
