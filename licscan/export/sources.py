"""The project's own files, for people: how many were read, and what among them is not its own."""

from __future__ import annotations

from licscan.base.messages import _, ngettext
from licscan.export.page import Page
from licscan.model import NOASSERTION, NONE, SourceGroup, Sources


def write_sources(sources: Sources | None, page: Page) -> None:
    """One line under a heading; nothing where the scan did not read them."""
    if sources is None:
        return
    page.line()
    page.line(_("Source files"), "bold")
    page.prose(summary(sources), indent=2, hanging=2)


def summary(sources: Sources) -> str:
    """`1,203 source files read: 1,180 the project's own, 23 under other licenses or from others.`"""
    other = sources.read - sources.own
    if other:
        said = ngettext(
            "{read} source file read: {own} the project's own, {other} third-party or under other licenses.",
            "{read} source files read: {own} the project's own, {other} third-party or under other licenses.",
            sources.read,
        )
    else:
        said = ngettext(
            "{read} source file read, the project's own.",
            "{read} source files read, all the project's own.",
            sources.read,
        )
    told = said.format(read=f"{sources.read:,}", own=f"{sources.own:,}", other=f"{other:,}")
    if sources.unread:
        more = ngettext("{count} could not be read.", "{count} could not be read.", sources.unread)
        told = f"{told} {more.format(count=f'{sources.unread:,}')}"
    if not sources.compared:
        return f"{told} {_('Not compared with the code of packages: nothing is indexed (licscan index code).')}"
    more = ngettext(
        "Compared with the code of {count} package.", "Compared with the code of {count} packages.", sources.compared
    )
    return f"{told} {more.format(count=f'{sources.compared:,}')}"


def groups_of(sources: Sources | None) -> tuple[SourceGroup, ...]:
    """The groups, none where the scan did not read the sources."""
    return sources.groups if sources is not None else ()


def group_line(group: SourceGroup) -> str:
    """A group in one line: place, count, work, license, holders."""
    words = {NOASSERTION: _("unknown terms"), NONE: _("no license named")}
    count = "" if group.files == 1 else ngettext("{count} file", "{count} files", group.files).format(count=group.files)
    work = " ".join(filter(None, (group.name, group.version)))
    told = (group.path, count, work, words.get(group.expression, group.expression), _("; ").join(group.holders))
    return " | ".join(filter(None, told))
