"""Composes notices: a scan, and the texts of its components, read again from where they lie.

Like `scan.py` it knows several stages; these do not know each other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from licscan.attribution.gather import ShippedComponent, gather, shipped_components
from licscan.attribution.records import Attributions, Holdings, Metadata, Role
from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.base.messages import _
from licscan.compose.gather import published_packages
from licscan.compose.options import Options
from licscan.detect.decoding import decode
from licscan.inside.holders import head_statements
from licscan.law.vocabulary import DutyName
from licscan.locate import CachedLocator, Caches, Trees, locate_installed
from licscan.locate.bundled import bundled_in
from licscan.locate.contents import read_texts
from licscan.locate.remote import needs_archive
from licscan.model import Component, ComponentKind, Conclusion, Origin, PackageFiles, Scan
from licscan.model.package import PackageMetadata
from licscan.packages.facts import name_of
from licscan.packages.tree import PackageTree, own_paths
from licscan.read.roles import MAX_TEXTS, texts_to_read
from licscan.read.roles import Role as TextRole
from licscan.read.sections import license_section
from licscan.registry.answers import user_answers

_ROLES = {TextRole.LICENSE: Role.LICENSE, TextRole.NOTICE: Role.NOTICE, TextRole.PART: Role.PART}


def notices(scan: Scan, root: Path, surfaces: Sequence[str] = (), contact: str = "", day: str = "") -> Attributions:
    """All that is to be given with what these surfaces ship (all where none is named)."""
    asked = shipped_components(scan, surfaces)
    components = [scan.graph.by_purl[one.purl] for one in asked]
    holdings = holdings_of(root, components, asked, scan)
    if any(one.is_sbom for one in scan.inputs):
        from licscan.compose.part_texts import with_texts_of_parts

        holdings = with_texts_of_parts(holdings, scan, root, components)
    names = tuple(sorted(one.name for one in scan.surfaces if not surfaces or one.name in surfaces))
    return replace(gather(scan, asked, holdings, contact), surfaces=names, contact=contact, day=day)


def holdings_of(
    root: Path, components: Sequence[Component], asked: Sequence[ShippedComponent], scan: Scan
) -> dict[str, Holdings]:
    """What every package holds, by its PackageURL, wherever it is found."""
    with closing(Reading(root, components)) as reading:
        return reading.all(asked, scan)


@dataclass(frozen=True, slots=True)
class Place:
    """The texts at one place of a package with their roles, and the paths of its readmes."""

    texts: tuple[tuple[Role, str], ...]
    readmes: tuple[str, ...]


class Reading:
    """Reads packages where they are installed, else where a cache holds them."""

    def __init__(self, root: Path, components: Sequence[Component]):
        self._root = root
        caches = Caches(root)
        packages = [one for one in components if one.kind is not ComponentKind.CONTENT]
        self._elsewhere = [one for one in packages if not one.installed_at and (one.version or not one.is_copied)]
        self._cached = CachedLocator(caches, user_answers(), self._elsewhere)
        self._trees = published_packages(root, Options((root,), offline=True), Trees(caches))
        self._stored = self._trees.known([one for one in self._elsewhere if needs_archive(one, ())])

    def close(self) -> None:
        """Let go of the stored packages."""
        self._trees.close()

    def all(self, asked: Sequence[ShippedComponent], scan: Scan) -> dict[str, Holdings]:
        """What every package holds, by its PackageURL."""
        components = [scan.graph.by_purl[one.purl] for one in asked]
        found = {
            each.purl: self._held(each, one, scan)
            for each, one in zip(asked, components, strict=True)
            if not one.embedded or one.is_copied
        }
        self._cached.save()
        for one in components:
            if one.embedded and not one.is_copied:
                around = [found[edge.parent] for edge in scan.graph.parents.get(one.purl, ()) if edge.parent in found]
                found[one.purl] = inside(one, around)
        return found

    def _held(self, asked: ShippedComponent, component: Component, scan: Scan) -> Holdings:
        conclusion, known = scan.by_purl.get(component.purl), scan.metadata_by_purl.get(component.purl)
        if component.kind is ComponentKind.CONTENT:
            return self._content(conclusion, known)
        if component.is_copied:
            beside = self._content(conclusion, known)
            if beside.texts or beside.unread:
                return beside
            if not component.version:
                return Holdings(unread=(_("the copied version is unknown, and there is no license text next to it"),))
        return self._one(component, known, _needs_metadata(asked, scan), _is_named(conclusion))

    def _content(self, conclusion: Conclusion | None, known: PackageMetadata | None) -> Holdings:
        """What stands beside files of content, or copied ones: the license texts that speak for them."""
        texts, unread = [], []
        for path in conclusion.license_files if conclusion else ():
            full = self._root / path
            try:
                if not is_inside(str(full), os.path.realpath(self._root)):
                    raise InputError(_("is outside the project"))
                texts.append((Role.LICENSE, path, read_file(full, MAX_TEXT)))
            except InputError as error:
                unread.append(f"{path}: {error.message}")
        return Holdings(tuple(texts), "", metadata_of(known), tuple(unread))

    def _one(
        self, component: Component, known: PackageMetadata | None, told_by_metadata: bool, is_named: bool
    ) -> Holdings:
        places = [place for place in self._places(component) if place.origin is not Origin.REGISTRY]
        trees = [(place, tree) for place in places if (tree := self._tree(component, place)) is not None]
        if not trees:
            absent = _("its files are neither installed nor in a cache")
            return Holdings(metadata=metadata_of(known), unread=(absent,))
        best, tree = max(trees, key=lambda one: len(one[0].license_files) + len(one[0].notice_files))
        place = _place(best)
        paths = [path for _role, path in place.texts[:MAX_TEXTS]]
        own = any(role is Role.LICENSE for role, _path in place.texts)
        readmes = () if own else place.readmes
        data, problems = read_texts(component, best, [*paths, *readmes], tree)
        meta = metadata_of(known) if told_by_metadata or not own else Metadata()
        unread = [problem.message for problem in problems]
        unread += [_("{path} cannot be read").format(path=path) for path in paths if path not in data and not problems]
        if len(place.texts) > MAX_TEXTS:
            unread.append(_("it has more than {limit} texts").format(limit=MAX_TEXTS))
        return Holdings(
            tuple((role, path, data[path]) for role, path in place.texts if path in data),
            "\n".join(_section(data[path]) for path in readmes if path in data),
            meta,
            tuple(unread),
            () if own or is_named else head_statements(tree, own_paths(tree)),
        )

    def _places(self, component: Component) -> tuple[PackageFiles, ...]:
        if component.installed_at:
            return locate_installed(component, self._root)
        found = self._cached.locate(component)
        if not found:
            found = self._stored.get(component.purl, ())
        if found or component.ecosystem != "npm":
            return found
        return (self._bundled[component.purl],) if component.purl in self._bundled else ()

    @cached_property
    def _bundled(self) -> dict[str, PackageFiles]:
        """Where packages lie that others bring in their own archives."""
        found: dict[str, PackageFiles] = {}
        for holder in self._elsewhere:
            if holder.ecosystem == "npm":
                for one in bundled_in(
                    holder, self._cached.locate(holder) or self._stored.get(holder.purl, ()), self._trees
                ):
                    found.setdefault(one.component.purl, one.files)
        return found

    def _tree(self, component: Component, place: PackageFiles) -> PackageTree | None:
        try:
            return self._trees.tree(component, place) if place.place else None
        except InputError:
            return None


_BY_TEXTS = frozenset({DutyName.COPYRIGHT_NOTICE.value, DutyName.LICENSE_TEXT.value, DutyName.NOTICE_FILE.value})


def _needs_metadata(asked: ShippedComponent, scan: Scan) -> bool:
    """Whether the package's own metadata have to tell whose it is, or where it comes from."""
    conclusion = scan.by_purl.get(asked.purl)
    return not _is_named(conclusion) or any(duty.name not in _BY_TEXTS for duty in asked.duties)


