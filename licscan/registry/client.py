"""One polite HTTP client a package registry: bounded, cached, offline-aware; credentials go only where they belong.

Nothing here is global: settings and the wire (a `requests` adapter) are passed in.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from licscan import __version__
from licscan.base.caches import CacheUse
from licscan.base.errors import RegistryError
from licscan.base.messages import _
from licscan.clients import Credential, Transport, nerf
from licscan.registry.pool import Opened, Pool
from licscan.registry.wire import MAX_DOCUMENT, BodyError, bounded, cached_session, new_adapter, read_body, reason_of

if TYPE_CHECKING:
    from requests import Session
    from requests.adapters import BaseAdapter
    from urllib3 import BaseHTTPResponse

MAX_REDIRECTS = 5
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
BREAK_AFTER = 3
"""So many failures to connect in a row, and the host is taken for dead."""
_ZIPPED = {"Accept-Encoding": "gzip, deflate"}
_REDIRECTS = (301, 302, 303, 307, 308)

logging.getLogger("urllib3").setLevel(logging.ERROR)  # its retry warnings name whole URLs


class HostError(RegistryError):
    """A host that answers nobody: no use in asking it for the next package."""


class NotFoundError(RegistryError):
    """The registry answered that it does not have this."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A document: the URL that gave it (after redirects), its media type, its bytes."""

    url: str
    media_type: str
    content: bytes
    headers: Mapping[str, str]

    def json(self, subject: str) -> Any:
        """The document as JSON; RegistryError where it is none (an error page with status 200)."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise _said(subject, self.url, _("the answer is not JSON")) from error


class Client:
    """Fetches documents below the given prefixes and of hosts that were allowed later (`allow`)."""

    def __init__(
        self,
        prefixes: Iterable[str],
        *,
        credentials: Iterable[Credential] = (),
        transport: Transport | None = None,
        cache: Path | None = None,
        offline: bool = False,
        connections: int = 16,
        adapter: BaseAdapter | None = None,
        use: CacheUse | None = None,
    ):
        self._use = use or CacheUse()
        self._prefixes = {nerf(prefix) for prefix in prefixes}
        self._origins: set[str] = set()
        self._credentials = sorted(credentials, key=lambda c: -len(c.prefix))
        self._transport = transport or Transport()
        self._cache = cache
        self.offline = offline
        self._connections = max(1, connections)
        self._adapter = adapter
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._session: Session | None = None
        self._failures: dict[str, int] = {}
        self._dead: dict[str, str] = {}

    def allow(self, url: str) -> None:
        """Allow the host of a file that an index's own page names."""
        self._origins.add(_origin(url))

    def get(self, subject: str, url: str, *, accept: str = "*/*", limit: int = MAX_DOCUMENT) -> Answer:
        """One document. RegistryError: `subject` (the package) and the reason, in one line."""
        with closing(self.open(subject, url, {"Accept": accept, **_ZIPPED})) as response:
            return _answer(response, self._body(subject, response, limit))

    def get_page(self, subject: str, url: str, *, accept: str = "*/*") -> Answer:
        """A document that changes with time: from the cache while fresh, asked for again by its ETag when stale."""
        with closing(self.open(subject, url, {"Accept": accept}, kept=True)) as response:
            return _answer(response, self._body(subject, response, MAX_DOCUMENT))

    def open(self, subject: str, url: str, headers: Mapping[str, str], kept: bool = False) -> Opened:
        """An answer whose body is not read yet; redirects are followed here, each hop with its own credentials."""
        if self.offline and not (kept and self._cache):
            raise HostError(_("{host} was not asked: offline").format(host=host_of(url)), path=subject)
        if not self.allows(url):
            raise _said(subject, url, _("is not a configured registry and was not asked"))
        for _hop in range(MAX_REDIRECTS + 1):
            response = self._send(subject, url, headers, kept)
            if response.status not in _REDIRECTS:
                self._check(subject, url, response, "Range" in headers)
                return response
            target = urljoin(url, response.headers.get("Location", ""))
            response.close()
            if urlsplit(target).scheme not in ("https", urlsplit(url).scheme) or _climbs(target):
                raise _said(subject, url, _("redirects to a URL that is not https"))
            url = target
        raise _said(subject, url, _("redirects without end"))

    def _send(self, subject: str, url: str, headers: Mapping[str, str], kept: bool) -> Opened:
        host = host_of(url)
        if host in self._dead:
            raise HostError(self._dead[host], path=subject)
        sent = {"User-Agent": f"licscan/{__version__}", **headers, **self._authorization(url)}
        try:
            answer = self._from_cache(url, sent) if kept else self._ready().send(url, sent, *self._how(host))
        except BodyError as error:
            raise _said(subject, url, str(error)) from None
        except _failures() as error:
            raise self._failed(subject, host, error) from None
        self._failures[host] = 0
        return answer

    def _how(self, host: str) -> tuple[tuple[float, float], bool | str]:
        """Seconds to wait for a connection and for bytes, and how to verify."""
        wait = self._transport.timeout
        seconds = (min(wait or CONNECT_TIMEOUT, CONNECT_TIMEOUT), min(wait or READ_TIMEOUT, READ_TIMEOUT))
        return seconds, self._verify(host)

    def _from_cache(self, url: str, headers: Mapping[str, str]) -> Opened:
        seconds, verify = self._how(host_of(url))
        how: dict[str, Any] = {"stream": True, "allow_redirects": False, "timeout": seconds, "verify": verify}
        session = self._ready_session()
        if hasattr(session, "cache"):
            how["only_if_cached"] = self.offline
        response = session.get(url, headers=dict(headers), **how)
        return Opened(response.url, response.status_code, response.headers, response.raw)

    def _failed(self, subject: str, host: str, error: Exception) -> HostError:
        """The error, and the breaker: after several in a row the host is not tried again."""
        message = _("{host}: {reason}").format(host=host, reason=reason_of(error))
        with self._lock:
            self._failures[host] = self._failures.get(host, 0) + 1
            if self._failures[host] >= BREAK_AFTER:
                self._dead.setdefault(host, message)
        return HostError(message, path=subject)

    def _body(self, subject: str, response: Opened, limit: int) -> bytes:
        try:
            return read_body(response.raw, limit)
        except BodyError as error:
            raise _said(subject, response.url, str(error)) from None

    def _check(self, subject: str, url: str, response: Opened, ranged: bool) -> None:
        status, host = response.status, host_of(url)
        if status == 200 or (status == 206 and ranged):
            return
        response.close()
        if status == 504 and self.offline:
            raise HostError(_("{host} was not asked: offline").format(host=host), path=subject)
        if status in (404, 405, 410):
            raise NotFoundError(_("{host} does not have it").format(host=host), path=subject)
        reason, remedy = _refusal(status)
        raise RegistryError(_("{host}: {reason}").format(host=host, reason=reason), path=subject, remedy=remedy)

    def allows(self, url: str) -> bool:
        """Whether a URL lies below a configured registry, or on a host that one of its pages named."""
        try:
            where = nerf(url)
        except ValueError:
            return False
        if urlsplit(url).scheme not in ("http", "https") or _climbs(url):
            return False
        return any(where.startswith(prefix) for prefix in self._prefixes) or _origin(url) in self._origins

    def _authorization(self, url: str) -> dict[str, str]:
        where = nerf(url)
        for credential in self._credentials:
            if where.startswith(credential.prefix):
                return {"Authorization": credential.authorization}
        return {}

    def _verify(self, host: str) -> bool | str:
        trusted = {*self._transport.trusted_hosts}
        if not self._transport.verify or host in trusted or host.partition(":")[0] in trusted:
            return False
        return self._transport.ca_file or _environment_ca() or True

    def _ready(self) -> Pool:
        with self._lock:
            if self._pool is None:
                self._pool = Pool(
                    self._connections,
                    proxies=self._proxies(),
                    client_cert=self._transport.client_cert,
                    adapter=self._adapter,
                    received=self._received,
                )
            return self._pool

    def _ready_session(self) -> Session:
        with self._lock:
            if self._session is None:
                self._session = self._new_session()
            return self._session

    def _new_session(self) -> Session:
        from http.cookiejar import DefaultCookiePolicy

        import requests

        session = cached_session(self._cache, stale=self.offline) if self._cache else requests.Session()
        # netrc and proxies of the environment are read in licscan.clients: requests would put netrc over a token
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.proxies = self._proxies()
        session.cert = self._transport.client_cert
        adapter = bounded(self._adapter or new_adapter(self._connections), self._received)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def _received(self, body: BaseHTTPResponse) -> None:
        """Count the bytes of a body as they came over the wire, once."""
        if not getattr(body, "was_counted", False):
            body.was_counted = True  # type: ignore[attr-defined]
            self._use.receive(body.tell())

    def _proxies(self) -> Any:
        from urllib.request import getproxies

        if self._transport.proxy:
            return {"http": self._transport.proxy, "https": self._transport.proxy}
        if not getproxies():
            return {}
        from requests.utils import get_environ_proxies

        first = next(iter(sorted(self._prefixes)), "//")
        return dict(get_environ_proxies("https:" + first))

    def close(self) -> None:
        """Give the connections back."""
        if self._pool is not None:
            self._pool.close()
        if self._session is not None:
            self._session.close()


