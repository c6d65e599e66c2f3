"""Detection over the texts that speak of content: fields, entries of lists, license files; each text once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from licscan.conclude.agree import whole
from licscan.licenses.statements import Reading, read_license
from licscan.model import NOASSERTION
from licscan.read.workers import Workers
from licscan.source.cache import HeaderCache
from licscan.source.header import NOTHING, Header, find_text

SHORT = 200
"""Characters up to which a statement may be the name of a license."""
_NAMELESS = re.compile(
    r"LicenseRef-scancode-(?:proprietary|commercial|unknown|other|free-unknown|warranty-disclaimer)(?:-[\w-]+)?"
)
"""What detection gives for terms that are there and are no license with a name."""
_UNDER = re.compile(
    r"(?i)\b(?:licen[sc]ed|available|released|distributed|published|provided)\s+under\s+(?:the\s+)?"
    r"(?P<name>[^,;()\n]{2,60}?)(?=[,;()\n]|\.\s|\.?$)"
)
_LABEL = re.compile(r"(?im)^\W{0,4}licen[sc]e\s*[:：]\s*(?P<name>[^\n;]{2,80}?)\s*$")
_LOOKED = 4_000
_MARK = b"text"
"""The mark of whole texts in the cache of headers (see `licscan.source.reading`)."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What texts say of licenses and holders."""

    headers: dict[str, Header]
    _told: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def header(self, text: str) -> Header:
        """What detection found in a text that was among those read."""
        return self.headers.get(text, NOTHING)

    def expression(self, text: str) -> str:
        """The license that a text names: as a name, a URL, an expression, or as prose; empty where it names none."""
        if text not in self._told:
            self._told[text] = self._expression(text)
        return self._told[text]

    def _expression(self, text: str) -> str:
        if len(text) <= SHORT:
            reading = _read_short(text)
            if reading.expression and reading.expression != NOASSERTION and not reading.candidates:
                return reading.expression
        said = [one.expression for one in self.header(text).said]
        named = [one for one in said if not _NAMELESS.fullmatch(one)]
        if not named:
            named = [told for name in _names_in(text) if (told := read_license(name).expression)]
        return whole(named) if named else NOASSERTION if said else ""


def _names_in(text: str) -> Iterator[str]:
    """What stands where the name of a license does: after `licensed under the`, after `License:`."""
    for pattern in (_LABEL, _UNDER):
        yield from (match["name"].strip() for match in pattern.finditer(text[:_LOOKED]))


@lru_cache(maxsize=16_384)
def _read_short(text: str) -> Reading:
    """Many files say the same words."""
    return read_license(text)


def read_texts(texts: Iterable[str], workers: Workers, kept: HeaderCache) -> Reader:
    """Detect licenses and holders in all these texts."""
    data = {text: text.encode("utf-8", "replace") for text in sorted(set(texts)) if text.strip()}
    digests = {text: _MARK + hashlib.sha256(body).digest() for text, body in data.items()}
    known = kept.get_many(digests.values())
    new = [text for text, digest in digests.items() if digest not in known]
    made: dict[bytes, Header] = {}
    for text, answer in zip(new, workers.map(find_text, [data[text] for text in new]), strict=True):
        if isinstance(answer, Header):
            made[digests[text]] = answer
    kept.put_many(made)
    known |= made
    return Reader({text: known[digest] for text, digest in digests.items() if digest in known})
