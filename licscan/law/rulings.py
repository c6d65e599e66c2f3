"""One license in one setting -> a decision: what it forbids, whether it fits the work, what it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from licscan.base.messages import N_, _
from licscan.law import terms as t
from licscan.law.compatibility import Fit, Level, comes_as, deciding, fits
from licscan.law.conditions import is_commercial, is_entitled, outcomes
from licscan.law.decisions import Decision, Setting
from licscan.law.duties import duties_of, is_conveyed, joined, owes_users
from licscan.law.osadl import second_opinion
from licscan.law.terms import Network, Terms, terms_of
from licscan.law.vocabulary import (
    NOTICE_DUTIES,
    PROPRIETARY,
    RELATIONSHIPS,
    RULING_RANK,
    Binding,
    Deployment,
    Duty,
    DutyName,
    Reason,
    Ruling,
)
from licscan.model import NOASSERTION, NONE

Said = tuple[Ruling, Reason]


@lru_cache(maxsize=50_000)
def decide_license(license_id: str, setting: Setting) -> Decision:
    """The decision about one license of an expression, or NONE or NOASSERTION."""
    if setting.facts.is_there and setting.relationship.binding is Binding.NOT_SHIPPED:
        setting = replace(setting, relationship=RELATIONSHIPS["bundled"])  # a tool that is passed on is part of it
    if setting.deployment is Deployment.SAAS and (setting.in_browser or setting.relationship.name == "bundled-js"):
        return _delivered(license_id, setting)
    if license_id in (NONE, NOASSERTION):
        return _decision(license_id, [_without_license(license_id, setting)], ())
    if is_entitled(license_id, setting):
        return _decision(license_id, [(Ruling.OK, Reason(_("An entitlement is on record.")))], ())
    if license_id == PROPRIETARY and setting.outbound != PROPRIETARY and joined(setting):
        sentence = _(
            "{license} is closed: without its owner's permission it cannot be part of a work under {outbound}."
        )
        reason = Reason(sentence.format(license=license_id, outbound=setting.outbound or _("an open license")))
        return _decision(license_id, [(Ruling.CONFLICT, reason)], ())
    if license_id == setting.outbound:
        terms = terms_of(license_id)
        said = list(_stores(terms, setting))
        return _decision(license_id, said, duties_of(terms, setting), inherent=_asks_only_whether(setting))
    if setting.relationship.conditional and setting.relationship.binding is not Binding.NOT_SHIPPED:
        return _conditional(license_id, setting)
    if setting.facts.is_there is False:
        setting = replace(setting, relationship=RELATIONSHIPS["dev-tool"])
    terms = terms_of(license_id)
    said = [said for rule in RULES for said in rule(terms, setting)]
    inherent = _asks_only_whether(setting) and _is_inherent(terms, setting)
    return _decision(license_id, said, duties_of(terms, setting), inherent=inherent)


def _delivered(license_id: str, setting: Setting) -> Decision:
    """What the browsers of a service's users load: conveyed to them, and part of the service."""
    script = setting.relationship.name == "bundled-js"
    browser = decide_license(license_id, replace(setting, deployment=Deployment.BROWSER, in_browser=False))
    relationship = RELATIONSHIPS["bundled"] if script else setting.relationship
    service = decide_license(license_id, replace(setting, relationship=relationship, in_browser=False))
    order = list(DutyName)
    duties = {duty.name: duty for duty in (*service.duties, *browser.duties)}
    worst = max((browser, service), key=lambda one: RULING_RANK[one.ruling])
    return replace(
        worst,
        duties=tuple(sorted(duties.values(), key=lambda duty: order.index(duty.name))),
        reasons=tuple(dict.fromkeys((*worst.reasons, *browser.reasons, *service.reasons))),
    )


