from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import RegistryError
from licscan.clients import Credential, Transport
from licscan.registry.client import BREAK_AFTER, Client, HostError, NotFoundError
from licscan.registry.wire import new_adapter
from tests.registry.wire import Answer, Endless, Wire

HOME = "https://registry.npm.example/"
SECRET = "s3cr3t-t0ken"
TOKEN = Credential("//registry.npm.example/", f"Bearer {SECRET}")


def client(answers: dict[str, Answer], **settings: object) -> tuple[Client, Wire]:
    wire = Wire(answers, settings.pop("body", None))
    return Client((HOME,), adapter=wire, **settings), wire  # type: ignore[arg-type]


def test_a_document_is_fetched_with_the_credentials_of_its_prefix() -> None:
    asking, wire = client({f"{HOME}a": (200, {"Content-Type": "application/json"}, b'{"x": 1}')}, credentials=[TOKEN])
    assert asking.get("a", f"{HOME}a").json("a") == {"x": 1}
    assert wire.asked[0].headers["Authorization"] == f"Bearer {SECRET}"


def test_the_longest_prefix_gives_the_credentials() -> None:
    inner = Credential("//registry.npm.example/inner/", "Bearer inner")
    asking, wire = client({f"{HOME}inner/a": (200, {}, b"")}, credentials=[TOKEN, inner])
    asking.get("a", f"{HOME}inner/a")
    assert wire.asked[0].headers["Authorization"] == "Bearer inner"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "no permission (HTTP 401)"),
        (403, "no permission (HTTP 403)"),
        (429, "too many requests"),
        (500, "the registry reported an internal error (HTTP 500)"),
        (418, "unexpected answer (HTTP 418)"),
        (404, "does not have it"),
    ],
)
def test_a_refusal_is_one_line_with_the_host_and_the_reason(status: int, said: str) -> None:
    asking, _ = client({f"{HOME}a": (status, {}, b"<html>")}, credentials=[TOKEN])
    with pytest.raises(RegistryError) as caught:
        asking.get("a", f"{HOME}a")
    text = str(caught.value)
    assert said in text
    assert text.startswith("a: registry.npm.example")
    assert "\n" not in text
    assert SECRET not in text + repr(caught.value)


@pytest.mark.parametrize("body", [b"<html>log in</html>", b'{"name": "a", "ver', b"", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_is_told(body: bytes) -> None:
    asking, _ = client({f"{HOME}a": (200, {"Content-Type": "text/html"}, body)})
    with pytest.raises(RegistryError, match="not JSON"):
        asking.get("a", f"{HOME}a").json("a")


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    asking, _ = client({f"{HOME}a": (200, {}, b"")}, body=Endless())
    with pytest.raises(RegistryError, match="longer than 1 MB"):
        asking.get("a", f"{HOME}a", limit=1024 * 1024)


def test_a_dripping_body_does_not_outlast_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.registry.wire.MAX_SECONDS", 0.2)
    asking, _ = client({f"{HOME}a": (200, {}, b"")}, body=Endless(pause=0.01))
    with pytest.raises(RegistryError, match="took too long"):
        asking.get("a", f"{HOME}a", limit=1024 * 1024)


def test_a_redirect_to_another_host_goes_without_credentials() -> None:
    elsewhere = "https://files.npm.example/a"
    asking, wire = client(
        {f"{HOME}a": (302, {"Location": elsewhere}, b""), elsewhere: (200, {}, b"ok")}, credentials=[TOKEN]
    )
    assert asking.get("a", f"{HOME}a").content == b"ok"
    assert "Authorization" in wire.asked[0].headers
    assert "Authorization" not in wire.asked[1].headers


@pytest.mark.parametrize("target", ["http://registry.npm.example/a", "file:///etc/passwd", "ftp://x.example/", ""])
def test_a_redirect_that_leaves_https_is_refused(target: str) -> None:
    asking, wire = client({f"{HOME}a": (302, {"Location": target}, b"")}, credentials=[TOKEN])
    with pytest.raises(RegistryError, match="redirects"):
        asking.get("a", f"{HOME}a")
    assert not [url for url in wire.urls if not url.startswith("https://")]


def test_a_redirect_loop_ends() -> None:
    asking, wire = client({f"{HOME}a": (301, {"Location": f"{HOME}a"}, b"")})
    with pytest.raises(RegistryError, match="without end"):
        asking.get("a", f"{HOME}a")
    assert len(wire.asked) < 10


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/a",
        "https://registry.npm.example/../a",
        "https://registry.npm.example/a%2F..%2Fb",
        "file:///etc/passwd",
        "https://registry.npm.example.evil.example/a",
        "//x/[",
        "a",
    ],
)
def test_nothing_but_the_configured_registries_is_asked(url: str) -> None:
    asking, wire = client({url: (200, {}, b"secret")})
    with pytest.raises(RegistryError, match="not a configured registry"):
        asking.get("a", url)
    assert wire.asked == []


def test_a_host_that_an_index_names_may_be_asked() -> None:
    url = "https://files.pypi.example/x.whl"
    asking, _ = client({url: (200, {}, b"wheel")}, credentials=[TOKEN])
    asking.allow(url)
    assert asking.get("x", url).content == b"wheel"


