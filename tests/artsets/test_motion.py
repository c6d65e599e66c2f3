"""Digests of Lottie animations: what names and writes them makes no difference, what they show does."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from licscan.artsets import How, recognise
from licscan.artsets.index import build
from licscan.artsets.motion import motions_of
from tests.artsets.pieces import art
from tests.artsets.tunes import animation, lottie
from tests.media.making import mutated

BASE = lottie(animation())


def changed(work: Callable[[dict[str, Any]], object]) -> bytes:
    held = animation()
    work(held)
    return lottie(held)


def shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        random.Random(3).shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}
    return [shuffled(one) for one in value] if isinstance(value, list) else value


def with_image(name: str) -> Callable[[dict[str, Any]], object]:
    def work(held: dict[str, Any]) -> None:
        held["assets"][0] |= {"id": name, "p": f"{name}.png", "u": "pics/"}
        held["layers"][1]["refId"] = name

    return work


def dotlottie(*documents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.json", json.dumps({"generator": "x", "animations": [{"id": "a"}]}))
        for number, one in enumerate(documents):
            made.writestr(f"animations/{number}.json", one)
    return out.getvalue()


SAME: dict[str, tuple[str, bytes]] = {
    "white space": ("lottie-json", lottie(animation(), indent=2)),
    "order of keys": ("lottie-json", lottie(shuffled(animation()))),
    "names": ("lottie-json", changed(lambda held: held.update(nm="x", v="5.9.0", meta={"g": "Tool 1.2"}))),
    "names of layers": ("lottie-json", changed(lambda held: held["layers"][0].update(nm="Layer 1", mn="m", cl="c"))),
    "names of assets": ("lottie-json", changed(with_image("picture"))),
    "numbers": ("lottie-json", BASE.replace(b'": 30,', b'": 30.0001,').replace(b"64.5, 64, 0", b"6.45e1, 64.0, -0.0")),
    "defaults": ("lottie-json", changed(lambda held: [held.pop("ddd"), *(one.pop("sr") for one in held["layers"])])),
    "sticker": ("tgs", gzip.compress(BASE)),
    "dotLottie": ("dotlottie", dotlottie(BASE)),
}  # fmt: skip
OTHER = {
    "another drawing": lottie(animation(2)),
    "slower": changed(lambda held: held.update(fr=25)),
    "a layer less": changed(lambda held: held["layers"].pop()),
    "layers in another order": changed(lambda held: held["layers"].reverse()),
    "moved": BASE.replace(b"[64.5, 64, 0]", b"[64.5, 65, 0]"),
}


@pytest.mark.parametrize("case", sorted(SAME))
def test_the_same_animation(case: str) -> None:
    made, data = SAME[case]
    assert motions_of(BASE, "lottie-json")
    assert motions_of(data, made) == motions_of(BASE, "lottie-json")


@pytest.mark.parametrize("case", sorted(OTHER))
def test_another_animation(case: str) -> None:
    [digest] = motions_of(OTHER[case], "lottie-json")
    assert digest not in motions_of(BASE, "lottie-json")


@pytest.mark.parametrize("data", [
    b"", b"{}", b'{"layers":[]}', b'{"layers":' + b"[" * 5000, b'{"layers":[NaN]}', b'{"layers":[1e999]}',
    b'{"layers":' + b'[{"a":' * 150 + b"1" + b"}]" * 150 + b"}", b'{"layers":[' + b"9" * 9000 + b"]}",
    b'{"layers":[{"ty":4}],"assets":[[]]}',
    b'{"layers":[1,2],"assets":[{"id":[1]}]}', b"[1]", b"\xff\xfe{",
])  # fmt: skip
def test_hostile_animations_end_in_none(data: bytes) -> None:
    for made, packed in (("lottie-json", data), ("tgs", gzip.compress(data)), ("dotlottie", dotlottie(data))):
        assert motions_of(packed, made) == ()


def test_mutated_animations_end_in_some_answer() -> None:
    for made, data in SAME.values():
        for seed in range(60):
            assert all(len(digest) == 6 for digest in motions_of(mutated(data, seed), made))


def test_an_animation_is_told_alone() -> None:
    [digest] = motions_of(BASE, "lottie-json")
    index = build({"stars": "stars"}, [], [(digest, "stars")], [])
    files = [
        art("app/star.json", SAME["order of keys"][1], "lottie-json"),
        art("app/own.json", OTHER["moved"], "lottie-json"),
    ]
    [vote] = recognise(files, None, index).votes
    assert (vote.folder, vote.set_id, vote.how, vote.files) == ("app", "stars", How.MOTION, ("app/star.json",))
