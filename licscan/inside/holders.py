"""Whom a package names outside its license texts: for a person who has to complete a notice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from licscan.base.errors import InputError
from licscan.detect.copyrights import find_copyrights
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION
from licscan.packages.core_metadata import MAX_HEADERS, read_headers
from licscan.packages.marks import STATEMENT, STATEMENT_HEAD, first_sources, named_statement
from licscan.packages.tree import PackageTree, prepare

MAX_README = 1024 * 1024
_ASIDE = re.compile(r"\s*[;,]\s+(?:see|under|all rights|[a-z]+(?:ed|en))\s.*", re.DOTALL)
"""What a statement says of the work behind its holder: `; written for ...`, `, licensed under ...`."""
_YEARS = re.compile(r"(?i)^(?:copyright|\(c\)|©|&copy;|[\d\s,\-–:]|present)+")
_JUNK = re.compile(r"[*#/]+\s*$|<[^>]{0,200}>")


def notice_in(tree: PackageTree, texts: Iterable[str]) -> str:
    """The first copyright statement in license texts or readmes that names somebody; empty where there is none."""
    for path in texts:
        if match := named_statement(_text(tree, path, MAX_README)):
            return _said(match)
    return ""


def named_holders(tree: PackageTree, metadata: str, paths: Iterable[str]) -> tuple[str, ...]:
    """The authors in the package's metadata and the statements in the heads of its files, each once, sorted.

    `metadata` is the path of package.json or METADATA.
    """
    sources = list(first_sources(paths))
    prepare(tree, [metadata, *sources])
    found = [
        f"{name} ({metadata.rpartition('/')[2]})" for name in _authors(_text(tree, metadata, MAX_HEADERS), metadata)
    ]
    for path in sources:
        if said := _statement(_text(tree, path, None)):
            found.append(f"{said} ({path})")
    return tuple(dict.fromkeys(found))[:5]


def head_statements(tree: PackageTree, paths: Iterable[str]) -> tuple[str, ...]:
    """The copyright statements in the heads of a package's sources, each once, in the order of the sources."""
    sources = list(first_sources(paths))
    prepare(tree, sources)
    return tuple(dict.fromkeys(filter(None, (_statement(_text(tree, path, None)) for path in sources))))


def _statement(head: str) -> str:
    """The first copyright statement that names somebody: `Ada (c) 2020 MIT License` does, and not the license."""
    for match in STATEMENT.finditer(head):
        said = _said(match)
        if not _names_license(said):
            return said
        line = head[head.rfind("\n", 0, match.start()) + 1 : match.end()]
        if told := next((one.statement for one in find_copyrights(line)[0] if one.holder), ""):
            return _clean(told)
    return ""


def _names_license(statement: str) -> bool:
    """Whether nothing but a license stands behind the years of a statement."""
    rest = _YEARS.sub("", statement).strip(" ,.;:-–")
    return "licen" in rest.lower() and read_license(rest).expression not in (None, NOASSERTION)


def _authors(text: str, metadata: str) -> Iterator[str]:
    if metadata.endswith("package.json"):
        try:
            loaded = json.loads(text)
        except (ValueError, RecursionError):
            return
        author = loaded.get("author") if isinstance(loaded, dict) else None
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str) and name.strip():
            yield _clean(name)
        return
    for field, value in read_headers(text.encode("utf-8", "replace")):
        if field in ("author", "author-email") and value.strip():
            yield _clean(value)


def _text(tree: PackageTree, path: str, limit: int | None) -> str:
    """A file of the package, or its head where no limit is given; empty for what cannot be read."""
    if limit is None:
        return tree.head(path, STATEMENT_HEAD).decode("utf-8", "replace")
    try:
        return tree.read(path, limit).decode("utf-8", "replace")
    except InputError:
        return ""


def _said(statement: re.Match[str]) -> str:
    return _clean(_ASIDE.sub("", statement[0]))


def _clean(text: str) -> str:
    return " ".join(_JUNK.sub("", text).split()).strip(" *#/|")[:120]
