"""A list of licenses says nothing of the file; a list of parts with their licenses says a lot, and all of it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest

from licscan.detect.engine import Detector
from licscan.detect.rows import HINTS, Rows, find_rows
from tests.growth import assert_linear

PARTS = [
    ("alder", "MIT"), ("aspen", "Apache-2.0"), ("beech", "MIT"), ("birch", "BSD-3-Clause"), ("cedar", "ISC"),
    ("cypress", "MIT"), ("ebony", "Apache-2.0"), ("elm", "MIT"), ("fir", "BSD-2-Clause"), ("oak", "Zlib"),
    ("hazel", "LGPL-2.1-or-later"), ("hickory", "MIT"), ("larch", "BSD-3-Clause"), ("linden", "MIT"),
    ("maple", "Apache-2.0"), ("olive", "ISC"), ("pine", "MIT"), ("poplar", "GPL-3.0-only"), ("rowan", "MPL-2.0"),
    ("yew", "MIT"),
]  # fmt: skip
NAMES = {
    "MIT": "MIT License", "Apache-2.0": "Apache License 2.0", "BSD-3-Clause": "BSD 3-Clause", "ISC": "ISC License",
    "BSD-2-Clause": "BSD 2-Clause", "LGPL-2.1-or-later": "LGPLv2.1+", "Zlib": "zlib License", "GPL-3.0-only": "GPLv3",
    "MPL-2.0": "Mozilla Public License 2.0", "Unlicense": "The Unlicense", "BSL-1.0": "Boost Software License 1.0",
    "AGPL-3.0-only": "AGPLv3", "EPL-2.0": "Eclipse Public License 2.0", "CC0-1.0": "CC0 1.0", "WTFPL": "WTFPL",
    "Artistic-2.0": "Artistic License 2.0", "EUPL-1.2": "EUPL 1.2", "OFL-1.1": "SIL Open Font License 1.1",
}  # fmt: skip

OF_PARTS: dict[str, Callable[[str, str, int], str]] = {
    "table": lambda part, license_, at: f"| {part:10} | {NAMES[license_]:30} |",
    "table of identifiers": lambda part, license_, at: f"| {part} | 1.{at}.0 | {license_} |",
    "dashes": lambda part, license_, at: f"{part} - {NAMES[license_]}",
    "bullets": lambda part, license_, at: f"* {part} 1.{at}: {NAMES[license_]}",
    "brackets": lambda part, license_, at: f"  {part} ({license_})",
    "columns": lambda part, license_, at: f"{part:12} 1.{at}.2   {license_}",
    "commas": lambda part, license_, at: f'"{part}","1.{at}","{license_}"',
    "cells": lambda part, license_, at: f'<tr><td class="p">{part}</td><td>{license_}</td></tr>',
    "words in cells": lambda part, license_, at: f"<tr>\n<td>{part}</td><td>{NAMES[license_]}</td>\n</tr>",
    "tree": lambda part, license_, at: f"├─ {part}@1.{at}\n│  ├─ licenses: {license_}\n│  └─ path: /x/{part}",
    "objects": lambda part, license_, at: f'{{"name": "{part}", "version": "1.{at}", "license": "{license_}"}},',
    "yaml": lambda part, license_, at: f"- name: {part}\n  license: {license_}",
    "headings": lambda part, license_, at: f"### {part} 1.{at}\n\nLicense: {license_}\n",
    "numbers": lambda part, license_, at: f"{at}. {part} ({license_}) https://{part}.example/",
    "addresses": lambda part, license_, at: f"x.example/{part},https://x.example/{part}/LICENSE,{license_}",
    "rules": lambda part, license_, at: f"| {part} | 1.{at} | {license_} |\n+------+-----+-----+",
    "Chinese": lambda part, license_, at: f"{part} 1.{at}：{license_} 许可证",
}

OF_LICENSES: dict[str, Callable[[str, int], str]] = {
    "lines": lambda license_, at: f"{license_}\n",
    "array": lambda license_, at: f"'{license_}', ",
    "names": lambda license_, at: f"- {NAMES[license_]}\n",
    "pairs": lambda license_, at: f'  "{license_}": "{NAMES[license_]}",\n',
    "table": lambda license_, at: f"| {license_} | {NAMES[license_]} |\n",
    "options": lambda license_, at: f'<option value="{license_}">{NAMES[license_]}</option>\n',
    "objects": lambda license_, at: f'{{"license": "{license_}", "name": "{NAMES[license_]}"}},\n',
    "links": lambda license_, at: f"{at}. [{NAMES[license_]}](https://licenses.example/{license_}.html)\n",
}


def rows_of(text: str) -> Rows:
    """The rows, with every word that is a hint."""
    return find_rows(text, [found.start() for found in re.finditer(r"[\w.]+", text) if found[0].lower() in HINTS])


@pytest.mark.parametrize("count", [15, 20])
@pytest.mark.parametrize("form", OF_PARTS)
def test_the_license_of_every_part_is_found(detector: Detector, form: str, count: int) -> None:
    parts = PARTS[-count:]
    lines = "\n".join(OF_PARTS[form](part, license_, at) for at, (part, license_) in enumerate(parts))
    text = f"This product contains these libraries:\n\n{lines}\n"
    found = detector.detect(text.encode())
    for _part, license_ in parts:
        assert license_ in (found.expression or ""), (license_, found.expression)


@pytest.mark.parametrize("form", OF_LICENSES)
def test_a_list_of_licenses_says_nothing(detector: Detector, form: str) -> None:
    text = "known = [\n" + "".join(OF_LICENSES[form](license_, at) for at, license_ in enumerate(NAMES)) + "]\n"
    assert detector.detect(text.encode()).expression is None


@pytest.mark.parametrize("form", ["cells", "objects"])
def test_a_list_on_one_line_is_read_too(detector: Detector, form: str) -> None:
    text = "".join(OF_PARTS[form](part, license_, at) for at, (part, license_) in enumerate(PARTS))
    found = detector.detect(f"<table>[{text}]</table>".encode())
    assert [license_ for _part, license_ in PARTS if license_ not in (found.expression or "")] == []


def test_rows_that_nobody_can_read_do_not_hide_those_beside_them(detector: Detector) -> None:
    """Some cells hold a link, a remark, or a name that nobody knows."""
    rows = [*(OF_PARTS["table"](part, license_, 1) for part, license_ in PARTS)]
    rows[3:3] = ["| spruce | [spruce license](https://trees.example/LICENSE) (BSD-like) |"]
    rows[9:9] = ["| willow | own terms, see the folder |", "|--------|-------|", ""]
    found = detector.detect("\n".join(["| part | used under |", "|---|---|", *rows]).encode())
    assert {match.expression for match in found.matches} >= {"mit", "isc", "gpl-3.0", "zlib"}


@pytest.mark.parametrize(
    "text",
    [
        "mix MIT\n",
        "The MIT crowd - and GPL - met at noon: ISC was there, MIT too.\n",
        "MIT: permissive\nISC: permissive\nGPLv3: copyleft\nZlib: permissive\n",
        "| MIT | permissive |\n| ISC | permissive |\n| GPLv3 | copyleft |\n",
        "const known = {\n  'mit': 'MIT',\n  'isc': 'ISC',\n  'gpl': 'GPL-3.0-only',\n};\n",
    ],
    ids=["prose", "sentence", "explained", "rated", "code"],
)
def test_what_is_no_list_of_parts_has_no_rows(text: str) -> None:
    assert rows_of(text).fields == ()


@pytest.mark.parametrize(
    "piece",
    ["| a | MIT |\n", "MIT ", "a  MIT  " * 40, "|" * 300 + "MIT\n", '"a","MIT"\n', "a (MIT\n", "- MIT - ", "MIT\n\n"],
    ids=["rows", "names", "columns", "bars", "quoted", "brackets", "dashes", "lines"],
)
def test_time_grows_with_the_text(piece: str) -> None:
    assert_linear(lambda size: partial(rows_of, piece * (size // len(piece))), 200_000)
