"""The index: built from texts, found again, rebuilt when damaged, joined by the user's own licenses."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from licscan.base.errors import FormatError, InputError
from licscan.detect import build_index, cache, index_info, open_detector
from licscan.detect.build import compile_index
from licscan.detect.data import Rule, Source, read_licensedb, read_user, split_front
from licscan.detect.index import APPROXIMATE, CONTINUOUS, Index
from licscan.detect.types import MatchKind

LICENSE = """---
key: widget
name: Widget License
spdx_license_key: LicenseRef-widget
category: Permissive
---

You may use the widget under this license without any warranty, provided that this notice is kept.
"""
RULE = """---
license_expression: widget OR
    gadget
is_license_notice: yes
relevance: 90
referenced_filenames:
    - COPYING.widget
    - NOTICE
---

Licensed under the {{widget license}}, see COPYING.widget for the terms"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setattr(cache, "index_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A LicenseDB folder of one license and one rule."""
    folder = tmp_path / "data"
    for name in ("licenses", "rules"):
        (folder / name).mkdir(parents=True)
    (folder / "licenses" / "widget.LICENSE").write_text(LICENSE)
    (folder / "licenses" / "bare.LICENSE").write_text("---\nkey: bare\nname: Bare\nspdx_license_key: BARE\n---")
    (folder / "rules" / "widget_1.RULE").write_text(RULE)
    (folder / "rules" / "old.RULE").write_text("---\nlicense_expression: old\nis_deprecated: yes\n---\n\nold license")
    (folder / "rules" / "fr.RULE").write_text("---\nlicense_expression: fr\nlanguage: fr\n---\n\nlicence du gadget")
    return folder


def the_folder(own_cache: Path) -> Path:
    """The folder of the one index in the cache."""
    (folder,) = own_cache.iterdir()
    return folder


def test_the_licensedb_is_read(data: Path) -> None:
    """Deprecated and foreign rules are left out; a license may have no text; a value may go on over lines.

    A key that nobody else knows gives way to the SPDX identifier that stands beside it.
    """
    source = read_licensedb(data)
    assert [license.key for license in source.licenses] == ["BARE", "LicenseRef-widget"]
    text, rule = source.rules
    assert (text.identifier, text.kind, text.expression) == ("widget.LICENSE", MatchKind.TEXT, "LicenseRef-widget")
    assert (rule.expression, rule.relevance, rule.kind) == ("LicenseRef-widget OR gadget", 90, MatchKind.NOTICE)
    assert rule.references == ("COPYING.widget", "NOTICE")


@pytest.mark.parametrize(
    ("text", "fields", "rest"),
    [
        ("---\nkey: a\n---\nbody\n", {"key": "a"}, "body\n"),
        ("---\nkey: a\n---", {"key": "a"}, ""),
        ("---\r\nkey: 'a'\r\n---\r\nbody", {"key": "a"}, "body"),
        ("no front\n---\n", {}, "no front\n---\n"),
        ("---\nnever ended\n", {}, "---\nnever ended\n"),
        ("", {}, ""),
    ],
)
def test_front_matter(text: str, fields: dict[str, str], rest: str) -> None:
    """What stands between the two lines of hyphens are fields, whatever ends the lines."""
    assert split_front(text) == (fields, rest)


def test_an_index_is_built_once_and_read_again(data: Path, own_cache: Path) -> None:
    """The second time nothing is built; what is read is what was built."""
    shares: list[float] = []
    first = open_detector(shares.append, data).library.parts[0]
    assert shares[-1] == 1.0
    again: list[float] = []
    second = open_detector(again.append, data).library.parts[0]
    assert not again
    names = [second.identifier(rule) for rule in range(len(second))]
    assert [name for name in names if not name.startswith(("own-", "spdx-name-"))] == [
        "widget.LICENSE",
        "widget_1.RULE",
    ]
    at = names.index("widget_1.RULE")
    assert second.references(at) == ("COPYING.widget", "NOTICE")
    words = [second.words[token] for token in second.tokens(at)[slice(*second.phrases(at)[0])]]
    assert words == ["widget", "license"]
    assert second.licenses["LicenseRef-widget"].spdx == "LicenseRef-widget"
    for name, array in first.arrays.items():
        assert np.array_equal(array, second.arrays[name]), name
    assert the_folder(own_cache).name in str(index_info(data))


@pytest.mark.parametrize("name", [cache.ARRAYS, cache.MANIFEST])
@pytest.mark.parametrize("harm", ["cut", "flip", "gone", "empty"])
def test_a_damaged_index_is_built_anew(data: Path, own_cache: Path, name: str, harm: str) -> None:
    """Whatever happens to its files, an index is either whole or none."""
    open_detector(None, data)
    path = the_folder(own_cache) / name
    whole = path.read_bytes()
    flipped = whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :]
    harmed = {"cut": whole[: len(whole) // 2], "flip": flipped, "empty": b""}.get(harm)
    path.unlink()
    if harmed is not None:
        path.write_bytes(harmed)
    assert index_info(data) is None
    assert open_detector(None, data).detect(RULE.encode()).matches
    assert path.read_bytes() == whole


def test_harm_that_leaves_no_trace_is_found_when_asked_and_the_next_day(data: Path, own_cache: Path) -> None:
    """A bit that tips over on the disk changes no time: the checksum is taken again daily, and by `index info`."""
    open_detector(None, data)
    path = the_folder(own_cache) / cache.ARRAYS
    whole, stat = path.read_bytes(), path.stat()

    def harm() -> None:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    harm()
    assert cache.load(path.parent) is not None
    assert index_info(data) is None
    yesterday = time.time() - cache.DAY - 60
    os.utime(path.parent / cache.CHECKED, (yesterday, yesterday))
    assert cache.load(path.parent) is None
    open_detector(None, data)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("stamp", [b"", b"\xff", b"0 0 0"])
def test_a_stamp_that_says_nothing_leads_to_a_check(data: Path, own_cache: Path, stamp: bytes) -> None:
    open_detector(None, data)
    folder = the_folder(own_cache)
    (folder / cache.CHECKED).write_bytes(stamp)
    assert cache.load(folder) is not None
    assert (folder / cache.CHECKED).read_bytes() not in (stamp, b"")


def test_changed_data_make_another_index(data: Path, own_cache: Path) -> None:
    """A new rule is found at once."""
    open_detector(None, data)
    (data / "rules" / "gadget_1.RULE").write_text("---\nlicense_expression: gadget\n---\n\nthe great gadget license")
    found = open_detector(None, data).detect(b"under the great gadget license")
    assert [match.expression for match in found.matches] == ["gadget"]
    assert len(list(own_cache.iterdir())) == 2


def test_two_may_build_at_once(data: Path, own_cache: Path) -> None:
    """Builders do not disturb each other, and leave nothing half done."""
    errors: list[BaseException] = []

    def build() -> None:
        try:
            build_index(data)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert [path.name for path in own_cache.iterdir()] == [the_folder(own_cache).name]
    assert index_info(data)


def test_a_cache_that_cannot_be_written_is_done_without(data: Path, own_cache: Path) -> None:
    """The index then lives in memory only."""
    own_cache.write_text("not a folder")
    assert open_detector(None, data).detect(RULE.encode()).matches
    assert index_info(data) is None


def test_old_indexes_are_forgotten(data: Path, own_cache: Path) -> None:
    """The few that were used last stay; those of today stay in any case."""
    for age in range(12):
        old = own_cache / f"old-{age:02}"
        old.mkdir(parents=True)
        os.utime(old, (0, time.time() - age * cache.DAY))
    open_detector(None, data)
    assert sorted(path.name for path in own_cache.glob("old-*")) == [f"old-{age:02}" for age in range(5)]


def test_no_data_is_said(tmp_path: Path) -> None:
    """A folder that is no LicenseDB is an error that a person can mend."""
    with pytest.raises(InputError):
        open_detector(None, tmp_path)


def user_folder(tmp_path: Path) -> Path:
    """A folder of the user's own licenses, in both forms."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "acme.toml").write_text('key = "acme"\nname = "ACME License"\nspdx_license_key = "LicenseRef-acme"\n')
    (folder / "acme.txt").write_text(
        "The zyxwv software of ACME may be used by employees of ACME under this license only."
    )
    (folder / "note.RULE").write_text("---\nlicense_expression: acme\nis_license_notice: yes\n---\nzyxwv terms apply")
    (folder / "README.md").write_text("not a license")
    return folder


