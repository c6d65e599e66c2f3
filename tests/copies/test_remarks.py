"""License comments: which count, and that a number stands for their words."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from licscan.copies import segments
from licscan.copies.prints import Language
from licscan.copies.recognise import recognise
from licscan.copies.remarks import first_remark, leading_lines, license_remarks
from tests.copies.made import indexed, library, minified, module, segment
from tests.growth import assert_linear

JS, PY = Language.JAVASCRIPT, Language.PYTHON
BANNER = "/*!\n * Alpha 1.0\n * Copyright (c) 2019 Ada Byron\n * Released under the MIT license\n */\n"

STATES = {
    "block": (JS, "/* Copyright 2020 Ada */\nx()"),
    "lines": (JS, "// Licensed under MIT\n// by Ada\nx()"),
    "behind a pragma": (JS, "#!/usr/bin/env node\n'use strict';\n/* (c) Ada */\nx()"),
    "second comment": (JS, "/* eslint-disable */\n\n/* SPDX-License-Identifier: MIT */\nx()"),
    "kept by minifiers": (JS, "x();/*! Alpha | MIT License */y()"),
    "kept by a tag": (JS, "x();\n/**\n * @license\n * Copyright Ada\n */y()"),
    "hashes": (PY, "#!/usr/bin/python\n# Copyright 2020 Ada\nimport x"),
    "docstring": (PY, '"""A module.\n\nLicensed under MIT.\n"""\nimport x'),
    "bom": (JS, "\ufeff// Copyright Ada\nx()"),
    "never closed": (JS, "/* Copyright Ada"),
}
SILENT = {
    "none": (JS, "x()"),
    "other words": (JS, "/* Adds two numbers. */\nx()"),
    "below code": (JS, "x()\n/* Copyright Ada */"),
    "in a string": (JS, "x('/* Copyright Ada */')"),
    "empty": (JS, ""),
    "banner without": (JS, "/*! alpha v1.0 */x()"),
    "python below code": (PY, "import x\n# Copyright Ada\n"),
}


@pytest.mark.parametrize("name", STATES)
def test_it_states_a_license(name: str) -> None:
    language, text = STATES[name]
    assert first_remark(text.encode(), language) in license_remarks(text.encode(), language)
    assert first_remark(text.encode(), language)


@pytest.mark.parametrize("name", SILENT)
def test_it_states_none(name: str) -> None:
    language, text = SILENT[name]
    assert not license_remarks(text.encode(), language)
    assert first_remark(text.encode(), language) == 0


def test_years_stars_and_line_ends_make_no_difference() -> None:
    other = "/* Alpha 2.3, Copyright (C) 2015-2024 Ada Byron -- Released under the MIT License. */\r\nx()"
    assert first_remark(BANNER.encode(), JS) == first_remark(other.encode(), JS)
    assert first_remark(BANNER.encode(), JS) != first_remark(BANNER.replace("Ada", "Eva").encode(), JS)


@pytest.mark.parametrize(("text", "lines"), [("x()", 0), (BANNER + "x()", 5), ("// a\n\n// b\nx()", 3), ("/* a */", 1)])
def test_the_lines_before_code(text: str, lines: int) -> None:
    assert leading_lines(text.encode(), JS) == lines


@pytest.mark.parametrize(
    "piece", ["/*!", "/*", "//\n", "/* */", "@license ", "/*! (c) */", "'use strict'", '"""', "#\n"]
)
@pytest.mark.parametrize("language", [JS, PY])
def test_hostile_text_takes_linear_time(piece: str, language: Language) -> None:
    assert_linear(lambda size: partial(license_remarks, (piece * size).encode(), language), 400_000)


FATES = {
    "same bytes": (BANNER + library(1), "kept"),
    "reformatted": (BANNER + library(1).replace("  ", "\t"), "kept"),
    "minified with it": (BANNER + minified(library(1)), "kept"),
    "minified without": (minified(library(1)), "lost"),
    "taken away": (library(1).replace("  ", "\t"), "lost"),
    "another one": ("// Copyright 2025 Somebody Else\n" + library(1), "other"),
}


@pytest.mark.parametrize("name", FATES)
def test_what_became_of_it(name: str, tmp_path: Path) -> None:
    text, fate = FATES[name]
    index = indexed(tmp_path, segment("alpha", "1.0.0", {"index.js": BANNER + library(1)}))
    (copy,) = recognise(text.encode(), "x.js", index)
    assert copy.remark == fate


def test_of_a_file_that_had_none_in_some_version_nothing_is_said(tmp_path: Path) -> None:
    first = segment("alpha", "1.0.0", {"index.js": library(1)})
    second = segment("alpha", "1.1.0", {"index.js": BANNER + library(1)})
    (copy,) = recognise(minified(library(1)).encode(), "x.js", indexed(tmp_path, first, second))
    assert copy.remark == ""


def test_python_has_it_too(tmp_path: Path) -> None:
    index = indexed(tmp_path, segment("beta", "1.0", {"beta.py": "# Copyright 2020 Ada\n" + module(2)}, "pypi"))
    assert [one.remark for one in recognise(module(2).replace("    ", "  ").encode(), "x.py", index)] == ["lost"]


def test_segments_keep_it_and_older_ones_are_read() -> None:
    made = segment("alpha", "1.0.0", {"a.js": BANNER + library(1), "b.js": library(2)}, holders=("2019 Ada", "x" * 500))
    back = segments.load(segments.dump(made))
    assert (back.holders, [unit.remark for unit in back.units]) == (made.holders, [unit.remark for unit in made.units])
    assert segments.dump(back) == segments.dump(made)
    assert made.holders == ("2019 Ada",)
    assert [bool(unit.remark) for unit in made.units] == [True, False]
    plain = segment("alpha", "1.0.0", {"b.js": library(2)})
    assert [unit.remark for unit in segments.load(segments.dump(plain)).units] == [0]
