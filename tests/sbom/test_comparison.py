"""The table by which a buyer chooses between suppliers: the same rows as text, JSON, workbook and HTML."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from licscan.cli import run
from licscan.export.comparison import Cell, Row
from licscan.sbom.weighing import _days

DAY = "1777777777"  # 2026-05-03


def component(name: str, license_: str | None, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library", "bom-ref": name, "name": name, "version": "1.0.0", "purl": f"pkg:npm/{name}@1.0.0",
    }  # fmt: skip
    if license_:
        told["licenses"] = [{"license": {"id": license_, "acknowledgement": "concluded"}}]
    return told | more


def sbom(folder: Path, name: str, created: str, version: str, components: list[dict[str, Any]]) -> Path:
    path = folder / f"{name}.cdx.json"
    product = {"type": "application", "bom-ref": "top", "name": name, "version": "2.0"}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "version": 1,
        "metadata": {"timestamp": created, "component": product},
        "components": components,
        "dependencies": [{"ref": "top", "dependsOn": [one["bom-ref"] for one in components]}],
    }
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A supplier of whom all is known, and one who is old, silent and has what nobody may ship."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY)
    (tmp_path / "licscan.toml").write_text('[[surface]]\nname = "phone"\ndeployment = "mobile-app"\n')
    digest = [{"alg": "SHA-256", "content": "0" * 64}]
    good = [component("a", "MIT", hashes=digest, supplier={"name": "A"}), component("b", "ISC", hashes=digest)]
    bad = [component("a", "AGPL-3.0-only"), component("c", None), component("=1+1", None)]
    return [
        str(sbom(tmp_path, "good", "2026-05-01T00:00:00Z", "1.7", good)),
        str(sbom(tmp_path, "bad", "2024-05-03T00:00:00Z", "1.4", bad)),
    ]


def comparison(two: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    run(["audit", *two, "--compare", "--format", "json"])
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["comparison"]
    return told


def test_what_is_weighed_is_what_the_documents_say(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = (one["weighed"] for one in comparison(two, capsys))
    assert (good["days"], bad["days"]) == (2, 730)
    assert (good["blockers"], good["unsettled"]) == ([], 0)
    assert [(one["license"], one["packages"]) for one in bad["blockers"]] == [("AGPL-3.0-only", ["a 1.0.0"])]
    assert bad["unsettled"] == 2
    assert good["evidence"] == {
        "concluded": 2, "license": 2, "files": 0, "copyright": 0, "supplier": 1, "digest": 2, "identity": 2,
    }  # fmt: skip
    assert (bad["evidence"]["license"], bad["evidence"]["digest"], bad["components"]) == (1, 0, 3)
    assert "license-text" in good["duties"]["phone"]


def test_the_table_has_every_question_and_marks_the_best(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", *two, "--compare"]) == 1
    told = capsys.readouterr().out
    for group in (
        "Blocking terms",
        "Unknown",
        "Evidence",
        "Duties that you take on",
        "Fields that the SBOM lacks",
        "Age",
    ):
        assert group in told
    rows = {line.split("  ")[1]: line for line in told.splitlines() if line.startswith("  ")}
    assert "AGPL-3.0-only: a 1.0.0" in rows["phone: what blocks"]
    assert rows["days old"].split() == ["days", "old", "2", "*", "730"]
    assert rows["a digest"].split()[2:] == ["2", "(100%)", "*", "0", "(0%)"]


def test_a_row_has_no_best_where_one_is_not_known() -> None:
    known, unknown = Cell("2", 2), Cell("-")
    assert Row("", "", (known, Cell("1", 1)), True).best == {1}
    assert Row("", "", (known, Cell("1", 1)), False).best == {0}
    assert Row("", "", (known, unknown), True).best == frozenset()
    assert Row("", "", (known, known), True).best == frozenset()
    assert Row("", "", (known, Cell("1", 1))).best == frozenset()


@pytest.mark.parametrize("created", ["", "yesterday", "2999-01-01T00:00:00Z", "2026-13-01"])
def test_an_age_that_nobody_knows_is_none(created: str) -> None:
    from datetime import date

    assert _days(created, date(2026, 5, 3)) is None


def test_the_html_is_harmless_and_the_same_again(two: list[str], tmp_path: Path) -> None:
    hostile = sbom(tmp_path, "evil", "2026-05-01T00:00:00Z", "1.6", [component("x<script>", "AGPL-3.0-only")])
    for name in ("one.html", "two.html"):
        run(["audit", *two, str(hostile), "--compare", "--format", "html", "--output", name])
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "two.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert 'class="best"' in page
    assert "AGPL-3.0-only" in page


def test_the_workbook_has_the_same_rows(two: list[str], tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    assert run(["audit", *two, "--compare", "--format", "xlsx", "--output", "table.xlsx"]) == 1
    with zipfile.ZipFile(io.BytesIO((tmp_path / "table.xlsx").read_bytes())) as book:
        told = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "AGPL-3.0-only" in told
    assert "<f>" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "html"], "add --compare"),
        (["--format", "xlsx", "--output", "x.xlsx"], "add --compare"),
        (["--format", "xlsx", "--compare"], "cannot be printed to a terminal"),
    ],
)
def test_formats_of_the_comparison_alone(
    two: list[str], words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit", *two, *words]) == 2
    assert said in capsys.readouterr().err
