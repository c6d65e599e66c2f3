"""Finds Python environments and their site-packages without running an interpreter."""

from __future__ import annotations

import os
import re
from pathlib import Path

from licscan.base.links import is_folder

_PYTHON = re.compile(r"(?i)(?:python|pypy)[\d.]*(?:\.exe)?")
_VERSION = re.compile(r"(?:python|pypy)(\d+)(?:\.(\d+))?t?")
_CONFIGURED = re.compile(r"(?m)^version(?:_info)?\s*=\s*(\d+\.\d+)")
_SITES = ("site-packages", "dist-packages")
_TAG = re.compile(r"(?m)^Tag:\s*(\S+)")
_SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macosx": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
}
_WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
_LOOKED_AT = 2000


def find_site_packages(env: Path) -> list[Path]:
    """The site-packages folders of an environment, sorted by Python's version.

    `env` is a virtual environment, a prefix (`/usr`, a pyenv version, a conda environment), an interpreter in either,
    or such a folder itself. Empty where there is none.
    """
    if env.is_dir():
        if env.name in (*_SITES, "conda-meta") or _holds_metadata(env):
            return [env]
        return _narrowed(_of_prefix(env), f"python{_configured_version(env)}")
    if env.is_file() and _PYTHON.fullmatch(env.name):
        prefix = env.parent.parent if env.parent.name.lower() in ("bin", "scripts") else env.parent
        configured = _configured_version(prefix)
        return _narrowed(_of_prefix(prefix), f"python{configured}" if configured else env.name)
    return []


def find_environments(root: Path) -> list[Path]:
    """The virtual environments that stand in a folder itself (those have a pyvenv.cfg), sorted."""
    try:
        with os.scandir(root) as entries:
            folders = sorted(entry.name for entry in entries if is_folder(entry))
    except OSError:
        return []
    return [root / name for name in folders if (root / name / "pyvenv.cfg").is_file()]


def _configured_version(env: Path) -> str:
    """The version in pyvenv.cfg: an environment that was made anew keeps the folders of its former Python."""
    try:
        with (env / "pyvenv.cfg").open(encoding="utf-8", errors="replace") as file:
            found = _CONFIGURED.search(file.read(65_536))
    except OSError:
        return ""
    return found[1] if found else ""


def _of_prefix(prefix: Path) -> list[Path]:
    found = [prefix / "Lib" / "site-packages"]
    for lib in (prefix / "lib", prefix / "lib64", prefix / "local" / "lib"):
        for name in sorted(_names(lib), key=_version):
            if _VERSION.fullmatch(name):
                found += [lib / name / site for site in _SITES]
    # lib64 is a link to lib on most systems: each real folder once
    known: dict[str, Path] = {}
    for site in found:
        if site.is_dir():
            known.setdefault(os.path.realpath(site), site)
    return list(known.values())


def _narrowed(sites: list[Path], python: str) -> list[Path]:
    """Those of the version in an interpreter's name; a prefix may hold several (Debian's python3 has all of 3)."""
    named = _VERSION.fullmatch(python.lower().removesuffix(".exe"))
    if named is None:
        return sites
    wanted = [site for site in sites if _fits(site.parent.name, named[1], named[2])]
    return wanted or sites


def _fits(folder: str, major: str, minor: str | None) -> bool:
    found = _VERSION.fullmatch(folder)
    return found is None or ((found[1] == major and minor in (None, found[2])) or (found[1] == major and not found[2]))


def _version(name: str) -> tuple[int, int, str]:
    found = _VERSION.fullmatch(name)
    return (int(found[1]), int(found[2] or 0), name) if found else (0, 0, name)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _holds_metadata(folder: Path) -> bool:
    return any(name.endswith((".dist-info", ".egg-info", ".egg")) for name in _names(folder))


def known_of(site: Path) -> dict[str, str]:
    """What a site-packages folder tells of its interpreter, as PEP 508 variables: Python's version, the system.

    Python's is in the folder's name or pyvenv.cfg, the system in the tags of the wheels that are installed.
    """
    windows = site.parent.name == "Lib"
    prefix = site.parent.parent if windows else site.parent.parent.parent
    found = _VERSION.fullmatch(site.parent.name)
    version = f"{found[1]}.{found[2]}" if found and found[2] else _configured_version(prefix)
    known = {"python_version": version} if version else {}
    return known | (_WINDOWS if windows else _system(site))


def _system(site: Path) -> dict[str, str]:
    for name in sorted(_names(site))[:_LOOKED_AT]:
        if name.endswith(".dist-info"):
            try:
                with (site / name / "WHEEL").open(encoding="utf-8", errors="replace") as file:
                    tags = _TAG.findall(file.read(65_536))
            except OSError:
                continue
            for tag in tags:
                if system := next((one for word, one in _SYSTEMS.items() if word in tag), None):
                    return system
    return {}
