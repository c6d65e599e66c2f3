"""A scan that was stored in one language reads as if it had been made in the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from licscan.base.messages import _, speaking
from licscan.base.terms import needed_for, origin_words
from licscan.model import Conclusion, Finding, Problem, Scan, Severity, Verdict
from licscan.report.told import language_of, told_in
from tests.factories import empty_scan


def scan_in(language: str) -> Scan:
    """One scan with a sentence of each kind, in a language; a name that is also a word of ours stays."""
    with speaking(language):
        label = _("{field} ({origin})").format(field="license", origin=origin_words("cache"))
        missing = _("{name} declares no license.").format(name="build 1.0")
        return replace(
            empty_scan(),
            conclusions=(
                Conclusion(
                    purl="pkg:npm/left@1",
                    declared="MIT",
                    detected=None,
                    concluded="MIT",
                    basis=_("{label} says {raw}.").format(label=label, raw="MIT"),
                ),
            ),
            findings=(
                Finding(
                    code="license-missing",
                    severity=Severity.NOTE,
                    verdict=Verdict.CANNOT_TELL,
                    purl="pkg:npm/left@1",
                    message=_("{message} It is needed only for {scopes} and taken as not shipped.").format(
                        message=missing, scopes=needed_for(("dev",))
                    ),
                    why=_("A package that has not been examined cannot be checked."),
                    remedies=(_("Declare the project's license in its manifest."),),
                ),
            ),
            problems=(Problem("resolve", "package.json", _("its peer dependencies contradict each other")),),
        )


@pytest.mark.parametrize(("made", "asked"), [("en", "zh"), ("zh", "en"), ("en", "en"), ("zh", "zh")])
def test_it_is_as_if_made_in_the_other(made: str, asked: str) -> None:
    told, wanted = told_in(scan_in(made), asked), scan_in(asked)
    assert told.findings == wanted.findings
    assert told.conclusions == wanted.conclusions
    assert language_of(told) == asked


def test_a_scan_without_sentences_has_no_language() -> None:
    bare = replace(empty_scan(), conclusions=(), findings=(), problems=(), surfaces=(), judgements=())
    bare = replace(bare, project=replace(bare.project, assumptions=()))
    assert language_of(bare) == ""
    assert told_in(bare, "zh") is bare
