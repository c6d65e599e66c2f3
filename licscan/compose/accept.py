"""Composes `licscan accept`: the check of a delivery, then the buyer's own policy over its SBOM, and what changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.compose.audit import Audit, audit
from licscan.compose.options import Options
from licscan.delivery.examine import Inquiry, examine
from licscan.delivery.records import Acceptance, Check, ordered, said
from licscan.model import Verdict
from licscan.sbom.changes import Change, Changes

MOST = 500
"""So many findings and changes are told; `licscan audit` has all."""

_POLICY = {
    Verdict.VIOLATION: "policy-violation",
    Verdict.CANNOT_TELL: "policy-open",
    Verdict.OK: "policy-counted",
}
"""What a finding that counts is called: one that is allowed counts only where the buyer's threshold makes it."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer's side: the folder of his licscan.toml, what it asks for, the surface, and his database."""

    root: Path
    options: Options
    surface: str | None = None
    database: Path | None = None


def accept(asked: Inquiry, buyer: Buyer) -> Acceptance:
    """All that can be said of a delivery; its SBOM is judged, and stored as the last delivery of its product.

    A delivery that was tampered with is not stored: it is no delivery of this supplier. InputError for what cannot be
    opened, and for a surface that licscan.toml does not name.
    """
    told = examine(asked)
    if not told.sbom:
        return told
    is_sound = all(one.kind.verdict is not Verdict.VIOLATION for one in told.checks)
    with tempfile.TemporaryDirectory(prefix="licscan-") as folder:
        path = Path(folder) / "sbom"
        path.write_bytes(told.sbom)
        shown = one_line(f"{told.name}: {told.sbom_path}", 200)
        judged = audit(path, buyer.root, buyer.options, buyer.surface, buyer.database, shown=shown, keep=is_sound)
    return replace(told, checks=ordered([*told.checks, *_policy(judged), *_changes(judged.changes)]))


def _policy(judged: Audit) -> Iterator[Check]:
    """The findings that count."""
    found = list(judged.scan.counted())
    for one in found[:MOST]:
        where = f" [{one.surface}]" if one.surface else ""
        name = (one.purl or "").partition("@")[0].rpartition("/")[2]
        subject = "" if name in one.message else f"{one.purl}: "
        yield said(_POLICY[one.verdict], what=f"{subject}{one.message}{where}")
    if not found:
        yield said("policy-ok", surfaces=_(", ").join(one.name for one in judged.scan.surfaces))


def _changes(since: Changes | None) -> Iterator[Check]:
    if since is None:
        yield said("changes-first")
        return
    when = since.when[:19]
    if not since:
        yield said("changes-none", when=when)
    for one in since.relicensed[:MOST]:
        yield said("relicensed", name=_label(one, one.new_version), old=one.old_license, new=one.new_license, when=when)
    for title, rows in (
        (_("Added: {name} ({license})"), since.added),
        (_("Removed: {name} ({license})"), since.removed),
        (_("Different version: {name} ({license})"), since.changed),
    ):
        for one in rows[:MOST]:
            versions = " → ".join(dict.fromkeys(part for part in (one.old_version, one.new_version) if part))
            license_ = one.new_license or one.old_license
            yield said("change", what=title.format(name=_label(one, versions), license=license_))


def _label(one: Change, version: str) -> str:
    return f"{one.name} {version}".strip()
