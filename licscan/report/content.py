"""Content in the report: groups with owner, license, what is open and who says so; signs, marks, stale lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from licscan.base.escape import one_line
from licscan.base.messages import N_, _
from licscan.export.content import summary
from licscan.export.words import title_of_code
from licscan.judge.content_rules import count_of
from licscan.model import Scan
from licscan.model.content import Content, ContentFile, ContentStatement, Question, Speaker
from licscan.report.bilingual import Both, both

MOST_STATEMENTS = 4
MOST_FILES = 4
MOST_SHOWN = 6
"""Previews of one group."""
MOST_WORDS = 160
_ASIDE = (Question.TRADEMARK, Question.AI_MARK)
SPEAKERS = {
    Speaker.RECORD: N_("recorded in licscan.toml"),
    Speaker.ANNOTATION: N_("a REUSE annotation"),
    Speaker.LIST: N_("a text next to the files"),
    Speaker.CARD: N_("the model's card"),
    Speaker.EMBEDDED: N_("the file itself"),
    Speaker.SET: N_("recognized by its appearance"),
    Speaker.TEXT: N_("the license text of the folder"),
    Speaker.PROJECT: N_("the project's own license"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: who says it, which license or holder it names, in which words and where."""

    who: Both
    expression: str
    holder: str
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class ContentGroup:
    """One component of content; `row` is its place in the table of components, `shown` pairs of path and preview."""

    name: str
    row: int | None
    owner: str
    license: str
    count: Both
    shipped: bool
    open: tuple[Both, ...]
    said: tuple[Said, ...]
    files: tuple[str, ...]
    more: int
    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """Files of one folder, or entries of one list: the place, what they say, how many they are, and previews."""

    place: str
    names: tuple[str, ...]
    more: int
    told: str = ""
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ContentPart:
    """All that the report says of content."""

    summary: Both
    groups: tuple[ContentGroup, ...]
    signs: tuple[Aside, ...]
    marks: tuple[Aside, ...]
    stale: tuple[Aside, ...]


def content_part(scan: Scan, rows: Mapping[str, int], shown: Mapping[str, str]) -> ContentPart | None:
    """The part on content; None where the scan did not look, or there is none."""
    content = scan.content
    if content is None or not content.files:
        return None
    return ContentPart(
        both(lambda: summary(content)),
        tuple(_groups(scan, content, rows, shown)),
        tuple(_by_folder(content, Question.TRADEMARK, shown)),
        tuple(_by_folder(content, Question.AI_MARK, shown)),
        tuple(_stale(content)),
    )


def to_preview(content: Content | None) -> Iterator[ContentFile]:
    """The files whose previews the part has room for: the first of each group and of each folder of signs and marks."""
    if content is None:
        return
    taken: dict[tuple[str, str], int] = {}
    for file in content.files:
        folder = file.path.rpartition("/")[0]
        places = [("group", file.component)] if file.component else []
        places += [(question.value, folder) for question in _ASIDE if question in file.questions]
        if any(taken.get(place, 0) < MOST_SHOWN for place in places):
            for place in places:
                taken[place] = taken.get(place, 0) + 1
            yield file


def _groups(scan: Scan, content: Content, rows: Mapping[str, int], shown: Mapping[str, str]) -> Iterator[ContentGroup]:
    """What is open first, then the largest."""
    held: dict[str, list[ContentFile]] = {}
    for file in content.foreign:
        held.setdefault(file.component, []).append(file)
    open_ = {(one.purl, one.code) for one in scan.findings if not one.waiver}
    answered = {(one.purl, one.code) for one in scan.findings} - open_
    told = [_group(scan, purl, files, rows, shown, answered) for purl, files in held.items()]
    yield from sorted(told, key=lambda one: (not one.open, not one.shipped, one.row is None, one.row, one.name))


def _group(
    scan: Scan,
    purl: str,
    files: list[ContentFile],
    rows: Mapping[str, int],
    shown: Mapping[str, str],
    answered: Collection[tuple[str | None, str]],
) -> ContentGroup:
    component = scan.graph.by_purl.get(purl)
    first = files[0]
    asked = dict.fromkeys(one for file in files for one in file.questions if one not in _ASIDE)
    return ContentGroup(
        name=one_line(component.name if component else purl, 200),
        row=rows.get(purl),
        owner=one_line(first.owner, 200),
        license=one_line(first.expression, 200),
        count=both(lambda: count_of(component.content if component else "image", len(files))),
        shipped=any(file.is_shipped for file in files),
        open=tuple(both(partial(_asked, one.value, (purl, one.value) in answered)) for one in asked),
        said=tuple(_said(files)),
        files=tuple(one_line(file.path, 300) for file in files[:MOST_FILES]),
        more=max(0, len(files) - MOST_FILES),
        shown=_shown(files, shown),
    )


def _asked(code: str, is_answered: bool) -> str:
    """What is open, or that somebody answers for it."""
    told = title_of_code(code)
    return _("{what} (waived)").format(what=told) if is_answered else told


def _said(files: Iterable[ContentFile]) -> Iterator[Said]:
    """The statements about the files, each once; of fields that say the same in many files the first."""
    found: dict[tuple[str, ...], ContentStatement] = {}
    for file in files:
        for one in file.statements:
            own_place = one.speaker in (Speaker.EMBEDDED, Speaker.SET)
            place = "" if own_place else str(one.location)
            found.setdefault((one.speaker.value, one.expression, one.holder, place), one)
            if len(found) == MOST_STATEMENTS:
                break
    for one in list(found.values())[:MOST_STATEMENTS]:
        yield Said(
            both(lambda held=one.speaker: _(SPEAKERS[held])),  # type: ignore[misc]
            one_line(one.expression, 200),
            one_line(one.holder, 200),
            one_line(one.text, MOST_WORDS),
            one_line(str(one.location), 300),
        )


def _shown(files: Iterable[ContentFile], shown: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = ((one_line(file.path, 300), shown[file.path]) for file in files if file.path in shown)
    return tuple(pair for _number, pair in zip(range(MOST_SHOWN), pairs, strict=False))


def _by_folder(content: Content, question: Question, shown: Mapping[str, str]) -> Iterator[Aside]:
    folders: dict[str, list[ContentFile]] = {}
    for file in content.files:
        if question in file.questions:
            folders.setdefault(file.path.rpartition("/")[0] or ".", []).append(file)
    for folder, files in sorted(folders.items()):
        names = [one_line(file.path.rpartition("/")[2], 120) for file in files]
        marks = sorted({f"{one.tool or one.kind.value} ({one.field})" for file in files for one in file.marks})
        told = one_line(", ".join(marks), 200) if question is Question.AI_MARK else ""
        yield Aside(
            one_line(folder, 300),
            tuple(names[:MOST_SHOWN]),
            max(0, len(names) - MOST_SHOWN),
            told,
            _shown(files, shown),
        )


def _stale(content: Content) -> Iterator[Aside]:
    lists: dict[str, list[str]] = {}
    for one in content.stale:
        lists.setdefault(one.location.path, []).append(
            one_line(f"{one.name} (:{one.location.start_line})" if one.location.start_line else one.name, 120)
        )
    for path, names in sorted(lists.items()):
        yield Aside(one_line(path, 300), tuple(names[: 2 * MOST_SHOWN]), max(0, len(names) - 2 * MOST_SHOWN))
