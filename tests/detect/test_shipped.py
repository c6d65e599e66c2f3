"""The LicenseDB and its index as they are shipped: whole, of what is here, and not believed when they are not."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from licscan.base.errors import InputError
from licscan.detect import build_index, cache, open_detector, packed
from licscan.detect.build import compile_index
from licscan.detect.data import License, Rule, Source
from licscan.detect.index import Index
from licscan.detect.version import table_versions
from licscan.licenses import shipped
from licscan.licenses.licensedb import license_text

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "build_backend"))
import made_licensedb


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setattr(cache, "index_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a small packed index that open_detector finds."""
    monkeypatch.setattr(packed, "place", lambda: tmp_path / packed.FILE)
    return tmp_path / packed.FILE


def small() -> Index:
    rules = (
        Rule("a.LICENSE", "a", "You may use the widget under {{this license}} without any warranty."),
        Rule("b_1.RULE", "a OR b", "Licensed under the gadget license, see COPYING", references=("COPYING",)),
    )
    index = compile_index(Source((License("a", "A", "LicenseRef-A"),), rules))
    index.version = "of a test"
    return index


def same(one: Index, two: Index) -> bool:
    return one.arrays.keys() == two.arrays.keys() and all(
        np.array_equal(array, two.arrays[name]) and array.dtype == two.arrays[name].dtype
        for name, array in one.arrays.items()
    )


# --- the archive ------------------------------------------------------------------------------------------------------


def test_the_archive_is_what_its_manifest_says() -> None:
    said = hashlib.sha256()
    for folder in (shipped.LICENSES, shipped.RULES):
        names = []
        for name, text in shipped.files(folder):
            names.append(name)
            said.update(f"{folder}/{name}\0{text}\0".encode())
        assert names == sorted(names)
        assert len(names) > 2_000
    assert said.hexdigest() == shipped.manifest().digest


def test_every_license_is_found_in_its_block() -> None:
    files = list(shipped.files(shipped.LICENSES))
    for name, text in [files[0], files[-1], *files[::97]]:
        assert shipped.license_file(name.removesuffix(".LICENSE")) == text
    for key in ("", "0", "no-such-license", "zzzz", "../mit"):
        assert shipped.license_file(key) is None
        with pytest.raises(FileNotFoundError):
            license_text(key)


def test_a_text_has_no_front_matter() -> None:
    assert license_text("mit").lstrip().startswith("Permission is hereby granted")


def test_the_same_files_have_one_digest_and_others_another(tmp_path: Path) -> None:
    def digest(name: str, text: str) -> str:
        path = tmp_path / "made.zip"
        shipped.pack(path, {"licenses": [("a.LICENSE", text)], "rules": [(name, "rule")]}, "1", "r")
        found = shipped.read_manifest(path)
        assert found is not None
        assert (found.version, found.recipe) == ("1", "r")
        return found.digest

    assert digest("b.RULE", "text") == digest("b.RULE", "text")
    assert len({digest("b.RULE", "text"), digest("c.RULE", "text"), digest("b.RULE", "texts")}) == 3


@pytest.mark.parametrize("harm", [None, b"", b"PK\x05\x06 no archive"])
def test_an_installation_without_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes | None
) -> None:
    path = tmp_path / "licensedb.zip"
    if harm is not None:
        path.write_bytes(harm)
    monkeypatch.setattr(shipped, "place", lambda: path)
    shipped.manifest.cache_clear()
    with pytest.raises(InputError, match="reinstall licscan"):
        cache.key_of_shipped()
    shipped.manifest.cache_clear()


def test_the_data_of_an_answer_have_names() -> None:
    found = table_versions()
    assert re.fullmatch(r"\d+\.\d+\.\d+\+\d+\.\d+\.\d+", found["licensedb"])
    assert found["licensedb-digest"] == shipped.manifest().digest[:24]
    assert re.match(r"\d", found["license-expression"])
    assert re.fullmatch("[0-9a-f]{24}", found["licscan-tables"])


# --- the index --------------------------------------------------------------------------------------------------------


