"""Archives over an injected wire: what is asked for, what binds it to the lock, and what goes wrong."""

from __future__ import annotations

import gzip
import io
import itertools
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from licscan.base.errors import InputError, IntegrityError, RegistryError
from licscan.clients import NpmConfig, PipConfig
from licscan.locate.remote import RemoteLocator
from licscan.model import Component, Origin, PackageFiles, Problem, SourceKind
from licscan.registry import Registry
from licscan.registry.archive import Archive
from licscan.registry.platforms import parse_platform
from tests.registry.settings import (
    FILES,
    INDEX,
    NPM,
    Settings,
    berry,
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
MAX_UNPACKED = 1024 * 1024
WHEEL = "x-1.0-py3-none-any.whl"
Kept = dict[str, dict[str, bytes]]


class Reader:
    """A small consumer: the texts of an archive, kept once they are verified."""

    def __init__(self) -> None:
        self.kept: Kept = {}
        self.hashes: dict[str, tuple[str, ...]] = {}
        self.facts: dict[str, Any] = {}
        self.partial: dict[str, bool] = {}

    def __call__(self, component: Component, archive: Archive) -> PackageFiles:
        files = _of_wheel(archive) if archive.file is not None else _of_stream(archive)
        self.hashes[component.purl] = archive.verify()
        self.kept[component.purl] = files
        self.facts[component.purl] = archive.facts
        self.partial[component.purl] = archive.partial
        return PackageFiles(Origin.REGISTRY, archive.url, license_files=tuple(sorted(files)))


def _of_stream(archive: Archive) -> dict[str, bytes]:
    files, size = {}, 0
    try:
        with tarfile.open(fileobj=archive.stream, mode="r|gz") as tar:
            for member in tar:
                size += member.size
                if size > MAX_UNPACKED:
                    raise InputError("its archive unpacks to too much")
                reader = tar.extractfile(member)
                files[member.name] = reader.read() if reader else b""
    except (tarfile.TarError, EOFError, OSError) as error:
        raise InputError("its archive is damaged") from error
    if "package/package.json" not in files and archive.kind == "npm":
        raise InputError("its archive has no package.json")
    return files


def _of_wheel(archive: Archive) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(archive.file) as packed:  # type: ignore[arg-type]
            return {name: packed.read(name) for name in packed.namelist() if ".dist-info/" in name}
    except zipfile.BadZipFile as error:
        raise InputError("its archive is damaged") from error


def read(
    answers: dict[str, Answer], *components: Component, clients: Any = None, facts: bool = True, jobs: int = 2
) -> tuple[Reader, tuple[Problem, ...], Wire]:
    wire, reader = Wire(answers), Reader()
    registry = Registry(clients or Settings(), adapter=wire, facts=facts)
    _found, problems = RemoteLocator(registry, jobs).locate(components, components, reader)
    return reader, problems, wire


def only(problems: tuple[Problem, ...]) -> str:
    assert len(problems) == 1
    assert "\n" not in problems[0].message
    assert "report it" not in problems[0].message
    return problems[0].message


def test_a_tarball_is_read_where_the_lock_says_and_held_to_its_hash() -> None:
    content = package()
    component = npm("a", (digest(content),), tarball_url("a"))
    reader, problems, wire = read({tarball_url("a"): (200, {}, content)}, component, facts=False)
    assert problems == ()
    assert reader.kept[component.purl]["package/LICENSE"] == b"The text.\n"
    assert reader.hashes[component.purl] == (digest(content),)
    assert wire.urls == [tarball_url("a")]


def test_without_an_address_the_registry_tells_it_and_its_facts() -> None:
    content = package("@s/a")
    component = npm("@s/a")
    answers: dict[str, Answer] = {
        f"{NPM}@s%2Fa/1.0.0": version_document("@s/a", content, maintainers=[{"name": "me"}], deprecated="no more"),
        tarball_url("@s/a"): (200, {}, content),
    }
    reader, problems, _ = read(answers, component)
    assert problems == ()
    facts = reader.facts[component.purl]
    assert (facts["maintainers"], facts["deprecated"]) == ([{"name": "me"}], "no more")
    assert facts["dist"]["tarball"] == tarball_url("@s/a")


def test_a_lock_of_another_host_is_read_from_the_users_registry() -> None:
    content = package()
    component = npm("a", (digest(content),), "https://mirror.example/a/-/a-1.0.0.tgz")
    answers: dict[str, Answer] = {
        f"{NPM}a/1.0.0": version_document("a", content),
        tarball_url("a"): (200, {}, content),
    }
    reader, problems, wire = read(answers, component)
    assert (problems, list(reader.kept)) == ((), [component.purl])
    assert not [url for url in wire.urls if "mirror" in url]


def test_the_checksum_of_a_berry_lock_is_not_the_tarballs() -> None:
    content = package()
    component = berry("a", ("sha512:" + "0" * 128,))
    answers: dict[str, Answer] = {
        f"{NPM}a/1.0.0": version_document("a", content),
        tarball_url("a"): (200, {}, content),
    }
    reader, problems, _ = read(answers, component)
    assert (problems, reader.hashes[component.purl]) == ((), (digest(content),))


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("metadata_first", [True, False])
@pytest.mark.parametrize("size", [True, False])
def test_a_wheel_is_read_in_parts_where_its_server_can(ranges: bool, metadata_first: bool, size: bool) -> None:
    content = wheel(metadata_first=metadata_first)
    component = pypi("x", (digest(content, "sha256"),))
    about = listed(WHEEL, content)
    if not size:
        del about["size"]
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page(about),
        f"{FILES}{WHEEL}": in_ranges(content) if ranges else (200, {}, content),
    }
    reader, problems, wire = read(answers, component)
    assert problems == ()
    assert reader.kept[component.purl]["x-1.0.dist-info/licenses/LICENSE"] == b"The text.\n"
    assert reader.hashes[component.purl] == (digest(content, "sha256"),)
    assert reader.partial[component.purl] is ranges
    assert len(wire.asked) <= 3


