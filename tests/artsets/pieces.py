"""Art that the tests draw themselves: faces and things of two made-up sets, the same at every run."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable, Iterable, Mapping

from PIL import Image, ImageDraw

from licscan.artsets.describe import describe
from licscan.artsets.index import ArtIndex, build, pack
from licscan.artsets.model import ArtFile
from licscan.artsets.svg import read_svg

FAMILIES = {"sun": "sun", "moon": "moon", "sun-old": "sun"}


def piece(kind: str, number: int, side: int = 64) -> Image.Image:
    """One piece of a set: the same number is the same subject, each set draws it in its own way."""
    chance = random.Random(f"{kind} {number}")
    scale = 4
    image = Image.new("RGBA", (64 * scale, 64 * scale), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    body = (255, 204, chance.randrange(40, 90), 255) if kind != "moon" else (240, 170, chance.randrange(60, 120), 255)
    if number % 2:
        draw.ellipse((8, 8, 248, 248), fill=body)
    else:
        corners = [(chance.randrange(8, 248), chance.randrange(8, 248)) for _ in range(7)]
        draw.polygon(corners, fill=body)
        draw.rectangle((60, 60, 200, 200), fill=(chance.randrange(256), 90, 160, 255))
    for _ in range(7):
        x, y = chance.randrange(40, 190), chance.randrange(40, 190)
        width, height = chance.randrange(14, 60), chance.randrange(10, 60)
        color = (chance.randrange(160), chance.randrange(120), chance.randrange(200), 255)
        draw.ellipse((x, y, min(240, x + width), min(240, y + height)), fill=color)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def saved(image: Image.Image, made: str, quality: int) -> bytes:
    """The picture on white as JPEG, or as lossy WebP with its transparency."""
    out = io.BytesIO()
    if made == "jpeg":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        white.save(out, "JPEG", quality=quality)
    else:
        image.save(out, made.upper(), quality=quality)
    return out.getvalue()


def sheet(images: Iterable[Image.Image], columns: int, cell: int, margin: int = 0) -> Image.Image:
    """The pictures in a grid, each in the middle of its cell."""
    held = list(images)
    rows = -(-len(held) // columns)
    made = Image.new("RGBA", (columns * cell + 2 * margin, rows * cell + 2 * margin), (0, 0, 0, 0))
    for at, image in enumerate(held):
        x = margin + at % columns * cell + (cell - image.width) // 2
        y = margin + at // columns * cell + (cell - image.height) // 2
        made.paste(image, (x, y))
    return made


def drawing(number: int, *, name: str = "icon") -> str:
    """An SVG with curves of its own for each number."""
    chance = random.Random(f"{name} {number}")
    points = [chance.randrange(1, 230) / 10 for _ in range(24)]
    curves = " ".join(f"C{' '.join(str(point) for point in points[at : at + 6])}" for at in range(2, 20, 6))
    path = f"M{points[0]} {points[1]} {curves} L3 4 5 7 2.5 9 8 8 12 3Z"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{path}"/></svg>'


def index(count: int = 30) -> ArtIndex:
    """Two sets of so many pieces, one with drawings too; digests are of their PNG files of 72 pixels."""
    digests, svgs, signs = [], [], []
    for kind in ("sun", "moon"):
        for number in range(count):
            described = describe(piece(kind, number))
            assert described is not None
            signs.append((pack(described), kind))
            digests.append((hashlib.sha256(png(piece(kind, number, 72))).digest()[:6], kind))
    for number in range(count):
        found = read_svg(drawing(number).encode())
        assert found is not None
        assert found.whole is not None
        svgs.append((found.whole, "sun"))
    return build(FAMILIES, digests, svgs, signs)


def art(path: str, data: bytes, made: str = "png", opened: list[str] | None = None) -> ArtFile:
    """A file; whatever opens it is noted."""

    def opener() -> bytes:
        if opened is not None:
            opened.append(path)
        return data

    return ArtFile(path, hashlib.sha256(data).hexdigest(), made, len(data), opener)


class Kept:
    """A cache in memory."""

    def __init__(self) -> None:
        self.held: dict[bytes, bytes] = {}

    def get_many(self, digests: Iterable[bytes]) -> dict[bytes, bytes]:
        return {digest: self.held[digest] for digest in digests if digest in self.held}

    def put_many(self, found: Mapping[bytes, bytes]) -> None:
        self.held.update(found)


Change = Callable[[Image.Image], Image.Image]
