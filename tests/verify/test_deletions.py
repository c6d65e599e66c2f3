"""Something is deleted from a complete document of notices: exactly that is reported, and nothing else."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from licscan.artifact import open_artifact
from licscan.compose.notices import notices
from licscan.compose.verify import Question, accounts_of, demands_of, surfaces_of
from licscan.model import Scan
from licscan.verify.check import missing
from licscan.verify.inside import EvidenceSources, document_of, inspect_artifact
from licscan.verify.matching import match, names_of
from licscan.verify.records import Obligations, What
from tests.verify.making import bundle, has, metafile, project, scanned, usual

DELETIONS = 200
_LABEL = re.compile(r"(?<!\S)([^\s-]\S*) (\d\S*?)(?:,?\s|$)")


@dataclass(frozen=True)
class Member:
    """Components and their lines in a document of notices, by the numbers of its lines."""

    labels: frozenset[str]
    names: tuple[int, ...]
    lines: tuple[int, ...]


def members_of(lines: list[str]) -> list[Member]:
    """The members of the sections of licenses, read line by line from the text that `licscan notices` writes."""
    found: list[Member] = []
    names: list[int] = []
    said: list[int] = []
    for number, line in enumerate([*lines, ""]):
        if said and not line.startswith("    "):
            labels = frozenset(
                f"{name} {version}" for name, version in _LABEL.findall(" ".join(lines[n] for n in names))
            )
            found.append(Member(labels, tuple(names), tuple(said)))
            names, said = [], []
        if line.startswith("    "):
            said += [number] if names else []
        elif _LABEL.match(line):
            names.append(number)
        else:
            names = []
    return found


def owed_of(scan: Scan, root: Path, artifact: Path) -> list[Obligations]:
    """What is owed for all that is inside."""
    question = Question(artifact)
    with open_artifact(artifact) as opened:
        inside = inspect_artifact(tuple(opened.entries()), EvidenceSources(accounts_of(question)))
        surfaces, deployment, _assumed = surfaces_of(question, scan, opened)
        return list(demands_of(scan, root, match(inside.seen, scan.graph), surfaces, deployment).values())


def lacking(scan: Scan, owed: list[Obligations], text: str) -> set[tuple[str, What, str]]:
    names = {one.purl: f"{one.name} {one.version}" for one in owed}
    found = missing(owed, [document_of("NOTICES.txt", text.encode())], names_of(scan.graph))
    return {(names[purl], demand.what, demand.shown) for purl, demands in found.items() for demand in demands}


def texts_of(text: str) -> list[str]:
    """The texts that stand in it, each from its heading to what comes after."""
    return [found[0] for found in re.finditer(r"(?m)^--- Text \d+.*\n(?:\n|  .*\n)+", text)]


def check_deletions(scan: Scan, owed: list[Obligations], text: str, count: int) -> dict[What, int]:
    """Delete at random, each time from the whole document; how many of each kind were deleted."""
    assert lacking(scan, owed, text) == set()
    chance = random.Random(20_261_124)
    told = dict.fromkeys(What, 0)
    lines = text.splitlines(keepends=True)
    inside = {f"{one.name} {one.version}" for one in owed}
    members = [member for member in members_of([line.rstrip("\n") for line in lines]) if member.labels & inside]
    blocks = texts_of(text)
    demands = [(f"{o.name} {o.version}", d) for o in owed for d in o.demands]
    for _number in range(count):
        if chance.random() < 0.5:
            member = chance.choice(members)
            number = chance.choice(member.lines)
            shown = " ".join(lines[number].split())
            left = "".join(lines[:number] + lines[number + 1 :])
            expected = {
                (label, d.what, d.shown)
                for label, d in demands
                if label in member.labels and d.what is What.HOLDER and has(d.needles[0], shown)
            }
        else:
            block = chance.choice(blocks)
            left = text.replace(block, "")
            expected = {
                (label, d.what, d.shown)
                for label, d in demands
                if d.what is not What.HOLDER and has(d.needles[0], block) and not has(d.needles[0], left)
            }
        assert lacking(scan, owed, left) == expected
        for _label, what, _shown in expected:
            told[what] += 1
    return told


def test_every_deletion_is_found_and_no_other(tmp_path: Path) -> None:
    root = project(tmp_path / "messenger", usual())
    scan = scanned(root)
    dist = bundle(tmp_path / "dist", {"main.js": "", "meta.json": metafile(usual())})
    owed = owed_of(scan, root, dist)
    told = check_deletions(scan, owed, text_of(scan, root), DELETIONS)
    assert all(count > 10 for what, count in told.items() if what is not What.CREDIT), told  # of content alone


def text_of(scan: Scan, root: Path) -> str:
    """The document of notices as text."""
    from licscan.attribution.document import document
    from licscan.attribution.render import render

    return render(document(notices(scan, root)), "text")


def test_an_entry_that_is_gone_is_the_one_that_is_missing(tmp_path: Path) -> None:
    root = project(tmp_path / "messenger", usual())
    scan = scanned(root)
    owed = owed_of(scan, root, bundle(tmp_path / "dist", {"main.js": "", "meta.json": metafile(usual())}))
    lines = text_of(scan, root).splitlines(keepends=True)
    members = members_of([line.rstrip("\n") for line in lines])
    assert len(members) > 10
    for member in members:
        gone = {*member.names, *member.lines}
        left = "".join(line for number, line in enumerate(lines) if number not in gone)
        names = {name for name, _what, _shown in lacking(scan, owed, left)}
        assert names == set(member.labels)


@pytest.mark.parametrize("broken", ["", "\0\1\2", "=" * 100_000, "a 1.0.0, " * 50_000])
def test_odd_documents_meet_nothing(tmp_path: Path, broken: str) -> None:
    root = project(tmp_path / "messenger", usual(4))
    scan = scanned(root)
    owed = owed_of(scan, root, bundle(tmp_path / "dist", {"main.js": "", "meta.json": metafile(usual(4))}))
    assert len(lacking(scan, owed, broken)) == sum(len(one.demands) for one in owed)
