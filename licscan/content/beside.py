"""The texts that stand beside files of content: read, and told for which of them each speaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.base.messages import _
from licscan.content.claims import Claim, claim_in, is_wrong_of
from licscan.content.known import Listed
from licscan.content.prose import Names, Prose, read_prose
from licscan.content.texts import Reader
from licscan.detect.decoding import decode
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, Location, Problem
from licscan.model.content import StaleEntry

MAX_TEXT = 1024 * 1024
MAX_TEXTS = 50_000
"""So many texts of a project are read for what they say of files: each file may have one of its own."""
MAX_CHARACTERS = 64 * 1024 * 1024
"""Characters of these texts in all."""
MAX_ENTRIES = 20
"""Entries that are heard of one file."""
_LEAST_NAMED = 2
"""A text that names so many of the files is a list of them, and what else it names should be there."""


@dataclass(frozen=True, slots=True)
class Meant:
    """One entry of a list with the files that it means; none where it names what is not there."""

    prose: Prose
    line: int
    name: str
    paths: tuple[str, ...]
    words: str


@dataclass(slots=True)
class Beside:
    """What texts say of files: `lists` by the file, `folders` by the folder, and entries of lists that are stale."""

    lists: dict[str, tuple[Listed, ...]] = field(default_factory=dict)
    folders: dict[str, tuple[Listed, ...]] = field(default_factory=dict)
    stale: list[StaleEntry] = field(default_factory=list)


def read_texts_beside(root: Path, paths: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    """The texts of these files without what is no text; one that cannot be read, or is one too many, is a problem."""
    top, found, problems = str(root.resolve()), dict[str, str](), list[Problem]()
    left = MAX_CHARACTERS
    for number, path in enumerate(paths):
        if number >= MAX_TEXTS or left < 0:
            message = _("and the texts after it were not searched for statements about files: there are too many")
            problems.append(Problem("content", path, message))
            break
        full = root / path
        if full.is_symlink() or not is_inside(str(full), top):
            continue
        try:
            text = decode(read_file(full, MAX_TEXT))
        except InputError as error:
            if os.path.lexists(full):
                problems.append(Problem("content", path, error.message, "input-unreadable"))
            continue
        if text:
            found[path] = text
            left -= len(text)
    return found, problems


def entries_in(texts: Mapping[str, str], files: Iterable[str]) -> tuple[list[Prose], list[Meant], list[Problem]]:
    """The texts as prose, and what their entries mean among the files; lists that name too much are a problem."""
    every = [read_prose(path, text) for path, text in sorted(texts.items())]
    found: list[Meant] = []
    if not any(prose.entries for prose in every):
        return every, found, []
    names = Names(files)
    for prose in every:
        for entry in prose.entries:
            for name in entry.names:
                meant = tuple(names.meant(prose.folder, name))
                if names.left < 0:
                    message = _("lists too many files: everything after line {line} was not read")
                    return every, found, [Problem("content", prose.path, message.format(line=entry.line))]
                found.append(Meant(prose, entry.line, name, meant, entry.words))
    return every, found, []


def words_to_read(prose: Iterable[Prose], meant: Iterable[Meant], content: Iterable[str]) -> Iterator[str]:
    """The words in which a license may be named: those of entries that mean files, and of texts beside content."""
    folders = {folder for path in content for folder in folders_above(path)}
    yield from (one.words for one in meant if one.paths)
    yield from (one.words for one in prose if one.folder and one.folder in folders)


def folders_above(path: str) -> Iterator[str]:
    """The folders above a path, the nearest first, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def told_beside(
    prose: Iterable[Prose],
    meant: Iterable[Meant],
    reader: Reader,
    is_own: Callable[[str], bool],
    areas: Iterable[str],
    own_licenses: Callable[[str], Iterable[str]],
) -> Beside:
    """What the texts say; `areas` are folders of packages of the project's own, whose readmes speak of code."""
    found = Beside()
    listed: dict[str, dict[Listed, None]] = {}
    named: dict[str, set[str]] = {}
    lost: list[Meant] = []
    for one in meant:
        claim = claim_in(one.words, reader, is_own) if one.paths else None
        if claim is None:
            lost.append(one)
            continue
        if not _counts(claim):
            continue
        named.setdefault(one.prose.path, set()).update(one.paths)
        for path in one.paths:
            entries = listed.setdefault(path, {})
            if len(entries) < MAX_ENTRIES:
                entries[Listed(claim, Location(one.prose.path, one.line, one.line), one.words)] = None
    found.lists = {path: tuple(told) for path, told in listed.items()}
    lists = {path for path, files in named.items() if len(files) >= _LEAST_NAMED}
    found.stale = sorted(
        {StaleEntry(Location(o.prose.path, o.line, o.line), o.name) for o in lost if o.prose.path in lists}
    )
    inside = frozenset(areas)
    folders: dict[str, list[Listed]] = {}
    for text in prose:
        if not text.folder or text.folder in inside or text.path in named:
            continue
        claim = claim_in(text.words, reader, is_own)
        if _speaks_for_folder(claim, tuple(own_licenses(text.path))):
            folders.setdefault(text.folder, []).append(Listed(claim, Location(text.path), text.words))
    found.folders = {folder: tuple(texts) for folder, texts in folders.items()}
    return found


def _counts(claim: Claim) -> bool:
    """Whether an entry says anything of rights: a picture that a readme merely shows is not spoken for."""
    return bool(
        claim.expression or claim.site or claim.is_own or claim.not_commercial or claim.reserved or claim.holder
    )


def _speaks_for_folder(claim: Claim, ours: tuple[str, ...]) -> bool:
    """Whether a text without entries speaks for the files beside it: by a license other than one's own, or a site."""
    if claim.site is not None or claim.not_commercial or is_wrong_of(claim):
        return True
    named = licenses_of(claim.expression) if claim.expression not in ("", NOASSERTION) else ()
    return bool(named) and not all(name in ours for name in named)