def test_offline_asks_nobody_but_answers_from_the_cache(tmp_path: Path) -> None:
    answers: dict[str, Answer] = {f"{HOME}a": (200, {"Cache-Control": "max-age=0", "ETag": '"1"'}, b"kept")}
    client(answers, cache=tmp_path / "pages.sqlite")[0].get_page("a", f"{HOME}a")
    asking, wire = client(answers, cache=tmp_path / "pages.sqlite", offline=True)
    assert asking.get_page("a", f"{HOME}a").content == b"kept"
    with pytest.raises(HostError, match="was not asked: offline"):
        asking.get_page("b", f"{HOME}b")
    with pytest.raises(HostError, match="was not asked: offline"):
        asking.get("a", f"{HOME}a")
    assert wire.asked == []


def test_a_stale_page_is_asked_for_by_its_etag(tmp_path: Path) -> None:
    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        headers = {"ETag": '"1"', "Cache-Control": "max-age=0"}
        return (304, headers, b"") if request.headers.get("If-None-Match") == '"1"' else (200, headers, b"page")

    asking, wire = client({f"{HOME}a": answer}, cache=tmp_path / "pages.sqlite")
    assert [asking.get_page("a", f"{HOME}a").content for _ in range(2)] == [b"page", b"page"]
    assert [request.headers.get("If-None-Match") for request in wire.asked] == [None, '"1"']


def test_a_fresh_page_is_not_asked_for_again(tmp_path: Path) -> None:
    asking, wire = client(
        {f"{HOME}a": (200, {"Cache-Control": "max-age=600"}, b"page")}, cache=tmp_path / "pages.sqlite"
    )
    assert [asking.get_page("a", f"{HOME}a").content for _ in range(2)] == [b"page", b"page"]
    assert len(wire.asked) == 1


def test_no_secret_is_kept_and_nobody_else_reads_the_cache(tmp_path: Path) -> None:
    cookie = {"Set-Cookie": "session=c00kie-s3cret", "Cache-Control": "max-age=600"}
    folder = tmp_path / "cache"
    asking, _ = client({f"{HOME}a": (200, cookie, b"page")}, credentials=[TOKEN], cache=folder / "pages.sqlite")
    asking.get_page("a", f"{HOME}a")
    asking.close()
    for path in folder.iterdir():
        assert SECRET.encode() not in path.read_bytes()
        assert b"c00kie-s3cret" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_cache_that_is_no_database_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite").write_bytes(b"garbage" * 1000)
    asking, _ = client({f"{HOME}a": (200, {}, b"page")}, cache=tmp_path / "pages.sqlite")
    assert asking.get_page("a", f"{HOME}a").content == b"page"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (requests.ConnectTimeout(f"{HOME}{SECRET}"), "no answer in time"),
        (requests.exceptions.SSLError("x"), "TLS certificate"),
        (requests.ConnectionError("Failed to resolve"), "could not be resolved"),
        (requests.ConnectionError("refused"), "no connection"),
        (requests.exceptions.ProxyError("x"), "the proxy did not answer"),
        (OSError("Could not find a suitable TLS CA certificate bundle"), "no connection"),
    ],
)
def test_a_host_that_does_not_answer_is_soon_left_alone(error: Exception, said: str) -> None:
    asking, wire = client({f"{HOME}a": error})
    messages = set()
    for _ in range(10):
        with pytest.raises(HostError) as caught:
            asking.get("a", f"{HOME}a")
        messages.add(str(caught.value))
    assert len(wire.asked) == BREAK_AFTER
    assert len(messages) == 1
    assert said in messages.pop()


def test_trusted_hosts_alone_are_not_verified() -> None:
    seen: dict[str, object] = {}

    class Seeing(Wire):
        def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
            seen[str(request.url)] = kwargs["verify"]
            return super().send(request)

    transport = Transport(ca_file="/ca.pem", trusted_hosts=("old.example",))
    asking = Client(("https://old.example/", HOME), transport=transport, adapter=Seeing({}))
    for url in (f"{HOME}a", "https://old.example/a"):
        with pytest.raises(NotFoundError):
            asking.get("a", url)
    assert seen == {f"{HOME}a": "/ca.pem", "https://old.example/a": False}


@pytest.fixture
def busy() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that is busy twice, then answers."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            ready = len(asked) > 2
            self.send_response(200 if ready else 429)
            self.send_header("Content-Length", "2" if ready else "0")
            if len(asked) == 1:
                self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(b"ok" if ready else b"")

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()


def test_a_busy_registry_is_asked_again_when_it_says_so(
    busy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = busy
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    asking = Client((url,), adapter=new_adapter(2, backoff=0.01))
    assert asking.get("a", url).content == b"ok"
    assert len(asked) == 3
    assert slept[0] == 1


@given(st.text(max_size=60))
def test_no_text_of_a_url_gets_around_the_prefix(text: str) -> None:
    asking, wire = client({})
    with pytest.raises(RegistryError):
        asking.get("a", text)
    assert wire.asked == []
