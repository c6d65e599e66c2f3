"""Texts held against what is declared: they confirm, decide, add parts, or contradict. Pure.

A bare text grants no "or later" and no exception, so a text of the same license agrees with a statement that does;
what is declared then counts. Texts of parts never decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from licscan.base.messages import _
from licscan.base.shown import shown_place
from licscan.base.tables import load_toml
from licscan.conclude.weigh import (
    MAX_CANDIDATES,
    SOMETHING_ELSE,
    Weighed,
    among,
    decided,
    distinct,
    doubt_of,
    is_of_family,
)
from licscan.licenses.licensedb import is_rider
from licscan.licenses.statements import combine, licenses_of
from licscan.model import NOASSERTION, NONE, OF_PARTS, Evidence, EvidenceKind

"""Evidence that speaks of parts of a component, not of the whole."""
OWN = (EvidenceKind.FILE, EvidenceKind.TAG)
_GNU = re.compile(r"([AL]?GPL|GFDL)-(\d+\.\d+)(?:-(?:no-)?invariants)?(-only|-or-later|\+)?")


@cache
def _alike() -> tuple[frozenset[str], ...]:
    """Licenses of which one is commonly declared where the text is the other, with the same duties."""
    return tuple(frozenset((row["license"], row["text"])) for row in load_toml("license_remarks.toml")["remark"])


@dataclass(frozen=True, slots=True)
class Texts:
    """The license texts of a component: those that are its own, and all of them."""

    own: tuple[Evidence, ...]
    every: tuple[Evidence, ...]

    @property
    def files(self) -> str:
        """The names of its own texts, for sentences."""
        return _(", ").join(sorted({shown_place(text.location.path) for text in self.own}))

    @property
    def expression(self) -> str:
        """What its own texts say together."""
        return whole(text.expression for text in self.own if text.expression)


def texts_of(evidence: Sequence[Evidence]) -> Texts:
    """The evidence of texts, in order; a readme speaks for the package only where no license file does."""
    every = tuple(sorted(evidence, key=_text_key))
    own = tuple(text for text in every if text.kind in OWN and text.expression)
    if not own:
        own = tuple(text for text in every if text.kind is EvidenceKind.README and text.expression)
    return Texts(_without_base_texts(own), every)


def only_named(texts: Texts, paths: Sequence[str]) -> Texts:
    """Of its own texts those to which a statement points, where one of them is there: they are the license."""
    shown = [text for text in texts.own if any(f"/{text.location.path}".endswith(f"/{path}") for path in paths)]
    return Texts(tuple(shown), texts.every) if shown else texts


def _text_key(text: Evidence) -> tuple[str, int, str, str, str]:
    return (text.location.path, text.location.start_line or 0, text.kind, text.expression or "", text.sha256 or "")


def _without_base_texts(own: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The LGPL is terms on top of the GPL, whose text goes with it (`COPYING` beside `COPYING.LESSER`)."""
    names = {license_id for text in own for license_id in licenses_of(text.expression or "")}
    if not any(name.startswith("LGPL-") for name in names):
        return own
    return tuple(text for text in own if not re.fullmatch(r"GPL-\S+", text.expression or ""))


def whole(expressions: Iterable[str]) -> str:
    """Several expressions under AND, without those whose licenses a longer one holds too (a choice and its texts)."""
    every = distinct(expressions)
    sets = {expression: set(licenses_of(expression)) for expression in every}
    kept = [one for one in every if not any(sets[one] < sets[other] for other in every)]
    return combine("AND", sorted(kept))


def detected_of(texts: Texts) -> str:
    """What the package's own texts hold; NONE where it has none, NOASSERTION where none was recognised."""
    if texts.own:
        return texts.expression
    return NOASSERTION if any(text.kind not in OF_PARTS for text in texts.every) else NONE


def hold_against_texts(weighed: Weighed, texts: Texts) -> tuple[Weighed, tuple[Evidence, ...]]:
    """What the texts decide, add or contradict; the texts with those of parts marked as such."""
    if not texts.own:
        held = weighed, texts.every
    elif weighed.expression:
        held = _told(weighed, weighed.expression, texts)
    elif weighed.candidates:
        held = _open(weighed, texts)
    else:
        held = _undeclared(weighed, texts), texts.every
    return _unrecognised(held[0], texts), held[1]


