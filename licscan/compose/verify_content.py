"""The media of an artifact against the scan's files of content and the known sets of art, and their marks of AI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from licscan.base.errors import InputError
from licscan.base.messages import _, ngettext
from licscan.licenses.statements import licenses_of
from licscan.model import NONE, Problem, Scan, Verdict
from licscan.model.content import ContentFile
from licscan.model.endings import ENDINGS
from licscan.model.media import MarkKind, MediaFacts, MediaKind
from licscan.verify.matching import Matched
from licscan.verify.records import ArtifactContents, File, Kind, MediaFinding, Sighting, Sure, Unknown

MAX_READ = 64 * 1024 * 1024
_FORMATS = {
    "jpg": "jpeg", "jfif": "jpeg", "apng": "png", "tif": "tiff", "oga": "ogg", "opus": "ogg", "spx": "ogg",
    "mpga": "mp3", "mp2": "mp3", "wave": "wav", "aif": "aiff", "aifc": "aiff", "m4b": "m4a", "m4r": "m4a",
    "lottie": "dotlottie",
}  # fmt: skip
_RECOGNISED = (MediaKind.IMAGE, MediaKind.SVG, MediaKind.AUDIO, MediaKind.LOTTIE)
_LIKE = (MediaKind.IMAGE, MediaKind.SVG, MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.DOCUMENT)
_KIND_OF = {ending: kind for kind, many in ENDINGS.items() for ending in many}
_HASH = re.compile(r"[0-9A-Za-z_-]{6,24}")
"""What bundlers put behind the name of a file: such a word with a digit or a capital letter in it."""
_LEAST_STEM = 3


@dataclass
class MediaVerified:
    """What is wrong with the media of an artifact, what cannot be told of them, and what could not be read."""

    findings: list[MediaFinding] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def known_content(scan: Scan) -> dict[str, frozenset[str]]:
    """The components of the scan's files of content by digest; none for what is the project's own."""
    found: dict[str, frozenset[str]] = {}
    for one in scan.content.files if scan.content else ():
        owners = frozenset({one.component} - {""})
        found[one.sha256] = found.get(one.sha256, frozenset()) | owners
    return found


def add_content(matched: Matched, inside: ArtifactContents, scan: Scan) -> None:
    """Add the signs of components of content."""
    signs = [(purl, path, Kind.DIGEST, Sure.CERTAIN) for purl, path in inside.content]
    signs += [(purl, path, Kind.SOUND, Sure.LIKELY) for purl, path in inside.remade]
    for purl, path, kind, sure in signs:
        component = scan.graph.by_purl.get(purl)
        if component is not None:
            sign = Sighting(component.ecosystem, component.name, "", kind, path, sure)
            matched.signs.setdefault(purl, []).append(sign)


def verify_media(scan: Scan, inside: ArtifactContents) -> MediaVerified:
    """What the media that no component and no source explains are of, and which lost a mark of AI."""
    found = MediaVerified()
    if inside.unexplained:
        remade = {path for _purl, path in inside.remade}
        _sets([file for file in inside.unexplained if file.path not in remade], found)
        _labels(scan, inside.unexplained, found)
    return found


def _sets(files: Sequence[File], found: MediaVerified) -> None:
    from licscan.artsets import ArtFile, font_set_of, recognise
    from licscan.model.media import Meaning

    for file in files:
        facts = _facts(file, found) if _kind(file) is MediaKind.FONT else None
        if facts is not None and (told := font_set_of(facts.texts(Meaning.NAME))):
            _say(told, (), file.path, 1, found)
    pictures = [file for file in files if _kind(file) in _RECOGNISED]
    if not pictures:
        return
    asked = []
    for file in pictures:
        ending = _ending(file.path)
        try:
            digest = file.sha256
        except InputError:
            continue  # it was said when the artifact was opened
        asked.append(ArtFile(file.path, digest, _FORMATS.get(ending, ending), file.size, partial(_bytes, file)))
    for vote in recognise(asked).votes:
        _say(vote.set_id, vote.rivals, vote.folder or ".", vote.accepted, found)


def _say(set_id: str, rivals: Iterable[str], place: str, count: int, found: MediaVerified) -> None:
    """Art that is licensed to nobody is a violation; of other art nobody knows what is owed for it here."""
    from licscan.artsets import art_sets

    rows = [art_sets()[one] for one in (set_id, *rivals)]
    name = " / ".join(row.name for row in rows[:3])
    if all(row.expression == NONE for row in rows):
        said = ngettext(
            "{count} piece of art is from {name}, which {owner} does not license",
            "{count} pieces of art are from {name}, which {owner} does not license",
            count,
        )
        message = said.format(count=f"{count:,}", name=name, owner=rows[0].owner)
        found.findings.append(MediaFinding("content-unlicensed-set", place, message, Verdict.VIOLATION))
        return
    terms = _(", ").join(sorted({name for row in rows for name in _names(row.expression)}))
    said = _("contains art of {name} ({license}) that no file of the project accounts for: its duties are unknown")
    found.unknown.append(Unknown(place, said.format(name=name, license=terms)))


def _names(expression: str) -> tuple[str, ...]:
    return (NONE,) if expression == NONE else licenses_of(expression)


def _labels(scan: Scan, files: Sequence[File], found: MediaVerified) -> None:
    """Files that are in the source with a mark of AI, and in the artifact in other bytes without it."""
    sources: dict[str, list[ContentFile]] = {}
    for one in scan.content.files if scan.content else ():
        sources.setdefault(_stem(one.path), []).append(one)
    if not any(one.marks for held in sources.values() for one in held):
        return
    for file in files:
        source = _source_of(file.path, sources)
        if source is None or not source.marks:
            continue
        facts = _facts(file, found)
        if facts is None:
            continue
        before, after = {mark.kind for mark in source.marks}, {mark.kind for mark in facts.marks}
        lost = before - after
        if not after or MarkKind.LABEL in lost:
            said = _("no longer has the AI mark that {source} has ({marks})")
            message = said.format(source=source.path, marks=_(", ").join(sorted(lost)))
            # GB 45438-2025 and the measures for it ask that the label stays; of other marks counsel has to say it
            verdict = Verdict.VIOLATION if MarkKind.LABEL in lost else Verdict.CANNOT_TELL
            found.findings.append(MediaFinding("ai-label-removed", file.path, message, verdict))


def _source_of(path: str, sources: dict[str, list[ContentFile]]) -> ContentFile | None:
    """The file that a shipped one was made from: by its name, also before a bundler's hash, and by its folders."""
    kind = _KIND_OF.get(_ending(path))
    if kind not in _LIKE:
        return None
    for stem in _stems(path):
        alike = [one for one in sources.get(stem, ()) if _same_sort(one.kind, kind)]
        if alike:
            # of two that fit as well the one with a mark: a label that may be lost has to be looked at
            return max(alike, key=lambda one: (_shared(one.path, path), bool(one.marks), one.path))
    return None


