"""Files that are a text of the SPDX license list word for word: known by a digest, so that no text has to be at hand.

The LicenseDB has most of these texts; of the newest, and of those that are made of parts of others, this alone tells.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from licscan.base.tables import load_toml

MAX_TEXT = 150_000
"""Characters of a license text; the longest of the list has 110,000."""

_COPYRIGHT = re.compile(
    r"(?im)^[^\w\n]*(?:portions[ \t]+)?(?:copyright[ \t]*(?:\(c\)|©|\d{4}|[<\[{]|year\b)|\(c\)|©)[^\n]*$"
    r"|^[^\w\n]*all[ \t]+rights[ \t]+reserved[^\w\n]*$"
)
_WORD = re.compile(r"[^\W_]+")


def digest_of_text(text: str) -> str:
    """A digest of a text's words in their order, without the lines that say who holds the copyright."""
    words = _WORD.findall(_COPYRIGHT.sub("", text).casefold())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:24]


def listed_text(text: str) -> str | None:
    """The SPDX identifier of the license whose text this is, all of it; None for anything else."""
    return _digests().get(digest_of_text(text)) if len(text) <= MAX_TEXT else None


@cache
def _digests() -> dict[str, str]:
    return {digest: name for name, digest in load_toml("spdx_texts.toml")["texts"].items()}
