"""Typed access to parsed JSON, TOML and YAML, with the path inside the file in every error.

The idea is that of `packaging.pylock`: a hostile or damaged file ends in one sentence, not in a TypeError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from licscan.base.errors import FormatError
from licscan.base.messages import N_, _

T = TypeVar("T")
_NAMES = {
    str: N_("text"), dict: N_("a table"), list: N_("a list"), bool: N_("true or false"), int: N_("a number"),
}  # fmt: skip


class Shape:
    """One table of a file, with its path (`packages[3].source`); `file` is the file's relative path."""

    __slots__ = ("data", "file", "place")

    def __init__(self, data: object, file: str, place: str = ""):
        if not isinstance(data, dict):
            raise wrong(file, place, dict, data)
        self.data: dict[str, Any] = data
        self.file = file
        self.place = place

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value under a key, None where it is absent or null; FormatError where it has another type."""
        value = self.data.get(key)
        if value is None or isinstance(value, kind):
            return value
        raise wrong(self.file, self._at(key), kind, value)

    def need(self, key: str, kind: type[T]) -> T:
        """The value under a key that must be there."""
        value = self.get(key, kind)
        if value is None:
            raise FormatError(_("is missing"), path=self.file, place=self._at(key))
        return value

    def text(self, key: str) -> str | None:
        """Text under a key; a number (YAML's unquoted 1.0) is taken as its text."""
        value = self.data.get(key)
        if value is None or type(value) is str:
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                return str(value)
            except ValueError as error:
                # Python writes no number of more than 4,300 digits
                raise FormatError(_("is a number with too many digits"), path=self.file, place=self._at(key)) from error
        return self.get(key, str)

    def table(self, key: str) -> Shape:
        """The table under a key; empty where it is absent."""
        return Shape(self.data.get(key) or {}, self.file, self._at(key))

    def tables(self, key: str) -> Iterator[Shape]:
        """The tables in the list under a key."""
        for index, item in enumerate(self.get(key, list) or ()):
            yield Shape(item, self.file, f"{self._at(key)}[{index}]")

    def entries(self, key: str) -> Iterator[tuple[str, Shape]]:
        """The tables in the table under a key, with their keys; a null counts as an empty table."""
        for name, item in (self.get(key, dict) or {}).items():
            yield str(name), Shape({} if item is None else item, self.file, f"{self._at(key)}[{name!r}]")

    def texts(self, key: str) -> list[str]:
        """The texts in the list under a key."""
        items = self.get(key, list) or []
        for index, item in enumerate(items):
            if not isinstance(item, str):
                raise wrong(self.file, f"{self._at(key)}[{index}]", str, item)
        return items

    def pairs(self, key: str) -> dict[str, str]:
        """The table of texts under a key, such as `dependencies` of package.json."""
        found = self.get(key, dict) or {}
        for name, value in found.items():
            if not isinstance(value, str):
                raise wrong(self.file, f"{self._at(key)}[{name!r}]", str, value)
        return found

    def _at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def wrong(file: str, place: str, kind: type, value: object) -> FormatError:
    """The error for a value of another type than the format asks for."""
    said = _NAMES.get(kind, kind.__name__)
    got = "null" if value is None else _NAMES.get(type(value), type(value).__name__)
    return FormatError(
        _("should be {expected}, but is {found}").format(expected=_(said), found=_(got)),
        path=file,
        place=place or None,
    )


def table_of(data: Mapping[str, Any] | object, file: str) -> Shape:
    """The whole file as a table."""
    return Shape(data, file)
