"""SBOMs are judged like scans: whatever format they are in, and whichever tool made them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.cli import run
from licscan.compose.audit import audit
from licscan.compose.options import Options
from licscan.config import Config, SurfaceSetting
from licscan.model import (
    Component,
    ComponentKind,
    Conclusion,
    Dependency,
    Finding,
    Graph,
    InputFile,
    Project,
    ProjectKind,
    Scan,
    Scope,
    Verdict,
)
from licscan.packages.purls import npm, pypi
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.sbom.model import Bom
from licscan.sbom.read import read_file, read_text
from licscan.sbom.supplied import Supplied, of_bom
from licscan.sbom.write import write
from licscan.store import load, save, scans
from tests.factories import rich_scan, synthetic_scan
from tests.sbom.test_write import ALL

REAL = sorted((Path(__file__).parents[1] / "cases" / "sbom").iterdir())
EXPRESSIONS = st.sampled_from(
    ["MIT", "Apache-2.0 OR MIT", "NOASSERTION", "NONE", "GPL-2.0-only WITH Classpath-exception-2.0",
     "LicenseRef-scancode-commons-clause AND MIT", "LGPL-3.0-or-later", "MIT AND (BSD-3-Clause OR GPL-3.0-only)"]
)  # fmt: skip


def given_by(text: str, name: str = "a file") -> Supplied:
    return of_bom(read_text(text, name), InputFile(name, "x"))


def facts(one: Supplied) -> tuple[set[str], dict[str, tuple[str, str]], set[tuple[str, str]]]:
    """Components, licenses and dependencies."""
    licenses = {purl: (told.declared, told.concluded) for purl, told in one.conclusions.items()}
    edges = {(edge.parent, edge.child) for edge in one.graph.dependencies}
    return {component.purl for component in one.graph.components}, licenses, edges


@st.composite
def scanned(draw: st.DrawFn) -> Scan:
    """A project with any packages, licenses and edges, circles too."""
    names = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True))
    purls = [npm(f"@x/{n}" if n < "c" else n, "1.0") if n < "e" else pypi(f"{n}_y", "2.0") for n in names]
    root = npm("app", "1.0")
    ends = st.tuples(st.sampled_from([root, *purls]), st.sampled_from(purls), st.sampled_from(Scope))
    edges = {(root, purls[0], Scope.RUNTIME), *draw(st.lists(ends, max_size=20))}
    components = [Component(root, "app", "1.0", "npm", ComponentKind.PROJECT)]
    components += [
        Component(
            purl, purl[4:].partition("/")[2].partition("@1")[0].replace("%40", "@"), purl[-3:], purl[4:8].strip("/")
        )
        for purl in purls
    ]
    conclusions = tuple(Conclusion(one.purl, draw(EXPRESSIONS), None, draw(EXPRESSIONS), "") for one in components)
    graph = Graph((root,), tuple(components), tuple(Dependency(*edge) for edge in sorted(edges)))
    return Scan("0", Project("app", ".", "proprietary"), graph, conclusions)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scanned())
def test_what_is_written_in_any_format_is_read_back_the_same(scan: Scan) -> None:
    bom = bom_of(scan, SbomOptions(created="2026-01-02T03:04:05Z"))
    read = {pair: facts(given_by(write(bom, *pair))) for pair in ALL}
    for one, other in pairwise(ALL):
        assert read[one] == read[other], (one, other)
    components, licenses, edges = read[ALL[0]]
    assert components == {one.purl for one in scan.graph.components}
    assert {(e.parent, e.child) for e in scan.graph.dependencies if e.parent != e.child} <= edges
    for conclusion in scan.conclusions:
        assert licenses[conclusion.purl][0] == conclusion.declared


@pytest.mark.parametrize("scan", [rich_scan(), synthetic_scan(80)], ids=["rich", "synthetic"])
def test_whole_scans_are_read_back_the_same(scan: Scan) -> None:
    bom = bom_of(scan, SbomOptions(created="2026-01-02T03:04:05Z"))
    read = [facts(given_by(write(bom, *pair))) for pair in ALL]
    assert all(one == read[0] for one in read)
    assert {one.purl for one in scan.graph.components} <= read[0][0]


def raw_counts(path: Path) -> tuple[int, int]:
    """Components and edges, counted in the file by other means than the reader's."""
    text = path.read_text(encoding="utf-8")
    if text.lstrip().startswith("<"):
        root = ElementTree.fromstring(text)
        space = root.tag.partition("}")[0] + "}"
        edges = {
            (outer.get("ref"), inner.get("ref"))
            for outer in root.findall(f"{space}dependencies/{space}dependency")
            for inner in outer
        }
        return len(list(root.iter(f"{space}component"))) - len(_tools(root, space)), len(edges)
    document = json.loads(text)
    if "spdxVersion" in document:
        lines = [one for one in document["relationships"] if one["relationshipType"] != "DESCRIBES"]
        return len(document["packages"]), len({tuple(sorted(one.items())) for one in lines})
    nested = [document["metadata"]["component"]] if "component" in document["metadata"] else []
    nested += document["components"]
    pairs = {(one["ref"], child) for one in document["dependencies"] for child in one.get("dependsOn", [])}
    for one in nested:
        nested += one.get("components", [])
        pairs |= {(one["bom-ref"], inner["bom-ref"]) for inner in one.get("components", [])}
    return len(nested), len(pairs)


