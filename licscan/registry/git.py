"""A commit of a git repository as an archive like any other: a stream of a gzipped tar, hashed while it is read."""

from __future__ import annotations

import zlib
from contextlib import ExitStack
from typing import IO, Any, BinaryIO, cast

from licscan.base.errors import InputError, RegistryError
from licscan.model import Component
from licscan.packages.purls import strip_credentials
from licscan.registry.archive import Archive, BodyStream
from licscan.vcs.fetch import PROTOCOLS, fetched, parse_source

_CHUNK = 256 * 1024


def open_git(component: Component, protocols: tuple[str, ...] = PROTOCOLS, submodules: tuple[str, ...] = ()) -> Archive:
    """What a component's git source holds at its commit, with the `submodules` that are named.

    RegistryError where git does not give it.
    """
    stack = ExitStack()
    url = component.source.url or ""
    try:
        source = parse_source(url)
        prefix = "package/" if component.ecosystem == "npm" else "source/"
        commit, tar = stack.enter_context(fetched(source, prefix=prefix, protocols=protocols, submodules=submodules))
    except InputError as error:
        raise RegistryError(error.message, path=component.name, remedy=error.remedy) from None
    stream = BodyStream(component.name, "git", _Gzipped(tar), ("sha256",))
    return Archive(
        component.name, component.ecosystem, "git", f"{commit}.tar.gz", strip_credentials(url),
        stream=cast(BinaryIO, stream), facts={"commit": commit}, computed=lambda: _rest(stream), close=stack.close,
        host="git",
    )  # fmt: skip


def _rest(stream: BodyStream) -> tuple[str, ...]:
    stream.drain()
    return ()  # the hash of a tar that git packs today binds nothing: the commit does


class _Gzipped:
    """A tar compressed on its way, as fast as can be, so that whoever reads archives meets one kind."""

    def __init__(self, tar: IO[bytes]):
        self._tar = tar
        self._packer: Any = zlib.compressobj(1, zlib.DEFLATED, 31)
        self._left = b""

    def read1(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`."""
        while not self._left and self._packer is not None:
            content = self._tar.read(_CHUNK)
            self._left = self._packer.compress(content) if content else self._packer.flush()
            if not content:
                self._packer = None
        taken = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        return taken
