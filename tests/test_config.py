"""licscan.toml: every key typed, every mistake placed."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from licscan.base.errors import ConfigError
from licscan.base.tables import data_folder
from licscan.config import KEYS, Config, load_config, parse_config
from licscan.config.kinds import CATEGORIES, profile_names
from licscan.config.schema import COMPONENT_FACTS
from licscan.law.facts import Facts
from licscan.law.terms import CLASSES

EXAMPLE = (data_folder() / "licscan.example.toml").read_text(encoding="utf-8")


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path) == Config()


def test_the_example_as_written_gives_the_defaults() -> None:
    assert parse_config(EXAMPLE, "licscan.toml") == Config()


def uncommented(text: str) -> str:
    return re.sub(r"(?m)^# ([a-z-]+ = |\[\[)", r"\1", text)


def test_every_setting_of_the_example_is_real_when_uncommented() -> None:
    config = parse_config(uncommented(EXAMPLE), "licscan.toml")
    assert config.outbound == "proprietary"
    assert config.exclude == ("examples/**", "tests/fixtures/**")
    assert config.jobs == 16
    assert config.facts.mau == 250000
    assert config.policy.rules[0].packages[0].text == "pkg:npm/dompurify@>=3,<4"
    assert [surface.name for surface in config.surfaces] == ["server"]
    assert config.waivers[0].expires.isoformat() == "2027-01-31"
    lines = EXAMPLE.splitlines()
    for entry, table in ((config.waivers[0], "waiver"), (config.grants[0], "grant")):
        assert lines[(entry.line or 0) - 1] == f"# [[{table}]]"


def test_the_example_explains_every_setting() -> None:
    explained: dict[str, set[str]] = {}
    table = ""
    for line in uncommented(EXAMPLE).splitlines():
        if header := re.match(r"\[+([a-z.]+)\]+$", line):
            table = header[1]
        elif key := re.match(r"([a-z-]+) = ", line):
            explained.setdefault(table, set()).add(key[1])
    assert explained == {table: set(keys) for table, keys in KEYS.items()}


def test_every_fact_can_be_told() -> None:
    elsewhere = {"entitlements", "additional-use-grant", "shipped"}
    assert {field.name.replace("_", "-") for field in fields(Facts)} == {*COMPONENT_FACTS, *elsewhere}


def test_the_names_are_those_of_the_law() -> None:
    assert set(CATEGORIES) == CLASSES | {"unknown"}
    assert profile_names() == ("asf", "copyleft-project", "permissive-only", "proprietary-on-premise", "saas")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[scan]\nofline = true",
            "licscan.toml: scan.ofline: is not a setting of licscan (did you mean scan.offline?)",
        ),
        ("[scam]", "did you mean scan?"),
        ("scan = 1", "scan: should be a table"),
        ("[scan]\njobs = 0", "scan.jobs: should be a positive whole number"),
        ("[scan]\njobs = true", "scan.jobs: should be a positive whole number"),
        ("[scan]\nexclude = 1", "scan.exclude: should be a list of strings"),
        ("[scan]\nfail-on = 'loud'", "scan.fail-on: should be one of error, warning, note, never"),
        ("[scan", "is not valid TOML"),
        ("waiver = 3", "waiver: should be written as [[waiver]]"),
        ("[waiver]", "waiver: should be written as [[waiver]]"),
        ("[[waivers]]", "waivers: is not a setting of licscan (did you mean waiver?)"),
        ("[policy]\nrule = 3", "policy.rule: should be written as [[policy.rule]]"),
        ("[policy]\nrul = 3", "policy.rul: is not a setting"),
        ("[facts]\nmau = -1", "facts.mau: should be a whole number"),
        ("[facts]\nmao = 1", "facts.mao: is not a setting of licscan (did you mean facts.mau?)"),
        ("[project]\noutbound = 'MITT'", "project.outbound: should be an SPDX license expression, or proprietary"),
        ("[policy]\nprofile = 'as'", "policy.profile: as is not known here; did you mean asf?"),
        ("[policy]\nallow = ['MITT']", "policy.allow: MITT is not an SPDX license identifier; did you mean MIT?"),
        ("[policy]\nallow-categories = ['copylefts']", "copylefts is not known here; did you mean copyleft?"),
        (
            "\n[[waiver]]\nfinding = 'license-missing'\nreason = 'temporary'\nowner = 'a'",
            "licscan.toml: line 2: waiver.expires: is missing (each [[waiver]] needs finding, reason, owner, expires)",
        ),
        ("[[waiver]]\nexpires = 'soon'", "line 1: waiver.expires: should be a day such as 2027-01-31"),
        ("[[waiver]]\nexpires = 2027-01-31T00:00:00", "waiver.expires: should be a day"),
        ("[[waiver]]\nreason = 'because'", "waiver.reason: should be one of accepted-risk, false-positive"),
        ("[[waiver]]\nfinding = 'waiver-expired'", "waiver.finding: should be one of"),
        ("[[waiver]]\nfinding = 'license-mising'", "license-mising is not known here; did you mean license-missing?"),
        ("[[waiver]]\npackages = ['left']", "waiver.packages: left: should be a package such as pkg:npm/left"),
        ("[[waiver]]\npackages = ['pkg:npm/left@']", "ends where a version should follow the @"),
        ("[[waiver]]\npackages = ['pkg:npm/left@banana']", "has a version range that npm does not know: banana"),
        ("[[waiver]]\npackages = ['pkg:pypi/left@banana']", "has a version range that Python does not know: banana"),
        ("[[waiver]]\npackages = ['pkg:generic/left@>=1']", "licscan supports only those of pkg:pypi and pkg:npm"),
        ("[[waiver]]\nevidence = 'sha256:12'", "waiver.evidence: should be a digest as `licscan show --digest"),
        ("[[clarification]]\nlicense = 'GPL-3.0'", "GPL-3.0 is a deprecated identifier; write GPL-3.0-only"),
        ("[[surface]]\nname = 'a'\ndeployment = 'brwser'", "brwser is not known here; did you mean browser?"),
        ("[[surface]]\nname = 'a'\ndeployment = 'saas'\nfacts = 3", "line 1: surface.facts: should be a table"),
        (
            "[[surface]]\nname = 'a'\ndeployment = 'saas'\n[[surface]]\nname = 'a'\ndeployment = 'saas'",
            "surface.name: a is defined twice",
        ),
        (
            "[[surface]]\nname = 'web'\ndeployment = 'saas'\n[[component]]\npackages = 'pkg:npm/a'\nsurfaces = 'wep'",
            "line 4: component.surfaces: wep is not a surface (did you mean web?)",
        ),
        ("a = " + "[" * 5000, "is not valid TOML"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "licscan.toml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unreadable_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "licscan.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)


def test_a_digest_may_be_the_whole_line_that_show_prints(tmp_path: Path) -> None:
    digest = "sha256:" + "0" * 64
    written = f"""
[[clarification]]
packages = "pkg:npm/left"
license = "MIT"
reason = "read"
evidence = "pkg:npm/left@2.1.0  {digest}"
"""
    (tmp_path / "licscan.toml").write_text(written)
    (record,) = load_config(tmp_path).clarifications
    assert record.evidence == (digest,)
