"""Makes the parser of the command line speak the user's language; imported only where that is not English."""

from __future__ import annotations

import sys

from licscan.messages import _, ngettext

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
