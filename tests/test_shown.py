"""Places in sentences: what a reader can look for, on every machine the same."""

from __future__ import annotations

import pytest

from licscan.base.shown import shown_place


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
