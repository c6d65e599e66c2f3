"""What is said of a finding's code in general."""

from __future__ import annotations

from dataclasses import dataclass

from licscan.base.messages import _
from licscan.base.tables import load_toml


@dataclass(frozen=True, slots=True)
class Told:
    """The texts of a code, in the user's language."""

    title: str
    why: str
    meaning: str
    remedies: tuple[str, ...]


def told_of(code: str) -> Told:
    """What findings.toml says of a code; of a code that another version stored, its name is all that is known."""
    texts = load_toml("findings.toml").get(code, {})
    title = _(texts["title"]) if "title" in texts else code
    why = _(texts["why"]) if "why" in texts else title
    meaning = _(texts["meaning"]) if "meaning" in texts else why
    return Told(title, why, meaning, tuple(_(one) for one in texts.get("remedies", ())))
