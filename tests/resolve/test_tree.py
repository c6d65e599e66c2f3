"""Hostile folders: links out, pipes, huge and binary files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.base.tree import Tree, decode, join


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/hostname"])
def test_no_way_out_of_the_root(tmp_path: Path, path: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "x").write_text("secret")
    tree = Tree(tmp_path / "root")
    assert not tree.exists(path)
    with pytest.raises(InputError, match="outside the scanned folder"):
        tree.read_bytes(path)


def test_a_link_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "root" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "root" / "folder").symlink_to(tmp_path)
    tree = Tree(tmp_path / "root")
    assert not tree.exists("link")
    assert tree.names("folder") == []
    with pytest.raises(InputError, match="link that points outside"):
        tree.read_bytes("folder/secret")


def test_a_link_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("here")
    (tmp_path / "link").symlink_to("real")
    assert Tree(tmp_path).read_text("link") == "here"


def test_a_loop_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match=r"^a: cannot be read"):
        Tree(tmp_path).read_bytes("a")


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "package.json")
    with pytest.raises(InputError, match="not a regular file"):
        Tree(tmp_path).read_bytes("package.json")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="is larger than"):
        Tree(tmp_path, max_bytes=10).read_bytes("big")
    assert len(Tree(tmp_path, max_bytes=11).read_bytes("big")) == 11


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^a/b\.txt: cannot be read: No such file"):
        Tree(tmp_path).read_text("a/b.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_bom(encoding: str) -> None:
    assert decode("版权 = é".encode(encoding)) == "版权 = é"


def test_latin_1_is_the_last_resort() -> None:
    assert decode(b"caf\xe9") == "café"


@pytest.mark.parametrize("data", [b"\0binary", b"\xff\xfe\x00", b"\x7fELF\0"])
def test_binary_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data, "lock")


@given(st.binary())
def test_any_bytes_are_text_or_one_error(data: bytes) -> None:
    path = None
    try:
        assert isinstance(decode(data, "f"), str)
    except InputError as error:
        path = error.path
    assert path in (None, "f")


@pytest.mark.parametrize(
    ("folder", "relative", "joined"),
    [("", "a", "a"), ("a", "../b", "b"), ("a/b", ".", "a/b"), ("a", "../../b", "../b"), ("", ".", "")],
)
def test_join(folder: str, relative: str, joined: str) -> None:
    assert join(folder, relative) == joined
