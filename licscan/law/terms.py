"""What each license asks, gives and forbids: the rows of `data/terms/*.toml` and `data/exceptions.toml` as values.

One row serves every way to write a license: `GPL-2.0` is read for GPL-2.0-only, GPL-2.0-or-later and GPL-2.0+. A
license without a row gets what its LicenseDB category allows to say, marked as not `known`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from licscan.base.tables import load_folder, load_toml
from licscan.licenses import spdx

PUBLIC_DOMAIN, PERMISSIVE = "public-domain", "permissive"
WEAK_FILE, WEAK_MODULE, WEAK_LIBRARY = "weak-file", "weak-module", "weak-library"
STRONG, NETWORK = "strong", "network"
CONTENT, FONT, MODEL = "content", "font", "model"
SOURCE_AVAILABLE, NONCOMMERCIAL, PROPRIETARY = "source-available", "noncommercial", "proprietary"
UNKNOWN = "unknown"

WEAK = frozenset({WEAK_FILE, WEAK_MODULE, WEAK_LIBRARY})
COPYLEFT = WEAK | {STRONG, NETWORK}
CLASSES = COPYLEFT | {
    PUBLIC_DOMAIN, PERMISSIVE, CONTENT, FONT, MODEL, SOURCE_AVAILABLE, NONCOMMERCIAL, PROPRIETARY,
}  # fmt: skip
"""What a row may be; `unknown` is only for what no table holds."""

SCOPES = frozenset({"file", "module", "library", "work", "derivative", "service-stack", "database", "pointer"})
CONDITIONS = frozenset(
    {
        "production",
        "hosting",
        "competing",
        "no-sell",
        "noncommercial",
        "research-only",
        "evaluation-only",
        "no-redistribution",
        "no-modification",
        "use-restrictions",
        "vague-use",
        "threshold",
        "territory",
        "not-sold-alone",
        "no-drm",
        "entitlement",
    }
)
EFFECTS = frozenset({"none", "library", "named", "foss", "patent", "narrow"})


@dataclass(frozen=True, slots=True)
class Source:
    """Which source is owed, when (`convey`, or `deploy`: network use counts as passing on), and by which clause."""

    scope: str
    trigger: str
    clause: str


@dataclass(frozen=True, slots=True)
class Network:
    """When users over a network are owed source: `modified` (AGPL), `service` (SSPL) or `use` (OSL, EUPL, CPAL)."""

    when: str
    clause: str


@dataclass(frozen=True, slots=True)
class Into:
    """The licenses under which, by the text's own words, a larger work may take it in; `-or-later` means all later.

    `through` are those that only another of its licenses leads to, in a second step, by the clauses of `steps`.
    """

    licenses: tuple[str, ...]
    clause: str
    through: tuple[str, ...] = ()
    steps: str = ""


@dataclass(frozen=True, slots=True)
class Gpl:
    """Whether a GPL work may take it in, where that is not simply yes, and who says so.

    `yes`, `no`, `disputed` (authorities contradict each other) or `unsettled` (too few have said). `note` says in a
    sentence what is disputed.
    """

    v2: str
    v3: str
    authority: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """The next version of the license, and what leads there: the license's own `text`, or only a `statement`.

    A statement is the `-or-later`, `+` or "any later version" of the copyright holder.
    """

    license: str
    by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a license forbids or makes depend on facts; `limit` and `fact` only where it is a threshold.

    `flow_down`: whoever gets a copy must be bound by it too, with the trigger `deploy` also whoever uses it as a
    service. `grants_internal`: use inside one's own company is what the license grants.
    """

    kind: str
    clause: str
    fact: str = ""
    limit: int | None = None
    flow_down: bool = False
    trigger: str = "convey"
    note: str = ""
    grants_internal: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """What an exception to a license lifts.

    `effect`: `none` (the covered use leaves no copyleft duty), `library` (one's own work stays free, the source of the
    component is owed), `named` (only lets it be joined with what `permits` names), `foss` (only with free software),
    `patent` (lifts an incompatibility alone), `narrow` (too special to decide by rule). `lifts` are the duty flags of
    the license that it takes away.
    """

    id: str
    effect: str
    permits: tuple[str, ...]
    lifts: tuple[str, ...]
    clause: str
    basis: str
    date: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one license as an expression names it.

    `license` is what was asked, `base` the row that answers it (the license itself where there is none), `flags` each
    duty flag with the clause that says so. `or_later` is whether later versions may be chosen by what was asked.
    """

    license: str
    base: str
    class_: str
    flags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    source: Source | None = None
    network: Network | None = None
    into: Into | None = None
    gpl: Gpl | None = None
    later: Later | None = None
    conditions: tuple[Condition, ...] = ()
    or_later: bool = False
    addition: Addition | None = None
    exception: str = ""
    basis: str = ""
    date: str = ""
    known: bool = True

    def has(self, flag: str) -> bool:
        """Whether the license carries a duty flag."""
        return flag in self.flags

    def clause(self, flag: str) -> str:
        """The clause that a flag rests on; empty where the license does not carry it."""
        return self.flags.get(flag, "")

    def condition(self, kind: str) -> Condition | None:
        """The first condition of a kind."""
        return next((condition for condition in self.conditions if condition.kind == kind), None)


@lru_cache(maxsize=20_000)
def terms_of(license_id: str) -> Terms:
    """The terms of one license of an expression: `X`, `X+`, `X-or-later`, `X WITH exception`, `LicenseRef-*`."""
    name, with_, exception = license_id.partition(" WITH ")
    if exception.lower() in _rows():  # MPL-2.0-no-copyleft-exception is both an SPDX license and a LicenseDB exception
        name, with_ = exception, ""
    base, or_later = _base(name)
    row = _rows().get(base.lower()) or _rows().get(_family(base))
    if row is None and (new := spdx.index().deprecated.get(license_id.lower())):
        return replace(terms_of(new), license=license_id)
    found = replace(row or _fallback(name), license=license_id, or_later=or_later)
    return _add(found, exception) if with_ else found


def _add(terms: Terms, exception: str) -> Terms:
    """The terms with an exception, and without the duties that it lifts."""
    addition = exceptions().get(exception.lower())
    lifted = addition.lifts if addition else ()
    flags = {flag: clause for flag, clause in terms.flags.items() if flag not in lifted}
    return replace(terms, flags=MappingProxyType(flags), addition=addition, exception=exception)


def versions(base: str) -> tuple[str, ...]:
    """The row and its later versions, in order; for GNU licenses and others the family that `or later` walks."""
    found = [base]
    while (row := _rows().get(found[-1].lower())) is not None and row.later and row.later.license not in found:
        found.append(row.later.license)
    return tuple(found)


def known_licenses() -> tuple[str, ...]:
    """The ids of all rows, in order."""
    return tuple(sorted({terms.base for terms in _rows().values()}))


def _base(name: str) -> tuple[str, bool]:
    """The row's id and whether the name allows later versions."""
    for ending in ("-or-later", "+"):
        if name.endswith(ending):
            return name.removesuffix(ending), True
    return name.removesuffix("-only"), False


