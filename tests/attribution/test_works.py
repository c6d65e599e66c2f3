"""What goes with fonts, pictures, sounds and models in notices: title, author, source, license, names, changes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from licscan.attribution.document import document
from licscan.attribution.json_format import to_json
from licscan.attribution.records import Attributions
from licscan.attribution.render import render
from licscan.base.tables import load_json
from licscan.compose.notices import notices
from tests.content.making import font, mp3
from tests.content.projects import MANIFEST, OFL, Files, built

FONT = {
    1: "Plain Sans",
    0: 'Copyright 2020 The Plain Authors (us@plain.example), with Reserved Font Name "Plain".',
    13: OFL,
}
BY = "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"

CASES: dict[str, tuple[Files, dict[str, tuple[str, ...]]]] = {
    "a font under the OFL, its author without the address, its reserved name": (
        {"fonts/plain.ttf": font(FONT)},
        {
            "Plain Sans": (
                "By: The Plain Authors",
                "From: not named",
                "License: OFL-1.1",
                "Reserved Font Names: Plain",
                "Whether it was changed is unknown.",
            )
        },
    ),
    "a sound that a list credits": (
        {
            "sounds/CREDITS.md": f"`ping.mp3` by Jane Doe, https://sounds.example/ping, {BY}\n",
            "sounds/ping.mp3": mp3(TIT2="Ping"),
        },
        {
            "Ping (sounds/ping.mp3)": (
                "By: Jane Doe",
                "From: https://sounds.example/ping",
                "License: CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/)",
                "Whether it was changed is unknown.",
            )
        },
    ),
    "what is one's own": ({"sounds/ping.mp3": mp3(TCOP="2024 Talk Ltd")}, {}),
}


def told(root: Path, files: Files) -> Attributions:
    scan = built(root, {"package.json": MANIFEST, **files})
    return notices(scan, root)


@pytest.mark.parametrize("name", CASES)
def test_credits(name: str, tmp_path: Path) -> None:
    files, expected = CASES[name]
    assert {one.text: one.more for one in document(told(tmp_path, files)).credits} == expected


def test_a_license_that_is_named_by_its_address_lacks_no_text(tmp_path: Path) -> None:
    files = CASES["a sound that a list credits"][0]
    text = render(document(told(tmp_path, files)), "text")
    assert "License text: https://creativecommons.org/licenses/by/4.0/" in text
    assert "does not contain its license text" not in text


def test_the_name_of_a_license_is_no_copyright_statement(tmp_path: Path) -> None:
    files: Files = {"sounds/bell.mp3": mp3(TCOP="Creative Commons Attribution 3.0", TPE1="Jane Doe")}
    [entry] = told(tmp_path, files).entries
    assert entry.license == "CC-BY-3.0"
    assert entry.holders == ()
    assert entry.credits[0].creators == ("Jane Doe",)


def test_is_as_the_schema_says(tmp_path: Path) -> None:
    made = json.loads(
        to_json(told(tmp_path, CASES["a font under the OFL, its author without the address, its reserved name"][0]))
    )
    jsonschema_rs.validate(load_json("notices.schema.json"), made)
    [entry] = made["components"]
    assert entry["credits"][0]["changed"] is None
    assert entry["credits"][0]["reserved_font_names"] == ["Plain"]
