"""npm's settings: `.npmrc` files, `npm_config_*`, and yarn's `.yarnrc.yml` for registries alone.

Order of precedence as npm documents it: environment, project, user, global. The project's file belongs to what is
scanned: it may name registries, but no certificate, no proxy, and nothing of the environment leaves through it to a
host that the user's own settings do not know.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from licscan.clients.settings import Credential, Machine, NpmConfig, Transport, basic, nerf, read_small, split_userinfo
from licscan.clients.settings import with_slash as slashed

_VARIABLE = re.compile(r"(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}")
_PROJECT_KEYS = re.compile(r"registry|@[^:/\s]+:registry|//.+:(_authToken|_auth|username|_password)")


@cache
def default_registry() -> str:
    """The registry that npm uses when nothing is configured, from the PackageURL library's own table."""
    from packageurl.contrib.purl2url import get_download_url

    parts = urlsplit(get_download_url("pkg:npm/x@1.0"))  # type: ignore[no-untyped-call]
    return f"{parts.scheme}://{parts.netloc}/"


def read_npm_config(machine: Machine, project: Path | None = None) -> NpmConfig:
    """What npm would use in a project's folder."""
    environment = machine.environment
    own = {**_global_file(machine), **_user_file(machine), **_environment(environment)}
    own = {key: expand(value, environment) for key, value in own.items()}
    theirs = _project_files(project, environment, _hosts(own)) if project else {}
    settings = {**own, **theirs, **{k: v for k, v in own.items() if k in _environment(environment)}}
    registry = _url(settings.get("registry"))
    scopes = {key.partition(":")[0]: url for key, value in settings.items() if _is_scope(key) and (url := _url(value))}
    return NpmConfig(
        registry=registry or default_registry(),
        scopes=tuple(sorted(scopes.items())),
        credentials=_credentials(settings, own, (settings.get("registry"), *scopes_of(settings))),
        transport=_transport(own),
        configured=registry is not None,
    )


def project_settings(machine: Machine, project: Path) -> dict[str, str]:
    """What a project's own files may say of registries and credentials, as `.npmrc` keys."""
    own = {**_global_file(machine), **_user_file(machine), **_environment(machine.environment)}
    own = {key: expand(value, machine.environment) for key, value in own.items()}
    return _project_files(project, machine.environment, _hosts(own))


