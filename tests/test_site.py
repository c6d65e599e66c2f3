"""The sources of the documentation's site: links are moved, each finding has a page, and a link that is wrong is found.

What Sphinx makes of them is checked by `scripts/docs`, which the README's checks run.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from licscan.base.messages import use_language
from licscan.judge import CODES
from scripts.website.check import broken_links
from scripts.website.links import Mover, Place, TargetError
from scripts.website.stage import Staged, stage

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    try:
        return stage(tmp_path_factory.mktemp("site") / "pages")
    finally:
        use_language()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_finding_has_its_page(language: str, staged: Staged) -> None:
    folder = staged.folders[language] / "findings"
    assert {file.stem for file in folder.glob("*.md")} == set(CODES)
    page = (folder / "license-conflict.md").read_text()
    said = {"en": "The license does not allow this use.", "zh": "许可证不允许此用途。"}
    assert said[language] in page
    assert ("*Example:*" in page) == (language == "en")  # the details have one source, in English


def test_the_parts_of_the_map_are_the_navigation(staged: Staged) -> None:
    index = (staged.folders["en"] / "index.md").read_text()
    assert re.findall(r":caption: (.*)", index) == ["Start", "How-to", "Reference", "Concepts", "Development"]
    assert "Clear a conflict <howto/conflict>" in index


MOVED = {
    "a page": ("[x](b.md#part)", "docs/a.md", Place("en", "a"), "[x](b.md#part)"),
    "a page below": ("[x](../b.md)", "docs/howto/a.md", Place("en", "howto/a"), "[x](../b.md)"),
    "a page of the root": ("[x](../README.md)", "docs/a.md", Place("en", "a"), "[x](readme.md)"),
    "from the root": ("[x](docs/b.md)", "README.md", Place("en", "readme"), "[x](b.md)"),
    "the other language": ("[x](b.zh.md#y)", "docs/a.md", Place("en", "a"), '<a href="zh/b.html#y">x</a>'),
    "and back": ("[`x`](b.md)", "docs/a.zh.md", Place("zh", "a"), '<a href="../b.html">`x`</a>'),
    "its own language": ("[x](b.zh.md)", "docs/a.zh.md", Place("zh", "a"), "[x](b.md)"),
    "a finding": ("[x](findings.md#this-one)", "docs/a.md", Place("en", "a"), "[x](findings/this-one.md)"),
    "a file": ("[x](../data/t.json)", "docs/a.md", Place("en", "a"), '<a href="files/data/t.json">x</a>'),
    "a hidden file": ("[x](../.ci/run)", "docs/a.zh.md", Place("zh", "a"), '<a href="../files/ci/run">x</a>'),
    "a picture": ("![x](d.svg)", "docs/howto/../a.md", Place("en", "a"), '<img src="files/docs/d.svg" alt="x">'),
    "elsewhere": ("[x](https://a.example/b.md)", "docs/a.md", Place("en", "a"), "[x](https://a.example/b.md)"),
    "in a block": ("```\n[x](gone.md)\n```\n", "docs/a.md", Place("en", "a"), "```\n[x](gone.md)\n```\n"),
}


@pytest.fixture
def mover(tmp_path: Path) -> Mover:
    for name in ("data/t.json", ".ci/run", "docs/d.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    places = {"docs/a.md": Place("en", "a"), "docs/b.md": Place("en", "b"), "docs/b.zh.md": Place("zh", "b")}
    section = {"this-one": Place("en", "findings/this-one")}
    return Mover(
        tmp_path, places | {"README.md": Place("en", "readme")}, lambda _language, _path, anchor: section.get(anchor)
    )


@pytest.mark.parametrize(("text", "source", "place", "moved"), MOVED.values(), ids=MOVED)
def test_links_are_moved(text: str, source: str, place: Place, moved: str, mover: Mover) -> None:
    assert mover.page(text, source, place) == moved


def test_a_link_to_nothing_is_an_error(mover: Mover) -> None:
    with pytest.raises(TargetError, match=r"docs/a\.md: gone\.md does not exist"):
        mover.page("[x](gone.md)", "docs/a.md", Place("en", "a"))


def test_broken_links_of_a_built_site_are_found(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "index.html").write_text(
        '<h1 id="top">x</h1><a href="#top">1</a><a href="#none">2</a><a href="zh/index.html#a">3</a><img src="no.svg">'
        '<a href="https://a.example/">4</a><a href="../out.html">5</a>'
    )
    (tmp_path / "zh" / "index.html").write_text('<a href="../index.html#top">1</a><a href="../index.html#gone">2</a>')
    assert broken_links(tmp_path) == [
        "index.html: #none leads nowhere",
        "index.html: ../out.html leads nowhere",
        "index.html: no.svg leads nowhere",
        "index.html: zh/index.html#a leads nowhere",
        "zh/index.html: ../index.html#gone leads nowhere",
    ]


@pytest.mark.parametrize(
    ("name", "says"), [("demo.svg", "May not ship as it is"), ("demo.zh.svg", "不得以现有形态交付")]
)
def test_the_demonstration_is_of_no_machine_and_no_day(name: str, says: str) -> None:
    drawn = [
        html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", (ROOT / "docs" / name).read_text())
    ]
    said = "".join(drawn).replace("\xa0", " ")
    assert says in said
    assert "licscan why @signalapp/libsignal-client" in said
    assert not re.search(r"/(home|tmp|root|work|Users)/|\d{4}-\d{2}-\d{2}|\d:\d{2}:\d", said)
