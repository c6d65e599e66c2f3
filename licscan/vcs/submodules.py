"""Submodules of a fetched commit that the user names: where they are, and their files put in their places.

What `.gitmodules` says is another's: git's own parser reads it, only addresses of the allowed kinds are asked, without
the names and passwords that they hold. Nothing is checked out: trees are put together in an index of our own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from licscan.base.errors import InputError
from licscan.base.messages import _

MAX_SUBMODULES = 50
MAX_DEPTH = 5
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!/)([^:\s]+)")
_KEY = re.compile(r"submodule\.(.+)\.(path|url)", re.DOTALL)

Run = Callable[..., bytes]
"""Runs git in the repository and gives what it says; InputError where it fails."""


@dataclass(frozen=True, slots=True)
class Submodule:
    """One entry of `.gitmodules`: its name, its path below the repository's top, the address as it stands there."""

    name: str
    path: str
    url: str


def with_submodules(
    run: Run, commit: str, url: str, wanted: Collection[str], fetch: Callable[[str, str, str], str]
) -> str:
    """What to archive: the commit itself, or a tree of its files with those of the wanted submodules in their places.

    `wanted` are names or paths as `.gitmodules` has them, those of nested ones below the path of the outer one.
    `fetch(address, commit, reference)` brings a commit into the repository. InputError where one that is wanted cannot
    be had: what lacks it is not what was asked for.
    """
    placed = list(_placed(run, commit, url, wanted, fetch))
    if not placed:
        return commit
    run("read-tree", "--empty")
    run("read-tree", commit)
    for path, inner in placed:
        run("update-index", "--force-remove", "--", path)
        run("read-tree", f"--prefix={path}/", inner)
    return run("write-tree").decode("ascii", "replace").strip()


def _placed(
    run: Run, commit: str, url: str, wanted: Collection[str], fetch: Callable[[str, str, str], str]
) -> Iterator[tuple[str, str]]:
    """The paths of wanted submodules with their commits, outer ones first."""
    waiting = [("", commit, url, 1)]
    count = 0
    while waiting:
        above, outer, base, depth = waiting.pop(0)
        for one in submodules_of(run, outer):
            path = f"{above}{one.path}"
            if not {path, f"{above}{one.name}"} & set(wanted):
                continue
            count += 1
            if count > MAX_SUBMODULES or depth > MAX_DEPTH:
                raise InputError(_("has more than {limit} submodules").format(limit=MAX_SUBMODULES))
            pinned = _pinned(run, outer, one.path)
            address = resolved(one.url, base)
            inner = fetch(address, pinned, f"refs/licscan/submodule-{count}")
            yield path, inner
            waiting.append((f"{path}/", inner, address, depth + 1))


def submodules_of(run: Run, commit: str) -> Sequence[Submodule]:
    """What `.gitmodules` of a commit names, by path; entries without a path or an address, or with one that leads out,
    are left out."""
    if not run("ls-tree", "--name-only", commit, "--", ".gitmodules"):
        return ()
    said = run("config", "--null", f"--blob={commit}:.gitmodules", "--list").decode("utf-8", "replace")
    found: dict[str, dict[str, str]] = {}
    for entry in said.split("\0"):
        key, _line, value = entry.partition("\n")
        if match := _KEY.fullmatch(key):
            found.setdefault(match[1], {})[match[2]] = value
    told = (Submodule(name, one.get("path", ""), one.get("url", "")) for name, one in found.items())
    return sorted((one for one in told if one.url and _is_inside(one.path)), key=lambda one: one.path)


def resolved(url: str, base: str) -> str:
    """An address of `.gitmodules` as git takes it: one that begins with a dot is beside the repository's own.

    Names and passwords are taken off; `host:path` becomes an address of ssh. InputError for what is none.
    """
    if url.startswith(("./", "../")):
        own = urlsplit(base)
        address = own._replace(path=posixpath.normpath(f"{own.path}/{url}")).geturl()
    elif "://" not in url and (match := _SCP.fullmatch(url)):
        address = f"ssh://git@{match[1]}/{match[2]}"
    else:
        address = url
    parts = urlsplit(address)
    if not parts.scheme or address.startswith("-"):
        raise InputError(_("names a submodule at an invalid address"))
    user = "git@" if parts.scheme == "ssh" else ""
    return parts._replace(netloc=user + parts.netloc.rpartition("@")[2]).geturl()


def _pinned(run: Run, commit: str, path: str) -> str:
    """The commit that a repository pins for a submodule."""
    said = run("ls-tree", commit, "--", path).decode("utf-8", "replace").split()
    if len(said) < 3 or said[1] != "commit" or not _COMMIT.fullmatch(said[2]):
        raise InputError(_("pins no commit of its submodule {path}").format(path=path[:100]))
    return said[2]


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return bool(path) and not path.startswith(("/", "-", ":")) and not {"", ".", "..", ".git"} & set(parts)