def test_a_small_wheel_is_read_whole_in_one_request() -> None:
    content = wheel(filler=1000)
    answers: dict[str, Answer] = {f"{INDEX}x/": page(listed(WHEEL, content)), f"{FILES}{WHEEL}": in_ranges(content)}
    reader, _, wire = read(answers, pypi("x"))
    assert (reader.partial, len(wire.asked)) == ({"pkg:pypi/x@1.0": False}, 2)


def test_an_index_without_hashes_makes_the_whole_wheel_be_read() -> None:
    content = wheel()
    about = {"filename": WHEEL, "url": f"{FILES}{WHEEL}"}
    answers: dict[str, Answer] = {f"{INDEX}x/": page(about), f"{FILES}{WHEEL}": in_ranges(content)}
    right, wrong = pypi("x", (digest(content, "sha256"),)), pypi("x", ("sha256:" + "0" * 64,))
    assert read(answers, right)[0].partial == {right.purl: False}
    reader, problems, _ = read(answers, wrong)
    assert (reader.kept, problems[0].code) == ({}, "artifact-mismatch")


def test_hashes_of_another_algorithm_make_the_whole_wheel_be_read() -> None:
    content = wheel()
    answers: dict[str, Answer] = {f"{INDEX}x/": page(listed(WHEEL, content)), f"{FILES}{WHEEL}": in_ranges(content)}
    right, wrong = pypi("x", (digest(content, "sha512"),)), pypi("x", ("sha512:" + "0" * 128,))
    assert read(answers, right)[0].partial == {right.purl: False}
    reader, problems, _ = read(answers, wrong)
    assert (reader.kept, problems[0].code) == ({}, "artifact-mismatch")


def test_the_file_whose_hash_is_in_the_lock_is_read() -> None:
    linux, mac = wheel(1000), wheel(2000)
    names = ["x-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", "x-1.0-cp312-cp312-macosx_11_0_arm64.whl"]
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page(*(listed(name, content) for name, content in zip(names, [linux, mac], strict=True))),
        f"{FILES}{names[0]}": in_ranges(linux),
        f"{FILES}{names[1]}": in_ranges(mac),
    }
    for hashes, expected in (((), names[0]), ((digest(mac, "sha256"),), names[1])):
        reader, _, _ = read(answers, pypi("x", hashes))
        assert reader.facts["pkg:pypi/x@1.0"]["filename"] == expected
    registry = Registry(Settings(), adapter=Wire(answers))
    with registry.archive(pypi("x"), parse_platform("macos-arm64")) as archive:
        assert archive.filename == names[1]


def test_a_lock_without_a_hash_of_the_version_is_a_mismatch() -> None:
    answers: dict[str, Answer] = {f"{INDEX}x/": page(listed(WHEEL, b"x"))}
    reader, problems, wire = read(answers, pypi("x", ("sha256:" + "0" * 64,)))
    assert (reader.kept, problems[0].code, len(wire.asked)) == ({}, "artifact-mismatch", 1)
    assert "no file of this version has a hash that the lock pins" in only(problems)


def test_the_facts_of_an_index_are_small_and_raw() -> None:
    content, source = wheel(1000), tarball({"PKG-INFO": b"Name: x\n"}, "x-1.0/")
    more = {"upload-time": "2024-02-03T04:05:06Z", "yanked": "broken", "requires-python": ">=3.8"}
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page(listed(WHEEL, content, **more), listed("x-1.0.tar.gz", source)),
        f"{FILES}{WHEEL}": in_ranges(content),
    }
    facts = read(answers, pypi("x"))[0].facts["pkg:pypi/x@1.0"]
    assert {key: facts[key] for key in more} == more
    assert facts["sdist"]["url"] == f"{FILES}x-1.0.tar.gz"


