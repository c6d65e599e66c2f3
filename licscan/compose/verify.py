"""Composes `licscan verify`: an artifact, what is inside, what the scan says is owed, and what of it is there.

Like `scan.py` it knows several stages; these do not know each other.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from licscan.artifact import Artifact, Entry, open_artifact
from licscan.attribution.gather import ShippedComponent, gather, shipped_components
from licscan.attribution.records import Attribution, AttributionText, Gap, GapKind, Role
from licscan.attribution.reference import text_of
from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.base.messages import _
from licscan.compose.notices import holdings_of
from licscan.compose.verify_code import with_code
from licscan.compose.verify_content import add_content, known_content, verify_media
from licscan.compose.verify_sounds import with_remade
from licscan.judge import PROPRIETARY as OWN_WORD
from licscan.law.decide import decide
from licscan.law.decisions import Setting
from licscan.law.facts import Facts
from licscan.law.vocabulary import PROPRIETARY, RELATIONSHIPS, Deployment, DutyName
from licscan.law.words import deployment_words
from licscan.model import Component as Package
from licscan.model import Scan
from licscan.model.surface import Judgement, Obligation, Surface
from licscan.packages.credits import FILE_NAME as CREDITS
from licscan.verify.check import missing
from licscan.verify.inside import MAX_DOCUMENT, EvidenceSources, document_of, inspect_artifact, own_comments
from licscan.verify.inside.jsons import MAX_JSON
from licscan.verify.inside.kinds import CODE, PAGES, STATS_BESIDE
from licscan.verify.matching import Matched, match, names_of
from licscan.verify.records import (
    ArtifactContents,
    Component,
    Demand,
    Document,
    Kind,
    Obligations,
    Sighting,
    Sure,
    Unknown,
    Verified,
    What,
)
from licscan.verify.runtimes import chromium_sign, has_credits
from licscan.verify.words import needle

_MOBILE = frozenset({"apk", "aab", "ipa", "xapk", "apks", "aar"})
_DESKTOP = frozenset({"asar", "deb", "crx", "xpi", "vsix"})
_SERVED = frozenset({"docker", "oci", "wheel", "sdist", "jar", "war", "ear", "egg", "nupkg"})
_OPEN = frozenset({GapKind.UNREAD, GapKind.NO_LICENSE, GapKind.NO_TEXT})
_RESERVED = "all rights reserved"
_NOTICE_OF = {Role.LICENSE: What.TEXT, Role.PART: What.TEXT, Role.NOTICE: What.NOTICE}


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be verified: `stats` are bundlers' accounts, `notices` files of notices that go with the artifact,
    `own` patterns of files that are the project's own; `surface` is empty where it is to be guessed."""

    artifact: Path
    stats: tuple[Path, ...] = ()
    notices: tuple[Path, ...] = ()
    own: tuple[str, ...] = ()
    surface: str = ""


def verify(question: Question, scan: Scan, root: Path) -> Verified:
    """What is inside, and what of all that is owed for it cannot be reached. InputError for what cannot be opened."""
    more = tuple(_given(path) for path in question.notices)
    with open_artifact(question.artifact) as artifact:
        files = tuple(artifact.entries())
        content = known_content(scan)
        sources = EvidenceSources(accounts_of(question), _folders(scan, root), question.own, content)
        inside = with_code(with_remade(inspect_artifact(files, sources), scan, root), files, scan.graph)
        matched = match(inside.seen, scan.graph, inside.explained)
        add_content(matched, inside, scan)
        media = verify_media(scan, inside)
        surfaces, deployment, assumed = surfaces_of(question, scan, artifact)
        owed = demands_of(scan, root, matched, surfaces, deployment)
        documents = (*inside.documents, *more)
        lacking = missing(owed.values(), documents, names_of(scan.graph))
        runtime, stray = _runtime(scan, files)
        said = own_comments(files, _lacking_folders(matched, lacking))
        if said:
            lacking = missing(owed.values(), (*documents, *said), names_of(scan.graph))
        return Verified(
            artifact=artifact.name,
            kind=artifact.kind,
            project=scan.project.name,
            surface=_(", ").join(surface.name for surface in surfaces) or deployment,
            components=_with_runtime(
                [_component(scan, purl, matched, owed, lacking) for purl in sorted(matched.signs)], runtime
            ),
            unknown=tuple(sorted({*inside.unknown, *matched.unknown, *stray, *media.unknown})),
            problems=(*artifact.problems, *inside.problems, *sorted(set(media.problems))),
            assumed=(*assumed, *_limits(inside)),
            documents=_places(inside, more),
            findings=tuple(sorted(set(media.findings))),
        )