def _conditional(license_id: str, setting: Setting) -> Decision:
    """What may or may not be in what is passed on: judged as it is, or with a doubt where nobody has said."""
    shipped = setting.facts.is_there
    name = "prebuilt-shared-library-in-package" if setting.relationship.name.endswith("sbom") else "dependency"
    relationship = RELATIONSHIPS["dev-tool" if shipped is False else name]
    decision = decide_license(license_id, replace(setting, relationship=relationship))
    if shipped is False:
        reason = Reason(_("It is optional, and it is not in what is passed on."))
        return replace(decision, reasons=(reason, *decision.reasons))
    if shipped is None and decision.ruling is Ruling.CONFLICT:
        reason = Reason(_("It is optional: if it is in what is passed on, it conflicts; if not, nothing follows."))
        return replace(decision, ruling=Ruling.REVIEW, reasons=(reason, *decision.reasons))
    return decision


def _decision(license_id: str, said: list[Said], duties: tuple[Duty, ...], *, inherent: bool = False) -> Decision:
    """Put together: the worst that was said; duties beyond notices make `ok` into `ok-obligations`.

    `inherent`: the work owes its source anyway, so that a part which asks for it adds nothing.
    """
    ruling = max((ruling for ruling, _reason in said), key=RULING_RANK.__getitem__, default=Ruling.OK)
    beyond = {duty.name for duty in duties} - NOTICE_DUTIES - (_INHERENT if inherent else frozenset())
    if ruling is Ruling.OK and beyond:
        ruling = Ruling.OBLIGATIONS
    worst_first = sorted(said, key=lambda one: -RULING_RANK[one[0]])
    reasons = dict.fromkeys(reason for _ruling, reason in worst_first if reason.text)
    blocking = (license_id,) if RULING_RANK[ruling] >= RULING_RANK[Ruling.REVIEW] else ()
    return Decision(ruling, license_id, duties, tuple(reasons), blocking)


_INHERENT = frozenset({DutyName.SOURCE_WORK, DutyName.SOURCE_COMPONENT, DutyName.SOURCE_FILE, DutyName.RELINK,
                       DutyName.REVERSE_ENGINEERING})  # fmt: skip
"""Duties that a work under a copyleft carries anyway: a part that fits it adds nothing."""


def inherent_duties(outbound: str, license_id: str) -> frozenset[DutyName]:
    """The duties that a work under `outbound` carries anyway, so that a part under this license adds none of them."""
    if outbound == PROPRIETARY or license_id in (NONE, NOASSERTION):
        return frozenset()
    parts = [comes_as(terms_of(leaf)) for leaf in deciding(license_id)]
    own = [terms_of(leaf) for leaf in deciding(outbound)]
    whole = all(one.class_ in (t.STRONG, t.NETWORK) or all(one.base in part for part in parts) for one in own)
    return _INHERENT if whole else frozenset()


def _asks_only_whether(setting: Setting) -> bool:
    """Whether only compatibility is asked, not how the work is delivered: then what it owes anyway is no answer."""
    return setting.relationship.name == "combined-work"


def _is_inherent(terms: Terms, setting: Setting) -> bool:
    """Whether the work goes out under strong copyleft, with all its source, or under the component's own copyleft."""
    if setting.outbound in (None, PROPRIETARY) or not joined(setting):
        return False
    deciding_terms = [terms_of(leaf) for leaf in deciding(setting.outbound or "")]
    return all(own.class_ in (t.STRONG, t.NETWORK) or own.base in comes_as(terms) for own in deciding_terms)


def _without_license(license_id: str, setting: Setting) -> Said:
    if license_id == NOASSERTION:
        return Ruling.REVIEW, Reason(_("Its license cannot be determined; an unknown never passes as ok."))
    authority = _("copyright law, Berne Convention")
    if setting.relationship.binding is Binding.NOT_SHIPPED:
        sentence = _("Nobody grants a license: it is not passed on, but even a copy for internal use needs one.")
        return Ruling.REVIEW, Reason(sentence, authority)
    return Ruling.CONFLICT, Reason(_("Nobody grants a license: all rights stay with the copyright holders."), authority)


