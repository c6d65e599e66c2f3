"""The result of a check on one page, for the contract file: text, HTML and JSON, in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from licscan.base.columns import wrapped
from licscan.base.escape import one_line, visible
from licscan.base.listing import listed
from licscan.base.messages import LANGUAGES, N_, NOT_ADVICE, _, ngettext, speaking
from licscan.delivery.records import AREAS, MOST_SHOWN, Acceptance, Area, Check, Facts
from licscan.model import Verdict

SCHEMA_VERSION = "1.0"
WIDTH = 96
MOST_NAMED = 5
VERDICTS = {
    Verdict.OK: N_("accepted, no objections"),
    Verdict.VIOLATION: N_("not acceptable as it is"),
    Verdict.CANNOT_TELL: N_("cannot tell, questions remain open"),
}
_MARKS = {Verdict.OK: N_("ok"), Verdict.VIOLATION: N_("wrong"), Verdict.CANNOT_TELL: N_("open")}
_STATES = {"met": N_("met by this delivery"), "open": N_("open"), "person": N_("for a person to do")}
_BY_HAND = N_("Checked by: ____________________  on: ____________")
_STYLE = """
body { font: 14px/1.45 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1a1a1a;
  max-width: 52em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.35em; margin: 0 0 .3em; } h2 { font-size: 1em; margin: 1.1em 0 .3em; }
