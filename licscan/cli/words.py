"""Makes the parser of the command line speak the user's language; imported only where that is not English."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partialmethod
from typing import Any

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
    shaper = getattr(formatting, "HelpFormatter", None)
    if shaper is not None:
        setattr(shaper, "write_heading", _write_heading)  # noqa: B010
        setattr(shaper, "write_usage", partialmethod(_write_usage, shaper.write_usage))  # noqa: B010


def _write_heading(shaper: Any, heading: str) -> None:
    """As click's own, with the colon of the language."""
    shaper.write(_("{name}:").format(name=" " * shaper.current_indent + heading) + "\n")


def _write_usage(
    shaper: Any, write: Callable[..., None], program: str, args: str = "", prefix: str | None = None
) -> None:
    """As click's own, with its words for what follows, and no blank behind a full-width colon."""
    for word in ("[OPTIONS]", "COMMAND [ARGS]"):
        args = args.replace(word, _(word))
    write(shaper, program, args, _("Usage:") if prefix is None else prefix)


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
