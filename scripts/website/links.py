"""Links of a Markdown page, moved from where the page lies in the repository to where it lies in the site."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
FENCED = re.compile(r"(^ *```.*?^ *```$\n?)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[((?:[^\[\]`]|`[^`]*`|!\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`]*)`")
ABOVE = {"README.md": "readme", "CONTRIBUTING.md": "contributing", "CHANGELOG.md": "changelog"}
"""Pages of the repository's root that are pages of the site too."""


class TargetError(Exception):
    """A link leads nowhere."""


@dataclass(frozen=True)
class Place:
    """A page of the site: its language and its name in the tree of that language, without an ending."""

    language: str
    name: str

    @property
    def file(self) -> str:
        """Its path from the root of the site: English pages lie there, the others in a folder of their language."""
        return f"{self.name}.html" if self.language == "en" else f"{self.language}/{self.name}.html"


def pages(root: Path = ROOT) -> dict[str, Place]:
    """Every page of the site by its path in the repository."""
    found = {name: Place("en", place) for name, place in ABOVE.items()}
    for file in sorted((root / "docs").rglob("*.md")):
        name = file.relative_to(root / "docs").as_posix().removesuffix(".md")
        language = "zh" if name.endswith(".zh") else "en"
        found[f"docs/{name}.md"] = Place(language, name.removesuffix(".zh"))
    return found


@dataclass
class Mover:
    """Moves the links of one page after the other, and notes which files of the repository the site needs."""

    root: Path
    pages: dict[str, Place]
    sections: Callable[[str, str, str], Place | None]
    """A page of its own for a section, by (language, path, anchor)."""
    files: set[str] = field(default_factory=set)

    def page(self, text: str, source: str, place: Place) -> str:
        """The text of a page with its links as they are at `place`. Raises TargetError."""
        parts = FENCED.split(text)
        move = lambda found: self._link(found, source, place)  # noqa: E731
        return "".join(part if index % 2 else LINK.sub(move, part) for index, part in enumerate(parts))

    def _link(self, found: re.Match[str], source: str, place: Place) -> str:
        picture, text, target = found.groups()
        path, hashed, anchor = target.partition("#")
        if ":" in path:
            return found[0]
        text = LINK.sub(lambda inner: self._link(inner, source, place), text)
        whole = os.path.normpath(PurePosixPath(source).parent / path) if path else source
        section = self.sections(place.language, whole, anchor)
        if not path and section is None:
            return f"[{text}]({target})"
        if section is None and whole not in self.pages:
            if not (self.root / whole).is_file():
                raise TargetError(f"{source}: {target} does not exist")
            self.files.add(whole)
            href = between(place.file, f"files/{whole.removeprefix('.')}")
            return f'<img src="{href}" alt="{html.escape(text)}">' if picture else anchor_tag(href, text)
        goal, fragment = (section, "") if section is not None else (self.pages[whole], hashed + anchor)
        if goal.language == place.language:
            return f"[{text}]({between(f'{place.name}.md', f'{goal.name}.md')}{fragment})"
        return anchor_tag(between(place.file, goal.file) + fragment, text)


def between(start: str, end: str) -> str:
    """The relative link from one file of the site to another."""
    return os.path.relpath(end, PurePosixPath(start).parent)


def anchor_tag(href: str, text: str) -> str:
    """A link that Sphinx leaves alone: into the tree of another language, or to a file. Its text stays Markdown."""
    return f'<a href="{html.escape(href)}">{text}</a>'
