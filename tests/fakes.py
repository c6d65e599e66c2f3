"""A detector that finds what a text says of itself, line by line, so that tests need no index."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from licscan.detect.types import CopyrightStatement, Detected, LicenseMatch, Matcher, MatchKind
from licscan.licenses.licensedb import to_spdx

_LINE = re.compile(
    r"license (?P<key>.+?)(?: kind (?P<kind>\w+))?"
    r"(?: score (?P<score>\d+))?(?: in (?P<file>\S+))?"
)


@dataclass
class FakeDetector:
    """Reads lines such as `license mit`, `license gpl-3.0 kind notice score 80`, `license x in COPYING`, `crash`."""

    asked: list[bytes] = field(default_factory=list)

    def detect(self, data: bytes, name: str = "") -> Detected:
        self.asked.append(data)
        matches = []
        copyrights = []
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            found = _LINE.fullmatch(line)
            if line == "crash":
                raise RuntimeError(line)
            if found:
                kind = MatchKind(found["kind"] or "text")
                score = float(found["score"] or 100)
                key = found["key"]
                rule = f"{key}.LICENSE"
                named = (found["file"],) if found["file"] else ()
                matches.append(
                    LicenseMatch(
                        key, score, number, number, rule, kind, Matcher.EXACT, start=number, text=line, references=named
                    )
                )
            elif line.startswith("copyright "):
                years, _blank, holder = line.removeprefix("copyright ").partition(" ")
                copyrights.append(CopyrightStatement(line, holder, years, number, number, template=holder == "<owner>"))
        names = dict.fromkeys(to_spdx(match.expression) for match in matches)
        expression = " AND ".join(name for name in names if name) or None
        return Detected(hashlib.sha256(data).hexdigest(), expression, tuple(matches), tuple(copyrights))


def open_fake() -> FakeDetector:
    """A new one; a function of a module, so that another process can call it."""
    return FakeDetector()