def test_the_users_licenses_join(data: Path, tmp_path: Path, own_cache: Path) -> None:
    """They are found beside the others, with words that the big index does not know."""
    folder = user_folder(tmp_path)
    detector = open_detector(None, data, folder)
    text = (folder / "acme.txt").read_text() + "\n\n" + LICENSE.partition("---\n\n")[2]
    found = detector.detect(text.encode())
    assert [match.expression for match in found.matches] == ["LicenseRef-acme", "LicenseRef-widget"]
    assert found.expression == "LicenseRef-acme AND LicenseRef-widget"
    assert [match.rule for match in detector.detect(b"zyxwv terms apply").matches] == ["note.RULE"]
    assert len(list(own_cache.iterdir())) == 2


def test_a_users_license_goes_by_the_identifier_that_it_is_given(tmp_path: Path) -> None:
    """One of SPDX under its key, another under its own; without any, under the key of its file."""
    for key, given in (("ours", "BSD-3-Clause"), ("house", "LicenseRef-House-2"), ("plain", "")):
        front = f"key: {key}\n" + (f"spdx_license_key: {given}\n" if given else "")
        (tmp_path / f"{key}.LICENSE").write_text(f"---\n{front}---\n\nterms of {key}, version two\n")
    source = read_user(tmp_path)
    assert {rule.identifier: rule.expression for rule in source.rules} == {
        "ours.LICENSE": "bsd-new",
        "house.LICENSE": "LicenseRef-House-2",
        "plain.LICENSE": "plain",
    }
    assert {license.key for license in source.licenses} == {"LicenseRef-House-2", "plain"}


