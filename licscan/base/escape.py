"""Hostile text made harmless before it reaches a terminal."""

from __future__ import annotations

import re

# C0 and C1 controls, DEL, bidirectional overrides, line and paragraph separators: what can move a cursor or hide text
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LONG_WORD = re.compile(r"(\S{240})\S{61,}")


def sentence(text: str, limit: int = 1_000) -> str:
    """A message on one line and of a length that can be read; what a hostile file put into it is cut in the middle."""
    text = _LONG_WORD.sub(r"\1…", " ".join(text.splitlines()))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str, limit: int = 400) -> str:
    """The text on one line, controls shown as escapes, cut at `limit` characters."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return _CONTROLS.sub(lambda match: " " if match[0] in "\n\t\r" else f"\\u{ord(match[0]):04x}", text)


def visible(text: str) -> str:
    """A text of several lines with its controls shown as escapes; line ends and tabs stay."""
    return _CONTROLS.sub(lambda match: match[0] if match[0] in "\n\t" else f"\\u{ord(match[0]):04x}", text)