def test_a_source_distribution_where_no_wheel_is() -> None:
    source = tarball({"PKG-INFO": b"Name: x\n"}, "x-1.0/")
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page(listed("x-1.0.tar.gz", source)),
        f"{FILES}x-1.0.tar.gz": (200, {}, source),
    }
    reader, problems, _ = read(answers, pypi("x", (digest(source, "sha256"),)))
    assert (problems, reader.kept["pkg:pypi/x@1.0"]) == ((), {"x-1.0/PKG-INFO": b"Name: x\n"})


@pytest.mark.parametrize("ecosystem", ["npm", "pypi"])
def test_an_address_in_a_lock_counts_on_the_users_hosts_alone(ecosystem: str) -> None:
    own, foreign = f"{NPM}x.tgz", "https://files.foreign.example/x.tgz"
    for url, read_ in ((own, ecosystem == "npm"), (foreign, False)):
        component = npm("a", url=url, kind=SourceKind.URL)
        if ecosystem == "pypi":
            component = Component("pkg:pypi/a@1", "a", "1", "pypi", source=component.source)
        reader, problems, wire = read({url: (200, {}, package())}, component)
        assert (component.purl in reader.kept, bool(wire.asked)) == (read_, read_)
        assert len(problems) == (0 if read_ else 1)


def test_private_names_never_leave_for_archives_either() -> None:
    hidden = "https://npm.hidden.example/@hidden/x/-/x-1.0.0.tgz"
    secret = [
        npm("@hidden/x", url=hidden),
        npm("git-one", url="git+https://git.example/x.git@main", kind=SourceKind.GIT),
        npm("path-one", url="../x", kind=SourceKind.PATH),
    ]
    usual = [npm(f"p{n}", url=tarball_url(f"p{n}")) for n in range(3)]
    _, problems, wire = read({}, *usual, *secret)
    assert not any(word in url for word in ("hidden", "git-one", "path-one") for url in wire.urls)
    assert {component.purl for component in secret} <= {problem.subject for problem in problems}


CONTENT = package()
RIGHT = digest(CONTENT)
URL = tarball_url("a")


def answer_of(content: bytes, **headers: str) -> Answer:
    return 200, {name.replace("_", "-"): value for name, value in headers.items()}, content


BOMB = tarball({"package.json": b"{}", "zeros": b"\0" * (MAX_UNPACKED * 4)})


@pytest.mark.parametrize(
    ("answer", "said", "code"),
    [
        (answer_of(CONTENT[:-40], Content_Length=str(len(CONTENT))), "broke off", None),
        (answer_of(CONTENT, Content_Length=str(len(CONTENT) * 2)), "broke off", None),
        (answer_of(CONTENT[:-40]), "not the one that the lock pins", "artifact-mismatch"),
        (answer_of(package(extra=b"more")), "not the one that the lock pins", "artifact-mismatch"),
        (answer_of(b"<html>log in</html>"), "not the one that the lock pins", "artifact-mismatch"),
        ((404, {}, b""), "does not have it", None),
        ((429, {"Retry-After": "3600"}, b""), "too many requests", None),
        ((500, {}, b""), "an error of its own (HTTP 500)", None),
        ((302, {"Location": "http://registry.npm.example/x"}, b""), "redirects to something that is not https", None),
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
    [(BOMB, "too much"), (tarball({"README": b"x"}, "other/"), "no package.json"), (gzip.compress(b"x"), "damaged")],
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
    start = time.monotonic()
    with registry.archive(npm("a", (RIGHT,), URL)) as archive, pytest.raises(RegistryError, match="took too long"):
        archive.verify()
    assert time.monotonic() - start < 5


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
        (_later(lambda headers, body: (headers, body[: len(body) // 2])), "broke off"),
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
    times: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            times.append(time.monotonic())
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
    assert times[1] - times[0] >= 1


def test_the_order_of_archives_does_not_show() -> None:
    contents = {f"p{n}": package(f"p{n}") for n in range(20)}
    answers: dict[str, Answer] = {tarball_url(name): (200, {}, content) for name, content in contents.items()}
    components = [npm(name, (digest(content),), tarball_url(name)) for name, content in contents.items()]
    one = read(answers, *components, facts=False, jobs=1)
    many = read(answers, *reversed(components), facts=False, jobs=16)
    assert one[1] == many[1] == ()
    assert one[0].kept == many[0].kept
