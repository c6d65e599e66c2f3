"""Both registries and the locator over them, on an injected wire."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
import requests

from licscan.clients import Credential, NpmConfig, PipConfig
from licscan.locate.remote import RemoteLocator
from licscan.model import Component, ComponentKind, PackageFiles, Problem, Source, SourceKind
from licscan.packages import purls
from licscan.registry import Registry
from tests.registry.wire import Answer, Wire

NPM = "https://registry.npm.example/"
CORP = "https://npm.corp.example/"
INDEX = "https://pypi.example/simple/"
FILES = "https://files.pypi.example/"
SECRET = "s3cr3t-t0ken"


class Settings:
    """The settings of a user with two npm registries."""

    npm = NpmConfig(
        NPM, (("@corp", CORP),), credentials=(Credential("//npm.corp.example/", f"Bearer {SECRET}"),), configured=True
    )
    pip = PipConfig((INDEX,), configured=True)


def npm(name: str, version: str | None = "1.0.0", url: str | None = None, **more: object) -> Component:
    source = Source(SourceKind.REGISTRY, url)
    return Component(purls.npm(name, version), name, version, "npm", **{"source": source, **more})  # type: ignore[arg-type]


def pypi(name: str, version: str, url: str | None = None) -> Component:
    return Component(purls.pypi(name, version), name, version, "pypi", source=Source(SourceKind.REGISTRY, url))


def document(name: str, license: object = "MIT", version: str = "1.0.0") -> tuple[int, dict[str, str], bytes]:
    data = {"name": name, "version": version, "license": license}
    return 200, {"Content-Type": "application/json"}, json.dumps(data).encode()


def locate(
    answers: dict[str, Answer], *components: Component, folder: Path | None = None, offline: bool = False, jobs: int = 4
) -> tuple[dict[str, tuple[PackageFiles, ...]], tuple[Problem, ...], Wire]:
    wire = Wire(answers)
    registry = Registry(Settings(), folder=folder, offline=offline, adapter=wire)
    found, problems = RemoteLocator(registry, jobs).locate(components, components)
    return found, problems, wire


def claims(found: dict[str, tuple[PackageFiles, ...]], component: Component) -> list[tuple[str, str]]:
    return [(claim.field, claim.raw) for files in found[component.purl] for claim in files.claims]


def test_a_version_document_gives_its_license() -> None:
    found, problems, wire = locate({f"{NPM}@types%2Fnode/1.0.0": document("@types/node")}, npm("@types/node"))
    assert claims(found, npm("@types/node")) == [("license", "MIT")]
    assert problems == ()
    assert wire.urls == [f"{NPM}@types%2Fnode/1.0.0"]


def test_a_registry_without_version_documents_is_asked_once_for_the_whole() -> None:
    whole = {"name": "a", "versions": {v: {"license": f"L-{v}"} for v in ("1.0.0", "2.0.0")}}
    answers: dict[str, Answer] = {f"{NPM}a": (200, {}, json.dumps(whole).encode())}
    components = [npm("a"), npm("a", "2.0.0"), npm("a", "3.0.0")]
    found, problems, wire = locate(answers, *components, jobs=1)
    assert [claims(found, c) for c in components[:2]] == [[("license", "L-1.0.0")], [("license", "L-2.0.0")]]
    assert [(p.subject, p.message) for p in problems] == [
        ("pkg:npm/a@3.0.0", "registry.npm.example does not have version 3.0.0")
    ]
    assert wire.urls.count(f"{NPM}a") == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"[]"),
        (200, {}, b'"text"'),
        document("another"),
        document("a", version="6.6.6"),
        (200, {"Content-Type": "text/html"}, b"<html>Please log in</html>"),
    ],
)
def test_an_answer_about_something_else_is_a_problem(answer: Answer) -> None:
    found, problems, _ = locate({f"{NPM}a/1.0.0": answer}, npm("a"))
    assert found == {}
    assert [p.subject for p in problems] == ["pkg:npm/a@1.0.0"]


def test_a_scope_with_a_registry_of_its_own_is_asked_only_there() -> None:
    answers: dict[str, Answer] = {f"{CORP}@corp%2Fx/1.0.0": document("@corp/x", "UNLICENSED")}
    component = npm("@corp/x", url="https://elsewhere.example/@corp/x/-/x-1.0.0.tgz")
    found, problems, wire = locate(answers, component)
    assert claims(found, component) == [("license", "UNLICENSED")]
    assert problems == ()
    assert [request.headers.get("Authorization") for request in wire.asked] == [f"Bearer {SECRET}"]


def test_private_names_never_leave() -> None:
    usual = [npm(f"p{n}", url=f"https://mirror.example/p{n}/-/p{n}-1.0.0.tgz") for n in range(3)]
    secret = [
        npm("@hidden/x", url="https://npm.hidden.example/@hidden/x/-/x-1.0.0.tgz"),
        npm("@hidden/y", url="https://npm.hidden.example/@hidden/y/-/y-1.0.0.tgz"),
        npm("git-one", source=Source(SourceKind.GIT, "git+https://git.example/x.git")),
        npm("url-one", source=Source(SourceKind.URL, "https://x.example/x.tgz")),
        npm("path-one", source=Source(SourceKind.PATH, "../x")),
        npm("own", kind=ComponentKind.PROJECT),
        npm("own", "2.0.0"),
        pypi("inhouse", "1.0", "https://pypi.hidden.example/simple"),
    ]
    _, problems, wire = locate({}, *usual, *secret)
    said = " ".join(wire.urls)
    assert not any(word in said for word in ("hidden", "git-one", "url-one", "path-one", "/own", "inhouse"))
    assert {component.purl for component in secret} <= {problem.subject for problem in problems}
    assert any("configure @hidden:registry in .npmrc" in problem.message for problem in problems)
    assert f"{NPM}p0/1.0.0" in said


def test_a_registry_that_is_down_gives_one_problem_for_all() -> None:
    components = [npm(f"p{n:02}") for n in range(20)]
    down: dict[str, Answer] = {f"{NPM}p{n:02}/1.0.0": requests.ConnectTimeout("x") for n in range(20)}
    found, problems, wire = locate(down, *components, jobs=1)
    assert found == {}
    assert len(problems) == 1
    assert problems[0].message.startswith("registry.npm.example: no answer in time; the same for pkg:npm/p01@1.0.0, ")
    assert problems[0].message.endswith(" and 14 more")
    assert len(wire.asked) == 3


def test_the_second_run_asks_nobody_and_offline_is_told(tmp_path: Path) -> None:
    answers: dict[str, Answer] = {f"{NPM}a/1.0.0": document("a")}
    first = locate(answers, npm("a"), folder=tmp_path)
    again = locate(answers, npm("a"), npm("b"), folder=tmp_path, offline=True)
    assert first[0] == again[0]
    assert again[2].asked == []
    assert [problem.message for problem in again[1]] == ["registry.npm.example was not asked: offline"]


def test_a_damaged_cache_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_bytes(b"garbage" * 999)
    found, problems, _ = locate({f"{NPM}a/1.0.0": document("a")}, npm("a"), folder=tmp_path)
    assert (len(found), problems) == (1, ())


def test_the_order_of_answers_does_not_show() -> None:
    answers: dict[str, Answer] = {f"{NPM}p{n}/1.0.0": document(f"p{n}") for n in range(30)}
    components = [npm(f"p{n}") for n in range(40)]
    one = locate(answers, *components, jobs=1)
    many = locate(answers, *reversed(components), jobs=16)
    assert list(one[0].items()) == list(many[0].items())
    assert one[1] == many[1]


def test_progress_is_told_to_the_end() -> None:
    steps: list[tuple[int, int]] = []
    registry = Registry(Settings(), adapter=Wire({f"{NPM}a/1.0.0": document("a")}))
    RemoteLocator(registry, 2, lambda done, total: steps.append((done, total))).locate([npm("a"), npm("b")])
    assert steps == [(1, 2), (2, 2)]


METADATA = (
    b"Metadata-Version: 2.4\nName: x\nVersion: 1.0\nLicense-Expression: MIT\nLicense-File: LICENSE\n"
    b"Classifier: License :: OSI Approved :: MIT License\nClassifier: Topic :: Chat\n\nLicense: GPL\n"
)


def page(*files: dict[str, object]) -> Answer:
    data = {"meta": {"api-version": "1.1"}, "name": "x", "files": [{"hashes": {}, **file} for file in files]}
    return 200, {"Content-Type": "application/vnd.pypi.simple.v1+json"}, json.dumps(data).encode()


def wheel(metadata: bytes = METADATA, name: str = "x-1.0.dist-info/METADATA") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/__init__.py", "x = 1\n" * 40_000)
        archive.writestr("x/vendored/COPYING", "text")
        archive.writestr("x-1.0.dist-info/licenses/LICENSE", "text")
        archive.writestr(name, metadata)
    return target.getvalue()


def in_ranges(content: bytes) -> Answer:
    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        asked = str(request.headers.get("Range", ""))
        if not asked:
            return 200, {}, content
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(content) - int(last))
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        return 206, {"Content-Range": f"bytes {start}-{end}/{len(content)}"}, content[start : end + 1]

    return answer


WHEEL = "x-1.0-py3-none-any.whl"
EXPECTED = [("License-Expression", "MIT"), ("Classifier", "License :: OSI Approved :: MIT License")]


def test_core_metadata_beside_the_wheel_is_enough() -> None:
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page({"filename": WHEEL, "url": f"{FILES}{WHEEL}", "core-metadata": {"sha256": "0"}}),
        f"{FILES}{WHEEL}.metadata": (200, {}, METADATA),
    }
    found, problems, wire = locate(answers, pypi("X", "1.0.0"))
    assert claims(found, pypi("x", "1.0.0")) == EXPECTED
    assert found["pkg:pypi/x@1.0.0"][0].license_files == ("x-1.0.dist-info/licenses/LICENSE",)
    assert problems == ()
    assert len(wire.asked) == 2


def test_without_it_parts_of_the_wheel_are_read() -> None:
    html = f'<html><body><a href="../../files/{WHEEL}#sha256=0">{WHEEL}</a></body></html>'.encode()
    content = wheel()
    answers: dict[str, Answer] = {
        f"{INDEX}x/": (200, {"Content-Type": "text/html"}, html),
        f"https://pypi.example/files/{WHEEL}": in_ranges(content),
    }
    found, problems, wire = locate(answers, pypi("x", "1.0"))
    assert problems == ()
    assert claims(found, pypi("x", "1.0")) == EXPECTED
    assert found["pkg:pypi/x@1.0"][0].license_files == ("x-1.0.dist-info/licenses/LICENSE", "x/vendored/COPYING")
    assert all("Range" in request.headers for request in wire.asked[1:])


def test_a_small_wheel_is_read_whole_where_there_are_no_ranges() -> None:
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page({"filename": WHEEL, "url": f"{FILES}{WHEEL}"}),
        f"{FILES}{WHEEL}": (200, {}, wheel()),
    }
    found, _, _ = locate(answers, pypi("x", "1.0"))
    assert claims(found, pypi("x", "1.0")) == EXPECTED


@pytest.mark.parametrize("name", ["x-1.0.tar.gz", "x-1.0.zip"])
def test_a_source_distribution_is_the_last_resort(name: str) -> None:
    target = io.BytesIO()
    if name.endswith(".zip"):
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("x-1.0/PKG-INFO", METADATA)
    else:
        with tarfile.open(fileobj=target, mode="w:gz") as tar:
            member = tarfile.TarInfo("x-1.0/PKG-INFO")
            member.size = len(METADATA)
            tar.addfile(member, io.BytesIO(METADATA))
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page({"filename": name, "url": f"{FILES}{name}"}),
        f"{FILES}{name}": (200, {}, target.getvalue()),
    }
    found, problems, _ = locate(answers, pypi("x", "1.0"))
    assert problems == ()
    assert claims(found, pypi("x", "1.0")) == EXPECTED


@pytest.mark.parametrize(
    ("url", "content"),
    [
        (f"{FILES}{WHEEL}", b"PK\x03\x04 no archive"),
        (f"{FILES}{WHEEL}", b""),
        (f"{FILES}{WHEEL}", wheel()[:-30]),
        (f"{FILES}{WHEEL}", wheel(name="elsewhere/METADATA")),
        (f"{FILES}{WHEEL}", wheel(metadata=b"\0" * 6_000_000)),
        (f"{FILES}x-1.0.tar.gz", b"\x1f\x8b garbage"),
        ("file:///etc/passwd", b""),
        ("https://[bad/x-1.0.tar.gz", b""),
    ],
)
@pytest.mark.parametrize("ranges", [True, False])
def test_a_hostile_archive_is_a_problem_and_no_more(url: str, content: bytes, ranges: bool) -> None:
    name = url.rpartition("/")[2] if url.startswith(FILES) else "x-1.0.tar.gz"
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page({"filename": name, "url": url}),
        url: in_ranges(content) if ranges else (200, {}, content),
    }
    found, problems, _ = locate(answers, pypi("x", "1.0"))
    assert found == {}
    assert [problem.subject for problem in problems] == ["pkg:pypi/x@1.0"]
    assert "report it" not in problems[0].message


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"files": 3}', b'{"meta": {"api-version": "9.0"}, "name": "x", "files": []}', b"null"]
)
def test_a_page_that_is_none_is_a_problem(body: bytes) -> None:
    media = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    _, problems, _ = locate({f"{INDEX}x/": (200, media, body)}, pypi("x", "1.0"))
    assert [problem.subject for problem in problems] == ["pkg:pypi/x@1.0"]
    assert "report it" not in problems[0].message


def test_a_page_from_the_network_names_no_file_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(wheel())
    answers: dict[str, Answer] = {f"{INDEX}x/": page({"filename": WHEEL, "url": (tmp_path / WHEEL).as_uri()})}
    found, problems, _ = locate(answers, pypi("x", "1.0"))
    assert (found, [problem.message for problem in problems]) == ({}, ["pypi.example does not have version 1.0"])


def test_a_local_index_and_a_folder_of_wheels_are_read_without_the_network(tmp_path: Path) -> None:
    folder = tmp_path / "simple" / "x"
    folder.mkdir(parents=True)
    (folder / WHEEL).write_bytes(wheel())
    (folder / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')

    class Local:
        npm = Settings.npm
        pip = PipConfig(((tmp_path / "simple").as_uri() + "/",), find_links=(str(tmp_path / "nothing"),))

    wire = Wire({})
    found, problems = RemoteLocator(Registry(Local(), adapter=wire, offline=True)).locate([pypi("x", "1.0")])
    assert (problems, wire.asked) == ((), [])
    assert claims(found, pypi("x", "1.0")) == EXPECTED
