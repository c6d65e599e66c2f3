"""Folders and sheets of made-up sets, changed as products change them, and what must not be taken for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest
from PIL import Image, ImageOps

from licscan.artsets import How, Recognition, recognise
from licscan.artsets.index import ArtIndex
from licscan.artsets.model import ArtFile
from tests.artsets.pieces import Kept, art, drawing, index, piece, png, saved, sheet


@cache
def known() -> ArtIndex:
    return index()


def gray(image: Image.Image) -> Image.Image:
    made = image.convert("L").convert("RGBA")
    made.putalpha(image.getchannel("A"))
    return made


def padded(image: Image.Image) -> Image.Image:
    made = Image.new("RGBA", (image.width + 30, image.height + 18), (0, 0, 0, 0))
    made.paste(image, (21, 4))
    return made


CHANGES: dict[str, tuple[str, Callable[[Image.Image], bytes]]] = {
    "as it is": ("png", png),
    "20 pixels": ("png", lambda image: png(image.resize((20, 20), Image.Resampling.LANCZOS))),
    "32 pixels": ("png", lambda image: png(image.resize((32, 32), Image.Resampling.BICUBIC))),
    "160 pixels": ("png", lambda image: png(image.resize((160, 160), Image.Resampling.BICUBIC))),
    "gray": ("png", lambda image: png(gray(image))),
    "padded": ("png", lambda image: png(padded(image))),
    "JPEG on white": ("jpeg", lambda image: saved(image, "jpeg", 80)),
    "WebP": ("webp", lambda image: saved(image, "webp", 60)),
    "mirrored": ("png", lambda image: png(ImageOps.mirror(image))),
    "few colors": ("png", lambda image: png(image.quantize(48).convert("RGBA"))),
}


def told(found: Recognition) -> list[tuple[str, str, How]]:
    return [(one.folder, one.set_id, one.how) for one in found.votes]


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_folder_is_recognised_however_its_pictures_were_changed(change: str) -> None:
    made, work = CHANGES[change]
    files = [art(f"app/faces/f{number}", work(piece("sun", number)), made) for number in range(20)]
    found = recognise(files, None, known())
    assert told(found) == [("app/faces", "sun", How.PICTURE)]
    assert found.votes[0].accepted >= 16
    assert found.votes[0].considered == 20
    assert not found.faults


def test_the_same_bytes_are_told_without_opening_them() -> None:
    opened: list[str] = []
    files = [art(f"faces/{number}.png", png(piece("moon", number, 72)), opened=opened) for number in range(6)]
    found = recognise(files, None, known())
    assert told(found) == [("faces", "moon", How.DIGEST)]
    assert (found.votes[0].accepted, found.decoded, opened) == (6, 0, [])


@pytest.mark.parametrize("count", [1, 4])
def test_few_files_are_no_verdict(count: int) -> None:
    files = [art(f"faces/{number}.png", png(piece("sun", number, 72))) for number in range(count)]
    found = recognise(files, None, known())
    assert len(found.matches) == count
    assert not found.votes


def test_drawings_are_told_whatever_their_text_looks_like() -> None:
    def retold(number: int) -> bytes:
        text = drawing(number).replace("<path", '<!-- made --><metadata><x/></metadata><g id="a"><path  fill="#123"')
        return text.replace("/></svg>", "/></g></svg>").replace("C", " C ").encode()

    files = [art(f"icons/{number}.svg", retold(number), "svg") for number in range(7)]
    files += [art(f"icons/own{number}.svg", drawing(number, name="own").encode(), "svg") for number in range(40)]
    found = recognise(files, None, known())
    assert told(found) == [("icons", "sun", How.SVG)]
    assert (found.votes[0].accepted, found.votes[0].considered) == (7, 47)


def test_symbols_of_a_drawing_are_cells() -> None:
    inside = "".join(drawing(number).replace("<svg", "<symbol").replace("</svg", "</symbol") for number in range(12))
    whole = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    found = recognise([art("sprite.svg", whole.encode(), "svg")], None, known())
    assert told(found) == [("sprite.svg", "sun", How.SPRITE)]


@pytest.mark.parametrize(("cell", "side", "margin", "made"), [
    (40, 36, 0, "png"), (66, 64, 0, "png"), (72, 64, 5, "png"), (32, 28, 0, "webp"), (48, 40, 0, "jpeg"),
])  # fmt: skip
def test_the_grid_of_a_sheet_is_found(cell: int, side: int, margin: int, made: str) -> None:
    whole = sheet((piece("moon", number, side) for number in range(30)), 6, cell, margin)
    data = png(whole) if made == "png" else saved(whole, made, 85)
    found = recognise([art("img/all", data, made)], None, known())
    assert told(found) == [("img/all", "moon", How.SPRITE)]
    assert found.votes[0].accepted >= 24


def test_a_small_sheet_counts_beside_a_large_one() -> None:
    large, small = (png(sheet((piece("sun", number) for number in range(count)), 6, 72)) for count in (24, 5))
    alone = recognise([art("img/small.png", small)], None, known())
    assert not alone.votes
    beside = recognise([art("img/small.png", small), art("img/large.png", large)], None, known())
    assert told(beside) == [("img/large.png", "sun", How.SPRITE), ("img/small.png", "sun", How.SPRITE)]


def test_a_mixed_folder_is_of_no_set() -> None:
    files = [
        art(f"faces/{kind}{number}.png", png(piece(kind, number, 48)))
        for kind in ("sun", "moon")
        for number in range(8)
    ]
    assert not recognise(files, None, known()).votes


def test_a_few_among_many_are_no_verdict() -> None:
    files = [art(f"mixed/{number}.png", png(piece("sun", number, 48))) for number in range(6)]
    files += [art(f"mixed/own{number}.png", png(piece("own", number, 48))) for number in range(40)]
    assert not recognise(files, None, known()).votes


def test_other_pictures_are_not_recognised() -> None:
    files = [art(f"own/{number}.png", png(piece("own", number))) for number in range(40)]
    files += [art(f"noise/{number}.png", png(noise(number))) for number in range(10)]
    files += [art(f"flat/{number}.png", png(Image.new("RGBA", (64, 64), (number, 90, 7, 255)))) for number in range(10)]
    found = recognise(files, None, known())
    assert not found.votes
    assert len(found.matches) <= 1


def noise(number: int) -> Image.Image:
    return Image.frombytes("RGBA", (40, 40), random.Random(number).randbytes(40 * 40 * 4))


def test_a_second_run_opens_nothing() -> None:
    kept = Kept()
    opened: list[str] = []
    files = [art(f"faces/{number}.png", png(piece("sun", number)), opened=opened) for number in range(9)]
    files += [art("all.png", png(sheet((piece("sun", number) for number in range(24)), 6, 70)), opened=opened)]
    files += [art(f"icons/{number}.svg", drawing(number).encode(), "svg", opened) for number in range(5)]
    first = recognise(files, kept, known())
    count = len(opened)
    assert first.decoded == count == 15
    second = recognise(files[::-1], kept, known())
    assert len(opened) == count
    assert second.decoded == 0
    assert (second.matches, second.votes, second.faults) == (first.matches, first.votes, first.faults)
    assert len(first.votes) == 3


def test_damage_in_the_cache_is_looked_at_anew() -> None:
    kept = Kept()
    files = [art(f"faces/{number}.png", png(piece("sun", number))) for number in range(6)]
    first = recognise(files, kept, known())
    kept.held = {digest: data[:-3] for digest, data in kept.held.items()}
    assert recognise(files, kept, known()) == first


@pytest.mark.parametrize("cut", [20, 60, 200])
def test_broken_pictures_are_faults(cut: int) -> None:
    files = [art(f"faces/{number}.png", png(piece("sun", number))[:cut]) for number in range(6)]
    found = recognise(files, None, known())
    assert [path for path, _sentence in found.faults] == [f"faces/{number}.png" for number in range(6)]
    assert not found.votes


def test_a_bomb_is_a_fault() -> None:
    bomb = png(Image.new("1", (20_000, 20_000)))
    found = recognise([art("big.png", bomb)], None, known())
    assert [path for path, _sentence in found.faults] == ["big.png"]


def test_entities_and_depth_in_drawings_are_faults() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><path d="&a;"/></svg>'
    deep = "<svg>" + "<g>" * 5000 + "</g>" * 5000 + "</svg>"
    files = [art("a.svg", bomb.encode(), "svg"), art("b.svg", deep.encode(), "svg"), art("c.svg", b"<svg", "svg")]
    assert [path for path, _ in recognise(files, None, known()).faults] == ["a.svg", "b.svg", "c.svg"]


def test_pixels_of_a_run_are_bounded_with_and_without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.artsets.recognition.MAX_PIXELS", 7 * 64 * 64)
    kept = Kept()
    files = [art(f"faces/{number}.png", png(piece("sun", number))) for number in range(12)]
    first = recognise(files, kept, known())
    assert [path for path, _ in first.faults] == ["faces/6.png", "faces/7.png", "faces/8.png", "faces/9.png"]
    second = recognise(files, kept, known())
    assert (second.votes, second.faults, second.decoded) == (first.votes, first.faults, 0)


def test_a_file_that_cannot_be_read_is_a_fault() -> None:
    def gone() -> bytes:
        raise FileNotFoundError("gone")

    files = [ArtFile(f"faces/{number}.png", f"{number:064x}", "png", 900, gone) for number in range(6)]
    found = recognise(files, Kept(), known())
    assert len(found.faults) == 6


def test_lone_small_pictures_are_not_opened() -> None:
    opened: list[str] = []
    files = [art(f"d{number}/icon.png", png(piece("own", number, 24)), opened=opened) for number in range(30)]
    assert not recognise(files, None, known()).votes
    assert not opened
