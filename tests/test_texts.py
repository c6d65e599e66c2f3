"""From an installed tree with its texts to findings, with the real detection; a second scan detects nothing again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from licscan.base import tables
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import Conclusion, EvidenceKind, Scan
from licscan.read import workers
from tests.fakes import open_fake

MIT = """MIT License

Copyright (c) 2020 Acme

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
EVIL = MIT.replace("THE SOFTWARE IS", "The Software shall be used for Good, not Evil.\n\nTHE SOFTWARE IS", 1)
PACKAGES = {
    "agrees": ("MIT", {"LICENSE": MIT}),
    "evil": ("MIT", {"LICENSE": EVIL}),
    "silent": (None, {"LICENSE": MIT}),
    "readme": (None, {"README.md": f"# readme\n\n## License\n\n{MIT}\n## Contributing\nno"}),
    "parts": ("Apache-2.0", {"LICENSE": "SPDX-License-Identifier: Apache-2.0\n", "fonts/LICENSE": MIT}),
    "bare": ("ISC", {}),
}


def project(root: Path) -> Path:
    """A project with its packages installed, and the lock that names them."""
    names = dict.fromkeys(PACKAGES, "1.0.0")
    (root / "package.json").write_text(json.dumps({"name": "chat", "version": "1.0.0", "dependencies": names}))
    (root / "COPYING").write_text(MIT)
    lock: dict[str, object] = {"": {"name": "chat", "version": "1.0.0", "dependencies": names}}
    for name, (declared, texts) in PACKAGES.items():
        lock[f"node_modules/{name}"] = {"version": "1.0.0"}
        folder = root / "node_modules" / name
        manifest = {"name": name, "version": "1.0.0"} | ({"license": declared} if declared else {})
        for path, text in {"package.json": json.dumps(manifest), **texts}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    (root / "package-lock.json").write_text(json.dumps({"name": "chat", "lockfileVersion": 3, "packages": lock}))
    return root


def codes(found: Scan, name: str) -> set[str]:
    return {finding.code for finding in found.findings if finding.purl == f"pkg:npm/{name}@1.0.0"}


def of(found: Scan, name: str) -> Conclusion:
    return found.by_purl[f"pkg:npm/{name}@1.0.0"]


def test_an_installed_tree_with_its_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path)
    found = scan(Options((root,), offline=True))
    assert codes(found, "agrees") == set()
    assert codes(found, "evil") == {"license-text-conflict", "license-review"}
    assert of(found, "evil").detected == "JSON"
    assert (of(found, "silent").concluded, codes(found, "silent")) == ("MIT", {"license-undeclared"})
    assert (of(found, "readme").concluded, codes(found, "readme")) == ("MIT", {"license-undeclared"})
    assert codes(found, "parts") == {"license-parts"}
    assert (of(found, "bare").detected, codes(found, "bare")) == ("NONE", {"missing-license-text"})
    assert found.project.outbound == "MIT"
    assert "the project's license text" in found.project.assumptions[0].lower()
    (piece,) = (e for e in of(found, "readme").evidence if e.kind is EvidenceKind.README)
    assert piece.location.start_line is not None
    assert 3 <= piece.location.start_line <= 9
    for name in ("agrees", "silent", "readme"):
        assert [(said.holder, said.years) for said in of(found, name).copyrights] == [("Acme", "2020")]
    assert of(found, "parts").copyrights == of(found, "bare").copyrights == ()

    def never(licenses: str | None = None) -> workers.Opener:
        raise AssertionError

    monkeypatch.setattr(workers, "OpenDetector", lambda licenses: never)
    assert scan(Options((root,), offline=True)) == found


def test_without_texts_metadata_alone_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "OpenDetector", lambda licenses: pytest.fail)
    found = scan(Options((project(tmp_path),), offline=True, texts=False))
    assert of(found, "evil").detected is None
    assert codes(found, "evil") == codes(found, "bare") == set()
    assert codes(found, "silent") == {"license-missing"}


def test_the_jobs_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "OpenDetector", lambda licenses: open_fake)
    monkeypatch.setattr(workers, "FEW", 1)
    monkeypatch.setattr(workers, "usable_jobs", lambda asked: 2)
    root = project(tmp_path)
    scans = []
    for jobs in (1, 2):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache{jobs}"))
        scans.append(scan(Options((root,), offline=True, jobs=jobs)))
    assert scans[0] == scans[1]


def test_identify_with_the_real_detection(tmp_path: Path) -> None:
    from jsonschema_rs import Draft202012Validator

    (tmp_path / "LICENSE").write_text(MIT)
    arguments = [sys.executable, "-m", "licscan", "identify", "LICENSE", "--format", "json"]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=tmp_path, check=True)
    said = json.loads(done.stdout)
    assert list(Draft202012Validator(tables.load_json("identify.schema.json")).iter_errors(said)) == []
    (file,) = said
    (match,) = (match for match in file["matches"] if match["kind"] == "text")
    assert (file["path"], file["expression"], match["expression"]) == ("LICENSE", "MIT", "MIT")
    assert 3 <= match["start_line"] <= 5
    assert match["end_line"] == 21
    assert [statement["holder"] for statement in file["copyrights"]] == ["Acme"]


def test_the_index_describes_itself(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "licscan", "index"]
    built = subprocess.run([*arguments, "build"], capture_output=True, text=True, check=True)
    told = subprocess.run([*arguments, "info"], capture_output=True, text=True, check=True)
    lines = [line.split(":")[0] for line in told.stdout.splitlines()]
    assert lines == ["location", "size", "data", "licenses", "rules", "load time"]
    assert built.stdout.splitlines()[:-1] == told.stdout.splitlines()[:-1]


def test_an_index_of_nothing_is_said(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "licscan", "index", "info", "--from", str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no index yet (run `licscan index build`)" in done.stderr
    gone = subprocess.run([*arguments[:-1], "nowhere"], capture_output=True, text=True, check=False)
    assert "nowhere: is not a folder" in gone.stderr
