"""`licscan sbom` and `licscan sbom check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.current import Choice, choosing, current_scan
from licscan.cli.options import project_config
from licscan.cli.output import working
from licscan.cli.params import (
    JSON,
    Names,
    format_option,
    offline_option,
    output_option,
    placed,
    put,
    scan_option,
    surface_option,
)  # fmt: skip
from licscan.cli.select import known_surface
from licscan.config.kinds import TLP
from licscan.sbom.write import EXPERIMENTAL, FORMATS

PROFILES = ("ntia", "cisa", "bsi", "telco")
NEWEST = {family: max(name for name in FORMATS if name.startswith(family)) for family in ("cyclonedx", "spdx")}
"""The short names: the newest version of each."""


class WriteOrCheck(click.Command):
    """`sbom check FILE` is the command of that name; all else writes."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that the first word chooses."""
        if args[:1] == ["check"]:
            return check.make_context(f"{info_name} check", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    "sbom",
    cls=WriteOrCheck,
    help=_(
        "Write an SBOM of the project at PATH (default: this folder) from its last scan; if there is "
        "none, scan it first. `licscan sbom check FILE` reports what an SBOM lacks."
    ),
)
@placed
@format_option(*FORMATS, also=NEWEST, default="cyclonedx-1.6")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path),
    help=_("Write to this file: XML if its name ends in .xml, tag-value if it ends in .spdx, else "
           "JSON."),
)  # fmt: skip
@surface_option(_("Only what this artifact ships, under the licenses chosen for it."))
@click.option("--profile", type=Names(PROFILES), help=_("Then report what is missing for this profile."))
@click.option("--name", default="", help=_("The name of the product. Default: that of the project."))
@click.option("--product-version", default="", help=_("The version of the product. Default: that of its root."))
@click.option(
    "--creator", default="", help=_("The organization responsible for the SBOM. Default: as in licscan.toml.")
)
@click.option("--contact", default="", help=_("Its e-mail address or web page. Default: as in licscan.toml."))
@click.option(
    "--tlp", type=Names(TLP), help=_("Who it may be passed on to. Default: as in licscan.toml, else not stated.")
)
@choosing
@offline_option
@scan_option
def command(
    project: Path,
    format_: str,
    output: Path | None,
    surface: str | None,
    profile: str | None,
    name: str,
    product_version: str,
    creator: str,
    contact: str,
    tlp: str | None,
    choice: Choice,
) -> int:
    """Make the SBOM of a stored or fresh scan, check it, write it."""
    from licscan.base import clock
    from licscan.sbom.from_scan import SbomOptions, bom_of
    from licscan.sbom.write import ending_of, write

    ending = ending_of(format_, output.suffix if output else ".json")
    root, config = project_config((project,))
    scan = current_scan((project,), root, config, choice)
    if surface:
        known_surface(scan, surface)
    clock.today()  # complains of a SOURCE_DATE_EPOCH that is no time
    wanted = SbomOptions(
        created=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        surface=surface or "",
        name=name,
        version=product_version,
        creator=creator_of(creator or config.supplier or "", contact or config.contact or ""),
        tlp=tlp or config.tlp or "",
    )
    with working(_("Writing the SBOM")):
        text = write(bom_of(scan, wanted), format_, ending)
    put(text, output)
    if format_ in EXPERIMENTAL:
        from licscan.export.sbom import lost_text

        click.echo(lost_text(format_), err=True)
    elif profile:
        from licscan.export.sbom import missing_text
        from licscan.sbom.profiles import missing
        from licscan.sbom.read import read_text

        click.echo(missing_text(missing(read_text(text, str(output or "-")), profile), profile), nl=False, err=True)
    return 0


def creator_of(name: str, contact: str) -> Any:
    """Who answers for an SBOM, by name and address; None where nobody is named."""
    from licscan.sbom.model import Party, PartyKind

    if not (name or contact):
        return None
    is_page = contact.startswith(("http://", "https://"))
    if contact and not is_page and contact.count("@") != 1:
        raise InputError(_("is neither an e-mail address nor a web page"), path=f"--contact {contact}")
    email, url = ("", contact) if is_page else (contact, "")
    return Party(name or contact, email, url, PartyKind.ORGANIZATION)


@click.command(
    "check",
    help=_(
        "Report what the SBOM in FILE lacks for a profile, field by field, with remedies, and where "
        "it violates the schema of its format."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", type=Names(PROFILES), default="ntia", show_default=True)
@format_option()
@output_option
def check(file: Path, profile: str, format_: str, output: Path | None) -> int:
    """Read, compare, print; 0 where nothing is missing or malformed, 1 where something is."""
    from licscan.base.files import read_file
    from licscan.export.sbom import checked_json, checked_text
    from licscan.sbom.profiles import missing
    from licscan.sbom.read import MAX_BYTES, opened, read_opened
    from licscan.sbom.schema import validity

    document = opened(read_file(file, MAX_BYTES), str(file))
    bom = read_opened(document, str(file))
    gaps, valid = missing(bom, profile), validity(document, bom)
    put((checked_json if format_ == JSON else checked_text)(gaps, profile, bom, valid), output)
    return 1 if valid.faults or any(gap.required for gap in gaps) else 0
