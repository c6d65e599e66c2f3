"""Composes `licscan deliver`: a scan and the artifacts built of it, as the folder and archive that a contract annexes.

What is about to be delivered is first checked as its buyer will check it: what he would refuse is not written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from licscan.attribution.document import document
from licscan.attribution.json_format import to_json
from licscan.attribution.records import Attributions
from licscan.attribution.render import render
from licscan.base.errors import InputError
from licscan.base.listing import listed
from licscan.base.messages import _
from licscan.compose import delivered
from licscan.compose.delivered import Point, Product
from licscan.compose.notices import notices
from licscan.compose.verify import Question, verify
from licscan.delivery import cover
from licscan.delivery.digests import subject_of
from licscan.delivery.documents import ABOUT, DECISIONS, DUTIES, NOTICES, NOTICES_TEXT, OFFERS, POINTS, SBOMS
from licscan.delivery.examine import Inquiry, examine
from licscan.delivery.making import Sign, archive_of, beside, envelope_of, json_bytes, publish, write_files
from licscan.delivery.opening import ENVELOPE
from licscan.delivery.records import Area, Check
from licscan.delivery.statement import Subject
from licscan.law.words import deployment_words
from licscan.model import VERDICT_RANK, Scan, Verdict
from licscan.model.surface import Surface
from licscan.review.chain import Ledger
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.sbom.model import Bom
from licscan.sbom.read import read_document
from licscan.sbom.write import write

_ENDINGS = {"cyclonedx": ".cdx.json", "spdx-2.3": ".spdx.json", "spdx-3.0.1": ".spdx3.json"}
MOST_NAMED = 10
_SELF_CHECKED = frozenset({Area.FILES, Area.FIT, Area.ARTIFACT})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be delivered, where, and by whom; `stats` and `own` as `verify` takes them.

    `is_current` is whether the files are those that the scan read. `anyway`: write it also where the scan is older than
    the project, or an artifact does not fit; both then stand among the open points.
    """

    artifacts: tuple[Path, ...]
    output: Path
    formats: tuple[str, ...]
    sbom: SbomOptions
    sign: Sign | None = None
    contact: str = ""
    stats: tuple[Path, ...] = ()
    own: tuple[str, ...] = ()
    is_current: bool = True
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and what stands open in it."""

    folder: Path
    archive: Path
    points: tuple[Point, ...]
    is_signed: bool

    @property
    def verdict(self) -> Verdict:
        """The worst of the open points."""
        return max((Verdict(one.verdict) for one in self.points), key=VERDICT_RANK.__getitem__, default=Verdict.OK)


def deliver(order: Order, scan: Scan, root: Path, ledger: Ledger | None) -> Made:
    """Make, check and write a delivery; InputError where it would not hold what it says, unless `anyway`."""
    surface = next(one for one in scan.surfaces if one.name == order.sbom.surface)
    if not order.is_current and not order.anyway:
        raise InputError(
            _("the project has changed since it was scanned"),
            path=str(root),
            remedy=_("scan again, or write it anyway with --anyway, as an open point"),
        )
    subjects = _subjects(order.artifacts)
    bom = bom_of(scan, order.sbom)
    told = notices(scan, root, [surface.name], order.contact)
    points = list(delivered.of_findings(scan, surface, bom))
    points += delivered.of_notices(told, tuple(points))
    if not order.is_current:
        said = _("The project has changed since it was scanned; this delivery describes it as it was then.")
        points.append(Point("scan", "scan-stale", Verdict.VIOLATION.value, "", said))
    with beside(order.output) as place:
        files = _documents(order, scan, surface, bom, told, subjects, ledger)
        points += _of_artifacts(order, scan, root, files, place)
        files[POINTS] = json_bytes(delivered.points_document(points))
        wrong = _self_check(place, files, subjects, order)
        if wrong and not order.anyway:
            raise _refused(wrong)
        points += [Point("delivery", one.code, Verdict.VIOLATION.value, "", one.sentence) for one in wrong]
        files[POINTS] = json_bytes(delivered.points_document(points))
        files[ENVELOPE] = envelope_of(files, subjects, order.sign)
        publish(place, order.output, files)
    ordered = tuple(sorted(set(points)))
    return Made(order.output, archive_of(order.output), ordered, order.sign is not None)


def _subjects(artifacts: Sequence[Path]) -> tuple[Subject, ...]:
    found = tuple(map(subject_of, artifacts))
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise InputError(_("two artifacts have this name"), path=max(names, key=names.count))
    return found


def _documents(
    order: Order,
    scan: Scan,
    surface: Surface,
    bom: Bom,
    told: Attributions,
    subjects: Sequence[Subject],
    ledger: Ledger | None,
) -> dict[str, bytes]:
    """Every file but the open points and the envelope."""
    from licscan.base import clock

    files: dict[str, bytes] = {}
    for format_ in order.formats:
        ending = next(ending for start, ending in _ENDINGS.items() if format_.startswith(start))
        files[f"{SBOMS}{_name(bom.name)}-{format_}{ending}"] = write(bom, format_).encode("utf-8", "replace")
    # the name and version of the product are those that a reader of the SBOM finds
    first = next(iter(files))
    read = read_document(files[first], first)
    subject = read.by_ref.get(read.subject)
    name, version = (subject.name, subject.version) if subject else (read.name, "")
    product = Product(name, version, order.sbom.creator, order.sbom.created)
    files[ABOUT] = json_bytes(delivered.about(scan, surface, product, told, subjects))
    files[NOTICES] = to_json(told).encode("utf-8", "backslashreplace")
    files[NOTICES_TEXT] = render(document(told), "text", None).encode("utf-8", "backslashreplace")
    files[DUTIES] = json_bytes({"surface": surface.name, "duties": delivered.duties(scan, surface, told)})
    files[OFFERS] = json_bytes(delivered.offers(told))
    files[DECISIONS] = json_bytes(delivered.decisions(scan, surface, ledger, clock.today()))
    label = f"{name} {version}".strip()
    how = partial(deployment_words, surface.deployment)
    files[cover.COVER] = cover.cover(label, surface.name, how, subjects).encode()
    return files


def _name(name: str) -> str:
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._") else "-" for sign in name)
    return plain.strip("-._") or "product"


def _of_artifacts(order: Order, scan: Scan, root: Path, files: dict[str, bytes], place: Path) -> list[Point]:
    """What `verify` says of each artifact, with the notices of this delivery beside it."""
    write_files(place, {NOTICES_TEXT: files[NOTICES_TEXT]})
    found: list[Point] = []
    for path in order.artifacts:
        question = Question(path, order.stats, (place / NOTICES_TEXT,), order.own, order.sbom.surface)
        found += delivered.of_artifact(verify(question, scan, root))
    return found


def _self_check(place: Path, files: dict[str, bytes], subjects: Sequence[Subject], order: Order) -> list[Check]:
    """What the buyer's own check would refuse."""
    folder = place / "checked"
    write_files(folder, {**files, ENVELOPE: envelope_of(files, subjects, None)})
    told = examine(Inquiry(folder, order.artifacts))
    return [one for one in told.checks if one.kind.verdict is Verdict.VIOLATION and one.kind.area in _SELF_CHECKED]


def _refused(wrong: Sequence[Check]) -> InputError:
    first = wrong[0].sentence
    names = [values.get("name") or values.get("path", "") for values in (dict(one.values) for one in wrong[1:])]
    if names:
        told = listed(dict.fromkeys(names), MOST_NAMED)
        first = _("{first} And {count} more: {names}.").format(first=first, count=f"{len(names):,}", names=told)
    return InputError(
        _("nothing was written, since its buyer would refuse it: {first}").format(first=first),
        remedy=_("build and scan the same state, or remove what does not belong; --anyway writes it, with open points"),
    )
