"""Puts the report together: Jinja2 with everything escaped, our style and script inside, and nothing else allowed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.base.terms import SCOPES
from licscan.export.states import kind_of
from licscan.export.words import severity_words, verdict_words
from licscan.judge.coverage_words import coverage_line
from licscan.model import Scan, Verdict
from licscan.report import answer, charts, owed, summary
from licscan.report.bilingual import Both, bilingual, both
from licscan.report.classes import CLASSES
from licscan.report.content import content_part
from licscan.report.rows import script_json, table
from licscan.report.signed import Signed
from licscan.report.words import WORDS

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = Path(__file__).parent
_FOR_SCRIPT = (
    "nobody_knows", "none_given",
    "all", "own", "shown", "page", "none_shown", "details", "declared", "detected", "concluded", "because", "doubt",
    "path", "path_none", "on", "used_under", "joined", "owed", "evidence", "evidence_none", "read_as", "not_read",
    "read_of", "by_metadata", "by_nothing", "to_decide", "state_waived", "is_shipped", "not_shipped",
    "evidence_more", "copyright", "supplier", "authors", "homepage", "repository", "source", "published",
    "deprecated", "findings", "waived_mark", "no", "unknown", "ok", "stands", "search", "title",
    "kind-package", "kind-inside", "kind-content", "kind-own", "permalink", "copied_link",
)  # fmt: skip


def page(
    scan: Scan,
    past: tuple[charts.Past, ...],
    language: str,
    previews: Mapping[str, str],
    decided: Signed | None = None,
) -> str:
    """The whole document; the same bytes for the same scan."""
    style, script = _asset("report.css") + _page_heads(scan), _asset("report.js")
    listed = table(scan)
    words = {name: say(name).pair() for name in _FOR_SCRIPT}
    words |= {f"scope-{name}": both(lambda held=text: _(held)).pair() for name, text in SCOPES.items()}  # type: ignore[misc]
    words |= {f"class-{name}": both(lambda held=text: _(held)).pair() for name, text in CLASSES.items()}  # type: ignore[misc]
    violations = answer.groups(scan, answer.blocking(scan, Verdict.VIOLATION), listed.order)
    open_questions = answer.groups(scan, answer.blocking(scan, Verdict.CANNOT_TELL), listed.order)
    made = _environment().get_template("report.html.j2").render(
        scan=scan,
        purls=list(listed.order),
        language=language,
        style=_ours(style),
        script=_ours(script),
        policy=f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        f"{'img-src data:; ' if previews else ''}base-uri 'none'; form-action 'none'",
        words=_ours(script_json(words)),
        rows=_ours(listed.rows),
        details=_ours(listed.details),
        project=one_line(scan.project.label, 200),
        gate=both(lambda: _answer(scan)),
        is_judged=not (_is_empty(scan) or _has_no_threshold(scan)),
        record=_record(scan, past),
        versions=_versions(scan),
        facts=summary.facts(scan),
        reasons=summary.reasons(violations, open_questions),
        decided=decided or Signed(),
        read=both(lambda: coverage_line(scan.coverage)) if scan.coverage.shipped else None,
        answers=answer.answers(scan),
        surfaces=scan.surfaces,
        violations=violations,
        open_questions=open_questions,
        duties=owed.duties(scan),
        left_out=owed.left_out(scan),
        decisions=answer.groups(scan, answer.deciding(scan), listed.order),
        notes=answer.groups(scan, answer.noted(scan), listed.order),
        waived=answer.groups(scan, [one for one in scan.findings if one.waiver], listed.order),
        bars=charts.class_bars(scan),
        licenses=charts.licenses(scan),
        history=charts.history(past),
        content=content_part(scan, listed.order, previews),
        past=past,
        classes={name: both(lambda held=text: _(held)) for name, text in CLASSES.items()},  # type: ignore[misc]
    )  # fmt: skip
    return made.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_empty(scan: Scan) -> bool:
    """Whether there is nothing to judge, so that no answer is one: what was not found was not cleared."""
    return scan.gate is Verdict.OK and not any(kind_of(one) != "own" for one in scan.graph.components)


def _has_no_threshold(scan: Scan) -> bool:
    return scan.gate is Verdict.OK and scan.threshold is None


def _answer(scan: Scan) -> str:
    if _is_empty(scan):
        return _("Nothing to judge: no packages were found.")
    return _("No verdict: no severity is set to count.") if _has_no_threshold(scan) else verdict_words(scan.gate)


def _record(scan: Scan, past: tuple[charts.Past, ...]) -> list[tuple[Both, Both]]:
    """Which scan this is of: when, of which commit, by which versions."""
    told = []
    if past:
        last = past[-1]
        time = last.time or last.day
        told.append((say("scanned"), say("number", time=time, number=last.number) if last.number else _as_is(time)))
        commit = one_line(last.revision, 80)
        if commit.endswith("+"):
            told.append((say("commit"), say("changed", revision=f"`{commit[:-1]}`")))
        else:
            told.append((say("commit"), _as_is(f"`{commit}`") if commit else say("no_commit")))
    told.append((say("made_by"), _as_is(f"licscan {scan.tool_version}")))
    return told


def _versions(scan: Scan) -> list[tuple[str, str]]:
    """The tool, its index and its tables, each with its version."""
    return [
        ("licscan", scan.tool_version),
        *((one_line(name, 80), one_line(version, 120)) for name, version in scan.tables),
    ]


def _as_is(text: str) -> Both:
    shown = one_line(text, 500)
    return Both(shown, shown)


def _page_heads(scan: Scan) -> str:
    """The head of each printed page in both languages; texts stand in numbers, so that they end nothing."""
    name, title, heads = one_line(scan.project.label, 90), say("title"), ""
    made = f'@top-right {{ content: "licscan {_plain(scan.tool_version)}"; }}'
    for language, words in (("en", title.en), ("zh", title.zh)):
        heads += f'@page {language} {{ @top-left {{ content: "{_in_numbers(f"{words} – {name}")}"; }} {made} }} '
    return f"@media print {{ {heads}}}\n"


def _in_numbers(text: str) -> str:
    return "".join(f"\\{ord(char):x} " for char in text)


def _plain(text: str) -> str:
    return "".join(char for char in text[:40] if char.isalnum() or char in ".+-")


def say(name: str, **fields: object) -> Both:
    """One of `WORDS` in both languages; its fields filled where any are given."""
    return both(lambda: _(WORDS[name]).format(**fields) if fields else _(WORDS[name]))


def _say_told(name: str, field: str, told: Both) -> Both:
    """One of `WORDS` with a sentence that is in both languages in its field."""
    words = say(name)
    return Both(*(said.replace(f"{{{field}}}", one) for said, one in zip(words.pair(), told.pair(), strict=True)))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(say=say, say_told=_say_told, told=bilingual, shown=answer.SHOWN)
    environment.filters.update(
        line=partial(one_line, limit=2_000),
        severity=lambda one: both(lambda: severity_words(one)),
        number=lambda count: f"{count:,}",
        address=lambda purl: "#" + quote(purl, safe="/@:+"),
    )
    return environment


def _ours(text: str) -> Markup:
    """What stands in the page as it is: our own files, and JSON that `script_json` made safe."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def _asset(name: str) -> str:
    return (_FOLDER / "assets" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
