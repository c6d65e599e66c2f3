"""What is open or owed about one file of content: one small rule a question, in one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from licscan.content.brands import is_named_after, words_in
from licscan.content.claims import is_wrong_of
from licscan.content.known import Known
from licscan.content.placing import Placed, is_named
from licscan.law.terms import CONTENT, NONCOMMERCIAL, PROPRIETARY, SOURCE_AVAILABLE, Terms, terms_of
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE
from licscan.model.content import Question, Speaker
from licscan.model.media import Meaning, MediaKind

Rule = Callable[[Placed, Known], bool]

_PHOTO = frozenset({"jpeg", "heif", "avif", "tiff"})
_LEAST_PHOTO = 300 * 200
"""Pixels from which a picture in a format for photographs is taken for one."""
_FACES = re.compile(r"(?i)(?:^|[/_-])(?:emojis?|emoticons?|faces?|smil(?:ey|ies)s?|stickers?|memes?|表情)(?:[/_-]|$)")
_SCREENSHOT = re.compile(r"(?i)(?:^|[/_. -])(?:screen[-_ ]?shots?|screen[-_ ]?casts?|snapshots?|截图)(?:[/_. -]|$)")
_ATTRIBUTED = ("AT",)
_TEXTS = ("LC", "CB")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the licenses of an expression ask, `terms` being all of them; `owed` are those whose text goes along."""

    terms: tuple[Terms, ...] = ()
    is_noncommercial: bool = False
    has_limits: bool = False
    owes_credit: bool = False
    is_share_alike: bool = False
    owed: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _asked(expression: str) -> _Asked:
    """Told once for each: most files of a project are under one of a few licenses."""
    if not is_named(expression):
        return _Asked()
    named = licenses_of(expression)
    terms = tuple(map(terms_of, named))
    own_kind = any(one.startswith("LicenseRef-licscan-") and not terms_of(one).known for one in named)
    return _Asked(
        terms,
        any(one.class_ == NONCOMMERCIAL or one.condition("noncommercial") or one.has("NC") for one in terms),
        own_kind or any(one.class_ in (PROPRIETARY, SOURCE_AVAILABLE) for one in terms),
        any(any(map(one.has, _ATTRIBUTED)) for one in terms),
        any(one.has("SA") and one.class_ == CONTENT for one in terms),
        tuple(_plain(one.license) for one in terms if any(map(one.has, _TEXTS))),
    )


def _plain(license_id: str) -> str:
    """A license without its mark of reserved names."""
    return license_id.removesuffix("-no-RFN").removesuffix("-RFN")


def unlicensed_set(placed: Placed, known: Known) -> bool:
    """Art of a set whose owner licenses it to nobody, or only for money, whatever a list or a package says of it."""
    found = known.sets.get(placed.file.path)
    if found is None or found.expression != NONE or placed.basis is Speaker.RECORD:
        return False
    # a family is told by its name alone, which an open font may have, too
    return found.how != "family" or not is_named(placed.embedded.claim.expression)


def noncommercial(placed: Placed, known: Known) -> bool:
    """Under terms, or words, that allow no commercial use."""
    if placed.is_own:
        return False
    asked = _asked(placed.expression)
    if asked.is_noncommercial or asked.terms:
        return asked.is_noncommercial
    return placed.embedded.claim.not_commercial or any(one.claim.not_commercial for one in placed.listed)


def restricted(placed: Placed, known: Known) -> bool:
    """A font whose own bits or words withhold rights, where no license gives them."""
    if placed.file.facts.kind is not MediaKind.FONT or is_named(placed.expression) or placed.is_own:
        return False
    return placed.embedded.is_restricted or placed.embedded.claim.reserved


def of_stock(placed: Placed, known: Known) -> bool:
    """From a stock site by what names it, and no license of the site, or of the author, is kept."""
    if placed.is_own or not (placed.embedded.site or any(one.claim.site for one in placed.listed)):
        return False
    kept = placed.basis in (Speaker.RECORD, Speaker.ANNOTATION, Speaker.LIST, Speaker.CARD, Speaker.TEXT)
    return not (kept and is_named(placed.expression))