# --- the rules --------------------------------------------------------------------------------------------------------


def _conditions(terms: Terms, setting: Setting) -> Iterator[Said]:
    yield from outcomes(terms, setting)


def _commercial(terms: Terms, setting: Setting) -> Iterator[Said]:
    """A license that must be bought and whose name alone says so."""
    if is_commercial(terms) and terms.condition("entitlement") is None:
        sentence = _("The name {license} indicates a purchased license, and no entitlement is on record.")
        yield Ruling.CONFLICT, Reason(sentence.format(license=terms.license))


def _unknown(terms: Terms, setting: Setting) -> Iterator[Said]:
    """No row: the LicenseDB category is enough for what is free, and for nothing else."""
    if terms.known:
        if terms.class_ == t.PROPRIETARY and not terms.conditions:
            yield Ruling.REVIEW, Reason(_("{license} is closed: read what it allows.").format(license=terms.license))
        return
    if terms.class_ in (t.PERMISSIVE, t.PUBLIC_DOMAIN):
        sentence = _("{license} has no table row; it is judged by its category.")
        yield Ruling.OK, Reason(sentence.format(license=terms.license), terms.basis)
    elif not is_commercial(terms):
        harmless = terms.class_ in t.COPYLEFT and setting.relationship.binding is Binding.NOT_SHIPPED
        sentence = _("No table states what {license} requires.")
        yield Ruling.OK if harmless else Ruling.REVIEW, Reason(sentence.format(license=terms.license), terms.basis)


def _exceptions(terms: Terms, setting: Setting) -> Iterator[Said]:
    if terms.exception and terms.addition is None:
        sentence = _("The exception {exception} is unknown; the license is judged without it.")
        yield Ruling.OK, Reason(sentence.format(exception=terms.exception))


def _fit(terms: Terms, setting: Setting) -> Iterator[Said]:
    """Whether it may be joined with the work, where anybody gets the work."""
    if not joined(setting) or (not terms.known and terms.class_ not in (t.PERMISSIVE, t.PUBLIC_DOMAIN)):
        return
    if not is_conveyed(terms, setting) or setting.outbound is None:
        return
    fit = fits(setting.outbound, terms.license, setting.relationship)
    yield _ruling_of(fit), fit.reason or Reason("")
    yield from _opinion(fit, terms, setting)


def _ruling_of(fit: Fit) -> Ruling:
    if fit.level in (Level.DISPUTED, Level.UNKNOWN):
        return Ruling.REVIEW
    return Ruling.CONFLICT if fit.level is Level.NO else Ruling.OK


_ANSWERS = {"Yes": N_("Yes"), "No": N_("No"), "Unknown": N_("Unknown"), "Check dependency": N_("Check dependency")}
"""What the OSADL matrix says, in its own words."""


def _opinion(fit: Fit, terms: Terms, setting: Setting) -> Iterator[Said]:
    """The OSADL matrix beside it; where it differs from what no clause settles, a person decides."""
    opinion = second_opinion(setting.outbound or "", terms.license)
    if opinion is None:
        return
    said = {"license": terms.license, "outbound": setting.outbound, "answer": _(_ANSWERS[opinion.answer])}
    if fit.reason and opinion.is_older_than(fit.reason.authority):
        sentence = _("For {license} in a work under {outbound}, an earlier edition of the OSADL matrix says: {answer}.")
        yield Ruling.OK, Reason(sentence.format(**said), opinion.source)
        return
    differs = (opinion.answer == "No" and fit.level < Level.DISPUTED) or (
        opinion.answer == "Yes" and fit.level is Level.NO
    )
    if differs and not fit.sure:
        yield (
            Ruling.REVIEW,
            Reason(
                _("For {license} in a work under {outbound}, the OSADL matrix says otherwise: {answer}.").format(
                    **said
                ),
                opinion.source,
            ),
        )
    elif fit.level is Level.OWN_TERMS and opinion.answer == "No":
        sentence = _(
            "The OSADL matrix says No to {license} where code comes under {outbound}; here it keeps its own license."
        )
        yield Ruling.OK, Reason(sentence.format(**said), opinion.source)
    else:
        sentence = _("For {license} in a work under {outbound}, the OSADL matrix says: {answer}.")
        yield Ruling.OK, Reason(sentence.format(**said), opinion.source)


