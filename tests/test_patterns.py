"""How packages are named: by ecosystem, name and versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.model import Component
from licscan.packages import purls
from licscan.packages.patterns import read_pattern


def npm(name: str, version: str | None) -> Component:
    return Component(purls.npm(name, version), name, version, "npm")


def pypi(name: str, version: str | None) -> Component:
    return Component(purls.pypi(name, version), name, version, "pypi")


@pytest.mark.parametrize(
    ("pattern", "component", "expected"),
    [
        ("pkg:npm/left", npm("left", "2.1.0"), True),
        ("pkg:npm/left", npm("left-pad", "2.1.0"), False),
        ("pkg:npm/left", npm("left", None), True),
        ("pkg:npm/left@2", npm("left", None), False),
        ("pkg:npm/left@2.1.0", npm("left", "2.1.0"), True),
        ("pkg:npm/left@^2.0", npm("left", "2.1.0"), True),
        ("pkg:npm/left@^2.0", npm("left", "3.0.0"), False),
        ("pkg:npm/left@>=1,<2", npm("left", "1.9.9"), True),
        ("pkg:npm/left@>=1 <2", npm("left", "2.0.0"), False),
        ("pkg:npm/left@>=1", npm("left", "2.0.0-rc.1"), True),
        ("pkg:npm/left@*", npm("left", "2.0.0"), True),
        ("pkg:npm/left@1.x", npm("left", "no version"), False),
        ("pkg:npm/left*", npm("left-pad", "1.0.0"), True),
        ("pkg:npm/@scope/*", npm("@scope/a", "1.0.0"), True),
        ("pkg:npm/@scope/*", npm("@other/a", "1.0.0"), False),
        ("pkg:npm/%40scope/a@1.0.0", npm("@scope/a", "1.0.0"), True),
        ("pkg:npm/@scope/a@1", npm("@scope/a", "1.4.0"), True),
        ("pkg:pypi/Foo_Bar", pypi("foo.bar", "1.0"), True),
        ("pkg:pypi/foo-bar@1.*", pypi("foo.bar", "1.4"), True),
        ("pkg:pypi/foo-bar@1.*", pypi("foo.bar", "2.0"), False),
        ("pkg:pypi/foo-bar@1.0", pypi("foo.bar", "1.0.0"), True),
        ("pkg:pypi/foo-bar@>=1", pypi("foo.bar", "2.0rc1"), True),
        ("pkg:pypi/foo-bar@odd", pypi("foo.bar", "odd"), None),
        ("pkg:pypi/left", npm("left", "1.0.0"), False),
        ("pkg:*/left", npm("left", "1.0.0"), True),
        ("pkg:npm/*", pypi("left", "1.0"), False),
        ("pkg:npm/left@1.0.0?vcs_url=x", npm("left", "1.0.0"), False),
    ],
)
def test_a_pattern_names_packages(pattern: str, component: Component, expected: bool | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="version range"):
            read_pattern(pattern)
    else:
        assert read_pattern(pattern).matches(component) is expected


@pytest.mark.parametrize(
    "text", ["", "left", "pkg:", "pkg:npm", "pkg:npm/", "pkg:npm/left@", "pkg:npm/a/@1", "npm:left"]
)
def test_what_is_no_pattern_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_pattern(text)


@pytest.mark.parametrize(("text", "everything"), [("pkg:npm/*", True), ("pkg:npm/@*/*", True), ("pkg:npm/a*", False)])
def test_a_pattern_without_a_name_is_everything(text: str, everything: bool) -> None:
    assert read_pattern(text).is_everything is everything


@given(st.text(max_size=40), st.sampled_from(["pkg:npm/", "pkg:pypi/", "pkg:npm/left@", "pkg:pypi/left@", ""]))
def test_any_text_is_a_pattern_or_refused(text: str, start: str) -> None:
    try:
        pattern = read_pattern(start + text)
    except ValueError:
        return
    assert pattern.matches(npm("left", "1.0.0")) in (True, False)
    assert pattern.matches(pypi("left", "1.0")) in (True, False)
