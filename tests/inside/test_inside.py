"""The parts of looking inside: names, lists, binaries, changed files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import FormatError
from licscan.inside.changed import changed_files
from licscan.inside.holders import notice_in
from licscan.inside.libraries import identity, key_of, libraries, library_of, spoken_of, stem_of
from licscan.inside.natives import natives_of
from licscan.inside.sboms import read_sbom
from licscan.inside.sections import sections_of
from licscan.licenses.statements import read_license
from licscan.locate.trees import FolderTree
from licscan.model import Origin
from licscan.packages.natives import facts_of
from licscan.packages.record import read_record
from tests.inside.trees import elf, row


def tree(folder: Path) -> FolderTree:
    return FolderTree(Origin.INSTALLED, "place", str(folder))


OWN = "pkg:pypi/holder@1.0"


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("pillow.libs/libpng16-1d1ba958.so.16.58.0", "png16"),
        ("numpy.libs/libgfortran-040039e1-0352e75f.so.5.0.0", "gfortran"),
        ("PIL/.dylibs/libtiff.6.dylib", "tiff"),
        ("x.libs/msvcp140-263139962577ecda4cd9469ca360a746.dll", "msvcp140"),
        ("libcrypto.so.3", "crypto"),
        ("lib.so", "lib"),
    ],
)
def test_the_name_in_a_file_name(path: str, stem: str) -> None:
    assert stem_of(path) == stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("png16", "libpng"),
        ("Little CMS 2", "lcms2"),
        ("libjpeg / libjpeg-turbo", "jpeg"),
        ("OpenJPEG", "openjp2"),
        ("sharpyuv", "libwebp"),
        ("brotlidec", "brotlicommon"),
        ("libXau", "Xau"),
        ("scipy_openblas64_", "OpenBLAS"),
    ],
)
def test_two_names_of_one_library(one: str, other: str) -> None:
    assert identity(one) == identity(other)


def test_libraries_that_differ_stay_apart() -> None:
    assert len({identity(name) for name in ("x264", "x265", "libX11", "zlib", "xz", "lz4", "zstd")}) == 7


def test_every_license_of_the_table_is_known() -> None:
    for library in libraries().values():
        for license_ in (library.license, *(older for _bound, older in library.below)):
            assert read_license(license_).expression == license_, library.name


def test_an_older_version_may_have_another_license() -> None:
    library = library_of("ssl")
    assert library is not None
    assert (library.license_of("1.1.1w"), library.license_of("3.0.0"), library.license_of(None)) == (
        "OpenSSL",
        "Apache-2.0",
        "Apache-2.0",
    )


def test_a_text_speaks_of_a_library_by_a_word_of_its_own() -> None:
    assert spoken_of(["png16"], "The PNG Reference Library License")
    assert spoken_of(["libpng"], "----\nLIBPNG\n----")
    assert not spoken_of(["tiff"], "notwithstanding")
    assert not spoken_of(["z"], "z")


def test_a_list_that_is_none_is_one_error() -> None:
    for data in (b"", b"{", b"[" * 100_000, b"[]", b"{}", b"\xff\xfe", b'{"bomFormat": "SPDX"}'):
        with pytest.raises(FormatError):
            read_sbom(data, "a.json", OWN)


def test_an_spdx_3_list() -> None:
    graph = [
        {"type": "software_Package", "name": "zlib", "software_packageVersion": "1.3"},
        {"type": "software_Package", "name": "holder", "software_packageUrl": "pkg:pypi/holder@1.0"},
        {"type": "Person", "name": "Jane"},
        7,
    ]
    found, lost = read_sbom(json.dumps({"@context": "x", "@graph": graph}).encode(), "a.json", OWN)
    assert ([one.purl for one in found], lost) == (["pkg:generic/zlib@1.3"], 0)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["library", "pkg:npm/a@1", "optional"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "name", "version", "purl", "licenses", "license", "id", "components", "scope", "bom-ref"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.sampled_from(["components", "packages", "relationships", "@graph"]))
def test_no_list_breaks_the_reader(value: object, key: str) -> None:
    for head in ({"bomFormat": "CycloneDX"}, {"spdxVersion": "SPDX-2.3"}, {"@graph": []}):
        data = json.dumps({**head, key: value}).encode()
        try:
            found, lost = read_sbom(data, "a.json", OWN)
        except FormatError:
            continue
        assert lost >= 0
        assert all(one.name and one.purl.startswith("pkg:") for one in found)


def test_what_a_binary_says() -> None:
    found = facts_of(elf("libpng16.so.16", "PyInit_a deflate 1.3.1 Copyright 1995-2024 Jean-loup Gailly"), marks=True)
    assert (found.soname, found.is_module, found.linked) == ("libpng16.so.16", True, (("zlib", "1.3.1"),))
    assert facts_of(b"").soname == ""


@pytest.mark.parametrize(
    ("said", "is_module"),
    [
        (b"PyInit_a", True),
        (b"PyInit__a", True),
        (b"PyInit_1", False),
        (b"PyInit_", False),
        (b"PyInit_1 PyInit_b", True),
        (b"initmodule\0", True),
        (b"initmodules", False),
        (b"pyinit_a", False),
    ],
)
def test_what_python_imports_has_an_entry_for_it(said: bytes, is_module: bool) -> None:
    assert facts_of(bytes(70) + said, marks=True).is_module is is_module


@given(st.binary(max_size=300))
def test_damaged_binaries_say_nothing_wrong(data: bytes) -> None:
    found = facts_of(elf("libx.so")[:64] + data.ljust(64, b"\0"), marks=True)
    assert isinstance(found.soname, str)


def test_a_library_is_known_by_its_soname(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/engine.so").write_bytes(elf("libpng16.so.16"))
    (tmp_path / "pkg/own.so").write_bytes(elf("own.so"))
    (tmp_path / "pkg/libholder_core.so").write_bytes(elf("libpng16.so.16"))
    paths = ["pkg/engine.so", "pkg/own.so", "pkg/libholder_core.so"]
    assert [(one.path, one.name) for one in natives_of(tree(tmp_path), paths, "holder")] == [("pkg/engine.so", "png16")]


def test_sections_of_bundled_work() -> None:
    text = (
        "Name: A\nFiles: x.libs/liba*.so\nLicense: MIT\n words\n\nName: B\nDescription: b\nFiles: b, c\nLicense: ISC\n"
    )
    first, second = sections_of(text)
    assert (first.name, first.license, first.line) == ("A", "MIT", 1)
    assert first.covers("x.libs/liba-12.so.3")
    assert not first.covers("x.libs/libb.so")
    assert (second.files, second.license) == (("b", "c"), "ISC")


def test_changed_files_are_named(tmp_path: Path) -> None:
    for name, text in (("same.py", "a"), ("size.py", "a"), ("bytes.py", "a"), ("gone.py", "a"), ("a.pyc", "a")):
        (tmp_path / name).write_text(text)
    rows = [f"{path.name},{row(path)}" for path in sorted(tmp_path.iterdir())]
    record = tmp_path / "RECORD"
    record.write_text("\n".join([*rows, "../bin/x,sha256=AA,1", "RECORD,,", "bad", '"']) + "\n")
    (tmp_path / "size.py").write_text("aa")
    (tmp_path / "bytes.py").write_text("b")
    (tmp_path / "a.pyc").write_text("b")
    (tmp_path / "gone.py").unlink()
    assert changed_files(str(tmp_path), read_record(str(record)) or ()) == ("bytes.py", "size.py")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Copyright (c) 2020 Jane Doe", "Copyright (c) 2020 Jane Doe"),
        ("Copyright (c) 2020 <copyright holders>", ""),
        ("(c) 2005 Ann Example and contributors; written for Gadget", "(c) 2005 Ann Example and contributors"),
        ("Copyright 2005 Ann Example, licensed under MIT", "Copyright 2005 Ann Example"),
        ("Copyright 2005 Ann; Bob; Example GmbH", "Copyright 2005 Ann; Bob; Example GmbH"),
        ("copyright notice and this permission notice", ""),
        ("© 2021, Jane & co", "© 2021, Jane & co"),
    ],
)
def test_a_notice_names_somebody(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "README.md").write_text(f"# x\n\n{line}\n")
    assert notice_in(tree(tmp_path), ["README.md"]) == said


def test_a_notice_behind_a_link_outside_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Copyright 2020 Jane Doe")
    (tmp_path / "package").mkdir()
    (tmp_path / "package/README").symlink_to(tmp_path / "secret")
    assert notice_in(tree(tmp_path / "package"), ["README"]) == ""


def test_keys_keep_numbers_that_are_names() -> None:
    assert (key_of("x264"), key_of("libpng16"), key_of("c++")) == ("x264", "png", "c++")