def test_a_users_license_without_expression_is_an_error(tmp_path: Path) -> None:
    """The message names the file."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "bad.txt").write_text("some text")
    with pytest.raises(FormatError, match=r"bad\.txt"):
        read_user(folder)
    (folder / "bad.toml").write_text("not = = toml")
    with pytest.raises(FormatError, match=r"bad\.toml"):
        read_user(folder)
    with pytest.raises(InputError):
        read_user(tmp_path / "missing")


def test_how_rules_may_be_matched() -> None:
    """Continuous rules, and rules without distinctive words, are matched word for word only."""
    rules = (
        Rule("a", "a", "the warranty and the license are granted as they stand here"),
        Rule("b", "b", "permission is granted to the licensee", continuous=True),
        Rule("c", "c", "one two three"),
        Rule("same", "a", "The warranty, and the license: are granted as they stand here!"),
        Rule("empty", "a", " -- "),
    )
    index: Index = compile_index(Source((), rules))
    assert [index.identifier(rule) for rule in range(len(index))] == ["a", "b", "c"]
    assert [int(bits) for bits in index.arrays["flags"]] == [APPROXIMATE, CONTINUOUS, 0]


@pytest.mark.parametrize("block", [1, 3, 7, 20, 1 << 19])
def test_rules_in_blocks_give_the_same_index(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ("one", "two words", "the license and the warranty", "permission is granted", "a b c d e f g", "warranty")
    rules = tuple(Rule(str(at), "a", f"{text} number {at}") for at, text in enumerate(texts * 2))
    whole = compile_index(Source((), rules))
    monkeypatch.setattr("licscan.detect.build.BLOCK", block)
    parts = compile_index(Source((), rules))
    assert {name: array.tolist() for name, array in parts.arrays.items()} == {
        name: array.tolist() for name, array in whole.arrays.items()
    }