def _stems(path: str) -> Iterator[str]:
    """The name without its ending, then without what may be a hash, longest first."""
    name = path.rpartition("/")[2].rpartition(".")[0]
    yield name.casefold()
    for place in range(len(name) - 1, _LEAST_STEM - 1, -1):
        tail = name[place + 1 :]
        if name[place] in "-._~" and _HASH.fullmatch(tail) and any(sign.isdigit() or sign.isupper() for sign in tail):
            yield name[:place].casefold()


def _same_sort(one: MediaKind, other: MediaKind | None) -> bool:
    drawn = (MediaKind.IMAGE, MediaKind.SVG)
    return one is other or (one in drawn and other in drawn)


def _shared(one: str, other: str) -> int:
    """How many folders above the file have the same names."""
    count = 0
    for left, right in zip(one.split("/")[-2::-1], other.split("/")[-2::-1], strict=False):
        if left != right:
            break
        count += 1
    return count


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].casefold()


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _kind(file: File) -> MediaKind | None:
    return _KIND_OF.get(_ending(file.path))


def _facts(file: File, found: MediaVerified) -> MediaFacts | None:
    from licscan.media import read_media
    from licscan.media.blob import Held

    try:
        return read_media(Held(file.read(MAX_READ)), file.path.rpartition("/")[2])
    except InputError as error:
        found.problems.append(Problem("verify", file.path, error.message, "input-unreadable"))
        return None


def _bytes(file: File) -> bytes:
    try:
        return file.read(MAX_READ)
    except InputError as error:
        raise OSError(5, file.path) from error
