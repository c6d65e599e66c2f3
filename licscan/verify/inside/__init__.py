"""What is inside of what is shipped: every kind of evidence looks at its files, and what nobody explains is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from licscan.base.errors import FormatError, InputError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.model import Problem
from licscan.verify.inside import kinds
from licscan.verify.inside.bundlers import BundlerReport, bundler_report
from licscan.verify.inside.code import banner_of, comments_of, is_minified, modules_of
from licscan.verify.inside.installed import is_metadata, is_package_json, npm_package, python_distribution, vendored
from licscan.verify.inside.jsons import MAX_JSON, parse
from licscan.verify.inside.media import Folders, Known, media_matches
from licscan.verify.inside.sourcemaps import inline_maps, sources_of
from licscan.verify.paths import PackagePath, package_of
from licscan.verify.records import ArtifactContents, Document, File, Kind, Sighting, Sure, Unknown
from licscan.verify.words import plain_of_html

MAX_CODE = 256 * 1024 * 1024
MAX_DOCUMENT = 64 * 1024 * 1024
MAX_OWN = 256 * 1024 * 1024
"""Bytes of the code of packages that are read for comments, where these lack something."""
MAX_DOCUMENTS = 512 * 1024 * 1024
"""Bytes of notices that are held at once; what is beyond is a problem."""


@dataclass(frozen=True, slots=True)
class EvidenceSources:
    """What else is known: `stats` are bundlers' accounts as (name, bytes, whether a person named it), `folders` those
    of installed components, `own` patterns of files that are the project's own, `content` the scan's files of content.
    """

    stats: Sequence[tuple[str, bytes, bool]] = ()
    folders: Folders = ()
    own: Sequence[str] = ()
    content: Known = field(default_factory=dict)


@dataclass
class _Findings:
    seen: set[Sighting] = field(default_factory=set)
    unknown: list[Unknown] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    outputs: set[str] = field(default_factory=set)
    """Names of files of which an account says all that is in them."""
    mapped: set[str] = field(default_factory=set)
    scripts: dict[str, tuple[bool, tuple[str, ...]]] = field(default_factory=dict)
    """Whether a script is minified, and the names in its banners."""
    held: int = 0

    def explains(self, path: str) -> bool:
        """Whether a map or an account says what is in a script."""
        return path in self.mapped or path.rpartition("/")[2] in self.outputs


def inspect_artifact(files: Sequence[File], asked: EvidenceSources) -> ArtifactContents:
    """Every sign of every package, what cannot be explained, and the texts in which notices can be reached."""
    found = _Findings()
    whole = _package_folders(files)
    for file in files:
        for applies, reads in _READERS:
            if applies(file):
                _guarded(found, file, reads, whole)
    names = {file.path.rpartition("/")[2] for file in files}
    for name, data, named in asked.stats:
        _account(found, name, data, names, named)
    outside = (file for file in files if not _inside(file.path, whole))
    media = media_matches(outside, asked.folders, asked.content)
    found.seen.update(media.seen)
    found.seen.update(vendored(files))
    found.unknown += [
        Unknown(path, _("no installed component contains this file, so its owner is unknown"))
        for path in media.unattributed
        if not _matches(path, asked.own)
    ]
    found.unknown += _unexplained(found, asked.own)
    return ArtifactContents(
        tuple(sorted(found.seen)),
        tuple(sorted(set(found.unknown))),
        tuple(found.documents),
        tuple(sorted(set(found.problems))),
        frozenset(path for path in found.scripts if found.explains(path)),
        media.content,
        tuple(file for file in media.unexplained if not _matches(file.path, asked.own)),
    )


def _guarded(found: _Findings, file: File, reads: Reads, whole: frozenset[str]) -> None:
    """One file by one reader; what is wrong with it is one line."""
    try:
        reads(found, file, whole)
    except InputError as error:
        said = error.message if error.path in (None, file.path) else str(error)
        place = error.place if isinstance(error, FormatError) else None
        subject = f"{file.path}: {place}" if place else file.path
        found.problems.append(Problem("verify", one_line(subject), one_line(said), "input-unreadable"))


def _package_folders(files: Iterable[File]) -> frozenset[str]:
    """The folders of the packages that lie there whole, with `/` at the end."""
    return frozenset(file.path[: -len("package.json")] for file in files if is_package_json(file.path))


def _inside(path: str, whole: frozenset[str]) -> bool:
    """Whether a file belongs to a package that lies there whole: what is in it is that package's."""
    if "site-packages/" in path or "dist-packages/" in path:
        return True
    at = path.rfind("node_modules/")
    if at < 0:
        return False
    named = package_of(path)
    return named is not None and f"{path[:at]}node_modules/{named.name}/" in whole


