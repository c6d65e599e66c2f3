"""The last stages of a scan: all that is known, held against the policy on every surface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from licscan import __version__
from licscan.base import clock
from licscan.base.escape import sentence
from licscan.base.messages import _, ngettext
from licscan.compare.drift import pair
from licscan.compose.options import Options
from licscan.compose.tables import table_versions
from licscan.config import Config, Entitlement, Grant
from licscan.judge import (
    Day,
    PartRoot,
    Policy,
    Signed,
    finalize_findings,
    judge,
    judge_surfaces,
    judgements,
    told_settings,
)
from licscan.model import (
    Component,
    Conclusion,
    Coverage,
    Finding,
    Graph,
    Problem,
    Project,
    Scan,
    Sources,
    coverage_of,
    shipped_packages,
)
from licscan.model.content import Content
from licscan.model.contents import ContentsByPurl
from licscan.model.package import PackageMetadata
from licscan.resolve.project import Resolution
from licscan.vcs.revision import tagged_version


@dataclass(frozen=True, slots=True)
class Concluded:
    """All that is known before it is judged: `parts` as in `licscan.judge.Settings`, `listed` of bare lists."""

    resolution: Resolution
    conclusions: Mapping[str, Conclusion]
    problems: tuple[Problem, ...]
    sources: Sources | None
    insides: ContentsByPurl
    lapses: tuple[Finding, ...] = ()
    metadata: tuple[PackageMetadata, ...] = ()
    content: Content | None = None
    parts: Mapping[str, PartRoot] = field(default_factory=dict)
    listed: tuple[str, ...] = ()


def _not_shipped(graph: Graph) -> Iterator[str]:
    """The assumption that matters most for a bundled product, said whenever it is made."""
    count = sum(not c.is_shipped for c in graph.components)
    if count:
        yield ngettext(
            "{count} package needed only for development or the build is taken as not shipped.",
            "{count} packages needed only for development or the build are taken as not shipped.",
            count,
        ).format(count=f"{count:,}")


def _unread(options: Options, packages: Sequence[Component], conclusions: Mapping[str, Conclusion]) -> Iterator[str]:
    """Why texts of what is shipped were not read, where that was asked for; a choice is said, not only its result."""
    ours = [known for one in packages if not ((known := conclusions.get(one.purl)) and known.is_told_by_sbom)]
    lacking = sum(coverage_of(conclusion) is not Coverage.TEXTS for conclusion in ours)
    if not options.texts:
        yield _("No license texts were read (--no-texts): metadata alone decides.")
    elif not options.archives:
        yield _(
            "No archives were fetched (--metadata-only): for what is not available locally, metadata alone decides."
        )
    if options.offline and options.texts and lacking:
        yield ngettext(
            "The texts of {count} shipped package are not available locally and were not requested: offline.",
            "The texts of {count} shipped packages are not available locally and were not requested: offline.",
            lacking,
        ).format(count=f"{lacking:,}")


def _rules_of(policy: Policy) -> Iterator[str]:
    """Which ready-made policy was asked."""
    if policy.licenses.profile:
        yield _("The policy is the profile {name}.").format(name=policy.licenses.profile)


def _dated(config: Config, day: Day) -> Iterator[str]:
    """The day, where something in licscan.toml ends on one."""
    recorded: tuple[Entitlement | Grant, ...] = (*config.entitlements, *config.grants)
    if config.waivers or any(entry.expires for entry in recorded):
        yield _("Waivers and recorded licenses are applied as of {day}.").format(day=day.today.isoformat())


def _project(
    options: Options, root: Path, resolution: Resolution, outbound: str, assumptions: tuple[str, ...]
) -> Project:
    """The project as licscan.toml calls it, else as its own root does, else by its folder."""
    main = resolution.graph.by_purl.get(resolution.root)
    own = main.name if main is not None else ""
    version = options.config.version or (main.version if main else None) or ""
    if main is not None and not version and main.ecosystem == "pypi" and main.purl.startswith("pkg:pypi/"):
        version = tagged_version(root, main.name)
        told = _("The version of {name} is dynamic: {version}, from the commit's tag.")
        unknown = _("The version of {name} is dynamic: it is unknown until it is built.")
        assumptions = (*assumptions, (told if version else unknown).format(name=main.name, version=version))
    return Project(
        name=options.name or own or root.name or str(root),
        path=str(root),
        outbound=outbound,
        assumptions=assumptions,
        version=version,
        root=resolution.root,
    )


def judge_scan(options: Options, root: Path, found: Concluded, policy: Policy) -> Scan:
    """The last stages: everything that is known, held against the policy on every surface."""
    graph, resolution = found.resolution.graph, found.resolution
    told = {replace(p, message=sentence(p.message)) for p in (*resolution.problems, *found.problems)}
    every = tuple(sorted(told, key=lambda p: (p.stage, p.subject, p.message, p.code or "")))
    config, day = options.config, Day(options.today or clock.today())
    surfaces = judge_surfaces(
        graph,
        found.conclusions,
        policy.outbound,
        told_settings(config, found.conclusions, policy.licenses, day, found.parts),
    )
    judged = judge(
        graph,
        found.conclusions,
        every,
        policy,
        found.sources,
        surfaces,
        found.insides,
        pair(graph, options.earlier),
        found.content,
    )
    rulings, kinds = judgements(surfaces), tuple(sorted(judged.surface for judged in surfaces))
    signed = Signed(options.decisions, kinds, rulings)
    return Scan(
        tool_version=__version__,
        tables=table_versions(),
        project=_project(
            options,
            root,
            resolution,
            policy.outbound,
            (
                *found.listed,
                policy.outbound_reason,
                *_rules_of(policy),
                *_dated(config, day),
                *_not_shipped(graph),
                *_unread(options, shipped_packages(graph.components, rulings), found.conclusions),
                *resolution.assumptions,
            ),
        ),
        graph=graph,
        conclusions=tuple(found.conclusions[component.purl] for component in graph.components),
        findings=finalize_findings(
            (*judged, *found.lapses), config, graph, found.conclusions, day, signed, found.content
        ),
        problems=every,
        inputs=resolution.inputs,
        threshold=options.threshold,
        sources=found.sources,
        content=found.content,
        surfaces=kinds,
        judgements=rulings,
        metadata=found.metadata,
    )
