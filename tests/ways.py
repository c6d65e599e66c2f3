"""The three ways to read what a lock names (installed, cached, remote), and why their answers may differ."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from licscan.attribution.json_format import to_json
from licscan.compose.notices import notices
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import Scan
from licscan.sbom.from_scan import SbomOptions, bom_of

WAYS = ("installed", "cached", "remote")
"""The first is what the others are held against."""
Answers = dict[str, dict[str, list[str]]]
"""By subject (a PackageURL, or empty for what is said of all), then by facet: what is said, sorted."""
HELD = "held"
"""The facet that says where a package lies: no difference, but a reason for some."""
_LEFT_OUT = "pkg:generic/"
"""An environment is a root of its own, with edges to all that stands in it; a folder without a manifest is one."""


def answers(root: Path, *, offline: bool, platform: str = "", jobs: int = 2) -> Answers:
    """All that scan, notices and SBOM say of a project."""
    found = scan(Options((root,), offline=offline, platform=platform or None, outbound="proprietary", jobs=jobs))
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, facet, said in (*_of_scan(found), *_of_notices(found, root), *_of_sbom(found)):
        if not subject.startswith(_LEFT_OUT) and (plain := placeless(said.replace(f"{root}/", ""))):
            told[subject][facet].add(plain)
    return {subject: {facet: sorted(said) for facet, said in facets.items()} for subject, facets in told.items()}


_END = r"(?:/|(?=[\"\s]))"
_PLACES = (
    (re.compile(rf"[^\s\"(]*/_cacache/content-v2/\w+/\w+/\w+/\w+{_END}"), ""),
    (re.compile(rf"[^\s\"(]*/http-v2/(?:\w+/)+\w+\.body{_END}"), ""),
    (re.compile(rf"[^\s\"(]*/archive-v0/\w+{_END}"), ""),
    (re.compile(r"https?://[^\s\"]+?\.(?:tgz|whl|zip|tar\.gz)/"), ""),
    (re.compile(r'("path": ")https?://[^\s"]+?\.(?:tgz|whl|zip|tar\.gz)"'), r'\1"'),
    (re.compile(rf"\.venv/lib/python3\.\d+/site-packages{_END}"), ""),
    (re.compile(rf"(?:[\w./@-]*node_modules/(?:@[^/\s\"]+/)?[^/\s\"]+{_END})+"), ""),
    (re.compile(r"(?<=[^\s]) in [\w.@+!-]+\.(?:tgz|whl|zip|tar\.gz)\b"), ""),
    # the address of an archive is the registry's to tell
    (re.compile(r'"where": \["(?:pkg:|https?://)[^"]*"\]'), '"where": []'),
    (re.compile(r" in (?:npm|pip|uv|pnpm|yarn)'s cache\b"), ""),
    (re.compile(r"(?<![\w/])[\w.@+!-]+\.(?:tgz|whl|zip|tar\.gz)/"), ""),
    (re.compile(r"\((?:installed|cache|installed package|client's cache|package)\)"), "(package)"),
    (re.compile(r'"origin": "(?:installed|cache)"'), '"origin": "package"'),
    (re.compile(r'\{"name": "licscan:found-in", "value": "(?:[^"]*node_modules|\.venv[^"]*)?"\}'), ""),
)


def placeless(said: str) -> str:
    """What is said, without the place at which a package was found: that is each way's own."""
    for pattern, instead in _PLACES:
        said = pattern.sub(instead, said)
    return said


def _of_scan(found: Scan) -> Iterator[tuple[str, str, str]]:
    for one in found.graph.components:
        yield one.purl, HELD, "installed" if one.installed_at else "inside" if one.embedded else "elsewhere"
        yield one.purl, "component", json.dumps([one.version, one.embedded, sorted(one.scopes)])
    for edge in found.graph.dependencies:
        if not edge.child.startswith(_LEFT_OUT) and not edge.parent.startswith(_LEFT_OUT):
            yield edge.parent, "edge", f"{edge.child} {edge.scope}"
    for told in found.conclusions:
        for name in ("declared", "detected", "concluded", "coverage", "candidates", "clarified"):
            yield told.purl, name, str(getattr(told, name, ""))
        for one_statement in told.copyrights:
            yield told.purl, "copyright", one_statement.statement
    for finding in found.findings:
        yield finding.purl or "", "finding", f"{finding.code} {finding.severity} {finding.verdict} {finding.message}"
    for problem in found.problems:
        if problem.subject.startswith("pkg:"):
            yield problem.subject, "problem", problem.message


def _of_notices(found: Scan, root: Path) -> Iterator[tuple[str, str, str]]:
    document = json.loads(to_json(notices(found, root)))
    for entry in document["components"]:
        for key, value in entry.items():
            yield entry["purl"], f"notices {key}", json.dumps(value, ensure_ascii=False)
    for gap in document["gaps"]:
        yield gap["purl"] or "", "gap", f"{gap['kind']} {gap['sentence']}"


