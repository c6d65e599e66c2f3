"""Archives over an injected wire: what is asked for, and what binds it to the lock."""

from __future__ import annotations

import pytest

from licscan.model import Component, SourceKind
from licscan.registry import Registry
from licscan.registry.platforms import parse_platform
from tests.registry.reader import WHEEL, only, read
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
from tests.registry.wire import Answer, Wire


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
    assert "no file of this version has a hash that the lockfile pins" in only(problems)


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