def content_terms(placed: Placed, known: Known) -> bool:
    """Under a license of content with limits of its own, which is no open license."""
    if placed.is_own or placed.file.facts.kind is MediaKind.MODEL:
        return False
    return _asked(placed.expression).has_limits


def text_missing(placed: Placed, known: Known) -> bool:
    """The license is known and has to go along, and its text stands nowhere in the project."""
    if placed.is_own or content_terms(placed, known) or placed.basis is Speaker.TEXT:
        return False
    owed = _asked(placed.expression).owed
    return bool(owed) and not {*map(_plain, known.texts)}.issuperset(owed)


def attribution(placed: Placed, known: Known) -> bool:
    """Credit is owed, and nothing of the project gives it: only the file itself, or its looks, tell whose it is."""
    if placed.is_own or placed.basis not in (Speaker.SET, Speaker.EMBEDDED):
        return False
    asked = _asked(placed.expression)
    found = known.sets.get(placed.file.path)
    if placed.basis is Speaker.SET and found is not None and found.how == "family":
        return False
    if placed.basis is Speaker.SET:
        return bool(asked.terms) and not (found is not None and _is_credited(found.name, known))
    names = [name for name in (*placed.embedded.families[:1], placed.owner) if name]
    return asked.owes_credit and not any(_is_credited(name, known) for name in names)


def _is_credited(name: str, known: Known) -> bool:
    return len(name) > 3 and name.casefold() in known.credited


def share_alike(placed: Placed, known: Known) -> bool:
    """Changed works have to be passed on under the same license."""
    return not placed.is_own and _asked(placed.expression).is_share_alike


def conflict(placed: Placed, known: Known) -> bool:
    """Two who speak for it disagree, or a site is said to give a license that it does not."""
    return placed.disagree or any(is_wrong_of(one.claim) for one in placed.listed)


def no_statement(placed: Placed, known: Known) -> bool:
    """Nothing tells a license for a kind of work that hardly anybody makes himself, or for one that is said foreign."""
    if is_named(placed.expression) or placed.expression == NONE:
        return False
    if placed.statements and placed.statements[0].is_own:
        return False
    return bool(placed.embedded.builder) or _is_made_apart(placed, known) or _is_said_foreign(placed)


_FIRM = (Speaker.RECORD, Speaker.ANNOTATION, Speaker.LIST, Speaker.CARD, Speaker.TEXT)


def _is_said_foreign(placed: Placed) -> bool:
    """Whether somebody speaks for it as another's work; who merely drew an icon is no such word."""
    claim = placed.embedded.claim
    if claim.expression == NOASSERTION or claim.reserved:
        return True
    if placed.file.facts.kind is MediaKind.LOTTIE and placed.embedded.holder:
        return True
    return any(one.speaker in _FIRM for one in placed.statements)


def _is_made_apart(placed: Placed, known: Known) -> bool:
    """A font, a sound, a video, a model, a photograph, a set of faces."""
    path, facts = placed.file.path, placed.file.facts
    if facts.kind is MediaKind.FONT or facts.format == "svg-font":
        return not _is_own_font(placed, known)
    if facts.kind is MediaKind.MODEL:
        return not _is_own_model(path, known)
    if facts.kind is MediaKind.AUDIO:
        return True
    if _SCREENSHOT.search(path):
        return False
    if facts.kind is MediaKind.VIDEO:
        return True
    if facts.kind is MediaKind.IMAGE:
        photo = facts.format in _PHOTO and facts.width * facts.height >= _LEAST_PHOTO
        return photo or (_FACES.search(path.rpartition("/")[0]) is not None and not is_named_after(path, known.names))
    return False


_MODEL_WORDS = frozenset(
    {
        "model", "weights", "net", "best", "final", "latest", "half", "full", "quant", "quantized", "int", "fp",
        "float", "bf", "op", "opset", "ifless", "k", "khz", "hz", "v", "small", "base", "large", "tiny", "mini",
        "micro", "en", "onnx", "jit",
    }
)  # fmt: skip
"""Words of a model's name that say which of a family it is."""


