"""Files of which the same is to be said become one component of the graph: one set, one family, one folder's sounds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from licscan.base.messages import N_, _
from licscan.content.facts import facts_of
from licscan.content.gather import Gathered
from licscan.content.placing import Placed
from licscan.model import (
    NOASSERTION,
    NONE,
    Component,
    ComponentKind,
    Conclusion,
    Copyright,
    Dependency,
    Evidence,
    EvidenceKind,
    Graph,
    Location,
    Origin,
    Scope,
)
from licscan.model.content import FILES_METHOD, Content, ContentFile, ContentStatement, Question, Speaker
from licscan.model.media import Meaning, MediaKind
from licscan.model.package import PackageMetadata
from licscan.packages.purls import build

ECOSYSTEM = "content"
TOP = "top folder"
"""What a group is called whose files share no folder."""
MAX_PLACES = 20
MAX_EVIDENCE = 20
MAX_COPYRIGHTS = 50
_NEVER_FOREIGN = frozenset({Question.AI_MARK, Question.TRADEMARK})
_WEIGHT = re.compile(
    r"(?i)[-_\s]+(?:thin|(?:extra|ultra)\s?light|light|book|regular|roman|normal|medium|(?:semi|demi|extra|ultra)\s?bold"
    r"|bold|heavy|black|italic|oblique|condensed|variable|var|web)$"
)
_NOT_SHIPPED = re.compile(r"(?i)(?:^|/)(?:docs?|examples?|samples?|demos?|fixtures?|stories|screen[-_]?shots?)/")
_BASIS = {
    Speaker.RECORD: N_("what licscan.toml records"),
    Speaker.ANNOTATION: N_("what the project's REUSE annotation says"),
    Speaker.LIST: N_("a text next to the files"),
    Speaker.CARD: N_("the model's card"),
    Speaker.EMBEDDED: N_("the files' own fields"),
    Speaker.SET: N_("the set that the files belong to"),
    Speaker.TEXT: N_("the license text of their folder"),
    Speaker.PROJECT: N_("the project's own license"),
}


@dataclass(frozen=True, slots=True)
class Grouped:
    """The content, the graph with its components, and what is concluded of these."""

    content: Content
    graph: Graph
    conclusions: Mapping[str, Conclusion]
    metadata: tuple[PackageMetadata, ...] = ()


_Row = tuple[Placed, tuple[Question, ...], bool]
"""A file, its questions, and whether it is shipped."""


def group(gathered: Gathered, graph: Graph, is_test: frozenset[str]) -> Grouped:
    """The files in components; what is plainly the project's own stays without one. `is_test` are paths not shipped."""
    groups: dict[tuple[str, ...], list[_Row]] = {}
    rows: list[_Row] = [(one, asked, one.file.path not in is_test) for one, asked in gathered.files]
    for row in rows:
        if _is_foreign(row[0], row[1]):
            groups.setdefault(_key(row), []).append(row)
    names: dict[str, list[tuple[str, ...]]] = {}
    for key, held in groups.items():
        names.setdefault(_slug(_name(held)), []).append(key)
    components, edges, conclusions, purl_of = [], [], {}, dict[str, str]()
    metadata = []
    for slug, keys in sorted(names.items()):
        for key in sorted(keys):
            held = groups[key]
            purl = _purl(slug if len(keys) == 1 else f"{slug}-{_digest(key)}")
            component = _component(purl, held)
            components.append(component)
            conclusions[purl] = _conclusion(purl, held)
            metadata.append(_metadata(purl, held))
            edges += [Dependency(root, purl, component.scopes[0]) for root in _roots(graph, held)]
            purl_of.update({one.file.path: purl for one, _asked, _shipped in held})
    files = tuple(_file(row, purl_of.get(row[0].file.path, "")) for row in rows)
    made = graph.with_more(components, edges)
    content = Content(files, gathered.stale)
    return Grouped(
        content, made if components else graph, conclusions, tuple(sorted(metadata, key=lambda one: one.purl))
    )


def is_example(path: str) -> bool:
    """Whether a file lies where nothing is shipped from, besides tests."""
    return _NOT_SHIPPED.search(path) is not None


def _is_foreign(placed: Placed, asked: Sequence[Question]) -> bool:
    if set(asked) - _NEVER_FOREIGN:
        return True
    return not placed.is_own and bool(placed.expression)


