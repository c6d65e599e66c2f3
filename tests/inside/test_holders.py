"""Whom a package names outside of its license texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from licscan.inside.holders import head_statements, named_holders
from licscan.locate.trees import FolderTree
from licscan.model import Origin


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ("/*! (c) 2019 Ada Example */", "(c) 2019 Ada Example"),
        ("/*\n * Ada Example (c) 2007-present MIT License\n */", "Ada Example (c) 2007-present MIT"),
        ("// Copyright 2019 The MIT License\n// Copyright 2020 Ada Example", "Copyright 2020 Ada Example"),
        ("/* (c) 2020, Apache License 2.0 */", ""),
        ("# Copyright 2001 Python Software Foundation", "Copyright 2001 Python Software Foundation"),
    ],
)
def test_a_license_behind_the_years_is_no_holder(head: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text(head + "\nrun();\n", encoding="utf-8")
    tree = FolderTree(Origin.INSTALLED, "x", str(tmp_path))
    assert head_statements(tree, ["index.js"]) == ((named,) if named else ())
    assert named_holders(tree, "package.json", ["index.js"]) == ((f"{named} (index.js)",) if named else ())
