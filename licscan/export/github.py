"""Annotations for GitHub Actions, by its workflow commands."""

from __future__ import annotations

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.compare.fingerprint import fingerprints
from licscan.export.places import places_of, sentence_of
from licscan.export.words import title_of_code, verdict_words
from licscan.judge.coverage_words import coverage_line
from licscan.model import Finding, Scan, Severity, Verdict

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GATE = {Verdict.OK: "notice", Verdict.CANNOT_TELL: "warning", Verdict.VIOLATION: "error"}
_LONG = 4_000


def render(scan: Scan) -> str:
    """A command a line: the answer first, then every finding that is not waived, the loudest first.

    GitHub shows ten errors and ten warnings of a step; the summary (`github-summary`) names more.
    """
    told = "\n".join(filter(None, (verdict_words(scan.gate), coverage_line(scan.coverage))))
    answer = _command(_GATE[scan.gate], {"title": "licscan"}, told)
    standing = [finding for finding, _mark in fingerprints(scan) if not finding.waiver]
    return "\n".join([answer, *(_annotation(scan, finding) for finding in standing)]) + "\n"


def _annotation(scan: Scan, finding: Finding) -> str:
    properties = {}
    for place in places_of(scan, finding)[:1]:
        properties["file"] = place.path
        if place.start_line is not None:
            properties["line"] = str(place.start_line)
            if place.end_line is not None and place.end_line > place.start_line:
                properties["endLine"] = str(place.end_line)
    title = _("{code}: {title}").format(code=finding.code, title=title_of_code(finding.code))
    properties["title"] = title
    said = [sentence_of(scan, finding), finding.why, *(f"- {remedy}" for remedy in finding.remedies)]
    text = "\n".join(one_line(one, _LONG) for one in said if one)
    return _command(_COMMANDS[finding.severity], properties, text)


def _command(name: str, properties: dict[str, str], text: str) -> str:
    """`::name key=value,key=value::text`, with GitHub's own escapes; nothing in it can end the line."""
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(text)}"


def _data(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text, _LONG)).replace(":", "%3A").replace(",", "%2C")