def _key(row: _Row) -> tuple[str, ...]:
    placed, asked, shipped = row
    told = [question.value for question in asked if question not in _NEVER_FOREIGN]
    return (_class(placed), *_identity(placed), placed.expression, str(shipped), *told)


def _class(placed: Placed) -> str:
    kind = placed.file.facts.kind
    if kind is MediaKind.FONT or placed.file.facts.format == "svg-font":
        return MediaKind.FONT.value
    return kind.value if kind in (MediaKind.MODEL, MediaKind.DATASET, MediaKind.AUDIO, MediaKind.VIDEO) else "image"


def _identity(placed: Placed) -> tuple[str, str]:
    """What makes files one work: their set, their builder, their family, their source, else the text or the folder."""
    known = next((one for one in placed.statements if one.speaker is Speaker.SET), None)
    if known is not None:
        return ("set", known.text)
    if placed.embedded.builder:
        return ("builder", placed.embedded.builder)
    if _class(placed) == MediaKind.FONT.value and placed.embedded.families:
        return ("family", _family(placed))
    site = next((one.claim.site.name for one in placed.listed if one.claim.site), "")
    site = site or (placed.embedded.site.name if placed.embedded.site else "")
    if site:
        return ("site", site)
    said = next((one for one in placed.statements if one.speaker in (Speaker.LIST, Speaker.TEXT, Speaker.CARD)), None)
    if said is not None:
        return ("text", f"{said.location.path} {said.holder}")
    if placed.owner:
        return ("owner", placed.owner)
    return ("folder", placed.file.path.rpartition("/")[0])


def _family(placed: Placed) -> str:
    name, before = placed.embedded.families[0], ""
    while name != before:
        before, name = name, _WEIGHT.sub("", name)
    return name


def _name(held: Sequence[_Row]) -> str:
    first = held[0][0]
    sort, told = _identity(first)
    if sort in ("set", "family"):
        return told
    folder = common_folder([one.file.path for one, _asked, _shipped in held])
    if len(held) == 1:
        folder = first.file.path
    folder = TOP if folder == "." else folder
    return f"{told} ({folder})" if sort in ("builder", "site") else folder


def common_folder(paths: Sequence[str]) -> str:
    """The folder that holds all of these paths; `.` for the root."""
    parts = [path.split("/")[:-1] for path in paths]
    first, last = min(parts), max(parts)
    count = 0
    while count < min(len(first), len(last)) and first[count] == last[count]:
        count += 1
    return "/".join(first[:count]) or "."


def _slug(name: str) -> str:
    return re.sub(r"[^\w.]+", "-", name.casefold()).strip("-.")[:80] or "files"


def _digest(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:8]


def _purl(slug: str) -> str:
    return build("generic", "content", slug)


def _component(purl: str, held: Sequence[_Row]) -> Component:
    first, _asked, shipped = held[0]
    hashes = (f"sha256:{first.file.sha256}",) if len(held) == 1 else ()
    return Component(
        purl=purl,
        name=_name(held),
        version=None,
        ecosystem=ECOSYSTEM,
        kind=ComponentKind.CONTENT,
        scopes=(Scope.RUNTIME,) if shipped else (Scope.DEV,),
        found_in=tuple(Location(one.file.path) for one, *_rest in held[:MAX_PLACES]),
        hashes=hashes,
        content=_class(first),
    )


def _roots(graph: Graph, held: Sequence[_Row]) -> tuple[str, ...]:
    """The root in whose folder most of the files lie; all where they lie outside each."""
    return graph.roots_at(common_folder([one.file.path for one, *_rest in held]))


def _file(row: _Row, purl: str) -> ContentFile:
    placed, asked, shipped = row
    known = next((one for one in placed.statements if one.speaker is Speaker.SET), None)
    return ContentFile(
        path=placed.file.path,
        kind=placed.file.facts.kind,
        format=placed.file.facts.format,
        sha256=placed.file.sha256,
        size=placed.file.size,
        expression=placed.expression or NOASSERTION,
        owner=placed.owner,
        art_set=known.text if known else "",
        builder=placed.embedded.builder,
        basis=placed.basis.value if placed.basis else "",
        statements=placed.statements,
        questions=asked,
        marks=placed.marks,
        component=purl,
        is_shipped=shipped,
        facts=facts_of(placed),
    )


