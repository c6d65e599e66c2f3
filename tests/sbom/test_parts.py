"""Parts that SBOMs tell of are judged with the product: one scan, one verdict, the same bytes everywhere."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from licscan.cli import run
from licscan.compose.options import Options, Part
from licscan.compose.scan import scan
from licscan.config import Config, SurfaceSetting
from licscan.export import EXPORTERS
from licscan.model import Coverage, Scan, Verdict
from licscan.store import load, stored

CASES = Path(__file__).parents[1] / "cases" / "judge"
MIT = """MIT License

Copyright (c) 2020 Ann Author

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated \
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the \
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit \
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the \
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE \
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR \
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR \
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def component(purl: str, license_id: str = "", **more: Any) -> dict[str, Any]:
    """A component as syft writes it."""
    name, _at, version = purl.partition("?")[0].rpartition("/")[2].partition("@")
    told = {"licenses": [{"license": {"id": license_id}}]} if license_id else {}
    return {"bom-ref": purl, "type": "library", "name": name, "version": version, "purl": purl, **told, **more}


def sbom(path: Path, *components: dict[str, Any], subject: dict[str, Any] | None = None, **more: Any) -> Path:
    """An SBOM of an image with these components."""
    about = subject or {"bom-ref": "image", "type": "container", "name": path.name.partition(".")[0], "version": "1"}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": about}}
    path.write_text(json.dumps({**document, "components": components, **more}))
    return path


def project(tmp_path: Path, installed_text: str = MIT, declared: str | None = "MIT") -> Path:
    """A product with one installed package."""
    folder = tmp_path / "chat"
    left = folder / "node_modules" / "left"
    left.mkdir(parents=True)
    told = {"license": declared} if declared else {}
    (left / "package.json").write_text(json.dumps({"name": "left", "version": "1.0.0", **told}))
    (left / "LICENSE").write_text(installed_text)
    own = {"name": "chat", "version": "1.0.0", "license": "UNLICENSED", "dependencies": {"left": "1.0.0"}}
    (folder / "package.json").write_text(json.dumps(own))
    packages = {"": own, "node_modules/left": {"version": "1.0.0"}}
    lock = {"name": "chat", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    return folder


def scanned(folder: Path, *parts: Part, **more: Any) -> Scan:
    return scan(Options((folder,), offline=True, parts=parts, **more))


def codes(result: Scan, purl: str) -> set[str]:
    return {finding.code for finding in result.findings if finding.purl == purl}


def test_what_our_texts_say_stands_and_a_contradiction_is_told(tmp_path: Path) -> None:
    folder = project(tmp_path)
    image = sbom(tmp_path / "image.cdx.json", component("pkg:npm/left@1.0.0", "GPL-2.0-only"))
    result = scanned(folder, Part(image))
    known = result.by_purl["pkg:npm/left@1.0.0"]
    assert known.concluded == "MIT"
    assert known.coverage is Coverage.TEXTS
    assert "GPL-2.0-only" in " ".join(known.disagreements)
    assert codes(result, known.purl) == {"license-metadata-conflict"}
    assert [path[0] for path in result.graph.paths_to(known.purl)] == ["pkg:generic/image@1", "pkg:npm/chat@1.0.0"]


def test_what_agrees_with_our_texts_is_no_news(tmp_path: Path) -> None:
    folder = project(tmp_path, declared=None)
    image = sbom(tmp_path / "image.cdx.json", component("pkg:npm/left@1.0.0", "MIT"))
    result = scanned(folder, Part(image))
    assert not result.by_purl["pkg:npm/left@1.0.0"].disagreements
    assert not codes(result, "pkg:npm/left@1.0.0")
    assert result.gate is Verdict.OK


def test_a_text_alone_grants_no_later_versions_and_contradicts_none(tmp_path: Path) -> None:
    from licscan.licenses.licensedb import license_text

    folder = project(tmp_path, license_text("lgpl-2.1"), declared=None)
    image = sbom(tmp_path / "image.cdx.json", component("pkg:npm/left@1.0.0", "LGPL-2.1-or-later"))
    assert not scanned(folder, Part(image)).by_purl["pkg:npm/left@1.0.0"].disagreements


def test_an_sbom_tells_what_we_do_not_know(tmp_path: Path) -> None:
    folder = project(tmp_path, "Ask us.\n", declared=None)
    image = sbom(tmp_path / "image.cdx.json", component("pkg:npm/left@1.0.0", "ISC"))
    assert scanned(folder, Part(image)).by_purl["pkg:npm/left@1.0.0"].concluded == "ISC"


def test_what_only_development_needs_is_shipped_where_an_image_holds_it(tmp_path: Path) -> None:
    folder = project(tmp_path)
    for name in ("package.json", "package-lock.json"):
        text = (folder / name).read_text()
        (folder / name).write_text(
            text.replace('"dependencies"', '"devDependencies"').replace('"left"}', '"left", "dev": true}')
        )
    assert not scanned(folder).graph.by_purl["pkg:npm/left@1.0.0"].is_shipped
    image = sbom(tmp_path / "image.cdx.json", component("pkg:npm/left@1.0.0", "MIT"))
    assert scanned(folder, Part(image)).graph.by_purl["pkg:npm/left@1.0.0"].is_shipped


def test_a_package_without_a_license_never_passes(tmp_path: Path) -> None:
    image = sbom(tmp_path / "image.cdx.json", component("pkg:golang/example.org/quiet@v1.0.0"))
    result = scanned(project(tmp_path), Part(image))
    assert codes(result, "pkg:golang/example.org/quiet@v1.0.0") == {"license-missing"}
    assert result.gate is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("parents", "relationship"),
    [
        (["pkg:deb/debian/bash@5"], "container-base-image"),
        (["pkg:golang/example.org/cgo@v1"], "dependency"),
    ],
)
def test_a_library_of_the_system_that_a_program_needs_may_be_one_work_with_it(
    tmp_path: Path, parents: list[str], relationship: str
) -> None:
    library = component("pkg:deb/debian/libreadline8@8", "GPL-3.0-or-later")
    edges = [{"ref": parent, "dependsOn": [library["bom-ref"]]} for parent in parents]
    image = sbom(tmp_path / "i.json", library, *(component(parent, "MIT") for parent in parents), dependencies=edges)
    result = scanned(project(tmp_path), Part(image))
    assert {one.relationship for one in result.judgements if one.purl == library["purl"]} == {relationship}


