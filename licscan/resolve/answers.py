"""What answers a requirement that no lock of its own answers for: by name, range, marker and place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from licscan.base.tree import folder_of
from licscan.model import Component, ComponentKind, SourceKind
from licscan.packages.purls import normalize_pypi_name

if TYPE_CHECKING:
    from licscan.resolve.reading import Read

Key = tuple[str, str]


def name_key(component: Component) -> Key:
    """The ecosystem and the name as it compares there."""
    pypi = component.ecosystem == "pypi"
    return (component.ecosystem, normalize_pypi_name(component.name) if pypi else component.name)


class Answers:
    """Resolved packages by ecosystem and name, with the folder for which they answer (None: everywhere)."""

    def __init__(self, reads: Iterable[Read]):
        self._known: dict[Key, list[tuple[str | None, Component]]] = {}
        for read in reads:
            folder = None if read.format.name == "site-packages" else read.folder
            for component in read.parsed.components:
                member = component.kind is ComponentKind.PROJECT
                if component.resolved and (component.version or member):
                    self._known.setdefault(name_key(component), []).append((folder, component))

    def find(self, wanted: Component, folder: str, requirement: str | None) -> Component | None:
        """The one package that answers a requirement made in a folder, the nearest place first.

        A place of its own (the same folder, an environment) answers what it does not contradict; one above answers
        only what its package surely satisfies, since nothing says that it is installed for that folder.
        """
        if requirement is not None and requirement.startswith("workspace:"):
            return self._member(wanted)
        near: dict[int, dict[str, Component]] = {}
        for place, component in self._known.get(name_key(wanted), ()):
            if not _reaches(place, folder) or not _same_marker(wanted, component):
                continue
            fits = satisfies(component, requirement)
            if fits or (fits is None and place in (None, folder)):
                near.setdefault(-1 if place is None else len(place), {})[component.purl] = component
        if not near:
            return None
        closest = near[max(near)]
        return next(iter(closest.values())) if len(closest) == 1 else None

    def _member(self, wanted: Component) -> Component | None:
        """The one project of that name, wherever it stands: `workspace:` never means a published package."""
        listed = self._known.get(name_key(wanted), ())
        members = {c.purl: c for _place, c in listed if c.kind is ComponentKind.PROJECT}
        return next(iter(members.values())) if len(members) == 1 else None


def _reaches(place: str | None, folder: str) -> bool:
    return place is None or not place or folder == place or folder.startswith(place + "/")


def _same_marker(wanted: Component, answer: Component) -> bool:
    """Whether the answer is installed wherever it is wanted: markers of Python say where, those of npm only where not.

    A lock may hold one version for each marker (forks): one of them is no answer for all.
    """
    return answer.ecosystem == "npm" or answer.condition is None or answer.condition == wanted.condition


def satisfies(component: Component, requirement: str | None) -> bool | None:
    """Whether the version is in the range of a requirement; None where its text does not tell (a tag, conda)."""
    version = component.version
    if version is None:
        return None
    if component.ecosystem == "npm":
        from licscan.resolve.js.requests import satisfies as in_range
        from licscan.resolve.js.requests import split_alias

        return None if requirement is None else in_range(version, split_alias(requirement)[1])
    if component.ecosystem == "pypi":
        from licscan.resolve.python.common import requirement as read_requirement
        from licscan.resolve.python.constraint import satisfies as in_constraint

        need = read_requirement(requirement or "")
        # the text may be the bare constraint
        constraint = (requirement or "").partition(";")[0].strip() if need is None else need.constraint
        return in_constraint(version, constraint) if constraint else True
    return None


def folder_of_parent(parent: Component | None, read: Read) -> str:
    """The folder in which a requirement is made: that of the project, else of the file that asks."""
    if parent is not None and parent.kind is ComponentKind.PROJECT and parent.manifest:
        return folder_of(parent.manifest)
    return read.folder


def is_open(component: Component) -> bool:
    """Whether it is a requirement that another input may answer; one of an address only its address answers."""
    source = component.source
    by_name = source.kind in (SourceKind.UNKNOWN, SourceKind.REGISTRY)
    return not component.resolved and (by_name or (source.kind is SourceKind.PATH and source.url is None))
