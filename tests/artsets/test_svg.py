"""What an SVG draws has one digest, however it is written; another drawing has another."""

from __future__ import annotations

import pytest

from licscan.artsets.svg import read_svg

PLAIN = "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zM9 7h4v3l2.5 2-2 5.25L7 15z"
SHORT = "m12 2c-5.52 0-10 4.48-10 10s4.48 10 10 10 10-4.48 10-10-4.48-10-10-10m-3 5h4v3l2.5 2-2 5.25-6.5-2.25z"
QUADRATIC = "M12 2Q2 2 2 12T12 22 22 12Q22 2 12 2zM9 7h4v3l2.5 2-2 5.25L7 15z"
APART = ("M9 7H13V10L15.5 12 13.5 17.25 7 15Z", "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2Z")


def svg(inside: str, attributes: str = 'viewBox="0 0 24 24"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def digest(data: bytes) -> bytes | None:
    found = read_svg(data)
    return found.whole if found is not None else None


BASE = svg(f'<path d="{PLAIN}"/>')

SAME = {
    "relative": svg(f'<path d="{SHORT}"/>'),
    "curves of another kind": svg(f'<path d="{QUADRATIC}"/>'),
    "split, in another order": svg("".join(f'<path d="{one}"/>' for one in APART)),
    "numbers": svg(f'<path d="{PLAIN.replace("12 2C", "12.000,2.0e0C")}"/>'),
    "comment, metadata, title": svg(
        f'<!-- x --><metadata><a b="c"/></metadata><title>t</title><path d="{PLAIN}" id="q"/>'
    ),
    "colors and groups": svg(f'<g class="a" fill="red"><g><path stroke="#000" d="{PLAIN}"/></g></g>'),
    "area of the icon": svg(f'<path d="M0 0h24v24H0z" fill="none"/><path d="{PLAIN}"/>'),
    "area as a rectangle": svg(f'<rect width="24" height="24" fill="none"/><path d="{PLAIN}"/>'),
    "transform": svg(f'<g transform="translate(-3 4)"><path transform="translate(3,-4)" d="{PLAIN}"/></g>'),
    "clip path": svg(f'<clipPath id="c"><path d="M1 1h3v7z"/></clipPath><path d="{PLAIN}"/>'),
    "a point on a line": svg(f'<path d="{PLAIN.replace("h4v3", "h1h3v2v1")}"/>'),
    "prefix": BASE.replace(b"<svg xmlns", b"<s:svg xmlns:s").replace(b"<path", b"<s:path").replace(b"/svg", b"/s:svg"),
}  # fmt: skip

OTHER = {
    "a point moved": svg(f'<path d="{PLAIN.replace("2.5 2-2", "2.5 2.4-2")}"/>'),
    "one outline more": svg(f'<path d="{PLAIN}M2 3h4v5z"/>'),
    "larger": svg(f'<path transform="scale(1.5)" d="{PLAIN}"/>'),
    "turned": svg(f'<path transform="rotate(90 12 12)" d="{PLAIN}"/>'),
}


@pytest.mark.parametrize("case", sorted(SAME))
def test_the_same_drawing(case: str) -> None:
    assert digest(BASE) is not None
    assert digest(SAME[case]) == digest(BASE)


@pytest.mark.parametrize("case", sorted(OTHER))
def test_another_drawing(case: str) -> None:
    assert digest(OTHER[case]) is not None
    assert digest(OTHER[case]) != digest(BASE)


@pytest.mark.parametrize(
    "inside", ['<path d="M4 12h16M12 4v16"/>', '<circle cx="3" cy="3" r="2"/>', "", '<path d="M"/>']
)
def test_plain_shapes_have_no_digest(inside: str) -> None:
    found = read_svg(svg(inside))
    assert found is not None
    assert found.whole is None


@pytest.mark.parametrize(("shape", "path"), [
    ('<polygon points="2,3 9,4 12,9 7,14 5,12 4,10 3,9 1,6"/>', "M2 3L9 4 12 9 7 14 5 12 4 10 3 9 1 6z"),
    ('<rect x="2" y="3" width="8" height="5"/><rect x="4" y="9" width="5" height="9"/>', "M2 3h8v5H2zM4 9h5v9H4z"),
])  # fmt: skip
def test_shapes_are_paths(shape: str, path: str) -> None:
    assert digest(svg(shape)) is not None
    assert digest(svg(shape)) == digest(svg(f'<path d="{path}"/>'))


@pytest.mark.parametrize("data", [
    b"", b"<svg", b"\x00" * 90,
    svg('<path d="M' + "1 2 " * 90_000 + '"/>'), svg('<path d="M1e999 2L1e400 3 4 5 6 7"/>'),
    b'<!DOCTYPE a [<!ENTITY b "c">]>' + BASE, b"<svg>" * 4000,
    svg('<path d="M1 1h1v2"/>' * 5000), svg(f'<path d="M1 1{"h1v1" * 9000}"/>' * 25),
])  # fmt: skip
def test_hostile_drawings_end_in_none(data: bytes) -> None:
    found = read_svg(data)
    assert found is None or found.whole is None