def _runtime(scan: Scan, files: Sequence[Entry]) -> tuple[tuple[Component, ...], tuple[Unknown, ...]]:
    """The Electron of a program that lacks the notices of Chromium and FFmpeg; a question where the scan has none."""
    sign = chromium_sign(files)
    if not sign or has_credits(files):
        return (), ()
    known = [one for one in scan.graph.components if one.ecosystem == "npm" and one.name == "electron"]
    if not known:
        reason = _("it belongs to Chromium, whose notices ({file}) are missing")
        return (), (Unknown(sign, reason.format(file=CREDITS)),)
    demand = Demand(What.TEXT, f"Chromium, FFmpeg ({CREDITS})", ())
    return tuple(
        Component(
            one.purl,
            one.name,
            one.version or "",
            scan.by_purl[one.purl].concluded if one.purl in scan.by_purl else "",
            (Sighting("npm", one.name, one.version or "", Kind.RUNTIME, sign, Sure.CERTAIN),),
            missing=(demand,),
            owed=1,
        )
        for one in known[:1]
    ), ()


def _with_runtime(components: Sequence[Component], runtime: Sequence[Component]) -> tuple[Component, ...]:
    """The components with what the program around them lacks, each once."""
    told = {one.purl: one for one in components}
    for one in runtime:
        before = told.get(one.purl)
        if before is not None:
            one = replace(
                before,
                signs=tuple(sorted({*before.signs, *one.signs})),
                missing=(*before.missing, *one.missing),
                owed=before.owed + one.owed,
            )
        told[one.purl] = one
    return tuple(told[purl] for purl in sorted(told))


def _lacking_folders(matched: Matched, lacking: Mapping[str, tuple[Demand, ...]]) -> set[str]:
    """The folders of npm packages that lie there whole and lack something: their code may have it in comments."""
    signs = (sign for purl, demands in lacking.items() if demands for sign in matched.signs[purl])
    return {sign.file.removesuffix("package.json") for sign in signs if sign.whole and sign.ecosystem == "npm"}


def _places(inside: ArtifactContents, more: Iterable[Document]) -> tuple[str, ...]:
    """The files of notices, without the comments in code."""
    return tuple(sorted({document.path for document in (*inside.documents, *more) if document.sha256}))


def _limits(inside: ArtifactContents) -> tuple[str, ...]:
    """What the evidence cannot show."""
    kinds = {sign.kind for sign in inside.seen}
    if Kind.SOURCE_MAP in kinds and not kinds & {Kind.METAFILE, Kind.WEBPACK, Kind.ROLLUP}:
        return (
            _("Source maps do not show JSON and other data that was included; a bundler's own report (--stats) does."),
        )
    return ()


def _given(path: Path) -> Document:
    data = read_file(path, MAX_DOCUMENT)
    return document_of(str(path), data, hashlib.sha256(data).hexdigest())


def accounts_of(question: Question) -> list[tuple[str, bytes, bool]]:
    """The accounts that a person named, else those that lie beside the artifact."""
    if question.stats:
        return [(str(path), read_file(path, MAX_JSON), True) for path in question.stats]
    folder = Path(os.path.abspath(question.artifact)).parent
    found = []
    for name in STATS_BESIDE:
        with suppress(InputError):  # nobody named it, and it may have nothing to do with the artifact
            found.append((name, read_file(folder / name, MAX_JSON), False))
    return found


def _folders(scan: Scan, root: Path) -> list[tuple[str, str, str, str]]:
    """The installed npm packages with their folders; Python's share one folder, so their files are not told apart."""
    return [
        (c.ecosystem, c.name, c.version or "", os.path.join(root, place))
        for c in scan.graph.components
        if c.ecosystem == "npm" and not c.embedded
        for place in c.installed_at
        if "node_modules" in place
    ]


