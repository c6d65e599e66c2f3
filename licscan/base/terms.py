"""Fixed terms of scans in words: how a component is joined, why it is needed, which clause asks, under what we ship."""

from __future__ import annotations

import re
from collections.abc import Iterable

from licscan.base.messages import N_, _, current_language

RELATIONSHIPS = {
    "combined-work": N_("one work with ours"),
    "link": N_("linked with ours"),
    "dynamic-link": N_("linked dynamically"),
    "static-link": N_("linked statically"),
    "dependency": N_("a dependency"),
    "dependency-linked": N_("a linked dependency"),
    "python-import": N_("imported by Python code"),
    "bundled": N_("bundled with ours"),
    "bundled-js": N_("bundled as JavaScript"),
    "prebuilt-shared-library-in-package": N_("a prebuilt library inside a package"),
    "plugin-shared-data-structures": N_("a plug-in that shares data structures"),
    "embedded-firmware": N_("part of firmware"),
    "modified-source": N_("changed source code"),
    "vendored-file": N_("a copied file"),
    "copied-code-snippet": N_("a copied piece of code"),
    "merged-into-code": N_("merged into our code"),
    "merged-into-content": N_("merged into our content"),
    "bundled-media": N_("bundled media"),
    "bundled-font": N_("a bundled font"),
    "model-weights": N_("weights of a model"),
    "separate-process": N_("a separate process"),
    "network-api-client": N_("called over the network"),
    "container-base-image": N_("base image of a container"),
    "generated-code": N_("generated code"),
    "build-tool-injects-runtime": N_("added by a build tool"),
    "optional-extra": N_("an optional dependency"),
    "optional-entry-in-vendor-sbom": N_("an optional entry of a supplier's SBOM"),
    "dev-tool": N_("a development tool"),
    "test-only": N_("only for tests"),
    "build-tool": N_("a build tool"),
}
"""By names of `law.vocabulary.RELATIONSHIPS`."""
SCOPES = {
    "runtime": N_("at run time"),
    "peer": N_("peer dependency"),
    "optional": N_("optional dependency"),
    "build": N_("for the build"),
    "dev": N_("for development"),
}
"""By values of `Scope`."""
_FOR = {
    "runtime": N_("run time"),
    "peer": N_("a peer dependency"),
    "optional": N_("an option"),
    "build": N_("the build"),
    "dev": N_("development"),
}
_ORIGINS = {
    "installed": N_("installed"),
    "project": N_("project"),
    "cache": N_("client's cache"),
    "registry": N_("registry"),
    "lock": N_("lockfile"),
    "sbom": N_("SBOM"),
}
"""By values of `Origin`."""
_EVIDENCE = {
    "declared": N_("declared"),
    "classifier": N_("classifier"),
    "file": N_("license file"),
    "header": N_("file header"),
    "tag": N_("SPDX tag"),
    "notice": N_("notice file"),
    "part": N_("license text of a part"),
    "readme": N_("readme"),
    "embedded-sbom": N_("list of parts"),
    "media-metadata": N_("media metadata"),
}
"""By values of `EvidenceKind`."""
_CLAUSES = {
    "notice paragraph": N_("{license}, notice paragraph"),
    "first paragraph": N_("{license}, first paragraph"),
    "second paragraph": N_("{license}, second paragraph"),
    "third paragraph": N_("{license}, third paragraph"),
    "fourth paragraph": N_("{license}, fourth paragraph"),
    "fifth paragraph": N_("{license}, fifth paragraph"),
    "last paragraph": N_("{license}, last paragraph"),
    "whole agreement": N_("{license}, whole agreement"),
    "LicenseDB category Permissive": N_("{license}, LicenseDB category Permissive"),
}
SEVERITIES = {"error": N_("Error"), "warning": N_("Warning"), "note": N_("Note")}
"""By values of `Severity`."""
_BARE = (
    N_("notice paragraph"),
    N_("first paragraph"),
    N_("second paragraph"),
    N_("third paragraph"),
    N_("fourth paragraph"),
    N_("fifth paragraph"),
    N_("last paragraph"),
    N_("whole agreement"),
    N_("LicenseDB category Permissive"),
)
_EDITION = re.compile(r"OSADL matrix of ([0-9-]{7,10})")
_CONDITIONS = re.compile(r"conditions? ([0-9a-z(), ]{1,40})")


def relationship_words(name: str) -> str:
    """How a component is joined to the product, in words; a name that nobody knows stays."""
    return _(RELATIONSHIPS[name]) if name in RELATIONSHIPS else name


def scope_words(scope: str) -> str:
    """A scope as a word of its own, for a column; in English its value."""
    return scope if current_language() == "en" or scope not in SCOPES else _(SCOPES[scope])


def needed_for(scopes: Iterable[str]) -> str:
    """What a component is needed for, to stand behind `needed for`."""
    return _(", ").join(_(_FOR[scope]) if scope in _FOR else scope for scope in scopes)


def origin_words(origin: str) -> str:
    """Where a statement was read."""
    return _(_ORIGINS[origin]) if origin in _ORIGINS else origin


def evidence_words(kind: str) -> str:
    """What sort of evidence it is."""
    return _(_EVIDENCE[kind]) if kind in _EVIDENCE else kind


def clause_words(asked: str) -> str:
    """`license, clause` as `export.duties` writes it, with the words around numbers in the language of the report."""
    license_id, comma, clause = asked.partition(", ")
    conditions = _CONDITIONS.fullmatch(clause)
    if conditions and clause.startswith("condition "):
        return _("{license}, condition {numbers}").format(license=license_id, numbers=conditions[1])
    if conditions:
        return _("{license}, conditions {numbers}").format(license=license_id, numbers=conditions[1])
    return _(_CLAUSES[clause]).format(license=license_id) if comma and clause in _CLAUSES else asked


def severity_name(severity: str) -> str:
    """A severity as a word of its own, for a column; in English its value."""
    return severity if current_language() == "en" or severity not in SEVERITIES else _(SEVERITIES[severity])


def bare_clause_words(clause: str) -> str:
    """A clause without its license, with the words around numbers in the language of the report."""
    conditions = _CONDITIONS.fullmatch(clause)
    if conditions and clause.startswith("condition "):
        return _("condition {numbers}").format(numbers=conditions[1])
    if conditions:
        return _("conditions {numbers}").format(numbers=conditions[1])
    return _(clause) if clause in _BARE else clause


def authority_words(authority: str) -> str:
    """What a reason rests on: what an authority says, an edition of the OSADL matrix, or `license clause`."""
    if edition := _EDITION.fullmatch(authority):
        return _("OSADL matrix of {date}").format(date=edition[1])
    license_id, blank, clause = authority.partition(" ")
    if blank and (told := bare_clause_words(clause)) != clause:
        return f"{license_id} {told}"
    return _(authority) if authority else ""


def outbound_words(outbound: str) -> str:
    """The license of a product; `proprietary` is a word and no SPDX identifier."""
    return _("proprietary") if outbound == "proprietary" else outbound
