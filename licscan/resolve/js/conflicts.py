"""Merge conflicts left in a lock, which some parsers would take for contents."""

from __future__ import annotations

import re

from licscan.base.errors import FormatError
from licscan.base.messages import _

_MARK = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \r]|$)", re.MULTILINE)


def refuse_conflicts(text: str, path: str) -> None:
    """FormatError with the line of the first conflict mark."""
    found = _MARK.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise FormatError(_("has merge conflicts"), path=path, place=_("line {line}").format(line=line))