def surfaces_of(question: Question, scan: Scan, artifact: Artifact) -> tuple[tuple[Surface, ...], str, tuple[str, ...]]:
    """The surfaces that the artifact is, its deployment, and what was assumed for that."""
    if question.surface:
        named = tuple(surface for surface in scan.surfaces if surface.name == question.surface)
        if not named:
            known = _(", ").join(surface.name for surface in scan.surfaces)
            raise InputError(_("is not a surface of this scan"), path=question.surface, remedy=known or None)
        return named, named[0].deployment, ()
    deployment = _deployment(artifact)
    words = deployment_words(deployment.value)
    fitting = tuple(surface for surface in scan.surfaces if surface.deployment == deployment.value)
    if fitting:
        names = _(", ").join(surface.name for surface in fitting)
        said = _("The artifact ({kind}) is taken as the surface {names} ({how}); name another with --surface.")
        return fitting, deployment.value, (said.format(kind=artifact.kind, names=names, how=words),)
    said = _("The artifact ({kind}) is judged as {how}: the scan has no such surface; name one with --surface.")
    return (), deployment.value, (said.format(kind=artifact.kind, how=words),)


def _deployment(artifact: Artifact) -> Deployment:
    if artifact.kind in _MOBILE:
        return Deployment.MOBILE
    if artifact.kind in _DESKTOP:
        return Deployment.DESKTOP
    paths = [entry.path for entry in artifact.entries()]
    if artifact.kind not in _SERVED:
        for deployment, names in ((Deployment.MOBILE, (".apk", ".aab", ".ipa")), (Deployment.DESKTOP, (".asar",))):
            if any(path.lower().endswith(names) for path in paths):
                return deployment
        own = [path for path in paths if "node_modules/" not in path]
        if any(path.lower().endswith((*CODE, *PAGES)) for path in own) and not any(p.endswith(".py") for p in own):
            return Deployment.BROWSER
    return Deployment.ON_PREMISE


def demands_of(
    scan: Scan, root: Path, matched: Matched, surfaces: Sequence[Surface], deployment: str
) -> dict[str, Obligations]:
    """What each component inside owes: as judged on the surfaces, else as what it is there, part of the work."""
    judged = (
        {one.purl: one for one in shipped_components(scan, [surface.name for surface in surfaces])} if surfaces else {}
    )
    asked = [judged.get(purl) or _as_part(scan, purl, surfaces, deployment) for purl in sorted(matched.signs)]
    packages = [scan.graph.by_purl[one.purl] for one in asked]
    told = gather(scan, asked, holdings_of(root, packages, asked, scan))
    gaps: dict[str, list[Gap]] = {}
    for gap in told.gaps:
        gaps.setdefault(gap.purl, []).append(gap)
    duties = {one.purl: {duty.name for duty in one.duties} for one in asked}
    whole = {purl for purl, signs in matched.signs.items() if any(sign.whole for sign in signs)}
    return {
        entry.purl: Obligations(
            entry.purl,
            entry.name,
            entry.version,
            entry.license,
            _demands(entry, duties[entry.purl], entry.purl in whole),
            tuple(gap.sentence for gap in gaps.get(entry.purl, ()) if gap.kind in _OPEN),
            tuple(gap.sentence for gap in gaps.get(entry.purl, ()) if gap.kind not in _OPEN),
        )
        for entry in told.entries
    }


def _as_part(scan: Scan, purl: str, surfaces: Sequence[Surface], deployment: str) -> ShippedComponent:
    """What follows for a component that is inside though the scan takes it for a tool, or has no such surface."""
    package, conclusion = scan.graph.by_purl[purl], scan.by_purl.get(purl)
    outbound = (surfaces[0].effective or surfaces[0].outbound) if surfaces else scan.project.outbound
    setting = Setting(
        PROPRIETARY if outbound == OWN_WORD else outbound,
        RELATIONSHIPS[_relationship(package)],
        Deployment(deployment),
        bool(package.patches or package.changed),
        Facts(component_has_notice=bool(conclusion and conclusion.notice_files)),
    )
    decided = decide(conclusion.concluded if conclusion else "NOASSERTION", setting)
    duties = tuple(Obligation(duty.name.value, duty.license, duty.clause) for duty in decided.duties)
    name = surfaces[0].name if surfaces else deployment
    judgement = Judgement(name, purl, setting.relationship.name, decided.ruling.value, decided.license, duties)
    return ShippedComponent(purl, (judgement,), frozenset({name} if setting.deployment.conveys else ()))


