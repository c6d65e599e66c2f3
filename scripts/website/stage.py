"""Lays out the sources of the site: one tree for each language, with the pages of the findings and the navigation."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.website.findings import finding_page, read, sections, table_page
from scripts.website.links import LINK, ROOT, Mover, Place, between, pages

HERE = Path(__file__).resolve().parent
LANGUAGES = ("en", "zh")
FINDINGS = {"en": "docs/findings.md", "zh": "docs/findings.zh.md"}
INDEX = {"en": "docs/index.md", "zh": "docs/index.zh.md"}
HAN_BREAK = re.compile(r"([\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Staged:
    """What was laid out: the source folder of each language, and files of the repository that pages lead to."""

    folders: dict[str, Path]
    files: frozenset[str]


def stage(target: Path, root: Path = ROOT) -> Staged:
    """Write the sources below `target`, which must not exist. Raises TargetError for a link that leads nowhere."""
    all_pages = pages(root)
    texts = sections(read(root / FINDINGS["en"]))
    mover = Mover(root, all_pages, lambda language, path, anchor: section_page(texts, language, path, anchor))
    written: dict[Place, str] = {}
    for source, place in all_pages.items():
        text = read(root / source)
        if source in FINDINGS.values():
            written |= dict(of_findings(mover, source, place.language, text, texts))
        else:
            tree = navigation(text, source, all_pages) if source in INDEX.values() else ""
            written[place] = mover.page(text, source, place) + tree
    folders = {language: target / language for language in LANGUAGES}
    for place, text in written.items():
        file = folders[place.language] / f"{place.name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        # Chinese has no spaces: a line that goes on below is one line
        file.write_text(HAN_BREAK.sub(r"\1", text) if place.language == "zh" else text, encoding="utf-8")
    for language, folder in folders.items():
        settings(folder, language, set(written))
    return Staged(folders, frozenset(mover.files))


def section_page(texts: dict[str, str], language: str, path: str, anchor: str) -> Place | None:
    """The page of a finding, for a link to its section of docs/findings.md."""
    return Place(language, f"findings/{anchor}") if path == FINDINGS["en"] and anchor in texts else None


def of_findings(
    mover: Mover, source: str, language: str, text: str, texts: dict[str, str]
) -> Iterator[tuple[Place, str]]:
    """The page of all findings and a page for each, of one language."""
    place = Place(language, "findings")
    table, codes = table_page(text, language)
    yield place, mover.page(table, source, place)
    for code in codes:
        here = Place(language, f"findings/{code}")
        other = between(here.file, Place("en", here.name).file)
        # the section alone has links of the repository; what licscan explains has none
        section = mover.page(texts[code], FINDINGS["en"], here)
        yield here, finding_page(code, language, section, other)


def navigation(index: str, source: str, all_pages: dict[str, Place]) -> str:
    """A table of contents for each part of the map, in its order and under the titles that its links have."""
    language, parent = all_pages[source].language, Path(source).parent
    trees = []
    for heading, part in SECTION.findall(index):
        entries: dict[str, None] = {}
        for picture, text, target in LINK.findall(part):
            path = Path(parent, target.partition("#")[0]).as_posix()
            place = all_pages.get(path) or all_pages.get(path.removeprefix("docs/../"))
            if not picture and place is not None and place.language == language and "#" not in target:
                entries[f"{text} <{place.name}>"] = None
        if entries:
            trees.append(toctree(list(entries), heading))
    return "".join(trees)


def toctree(entries: list[str], caption: str = "") -> str:
    """Sphinx's directive for a hidden table of contents."""
    head = ["", "```{toctree}", ":hidden:", *([f":caption: {caption}"] if caption else []), ""]
    return "\n".join([*head, *entries, "```", ""])


def settings(folder: Path, language: str, written: set[Place]) -> None:
    """The configuration beside the pages, and which page is the same one in the other language."""
    shutil.copytree(HERE / "theme", folder, dirs_exist_ok=True)
    other = next(one for one in LANGUAGES if one != language)
    names = {place.name for place in written if place.language == language}
    theirs = {place.name for place in written if place.language == other}
    same = {
        name: between(Place(language, name).file, Place(other, name if name in theirs else "index").file)
        for name in sorted(names | {"search"})
    }
    told = {"language": language, "other": other, "same": same, "both": sorted(names & theirs)}
    (folder / "site.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