def test_what_is_packed_comes_back(elsewhere: Path) -> None:
    index = small()
    packed.pack(index, elsewhere)
    found = packed.unpack(elsewhere)
    assert found is not None
    assert same(found, index)
    assert (found.high, found.version) == (index.high, "of a test")


def test_the_machine_that_packs_has_no_part_in_it(elsewhere: Path) -> None:
    """Arrays in big-endian order are packed to the same bytes."""
    index = small()
    packed.pack(index, elsewhere)
    other = {name: array.astype(array.dtype.newbyteorder(">")) for name, array in index.arrays.items()}
    packed.pack(Index(other, index.high, index.version), elsewhere.with_name("other"))
    assert elsewhere.read_bytes() == elsewhere.with_name("other").read_bytes()


def test_the_first_who_needs_it_unpacks_it_and_nothing_is_built(elsewhere: Path, own_cache: Path) -> None:
    packed.pack(small(), elsewhere)
    shares: list[float] = []
    opened = open_detector(shares.append)
    assert not shares
    assert opened.library.parts[0].identifier(0) == "a.LICENSE"
    (folder,) = own_cache.iterdir()
    assert folder.name == cache.key_of_shipped()
    assert same(cache.load(folder) or small(), opened.library.parts[0])


def test_a_cache_that_cannot_be_written_is_done_without(elsewhere: Path, own_cache: Path) -> None:
    packed.pack(small(), elsewhere)
    own_cache.write_text("not a folder")
    assert open_detector().library.parts[0].identifier(0) == "a.LICENSE"


@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "flip", "head", "rest"])
def test_a_damaged_index_is_no_index(elsewhere: Path, harm: str) -> None:
    packed.pack(small(), elsewhere)
    whole = elsewhere.read_bytes()
    harmed = {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "flip": whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
        "head": b"\0" + whole[1:],
        "rest": whole[:-8],
    }.get(harm)
    elsewhere.unlink()
    if harmed is not None:
        elsewhere.write_bytes(harmed)
    assert packed.unpack(elsewhere) is None