def _conclusion(purl: str, held: Sequence[_Row]) -> Conclusion:
    """What is concluded of one group: what decides for its first file decides for all, or they were no group."""
    first = held[0][0]
    said = list(_once(one for placed, *_rest in held for one in placed.statements))
    told = [one for one in said if one.speaker is not Speaker.TEXT and one.expression]
    texts = [one for one in said if one.speaker is Speaker.TEXT]
    expression = first.expression or NOASSERTION
    return Conclusion(
        purl=purl,
        declared=told[0].expression if told and told[0].expression != NONE else NOASSERTION,
        detected=texts[0].expression or NOASSERTION if texts else None,
        concluded=expression,
        basis=_(_BASIS[first.basis]) if first.basis else "",
        evidence=(*(_evidence(one) for one in said[:MAX_EVIDENCE]), _bound(held)),
        license_files=tuple(sorted({one.location.path for one in texts})),
        copyrights=tuple(sorted(set(_copyrights(held)))[:MAX_COPYRIGHTS]),
    )


def _once(said: Iterable[ContentStatement]) -> Iterator[ContentStatement]:
    """Each statement once; of what many files say alike of themselves the first."""
    seen = set()
    for one in said:
        in_file = one.speaker in (Speaker.EMBEDDED, Speaker.SET)
        key = (one.speaker, one.expression, one.holder, None if in_file else one.location, one.text, one.is_own)
        if key not in seen:
            seen.add(key)
            yield one


def _bound(held: Sequence[_Row]) -> Evidence:
    """What binds a person's answer: the bytes of the files and all that is said of them, wherever they lie."""
    files = {("file", placed.file.sha256) for placed, *_rest in held}
    said = {
        (one.speaker.value, one.expression, one.holder, one.text)
        for placed, *_rest in held
        for one in placed.statements
    }
    told = json.dumps([sorted(files), sorted(said)], ensure_ascii=True, separators=(",", ":"))
    return Evidence(
        kind=EvidenceKind.MEDIA,
        field="files",
        raw=str(len(held)),
        expression=None,
        origin=Origin.PROJECT,
        location=Location(common_folder([placed.file.path for placed, *_rest in held])),
        method=FILES_METHOD,
        score=1.0,
        sha256=hashlib.sha256(told.encode()).hexdigest(),
    )


_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]{3,200}")


def _metadata(purl: str, held: Sequence[_Row]) -> PackageMetadata:
    """Whose it is, what it is, and where it was got, as far as fields and lists say."""
    first = held[0][0]
    fields = first.file.facts
    owner = first.owner if not any(one.is_own for one in first.statements[:1]) else ""
    said = "\n".join((*fields.texts(Meaning.SOURCE), *(one.words for one in first.listed)))
    address = _ADDRESS.search(said)
    return PackageMetadata(
        purl,
        description=next(iter(fields.texts(Meaning.TITLE)), "")[:200],
        supplier=owner,
        authors=(owner,) if owner else (),
        homepage=address[0].rstrip(".,;") if address else "",
    )


_KINDS = {Speaker.EMBEDDED: EvidenceKind.MEDIA, Speaker.SET: EvidenceKind.MEDIA, Speaker.TEXT: EvidenceKind.FILE}


def _evidence(one: ContentStatement) -> Evidence:
    return Evidence(
        kind=_KINDS.get(one.speaker, EvidenceKind.DECLARED),
        field=one.speaker.value,
        raw=one.text or one.holder,
        expression=one.expression or None,
        origin=Origin.PROJECT,
        location=one.location,
        method=one.speaker.value,
        score=1.0,
    )


_YEARS = re.compile(r"\b(?:19|20)\d\d(?:\s*[-–,]\s*(?:(?:19|20)\d\d|present))*")


_COPYRIGHT = re.compile(r"(?i)copyright|\(c\)|[©℗]|版权|著作权|版權|著作權|all rights reserved")


def _copyrights(held: Iterable[_Row]) -> Iterator[Copyright]:
    """The copyright statements in the files' own fields."""
    for placed, *_rest in held:
        for text in placed.file.facts.texts(Meaning.COPYRIGHT):
            years = _YEARS.search(text)
            holder = placed.embedded.holder
            if not years and not _COPYRIGHT.search(text) and not (holder and holder in text):
                continue  # people write the name of a license into this field, too
            yield Copyright(placed.file.path, None, text[:300], placed.embedded.holder, years[0] if years else "")
