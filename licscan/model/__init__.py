"""The frozen types that pass between the stages. Imports nothing else of licscan.

Vocabulary as in ORT, SPDX and CycloneDX: what a package *declares*, what is *detected* in its texts, what is
*concluded* from both. A component's identity is its PackageURL in canonical form.
"""

from licscan.model.coverage import CoverageCount, count_coverage, counts_as_package, coverage_of, shipped_packages
from licscan.model.evidence import Conclusion, Copyright, Evidence, PackageFiles
from licscan.model.finding import Finding
from licscan.model.graph import (
    NOT_ASKED,
    SBOM_FORMATS,
    UNSHIPPED,
    Claim,
    Component,
    Dependency,
    Graph,
    InputFile,
    Location,
    Problem,
    Source,
    ships,
)
from licscan.model.package import PackageMetadata
from licscan.model.scan import Project, Record, Scan, counts
from licscan.model.source import SourceGroup, SourceGroupKind, Sources
from licscan.model.surface import Judgement, Obligation, Surface
from licscan.model.terms import (
    NOASSERTION,
    NONE,
    OF_PARTS,
    SCOPE_RANK,
    SEVERITY_RANK,
    VERDICT_RANK,
    ComponentKind,
    Coverage,
    EvidenceKind,
    Origin,
    ProjectKind,
    Scope,
    Severity,
    SourceKind,
    Verdict,
)

__all__ = [
    "NOASSERTION",
    "NONE",
    "NOT_ASKED",
    "OF_PARTS",
    "SBOM_FORMATS",
    "SCOPE_RANK",
    "SEVERITY_RANK",
    "UNSHIPPED",
    "VERDICT_RANK",
    "Claim",
    "Component",
    "ComponentKind",
    "Conclusion",
    "Copyright",
    "Coverage",
    "CoverageCount",
    "Dependency",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Graph",
    "InputFile",
    "Judgement",
    "Location",
    "Obligation",
    "Origin",
    "PackageFiles",
    "PackageMetadata",
    "Problem",
    "Project",
    "ProjectKind",
    "Record",
    "Scan",
    "Scope",
    "Severity",
    "Source",
    "SourceGroup",
    "SourceGroupKind",
    "SourceKind",
    "Sources",
    "Surface",
    "Verdict",
    "count_coverage",
    "counts",
    "counts_as_package",
    "coverage_of",
    "shipped_packages",
    "ships",
]