table { border-collapse: collapse; width: 100%; } td { vertical-align: top; padding: .1em .8em .1em 0; }
td { overflow-wrap: anywhere; } td:first-child { color: #555; white-space: nowrap; }
ul { margin: 0; padding-left: 0; list-style: none; }
li { margin: .2em 0; overflow-wrap: anywhere; } code { overflow-wrap: anywhere; }
.answer { font-weight: 600; padding: .5em .8em; border-left: .4em solid; margin: .8em 0; }
.ok { border-color: #1a7f37; } .violation { border-color: #b42318; } .cannot-tell { border-color: #9a6700; }
b.ok { color: #1a7f37; } b.violation { color: #b42318; } b.cannot-tell { color: #9a6700; }
.todo { color: #555; } section + section { border-top: 1px solid #bbb; margin-top: 2em; padding-top: 1.5em; }
@media print { section + section { break-before: page; } body { margin: 0; } }
"""


Retell = Callable[[str, str], str | None]
"""Tells a sentence of the supplier's licscan in a language; None for what is no sentence of it."""


def as_it_stands(sentence: str, language: str) -> str | None:
    """For where nothing retells: the supplier's sentences stay in his language."""
    return None


def written(told: Acceptance, format_: str, languages: tuple[str, ...], retell: Retell = as_it_stands) -> str:
    """The page as `text`, `html` or `json`."""
    if format_ == "json":
        return to_json(told, retell)
    return to_html(told, languages, retell) if format_ == "html" else to_text(told, languages, retell)


def _spoken(one: Check, language: str, retell: Retell) -> Check:
    """An open point of the supplier in the language of the page; the PackageURL before it stays."""
    if one.kind.area is not Area.POINTS or "what" not in dict(one.values):
        return one
    what = dict(one.values)["what"]
    component, mark, sentence = what.partition(": ") if what.startswith("pkg:") else ("", "", what)
    told = retell(sentence, language)
    return one if told is None else replace(one, values=(("what", component + mark + told),))


def to_text(told: Acceptance, languages: Sequence[str] = tuple(LANGUAGES), retell: Retell = as_it_stands) -> str:
    """The page as text, once in each language."""
    pages = []
    for language in languages:
        with speaking(language):
            pages.append("\n".join(_lines(_in(told, language, retell))) + "\n")
    return f"\n{'=' * WIDTH}\n\n".join(pages)


def _in(told: Acceptance, language: str, retell: Retell) -> Acceptance:
    return replace(told, checks=tuple(_spoken(one, language, retell) for one in told.checks))


def _lines(told: Acceptance) -> Iterator[str]:
    yield _title(told)
    yield ""
    yield from wrapped(_answer(told), WIDTH, "", "")
    yield ""
    for name, value in _head(told.facts):
        yield from wrapped(_("{title}: {what}").format(title=name, what=value), WIDTH, "", "  ")
    for area in Area:
        shown, more = _shown(told.of(area))
        if not shown:
            continue
        yield ""
        yield _(AREAS[area])
        for one in shown:
            yield from wrapped(f"[{_(_MARKS[one.kind.verdict])}] {_sentence(one)}", WIDTH, "  ", "      ")
        if more:
            yield f"  {_more(more)}"
        for remedy in _remedies(shown):
            yield from wrapped(f"-> {remedy}", WIDTH, "  ", "     ")
    yield ""
    yield _(_BY_HAND)
    yield ""
    yield _(NOT_ADVICE)


def to_html(told: Acceptance, languages: Sequence[str] = tuple(LANGUAGES), retell: Retell = as_it_stands) -> str:
    """One HTML document without scripts and addresses, a printed page for each language."""
    parts = []
    for language in languages:
        with speaking(language):
            spoken = _in(told, language, retell)
            parts.append("\n".join(_section(spoken, "zh-Hans" if language == "zh" else language)))
    title = escape(_title(told))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-Hans" if languages[0] == "zh" else languages[0]}">\n<head>'
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def _section(told: Acceptance, language: str) -> Iterator[str]:
    yield f'<section lang="{language}">'
    yield f"<h1>{escape(_title(told))}</h1>"
    yield f'<p class="answer {told.verdict.value}">{escape(_answer(told))}</p>'
    rows = (f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in _head(told.facts))
    yield f"<table>{''.join(rows)}</table>"
    for area in Area:
        shown, more = _shown(told.of(area))
        if not shown:
            continue
        yield f"<h2>{escape(_(AREAS[area]))}</h2>\n<ul>"
        for one in shown:
            verdict = one.kind.verdict
            mark = f'<b class="{verdict.value}">{escape(_(_MARKS[verdict]))}</b>'
            yield f"<li>{mark} {escape(_sentence(one))}</li>"
        if more:
            yield f"<li>{escape(_more(more))}</li>"
        for remedy in _remedies(shown):
            yield f'<li class="todo">→ {escape(remedy)}</li>'
        yield "</ul>"
    yield f"<p>{escape(_(_BY_HAND))}</p>"
    yield f'<p class="todo">{escape(_(NOT_ADVICE))}</p>\n</section>'


def to_json(told: Acceptance, retell: Retell = as_it_stands) -> str:
    """All statements for programs, each sentence in every language."""
    facts = told.facts
    document = {
        "schema_version": SCHEMA_VERSION,
        "verdict": told.verdict.value,
        "delivery": {
            "name": told.name,
            "product": facts.product,
            "version": facts.version,
            "surface": facts.surface,
            "supplier": facts.supplier,
            "created": facts.created,
            "tool": facts.tool,
            "envelope_sha256": facts.digest,
            "key": facts.key or None,
            "artifacts": [{"name": name, "digest": digest} for name, digest in facts.artifacts],
            "sboms": [{"path": path, "components": count} for path, count in facts.sboms],
            "notices": facts.notices,
            "own": list(facts.own),
            "silent": facts.silent,
            "duties": dict(facts.duties),
            "decisions": facts.decisions,
            "ledger_head": facts.ledger_head or None,
        },
        "checks": [_check(one, retell) for one in told.checks],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _check(one: Check, retell: Retell) -> dict[str, Any]:
    words: dict[str, dict[str, str]] = {"sentence": {}, "remedy": {}}
    for language in LANGUAGES:
        with speaking(language):
            words["sentence"][language] = _spoken(one, language, retell).sentence
            words["remedy"][language] = one.remedy
    kind = one.kind
    told = {"code": one.code, "area": kind.area.value, "verdict": kind.verdict.value, "values": dict(one.values)}
    return told | words


def _title(told: Acceptance) -> str:
    what = f"{told.facts.product} {told.facts.version}".strip() or told.name
    return one_line(_("Check of the delivery {what}").format(what=what))


def _answer(told: Acceptance) -> str:
    return _("Answer: {answer}").format(answer=_(VERDICTS[told.verdict]))


def _head(facts: Facts) -> Iterator[tuple[str, str]]:
    """Names and values of the facts that the delivery states."""
    rows = [
        (_("Product"), f"{facts.product} {facts.version}".strip()),
        (_("Surface"), facts.surface),
        (_("Supplier"), facts.supplier),
        (_("Made"), " ".join(filter(None, (facts.created, facts.tool)))),
        (_("Statement"), f"sha256:{facts.digest}" if facts.digest else ""),
        (_("Key"), facts.key),
        *((_("Artifact"), f"{name} ({digest})") for name, digest in facts.artifacts),
        *((_("SBOM"), f"{path}: {_counted(count)}") for path, count in facts.sboms),
        (_("Notices"), _counted(facts.notices) if facts.notices else ""),
        (_("Own work, according to the supplier"), _own(facts)),
        (_("No duties, according to the supplier"), _counted(facts.silent) if facts.silent else ""),
        (_("Duties"), _("; ").join(f"{_(_STATES.get(state, state))}: {count}" for state, count in facts.duties)),
        (_("Decisions"), f"{facts.decisions:,} ({facts.ledger_head})" if facts.ledger_head else ""),
    ]
    for name, value in rows:
        if value:
            yield name, one_line(value, 600)


def _counted(count: int) -> str:
    return ngettext("{count} component", "{count} components", count).format(count=f"{count:,}")


def _own(facts: Facts) -> str:
    """The first of what the supplier calls his own: whatever he names there, nobody asks notices for."""
    return listed(facts.own, MOST_NAMED)


def _sentence(one: Check) -> str:
    return one_line(visible(one.sentence), 1_200)


def _shown(checks: Sequence[Check]) -> tuple[list[Check], int]:
    """The first of each code, and how many more there are."""
    counts: dict[str, int] = {}
    shown = []
    for one in checks:
        counts[one.code] = counts.get(one.code, 0) + 1
        if counts[one.code] <= MOST_SHOWN:
            shown.append(one)
    return shown, len(checks) - len(shown)


def _more(count: int) -> str:
    return _("and {count} more (`licscan accept --format json`)").format(count=f"{count:,}")


def _remedies(checks: Sequence[Check]) -> list[str]:
    return [one_line(text, 600) for text in dict.fromkeys(one.remedy for one in checks) if text]
