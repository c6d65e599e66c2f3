"""Texts of licenses that stand in an SBOM: which license each of them is, told by detection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from licscan.licenses.spdx import category, is_reference
from licscan.licenses.statements import Reading, read_license
from licscan.model import Origin
from licscan.sbom.model import Bom, LicenseStatement
from licscan.sbom.references import MAX_TEXT, references_in

LEAST = 120
"""Characters of what can be the text of a license; less is a name."""
MAX_TEXTS = 2_000
"""Different texts of one document that are looked at."""
_WORD = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class Texts:
    """The licenses of a document's texts: `told` by text, `of_references` by the reference that a text explains.

    `left_out` counts texts beyond those that are looked at.
    """

    told: Mapping[str, str] = field(default_factory=dict)
    of_references: Mapping[str, str] = field(default_factory=dict)
    left_out: int = 0

    def of(self, said: LicenseStatement) -> str:
        """The license of the text that stands with a statement; empty where it is not known."""
        return self.told.get(said.text, "") if said.text else ""

    def with_references(self, expression: str) -> str:
        """The expression with the licenses whose texts the document has in place of its own names for them."""
        if not self.of_references or "Ref-" not in expression:
            return expression
        return _WORD.sub(lambda match: self._named(match[0], expression), expression)

    def _named(self, name: str, expression: str) -> str:
        told = self.of_references.get(name, name)
        return f"({told})" if " " in told and expression != name else told


def texts_in(bom: Bom) -> Texts:
    """The licenses of all texts of a document; those that repeat what a listed identifier says are read too."""
    explained = {one.ref: one.text for one in bom.license_texts if is_own_name(one.ref)}
    wanted = dict.fromkeys(text for text in (*_stated(bom), *explained.values()) if LEAST <= len(text) <= MAX_TEXT)
    kept = list(wanted)[:MAX_TEXTS]
    told = {text: one for text, one in zip(kept, _licenses(kept), strict=True) if one}
    used = {name for one in bom.components for said in one.licenses for name in references_in(said.expression)}
    references = {ref: told[text] for ref, text in explained.items() if text in told and ref in used}
    return Texts(told, references, len(wanted) - len(kept))


def is_own_name(ref: str) -> bool:
    """Whether it is a reference that this document alone explains: the LicenseDB has none of the name."""
    return is_reference(ref) and category(ref) is None


def reading_of(said: LicenseStatement, texts: Texts) -> Reading | None:
    """What the text with a statement tells where its words leave it open; None where they do not, or it is unknown."""
    words = said.expression or said.name
    told = texts.of(said)
    if told and (read_license(words).expression is None or is_own_name(words)):
        return Reading(told, "text", 0.9, note=_note())
    named = texts.with_references(words)
    if named == words:
        return None
    reading = read_license(named)
    return Reading(reading.expression, "text", 0.9, note=_note()) if reading.expression else None


def _note() -> str:
    from licscan.base.messages import _

    return _("The SBOM includes a text under the name; it is the text of that license.")


def _stated(bom: Bom) -> Iterator[str]:
    for one in bom.components:
        yield from (said.text for said in one.licenses if said.text)


def _licenses(texts: Iterable[str]) -> Iterator[str]:
    """The license of each text, empty where a part of it is not known or not sure; the detector is opened."""
    detector = None
    for text in texts:
        plain = read_license(text).expression
        if plain:
            yield plain
            continue
        if detector is None:
            from licscan.detect import open_detector

            detector = open_detector()
        yield _detected(detector, text)


def _detected(detector: object, text: str) -> str:
    import hashlib

    from licscan.conclude.agree import whole
    from licscan.model import EvidenceKind
    from licscan.read.cache import Found
    from licscan.read.evidence import SURE, Text, evidence_of
    from licscan.read.reader import find
    from licscan.read.roles import Role

    body = text.encode("utf-8", "replace")
    found = find(detector, body)  # type: ignore[arg-type]
    if not isinstance(found, Found):
        return ""
    pieces = evidence_of(Text(Role.LICENSE, "License", Origin.SBOM, hashlib.sha256(body).hexdigest()), found)
    own = [piece for piece in pieces if piece.kind is EvidenceKind.FILE]
    if not own or any(not piece.expression or piece.score * 100 < SURE for piece in own):
        return ""
    return whole(piece.expression for piece in own if piece.expression)