@pytest.mark.parametrize("name", cache._OWN_DATA)
def test_an_index_of_other_rules_is_not_used(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    packed.pack(small(), elsewhere)
    assert packed.fits(elsewhere)
    real, tables = packed.data_folder(), tmp_path / "tables"
    tables.mkdir()
    for path in real.iterdir():
        if path.is_file():
            (tables / path.name).symlink_to(path)
    monkeypatch.setattr(packed, "data_folder", lambda: tables)
    assert packed.fits(elsewhere)
    (tables / name).unlink()
    (tables / name).write_bytes((real / name).read_bytes() + b"# one more\n")
    assert not packed.fits(elsewhere)
    assert packed.unpack(elsewhere) is None


def test_the_shipped_index_fits_the_tables() -> None:
    """An installation makes it; a developer who changes a rule has one built on demand until the next."""
    if not packed.fits(packed.place()) and "CI" not in os.environ:
        pytest.skip("rules or code changed since licscan was installed here")
    assert packed.fits(packed.place())
    found = packed.unpack(packed.place())
    assert found is not None
    assert found.version == shipped.manifest().version
    assert len(found) > 30_000


@pytest.mark.slow
def test_the_shipped_index_is_what_is_built_here(own_cache: Path) -> None:
    """So that it does not matter which of the two somebody has."""
    found = packed.unpack(packed.place())
    if found is None:
        pytest.skip("rules or code changed since licscan was installed here")
    assert build_index(anew=False).rules == build_index(anew=True).rules == len(found)
    built = cache.load(own_cache / cache.key_of_shipped(), check=True)
    assert built is not None
    assert same(found, built)


def test_no_word_depends_on_the_version_of_unicode(own_cache: Path) -> None:
    """Every character of the vocabulary is assigned since Unicode 3.2."""
    words = open_detector().library.parts[0].words
    letters = {letter for word in words for letter in word}
    young = {letter for letter in letters if unicodedata.ucd_3_2_0.category(letter) == "Cn"}
    assert not young


# --- what is made of the releases -------------------------------------------------------------------------------------


def front(**fields: str) -> str:
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + "---\n\nwords\n"


def test_what_is_taken_of_a_newer_release() -> None:
    base = {"licenses": {"old.LICENSE": front(key="old")}, "rules": {"old_1.RULE": front(license_expression="old")}}
    newer = {
        "licenses": {"old.LICENSE": front(key="old", changed="yes"), "new.LICENSE": front(key="new")},
        "rules": {
            "old_1.RULE": front(license_expression="old", changed="yes"),
            "old_2.RULE": front(license_expression="old", is_license_notice="yes"),
            "old_3.RULE": front(license_expression="old", is_license_reference="yes"),
            "old_4.RULE": front(license_expression="old", is_license_text="yes", is_required_phrase="yes"),
            "new_1.RULE": front(license_expression="old AND (new)", is_license_reference="yes"),
            "bad_1.RULE": front(license_expression="new"),
        },
    }
    found = made_licensedb.chosen(base, newer, {"rules/bad_1.RULE"})
    assert sorted(found["licenses"]) == ["new.LICENSE", "old.LICENSE"]
    assert sorted(found["rules"]) == ["new_1.RULE", "old_1.RULE", "old_2.RULE"]
    assert found["licenses"]["old.LICENSE"] == base["licenses"]["old.LICENSE"]
    assert found["rules"]["old_1.RULE"] == base["rules"]["old_1.RULE"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "LicenseRef-scancode-a",
            "A-1.0",
            ["spdx_license_key: A-1.0", "other_spdx_license_keys:", "LicenseRef-scancode-a"],
        ),
        ("A-1.0", "A-1.1", ["spdx_license_key: A-1.0"]),
        ("A-1.0", "LicenseRef-scancode-a", ["spdx_license_key: A-1.0"]),
        ("LicenseRef-scancode-a", "LicenseRef-scancode-b", ["spdx_license_key: LicenseRef-scancode-a"]),
        ("LicenseRef-scancode-a", "", ["spdx_license_key: LicenseRef-scancode-a"]),
    ],
)
def test_an_identifier_that_spdx_gave_since_is_taken(old: str, new: str, expected: list[str]) -> None:
    base = front(key="a", spdx_license_key=old)
    newer = front(key="a", spdx_license_key=new) if new else front(key="a")
    found = made_licensedb._with_id(base, newer)
    assert [line.strip(" -") for line in found.split("---")[1].strip().splitlines()] == ["key: a", *expected]
    assert found.endswith("---\n\nwords\n")


def test_old_identifiers_are_added_to_those_that_are_there() -> None:
    base = "---\nkey: a\nspdx_license_key: LicenseRef-a\nother_spdx_license_keys:\n    - a-old\n---\nwords"
    found = made_licensedb._with_id(base, front(spdx_license_key="A-1.0"))
    assert found == (
        "---\nkey: a\nspdx_license_key: A-1.0\nother_spdx_license_keys:\n    - LicenseRef-a\n    - a-old\n---\nwords"
    )


def test_another_wheel_than_the_one_named_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"package": "a", "version": "1", "file": "a.whl", "sha256": hashlib.sha256(b"right").hexdigest()}
    monkeypatch.setenv(made_licensedb.WHEELS, str(tmp_path))
    with pytest.raises(SystemExit, match=made_licensedb.WHEELS):
        made_licensedb._wheel(row, tmp_path)
    (tmp_path / "a.whl").write_bytes(b"wrong")
    with pytest.raises(SystemExit, match="is not the file"):
        made_licensedb._wheel(row, tmp_path)
    (tmp_path / "a.whl").write_bytes(b"right")
    assert made_licensedb._wheel(row, tmp_path) == tmp_path / "a.whl"


def test_every_table_of_ours_that_is_read_makes_the_index_another() -> None:
    """A table of rules that the key leaves out would be changed in vain."""
    source = (Path(cache.__file__).parent / "data.py").read_text(encoding="utf-8")
    read = set(re.findall(r"load_toml\(\"([\w.]+)\"\)", source))
    assert read
    assert read <= set(cache._OWN_DATA)
