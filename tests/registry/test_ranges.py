"""A file over ranges against the same bytes at hand."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.base.errors import RegistryError
from licscan.registry.client import Client
from licscan.registry.ranges import TAIL, RangeFile
from tests.registry.settings import FILES, in_ranges
from tests.registry.wire import Wire

URL = f"{FILES}x.whl"
CONTENT = bytes(index * 31 % 256 for index in range(300_000))


def opened(content: bytes = CONTENT, size: int = 0, limit: int = 64_000_000) -> tuple[RangeFile, Wire]:
    wire = Wire({URL: in_ranges(content)})
    return RangeFile(Client((FILES,), adapter=wire), "x", URL, size, limit), wire


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 310_000), st.integers(-1, 90_000)), max_size=12), st.booleans())
def test_whatever_is_read_is_what_is_there(steps: list[tuple[int, int]], sized: bool) -> None:
    file, _wire = opened(size=len(CONTENT) if sized else 0)
    plain = io.BytesIO(CONTENT)
    for place, size in steps:
        assert (file.seek(place), file.read(size), file.tell()) == (plain.seek(place), plain.read(size), file.tell())
    assert file.transferred <= len(CONTENT)


def test_the_tail_costs_one_request_and_neighbors_one_more() -> None:
    file, wire = opened()
    file.seek(-TAIL, io.SEEK_END)
    assert file.read() == CONTENT[-TAIL:]
    assert len(wire.asked) == 1
    file.fetch([(0, 100), (200, 300), (100_000, 100_010)])
    assert [request.headers["Range"] for request in wire.asked[1:]] == ["bytes=0-299", "bytes=100000-100009"]
    file.seek(250)
    assert file.read(50) == CONTENT[250:300]
    assert len(wire.asked) == 3


def test_no_more_is_read_than_was_agreed() -> None:
    file, _wire = opened(limit=100_000)
    file.seek(0)
    with pytest.raises(RegistryError, match="would have to be read"):
        file.read()


def test_a_file_shorter_than_the_tail_is_whole() -> None:
    file, wire = opened(b"short")
    assert (file.size, file.read(), len(wire.asked)) == (5, b"short", 1)