def _is_own_model(path: str, known: Known) -> bool:
    """A model called as the project, or as its readme is headed: what the project's license is for."""
    words = {word for word in words_in(path.rpartition("/")[2].partition(".")[0]) if not word.isdigit()} - _MODEL_WORDS
    return bool(words) and words <= known.names | known.title


_FONT_WORDS = re.compile(r"(?:web)?(?:icons?|fonts?|glyphs?)+$")


def _is_own_font(placed: Placed, known: Known) -> bool:
    """A font called as the project itself, which names nobody else: icons of one's own, mostly."""
    if placed.embedded.says_something or not placed.embedded.families:
        return False
    name = "".join(words_in(placed.embedded.families[0]))
    return bool(known.called & {name, _FONT_WORDS.sub("", name)} - {""})


def trademark(placed: Placed, known: Known) -> bool:
    """A sign of somebody else, by its name and its neighbors', or by what a font says of the logos in it."""
    found = known.sets.get(placed.file.path)
    if placed.file.path in known.signs or (found is not None and found.is_signs):
        return True
    return placed.file.facts.kind is MediaKind.FONT and _LOGO_RULES.search("\n".join(_rights(placed))) is not None


_LOGO_RULES = re.compile(
    r"(?i)\blogos?\s+(?:usage\s+|use\s+)?(?:guidelines?|rules|policy)|\btrademarks? of their (?:respective )?owners"
)


def _rights(placed: Placed) -> list[str]:
    return list(placed.file.facts.texts(Meaning.COPYRIGHT, Meaning.LICENSE, Meaning.TRADEMARK, Meaning.DESCRIPTION))


def model_terms(placed: Placed, known: Known) -> bool:
    """A model whose license restricts its use or has thresholds."""
    if placed.is_own or placed.file.facts.kind not in (MediaKind.MODEL, MediaKind.DATASET):
        return False
    return any(one.conditions or one.has("FU") or one.has("TH") for one in _asked(placed.expression).terms)


def ai_mark(placed: Placed, known: Known) -> bool:
    """It says that a machine made it, or had a part in it."""
    return bool(placed.marks)


RULES: dict[Question, Rule] = {
    Question.UNLICENSED: unlicensed_set,
    Question.NONCOMMERCIAL: noncommercial,
    Question.RESTRICTED: restricted,
    Question.CONFLICT: conflict,
    Question.STOCK: of_stock,
    Question.TERMS: content_terms,
    Question.TEXT_MISSING: text_missing,
    Question.ATTRIBUTION: attribution,
    Question.SHARE_ALIKE: share_alike,
    Question.NO_STATEMENT: no_statement,
    Question.TRADEMARK: trademark,
    Question.MODEL_TERMS: model_terms,
    Question.AI_MARK: ai_mark,
}
"""Every question about a file with its rule; the gravest first."""

_IMPLIED = {
    Question.UNLICENSED: {Question.NO_STATEMENT, Question.RESTRICTED, Question.STOCK},
    Question.STOCK: {Question.NO_STATEMENT, Question.TERMS},
    Question.RESTRICTED: {Question.NO_STATEMENT},
    Question.CONFLICT: {Question.NO_STATEMENT},
    Question.NONCOMMERCIAL: {Question.NO_STATEMENT, Question.SHARE_ALIKE},
    Question.TRADEMARK: {Question.NO_STATEMENT},
    Question.ATTRIBUTION: {Question.TEXT_MISSING},
}
"""What need not be asked where something graver, or more exact, is."""


_NEVER_BOUGHT = frozenset({Question.TRADEMARK, Question.AI_MARK})
"""Questions that a contract for the work does not settle."""


def questions_of(placed: Placed, known: Known) -> tuple[Question, ...]:
    """What is open or owed about a file, the gravest first."""
    record = known.records.get(placed.file.path)
    bought = record is not None and bool(record.reference)
    asked = [q for q, rule in RULES.items() if not (bought and q not in _NEVER_BOUGHT) and rule(placed, known)]
    implied = {less for one in asked for less in _IMPLIED.get(one, ())}
    return tuple(one for one in asked if one not in implied)
