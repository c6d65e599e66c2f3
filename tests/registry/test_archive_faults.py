"""What goes wrong on the wire: one line each, the rest stands, nothing is kept by halves."""

from __future__ import annotations

import gzip
import io
import itertools
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from licscan.base.errors import IntegrityError, RegistryError
from licscan.clients import NpmConfig, PipConfig
from licscan.locate.remote import RemoteLocator
from licscan.registry import Registry
from tests.registry.reader import MAX_UNPACKED, WHEEL, Reader, only, read
from tests.registry.settings import (
    FILES,
    INDEX,
    NPM,
    Settings,
    digest,
    in_ranges,
    listed,
    npm,
    package,
    page,
    pypi,
    tarball,
    tarball_url,
    version_document,
    wheel,
)
from tests.registry.wire import Answer, Endless, Wire

COUNT = itertools.count()
CONTENT = package()
RIGHT = digest(CONTENT)
URL = tarball_url("a")


def answer_of(content: bytes, **headers: str) -> Answer:
    return 200, {name.replace("_", "-"): value for name, value in headers.items()}, content


BOMB = tarball({"package.json": b"{}", "zeros": b"\0" * (MAX_UNPACKED * 4)})


@pytest.mark.parametrize(
    ("answer", "said", "code"),
    [
        (answer_of(CONTENT[:-40], Content_Length=str(len(CONTENT))), "ended early", None),
        (answer_of(CONTENT, Content_Length=str(len(CONTENT) * 2)), "ended early", None),
        (answer_of(CONTENT[:-40]), "not the one that the lockfile pins", "artifact-mismatch"),
        (answer_of(package(extra=b"more")), "not the one that the lockfile pins", "artifact-mismatch"),
        (answer_of(b"<html>log in</html>"), "not the one that the lockfile pins", "artifact-mismatch"),
        ((404, {}, b""), "does not have it", None),
        ((429, {"Retry-After": "3600"}, b""), "too many requests", None),
        ((500, {}, b""), "the registry reported an internal error (HTTP 500)", None),
        ((302, {"Location": "http://registry.npm.example/x"}, b""), "redirects to a URL that is not https", None),
        (requests.ConnectTimeout("x"), "no answer in time", None),
    ],
)
def test_a_fault_is_one_line_and_the_rest_stands(answer: Answer, said: str, code: str | None) -> None:
    other = package("b")
    components = [npm("a", (RIGHT,), URL), npm("b", (digest(other),), tarball_url("b"))]
    reader, problems, _ = read({URL: answer, tarball_url("b"): (200, {}, other)}, *components, facts=False)
    assert list(reader.kept) == ["pkg:npm/b@1.0.0"]
    assert said in only(problems)
    assert (problems[0].subject, problems[0].code) == ("pkg:npm/a@1.0.0", code)


def test_a_mismatch_tells_both_hashes() -> None:
    other = package(extra=b"more")
    registry = Registry(Settings(), adapter=Wire({URL: (200, {}, other)}), facts=False)
    with (
        registry.archive(npm("a", ("sha1:" + "0" * 40, RIGHT), URL)) as archive,
        pytest.raises(IntegrityError) as caught,
    ):
        archive.verify()
    assert (caught.value.expected, caught.value.found) == ((RIGHT,), digest(other))
    assert RIGHT[7:20] in str(caught.value)


def test_what_the_registry_announces_binds_where_the_lock_says_nothing() -> None:
    answers: dict[str, Answer] = {f"{NPM}a/1.0.0": version_document("a", package("z")), URL: (200, {}, CONTENT)}
    reader, problems, _ = read(answers, npm("a"))
    assert (reader.kept, problems[0].code) == ({}, "artifact-mismatch")
    assert "the registry announces" in only(problems)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "too much"),
        (tarball({"README": b"x"}, "other/"), "no package.json"),
        (gzip.compress(b"x", mtime=0), "damaged"),
    ],
)
def test_a_hostile_archive_gives_metadata_alone(content: bytes, said: str) -> None:
    answers: dict[str, Answer] = {f"{NPM}a/1.0.0": version_document("a", content), URL: (200, {}, content)}
    wire, reader = Wire(answers), Reader()
    found, problems = RemoteLocator(Registry(Settings(), adapter=wire)).locate(
        [npm("a", (digest(content),))], (), reader
    )
    assert reader.kept == {}
    assert said in only(problems)
    assert [claim.raw for claim in found["pkg:npm/a@1.0.0"][0].claims] == ["MIT"]


def test_a_redirect_to_another_host_brings_no_credentials_and_the_same_bytes() -> None:
    from licscan.clients import Credential

    class Paid:
        npm = NpmConfig(NPM, credentials=(Credential("//registry.npm.example/", "Bearer s3cr3t"),), configured=True)
        pip = PipConfig(())

    elsewhere = "https://blobs.example/signed"
    answers: dict[str, Answer] = {URL: (302, {"Location": elsewhere}, b""), elsewhere: (200, {}, CONTENT)}
    reader, problems, wire = read(answers, npm("a", (RIGHT,), URL), clients=Paid(), facts=False)
    assert (problems, list(reader.kept)) == ((), ["pkg:npm/a@1.0.0"])
    assert ["Authorization" in request.headers for request in wire.asked] == [True, False]


