"""User-facing text: English in the source, other languages in gettext catalogues under `locale/`.

`_("Cannot read {path}").format(path=p)` is the one way to say something to a user, so that
`scripts/messages` can collect every sentence. Tables that are built at import time mark theirs with `N_`.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

DOMAIN = "licscan"


@cache
def _catalogue() -> gettext.NullTranslations:
    """The catalogue of the user's language (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), English when there is none."""
    return gettext.translation(DOMAIN, localedir=str(Path(__file__).parent / "locale"), fallback=True)


def _(text: str) -> str:
    """Translate one sentence; give it back as it is where the catalogue lacks it."""
    return _catalogue().gettext(text)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that counts something."""
    return _catalogue().ngettext(singular, plural, count)


def _identity(text: str) -> str:
    return text


N_: Callable[[str], str] = _identity