def _tools(root: ElementTree.Element, space: str) -> list[Any]:
    return root.findall(f"{space}metadata/{space}tools/{space}components/{space}component")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_nothing_is_lost_of_what_other_tools_made(path: Path, tmp_path: Path) -> None:
    one = audit(path, tmp_path, Options((tmp_path,)), None, None)
    assert (len(one.bom.components), len(one.bom.dependencies)) == raw_counts(path)
    assert one.bom.problems == ()
    (file,) = one.scan.inputs
    assert file.seen == file.understood == len(one.bom.components)
    assert one.bom.tools
    assert one.bom.created
    concluded = [told.concluded for told in one.scan.conclusions]
    assert sum(license_ != "NOASSERTION" for license_ in concluded) >= len(concluded) * 2 // 3
    assert any(gap.required for gap in one.quality["bsi"])


def supplier(tmp_path: Path, name: str, packages: dict[str, tuple[str, str]], **more: Any) -> Path:
    """An SBOM of a product with packages: name -> version and license."""
    components = [
        {"type": "library", "name": key, "version": version, "bom-ref": key, "purl": npm(key, version),
         "licenses": [{"expression": license_, "acknowledgement": "declared"}]}
        for key, (version, license_) in packages.items()
    ]  # fmt: skip
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "components": components,
        "metadata": {"component": {"type": "application", "name": "product", "bom-ref": "product"}},
        "dependencies": [{"ref": "product", "dependsOn": list(packages)}],
    } | more  # fmt: skip
    path = tmp_path / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def found(scan: Scan, code: str) -> list[Finding]:
    return [finding for finding in scan.findings if finding.code == code]


def test_findings_are_those_of_a_scan_with_the_paths_of_the_sbom(tmp_path: Path) -> None:
    document = {"dependencies": [{"ref": "product", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}]}
    path = supplier(tmp_path, "s.json", {"a": ("1", "MIT"), "b": ("2", "GPL-3.0-only")}, **document)
    scan = audit(path, tmp_path, Options((tmp_path,)), None, None).scan
    (conflict,) = found(scan, "license-conflict")
    assert conflict.paths == (("pkg:generic/product", "pkg:npm/a@1", "pkg:npm/b@2"),)
    assert (scan.gate, scan.project.kind) == (Verdict.VIOLATION, ProjectKind.SBOM)
    evidence = scan.by_purl["pkg:npm/b@2"].evidence[0]
    assert (evidence.origin, evidence.location.path, evidence.field) == ("sbom", str(path), "declared license")


def test_what_the_sbom_does_not_say_is_not_known(tmp_path: Path) -> None:
    path = supplier(tmp_path, "s.json", {"a": ("1", "NOASSERTION"), "b": ("1", "NONE")}, dependencies=[])
    scan = audit(path, tmp_path, Options((tmp_path,)), None, None).scan
    assert {finding.purl: finding.verdict for finding in found(scan, "license-missing")} == {
        "pkg:npm/a@1": Verdict.CANNOT_TELL,
        "pkg:npm/b@1": Verdict.CANNOT_TELL,
    }
    assert scan.by_purl["pkg:npm/b@1"].concluded == "NONE"
    assert any("2 components" in sentence for sentence in scan.project.assumptions)


def test_several_licenses_without_a_word_between_them_are_ambiguous(tmp_path: Path) -> None:
    licenses = [{"license": {"id": "MIT"}}, {"license": {"id": "GPL-3.0-only"}}]
    entry = {"type": "library", "name": "a", "version": "1", "bom-ref": "a", "licenses": licenses}
    path = supplier(tmp_path, "s.json", {}, components=[entry])
    scan = audit(path, tmp_path, Options((tmp_path,)), None, None).scan
    assert scan.by_purl["pkg:generic/a@1"].candidates == ("MIT AND GPL-3.0-only", "MIT OR GPL-3.0-only")
    assert found(scan, "license-ambiguous")


def test_what_is_concluded_counts_and_a_contradiction_is_told(tmp_path: Path) -> None:
    entry = {
        "name": "a",
        "SPDXID": "SPDXRef-a",
        "versionInfo": "1",
        "licenseDeclared": "MIT",
        "licenseConcluded": "ISC",
    }
    path = tmp_path / "s"
    path.write_text(json.dumps({"spdxVersion": "SPDX-2.3", "name": "x", "packages": [entry]}), encoding="utf-8")
    scan = audit(path, tmp_path, Options((tmp_path,)), None, None).scan
    told = scan.by_purl["pkg:generic/a@1"]
    assert (told.declared, told.concluded) == ("MIT", "ISC")
    assert found(scan, "license-metadata-conflict")


