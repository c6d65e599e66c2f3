"""The user's package caches, found once."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

_RC_LINE = re.compile(r"^\s*([\w-]+)\s*[:=]\s*[\"']?([^\"'#;\r\n]+?)[\"']?\s*$", re.MULTILINE)
MAX_RC = 256 * 1024


class Caches:
    """Where npm, yarn, pnpm, uv and pip keep their downloads: by environment, rc files, then their defaults.

    `root` is the scanned project (for `.yarn/cache`); rc files of the project are the project's own say and may only
    move a cache to a folder inside it. `platform` is that of `sys`: the defaults differ, as each client documents them.
    Nothing is listed before it is asked for.
    """

    def __init__(
        self,
        root: Path,
        environ: Mapping[str, str] | None = None,
        home: Path | None = None,
        platform: str = sys.platform,
    ):
        self.root = root
        self.environ = os.environ if environ is None else environ
        self.home = home or Path(os.path.expanduser("~"))
        self.windows, self.mac = platform == "win32", platform == "darwin"
        self.listings: dict[str, dict[str, list[Path]]] = {}

    @cached_property
    def npm(self) -> tuple[Path, ...]:
        """npm's content-addressed store."""
        moved = self._variable("npm_config_cache", "NPM_CONFIG_CACHE") or self._rc(self.home / ".npmrc", "cache")
        default = self._local("npm-cache") if self.windows else self.home / ".npm"
        return _folders([(moved or default) / "_cacache" / "content-v2"])

    @cached_property
    def yarn(self) -> tuple[Path, ...]:
        """yarn berry's folders of zips: the project's, then the user's."""
        moved = self._rc(self.root / ".yarnrc.yml", "cacheFolder", base=self.root)
        shared = self._variable("YARN_GLOBAL_FOLDER") or self._rc(self.home / ".yarnrc.yml", "globalFolder")
        default = self._local("Yarn/Berry") if self.windows else self.home / ".yarn" / "berry"
        named = self._variable("YARN_CACHE_FOLDER")
        places = [moved, self.root / ".yarn" / "cache", named, (shared or default) / "cache"]
        return _folders([place for place in places if place])

    @cached_property
    def pnpm(self) -> tuple[Path, ...]:
        """pnpm's stores, each with its version's folder (`v3`, `v10`, `v11`)."""
        moved = self._variable("npm_config_store_dir", "NPM_CONFIG_STORE_DIR", "pnpm_config_store_dir")
        moved = moved or self._rc(self.home / ".npmrc", "store-dir")
        default = self._data_home / "pnpm"
        if self.windows:
            default = self._local("pnpm")
        elif self.mac and not self._variable("XDG_DATA_HOME"):
            default = self.home / "Library" / "pnpm"
        data = self._variable("PNPM_HOME") or default
        stores = [place for place in (moved, data / "store", self.home / ".pnpm-store") if place]
        return _folders([store / version for store in stores for version in ("v11", "v10", "v3")])

    @cached_property
    def uv(self) -> tuple[Path, ...]:
        """uv's unpacked wheels."""
        default = self._local("uv/cache") if self.windows else self._cache_home / "uv"
        return _folders([(self._variable("UV_CACHE_DIR") or default) / "archive-v0"])

    @cached_property
    def pip(self) -> tuple[Path, ...]:
        """pip's downloads, then the wheels that it built."""
        support = self.home / "Library" / "Application Support" / "pip"
        default, files = self._cache_home / "pip", [self._config_home / "pip" / "pip.conf", self.home / ".pip/pip.conf"]
        if self.windows:
            default = self._local("pip/Cache")
            files = [self._roaming / "pip" / "pip.ini", self.home / "pip" / "pip.ini"]
        elif self.mac:
            default = self.home / "Library" / "Caches" / "pip"
            files[0] = support / "pip.conf" if support.is_dir() else files[0]
        moved = self._variable("PIP_CACHE_DIR")
        for file in files:
            moved = moved or self._rc(file, "cache-dir")
        return _folders([(moved or default) / part for part in ("http-v2", "wheels")])

    @property
    def _cache_home(self) -> Path:
        return self._variable("XDG_CACHE_HOME") or self.home / ".cache"

    @property
    def _config_home(self) -> Path:
        return self._variable("XDG_CONFIG_HOME") or self.home / ".config"

    @property
    def _data_home(self) -> Path:
        return self._variable("XDG_DATA_HOME") or self.home / ".local" / "share"

    @property
    def _roaming(self) -> Path:
        return self._variable("APPDATA") or self.home / "AppData" / "Roaming"

    def _local(self, name: str) -> Path:
        return (self._variable("LOCALAPPDATA") or self.home / "AppData" / "Local") / name

    def _variable(self, *names: str) -> Path | None:
        found = next((self.environ[name] for name in names if self.environ.get(name)), None)
        return Path(found) if found and os.path.isabs(found) else None

    def _rc(self, path: Path, key: str, base: Path | None = None) -> Path | None:
        """A folder named in an rc file; with a base it must lie inside it."""
        try:
            with path.open("rb") as file:
                text = file.read(MAX_RC).decode("utf-8", "replace")
        except OSError:
            return None
        value = next((found[2] for found in _RC_LINE.finditer(text) if found[1] == key), None)
        if value is None:
            return None
        value = value.replace("${HOME}", str(self.home))
        value = str(self.home) + value[1:] if value.startswith("~/") else value
        place = Path(os.path.normpath(os.path.join(base or self.home, value)))
        return place if base is None or place.is_relative_to(base) else None


def _folders(places: list[Path]) -> tuple[Path, ...]:
    """Those that are there, each once, in order."""
    return tuple(dict.fromkeys(place for place in places if place.is_dir()))