def test_a_part_under_a_license_of_its_own_is_judged_like_a_package(tmp_path: Path) -> None:
    subject = component("pkg:golang/example.org/agent@v1.0.0", "AGPL-3.0-only")
    result = scanned(project(tmp_path), Part(sbom(tmp_path / "agent.json", subject=subject)))
    assert "license-conflict" in codes(result, subject["purl"])
    assert subject["purl"] in result.graph.roots


def test_a_part_goes_where_it_is_said_to_go(tmp_path: Path) -> None:
    surfaces = (SurfaceSetting("server", "saas", roots=(".",)), SurfaceSetting("box", "embedded"))
    image = sbom(tmp_path / "image.cdx.json", component("pkg:golang/a/b@v1", "MIT"))
    for name, expected in (("", {"server", "box"}), ("box", {"box"}), ("server", {"server"})):
        result = scanned(project(tmp_path / (name or "all")), Part(image, name), config=Config(surfaces=surfaces))
        assert {one.surface for one in result.judgements if one.purl == "pkg:golang/a/b@v1"} == expected
        assert any("its surface is not stated" in said for said in result.project.assumptions) is (not name)


def test_a_part_that_is_a_project_of_ours_goes_where_either_goes(tmp_path: Path) -> None:
    surfaces = (SurfaceSetting("server", "saas", roots=(".",)), SurfaceSetting("box", "embedded", roots=("box",)))
    subject = component("pkg:npm/chat@1.0.0", "GPL-3.0-only")
    image = sbom(tmp_path / "image.cdx.json", component("pkg:golang/a/b@v1", "MIT"), subject=subject)
    result = scanned(project(tmp_path), Part(image, "box"), config=Config(surfaces=surfaces))
    for purl in ("pkg:golang/a/b@v1", "pkg:npm/left@1.0.0"):
        assert {one.surface for one in result.judgements if one.purl == purl} == {"server", "box"}
    assert result.graph.by_purl["pkg:npm/chat@1.0.0"].is_first_party
    assert result.project.outbound == "proprietary"


