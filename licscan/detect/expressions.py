"""Keys of the LicenseDB to SPDX identifiers and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from licscan.detect.data import License

_WORD = re.compile(r"[^\s()]+")
_OPERATORS = {"and": "AND", "or": "OR", "with": "WITH"}


class SpdxNames:
    """The SPDX names of the keys, and the keys of SPDX names."""

    def __init__(self, licenses: Mapping[str, License], old: Mapping[str, str]):
        self.spdx = {key: license.spdx for key, license in licenses.items()}
        self.keys = {**old, **_keys(licenses)}

    def of(self, expression: str) -> str:
        """An expression of keys in SPDX identifiers; a key without one is a LicenseRef."""

        def name(found: re.Match[str]) -> str:
            word = found[0]
            return _OPERATORS.get(word.lower()) or self.spdx.get(word) or f"LicenseRef-scancode-{word}"

        return _WORD.sub(name, expression)

    def combined(self, expressions: Iterable[str]) -> str | None:
        """All expressions joined by AND, each once, in order of their first place; None where there is none."""
        names = list(dict.fromkeys(self.of(expression) for expression in expressions))
        if len(names) < 2:
            return names[0] if names else None
        return " AND ".join(f"({name})" if " OR " in name else name for name in names)


def _keys(licenses: Mapping[str, License]) -> dict[str, str]:
    """SPDX identifiers in lower case, old ones too, to keys; a present identifier wins over an old one."""
    old = {alias.lower(): key for key, license in licenses.items() for alias in license.aliases}
    return old | {license.spdx.lower(): key for key, license in licenses.items()}
