"""The types of the clients' settings, and what both readers share. Secrets are in no `repr`."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from licscan.base.programs import find_program


@dataclass(frozen=True, slots=True)
class Credential:
    """The `Authorization` value for URLs below a prefix, `//host[:port]/path/` without scheme, as npm writes it."""

    prefix: str
    authorization: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Transport:
    """How to reach a registry: certificates (files), proxies (they may hold a password), seconds to wait.

    `trusted_hosts` (`host` or `host:port`) are not verified (pip's option); `verify` is npm's strict-ssl.
    """

    ca_file: str | None = None
    client_cert: str | None = None
    verify: bool = True
    trusted_hosts: tuple[str, ...] = ()
    proxy: str | None = field(default=None, repr=False)
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class PipConfig:
    """`indexes` are simple APIs in order (`https:` or `file:`, ending in `/`); `find_links` folders or pages."""

    indexes: tuple[str, ...]
    find_links: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    transport: Transport = Transport()
    configured: bool = False


@dataclass(frozen=True, slots=True)
class NpmConfig:
    """`registry` and the registries of scopes (`@scope`, URL), each ending in `/`."""

    registry: str
    scopes: tuple[tuple[str, str], ...] = ()
    credentials: tuple[Credential, ...] = ()
    transport: Transport = Transport()
    configured: bool = False

    def registry_of(self, name: str) -> str:
        """The registry that npm asks for a package."""
        return dict(self.scopes).get(name.partition("/")[0], self.registry) if name.startswith("@") else self.registry

    def has_own_registry(self, name: str) -> bool:
        """Whether the package's scope has a registry of its own."""
        return name.startswith("@") and name.partition("/")[0] in dict(self.scopes)


@dataclass(frozen=True)
class Machine:
    """Where settings are looked up; `prefix` is the Python environment's, `npm_prefix` npm's."""

    home: Path
    environment: Mapping[str, str] = field(repr=False)
    platform: str = sys.platform
    prefix: Path = Path(sys.prefix)
    npm_prefix: Path | None = None
    root: Path = Path(os.sep)

    @classmethod
    def this(cls) -> Machine:
        """The machine that licscan runs on."""
        prefix = Path(os.environ.get("VIRTUAL_ENV") or sys.prefix)
        return cls(home=Path.home(), environment=dict(os.environ), prefix=prefix, npm_prefix=_npm_prefix())


class Clients(Protocol):
    """The settings of both clients."""

    @property
    def pip(self) -> PipConfig:
        """pip's."""

    @property
    def npm(self) -> NpmConfig:
        """npm's."""


def split_userinfo(url: str) -> tuple[str, str | None]:
    """The URL without user and password, and the `Authorization` value that they stand for."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, None
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    user, _, password = userinfo.partition(":")
    clean = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    return clean, basic(unquote(user), unquote(password))


def basic(user: str, password: str) -> str:
    """The value of HTTP basic authentication (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def nerf(url: str) -> str:
    """A URL as the prefix that credentials are bound to: `//host[:port]/path/`."""
    parts = urlsplit(url)
    path = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0] + "/"
    return f"//{parts.netloc.rpartition('@')[2].lower()}{path}"


def with_slash(url: str) -> str:
    """The URL with one `/` at its end."""
    return url.rstrip("/") + "/"


def read_small(path: Path, limit: int = 1024 * 1024) -> str | None:
    """A settings file's text; None where it is absent, unreadable, no regular file or absurdly long."""
    try:
        if not path.is_file() or path.stat().st_size > limit:
            return None
        return path.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff")
    except OSError:
        return None


def _npm_prefix() -> Path | None:
    """Where npm's global files are: beside the `node` on PATH (`prefix/bin/node`)."""
    node = find_program("node")
    if node is None:
        return None
    folder = Path(node).parent
    return folder if os.name == "nt" else folder.parent
