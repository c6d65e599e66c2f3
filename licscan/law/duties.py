"""What is owed for one license in one setting: each duty with the clause that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.law import terms as t
from licscan.law.decisions import Setting
from licscan.law.terms import Source, Terms
from licscan.law.vocabulary import Binding, Deployment, Duty, DutyName, Form

_OBJECT_FORM = frozenset({Deployment.MOBILE, Deployment.DESKTOP, Deployment.EMBEDDED})


def is_conveyed(terms: Terms, setting: Setting) -> bool:
    """Whether somebody gets a copy, or a use over the network counts as if (OSL-3.0, EUPL-1.2, CPAL-1.0)."""
    if setting.relationship.binding in (Binding.NOT_SHIPPED, Binding.OUTPUT):
        return False
    by_use = (terms.network is not None and terms.network.when == "use") or (
        terms.source is not None and terms.source.trigger == "deploy"
    )
    return setting.deployment.conveys or (by_use and setting.deployment is Deployment.SAAS)


def travels_as_source(setting: Setting) -> bool:
    """Whether the copy that people get can be read as source: scripts are, what is compiled or packed is not."""
    form = setting.relationship.form
    return form is Form.SOURCE or (form is Form.EITHER and setting.deployment not in _OBJECT_FORM)


def joined(setting: Setting) -> bool:
    """Whether it is one work with ours."""
    return setting.relationship.binding in (Binding.SAME_WORK, Binding.COPIED)


def is_freed(terms: Terms, setting: Setting) -> bool:
    """Whether an exception leaves no copyleft duty at all: the covered use is what is joined or produced, not a copy.

    What is passed on as a file of its own, a library or a font, stays under its license.
    """
    freed = terms.addition is not None and terms.addition.effect == "none"
    own_file = setting.relationship.name == "prebuilt-shared-library-in-package"
    return freed and not own_file and setting.relationship.binding not in (Binding.SEPARATE, Binding.CONTENT)


def duties_of(terms: Terms, setting: Setting) -> tuple[Duty, ...]:
    """Every duty, without repetition, in the order of their kinds."""
    found: dict[DutyName, str] = {}
    if not is_freed(terms, setting):
        for name, clause in (*_notices(terms, setting), *_credits(terms, setting), *_sources(terms, setting)):
            found.setdefault(name, clause)
    for name, clause in _passed_on(terms, setting):
        found.setdefault(name, clause)
    order = list(DutyName)
    return tuple(Duty(name, terms.license, found[name]) for name in sorted(found, key=order.index))


def _notices(terms: Terms, setting: Setting) -> Iterator[tuple[DutyName, str]]:
    """Texts and notices that go with every copy."""
    if not is_conveyed(terms, setting):
        return
    if terms.has("CB"):
        yield DutyName.COPYRIGHT_NOTICE, terms.clause("CB")
        yield DutyName.LICENSE_TEXT, terms.clause("CB")
    # what owes its source gives it away, notices and all, whatever class it is of
    if terms.has("CN") and (travels_as_source(setting) or terms.class_ in t.COPYLEFT or terms.source is not None):
        yield DutyName.COPYRIGHT_NOTICE, terms.clause("CN")
    if terms.has("LC"):
        yield DutyName.LICENSE_TEXT, terms.clause("LC")
    if terms.has("NF") and setting.facts.component_has_notice:
        yield DutyName.NOTICE_FILE, terms.clause("NF")
    if terms.has("SC") and setting.modified:
        yield DutyName.STATE_CHANGES, terms.clause("SC")


def _credits(terms: Terms, setting: Setting) -> Iterator[tuple[DutyName, str]]:
    """Credit that people are to see; content that a service shows to its users is shared with them."""
    shown = setting.deployment is Deployment.SAAS and setting.relationship.binding is Binding.CONTENT
    if is_conveyed(terms, setting):
        if terms.has("AD"):
            yield DutyName.ACKNOWLEDGMENT, terms.clause("AD")
        if terms.has("UI"):
            yield DutyName.ATTRIBUTION, terms.clause("UI")
    if terms.has("AT") and (is_conveyed(terms, setting) or shown):
        yield DutyName.ATTRIBUTION, terms.clause("AT")
    adapted = setting.modified or setting.relationship.binding is Binding.COPIED
    if terms.has("SA") and adapted and (is_conveyed(terms, setting) or shown):
        yield DutyName.SHARE_ALIKE, terms.clause("SA")


def _sources(terms: Terms, setting: Setting) -> Iterator[tuple[DutyName, str]]:
    """Source code, and what a copyleft asks for besides."""
    if terms.source is not None and is_conveyed(terms, setting):
        name = _source_duty(terms, terms.source, setting)
        if name:
            yield name, terms.source.clause
        if joined(setting) and terms.addition is None:
            if terms.has("RL"):
                yield DutyName.RELINK, terms.clause("RL")
            if terms.has("RE"):
                yield DutyName.REVERSE_ENGINEERING, terms.clause("RE")
    consumer = setting.deployment is Deployment.EMBEDDED and setting.facts.consumer_product is not False
    if terms.has("II") and consumer and is_conveyed(terms, setting):
        yield DutyName.INSTALLATION, terms.clause("II")
    if terms.network is not None and owes_users(terms, setting):
        yield DutyName.NETWORK_OFFER, terms.network.clause


def _source_duty(terms: Terms, source: Source, setting: Setting) -> DutyName | None:
    """Whose source is owed: that of the whole work, of the component, or of its files."""
    # what is shipped as a file of its own keeps its source duty, and never reaches beyond itself
    softened = terms.addition is not None and terms.addition.effect in ("library", "foss", "none")
    if source.scope == "file":
        return DutyName.SOURCE_FILE
    if source.scope == "database":
        return DutyName.SHARE_ALIKE
    if source.scope == "pointer":
        return DutyName.SOURCE_COMPONENT if not travels_as_source(setting) or setting.modified else None
    whole = source.scope in ("work", "derivative", "service-stack")
    return DutyName.SOURCE_WORK if whole and joined(setting) and not softened else DutyName.SOURCE_COMPONENT


def owes_users(terms: Terms, setting: Setting) -> bool:
    """Whether users over a network are owed source: joined with a server of ours, it is a modified version."""
    if terms.network is None or terms.network.when != "modified" or not setting.deployment.network:
        return False
    if setting.relationship.binding in (Binding.NOT_SHIPPED, Binding.OUTPUT, Binding.CONTENT):
        return False
    return setting.modified or joined(setting)


def _passed_on(terms: Terms, setting: Setting) -> Iterator[tuple[DutyName, str]]:
    """Restrictions that bind those who get it from us, or who use it through us."""
    others = setting.deployment is not Deployment.INTERNAL and setting.relationship.binding is not Binding.NOT_SHIPPED
    for condition in terms.conditions:
        if condition.flow_down and others:
            yield DutyName.FLOW_DOWN, condition.clause
