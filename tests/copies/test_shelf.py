"""The user's index: built, carried along, damaged; the command that fills it."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from licscan.base.errors import InputError, RegistryError
from licscan.cli.index_code import command
from licscan.compose.code_index import index_named
from licscan.copies import recognise
from licscan.copies.shelf import Shelf, user_index
from licscan.model import Component, Origin, PackageFiles
from licscan.packages.npm_metadata import license_claims
from licscan.registry.archive import Archive
from tests.copies.made import library, minified, module, segment

JS = library(1)


def named(shelf: Shelf) -> list[str]:
    index = shelf.open()
    assert index is not None
    return [one.package for one in recognise(minified(JS).encode(), "x.js", index)]


def test_filled_and_asked(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "code")
    assert shelf.open() is None
    assert shelf.info() is None
    shelf.put([segment("alpha", "1", {"a.js": JS}), segment("alpha", "2", {"a.js": JS})])
    shelf.rebuild()
    assert named(shelf) == ["pkg:npm/alpha"]
    assert shelf.known() == {("pkg:npm/alpha", "1"), ("pkg:npm/alpha", "2")}
    info = shelf.info()
    assert info is not None
    assert (info.packages, info.versions, info.files) == (1, 2, 1)
    assert (tmp_path / "code/code.index").stat().st_mode & 0o077 == 0
    assert (tmp_path / "code/segments.sqlite").stat().st_mode & 0o077 == 0


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([segment("alpha", "1", {"a.js": JS})])
    shelf.rebuild()
    (tmp_path / "code.index").write_bytes(b"licscan code 1\n\0 and nonsense")
    assert named(shelf) == ["pkg:npm/alpha"]


def test_damaged_segments_are_left_out(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put([segment("alpha", "1", {"a.js": JS})])
    shelf.rebuild()
    (tmp_path / "segments.sqlite").write_bytes(b"no database at all" * 400)
    (tmp_path / "code.index").unlink()
    index = shelf.open()
    assert index is not None
    assert len(index) == 0


def test_carried_along(tmp_path: Path) -> None:
    one, other = Shelf(tmp_path / "one"), Shelf(tmp_path / "two")
    one.put([segment("alpha", "1", {"a.js": JS})])
    assert one.export(tmp_path / "file") == 1
    first = (tmp_path / "file").read_bytes()
    assert other.import_(tmp_path / "file") == 1
    other.rebuild()
    assert named(other) == ["pkg:npm/alpha"]
    other.export(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == first


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x1f\x8b\x08\x00broken"])
def test_a_foreign_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(InputError):
        Shelf(tmp_path / "code").import_(tmp_path / "file")


def test_a_cut_file_is_refused_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "one")
    shelf.put([segment("alpha", "1", {"a.js": JS}), segment("bravo", "1", {"a.js": library(2)})])
    shelf.export(tmp_path / "file")
    data = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(InputError):
        Shelf(tmp_path / "two").import_(tmp_path / "file")
    assert Shelf(tmp_path / "two").known() == set()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, [*arguments], catch_exceptions=False, standalone_mode=False)
    return result.output


def test_a_project_with_what_is_installed(cache: Path) -> None:
    project = cache / "project"
    package = project / "node_modules" / "alpha"
    package.mkdir(parents=True)
    (project / "package.json").write_text(json.dumps({"name": "own", "dependencies": {"alpha": "^1.0.0"}}))
    (package / "package.json").write_text(json.dumps({"name": "alpha", "version": "1.2.3", "license": "MIT"}))
    (package / "index.js").write_text(JS)
    (package / "node_modules" / "inner").mkdir(parents=True)
    (package / "node_modules" / "inner" / "x.js").write_text(library(8))
    run(str(project))
    index = user_index()
    assert index is not None
    copy = recognise(minified(JS).encode(), "x.js", index)[0]
    assert (copy.package, copy.version, copy.license) == ("pkg:npm/alpha", "1.2.3", "MIT")
    assert recognise(library(8).encode(), "x.js", index) == ()
    assert "packages" in run("info")


def test_an_own_tree(cache: Path) -> None:
    own = cache / "own"
    (own / "src").mkdir(parents=True)
    (own / "src/app.js").write_text(JS)
    (own / "src/tool.py").write_text(module(1))
    (own / "src/link.js").symlink_to("/etc/hostname")
    run("--own", str(own), "--name", "Our product")
    index = user_index()
    assert index is not None
    assert recognise(minified(JS).encode(), "x.js", index)[0].package == "pkg:generic/Our%20product"
    (own / "src/app.js").write_text(library(5))
    run("--own", str(own), "--name", "Our product")
    index = user_index()
    assert index is not None
    assert recognise(minified(JS).encode(), "x.js", index) == ()


def test_an_own_tree_needs_a_name(cache: Path) -> None:
    with pytest.raises(InputError, match="--name"):
        run("--own", str(cache))


def test_nothing_indexed(cache: Path) -> None:
    assert user_index() is None
    with pytest.raises(InputError, match="no code is indexed"):
        run("info")


def tarball(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


class Published:
    """A registry with one package in four versions, the third of them damaged."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def versions(self, ecosystem: str, name: str) -> tuple[str, ...]:
        if name != "alpha":
            raise RegistryError("it does not exist", path=name)
        return ("1.10.0", "1.2.0", "1.9.0", "2.0.0")

    def archive(self, component: Component) -> Archive:
        version = str(component.version)
        self.asked.append(version)
        data = b"nonsense" if version == "1.10.0" else tarball({"index.js": library(1, changed=len(self.asked))})
        archive = Archive(component.name, "npm", "npm", "alpha.tgz", "https://registry.example/alpha.tgz")
        archive.stream = io.BytesIO(data)
        return archive

    def files(self, component: Component) -> PackageFiles:
        return PackageFiles(Origin.REGISTRY, "", license_claims({"license": "ISC"}, "", Origin.REGISTRY))


