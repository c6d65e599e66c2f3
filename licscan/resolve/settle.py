"""Joins what was asked for with what is locked, and what is locked with what is installed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from licscan.model import Component, Dependency, Problem
from licscan.resolve.answers import Answers, folder_of_parent, is_open
from licscan.resolve.builder import Parsed
from licscan.resolve.lending import extraneous, lend
from licscan.resolve.owning import answers_for
from licscan.resolve.python.sites import ECOSYSTEMS, INSTALLERS
from licscan.resolve.reading import Read


def attach_installed(
    declared: Sequence[Read], installed: Sequence[Read], separate: Container[str] = ()
) -> tuple[list[Read], tuple[Problem, ...]]:
    """Installed trees beside a lock lend it their files and claims; where there is no lock, the tree is the graph.

    `separate` are the trees (by path) that no lock owns, though one may stand above (see `owning`). A package that is
    installed but not locked is a problem of the tree (`lock-out-of-date`), and is not taken for shipped.
    """
    problems: list[Problem] = []
    lots = list(declared)
    for tree in installed:
        locks = [i for i, read in enumerate(lots) if tree.path not in separate and answers_for(read, tree)]
        if not locks:
            lots.append(tree)
            continue
        used: set[str] = set()
        for index in locks:
            lots[index], matched = lend(lots[index], tree)
            used |= matched
        problems += extraneous(tree, used, INSTALLERS)
    return lots, tuple(problems)


def settle(reads: Iterable[Read]) -> list[Parsed]:
    """Requirements without a version, each joined with the one package that another input has for it.

    A requirements file beside a lock asks for what the lock has: that is an answer where range, marker and place agree
    (see `answers`). All else stays unresolved: a lock further up that has another version of that name says nothing.
    """
    lots = list(reads)
    answers = Answers(lots)
    settled = {id(read): _settled(read, answers) for read in lots if read.format.ecosystem not in ECOSYSTEMS}
    if len(settled) < len(lots):
        from licscan.resolve.python.answers import PythonAnswers

        python = PythonAnswers(lots)
        return [settled.get(id(read)) or python.settled(read) for read in lots]
    return [settled[id(read)] for read in lots]


def _settled(read: Read, answers: Answers) -> Parsed:
    parsed = read.parsed
    open_ = {component.purl: component for component in parsed.components if is_open(component)}
    if not open_:
        return parsed
    by_purl = {component.purl: component for component in parsed.components}
    edges: list[Dependency] = []
    answered: dict[str, Component] = {}
    replaced: set[str] = set()
    for edge in parsed.dependencies:
        wanted = open_.get(edge.child)
        answer = None
        if wanted is not None:
            folder = folder_of_parent(by_purl.get(edge.parent), read)
            answer = answers.find(wanted, folder, edge.requirement)
        if wanted is None or answer is None:
            edges.append(edge)
            continue
        answered[answer.purl] = _seen_in(answered.get(answer.purl, answer), answer, wanted)
        edges.append(replace(edge, child=answer.purl))
        replaced.add(wanted.purl)
    if not answered:
        return parsed
    gone = replaced - {edge.child for edge in edges}
    kept = tuple(c for c in parsed.components if c.purl not in gone)
    return replace(parsed, components=(*kept, *answered.values()), dependencies=tuple(edges))


def _seen_in(known: Component, answer: Component, wanted: Component) -> Component:
    """The answer as the asking file sees it: there is where it was found, and its marker is the requirement's."""
    first = known is answer
    found_in = wanted.found_in if first else tuple(sorted({*known.found_in, *wanted.found_in}))
    return replace(known, found_in=found_in)
