"""Fonts, pictures, sounds and models of a project, for people: how many there are, and of how many nobody asks."""

from __future__ import annotations

from licscan.base.messages import _, ngettext
from licscan.export.page import Page
from licscan.model.content import Content


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
        "{total} files: {own} taken as the project's own, {foreign} others' or open, in {groups} group.",
        "{total} files: {own} taken as the project's own, {foreign} others' or open, in {groups} groups.",
        groups,
    )
    return message.format(total=f"{total:,}", own=f"{total - foreign:,}", foreign=f"{foreign:,}", groups=groups)