def test_named_packages_from_a_registry(tmp_path: Path) -> None:
    shelf, registry = Shelf(tmp_path), Published()
    fetched: Any = registry
    count, problems = index_named(["alpha", "missing"], 3, shelf, fetched, lambda *_said: None)
    assert registry.asked == ["1.9.0", "1.10.0", "2.0.0"]
    assert count == 2
    assert [problem.partition(":")[0] for problem in problems] == ["alpha 1.10.0", "missing"]
    index = shelf.rebuild()
    copy = recognise(library(1, changed=3).encode(), "x.js", index)[0]
    assert (copy.package, copy.version, copy.license) == ("pkg:npm/alpha", "2.0.0", "ISC")
    index_named(["alpha"], 1, shelf, fetched, lambda *_said: None)
    assert registry.asked[3:] == []


def test_every_byte_of_an_export_counts(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "one")
    shelf.put([segment("alpha", "1", {"a.js": library(1, functions=3)})])
    shelf.export(tmp_path / "file")
    whole = (tmp_path / "file").read_bytes()
    said = set()
    for at in range(10, len(whole)):  # the head of gzip names a time and a system, which say nothing
        (tmp_path / "file").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with pytest.raises(InputError) as caught:
            Shelf(tmp_path / "two").import_(tmp_path / "file")
        said.add(caught.value.message)
    assert said <= {"is not an exported code index", "was written by a different version of licscan"}
    assert Shelf(tmp_path / "two").known() == set()


def test_an_export_of_another_version_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(b"licscan code segments 0\nand more"))
    with pytest.raises(InputError, match="a different version"):
        Shelf(tmp_path / "code").import_(tmp_path / "file")


def test_what_is_damaged_is_said_and_put_aside(cache: Path) -> None:
    (cache / "own").mkdir()
    run("--own", str(cache / "own"), "--name", "Our product")
    place = cache / "cache/licscan/code"
    (place / "segments.sqlite").write_bytes(b"no database at all" * 400)
    assert "set aside" in run("--own", str(cache / "own"), "--name", "Our product")
    assert (place / "segments.sqlite.damaged").is_file()
    assert "set aside" not in run("--own", str(cache / "own"), "--name", "Our product")


def test_imported_by_command(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "own").mkdir()
    (cache / "own/app.js").write_text(JS)
    run("--own", str(cache / "own"), "--name", "Our product", "--export", str(cache / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "elsewhere"))
    assert user_index() is None
    run("--import", str(cache / "file"))
    index = user_index()
    assert index is not None
    assert recognise(minified(JS).encode(), "x.js", index)[0].name == "Our product"
