"""Judges what a supplier delivers like a scan: our surfaces, policy and waivers over an SBOM, or over sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.compare.drift import Earlier
from licscan.compose.judge import Concluded, judge_scan
from licscan.compose.options import Options
from licscan.config import Config, SurfaceSetting
from licscan.judge import PROPRIETARY, Policy, clarify, outbound_of, policy_of
from licscan.judge.maintenance import MAINTENANCE_CODES
from licscan.model import ComponentKind, Conclusion, Finding, Graph, ProjectKind, Scan
from licscan.resolve.project import Resolution
from licscan.sbom.delivery import Delivery, changes
from licscan.sbom.model import Bom
from licscan.sbom.profiles import Gap, missing
from licscan.sbom.supplied import Supplied, supplied

PROFILES = ("ntia", "cisa", "bsi", "telco")

_OF_OTHERS = frozenset(code for code in MAINTENANCE_CODES if code.endswith(("-unused", "-too-broad")))
"""What licscan.toml says of our own project need not fit a supplier's."""


@dataclass(frozen=True)
class Audit:
    """One delivery, judged: `quality` are the gaps by profile, `delivery` what changed since the last one, if any.

    `bom` is None of sources, whose quality is not asked.
    """

    path: str
    bom: Bom | None
    scan: Scan
    quality: Mapping[str, tuple[Gap, ...]]
    delivery: Delivery | None = None


def audit(
    path: Path,
    root: Path,
    options: Options,
    surface: str | None,
    database: Path | None,
    *,
    shown: str = "",
    keep: bool = True,
) -> Audit:
    """Read, judge and compare one SBOM, or the sources in a folder or an archive; an SBOM that is not one to `keep` is
    not stored.

    `root` is our own project, whose licscan.toml counts; `shown` is what the file is called. InputError for a file that
    cannot be used, and for a surface that licscan.toml does not name.
    """
    from licscan.compose.deliveries import is_delivery
    from licscan.store import last_delivery, save

    config = replace(options.config, surfaces=surfaces_of(options.config, surface))
    if is_delivery(path):
        return _of_sources(path, replace(options, config=config), database)
    given = supplied(path, shown)
    before = last_delivery(database, given.product, given.input.sha256 or "") if database else None
    earlier = _earlier(before[2]) if before else ()
    scan = _judge(given, root, replace(options, config=config, name=given.product, earlier=earlier))
    if database is not None and keep:
        save(scan, database)
    quality = {name: missing(given.bom, name) for name in PROFILES}
    delivery = changes(before[1], before[2], scan) if before else None
    return Audit(shown or str(path), given.bom, scan, quality, delivery)


def _of_sources(path: Path, options: Options, database: Path | None) -> Audit:
    """The audit of sources: what is found in them, held against the last delivery of a product of that name."""
    from licscan.compose.deliveries import scan_delivery
    from licscan.store import last_delivery, save

    reason = "" if options.outbound else _("What the supplier's product goes into is taken as proprietary.")
    scan = scan_delivery(path, replace(options, outbound=options.outbound or PROPRIETARY))
    licenses = [scan.by_purl[purl].concluded for purl in scan.graph.roots if purl in scan.by_purl]
    known = ", ".join(dict.fromkeys(one for one in licenses if one not in ("NOASSERTION", "NONE")))
    told = _("The sources do not say under which license the product itself is.")
    if known:
        told = _("The product itself is under {license}, as its sources say; it is not judged.").format(license=known)
    first, *rest = scan.project.assumptions
    project = replace(scan.project, assumptions=(reason or first, *rest, told))
    kept = tuple(finding for finding in scan.findings if not _is_ours(finding, scan.graph))
    scan = replace(scan, project=project, findings=kept)
    digest = scan.inputs[0].sha256 or ""
    before = last_delivery(database, scan.project.name, digest, ProjectKind.DELIVERY) if database else None
    if database is not None:
        save(scan, database)
    return Audit(str(path), None, scan, {}, changes(before[1], before[2], scan) if before else None)


def surfaces_of(config: Config, surface: str | None) -> tuple[SurfaceSetting, ...]:
    """The artefacts into which all of the supplier's product may go: the one that is named, else each."""
    names = [one.name for one in config.surfaces]
    if surface is not None and surface not in names:
        remedy = _("licscan.toml has {names}").format(names=", ".join(names)) if names else _("name it in licscan.toml")
        raise InputError(_("is no surface of this project"), path=f"--surface {surface}"[:200], remedy=remedy)
    return tuple(replace(one, roots=()) for one in config.surfaces if surface in (None, one.name))


def _judge(given: Supplied, root: Path, options: Options) -> Scan:
    """What is ours stays ours: the product goes out under our license, or is taken as proprietary."""
    conclusions, lapses = clarify(given.graph, dict(given.conclusions), options.config.clarifications)
    outbound, reason = outbound_of(Graph(), {}, options.outbound)
    if not options.outbound:
        reason = _("What the supplier's product goes into is taken as proprietary.")
    taken = _("What {path} says is taken as it stands: nothing of the product was looked at.")
    assumptions = (taken.format(path=given.input.path), *given.assumptions, *_own_license(given, conclusions))
    resolution = Resolution(given.graph, given.problems, (given.input,), assumptions)
    found = Concluded(resolution, conclusions, (), None, {}, lapses)
    licenses = policy_of(options.config.policy, proprietary=outbound == PROPRIETARY)
    scan = judge_scan(options, root, found, Policy(outbound, reason, licenses))
    project = replace(scan.project, path=given.input.path, kind=ProjectKind.SBOM)
    kept = tuple(finding for finding in scan.findings if not _is_ours(finding, scan.graph))
    return replace(scan, project=project, findings=kept)


def _is_ours(finding: Finding, graph: Graph) -> bool:
    """Whether a finding is about our licscan.toml, or the product's own license, which is told apart."""
    return finding.code in _OF_OTHERS or (finding.code == "license-missing" and finding.purl in graph.roots)


def _own_license(given: Supplied, conclusions: Mapping[str, Conclusion]) -> tuple[str, ...]:
    """The license of the product itself, which is for a person to read."""
    known = [conclusions[purl].concluded for purl in given.graph.roots if purl in conclusions]
    told = ", ".join(one for one in known if one not in ("NOASSERTION", "NONE"))
    if told:
        return (_("The product itself is under {license}, as its SBOM says; it is not judged.").format(license=told),)
    return (_("The SBOM does not say under which license the product itself is."),)


def _earlier(scan: Scan) -> tuple[Earlier, ...]:
    """The packages of the last delivery, as the question for drift takes them."""
    packages = [one for one in scan.graph.components if one.kind is ComponentKind.PACKAGE]
    return tuple(
        Earlier(one.ecosystem, one.name, one.version, scan.by_purl[one.purl])
        for one in packages
        if one.purl in scan.by_purl
    )
