"""Legal prose that is no license of the index."""

from __future__ import annotations

import pytest

from licscan.detect.engine import Detector
from licscan.detect.types import LicenseMatch, MatchKind

EULA = """Granting of rights. Subject to payment of the applicable fees the licensor grants to the licensee a limited,
non-exclusive and non-transferable right to install and use the software on the devices for which fees were paid. The
licensee shall not sublicense, rent, lease, distribute or modify the software, nor permit any third party to do so. All
rights that are not expressly granted remain with the licensor. The warranty is limited to ninety days; the liability
of the licensor under this agreement shall not exceed the fees paid by the licensee. The agreement terminates
immediately if the licensee breaches any of its obligations, and all copies of the software must then be destroyed.
"""
PROSE = """The gateway reads messages from a queue and sends them to the clients that are connected. When a client goes
its messages wait in the queue until it comes back, or until they are a week old. There is one queue for each user, and
the server keeps the queues on disk so that nothing gets lost when it is restarted by the operator.
"""


def unknown(detector: Detector, text: str) -> list[LicenseMatch]:
    return [match for match in detector.detect(text.encode()).matches if match.kind is MatchKind.UNKNOWN]


def test_a_license_that_nobody_knows_is_said(detector: Detector) -> None:
    (match,) = unknown(detector, "\n\n" + EULA)
    assert match.expression == "unknown"
    assert match.start_line == 3
    assert match.end_line == 8


@pytest.mark.parametrize(
    "text",
    [
        PROSE * 3,
        "mit apache-2.0 gpl-2.0-only bsd-3-clause " * 60,
        "if (license.grant(rights)) { return warranty.liability(software) }\n" * 40,
    ],
)
def test_what_is_no_legal_prose(detector: Detector, text: str) -> None:
    assert unknown(detector, text) == []


def test_a_short_stretch_beside_a_license_is_left(detector: Detector) -> None:
    assert unknown(detector, "SPDX-License-Identifier: MIT\n\n" + EULA) == []


def test_a_long_one_is_not(detector: Detector) -> None:
    assert unknown(detector, "SPDX-License-Identifier: MIT\n\n" + EULA * 4)
