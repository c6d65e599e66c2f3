"""The lanes of a finding's row on a page: how wide each is, and the path that fits into the last."""

from __future__ import annotations

from collections.abc import Sequence

from licscan.export.page import Page, name_of
from licscan.model import Finding, Scan

LEAST_PATH = 24
"""Columns for the root and the direct dependency, in most projects."""


def widths_of(rows: Sequence[tuple[str, str, str]], page: Page) -> tuple[int, int, int, int]:
    """Each column as wide as its longest cell where a path has room beside them; else license and scope within a share
    of the page, then the name.

    The path has what is left, and a third of the page at least: its middle can be left out, a name's cannot.
    """
    from rich.cells import cell_len

    name, license_, scope = (max((cell_len(page.clean(row[n])) for row in rows), default=0) for n in range(3))
    if not page.cuts:
        return name, license_, scope, 4_000
    free = page.width - 4 - 3 * 2
    scope = min(scope, 8)
    license_ = min(license_, max(free * 3 // 10, free - name - scope - LEAST_PATH))
    name = min(name, max(free - license_ - scope - free * 3 // 10, free // 4))
    return name, license_, scope, max(free - name - license_ - scope, 1)


def write_lane(cells: Sequence[str], path: str, widths: Sequence[int], page: Page) -> None:
    """A finding's row; where the page is too narrow for the name beside the rest, as two sentences."""
    from rich.cells import cell_len

    if page.cuts and cell_len(page.clean(cells[0])) > widths[0]:
        page.prose("  ".join(filter(None, cells)), indent=4, hanging=2)
        page.prose(path, indent=6, hanging=2)
    else:
        page.row((*cells, path), widths, 4)


def path_of(scan: Scan, finding: Finding, width: int, page: Page) -> str:
    """The shortest of the paths, without the component itself.

    Too long a one loses steps in the middle: the direct dependency stays longest, since that is what one can change.
    """
    from rich.cells import cell_len

    if not finding.paths:
        return ""
    names = [page.clean(name_of(scan.graph, purl), 60) for purl in min(finding.paths, key=lambda p: (len(p), p))[:-1]]
    shorter = [names]
    if len(names) > 3:
        shorter.append([*names[:2], page.more, names[-1]])
    if len(names) > 2:
        shorter.append([*names[:2], page.more])
    shorter.append([*names[:1], page.more])
    told = [f" {page.arrow} ".join(steps) for steps in shorter]
    return next((path for path in told if cell_len(path) <= width), told[-1] if len(names) > 1 else told[0])