def _unrecognised(weighed: Weighed, texts: Texts) -> Weighed:
    """A license file whose text nobody knows may hold other terms than those declared."""
    unknown = (text for text in texts.every if text.kind is EvidenceKind.FILE and not text.expression)
    files = sorted({shown_place(text.location.path) for text in unknown})
    if not files or not weighed.expression or len(files) <= _own_terms(weighed.expression):
        return weighed
    doubt = _("The text in {files} is not a license that licscan knows.").format(files=_(", ").join(files))
    return replace(weighed, doubts=(*weighed.doubts, doubt))


def _own_terms(expression: str) -> int:
    """How many licenses of an expression are the publisher's own, whose texts nobody else knows."""
    names = licenses_of(expression)
    return sum(name.startswith("LicenseRef-") and not name.startswith("LicenseRef-scancode-") for name in names)


# --- something is declared --------------------------------------------------------------------------------------------


def _told(weighed: Weighed, declared: str, texts: Texts) -> tuple[Weighed, tuple[Evidence, ...]]:
    if all(text.expression == declared for text in texts.own):
        return weighed, texts.every  # as of most packages
    ours = licenses_of(declared)
    if not any(agrees(ours, text) for text in texts.own):
        return _contradicted(weighed, declared, texts), texts.every
    riders = {name for text in texts.own for name in licenses_of(text.expression or "") if is_rider(name)}
    if riders - set(ours):
        weighed = _ridden(weighed, declared, sorted(riders - set(ours)), texts)
        ours = (*ours, *riders)
    return weighed, _with_parts(ours, texts)


def _contradicted(weighed: Weighed, declared: str, texts: Texts) -> Weighed:
    said = _("{declared} is declared, but the text in {files} is {detected}.").format(
        declared=declared, files=texts.files, detected=texts.expression
    )
    candidates = distinct((declared, *weighed.candidates, texts.expression))[:MAX_CANDIDATES]
    return replace(weighed, candidates=candidates, text_conflicts=(*weighed.text_conflicts, said))


def _ridden(weighed: Weighed, declared: str, riders: list[str], texts: Texts) -> Weighed:
    basis = _("{basis} The text in {files} adds {riders}.").format(
        basis=weighed.basis, files=texts.files, riders=_(", ").join(riders)
    )
    return replace(weighed, expression=combine("AND", (declared, *riders)), basis=basis)


def agrees(ours: Iterable[str], text: Evidence) -> bool:
    """Whether a text holds one of the declared licenses at least."""
    names = licenses_of(text.expression) if text.expression else ()
    return any(fits(one, name) for one in ours for name in names)


def fits(declared: str, found: str) -> bool:
    """Whether a text of one license is what a statement of another means, but for "or later" and exceptions."""
    if declared == found:
        return True
    declared, found = declared.partition(" WITH ")[0], found.partition(" WITH ")[0]
    if declared.removesuffix("+") == found.removesuffix("+"):
        return True
    if any({declared, found} <= pair for pair in _alike()):
        return True
    first, second = _GNU.fullmatch(declared), _GNU.fullmatch(found)
    if first is None or second is None or first[1] != second[1]:
        return False
    later = first[3] in ("-or-later", "+") and float(second[2]) > float(first[2])
    return first[2] == second[2] or later


def _with_parts(ours: Sequence[str], texts: Texts) -> tuple[Evidence, ...]:
    """The texts, those of the package's own files that hold nothing of what is declared taken for texts of parts.

    A choice that holds a declared license answers for its other branches too. Files that are named for their license
    (`LICENSE-MIT`, `LICENSE-APACHE`) are the licenses that the package offers.
    """
    offered = {name for text in texts.own if agrees(ours, text) for name in licenses_of(text.expression or "")}
    named = {text.location.path for text in texts.own if _is_named_for(text)}
    if named and not any(agrees(ours, text) for text in texts.own if text.location.path in named):
        named = set()
    own = set(texts.own)

    def marked(text: Evidence) -> Evidence:
        if text not in own or text.location.path in named or agrees((*ours, *offered), text):
            return text
        return replace(text, kind=EvidenceKind.PART)

    return tuple(marked(text) for text in texts.every)


