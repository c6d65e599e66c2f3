"""Deployments, rulings and duties in the words of reports."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.law.vocabulary import NOTICE_DUTIES, Duty, DutyName
from licscan.messages import _
from licscan.tables import load_toml

_ORDER = {name: place for place, name in enumerate(DutyName)}


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
    """Duties in a sentence, each with its clause: `source of its files (MPL-2.0, 3.2); acknowledgment (...)`."""
    told = []
    for duty in duties:
        source = ", ".join(part for part in (duty.license, duty.clause) if part)
        told.append(_("{duty} ({source})").format(duty=title_of(duty.name.value), source=source))
    return "; ".join(dict.fromkeys(told))


def deployment_words(deployment: str) -> str:
    """A deployment in words."""
    return {
        "internal": _("used inside the company"),
        "saas": _("offered as a service"),
        "on-premise": _("installed at customers"),
        "mobile-app": _("an app for phones"),
        "desktop-app": _("an app for desktops"),
        "browser": _("loaded by browsers"),
        "embedded": _("part of a device"),
    }.get(deployment, deployment)


def ruling_words(ruling: str) -> str:
    """A ruling in words."""
    return {
        "ok": _("may be used"),
        "ok-obligations": _("may be used, with duties beyond notices"),
        "review": _("cannot be told"),
        "conflict": _("may not be used"),
    }.get(ruling, ruling)
