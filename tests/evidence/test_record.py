"""Records as bytes and back; those of others are held against what a reader of archives makes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.evidence.record import Draft, PackageRecord, dump, is_safe, load, load_foreign
from licscan.packages.tree import FileEntry, NativeFacts

WORDS = st.text(st.characters(exclude_categories=[]), max_size=20)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
PATHS = st.text(st.characters(exclude_characters="\0/"), min_size=1, max_size=12).filter(is_safe)


@st.composite
def records(draw: st.DrawFn) -> PackageRecord:
    paths = sorted(draw(st.sets(PATHS, max_size=6)))
    digests = [draw(DIGESTS) for _path in paths]
    some = draw(st.integers(0, len(paths)))
    return PackageRecord(
        draw(st.sampled_from(["npm", "pypi"])),
        draw(st.text(min_size=1, max_size=9)),
        draw(st.text(min_size=1, max_size=9)),
        draw(WORDS),
        "https://r.example/a.tgz",
        draw(st.integers(0, 1 << 40)),
        tuple(f"sha256:{digest}" for digest in digests[:1]),
        draw(st.booleans()),
        tuple(FileEntry(path, draw(st.integers(0, 1 << 40)), one) for path, one in zip(paths, digests, strict=True)),
        dict(zip(paths[:some], digests, strict=False)),
        {path: draw(DIGESTS) for path in paths[some:]},
        {path: NativeFacts(draw(st.booleans()), draw(WORDS), ((draw(WORDS), "1"),)) for path in paths[:1]},
        ("large a", "path \udc80"),
        draw(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3)),
    )


@given(records())
def test_records_come_back_as_they_were(record: PackageRecord) -> None:
    data = dump(record)
    assert load(data) == record
    assert load_foreign(data) == record
    assert dump(load(data)) == data


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists).map(str).map(str.encode)
)
def test_what_is_no_record_is_said_to_be_none(data: bytes) -> None:
    for read in (load, load_foreign):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
            read(data)


GOOD = PackageRecord(
    "npm", "a", "1", "a.tgz", "https://r.example/a.tgz", 10, ("sha512:" + "0" * 128,),
    entries=(FileEntry("LICENSE", 3, "1" * 64), FileEntry("b/c.js", 4, "")),
    kept={"LICENSE": "1" * 64}, excerpts={"b/c.js": "2" * 64}, natives={"b/c.js": NativeFacts()}, unread=("large x",),
)  # fmt: skip

WRONG: dict[str, dict[str, Any]] = {
    "ecosystem": {"ecosystem": "gem"},
    "no name": {"name": ""},
    "name is no text": {"name": ["a"]},
    "long name": {"name": "a" * 5_000},
    "size": {"size": -1},
    "size is no number": {"size": True},
    "partial": {"partial": 1},
    "escape": {"paths": ["../a", "b/c.js"]},
    "absolute": {"paths": ["/a", "b/c.js"]},
    "unsorted": {"paths": ["b/c.js", "LICENSE"]},
    "twice": {"paths": ["LICENSE", "LICENSE"]},
    "path is no text": {"paths": [1, 2]},
    "lengths": {"paths": ["LICENSE"]},
    "negative": {"sizes": [3, -4]},
    "fraction": {"sizes": [3, 0.5]},
    "digest": {"digests": ["x", ""]},
    "kept is not what is listed": {"kept": {"LICENSE": "3" * 64}},
    "kept is not listed": {"kept": {"NOTICE": "1" * 64}},
    "excerpt is not listed": {"excerpts": {"d": "1" * 64}},
    "excerpt is no digest": {"excerpts": {"b/c.js": "../x"}},
    "kept is a list": {"kept": ["LICENSE"]},
    "native is not listed": {"natives": {"d": [True, "", []]}},
    "native is no module": {"natives": {"b/c.js": [1, "", []]}},
    "native names nothing": {"natives": {"b/c.js": [True, None, []]}},
    "native links": {"natives": {"b/c.js": [True, "", [["a", 1]]]}},
    "hash": {"hashes": ["md5:0"]},
    "password": {"url": "https://a:b@r.example/a.tgz"},
    "registry": {"registry": []},
    "large registry": {"registry": {"a": "b" * 70_000}},
    "unread": {"unread": [1]},
}


def test_a_right_record_is_taken() -> None:
    assert load_foreign(dump(GOOD)) == GOOD


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_record_is_not_taken(name: str) -> None:
    told = json.loads(dump(GOOD)) | WRONG[name]
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        load_foreign(json.dumps(told).encode())


def test_what_is_known_later_is_added_to_a_draft() -> None:
    draft = Draft(replace(GOOD, hashes=(), url="", registry={}))
    told = draft.told(
        url="https://a:b@r.example/x", hashes=["SHA256:" + "A" * 64, "md5:1"], registry={"deprecated": "x"}
    )
    assert told.record.url == "https://r.example/x"
    assert told.record.hashes == ("sha256:" + "a" * 64,)
    assert told.record.registry == {"deprecated": "x"}
    assert told.told(size=5).record.registry == {"deprecated": "x"}
    assert draft.told(registry={"a": "b" * 70_000}).record.registry == {}
