"""Reads source files, each once: what an earlier scan found in the same bytes is kept, the rest is detected."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.model import Problem
from licscan.read.workers import Workers
from licscan.source.cache import HeaderCache
from licscan.source.header import NOTHING, Header, find_header, find_text

MAX_SOURCE = 8 * 1024 * 1024
MAX_BATCH = 16 * 1024 * 1024
"""Bytes of files that are held at once."""
_LINK = "link"


@dataclass(slots=True)
class Read:
    """What the files say, by their paths; a file that could not be read is a problem and not among them."""

    headers: dict[str, Header] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class SourceReader:
    """One scan's reading; `progress` is told how many files are done."""

    def __init__(self, root: Path, workers: Workers, cache: HeaderCache, progress: Callable[[int], None]):
        self._root = os.path.realpath(root)
        self._workers = workers
        self._cache = cache
        self._progress = progress
        self._inside: dict[str, bool] = {}

    def read(self, paths: Iterable[str], *, texts: bool = False) -> Read:
        """What the files say of themselves; of license `texts` all that they hold, not only their comments."""
        found = Read()
        for batch in self._batches(paths, found):
            self._one_batch(batch, found, texts=texts)
            self._progress(len(found.headers))
        return found

    def _one_batch(self, batch: dict[str, bytes], found: Read, *, texts: bool) -> None:
        mark = b"text" if texts else b""
        digests = {path: mark + hashlib.sha256(data).digest() for path, data in batch.items()}
        known = self._cache.get_many(digests.values())
        new: dict[bytes, str] = {}
        for path, digest in digests.items():
            if digest not in known:
                new.setdefault(digest, path)
        detected: dict[bytes, Header] = {}
        work = find_text if texts else find_header
        answers = self._workers.map(work, [batch[path] for path in new.values()])
        for (digest, path), answer in zip(new.items(), answers, strict=True):
            if isinstance(answer, Header):
                detected[digest] = answer
            else:
                found.problems.append(Problem("source", path, answer))
        self._cache.use.met(len(known), len(detected))
        self._cache.put_many(detected)
        known |= detected
        found.headers.update({path: known[digest] for path, digest in digests.items() if digest in known})

    def _batches(self, paths: Iterable[str], found: Read) -> Iterator[dict[str, bytes]]:
        batch: dict[str, bytes] = {}
        size = 0
        for path in paths:
            try:
                data = self._read(path)
            except InputError as error:
                if error.message != _LINK:
                    found.problems.append(Problem("source", path, error.message))
                continue
            if data:
                batch[path] = data
                size += len(data)
            else:
                found.headers[path] = NOTHING
            if size > MAX_BATCH:
                yield batch
                batch, size = {}, 0
        yield batch

    def _read(self, path: str) -> bytes:
        full = os.path.join(self._root, path)
        folder = os.path.dirname(full)
        if folder not in self._inside:
            self._inside[folder] = is_inside(folder, self._root)
        if not self._inside[folder] or os.path.islink(full) or not os.path.lexists(full):
            # what a link leads to is a file of its own; what git tracks may have been deleted since
            raise InputError(_LINK)
        return read_file(full, MAX_SOURCE)
