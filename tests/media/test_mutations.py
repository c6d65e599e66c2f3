"""No reader raises or hangs, whatever the bytes, and the same bytes give the same facts."""

from __future__ import annotations

import random
import time

import pytest

from licscan.media import format_of
from licscan.media.blob import Held
from licscan.media.readers import read_as
from tests.media.making_sounds import SAMPLES
from tests.media.mutations import mutated

COUNT = 60


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_mutated(name: str) -> None:
    made = format_of(SAMPLES[name][:4096], name)
    assert made is not None
    rng = random.Random(name)
    for _count in range(COUNT):
        blob = Held(mutated(SAMPLES[name], rng))
        began = time.process_time()
        facts = read_as(blob, made)
        assert time.process_time() - began < 1
        assert facts == read_as(blob, made)
        assert all(one.text == " ".join(one.text.split()) and len(one.text) <= 4_000 for one in facts.fields)
