"""licscan.toml -> Config; the first mistake ends in one line with its place and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from licscan.base.alike import meant
from licscan.base.errors import ConfigError
from licscan.base.messages import _
from licscan.config.schema import ENTRIES, FACT_KEYS, TABLES, Entries, Keys
from licscan.config.settings import Config, HookSetting, NoticesSetting, PolicySetting

FILE_NAME = "licscan.toml"


def load_config(folder: Path) -> Config:
    """The licscan.toml of a folder, or the defaults. ConfigError with the place for anything unknown."""
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(_("cannot be read: {reason}").format(reason=error), path=str(path)) from error
    return parse_config(text, str(path))


def parse_config(text: str, path: str) -> Config:
    """The text of a licscan.toml; `path` is for messages."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(_("is not valid TOML: {reason}").format(reason=error), path=path) from error
    return _Reader(text, path).config(data)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file; its text is for line numbers, which TOML's reader does not give."""

    text: str
    path: str

    def config(self, data: Mapping[str, Any]) -> Config:
        top = [*TABLES, *(name for name in ENTRIES if "." not in name)]
        for name in data:
            self._known(name, top, "", name)
        plain = {name: self._table(data.get(name, {}), name) for name in TABLES if name != "policy"}
        policy = data.get("policy", {})
        rules: tuple[Any, ...] = ()
        if isinstance(policy, dict):
            rules = self._entries(policy.get("rule", []), "policy.rule")
            policy = {key: value for key, value in policy.items() if key != "rule"}
        config = Config(
            **plain["project"],
            **plain["scan"],
            notices=NoticesSetting(**plain["notices"]),
            hook=HookSetting(**plain["hook"]),
            policy=PolicySetting(**self._table(policy, "policy"), rules=rules),
            surfaces=self._entries(data.get("surface", []), "surface"),
            components=self._entries(data.get("component", []), "component"),
            clarifications=self._entries(data.get("clarification", []), "clarification"),
            waivers=self._entries(data.get("waiver", []), "waiver"),
            entitlements=self._entries(data.get("entitlement", []), "entitlement"),
            grants=self._entries(data.get("grant", []), "grant"),
            contents=self._entries(data.get("content", []), "content"),
            parts=self._entries(data.get("part", []), "part"),
        )
        self._check_surfaces(config)
        return replace(config, facts=replace(config.facts, **plain["facts"]))

    def _table(self, content: Any, name: str) -> dict[str, Any]:
        if not isinstance(content, dict):
            raise ConfigError(_("should be a table, as in [{name}]").format(name=name), path=self.path, place=name)
        return self._values(content, TABLES[name], f"{name}.", "")

    def _entries(self, content: Any, name: str) -> tuple[Any, ...]:
        if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
            raise ConfigError(_("should be written as [[{name}]]").format(name=name), path=self.path, place=name)
        lines = self._lines(name, len(content))
        return tuple(self._entry(item, name, line) for item, line in zip(content, lines, strict=True))

    def _entry(self, content: dict[str, Any], name: str, line: int | None) -> Any:
        entries: Entries = ENTRIES[name]
        where = _("line {line}").format(line=line) + ": " if line else ""
        content = dict(content)
        facts = content.pop("facts", {}) if name in FACT_KEYS else {}
        values = self._values(content, entries.keys, f"{name}.", where)
        for key in entries.required:
            if key not in content:
                remedy = _("each [[{name}]] needs {keys}").format(name=name, keys=_(", ").join(entries.required))
                raise ConfigError(_("is missing"), path=self.path, place=f"{where}{name}.{key}", remedy=remedy)
        if name in FACT_KEYS:
            if not isinstance(facts, dict):
                place = f"{where}{name}.facts"
                raise ConfigError(_("should be a table, as in facts = { mau = 1000 }"), path=self.path, place=place)
            told = self._values(facts, FACT_KEYS[name], f"{name}.facts.", where)
            values["facts"] = tuple(sorted(told.items()))
        return entries.make(**values, line=line)

    def _values(self, content: Mapping[str, Any], keys: Keys, prefix: str, where: str) -> dict[str, Any]:
        found = {}
        for key, value in content.items():
            place = f"{where}{prefix}{key}"
            self._known(key, keys, prefix, place)
            try:
                found[key.replace("-", "_")] = keys[key](value)
            except ValueError as error:
                raise ConfigError(str(error), path=self.path, place=place) from error
        return found

    def _known(self, name: str, among: Iterable[str], prefix: str, place: str) -> None:
        names = list(among)
        if name in names:
            return
        close = meant(name, names, 1)
        remedy = (
            _("did you mean {name}?").format(name=prefix + close[0])
            if close
            else _("known here: {names}").format(names=_(", ").join(names))
        )
        raise ConfigError(_("is not a setting of licscan"), path=self.path, place=place, remedy=remedy)

    def _lines(self, name: str, count: int) -> list[int | None]:
        """The line of each `[[name]]`; none where they are written in another way, or a text looks like one."""
        header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]", re.MULTILINE)
        found: list[int | None] = [self.text.count("\n", 0, m.start()) + 1 for m in header.finditer(self.text)]
        return found if len(found) == count else [None] * count

    def _check_surfaces(self, config: Config) -> None:
        """Names of surfaces are those of [[surface]]; without any, the surfaces are assumed, and named, later."""
        names = [surface.name for surface in config.surfaces]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ConfigError(_("{name} is defined twice").format(name=twice), path=self.path, place="surface.name")
        if not names:
            return
        said: dict[str, tuple[Any, ...]] = {
            "component": config.components,
            "policy.rule": config.policy.rules,
            "waiver": config.waivers,
        }
        for table, entries in said.items():
            for entry in entries:
                for name in entry.surfaces:
                    where = _("line {line}").format(line=entry.line) + ": " if entry.line else ""
                    self._known_surface(name, names, f"{where}{table}.surfaces")
        for part in config.parts:
            if part.surface:
                where = _("line {line}").format(line=part.line) + ": " if part.line else ""
                self._known_surface(part.surface, names, f"{where}part.surface")

    def _known_surface(self, name: str, names: list[str], place: str) -> None:
        if name in names:
            return
        close = meant(name, names, 1)
        told = _("did you mean {name}?").format(name=close[0]) if close else ""
        remedy = told or _("known here: {names}").format(names=_(", ").join(names))
        raise ConfigError(_("{name} is not a surface").format(name=name), path=self.path, place=place, remedy=remedy)
