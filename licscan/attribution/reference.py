"""The text of a license by its SPDX identifier, from the LicenseDB, for packages that lack it."""

from __future__ import annotations

from functools import cache

from licscan.base.errors import InputError
from licscan.licenses.licensedb import key_of, license_text

_MAX = 1024 * 1024


@cache
def text_of(license_id: str) -> str | None:
    """The text of one license, with its exception's where it has one; None where the LicenseDB does not know it."""
    license_part, _with, exception = license_id.partition(" WITH ")
    texts = [_one(name) for name in (license_part, exception) if name]
    if not texts or any(text is None for text in texts):
        return None
    return "\n\n".join(text for text in texts if text)


def _one(license_id: str) -> str | None:
    key = key_of(license_id.removesuffix("+"))
    if key is None:
        return None
    try:
        return license_text(key)[:_MAX].strip("\n") or None
    except (FileNotFoundError, InputError):
        return None


def asks_for_holder(license_id: str) -> bool:
    """Whether its text asks to keep the copyright notice above it, so that it means little without a holder."""
    text = text_of(license_id) or ""
    return "above copyright notice" in " ".join(text.split()) or "All copyright notices" in text
