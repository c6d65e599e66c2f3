"""Whether every link of the built site leads to a file and an anchor of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

GENERATED = {"genindex.html", "search.html"}
"""Pages that a script of the theme fills."""


@dataclass
class Page(HTMLParser):
    """The anchors of a page, and where it leads."""

    anchors: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag is called, and what it refers to."""
        for name, value in attrs:
            if value and (name == "id" or (tag == "a" and name == "name")):
                self.anchors.add(value)
            elif value and name in ("href", "src"):
                self.links.add(value)


def broken_links(site: Path) -> list[str]:
    """A line for each link to a file or an anchor that the site does not have."""
    read = {}
    for file in sorted(site.rglob("*.html")):
        page = Page()
        page.feed(file.read_text(encoding="utf-8"))
        read[file.relative_to(site).as_posix()] = page
    return [
        f"{name}: {link} leads nowhere"
        for name, page in read.items()
        for link in sorted(page.links)
        if not leads_somewhere(site, read, name, link)
    ]


def leads_somewhere(site: Path, read: dict[str, Page], name: str, link: str) -> bool:
    """Whether one link of a page has its goal; what lies outside of the site is not looked at."""
    path, _hash, anchor = link.partition("#")
    path = unquote(path.partition("?")[0])
    if ":" in path or path.startswith("//"):
        return True
    goal = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
    if goal.startswith(("..", "/")) or not (site / goal).is_file():
        return False
    page = read.get(goal)
    return not anchor or page is None or goal.rpartition("/")[2] in GENERATED or unquote(anchor) in page.anchors
