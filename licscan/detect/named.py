"""Rules for the names of the SPDX list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from licscan.base import tables
from licscan.detect.data import Rule
from licscan.licenses.licensedb import key_of

NAMED = "spdx-name-"
"""How these rules begin."""

_SENTENCES = ("licensed under the {}", "released under the {}", "under the terms of the {}")
"""How a license is named; the words before the name belong to it, lest a shorter rule takes them for another one."""

_TELLING = re.compile(
    r"(?i)\b(?:licen[cs]\w+|lizenz|agreement|notice|dedication|variant|creative commons|bsd|hpnd|copyleft|exception)\b"
)


def name_rules() -> Iterator[Rule]:
    """Rules for each name of the SPDX list: who writes it in full means that license.

    They come after all others: of rules with the same words the first one counts. A name of two words (`Fair License`),
    or that does not sound like a license, or of an exception that is short, counts only in a sentence that says so.
    """
    names = tables.load_toml("spdx_names.toml")
    for license_id, name in (*names["licenses"].items(), *names["exceptions"].items()):
        words = len(name.split())
        bare = words > (3 if license_id in names["exceptions"] else 2) and _TELLING.search(name)
        forms = ["{}" if bare else "under the {}", *_SENTENCES]
        texts = [form.format(name) for form in forms if words > 1]
        texts += [form.format(other) for other in _spellings(name) for form in forms[:2] if words > 1]
        for number, text in enumerate(dict.fromkeys(texts), 1):
            rule = f"{NAMED}{license_id}_{number}.RULE"
            yield Rule(rule, key_of(license_id) or license_id, text, relevance=100, continuous=True)


_VERSION = re.compile(r"(?i),?\s\b(?:v|version\s)?(\d+(?:\.\d+)*)")


def _spellings(name: str) -> Iterator[str]:
    """The name with its version written otherwise, and in British spelling."""
    found = _VERSION.search(name)
    for word in ("v", "version ", "") if found else ():
        yield _VERSION.sub(rf" {word}\1", name, count=1)
    if "License" in name:
        yield name.replace("License", "Licence")
        yield _VERSION.sub(r" version \1", name, count=1).replace("License", "Licence")
