"""Packages that are made to slip through a gate: built as their client would have installed them, and listened for.

`data/canaries.toml` describes them. `licscan doctor` runs them through the user's own policy; the tests use them too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from licscan.base.tables import load_toml
from licscan.licenses.licensedb import license_text
from licscan.model import Finding, Scan, Verdict

Canary = Mapping[str, Any]

VERSION = "1.0.0"
PARENT_TEXT = "mit"


def canaries() -> list[Canary]:
    """All of them, in the order of the table."""
    return list(load_toml("canaries.toml")["canary"])


def purl_of(canary: Canary) -> str:
    """The identity under which a scan speaks of it."""
    return f"pkg:{canary['ecosystem']}/{canary['name']}@{VERSION}"


def contents(canary: Canary) -> dict[str, str]:
    """The files beside the metadata, by name."""
    found = {}
    for file in canary.get("files", ()):
        keys = [file["license"]] if "license" in file else file.get("licenses", [])
        parts = [*map(license_text, keys), file.get("text", "")]
        found[file["path"]] = "\n\n".join(part for part in parts if part)
    return found


def build(chosen: Iterable[Canary], folder: Path) -> Path:
    """A project that requires the canaries, with all of them installed beside it."""
    birds = list(chosen)
    npm = [canary for canary in birds if canary["ecosystem"] == "npm"]
    python = [canary for canary in birds if canary["ecosystem"] != "npm"]
    if npm:
        _npm(npm, folder)
    if python:
        _python(python, folder)
    return folder


def findings_of(scan: Scan, canary: Canary) -> list[Finding]:
    """What a scan says of one of them."""
    return [finding for finding in scan.findings if finding.purl == purl_of(canary)]


def loudest_of(findings: Iterable[Finding]) -> str:
    """The loudest that is said and not waived: `violation`, `cannot-tell`, `named`, or nothing."""
    open_ = [finding for finding in findings if not finding.waiver]
    verdicts = {finding.verdict for finding in open_}
    for verdict in (Verdict.VIOLATION, Verdict.CANNOT_TELL):
        if verdict in verdicts:
            return verdict.value
    return "named" if open_ else ""


def _npm(chosen: list[Canary], folder: Path) -> None:
    packages: dict[str, dict[str, Any]] = {}
    texts: dict[str, dict[str, str]] = {}
    wanted = {}
    for canary in chosen:
        name, parent = canary["name"], canary.get("beneath")
        packages[name] = {"name": name, "version": VERSION, **json.loads(canary["manifest"])}
        texts[name] = contents(canary)
        if parent:
            packages[parent] = {"name": parent, "version": VERSION, "license": "MIT", "dependencies": {name: VERSION}}
            texts[parent] = {"LICENSE": license_text(PARENT_TEXT)}
        wanted[parent or name] = VERSION
    project = {"name": "product", "version": VERSION, "private": True, "dependencies": wanted}
    lock: dict[str, dict[str, Any]] = {"": project}
    for package, manifest in packages.items():
        home = f"node_modules/{package}"
        needs = {"dependencies": manifest["dependencies"]} if "dependencies" in manifest else {}
        lock[home] = {"version": VERSION, **needs}
        _write(folder / home, {"package.json": json.dumps(manifest), **texts[package]})
    locked = {"name": "product", "version": VERSION, "lockfileVersion": 3, "requires": True, "packages": lock}
    _write(folder, {"package.json": json.dumps(project), "package-lock.json": json.dumps(locked)})


def _python(chosen: list[Canary], folder: Path) -> None:
    site = folder / ".venv" / "lib" / "python3.11" / "site-packages"
    for canary in chosen:
        name = canary["name"]
        info = f"{name.replace('-', '_')}-{VERSION}.dist-info"
        beside = contents(canary)
        listed = "".join(f"License-File: {path}\n" for path in beside)
        head = f"Metadata-Version: 2.4\nName: {name}\nVersion: {VERSION}\n"
        texts = {f"licenses/{path}": text for path, text in beside.items()}
        record = "".join(f"{info}/{path},,\n" for path in ("METADATA", "RECORD", *texts))
        _write(site / info, {"METADATA": head + canary["metadata"] + listed, "RECORD": record, **texts})
    _write(folder / ".venv", {"pyvenv.cfg": "home = /usr/bin\nversion = 3.11.0\n"})
    _write(folder, {"requirements.txt": "".join(f"{canary['name']}=={VERSION}\n" for canary in chosen)})


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