def _is_named_for(text: Evidence) -> bool:
    """Whether a file is named for the one license that it holds."""
    words = re.findall(r"[a-z]+", text.field.lower())
    family = re.split(r"[-\d]", text.expression or "", maxsplit=1)[0].lower()
    return bool(family) and family in words


# --- what is declared is open -----------------------------------------------------------------------------------------


def _open(weighed: Weighed, texts: Texts) -> tuple[Weighed, tuple[Evidence, ...]]:
    """A text decides when it is one of the readings; two texts side by side do not tell AND from OR."""
    single = distinct(text.expression for text in texts.own if text.expression)
    fitting = [candidate for candidate in weighed.candidates if among(candidate, (*single, texts.expression))]
    joint = among(texts.expression, fitting) and " AND " in texts.expression and len(single) > 1
    if joint and _other_joining(texts.expression, weighed.candidates):
        fitting = []
    elif len(fitting) > 1:
        # the first lines of a license file are the package's own license
        fitting = [one for one in single if among(one, fitting)][:1]
    elif not fitting:
        fitting = [one for one in single if is_of_family(one, weighed.candidates)][:1]
    if fitting and not weighed.disagreements:
        settled = decided(weighed, fitting[0], texts.files, fitting[0])
        return _told(settled, fitting[0], texts)
    names = set(licenses_of(texts.expression))
    weighed = _narrowed(weighed, [one for one in weighed.candidates if set(licenses_of(one)) == names])
    known = {name for candidate in weighed.candidates for name in licenses_of(candidate)}
    if any(agrees(known, text) for text in texts.own):
        return weighed, _with_parts(tuple(sorted(known)), texts)
    if SOMETHING_ELSE in known or weighed.disagreements:
        candidates = distinct((*weighed.candidates, texts.expression))[:MAX_CANDIDATES]
        return replace(weighed, candidates=candidates), texts.every
    said = _("The text in {files} is {detected}, which matches none of the readings of the declared license.").format(
        files=texts.files, detected=texts.expression
    )
    candidates = distinct((*weighed.candidates, texts.expression))[:MAX_CANDIDATES]
    return replace(weighed, candidates=candidates, text_conflicts=(*weighed.text_conflicts, said)), texts.every


def _narrowed(weighed: Weighed, candidates: list[str]) -> Weighed:
    """Only the readings that name what the texts hold, where there are such."""
    return replace(weighed, candidates=tuple(candidates)) if candidates and not weighed.disagreements else weighed


def _other_joining(expression: str, candidates: Iterable[str]) -> bool:
    """Whether a candidate joins the very same licenses in another way."""
    names = set(licenses_of(expression))
    return any(set(licenses_of(one)) == names and not among(one, (expression,)) for one in candidates)


# --- nothing is declared ----------------------------------------------------------------------------------------------


def _undeclared(weighed: Weighed, texts: Texts) -> Weighed:
    """The text is the license; of several files each with its own license it is not told how they go together."""
    expression = texts.expression
    by_file = {path: _first_of(texts, path) for path in sorted({text.location.path for text in texts.own})}
    if len(set(by_file.values())) > 1 and " AND " in expression:
        choices = tuple(sorted(set(by_file.values())))
        note = _("The texts in {files} do not say whether all apply or one may be chosen.").format(files=texts.files)
        candidates = (combine("AND", choices), combine("OR", choices))
        return replace(weighed, candidates=candidates, doubts=(*weighed.doubts, note))
    basis = _("The text in {files} is {detected}.").format(files=texts.files, detected=expression)
    doubts = weighed.doubts
    by = weighed.by
    if by is not None and by.reading.method == "see-file":
        doubts = tuple(doubt for doubt in doubts if doubt != doubt_of(by))
    if " AND " in expression and not any(map(is_rider, licenses_of(expression))):
        several = _("The text in {files} names several licenses; some may apply to parts only.").format(
            files=texts.files
        )
        doubts = (*doubts, several)
    return replace(weighed, expression=expression, basis=basis, doubts=doubts)


def _first_of(texts: Texts, path: str) -> str:
    return whole(text.expression for text in texts.own if text.expression and text.location.path == path)