def test_an_sbom_that_lists_nothing_is_no_answer(tmp_path: Path) -> None:
    result = scanned(project(tmp_path), Part(sbom(tmp_path / "image.cdx.json")))
    assert [finding.code for finding in result.findings] == ["input-unreadable"]
    assert result.gate is Verdict.CANNOT_TELL


def test_parts_alone_are_a_product_too(tmp_path: Path) -> None:
    image = sbom(project(tmp_path) / "image.cdx.json", component("pkg:golang/a/b@v1", "AGPL-3.0-only"))
    (image.parent / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = scan(Options((), offline=True, parts=(Part(image, name="server image"),)))
    assert result.gate is Verdict.VIOLATION
    assert (result.project.name, result.project.version, result.project.root) == (
        "server image", "1", "pkg:generic/image@1",
    )  # fmt: skip
    assert [one.path for one in result.inputs] == ["image.cdx.json"]


def test_two_sboms_that_contradict_each_other_leave_it_open(tmp_path: Path) -> None:
    parts = [
        Part(sbom(tmp_path / f"{name}.json", component("pkg:golang/a/b@v1", license_id)))
        for name, license_id in (("one", "MIT"), ("two", "GPL-3.0-only"))
    ]
    result = scanned(project(tmp_path), *parts)
    assert result.by_purl["pkg:golang/a/b@v1"].concluded == "NOASSERTION"
    assert "license-ambiguous" in codes(result, "pkg:golang/a/b@v1")
    again = scanned(tmp_path / "chat", *reversed(parts))
    assert EXPORTERS["json"](result) == EXPORTERS["json"](again)


@pytest.mark.parametrize("case", ["part-container", "part-everywhere"])
def test_a_stored_scan_prints_the_same_bytes(tmp_path: Path, case: str) -> None:
    folder = shutil.copytree(CASES / case / "input", tmp_path / "x")
    assert run(["scan", str(folder), "--offline", "--quiet", "--db", str(tmp_path / "a.db")]) in (1, 2)
    first = load(tmp_path / "a.db", None)
    assert first.record is not None
    stored(first, tmp_path / "b.db", first.record)
    again = load(tmp_path / "b.db", None)
    assert all(make(first) == make(again) for name, make in EXPORTERS.items() if name != "xlsx")


def test_the_sbom_of_a_scan_is_taken_in_as_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    inner = shutil.copytree(CASES / "part-container" / "input", tmp_path / "inner")
    outer = tmp_path / "outer"
    outer.mkdir()
    (outer / "package.json").write_text('{"name": "outer", "version": "1.0.0", "private": true}')
    assert run(["scan", str(inner), "--offline", "--quiet"]) == 1
    found = []
    for format_ in ("cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3", "spdx-3.0.1"):
        made, taken = outer / "inner.json", tmp_path / f"outer-{format_}.json"
        assert run(["sbom", str(inner), "--format", format_, "--output", str(made)]) == 0
        for _time in range(2):
            assert run(["scan", str(outer), "--offline", "--quiet", "--sbom", str(made)]) == 1
            before = taken.read_bytes() if taken.exists() else b""
            assert run(["sbom", str(outer), "--format", format_, "--output", str(taken)]) == 0
            assert before in (b"", taken.read_bytes())
        result = load(outer / ".licscan" / "licscan.db", None)
        found.append({(one.code, one.purl, one.verdict) for one in result.findings})
        assert result.graph.roots == ("pkg:npm/chat@1.0.0", "pkg:npm/outer@1.0.0")
    assert all(one == found[0] for one in found)
    document = json.loads((tmp_path / "outer-cyclonedx-1.6.json").read_text())
    edges = {one["ref"]: one.get("dependsOn", []) for one in document["dependencies"]}
    assert edges["pkg:npm/outer@1.0.0"] == ["pkg:npm/chat@1.0.0"]


def test_notices_have_the_texts_that_an_sbom_carries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path)
    text = {"content": base64.b64encode(MIT.encode()).decode(), "encoding": "base64"}
    carried = component("pkg:golang/a/carried@v1", "MIT")
    carried["evidence"] = {"licenses": [{"license": {"name": "file: LICENSE", "text": text}}]}
    image = sbom(tmp_path / "image.cdx.json", carried, component("pkg:golang/a/bare@v1", "MIT"))
    assert run(["scan", str(folder), "--offline", "--quiet", "--sbom", str(image)]) == 0
    capsys.readouterr()
    assert run(["notices", str(folder), "--format", "json"]) == 2
    told = capsys.readouterr()
    entries = {one["purl"]: one for one in json.loads(told.out)["components"]}
    assert "Ann Author" in json.dumps(entries["pkg:golang/a/carried@v1"])
    gaps = [one for one in json.loads(told.out)["gaps"] if "contains no license text for it" in one["sentence"]]
    assert [one["purl"] for one in gaps] == ["pkg:golang/a/bare@v1"]


