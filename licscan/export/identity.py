"""Which scan it is, in words: its number, when and of which commit it was made, and which data it rests on."""

from __future__ import annotations

from licscan.base.messages import _
from licscan.export.page import Page
from licscan.model import Scan


def identity_of(scan: Scan) -> list[str]:
    """The lines; a scan that is not stored has that of the versions alone."""
    lines = []
    if (record := scan.record) is not None:
        of = _("Scan {number} of {when}, commit {commit}.") if record.revision else _("Scan {number} of {when}.")
        lines.append(of.format(number=record.number, when=record.started_at, commit=record.revision))
    versions = _(", ").join(f"{name} {version}" for name, version in scan.tables)
    lines.append(
        _("Made by {versions}.").format(versions=_(", ").join(filter(None, (f"licscan {scan.tool_version}", versions))))
    )
    return lines


def write_record(scan: Scan, page: Page) -> None:
    """The lines on a page."""
    for line in identity_of(scan):
        page.prose(line)
