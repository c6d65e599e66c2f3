"""All of the project's own files, read and placed: where to look, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from licscan.model import NONE, Problem, Sources
from licscan.read.workers import Workers
from licscan.source.cache import HeaderCache
from licscan.source.copied import with_copies
from licscan.source.covers import Covers, covers_of, is_text
from licscan.source.declared import Declared
from licscan.source.groups import grouped
from licscan.source.header import NOTHING, Header
from licscan.source.listing import Listing, Places, list_sources
from licscan.source.names import Sort, is_library, is_test, sort_of, vendored_folder
from licscan.source.ownership import own_of
from licscan.source.placing import Cover, Own, Placed, place
from licscan.source.reading import SourceReader

KindOf = Callable[[str], str | None]
"""What a file's name says of it: `license`, `notice`, `authors`, `readme`, or nothing."""


def read_sources(
    places: Places,
    declared: Declared,
    kind_of: KindOf,
    workers: Workers,
    cache: HeaderCache,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Sources, tuple[Problem, ...]]:
    """What the project's own files say, held against what is its own; and what could not be read."""
    listing = list_sources(places.root, places.starts, places.exclude)
    texts = [path for path in listing.paths if is_text(path, kind_of)]
    lists = tuple(path for path in listing.paths if "/" not in path and kind_of(path) in ("authors", "notice"))
    sources = [path for path in _readable(listing, set(texts)) if kind_of(path.rpartition("/")[2]) is None]
    total = len(texts) + len(sources)
    of_texts = SourceReader(places.root, workers, cache, lambda done: progress(done, total)).read(texts, texts=True)
    done = len(texts)
    of_files = SourceReader(places.root, workers, cache, lambda more: progress(done + more, total)).read(sources)
    own = own_of(declared, places.root, of_files.headers, of_texts.headers, lists)
    covers = covers_of(of_texts.headers, listing.paths, own)
    placed = list(_placed(of_files.headers, covers, own))
    placed, compared = with_copies(places.root, of_files.headers, placed, covers, own, declared)
    binaries = [found for path in listing.paths if (found := _binary(path, covers, own)) is not None]
    problems = (*listing.problems, *of_texts.problems, *of_files.problems)
    return (
        Sources(
            by_git=listing.by_git,
            read=len(of_files.headers),
            own=len(of_files.headers) - len({one.path for one in placed if not one.beside_own}),
            unread=len(of_files.problems),
            own_licenses=own.licenses,
            own_holders=own.holders.names[:MAX_HOLDERS],
            groups=grouped([*placed, *binaries]),
            compared=compared,
        ),
        problems,
    )


MAX_HOLDERS = 20


def _readable(listing: Listing, texts: set[str]) -> Iterable[str]:
    return (path for path in listing.paths if path not in texts and sort_of(path) in (Sort.CODE, Sort.PROSE))


def _placed(headers: Mapping[str, Header], covers: Covers, own: Own) -> Iterable[Placed]:
    for path, header in headers.items():
        found = place(path, header, covers.of(path), own)
        if found is not None:
            yield found


def _binary(path: str, covers: Covers, own: Own) -> Placed | None:
    """A library that was put in as it was built: its name is all that is read of it."""
    if sort_of(path) is not Sort.BINARY or is_test(path):
        return None
    if not is_library(path) and vendored_folder(path) is None:
        return None
    return place(path, NOTHING, covers.of(path) or Cover("", NONE), own)
