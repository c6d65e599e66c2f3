"""licscan.toml: every key typed, every mistake placed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from licscan.config import KEYS, Config, load_config, parse_config
from licscan.errors import ConfigError
from licscan.tables import data_folder

EXAMPLE = (data_folder() / "licscan.example.toml").read_text(encoding="utf-8")


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path) == Config()


def test_the_example_as_written_gives_the_defaults() -> None:
    assert parse_config(EXAMPLE, "licscan.toml") == Config()


def test_every_setting_of_the_example_is_real_when_uncommented() -> None:
    uncommented = re.sub(r"(?m)^# ([a-z-]+ = )", r"\1", EXAMPLE)
    config = parse_config(uncommented, "licscan.toml")
    assert config.outbound == "proprietary"
    assert config.exclude == ("examples/**", "tests/fixtures/**")
    assert config.jobs == 16


def test_the_example_explains_every_setting() -> None:
    explained = set(re.findall(r"(?m)^# ([a-z-]+) = ", EXAMPLE))
    assert explained == {key for keys in KEYS.values() for key in keys}


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
