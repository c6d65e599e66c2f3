"""What a wheel holds beside its own work: lists inside it and libraries on disk, united by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from licscan.base.errors import InputError
from licscan.base.messages import ngettext
from licscan.inside.libraries import identity, key_of, library_of, spoken_of, text_named_for
from licscan.inside.natives import Native, natives_of
from licscan.inside.sboms import MAX_SBOM, Listed, read_sbom
from licscan.inside.sections import Section, sections_of
from licscan.model import Claim, Component, EvidenceKind, Location, Problem, Source
from licscan.model.contents import NOT_SEEN, PRESENT, Embedded
from licscan.packages import purls
from licscan.packages.tree import PackageTree

MAX_TEXT = 1024 * 1024
MAX_SBOMS = 20
MAX_HEADING = 50
_LIBRARIES = ("pkg:generic/", "pkg:rpm/", "pkg:deb/", "pkg:apk/", "pkg:alpine/", "pkg:github/", "pkg:conan/")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel, installed or not: the component, its files, and the paths of its license and notice files."""

    component: Component
    tree: PackageTree
    texts: tuple[str, ...] = ()

    def shown(self, path: str) -> str:
        """A path as reports name it."""
        return path if self.tree.place in ("", ".") else f"{self.tree.place}/{path}"


@dataclass(frozen=True, slots=True)
class Contained:
    """The parts of a wheel: as components and as what is known of their texts, in the same order; and problems."""

    components: tuple[Component, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Part:
    """One part, as it is put together."""

    name: str
    version: str | None = None
    purl: str = ""
    present: bool = False
    sbom: str = ""
    paths: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    text: str = ""


def contained_in(wheel: Wheel) -> Contained:
    """Every part of a wheel that is not its own work."""
    paths = [entry.path for entry in wheel.tree.entries]
    natives = list(natives_of(wheel.tree, paths, wheel.component.name))
    listed, problems = _lists(wheel, paths)
    if not natives and not listed:
        return Contained(problems=problems)
    texts = _texts(wheel)
    parts = _united(wheel, natives, listed, texts)
    made = sorted((_component(wheel, part) for part in parts.values()), key=lambda pair: pair[0].purl)
    return Contained(tuple(one for one, _told in made), tuple(told for _one, told in made), problems)


def _lists(wheel: Wheel, paths: Sequence[str]) -> tuple[list[tuple[str, Listed]], tuple[Problem, ...]]:
    """The entries of each list inside the wheel, with the list's path."""
    found: list[tuple[str, Listed]] = []
    problems: list[Problem] = []
    for path in sorted(path for path in paths if ".dist-info/sboms/" in path)[:MAX_SBOMS]:
        try:
            entries, lost = read_sbom(wheel.tree.read(path, MAX_SBOM), wheel.shown(path), wheel.component.purl)
        except InputError as error:
            said = str(error) if error.path == wheel.shown(path) else f"{wheel.shown(path)}: {error.message}"
            problems.append(Problem("inside", wheel.component.purl, said))
            continue
        found += ((path, entry) for entry in entries)
        if lost:
            said = ngettext(
                "{path}: {count} entry could not be read", "{path}: {count} entries could not be read", lost
            ).format(path=wheel.shown(path), count=lost)
            problems.append(Problem("inside", wheel.component.purl, said))
    return found, tuple(problems)


def _texts(wheel: Wheel) -> dict[str, str]:
    """The license texts that can be read; those that cannot are their reader's to complain of."""
    found: dict[str, str] = {}
    for path in wheel.texts:
        try:
            found[path] = wheel.tree.read(path, MAX_TEXT).decode("utf-8", "replace")
        except InputError:
            continue
    return found


def _united(
    wheel: Wheel, natives: Iterable[Native], listed: Iterable[tuple[str, Listed]], texts: Mapping[str, str]
) -> dict[str, _Part]:
    """Lists and files as one set of parts, each once by the name under which both are known."""
    parts: dict[str, _Part] = {}
    for path, entry in listed:
        # crates and the like are told apart by their versions, of which a program may hold several
        key = identity(entry.name) if entry.purl.startswith(_LIBRARIES) else entry.purl
        part = parts.setdefault(key, _Part(entry.name))
        part.version, part.sbom = part.version or entry.version, part.sbom or path
        part.purl = part.purl or entry.purl
        part.present |= not entry.optional
        if entry.license:
            part.claims.append(_claim(wheel, EvidenceKind.SBOM, "licenses", entry.license, Location(wheel.shown(path))))
    for native in natives:
        known = library_of(native.name)
        part = parts.setdefault(identity(native.name), _Part(known.name if known else native.name))
        part.present = True
        part.version = part.version or native.version or None
        part.paths.append(native.path)
    _speak(wheel, parts, texts)
    return parts


def _speak(wheel: Wheel, parts: dict[str, _Part], texts: Mapping[str, str]) -> None:
    """Put to each part the text that speaks of it: a section for its files, or one that has its name."""
    sections = [(path, section) for path, text in texts.items() for section in sections_of(text)]
    for part in list(parts.values()):
        covering = [(path, one) for path, one in sections if any(map(one.covers, part.paths))]
        named = [pair for pair in covering if spoken_of([part.name], pair[1].name)] or covering[:1]
        for path, section in named:
            _by_section(wheel, part, path, section)
        for path, section in covering:
            if (path, section) not in named:
                more = parts.setdefault(key_of(section.name), _Part(section.name, present=True))
                more.paths = list(part.paths)
                _by_section(wheel, more, path, section)
    for part in parts.values():
        part.text = part.text or text_named_for(part.name, texts)
        part.text = part.text or next((path for path, text in texts.items() if _is_about(text, part)), "")


def _is_about(text: str, part: _Part) -> bool:
    """Whether a license text names the part; a crate may be called as any word is, so that a heading has to."""
    if part.purl and not part.purl.startswith(_LIBRARIES):
        text = "\n".join(line for line in text.splitlines() if len(line) <= MAX_HEADING)
    return spoken_of([part.name], text)


def _by_section(wheel: Wheel, part: _Part, path: str, section: Section) -> None:
    part.text = path
    place = Location(wheel.shown(path), section.line)
    part.claims.append(_claim(wheel, EvidenceKind.DECLARED, "License", section.license, place))


def _claim(wheel: Wheel, kind: EvidenceKind, name: str, raw: str, place: Location) -> Claim:
    return Claim(kind, name, raw, wheel.tree.origin, place)


def _component(wheel: Wheel, part: _Part) -> tuple[Component, Embedded]:
    """The part as a component; where nothing in the wheel tells its license, the table of libraries does."""
    claims = list(dict.fromkeys(part.claims))
    known = library_of(part.name)
    where = wheel.shown((part.paths or [part.sbom])[0])
    if not claims and known is not None:
        license_ = known.license_of(part.version)
        claims = [_claim(wheel, EvidenceKind.DECLARED, "known library", license_, Location(where))]
    purl = part.purl or purls.build("generic", None, known.name if known else part.name, part.version)
    sites = [Location(wheel.shown(path)) for path in dict.fromkeys((*part.paths, part.sbom)) if path]
    component = Component(
        purl=purl,
        name=part.name,
        version=part.version,
        ecosystem=purl[4:].partition("/")[0],
        source=Source(),
        found_in=tuple(sorted(sites, key=place_key)),
        claims=tuple(sorted(claims, key=claim_key)),
        embedded=PRESENT if part.present else NOT_SEEN,
    )
    paths = tuple(sorted(set(part.paths)))
    return component, Embedded(purl, part.name, part.present, paths, part.sbom, part.text)


def place_key(place: Location) -> tuple[str, int]:
    """The order of places, those without a line first."""
    return (place.path, place.start_line or 0)


def claim_key(claim: Claim) -> tuple[str, str, str, str, int]:
    """The order of claims."""
    return (claim.kind, claim.field, claim.raw, *place_key(claim.location))
