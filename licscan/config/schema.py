"""Every table and key of licscan.toml, with the kind of its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licscan.config import kinds
from licscan.config.settings import (
    Clarification,
    ComponentSetting,
    ContentSetting,
    Entitlement,
    Grant,
    PartSetting,
    RuleSetting,
    SurfaceSetting,
    Waiver,
)

Keys = Mapping[str, kinds.Kind]

COMPANY_FACTS: Keys = {
    "mau": kinds.count,
    "mau-at-model-release": kinds.count,
    "annual-revenue-usd": kinds.count,
    "eu-domiciled": kinds.truth,
    "commercial": kinds.truth,
    "consumer-product": kinds.truth,
    "exposes-functionality": kinds.truth,
    "sold-alone": kinds.truth,
    "reserved-font-name-kept": kinds.truth,
    "eula-forbids-reverse-engineering": kinds.truth,
    "store": kinds.text,
}
"""Facts of the product and the company, by key; each is a field of `law.facts.Facts`."""

COMPONENT_FACTS: Keys = {
    **COMPANY_FACTS,
    "component-has-notice": kinds.truth,
    "present-in-artifact": kinds.truth,
}
"""Facts that may be said of one component. `shipped`, entitlements and grants have settings of their own."""


@dataclass(frozen=True, slots=True)
class Entries:
    """A table that may stand several times: what each becomes, its keys, and those that it must have."""

    make: type[Any]
    keys: Keys
    required: tuple[str, ...] = ()


TABLES: dict[str, Keys] = {
    "project": {
        "name": kinds.text,
        "version": kinds.text,
        "outbound": kinds.outbound,
        "supplier": kinds.text,
        "contact": kinds.contact,
        "tlp": kinds.tlp,
        "extras": kinds.texts,
    },
    "scan": {
        "exclude": kinds.texts,
        "python": kinds.texts,
        "database": kinds.text,
        "licenses": kinds.text,
        "fail-on": kinds.fail_on,
        "offline": kinds.truth,
        "resolve": kinds.truth,
        "source": kinds.truth,
        "index-code": kinds.truth,
        "content": kinds.truth,
        "metadata-only": kinds.truth,
        "jobs": kinds.positive,
    },
    "facts": COMPANY_FACTS,
    "hook": {"unknown": kinds.unknown},
    "notices": {"contact": kinds.text, "template": kinds.text},
    "policy": {
        "profile": kinds.profile,
        "allow": kinds.licenses,
        "deny": kinds.licenses,
        "allow-categories": kinds.categories,
        "deny-categories": kinds.categories,
        "prefer": kinds.licenses,
        "require": kinds.require,
    },
}

ENTRIES: dict[str, Entries] = {
    "surface": Entries(
        SurfaceSetting,
        {
            "name": kinds.text,
            "deployment": kinds.deployment,
            "roots": kinds.texts,
            "include": kinds.packages,
            "exclude": kinds.packages,
            "outbound": kinds.outbound,
            "facts": kinds.texts,
        },
        ("name", "deployment"),
    ),
    "part": Entries(PartSetting, {"sbom": kinds.text, "surface": kinds.text, "name": kinds.text}, ("sbom",)),
    "component": Entries(
        ComponentSetting,
        {
            "packages": kinds.packages,
            "surfaces": kinds.texts,
            "relationship": kinds.relationship,
            "modified": kinds.truth,
            "shipped": kinds.truth,
            "facts": kinds.texts,
            "ownership": kinds.ownership,
            "published": kinds.truth,
        },
        ("packages",),
    ),
    "policy.rule": Entries(
        RuleSetting,
        {
            "action": kinds.action,
            "licenses": kinds.licenses,
            "categories": kinds.categories,
            "packages": kinds.packages,
            "surfaces": kinds.texts,
            "reason": kinds.text,
        },
        ("action", "reason"),
    ),
    "clarification": Entries(
        Clarification,
        {
            "packages": kinds.packages,
            "license": kinds.expression,
            "reason": kinds.text,
            "evidence": kinds.digests,
        },
        ("packages", "license", "reason", "evidence"),
    ),
    "waiver": Entries(
        Waiver,
        {
            "finding": kinds.finding_code,
            "packages": kinds.packages,
            "licenses": kinds.licenses,
            "files": kinds.texts,
            "surfaces": kinds.texts,
            "reason": kinds.waiver_reason,
            "note": kinds.text,
            "owner": kinds.text,
            "expires": kinds.day,
            "evidence": kinds.digests,
        },
        ("finding", "reason", "owner", "expires"),
    ),
    "entitlement": Entries(
        Entitlement,
        {
            "license": kinds.expression,
            "packages": kinds.packages,
            "holder": kinds.text,
            "reference": kinds.text,
            "expires": kinds.day,
            "note": kinds.text,
        },
        ("license", "reference"),
    ),
    "content": Entries(
        ContentSetting,
        {
            "files": kinds.content_files,
            "license": kinds.expression,
            "owner": kinds.text,
            "ownership": kinds.ownership,
            "reference": kinds.text,
            "expires": kinds.day,
            "note": kinds.text,
        },
        ("files",),
    ),
    "grant": Entries(
        Grant,
        {
            "packages": kinds.packages,
            "license": kinds.expression,
            "covers": kinds.text,
            "reference": kinds.text,
            "expires": kinds.day,
            "note": kinds.text,
        },
        ("covers", "reference"),
    ),
}
"""Tables in double brackets, by the name in them."""

FACT_KEYS: dict[str, Keys] = {"surface": COMPANY_FACTS, "component": COMPONENT_FACTS}
"""The keys of an entry's own table `facts`."""

KEYS: dict[str, tuple[str, ...]] = {
    **{name: tuple(keys) for name, keys in TABLES.items()},
    **{name: tuple(entries.keys) for name, entries in ENTRIES.items()},
}
"""Every setting by its table."""
