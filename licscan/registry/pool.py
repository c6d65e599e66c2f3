"""The wire of a registry's client: keep-alive connections of urllib3, or a `requests` adapter that somebody injects.

Straight on urllib3, since a session of requests costs more processor time a request than reading a small archive does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from ssl import SSLContext

    from requests.adapters import BaseAdapter
    from urllib3 import BaseHTTPResponse, PoolManager

RETRY_AFTER_MAX = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose body is not read yet: the URL that gave it, its status, its headers (any case), its body."""

    url: str
    status: int
    headers: Mapping[str, str]
    raw: BaseHTTPResponse
    received: Callable[[BaseHTTPResponse], None] | None = None
    """Told of the body when it is let go of."""

    def close(self) -> None:
        """Let go of it: a connection whose body was read is back in the pool already, another one is cut."""
        if self.received is not None:
            self.received(self.raw)
        self.raw.close()


class Pool:
    """Connections to all hosts, one set for each proxy and each way of verifying; safe for threads."""

    def __init__(
        self,
        connections: int = 16,
        *,
        proxies: Mapping[str, str] | None = None,
        client_cert: str | None = None,
        adapter: BaseAdapter | None = None,
        backoff: float = 0.5,
        received: Callable[[BaseHTTPResponse], None] | None = None,
    ):
        self._connections = max(1, connections)
        self._proxies = dict(proxies or {})
        self._client_cert = client_cert
        self._adapter = adapter
        self._backoff = backoff
        self._received = received
        self._lock = threading.Lock()
        self._managers: dict[tuple[str | None, bool | str], PoolManager] = {}

    def send(
        self, url: str, headers: Mapping[str, str], timeout: tuple[float, float], verify: bool | str = True
    ) -> Opened:
        """One GET; redirects are not followed. The library's errors come as they are."""
        if self._adapter is not None:
            return self._injected(self._adapter, url, headers, timeout, verify)
        from urllib3 import Timeout

        parts = urlsplit(url)
        manager = self._manager(self._proxy_of(parts.scheme, parts.hostname or ""), verify)
        raw = manager.urlopen(
            "GET",
            url,
            headers=dict(headers),
            redirect=False,
            preload_content=False,
            decode_content=False,
            timeout=Timeout(connect=timeout[0], read=timeout[1]),
        )
        return Opened(url, raw.status, raw.headers, raw, self._received)

    def _injected(
        self, adapter: BaseAdapter, url: str, headers: Mapping[str, str], timeout: tuple[float, float], verify: Any
    ) -> Opened:
        import requests

        request = requests.Request("GET", url, headers=dict(headers)).prepare()
        response = adapter.send(
            request, stream=True, timeout=timeout, verify=verify, cert=self._client_cert, proxies=self._proxies
        )
        return Opened(url, response.status_code, response.headers, response.raw, self._received)

    def _proxy_of(self, scheme: str, host: str) -> str | None:
        keys = (f"{scheme}://{host}", scheme, f"all://{host}", "all")
        return next((self._proxies[key] for key in keys if self._proxies.get(key)), None)

    def _manager(self, proxy: str | None, verify: bool | str) -> PoolManager:
        with self._lock:
            key = (proxy, verify)
            if key not in self._managers:
                self._managers[key] = self._new_manager(proxy, verify)
            return self._managers[key]

    def _new_manager(self, proxy: str | None, verify: bool | str) -> PoolManager:
        from urllib3 import PoolManager, ProxyManager
        from urllib3.util import make_headers

        how: dict[str, Any] = {
            "num_pools": 8,
            "maxsize": self._connections,
            "block": False,
            "retries": retries(self._backoff),
            "ssl_context": _context(verify, self._client_cert),
        }
        if verify is False:
            how |= {"cert_reqs": "CERT_NONE", "assert_hostname": False}
        if proxy is None:
            return PoolManager(**how)
        if proxy.lower().startswith("socks"):
            from urllib3.contrib.socks import SOCKSProxyManager

            return SOCKSProxyManager(proxy, **how)
        address = proxy if "://" in proxy else f"http://{proxy}"
        parts = urlsplit(address)
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            how["proxy_headers"] = make_headers(proxy_basic_auth=login)
        return ProxyManager(address, **how)

    def close(self) -> None:
        """Give the connections back."""
        for manager in self._managers.values():
            manager.clear()


def retries(backoff: float) -> Any:
    """Ask again, a few times, where a registry says that it is busy or a connection goes away."""
    from urllib3.util import Retry

    return Retry(
        connect=1, read=1, status=3, redirect=0, other=0, total=3,
        status_forcelist=(429, 500, 502, 503, 504), allowed_methods=("GET", "HEAD"),
        backoff_factor=backoff, backoff_jitter=backoff / 2, backoff_max=10,
        respect_retry_after_header=True, retry_after_max=RETRY_AFTER_MAX, raise_on_status=False,
    )  # fmt: skip


def _context(verify: bool | str, client_cert: str | None) -> SSLContext:
    """One TLS context for all connections: reading the certificates takes longer than a handshake."""
    import os
    import ssl

    from urllib3.util.ssl_ import create_urllib3_context

    context = create_urllib3_context()
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif isinstance(verify, str):
        context.load_verify_locations(**{"capath" if os.path.isdir(verify) else "cafile": verify})
    else:
        from certifi import where

        context.load_verify_locations(cafile=where())
    if client_cert:
        context.load_cert_chain(client_cert)
    return context
