"""Deployments, rulings and duties in the words of reports."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.base.listing import listed as listed_names
from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.base.terms import clause_words
from licscan.law.vocabulary import NOTICE_DUTIES, Duty, DutyName
from licscan.model import Coverage

_ORDER = {name: place for place, name in enumerate(DutyName)}
MOST_SOURCES = 2
"""So many licenses that ask for one duty are named in a sentence."""


def title_of(name: str) -> str:
    """The title of a duty, for lists."""
    return _(load_toml("duties.toml")[name]["title"])


def what_to_do(name: str, component: str, license_id: str) -> str:
    """What exactly to do, for a component (or several, named in one) under a license."""
    return _(load_toml("duties.toml")[name]["do"]).format(name=component, license=license_id)


def beyond_notices(duties: Iterable[Duty]) -> tuple[Duty, ...]:
    """The duties that no notice satisfies, in the order of the vocabulary."""
    beyond = (duty for duty in duties if duty.name not in NOTICE_DUTIES)
    return tuple(sorted(beyond, key=lambda duty: (_ORDER[duty.name], duty.license, duty.clause)))


def listed(duties: Iterable[Duty]) -> str:
    """Duties in a sentence, each once with its clauses: `source of its files (MPL-2.0, 3.2); acknowledgment (...)`.

    Of a duty that many readings ask for, the first sources stand for all; `licscan duties` has the rest.
    """
    sources: dict[str, dict[str, None]] = {}
    for duty in duties:
        source = ", ".join(part for part in (duty.license, duty.clause) if part)
        sources.setdefault(title_of(duty.name.value), {})[clause_words(source)] = None
    return _("; ").join(
        _("{duty} ({source})").format(duty=title, source=_first(list(every))) for title, every in sources.items()
    )


def _first(sources: list[str]) -> str:
    return listed_names(sources, MOST_SOURCES, _("; "))


def deployment_words(deployment: str) -> str:
    """A deployment in words."""
    return {
        "internal": _("used within the company"),
        "saas": _("offered as a service"),
        "on-premise": _("installed at customers"),
        "mobile-app": _("a mobile app"),
        "desktop-app": _("a desktop app"),
        "browser": _("loaded by browsers"),
        "embedded": _("part of a device"),
    }.get(deployment, deployment)


def ruling_words(ruling: str, coverage: Coverage = Coverage.TEXTS) -> str:
    """A ruling in words; what may be used says so where nobody read the texts."""
    if coverage is not Coverage.TEXTS and ruling in ("ok", "ok-obligations"):
        return {
            ("ok", Coverage.METADATA): _("may be used, according to its metadata alone"),
            ("ok", Coverage.NOTHING): _("may be used, though nothing of it was read"),
            ("ok-obligations", Coverage.METADATA): _(
                "may be used, with duties beyond notices, according to its metadata alone"
            ),
            ("ok-obligations", Coverage.NOTHING): _(
                "may be used, with duties beyond notices, though nothing of it was read"
            ),
        }[ruling, coverage]
    return {
        "ok": _("may be used"),
        "ok-obligations": _("may be used, with duties beyond notices"),
        "review": _("cannot be determined"),
        "conflict": _("must not be used"),
    }.get(ruling, ruling)


def flag_words(flag: str) -> str:
    """A duty flag of data/terms in words."""
    return {
        "LC": _("pass on the license text"),
        "CN": _("keep notices in the source"),
        "CB": _("notice and text with binaries"),
        "NF": _("pass on the NOTICE file"),
        "SC": _("mark changes"),
        "PG": _("grants patent rights"),
        "PR": _("terminates for those who sue over patents"),
        "NP": _("grants no patent rights"),
        "TM": _("reserves trademarks"),
        "NE": _("no endorsement"),
        "AD": _("acknowledgment"),
        "RN": _("changed versions take another name"),
        "RL": _("users can replace the library with a changed version"),
        "RE": _("reverse engineering is allowed"),
        "II": _("installation information"),
        "UI": _("credit on the screen"),
        "SA": _("changed versions under the same license"),
        "NC": _("no commercial use"),
        "ND": _("no changed versions"),
        "FU": _("limits the field of use"),
        "NH": _("no offering as a service"),
        "TH": _("depends on a threshold"),
        "AT": _("attribution"),
        "TP": _("no technical restriction"),
        "SL": _("may become another license"),
        "NS": _("not to be sold alone"),
    }.get(flag, flag)


def class_words(name: str) -> str:
    """A class of licenses in words."""
    return {
        "public-domain": _("public domain"),
        "permissive": _("permissive"),
        "weak-file": _("copyleft of its own files"),
        "weak-module": _("copyleft of its own modules"),
        "weak-library": _("copyleft of a library"),
        "strong": _("copyleft of the whole work"),
        "network": _("copyleft of the whole work, also for network users"),
        "content": _("for content"),
        "font": _("for fonts"),
        "source-available": _("source available, with use limits"),
        "noncommercial": _("not for commercial use"),
        "model": _("for models"),
        "proprietary": _("closed"),
        "unknown": _("unknown"),
    }.get(name, name)


def condition_words(kind: str) -> str:
    """What a license forbids or makes depend on facts, in words."""
    return {
        "production": _("no use in production, beyond what a grant allows"),
        "hosting": _("not to be offered to others as a service"),
        "competing": _("not for a product that competes with the licensor's"),
        "no-sell": _("not to be sold"),
        "noncommercial": _("no commercial use"),
        "research-only": _("for research only"),
        "evaluation-only": _("for evaluation only"),
        "no-redistribution": _("not to be passed on"),
        "no-modification": _("changed versions must not be passed on"),
        "use-restrictions": _("forbids certain uses"),
        "vague-use": _("forbids uses in words that leave their extent open"),
        "threshold": _("free only below a threshold"),
        "territory": _("not for every territory"),
        "not-sold-alone": _("not to be sold alone"),
        "no-drm": _("no technical restriction"),
        "entitlement": _("must be bought or granted"),
    }.get(kind, kind)


def scope_of_source(scope: str) -> str:
    """Whose source a license asks for, in words."""
    return {
        "file": _("source of its files"),
        "module": _("source of its modules"),
        "library": _("source of the library"),
        "work": _("source of the whole work"),
        "derivative": _("source of derivative works"),
        "service-stack": _("source of the whole work, and of a service also of the programs that it runs with"),
        "database": _("the database, under the same license"),
        "pointer": _("source of the component, or where it is available"),
    }.get(scope, scope)


def network_words(when: str) -> str:
    """When users over a network are owed source, in words."""
    return {
        "modified": _("source for users over a network, if it was modified"),
        "service": _("source for users over a network, if its functions are offered as a service"),
        "use": _("source for users over a network, as if they had received a copy"),
    }.get(when, when)


def effect_words(effect: str) -> str:
    """What an exception lifts, in words."""
    return {
        "none": _("the covered use leaves no copyleft duty"),
        "library": _("the rest of the work stays free, the source of the component must be offered"),
        "named": _("may be combined with what it names"),
        "foss": _("may be combined with free software"),
        "patent": _("removes a patent-related incompatibility"),
        "narrow": _("too specific to be decided by rule"),
    }.get(effect, effect)


def note_words(note: str) -> str:
    """The remark of a table on a condition, in the language of the report."""
    return _(note) if note else ""
