"""Requirement texts (PEP 508) to their parts, and the one place that says what counts as pinned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from licscan.model import Component, Location, Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder

MAX_LENGTH = 20_000
"""Longer than any real requirement; keeps the parser of markers, which recurses, within bounds."""

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_PIN = re.compile(rf"({_NAME})\s?==\s?(\d+(?:\.\d+)*(?:(?:a|b|rc|\.?post|\.?dev)\d+)?)")
_LEADING = re.compile(rf"\s*({_NAME})\s*(?:\[([^\]]*)\])?\s*(?=[<>=!~(;]|$)")
_COMMIT = re.compile(r"@[0-9a-f]{40}$")
_VCS = ("git+", "hg+", "svn+", "bzr+", "git://")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement.

    `version` is the one version that `==` or `===` allows, verbatim; None where several would do. `specifier` is the
    text of the constraint. `valid` is False where `packaging` refuses the text and only the name could be read.
    """

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    url: str | None = None
    marker: str | None = None
    version: str | None = None
    valid: bool = True

    def text(self) -> str | None:
        """What stands behind the name: `[extra]>=1`, or the URL without credentials."""
        if self.url:
            return purls.strip_credentials(self.url)
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return extras + self.specifier or None


def parse_requirement(text: str) -> Requirement | None:
    """The parts of one requirement, None where not even its name can be told.

    The first branch is for the lines of a pinned file, which are most of all lines.
    """
    if pinned := _PIN.fullmatch(text):
        return Requirement(pinned[1], specifier=f"=={pinned[2]}", version=pinned[2])
    if len(text) > MAX_LENGTH:
        return None
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Strict

    try:
        strict = Strict(text)
        marker = str(strict.marker) if strict.marker else None
    except (InvalidRequirement, RecursionError, ValueError):
        return _only_name(text)
    return Requirement(
        name=strict.name,
        extras=tuple(sorted(strict.extras)),
        specifier=str(strict.specifier),
        url=strict.url,
        marker=marker,
        version=exact((one.operator, one.version) for one in strict.specifier),
    )


def exact(specifiers: Iterable[tuple[str, str]]) -> str | None:
    """The version that the specifiers pin: `==` without a wildcard, or `===`; None for none or for two at odds."""
    pins = {
        version for operator, version in specifiers if operator == "===" or (operator == "==" and "*" not in version)
    }
    return pins.pop() if len(pins) == 1 else None


def exact_of(specifier: str) -> str | None:
    """The version that a specifier's text pins (`==1.2`)."""
    found = parse_requirement(f"name{specifier.strip()}") if specifier.strip()[:1] in "<>=!~" else None
    return found.version if found else None


def _only_name(text: str) -> Requirement | None:
    """What an older packaging took and today's refuses (`pytz>dev`, `foo>=1.0.*`): its name stands anyway."""
    text = " ".join(text.split())
    found = _LEADING.match(text)
    if found is None:
        return None
    rest, _, marker = text[found.end() :].partition(";")
    extras = tuple(sorted(part.strip() for part in (found[2] or "").split(",") if part.strip()))
    return Requirement(found[1], extras, rest.strip(), marker=marker.strip() or None, valid=False)


def source_of(url: str) -> Source:
    """Where the bytes of a direct reference come from, without credentials."""
    lowered = url.lower()
    if lowered.startswith(_VCS):
        return Source(SourceKind.GIT, purls.strip_credentials(url.partition("#")[0]))
    if lowered.startswith("file:") or "://" not in lowered:
        return Source(SourceKind.PATH, url.partition("#")[0])
    return Source(SourceKind.URL, purls.strip_credentials(url.partition("#")[0]))


def archive_identity(url: str) -> tuple[str, str] | None:
    """Name and version in the file name of a wheel or sdist; None where it is no such name."""
    from urllib.parse import unquote

    from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

    file_name = unquote(re.split(r"[?#]", url, maxsplit=1)[0].rpartition("/")[2])
    try:
        if file_name.endswith(".whl"):
            name, version = parse_wheel_filename(file_name)[:2]
        else:
            name, version = parse_sdist_filename(file_name)
    except (InvalidSdistFilename, InvalidWheelFilename, ValueError):
        return None
    return str(name), str(version)


def is_commit(url: str) -> bool:
    """Whether a version control URL names one commit, not a branch that moves."""
    return bool(_COMMIT.search(url.partition("#")[0]))


def require(
    builder: Builder,
    parent: str,
    requirement: Requirement,
    scope: Scope = Scope.RUNTIME,
    *,
    line: int | None = None,
    hashes: Iterable[str] = (),
    source: Source | None = None,
) -> str:
    """Add the required package and the edge to it; the package's key.

    Without an exact version it is an unresolved component; a direct reference counts as resolved where it names one
    commit or a file with the version in its name.
    """
    key = component(builder, requirement, line=line, hashes=hashes, source=source)
    builder.edge(parent, key, scope, requirement.text())
    return key


def pinned(requirement: Requirement, version: str) -> Requirement:
    """The same requirement at the version to which a constraint ties it."""
    return replace(requirement, version=version)


def component(
    builder: Builder,
    requirement: Requirement,
    *,
    file: str | None = None,
    line: int | None = None,
    hashes: Iterable[str] = (),
    source: Source | None = None,
) -> str:
    """Add the required package without an edge; its key. `file` is the one that names it, if not the builder's own."""
    version = requirement.version
    qualifiers: dict[str, str | None] = {}
    resolved = version is not None
    if requirement.url:
        source = source_of(requirement.url)
        qualifiers = _qualifiers(source)
        resolved = resolved or (source.kind is SourceKind.GIT and is_commit(requirement.url))
        if identity := archive_identity(requirement.url):
            version, resolved = version or identity[1], True
    return builder.add(
        Component(
            purl=purls.pypi(requirement.name, version, **qualifiers),
            name=requirement.name,
            version=version,
            ecosystem="pypi",
            resolved=resolved,
            source=source or Source(SourceKind.REGISTRY),
            found_in=(Location(file or builder.path, line, line),),
            hashes=tuple(hashes),
            condition=requirement.marker,
        )
    )


def _qualifiers(source: Source) -> dict[str, str | None]:
    if source.kind is SourceKind.GIT:
        return {"vcs_url": source.url}
    return {"download_url": source.url} if source.kind is SourceKind.URL else {}
