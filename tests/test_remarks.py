"""Texts that are another license's with a harmless remark, and names of text files."""

from __future__ import annotations

import pytest

from licscan.base.tables import load_toml
from licscan.conclude.agree import fits
from licscan.inside.libraries import text_named_for
from licscan.licenses.licensedb import key_of
from licscan.licenses.spdx import validate

ROWS = load_toml("license_remarks.toml")["remark"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"])
def test_a_remark_is_no_conflict(row: dict[str, str]) -> None:
    assert fits(row["license"], row["text"])
    assert not fits("ISC", row["text"])
    assert not validate(row["license"])
    assert key_of(row["text"]) is not None


@pytest.mark.parametrize(
    ("name", "path", "found"),
    [
        ("libsodium", "x.dist-info/licenses/LICENSE.libsodium.txt", True),
        ("zeromq", "licenses/licenses/LICENSE.zeromq.txt", True),
        ("zlib", "zlib.LICENSE", True),
        ("zlib", "zlib/LICENSE.txt", True),
        ("zlib", "zlib/COPYING", True),
        ("png16", "LICENSE-libpng", True),
        ("zlib", "LICENSE", False),
        ("zlib", "LICENSE.MIT", False),
        ("zlib", "zlibrary/LICENSE", False),
        ("zlib", "zlib/README", False),
    ],
)
def test_the_name_of_a_text_file(name: str, path: str, found: bool) -> None:
    assert bool(text_named_for(name, [path])) is found
