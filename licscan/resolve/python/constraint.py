"""Version constraints as the Python tools write them in locks: PEP 440 and poetry's `^`, `~`, `*` and `||`."""

from __future__ import annotations

import re
from functools import lru_cache

_TERM = re.compile(r"(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*([^\s,<>=!~^]+)")


@lru_cache(maxsize=50_000)
def satisfies(version: str | None, constraint: str) -> bool:
    """Whether a version meets a constraint; one that cannot be read is met by everything (nothing is dropped)."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    if version is None:
        return True
    try:
        return any(
            SpecifierSet(_pep440(choice)).contains(version, prereleases=True)
            for choice in re.split(r"\|\|?", constraint)
        )
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return True


def _pep440(choice: str) -> str:
    """One alternative as a PEP 440 specifier set."""
    terms = []
    for operator, operand in _TERM.findall(choice):
        if operand == "*":
            continue
        if operator == "^":
            terms += [f">={operand}", f"<{_next(operand, _caret_place(operand))}"]
        elif operator == "~":
            terms += [f">={operand}", f"<{_next(operand, min(1, operand.count('.')))}"]
        else:
            terms.append(("==" if operator in ("", "=") else operator) + operand)
    return ",".join(terms)


def _caret_place(version: str) -> int:
    """The first number that is not zero: `^0.2.3` may go up to 0.3."""
    numbers = _numbers(version)
    return next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)


def _next(version: str, place: int) -> str:
    numbers = _numbers(version)
    return ".".join(str(number) for number in [*numbers[:place], numbers[place] + 1])


def _numbers(version: str) -> list[int]:
    from packaging.version import Version

    return list(Version(version).release)


def python_marker(constraint: str) -> str | None:
    """Poetry's `python = ">=3.8,<4"` as a PEP 508 marker; None where it says nothing or cannot be read."""
    try:
        choices = [_pep440(choice) for choice in re.split(r"\|\|?", constraint)]
    except ValueError:
        return None
    if not all(choices):
        return None
    return " or ".join(" and ".join(_python_term(term) for term in choice.split(",")) for choice in choices)


def _python_term(term: str) -> str:
    found = _TERM.fullmatch(term)
    operator, operand = found.groups() if found else ("==", term)
    name = "python_full_version" if operand.removesuffix(".*").count(".") > 1 else "python_version"
    return f'{name} {operator or "=="} "{operand}"'
