"""Fonts, pictures, sounds and models of a project, for people: how many there are, and of how many nobody asks."""

from __future__ import annotations

from licscan.base.messages import _, ngettext
from licscan.export.page import AS_JSON, Page
from licscan.export.words import title_of_code
from licscan.model.content import Content, ContentFile, ContentStatement

MOST_FILES = 30
_SAID = 160
"""Characters of the words of one statement."""


def write_content(content: Content | None, page: Page) -> None:
    """One line under a heading; nothing where the scan did not look, or there is none."""
    if content is None or not content.files:
        return
    page.line()
    page.line(_("Fonts, pictures, sounds, models"), "bold")
    page.prose(summary(content), indent=2, hanging=2)


def summary(content: Content) -> str:
    """`87 files: 60 taken as the project's own, 27 in 4 groups of others' or open work.`"""
    total, foreign = len(content.files), len(content.foreign)
    groups = len({file.component for file in content.foreign})
    if not foreign:
        message = ngettext(
            "{total} file, taken as the project's own.", "{total} files, all taken as the project's own.", total
        )
        return message.format(total=f"{total:,}")
    message = ngettext(
        "{total} files: {own} taken as the project's own, {foreign} third-party or open, in {groups} group.",
        "{total} files: {own} taken as the project's own, {foreign} third-party or open, in {groups} groups.",
        groups,
    )
    return message.format(total=f"{total:,}", own=f"{total - foreign:,}", foreign=f"{foreign:,}", groups=groups)


def write_files(content: Content | None, purl: str, page: Page) -> None:
    """The files of one component, with what is open; each statement under the first of the files that it is about."""
    files = [one for one in content.files if one.component == purl] if content else []
    if not files:
        return
    page.line()
    page.line(_("Files ({count})").format(count=f"{len(files):,}"), "bold")
    told: set[tuple[str, ...]] = set()
    shown = page.some(files, MOST_FILES)
    for file in shown:
        page.prose(_file(file, page), indent=2, hanging=2)
        for one in file.statements:
            key = (one.speaker.value, one.expression, one.holder, one.text)
            if key not in told:
                told.add(key)
                page.prose(_statement(one, page), indent=4, hanging=2)
    page.rest(len(files) - len(shown), AS_JSON)


def _file(file: ContentFile, page: Page) -> str:
    asked = _("; ").join(title_of_code(one.value) for one in file.questions)
    named = f"{page.clean(file.path, 200)} ({page.clean(file.format, 20)}, {file.size:,} B)"
    return _("{place}: {words}").format(place=named, words=asked) if asked else named


def _statement(one: ContentStatement, page: Page) -> str:
    words = [one.expression, one.holder, f'"{one.text}"' if one.text else ""]
    said = _(", ").join(page.clean(part, _SAID) for part in words if part)
    place = f"{one.speaker.value} {page.clean(str(one.location), 200)}"
    return _("{place}: {words}").format(place=place, words=said)
