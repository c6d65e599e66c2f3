"""Composes the stage: files read, texts beside them read, all placed and asked about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

from licscan.config.settings import ContentSetting
from licscan.content.annotations import annotates, annotations_of, may_annotate
from licscan.content.asking import questions_of
from licscan.content.beside import entries_in, read_texts_beside, told_beside, words_to_read
from licscan.content.brands import signs_among, words_in
from licscan.content.cache import FactsCache
from licscan.content.cards import cards_of, is_card
from licscan.content.claims import claims_by
from licscan.content.credentials import validate_files
from licscan.content.embedded import Embedded, embedded_of, texts_to_read
from licscan.content.known import Known, KnownSet
from licscan.content.placing import Placed, place
from licscan.content.prose import is_list
from licscan.content.reading import ReadFile, read_files
from licscan.content.texts import read_texts
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, Problem
from licscan.model.content import Question, StaleEntry
from licscan.model.media import MediaKind
from licscan.packages.filenames import in_license_folder
from licscan.packages.filenames import kind_of as kind_of_name
from licscan.read.workers import Workers
from licscan.source import Places
from licscan.source.cache import HeaderCache
from licscan.source.covers import covers_of, is_text
from licscan.source.declared import Declared
from licscan.source.header import Header
from licscan.source.holders import words_of
from licscan.source.listing import Listing
from licscan.source.ownership import own_of
from licscan.source.placing import Own
from licscan.source.reading import SourceReader

Recognise = Callable[[list[ReadFile]], Mapping[str, KnownSet]]
"""Told the files, the sets of art that they are of."""
_PICTURES = (MediaKind.IMAGE, MediaKind.SVG, MediaKind.LOTTIE)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every file of content, placed, with its questions; stale entries of lists; what could not be read."""

    files: tuple[tuple[Placed, tuple[Question, ...]], ...] = ()
    stale: tuple[StaleEntry, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What the stage works with: processes for detection, and what earlier scans read."""

    workers: Workers
    headers: HeaderCache
    facts: FactsCache
    records: tuple[ContentSetting, ...] = ()
    recognise: Recognise = lambda files: {}
    progress: Callable[[int, int], None] = lambda done, total: None


def gather(places: Places, listing: Listing, asked: Sequence[str], declared: Declared, means: Means) -> Gathered:
    """What is known and open about every file of content below the places; of those listed `asked` may be such."""
    read = read_files(places.root, asked, means.facts, lambda done: means.progress(done, len(asked)))
    if not read.files:
        return Gathered(problems=tuple(read.problems))
    read.files, unverified = validate_files(places.root, read.files)
    found = {one.path: one for one in read.files}
    texts = [path for path in listing.paths if path not in found and _is_text_file(path)]
    headers = _license_texts(places.root, texts, means)
    own = _own(declared, places.root, headers, listing.paths)
    known, stale, problems = _known(places.root, read.files, texts, headers, own, listing.paths, means)
    placed = [place(one, known) for one in read.files]
    return Gathered(
        tuple((one, questions_of(one, known)) for one in placed),
        tuple(stale),
        (*listing.problems, *read.problems, *unverified, *problems),
    )


def _is_text_file(path: str) -> bool:
    name = path.rpartition("/")[2]
    return may_annotate(path) or in_license_folder(path) or is_list(path, {name: kind_of_name(name)})


def _license_texts(root: Path, texts: Iterable[str], means: Means) -> Mapping[str, Header]:
    """What the license texts and notices hold."""
    wanted = [path for path in texts if _is_license(path)]
    reader = SourceReader(root, means.workers, means.headers, lambda done: None)
    return reader.read(wanted, texts=True).headers


def _is_license(path: str) -> bool:
    return is_text(path, kind_of_name) or in_license_folder(path) or kind_of_name(path.rpartition("/")[2]) == "notice"


def _own(declared: Declared, root: Path, headers: Mapping[str, Header], paths: Iterable[str]) -> Own:
    lists = tuple(path for path in paths if "/" not in path and kind_of_name(path) in ("authors", "notice"))
    return own_of(declared, root, {}, headers, lists)


def _known(
    root: Path,
    files: list[ReadFile],
    texts: list[str],
    headers: Mapping[str, Header],
    own: Own,
    paths: tuple[str, ...],
    means: Means,
) -> tuple[Known, list[StaleEntry], list[Problem]]:
    """Everything that speaks for the files, told for which of them."""
    content = [one.path for one in files]
    bodies, unread = read_texts_beside(root, _speaking(texts, content))
    annotations, problems = annotations_of({path: body for path, body in bodies.items() if annotates(path, body)})
    whole = {path for path, header in headers.items() if any(one.how == "text" for one in header.said)}
    lists = {path: body for path, body in bodies.items() if path not in whole and not annotates(path, body)}
    prose, meant, crowded = entries_in({path: body for path, body in lists.items() if not is_card(body)}, content)
    fields = {text for one in files for text in texts_to_read(one.facts)}
    reader = read_texts([*fields, *words_to_read(prose, meant, content)], means.workers, means.headers)
    is_own = _is_own(own)
    beside = told_beside(prose, meant, reader, is_own, own.areas, own.at)
    claim_of = claims_by(reader, is_own)
    embedded = _with_twins(files, {one.path: embedded_of(one.facts, reader, claim_of) for one in files})
    names = frozenset(word for name in own.projects for word in words_in(name))
    known = Known(
        own,
        annotations,
        _recorded(files, means.records),
        beside.lists,
        beside.folders,
        covers_of({path: one for path, one in headers.items() if is_text(path, kind_of_name)}, paths, own),
        embedded,
        means.recognise(files),
        cards=cards_of(lists, files),
        texts=frozenset(_present(headers)),
        signs=signs_among((one.path for one in files if one.facts.kind in _PICTURES), names),
        credited="\n".join(bodies.values()).casefold(),
        names=names,
        called=frozenset(_called(own.projects)),
        title=frozenset(words_in(_title(bodies))),
    )
    return known, beside.stale, unread + problems + crowded


def _speaking(texts: Iterable[str], content: Iterable[str]) -> Iterator[str]:
    """The texts without the sidecars of files that are no content."""
    files = frozenset(content)
    yield from (one for one in texts if not one.endswith(".license") or one.removesuffix(".license") in files)


_TITLE = re.compile(r"(?m)^#[ \t]+(.{1,200})$|^(.{1,200})\n=+[ \t]*$|<h1[^>]*>(.{1,200}?)</h1>")


def _title(bodies: Mapping[str, str]) -> str:
    """The first heading of the readme at the root."""
    for path, body in sorted(bodies.items()):
        if "/" not in path and kind_of_name(path) == "readme" and (match := _TITLE.search(body[:20_000])):
            return re.sub(r"<[^<>]*>|\[|\]|\([^()]*\)", " ", next(filter(None, match.groups()), ""))
    return ""


def _called(projects: Iterable[str]) -> Iterator[str]:
    """The project's own names, and their parts between slashes, of letters and digits alone (`rocketchat`)."""
    for name in projects:
        for part in (name, *name.split("/")):
            yield "".join(words_in(part))


def _recorded(files: list[ReadFile], records: Iterable[ContentSetting]) -> dict[str, ContentSetting]:
    """The record of each file; a later one overrides an earlier one."""
    by_path = {one.path: one for one in files}
    by_digest: dict[str, list[str]] = {}
    for one in files:
        by_digest.setdefault(one.sha256, []).append(one.path)
    found: dict[str, ContentSetting] = {}
    for record in records:
        for said in record.files:
            if said.startswith("sha256:"):
                meant = by_digest.get(said.removeprefix("sha256:").lower(), [])
            elif said not in by_path and set(said) & set("*?["):
                matches = re.compile(translate(said)).match
                meant = [path for path in by_path if matches(path)]
            else:
                meant = [said] if said in by_path else []
            found.update((path, record) for path in meant)
    return found


def _is_own(own: Own) -> Callable[[str], bool]:
    """Whether a name is one of the project's holders, or the first word of its own name (`Element` of element-call)."""
    firsts = {
        words[0] for name in own.projects if len(words := words_in(name.rpartition("/")[2])) > 1 and len(words[0]) > 3
    }

    def asked(name: str) -> bool:
        words = words_of(name)
        return bool(words) and (own.holders.is_own(name) or (len(words) == 1 and not words.isdisjoint(firsts)))

    return asked


def _present(headers: Mapping[str, Header]) -> Iterable[str]:
    """The licenses whose texts stand in the project."""
    for header in headers.values():
        yield from (name for one in header.said if one.how == "text" for name in licenses_of(one.expression))


def _with_twins(files: list[ReadFile], embedded: dict[str, Embedded]) -> dict[str, Embedded]:
    """A file that says nothing is spoken for by one of its name in another format beside it: x.ogg by x.mp3."""
    speaking: dict[tuple[str, str], Embedded] = {}
    for one in files:
        said = embedded[one.path]
        if said.says_something:
            key = _twin_key(one)
            if said.claim.expression not in ("", NOASSERTION) or key not in speaking:
                speaking[key] = said
    if not speaking:
        return embedded
    return {
        one.path: embedded[one.path]
        if embedded[one.path].says_something
        else speaking.get(_twin_key(one), embedded[one.path])
        for one in files
    }


def _twin_key(one: ReadFile) -> tuple[str, str]:
    kind = MediaKind.FONT if one.facts.format == "svg-font" else one.facts.kind
    return one.path.rpartition(".")[0].casefold(), kind.value
