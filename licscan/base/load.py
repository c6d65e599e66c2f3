"""JSON, TOML and YAML of the scanned project, loaded within bounds; every failure is a FormatError with its place."""

from __future__ import annotations

import json
import re
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.messages import _

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)

MAX_DEPTH = 200
"""Deeper than any real lockfile (npm v1 nests to some 20), shallow enough for the recursion limit."""

_DEEP_YAML = re.compile(r"(?m)^[ \t?:-]{401}")
"""A line of nothing but block indicators and indentation. The parser bounds the flow style, but not the block style,
which overflows its stack; there each level stands at a greater column than the one around it."""

_PLACED_BYTES = 4 * 1024 * 1024
_PLACED_DOTS = 1_000
"""The standard library's TOML parser is slow, and takes the square of a dotted key's length."""


def load_json(text: str, path: str) -> Any:
    """One JSON document."""
    try:
        return json.loads(_whole(text))
    except RecursionError as error:
        raise FormatError(_("is nested too deeply"), path=path) from error
    except ValueError as error:
        raise FormatError(_("is not valid JSON"), path=path, place=_json_place(error)) from error


def load_json5(text: str, path: str) -> Any:
    """One JSON document with comments and trailing commas (JSONC, JSON5)."""
    import pyjson5

    try:
        return pyjson5.decode(_whole(text), maxdepth=MAX_DEPTH)
    except (pyjson5.Json5Exception, RecursionError, ValueError) as error:
        raise FormatError(_("is not valid JSON"), path=path) from error


def _whole(text: str) -> str:
    """The text with lone surrogates (`\\ud800`) replaced: Python reads them into strings that nothing can write."""
    return _LONE_SURROGATE.sub(r"\\ufffd", text) if _SURROGATE.search(text) else text


def _json_place(error: ValueError) -> str | None:
    line = getattr(error, "lineno", None)
    return None if line is None else _("line {line}").format(line=line)


def load_toml(text: str, path: str) -> dict[str, Any]:
    """One TOML document; the fast parser first, the standard library's for the place of an error."""
    import rtoml

    try:
        loaded: dict[str, Any] = rtoml.loads(text)
        return loaded
    except (rtoml.TomlParsingError, ValueError, RecursionError) as error:
        said = str(error)
        if "recursi" in said:
            raise FormatError(_("is nested too deeply"), path=path) from error
        if len(text) > _PLACED_BYTES or max(line.count(".") for line in text.split("\n")) > _PLACED_DOTS:
            raise FormatError(_("is not valid TOML"), path=path, place=_toml_place(said)) from error
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise FormatError(_("is nested too deeply"), path=path) from error
    except ValueError as error:
        place = str(error).rpartition("(at ")[2].rstrip(")") if "(at " in str(error) else None
        raise FormatError(_("is not valid TOML"), path=path, place=place) from error


def _toml_place(said: str) -> str | None:
    found = re.search(r"at line (\d+) column \d+$", said)
    return None if found is None else _("line {line}").format(line=found[1])


def load_yaml(text: str, path: str) -> list[Any]:
    """All documents of a YAML file; aliases are bounded by the parser, timestamps stay text."""
    import yaml_rs

    if _DEEP_YAML.search(text):
        raise FormatError(_("is nested too deeply"), path=path)
    try:
        loaded = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, RecursionError) as error:
        raise FormatError(_("is not valid YAML"), path=path, place=_yaml_place(str(error))) from error
    if loaded is None:
        return []
    return list(loaded) if isinstance(loaded, list) else [loaded]


def _yaml_place(said: str) -> str | None:
    """The line in the parser's message, or its first line, shortened (`alias replay limit exceeded`)."""
    found = re.search(r"at line (\d+)", said)
    return _("line {line}").format(line=found[1]) if found else said.partition("\n")[0][:80]


def text_of(value: Any) -> str | None:
    """The value where it is text with something in it."""
    return value.strip() or None if isinstance(value, str) else None


def table_at(data: Any, *keys: str) -> dict[str, Any]:
    """A nested table, empty where it is absent or no table."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}