def test_all_of_it_goes_into_the_surface_that_is_named(tmp_path: Path) -> None:
    path = supplier(tmp_path, "s.json", {"a": ("1", "AGPL-3.0-only")})
    told = (SurfaceSetting("server", "saas", roots=("elsewhere",)), SurfaceSetting("tool", "internal", roots=(".",)))
    options = Options((tmp_path,), config=Config(surfaces=told))
    assert [one.name for one in audit(path, tmp_path, options, None, None).scan.surfaces] == ["server", "tool"]
    one = audit(path, tmp_path, options, "tool", None).scan
    assert [(surface.name, surface.roots) for surface in one.surfaces] == [("tool", ("pkg:generic/product",))]
    assert {judgement.purl for judgement in one.judgements} == {"pkg:npm/a@1"}
    with pytest.raises(InputError, match="not a surface"):
        audit(path, tmp_path, options, "other", None)


def test_the_last_delivery_is_held_against_the_new_one(tmp_path: Path) -> None:
    database = tmp_path / "audits.db"
    first = {"a": ("1", "MIT"), "b": ("1", "MIT"), "c": ("1", "MIT"), "d": ("1", "MIT")}
    second = {"a": ("1", "MIT"), "b": ("2", "MIT"), "c": ("2", "BUSL-1.1"), "e": ("1", "MIT")}
    options = Options((tmp_path,))
    assert audit(supplier(tmp_path, "1.json", first), tmp_path, options, None, database).changes is None
    path = supplier(tmp_path, "2.json", second)
    for _again in range(2):
        one = audit(path, tmp_path, options, None, database)
        assert one.changes is not None
        names = {
            key: [row.name for row in getattr(one.changes, key)]
            for key in ("added", "removed", "changed", "relicensed")
        }
        assert names == {"added": ["e"], "removed": ["d"], "changed": ["b", "c"], "relicensed": ["c"]}
        assert [finding.purl for finding in found(one.scan, "license-drift")] == ["pkg:npm/c@2"]
    assert load(database) == one.scan
    assert [row.kind for row in scans(database)] == [ProjectKind.SBOM] * 3


def test_an_audit_does_not_stand_before_scans_of_ones_own(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    save(rich_scan(), database)
    audit(supplier(tmp_path, "s.json", {"a": ("1", "MIT")}), tmp_path, Options((tmp_path,)), None, database)
    assert load(database) == rich_scan()
    assert load(database, 2).project.name == "product"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    return tmp_path


def test_the_command_ends_with_the_worst_answer_and_tells_of_bad_files(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supplier(here, "good.json", {"a": ("1", "MIT")})
    supplier(here, "bad.json", {"a": ("1", "GPL-3.0-only")})
    (here / "none.json").write_text("{", encoding="utf-8")
    assert run(["audit", "good.json"]) == 0
    assert run(["audit", "good.json", "bad.json"]) == 1
    capfd.readouterr()
    assert run(["audit", "none.json", "good.json"]) == 2
    out, err = capfd.readouterr()
    assert err.count("\n") == 1
    assert "none.json" in err
    assert "product: Nothing that blocks" in out
    assert run(["why", "a"]) == 0


def test_the_json_is_the_same_again_and_compares(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    supplier(here, "a.json", {"a": ("1", "MIT"), "b": ("1", "MIT")})
    supplier(here, "b.json", {"a": ("1", "ISC"), "c": ("1", "GPL-3.0-only"), "d": ("1", "NOASSERTION")})
    told = []
    for number in range(2):
        run(["audit", "a.json", "b.json", "--compare", "--format", "json", "--db", f"{number}.db"])
        told.append(capfd.readouterr().out)
    assert told[0] == told[1]
    rows = json.loads(told[0])["comparison"]
    assert [row["verdict"] for row in rows] == ["ok", "violation"]
    assert [row["components"] for row in rows] == [2, 3]
    assert [(row["common"], row["differing"]) for row in rows] == [(1, 1), (1, 1)]
    assert [(row["copyleft"], row["without_license"], row["behind"]) for row in rows] == [(0, 0, 1), (1, 1, 1)]


def test_the_table_compares_and_the_profile_is_told_whole(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    supplier(here, "a.json", {"a": ("1", "MIT")})
    assert run(["audit", "a.json", "a.json", "--compare"]) == 0
    out = capfd.readouterr().out
    assert "in all of them" in out
    assert "100%" in out
    run(["audit", "a.json", "--profile", "ntia"])
    assert "supplier of 2 components (product, a@1)" in " ".join(capfd.readouterr().out.split())


def test_reading_a_written_file_gives_the_model_of_its_text(tmp_path: Path) -> None:
    bom: Bom = bom_of(rich_scan(), SbomOptions(created="2026-01-02T03:04:05Z"))
    path = tmp_path / "no-ending"
    path.write_text(write(bom, "spdx-2.3", ".spdx"), encoding="utf-8")
    assert {one.purl for one in read_file(path).components} == {one.purl for one in bom.components}
