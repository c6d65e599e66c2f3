"""The wheel holds what the checkout holds."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import licscan

ROOT = Path(__file__).resolve().parents[1]


def settings() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def test_every_package_is_listed() -> None:
    listed = set(settings()["options"]["packages"].split()) - {"licscan.data"}
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "licscan").rglob("__init__.py")}
    assert listed == folders


def test_every_table_is_shipped() -> None:
    globs = {glob.strip() for glob in settings()["options.package_data"]["licscan.data"].split(",")}
    assert {f"*{path.suffix}" for path in (ROOT / "data").iterdir() if path.is_file()} <= globs


def test_no_format_of_the_extensions_depends_on_the_python_that_builds_them() -> None:
    """`y#` compiled with the headers of 3.13 asks for a macro on 3.11 that those headers no longer know."""
    found = [
        f"{path.name}: {formats}"
        for path in sorted((ROOT / "licscan").rglob("*.c"))
        for formats in re.findall(r'(?:PyArg_Parse|Py_BuildValue)\w*\([^;"]*"([^"]*)"', path.read_text())
    ]
    assert len(found) >= 8
    assert [one for one in found if "#" in one] == []


def test_the_version_is_in_the_changelog_or_unreleased() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+", licscan.__version__)
    assert f"## {licscan.__version__}" in changelog or "## Unreleased" in changelog
