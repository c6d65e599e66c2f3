"""May a license go into a work that goes out under another? Directional; or-later, exceptions and clauses counted.

A license with `-or-later` offers each of its versions. A work that goes out under several versions must hold under each
of them; a component that comes in under several needs only one that fits. Sources: the licenses' own clauses, the FSF's
license list, the columns `gpl` and `into` of `data/terms/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from licscan.base.messages import _
from licscan.law import terms as t
from licscan.law.terms import Addition, Gpl, Terms, terms_of, versions
from licscan.law.vocabulary import PROPRIETARY, Binding, Reason, Relationship
from licscan.licenses.spdx import licenses_of, tree

LATER = "+"
"""Marks the versions of a license that are still to come."""


class Level(IntEnum):
    """Whether it fits, from best to worst; LINKED: each part keeps its license (GPL-3.0 and AGPL-3.0, section 13)."""

    YES = 0
    LINKED = 1
    OWN_TERMS = 2
    DISPUTED = 3
    UNKNOWN = 4
    NO = 5


@dataclass(frozen=True, slots=True, order=True)
class Fit:
    """How one license fits a work under another; `sure` unless it only follows from the kind of license.

    OWN_TERMS: the component stays under its own terms inside the work, and these are owed (weak copyleft).
    """

    level: Level
    reason: Reason | None = None
    sure: bool = True


YES = Fit(Level.YES)


def fits(outbound: str, inbound: str, relationship: Relationship) -> Fit:
    """How one inbound license fits a work that goes out under an expression, joined in this way.

    A choice that the work offers to its users must hold for each branch; of several licenses that apply together the
    strongest copyleft decides.
    """
    return max((_fits_leaf(leaf, inbound, relationship) for leaf in deciding(outbound)), key=lambda fit: fit.level)


@lru_cache(maxsize=2_000)
def deciding(outbound: str) -> tuple[str, ...]:
    """The licenses of an outbound expression that decide what it can take in."""
    leaves = licenses_of(outbound)
    if isinstance(node := tree(outbound), str) or node.operator == "OR":
        return leaves
    strong = [leaf for leaf in leaves if terms_of(leaf).class_ in (t.STRONG, t.NETWORK)]
    code = [leaf for leaf in leaves if terms_of(leaf).class_ not in (t.CONTENT, t.FONT)]
    return tuple(strong or code or leaves)


@lru_cache(maxsize=20_000)
def _fits_leaf(outbound: str, inbound: str, relationship: Relationship) -> Fit:
    if outbound == inbound:
        return YES
    own, other = terms_of(outbound), terms_of(inbound)
    if other.class_ == t.UNKNOWN or (not other.known and other.class_ not in (t.PERMISSIVE, t.PUBLIC_DOMAIN)):
        return Fit(Level.UNKNOWN, Reason(_("No table states what {license} allows.").format(license=inbound)))
    special = _by_exception(own, other, relationship) or _without_exception(own, other)
    if special:
        return special
    found = [_fits_version(own, version, other, relationship) for version in _offered(own)]
    return max(found, key=lambda fit: fit.level)


def _offered(own: Terms) -> tuple[str, ...]:
    """The versions under which a work goes out; those to come stand as the last one with a plus."""
    if not own.or_later:
        return (own.base,)
    known = versions(own.base)
    return (*known, known[-1] + LATER)


def comes_as(other: Terms) -> frozenset[str]:
    """The versions under which a component may be taken in."""
    if other.or_later:
        known = versions(other.base)
        return frozenset((*known, known[-1] + LATER))
    if other.later and other.later.by == "text":
        return frozenset(versions(other.base))
    return frozenset({other.base})


def _by_exception(own: Terms, other: Terms, relationship: Relationship) -> Fit | None:
    """What an exception on either side settles."""
    if own.addition and other.base in own.addition.permits:
        return Fit(Level.YES, _by(own, own.addition, _("An exception to {license} permits it.")))
    addition = other.addition
    if addition is None:
        return None
    if (addition.effect == "patent" and _is_gpl(own.base)) or own.license in addition.permits:
        return Fit(Level.YES, _by(other, addition, _("An exception to {license} permits it.")))
    frees = addition.effect in ("none", "library") or (addition.effect == "foss" and own.license != PROPRIETARY)
    if frees and relationship.binding is not Binding.COPIED:
        reason = _by(other, addition, _("The exception allows work under other terms to be combined with it."))
        return Fit(Level.YES if addition.effect == "none" else Level.OWN_TERMS, reason)
    if addition.effect == "narrow":
        plain = _fits_leaf(own.license, other.license.partition(" WITH ")[0], relationship)
        if plain.level >= Level.DISPUTED:
            sentence = _("Whether the exception covers this use must be read by a person.")
            return Fit(Level.DISPUTED, _by(other, addition, sentence))
    return None


def _without_exception(own: Terms, other: Terms) -> Fit | None:
    """A work that promises an exception cannot hold parts of others under the same copyleft without it."""
    whole = other.source is not None and other.source.scope in _WHOLE
    if not own.exception or not whole or other.exception == own.exception:
        return None
    sentence = _("{license} comes without the exception that {outbound} promises; only its owners can add it.")
    return Fit(Level.NO, Reason(sentence.format(license=other.license, outbound=own.license)))


def _fits_version(own: Terms, version: str, other: Terms, relationship: Relationship) -> Fit:
    """How a component fits one version of the work's license."""
    coming = comes_as(other)
    if version in coming:
        return YES
    if own.class_ in (t.STRONG, t.NETWORK):
        return _into_copyleft(version, other, coming, relationship)
    return _into_other(own, other, coming, relationship)


