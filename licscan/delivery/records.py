"""What the check of a delivery says: one record a statement, whose words are in the table of its codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from licscan.base.escape import one_line
from licscan.base.messages import N_, _
from licscan.model import VERDICT_RANK, Verdict

MOST_SHOWN = 20
"""So many statements of one code are listed one by one on the page; JSON has all."""


class Area(StrEnum):
    """Which question a statement answers, in the order of the page."""

    SIGNATURE = "signature"
    FILES = "files"
    ARTIFACT = "artifact"
    FIT = "fit"
    POINTS = "open-points"
    POLICY = "policy"
    CHANGES = "changes"


AREAS: Mapping[Area, str] = {
    Area.SIGNATURE: N_("Signature"),
    Area.FILES: N_("Files of the delivery"),
    Area.ARTIFACT: N_("Artifacts"),
    Area.FIT: N_("SBOM, notices and artifact match"),
    Area.POINTS: N_("Open points that the supplier states"),
    Area.POLICY: N_("Your own policy"),
    Area.CHANGES: N_("Changes since the last delivery"),
}


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of statement: the question it answers, what follows from it, its sentence, what to do."""

    area: Area
    verdict: Verdict
    sentence: str
    remedy: str = ""


_OK, _BAD, _OPEN = Verdict.OK, Verdict.VIOLATION, Verdict.CANNOT_TELL
_AUDIT = N_("`licscan audit`, given the SBOM of the delivery, shows all of it.")
_AGAIN = N_("Ask the supplier for the delivery again; do not use what is here.")
_CORRECT = N_("Ask the supplier for a delivery that is consistent.")

