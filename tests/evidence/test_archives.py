"""Archives to records: what is listed and kept, and how hostile ones end."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import InputError
from licscan.evidence import build, unpack
from licscan.evidence.build import record_npm, record_sdist, record_wheel
from licscan.evidence.record import Draft, unread_of
from licscan.evidence.store import EvidenceStore
from licscan.evidence.stored import StoredTree
from licscan.evidence.unpack import Unpacked
from licscan.packages.tree import FileEntry
from tests.evidence.made import LICENSE, MANIFEST, Ranges, elf, member, noise, npm, tar, wheel, zipped


def recorded(data: bytes, **more: str) -> Draft:
    return record_npm(io.BytesIO(data), filename="left.tgz", **more)


def tree_of(draft: Draft) -> StoredTree:
    return StoredTree(draft.record, draft.blobs.get)


@pytest.mark.parametrize("wrap", ["package", "left-1.2.3", "it has blanks", "./package"])
def test_the_folder_that_wraps_all_is_taken_off_whatever_its_name(wrap: str) -> None:
    draft = recorded(npm({"LICENSE": LICENSE, "lib/a.js": b"1"}, wrap))
    record = draft.record
    assert (record.ecosystem, record.name, record.version) == ("npm", "left", "1.2.3")
    assert record.entries == tuple(
        FileEntry(path, len(data), hashlib.sha256(data).hexdigest())
        for path, data in (("LICENSE", LICENSE), ("lib/a.js", b"1"), ("package.json", MANIFEST))
    )
    assert set(record.kept) == {"LICENSE", "package.json"}
    assert tree_of(draft).read("LICENSE", 1_000) == LICENSE
    assert record.unread == ()


def test_the_size_is_that_of_the_stream_which_is_read_to_its_end() -> None:
    data = npm({"LICENSE": LICENSE}) + bytes(10_000)
    stream = io.BytesIO(data)
    assert record_npm(stream).record.size == len(data)
    assert stream.read() == b""


def test_plain_tars_and_joined_gzip_streams_are_read() -> None:
    plain = tar([member("package/package.json", MANIFEST), member("package/LICENSE", LICENSE)])
    joined = gzip.compress(plain[:700]) + gzip.compress(plain[700:])
    assert recorded(plain).record.entries == recorded(joined).record.entries != ()


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_of_every_format_are_read(format_: int) -> None:
    path = "/".join(["deep" * 8] * 6) + "/LICENSE"
    listed = [member("package/package.json", MANIFEST), member(f"package/{path}", LICENSE)]
    assert path in recorded(gzip.compress(tar(listed, format_))).record.kept


def test_names_that_are_no_utf8_are_kept_as_the_file_system_has_them() -> None:
    listed = [member("package/package.json", MANIFEST), member("package/LICENSE-\udce4", LICENSE)]
    draft = recorded(gzip.compress(tar(listed, tarfile.GNU_FORMAT)))
    assert tree_of(draft).read("LICENSE-\udce4", 1_000) == LICENSE
    store = EvidenceStore(None)
    store.put(draft, ["k"])
    assert store.get("k") == draft.record


def test_what_comes_twice_counts_as_it_came_last() -> None:
    listed = [
        member("package/LICENSE", b"first"),
        member("package/vendor/x/a.js", b"/* Copyright 2001 A */"),
        member("package/package.json", b"{}"),
        member("package/LICENSE", LICENSE),
        member("package/vendor/x/a.js", b"1"),
        member("package/package.json", MANIFEST),
    ]
    draft = recorded(gzip.compress(tar(listed)))
    assert [entry.path for entry in draft.record.entries] == ["LICENSE", "package.json", "vendor/x/a.js"]
    assert tree_of(draft).read("LICENSE", 1_000) == LICENSE
    assert b"Copyright" not in tree_of(draft).read("vendor/x/a.js", 1_000)
    assert b"first" not in draft.blobs.values()


def test_nothing_leads_out_and_links_are_no_files() -> None:
    listed = [
        member("package/package.json", MANIFEST),
        member("package/../../etc/LICENSE", LICENSE),
        member("/package/LICENSE", LICENSE),
        member("package/link/LICENSE", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        member("package/hard", kind=tarfile.LNKTYPE, link="package/package.json"),
        member("package/pipe", kind=tarfile.FIFOTYPE),
        member("LICENSE", LICENSE),
        member("package/" + "n" * 5_000, b"1"),
    ]
    draft = recorded(gzip.compress(tar(listed)))
    assert [entry.path for entry in draft.record.entries] == ["package.json"]
    assert [path[:30] for path, _why in unread_of(draft.record)] == [
        "pipe", "/package/LICENSE", "package/../../etc/LICENSE", "package/" + "n" * 22,
    ]  # fmt: skip


def test_bundled_packages_keep_their_manifests_and_texts() -> None:
    other = json.dumps({"name": "@s/in", "version": "1.0.0"}).encode()
    draft = recorded(
        npm(
            {
                "node_modules/@s/in/package.json": other,
                "node_modules/@s/in/LICENSE": LICENSE,
                "node_modules/@s/in/index.js": b"// Copyright 2001 B",
                "node_modules/@s/in/node_modules/deep/package.json": other,
                "esm/package.json": b'{"type": "module"}',
            }
        )
    )
    assert set(draft.record.kept) == {
        "package.json", "node_modules/@s/in/package.json", "node_modules/@s/in/LICENSE",
        "node_modules/@s/in/node_modules/deep/package.json",
    }  # fmt: skip
    assert not draft.record.excerpts


@pytest.mark.parametrize("order", [["legal/terms.txt", "package.json"], ["package.json", "legal/terms.txt"]])
def test_a_text_that_the_metadata_points_at_is_kept_wherever_it_stands(order: list[str]) -> None:
    files = {
        "package.json": json.dumps(
            {"name": "a", "version": "1", "license": "SEE LICENSE IN ./legal/terms.txt"}
        ).encode(),
        "legal/terms.txt": b"All rights reserved.",
    }
    draft = recorded(gzip.compress(tar(member(f"p/{path}", files[path]) for path in order)))
    assert tree_of(draft).read("legal/terms.txt", 100) == b"All rights reserved."
    aside = recorded(npm({"legal/terms.txt": b"x"}))
    assert "legal/terms.txt" not in aside.record.kept
    with pytest.raises(InputError, match="was not stored"):
        tree_of(aside).read("legal/terms.txt", 100)


def test_libraries_are_facts() -> None:
    marked = elf(b"libz.so.1", b" deflate 1.3.1 Copyright 1995-2024 Jean-loup Gailly PyInit_x")
    draft = recorded(npm({"build/a.so": marked, "build/b.node": b"short"}))
    facts = tree_of(draft).native("build/a.so")
    assert facts is not None
    assert (facts.is_module, facts.soname, facts.linked) == (True, "libz.so.1", (("zlib", "1.3.1"),))
    assert tree_of(draft).native("none") is None
    assert len(draft.blobs) == 1


def test_texts_too_large_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = recorded(npm({"LICENSE": noise(5 * 1024 * 1024)}))
    assert unread_of(draft.record) == [("LICENSE", "is too large to be stored")]
    with pytest.raises(InputError, match="larger than 1 MB"):
        tree_of(draft).read("LICENSE", 1024 * 1024)


def bomb(size: int) -> bytes:
    info = tarfile.TarInfo("package/zeros")
    info.size = size
    head = tar([member("package/package.json", MANIFEST)])[:1024]
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=9) as file:
        file.write(head + info.tobuf(tarfile.GNU_FORMAT))
        for _block in range(size // (1 << 20)):
            file.write(bytes(1 << 20))
    return made.getvalue()


def crowd() -> bytes:
    return gzip.compress(tar(member(f"package/{number}", b"") for number in range(60)))


HOSTILE = {
    "ratio": (bomb(64 << 20), "more than 250 times"),
    "cut off": (npm({"LICENSE": noise(50_000)})[:-20_000], "is truncated"),
    "cut off in its last bytes": (npm({"LICENSE": LICENSE})[:-4], "is truncated"),
    "empty": (b"", "not a tar"),
    "not a tar": (gzip.compress(noise(2_000)), "not a tar"),
    "a page": (b"<html>" * 300, "not a tar"),
    "checksum": (npm({"LICENSE": LICENSE})[:-8] + bytes(8), "incorrect data check"),
    "header": (gzip.compress(tar([member("package/package.json", MANIFEST)])[:1024] + noise(1024)), "damaged header"),
    "no manifest": (gzip.compress(tar([member("package/LICENSE", LICENSE)])), "no readable package.json"),
    "a manifest that is none": (npm({"package.json": b"[1]"}), "no readable package.json"),
    "deep manifest": (npm({"package.json": b"[" * 100_000}), "no readable package.json"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tarballs_end_in_one_line(name: str) -> None:
    data, said = HOSTILE[name]
    with pytest.raises(InputError, match=said) as caught:
        recorded(data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("left.tgz: ")


def test_too_many_files_and_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MAX_FILES", 50)
    with pytest.raises(InputError, match="more than 50 files"):
        recorded(crowd())
    monkeypatch.setattr(unpack.Unpacked.__init__, "__defaults__", (40_000,))
    with pytest.raises(InputError, match="unpacks to more than"):
        recorded(npm({"a": noise(60_000)}))


def test_a_long_pax_header_is_not_taken_into_memory() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    with pytest.raises(InputError, match="header longer than"):
        recorded(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(4096)))


@given(st.binary(max_size=200), st.integers(0, 3_000), st.integers(0, 200))
def test_damaged_tarballs_never_end_otherwise(junk: bytes, place: int, length: int) -> None:
    whole = npm({"LICENSE": LICENSE, "vendor/x/a.js": b"/*! Copyright 2001 A */"})
    plain = gzip.decompress(whole)
    for data in (whole[:place] + junk + whole[place + length :], plain[:place] + junk + plain[place + length :]):
        try:
            draft = recorded(data)
        except InputError:
            continue
        assert [entry.path for entry in draft.record.entries] == sorted(entry.path for entry in draft.record.entries)


INFO = b"Metadata-Version: 2.4\nName: thing\nVersion: 1.0\nLicense-File: terms/own.txt\n"
SDIST = {"thing-1.0/PKG-INFO": INFO, "thing-1.0/LICENSE": LICENSE, "thing-1.0/terms/own.txt": b"own"}


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        ("thing-1.0.tar.gz", gzip.compress(tar(member(*pair) for pair in SDIST.items()))),
        ("thing-1.0.tar.bz2", bz2.compress(tar(member(*pair) for pair in SDIST.items()))),
        ("thing-1.0.tar.xz", lzma.compress(tar(member(*pair) for pair in SDIST.items()))),
        ("thing-1.0.zip", zipped(SDIST)),
    ],
    ids=["gz", "bz2", "xz", "zip"],
)
def test_source_distributions_of_every_kind(filename: str, data: bytes) -> None:
    draft = record_sdist(io.BytesIO(data), filename)
    record = draft.record
    assert (record.ecosystem, record.name, record.version, record.filename) == ("pypi", "thing", "1.0", filename)
    assert record.size == len(data)
    assert set(record.kept) == {"PKG-INFO", "LICENSE", "terms/own.txt"}
    assert all(entry.sha256 for entry in record.entries)
    with pytest.raises(InputError):
        record_sdist(io.BytesIO(data[: len(data) // 2]), filename)


def test_a_source_distribution_without_metadata_has_to_be_named() -> None:
    data = gzip.compress(tar([member("x-1/setup.py", b"setup()")]))
    with pytest.raises(InputError, match="no readable PKG-INFO"):
        record_sdist(io.BytesIO(data), "x-1.tar.gz")
    assert record_sdist(io.BytesIO(data), "x-1.tar.gz", name="x", version="1").record.kept.keys() == {"setup.py"}


WHEEL = {
    "thing/__init__.py": b"# Copyright 2001 Thing Authors\n",
    "thing/_vendor/other/core.py": b"pass\n",
    "thing.libs/libz-0a1b2c3d.so.1": elf(b"libz.so.1"),
    "thing-1.0.dist-info/licenses/AUTHORS.x": b"who",
    "thing-1.0.dist-info/sboms/a.cdx.json": b"{}",
    "thing-1.0.data/purelib/more/LICENSE": LICENSE,
    "thing-1.0.data/scripts/run": b"#!python",
}


def test_wheels_list_what_is_installed() -> None:
    data = wheel(WHEEL)
    draft = record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl")
    record = draft.record
    assert (record.name, record.version, record.size, record.partial) == ("thing", "1.0", len(data), False)
    digests = {entry.path: entry.sha256 for entry in record.entries}
    assert "more/LICENSE" in digests
    assert not any(".data/" in path for path in digests)
    assert digests["thing/__init__.py"] == hashlib.sha256(WHEEL["thing/__init__.py"]).hexdigest()
    assert set(record.kept) == {
        "more/LICENSE", *(f"thing-1.0.dist-info/{name}" for name in ("METADATA", "RECORD", "WHEEL")),
        "thing-1.0.dist-info/licenses/AUTHORS.x", "thing-1.0.dist-info/sboms/a.cdx.json",
    }  # fmt: skip
    assert record.natives["thing.libs/libz-0a1b2c3d.so.1"].soname == "libz.so.1"
    assert tree_of(draft).head("thing/__init__.py", 4096) == WHEEL["thing/__init__.py"]
    assert not tree_of(draft).head("thing/_vendor/other/core.py", 4096).startswith(b"#")


def test_digests_of_record_are_taken_for_what_is_not_read_alone() -> None:
    data = wheel({"thing/a.bin": b"1", "LICENSE": LICENSE}, record=False)
    record = record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl").record
    digests = {entry.path: entry.sha256 for entry in record.entries}
    assert digests["thing/a.bin"] == ""
    assert digests["LICENSE"] == hashlib.sha256(LICENSE).hexdigest()


def test_of_a_remote_wheel_little_is_fetched_and_the_rest_is_named() -> None:
    files = {
        "thing/data.bin": noise(3_000_000),
        "thing/big.so": noise(2_000_000, b"big"),
        "thing/small.so": elf(b"libz.so.1") + noise(100_000, b"small"),
        "thing/_vendor/o/code.js": noise(1_500_000, b"code"),
        "thing/core.py": b"# Copyright 2001 A\n" * 10,
        "LICENSE": LICENSE,
    }
    data = wheel(files)
    file = Ranges(data)
    record = record_wheel(file, "thing-1.0-py3-none-any.whl", partial=True).record
    assert record.partial
    assert file.fetched < len(data) / 4
    assert sum(end - start for start, end in file.asked) < len(data) / 4
    assert record.unread == ("budget thing/_vendor/o/code.js", "budget thing/big.so")
    assert set(record.natives) == {"thing/small.so"}
    assert not record.excerpts  # the license names a holder: heads of sources are not asked for
    whole = record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl").record
    assert [entry.path for entry in whole.entries] == [entry.path for entry in record.entries]
    assert whole.unread == ()
    assert {"thing/big.so", "thing/small.so"} == set(whole.natives)


def test_heads_of_a_remote_wheel_without_a_holder_are_read() -> None:
    data = wheel({"thing/core.py": b"# Copyright 2001 A\n", "thing/data.bin": noise(500_000)})
    record = record_wheel(Ranges(data), "thing-1.0-py3-none-any.whl", partial=True).record
    assert set(record.excerpts) == {"thing/core.py"}


HOSTILE_WHEELS = {
    "no zip": (b"PK\3\4" + noise(500), "not a zip"),
    "cut off": (wheel(WHEEL)[:-30], "not a zip"),
    "no metadata": (zipped({"a.py": b""}), "no METADATA"),
    "bomb": (wheel({"LICENSE": bytes(64 << 20)}), "more than 250 times"),
    "damaged member": (wheel({"LICENSE": LICENSE * 50}).replace(b"\x00\x00METADATA", b""), "."),
}


@pytest.mark.parametrize("name", HOSTILE_WHEELS)
def test_hostile_wheels_end_in_one_line(name: str) -> None:
    data, said = HOSTILE_WHEELS[name]
    if name == "damaged member":
        place = data.index(b"LICENSE") + 12
        data = data[:place] + bytes(8) + data[place + 8 :]
    with pytest.raises(InputError, match=said) as caught:
        record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl")
    assert "\n" not in str(caught.value)


def test_paths_of_wheels_that_lead_out_are_named() -> None:
    data = wheel({"../LICENSE": LICENSE, "/etc/LICENSE": LICENSE, "a//LICENSE": LICENSE})
    record = record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl").record
    assert record.unread == ("path ../LICENSE", "path /etc/LICENSE", "path a//LICENSE")


def test_no_address_keeps_a_password() -> None:
    record = recorded(npm({}), url="https://me:secret@r.example/left.tgz?token=s").record
    assert "secret" not in record.url
    assert record.url.startswith("https://r.example/left.tgz")


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000, 9_000_000])
def test_long_reads_give_what_short_ones_do(size: int) -> None:
    data = bytes(range(256)) * 20_000
    whole = gzip.compress(data, 1)
    source = Unpacked(io.BytesIO(whole))
    assert source.read(100) == data[:100]
    assert source.read(size) == data[100 : 100 + size]
    assert source.read(len(data)) == data[100 + size :]
    assert source.read(2_000_000) == b""
    with pytest.raises(EOFError):
        Unpacked(io.BytesIO(whole[: len(whole) // 2])).read(9_000_000)
