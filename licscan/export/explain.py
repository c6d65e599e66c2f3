"""What the code of a finding means, and what a license asks for, from licscan's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from licscan.base.alike import meant
from licscan.base.errors import InputError
from licscan.base.messages import NOT_ADVICE, _
from licscan.base.tables import load_toml
from licscan.base.terms import bare_clause_words, relationship_words, severity_name
from licscan.export.page import Page, page_for
from licscan.law.decide import decide
from licscan.law.decisions import Setting
from licscan.law.terms import CONTENT, FONT, MODEL, Condition, Terms, terms_of
from licscan.law.vocabulary import PROPRIETARY, RELATIONSHIPS, Binding, Deployment, Relationship
from licscan.law.words import (
    class_words,
    condition_words,
    deployment_words,
    effect_words,
    flag_words,
    network_words,
    note_words,
    ruling_words,
    scope_of_source,
    title_of,
)
from licscan.licenses.known import licenses_like
from licscan.licenses.statements import category, read_license
from licscan.model import NOASSERTION, NONE

if TYPE_CHECKING:
    from rich.console import Console

MOST_ALIKE = 5
SEVERITIES = ("error", "warning", "note")


def render(what: str | None, console: Console) -> None:
    """Print the explanation of a code or a license, or the list of codes. InputError for what is neither."""
    page = page_for(console)
    write(what, page)
    page.show(console)


def to_text(what: str | None, width: int = 100) -> str:
    """The explanation as plain text."""
    page = Page(width)
    write(what, page)
    return page.plain


def write(what: str | None, page: Page) -> None:
    """One code, one license, or all codes."""
    codes = load_toml("findings.toml")
    if what is None:
        _write_codes(codes, page)
    elif what in codes:
        _write_code(what, codes[what], page)
    else:
        _write_license(license_of(what, list(codes)), page)
    page.line()
    page.prose(_(NOT_ADVICE))


def _write_codes(codes: dict[str, Any], page: Page) -> None:
    width = max(map(len, codes))
    for code, texts in codes.items():
        page.row((code, _(texts["title"])), (width, page.width - width - 2), 0)


def _write_code(code: str, texts: dict[str, Any], page: Page) -> None:
    page.line(code, "bold")
    page.prose(_("{title}.").format(title=_(texts["title"])), indent=2)
    if "meaning" in texts:
        page.prose(_(texts["meaning"]), indent=2)
    variants = [texts, *(value for value in texts.values() if isinstance(value, dict))]
    _part(page, _("Why it matters"), [_(one["why"]) for one in variants if "why" in one])
    remedies = [
        remedy for one in variants for key, value in one.items() if key.startswith("remedies") for remedy in value
    ]
    _part(page, _("What to do"), [_(remedy) for remedy in remedies])
    severities = {value for key, value in texts.items() if key.startswith("severity")}
    page.line()
    told = _("Severity: {severities}.")
    page.prose(told.format(severities=_(", ").join(severity_name(one) for one in SEVERITIES if one in severities)))
    _part(
        page,
        _("To waive it"),
        [
            _("Write a [[waiver]] in licscan.toml with the finding, the packages, a reason, an owner and a last day."),
            _("It lapses after its last day, and when the evidence that it was given for changes."),
        ],
    )


def _part(page: Page, title: str, sentences: list[str]) -> None:
    page.line()
    page.line(title, "bold")
    for sentence in dict.fromkeys(sentences):
        page.prose(sentence, indent=2, hanging=2)


def license_of(what: str, codes: list[str]) -> str:
    """The one license that a word names; InputError with the nearest codes otherwise."""
    expression = read_license(what).expression
    known = (
        expression not in (None, NOASSERTION, NONE) and " AND " not in str(expression) and " OR " not in str(expression)
    )
    if not known:
        raise _neither(what, codes)
    return str(expression)


def _neither(what: str, codes: list[str]) -> InputError:
    """What to say of a word that is none: of a family its members, else the codes and licenses that it is near to."""
    like = licenses_like(what)
    if read_license(what).candidates:
        return InputError(
            _("names several licenses"), path=what, remedy=_("say which: {names}").format(names=_(", ").join(like))
        )
    close = [*like, *(code for code in meant(what, codes) if code not in like)][:MOST_ALIKE]
    remedy = _("did you mean {names}?").format(names=_(", ").join(close)) if close else _("`licscan explain` lists all")
    return InputError(_("is neither a finding code nor a license"), path=what, remedy=remedy)


def _write_license(license_id: str, page: Page) -> None:
    terms = terms_of(license_id)
    page.line(license_id, "bold")
    told = _("Class: {name}.").format(name=class_words(terms.class_))
    if not terms.known:
        told = _("It has no table row; it is judged by its LicenseDB category: {category}.").format(
            category=category(license_id) or _("unknown")
        )
    page.prose(told, indent=2)
    says = {flag_words(flag): clause for flag, clause in terms.flags.items()}
    clauses = [_clause(words, clause) for words, clause in says.items()]
    if clauses:
        _part(page, _("What its clauses say"), clauses)
    told_once = (one for one in terms.conditions if one.note or condition_words(one.kind) not in says)
    conditions = [*_extents(terms), *map(_condition, told_once)]
    if conditions:
        _part(page, _("Source code and conditions"), conditions)
    page.line()
    relationship = usual_relationship(terms)
    told = _("Unmodified, as part of a proprietary product")
    if relationship.binding is Binding.CONTENT:
        told = _("In a proprietary product, as {kind} and unmodified").format(
            kind=relationship_words(relationship.name)
        )
    page.line(told, "bold")
    for deployment in Deployment:
        _write_deployment(license_id, relationship, deployment, page)
    if terms.basis:
        page.line()
        page.prose(_("Read from: {basis} ({date}).").format(basis=terms.basis, date=terms.date or "-"))


def usual_relationship(terms: Terms) -> Relationship:
    """How what is under such a license is usually joined to a product: content is not part of a program."""
    kinds = {CONTENT: "bundled-media", FONT: "bundled-font", MODEL: "model-weights"}
    return RELATIONSHIPS[kinds.get(terms.class_, "dependency")]


def _clause(what: str, clause: str) -> str:
    return _("{what} ({clause})").format(what=what, clause=bare_clause_words(clause)) if clause else what


def _condition(condition: Condition) -> str:
    told = _clause(condition_words(condition.kind), condition.clause)
    if condition.note:
        told = _("{condition}: {note}").format(condition=told, note=note_words(condition.note))
    return told


def _extents(terms: Terms) -> list[str]:
    told = []
    if terms.source:
        told.append(_clause(scope_of_source(terms.source.scope), terms.source.clause))
    if terms.network:
        told.append(_clause(network_words(terms.network.when), terms.network.clause))
    if terms.addition:
        named = _("exception {name}: {effect}").format(
            name=terms.addition.id, effect=effect_words(terms.addition.effect)
        )
        told.append(_clause(named, terms.addition.clause))
    return told


def _write_deployment(license_id: str, relationship: Relationship, deployment: Deployment, page: Page) -> None:
    decision = decide(license_id, Setting(PROPRIETARY, relationship, deployment))
    owed = _("; ").join(dict.fromkeys(_clause(title_of(duty.name.value), duty.clause) for duty in decision.duties))
    told = _("{deployment} ({how}): {ruling}.").format(
        deployment=deployment.value, how=deployment_words(deployment), ruling=ruling_words(decision.ruling)
    )
    page.prose(told, indent=2, hanging=2)
    for reason in decision.reasons:
        page.prose(str(reason), indent=4, hanging=2)
    if owed:
        page.prose(_("Duties: {duties}.").format(duties=owed), indent=4, hanging=2)
