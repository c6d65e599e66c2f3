"""Python turns no text of more than some thousand digits into a number: a version may have that many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from licscan.model import Component
from licscan.packages.patterns import read_pattern
from licscan.registry.pages import canonical
from licscan.registry.platforms import pythons_of
from licscan.resolve.python.constraint import satisfies
from licscan.resolve.python.pep508 import archive_identity
from licscan.resolve.tool_uv import standard_specifier

DIGITS = "9" * 5_000
READERS: dict[str, Callable[[], object]] = {
    "canonical": lambda: canonical(DIGITS),
    "pythons_of": lambda: pythons_of(f">={DIGITS}"),
    "satisfies": lambda: satisfies(DIGITS, f"^{DIGITS}"),
    "archive_identity": lambda: archive_identity(f"https://x.example/a-{DIGITS}-py3-none-any.whl"),
    "standard_specifier": lambda: standard_specifier(f"^{DIGITS}"),
    "matches": lambda: read_pattern("pkg:pypi/a@>=1").matches(Component("pkg:pypi/a@1", "a", DIGITS, "pypi")),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_version_of_many_digits_ends_nothing(reader: Callable[[], object]) -> None:
    reader()
