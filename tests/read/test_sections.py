"""The license section of a readme, and the line from which a license file speaks of other people's work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.read.sections import foreign_from, license_section
from tests.growth import assert_linear

SECTIONS = [
    ("# x\n\n## License\n\nMIT\n\n## Next\nISC", ("## License\n\nMIT\n", 3)),
    (
        "# x\n### Licence & copyright ###\nMIT\n#### Sub\nmore\n## Next",
        ("### Licence & copyright ###\nMIT\n#### Sub\nmore", 2),
    ),
    ("x\n=\n\nLicense\n-------\nMIT\n\nNext\n----\nISC", ("License\n-------\nMIT\n", 4)),
    ("<h2>License</h2>\nMIT\n<h2>Next</h2>", ("<h2>License</h2>\nMIT", 1)),
    ("intro\n**License**\nMIT", ("**License**\nMIT", 2)),
    ("# 1. The left-pad license\nMIT", ("# 1. The left-pad license\nMIT", 1)),
    ("## 许可证\nMIT", ("## 许可证\nMIT", 1)),
    ("## [License](LICENSE)\nMIT", ("## [License](LICENSE)\nMIT", 1)),
    ("## 开源协议\n木兰", ("## 开源协议\n木兰", 1)),
    ("```\n# License\n```\n", None),
    ("# Licensing server setup\nrun it", None),
    ("a license is needed\n\nLicense: MIT", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), SECTIONS)
def test_license_section(text: str, expected: tuple[str, int] | None) -> None:
    assert license_section(text) == expected


@pytest.mark.parametrize(
    ("line", "foreign"),
    [
        ("## Third-party notices", True),
        ("# Licenses of bundled dependencies", True),
        ("This product bundles the following works:", True),
        ("Portions of this software are derived from work under the BSD license", True),
        ("The externally maintained libraries used by it are:", True),
        ("This product includes software developed by the University", False),
        ("to third persons", False),
        ("Permission is hereby granted, free of charge, to any person", False),
        ("included in all copies or substantial portions of the Software.", False),
    ],
)
def test_foreign_from(line: str, foreign: bool) -> None:
    assert foreign_from(f"MIT License\n\n{line}\n") == (3 if foreign else None)


@given(st.text(alphabet="# LicenseMIT\n=-*`<h2>", max_size=200))
def test_any_text_is_read(text: str) -> None:
    section = license_section(text)
    foreign_from(text)
    if section:
        assert section[0].splitlines()[0] == text.splitlines()[section[1] - 1]


@pytest.mark.parametrize(
    ("made", "size"),
    [
        (lambda n: "#" * n, 1_000_000),
        (lambda n: "# " + "license " * 30 + "\n" * n, 500_000),
        (lambda n: "**" * n, 500_000),
        (lambda n: "<h2>" * n, 250_000),
        (lambda n: "a\n---\n" * n, 160_000),
        (lambda n: "this software " * n, 70_000),
        (lambda n: ("portions of this software " * 14 + "\n") * n, 2_000),
        (lambda n: "## " + "[" * n + "\n## " + "<" * n, 280),
    ],
)
def test_time_grows_with_the_size(made: Callable[[int], str], size: int) -> None:
    def work(size: int) -> Callable[[], object]:
        text = made(size)
        return lambda: (license_section(text), foreign_from(text))

    assert_linear(work, size)
