"""Packages whose code is in scripts of an artifact of which no map and no bundler's account tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from packageurl import PackageURL

from licscan.base.errors import InputError
from licscan.compare.fingerprint import versionless
from licscan.model import Graph
from licscan.verify.inside.installed import is_package_json
from licscan.verify.records import ArtifactContents, File, Kind, Sighting, Sure

if TYPE_CHECKING:
    from licscan.copies.index import CodeIndex

MAX_READ = 32 * 1024 * 1024
MAX_SCRIPTS = 2_000
_INSTALLED = ("node_modules/", "site-packages/", "dist-packages/")


def with_code(inside: ArtifactContents, files: Sequence[File], graph: Graph) -> ArtifactContents:
    """The contents, with the packages that the index of code on this machine recognises; as they were without one.

    That code is alike makes it likely, and tells the package rather than its version: of the versions that the scan
    knows all are meant, and of packages that hold the same code those that it knows. What nobody recognises stays
    unexplained.
    """
    from licscan.copies.shelf import user_index

    index = user_index()
    if index is None or not len(index):
        return inside
    scripts = list(_scripts(files, inside.explained))[:MAX_SCRIPTS]
    names = frozenset(versionless(one.purl) for one in graph.components)
    seen = {sign for file in scripts for sign in _signs(file, index, names)}
    known = {(sign.file, sign.name.lower()) for sign in inside.seen}
    more = {sign for sign in seen if (sign.file, sign.name.lower()) not in known}
    return replace(inside, seen=tuple(sorted({*inside.seen, *more})))


def _scripts(files: Iterable[File], explained: frozenset[str]) -> Iterator[File]:
    """Code that is nobody's yet: what lies in the folder of a package that is there whole is that package's."""
    from licscan.copies.prints import language_of

    listed = list(files)
    folders = tuple(file.path[: -len("package.json")] for file in listed if is_package_json(file.path))
    for file in listed:
        if file.path in explained or language_of(file.path) is None or file.size > MAX_READ:
            continue
        if not any(part in file.path for part in _INSTALLED) and not (folders and file.path.startswith(folders)):
            yield file


def _signs(file: File, index: CodeIndex, names: frozenset[str]) -> Iterator[Sighting]:
    from licscan.copies.recognise import recognise

    try:
        data = file.read(MAX_READ)
    except InputError:
        return  # it was said when the artifact was opened
    for copy in recognise(data, file.path, index):
        likely = next((one for one in (copy.package, *copy.also) if one in names), copy.package)
        purl = PackageURL.from_string(likely)
        name = f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name
        yield Sighting(purl.type, name, "", Kind.CODE, file.path, Sure.LIKELY)
