"""One file of an artifact: where it is, how large, and its bytes when asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from licscan.artifact.content import Content, DamagedError, chunks
from licscan.base.errors import InputError
from licscan.base.messages import _


class Entry:
    """A file; `path` is relative, with `/` between folders and `!/` after each archive that was entered."""

    __slots__ = ("_artifact", "_content", "_sha256", "path")

    def __init__(self, artifact: str, path: str, content: Content):
        self._artifact = artifact
        self._content = content
        self._sha256: str | None = None
        self.path = path

    def __repr__(self) -> str:
        return f"Entry({self.path!r}, {self.size})"

    @property
    def size(self) -> int:
        """Bytes, unpacked."""
        return self._content.size

    def read(self, limit: int) -> bytes:
        """The whole file; InputError where it is longer than `limit` bytes, or damaged."""
        if self.size > limit:
            size = f"{limit // 1024 // 1024} MB" if limit >= 1024 * 1024 else f"{limit} B"
            raise self._error(_("is larger than {size} and was not read").format(size=size))
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """The bytes in pieces; InputError where they are damaged."""
        try:
            yield from chunks(self._content)
        except DamagedError as error:
            raise self._error(str(error)) from error

    @property
    def sha256(self) -> str:
        """The digest in hex, computed when first asked for; InputError where the file is damaged."""
        if self._sha256 is None:
            digest = hashlib.sha256()
            for chunk in self.chunks():
                digest.update(chunk)
            self._sha256 = digest.hexdigest()
        return self._sha256

    def _error(self, message: str) -> InputError:
        return InputError(message, path=self._artifact, place=self.path)
