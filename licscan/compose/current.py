"""Whether a stored scan still tells of the files as they are, and the scan made again as it was asked for."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan import __version__
from licscan.base.digests import digest_of
from licscan.base.messages import _
from licscan.base.tree import Tree
from licscan.compose.configured import options_of
from licscan.compose.options import Options, Part, Progress, common_root, no_progress
from licscan.config import FILE_NAME, Config
from licscan.model import Record, Scan

if TYPE_CHECKING:
    from licscan.review.chain import Ledger

Words = tuple[tuple[str, str], ...]
"""Options of the command line with their values; a flag has an empty one, `path` is a path below the root."""

_MANY = ("exclude", "git_submodules")
_TEXTS = ("outbound", "fail_on", "platform")
_FLAGS = ("offline", "resolve", "metadata_only", "fetch_git", "fetch_urls", "source", "no_texts", "no_content")


def words_of(paths: Sequence[Path], root: Path, python: Sequence[Path], given: dict[str, Any]) -> Words:
    """The words that decide what a scan finds, of those that the command line gave; places do not depend on the folder
    in which it was called."""
    _root, starts = common_root(paths) if paths else (root, ())
    said = [("path", start) for start in starts if start]
    said += [("python", os.path.abspath(path)) for path in python]
    for name, value in given.items():
        if isinstance(value, tuple):
            said += [(name, one) for one in value]
        elif value:
            said.append((name, "" if value is True else str(value)))
    return tuple(sorted(said))


def options_again(words: Words, root: Path, config: Config, parts: Sequence[Part], **more: Any) -> Options:
    """The options of a scan that is made again; `more` are flags of this command line."""
    told: dict[str, Any] = {name: tuple(value for key, value in words if key == name) for name in _MANY}
    told |= {name: value for name, value in words if name in _TEXTS}
    told |= {name: True for name, _value in words if name in _FLAGS}
    told["texts"], told["content"] = not told.pop("no_texts", False), not told.pop("no_content", False)
    told["python"] = tuple(Path(value) for name, value in words if name == "python")
    told |= {name: value for name, value in more.items() if value}
    paths = tuple(root / value for name, value in words if name == "path") or (root,)
    return options_of(
        tuple(path for path in paths if path.exists()) or (root,), root, config, parts=tuple(parts), **told
    )


def state_of(options: Options, root: Path, ledger: Ledger | None) -> str:
    """What a scan depends on beside the bytes of its inputs, as digests: licscan.toml, which manifests and installed
    packages there are, what people decided, the project's own files as far as they were read; a blank between them."""
    _root, starts = common_root(options.paths) if options.paths else (root, ())
    settings = root / FILE_NAME
    told = digest_of([settings.read_bytes()]) if settings.is_file() else "-"
    around, own = digest_of(_surroundings(options, root, starts)), digest_of(_own_files(options, root, starts))
    return f"{told} {around} {ledger.head if ledger else '-'} {own}"


def _surroundings(options: Options, root: Path, starts: Sequence[str]) -> Iterator[bytes]:
    from licscan.resolve.discover import discover
    from licscan.resolve.python.environment import find_site_packages

    found = discover(Tree(root), starts, options.exclude)
    yield "\0".join(path for path, _format in found.files).encode("utf-8", "surrogateescape")
    sites = [
        site for path in options.python or map(root.joinpath, found.environments) for site in find_site_packages(path)
    ]
    for folder in (*sites, *map(root.joinpath, found.node_modules)):
        yield "\0".join(_packages_in(folder)).encode("utf-8", "surrogateescape")
    for modules, record in product(found.node_modules, _INSTALL_RECORDS):
        yield _bytes_of(root / modules / record)


_INSTALL_RECORDS = (".package-lock.json", ".yarn-state.yml", ".yarn-integrity", ".modules.yaml")
"""What npm, yarn and pnpm write at each installation: packages keep their folders when their versions change."""
_MAX_BYTES = 1024 * 1024


def _own_files(options: Options, root: Path, starts: Sequence[str]) -> Iterator[bytes]:
    """The names of what may be content, the bytes of texts that speak of it or of the project; with `source`, of all.

    The bytes of the content itself are held against the stored scan, which has a digest of each file.
    """
    from licscan.content.listing import is_annotation, may_be_content
    from licscan.packages.filenames import kind_of
    from licscan.source.listing import list_sources

    paths = list_sources(root, starts, options.exclude).paths
    content = [path for path in paths if may_be_content(path)] if options.content else []
    folders = {path.rpartition("/")[0] for path in content}
    yield "\0".join(content).encode("utf-8", "surrogateescape")
    for path in paths:
        folder, _slash, name = path.rpartition("/")
        tells = kind_of(name) or is_annotation(path) or (folder in folders and name.lower().endswith(_TEXTS_BESIDE))
        if tells or options.source:
            yield path.encode("utf-8", "surrogateescape")
            yield _bytes_of(root / path)
    if options.licenses:
        for text in sorted(options.licenses.rglob("*")):
            yield text.name.encode("utf-8", "surrogateescape")
            yield _bytes_of(text)


_TEXTS_BESIDE = (".txt", ".md", ".rst", ".html")


def _bytes_of(path: Path) -> bytes:
    """The first megabyte of a regular file, and how long it is; empty for anything else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return b""
        with path.open("rb") as file:
            return b"%d " % status.st_size + file.read(_MAX_BYTES)
    except OSError:
        return b""


def _packages_in(folder: Path) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    # caches of tools come and go in node_modules, modules without metadata in site-packages
    return sorted(name for name in names if not name.startswith(("__pycache__", ".cache", ".vite")))


def what_changed(scan: Scan, root: Path, config: Config, ledger: Ledger | None, *, decisions: bool = True) -> str:
    """The first thing that is not as it was when the scan was made, in words; empty where all is."""
    read = [(one.path, one.sha256) for one in scan.inputs]
    read += [(one.path, one.sha256) for one in (scan.content.files if scan.content else ())]
    if gone := next((path for path, digest in read if digest and not _same(root / path, digest)), ""):
        return gone
    record = scan.record
    if scan.tool_version != __version__:
        return _("it was made by licscan {old}").format(old=scan.tool_version)
    if record is None or not record.state:
        return ""
    now = state_of(options_again(record.asked, root, config, ()), root, ledger).split(" ")
    words = (FILE_NAME, _("manifests or installed packages"), _("decisions"), _("the project's own files"))
    pairs = zip(words, record.state.split(" "), now, strict=False)
    changed = (word for word, before, after in pairs if before != after)
    return next((word for word in changed if decisions or word != _("decisions")), "")


def _same(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def scan_and_store(
    options: Options, root: Path, database: Path, words: Words = (), progress: Progress = no_progress
) -> Scan:
    """Scan, knowing the last scan and what people decided, and store it with the commit that it is of."""
    from licscan.compose.scan import scan
    from licscan.store import stored
    from licscan.store.decisions import ledger
    from licscan.store.earlier import earlier
    from licscan.vcs.revision import repository_of, revision_of

    progress(_("Reading manifests and lockfiles"), 0, 0)
    before = earlier(database, options.name, path=None if options.name else str(root))
    signed = ledger(database)
    state = state_of(options, root, signed)
    result = scan(replace(options, earlier=before, decisions=signed), progress)
    progress(_("Storing the scan"), 0, 0)
    return stored(result, database, Record(0, "", revision_of(root, result), repository_of(root), words, state))
