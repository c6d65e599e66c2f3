"""User-facing text: English in the source, other languages in gettext catalogues under `locale/`.

`_("Cannot read {path}").format(path=p)` is the one way to say something to a user, so that
`scripts/messages` can collect every sentence. Tables that are built at import time mark theirs with `N_`.
Identifiers (finding codes, SPDX, options) are said as they are in every language; `base.terms` has the words for
scopes, origins and relationships.
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

DOMAIN = "licscan"

VARIABLE = "LICSCAN_LANG"
"""Names a language of `LANGUAGES`; what it says is stronger than the locale."""

LANGUAGES = {"en": "", "zh": "zh_Hans"}
"""The languages that can be asked for, each with the folder of its catalogue; English needs none."""

_SIMPLIFIED = ("", "hans", "cn", "sg")
"""What follows `zh` where Simplified Chinese is meant; readers of zh_TW and zh_HK get English."""

_chosen: list[gettext.NullTranslations] = []


def use_language(name: str | None = None) -> str:
    """Speak a language of `LANGUAGES` from now on; without one, that of the environment. Gives back which."""
    language = name or language_of(os.environ)
    _chosen[:] = [_catalogue(LANGUAGES[language])]
    return language


def language_of(environment: Mapping[str, str]) -> str:
    """The language that LICSCAN_LANG names, else that of the locale, from the variables that gettext reads.

    LANGUAGE is a list in order of preference, and counts for nothing where the locale is plain C.
    """
    if environment.get(VARIABLE):
        return _known(environment[VARIABLE]) or "en"
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if environment.get("LANGUAGE") and locale not in ("C", "POSIX"):
        return next(filter(None, map(_known, environment["LANGUAGE"].split(":"))), "en")
    return _known(locale) or "en"


def _known(locale: str) -> str | None:
    """The language of a locale's name (`zh_CN.UTF-8`, `zh-Hans-SG`, `en_US@euro`); None for one without a catalogue."""
    language, *rest = locale.partition(".")[0].partition("@")[0].replace("-", "_").lower().split("_")
    if language == "zh":
        return "zh" if (rest or [""])[0] in _SIMPLIFIED else None
    return "en" if language == "en" else None


@cache
def _catalogue(folder: str) -> gettext.NullTranslations:
    """The compiled catalogue of a folder; without one, every sentence stays English."""
    if not folder:
        return gettext.NullTranslations()
    place = Path(__file__).parents[1] / "locale" / folder / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        # through the loader: licscan may stand in one file (zipapp), where no path leads
        return gettext.GNUTranslations(io.BytesIO(_loaded(str(place))))
    except OSError:
        return gettext.NullTranslations()


def _loaded(path: str) -> bytes:
    loader: Any = __spec__.loader if __spec__ else None
    data: bytes = loader.get_data(path) if hasattr(loader, "get_data") else Path(path).read_bytes()
    return data


def _speaker() -> gettext.NullTranslations:
    if not _chosen:
        use_language()
    return _chosen[0]


def _(text: str) -> str:
    """Translate one sentence; give it back as it is where the catalogue lacks it."""
    return _speaker().gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that counts something."""
    return _speaker().ngettext(singular, plural, count)


def run_on(*sentences: str) -> str:
    """Sentences one behind the other, as the language parts them: Chinese has no blank behind a full stop."""
    return " ".join(filter(None, sentences)).replace("。 ", "。")


def _identity(text: str) -> str:
    return text


N_: Callable[[str], str] = _identity

NOT_ADVICE = N_("This report is evidence for a decision, not legal advice.")
"""Stands once in every report."""


def current_language() -> str:
    """The language that is spoken now, a key of `LANGUAGES`."""
    speaker = _speaker()
    return next(name for name, folder in LANGUAGES.items() if _catalogue(folder) is speaker)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak a language of `LANGUAGES` inside the block, and the one of before after it."""
    before = _speaker()
    use_language(name)
    try:
        yield
    finally:
        _chosen[:] = [before]


def catalogue_path(name: str) -> Path | None:
    """The compiled catalogue of a language of `LANGUAGES`; None for one that needs none."""
    folder = LANGUAGES[name]
    return Path(__file__).parents[1] / "locale" / folder / "LC_MESSAGES" / f"{DOMAIN}.mo" if folder else None
