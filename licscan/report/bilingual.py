"""Sentences in both languages at once: what we say, and what a stored scan said, told again in the other language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from licscan.base.escape import one_line
from licscan.base.messages import speaking
from licscan.report.retell import retold

MOST = 2_000
_HAN = re.compile("[\u3400-\u9fff]")
_CODE = re.compile(r"`([^`]+)`|(\[\[[\w.-]+\]\])")
"""What sentences set off as code: between backticks, and the tables of licscan.toml."""


@dataclass(frozen=True, slots=True, order=True)
class Both:
    """One sentence in English and in Chinese; the same text twice where it is known in one language only."""

    en: str
    zh: str

    def __html__(self) -> str:
        """Both, each marked with its language; the style sheet shows one. Everything scanned in them is escaped."""
        if self.en == self.zh:
            language = "zh-Hans" if _HAN.search(self.en) else "en"
            return f'<span lang="{language}">{_marked(self.en)}</span>' if " " in self.en else _marked(self.en)
        english = f'<span class="en" lang="en">{_marked(self.en)}</span>'
        return f'{english}<span class="zh" lang="zh-Hans">{_marked(self.zh)}</span>'

    def pair(self) -> list[str]:
        """For JSON."""
        return [self.en, self.zh]


def _marked(sentence: str) -> str:
    """Escaped, with its commands and names of tables as code."""
    from markupsafe import escape

    return _CODE.sub(lambda found: f"<code>{found[1] or found[2]}</code>", str(escape(sentence)))


def both(say: Callable[[], str]) -> Both:
    """What a function says in each language, harmless and on one line."""
    with speaking("en"):
        english = one_line(say(), MOST)
    with speaking("zh"):
        return Both(english, one_line(say(), MOST))


@lru_cache(maxsize=65_536)
def bilingual(sentence: str) -> Both:
    """A sentence of a stored scan: in both languages where it is one of ours, else as it is."""
    chinese, english = retold(sentence, "zh"), retold(sentence, "en")
    return Both(one_line(english or sentence, MOST), one_line(chinese or sentence, MOST))
