"""Makes the parser of the command line speak the user's language; imported only where that is not English."""

from __future__ import annotations

import sys

from licscan.base.columns import wrapped
from licscan.base.messages import _, ngettext

_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "types")


def speak() -> None:
    """Let click translate through licscan's catalogue.

    It asks gettext for the domain of whichever program runs, and has no catalogue of its own. Its modules hold the
    functions of gettext by name: those are replaced here, for this process alone. A click that has none stays English.
    """
    for name in _MODULES:
        module = sys.modules.get(f"click.{name}")
        for word, function in (("_", _), ("ngettext", ngettext)):
            if hasattr(module, word):
                setattr(module, word, function)
    formatting = sys.modules.get("click.formatting")
    if hasattr(formatting, "wrap_text"):
        setattr(formatting, "wrap_text", _wrap)  # noqa: B010 - a module has no such attribute for mypy


def _wrap(
    text: str,
    width: int = 78,
    initial_indent: str = "",
    subsequent_indent: str = "",
    preserve_paragraphs: bool = False,
) -> str:
    """As click's own, but a Han character takes two columns and a line may break behind it."""
    del preserve_paragraphs  # a help text of licscan is one paragraph
    return "\n".join(wrapped(" ".join(text.split()), width, initial_indent, subsequent_indent))