_AS_CONTENT = {"font": "bundled-font", "model": "model-weights"}


def _relationship(package: Package) -> str:
    if package.content:
        return _AS_CONTENT.get(package.content, "bundled-media")
    return "python-import" if package.ecosystem == "pypi" else "bundled-js"


def _demands(entry: Attribution, duties: set[str], whole: bool) -> tuple[Demand, ...]:
    """The words that have to be there. Texts of parts only where the package lies there whole: of code that a bundler
    chose, nothing says which part it is from."""
    found: list[Demand] = []
    if DutyName.COPYRIGHT_NOTICE.value in duties:
        lines = [*entry.holders, *(line for one in entry.of(Role.LICENSE) for line in one.body.statements)]
        found += [Demand(What.HOLDER, line, (_line(line),)) for line in dict.fromkeys(lines)]
    for one in entry.texts:
        duty = DutyName.NOTICE_FILE if one.role is Role.NOTICE else DutyName.LICENSE_TEXT
        if duty.value in duties and (one.role is not Role.PART or whole):
            found.append(_text(entry, one))
    found += _credits(entry)
    texts = [f" {d.needles[0]} " for d in found if d.what is not What.HOLDER]
    kept = {}
    for demand in reversed(found):
        words = demand.needles[0]
        # a line that stands in the midst of a text is there with it
        in_text = demand.what is What.HOLDER and any(f" {words} " in text for text in texts)
        if words and not in_text:
            kept[demand.what, demand.needles] = demand
    return tuple(sorted(kept.values()))


def _credits(entry: Attribution) -> Iterator[Demand]:
    """Who made files of content and under which license they are, where that asks for attribution (CC BY 4.0, 3(a))."""
    for credit in entry.credits:
        if credit.changed is None and credit.link:
            for name in credit.creators:
                yield Demand(What.CREDIT, name, (needle(name),))
            words = credit.license.removeprefix("CC-").replace("-", " ")
            told = (credit.link, credit.license, f"CC {words}")
            yield Demand(What.CREDIT, f"{credit.license} ({credit.link})", tuple(map(needle, told)))


def _line(line: str) -> str:
    """The words of a copyright line; what reserves all rights behind the holder is often set on a line of its own."""
    return needle(line).removesuffix(_RESERVED).rstrip()


def _text(entry: Attribution, one: AttributionText) -> Demand:
    """A text by its words: those of a license without title and copyright lines, a NOTICE whole."""
    name = " AND ".join(one.licenses) or entry.license
    needles = [needle(one.body.text if one.role is Role.NOTICE else one.body.rest)]
    if one.path == "README":  # what counts in a readme is the license in it
        needles += [needle(text) for license_id in one.licenses if (text := text_of(license_id))]
    shown = one.path if one.role is not Role.LICENSE else f"{name} ({one.path})" if one.path else name
    return Demand(_NOTICE_OF[one.role], shown, tuple(needles), one.sha256)


def _component(
    scan: Scan, purl: str, matched: Matched, owed: Mapping[str, Obligations], lacking: Mapping[str, tuple[Demand, ...]]
) -> Component:
    package, conclusion = scan.graph.by_purl[purl], scan.by_purl.get(purl)
    license_id = conclusion.concluded if conclusion else ""
    made = Component(
        purl,
        package.name,
        package.version or "",
        license_id,
        tuple(sorted(matched.signs[purl])),
        one_of=matched.one_of.get(purl, ()),
    )
    one = owed.get(purl)
    if one is None:
        return made
    return replace(
        made,
        license=one.license,
        missing=lacking.get(purl, ()),
        open_=one.open_,
        notes=one.notes,
        owed=len(one.demands),
    )