# --- works under strong copyleft --------------------------------------------------------------------------------------


def _into_copyleft(version: str, other: Terms, coming: frozenset[str], relationship: Relationship) -> Fit:
    """A work under the GPL or a license like it: no term of a part may add a restriction."""
    base = version.removesuffix(LATER)
    if other.class_ in (t.PERMISSIVE, t.PUBLIC_DOMAIN, t.CONTENT, t.FONT) and other.gpl is None:
        return _free_into(base, other)
    if other.gpl is not None and (_is_gpl(base) or other.class_ in (t.PERMISSIVE, t.PUBLIC_DOMAIN)):
        return _by_column(base, other, other.gpl)
    if other.class_ in (t.STRONG, t.NETWORK) and version.endswith(LATER) and base in coming:
        sentence = _("{license} does not allow the later versions that {outbound} offers.")
        return Fit(Level.NO, Reason(sentence.format(license=other.license, outbound=f"{base}-or-later")))
    if {base, *(name.removesuffix(LATER) for name in coming)} >= {"AGPL-3.0", "GPL-3.0"}:
        sentence = _(
            "GPL-3.0 and AGPL-3.0 may be combined; each part keeps its license, and the whole source "
            "must be made available to users."
        )
        return Fit(Level.LINKED, Reason(sentence, "GPL-3.0 section 13, AGPL-3.0 section 13"))
    if allowed := _allows(other, base):
        return allowed
    if other.class_ in t.WEAK and not _is_gpl(base):
        sentence = _("Whether a work under {outbound} may contain parts that stay under {license} is not settled.")
        return Fit(Level.DISPUTED, Reason(sentence.format(outbound=base, license=other.license)))
    sentence = _("{license} requires terms that {outbound} does not allow a work to add.")
    return Fit(Level.NO, Reason(sentence.format(license=other.license, outbound=base), _no_further_terms(base)))


def _free_into(base: str, other: Terms) -> Fit:
    if other.class_ == t.CONTENT and other.has("SA"):
        return _allows(other, base) or Fit(
            Level.NO, _clause(other, other.clause("SA"), _("Adaptations of {license} stay under it."))
        )
    if other.class_ == t.CONTENT and (other.has("NC") or other.has("ND")):
        return Fit(
            Level.NO, _clause(other, other.clause("NC") or other.clause("ND"), _("{license} restricts the use."))
        )
    return Fit(Level.YES, None, sure=other.known)


