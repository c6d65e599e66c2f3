"""Fonts, pictures, sounds, models and data sets in SBOMs: valid for everybody's validators, nothing of them lost."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from licscan.model import Scan
from licscan.sbom.content import MAX_FILES
from licscan.sbom.model import Bom
from licscan.sbom.profiles import missing
from licscan.sbom.read import read_text
from licscan.sbom.write import write
from licscan.store import load, save
from tests.content.making import font, gguf, mp3, png
from tests.content.projects import MANIFEST, OFL, Files, built
from tests.sbom.test_write import ALL, READABLE, complaints, facts, made

CARD = """---
license: llama3.1
base_model: big/base-8b
datasets:
- corpus/one
- corpus/two
pipeline_tag: text-generation
---
"""
FILES: Files = {
    "package.json": MANIFEST,
    "fonts/Plain-Regular.ttf": font({1: "Plain", 5: "Version 1.2", 13: OFL, 0: "Copyright 2020 The Plain Authors"}),
    "fonts/Plain-Bold.ttf": font({1: "Plain", 2: "Bold", 13: OFL, 0: "Copyright 2020 The Plain Authors"}),
    "sounds/ping.mp3": mp3(TCOP="Creative Commons Attribution 3.0", TIT2="Ping & <pong>"),
    "img/photo.png": png(900, 900, Copyright="(c) 2019 Jane Doe. All rights reserved."),
    "models/README.md": CARD,
    "models/chat.gguf": gguf(general_architecture="llama", general_name="Chat 8B", general_version="2"),
    "data/README.md": "---\nlicense: cc-by-4.0\npretty_name: Numbers\n---\n",
    "data/words.npy": b"\x93NUMPY\x01\x00\x36\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\n" + b"\0" * 4,
}


@cache
def _scan_in(folder: Path) -> Scan:
    return built(folder, FILES)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    return _scan_in(tmp_path_factory.getbasetemp() / "content-of-sboms")


def document(scan: Scan, format_: str, **more: str) -> Any:
    return json.loads(write(made(scan, **more), format_, ".json"))


def by_kind(bom: Bom) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in bom.components:
        if one.content is not None:
            found.setdefault(one.content.kind, []).append(one.name)
    return found


@pytest.mark.parametrize(("format_", "ending"), ALL)
def test_validators_accept_content(content: Scan, format_: str, ending: str, tmp_path: Path) -> None:
    assert complaints(write(made(content), format_, ending), tmp_path) == []


@pytest.mark.parametrize("format_", [*READABLE, "spdx-3.0.1"])
def test_content_reads_back(content: Scan, format_: str) -> None:
    bom = made(content)
    read = read_text(write(bom, format_), "bom.json")
    assert read.problems == ()
    assert facts(read) == facts(bom)
    assert {one.purl for one in read.components if one.is_content} == {
        one.purl for one in bom.components if one.content
    }


def test_every_group_is_there(content: Scan) -> None:
    assert {kind: len(names) for kind, names in by_kind(made(content)).items()} == {
        "font": 1, "audio": 1, "image": 1, "model": 1, "dataset": 1,
    }  # fmt: skip


def test_what_cyclonedx_says_of_a_model(content: Scan) -> None:
    told = {one["name"]: one for one in document(content, "cyclonedx-1.6")["components"]}
    model = next(one for one in told.values() if one["type"] == "machine-learning-model")
    parameters = model["modelCard"]["modelParameters"]
    assert parameters["task"] == "text-generation"
    assert parameters["modelArchitecture"] == "llama"
    assert parameters["datasets"] == [{"type": "dataset", "name": name} for name in ("corpus/one", "corpus/two")]
    assert model["pedigree"] == {"ancestors": [{"type": "machine-learning-model", "name": "big/base-8b"}]}
    assert model["version"] == "2"
    limits = model["modelCard"]["considerations"]
    assert any("700,000,000" in user for user in limits["users"])
    assert any(risk["name"].startswith("Uses are restricted") for risk in limits["ethicalConsiderations"])


def test_what_cyclonedx_says_of_data(content: Scan) -> None:
    told = document(content, "cyclonedx-1.7")["components"]
    fonts = next(one for one in told if one["name"] == "Plain")
    assert fonts["type"] == "data"
    files = {one["name"]: one["value"] for one in fonts["data"][0]["contents"]["properties"]}
    assert set(files) == {"fonts/Plain-Bold.ttf", "fonts/Plain-Regular.ttf"}
    assert all(value.startswith("sha256:") and len(value) == 71 for value in files.values())
    assert [one["data"][0]["type"] for one in told if one["name"].startswith("data")] == ["dataset"]
    assert fonts["licenses"][0]["license"]["id"] == "OFL-1.1"
    assert fonts["copyright"] == "Copyright 2020 The Plain Authors"


def test_spdx_3_names_the_profiles_that_it_has(content: Scan, tmp_path: Path) -> None:
    graph = document(content, "spdx-3.0.1")["@graph"]
    profiles = next(one for one in graph if one["type"] == "SpdxDocument")["profileConformance"]
    assert profiles == ["core", "software", "simpleLicensing", "ai", "dataset"]
    model = next(one for one in graph if one["type"] == "ai_AIPackage")
    assert model["software_primaryPurpose"] == "model"
    assert model["ai_typeOfModel"] == ["llama"]
    assert "corpus/one" in model["ai_informationAboutTraining"]
    assert next(one for one in graph if one["type"] == "dataset_DatasetPackage")["dataset_datasetType"] == ["numeric"]
    for type_ in ("hasConcludedLicense", "hasDeclaredLicense"):
        assert (
            len([one for one in graph if one.get("relationshipType") == type_ and one["from"] == model["spdxId"]]) == 1
        )
    assert "fonts/Plain-Bold.ttf" in {one.get("name") for one in graph if one["type"] == "software_File"}
    plain = document(built(tmp_path, {"package.json": MANIFEST, "LICENSE": "MIT"}), "spdx-3.0.1")["@graph"]
    profiles = next(one for one in plain if one["type"] == "SpdxDocument")["profileConformance"]
    assert profiles == ["core", "software", "simpleLicensing"]


def test_spdx_2_has_purpose_and_files(content: Scan) -> None:
    packages = {one["name"]: one for one in document(content, "spdx-2.3")["packages"]}
    assert packages["Plain"]["primaryPackagePurpose"] == "OTHER"
    assert packages["sounds/ping.mp3"]["primaryPackagePurpose"] == "FILE"
    assert "fonts/Plain-Bold.ttf SHA256: " in packages["Plain"]["annotations"][0]["comment"]


def test_an_unknown_version_is_said(content: Scan) -> None:
    silent = {one.name for one in made(content).components if any(item.field == "version" for item in one.unknown)}
    assert "sounds/ping.mp3" in silent
    assert not any(one.version == "" and one.name not in silent for one in made(content).components)


@pytest.mark.parametrize("profile", ["ntia", "cisa", "bsi", "telco"])
@pytest.mark.parametrize("format_", ["cyclonedx-1.6", "spdx-2.3", "spdx-3.0.1"])
def test_content_is_told_apart_from_what_packages_lack(content: Scan, profile: str, format_: str) -> None:
    gaps = missing(read_text(write(made(content), format_), "bom.json"), profile)
    musts = {name for gap in gaps if gap.required for name in gap.components or ()}
    assert musts <= {"talk@1.0.0"}
    assert any(gap.of_content and gap.field in ("version", "supplier", "license-concluded") for gap in gaps)


def test_long_lists_are_cut_and_say_so(tmp_path: Path) -> None:
    icons = {
        f"img/{number}.png": png(8, 8, Copyright=f"(c) Jane {number // 900}", x=str(number))
        for number in range(MAX_FILES + 7)
    }
    bom = made(built(tmp_path, {"package.json": MANIFEST, **icons}))
    [one] = [one for one in bom.components if one.content]
    assert one.content is not None
    assert (len(one.content.files), one.content.left_out) == (MAX_FILES, 7)
    assert any(item.name == "licscan:files-left-out" and item.value == "7" for item in one.properties)


def test_a_stored_scan_gives_the_same_document(content: Scan, tmp_path: Path) -> None:
    key = save(content, tmp_path / "scans.db")
    assert document(load(tmp_path / "scans.db", key), "cyclonedx-1.7") == document(content, "cyclonedx-1.7")
