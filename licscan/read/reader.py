"""Reads the texts of all packages of a scan: gathers them, detects what is new, and turns it into evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from licscan.base.messages import _, ngettext
from licscan.detect.decoding import decode
from licscan.detect.references import replaced, resolve
from licscan.model import Component, Copyright, Evidence, EvidenceKind, Origin, PackageFiles, Problem
from licscan.read.cache import DetectionCache, Found, Listed
from licscan.read.evidence import Naming, Text, evidence_of, telling_of
from licscan.read.roles import MAX_TEXTS, Role, TextToRead, texts_to_read
from licscan.read.sections import foreign_from, license_section
from licscan.read.statements import gathered, is_bare, merged, set_aside
from licscan.read.workers import Detector, Workers

MAX_BATCH = 64 * 1024 * 1024
"""Bytes of texts that are held at once."""

Place = tuple[Component, PackageFiles]
Wanted = tuple[Component, PackageFiles, list[TextToRead]]
Told = dict[str, tuple[Evidence, ...]]


class Contents(Protocol):
    """Gives the bytes of texts; `licscan.locate.contents`, with the user's caches."""

    def read(
        self, component: Component, files: PackageFiles, paths: Sequence[str]
    ) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
        """The texts by their paths, and what could not be read."""

    def fixed(self, files: PackageFiles) -> str:
        """What names the contents of the place for good, so that these are never read again; else empty."""


@dataclass(slots=True)
class Batch:
    """Texts whose evidence is wanted; `data` holds the bytes of those that may have to be detected.

    `listed` are places whose texts are known from an earlier run, by the digests of these.
    """

    texts: list[tuple[str, Text]] = field(default_factory=list)
    data: dict[str, bytes] = field(default_factory=dict)
    listed: dict[str, Wanted] = field(default_factory=dict)
    size: int = 0


class _Namings(dict[tuple[str, Role], Naming]):
    """What texts name, by digest and role: worked out once, however many packages hold the same text."""

    def __init__(self, found: Mapping[str, Found]):
        super().__init__()
        self._found = found

    def __missing__(self, key: tuple[str, Role]) -> Naming:
        digest, role = key
        naming = self[key] = telling_of(role, self._found[digest].detected)
        return naming


