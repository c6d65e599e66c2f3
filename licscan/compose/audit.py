"""Judges what a supplier delivers like a scan: our surfaces, policy and waivers over an SBOM, or over sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from licscan.model.package import PackageMetadata
from licscan.resolve.project import Resolution
from licscan.sbom.changes import Changes, changes, is_same_product
from licscan.sbom.facts import metadata_of
from licscan.sbom.model import Bom
from licscan.sbom.profiles import Gap, missing_of_all
from licscan.sbom.schema import Validity, validity
from licscan.sbom.supplied import Supplied, supplied_with_document

PROFILES = ("ntia", "cisa", "bsi", "telco")

_OF_OTHERS = frozenset(code for code in MAINTENANCE_CODES if code.endswith(("-unused", "-too-broad")))
"""What licscan.toml says of our own project need not fit a supplier's."""


@dataclass(frozen=True)
class Audit:
    """One delivery, judged: `quality` are the gaps by profile, `changes` what changed since the last one, if any.

    `bom` is None of sources, whose quality is not asked. `schema` is what the schema of its format says, None where
    that is not asked (of SPDX, it takes too long).
    """

    path: str
    bom: Bom | None
    scan: Scan
    quality: Mapping[str, tuple[Gap, ...]]
    changes: Changes | None = None
    schema: Validity | None = None


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
    from licscan.compose.sources import are_sources
    from licscan.store import last_delivery, save

    config = replace(options.config, surfaces=surfaces_of(options.config, surface))
    if are_sources(path):
        return _of_sources(path, replace(options, config=config), database)
    given, document = supplied_with_document(path, shown)
    unlike = given.input.sha256 or ""
    before = last_delivery(database, given.product, unlike, is_same=_is_of(given)) if database else None
    earlier = _earlier(before[2]) if before else ()
    scan = _judge(given, root, replace(options, config=config, name=given.product, earlier=earlier))
    if database is not None and keep:
        save(scan, database)
    quality = missing_of_all(given.bom, PROFILES)
    since = changes(before[1], before[2], scan) if before else None
    schema = validity(document, given.bom) if given.bom.format == "cyclonedx" else None
    return Audit(shown or str(path), given.bom, scan, quality, since, schema)


def _of_sources(path: Path, options: Options, database: Path | None) -> Audit:
    """The audit of sources: what is found in them, held against the last delivery of a product of that name."""
    from licscan.compose.sources import scan_sources
    from licscan.store import last_delivery, save

    reason = "" if options.outbound else _("The product that includes the supplier's product is taken as proprietary.")
    scan = scan_sources(path, replace(options, outbound=options.outbound or PROPRIETARY))
    licenses = [scan.by_purl[purl].concluded for purl in scan.graph.roots if purl in scan.by_purl]
    known = _(", ").join(dict.fromkeys(one for one in licenses if one not in ("NOASSERTION", "NONE")))
    told = _("The sources do not state the license of the product itself.")
    if known:
        told = _("According to its sources, the product itself is under {license}; it is not judged.").format(
            license=known
        )
    first, *rest = scan.project.assumptions
    project = replace(scan.project, assumptions=(reason or first, *rest, told))
    kept = tuple(finding for finding in scan.findings if not _is_ours(finding, scan.graph))
    scan = replace(scan, project=project, findings=kept)
    digest = scan.inputs[0].sha256 or ""
    before = last_delivery(database, scan.project.name, digest, ProjectKind.DELIVERY) if database else None
    if database is not None:
        save(scan, database)
    return Audit(str(path), None, scan, {}, changes(before[1], before[2], scan) if before else None)


def _is_of(given: Supplied) -> Callable[[str, str], bool]:
    """Whether an earlier audit was of this product, by the PackageURL of what it was about and its supplier."""
    purl, supplier = given.graph.roots[0], _supplier(given)
    return lambda other, theirs: is_same_product(purl, supplier, other, theirs)


def _supplier(given: Supplied) -> str:
    return next((one.supplier for one in _about_product(given)), "")


def _about_product(given: Supplied) -> tuple[PackageMetadata, ...]:
    """What the document says of the product beside its license; without its supplier, who answers for the document."""
    roots = set(given.graph.roots)
    told = [one for one in metadata_of(given.bom, given.names) if one.purl in roots] or [PackageMetadata(min(roots))]
    maker = given.bom.supplier
    return tuple(one if one.supplier or maker is None else replace(one, supplier=maker.name) for one in told)


def surfaces_of(config: Config, surface: str | None) -> tuple[SurfaceSetting, ...]:
    """The artefacts into which all of the supplier's product may go: the one that is named, else each."""
    names = [one.name for one in config.surfaces]
    if surface is not None and surface not in names:
        remedy = (
            _("licscan.toml has {names}").format(names=_(", ").join(names)) if names else _("name it in licscan.toml")
        )
        raise InputError(_("is not a surface of this project"), path=f"--surface {surface}"[:200], remedy=remedy)
    return tuple(replace(one, roots=()) for one in config.surfaces if surface in (None, one.name))


def _judge(given: Supplied, root: Path, options: Options) -> Scan:
    """What is ours stays ours: the product goes out under our license, or is taken as proprietary."""
    conclusions, lapses = clarify(given.graph, dict(given.conclusions), options.config.clarifications)
    outbound, reason = outbound_of(Graph(), {}, options.outbound)
    if not options.outbound:
        reason = _("The product that includes the supplier's product is taken as proprietary.")
    taken = _("What {path} says is taken as given: the product itself was not examined.")
    assumptions = (taken.format(path=given.input.path), *given.assumptions, *_own_license(given, conclusions))
    resolution = Resolution(given.graph, given.problems, (given.input,), assumptions)
    found = Concluded(resolution, conclusions, (), None, {}, lapses)
    licenses = policy_of(options.config.policy, proprietary=outbound == PROPRIETARY)
    scan = judge_scan(options, root, found, Policy(outbound, reason, licenses))
    scan = replace(scan, metadata=_about_product(given))
    project = replace(scan.project, path=given.input.path, kind=ProjectKind.SBOM)
    kept = tuple(finding for finding in scan.findings if not _is_ours(finding, scan.graph))
    return replace(scan, project=project, findings=kept)


def _is_ours(finding: Finding, graph: Graph) -> bool:
    """Whether a finding is about our licscan.toml, or the product's own license, which is told apart."""
    return finding.code in _OF_OTHERS or (finding.code == "license-missing" and finding.purl in graph.roots)


def _own_license(given: Supplied, conclusions: Mapping[str, Conclusion]) -> tuple[str, ...]:
    """The license of the product itself, which is for a person to read."""
    known = [conclusions[purl].concluded for purl in given.graph.roots if purl in conclusions]
    told = _(", ").join(one for one in known if one not in ("NOASSERTION", "NONE"))
    if told:
        return (
            _("According to its SBOM, the product itself is under {license}; it is not judged.").format(license=told),
        )
    return (_("The SBOM does not state the license of the product itself."),)


def _earlier(scan: Scan) -> tuple[Earlier, ...]:
    """The packages of the last delivery, as the question for drift takes them."""
    packages = [one for one in scan.graph.components if one.kind is ComponentKind.PACKAGE]
    return tuple(
        Earlier(one.ecosystem, one.name, one.version, scan.by_purl[one.purl])
        for one in packages
        if one.purl in scan.by_purl
    )
