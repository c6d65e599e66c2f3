"""The closed vocabularies of the model, with the terms of ORT, SPDX and CycloneDX."""

from __future__ import annotations

from enum import StrEnum

NOASSERTION = "NOASSERTION"


NONE = "NONE"


class Scope(StrEnum):
    """How a component is needed, from most to least certain to be shipped."""

    RUNTIME = "runtime"
    PEER = "peer"
    OPTIONAL = "optional"
    BUILD = "build"
    DEV = "dev"


SCOPE_RANK = {scope: rank for rank, scope in enumerate(Scope)}
"""Along one dependency path the scope of the highest rank wins: what a dev dependency needs is dev."""


class ComponentKind(StrEnum):
    """`project`: first-party (a root or a workspace member); `package`: somebody else's.

    `content`: fonts, pictures, sounds or models that lie among the project's own files and are not plainly its own.
    """

    PROJECT = "project"
    PACKAGE = "package"
    CONTENT = "content"


class SourceKind(StrEnum):
    """Where a component's bytes come from."""

    REGISTRY = "registry"
    GIT = "git"
    URL = "url"
    PATH = "path"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Where a claim about a component was read, in falling order of trust."""

    INSTALLED = "installed"
    PROJECT = "project"
    CACHE = "cache"
    REGISTRY = "registry"
    LOCK = "lock"
    SBOM = "sbom"


class ProjectKind(StrEnum):
    """What a scan is of: a folder of one's own, what a supplier's SBOM says, or the sources that one delivers."""

    OWN = "own"
    SBOM = "sbom"
    DELIVERY = "delivery"


class EvidenceKind(StrEnum):
    """What sort of evidence it is.

    `file` is a package's own license file, `part` a text that speaks of a part of it (a bundled library, a font).
    """

    DECLARED = "declared"
    CLASSIFIER = "classifier"
    FILE = "file"
    HEADER = "header"
    TAG = "tag"
    NOTICE = "notice"
    PART = "part"
    README = "readme"
    SBOM = "embedded-sbom"
    MEDIA = "media-metadata"


OF_PARTS = (EvidenceKind.PART, EvidenceKind.NOTICE)
"""Kinds of evidence that speak of a part of a package, not of the whole."""


class Severity(StrEnum):
    """How loud a finding is; the gate's threshold is one of these."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_RANK = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Verdict(StrEnum):
    """What is known of the question "may we?": the last never passes as the first."""

    OK = "ok"
    VIOLATION = "violation"
    CANNOT_TELL = "cannot-tell"


VERDICT_RANK = {Verdict.OK: 0, Verdict.CANNOT_TELL: 1, Verdict.VIOLATION: 2}


class Coverage(StrEnum):
    """What a component was judged on: its texts, its metadata alone, or nothing."""

    TEXTS = "texts"
    METADATA = "metadata"
    NOTHING = "nothing"
