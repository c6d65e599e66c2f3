"""The report's part on content: groups, who says so, signs, marks and stale lists; previews that cannot act."""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import html
from PIL import Image

from licscan.cli import cli
from licscan.model import Component, ComponentKind, Graph, Location, Scan, Scope
from licscan.model.content import Content, ContentFile, ContentStatement, Question, Speaker, StaleEntry
from licscan.model.media import AiMark, MarkKind, MediaKind
from licscan.report import render
from licscan.report.content import MOST_SHOWN, content_part, to_preview
from licscan.report.previews import MAX_DRAWING, previews
from tests.content.making import mp3, png
from tests.factories import empty_scan
from tests.report.test_page import text_of

PURL = "pkg:generic/content/bells"
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="url(#a)"/></svg>'


def file_of(path: str, data: bytes, made: str = "png", **changed: object) -> ContentFile:
    kind = MediaKind.SVG if made == "svg" else MediaKind.IMAGE
    digest = hashlib.sha256(data).hexdigest()
    return replace(ContentFile(path, kind, made, digest, len(data), "NOASSERTION"), **changed)  # type: ignore[arg-type]


def scan_of(*files: ContentFile, stale: tuple[StaleEntry, ...] = ()) -> Scan:
    scan = empty_scan()
    group = Component(
        PURL, "bells", None, "content", ComponentKind.CONTENT, scopes=(Scope.RUNTIME,), content="audio"
    )  # fmt: skip
    graph = Graph(scan.graph.roots, (*scan.graph.components, group), scan.graph.dependencies)
    return replace(scan, graph=graph, content=Content(files, stale))


def bell(number: int, **changed: object) -> ContentFile:
    said = ContentStatement(
        Speaker.LIST, "CC-BY-4.0", "Ann Bell", Location("CREDITS.md", 7), "Bells <b>by</b> Ann Bell"
    )
    given = {
        "expression": "CC-BY-4.0", "owner": "Ann Bell", "component": PURL, "statements": (said,),
        "questions": (Question.ATTRIBUTION,),
    }  # fmt: skip
    return file_of(f"sounds/bell{number}.mp3", b"", "mp3", **(given | changed))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["6 sounds", "Owner: Ann Bell", "Credit for content is missing", "a text next to the files", "2 more"]),
        ("zh", ["Ann Bell", "另有 2 项"]),
    ],
)
def test_a_group_has_its_owner_license_count_what_is_open_and_who_says_so(language: str, told: list[str]) -> None:
    document = render(scan_of(*map(bell, range(6))))
    part = text_of(document, "content", language)
    assert [
        words for words in (*told, "CC-BY-4.0", "CREDITS.md:7", "Bells <b>by</b> Ann Bell") if words not in part
    ] == []
    assert not html.fromstring(document).xpath("//section[@id='content']//b")


def test_a_statement_that_is_the_same_in_every_file_stands_once() -> None:
    def said(number: int) -> tuple[ContentStatement, ...]:
        return (
            ContentStatement(Speaker.EMBEDDED, "MIT", "Ann", Location(f"sounds/bell{number}.mp3"), "id3:TCOP: Ann"),
        )

    part = content_part(scan_of(*(bell(one, statements=said(one)) for one in range(5))), {}, {})
    assert part is not None
    assert [one.place for one in part.groups[0].said] == ["sounds/bell0.mp3"]


def test_signs_marks_and_stale_lists_stand_apart() -> None:
    mark = AiMark(MarkKind.GENERATOR, "png:parameters", "Stable Diffusion")
    scan = scan_of(
        file_of("img/logos/acme.png", b"a", questions=(Question.TRADEMARK,)),
        file_of("img/bg.png", b"b", questions=(Question.AI_MARK,), marks=(mark,)),
        stale=(StaleEntry(Location("CREDITS.md", 9), "gone.png"),),
    )
    told = text_of(render(scan), "content")
    for words in ("img/logos acme.png", "img bg.pngStable Diffusion (png:parameters)", "CREDITS.md gone.png (:9)"):
        assert words in told
    assert "content" not in html.fromstring(render(empty_scan())).xpath("//main/section/@id")


def test_previews_are_written_anew_and_only_of_what_was_scanned(tmp_path: Path) -> None:
    large, out = Image.effect_noise((300, 100), 50), io.BytesIO()
    large.save(out, "JPEG", comment=b"secret place")
    held = {"a.jpg": (out.getvalue(), "jpeg"), "changed.png": (png(), "png"), "link.png": (png(), "png")}
    held |= {"broken.png": (b"\x89PNG\r\n\x1a\n", "png"), "drawn.svg": (SQUARE, "svg"), "tune.mp3": (mp3(), "mp3")}
    for name, (data, _made) in held.items():
        (tmp_path / name).write_bytes(data)
    files = [file_of(name, data, made) for name, (data, made) in held.items()]
    (tmp_path / "changed.png").write_bytes(png(8, 8))
    (tmp_path / "link.png").rename(tmp_path / "real.png")
    (tmp_path / "link.png").symlink_to("real.png")
    outside = file_of("../outside.png", png())
    (tmp_path.parent / "outside.png").write_bytes(png())
    shown = previews(tmp_path, [*files, outside])
    assert sorted(shown) == ["a.jpg", "drawn.svg"]
    small = base64.b64decode(shown["a.jpg"].removeprefix("data:image/png;base64,"))
    assert Image.open(io.BytesIO(small)).size == (64, 21)
    assert b"secret" not in small
    assert previews(tmp_path, files) == shown


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>", b"<use xlink:href='#a'/>", b"<image href='http://a.example/x.png'/>",
        b"<foreignObject/>", b"<path onload='x()'/>", b"<style>@import url(//a.example)</style>",
        b"<g fill='url(//a)'/>",
        b"<animate/>", b"&e;", b"<!DOCTYPE svg>", b"<x:script/>", b"<a href='javascript:x()'/>", b"<path/>" * 9_000,
    ],
)  # fmt: skip
def test_a_drawing_of_more_than_shapes_has_no_preview(tmp_path: Path, inside: bytes) -> None:
    data = SQUARE.replace(b"<path", inside + b"<path", 1)
    (tmp_path / "a.svg").write_bytes(data)
    assert previews(tmp_path, [file_of("a.svg", data, "svg")]) == {}
    assert len(SQUARE) < MAX_DRAWING


def test_a_report_asks_for_no_more_previews_than_it_shows() -> None:
    files = [file_of(f"img/{number:03}.png", b"", component=PURL) for number in range(50)]
    own = file_of("own.png", b"")
    assert len(list(to_preview(Content((*files, own))))) == MOST_SHOWN
    document = render(scan_of(*files, own), previews={one.path: "data:image/png;base64,AA==" for one in files})
    assert document.count('<img src="data:image/png;base64,AA=="') == MOST_SHOWN
    assert "img-src data:;" in document
    assert "img-src" not in render(scan_of(*files, own))


def test_the_command_shows_pictures_and_leaves_them_out_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "talk"
    (project / "emoji").mkdir(parents=True)
    for number in range(3):
        (project / f"emoji/{number}.png").write_bytes(png(20 + number, 20))
    for number, (options, count) in enumerate([((), 3), (("--no-previews",), 0)]):
        target = tmp_path / f"{number}.html"
        done = CliRunner().invoke(cli, ["report", str(project), "--offline", "-o", str(target), *options])
        assert done.exit_code == 0, done.output
        assert target.read_text().count("<img src=") == count
