"""Declared expressions in fields of files of every format, and in plain text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.detect.engine import Detector
from licscan.detect.fields import WORDS, find_expressions, find_fields
from licscan.licenses import spdx
from tests.growth import assert_linear

FIELDS = [
    # a label, or an assignment, in the notation of many formats
    ("README.md", "# Widget\n\nLicense: MIT OR ISC\n", "MIT OR ISC"),
    ("README.md", "**License:** GPL-2.0-or-later OR MIT.\n", "GPL-2.0-or-later OR MIT"),
    ("README.md", "License: MIT OR Zlib, whichever suits.\n", "MIT OR Zlib"),
    ("package.json", '{"name": "w", "license": "(CC-BY-4.0 AND OFL-1.1 AND MIT)"}', "CC-BY-4.0 AND OFL-1.1 AND MIT"),
    ("package.json", '{\n  "license" : "mit or apache-2.0"\n}\n', "MIT OR Apache-2.0"),
    ("package.json", '{"licenses": [{"type": "MIT", "url": "x"}, {"type": "Zlib"}]}', "MIT AND Zlib"),
    ("Cargo.toml", 'license = "BSD-2-Clause/Zlib"\n', "BSD-2-Clause OR Zlib"),
    (
        "Cargo.toml",
        'license = "Apache-2.0 WITH LLVM-exception OR MIT"\n',
        "Apache-2.0 WITH LLVM-exception OR MIT",
    ),
    ("pyproject.toml", '[project]\nlicense = {text = "MIT OR ISC"}\n', "MIT OR ISC"),
    ("setup.cfg", "[metadata]\nlicense = LGPL-2.1-or-later OR MIT\n", "LGPL-2.1-or-later OR MIT"),
    ("setup.py", 'setup(name="w", license="BSD-3-Clause OR Apache-2.0")\n', "BSD-3-Clause OR Apache-2.0"),
    ("METADATA", "Name: w\nLicense-Expression: ISC OR BSD-2-Clause\n", "ISC OR BSD-2-Clause"),
    ("conf.yaml", "name: w\nlicense: MIT OR Apache-2.0\n", "MIT OR Apache-2.0"),
    ("conf.yaml", "name: w\nlicense:\n  - MPL-2.0\n  - MIT\n", "MPL-2.0 AND MIT"),
    ("w.cabal", "license:      BSD-3-Clause OR GPL-2.0-only\n", "BSD-3-Clause OR GPL-2.0-only"),
    ("w.opam", 'license: "ISC OR MIT"\n', "ISC OR MIT"),
    ("PKGBUILD", "pkgname=w\nlicense=('GPL-2.0-or-later OR MIT')\n", "GPL-2.0-or-later OR MIT"),
    ("w.gemspec", '  s.licenses = ["MIT", "Ruby"]\n', "MIT AND Ruby"),
    ("bom.json", '{"licenses": [{"expression": "MIT OR Zlib"}]}', "MIT OR Zlib"),
    # lists whose meaning the format defines
    ("composer.json", '{"license": ["LGPL-2.1-only", "GPL-3.0-or-later"]}', "LGPL-2.1-only OR GPL-3.0-or-later"),
    ("w.rb", '  license any_of: ["MIT", "Apache-2.0"]\n', "MIT OR Apache-2.0"),
    ("w.rb", '  license all_of: ["BSL-1.0", "Zlib"]\n', "BSL-1.0 AND Zlib"),
    (
        "pom.xml",
        "<licenses>\n<license>\n<name>MIT License</name>\n</license>\n<license><name>ISC</name></license>\n</licenses>",
        "MIT OR ISC",
    ),
    ("pom.xml", "<licenses><license><name>BSD-3-Clause-Clear</name></license></licenses>", "BSD-3-Clause-Clear"),
    ("pom.xml", "<licenses><license><name>Vim</name></license></licenses>", "Vim"),
    # short names of Debian, Fedora and R
    ("copyright", "Files: *\nLicense: GPL-2+ or Expat\n", "GPL-2.0-or-later OR MIT"),
    ("copyright", "License: ISC and (Apache-2.0 or GPL-3+)\n", "ISC AND (Apache-2.0 OR GPL-3.0-or-later)"),
    ("w.spec", "Name: w\nLicense: GPLv2+ and MIT\n", "GPL-2.0-or-later AND MIT"),
    ("DESCRIPTION", "Package: w\nLicense: GPL-2 | GPL-3\n", "GPL-2.0-only OR GPL-3.0-only"),
    ("DESCRIPTION", "Package: w\nLicense: GPL (>= 3)\n", "GPL-3.0-or-later"),
    # elements, tags, calls, badges, headings
    ("w.nuspec", '<license type="expression">MIT OR Apache-2.0</license>', "MIT OR Apache-2.0"),
    ("w.metainfo.xml", "<project_license>Zlib AND MPL-2.0</project_license>", "Zlib AND MPL-2.0"),
    ("w.js", "/**\n * @license MIT OR ISC\n */\n", "MIT OR ISC"),
    ("w.js", "/*! w v1 | @license Apache-2.0 AND MIT | (c) */\n", "Apache-2.0 AND MIT"),
    ("package.py", '    license("Apache-2.0 OR MIT", checked_by="w")\n', "Apache-2.0 OR MIT"),
    ("README.md", "![l](https://img.shields.example/badge/license-Apache--2.0-blue.svg)\n", "Apache-2.0"),
    ("README.md", "![l](https://img.shields.example/badge/license-MIT%20OR%20Zlib-blue)\n", "MIT OR Zlib"),
    ("README.md", "# Widget\n\nText.\n\n## License\n\nMIT OR Apache-2.0\n", "MIT OR Apache-2.0"),
    # plain text
    ("w.txt", "This crate is available under MIT OR Apache-2.0.\n", "MIT OR Apache-2.0"),
    ("w.txt", "Use it under (MIT OR Apache-2.0) AND Unicode-3.0.\n", "(MIT OR Apache-2.0) AND Unicode-3.0"),
    # references of one's own keep their name
    ("w.c", "// SPDX-License-Identifier: LicenseRef-Widget-Commercial\n", "LicenseRef-Widget-Commercial"),
    ("package.json", '{"license": "LicenseRef-Widget-Commercial"}', "LicenseRef-Widget-Commercial"),
    ("w.c", "// SPDX-License-Identifier: DocumentRef-w:LicenseRef-W-1\n", "DocumentRef-w:LicenseRef-W-1"),
    (
        "w.c",
        "// SPDX-License-Identifier: AGPL-3.0-only OR LicenseRef-Widget-Commercial\n",
        "AGPL-3.0-only OR LicenseRef-Widget-Commercial",
    ),
]


@pytest.mark.parametrize(("name", "text", "expression"), FIELDS)
def test_a_field_is_read_as_an_expression(detector: Detector, name: str, text: str, expression: str) -> None:
    """What a field declares is said as it is declared."""
    found = detector.detect(text.encode(), name).expression
    assert found is not None
    assert spdx.same(found, expression), found


@pytest.mark.parametrize(
    "text",
    [
        "def license(x):\n    license = get('ruby')\n    return license\n",
        "Please read the license: it says that copying is fair.\n",
        "license = None\n",
        "license: see the bottom of this page\n",
        'licenses(["notice"])\n',
        "This AND that OR the other.\n",
        "SET A AND B OR C\n",
        "const license = icu.load(ruby or zed)\n",
        "The license-server-blue theme.\n",
    ],
)
def test_what_declares_nothing(text: str) -> None:
    assert find_fields(text, places(text)) == ()
    assert find_expressions(text) == ()


def places(text: str) -> list[int]:
    """Where the words stand that begin a field."""
    return [found.start() for found in re.finditer("|".join(sorted(WORDS, reverse=True)), text, re.IGNORECASE)]


@pytest.mark.parametrize(
    "text", ['"license": "MIT OR Widget-1.0"', "License: MIT, Apache-2.0", "License: BSD", "License: Apache or MIT"]
)
def test_what_cannot_be_read_whole_is_left_to_the_rules(text: str) -> None:
    """A half of a declaration would be another one."""
    assert find_fields(text, places(text)) == ()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="licenseLC:=\"'[]{}()<>/@-. \nMITORANDap2|,#", max_size=200))
def test_anything_may_stand_there(text: str) -> None:
    """Every field lies inside of the text, in order, and says a valid expression."""
    text = f"license{text}"
    end = 0
    for field in find_fields(text, places(text)):
        assert end <= field.start < field.end <= len(text)
        assert spdx.validate(field.expression) == ()
        end = field.end


HOSTILE = [
    "license: [",
    '"license": {"id": ',
    "<license>",
    "<licenses><license><name>MIT</name>",
    "@license MIT OR ",
    "license\n\n",
    "(MIT AND ",
    "MIT OR ",
    "license:\n - MIT\n",
    "badge/license-a-",
    "license any_of: [",
    "license: a/b/c/",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_size(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))
        at = places(text)
        return lambda: (find_fields(text, at), find_expressions(text))

    assert_linear(work, 100_000)
