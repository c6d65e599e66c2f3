"""pip's settings: `pip.conf` files, `PIP_*`, netrc; uv's variables where pip has none.

Order of precedence as pip documents it: global, user, site, PIP_CONFIG_FILE, environment. Options inside requirements
files belong to what is scanned and are no settings of the user.
"""

from __future__ import annotations

import configparser
import netrc
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from licscan.clients.settings import Credential, Machine, PipConfig, Transport, basic, nerf, read_small, split_userinfo
from licscan.clients.settings import with_slash as slashed

_ENDPOINT = re.compile(r"""(?m)^PYPI_SIMPLE_ENDPOINT\b[^=\n]*=\s*["'](https://[^"'\s]+)["']\s*$""")


@cache
def default_index() -> str:
    """The index that pip uses when nothing is configured, from pypi-simple.

    It is read out of its source: to import it takes longer than the hook may.
    """
    found = find_spec("pypi_simple")
    if found is not None and found.origin is not None:
        try:
            source = Path(found.origin).read_text(encoding="utf-8")
        except (OSError, ValueError):
            source = ""
        if match := _ENDPOINT.search(source):
            return slashed(match[1])
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    return slashed(PYPI_SIMPLE_ENDPOINT)


def read_pip_config(machine: Machine) -> PipConfig:
    """What `pip install` would use."""
    settings = {**_files(machine), **_environment(machine.environment)}
    main = _words(settings.get("index-url"))[:1]
    extra = _words(settings.get("extra-index-url"))
    uv = machine.environment
    if not main:
        main = _words(uv.get("UV_DEFAULT_INDEX") or uv.get("UV_INDEX_URL"))[:1]
    if not extra:
        extra = [word.partition("=")[2] or word for word in _words(uv.get("UV_INDEX") or uv.get("UV_EXTRA_INDEX_URL"))]
    no_index = settings.get("no-index", "").lower() in ("1", "true", "yes", "on")
    urls = [] if no_index else [*(main or [default_index()]), *extra]
    split = [split_userinfo(slashed(url)) for url in dict.fromkeys(urls) if _usable(url)]
    found = {nerf(url): authorization for url, authorization in split if authorization}
    for prefix, authorization in _netrc(machine, [url for url, _ in split]).items():
        found.setdefault(prefix, authorization)
    return PipConfig(
        indexes=tuple(url for url, _ in split),
        find_links=tuple(split_userinfo(link)[0] for link in _words(settings.get("find-links"))),
        credentials=tuple(Credential(prefix, value) for prefix, value in sorted(found.items())),
        transport=_transport(settings),
        configured=bool(main),
    )


def _usable(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https", "file")
    except ValueError:
        return False


def _words(value: str | None) -> list[str]:
    return (value or "").split()


def config_files(machine: Machine) -> list[Path]:
    """The files that pip reads, in rising precedence."""
    given = machine.environment.get("PIP_CONFIG_FILE")
    if given == os.devnull:
        return []
    user = [] if given and Path(given).exists() else _user_files(machine)
    name = "pip.ini" if machine.platform == "win32" else "pip.conf"
    return [*_global_files(machine), *user, machine.prefix / name, *([Path(given)] if given else [])]


def _global_files(machine: Machine) -> list[Path]:
    environment = machine.environment
    if machine.platform == "win32":
        return [Path(environment.get("PROGRAMDATA", "C:\\ProgramData")) / "pip" / "pip.ini"]
    if machine.platform == "darwin":
        return [machine.root / "Library" / "Application Support" / "pip" / "pip.conf"]
    listed = environment.get("XDG_CONFIG_DIRS")
    folders = [Path(part) for part in listed.split(":") if part] if listed else [machine.root / "etc" / "xdg"]
    return [*(folder / "pip" / "pip.conf" for folder in folders), machine.root / "etc" / "pip.conf"]


def _user_files(machine: Machine) -> list[Path]:
    environment, home = machine.environment, machine.home
    if machine.platform == "win32":
        appdata = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
        return [home / "pip" / "pip.ini", appdata / "pip" / "pip.ini"]
    folder = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip"
    support = home / "Library" / "Application Support" / "pip"
    if machine.platform == "darwin" and support.is_dir():
        folder = support
    return [home / ".pip" / "pip.conf", folder / "pip.conf"]


def _files(machine: Machine) -> dict[str, str]:
    """The settings of all files; `[install]` over `[global]`."""
    merged: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for path in config_files(machine):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(read_small(path) or "")
        except configparser.Error:
            continue
        for section, settings in merged.items():
            if parser.has_section(section):
                settings.update((key.replace("_", "-"), value or "") for key, value in parser.items(section))
    return {**merged["global"], **merged["install"]}


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name[4:].lower().replace("_", "-"): value
        for name, value in environment.items()
        if name.startswith("PIP_") and value
    }


def _netrc(machine: Machine, urls: list[str]) -> dict[str, str]:
    """Credentials of netrc for the hosts of the indexes; its `default` entry is for no host in particular: not used."""
    given = machine.environment.get("NETRC")
    places = [Path(given)] if given else [machine.home / ".netrc", machine.home / "_netrc"]
    found: dict[str, str] = {}
    for place in places:
        if read_small(place) is None:
            continue
        try:
            hosts = netrc.netrc(str(place)).hosts
        except (netrc.NetrcParseError, OSError, UnicodeDecodeError):
            continue
        for url in urls:
            parts = urlsplit(url)
            if parts.scheme != "file" and parts.hostname in hosts:
                login, _account, password = hosts[parts.hostname]
                found.setdefault(f"//{parts.netloc}/", basic(login or "", password or ""))
    return found


def _transport(settings: Mapping[str, str]) -> Transport:
    timeout = settings.get("timeout") or settings.get("default-timeout") or ""
    return Transport(
        ca_file=settings.get("cert") or None,
        client_cert=settings.get("client-cert") or None,
        trusted_hosts=tuple(_words(settings.get("trusted-host"))),
        proxy=settings.get("proxy") or None,
        timeout=float(timeout) if timeout.isdecimal() else None,
    )
