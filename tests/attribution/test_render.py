"""The document in its formats: hostile names and texts do no harm, templates of users are held in a sandbox."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from licscan.attribution.document import document
from licscan.attribution.records import Attributions, Holdings, Role
from licscan.attribution.reference import text_of
from licscan.attribution.render import TEMPLATES, fenced, markdown, quoted, render
from licscan.base.errors import InputError
from licscan.model import Component
from licscan.model.surface import Obligation
from tests.attribution.made import MIT_DUTIES, attributed, judged, package, scan_of

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e`](javascript:x) {{ 7*7 }} ```\n===\n# [x](y)"
MIT = text_of("MIT") or ""


def hostile() -> Attributions:
    """A component of which everything is hostile."""
    name = "<img src=x>|`_*[a](javascript:b)\x1b[31m"
    component = Component(f"pkg:npm/{name}@1", name, "1<2", "npm", patches=("<b>\x07",))
    texts = (
        (Role.LICENSE, "LICENSE", f"Copyright (c) 2020 <svg onload=x>\u202e\n\n{MIT}\n{HOSTILE}".encode()),
        (Role.NOTICE, "NOTICE", HOSTILE.replace("\x1b", "").encode()),
        (Role.PART, "</pre><h1>", f"{'`' * 9}\n{HOSTILE.replace(chr(27), '')}".encode()),
    )
    duties = (
        *MIT_DUTIES,
        Obligation("source-file", "<b>", "<i>"),
        Obligation("attribution", "<b>", ""),
        Obligation("advertising-ack", "<b>", ""),
    )
    scan = scan_of([component], [judged(component, "MIT", duties)])
    return attributed(scan, {component.purl: Holdings(texts)})


class Page(HTMLParser):
    """The elements of a page, whether they are closed, and its ids and links."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes.update(name for name, _value in attrs)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        # the end of a list's item may be left out, and of nothing else
        assert self.open.pop() == tag


def test_html_is_whole_and_nothing_in_it_is_markup_of_others() -> None:
    page = Page()
    page.feed(render(document(hostile()), "html"))
    assert page.open == []
    assert not page.seen & {"script", "img", "svg", "b1", "h4"}
    assert page.attributes <= {
        "lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "aria-labelledby",
    }  # fmt: skip
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert all(link.startswith("#") for link in page.links)


def test_html_is_accessible() -> None:
    text = render(document(hostile()), "html")
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    for part in ("<title>", "<main>", "<nav aria-labelledby=", 'class="skip"', "@media print", 'name="viewport"'):
        assert part in text


@pytest.mark.parametrize("format_", TEMPLATES)
def test_no_control_reaches_the_reader(format_: str) -> None:
    text = render(document(hostile()), format_)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "{{ 7*7 }}" in text
    assert " \n" not in text.replace("  \n", "") or format_ == "html"


def test_in_text_what_is_quoted_stands_in() -> None:
    text = render(document(hostile()), "text")
    assert "\n===\n" not in text
    assert "\n  ===\n" in text


def test_in_markdown_only_our_own_markup_counts() -> None:
    text = render(document(hostile()), "markdown")
    outside = []
    fence = ""
    for line in text.split("\n"):
        found = re.match(r"(`{3,})(text)?$", line)
        if found and (not fence or found[1] == fence):
            fence = "" if fence else found[1]
        elif not fence:
            outside.append(line)
    assert not fence
    told = "\n".join(re.sub(r'<a id="[a-z0-9-]+"></a>', "", line) for line in outside)
    assert not re.search(r"(?<!\\)<", told)
    assert not re.search(r"(?<!\\)\]\((?!#)", told)


@pytest.mark.parametrize("text", ["```", "````\ntext", "no fence", "`" * 40])
def test_a_fence_is_longer_than_any_in_it(text: str) -> None:
    first, *_rest, last = fenced(text).split("\n")
    assert first == f"{last}text"
    assert last not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. item", "1\\. item"),
        ("- item", "\\- item"),
        ("+ x", "\\+ x"),
        ("a_b", "a\\_b"),
        ("<b>", "\\<b\\>"),
        ("a\nb", "a b"),
    ],
)
def test_markdown_is_escaped(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_empty_lines_get_no_blanks() -> None:
    assert quoted("a\n\nb") == "  a\n\n  b"


def small() -> Attributions:
    component = package("left")
    held = Holdings(((Role.LICENSE, "LICENSE", f"Copyright 2020 Ada & Co\n\n{MIT}".encode()),))
    return attributed(scan_of([component], [judged(component)]), {component.purl: held})


def test_a_template_of_the_users(tmp_path: Path) -> None:
    template = tmp_path / "mine.html.j2"
    template.write_text(
        "{% for s in doc.sections %}{{ s.title }}: {{ s.groups[0].members[0].statements[0] }}{% endfor %}"
    )
    assert render(document(small()), "html", template) == "MIT: Copyright 2020 Ada &amp; Co"
    assert render(document(small()), "text", template) == "MIT: Copyright 2020 Ada & Co"


def test_a_template_may_take_in_ours(tmp_path: Path) -> None:
    template = tmp_path / "mine.txt.j2"
    template.write_text('Our head\n{% include "licscan/notices.txt.j2" %}')
    assert render(document(small()), "text", template) == f"Our head\n{render(document(small()), 'text')}"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("one\n{% if %}", "line 2"),
        ("one\ntwo\n{{ nothing.at.all }}", "line 3"),
        ("{{ 1 / 0 }}", "line 1"),
        ("one\n{{ ''.__class__.__mro__ }}", "line 2"),
        ("one\n{{ range(10**9) | list }}", "line 2"),
        ("{% include 'no-such' %}", "no-such"),
        ("{% include '../outside' %}", "outside"),
    ],
)
def test_a_mistake_in_a_template_is_one_line_with_its_place(tmp_path: Path, source: str, line: str) -> None:
    template = tmp_path / "mine.j2"
    template.write_text(source)
    with pytest.raises(InputError) as caught:
        render(document(small()), "text", template)
    assert "\n" not in str(caught.value)
    assert str(template) in str(caught.value)
    assert line in str(caught.value)


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    template = tmp_path / "mine.j2"
    template.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        render(document(small()), "text", template)