def _of_sbom(found: Scan) -> Iterator[tuple[str, str, str]]:
    for one in bom_of(found, SbomOptions("2024-01-01T00:00:00Z")).components:
        for name, value in _plain(one).items():
            if name not in ("ref", "purl"):
                for each in value if isinstance(value, list) else [value]:
                    yield one.purl, f"sbom {name}", json.dumps(each, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Enum) else value


@dataclass(frozen=True, slots=True)
class Difference:
    """What one way says and another does not; `first` is the installed one's."""

    way: str
    subject: str
    facet: str
    first: str
    other: str
    reason: str = "unexplained"

    @property
    def is_explained(self) -> bool:
        """Whether the table has a reason."""
        return self.reason != "unexplained"


Holds = Callable[["Difference", Mapping[str, Answers]], bool]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why answers may differ: in which facets (a pattern), in which ways, and where that holds at all."""

    facets: str
    reason: str
    holds: Holds = lambda _difference, _every: True
    ways: tuple[str, ...] = WAYS[1:]


def _not_installed(one: Difference, every: Mapping[str, Answers]) -> bool:
    return every[WAYS[0]].get(one.subject, {}).get(HELD) == ["elsewhere"]


def _says_more(one: Difference, _every: Mapping[str, Answers]) -> bool:
    """Whether an installation says nothing, or that it does not know."""
    return one.first in ("", "null", '""')


def _is_source(one: Difference, _every: Mapping[str, Answers]) -> bool:
    """Whether nothing is added but the address of a source distribution."""
    said = json.loads(one.other), json.loads(one.first)
    ours, theirs = ({place for offer in offers for place in offer.pop("where")} for offers in said)
    return said[0] == said[1] and theirs < ours and all(place.endswith((".tar.gz", ".zip")) for place in ours - theirs)


def _unread(one: Difference, every: Mapping[str, Answers]) -> bool:
    """Whether what one way misses is a library that is too long to be fetched, which is said."""
    problems = every[one.way].get(one.subject, {}).get("problem", [])
    return not one.other and "native-library" in one.first and any("limit traffic" in p for p in problems)


REASONS: tuple[Reason, ...] = (
    Reason(".*", "the client installs it on other platforms alone, or not at all", _not_installed),
    Reason(
        "problem",
        "who was not asked, and why, is said beside what was read",
        lambda one, _every: "was not asked: offline" in one.first + one.other,
    ),
    Reason(
        "problem",
        "of a wheel over the network long libraries are not fetched, and that is said",
        lambda one, _every: "limit traffic" in one.other and not one.first,
        ways=("remote",),
    ),
    Reason("finding", "of a wheel over the network long libraries are not fetched, and that is said", _unread),
    Reason(
        "edge",
        "pins have no edges; an environment tells which of its distributions asks for which",
        lambda one, _every: one.subject.startswith("pkg:pypi/") and not one.other,
    ),
    Reason(
        "sbom (?:archive|download_location|executable|filename|hashes|properties|references|structured)",
        "the registry tells from which file a version is, and its day; pins and environments do not",
        _says_more,
        ways=("remote",),
    ),
    Reason(
        "sbom unknown",
        "the registry tells from which file a version is, and its day; pins and environments do not",
        lambda one, _every: "download-location" in one.first and not one.other,
        ways=("remote",),
    ),
    Reason(
        "sbom evidence",
        "where nothing is declared, that is said of the place",
        lambda one, _every: all('"method": "none"' in each for each in (one.first + one.other).splitlines()),
    ),
    Reason("notices offers", "the registry tells where the source distribution is", _is_source, ways=("remote",)),
)
"""The first that fits counts."""


def differences(every: Mapping[str, Answers]) -> list[Difference]:
    """What the other ways say differently from the first, sorted, each with its reason."""
    first = every[WAYS[0]]
    found = []
    for way in WAYS[1:]:
        if way not in every:
            continue
        other = every[way]
        for subject in sorted({*first, *other}):
            facets = {*first.get(subject, {}), *other.get(subject, {})}
            for facet in sorted(facets - {HELD}):
                ours, theirs = (answers.get(subject, {}).get(facet, []) for answers in (first, other))
                if ours != theirs:
                    found.append(_explained(way, subject, facet, (ours, theirs), every))
    return found


def _explained(
    way: str, subject: str, facet: str, said: tuple[list[str], list[str]], every: Mapping[str, Answers]
) -> Difference:
    ours, theirs = said
    lost = "\n".join(one for one in ours if one not in theirs)
    more = "\n".join(one for one in theirs if one not in ours)
    one = Difference(way, subject, facet, lost, more)
    for row in REASONS:
        if way in row.ways and re.fullmatch(row.facets, facet) and row.holds(one, every):
            return dataclasses.replace(one, reason=row.reason)
    return one