def _by_column(base: str, other: Terms, gpl: Gpl) -> Fit:
    """What the table says of a license that adds terms of its own to a GPL work."""
    said = gpl.v2 if base in ("GPL-1.0", "GPL-2.0") else gpl.v3
    if not _is_gpl(base):
        said = "yes" if said == "yes" else "unsettled"  # nobody has asked for other copylefts; the GPL is the nearest
    if said == "yes":
        sentence = _("{license} is compatible with {outbound}.").format(license=other.license, outbound=base)
        return Fit(Level.YES, Reason(sentence, gpl.authority), sure=_is_gpl(base))
    if said != "no":
        return _undecided(said, base, other.license, gpl)
    sentence = _("{license} adds restrictions that {outbound} does not allow.")
    return Fit(Level.NO, Reason(sentence.format(license=other.license, outbound=base), gpl.authority))


def _undecided(said: str, outbound: str, license_id: str, gpl: Gpl) -> Fit:
    """What authorities contradict each other on, or what none of them has said."""
    if said == "disputed":
        differ = _("Authorities differ on whether {license} may go into a work under {outbound}.")
        sentence = _(gpl.note) if gpl.note else differ
    else:
        sentence = _("Whether {license} may go into a work under {outbound} is not settled.")
    return Fit(Level.DISPUTED, Reason(sentence.format(license=license_id, outbound=outbound), gpl.authority))


def _allows(other: Terms, base: str) -> Fit | None:
    """Whether the component's own text names the work's license; what may become GPL-3.0 may join AGPL-3.0.

    What only a second step leads to is disputed.
    """
    if other.into is None:
        return None
    named = _expanded(other.into.licenses)
    if base in named or (base == "AGPL-3.0" and "GPL-3.0" in named):
        return Fit(Level.YES, _clause(other, other.into.clause, _("{license} may be passed on this way.")))
    if base in _expanded(other.into.through):
        sentence = _(
            "{license} can come under {outbound} only via another license; both steps together are not settled."
        )
        return Fit(Level.DISPUTED, Reason(sentence.format(license=other.license, outbound=base), other.into.steps))
    return None


