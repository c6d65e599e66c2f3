"""Whether a bare list of requirements names everything: what its packages need in turn is held against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.model import Component, ComponentKind, Graph, InputFile, PackageFiles, Problem
from licscan.packages.purls import normalize_pypi_name
from licscan.resolve.formats import FORMATS, Role

FORMAT = "requirements.txt"
MAX_LISTED = 3
"""So many lists are named in a sentence."""
MAX_NAMED = 8
"""So many packages that a list leaves out are named."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What is to be said of bare lists: packages that they leave out, and an assumption about those not known."""

    problems: tuple[Problem, ...] = ()
    assumptions: tuple[str, ...] = ()


def check_lists(graph: Graph, inputs: Sequence[InputFile], files: Mapping[str, Sequence[PackageFiles]]) -> Listed:
    """Hold the needs of listed packages, as their own metadata state them, against the list.

    A lock, an installation or a compiled list says more than a list of names, and so does any package that is known to
    need one. Needs of extras, and those that hold on some systems alone, are left out: they may rightly be absent.
    """
    python = [one for one in graph.components if one.ecosystem == "pypi" and one.kind is ComponentKind.PACKAGE]
    packages = [one for one in python if not one.embedded and one.resolved]
    locks = {one.name for one in FORMATS.values() if one.role is Role.LOCK and one.ecosystem == "pypi"}
    known = any(one.installed_at or graph.children.get(one.purl) for one in packages)
    paths = sorted(one.path for one in inputs if one.format == FORMAT)
    if not packages or not paths or known or locks.intersection(one.format for one in inputs):
        return Listed()
    place = _(", ").join(paths[:MAX_LISTED])
    told = {one.purl: needs for one in packages if (needs := _needs(files.get(one.purl, ()))) is not None}
    absent = _absent(packages, told, {normalize_pypi_name(one.name) for one in python})
    return Listed(
        (_left_out(paths[0], absent),) if absent else (),
        (_unchecked(place, len(packages) - len(told)),) if len(told) < len(packages) else (),
    )


def _needs(places: Iterable[PackageFiles]) -> tuple[str, ...] | None:
    return next((one.requires for one in places if one.requires is not None), None)


def _absent(packages: Iterable[Component], told: Mapping[str, Iterable[str]], listed: set[str]) -> dict[str, str]:
    """What is needed wherever the packages run and is not listed, with the first package that needs it."""
    if not any(told.values()):
        return {}
    from licscan.resolve.python import markers
    from licscan.resolve.python.pep508 import parse_requirement

    absent: dict[str, str] = {}
    for package in packages:
        for text in told.get(package.purl, ()):
            need = parse_requirement(text)
            name = normalize_pypi_name(need.name) if need else ""
            if need and name not in listed and markers.holds(need.marker, {}):
                absent.setdefault(name, package.name)
    return dict(sorted(absent.items()))


def _left_out(subject: str, absent: Mapping[str, str]) -> Problem:
    told = ngettext(
        "{count} package that the listed ones need is missing from the list and was not judged: {names}",
        "{count} packages that the listed ones need are missing from the list and were not judged: {names}",
        len(absent),
    )
    shown = [_("{name} (for {package})").format(name=name, package=by) for name, by in absent.items()]
    message = told.format(count=f"{len(absent):,}", names=listed(shown, MAX_NAMED))
    return Problem("resolve", subject, message, "dependency-unresolved")


def _unchecked(place: str, count: int) -> str:
    told = ngettext(
        "{path} is treated as the whole list: the dependencies of {count} package in it are unknown.",
        "{path} is treated as the whole list: the dependencies of {count} packages in it are unknown.",
        count,
    )
    return told.format(path=place, count=f"{count:,}")