def _network(terms: Terms, setting: Setting) -> Iterator[Said]:
    """Users over a network who are owed the source of the work, or of the whole service."""
    if terms.network is None or is_freed_by_outbound(terms, setting):
        return
    if terms.network.when == "service":
        yield from _service(terms, terms.network, setting)
    elif owes_users(terms, setting) and joined(setting) and not setting.deployment.conveys:
        authority = f"{terms.base} {terms.network.clause}"
        if setting.deployment is Deployment.INTERNAL:
            sentence = _(
                "Combined with your own code, it requires making the source of the whole "
                "available to your staff, its users."
            )
            yield Ruling.REVIEW, Reason(sentence, authority)
        else:
            sentence = _(
                "Combined with your own code, it requires making the source of the whole "
                "available to the users of the service."
            )
            yield Ruling.CONFLICT, Reason(sentence, authority)


def is_freed_by_outbound(terms: Terms, setting: Setting) -> bool:
    """Whether the work goes out under terms that the network clause is met by."""
    if setting.outbound in (None, PROPRIETARY):
        return setting.outbound is None
    fit = fits(setting.outbound or "", terms.license, setting.relationship)
    return fit.level <= Level.LINKED


def _service(terms: Terms, network: Network, setting: Setting) -> Iterator[Said]:
    if setting.deployment is not Deployment.SAAS or setting.relationship.binding is Binding.NOT_SHIPPED:
        return
    authority = f"{terms.base} {network.clause}"
    exposes = setting.facts.exposes_functionality
    if exposes:
        sentence = _("To offer its functions as a service, the source of the whole service must be provided.")
        yield Ruling.CONFLICT, Reason(sentence, authority)
    elif exposes is None:
        sentence = _(
            "Whether users of the service can use its own functions, which would require all source, is not stated."
        )
        yield Ruling.REVIEW, Reason(sentence, authority)


def _stores(terms: Terms, setting: Setting) -> Iterator[Said]:
    """App stores whose terms add restrictions that a copyleft forbids."""
    if setting.deployment is not Deployment.MOBILE or not joined(setting) or is_lifted(terms):
        return
    store = setting.facts.store
    apple = store is not None and "apple" in store.lower()
    if terms.class_ in (t.STRONG, t.NETWORK) and terms.base.startswith(("GPL-", "AGPL-")):
        sentence = _("The store's terms restrict what users may do with the app, which {license} forbids.")
        if apple:
            yield Ruling.CONFLICT, Reason(sentence.format(license=terms.license), f"{terms.base}, store terms")
        elif store is None:
            sentence = _("Which store the app goes through is not stated; some add terms that {license} forbids.")
            yield Ruling.REVIEW, Reason(sentence.format(license=terms.license), f"{terms.base}, store terms")
    elif terms.class_ == t.WEAK_LIBRARY and terms.has("RL") and (apple or setting.relationship.static):
        sentence = _("Whether users can replace the library in an app from a store is doubtful.")
        yield Ruling.REVIEW, Reason(sentence, f"{terms.base} {terms.clause('RL')}")


def is_lifted(terms: Terms) -> bool:
    """Whether an exception takes the copyleft off the work that it is joined with."""
    return terms.addition is not None and terms.addition.effect in ("none", "library")


