"""The entries of npm's locks, old nested and new flat, as one kind of value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.model import Scope
from licscan.resolve.builder import Builder
from licscan.resolve.js.lines import nested_lines, section_lines
from licscan.resolve.js.manifest import Request, requests_of, valid_name
from licscan.resolve.js.requests import split_alias, strongest
from licscan.resolve.js.sources import is_git, is_registry_tarball

MODULES = "node_modules/"
MAX_PLACE = 4096
"""No file system takes a longer path."""

MAX_NESTING = 200


@dataclass(slots=True)
class Entry:
    """One place of the installed tree: `key` is the name it is found by, `name` the package's own.

    `link` is the place of the local folder that the entry stands for.
    """

    place: str
    key: str
    name: str
    version: str | None
    resolved: str | None
    data: dict[str, Any] = field(repr=False)
    line: int | None = None
    requests: list[Request] = field(default_factory=list)
    link: str | None = None

    @property
    def local(self) -> bool:
        """Whether it is a folder of the project itself."""
        return is_local(self.place)

    @property
    def rank(self) -> int:
        """How the lock's own flags call it: 0 needed at run time, 1 optional or peer, 2 for development only."""
        if self.data.get("dev") is True:
            return 2
        return 1 if any(self.data.get(flag) is True for flag in ("optional", "devOptional", "peer")) else 0


def holder_of(place: str) -> str:
    """The folder whose node_modules holds the place; for a local folder the folder above it."""
    at = place.rfind(f"/{MODULES}")
    if at >= 0:
        return place[:at]
    return "" if place.startswith(MODULES) else place.rpartition("/")[0]


def is_local(place: str) -> bool:
    """Whether the place is a folder of the project itself, outside every node_modules."""
    return not place.startswith(MODULES) and f"/{MODULES}" not in place


def read_packages(lock: Shape, text: str, builder: Builder) -> dict[str, Entry]:
    """The table `packages` of versions 2 and 3, all but the root; entries of a wrong shape are told and left out."""
    lines = section_lines(text, "packages")
    entries: dict[str, Entry] = {}
    for place, data in (lock.get("packages", dict) or {}).items():
        if place == "":
            continue
        builder.seen += 1
        entry = _from_packages(place, data) if isinstance(data, dict) else None
        if entry is None:
            _tell_bad(builder, place)
            continue
        problems: list[str] = []
        entry.requests = list(requests_of(data, problems))
        if not entry.local:
            entry.requests = strongest(request for request in entry.requests if request.scope is not Scope.DEV)
        entry.line = lines.get(place)
        for said in problems:
            builder.problem(_("{place}: {reason}").format(place=place, reason=said))
        entries[place] = entry
    return entries


def _from_packages(place: str, data: dict[str, Any]) -> Entry | None:
    key = place.rpartition(MODULES)[2]
    if len(place) > MAX_PLACE or place.count(MODULES) > MAX_NESTING:
        return None
    if is_local(place):
        key = key.rpartition("/")[2]
    elif not valid_name(key):
        return None
    name, version, resolved = data.get("name"), data.get("version"), data.get("resolved")
    if resolved is False:
        # some npm versions write so where they do not know the address
        resolved = None
    if not all(value is None or isinstance(value, str) for value in (name, version, resolved)):
        return None
    link = None
    if data.get("link") is True:
        if not resolved:
            return None
        link = resolved.removeprefix("file:")
    own = name if name and valid_name(name) else key
    return Entry(place, key, own, (version or "").strip() or None, resolved, data, link=link)


def read_nested(lock: Shape, text: str, builder: Builder) -> dict[str, Entry]:
    """The nested table `dependencies` of version 1, flattened to places; with a stack, whatever its depth."""
    lines = nested_lines(text)
    entries: dict[str, Entry] = {}
    stack = [("", lock.get("dependencies", dict) or {})]
    while stack:
        folder, table = stack.pop()
        for key, data in table.items():
            place = f"{folder}/{MODULES}{key}" if folder else f"{MODULES}{key}"
            builder.seen += 1
            entry = _from_nested(place, key, data) if isinstance(data, dict) else None
            if entry is None:
                _tell_bad(builder, place)
                continue
            entry.line = lines.get(place)
            entries[place] = entry
            if isinstance(inner := data.get("dependencies"), dict):
                stack.append((place, inner))
    return entries


def _from_nested(place: str, key: str, data: dict[str, Any]) -> Entry | None:
    version, resolved = data.get("version"), data.get("resolved")
    if not valid_name(key) or len(place) > MAX_PLACE or not isinstance(version, str):
        return None
    if resolved is not None and not isinstance(resolved, str):
        resolved = None
    entry = Entry(place, key, key, version.strip() or None, resolved, data, requests=list(_required(data)))
    alias, aliased = split_alias(version)
    if alias and valid_name(alias):
        entry.name, entry.version = alias, aliased
    elif version.startswith("file:"):
        entry.version, entry.resolved = None, version
        if not version.endswith((".tgz", ".tar.gz", ".tar")):
            entry.link = version.removeprefix("file:")
    elif is_git(version) or "://" in version:
        entry.version, entry.resolved = _version_in(version, key), version
    return entry


def _version_in(url: str, name: str) -> str | None:
    """The version in the name of a registry's archive; other addresses tell none."""
    if not is_registry_tarball(url):
        return None
    file = url.partition("#")[0].partition("?")[0].rpartition("/")[2].removesuffix(".tgz")
    prefix = name.rpartition("/")[2] + "-"
    return file[len(prefix) :] or None if file.startswith(prefix) else None


def _required(data: dict[str, Any]) -> Iterator[Request]:
    """What version 1 says an entry requires: names and ranges, without telling which are optional."""
    required = data.get("requires")
    if isinstance(required, dict):
        for name, spec in required.items():
            if isinstance(spec, str) and valid_name(name):
                yield Request(name, spec, Scope.RUNTIME)


def _tell_bad(builder: Builder, place: str) -> None:
    message = _("the entry {place} is not one that npm would write; it was ignored")
    builder.problem(message.format(place=repr(place[:200])), code="input-unreadable")


def condition_of(data: dict[str, Any]) -> str | None:
    """The platforms of an entry, as `os=darwin cpu=x64,arm64 libc=glibc`."""
    parts = []
    for key in ("os", "cpu", "libc"):
        value = data.get(key)
        values = [value] if isinstance(value, str) else value
        if isinstance(values, list) and values and all(isinstance(item, str) for item in values):
            parts.append(f"{key}={','.join(values)}")
    return " ".join(parts) or None
