"""The files of a delivery by what they are, and what programs read of them; whoever wrote them may mean harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from licscan.base.errors import FormatError, InputError
from licscan.delivery.envelope import MalformedError, load
from licscan.delivery.opening import Opened
from licscan.delivery.records import Check, Facts, said, table_at
from licscan.sbom.model import Bom, BomComponent, LicenseRole
from licscan.sbom.read import read_document

ABOUT = "delivery.json"
NOTICES, NOTICES_TEXT = "notices.json", "NOTICES.txt"
DUTIES, DECISIONS, POINTS, OFFERS = "duties.json", "decisions.json", "open-points.json", "source-offers.json"
SBOMS = "sbom/"
DOCUMENTS = (ABOUT, NOTICES, DUTIES, DECISIONS, POINTS, OFFERS)
SOURCE_DUTIES = frozenset(
    {"source-work", "source-of-component", "source-file", "source-of-own-code", "network-source-offer"}
)
"""Duties that an offer of source code answers: `law.vocabulary.SOURCE_DUTIES`, which the one-file tool lacks."""
_UNSAID = ("", "NOASSERTION")


@dataclass(frozen=True)
class Documents:
    """What was read: each JSON file as a table, each SBOM as a document; what could not be read is in `checks`."""

    tables: Mapping[str, Mapping[str, Any]]
    sboms: Mapping[str, Bom]
    notices_text: str = ""
    checks: tuple[Check, ...] = field(default=())

    def rows(self, document: str, *keys: str) -> Iterator[Mapping[str, Any]]:
        """The tables of a list in a document."""
        found = table_at(self.tables.get(document), *keys)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict):
                yield one

    def texts(self, document: str, *keys: str) -> Iterator[str]:
        """The texts of a list in a document."""
        found = table_at(self.tables.get(document), *keys)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, str):
                yield one

    def text(self, document: str, *keys: str) -> str:
        """One text in a document; empty where it has none."""
        found = table_at(self.tables.get(document), *keys)
        return found if isinstance(found, str) else ""


def read_documents(delivery: Opened) -> Documents:
    """All that programs read of a delivery."""
    tables: dict[str, Mapping[str, Any]] = {}
    sboms: dict[str, Bom] = {}
    checks: list[Check] = []
    for name in DOCUMENTS:
        if name not in delivery.files:
            checks.append(said("document-missing", path=name))
            continue
        try:
            tables[name] = load(delivery.read(name))
        except (MalformedError, InputError) as error:
            checks.append(said("document-malformed", path=name, reason=_reason(error)))
    for path in sorted(delivery.files):
        if path.startswith(SBOMS):
            try:
                sboms[path] = read_document(delivery.read(path), path)
            except InputError as error:
                checks.append(said("document-malformed", path=path, reason=_reason(error)))
    if not sboms:
        checks.append(said("sbom-missing"))
    text = ""
    if NOTICES_TEXT not in delivery.files:
        checks.append(said("document-missing", path=NOTICES_TEXT))
    else:
        try:
            text = delivery.read(NOTICES_TEXT).decode("utf-8", "replace")
        except InputError as error:
            checks.append(said("document-malformed", path=NOTICES_TEXT, reason=_reason(error)))
    return Documents(tables, sboms, text, tuple(checks))


def _reason(error: Exception) -> str:
    if isinstance(error, FormatError) and error.place:
        return f"{error.place}: {error.message}"
    return error.message if isinstance(error, InputError) else str(error)


def facts_of(told: Documents, digest: str, key: str, subjects: tuple[tuple[str, str], ...]) -> Facts:
    """The head of the page, as the delivery says it."""
    states: dict[str, int] = {}
    for duty in told.rows(DUTIES, "duties"):
        state = duty.get("state")
        if isinstance(state, str):
            states[state] = states.get(state, 0) + 1
    about = ABOUT
    return Facts(
        product=told.text(about, "product", "name"),
        version=told.text(about, "product", "version"),
        surface=told.text(about, "surface", "name"),
        supplier=told.text(about, "supplier", "name"),
        created=told.text(about, "created"),
        tool=f"{told.text(about, 'tool', 'name')} {told.text(about, 'tool', 'version')}".strip(),
        digest=digest,
        key=key,
        artifacts=subjects,
        sboms=tuple((path, len(bom.components)) for path, bom in told.sboms.items()),
        own=tuple(sorted(told.texts(about, "own"))),
        silent=sum(1 for name in ("silent", "not_seen") for _text in told.texts(about, name)),
        notices=sum(1 for _row in told.rows(NOTICES, "components")),
        duties=tuple(sorted(states.items())),
        decisions=sum(1 for _row in told.rows(DECISIONS, "decisions")),
        ledger_head=told.text(DECISIONS, "head"),
    )


def name_in(one: BomComponent) -> str:
    """By what a component is compared: its PackageURL without what tools add as they like, else name and version."""
    return one.purl.partition("?")[0] if one.purl else f"{one.name} {one.version}".strip()


def license_in(one: BomComponent) -> str:
    """What is concluded of it, empty where nothing is."""
    told = one.license_of(LicenseRole.CONCLUDED) or one.license_of(LicenseRole.DECLARED)
    return "" if told in _UNSAID else told
