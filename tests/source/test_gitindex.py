"""git's index, as git writes it and as it never would."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.source.listing import list_sources
from licscan.vcs.index import parse, tracked, work_tree_of

FILE, LINK, MODULE = 0o100644, 0o120000, 0o160000


def entry(name: bytes, mode: int = FILE, hash_size: int = 20) -> bytes:
    head = b"\0" * 24 + struct.pack(">I", mode) + b"\0" * 12 + b"\1" * hash_size
    body = head + struct.pack(">H", min(len(name), 0xFFF)) + name
    return body + b"\0" * (8 - len(body) % 8)


def index(*entries: bytes, version: int = 2, rest: bytes = b"") -> bytes:
    return b"DIRC" + struct.pack(">II", version, len(entries)) + b"".join(entries) + rest + b"\2" * 20


@pytest.mark.parametrize("hash_size", [20, 32])
def test_files_and_submodules_are_told_links_are_not(hash_size: int) -> None:
    made = index(
        *(
            entry(name, mode, hash_size)
            for name, mode in [(b"a", FILE), (b"b/c.js", FILE), (b"l", LINK), (b"m", MODULE)]
        )
    )
    found = parse(made)
    assert found is not None
    assert (found.files, found.modules) == (("a", "b/c.js"), ("m",))


def test_names_of_version_4_are_compressed() -> None:
    def packed(cut: int, tail: bytes) -> bytes:
        return entry(b"")[:60] + struct.pack(">H", 1) + bytes([cut]) + tail + b"\0"

    found = parse(index(packed(0, b"src/one.js"), packed(6, b"two.js"), version=4))
    assert found is not None
    assert found.files == ("src/one.js", "src/two.js")


@pytest.mark.parametrize("name", [b"../x", b"/x", b"a//b", b".git/config", b"a/../b"])
def test_paths_that_lead_out_are_damage(name: bytes) -> None:
    assert parse(index(entry(name))) is None


@pytest.mark.parametrize("data", [b"", b"DIRC", index(entry(b"a"))[:40], index(version=9), index(rest=b"link\0\0\0\4")])
def test_what_is_damaged_or_split_is_none(data: bytes) -> None:
    assert parse(data) is None


@given(st.binary(max_size=300))
def test_any_bytes_raise_nothing(data: bytes) -> None:
    parse(b"DIRC\0\0\0\4\0\0\0\2" + data)
    parse(b"DIRC\0\0\0\2\0\0\0\2" + data)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("version", ["2", "4"])
def test_a_real_work_tree(tmp_path: Path, version: str) -> None:
    for path in ("src/a.js", "src/b.js", "dist/out.js", "node_modules/x/index.js", "new.js"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "src", "node_modules")
    git(tmp_path, "update-index", "--index-version", version)
    found = tracked(tmp_path)
    assert found is not None
    assert found.files == ("node_modules/x/index.js", "src/a.js", "src/b.js")
    assert work_tree_of(tmp_path / "src") == tmp_path
    listing = list_sources(tmp_path)
    assert (listing.paths, listing.by_git) == (("src/a.js", "src/b.js"), True)
    assert list_sources(tmp_path, ("src",), ("*b.js",)).paths == ("src/a.js",)
    # a folder that git ignores is walked
    assert list_sources(tmp_path / "dist").paths == ("out.js",)


def test_without_git_a_walk(tmp_path: Path) -> None:
    for path in ("src/a.js", "node_modules/x.js", ".venv/y.py", "env/pyvenv.cfg", "env/z.py", "vendor/v.js"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x\n")
    (tmp_path / "link").symlink_to(tmp_path / "src")
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    listing = list_sources(tmp_path, exclude=("vendor",))
    assert (listing.paths, listing.by_git) == ((".git", "src/a.js"), False)