CODES: Mapping[str, Code] = {
    "signature-ok": Code(Area.SIGNATURE, _OK, N_("The statement is signed with the key that you gave ({key}).")),
    "signature-missing": Code(
        Area.SIGNATURE, _OPEN, N_("The delivery is not signed: it cannot be determined who made it."),
        N_("Ask the supplier to sign it, or agree on its digest in writing: {digest}."),
    ),
    "signature-not-verified": Code(
        Area.SIGNATURE, _OPEN, N_("The signature was not verified: {reason}."),
        N_("Check it on a machine with OpenSSL 3 or the extra licscan[delivery]."),
    ),
    "signature-no-key": Code(
        Area.SIGNATURE, _OPEN, N_("The signature was not verified: the supplier's key was not given."),
        N_("Get the supplier's public key or certificate through a channel other than the delivery; "
           "give it with --key."),
    ),
    "signature-invalid": Code(
        Area.SIGNATURE, _BAD,
        N_("No signature matches the key that you gave ({key}): the statement was changed, or "
           "somebody else signed it."),
        _AGAIN,
    ),
    "certificate-dates": Code(
        Area.SIGNATURE, _OPEN, N_("The certificate is valid only from {start} to {end}."),
        N_("Ask the supplier for a valid certificate."),
    ),
    "certificate-chain": Code(
        Area.SIGNATURE, _OK,
        N_("The certificate names {subject} as its subject; its issuer was not checked."),
    ),
    "envelope-missing": Code(Area.FILES, _BAD, N_("There is no {path}, which states what belongs to the "
                                                  "delivery."),
                             _AGAIN),
    "envelope-malformed": Code(Area.FILES, _BAD, N_("{path} is not a valid DSSE envelope: {reason}."), _AGAIN),
    "envelope-rewritten": Code(
        Area.FILES, _OK, N_("{path} is not in the form that licscan writes; it is read anyway."),
    ),
    "statement-malformed": Code(Area.FILES, _BAD, N_("The signed content is not a delivery statement: {reason}."),
                                _AGAIN),
    "archive-unsafe": Code(Area.FILES, _BAD, N_("{path} {reason}."), _AGAIN),
    "archive-repacked": Code(
        Area.FILES, _OPEN, N_("The archive was repacked: its files, or their wrapping, are in a "
                              "different form."),
        N_("Use the archive as the supplier sent it; or unpack it, and check only the folder."),
    ),
    "file-missing": Code(Area.FILES, _BAD, N_("{path} is in the statement but not in the delivery."), _AGAIN),
    "file-changed": Code(Area.FILES, _BAD, N_("{path} is not the file in the statement: its digest does "
                                              "not match."),
                         _AGAIN),
    "file-added": Code(Area.FILES, _BAD, N_("{path} is in the delivery but not in the statement."), _AGAIN),
    "files-ok": Code(Area.FILES, _OK, N_("All {count} files match the statement, and there are no "
                                         "others.")),
    "artifact-ok": Code(Area.ARTIFACT, _OK, N_("{path} is the artifact of the delivery ({digest}).")),
    "artifact-not-given": Code(
        Area.ARTIFACT, _OPEN, N_("{path} was not checked: the file was not given."), N_("Give it with --artifact."),
    ),
    "artifact-changed": Code(Area.ARTIFACT, _BAD,
                             N_("{path} is not the artifact of the delivery: its digest does not match."), _AGAIN),
    "artifact-unknown": Code(Area.ARTIFACT, _BAD, N_("The delivery has no artifact {path}, by name or digest."),
                             _AGAIN),
    "fit-ok": Code(Area.FIT, _OK, N_("SBOMs and notices name the same components ({count}), under the same licenses.")),
    "inside-ok": Code(
        Area.FIT, _OK, N_("Everything seen inside {path} is in the SBOM and in the notices "
                          "(components: {count})."),
    ),
    "inside-nothing": Code(
        Area.FIT, _OPEN, N_("Nothing inside {path} shows which components it contains."),
        N_("Ask the supplier for an artifact with its source maps, package metadata or a bundler's "
           "report."),
    ),
    "sbom-missing": Code(Area.FIT, _BAD, N_("The delivery has no SBOM."), _CORRECT),
    "document-missing": Code(Area.FIT, _BAD, N_("The delivery has no {path}."), _CORRECT),
    "document-malformed": Code(Area.FIT, _BAD, N_("{path} cannot be read: {reason}."), _CORRECT),
    "product-differs": Code(Area.FIT, _BAD, N_("{path} is for {found}, the delivery for {expected}."), _CORRECT),
    "sboms-differ": Code(Area.FIT, _BAD, N_("{path} has {found} for {name}, the first SBOM has "
                                            "{expected}."), _CORRECT),
    "notices-beyond-sbom": Code(Area.FIT, _BAD, N_("The notices name {name}, which is not in the SBOM."), _CORRECT),
    "sbom-beyond-notices": Code(
        Area.FIT, _BAD, N_("The SBOM names {name} ({license}), which the notices do not mention."), _CORRECT,
    ),
    "license-differs": Code(Area.FIT, _BAD, N_("{name} is {found} in the notices, and {expected} in the SBOM."),
                            _CORRECT),
    "notices-lack": Code(Area.FIT, _BAD, N_("{path} lacks what the notices contain for {name}: {what}."), _CORRECT),
    "offers-lack": Code(Area.FIT, _BAD, N_("Source code of {name} must be offered ({duty}), and nothing "
                                           "offers it."), _CORRECT),
    "artifact-beyond-sbom": Code(
        Area.FIT, _BAD, N_("{path} contains {name}, which is not in the SBOM (seen in {file})."), _CORRECT,
    ),
    "artifact-other-version": Code(
        Area.FIT, _BAD, N_("{path} contains {name}, which the SBOM lists as {expected} (seen in "
                           "{file})."), _CORRECT,
    ),
    "artifact-perhaps-beyond-sbom": Code(
        Area.FIT, _OPEN, N_("{path} seems to contain {name}, which is not in the SBOM (seen in "
                            "{file})."),
        N_("Ask the supplier what it is."),
    ),
    "artifact-version-unknown": Code(
        Area.FIT, _OPEN, N_("{path} contains {name}; the SBOM does not say which version (seen in "
                            "{file})."),
        N_("Ask the supplier for an SBOM with the version."),
    ),
    "artifact-beyond-notices": Code(
        Area.FIT, _BAD, N_("{path} contains {name}, which the notices do not mention (seen in "
                           "{file})."), _CORRECT,
    ),
    "artifact-unclear": Code(
        Area.FIT, _OPEN, N_("{path}: {file} {reason}."),
        N_("Ask the supplier for its source map or the bundler's report."),
    ),
    "open-point": Code(Area.POINTS, _OPEN, N_("{what}"), N_("Settle it with the supplier before you sign.")),
    "open-point-violation": Code(Area.POINTS, _BAD, N_("{what}"), N_("Settle it with the supplier before you sign.")),
    "open-points-none": Code(Area.POINTS, _OK, N_("The supplier states no open points.")),
    "policy-ok": Code(Area.POLICY, _OK, N_("Nothing in the SBOM violates your policy ({surfaces}).")),
    "policy-violation": Code(Area.POLICY, _BAD, N_("{what}"), _AUDIT),
    "policy-open": Code(Area.POLICY, _OPEN, N_("{what}"), _AUDIT),
    "policy-counted": Code(Area.POLICY, _BAD, N_("{what} It is at the threshold that you set."), _AUDIT),
    "policy-not-asked": Code(
        Area.POLICY, _OK, N_("No policy was applied: this tool checks only the delivery; `licscan "
                             "accept` applies your policy."),
    ),
    "changes-first": Code(Area.CHANGES, _OK, N_("There is no earlier delivery of this product.")),
    "changes-none": Code(Area.CHANGES, _OK, N_("The same packages, versions and licenses as at {when}.")),
    "change": Code(Area.CHANGES, _OK, N_("{what}")),
    "relicensed": Code(Area.CHANGES, _OPEN, N_("{name}: its license was {old} at {when}, and is now {new}."),
                       N_("Have counsel look at the new license.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One statement: `values` fill its sentence. Hostile text in them is on one line, and harmless."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> Code:
        """The row of its code."""
        return CODES[self.code]

    @property
    def sentence(self) -> str:
        """What it says, in the language that is spoken now."""
        return _(self.kind.sentence).format_map(dict(self.values))

    @property
    def remedy(self) -> str:
        """What to do, empty where nothing is."""
        return _(self.kind.remedy).format_map(dict(self.values)) if self.kind.remedy else ""


def said(code: str, **values: object) -> Check:
    """A statement with its values, made harmless."""
    return Check(code, tuple((name, one_line(str(value), 300)) for name, value in sorted(values.items())))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the delivery says of itself, for the head of the page; empty where it says nothing."""

    product: str = ""
    version: str = ""
    surface: str = ""
    supplier: str = ""
    created: str = ""
    tool: str = ""
    digest: str = ""
    key: str = ""
    artifacts: tuple[tuple[str, str], ...] = ()
    sboms: tuple[tuple[str, int], ...] = ()
    notices: int = 0
    own: tuple[str, ...] = ()
    silent: int = 0
    duties: tuple[tuple[str, int], ...] = ()
    decisions: int = 0
    ledger_head: str = ""


@dataclass(frozen=True)
class Acceptance:
    """The answer: facts, statements in the order of the page, and the SBOM that others may judge."""

    name: str
    facts: Facts
    checks: tuple[Check, ...]
    sbom_path: str = ""
    sbom: bytes = field(default=b"", repr=False)

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        return max((one.kind.verdict for one in self.checks), key=VERDICT_RANK.__getitem__, default=Verdict.OK)

    def of(self, area: Area) -> tuple[Check, ...]:
        """The statements of one area, worst first."""
        ranked = sorted(
            (one for one in self.checks if one.kind.area is area), key=lambda one: -VERDICT_RANK[one.kind.verdict]
        )
        return tuple(ranked)


def ordered(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Statements in the order of areas, worst first, then by code and words; each once."""
    places = {area: number for number, area in enumerate(Area)}
    return tuple(
        sorted(
            set(checks),
            key=lambda one: (places[one.kind.area], -VERDICT_RANK[one.kind.verdict], one.code, one.values),
        )
    )


def table_at(data: Any, *keys: str) -> Any:
    """What stands under keys of nested tables; None where one is missing."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data
