"""Below a registry's client: bodies within bounds, the cache of pages, and why a request failed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.base.messages import _
from licscan.registry.pool import retries

if TYPE_CHECKING:
    from requests import Response, Session
    from requests.adapters import BaseAdapter
    from urllib3 import BaseHTTPResponse

MAX_DOCUMENT = 50 * 1024 * 1024
MAX_SECONDS = 120.0
"""For one document, however slowly its bytes drip."""
_CHUNK = 64 * 1024


class BodyError(Exception):
    """A body that was too long, too slow or broke off; its text is the reason."""


def read_body(raw: BaseHTTPResponse, limit: int) -> bytes:
    """The decoded body, within a size and MAX_SECONDS."""
    from urllib3.exceptions import HTTPError

    until = time.monotonic() + MAX_SECONDS
    parts = bytearray()
    try:
        # read1 comes back with what is there; a whole chunk at a time would let a dripping answer outlast the clock
        while part := raw.read1(_CHUNK, decode_content=True):
            parts += part
            if len(parts) > limit:
                said = _("the answer is longer than {limit} MB and was not read")
                raise BodyError(said.format(limit=limit // 1024 // 1024))
            if time.monotonic() > until:
                raise BodyError(_("the answer took too long"))
    except (HTTPError, OSError) as error:
        raise BodyError(reason_of(error, _("the answer ended early"))) from None
    return bytes(parts)


def cached_session(path: Path, *, stale: bool) -> Session:
    """A session that keeps documents as their headers say, an hour where they say nothing; `stale` ones too."""
    import requests
    from requests_cache import CachedSession
    from requests_cache.backends.sqlite import SQLiteCache

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        backend = SQLiteCache(path, busy_timeout=10_000)
        return CachedSession(
            backend=backend, cache_control=True, expire_after=3600, stale_if_error=stale, allowable_codes=(200,)
        )
    except (OSError, sqlite3.Error):
        return requests.Session()


def bounded(wire: BaseAdapter, received: Callable[[BaseHTTPResponse], None]) -> BaseAdapter:
    """The adapter with bodies read within bounds, before the cache reads them whole; cookies are dropped.

    `received` is told of every body that came over the wire.
    """
    from io import BytesIO

    from requests.adapters import BaseAdapter
    from urllib3 import HTTPResponse

    class Bounded(BaseAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Response:
            response = wire.send(request, *args, **kwargs)
            content = read_body(response.raw, MAX_DOCUMENT)
            received(response.raw)
            response.close()
            for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding", "Set-Cookie"):
                response.headers.pop(name, None)
            response.cookies.clear()
            response.raw = HTTPResponse(
                BytesIO(content), response.headers, response.status_code, preload_content=False, request_url=request.url
            )
            # read anew from the new body
            response._content = False  # type: ignore[assignment]
            response._content_consumed = False  # type: ignore[attr-defined]
            return response

        def close(self) -> None:
            wire.close()

    return Bounded()


def new_adapter(connections: int, backoff: float = 0.5) -> BaseAdapter:
    """A pool of connections that asks again, a few times, where a registry says that it is busy."""
    from requests.adapters import HTTPAdapter

    return HTTPAdapter(pool_connections=4, pool_maxsize=connections, pool_block=False, max_retries=retries(backoff))


def reason_of(error: BaseException, otherwise: str | None = None) -> str:
    """Why a request failed, in a few words of ours: the library's own hold URLs and objects."""
    said = f"{type(error).__name__} {error}"
    if "SSLError" in said or "CERTIFICATE_VERIFY" in said:
        return _("its TLS certificate could not be verified")
    if "ProxyError" in said:
        return _("the proxy did not answer")
    if isinstance(error, TimeoutError) or "timeout" in said.lower() or "timed out" in said.lower():
        return _("no answer in time")
    if otherwise is not None:
        return otherwise
    if "resolve" in said.lower():
        return _("the host name could not be resolved")
    return _("no connection")
