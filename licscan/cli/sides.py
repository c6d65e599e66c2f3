"""The two sides of a comparison, by what a user types: a stored scan, a revision, an SBOM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.cli.options import options_of
from licscan.cli.output import progress_bar
from licscan.compare.differences import Package, State, state_of
from licscan.config import load_config
from licscan.model import Conclusion, ProjectKind
from licscan.packages.purls import build
from licscan.sbom.model import Bom, LicenseRole
from licscan.store import ScanRow

KNOWN_SCANS = 5
"""So many of the last stored scans are asked for what a package was under, where a revision alone cannot tell."""
_ROLES = (LicenseRole.CONCLUDED, LicenseRole.DECLARED, LicenseRole.UNSTATED)


@dataclass(frozen=True, slots=True)
class Sides:
    """Where sides are looked up."""

    root: Path
    database: Path
    offline: bool = False

    def state(self, asked: str) -> State:
        """One side: a scan's number, `latest`, `previous`, `rev:COMMIT`, or the path of an SBOM."""
        if asked.startswith("rev:"):
            return self._revision(asked.removeprefix("rev:"))
        if asked in ("latest", "previous") or asked.isdecimal():
            return self._stored(asked)
        return _bom(Path(asked))

    def _stored(self, asked: str) -> State:
        from licscan.store.light import light_scans

        row = self._row(asked)
        return state_of(light_scans(self.database, (row.id,))[row.id], label_of(row))

    def _row(self, asked: str) -> ScanRow:
        rows = own_scans(self.database)
        if asked.isdecimal():
            found = [row for row in rows if row.id == int(asked)]
        else:
            # of the project that was scanned last
            same = [row for row in rows if row.project == rows[-1].project]
            found = same[-1:] if asked == "latest" else same[-2:-1]
        if not found:
            remedy = _("`licscan history` lists them")
            raise InputError(_("is not a stored scan"), path=asked, remedy=remedy)
        return found[0]

    def _revision(self, name: str) -> State:
        """A scan of the files of a commit, judged by the settings of that commit; nothing of it is stored."""
        from licscan.compose import scan as pipeline
        from licscan.vcs.revision import files_of

        with progress_bar() as progress, ExitStack() as opened:
            progress(_("Reading revision {name}").format(name=one_line(name, 60)), 0, 0)
            folder, commit = opened.enter_context(files_of(self.root, name))
            config = load_config(folder)
            options = options_of((folder,), folder, config, offline=self.offline)
            options = replace(options, known=self._known())
            scan = pipeline.scan(options, progress)
        return state_of(scan, _("revision {name} ({commit})").format(name=one_line(name, 80), commit=commit[:12]))

    def _known(self) -> Mapping[str, Conclusion]:
        """What stored scans concluded from evidence; the later one counts."""
        from licscan.store import load

        if not self.database.exists():
            return {}
        known: dict[str, Conclusion] = {}
        for row in own_scans(self.database)[-KNOWN_SCANS:]:
            known |= {one.purl: one for one in load(self.database, row.id).conclusions if one.evidence}
        return known


def own_scans(database: Path) -> list[ScanRow]:
    """The stored scans of one's own projects, oldest first."""
    from licscan.store import scans

    return [row for row in scans(database) if row.kind is ProjectKind.OWN]


def label_of(row: ScanRow) -> str:
    """A stored scan in a few words."""
    told = _("scan {number} of {day}").format(number=row.id, day=row.started_at)
    return f"{told} ({row.revision[:12]}{'+' if row.revision.endswith('+') else ''})" if row.revision else told


def _bom(path: Path) -> State:
    from licscan.sbom.read import read_file

    if not path.exists():
        raise InputError(
            _("is neither a stored scan nor a file"),
            path=str(path),
            remedy=_("name a scan by its number, latest or previous, a revision as rev:NAME, or an SBOM file"),
        )
    bom = read_file(path)
    for problem in bom.problems[:3]:
        click.echo(one_line(f"licscan: {path}: {problem}", 2_000), err=True)
    return State(str(path), tuple(sorted(set(_packages(bom)))))


def _packages(bom: Bom) -> Iterator[Package]:
    """The components of an SBOM; one without a PackageURL is known by its name."""
    for one in bom.others():
        purl = one.purl or build("generic", None, one.name, one.version or None)
        said = (one.license_of(role) for role in _ROLES)
        yield Package(purl, one.name, one.version, next(filter(None, said), ""))
