"""`--sbom FILE[=SURFACE]`: the SBOM of a part of the product, and where the part goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from licscan.base.messages import _
from licscan.compose.options import Part
from licscan.config import Config
from licscan.model import Scan


class PartType(click.ParamType[Part]):
    """The path of an SBOM, and the surface behind the last `=`."""

    name = "part"

    def convert(self, value: str | Part, param: click.Parameter | None, ctx: click.Context | None) -> Part:
        """Split at the last `=`, where no file has the whole as its name."""
        if isinstance(value, Part):
            return value
        path, equals, surface = value.rpartition("=")
        if not equals or Path(value).is_file():
            return Part(Path(value))
        if not path or not surface:
            what = _("names no file: {value}") if not path else _("does not name a surface: {value}")
            self.fail(what.format(value=value), param, ctx)
        return Part(Path(path), surface)


def parts_again(scan: Scan, root: Path, config: Config) -> Iterator[Part]:
    """The parts that the command line named for a stored scan, for scanning again: no part falls away unsaid."""
    told = {os.path.normpath(root / one.sbom) for one in config.parts}
    for file in scan.inputs:
        path = Path(os.path.normpath(root / file.path))
        if not file.is_sbom or str(path) in told:
            continue
        tops = {top for top in scan.graph.roots if any(p.path == file.path for p in scan.graph.by_purl[top].found_in)}
        surfaces = [one.name for one in scan.surfaces if tops.intersection(one.roots)]
        everywhere = len(surfaces) == len(scan.surfaces)
        yield from (Part(path, name) for name in ([""] if everywhere else surfaces))