_CREATIVE_COMMONS = re.compile(
    r"(?:licenseref-(?:licscan|scancode)-)?(cc-by(?:-nc|-nd|-sa)*)(?:-\d\.\d)?(?:-[a-z]{2,8})?", re.IGNORECASE
)


def _family(base: str) -> str:
    """The row of what all versions and ports of a Creative Commons license share; empty for other licenses."""
    found = _CREATIVE_COMMONS.fullmatch(base)
    return f"licenseref-licscan-{found[1].lower()}" if found else ""


@cache
def exceptions() -> Mapping[str, Addition]:
    """The exceptions by lower-case id."""
    found: dict[str, Addition] = {}
    table = load_toml("exceptions.toml")
    for id_, row in table.items():
        if isinstance(row, dict):
            lists = tuple(row.get("permits", ())), tuple(row.get("lifts", ()))
            date = row.get("date", table["date"])
            addition = Addition(id_, row["effect"], *lists, row["clause"], row["basis"], date)
            found.update(dict.fromkeys(_names(id_, row), addition))
    return MappingProxyType(found)


@cache
def _rows() -> Mapping[str, Terms]:
    """The rows by lower-case id, and by the other ids that name the same text."""
    found: dict[str, Terms] = {}
    for table in load_folder("terms").values():
        for id_, row in table.items():
            if isinstance(row, dict):
                found.update(dict.fromkeys(_names(id_, row), _row(id_, row, table["date"])))
    return MappingProxyType(found)


def _names(id_: str, row: Mapping[str, Any]) -> list[str]:
    return [name.lower() for name in (id_, *row.get("also", ()))]


def _row(id_: str, row: Mapping[str, Any], date: str) -> Terms:
    return Terms(
        id_,
        id_,
        row["class"],
        flags=MappingProxyType(row.get("flags", {})),
        source=Source(**row["source"]) if "source" in row else None,
        network=Network(**row["network"]) if "network" in row else None,
        into=_into(row["into"]) if "into" in row else None,
        gpl=Gpl(**row["gpl"]) if "gpl" in row else None,
        later=Later(**row["later"]) if "later" in row else None,
        conditions=tuple(Condition(**condition) for condition in row.get("conditions", ())),
        basis=row["basis"],
        date=row.get("date", date),
    )


def _into(row: Mapping[str, Any]) -> Into:
    return Into(tuple(row["licenses"]), row["clause"], tuple(row.get("through", ())), row.get("steps", ""))


_CATEGORY_CLASSES = {
    "Permissive": PERMISSIVE,
    "Public Domain": PUBLIC_DOMAIN,
    "Copyleft Limited": WEAK_LIBRARY,
    "Copyleft": STRONG,
    "Source-available": SOURCE_AVAILABLE,
    "Proprietary Free": PROPRIETARY,
    "Free Restricted": PROPRIETARY,
    "Commercial": PROPRIETARY,
}
_USUAL_NOTICES = MappingProxyType(dict.fromkeys(("LC", "CN", "CB"), "LicenseDB category Permissive"))


def _fallback(name: str) -> Terms:
    """What the LicenseDB category of a license without a row allows to say."""
    found = spdx.category(name)
    class_ = _CATEGORY_CLASSES.get(found or "", UNKNOWN)
    flags = _USUAL_NOTICES if class_ == PERMISSIVE else MappingProxyType({})
    basis = f"LicenseDB category {found}" if found else ""
    return Terms(name, name, class_, flags=flags, basis=basis, known=False)
