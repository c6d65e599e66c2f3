"""Trees of packages: what they list, what they refuse, how often they unpack."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from licscan.base.errors import InputError
from licscan.locate import Caches, Trees, archive_trees, archives
from licscan.locate.archive_trees import SubTree, TgzTree, ZipTree, installed_path
from licscan.locate.listings import Listings
from licscan.locate.packed import bundled_folders
from licscan.locate.trees import FolderTree, split_place
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.tree import PackageTree, metadata_path, own_paths, prepare
from tests.locate.packing import NAME, VERSION, tarball, with_record, write

FILES = {
    "package.json": b"{}",
    "LICENSE": b"MIT",
    "lib/a.js": b"1" * 10,
    "node_modules/b/package.json": b"{}",
    "node_modules/b/LICENSE": b"ISC",
}


def folder(path: Path) -> PackageTree:
    write(path / "holder", FILES)
    (path / "secret").write_text("x")
    (path / "holder/out").symlink_to(path / "secret")
    return FolderTree(Origin.INSTALLED, "holder", str(path / "holder"))


def tgz(path: Path) -> PackageTree:
    (path / "hash").write_bytes(tarball(FILES))
    return TgzTree(Origin.CACHE, "hash", path / "hash")


def yarn(path: Path) -> PackageTree:
    with zipfile.ZipFile(path / "a.zip", "w") as archive:
        for name, data in FILES.items():
            archive.writestr(f"node_modules/@s/a/{name}", data)
        link = zipfile.ZipInfo("node_modules/@s/a/out")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "../../../secret")
        archive.writestr("node_modules/@s/a/../../up", b"x")
    return ZipTree(Origin.CACHE, "a.zip", path / "a.zip")


Maker = Callable[[Path], PackageTree]


@pytest.mark.parametrize("make", [folder, tgz, yarn])
def test_every_tree_says_the_same(tmp_path: Path, make: Maker) -> None:
    tree = make(tmp_path)
    assert [(one.path, one.size) for one in tree.entries] == sorted((path, len(data)) for path, data in FILES.items())
    assert own_paths(tree) == ["LICENSE", "lib/a.js", "package.json"]
    assert {path: tree.read(path, 10) for path in FILES} == FILES
    assert tree.head("lib/a.js", 4) == b"1111"
    assert tree.head("none", 4) == b""
    below = SubTree(tree, "x", "node_modules/b")
    assert [one.path for one in below.entries] == ["LICENSE", "package.json"]
    assert below.read("LICENSE", 3) == b"ISC"
    for path in ("none", "out", "../secret", "../../up", "/etc/passwd"):
        with pytest.raises(InputError):
            tree.read(path, 100)
        assert tree.head(path, 4) == b""
    with pytest.raises(InputError, match="larger than 9 B"):
        tree.read("lib/a.js", 9)


@pytest.mark.parametrize("first", ["entries", "read", "prepare"])
def test_a_tarball_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    tree = tgz(tmp_path)
    passes: list[Path] = []

    def counted(path: Path, *rest: Any) -> archives.Contents:
        passes.append(path)
        return archives.read_tgz(path, *rest)

    monkeypatch.setattr(archive_trees, "read_tgz", counted)
    assert not passes
    if first == "entries":
        assert tree.entries
    elif first == "prepare":
        prepare(tree, ["LICENSE", "lib/a.js"])
    for path in ("LICENSE", "lib/a.js") if first != "read" else ("LICENSE",):
        assert tree.read(path, 10)
    assert tree.entries
    assert len(passes) == 1


def test_what_does_not_fit_is_unpacked_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_trees, "MAX_KEPT", 3)
    tree = tgz(tmp_path)
    assert len(tree.entries) == 5
    assert {path: tree.read(path, 10) for path in FILES} == FILES
    monkeypatch.setattr(archives, "MAX_TEXT", 5)
    monkeypatch.setattr(archives, "MAX_HEAD", 2)
    tree = tgz(tmp_path)
    with pytest.raises(InputError, match="larger than"):
        tree.read("lib/a.js", 100)
    assert tree.head("lib/a.js", 8) == b"11"


@pytest.mark.parametrize("kind", [TgzTree, ZipTree])
@pytest.mark.parametrize("data", [b"", b"no archive", tarball(FILES)[:60]], ids=range(3))
def test_damaged_archives(tmp_path: Path, kind: type[TgzTree] | type[ZipTree], data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    tree = kind(Origin.CACHE, "a", tmp_path / "a")
    for ask in (lambda: tree.entries, lambda: tree.read("LICENSE", 9)):
        with pytest.raises(InputError):
            ask()
    assert tree.head("LICENSE", 9) == b""


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_trees, "MAX_READ", 12)
    tree = yarn(tmp_path)
    assert tree.head("lib/a.js", 10)
    assert tree.read("LICENSE", 9)
    with pytest.raises(InputError, match="unpacks to more than"):
        tree.read("lib/a.js", 100)


@pytest.mark.parametrize("installed", [True, False])
def test_a_distribution_lists_its_own_files(tmp_path: Path, installed: bool) -> None:
    metadata = f"{NAME}-{VERSION}.dist-info"
    files = {f"{metadata}/METADATA": b"Name: holder\n", "holder/a.py": b"x", "holder-1.0.0.data/scripts/run": b"x"}
    write(tmp_path / "site", {**with_record(files), "other/b.py": b"x"})
    component = Component(
        "pkg:pypi/holder@1.0.0", NAME, VERSION, "pypi", installed_at=(f"site/{metadata}",) * installed
    )
    origin = Origin.INSTALLED if installed else Origin.CACHE
    trees = Trees(Caches(tmp_path, {}, tmp_path))
    tree = trees.tree(component, PackageFiles(origin, "site"))
    assert tree is not None
    assert [one.path for one in tree.entries] == [f"{metadata}/METADATA", f"{metadata}/RECORD", "holder/a.py"]
    assert metadata_path("pypi", tree) == f"{metadata}/METADATA"
    assert len(tree.entries[-1].sha256) == 64
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        for path, data in with_record(files).items():
            archive.writestr(path, data)
    wheel = trees.tree(component, PackageFiles(Origin.CACHE, str(tmp_path / "a.whl")))
    assert wheel is not None
    assert [one.path for one in wheel.entries] == [one.path for one in tree.entries]


def test_a_registry_has_no_tree(tmp_path: Path) -> None:
    trees = Trees(Caches(tmp_path, {}, tmp_path))
    component = Component("pkg:npm/a@1", "a", "1", "npm")
    for files in (PackageFiles(Origin.REGISTRY, "https://npm.example/a"), PackageFiles(Origin.CACHE, "gone.tgz")):
        assert trees.tree(component, files) is None


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("a/b.py", "a/b.py"),
        ("a-1.data/purelib/a/b.py", "a/b.py"),
        ("a-1.data/platlib/a.libs/b.so", "a.libs/b.so"),
        ("a-1.data/scripts/b", None),
    ],
)
def test_where_a_wheels_file_is_installed(path: str, place: str | None) -> None:
    assert installed_path(path) == place


def test_the_folders_of_bundled_packages() -> None:
    names = [
        "package.json",
        "node_modules/a/package.json",
        "node_modules/@s/b/package.json",
        "node_modules/@s/b/node_modules/c/package.json",
        "node_modules/a/dist/package.json",
        "node_modules/.bin/package.json",
        "lib/node_modules/d/package.json",
    ]
    assert bundled_folders(names) == (
        "node_modules/@s/b",
        "node_modules/@s/b/node_modules/c",
        "node_modules/a",
    )


def test_the_archive_in_a_place(tmp_path: Path) -> None:
    (tmp_path / "a.tgz").touch()
    assert split_place(f"{tmp_path}/a.tgz") == (f"{tmp_path}/a.tgz", "")
    assert split_place(f"{tmp_path}/a.tgz/node_modules/b") == (f"{tmp_path}/a.tgz", "node_modules/b")
    assert split_place(f"{tmp_path}/none/b") == ("", "")
    assert split_place("none") == ("", "")


def test_packages_in_one_archive_unpack_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {f"node_modules/p{i}/{name}": b"{}" for i in range(20) for name in ("package.json", "LICENSE")}
    (tmp_path / "hash").write_bytes(tarball(FILES | inner))
    passes: list[Path] = []

    def counted(path: Path, *rest: Any) -> archives.Contents:
        passes.append(path)
        return archives.read_tgz(path, *rest)

    monkeypatch.setattr(archive_trees, "read_tgz", counted)
    trees = Trees(Caches(tmp_path, {}, tmp_path))
    for i in range(20):
        component = Component(f"pkg:npm/p{i}@1", f"p{i}", "1", "npm")
        tree = trees.tree(component, PackageFiles(Origin.CACHE, f"{tmp_path}/hash/node_modules/p{i}"))
        assert tree is not None
        prepare(tree, ["LICENSE"])
        assert tree.read("LICENSE", 9) == b"{}"
    assert len(passes) == 1


def test_the_list_of_a_cached_tarball_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "_cacache/content-v2/sha512/ab/cd/ef"
    write(archive.parent, {archive.name: tarball(FILES)})
    kept = tmp_path / "listings.sqlite"
    first = Listings(kept)
    entries = TgzTree(Origin.CACHE, "x", archive, first).entries
    first.save()
    with monkeypatch.context() as patch:
        patch.setattr(archive_trees, "read_tgz", None)
        again = TgzTree(Origin.CACHE, "x", archive, Listings(kept))
        assert again.entries == entries
    assert again.read("LICENSE", 9) == b"MIT"
    # a name that may stand for other bytes tomorrow is not remembered
    (tmp_path / "a.tgz").write_bytes(tarball(FILES))
    first.put(str(tmp_path / "a.tgz"), entries)
    first.save()
    assert Listings(kept).get(str(tmp_path / "a.tgz")) is None
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"damaged")
    assert Listings(damaged).get(str(archive)) is None
