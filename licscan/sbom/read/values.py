"""A JSON object of which nothing is sure: what has the wrong type is left out, and said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.base.escape import one_line
from licscan.base.messages import _

MAX_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Values:
    """One object with its place in the file; `problems` is shared by all of a document."""

    data: dict[str, Any]
    place: str
    problems: list[str]

    def text(self, key: str) -> str:
        """A string; empty where there is none."""
        value = self.data.get(key)
        if isinstance(value, str):
            return value.strip()
        if value is not None:
            self.complain(key, value)
        return ""

    def whole(self, key: str) -> int | None:
        """A whole number that is not negative; None where there is none."""
        value = self.data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
            return value
        return None

    def object(self, key: str) -> Values:
        """An object; an empty one where there is none."""
        value = self.data.get(key)
        if isinstance(value, dict):
            return Values(value, f"{self.place}.{key}".lstrip("."), self.problems)
        if value is not None:
            self.complain(key, value)
        return Values({}, f"{self.place}.{key}", self.problems)

    def objects(self, key: str) -> Iterator[Values]:
        """The objects of an array."""
        for number, value in enumerate(self.array(key)):
            if isinstance(value, dict):
                yield Values(value, f"{self.place}.{key}[{number}]".lstrip("."), self.problems)
            else:
                self.complain(f"{key}[{number}]", value)

    def texts(self, key: str) -> list[str]:
        """The strings of an array."""
        return [value.strip() for value in self.array(key) if isinstance(value, str)]

    def array(self, key: str) -> list[Any]:
        """An array; an empty one where there is none."""
        value = self.data.get(key)
        if isinstance(value, list):
            return value
        if value is not None:
            self.complain(key, value)
        return []

    def complain(self, key: str, value: Any) -> None:
        """Keep in mind that a value is of a type that the format does not have there."""
        if len(self.problems) < MAX_PROBLEMS:
            place = one_line(f"{self.place}.{key}".lstrip("."), 200)
            self.problems.append(f"{place}: {type(value).__name__}")


def said_of(problem: str) -> str:
    """A place and the type that stands there, as a sentence; the readers' own sentences as they are."""
    place, colon, type_ = problem.rpartition(": ")
    if colon and type_.isidentifier():
        return _("{place}: has a value of the wrong type ({type}), which was ignored").format(place=place, type=type_)
    return problem