def _read_stats(found: _Findings, file: File, whole: frozenset[str]) -> None:
    if not _inside(file.path, whole):
        told = bundler_report(parse(file.read(MAX_JSON), file.path))
        if told:
            _take(found, told, file.path)


def _account(found: _Findings, name: str, data: bytes, names: set[str], named: bool) -> None:
    """A bundler's account from beside the artifact: it counts where it speaks of files in it, or a person named it."""
    try:
        told = bundler_report(parse(data, name))
    except FormatError:
        if named:
            raise
        return  # it need not be an account; scripts that nothing explains are said anyway
    if told is None:
        if named:
            raise FormatError(_("is not a bundler report that licscan knows"), path=name)
        return
    if told.outputs & names or named:
        _take(found, told, name)


def _take(found: _Findings, told: BundlerReport, file: str) -> None:
    _see(found, told.packages, told.kind, file)
    if told.kind is not Kind.MANIFEST:  # a manifest names entries only
        found.outputs.update(told.outputs)


def _see(found: _Findings, packages: Iterable[PackagePath], kind: Kind, file: str, sure: Sure = Sure.CERTAIN) -> None:
    for one in packages:
        found.seen.add(Sighting("npm", one.name, one.version, kind, file, sure, one.place))


def _read_map(found: _Findings, file: File, whole: frozenset[str]) -> None:
    if _inside(file.path, whole):
        return
    document = parse(file.read(MAX_JSON), file.path)
    _sources(found, document, file.path)
    found.mapped.add(file.path.removesuffix(".map"))
    name = document.get("file")
    if isinstance(name, str) and name:
        found.mapped.add(f"{file.path.rpartition('/')[0]}/{name.rpartition('/')[2]}".lstrip("/"))


def _sources(found: _Findings, document: object, file: str) -> None:
    packages = {named for source in sources_of(document, file) if (named := package_of(source))}
    _see(found, packages, Kind.SOURCE_MAP, file)


def own_comments(files: Iterable[File], folders: Iterable[str]) -> tuple[Document, ...]:
    """The comments that speak of rights in the code of packages that lie in these folders, which end in `/`."""
    starts = tuple(sorted(folders))
    found: list[Document] = []
    left = MAX_OWN
    for file in files:
        if starts and file.path.startswith(starts) and file.path.lower().endswith(kinds.CODE):
            left -= file.size
            if left < 0:
                break
            with suppress(InputError):  # it was said when the artifact was opened, or its text is missing anyway
                code = file.read(MAX_CODE).decode("utf-8", "replace")
                kept = dict.fromkeys(comment for _place, comment in comments_of(code))
                found += [Document(file.path, "\n\n".join(kept))] if kept else []
    return tuple(found)


def _read_code(found: _Findings, file: File, whole: frozenset[str]) -> None:
    if _inside(file.path, whole):
        return
    code = file.read(MAX_CODE).decode("utf-8", "replace")
    _see(found, set(modules_of(code)), Kind.COMMENT, file.path, Sure.LIKELY)
    names = []
    kept = []
    for _place, comment in comments_of(code):
        kept.append(comment)
        banner = banner_of(comment)
        if banner:
            names.append(banner[0])
            found.seen.add(Sighting("", *banner, Kind.BANNER, file.path, Sure.LIKELY))
    if kept:
        _keep(found, Document(file.path, "\n\n".join(dict.fromkeys(kept))))
    found.scripts[file.path] = (is_minified(code), tuple(names))
    for document in inline_maps(code, file.path):
        _sources(found, document, file.path)
        found.mapped.add(file.path)


