"""Findings about files of content that a commit brings, from what their own fields say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.model import Finding, Location, Severity, Verdict
from licscan.model.content import Question

_SAY: dict[Question, Callable[[], str]] = {
    Question.NONCOMMERCIAL: lambda: _("{path}: not for commercial use, according to its own fields ({words})."),
    Question.RESTRICTED: lambda: _("{path}: the file itself reserves rights, and names no license ({words})."),
    Question.STOCK: lambda: _("{path}: taken from {words}, according to its own fields; it contains no license."),
    Question.AI_MARK: lambda: _("{path}: AI-generated or AI-assisted, according to its own mark ({words})."),
}


def findings_of(said: Iterable[tuple[str, Question, str]]) -> Iterator[Finding]:
    """The findings about these files: path, question, words of the file."""
    for path, question, words in said:
        texts = load_toml("findings.toml")[question.value]
        violation = question is Question.NONCOMMERCIAL
        verdict = (
            Verdict.VIOLATION if violation else Verdict.OK if question is Question.AI_MARK else Verdict.CANNOT_TELL
        )
        yield Finding(
            code=question.value,
            severity=Severity(texts["severity"]),
            verdict=verdict,
            purl=None,
            message=_SAY[question]().format(path=path, words=words),
            why=_(texts["why"]),
            remedies=tuple(_(remedy) for remedy in texts["remedies"]),
            locations=(Location(path),),
        )
