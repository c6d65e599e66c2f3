"""The words of a judgement: deployments, relationships, rulings, duties.

The names are those of the cases that `licscan judge` reads; docs/judgement.md explains each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from licscan.base.messages import run_on
from licscan.base.terms import authority_words

PROPRIETARY = "LicenseRef-Proprietary"
"""The outbound license of a product whose source is not passed on."""


class Ruling(StrEnum):
    """What follows for one component, from free to forbidden.

    `ok`: nothing, or only notices to give; `ok-obligations`: duties beyond notices; `review`: facts or law do not
    decide it; `conflict`: not without another permission.
    """

    OK = "ok"
    OBLIGATIONS = "ok-obligations"
    REVIEW = "review"
    CONFLICT = "conflict"


RULING_RANK = {ruling: rank for rank, ruling in enumerate(Ruling)}


class Deployment(StrEnum):
    """How an artefact reaches people."""

    INTERNAL = "internal"
    SAAS = "saas"
    ON_PREMISE = "on-premise"
    MOBILE = "mobile-app"
    DESKTOP = "desktop-app"
    BROWSER = "browser"
    EMBEDDED = "embedded"

    @property
    def conveys(self) -> bool:
        """Whether somebody else gets a copy."""
        return self not in (Deployment.INTERNAL, Deployment.SAAS)

    @property
    def network(self) -> bool:
        """Whether people use it over a network from a machine that runs it for them."""
        return self in (Deployment.SAAS, Deployment.ON_PREMISE, Deployment.INTERNAL)


class Binding(StrEnum):
    """What a relationship makes of two programs in copyright's eyes."""

    SAME_WORK = "same-work"
    COPIED = "copied"
    SEPARATE = "separate"
    CONTENT = "content"
    NOT_SHIPPED = "not-shipped"
    OUTPUT = "output"


class Form(StrEnum):
    """The form in which a component reaches people."""

    SOURCE = "source"
    OBJECT = "object"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Relationship:
    """How a component is joined to the work: how it binds, in which form it travels, whether it can be swapped."""

    name: str
    binding: Binding
    form: Form = Form.EITHER
    static: bool = False
    conditional: bool = False


def _table(*rows: Relationship) -> dict[str, Relationship]:
    return {row.name: row for row in rows}


RELATIONSHIPS = _table(
    Relationship("combined-work", Binding.SAME_WORK),
    Relationship("link", Binding.SAME_WORK),
    Relationship("dynamic-link", Binding.SAME_WORK),
    Relationship("static-link", Binding.SAME_WORK, Form.OBJECT, static=True),
    Relationship("dependency", Binding.SAME_WORK),
    Relationship("dependency-linked", Binding.SAME_WORK),
    Relationship("python-import", Binding.SAME_WORK, Form.SOURCE),
    Relationship("bundled", Binding.SAME_WORK),
    Relationship("bundled-js", Binding.SAME_WORK, static=True),
    Relationship("prebuilt-shared-library-in-package", Binding.SAME_WORK, Form.OBJECT),
    Relationship("plugin-shared-data-structures", Binding.SAME_WORK),
    Relationship("embedded-firmware", Binding.SAME_WORK, Form.OBJECT, static=True),
    Relationship("modified-source", Binding.SAME_WORK, Form.SOURCE),
    Relationship("vendored-file", Binding.SAME_WORK, Form.SOURCE),
    Relationship("copied-code-snippet", Binding.COPIED, Form.SOURCE),
    Relationship("merged-into-code", Binding.COPIED, Form.SOURCE),
    Relationship("merged-into-content", Binding.COPIED),
    Relationship("bundled-media", Binding.CONTENT),
    Relationship("bundled-font", Binding.CONTENT),
    Relationship("model-weights", Binding.CONTENT),
    Relationship("separate-process", Binding.SEPARATE),
    Relationship("network-api-client", Binding.SEPARATE),
    Relationship("container-base-image", Binding.SEPARATE),
    Relationship("generated-code", Binding.OUTPUT),
    Relationship("build-tool-injects-runtime", Binding.SAME_WORK),
    Relationship("optional-extra", Binding.SAME_WORK, conditional=True),
    Relationship("optional-entry-in-vendor-sbom", Binding.SAME_WORK, Form.OBJECT, conditional=True),
    Relationship("dev-tool", Binding.NOT_SHIPPED),
    Relationship("test-only", Binding.NOT_SHIPPED),
    Relationship("build-tool", Binding.NOT_SHIPPED),
)
"""Every relationship by name. `network-api-client` is the component as a server behind its API."""


class DutyName(StrEnum):
    """What may be owed."""

    COPYRIGHT_NOTICE = "copyright-notice"
    LICENSE_TEXT = "license-text"
    NOTICE_FILE = "notice-file"
    STATE_CHANGES = "state-changes"
    ACKNOWLEDGMENT = "advertising-ack"
    ATTRIBUTION = "attribution"
    SOURCE_WORK = "source-work"
    SOURCE_COMPONENT = "source-of-component"
    SOURCE_FILE = "source-file"
    SOURCE_OWN = "source-of-own-code"
    NETWORK_OFFER = "network-source-offer"
    RELINK = "relink"
    REVERSE_ENGINEERING = "allow-reverse-engineering"
    INSTALLATION = "installation-info"
    SHARE_ALIKE = "share-alike"
    FLOW_DOWN = "flow-down-use-restrictions"
    OUTBOUND_CHANGE = "outbound-change"


NOTICE_DUTIES = frozenset(
    {DutyName.COPYRIGHT_NOTICE, DutyName.LICENSE_TEXT, DutyName.NOTICE_FILE, DutyName.STATE_CHANGES}
)
"""Duties that a notice satisfies; every other one makes `ok` into `ok-obligations`."""

SOURCE_DUTIES = frozenset(
    {
        DutyName.SOURCE_WORK,
        DutyName.SOURCE_COMPONENT,
        DutyName.SOURCE_FILE,
        DutyName.SOURCE_OWN,
        DutyName.NETWORK_OFFER,
        DutyName.SHARE_ALIKE,
    }
)

FLAGS: dict[str, str] = {
    "LC": "license copy",
    "CN": "keep notices in source",
    "CB": "notice and text with binaries",
    "NF": "pass on NOTICE",
    "SC": "state changes",
    "PG": "patent grant",
    "PR": "patent retaliation",
    "NP": "no patent grant",
    "TM": "trademarks reserved",
    "NE": "no endorsement",
    "AD": "acknowledgment",
    "RN": "rename modified versions",
    "RL": "relinking",
    "RE": "allow reverse engineering",
    "II": "installation information",
    "UI": "on-screen credit",
    "SA": "share alike",
    "NC": "no commercial use",
    "ND": "no derivatives",
    "FU": "field of use",
    "NH": "no hosted service",
    "TH": "size threshold",
    "AT": "attribution",
    "TP": "no technical restriction",
    "SL": "secondary licenses",
    "NS": "not sold alone",
}
"""The duty flags of data/terms.toml, and what each stands for."""


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """One thing that is owed, and the license and clause that ask for it."""

    name: DutyName
    license: str
    clause: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why: a sentence, with the license's clause or the authority that it rests on."""

    text: str
    authority: str = ""

    def __str__(self) -> str:
        return run_on(self.text, f"[{authority_words(self.authority)}]" if self.authority else "")