def _read_notice(found: _Findings, file: File, whole: frozenset[str]) -> None:
    data = file.read(MAX_DOCUMENT)
    path = file.path
    if kinds.is_readme(path) and not _inside(path, whole):
        return
    _keep(found, document_of(path, data, file.sha256))


def document_of(path: str, data: bytes, sha256: str = "") -> Document:
    """A document as plain text, whatever its format."""
    for codec in ("utf-16", "utf-8-sig", "latin-1"):
        if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = data.decode(codec)
            break
        except UnicodeDecodeError:
            continue
    lower = path.lower()
    if lower.endswith((".html", ".htm", ".xhtml", ".xml", ".plist")):
        text = plain_of_html(text)
    elif lower.endswith(".json"):
        text = _texts_of_json(text)
    elif lower.endswith((".md", ".markdown")):
        text = text.replace("\\", "")
    return Document(path, text, sha256)


def _texts_of_json(text: str) -> str:
    """All keys and texts of a JSON document in their order; the text itself where it is no JSON."""
    try:
        stack = [json.loads(text)]
    except (ValueError, RecursionError):
        return text
    told: list[str] = []
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            told.append(one)
        elif isinstance(one, list):
            stack += reversed(one)
        elif isinstance(one, dict):
            stack += [part for pair in reversed(one.items()) for part in reversed(pair)]
    return "\n".join(told)


def _keep(found: _Findings, document: Document) -> None:
    found.held += len(document.text)
    if found.held > MAX_DOCUMENTS:
        said = _("is not read: all notices together have more than {limit} MB").format(
            limit=MAX_DOCUMENTS // 1024 // 1024
        )
        raise InputError(said, path=document.path)
    found.documents.append(document)


def _read_package(found: _Findings, file: File, _whole: frozenset[str]) -> None:
    seen = npm_package(file) if file.path.endswith(".json") else python_distribution(file)
    if seen:
        found.seen.add(seen)


Reads = Callable[[_Findings, File, frozenset[str]], None]
_READERS: tuple[tuple[Callable[[File], bool], Reads], ...] = (
    (lambda file: kinds.is_stats(file.path), _read_stats),
    (lambda file: file.path.lower().endswith(".map"), _read_map),
    (lambda file: file.path.lower().endswith(kinds.CODE), _read_code),
    (lambda file: is_package_json(file.path) or is_metadata(file.path), _read_package),
    (lambda file: kinds.is_notice(file.path) or kinds.is_readme(file.path) or is_metadata(file.path), _read_notice),
)
"""What is read how; a file may be read in several ways. Media and vendored folders are looked at together."""


def _matches(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, pattern) or fnmatchcase(path.rpartition("/")[2], pattern) for pattern in patterns)


def _unexplained(found: _Findings, own: Sequence[str]) -> Iterable[Unknown]:
    """The minified scripts of which nothing says what is in them."""
    for path, (minified, banners) in sorted(found.scripts.items()):
        name = path.rpartition("/")[2]
        if not minified or found.explains(path) or _matches(path, own):
            continue
        plain = _letters(name)
        if any(len(_letters(banner)) > 2 and _letters(banner) in plain for banner in banners):
            continue  # a library of its own, that names itself
        if found.outputs:
            said = _(
                "is minified and not in the given bundler report, perhaps left over from an older "
                "build: its content is unknown"
            )
        elif banners:
            said = _("is minified and has no source map: what it contains besides what its banners name is unknown")
        else:
            said = _("is minified and has neither source map nor banner: its content is unknown")
        yield Unknown(path, said, left_over=bool(found.outputs))


def _letters(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())