def _library(terms: Terms, setting: Setting) -> Iterator[Said]:
    """Libraries that users must be able to exchange and to study."""
    if terms.class_ != t.WEAK_LIBRARY or not terms.has("RL") or not joined(setting) or is_lifted(terms):
        return
    if not setting.deployment.conveys or (setting.outbound not in (None, PROPRIETARY) and _is_inherent(terms, setting)):
        return
    authority = f"{terms.base} {terms.clause('RL')}"
    if setting.deployment is Deployment.BROWSER:
        yield Ruling.REVIEW, Reason(_("In a bundle, users can hardly replace the library."), authority)
    if setting.facts.eula_forbids_reverse_engineering:
        sentence = _("Your terms forbid reverse engineering, which {license} requires you to allow.")
        clause = terms.clause("RE") or terms.clause("RL")
        yield Ruling.CONFLICT, Reason(sentence.format(license=terms.license), f"{terms.base} {clause}")


def _content(terms: Terms, setting: Setting) -> Iterator[Said]:
    """Licenses of content on code, and licenses of code on content."""
    binding = setting.relationship.binding
    into_code = binding is Binding.COPIED and setting.relationship.name != "merged-into-content"
    if (
        into_code
        and not _is_named_compatible(terms, setting)
        and terms.class_ == t.CONTENT
        and not terms.has("SA")
        and is_conveyed(terms, setting)
    ):
        sentence = _("{license} was made for content: it says nothing about source or patents.")
        yield Ruling.REVIEW, Reason(sentence.format(license=terms.license), "Creative Commons FAQ")
    copyleft = terms.class_ in (t.STRONG, t.NETWORK) and not is_lifted(terms)
    if binding is Binding.CONTENT and copyleft and setting.deployment.conveys:
        sentence = _("What {license}, a software license, requires for a font, a picture or a model is not settled.")
        yield Ruling.REVIEW, Reason(sentence.format(license=terms.license))


def _is_named_compatible(terms: Terms, setting: Setting) -> bool:
    """Whether an authority names it compatible with every copyleft that the work may go out under."""
    if terms.gpl is None or setting.outbound in (None, PROPRIETARY):
        return False
    bases = [terms_of(leaf).base for leaf in deciding(setting.outbound or "")]
    said = {terms.gpl.v2 if base in ("GPL-1.0", "GPL-2.0") else terms.gpl.v3 for base in bases}
    return said == {"yes"} and all(base.startswith(("GPL-", "AGPL-")) for base in bases)


def _reserved_name(terms: Terms, setting: Setting) -> Iterator[Said]:
    """A changed font, which a subset is too, may not keep a name that its owner has reserved."""
    if terms.class_ != t.FONT or not terms.has("RN") or not setting.modified or setting.facts.is_there is False:
        return
    kept = setting.facts.reserved_font_name_kept
    authority = f"{terms.base} {terms.clause('RN')}"
    if not is_conveyed(terms, setting):
        if kept is not False and setting.deployment is Deployment.SAAS:
            sentence = _("Whether users of the service receive the changed font under a reserved name is not stated.")
            yield Ruling.REVIEW, Reason(sentence, authority)
    elif kept:
        yield Ruling.CONFLICT, Reason(_("A changed font must not keep a reserved font name."), authority)
    elif kept is None:
        yield Ruling.REVIEW, Reason(_("Whether the changed font keeps a reserved font name is not stated."), authority)


def _output(terms: Terms, setting: Setting) -> Iterator[Said]:
    """What a tool writes is the user's, unless the tool puts parts of itself into it."""
    if setting.relationship.binding is not Binding.OUTPUT or is_lifted(terms):
        return
    if terms.class_ in (t.STRONG, t.NETWORK) and setting.deployment.conveys:
        sentence = _("A tool's output is not under the tool's license, unless the tool puts parts of itself into it.")
        yield Ruling.OK, Reason(sentence, "GPL FAQ, GPLOutput")


RULES = (
    _conditions, _commercial, _unknown, _exceptions, _fit, _network, _stores, _library, _content, _reserved_name,
    _output,
)  # fmt: skip
"""Each says what it has to say; the worst counts."""
