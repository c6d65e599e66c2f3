"""What is a project's own: from what it declares, from its texts and manifests, and from most of its headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE, ComponentKind, Conclusion, Copyright
from licscan.source.authors import authors_of, text_of
from licscan.source.declared import Declared
from licscan.source.header import Header
from licscan.source.holders import LEAST_FILES, OwnHolders, frequent
from licscan.source.names import Sort, is_minified, sort_of, vendored_folder
from licscan.source.placing import Own

PROPRIETARY = "proprietary"


def declared_own(declared: Declared) -> Own:
    """The licenses that the project declares, as a whole and for its parts."""
    areas: dict[str, tuple[str, ...]] = {}
    names: dict[str, None] = {}
    for component in declared.graph.components:
        conclusion = declared.conclusions.get(component.purl)
        if component.kind is not ComponentKind.PROJECT or conclusion is None:
            continue
        folder = (component.manifest or "").rpartition("/")[0]
        if folder and vendored_folder(folder + "/"):
            continue
        names[component.name] = None
        areas[folder] = (*areas.get(folder, ()), *_licenses(conclusion))
    licenses = areas.pop("", ())
    if declared.outbound != PROPRIETARY:
        licenses = (*licenses, *licenses_of(declared.outbound))
    return Own(
        licenses=tuple(dict.fromkeys(licenses)),
        areas=areas,
        projects=tuple(names),
        is_proprietary=declared.outbound == PROPRIETARY,
    )


def _licenses(conclusion: Conclusion) -> list[str]:
    said = (conclusion.concluded, conclusion.declared, *conclusion.candidates)
    every = [name for one in said if one not in (NOASSERTION, NONE, "") for name in licenses_of(one)]
    return list(dict.fromkeys(every))


def own_of(
    declared: Declared, root: Path, headers: Mapping[str, Header], texts: Mapping[str, Header], lists: tuple[str, ...]
) -> Own:
    """All that is the project's own; `texts` are license texts, `lists` the paths of its lists of authors."""
    own = declared_own(declared)
    top = [header for path, header in sorted(texts.items()) if "/" not in path]
    if not own.licenses and not own.is_proprietary:
        own = replace(own, licenses=tuple(n for h in top for one in h.said for n in licenses_of(one.expression)))
    plain = {path: header for path, header in headers.items() if _is_plain(path)}
    if not own.licenses:
        own = replace(own, licenses=_most_named(plain))
    names = [said.holder for said in _statements(declared) if not said.template]
    if not names:
        names = [holder for header in top for holder, _line in header.holders][:LEAST_FILES]
    folders = sorted({"", *own.areas})
    names += authors_of(root, folders)
    names += frequent([holder for holder, _line in header.holders] for header in plain.values())
    authors = "\n".join(text_of(root, path) for path in lists)
    own = replace(own, holders=OwnHolders(names, own.projects, authors))
    return replace(own, rules=frozenset(_usual(plain, own.holders)))


def _statements(declared: Declared) -> list[Copyright]:
    roots = [c for c in declared.graph.components if c.kind is ComponentKind.PROJECT]
    return [said for c in roots if (known := declared.conclusions.get(c.purl)) for said in known.copyrights]


def _is_plain(path: str) -> bool:
    return sort_of(path) is Sort.CODE and vendored_folder(path) is None and not is_minified(path)


def _most_named(headers: Mapping[str, Header]) -> tuple[str, ...]:
    """The licenses that most files with a license name, where the project declares none."""
    counts: Counter[str] = Counter()
    total = 0
    for header in headers.values():
        names = {name for one in header.said for name in licenses_of(one.expression)}
        total += bool(names)
        counts.update(names)
    return tuple(sorted(name for name, count in counts.items() if count >= LEAST_FILES and count * 2 > total))


def _usual(headers: Mapping[str, Header], holders: OwnHolders) -> Iterator[str]:
    """The rules by which files state a license that name one of the project's holders, or none."""
    for header in headers.values():
        if not header.holders or any(holders.is_own(holder) for holder, _line in header.holders):
            yield from (one.rule for one in header.said)
