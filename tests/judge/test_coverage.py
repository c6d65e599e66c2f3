"""What was read of what is shipped: counted, said in every format, and asked for by the policy."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from licscan.base.messages import speaking
from licscan.config import parse_config
from licscan.export import csv_format, github, json_format, junit, markdown, sarif, show, table
from licscan.judge.coverage_words import coverage_line
from licscan.law.words import ruling_words
from licscan.model import Coverage, CoverageCount, Scan
from licscan.packages.downloaders import downloader_of, is_helper
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.sbom.write.cyclonedx import to_dict
from licscan.sbom.write.spdx2 import to_dict as to_spdx
from tests.factories import COPYLEFT, LEFT, rich_scan

LINE = "Read: texts of 1 of 4 shipped packages, only metadata of 1, nothing of 2."


@pytest.fixture
def scan() -> Scan:
    return rich_scan()


def test_only_shipped_packages_of_others_count(scan: Scan) -> None:
    assert scan.coverage == CoverageCount(texts=1, metadata=1, nothing=2)
    inside = tuple(replace(one, embedded="present") if one.purl == LEFT else one for one in scan.graph.components)
    assert replace(scan, graph=replace(scan.graph, components=inside)).coverage.texts == 0


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (CoverageCount(), ""),
        (CoverageCount(1, 0, 0), "Read: texts of the 1 shipped package."),
        (CoverageCount(1_012, 0, 0), "Read: texts of all 1,012 shipped packages."),
        (CoverageCount(0, 0, 3), "Read: nothing of the 3 shipped packages."),
        (CoverageCount(0, 3, 0), "Read: texts of 0 of 3 shipped packages, only metadata of 3."),
        (CoverageCount(2, 0, 1), "Read: texts of 2 of 3 shipped packages, nothing of 1."),
        (
            CoverageCount(812, 190, 10),
            "Read: texts of 812 of 1,012 shipped packages, only metadata of 190, nothing of 10.",
        ),
        (CoverageCount(1, 1, 0), "Read: texts of 1 of 2 shipped packages, only metadata of 1."),
        (CoverageCount(481, 0, 3), "Read: texts of 481 of 484 shipped packages, nothing of 3."),
    ],
)
def test_the_count_is_one_sentence(count: CoverageCount, said: str) -> None:
    assert coverage_line(count) == said


def test_every_report_says_it(scan: Scan) -> None:
    assert LINE in table.to_text(scan)
    assert "Read: texts of 1 of 4 shipped packages" in markdown.render(scan)
    assert "Read: texts of 1 of 4 shipped packages" in markdown.render_summary(scan)
    assert "Read: texts of 1 of 4 shipped packages" in github.render(scan)
    told = json.loads(json_format.render(scan))
    assert told["coverage"] == {"shipped": 4, "texts": 1, "metadata": 1, "nothing": 2}
    assert {one["purl"]: one["coverage"] for one in told["components"]}[COPYLEFT] == "metadata"
    assert json.loads(sarif.render(scan))["runs"][0]["properties"]["coverage"] == told["coverage"]
    assert 'name="licscan.coverage.metadata" value="1"' in junit.render(scan)
    assert '"its metadata alone"' in csv_format.render_components(scan)
    assert "its metadata alone" in show.to_text(scan, COPYLEFT)


def test_an_sbom_says_it_of_each_and_of_all(scan: Scan) -> None:
    bom = bom_of(scan, SbomOptions(created="2026-11-28T00:00:00Z"))
    document = to_dict(bom, "1.6")
    of_all = {one["name"]: one["value"] for one in document["metadata"]["properties"]}
    assert of_all["licscan:coverage:texts"] == "1"
    of_each = {one["bom-ref"]: {p["name"]: p["value"] for p in one["properties"]} for one in document["components"]}
    assert of_each[COPYLEFT]["licscan:coverage"] == "metadata"
    spdx = to_spdx(bom)
    assert "from texts for 1 of 4 shipped packages" in spdx["comment"]
    comments = {one["name"]: one.get("licenseComments", "") for one in spdx["packages"]}
    assert "metadata alone" in comments["@deep/copyleft"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ruling", ["ok", "ok-obligations"])
def test_ok_reads_differently_for_each_coverage(ruling: str, language: str) -> None:
    with speaking(language):
        assert len({ruling_words(ruling, one) for one in Coverage}) == len(Coverage)


def test_what_is_not_ok_reads_the_same() -> None:
    assert len({ruling_words("conflict", one) for one in Coverage}) == 1


def test_the_policy_and_the_scan_take_their_settings() -> None:
    config = parse_config('[policy]\nrequire = "texts"\n[scan]\nmetadata-only = true\n', "licscan.toml")
    assert (config.policy.require, config.metadata_only) == ("texts", True)


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "brings"),
    [
        ("npm", "electron", "31.0.0", "Chromium"),
        ("npm", "sharp", "0.32.6", "libvips"),
        ("npm", "sharp", None, "libvips"),
        ("npm", "sharp", "0.33.0", None),
        ("npm", "sharp", "9" * 5_000, None),
        ("npm", "esbuild", "0.28.2", None),
        ("pypi", "Huggingface_Hub", "0.30.0", "models"),
        ("pypi", "electron", "1.0", None),
        ("generic", "electron", "1.0", None),
        ("helpers", "npm", "1.0", None),
    ],
)
def test_the_table_of_what_is_fetched(ecosystem: str, name: str, version: str | None, brings: str | None) -> None:
    found = downloader_of(ecosystem, name, version)
    assert (brings in found.brings) if found else brings is None


def test_tools_that_fetch_are_known() -> None:
    assert is_helper("npm", "prebuild-install")
    assert not is_helper("npm", "node-gyp-build")
    assert not is_helper("pypi", "prebuild-install")
