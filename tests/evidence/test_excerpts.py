"""What is read of a stored package is what is read of its files: marks, statements, banners, libraries."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.evidence.build import record_npm, record_wheel
from licscan.evidence.excerpts import banner_of, head_of, join, split
from licscan.evidence.stored import StoredTree
from licscan.inside.holders import named_holders
from licscan.inside.vendored import vendored_in
from licscan.locate.trees import FolderTree
from licscan.model import Origin
from licscan.packages.marks import BANNER_HEAD, STATEMENT, STATEMENT_HEAD, has_banner
from licscan.packages.natives import facts_of
from tests.evidence.made import LICENSE, elf, noise, npm, unpacked, wheel

WORDS = [
    b"Copyright 2001 A B\n", b"(c) 1999, \n 2000 Foo", "© 2010 Ünü\n".encode(), b"&copy; 2003 X", b"copyright by me",
    b"/*! kept */", b"@license MIT\n", b"@preserve", b"/* open", b"*/", b"\n", b" ", b"x" * 50, b"\xff\xc2", b"https://a",
    b"license", b"y" * 4_000, b"\n" * 3_000, b"\xe5\x85\xac", b"word (c)", b"@lic",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join)


@given(TEXTS)
@example(b"\n" * 9_000 + b"Copyright 2001 A")
@example(b"x" * 4_090 + b" Copyright 2001 Ann Example")
def test_a_head_has_the_statement_that_the_file_has(data: bytes) -> None:
    whole = STATEMENT.search(data[:STATEMENT_HEAD].decode("utf-8", "replace"))
    cut = head_of(data)
    if whole is None:
        assert cut is None
        return
    assert cut is not None
    assert data.startswith(cut)
    found = STATEMENT.search(cut.decode("utf-8", "replace"))
    assert found is not None
    assert (found[0], found.start()) == (whole[0], whole.start())


@given(TEXTS)
@example(b"\n" * 9_000 + b"Copyright 2001 A")
@example(b" " * 9_000 + b"/*! late */")
@example(b"")
@example(b" \n")
def test_an_excerpt_has_a_banner_where_the_file_has_one(data: bytes) -> None:
    head, rest = split(banner_of(data))
    assert has_banner(head + b"\n" + rest) == has_banner(data)
    whole = STATEMENT.search(data[:STATEMENT_HEAD].decode("utf-8", "replace"))
    cut = STATEMENT.search(head[:STATEMENT_HEAD].decode("utf-8", "replace"))
    assert (whole and whole[0]) == (cut and cut[0])
    assert len(head) <= BANNER_HEAD


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_excerpts_come_apart_again(head: bytes, rest: bytes) -> None:
    assert split(join(head, rest)) == (head, rest)


def test_kept_comments_are_whole_and_few() -> None:
    code = b"var a=1;" * 2_000 + b"/*! jQuery v1 | (c) J */" + b"x;" * 9_000 + b"/*! other */" * 5_000
    rest = split(banner_of(code))[1]
    assert rest.startswith(b"/*! jQuery v1 | (c) J */\n/*! other */\n")
    assert len(rest) < 20_000


FILES = {
    "package.json": b'{"name": "own", "version": "1.0.0", "author": "Ada"}',
    "LICENSE": LICENSE,
    "index.js": b"// Copyright 2001 Index Authors\n",
    "lib/a.ts": b"code\n" * 900 + b"// Copyright 1999 Too Late\n",
    "lib/b.ts": b"/*\n * (c) 2005\n * by \xff B\n */\n",
    "vendor/alpha/a.js": b"var a = 1;\n" * 2_000 + b"/*! alpha */",
    "vendor/beta/b.js": b"var b = 1;\n" * 2_000,
    "vendor/blank/c.js": b"  \n",
    "vendor/empty/d.js": b"",
    "vendor/huge/e.js": noise(2_200_000),
    "vendor/own/e.js": b"1",
    "static/jquery-3.4.1.min.js": b"!function(){}",
    "static/moment-2.0.0.min.js": b"// license: MIT",
    "test/vendor/x/e.js": b"1",
}


class Folder:
    """Readers of folders, over a stored tree: the files that it can read, as it reads them."""

    def __init__(self, folder: Path, tree: StoredTree):
        for entry in tree.entries:
            place = folder / entry.path
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                place.write_bytes(tree.read(entry.path, 2 * 1024 * 1024))
            except InputError:
                place.write_bytes(b"")
        self.paths = [entry.path for entry in tree.entries]


def test_vendored_files_are_the_same_from_a_folder_and_from_the_record(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "installed", FILES)
    draft = record_npm(io.BytesIO(npm(FILES)))
    tree = StoredTree(draft.record, draft.blobs.get)
    stored = Folder(tmp_path / "stored", tree)
    one = list(vendored_in(FolderTree(Origin.INSTALLED, "x", str(folder)), FILES, ["LICENSE"], "own"))
    assert one == list(vendored_in(tree, stored.paths, ["LICENSE"], "own"))
    assert [unit.name for unit in one] == ["jquery", "beta"]


def test_holders_are_the_same_from_a_folder_and_from_the_record(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "installed", FILES)
    draft = record_npm(io.BytesIO(npm(FILES)))
    tree = StoredTree(draft.record, draft.blobs.get)
    heads = {path: tree.head(path, STATEMENT_HEAD) for path in FILES}
    found = named_holders(FolderTree(Origin.INSTALLED, "x", str(folder)), "package.json", FILES)
    assert found == named_holders(tree, "package.json", heads)
    assert found == (
        "Ada (package.json)",
        "Copyright 2001 Index Authors (index.js)",
        "(c) 2005 * by \ufffd B (lib/b.ts)",
    )


def test_libraries_are_the_same_from_a_folder_and_from_the_record(tmp_path: Path) -> None:
    files = {
        "own/_c.abi3.so": elf(b"", b"PyInit_c  libpng version 1.6.40 \n"),
        "own.libs/libssl-0a1b2c3d.so.3": elf(b"libssl.so.3"),
        "own/junk.dll": noise(4_000),
        "own/cut.so": elf(b"x")[:130],
        "own/small.so": b"\x7fELF",
    }
    unpacked(tmp_path, files)
    draft = record_wheel(io.BytesIO(wheel(files)), "thing-1.0-py3-none-any.whl")
    tree = StoredTree(draft.record, draft.blobs.get)
    for path in files:
        assert tree.native(path) == facts_of((tmp_path / path).read_bytes(), marks=True)