def _expanded(licenses: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in licenses:
        named = terms_of(name)
        found.update(versions(named.base) if named.or_later else (named.base,))
    return frozenset(found)


def _is_gpl(base: str) -> bool:
    """Whether it is a version of the GPL or AGPL, for which the column `gpl` was made."""
    return base.removesuffix(LATER).startswith(("GPL-", "AGPL-"))


def _no_further_terms(base: str) -> str:
    return {"GPL-1.0": "GPL-1.0 section 6", "GPL-2.0": "GPL-2.0 section 6", "GPL-3.0": "GPL-3.0 section 10"}.get(
        base, f"{base} section 10" if base == "AGPL-3.0" else base
    )


# --- works under other licenses ---------------------------------------------------------------------------------------


def _into_other(own: Terms, other: Terms, coming: frozenset[str], relationship: Relationship) -> Fit:
    """A work under permissive, weak or closed terms."""
    if other.class_ in (t.PERMISSIVE, t.PUBLIC_DOMAIN):
        return _free_into_lesser(own, other, relationship)
    if other.class_ in t.WEAK or (other.source is not None and other.source.scope in ("file", "module", "library")):
        return _weak_into(own, other, relationship)
    if other.source is not None and other.source.scope in _WHOLE:
        return _allows(other, own.base) or _strong_into(own, other, relationship)
    if other.class_ == t.CONTENT and relationship.binding is Binding.COPIED and other.has("SA"):
        if _allows(other, own.base):
            return Fit(Level.YES, _clause(other, other.clause("SA"), _("{license} may be passed on this way.")))
        return Fit(Level.NO, _clause(other, other.clause("SA"), _("Adaptations of {license} stay under it.")))
    return Fit(Level.YES, None, sure=False)


def _free_into_lesser(own: Terms, other: Terms, relationship: Relationship) -> Fit:
    """Free code fits; within an LGPL library it meets the ban of the GPL of that version on further restrictions."""
    column = {"LGPL-2.0": "v2", "LGPL-2.1": "v2", "LGPL-3.0": "v3"}.get(own.base)
    said = getattr(other.gpl, column) if column and other.gpl else "yes"
    if said == "yes" or other.gpl is None:
        return Fit(Level.YES, None, sure=False)
    if said != "no":
        return _undecided(said, own.license, other.license, other.gpl)
    sentence = _("{license} adds restrictions that {outbound} does not allow in the library itself.")
    reason = Reason(sentence.format(license=other.license, outbound=own.license), other.gpl.authority)
    return Fit(Level.NO if _is_merged(relationship) else Level.DISPUTED, reason)


def _is_merged(relationship: Relationship) -> bool:
    """Whether it becomes part of the same library or program, and is not only called by it."""
    return relationship.binding is Binding.COPIED or relationship.name in ("combined-work", "static-link")


def _weak_into(own: Terms, other: Terms, relationship: Relationship) -> Fit:
    clause = other.source.clause if other.source else ""
    if other.class_ == t.WEAK_LIBRARY and relationship.binding is Binding.COPIED:
        sentence = _(
            "Code copied from a library under {license} makes the work that includes it a version of the library."
        )
        return Fit(Level.NO, _clause(other, clause, sentence))
    if own.base.startswith("LGPL-") and other.class_ in (t.WEAK_FILE, t.WEAK_MODULE) and _is_merged(relationship):
        return _weak_into_lgpl(own, other, relationship)
    if own.class_ == other.class_ == t.WEAK_LIBRARY and _is_merged(relationship):
        sentence = _("Whether one library may consist of parts under {outbound} and {license} is not settled.")
        return Fit(Level.DISPUTED, Reason(sentence.format(outbound=own.license, license=other.license)))
    sentence = _("The component stays under {license}; the rest of the work does not come under it.")
    return Fit(Level.OWN_TERMS, _clause(other, clause, sentence))


def _weak_into_lgpl(own: Terms, other: Terms, relationship: Relationship) -> Fit:
    """Files or modules that keep their license, made part of a library under the LGPL, all of which has to be under it.

    MPL-2.0 lets its files come under the LGPL as well; the others add terms that the LGPL does not let anybody add.
    """
    if other.into and own.base in _expanded(other.into.licenses):
        sentence = _("{license} may be passed on this way, and its files stay under it.")
        return Fit(Level.OWN_TERMS, _clause(other, other.into.clause, sentence))
    sentence = _("{license} requires terms that {outbound} does not allow a library to add.")
    reason = Reason(sentence.format(license=other.license, outbound=own.license), _LIBRARY_AS_A_WHOLE.get(own.base, ""))
    # who lets itself come under a later LGPL is not far from this one; authorities differ
    near = other.into is not None and any(name.startswith("LGPL-") for name in other.into.licenses)
    return Fit(Level.DISPUTED if near or relationship.name == "static-link" else Level.NO, reason)


_LIBRARY_AS_A_WHOLE = {
    "LGPL-2.0": "LGPL-2.0 2(c), 10",
    "LGPL-2.1": "LGPL-2.1 2(c), 10",
    "LGPL-3.0": "LGPL-3.0 2; GPL-3.0 5(c), 10",
}

_WHOLE = frozenset({"work", "derivative", "service-stack"})
_LINKED = frozenset(
    {
        "link",
        "dynamic-link",
        "dependency",
        "dependency-linked",
        "python-import",
        "bundled",
        "bundled-js",
        "optional-extra",
    }
)


def _strong_into(own: Terms, other: Terms, relationship: Relationship) -> Fit:
    clause = other.source.clause if other.source else ""
    derivative = other.source is not None and other.source.scope == "derivative"
    if derivative and relationship.name in _LINKED:
        sentence = _("{license} covers derivative works; whether combining it unmodified creates one is not settled.")
        return Fit(Level.DISPUTED, _clause(other, clause, sentence))
    sentence = _("{license} requires the whole work to be passed on under it, with its source.")
    return Fit(Level.NO, _clause(other, clause, sentence))


def _by(terms: Terms, addition: Addition, sentence: str) -> Reason:
    """A reason that rests on an exception's own clause."""
    return Reason(sentence.format(license=terms.license), f"{addition.id} {addition.clause}".strip())


def _clause(terms: Terms, clause: str, sentence: str) -> Reason:
    authority = f"{terms.license.partition(' WITH ')[0]} {clause}" if clause else terms.license
    return Reason(sentence.format(license=terms.license, outbound=""), authority)
