"""What a requirements file names by path or URL: files, folders, repositories."""

from __future__ import annotations

import re
from urllib.parse import unquote

from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder
from licscan.resolve.python.identity import identify, manifest_of
from licscan.resolve.python.pep508 import (
    Requirement,
    archive_identity,
    is_commit,
    parse_requirement,
    require,
    source_of,
)

_URL = re.compile(r"(?i)(?:(?:git|hg|svn|bzr)\+[a-z+]+:|(?:https?|ftp|file|ssh|git)://|file:)")
_PATH = re.compile(r"(?:\.{1,2}(?:[\\/\[]|$)|[\\/~]|[A-Za-z]:[\\/]|[^\s;@<>=!~\[]*[\\/])")
_ARCHIVE = re.compile(r"(?i)[^\s;@]+\.(?:whl|tar\.gz|zip|tar\.bz2|tgz)(?:\[[^\]]*\])?")
_EGG = re.compile(r"[#&]egg=([^&\[]+)(?:\[([^\]]*)\])?")
_EXTRAS = re.compile(r"\[[^\]]*\]$")


def is_url(text: str) -> bool:
    """Whether the text starts like a URL that pip takes."""
    return bool(_URL.match(text))


def is_path(text: str) -> bool:
    """Whether pip would take the text for a path: it has a separator, or is an archive's file name."""
    return bool(_PATH.match(text) or _ARCHIVE.fullmatch(text.partition(";")[0].strip()))


def require_url(
    builder: Builder, parent: str, text: str, scope: Scope, line: int | None, hashes: tuple[str, ...]
) -> str | None:
    """Add what a bare URL names: by `#egg=`, else by the archive's file name; the package's key.

    A repository without `#egg=` tells no distribution name: it becomes `pkg:generic/` with the repository's.
    """
    url, marker = _split_marker(text)
    egg = _EGG.search(url)
    # older eggs carry a version or a whole requirement; only the name is wanted
    said = parse_requirement(unquote(egg[1]).strip()) if egg else None
    name = said.name if said else None
    identity = archive_identity(url)
    if name is None and identity:
        name = identity[0]
    if name is None:
        return _nameless(builder, parent, url, marker, scope, line)
    extras = tuple(sorted(part.strip() for part in (egg[2] or "").split(",") if part.strip())) if egg else ()
    return require(builder, parent, Requirement(name, extras, url=url, marker=marker), scope, line=line, hashes=hashes)


def _split_marker(text: str) -> tuple[str, str | None]:
    """A URL and the marker behind it: ` ; ` needs the space, since a URL may hold a semicolon."""
    url, _semicolon, marker = text.partition(" ;")
    url, marker = url.strip(), marker.strip()
    checked = parse_requirement(f"name; {marker}") if marker else None
    return url, checked.marker if checked else None


def _nameless(
    builder: Builder, parent: str, url: str, marker: str | None, scope: Scope, line: int | None
) -> str | None:
    source = source_of(url)
    address = (source.url or "").rstrip("/")
    last = re.sub(r"@[^@/]*$", "", address).rpartition("/")[2].removesuffix(".git")
    if not re.fullmatch(r"[\w.-]+", last):
        return None
    qualifier = {"vcs_url": address} if source.kind is SourceKind.GIT else {"download_url": address}
    key = builder.package(
        purls.build("generic", None, last, None, **qualifier),
        last,
        None,
        line=line,
        source=source,
        condition=marker,
        resolved=source.kind is SourceKind.GIT and is_commit(url),
    )
    builder.edge(parent, key, scope, address)
    return key


def require_path(
    builder: Builder, tree: Tree, parent: str, text: str, scope: Scope, line: int | None, hashes: tuple[str, ...]
) -> bool:
    """Add what a path names: a first-party project (the root itself gives no edge), or an archive by its name.

    pip resolves such a path from the folder in which it is run, which is mostly the root or the file's own: both are
    tried, the file's own first.
    """
    path, marker = _split_marker(text)
    path = _EXTRAS.sub("", re.sub(r"(?i)^file:(//)?", "", path).partition("#")[0])
    for folder in _candidates(builder.path, path.replace("\\", "/")):
        if require_project(builder, tree, parent, folder, scope):
            return True
    if identity := archive_identity(path):
        key = builder.package(
            purls.pypi(*identity),
            identity[0],
            identity[1],
            line=line,
            source=Source(SourceKind.PATH, path),
            hashes=hashes,
            condition=marker,
        )
        builder.edge(parent, key, scope, path)
        return True
    builder.problem(
        _("line {line}: the path {path} contains no Python project that licscan can read").format(line=line, path=path),
        code="dependency-unresolved",
    )
    return False


def _candidates(file: str, path: str) -> list[str]:
    return list(dict.fromkeys((join(folder_of(file), path), join("", path))))


def require_project(builder: Builder, tree: Tree, parent: str, folder: str, scope: Scope) -> bool:
    """Add the first-party project of a folder (the parent itself gives no edge); False where there is none."""
    manifest = manifest_of(tree, folder)
    if manifest is None:
        return False
    found = identify(tree, folder)
    key = builder.project("pypi", found.name, found.version, manifest=manifest, root=False)
    if key != parent:
        builder.edge(parent, key, scope, folder or ".")
    return True