class Reader:
    """One scan's reading; `progress` is told how many places are done, and of how many."""

    def __init__(
        self,
        contents: Contents,
        workers: Workers,
        cache: DetectionCache,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ):
        self._contents = contents
        self._workers = workers
        self._cache = cache
        self._progress = progress
        self._problems: list[Problem] = []
        self._copyrights: dict[str, dict[str, Copyright]] = {}

    @property
    def copyrights(self) -> dict[str, tuple[Copyright, ...]]:
        """The copyright statements in the own texts of every component that has such, of what was read so far."""
        return {purl: tuple(sorted(said.values())) for purl, said in self._copyrights.items()}

    def read(self, places: Iterable[Place]) -> tuple[Told, tuple[Problem, ...]]:
        """The evidence in the texts of every component by its PackageURL, and what could not be read.

        A component without texts has none; one of which only a registry told is not in the answer. A readme is looked
        at only where no license file names a license; and where one does and no text of it names a holder, only the
        statements of copyright in the readme count.
        """
        at_hand = [(component, files) for component, files in places if files.origin is not Origin.REGISTRY]
        every = [(component, files, texts_to_read(files)) for component, files in at_hand]
        own = [(c, files, [text for text in texts if text.role is not Role.README]) for c, files, texts in every]
        told = {component.purl: () for component, _files in at_hand} | self._evidence(own)
        named = {purl for purl, found in told.items() if any(map(_is_license, found))}
        readmes = [
            (c, files, [text for text in texts if text.role is Role.README])
            for c, files, texts in every
            if c.purl not in named or not self._names_holder(c.purl)
        ]
        for purl, found in self._evidence(readmes).items():
            if purl not in named:
                told[purl] = (*told.get(purl, ()), *found)
        return told, tuple(sorted(set(self._problems), key=lambda problem: (problem.subject, problem.message)))

    def _names_holder(self, purl: str) -> bool:
        return any(one.holder and not one.template for one in self._copyrights.get(purl, {}).values())

    def _evidence(self, wanted: list[Wanted]) -> Told:
        told: dict[str, list[Evidence]] = {}
        for batch in self._batches(wanted):
            found = self._found(batch)
            known = _Namings(found)
            packages: dict[str, list[Text]] = {}
            for purl, text in batch.texts:
                packages.setdefault(purl, []).append(text)
            for purl, texts in packages.items():
                held = list(followed(texts, found))
                for text, one in held:
                    # where it names another text of its package, it says what it says there alone
                    naming = known[text.sha256, text.role] if one is found[text.sha256] else None
                    told.setdefault(purl, []).extend(evidence_of(text, one, naming))
                if said := merged(self._copyrights.get(purl, {}), gathered(held).values()):
                    self._copyrights[purl] = said
        return {purl: tuple(dict.fromkeys(pieces)) for purl, pieces in told.items()}

    def _found(self, batch: Batch) -> dict[str, Found]:
        """What the texts hold: what is kept, and the rest from detection."""
        found = self._cache.get_many(text.sha256 for _purl, text in batch.texts)
        for digest, place in batch.listed.items():
            if digest not in found and digest not in batch.data:
                self._read_place(*place, batch)  # its text was kept, what it holds was not
        new = sorted(digest for digest in batch.data if digest not in found)
        subjects = {text.sha256: (purl, text.shown) for purl, text in reversed(batch.texts)}
        detected: dict[str, Found] = {}
        answers = self._workers.map(find, [batch.data[d] for d in new])
        for done, (digest, answer) in enumerate(zip(new, answers, strict=True), 1):
            self._progress(done, len(new))
            if isinstance(answer, Found):
                detected[digest] = answer
            else:
                purl, shown = subjects[digest]
                self._problems.append(Problem("read", purl, f"{shown}: {answer}"))
        if len(detected) < len(new):
            self._cache.forget_listed()
        self._cache.use.met(len(found), len(detected))
        self._cache.put_many(detected)
        return {**found, **detected}

    def _batches(self, wanted: list[Wanted]) -> Iterator[Batch]:
        batch = Batch()
        keys = [self._key(component, files, texts) if texts else "" for component, files, texts in wanted]
        listed = self._cache.listed(key for key in keys if key)
        for done, (place, key) in enumerate(zip(wanted, keys, strict=True)):
            if done % 50 == 0:
                self._progress(done, len(wanted))
            if place[2]:
                self._gather(place, key, listed.get(key), batch)
            if batch.size > MAX_BATCH:
                yield batch
                batch = Batch()
        yield batch

    def _key(self, component: Component, files: PackageFiles, texts: list[TextToRead]) -> str:
        """What the texts of a place are kept under: which are asked for may change with what a lock claims."""
        fixed = self._contents.fixed(files)
        if not fixed:
            return ""
        asked = "\0".join(f"{int(text.role)}{text.path}" for text in texts)
        digest = hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{component.purl} {digest[:32]} {fixed} {files.place}"

    def _gather(self, place: Wanted, key: str, listed: list[Listed] | None, batch: Batch) -> None:
        """Put the texts of one place into the batch; an archive that was read before is not opened again."""
        component, files, texts = place
        if listed is None:
            listed = self._read_place(component, files, texts, batch, key)
        else:
            batch.listed.update((digest, place) for _role, _path, digest, _line in listed)
        for role, path, digest, first_line in listed:
            text = Text(Role(role), shown_path(files, path), files.origin, digest, first_line)
            batch.texts.append((component.purl, text))

    def _read_place(
        self, component: Component, files: PackageFiles, texts: list[TextToRead], batch: Batch, key: str = ""
    ) -> list[Listed]:
        if len(texts) > MAX_TEXTS:
            message = ngettext(
                "has {count} license text; {limit} of them were read",
                "has {count} license texts; {limit} of them were read",
                len(texts),
            )
            said = message.format(count=len(texts), limit=MAX_TEXTS)
            self._problems.append(Problem("read", component.purl, said))
        chosen = texts[:MAX_TEXTS]
        data, problems = self._contents.read(component, files, [text.path for text in chosen])
        self._problems += problems
        listed: list[Listed] = []
        for text in chosen:
            section = _section(text, data.get(text.path))
            if section is not None:
                body, first_line = section
                digest = hashlib.sha256(body).hexdigest()
                listed.append((int(text.role), text.path, digest, first_line))
                if batch.data.setdefault(digest, body) is body:
                    batch.size += len(body)
        if key and not problems and len(texts) <= MAX_TEXTS:
            self._cache.put_listed(key, listed)
        return listed


def followed(texts: Iterable[Text], found: Mapping[str, Found]) -> Iterator[tuple[Text, Found]]:
    """The texts of a package with what they hold; a statement that names another of them has that one's license."""
    held = [(text, found[text.sha256]) for text in texts if text.sha256 in found]
    resolved = resolve({text.shown: one.detected for text, one in held})
    for text, one in held:
        if text.shown in resolved:
            matches = replaced(one.detected, resolved[text.shown])
            one = replace(one, detected=replace(one.detected, matches=matches))
        yield text, one


def find(detector: Detector, data: bytes) -> Found | str:
    """What one text holds; a sentence where detection itself failed, which must not take the scan with it."""
    try:
        detected = detector.detect(data)
        text = decode(data) or ""
        return Found(detected, foreign_from(text), set_aside(text, detected.copyrights), is_bare(text, detected))
    except Exception as error:
        return _("licscan failed with {error} on this text; please report it").format(error=type(error).__name__)


def shown_path(files: PackageFiles, path: str) -> str:
    """A text's path as reports name it: below its place."""
    return path if files.place in ("", ".") else f"{files.place.rstrip('/')}/{path}"


def _is_license(evidence: Evidence) -> bool:
    return evidence.kind is EvidenceKind.FILE and evidence.expression is not None


def _section(text: TextToRead, data: bytes | None) -> tuple[bytes, int] | None:
    """What is read of a text, with the line at which it begins: all of it, of a readme its license section."""
    if data is None or text.role is not Role.README:
        return None if data is None else (data, 1)
    section = license_section(decode(data) or "")
    return (section[0].encode("utf-8", "replace"), section[1]) if section else None