def _is_named(conclusion: Conclusion | None) -> bool:
    """Whether a text of the package has a statement of copyright."""
    return conclusion is not None and bool(conclusion.copyrights)


def inside(component: Component, around: Iterable[Holdings]) -> Holdings:
    """What the package around a component says of it: the texts that name it."""
    names = "|".join(map(re.escape, sorted(_names_of(component))))
    pattern = re.compile(rf"(?<![a-z0-9])(?:{names})(?![a-z])")
    texts = {
        (Role.PART, path, data)
        for held in around
        for _role, path, data in held.texts
        if pattern.search((decode(data) or "").lower())
    }
    return Holdings(tuple(sorted(texts)))


def _names_of(component: Component) -> set[str]:
    """How a list of licenses may call a library: `libjpeg / libjpeg-turbo` by either name or that of its PackageURL."""
    told = [*component.name.split("/"), component.purl.partition("@")[0].rpartition("/")[2]]
    return {name.strip().lower() for name in told if len(name.strip()) > 1}


def metadata_of(known: PackageMetadata | None) -> Metadata:
    """What notices take of the facts of a scan: names without addresses, where it comes from, what it is."""
    if known is None:
        return Metadata()
    # npm's contributors come after the author, and hold no rights for being thanked
    authors = known.authors[:1] if known.purl.startswith("pkg:npm/") else known.authors[:MAX_NAMES]
    names = tuple(dict.fromkeys(map(name_of, authors)))
    home = known.repository.removesuffix(".git") or known.homepage
    return Metadata(names, home, known.description, known.source_url or known.artifact_url)


MAX_NAMES = 20
MAX_TEXT = 4 * 1024 * 1024


def _place(files: PackageFiles) -> Place:
    texts = [(_ROLES[text.role], text.path) for text in texts_to_read(files) if text.role in _ROLES]
    return Place(tuple(texts), tuple(path for path in files.readme_files if "/" not in path))


def _section(data: bytes) -> str:
    """What a readme says under its heading on licenses."""
    section = license_section(decode(data) or "")
    return section[0] if section else ""
