"""JSON that nobody vouches for: parsed once, and walked without trust in any of its types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.messages import _

MAX_JSON = 512 * 1024 * 1024


def parse(data: bytes, path: str) -> Any:
    """The document; FormatError for what is no JSON. Guards such as `)]}'` before a source map are skipped."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data[:3] == b")]}":
        data = data.partition(b"\n")[2]
    try:
        return json.loads(data)
    except RecursionError as error:
        raise FormatError(_("is nested too deeply"), path=path) from error
    except ValueError as error:
        raise FormatError(_("is not valid JSON"), path=path) from error


def table(value: Any) -> dict[str, Any]:
    """The value where it is a table, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def tables(value: Any) -> Iterator[dict[str, Any]]:
    """The tables in a list."""
    return (item for item in listed(value) if isinstance(item, dict))


def text(value: Any) -> str:
    """The value where it is text, else an empty one."""
    return value if isinstance(value, str) else ""


def positive(value: Any) -> bool:
    """Whether a number of bytes says that something is left; a tool that gives no number says nothing against it."""
    return not isinstance(value, (int, float)) or isinstance(value, bool) or value > 0
