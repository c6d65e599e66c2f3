"""Places in sentences: what a reader can look for, on every machine the same."""

from __future__ import annotations

import pytest

from licscan.base.shown import archive_name, is_absolute, is_archive, shown_place


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("node_modules/lib/LICENSE", "node_modules/lib/LICENSE"),
        ("https://registry.example/lib/-/lib-0.1.13.tgz/LICENSE", "LICENSE in lib-0.1.13.tgz"),
        ("https://files.example/ab/cd/lib-1-py3-none-any.whl/lib-1.dist-info/LICENSE:3",
         "lib-1.dist-info/LICENSE:3 in lib-1-py3-none-any.whl"),
        ("/home/me/.npm/_cacache/content-v2/sha512/ab/cd/ef0123/docs/LICENSE", "docs/LICENSE in npm's cache"),
        ("/srv/store/lib-1.tar.gz/COPYING", "COPYING in lib-1.tar.gz"),
        ("vendor/lib.tgz", "vendor/lib.tgz"),
        ("", ""),
    ],
)  # fmt: skip
def test_places(path: str, expected: str) -> None:
    assert shown_place(path) == expected


@pytest.mark.parametrize(
    ("place", "ecosystem", "expected"),
    [
        ("/home/me/.npm/_cacache/content-v2/sha512/ab/cd/ef0123", "npm", "lib-1.0.tgz"),
        ("/home/me/.local/share/pnpm/store/v10/index/ab/cdef-@acme+lib@1.0.json", "npm", "lib-1.0.tgz"),
        ("/home/me/.yarn/berry/cache/lib-npm-1.0-abcdef-8.zip", "npm", "lib-npm-1.0-abcdef-8.zip"),
        ("/home/me/.cache/uv/archive-v0/abcdef", "pypi", "lib-1.0.whl"),
        ("/home/me/.cache/pip/wheels/ab/lib-1.0-py3-none-any.whl", "pypi", "lib-1.0-py3-none-any.whl"),
    ],
)
def test_a_place_in_a_cache_is_called_as_the_archive(place: str, ecosystem: str, expected: str) -> None:
    assert archive_name(place, ecosystem, "@acme/lib" if ecosystem == "npm" else "lib", "1.0") == expected


def test_what_is_of_this_machine_and_what_is_in_an_archive() -> None:
    assert [is_absolute(one) for one in ("/home/me", "C:/me", "node_modules/lib", "https://npm.example/lib.tgz")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert is_archive(["lib-1.0.tgz", "docs"])
    assert not is_archive(["lib", "docs"])
