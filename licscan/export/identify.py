"""What `licscan identify` found, for people and as `data/identify.schema.json` describes it. Imports nothing heavy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.detect.types import CopyrightStatement, Detected, LicenseMatch
from licscan.export.json_format import harmless
from licscan.licenses.licensedb import to_spdx

Identified = tuple[str, Detected]
"""A file's path as the user named it, and what it holds."""


def to_json(found: Iterable[Identified]) -> str:
    """An array with one object a file, each on a line of its own."""
    lines = (json.dumps(_file(path, detected), ensure_ascii=False) for path, detected in found)
    body = ",\n".join(lines)
    return harmless(f"[\n{body}\n]\n" if body else "[]\n")


def to_table(found: Iterable[Identified]) -> str:
    """A file's licenses on its line, each match and copyright statement with its lines below."""
    return "".join(f"{line}\n" for path, detected in found for line in _lines(path, detected))


def _file(path: str, detected: Detected) -> dict[str, Any]:
    return {
        "path": path,
        "sha256": detected.sha256,
        "expression": detected.expression,
        "matches": [_match(match) for match in detected.matches],
        "copyrights": [_copyright(said) for said in detected.copyrights if not said.template],
    }


def _match(match: LicenseMatch) -> dict[str, Any]:
    return {
        "expression": to_spdx(match.expression),
        "score": round(match.score, 2),
        "start_line": match.start_line,
        "end_line": match.end_line,
        "rule": match.rule,
        "kind": match.kind.value,
        "matched_text": match.text,
    }


def _copyright(statement: CopyrightStatement) -> dict[str, Any]:
    return {
        "statement": statement.statement,
        "holder": statement.holder,
        "years": statement.years,
        "start_line": statement.start_line,
    }


def _lines(path: str, detected: Detected) -> Iterator[str]:
    told = detected.expression or _("no license found")
    yield _("{path}: {licenses}").format(path=one_line(path, 1_000), licenses=one_line(told, 2_000))
    for match in detected.matches:
        expression = to_spdx(match.expression) or match.expression
        yield "  " + _("{lines}  {license}  ({kind}, score {score}, rule {rule})").format(
            lines=_span(match.start_line, match.end_line),
            license=one_line(expression, 200),
            kind=match.kind.value,
            score=f"{match.score:.0f}",
            rule=one_line(match.rule, 100),
        )
    for statement in (said for said in detected.copyrights if not said.template):
        yield f"  {_span(statement.start_line, statement.end_line)}  {one_line(statement.statement, 200)}"


def _span(start: int, end: int) -> str:
    return f"{start}-{end}".rjust(9)
