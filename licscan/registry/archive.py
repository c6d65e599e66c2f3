"""A published archive as it comes over the wire: bounded, hashed while it is read, held against what pins it."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Protocol

from licscan.base.errors import IntegrityError, RegistryError
from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.registry.wire import reason_of

MAX_ARCHIVE = 512 * 1024 * 1024
MAX_WAIT = 300.0
"""Seconds in which an archive must come; only waiting counts, not what the reader does meanwhile."""
MIN_RATE, GRACE = 2 * 1024, 20.0
"""Bytes a second that an archive must bring, once so many seconds were waited for it."""
ALGORITHMS = ("sha512", "sha384", "sha256", "sha1", "md5")
"""From the strongest: the strongest of a lock's decides, as npm and pip have it."""
_CHUNK = 256 * 1024


class BrokenError(RegistryError):
    """An answer that broke off or was too slow: worth asking once more."""


class Body(Protocol):
    """Where bytes come from: an answer's body, or a file."""

    def read1(self, size: int = -1, /) -> bytes:
        """At most so many bytes, empty at the end."""


class BodyStream(io.RawIOBase):
    """A body as a stream: at most `limit` bytes, within MAX_WAIT, every byte hashed. RegistryError else."""

    def __init__(self, subject: str, host: str, body: Body, algorithms: Iterable[str], limit: int = MAX_ARCHIVE):
        super().__init__()
        self._subject = subject
        self._host = host
        self._body = body
        self._limit = limit
        self._waited = 0.0
        self._digests = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
        self._unhashed: list[bytes] = []
        self._unhashed_size = 0
        self.count = 0
        self.ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """For readers that bring their own room."""
        content = self._next(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes; fewer only at the end."""
        wanted = self._limit + 1 if size is None or size < 0 else size
        content = self._next(wanted)
        if len(content) == wanted or not content:
            return content
        parts = [content]
        while (missing := wanted - sum(map(len, parts))) and (more := self._next(missing)):
            parts.append(more)
        return b"".join(parts)

    def _next(self, size: int) -> bytes:
        """What is there, at most `size` bytes: to wait for all would let a dripping answer outlast the clock."""
        from urllib3.exceptions import HTTPError

        if self.ended or not size:
            return b""
        start = time.monotonic()
        try:
            content = self._body.read1(min(size, _CHUNK))
        except (HTTPError, OSError, ValueError) as error:
            raise self._error(reason_of(error, _("the answer ended early")), BrokenError) from None
        self._waited += time.monotonic() - start
        if not content:
            self.ended = True
        self.count += len(content)
        if self.count > self._limit:
            said = _("the archive is longer than {limit} MB and was not read")
            raise self._error(said.format(limit=self._limit // 1024 // 1024), RegistryError)
        if self._waited > MAX_WAIT or (self._waited > GRACE and self.count < self._waited * MIN_RATE):
            raise self._error(_("the answer took too long"), BrokenError)
        self._unhashed.append(content)
        self._unhashed_size += len(content)
        if self._unhashed_size >= _CHUNK or not content:
            self._hash()
        return content

    def _hash(self) -> None:
        """Hash what came since, in long pieces: threads would else hand the interpreter to and fro."""
        joined = b"".join(self._unhashed)
        self._unhashed, self._unhashed_size = [], 0
        for digest in self._digests.values():
            digest.update(joined)

    def _error(self, reason: str, kind: type[RegistryError]) -> RegistryError:
        self.ended = True
        return kind(_("{host}: {reason}").format(host=self._host, reason=reason), path=self._subject)

    def drain(self) -> None:
        """Read what nobody has read."""
        while self._next(_CHUNK):
            pass

    def hashes(self) -> tuple[str, ...]:
        """`algorithm:hex` of what was read."""
        self._hash()
        return tuple(f"{name}:{digest.hexdigest()}" for name, digest in sorted(self._digests.items()))


@dataclass
class Archive:
    """One published archive, open: `with registry.archive(component, platform) as archive`.

    `kind` is `npm`, `wheel`, `sdist` or `git`. A wheel has `file`, which can seek; the others have `stream`. `url` has
    no credentials. `size` is that of the whole archive where it is known, else 0. `facts` are the registry's own, raw
    and few (see `registry.facts`), `announced` the hashes (`algorithm:hex`) that the registry says, `pinned` those of
    the lock. `partial` says that a wheel is read in ranges: its bytes are not hashed, its announced hash is the lock's.
    """

    component: str
    ecosystem: str
    kind: str
    filename: str
    url: str
    stream: BinaryIO | None = None
    file: BinaryIO | None = None
    size: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    announced: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    partial: bool = False
    computed: Callable[[], tuple[str, ...]] = tuple
    close: Callable[[], None] = lambda: None
    host: str = ""
    verified: bool = False

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def verify(self, hashes: Iterable[str] | None = None) -> tuple[str, ...]:
        """Read the rest and hold it against the lock's hashes, without any against the registry's.

        The hashes that were computed (`algorithm:hex`); of a partial wheel those that the registry announces. Whoever
        keeps what was read calls this before. IntegrityError where the bytes are others.
        """
        pinned = self.pinned if hashes is None else tuple(hashes)
        found = self.announced if self.partial else self.computed()
        if pinned:
            check(self.component, self.host, pinned, found, _("the lockfile pins"))
        if not self.partial:
            check(self.component, self.host, self.announced, found, _("the registry announces"))
        self.verified = True
        return found


def check(subject: str, host: str, expected: Iterable[str], found: Iterable[str], who: str) -> bool:
    """Whether a hash of the strongest algorithm that both have is among the expected; IntegrityError where it is not.

    False where they have no algorithm in common.
    """
    expected, have = tuple(expected), dict(one.split(":", 1) for one in found)
    for algorithm in ALGORITHMS:
        wanted = [one for one in expected if one.startswith(f"{algorithm}:")]
        if wanted and algorithm in have:
            got = f"{algorithm}:{have[algorithm]}"
            if got in (one.lower() for one in wanted):
                return True
            said = _("{host}: the archive is not the one that {who}: {found} instead of {expected}")
            shown = listed(map(_shown, wanted), 1)
            message = said.format(host=host, who=who, found=_shown(got), expected=shown)
            raise IntegrityError(message, expected=tuple(wanted), found=got, path=subject)
    return False


def _shown(digest: str) -> str:
    algorithm, _colon, text = digest.partition(":")
    return f"{algorithm} {text[:16]}..."


def algorithms_for(pinned: Iterable[str], announced: Iterable[str], usual: str) -> tuple[str, ...]:
    """What to compute: the strongest algorithm of each, and the usual one of the ecosystem."""
    wanted = {usual}
    for hashes in (pinned, announced):
        names = {one.partition(":")[0] for one in hashes}
        wanted.update(next(([name] for name in ALGORITHMS if name in names), []))
    return tuple(sorted(wanted))
