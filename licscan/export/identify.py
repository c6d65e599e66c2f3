"""What `licscan identify` found, for people and as `data/identify.schema.json` describes it. Imports nothing heavy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.detect.types import CopyrightStatement, Detected, LicenseMatch
from licscan.export.json_format import harmless
from licscan.licenses.licensedb import to_identifiers
from licscan.model.media import AiMark, MarkKind, MediaFacts

if TYPE_CHECKING:
    from licscan.artsets import ArtSet

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
        "parameters": [{"name": name, "value": value} for name, value in detected.parameters],
        "media": _media(detected),
    }


def _media(detected: Detected) -> dict[str, Any] | None:
    """What a file of content says of itself; null for a text."""
    facts = detected.media
    if facts is None:
        return None
    return {
        "kind": facts.kind.value,
        "format": facts.format,
        "width": facts.width,
        "height": facts.height,
        "duration": facts.duration,
        "embedding": facts.embedding,
        "reserved_names": list(facts.reserved),
        "fields": [{"meaning": one.meaning.value, "field": one.field, "text": one.text} for one in facts.fields],
        "ai_marks": [
            {
                "kind": one.kind.value,
                "field": one.field,
                "tool": one.tool,
                "detail": one.detail,
                "verified": one.verified,
            }
            for one in facts.marks
        ],
        "inner": [
            {"path": one.path, "kind": one.kind.value, "format": one.format, "sha256": one.sha256, "size": one.size}
            for one in facts.inner
        ],
        "sets": [
            {"id": one.id, "name": one.name, "owner": one.owner, "expression": one.expression}
            for one in _sets(detected)
        ],
        "unheard": _(detected.unheard) if detected.unheard else "",
        "faults": [_(fault) for fault in facts.faults],
    }


def _sets(detected: Detected) -> list[ArtSet]:
    """The rows of the sets that a file may be of; the table is read where there are some."""
    if not detected.sets:
        return []
    from licscan.artsets import art_sets

    return [art_sets()[one] for one in detected.sets]


def _match(match: LicenseMatch) -> dict[str, Any]:
    return {
        "expression": to_identifiers(match.expression),
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
        expression = to_identifiers(match.expression) or match.expression
        yield "  " + _("{lines}  {license}  ({kind}, score {score}, rule {rule})").format(
            lines=_span(match.start_line, match.end_line),
            license=one_line(expression, 200),
            kind=match.kind.value,
            score=f"{match.score:.0f}",
            rule=one_line(match.rule, 100),
        )
    for name, value in detected.parameters:
        yield f"  {name.rjust(20)}: {one_line(value, 200)}"
    if detected.media is not None:
        yield from _media_lines(detected.media)
        yield from _set_lines(detected)
        return
    for statement in (said for said in detected.copyrights if not said.template):
        yield f"  {_span(statement.start_line, statement.end_line)}  {one_line(statement.statement, 200)}"


def _media_lines(facts: MediaFacts) -> Iterator[str]:
    """What a file of content is, its fields, its marks, what is broken in it."""
    sizes = f", {facts.width}x{facts.height}" if facts.width else ""
    lasting = ", " + _("{seconds} s").format(seconds=f"{facts.duration / 1000:.1f}") if facts.duration else ""
    bits = ", " + _("embedding bits {bits}").format(bits=facts.embedding) if facts.embedding is not None else ""
    yield f"  {facts.kind.value} ({facts.format}{sizes}{lasting}{bits})"
    for one in facts.fields:
        yield f"  {one.field.ljust(20)} {one_line(one.text, 200)}"
    for mark in facts.marks:
        yield f"  {_mark(mark)}"
    for inner in facts.inner:
        yield "  " + _("contains a file: {path} ({kind})").format(path=one_line(inner.path, 100), kind=inner.kind.value)
    for fault in facts.faults:
        yield "  " + _("problem: {fault}").format(fault=one_line(_(fault), 200))


def _set_lines(detected: Detected) -> Iterator[str]:
    """The known sets that a file may be of, with their terms; why a sound was not heard."""
    for one in _sets(detected):
        said = _("of a known set: {name}, by {owner} ({license})")
        yield "  " + said.format(name=one.name, owner=one.owner, license=one.expression)
    if detected.unheard:
        said = _("compared with known sounds only byte by byte: {reason}")
        yield "  " + said.format(reason=_(detected.unheard))


def _mark(mark: AiMark) -> str:
    """A mark with what it says; of Content Credentials, also whether they were verified."""
    if mark.kind is not MarkKind.C2PA:
        told = _("AI mark in {field}: {detail}")
    elif mark.verified:
        told = _("AI mark in {field}: {detail} (signature and hashes are valid; the signer is not judged)")
    else:
        told = _("AI mark in {field}: {detail} (present, not verified)")
    said = (
        _("; ").join(filter(None, [mark.tool, mark.detail])) if mark.kind is MarkKind.C2PA else mark.tool or mark.detail
    )
    return told.format(field=one_line(mark.field, 60), detail=one_line(said, 200))


def _span(start: int, end: int) -> str:
    return f"{start}-{end}".rjust(9)
