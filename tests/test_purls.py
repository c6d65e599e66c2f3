"""PackageURLs are canonical; URLs lose their secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from licscan.packages import purls


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (purls.npm("@scope/name", "1.0.0"), "pkg:npm/%40scope/name@1.0.0"),
        (purls.npm("name", "1.0.0-rc.1+build"), "pkg:npm/name@1.0.0-rc.1%2Bbuild"),
        (purls.pypi("Zope.Interface_x", "1"), "pkg:pypi/zope-interface-x@1"),
        (purls.pypi("a"), "pkg:pypi/a"),
        (
            purls.npm("x", "1", vcs_url="git+https://user:secret@git.example/a/b.git@abc"),
            "pkg:npm/x@1?vcs_url=git%2Bhttps://git.example/a/b.git%40abc",
        ),
    ],
)
def test_known_forms(made: str, expected: str) -> None:
    assert made == expected


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters="/"), min_size=1)
VERSIONS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1)


@given(NAMES, VERSIONS)
def test_the_fast_writer_agrees_with_the_library(name: str, version: str) -> None:
    assert purls.build("npm", None, name, version) == PackageURL("npm", None, name, version).to_string()


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://user:pass@host.example/x", "https://host.example/x"),
        ("https://token@host.example/x?a=1", "https://host.example/x?a=1"),
        ("https://host.example/x?token=abc&a=1", "https://host.example/x?a=1"),
        ("https://host.example/x?X-Amz-Signature=abc#egg=y", "https://host.example/x#egg=y"),
        ("git+ssh://git@host.example/a/b.git", "git+ssh://git@host.example/a/b.git"),
        ("git+ssh://git:secret@host.example/a/b.git", "git+ssh://host.example/a/b.git"),
        ("no url at all", "no url at all"),
        ("https://[broken@host", "https://host"),
    ],
)
def test_credentials_are_stripped(url: str, clean: str) -> None:
    assert purls.strip_credentials(url) == clean


@given(st.text())
def test_any_text_can_be_stripped(url: str) -> None:
    assert purls.strip_credentials(purls.strip_credentials(url)) == purls.strip_credentials(url)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("pkg:npm/@scope/left@2.1.0", "pkg:npm/%40scope/left@2.1.0"),
        ("pkg:npm/%40scope/left", "pkg:npm/%40scope/left"),
        ("pkg:pypi/left", "pkg:pypi/left"),
        ("@scope/left", "@scope/left"),
    ],
)
def test_a_scope_may_be_written_as_npm_does(written: str, canonical: str) -> None:
    assert purls.as_written(written) == canonical
