"""The licenses of a scan as a list: how many packages are under each, and which; as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from licscan.base.alike import meant
from licscan.base.errors import InputError
from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.export.cells import guarded
from licscan.export.json_format import harmless
from licscan.export.page import Page, page_for
from licscan.export.states import shipped
from licscan.export.table import license_words
from licscan.licenses.known import licenses_like
from licscan.licenses.naming import names_license
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION, Component, ComponentKind, Scan

if TYPE_CHECKING:
    from rich.console import Console

TEXT_WIDTH = 100
MOST_NAMED = 6


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One package with the license concluded for it, and whether it goes into the product."""

    name: str
    version: str
    license: str
    is_shipped: bool
    purl: str


def lines_of(scan: Scan, *, shipped_only: bool = False, licenses: Sequence[str] = ()) -> list[Line]:
    """The packages of others and what stands inside of them, by name; only those that ship, only those whose license
    one of these names.

    Raises InputError for a name that is no license and that no package is under.
    """
    going = shipped(scan)
    found = [_line(scan, one, one.purl in going) for one in scan.graph.components if one.kind is ComponentKind.PACKAGE]
    held = {one.license for one in found}
    licenses = [_asked_for(name, held) for name in licenses]
    return sorted(
        one
        for one in found
        if (one.is_shipped or not shipped_only)
        and (not licenses or any(names_license(name, one.license) for name in licenses))
    )


def _asked_for(name: str, held: Collection[str]) -> str:
    """What a person names, once it is sure that it is a license, a glob, or the word for none."""
    name = name.strip()
    if "*" in name or any(names_license(name, one) for one in held):
        return name
    if name.lower() in ("unknown", _("unknown")):
        return NOASSERTION
    reading = read_license(name)
    if reading.expression not in (None, NOASSERTION):
        return str(reading.expression)
    close = [one for one in licenses_like(name) if one in held] or meant(name, held) or licenses_like(name)
    remedy = (
        _("did you mean {names}?").format(names=_(", ").join(close)) if close else _("`licscan licenses` lists all")
    )
    raise InputError(_("is not a license"), path=name, remedy=remedy)


def _line(scan: Scan, component: Component, is_shipped: bool) -> Line:
    conclusion = scan.by_purl.get(component.purl)
    license_ = conclusion.concluded if conclusion else NOASSERTION
    return Line(component.name, component.version or "", license_, is_shipped, component.purl)


def by_license(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The packages under each license, the most frequent first."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.license, []).append(line)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def _names(found: Sequence[Line]) -> list[str]:
    """Each name once, with how many packages have it where that is more than one."""
    return [name if count == 1 else f"{name} ({count:,})" for name, count in Counter(o.name for o in found).items()]


def render(lines: Sequence[Line], console: Console, *, packages: bool) -> None:
    """Print the list on the console."""
    page = page_for(console)
    write(lines, page, packages=packages)
    page.show(console)


def to_text(lines: Sequence[Line], *, packages: bool) -> str:
    """The list as plain text."""
    page = Page(TEXT_WIDTH)
    write(lines, page, packages=packages)
    return page.plain


def write(lines: Sequence[Line], page: Page, *, packages: bool) -> None:
    """A line for each license with its count, or for each package with its license."""
    from rich.cells import cell_len

    if not lines:
        page.prose(_("No packages."))
        return
    cut = False
    if packages:
        rows = [
            (
                f"{one.name} {one.version}".rstrip(),
                license_words(one.license),
                "" if one.is_shipped else _("not shipped"),
            )
            for one in lines
        ]
        widths = [max(cell_len(page.clean(row[n])) for row in rows) for n in range(3)]
        if page.cuts:
            widths[0] = min(widths[0], max(page.width // 2, page.width - widths[1] - widths[2] - 4))
            widths[1] = min(widths[1], max(page.width - widths[0] - widths[2] - 4, 8))
    else:
        groups = by_license(lines)
        digits = max(len(f"{len(found):,}") for _name, found in groups)
        names = [_names(found) for _name, found in groups]
        shown = [page.some(each, MOST_NAMED) for each in names]
        rows = [
            (f"{len(found):>{digits},}", license_words(name), listed(some, len(some), total=len(every)))
            for (name, found), some, every in zip(groups, shown, names, strict=True)
        ]
        cut = sum(map(len, shown)) < sum(map(len, names))
        widths = [digits, min(max(cell_len(row[1]) for row in rows), page.width // 2), 0]
        widths[2] = max(page.width - widths[0] - widths[1] - 4, 10)
    for row in rows:
        page.row(row, widths, 0)
    if cut:
        page.prose(_("`licscan licenses --packages` lists every package."))


def to_json(lines: Sequence[Line], *, packages: bool) -> str:
    """The list as JSON: licenses with their packages, or packages with their license."""
    if packages:
        made = [
            {"name": o.name, "version": o.version, "license": o.license, "shipped": o.is_shipped, "purl": o.purl}
            for o in lines
        ]
    else:
        made = [
            {"license": name, "count": len(found), "packages": [one.purl for one in found]}
            for name, found in by_license(lines)
        ]
    return harmless(json.dumps(made, ensure_ascii=False, indent=1)) + "\n"


def to_csv(lines: Sequence[Line], *, packages: bool) -> str:
    """The list as CSV: a line for each license with its count, or for each package."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if packages:
        writer.writerow((_("Package"), _("Version"), _("License"), _("Shipped"), _("PackageURL")))
        for one in lines:
            shipped = _("yes") if one.is_shipped else _("no")
            writer.writerow(map(guarded, (one.name, one.version, one.license, shipped, one.purl)))
    else:
        writer.writerow((_("License"), _("Packages")))
        for name, found in by_license(lines):
            writer.writerow((guarded(name), str(len(found))))
    return file.getvalue()
