"""Forms that nobody filled in, by the names that stand in them."""

from __future__ import annotations

import re

from licscan.detect.copyrights.words import words

_WORD = re.compile(r"\w+")


def is_template_name(holder: str) -> bool:
    """Whether a holder is the example of a form: `Your Name`, `M. Y. Name`."""
    return " ".join(_WORD.findall(holder.lower())) in words("template_name")
