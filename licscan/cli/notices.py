"""`licscan notices`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.cli.current import Choice, choosing, current_scan
from licscan.cli.options import project_config
from licscan.cli.output import working, write_output
from licscan.cli.params import (
    JSON,
    MARKDOWN,
    TEXT,
    format_option,
    offline_option,
    output_option,
    placed,
    scan_option,
    surface_option,
)  # fmt: skip
from licscan.model import Scan

if TYPE_CHECKING:
    from licscan.attribution.records import Attributions, Gap

EXIT_GAPS = 2


@click.command(
    "notices",
    help=_("Write the notices that go with what is shipped: copyright notices, license texts, source offers."),
)
@placed
@surface_option(_("Only this surface. Repeatable."), multiple=True)
@format_option(TEXT, MARKDOWN, "html", JSON)
@output_option
@click.option(
    "--template", type=click.Path(path_type=Path), help=_("A Jinja2 template to use instead of the built-in one.")
)
@click.option("--date", "dated", is_flag=True, help=_("Write the date into the document."))
@choosing
@offline_option
@scan_option
def command(
    project: Path,
    surface: tuple[str, ...],
    format_: str,
    output: Path | None,
    template: Path | None,
    dated: bool,
    choice: Choice,
) -> int:
    """Take the stored scan, or scan; read the texts; write the document."""
    from licscan.compose.notices import notices

    if template is not None and format_ == "json":
        raise InputError(_("JSON has no template"), path="--template")
    paths = (project,)
    root, config = project_config(paths)
    chosen = template or (root / config.notices.template if config.notices.template and format_ != "json" else None)
    if chosen is not None and not chosen.is_file():
        raise InputError(_("does not exist"), path=str(chosen))
    result = current_scan(paths, root, config, choice)
    _check(surface, result)
    with working(_("Assembling the notices")):
        told = notices(result, root, surface, config.notices.contact or "", _day(dated))
        text = _text(told, format_, chosen)
    if output is not None:
        write_output(output, text)
        click.echo(_("Wrote {path}").format(path=output), err=True)
    else:
        click.echo(text, nl=False)
    if told.gaps:
        click.echo(_gaps(told.gaps), err=True)
        return EXIT_GAPS
    return 0


def _text(told: Attributions, format_: str, template: Path | None) -> str:
    if format_ == "json":
        from licscan.attribution.json_format import to_json

        return to_json(told)
    from licscan.attribution.document import document
    from licscan.attribution.render import render

    return render(document(told), format_, template)


def _gaps(gaps: tuple[Gap, ...]) -> str:
    """One line: what is missing, by the first of it."""
    first = gaps[0]
    said = first.sentence
    if first.purl:
        said = _("{subject}: {message}").format(subject=first.purl, message=first.sentence)
    message = ngettext(
        "licscan: the notices have {count} gap: {first}",
        "licscan: the notices have {count} gaps, listed at their end; the first: {first}",
        len(gaps),
    )
    return message.format(count=f"{len(gaps):,}", first=one_line(said))


def _day(dated: bool) -> str:
    from licscan.base import clock

    return clock.today().isoformat() if dated or os.environ.get("SOURCE_DATE_EPOCH") else ""


def _check(names: tuple[str, ...], scan: Scan) -> None:
    known = [one.name for one in scan.surfaces]
    for name in names:
        if name not in known:
            raise InputError(_("is not a surface of this scan"), path=name, remedy=_(", ").join(known) or None)