def _failures() -> tuple[type[Exception], ...]:
    """What a wire may raise: urllib3's own; those of requests are OSErrors."""
    from urllib3.exceptions import HTTPError

    return (HTTPError, OSError, ValueError, sqlite3.Error)


def host_of(url: str) -> str:
    """The host and port of a URL, as people are told it."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _refusal(status: int) -> tuple[str, str | None]:
    """The reason that an HTTP status gives, and what to do about it."""
    if status in (401, 403, 407):
        return _("no permission (HTTP {status})").format(status=status), _("check the registry's credentials")
    if status == 429:
        return _("too many requests (HTTP 429)"), _("run it again later, or with fewer --jobs")
    if status >= 500:
        return _("the registry reported an internal error (HTTP {status})").format(status=status), None
    return _("unexpected answer (HTTP {status})").format(status=status), None


def _said(subject: str, url: str, reason: str, remedy: str | None = None) -> RegistryError:
    message = _("{host}: {reason}").format(host=host_of(url), reason=reason)
    return RegistryError(message, path=subject, remedy=remedy)


def _answer(response: Opened, content: bytes) -> Answer:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(response.url, media_type, content, dict(response.headers))


def _climbs(url: str) -> bool:
    """Whether a path has `..` in it, escaped or not: the server could take it out of the prefix that was checked."""
    return ".." in unquote(urlsplit(url).path).replace("\\", "/").split("/")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _environment_ca() -> str | None:
    """What requests would read itself, were it told to trust the environment; then OpenSSL's and Node's variables."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        if value := os.environ.get(name):
            return value
    return None
