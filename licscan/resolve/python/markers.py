"""What PEP 508 markers allow, over all environments that count: none is evaluated for this machine."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_PYTHONS = ("2.7", *(f"3.{minor}" for minor in range(6, 17)))
_PLATFORMS = (
    {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
)
_MACHINES = ("x86_64", "aarch64", "arm64", "AMD64", "i686")
_IMPLEMENTATIONS = (
    {"implementation_name": "cpython", "platform_python_implementation": "CPython"},
    {"implementation_name": "pypy", "platform_python_implementation": "PyPy"},
)
_LITERAL = re.compile(r"""["']([^"']{0,60})["']""")
_NUMBER = re.compile(r"\d+(?:\.\d+){0,3}")
_UNTOLD = re.compile(r"\b(?:extras?|dependency_groups|platform_version|platform_release|implementation_version)\b")
MAX_GRID = 4096
MAX_LENGTH = 2000

Known = Mapping[str, str]


def holds(marker: str | None, known: Known) -> bool | None:
    """Whether a marker holds wherever `known` does (True), nowhere there (False), or in some places (None).

    `known` are values of PEP 508 variables. A marker that cannot be weighed holds in some places.
    """
    if not marker:
        return True
    found = {bool(answers[0]) for answers in _answers((marker,), tuple(sorted(known.items())))}
    return found.pop() if len(found) == 1 else None


def covers(answer: str | None, request: str | None) -> bool:
    """Whether everything that is asked for under one marker is there under the other."""
    if not answer or answer == request:
        return True
    rows = _answers((answer, request or ""), ())
    return bool(rows) and all(there for there, asked in rows if asked)


@lru_cache(maxsize=4096)
def _answers(markers: tuple[str, ...], known: tuple[tuple[str, str], ...]) -> tuple[tuple[bool, ...], ...]:
    """What each marker says in each environment; empty where one of them cannot be weighed."""
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    text = " ; ".join(markers)
    if len(text) > MAX_LENGTH or _UNTOLD.search(text):
        return ()
    try:
        made = [Marker(marker) if marker else None for marker in markers]
        rows = [
            tuple(marker is None or marker.evaluate(dict(environment)) for marker in made)
            for environment in itertools.islice(_environments(text, dict(known)), MAX_GRID)
        ]
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, RecursionError, ValueError):
        return ()
    return tuple(dict.fromkeys(rows))


def _environments(text: str, known: dict[str, str]) -> Iterator[dict[str, str]]:
    """Every combination of the values that matter to the text, as far as what is known allows it."""
    literals = set(_LITERAL.findall(text))
    pythons = _pythons(literals) if "python_" in text else [{}]
    platforms = [*_PLATFORMS, *_others(literals)] if re.search("platform|os_name", text) else [{}]
    machines = [{"platform_machine": one} for one in sorted({*_MACHINES, *literals})]
    implementations = list(_IMPLEMENTATIONS) if "implementation" in text else [{}]
    parts = (pythons, platforms, machines if "machine" in text else [{}], implementations)
    for combination in itertools.product(*parts):
        environment = {name: value for part in combination for name, value in part.items()}
        if all(environment.get(name, value) == value for name, value in known.items()):
            yield environment


def _pythons(literals: set[str]) -> list[dict[str, str]]:
    """Pythons before, at and behind each version in the text; a version without a third number is its first release."""
    found = {(*map(int, one.split(".")), 0) for one in _PYTHONS}
    for number in {number for literal in literals for number in _NUMBER.findall(literal)}:
        parts = [*(int(part[:4]) for part in number.split(".")), 0, 0][:3]
        found.update({(parts[0], parts[1], max(0, parts[2] + step)) for step in (-1, 0, 1)})
    versions = sorted(found)
    return [
        {"python_version": f"{one[0]}.{one[1]}", "python_full_version": ".".join(map(str, one))} for one in versions
    ]


def _others(literals: set[str]) -> list[dict[str, str]]:
    """Systems that the text names beside the common ones (`emscripten`)."""
    common = {value for platform in _PLATFORMS for value in platform.values()}
    words = sorted(one for one in literals - common if one.isalpha())
    return [{"sys_platform": word, "os_name": "posix", "platform_system": word} for word in words]
