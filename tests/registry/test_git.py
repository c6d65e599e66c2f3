"""Commits fetched with git, from repositories on this machine."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from licscan.base.errors import InputError, RegistryError
from licscan.locate.remote import RemoteLocator
from licscan.model import Component, Origin, PackageFiles, Source, SourceKind
from licscan.registry import Registry
from licscan.registry.archive import Archive
from licscan.registry.git import open_git
from licscan.vcs import fetch
from licscan.vcs.fetch import fetched, parse_source
from licscan.vcs.submodules import resolved
from tests.registry.settings import Settings, npm
from tests.registry.wire import Wire


def git(folder: Path, *words: str) -> str:
    who = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@x.example",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "core.hooksPath=",
    )
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits, a tag on the first, and all that must not be followed."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "package.json").write_text('{"name": "a", "version": "1.0.0"}')
    (folder / "LICENSE").write_text("The text.\n")
    (folder / ".gitattributes").write_text("LICENSE export-ignore\n*.txt filter=evil\n$Id$ ident\n")
    (folder / "note.txt").write_text("a note\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    git(folder, "tag", "v1")
    (folder / "second.js").write_text("2\n")
    os.symlink("/etc/passwd", folder / "link")
    (folder / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = https://sub.example/x.git\n')
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},x")
    git(folder, "add", ".gitmodules", "second.js", "link")
    git(folder, "commit", "-qm", "two")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    return folder


def component(repository: Path, reference: str) -> Component:
    source = Source(SourceKind.GIT, f"git+{repository.as_uri()}@{reference}")
    return Component("pkg:npm/a@1.0.0", "a", "1.0.0", "npm", source=source)


def names_of(archive: Archive) -> list[str]:
    with tarfile.open(fileobj=archive.stream, mode="r|gz") as tar:
        return [member.name for member in tar if member.isfile()]


@pytest.mark.parametrize("reference", ["v1", "commit"])
def test_a_commit_is_a_stream_like_any_other(repository: Path, reference: str) -> None:
    commit = git(repository, "rev-parse", "v1^{commit}")
    with open_git(component(repository, commit if reference == "commit" else reference), ("file",)) as archive:
        assert (archive.kind, archive.facts) == ("git", {"commit": commit})
        names = names_of(archive)
        archive.verify()
    assert {"package/LICENSE", "package/note.txt", "package/package.json"} <= set(names)
    assert "package/second.js" not in names


def test_links_and_submodules_are_not_followed(repository: Path) -> None:
    with open_git(component(repository, "main"), ("file",)) as archive:
        names = names_of(archive)
    assert "package/second.js" in names
    assert not [name for name in names if name.startswith(("package/x/", "package/link"))]


def test_nothing_is_left_behind(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with open_git(component(repository, "main"), ("file",)) as archive:
        assert archive.stream is not None
        archive.stream.read(10)
    with pytest.raises(RegistryError):
        open_git(component(repository, "absent"), ("file",))
    assert list(scratch.iterdir()) == []


def test_a_repository_that_is_too_large_or_slow_is_left(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "large.bin").write_bytes(os.urandom(3_000_000))
    git(repository, "add", "large.bin")
    git(repository, "commit", "-qm", "large")
    monkeypatch.setattr(fetch, "_POLL", 0.0001)
    monkeypatch.setattr(fetch, "MAX_BYTES", 1000)
    source = parse_source(f"{repository.as_uri()}@main")
    with pytest.raises(InputError, match="larger than"), fetched(source, protocols=("file",)):
        pass
    with pytest.raises(InputError, match="too long"), fetched(source, protocols=("file",), seconds=0):
        pass


@pytest.mark.parametrize(
    "url", ["file:///srv/x.git@main", "ext::sh -c id@main", "http://x.example/x.git@main", "x@main"]
)
def test_only_https_and_ssh_are_reached(url: str) -> None:
    with pytest.raises(RegistryError) as caught:
        open_git(Component("pkg:npm/a@1", "a", "1", "npm", source=Source(SourceKind.GIT, url)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "url", "reference"),
    [
        ("git+https://git.example/o/n.git@abc", "https://git.example/o/n.git", "abc"),
        ("https://git.example/o/n.git#v1.0", "https://git.example/o/n.git", "v1.0"),
        ("git+ssh://git@git.example/o/n.git@main", "ssh://git@git.example/o/n.git", "main"),
        ("git+ssh://git.example/o/n.git@main", "ssh://git@git.example/o/n.git", "main"),
    ],
)
def test_the_address_and_the_reference_of_a_lock(text: str, url: str, reference: str) -> None:
    assert (parse_source(text).url, parse_source(text).reference) == (url, reference)


@pytest.mark.parametrize(
    "text", ["git+https://git.example/o/n.git", "https://x.example/n@--upload-pack=id", "https://x.example/n@a..b"]
)
def test_a_reference_that_is_none_is_told(text: str) -> None:
    with pytest.raises(InputError, match="names no commit"):
        parse_source(text)


def test_git_is_asked_on_request_alone() -> None:
    one = Component("pkg:npm/a@1", "a", "1", "npm", source=Source(SourceKind.GIT, "git+file:///nowhere@main"))

    def consume(_component: Component, archive: Archive) -> PackageFiles:
        return PackageFiles(Origin.REGISTRY, archive.url)

    said = []
    for allowed in (False, True):
        registry = Registry(Settings(), adapter=Wire({}), fetch_git=allowed)
        _found, problems = RemoteLocator(registry, git=allowed).locate([one], (), consume)
        said.append(problems[0].message)
    assert said[0].startswith("comes from git, which was not asked (allow it with --fetch-git)")
    assert said[1] == "the address of its repository uses none of https, ssh, so it was not asked"


@pytest.fixture
def nested(repository: Path, tmp_path: Path) -> Path:
    """A repository with two submodules beside it, one of which has one of its own."""
    for name in ("deep", "inner", "other"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q")
        (tmp_path / name / "LICENSE").write_text(f"The text of {name}.\n")
        (tmp_path / name / ".gitattributes").write_text("LICENSE export-ignore\n")
        git(tmp_path / name, "add", ".")
        git(tmp_path / name, "commit", "-qm", "one")
        git(tmp_path / name, "config", "uploadpack.allowAnySHA1InWant", "true")
    hook = tmp_path / "inner/.git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    pinned(tmp_path / "inner", {"deep": "../deep"}, tmp_path)
    pinned(repository, {"inner": "../inner", "lib/other": (tmp_path / "other").as_uri()}, tmp_path)
    return repository


def pinned(folder: Path, modules: dict[str, str], beside: Path) -> None:
    """A commit that pins submodules as they are now."""
    sections = [f'[submodule "{path}"]\n\tpath = {path}\n\turl = {url}\n' for path, url in modules.items()]
    (folder / ".gitmodules").write_text("".join(sections))
    for path in modules:
        commit = git(beside / path.rpartition("/")[2], "rev-parse", "HEAD")
        git(folder, "update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
    git(folder, "add", ".gitmodules")
    git(folder, "commit", "-qm", "submodules")


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ((), set()),
        (("absent", "x"), set()),
        (("inner",), {"inner"}),
        (("inner", "inner/deep"), {"inner", "inner/deep"}),
        (("lib/other",), {"lib/other"}),
        (("deep",), set()),
    ],
)
def test_submodules_are_fetched_where_they_are_named(
    nested: Path, tmp_path: Path, wanted: tuple[str, ...], there: set[str]
) -> None:
    with open_git(component(nested, "main"), ("file",), wanted) as archive:
        names = names_of(archive)
        assert archive.facts == {"commit": git(nested, "rev-parse", "main")}
    texts = {name.removeprefix("package/") for name in names if name.endswith("/LICENSE")}
    assert texts == {"LICENSE", *(f"{path}/LICENSE" for path in there)}
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ext::sh -c id", "uses none of file"),
        ("https://sub.example/x.git", "uses none of file"),
        ("../absent", "could not fetch it"),
    ],
)
def test_a_submodule_that_cannot_be_had_is_one_line_and_nothing_is_kept(
    nested: Path, tmp_path: Path, url: str, said: str
) -> None:
    pinned(nested, {"inner": url}, tmp_path)
    with pytest.raises(RegistryError) as caught:
        open_git(component(nested, "main"), ("file",), ("inner",))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    # whoever does not ask for it has the rest
    with open_git(component(nested, "main"), ("file",)) as archive:
        assert "package/LICENSE" in names_of(archive)


@pytest.mark.parametrize(
    ("url", "base", "address"),
    [
        ("../b.git", "https://git.example/o/a.git", "https://git.example/o/b.git"),
        ("./b.git", "https://git.example/o/a.git", "https://git.example/o/a.git/b.git"),
        ("https://user:pass@git.example/o/b.git", "https://git.example/o/a.git", "https://git.example/o/b.git"),
        ("git@git.example:o/b.git", "https://git.example/o/a.git", "ssh://git@git.example/o/b.git"),
        ("../../../../b.git", "ssh://git@git.example/o/a.git", "ssh://git@git.example/b.git"),
    ],
)
def test_the_address_of_a_submodule(url: str, base: str, address: str) -> None:
    assert resolved(url, base) == address


@pytest.mark.parametrize("url", ["--upload-pack=id", "..", "name", "/srv/x"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(InputError, match="at an invalid address"):
        resolved(url, "https://git.example/o/a.git")


def test_what_git_brings_is_no_package_of_the_registry() -> None:
    registry = Registry(Settings(), adapter=Wire({}), git_submodules=("lib",))
    source = Source(SourceKind.GIT, "git+https://user:pass@git.example/o/a.git@abc")
    forked = Component("pkg:npm/a@1.0.0", "a", "1.0.0", "npm", source=source)
    key = registry.key(forked)
    assert key != registry.key(npm("a"))
    assert ("pass" in key, key.endswith(" lib")) == (False, True)
