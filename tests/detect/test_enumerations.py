"""Lists of bare license names in sentences: read whole or not at all, a choice where the sentence offers one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.detect.engine import Detector
from licscan.detect.enumerations import find_enumerations

COMMERCIAL = "LicenseRef-scancode-commercial-license"


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("It is tri-licensed under MPL 1.1, GPL 2.0 and LGPL 2.1.", "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-only"),
        ("Triple-licensed under MIT, Apache-2.0 or ISC at your option", "MIT OR Apache-2.0 OR ISC"),
        ("dual-licensed: AGPL-3.0 and a commercial license", f"AGPL-3.0-only OR {COMMERCIAL}"),
        ("Available under GPLv3 or a commercial licence from Acme", f"GPL-3.0-only OR {COMMERCIAL}"),
        ("Released under the MIT and zlib licenses.", "MIT AND Zlib"),
        ("you may redistribute it under any of MIT, ISC, or Zlib", "MIT OR ISC OR Zlib"),
        ("provided under MIT or, at your option, BSL-1.0", "MIT OR BSL-1.0"),
        ("distributed under GPLv2 or later and LGPL 2.1 or newer", "GPL-2.0-or-later AND LGPL-2.1-or-later"),
        ("# Licensed under MIT,\n# ISC and\n# Zlib", "MIT AND ISC AND Zlib"),
        ("licensed under MIT and includes code of Acme", "MIT"),
        ("本项目采用 MIT 和 Apache-2.0 双许可证", "MIT OR Apache-2.0"),
        ("基于 MIT、Apache-2.0 和 BSD-3-Clause 许可证发布", "MIT AND Apache-2.0 AND BSD-3-Clause"),
        ("available under ISC and free of charge", "ISC"),
        ("Released under the MIT/X11 license", "MIT"),
        ("Dual licensed under MIT/X11 or ISC", "MIT OR ISC"),
        ("Licensed under MIT/Apache-2.0", "MIT OR Apache-2.0"),
    ],
)  # fmt: skip
def test_lists_are_read_whole(detector: Detector, text: str, expression: str) -> None:
    assert detector.detect(text.encode(), "README.md").expression == expression


@pytest.mark.parametrize(
    "text",
    [
        "This was licensed under MIT or ISC.",
        "It is not available under Zlib or ISC.",
        "unless licensed under MIT or GPL-3.0",
        "available under Ruby 3 and Python 2.7",
        "Licensed under MIT, ISC and the Foo Public License",
        "released under Creative Commons Attribution 3.0 United States",
        "distributed under LGPL-2.1 with the exception below",
        "使用 ISC 库",
        "我们不使用 MIT 和 ISC 许可证",
    ],
)
def test_what_is_denied_half_known_or_no_license_is_no_list(text: str) -> None:
    assert find_enumerations(text) == ()


@given(
    st.lists(st.sampled_from(["licensed under ", "the ", "MIT", ", ", "ISC", " or ", "\n// ", "(", ")", "许可", " "]))
)
def test_places_are_in_order_and_within_the_text(words: list[str]) -> None:
    text = "".join(words)
    found = find_enumerations(text)
    places = [place for one in found for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    assert all({*one.expression.split()} <= {"MIT", "ISC", "AND", "OR"} for one in found)