def test_a_changed_sbom_is_read_again_with_its_surface(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path)
    (folder / "licscan.toml").write_text(
        "".join(f'[[surface]]\nname = "{name}"\ndeployment = "on-premise"\n' for name in ("one", "two"))
    )
    image = sbom(tmp_path / "image.cdx.json", component("pkg:golang/a/b@v1", "MIT"))
    assert run(["scan", str(folder), "--offline", "--quiet", "--sbom", f"{image}=two"]) == 0
    sbom(image, component("pkg:golang/a/c@v1", "MIT"))
    capsys.readouterr()
    run(["notices", str(folder), "--offline"])
    told = capsys.readouterr()
    assert "scanning again" in told.err
    assert "c v1" in told.out
    result = load(folder / ".licscan" / "licscan.db", None)
    assert {one.surface for one in result.judgements if one.purl == "pkg:golang/a/c@v1"} == {"two"}


HOSTILE = {
    "deep": '{"bomFormat": "CycloneDX", "components": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "other": '{"hello": 1}',
    "half": '{"bomFormat": "CycloneDX", "components": [{"na',
    "zeros": "\0" * 1_000_000,
    "empty": "",
}


@pytest.mark.parametrize("name", [*HOSTILE, "missing", "folder", "large"])
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder, path = project(tmp_path), tmp_path / f"{name}.json"
    if name == "folder":
        path.mkdir()
    elif name == "large":
        with path.open("wb") as file:
            file.truncate(300 * 1024 * 1024)
    elif name in HOSTILE:
        path.write_text(HOSTILE[name])
    assert run(["scan", str(folder), "--offline", "--quiet", "--sbom", str(path)]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert f"{name}.json" in told.err
    (folder / "licscan.toml").write_text(f'[[part]]\nsbom = "../{name}.json"\n')
    assert run(["scan", str(folder), "--offline", "--quiet"]) == 2
    assert capsys.readouterr().err == told.err


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("=server", "names no file"),
        ("image.json=", "does not name a surface"),
        ("image.json=sever", "sever is not a surface"),
    ],
)
def test_a_value_that_says_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str, said: str
) -> None:
    monkeypatch.chdir(project(tmp_path))
    sbom(Path("image.json"))
    assert run(["scan", "--offline", "--quiet", "--sbom", value]) == 2
    assert said in capsys.readouterr().err


def test_a_surface_that_licscan_toml_does_not_have_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(tmp_path)
    (folder / "licscan.toml").write_text(
        '[[surface]]\nname = "server"\ndeployment = "saas"\n[[part]]\nsbom = "x.json"\nsurface = "sever"\n'
    )
    assert run(["scan", str(folder), "--offline", "--quiet"]) == 2
    assert "did you mean server?" in capsys.readouterr().err


def test_without_parts_no_reader_of_sboms_is_imported(tmp_path: Path) -> None:
    code = f"""
import sys
from licscan.cli import run
run(["scan", {str(project(tmp_path))!r}, "--offline", "--quiet"])
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "licscan.compose.scan" in loaded
    assert not {"licscan.compose.parts", "licscan.sbom.supplied", "licscan.sbom.read"} & loaded
