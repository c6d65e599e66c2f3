"""What a target holds: one digest that tells whether it changed, and a folder to scan."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from licscan.base.errors import InputError
from licscan.fleet import contents
from licscan.fleet.contents import contents_of, digest_of_folder, inputs_of
from licscan.fleet.model import Kind, Target

FILES = {"a.txt": b"a", "b/c.txt": b"c", "b/d/e.txt": b"e", "b.txt": b"", "z z/\u00e9.txt": b"z"}


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def listed(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --- digests ----------------------------------------------------------------------------------------------------------


def test_times_order_and_place_do_not_count(tmp_path: Path) -> None:
    first = lay(tmp_path / "one", FILES)
    second = lay(tmp_path / "two" / "deep", dict(reversed(FILES.items())))
    for number, path in enumerate(second.rglob("*")):
        os.utime(path, (number, number))
    assert digest_of_folder(first) == digest_of_folder(second)
    assert inputs_of(Target(Kind.FOLDER, str(first))) == inputs_of(Target(Kind.FOLDER, str(second)))


@pytest.mark.parametrize("name", [".git", ".licscan", ".hg", ".svn", "b/.git", "b/d/.licscan"])
def test_what_tools_keep_does_not_count(tmp_path: Path, name: str) -> None:
    folder = lay(tmp_path / "app", FILES)
    before = digest_of_folder(folder)
    lay(folder / name, {"HEAD": b"x"})
    assert digest_of_folder(folder) == before


def test_a_work_tree_of_git_is_the_same_wherever_its_repository_lies(tmp_path: Path) -> None:
    folder = lay(tmp_path / "app", FILES)
    before = digest_of_folder(folder)
    (folder / ".git").write_text("gitdir: /somewhere/else\n")
    assert digest_of_folder(folder) == before


def test_each_change_counts(tmp_path: Path) -> None:
    folder = lay(tmp_path / "app", FILES)
    seen = [digest_of_folder(folder)]

    def changed() -> None:
        digest = digest_of_folder(folder)
        assert digest not in seen
        seen.append(digest)

    (folder / "a.txt").write_bytes(b"A")
    changed()
    (folder / "a.txt").rename(folder / "b" / "a.txt")
    changed()
    (folder / "link").symlink_to("b.txt")
    changed()
    (folder / "link").unlink()
    (folder / "link").symlink_to("b/c.txt")
    changed()
    (folder / "link").unlink()
    (folder / "link").write_bytes(b"c")
    changed()
    (folder / "new").write_bytes(b"")
    changed()
    (folder / "gitignore.git").write_bytes(b"")
    changed()


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = lay(tmp_path / "outside", FILES)
    folder = lay(tmp_path / "app", {"a": b"a"})
    (folder / "out").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    before = digest_of_folder(folder)
    lay(outside, {"more": b"x"})
    assert digest_of_folder(folder) == before


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    folder = lay(tmp_path / "app", {"a": b"a"})
    os.mkfifo(folder / "pipe")
    assert digest_of_folder(folder)
    with pytest.raises(InputError, match="regular file"):
        inputs_of(Target(Kind.ARTIFACT, str(folder / "pipe")))


def test_a_target_that_is_gone_is_one_line(tmp_path: Path) -> None:
    for kind in (Kind.FOLDER, Kind.ARTIFACT, Kind.SBOM):
        gone = Target(kind, str(tmp_path / "none"))
        with pytest.raises(InputError, match="does not exist"):
            inputs_of(gone)
        if kind is not Kind.ARTIFACT:
            with pytest.raises(InputError, match="does not exist"), contents_of(gone, ""):
                pass


# --- artifacts --------------------------------------------------------------------------------------------------------


def tar_of(path: Path, members: list[tuple[str, bytes | None, bytes, str]]) -> Path:
    """Members: name, data, type, link."""
    with tarfile.open(path, "w:gz") as archive:
        for name, data, kind, link in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(data or b"")
            archive.addfile(info, io.BytesIO(data) if data is not None else None)
    return path


def unpacked(path: Path) -> dict[str, bytes]:
    with contents_of(Target(Kind.ARTIFACT, str(path)), "") as folder:
        scratch = folder.parent
        found = listed(scratch)
        assert not [one for one in scratch.rglob("*") if one.is_symlink()]
    assert not scratch.exists()
    return found


REG, SYM, LNK, FIFO, DIR = tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE
HOSTILE: dict[str, list[tuple[str, bytes | None, bytes, str]]] = {
    "dots": [("../evil", b"x", REG, ""), ("a/../../evil", b"x", REG, "")],
    "absolute": [("/evil", b"x", REG, ""), ("//evil", b"x", REG, "")],
    "link out": [("d", None, SYM, "/tmp"), ("d/evil", b"x", REG, "")],
    "link up": [("d", None, SYM, ".."), ("d/evil", b"x", REG, "")],
    "hard link": [("h", None, LNK, "/etc/hostname")],
    "file then folder": [("d", b"x", REG, ""), ("d/evil", b"x", REG, "")],
    "folder then file": [("d/a", b"x", REG, ""), ("d", b"x", REG, "")],
    "twice": [("a", b"1", REG, ""), ("a", b"2", REG, "")],
    "pipe": [("p", None, FIFO, "")],
    "repository": [(".git/hooks/post-checkout", b"x", REG, ""), ("./.git/config", b"x", REG, "")],
    "own": [(".licscan/licscan.db", b"x", REG, "")],
    "long name": [("n" * 300, b"x", REG, "")],
    "long path": [("/".join(["n" * 200] * 30), b"x", REG, "")],
    "deep": [("d/" * 500 + "a", b"x", REG, "")],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_stay_inside(tmp_path: Path, name: str) -> None:
    path = tar_of(tmp_path / "app.tar.gz", [*HOSTILE[name], ("good", b"good", REG, "")])
    try:
        found = unpacked(path)
    except InputError:
        return  # not read at all
    assert all(one.startswith("app.tar.gz/") for one in found)
    assert not [one for one in found if "/.git/" in one or "/.licscan/" in one]
    assert found["app.tar.gz/good"] == b"good"
    assert not (tmp_path / "evil").exists()


def test_a_zip_is_laid_down(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    found = unpacked(tmp_path / "app.zip")
    assert {one.removeprefix("app.zip/"): data for one, data in found.items()} == FILES


def test_no_archive_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "app.zip").write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(InputError) as caught:
        unpacked(tmp_path / "app.zip")
    assert "\n" not in str(caught.value)


# --- repositories -----------------------------------------------------------------------------------------------------

pytestmark_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder: Path, *words: str) -> str:
    names = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder)}
    done = subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True, timeout=120,
        env={**os.environ, **names, **alone},
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> dict[str, str]:
    """A repository of three commits: its address and the commits."""
    place = tmp_path / "work.git"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    found = {"address": f"file://{place}"}
    for name in ("one", "two", "three"):
        lay(place, {"LICENSE": name.encode(), f"{name}.txt": b"x"})
        git(place, "add", "-A")
        git(place, "commit", "-q", "-m", name)
        found[name] = git(place, "rev-parse", "HEAD")
        if name == "one":
            git(place, "tag", "light")
        if name == "two":
            git(place, "tag", "-a", "-m", "noted", "noted")
            git(place, "branch", "side/line")
    (place / "not-committed.txt").write_text("x")
    return found


@pytestmark_git
@pytest.mark.parametrize(
    ("reference", "commit"),
    [("", "three"), ("main", "three"), ("side/line", "two"), ("light", "one"), ("noted", "two"), ("=one", "one")],
)
def test_a_repository_is_read_at_a_reference(repository: dict[str, str], reference: str, commit: str) -> None:
    reference = repository[reference[1:]] if reference.startswith("=") else reference
    target = Target(Kind.GIT, repository["address"], reference)
    assert inputs_of(target) == repository[commit]
    with contents_of(target, repository[commit]) as folder:
        assert folder.name == "work"
        assert (folder / "LICENSE").read_text() == commit
        assert not (folder / ".git").exists()
        assert not (folder / "not-committed.txt").exists()
    assert not folder.exists()


@pytestmark_git
def test_no_such_branch_and_no_such_repository_are_one_line(repository: dict[str, str], tmp_path: Path) -> None:
    for target in (
        Target(Kind.GIT, repository["address"], "none"),
        Target(Kind.GIT, repository["address"], "--upload-pack=touch evil"),
        Target(Kind.GIT, f"file://{tmp_path}/none.git"),
        Target(Kind.GIT, "ext::sh -c touch% evil"),
    ):
        with pytest.raises(InputError) as caught:
            inputs_of(target)
        assert "\n" not in str(caught.value)


@pytestmark_git
def test_a_branch_that_moves_meanwhile_is_told(repository: dict[str, str]) -> None:
    target = Target(Kind.GIT, repository["address"], "main")
    with pytest.raises(InputError, match="moved on"), contents_of(target, repository["one"]):
        pass


@pytestmark_git
def test_a_repository_that_holds_too_much_is_told(repository: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_FILES", 2)
    target = Target(Kind.GIT, repository["address"], "main")
    with pytest.raises(InputError, match="more than is read"), contents_of(target, repository["three"]):
        pass