def test_a_dripping_archive_does_not_outlast_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.registry.archive.GRACE", 0.2)
    wire = Wire({URL: (200, {}, b"")}, Endless(pause=0.01))
    registry = Registry(Settings(), adapter=wire, facts=False)
    with registry.archive(npm("a", (RIGHT,), URL)) as archive, pytest.raises(RegistryError, match="took too long"):
        archive.verify()


def test_an_archive_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.registry.archive.BodyStream.__init__.__defaults__", (1024 * 1024,), raising=False)
    registry = Registry(Settings(), adapter=Wire({URL: (200, {}, b"")}, Endless()), facts=False)
    with registry.archive(npm("a", (RIGHT,), URL)) as archive, pytest.raises(RegistryError, match="longer than 1 MB"):
        archive.verify()


def _with(change: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]) -> Callable[[bytes], Answer]:
    """A server of ranges that changes its answers."""

    def make(content: bytes) -> Answer:
        honest = in_ranges(content)

        def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
            status, headers, body = honest(request)  # type: ignore[operator]
            headers, body = change(dict(headers), body)
            return status, headers, body

        return answer

    return make


def _later(change: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]) -> Callable[[bytes], Answer]:
    """The first answer is right."""
    seen: list[int] = []

    def second(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        seen.append(1)
        return change(headers, body) if len(seen) > 1 else (headers, body)

    return _with(second)


@pytest.mark.parametrize(
    ("server", "said"),
    [
        (_with(lambda headers, body: (headers | {"Content-Range": "bytes 0-9/10"}, body)), "not the part"),
        (_with(lambda headers, body: (headers | {"Content-Range": "nonsense"}, body)), "not the part"),
        (_later(lambda headers, body: (headers, body[: len(body) // 2])), "ended early"),
        (_with(lambda headers, body: (headers | {"ETag": f'"{next(COUNT)}"'}, body)), "changed while it was read"),
        (_later(lambda headers, body: (headers | {"Content-Range": "bytes 0-9/999999"}, body)), "not the part"),
        (_with(lambda headers, body: (headers, b"\0" * len(body))), "damaged"),
    ],
)
def test_a_server_whose_ranges_cannot_be_trusted_is_one_line(server: Callable[[bytes], Answer], said: str) -> None:
    content = wheel(metadata_first=True)
    answers: dict[str, Answer] = {f"{INDEX}x/": page(listed(WHEEL, content)), f"{FILES}{WHEEL}": server(content)}
    reader, problems, _ = read(answers, pypi("x"), jobs=1)
    assert reader.kept == {}
    assert said in only(problems)


def test_what_broke_off_once_is_asked_for_once_more() -> None:
    said: list[int] = []

    def answer(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        said.append(1)
        return 200, {"Content-Length": str(len(CONTENT))}, CONTENT if len(said) > 1 else CONTENT[:100]

    reader, problems, _ = read({URL: answer}, npm("a", (RIGHT,), URL), facts=False)
    assert (problems, len(said), list(reader.kept)) == ((), 2, ["pkg:npm/a@1.0.0"])


def test_a_registry_that_is_busy_with_an_archive_is_asked_again_when_it_says_so() -> None:
    times: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            times.append(1)
            ready = len(times) > 1
            self.send_response(200 if ready else 429)
            self.send_header("Content-Length", str(len(CONTENT)) if ready else "0")
            if not ready:
                self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(CONTENT if ready else b"")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Local:
        npm = NpmConfig(f"http://127.0.0.1:{server.server_port}/", configured=True)
        pip = PipConfig(())

    registry = Registry(Local(), facts=False)
    component = npm("a", (RIGHT,), f"{Local.npm.registry}a/-/a-1.0.0.tgz")
    try:
        with registry.archive(component) as archive:
            assert archive.stream is not None
            assert io.BytesIO(archive.stream.read()).getvalue() == CONTENT
            assert archive.verify() == (RIGHT,)
        with registry.archive(component) as archive:
            archive.verify()
    finally:
        registry.npm._client.close()
        server.shutdown()
        server.server_close()
    assert len(times) == 3  # the first, again, and the second archive


def test_the_order_of_archives_does_not_show() -> None:
    contents = {f"p{n}": package(f"p{n}") for n in range(20)}
    answers: dict[str, Answer] = {tarball_url(name): (200, {}, content) for name, content in contents.items()}
    components = [npm(name, (digest(content),), tarball_url(name)) for name, content in contents.items()]
    one = read(answers, *components, facts=False, jobs=1)
    many = read(answers, *reversed(components), facts=False, jobs=16)
    assert one[1] == many[1] == ()
    assert one[0].kept == many[0].kept
