"""Texts from wherever they lie; nothing that is too large, outside, or damaged."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from licscan.locate import Caches
from licscan.locate.contents import MAX_TEXT, CachedContents
from licscan.locate.pnpm_store import locate as locate_in_pnpm
from licscan.locate.trees import Trees
from licscan.model import Component, Origin, PackageFiles

LEFT = Component("pkg:npm/left@1.0.0", "left", "1.0.0", "npm", hashes=("sha512:" + "ab" * 64,))


def contents(root: Path, **environment: str) -> CachedContents:
    return CachedContents(Trees(Caches(root, environment, home=root / "home")))


def installed(place: str, origin: Origin = Origin.INSTALLED) -> PackageFiles:
    return PackageFiles(origin, place)


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "LICENSE").write_bytes(b"MIT")
    (tmp_path / "left" / "COPYING").symlink_to("LICENSE")
    for place in ("left", str(tmp_path / "left")):
        found, problems = contents(tmp_path).read(LEFT, installed(place), ["COPYING", "LICENSE"])
        assert found == {"COPYING": b"MIT", "LICENSE": b"MIT"}
        assert problems == ()


def test_what_a_folder_does_not_give_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "large").write_bytes(b"x" * (MAX_TEXT + 1))
    (folder / "folder").mkdir()
    found, problems = contents(tmp_path).read(LEFT, installed("left"), ["folder", "gone", "large", "out", "../secret"])
    assert found == {}
    assert [problem.message for problem in problems] == [
        "left/folder: cannot be read: Is a directory",
        "left/gone: cannot be read: No such file or directory",
        "left/large: is larger than 1 MB and was not read",
        "left/out: is a link that points outside the package's folder",
        "left/../secret: is a link that points outside the package's folder",
    ]
    assert {(problem.stage, problem.subject) for problem in problems} == {("read", LEFT.purl)}


def tgz(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def test_an_archive_of_npm(tmp_path: Path) -> None:
    tgz(tmp_path / "hash", {"LICENSE": b"MIT", "index.js": b"x", "NOTICE": b"x" * (MAX_TEXT + 1)})
    files = installed(str(tmp_path / "hash"), Origin.CACHE)
    found, problems = contents(tmp_path).read(LEFT, files, ["LICENSE", "NOTICE"])
    assert found == {"LICENSE": b"MIT"}
    assert [problem.message.rpartition("/")[2] for problem in problems] == [
        "NOTICE: is larger than 1 MB and was not read"
    ]
    assert contents(tmp_path).fixed(files)


@pytest.mark.parametrize(("name", "prefix"), [("left.zip", "node_modules/left/"), ("left.whl", "")])
def test_zips(tmp_path: Path, name: str, prefix: str) -> None:
    component = LEFT if prefix else Component("pkg:pypi/left@1", "left", "1", "pypi")
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr(f"{prefix}LICENSE", b"MIT")
    files = installed(str(tmp_path / name), Origin.CACHE)
    assert contents(tmp_path).read(component, files, ["LICENSE"]) == ({"LICENSE": b"MIT"}, ())


@pytest.mark.parametrize("name", ["left.zip", "hash"])
def test_a_damaged_archive_is_one_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8bno archive")
    found, problems = contents(tmp_path).read(LEFT, installed(str(tmp_path / name), Origin.CACHE), ["LICENSE"])
    assert found == {}
    assert len(problems) == 1
    assert "cannot be read" in problems[0].message


def test_a_registry_has_no_texts_at_hand(tmp_path: Path) -> None:
    files = installed("https://registry.npm.example/left.tgz", Origin.REGISTRY)
    assert contents(tmp_path).read(LEFT, files, ["LICENSE"]) == ({}, ())
    assert not contents(tmp_path).fixed(files)


def test_pnpms_store(tmp_path: Path) -> None:
    store = tmp_path / "store" / "v3"
    table: dict[str, dict[str, str]] = {}
    for name, data in {"package.json": b'{"name": "left", "version": "1.0.0"}', "LICENSE": b"MIT"}.items():
        digest = hashlib.sha512(data)
        path = store / "files" / digest.hexdigest()[:2] / digest.hexdigest()[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        table[name] = {"integrity": f"sha512-{base64.b64encode(digest.digest()).decode()}"}
    index = store / "files" / "ab" / ("ab" * 63 + "-index.json")
    index.parent.mkdir(parents=True, exist_ok=True)
    index.write_text(json.dumps({"files": table}))
    caches = Caches(tmp_path, {"npm_config_store_dir": str(tmp_path / "store")}, home=tmp_path / "home")
    (files,) = locate_in_pnpm(LEFT, caches)
    assert files.license_files == ("LICENSE",)
    found, problems = CachedContents(Trees(caches)).read(LEFT, files, ["LICENSE", "gone"])
    assert found == {"LICENSE": b"MIT"}
    assert [problem.message.rpartition("/")[2] for problem in problems] == ["gone: does not exist"]