def scopes_of(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The values of all `@scope:registry`."""
    return tuple(value for key, value in sorted(settings.items()) if _is_scope(key))


def parse_npmrc(text: str) -> dict[str, str]:
    """The `key = value` lines; sections and array keys are left out, quotes taken off."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line[0] in ";#[" or "=" not in line:
            continue
        key, _, value = line.partition("=")
        key, value = key.strip(), value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if not key.endswith("[]"):
            found[key] = value
    return found


def expand(value: str, environment: Mapping[str, str]) -> str:
    """`${VAR}` replaced; an unset one stays as it is, `${VAR?}` becomes empty (npm's rules)."""

    def replaced(match: re.Match[str]) -> str:
        if len(match[1]) % 2:
            return match[0]
        return environment.get(match[2], "" if match[3] else match[0])

    return _VARIABLE.sub(replaced, value)


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`npm_config_*`, in any case; `_` inside a plain name stands for `-`, keys of hosts and scopes stay."""
    found = {}
    for name, value in environment.items():
        if name.lower().startswith("npm_config_") and value:
            key = name[len("npm_config_") :]
            found[key if key.startswith(("//", "@", "_")) else key.lower().replace("_", "-")] = value
    return found


def _user_file(machine: Machine) -> dict[str, str]:
    given = _environment(machine.environment).get("userconfig")
    return parse_npmrc(read_small(Path(given) if given else machine.home / ".npmrc") or "")


def _global_file(machine: Machine) -> dict[str, str]:
    """The builtin file beside npm, then the global one over it; on Windows npm keeps what is global in %APPDATA%."""
    given = _environment(machine.environment)
    windows = machine.platform == "win32"
    modules = Path("node_modules") if windows else Path("lib", "node_modules")
    places = [] if machine.npm_prefix is None else [machine.npm_prefix / modules / "npm" / "npmrc"]
    usual = Path(appdata, "npm") if windows and (appdata := machine.environment.get("APPDATA")) else machine.npm_prefix
    prefix = Path(given["prefix"]) if "prefix" in given else usual
    if "globalconfig" in given:
        places.append(Path(given["globalconfig"]))
    elif prefix is not None:
        places.append(prefix / "etc" / "npmrc")
    settings: dict[str, str] = {}
    for place in places:
        settings.update(parse_npmrc(read_small(place) or ""))
    return settings


def _hosts(settings: Mapping[str, str]) -> frozenset[str]:
    """The hosts that the user's own settings know."""
    urls = [settings.get("registry") or "", default_registry(), *scopes_of(settings)]
    urls += ["https:" + key.rpartition(":")[0] for key in settings if key.startswith("//")]
    return frozenset(filter(None, map(_host, urls)))


def _project_files(project: Path, environment: Mapping[str, str], known: frozenset[str]) -> dict[str, str]:
    """What the project's own files may say: its .npmrc over its .yarnrc.yml."""
    found = _yarnrc(project / ".yarnrc.yml")
    found.update(parse_npmrc(read_small(project / ".npmrc") or ""))
    allowed = {}
    for key, value in found.items():
        if not _PROJECT_KEYS.fullmatch(key):
            continue
        if _VARIABLE.search(value):
            if not key.startswith("//") or _host("https:" + key.rpartition(":")[0]) not in known:
                continue
            value = expand(value, environment)
        allowed[key] = value
    return allowed


def _yarnrc(path: Path) -> dict[str, str]:
    text = read_small(path)
    if text is None:
        return {}
    from licscan.base.errors import FormatError
    from licscan.base.load import load_yaml

    try:
        data = next(iter(load_yaml(text, path.name)), None)
    except FormatError:
        return {}
    if not isinstance(data, dict):
        return {}
    found = {"registry": data.get("npmRegistryServer")}
    scopes = data.get("npmScopes")
    for scope, about in scopes.items() if isinstance(scopes, dict) else ():
        found[f"@{scope}:registry"] = about.get("npmRegistryServer") if isinstance(about, dict) else None
    return {key: value for key, value in found.items() if isinstance(value, str)}


def _is_scope(key: str) -> bool:
    return key.startswith("@") and key.endswith(":registry")


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or None
    except ValueError:
        return None


def _url(value: str | None) -> str | None:
    """A registry's address without credentials; None where it is no http(s) URL."""
    if not value or not value.startswith(("http://", "https://")) or _host(value) is None:
        return None
    return slashed(split_userinfo(value)[0])


def _credentials(
    settings: Mapping[str, str], own: Mapping[str, str], urls: tuple[str | None, ...]
) -> tuple[Credential, ...]:
    """Bound to host and path: from `//host/path/:key`, from URLs, and the old unbound ones to the user's registry."""
    found: dict[str, str] = {}
    for url in urls:
        if url and _url(url):
            clean, authorization = split_userinfo(url)
            if authorization:
                found[nerf(slashed(clean))] = authorization
    for prefix in sorted({key.rpartition(":")[0] for key in settings if key.startswith("//") and ":" in key}):
        authorization = _authorization(settings, prefix + ":")
        if authorization:
            found[nerf("https:" + slashed(prefix))] = authorization
    unbound = _authorization(own, "")
    if unbound:
        found.setdefault(nerf(_url(own.get("registry")) or default_registry()), unbound)
    return tuple(Credential(prefix, value) for prefix, value in sorted(found.items()))


def _authorization(settings: Mapping[str, str], at: str) -> str | None:
    """The header's value from `_authToken`, `_auth` or `username` with `_password` (base64)."""
    if token := settings.get(f"{at}_authToken"):
        return None if _VARIABLE.search(token) else f"Bearer {token}"
    if auth := settings.get(f"{at}_auth"):
        return None if _VARIABLE.search(auth) else f"Basic {auth}"
    user, password = settings.get(f"{at}username"), settings.get(f"{at}_password")
    if not user or not password:
        return None
    try:
        return basic(user, base64.b64decode(password, validate=True).decode("utf-8"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _transport(own: Mapping[str, str]) -> Transport:
    ca_file = own.get("cafile")
    proxy = own.get("https-proxy") or own.get("proxy")
    milliseconds = own.get("fetch-timeout", "")
    return Transport(
        ca_file=ca_file if ca_file not in ("", "null") else None,
        verify=own.get("strict-ssl", "true") != "false",
        proxy=proxy if proxy not in ("", "null", "false") else None,
        timeout=int(milliseconds) / 1000 if milliseconds.isdecimal() else None,
    )
