"""Builds the packages of data/canaries.toml, installed as their client would have put them, in a project."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from licscan.tables import load_toml

Canary = Mapping[str, Any]

VERSION = "1.0.0"
PARENT_TEXT = "mit"
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def canaries() -> list[Canary]:
    """All of them, in the order of the table."""
    return list(load_toml("canaries.toml")["canary"])


def purl_of(canary: Canary) -> str:
    """The identity under which a scan speaks of it."""
    return f"pkg:{canary['ecosystem']}/{canary['name']}@{VERSION}"


def license_text(key: str) -> str:
    """The text of a license, from the LicenseDB; FileNotFoundError for a key that it does not hold."""
    path = Path(str(files("licensedcode") / "data" / "licenses" / f"{key}.LICENSE"))
    return _FRONT_MATTER.sub("", path.read_text("utf-8"), count=1)


def contents(canary: Canary) -> dict[str, str]:
    """The files beside the metadata, by name."""
    found = {}
    for file in canary.get("files", ()):
        keys = [file["license"]] if "license" in file else file.get("licenses", [])
        parts = [*map(license_text, keys), file.get("text", "")]
        found[file["path"]] = "\n\n".join(part for part in parts if part)
    return found


def build(canary: Canary, folder: Path) -> Path:
    """A project that requires the canary; it is installed beside it."""
    if canary["ecosystem"] == "npm":
        _npm(canary, folder)
    else:
        _python(canary, folder)
    return folder


def _npm(canary: Canary, folder: Path) -> None:
    name, parent = canary["name"], canary.get("beneath")
    manifest = {"name": name, "version": VERSION, **json.loads(canary["manifest"])}
    packages: dict[str, dict[str, Any]] = {name: manifest}
    texts = {name: contents(canary)}
    if parent:
        packages[parent] = {"name": parent, "version": VERSION, "license": "MIT", "dependencies": {name: VERSION}}
        texts[parent] = {"LICENSE": license_text(PARENT_TEXT)}
    project = {"name": "product", "version": VERSION, "private": True, "dependencies": {parent or name: VERSION}}
    lock: dict[str, dict[str, Any]] = {"": project}
    for package, its_manifest in packages.items():
        home = f"node_modules/{package}"
        needs = {"dependencies": its_manifest["dependencies"]} if "dependencies" in its_manifest else {}
        lock[home] = {"version": VERSION, **needs}
        _write(folder / home, {"package.json": json.dumps(its_manifest), **texts[package]})
    locked = {"name": "product", "version": VERSION, "lockfileVersion": 3, "requires": True, "packages": lock}
    _write(folder, {"package.json": json.dumps(project), "package-lock.json": json.dumps(locked)})


def _python(canary: Canary, folder: Path) -> None:
    name = canary["name"]
    site = folder / ".venv" / "lib" / "python3.11" / "site-packages"
    info = f"{name.replace('-', '_')}-{VERSION}.dist-info"
    beside = contents(canary)
    listed = "".join(f"License-File: {path}\n" for path in beside)
    head = f"Metadata-Version: 2.4\nName: {name}\nVersion: {VERSION}\n"
    texts = {f"licenses/{path}": text for path, text in beside.items()}
    record = "".join(f"{info}/{path},,\n" for path in ("METADATA", "RECORD", *texts))
    _write(site / info, {"METADATA": head + canary["metadata"] + listed, "RECORD": record, **texts})
    _write(folder / ".venv", {"pyvenv.cfg": "home = /usr/bin\nversion = 3.11.0\n"})
    _write(folder, {"requirements.txt": f"{name}=={VERSION}\n"})


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
