"""A scan and the texts of its packages -> what goes with each component, and what is missing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from licscan.attribution.acknowledgments import sentences_of
from licscan.attribution.duties import asks_for_the_work, changes_of, credits_of, offers_of
from licscan.attribution.records import (
    Attribution,
    Attributions,
    AttributionText,
    Credit,
    Gap,
    GapKind,
    Holdings,
    Role,
    Sentence,
)
from licscan.attribution.reference import asks_for_holder, text_of
from licscan.attribution.texts import body_of, holds_text, words_of
from licscan.attribution.works import credits_of_works, files_by_component
from licscan.base.messages import _
from licscan.detect.decoding import decode
from licscan.law.vocabulary import RELATIONSHIPS, Binding, Deployment, DutyName
from licscan.licenses.spdx import licenses_of, same
from licscan.model import NOASSERTION, NONE, Component, ComponentKind, Conclusion, Copyright, Coverage, Scan
from licscan.model.content import ContentFile
from licscan.model.surface import Judgement, Obligation, Surface

_OUTSIDE = frozenset({Binding.NOT_SHIPPED, Binding.OUTPUT})
_UNSETTLED = frozenset({NOASSERTION, NONE, ""})
_BEFORE_NAME = re.compile(
    r"(?i)^[\s*#/>-]*(?:(?:copyright|\(c\)|©|by)[\s,:]*)+(?:\d{4}(?:\s*[-–,]\s*(?:\d{4}|present))*[\s,]*)*(?:by\s+)?"
)
_WITH = {"LGPL-3.0-only": "GPL-3.0-only", "LGPL-3.0-or-later": "GPL-3.0-or-later"}
"""Licenses that add to another one, whose text goes with theirs (LGPL-3.0, 4(b))."""


@dataclass(frozen=True, slots=True)
class ShippedComponent:
    """One component that is shipped on some of the surfaces, with what was judged of it there."""

    purl: str
    judgements: tuple[Judgement, ...]
    conveying: frozenset[str] = frozenset()
    """Those of its surfaces that give copies to others."""

    @property
    def surfaces(self) -> tuple[str, ...]:
        """The surfaces on which something is owed, or may be."""
        return tuple(one.surface for one in self.judgements if one.duties or one.surface in self.conveying)

    @property
    def duties(self) -> tuple[Obligation, ...]:
        """Everything that is owed on any of them, once."""
        return tuple(sorted({duty for judgement in self.judgements for duty in judgement.duties}))

    @property
    def offered(self) -> tuple[Obligation, ...]:
        """What may be promised to whoever gets a copy, once.

        An offer binds whoever makes it: none is made for a use that the license does not allow, and none of the source
        of one's own work while it is undecided whether the component may be used.
        """
        return tuple(
            sorted(
                {
                    duty
                    for judgement in self.judgements
                    for duty in judgement.duties
                    if judgement.ruling != "conflict" and not (judgement.ruling == "review" and asks_for_the_work(duty))
                }
            )
        )

    @property
    def licenses(self) -> tuple[str, ...]:
        """The effective licenses, where surfaces differ more than one."""
        return tuple(dict.fromkeys(judgement.license for judgement in self.judgements))


def shipped_components(scan: Scan, surfaces: Sequence[str] = ()) -> tuple[ShippedComponent, ...]:
    """The components of others that these surfaces ship, by PackageURL; all surfaces where none is named."""
    chosen = {surface.name: surface for surface in scan.surfaces if not surfaces or surface.name in surfaces}
    conveying = {name for name, surface in chosen.items() if _conveys(surface)}
    found: dict[str, list[Judgement]] = {}
    for judgement in scan.judgements:
        component = scan.graph.by_purl.get(judgement.purl)
        if judgement.surface not in chosen or component is None or component.kind is ComponentKind.PROJECT:
            continue
        if _ships(judgement, component):
            found.setdefault(judgement.purl, []).append(judgement)
    return tuple(
        ShippedComponent(purl, tuple(sorted(judged)), frozenset(one.surface for one in judged) & conveying)
        for purl, judged in sorted(found.items())
    )


def _ships(judgement: Judgement, component: Component) -> bool:
    relationship = RELATIONSHIPS.get(judgement.relationship)
    return component.embedded != "not-seen" and (relationship is None or relationship.binding not in _OUTSIDE)


def _conveys(surface: Surface) -> bool:
    return surface.deployment in {d.value for d in Deployment} and Deployment(surface.deployment).conveys


def gather(
    scan: Scan, asked: Iterable[ShippedComponent], holdings: Mapping[str, Holdings], contact: str = ""
) -> Attributions:
    """What goes with each component that asks for something; the others by name."""
    entries: list[Attribution] = []
    gaps: list[Gap] = []
    silent: list[str] = []
    files = files_by_component(scan)
    for one in asked:
        component = scan.graph.by_purl[one.purl]
        held = holdings.get(one.purl, Holdings())
        conclusion = scan.by_purl.get(one.purl)
        entry = _Entry(component, conclusion, one, held, _within(scan, component), files.get(one.purl, ()))
        if not entry.owes:
            silent.append(f"{component.name} {component.version or ''}".strip())
            continue
        entries.append(entry.attribution())
        gaps += entry.gaps
    if not contact and any(entry.offers for entry in entries):
        said = _("Source code must be offered, and no contact is set for requests ([notices] contact).")
        gaps.append(Gap("", GapKind.NO_CONTACT, said))
    ordered = sorted(entries, key=lambda entry: (entry.name.lower(), entry.name, entry.version, entry.purl))
    return Attributions(
        scan.project.name,
        (),
        tuple(ordered),
        tuple(sorted(set(gaps))),
        tuple(sorted(set(silent))),
        version=scan.project.version,
    )


def _within(scan: Scan, component: Component) -> tuple[tuple[str, str], ...]:
    """The packages that a component stands inside, by PackageURL and label."""
    if not component.embedded:
        return ()
    around = sorted({edge.parent for edge in scan.graph.parents.get(component.purl, ())})
    hosts = [scan.graph.by_purl[purl] for purl in around if purl in scan.graph.by_purl]
    return tuple((one.purl, f"{one.name} {one.version or ''}".rstrip()) for one in hosts)


class _Entry:
    """Puts one component's attribution together, and notes what is missing."""

    def __init__(
        self,
        component: Component,
        conclusion: Conclusion | None,
        asked: ShippedComponent,
        held: Holdings,
        within: tuple[tuple[str, str], ...],
        files: tuple[ContentFile, ...] = (),
    ):
        self.component = component
        self.conclusion = conclusion
        self.asked = asked
        self.held = held
        self.within = within
        self.files = files
        self.gaps: list[Gap] = []

    @property
    def owes(self) -> bool:
        """Whether a license asks for something here, may ask for it, or the package has a NOTICE to hand on."""
        if self.asked.duties:
            return True
        if not self.asked.conveying:
            return False
        unsettled = any(not licenses_of_or_none(license_id) for license_id in self.asked.licenses)
        # a license of somebody's own that no table knows may ask for anything
        unsettled |= any("LicenseRef-" in one.license and one.ruling == "review" for one in self.asked.judgements)
        listed = bool(self.conclusion and self.conclusion.notice_files)
        return unsettled or listed or any(role is not Role.LICENSE for role, _path, _data in self.held.texts)

    def attribution(self) -> Attribution:
        """The whole of it."""
        license_id = " | ".join(self.asked.licenses)
        self._settled()
        given = self._given()
        given += self._missing(given)
        holders, shown = self._holders(given)
        names = self._names(holders)
        concluded = self.conclusion.concluded if self.conclusion else ""
        offered = concluded if " OR " in concluded and not same(concluded, license_id) else ""
        return Attribution(
            self.component.purl,
            self.component.name,
            self.component.version or "",
            license_id,
            offered,
            self.asked.surfaces,
            holders,
            shown,
            () if holders else self.held.metadata.authors,
            tuple(given),
            self._sentences(given, names),
            offers_of(self.component, self.asked.offered, self.held.metadata),
            changes_of(self.component),
            self._credits(names),
            self.within,
        )

    def _credits(self, names: Sequence[str]) -> tuple[Credit, ...]:
        if self.component.kind is not ComponentKind.CONTENT:
            return credits_of(self.component, self.asked.duties, names, self.held.metadata)
        return credits_of_works(
            self.component, self.files, self.asked.licenses, self.asked.duties, names, self.held.metadata
        )

    def _gap(self, kind: GapKind, sentence: str) -> None:
        self.gaps.append(Gap(self.component.purl, kind, sentence))

    def _settled(self) -> None:
        for said in self.held.unread:
            self._gap(GapKind.UNREAD, _("some of its texts are missing: {reason}").format(reason=said))
        if any(license_id in _UNSETTLED for license_id in self.asked.licenses):
            self._gap(GapKind.NO_LICENSE, _("its license is not settled, so its duties are unknown"))
        if any(judgement.ruling == "conflict" for judgement in self.asked.judgements):
            self._gap(GapKind.CONFLICT, _("its license does not allow this use; notices do not cure that"))
        if any(one.ruling == "review" and any(map(asks_for_the_work, one.duties)) for one in self.asked.judgements):
            said = _("whether it may be used is undecided; no source of the product is offered for it")
            self._gap(GapKind.UNDECIDED, said)

    def _given(self) -> list[AttributionText]:
        """Its own texts as shipped: each once, and of several licenses only those that are used."""
        told = self._licenses_of_texts()
        found: dict[tuple[str, Role], AttributionText] = {}
        for role, path, data in self.held.texts:
            text = decode(data)
            if text is None:
                self._gap(GapKind.UNREAD, _("{path} is not plain text").format(path=path))
                continue
            body = body_of(text)
            if not body.text:
                continue
            digest = hashlib.sha256(data).hexdigest()
            if role is Role.LICENSE and told is not None and digest not in told:
                self._gap(GapKind.CHANGED, _("{path} has changed since the scan; scan again").format(path=path))
            found.setdefault(
                (body.sha256, role), AttributionText(role, path, body, (told or {}).get(digest, ()), digest)
            )
        own = {digest for digest, role in found if role is Role.LICENSE}
        texts = [text for (digest, role), text in found.items() if role is not Role.PART or digest not in own]
        return self._chosen(texts)

    def _licenses_of_texts(self) -> dict[str, tuple[str, ...]] | None:
        """The licenses that detection found in each text, by its digest; None where no texts were read."""
        if self.conclusion is None or self.conclusion.coverage is not Coverage.TEXTS:
            return None
        told: dict[str, tuple[str, ...]] = {}
        for piece in self.conclusion.evidence:
            if piece.sha256:
                names = licenses_of(piece.expression) if piece.expression else ()
                told[piece.sha256] = tuple(dict.fromkeys((*told.get(piece.sha256, ()), *names)))
        return told

    def _chosen(self, texts: list[AttributionText]) -> list[AttributionText]:
        """Without the license texts of branches that were not chosen."""
        concluded = self.conclusion.concluded if self.conclusion else ""
        if " OR " not in concluded or any(license_id in _UNSETTLED for license_id in self.asked.licenses):
            return texts
        used = {_base(name) for license_id in self.asked.licenses for name in licenses_of(license_id)}
        others = {_base(name) for name in licenses_of(concluded)} - used
        return [text for text in texts if not _only_of(text, others)]

    def _missing(self, given: list[AttributionText]) -> list[AttributionText]:
        """The license texts that the package lacks, from its readme or the LicenseDB."""
        more: list[AttributionText] = []
        owed = {duty.license for duty in self.asked.duties if duty.name == DutyName.LICENSE_TEXT.value}
        for license_id in sorted(owed | {_WITH[name] for name in owed if name in _WITH}):
            text = text_of(license_id)
            own = [one.body.text for one in given if one.role is not Role.PART or self.component.embedded]
            if any(license_id in one.licenses and _is_whole(one, text) for one in given):
                continue
            if text is not None and any(holds_text(body, text) for body in own):
                continue
            if text is None:
                if not own:
                    self._gap(GapKind.NO_TEXT, _("no text of {license} is known").format(license=license_id))
                continue
            more.append(self._reconstructed(license_id, text))
        return more

    def _reconstructed(self, license_id: str, text: str) -> AttributionText:
        if self.held.readme and holds_text(self.held.readme, text):
            return AttributionText(Role.LICENSE, "README", body_of(self.held.readme), (license_id,))
        names = self._statements() or tuple(f"Copyright {name}" for name in self.held.metadata.authors)
        if not names and asks_for_holder(license_id) and not self.held.unread:
            said = _("it has no text of {license}, and nothing names its copyright holder").format(license=license_id)
            self._gap(GapKind.NO_HOLDER, said)
        body = body_of("\n".join([*names, "", text]) if names and asks_for_holder(license_id) else text)
        return AttributionText(Role.LICENSE, "", body, (license_id,), reconstructed=True)

    def _statements(self) -> tuple[str, ...]:
        """The statements in its texts; where these have none, those in the heads of its sources."""
        told: tuple[Copyright, ...] = self.conclusion.copyrights if self.conclusion else ()
        return tuple(dict.fromkeys(one.statement for one in told if not one.template)) or self.held.heads

    def _holders(self, given: list[AttributionText]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """All its statements, as written; and those of them that stand in none of the texts as they are shown."""
        own = [one for one in given if one.role is Role.LICENSE and not one.reconstructed]
        lifted = tuple(dict.fromkeys(statement for one in own for statement in one.body.statements))
        known = [words_of(statement) for statement in lifted]
        more = [told for told in self._statements() if not any(words_of(told) in words for words in known)]
        if not more:
            return lifted, lifted
        carried = [words_of(one.body.text) for one in given if one.role is not Role.PART and not one.reconstructed]
        apart = [told for told in more if not any(words_of(told) in words for words in carried)]
        return (*lifted, *more), (*lifted, *apart)

    def _names(self, statements: Sequence[str]) -> tuple[str, ...]:
        """Whose work it is, by name: as detection read it, else what the statements say, else the metadata."""
        told = self.conclusion.copyrights if self.conclusion else ()
        names = [one.holder for one in told if one.holder and not one.template]
        names = names or [_BEFORE_NAME.sub("", statement) for statement in statements] or [*self.held.metadata.authors]
        return tuple(dict.fromkeys(name for name in names if name))

    def _sentences(self, given: list[AttributionText], names: Sequence[str]) -> tuple[Sentence, ...]:
        owed = [duty for duty in self.asked.duties if duty.name == DutyName.ACKNOWLEDGMENT.value]
        found: list[Sentence] = []
        texts = [one.body.text for one in given if one.role is not Role.PART]
        for duty in owed:
            sentences, nameless = sentences_of(duty.license, duty.clause, texts, names, self.component.name)
            found += sentences
            if nameless:
                said = _("{license} requires an acknowledgment, and nothing says of whom").format(license=duty.license)
                self._gap(GapKind.NO_NAME, said)
        return tuple(dict.fromkeys(found))


def licenses_of_or_none(expression: str) -> tuple[str, ...]:
    """The licenses of an effective license; none where it is not settled."""
    return () if expression in _UNSETTLED else licenses_of(expression)


def _is_whole(text: AttributionText, reference: str | None) -> bool:
    """Whether a text in which detection saw the license is the license itself, not a line that names it."""
    if reference is None:
        return True
    # other versions of a license's words are still its text; a name, a link or a short notice is much shorter
    return 3 * len(text.body.text) >= len(reference)


def _base(license_id: str) -> str:
    for ending in ("-or-later", "-only", "+"):
        license_id = license_id.partition(" WITH ")[0].removesuffix(ending)
    return license_id


def _only_of(text: AttributionText, others: set[str]) -> bool:
    """Whether a license text speaks of nothing but licenses that were not chosen."""
    names = {_base(name) for name in text.licenses}
    return text.role is Role.LICENSE and bool(names) and names <= others
