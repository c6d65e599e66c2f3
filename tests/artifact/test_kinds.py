"""Every kind of container shows the files that were put in, and nothing is left behind."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.artifact import open_artifact
from licscan.base.errors import InputError
from tests.artifact import making
from tests.artifact.making import CONTAINERS, asar, docker, member, oci, tar_of, tarred, zipped

FILES = {"a.txt": b"alpha", "deep/er/b.js": b"beta" * 50_000, "deep/empty": b"", "naïve 😀.txt": b"x"}


def shown(path: Path) -> dict[str, bytes]:
    """What an artifact without problems shows."""
    with open_artifact(path) as artifact:
        assert artifact.problems == ()
        return {entry.path: entry.read(10_000_000) for entry in artifact.entries()}


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_kind_shows_its_files(name: str, tmp_path: Path) -> None:
    kind, make, prefix = CONTAINERS[name]
    with open_artifact(write(tmp_path / name, make(FILES))) as artifact:
        entries = list(artifact.entries())
        assert (artifact.kind, artifact.name, artifact.problems) == (kind, name, ())
        assert [entry.path for entry in entries] == sorted(entry.path for entry in entries)
        found = {e.path.removeprefix(prefix): e for e in entries if not prefix or e.path.startswith(prefix)}
        assert {path: entry.read(1_000_000) for path, entry in found.items()} == FILES
        assert {entry.sha256 for entry in found.values()} == {hashlib.sha256(c).hexdigest() for c in FILES.values()}
        assert all(entry.size == len(FILES[path]) for path, entry in found.items())


names = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/\\:!."), min_size=1, max_size=12
)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)


@settings(max_examples=40)
@given(st.dictionaries(paths, st.binary(max_size=2_000), min_size=1, max_size=12), st.sampled_from(sorted(CONTAINERS)))
def test_random_trees_come_back(files: dict[str, bytes], name: str) -> None:
    folders = {path[:place] for path in files for place in range(len(path)) if path[place] == "/"}
    files = {path: content for path, content in files.items() if path not in folders}
    _kind, make, prefix = CONTAINERS[name]
    with tempfile.TemporaryDirectory() as place:
        found = shown(write(Path(place) / name, make(files)))
    inner = {path.removeprefix(prefix): content for path, content in found.items() if path.startswith(prefix)}
    assert inner == files


def test_a_folder_and_its_links(tmp_path: Path) -> None:
    top = making.folder(tmp_path / "dist", {"a/one.js": b"1", "a/app.zip": zipped({"b.txt": b"2"})})
    (top / "link.js").symlink_to("a/one.js")
    (top / "again.js").symlink_to(top / "link.js")
    (top / "folder").symlink_to("a")
    (top / "loop").symlink_to("loop")
    assert shown(top) == {
        "a/one.js": b"1", "a/app.zip": (top / "a/app.zip").read_bytes(), "a/app.zip!/b.txt": b"2",
        "link.js": b"1", "again.js": b"1",
    }  # fmt: skip


def test_a_folder_with_what_is_no_file(tmp_path: Path) -> None:
    top = making.folder(tmp_path / "dist", {"ok.js": b"1"})
    write(tmp_path / "secret", b"s")
    (top / "up").symlink_to("../secret")
    (top / "far").symlink_to("/etc/passwd")
    os.mkfifo(top / "pipe")
    with open_artifact(top) as artifact:
        assert [entry.path for entry in artifact.entries()] == ["ok.js"]
        assert [(p.subject, p.message) for p in artifact.problems] == [
            ("dist: far", "is a link that leads outside"),
            ("dist: pipe", "is a device or a pipe, not a file"),
            ("dist: up", "is a link that leads outside"),
        ]


def test_layers_lie_over_each_other(tmp_path: Path) -> None:
    base = tar_of([
        (member("usr/lib/a", 1), b"a"), (member("usr/lib/gone", 1), b"g"), (member("opt/x/old", 1), b"o"),
        (member("lib", kind=tarfile.SYMTYPE, link="usr/lib"), b""), (member("was-folder/in", 1), b"i"),
        (member("bin/tool", kind=tarfile.SYMTYPE, link="/usr/lib/a"), b""), (member("hard", 1), b"h"),
    ])  # fmt: skip
    top = tar_of([
        (member("usr/lib/.wh.gone"), b""), (member("opt/x/new", 1), b"n"), (member("opt/x/.wh..wh..opq"), b""),
        (member("lib/b", 1), b"b"), (member("was-folder", 1), b"f"), (member("./usr/lib/a", 2), b"A2"),
        (member("/abs", 1), b"/"), (member("other", kind=tarfile.LNKTYPE, link="hard"), b""),
    ])  # fmt: skip
    last = tar_of([(member("hard", 3), b"new")])
    expected = {
        "abs": b"/", "bin/tool": b"A2", "hard": b"new", "opt/x/new": b"n", "other": b"h", "usr/lib/a": b"A2",
        "usr/lib/b": b"b", "was-folder": b"f",
    }  # fmt: skip
    layers = [base, gzip.compress(top), last]
    assert shown(write(tmp_path / "image.tar", docker(layers))) == expected
    assert shown(write(tmp_path / "image.tgz", gzip.compress(docker(layers)))) == expected
    assert shown(making.folder(tmp_path / "layout", oci(layers))) == expected


def test_several_images_and_platforms(tmp_path: Path) -> None:
    manifest = [
        {"RepoTags": ["chat/web:1"], "Layers": ["1.tar"]},
        {"RepoTags": ["../../etc"], "Layers": ["2.tar", "none.tar"]},
    ]
    files = {"1.tar": tarred({"a": b"1"}), "2.tar": tarred({"a": b"2"}), "manifest.json": json.dumps(manifest).encode()}
    with open_artifact(write(tmp_path / "both.tar", tarred(files))) as artifact:
        assert [(entry.path, entry.read(9)) for entry in artifact.entries()] == [
            ("__.._etc!/a", b"2"),
            ("chat_web:1!/a", b"1"),
        ]
        assert [p.message for p in artifact.problems] == ["is a layer that does not exist"]


def test_layers_in_zstd(tmp_path: Path) -> None:
    zstd = pytest.importorskip("backports.zstd")
    layer = zstd.compress(tarred(FILES))
    assert shown(write(tmp_path / "image.tar", docker([layer]))) == FILES
    assert shown(write(tmp_path / "x.tar.zst", layer)) == FILES


def test_a_web_manifest_is_no_image(tmp_path: Path) -> None:
    files = {"manifest.json": b'[{"file": "a.js"}]', "a.js": b"1"}
    with open_artifact(making.folder(tmp_path / "dist", files)) as artifact:
        assert (artifact.kind, len(list(artifact.entries()))) == ("folder", 2)


def test_an_asar_with_a_folder_beside_it(tmp_path: Path) -> None:
    packed = asar(
        {"index.js": b"i"}, {"native/x.node": {"size": 3, "unpacked": True}, "l": {"link": "index.js"}}
    )  # fmt: skip
    files = {"app.asar": packed, "app.asar.unpacked/native/x.node": b"elf"}
    inside = {"index.js": b"i", "l": b"i", "native/x.node": b"elf"}
    top = making.folder(tmp_path / "resources", files)
    assert shown(top / "app.asar") == inside
    for artifact in (top, write(tmp_path / "x.zip", zipped(files))):
        found = shown(artifact)
        assert {path[10:]: content for path, content in found.items() if path.startswith("app.asar!/")} == inside


def test_an_sdist_is_known_by_its_metadata(tmp_path: Path) -> None:
    content = gzip.compress(tarred({"x-1/PKG-INFO": b"Name: x", "x-1/setup.py": b""}))
    with open_artifact(write(tmp_path / "x-1.tar.gz", content)) as artifact:
        assert artifact.kind == "sdist"


def test_names_of_old_windows_packers(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a")
    info.filename = "folder\\file.txt"
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as archive:
        archive.writestr(info, b"w")
    assert shown(tmp_path / "w.zip") == {"folder/file.txt": b"w"}


def test_cases_are_kept_apart(tmp_path: Path) -> None:
    assert shown(write(tmp_path / "x.zip", zipped({"A": b"1", "a": b"2"}))) == {"A": b"1", "a": b"2"}


def test_longer_than_asked_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "x.zip", zipped({"d/a": b"12345"}))
    said = r"^x\.zip: d/a: is larger than 4 B and was not read$"
    with open_artifact(path) as artifact, pytest.raises(InputError, match=said):
        next(artifact.entries()).read(4)


def fail_inside(path: Path, folder: Path) -> None:
    with open_artifact(path) as artifact:
        assert len(list(artifact.entries())) == 5
        assert os.listdir(folder)
        raise OSError("mine")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    path = write(tmp_path / "x.tgz", gzip.compress(tarred({"in.zip": zipped(FILES)})))
    with pytest.raises(OSError, match="mine"):
        fail_inside(path, tmp_path / "tmp")
    assert os.listdir(tmp_path / "tmp") == []
    assert sorted(os.listdir(tmp_path)) == ["tmp", "x.tgz"]
    if before:
        assert len(os.listdir("/proc/self/fd")) == before
