"""The questions that the law core is asked, and its answers."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.law.facts import NO_FACTS, Facts
from licscan.law.vocabulary import Deployment, Duty, Reason, Relationship, Ruling


@dataclass(frozen=True, slots=True)
class Setting:
    """How one component takes part in a work, and how the work reaches people.

    `outbound` is an SPDX expression, `vocabulary.PROPRIETARY`, or None: which outbound licenses would do? `in_browser`
    is whether a service hands it to browsers, so that it is delivered and part of the service at once.
    """

    outbound: str | None
    relationship: Relationship
    deployment: Deployment
    modified: bool = False
    facts: Facts = NO_FACTS
    in_browser: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for one component: the ruling, the licenses chosen, what is owed, and why."""

    ruling: Ruling
    license: str
    duties: tuple[Duty, ...] = ()
    reasons: tuple[Reason, ...] = ()
    blocking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a work: a name for answers, its license expression, and its setting but for the outbound."""

    name: str
    expression: str
    relationship: Relationship
    modified: bool = False
    facts: Facts = NO_FACTS
    in_browser: bool = False


@dataclass(frozen=True, slots=True)
class WorkDecision:
    """What follows for a work: its ruling, one decision a part in the same order, and the outbound that it needs.

    `outbound` is the declared license unless a part moves it to a later version; `candidates` are all that would do;
    `conflicting` names a smallest set of parts that cannot go out together (empty where there is none).
    """

    ruling: Ruling
    outbound: str | None
    decisions: tuple[Decision, ...]
    candidates: tuple[str, ...] = ()
    conflicting: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
