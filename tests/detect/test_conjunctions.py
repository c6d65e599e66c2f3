"""What the words between two statements make of them."""

from __future__ import annotations

import pytest

from licscan.detect.engine import Detector
from licscan.detect.grouping import telling
from licscan.licenses import spdx
from licscan.licenses.licensedb import license_text, to_identifiers, to_spdx

SENTENCES = [
    ("You may use it under either the MIT license or the MPL 2.0.", "MIT OR MPL-2.0"),
    ("Licensed under the Apache License 2.0 or the LGPL 2.1.", "Apache-2.0 OR LGPL-2.1-only"),
    ("This project is dual licensed under MIT and Apache 2.0.", "MIT OR Apache-2.0"),
    ("Dual-licensed under ISC and Apache-2.0; choose either.", "ISC OR Apache-2.0"),
    ("Licensed under the MIT License and the BSD 3-Clause License.", "MIT AND BSD-3-Clause"),
    ("Licensed under the MIT license.\n\nThe documentation is licensed under CC-BY-4.0.", "MIT AND CC-BY-4.0"),
    ("available under the MIT License, the Apache License 2.0 or the ISC License.", "MIT OR Apache-2.0 OR ISC"),
    (
        "This is free software under the Zlib license, the MIT license and the Boost Software License 1.0, whichever"
        " you prefer.",
        "Zlib OR MIT OR BSL-1.0",
    ),
    ("Released under the ISC License / MIT License, at your option.", "ISC OR MIT"),
    (
        "This software is licensed under the Mozilla Public License 2.0. Alternatively, it may be used under the terms"
        " of the MIT License.",
        "MPL-2.0 OR MIT",
    ),
    ("You can choose between LGPL-2.1-or-later and MPL-2.0 for this work.", "LGPL-2.1-or-later OR MPL-2.0"),
    ("BSD or GPL v2", "BSD-3-Clause OR GPL-2.0-only"),
    ("Code: Apache License 2.0, artwork: CC-BY-SA-4.0", "Apache-2.0 AND CC-BY-SA-4.0"),
]


@pytest.mark.parametrize(("text", "expression"), SENTENCES)
def test_a_sentence_joins_its_licenses(detector: Detector, text: str, expression: str) -> None:
    found = detector.detect(f"{text}\n".encode(), "README")
    assert found.expression is not None
    assert spdx.same(found.expression, expression), found.expression
    together = [to_spdx(match.expression) or "" for match in telling(found.matches)]
    assert spdx.same(spdx.combine(spdx.AND, together), expression)


NOTICE = """/* This program is free software; you can redistribute it and/or modify
 * it under the terms of the GNU General Public License as published by
 * the Free Software Foundation; either version 2 of the License, or
 * (at your option) any later version.
 *
"""


@pytest.mark.parametrize(
    ("license", "exception", "expression"),
    [
        ("gpl-2.0", "classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("gpl-3.0", "gcc-exception-3.1", "GPL-3.0-only WITH GCC-exception-3.1"),
        ("apache-2.0", "llvm-exception", "Apache-2.0 WITH LLVM-exception"),
        ("lgpl-2.1", "ocaml-lgpl-linking-exception", "LGPL-2.1-only WITH OCaml-LGPL-linking-exception"),
        ("", "libtool-exception-2.0", "GPL-2.0-or-later WITH Libtool-exception"),
        ("", "bison-exception-2.2", "GPL-2.0-or-later WITH Bison-exception-2.2"),
    ],
)
def test_an_exception_belongs_to_the_license_before_it(
    detector: Detector, license: str, exception: str, expression: str
) -> None:
    """Behind the whole text as behind a notice; an exception that is made to another license stays alone."""
    before = license_text(license) if license else NOTICE
    text = f"{before}\n\n{license_text(exception)}\n"
    assert detector.detect(text.encode()).expression == expression


def test_an_exception_to_another_license_is_not_joined(detector: Detector) -> None:
    text = f"{license_text('mit')}\n\n{license_text('classpath-exception-2.0')}\n"
    assert detector.detect(text.encode()).expression == "MIT AND Classpath-exception-2.0"


def test_an_exception_alone_has_its_identifier() -> None:
    """For people; where it must be an expression, SPDX has no way to say it but a reference."""
    assert to_identifiers("classpath-exception-2.0") == "Classpath-exception-2.0"
    assert to_spdx("classpath-exception-2.0") == "LicenseRef-scancode-classpath-exception-2.0"


def test_see_license_behind_the_license_says_nothing_more(detector: Detector) -> None:
    text = "This project is licensed under the **MIT License**.\nSee the [LICENSE](./LICENSE) file for details.\n"
    assert detector.detect(text.encode(), "README.md").expression == "MIT"
