"""Descriptions of pictures: bounded, alike where pictures are alike, none where there is nothing to see."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from licscan.artsets.describe import LENGTH, Description, describe, mirror
from licscan.artsets.grid import MAX_GRIDS, SAMPLE, grids_of
from licscan.artsets.looks import Cells, Look, dump, load, look_at_picture
from licscan.artsets.pictures import open_picture
from tests.artsets.pieces import piece, png, saved, sheet


def likeness(first: Description | None, second: Description | None) -> float:
    assert first is not None
    assert second is not None
    one, other = (np.frombuffer(side.data, dtype=np.int8).astype(int) for side in (first, second))
    return float((np.clip(one, -40, 40) * np.sign(other)).sum() / np.abs(np.clip(one, -40, 40)).sum())


@pytest.mark.parametrize("side", [20, 24, 33, 100])
def test_size_hardly_matters(side: int) -> None:
    for number in range(6):
        assert likeness(describe(piece("sun", number, side)), describe(piece("sun", number))) > 0.9


def test_different_pieces_differ() -> None:
    held = [describe(piece(kind, number)) for kind in ("sun", "moon") for number in range(8)]
    for at, one in enumerate(held):
        assert max(likeness(one, other) for other in held[:at] + held[at + 1 :]) < 0.85


def test_a_mirrored_picture_has_the_mirrored_description() -> None:
    one = describe(piece("sun", 3))
    other = describe(piece("sun", 3).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert one is not None
    turned = np.frombuffer(one.data, dtype=np.int8) * mirror()
    assert likeness(other, Description(turned.astype(np.int8).tobytes(), False)) > 0.98


@pytest.mark.parametrize("image", [
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)), Image.new("RGBA", (64, 64), "white"), Image.new("RGBA", (8, 8), "red"),
    Image.new("RGBA", (1, 900), "red"), Image.new("RGBA", (300, 12), (3, 4, 5, 6)),
])  # fmt: skip
def test_nothing_to_see(image: Image.Image) -> None:
    assert describe(image) is None


def test_a_plain_disc_is_too_plain() -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((4, 4, 60, 60), fill=(250, 240, 120, 255))
    found = describe(image)
    assert found is None or len(found.data) == LENGTH


def test_looks_survive_the_cache() -> None:
    whole = describe(piece("sun", 1))
    assert whole is not None
    for look in (
        Look(seen=False),
        Look(True, 64, 64, whole),
        Look(True, 900, 700, None, (Cells(32, 400, (whole, whole)), Cells(64, 90, ()))),
        Look(True, drawings=(b"", b"abcdef")),
    ):
        assert load(dump(look)) == look
        assert load(dump(look)[:-1]) is None
        assert load(dump(look) + b"x") is None
    assert load(b"") is None


def test_grids_are_bounded() -> None:
    whole = sheet((piece("moon", number, 20) for number in range(900)), 30, 22)
    found = grids_of(whole)
    assert 1 <= len(found) <= MAX_GRIDS
    assert found[0].side == 22
    assert found[0].count == 900
    assert len(found[0].boxes) <= SAMPLE


def test_a_photograph_is_no_sheet() -> None:
    image = Image.effect_mandelbrot((400, 300), (-2, -1.5, 1, 1.5), 40).convert("RGBA")
    assert grids_of(image) == []
    assert look_at_picture(png(image), "png").sheets == ()


@pytest.mark.parametrize("made", ["jpeg", "webp"])
def test_pictures_are_opened_as_what_they_are_said_to_be(made: str) -> None:
    data = saved(piece("sun", 1), made, 80)
    assert open_picture(data, made) is not None
    assert open_picture(data, "png") is None
    assert open_picture(data, "psd") is None
    assert open_picture(data[: len(data) // 2], made) is None


def on_ground(image: Image.Image, ground: str, quality: int) -> Image.Image:
    made = Image.new("RGB", image.size, ground)
    made.paste(image, mask=image.getchannel("A"))
    return Image.open(io.BytesIO(saved(made, "JPEG", quality=quality))).convert("RGBA")


@pytest.mark.parametrize(("ground", "side"), [("white", 32), ("#101018", 96), ("#808000", 96)])
def test_what_is_opaque_is_read_in_several_ways_of_which_one_is_like_the_piece(ground: str, side: int) -> None:
    for number in range(4):
        clear = describe(piece("sun", number))
        found = describe(on_ground(piece("sun", number, side), ground, 75))
        assert found is not None
        assert found.opaque
        assert found.others
        ways = [Description(one, True) for one in (found.data, *found.others)]
        assert max(likeness(one, clear) for one in ways) > 0.9
        once = describe(on_ground(piece("sun", number, side), ground, 75), once=True)
        assert once is not None
        assert once.others == ()


def test_all_ways_survive_the_cache() -> None:
    whole = describe(on_ground(piece("sun", 1), "#101018", 75))
    assert whole is not None
    look = Look(True, 64, 64, whole, (Cells(32, 9, (whole,)),))
    assert load(dump(look)) == look
    assert load(dump(look)[:-1]) is None


def test_a_sheet_of_one_piece_again_and_again_has_one_cell() -> None:
    look = look_at_picture(png(sheet([piece("sun", 1, 40)] * 12, 4, 48)), "png")
    assert look.sheets
    assert all(len(cells.pictures) < 5 < cells.count for cells in look.sheets)
