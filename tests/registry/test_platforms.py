"""Which file of a version is read for a platform."""

from __future__ import annotations

import pytest

from licscan.base.errors import InputError
from licscan.registry.platforms import Candidate, Platform, order, parse_platform, python_of

NAMES = (
    "x-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "x-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
    "x-1.0-cp312-cp312-musllinux_1_2_x86_64.whl",
    "x-1.0-cp311-cp311-manylinux_2_28_aarch64.whl",
    "x-1.0-cp39-abi3-macosx_11_0_arm64.whl",
    "x-1.0-cp312-cp312-macosx_10_13_universal2.whl",
    "x-1.0-cp312-cp312-win_amd64.whl",
    "x-1.0.tar.gz",
)
PURE = ("x-1.0-py3-none-any.whl", "x-1.0-cp312-cp312-manylinux_2_28_x86_64.whl", "x-1.0.tar.gz")


def candidates(*names: str) -> list[Candidate]:
    return [Candidate(name, "wheel" if name.endswith(".whl") else "sdist", (f"sha256:{name}",)) for name in names]


def best(platform: str, *names: str, pinned: tuple[str, ...] = (), python: str | None = None) -> str:
    files = candidates(*names)
    return files[order(files, parse_platform(platform, python), pinned)[0]].name


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux-x86_64", NAMES[1]),
        ("Linux-AMD64", NAMES[1]),
        ("linux-aarch64", NAMES[3]),
        ("musl-x86_64", NAMES[2]),
        ("macos-arm64", NAMES[5]),
        ("macos-x86_64", NAMES[5]),
        ("windows-x86_64", NAMES[6]),
        ("windows-arm64", NAMES[3]),
        ("any", NAMES[3]),
    ],
)
def test_a_wheel_of_the_platform_else_any_wheel(platform: str, expected: str) -> None:
    assert best(platform, *NAMES) == expected


def test_a_pure_wheel_goes_everywhere() -> None:
    assert best("linux-x86_64", *PURE) == PURE[1]
    assert [best(name, *PURE) for name in ("any", "macos-arm64", "windows-x86_64")] == [PURE[0]] * 3


def test_a_source_distribution_only_where_there_is_no_wheel() -> None:
    assert best("linux-x86_64", "x-1.0.zip", "x-1.0.tar.gz") == "x-1.0.tar.gz"


def test_the_lock_decides_first() -> None:
    assert best("linux-x86_64", *NAMES, pinned=(f"sha256:{NAMES[6]}",)) == NAMES[6]
    assert best("linux-x86_64", *NAMES, pinned=(f"sha256:{NAMES[6]}", f"SHA256:{NAMES[0]}")) == NAMES[0]
    assert order(candidates(*NAMES), Platform(), ("sha256:other",)) == []
    assert len(order(candidates(*NAMES), Platform(), ("sha512:other",))) == len(NAMES)


def test_the_order_of_the_index_does_not_show() -> None:
    for platform in ("linux-x86_64", "any", "windows-arm64"):
        assert best(platform, *NAMES) == best(platform, *reversed(NAMES))


@pytest.mark.parametrize(
    ("said", "expected"),
    [(None, (3, 12)), (">=3.9", (3, 12)), ("<3.12,>=3.10", (3, 11)), (">=3.13", (3, 13)), ("nonsense", (3, 12))],
)
def test_the_python_of_a_lock(said: str | None, expected: tuple[int, int]) -> None:
    assert python_of(said) == expected


def test_the_python_of_a_lock_chooses_the_wheel() -> None:
    names = [f"x-1.0-{tag}-{tag}-manylinux_2_28_x86_64.whl" for tag in ("cp310", "cp311", "cp312")]
    assert best("linux-x86_64", *names, python="<3.12") == names[1]


@pytest.mark.parametrize("text", ["", "linux", "amiga-68k", "any-x86_64", "linux-x86/../64"])
def test_what_is_no_platform_is_told(text: str) -> None:
    with pytest.raises(InputError, match="is not a platform"):
        parse_platform(text)


def test_a_platform_is_written_as_it_is_given() -> None:
    for text in ("linux-x86_64", "linux-aarch64", "macos-arm64", "windows-x86_64", "any"):
        assert str(parse_platform(text)) == text
