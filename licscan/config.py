"""licscan.toml: what the user says of the project. Every key is known, typed and explained by `licscan init`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from licscan.errors import ConfigError
from licscan.messages import _
from licscan.model import Severity

FILE_NAME = "licscan.toml"

_STRING, _STRINGS, _BOOLEAN, _NUMBER = "a string", "a list of strings", "true or false", "a positive whole number"
KEYS: dict[str, dict[str, str]] = {
    "project": {"name": _STRING, "outbound": _STRING},
    "scan": {
        "exclude": _STRINGS,
        "python": _STRINGS,
        "database": _STRING,
        "licenses": _STRING,
        "fail-on": _STRING,
        "offline": _BOOLEAN,
        "resolve": _BOOLEAN,
        "jobs": _NUMBER,
    },
}
"""Tables, their keys, and what each value must be."""

FAIL_ON = (*(severity.value for severity in Severity), "never")
"""The thresholds of the gate, by name."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a project; None and empty where licscan.toml says nothing."""

    name: str | None = None
    outbound: str | None = None
    exclude: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    database: str | None = None
    licenses: str | None = None
    fail_on: str | None = None
    offline: bool = False
    resolve: bool = False
    jobs: int | None = None


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
    values: dict[str, Any] = {}
    for table, content in data.items():
        _known(table, KEYS, path, "")
        if not isinstance(content, dict):
            raise ConfigError(_("should be a table, as in [{name}]").format(name=table), path=path, place=table)
        for key, value in content.items():
            place = f"{table}.{key}"
            _known(key, KEYS[table], path, f"{table}.")
            values[key.replace("-", "_")] = _typed(value, KEYS[table][key], path, place)
    fail_on = values.get("fail_on")
    if fail_on is not None and fail_on not in FAIL_ON:
        raise ConfigError(
            _("should be one of {names}").format(names=", ".join(FAIL_ON)), path=path, place="scan.fail-on"
        )
    return Config(**values)


def _known(name: str, among: dict[str, Any], path: str, prefix: str) -> None:
    if name in among:
        return
    close = get_close_matches(name, among, n=1)
    remedy = (
        _("did you mean {name}?").format(name=prefix + close[0])
        if close
        else _("known here: {names}").format(names=", ".join(among))
    )
    raise ConfigError(_("is not a setting of licscan"), path=path, place=prefix + name, remedy=remedy)


def _typed(value: Any, expected: str, path: str, place: str) -> Any:
    right = {
        _STRING: isinstance(value, str),
        _STRINGS: isinstance(value, list) and all(isinstance(item, str) for item in value),
        _BOOLEAN: isinstance(value, bool),
        _NUMBER: isinstance(value, int) and not isinstance(value, bool) and value > 0,
    }[expected]
    if not right:
        raise ConfigError(_("should be {expected}").format(expected=expected), path=path, place=place)
    return tuple(value) if isinstance(value, list) else value
